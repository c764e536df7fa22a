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

/// Rows per statement. Few sizes, so that the statements of all chunks are the same few texts and stay prepared.
const GROUPS: [usize; 3] = [64, 8, 1];

/// Rows in groups of those sizes.
pub(crate) fn in_groups<T>(mut rest: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = GROUPS.into_iter().find(|size| *size <= rest.len())?;
        let (group, after) = rest.split_at(size);
        rest = after;
        Some(group)
    })
}

/// Inserts many rows. `$columns` is `table (a, b, …)`. The next statement is made while the database runs the last.
macro_rules! insert_many {
    ($tx:expr, $columns:expr, $rows:expr, |$b:ident, $row:ident| $bind:block) => {{
        let mut groups = $crate::both::in_groups(&$rows[..]);
        on_tx!($tx, Database, conn => {
            let mut make = || {
                let group = groups.next()?;
                let mut builder = sqlx::QueryBuilder::<Database>::new(concat!("insert into ", $columns, " "));
                builder.push_values(group, |mut $b, $row| $bind);
                Some(builder)
            };
            let mut next = make();
            while let Some(mut statement) = next {
                let (done, following) = tokio::join!(statement.build().execute(&mut *conn), async { make() });
                done?;
                next = following;
            }
        });
    }};
}
