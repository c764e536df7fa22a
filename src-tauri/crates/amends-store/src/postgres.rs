//! What only PostgreSQL needs.

use crate::{Db, MIGRATIONS, Result, Store, StoreError};
use sqlx::postgres::PgPoolOptions;

pub(crate) async fn open(url: &str) -> Result<Store> {
    let pool = PgPoolOptions::new().max_connections(8).connect(url).await?;
    let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0);
    let table: Option<String> = sqlx::query_scalar("select to_regclass('_sqlx_migrations')::text")
        .fetch_one(&pool)
        .await?;
    if table.is_some() {
        let found: i64 = sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations")
            .fetch_one(&pool)
            .await?;
        if found > known {
            return Err(StoreError::TooNew { found, known });
        }
    }
    MIGRATIONS.run(&pool).await?;
    Ok(Store {
        db: Db::Postgres(pool),
        folder: None,
    })
}
