//! Compiles one body once per database, so that every query stays typed without being written twice.

/// Runs `$body` with `$conn` as a `&mut` connection of the transaction, and `$Db` naming its database type.
macro_rules! on_tx {
    ($tx:expr, $Db:ident, $conn:ident => $body:block) => {
        match &mut $tx.inner {
            $crate::TxKind::Sqlite(transaction) => {
                #[allow(dead_code)]
                type $Db = sqlx::Sqlite;
                let $conn = &mut **transaction;
                $body
            }
            $crate::TxKind::Postgres(transaction) => {
                #[allow(dead_code)]
                type $Db = sqlx::Postgres;
                let $conn = &mut **transaction;
                $body
            }
        }
    };
}

/// Runs `$body` with `$pool` as the pool to read from, and `$Db` naming its database type.
macro_rules! on_read {
    ($store:expr, $Db:ident, $pool:ident => $body:block) => {
        match &$store.db {
            $crate::Db::Sqlite { read: $pool, .. } => {
                #[allow(dead_code)]
                type $Db = sqlx::Sqlite;
                $body
            }
            $crate::Db::Postgres($pool) => {
                #[allow(dead_code)]
                type $Db = sqlx::Postgres;
                $body
            }
        }
    };
}

/// Bindings that both databases accept in one statement (SQLite's limit is the lower one).
pub(crate) const MAX_BINDINGS: usize = 30_000;

/// Inserts many rows with as few statements as the binding limit allows.
/// `$columns` is `table (a, b, …)`, `$width` its number of columns.
macro_rules! insert_many {
    ($tx:expr, $columns:expr, $width:expr, $rows:expr, |$b:ident, $row:ident| $bind:block) => {{
        for chunk in $rows.chunks($crate::both::MAX_BINDINGS / $width) {
            on_tx!($tx, Database, conn => {
                let mut builder = sqlx::QueryBuilder::<Database>::new(concat!("insert into ", $columns, " "));
                builder.push_values(chunk, |mut $b, $row| $bind);
                builder.build().execute(&mut *conn).await?;
            });
        }
    }};
}
