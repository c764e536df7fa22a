//! What can go wrong in the store.

/// An error of the store. None of them leaves a half-written change: the transaction is gone.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database or its disk refused.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed; a copy was made before it.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A newer program wrote this database.
    #[error("schema {found} is newer than this program's {known}")]
    TooNew {
        /// Schema version found.
        found: i64,
        /// Newest this program knows.
        known: i64,
    },
    /// The row changed since it was read.
    #[error("changed in between")]
    Conflict,
    /// What was named is not there.
    #[error("not found")]
    NotFound,
    /// The file is not a database of this program.
    #[error("unusable database: {0}")]
    Unusable(String),
    /// A file operation failed.
    #[error("file: {0}")]
    File(#[from] std::io::Error),
    /// A stored value does not parse: the database was changed by other hands.
    #[error("stored value: {0}")]
    Value(String),
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Value(error.to_string())
    }
}
