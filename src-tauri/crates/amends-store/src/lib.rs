//! The only place that speaks SQL. One migrations folder and one SQL text serve SQLite and PostgreSQL
//! (docs/adr/0002): `$1` placeholders, text ids, bigint epoch milliseconds. What the two cannot share is in
//! `sqlite.rs` and `postgres.rs`.
//!
//! Reads go through [`Store`]; every change goes through one [`Tx`], which a use-case opens once and commits once.

#[macro_use]
mod both;
mod activities;
mod alerts;
mod batches;
mod bots;
mod error;
mod figures;
mod postgres;
mod reports;
mod reviews;
mod rows;
mod search;
mod shifts;
mod sqlite;
mod tickets;
mod today;
mod verify;
mod workspace;

pub use alerts::{RINGS_AT_ONCE, Settled};
pub use error::StoreError;
pub use figures::*;
pub use reports::*;
pub use rows::*;
pub use search::{FEW, Found, Grams, bigrams};
pub use sqlite::BackupFile;
pub use tickets::{Counts, ListFilter, ListPage, Moment, NEVER, Queue};

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::path::{Path, PathBuf};

/// The migrations, compiled in.
static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Result of a store operation.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The two databases. SQLite has one writer, so that writes queue here and never meet a busy database.
#[derive(Clone)]
pub(crate) enum Db {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

/// An open database at the program's schema.
#[derive(Clone)]
pub struct Store {
    pub(crate) db: Db,
    folder: Option<PathBuf>,
}

/// One transaction of one use-case. Dropped without [`Tx::commit`] it leaves nothing behind.
pub struct Tx {
    pub(crate) inner: TxKind,
}

pub(crate) enum TxKind {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Opens (and creates) the database of a data folder: `amends.db` in it, its backups beside it.
    ///
    /// Before migrating an existing database a copy is put into the backups. Errors: [`StoreError::TooNew`] for a
    /// database that a newer program wrote, [`StoreError::Unusable`] for a file that is no database of ours.
    pub async fn open_folder(folder: &Path) -> Result<Self> {
        sqlite::open(folder).await
    }

    /// Opens a PostgreSQL database by URL and brings it to the program's schema.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        postgres::open(url).await
    }

    /// The data folder of a local database; none for a team database.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Begins a write: `BEGIN IMMEDIATE` on SQLite, because upgrading a read to a write can fail half-way.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match &self.db {
            Db::Sqlite { write, .. } => TxKind::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => TxKind::Postgres(pool.begin().await?),
        };
        Ok(Tx { inner })
    }

    /// Closes all connections, after which the files may be replaced.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything of this transaction visible at once.
    pub async fn commit(self) -> Result<()> {
        match self.inner {
            TxKind::Sqlite(tx) => tx.commit().await?,
            TxKind::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
