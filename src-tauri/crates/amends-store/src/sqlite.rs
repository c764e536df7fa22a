//! What only SQLite needs: opening a folder, pragmas, the copy before a migration, backups.

use crate::{Db, MIGRATIONS, Result, Store, StoreError};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

const FILE: &str = "amends.db";
const BACKUPS: &str = "backups";

/// A backup file beside the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// File name.
    pub name: String,
    /// Full path.
    pub path: PathBuf,
    /// Bytes.
    pub bytes: u64,
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // With a write-ahead log, NORMAL loses nothing on a crash of the program and stays consistent on a power cut.
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory")
        // Rows cross from the database's thread in batches of this many; one by one, waking up costs more than reading.
        .row_buffer_size(256)
        .statement_cache_capacity(64)
}

/// The writer's own settings: room for an import's index pages, and checkpoints rare enough that they are written
/// once instead of once per chunk.
fn writer(file: &Path) -> SqliteConnectOptions {
    options(file)
        .pragma("cache_size", "-24576")
        .pragma("wal_autocheckpoint", "16000")
}

pub(crate) async fn open(folder: &Path) -> Result<Store> {
    std::fs::create_dir_all(folder.join(BACKUPS))?;
    let file = folder.join(FILE);
    let existed = std::fs::metadata(&file).is_ok_and(|m| m.len() > 0);
    if existed && !starts_like_sqlite(&file)? {
        return Err(StoreError::Unusable(FILE.to_owned()));
    }
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(writer(&file))
        .await?;
    if existed {
        let pending = pending_migrations(&write).await?;
        if pending {
            let copy = folder.join(BACKUPS).join("before-migration.db");
            let _ = std::fs::remove_file(&copy);
            sqlx::query("vacuum into $1")
                .bind(copy.to_string_lossy().into_owned())
                .execute(&write)
                .await?;
        }
    }
    MIGRATIONS.run(&write).await?;
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .connect_with(options(&file).read_only(true).create_if_missing(false))
        .await?;
    Ok(Store {
        db: Db::Sqlite { read, write },
        folder: Some(folder.to_owned()),
    })
}

fn starts_like_sqlite(file: &Path) -> Result<bool> {
    use std::io::Read as _;
    let mut head = [0u8; 16];
    let read = std::fs::File::open(file)?.read(&mut head)?;
    Ok(read == 16 && &head == b"SQLite format 3\0")
}

/// True when there is something to migrate; an error when a newer program was here.
async fn pending_migrations(pool: &sqlx::SqlitePool) -> Result<bool> {
    let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0);
    let table: i64 = sqlx::query_scalar("select count(*) from sqlite_master where name = '_sqlx_migrations'")
        .fetch_one(pool)
        .await?;
    if table == 0 {
        return Err(StoreError::Unusable(FILE.to_owned()));
    }
    let found: i64 = sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations")
        .fetch_one(pool)
        .await?;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    Ok(found < known)
}

impl Store {
    /// Backups beside the database, newest name first.
    pub fn backups(&self) -> Result<Vec<BackupFile>> {
        let Some(folder) = self.folder() else {
            return Ok(Vec::new());
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder.join(BACKUPS))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".db") {
                files.push(BackupFile {
                    name,
                    path: entry.path(),
                    bytes: entry.metadata()?.len(),
                });
            }
        }
        files.sort_by(|a, b| b.name.cmp(&a.name));
        Ok(files)
    }

    /// Writes a consistent copy of a local database while it is in use.
    pub async fn backup_to(&self, target: &Path) -> Result<()> {
        let Db::Sqlite { read, .. } = &self.db else {
            return Err(StoreError::NotFound);
        };
        let part = target.with_extension("part");
        let _ = std::fs::remove_file(&part);
        sqlx::query("vacuum into $1")
            .bind(part.to_string_lossy().into_owned())
            .execute(read)
            .await?;
        std::fs::rename(&part, target)?;
        Ok(())
    }

    /// The folder of the automatic backups.
    pub fn backup_folder(&self) -> Option<PathBuf> {
        self.folder().map(|folder| folder.join(BACKUPS))
    }

    /// Checks that a file is a sound database of this program that this program can read.
    pub async fn check_backup(file: &Path) -> Result<()> {
        if !starts_like_sqlite(file)? {
            return Err(StoreError::Unusable(
                file.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            ));
        }
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(SqliteConnectOptions::new().filename(file).read_only(true))
            .await?;
        let sound: String = sqlx::query_scalar("pragma quick_check(1)")
            .fetch_one(&pool)
            .await?;
        let pending = pending_migrations(&pool).await;
        pool.close().await;
        if sound != "ok" {
            return Err(StoreError::Unusable(sound));
        }
        pending.map(|_| ())
    }

    /// Puts a checked backup in place of the database of a folder, whose store must be closed. The database that
    /// was there is kept among the backups under `kept_as`.
    pub fn put_in_place(folder: &Path, backup: &Path, kept_as: &str) -> Result<()> {
        let file = folder.join(FILE);
        let part = folder.join("amends.db.part");
        std::fs::copy(backup, &part)?;
        if file.exists() {
            std::fs::rename(&file, folder.join(BACKUPS).join(kept_as))?;
        }
        for side in ["amends.db-wal", "amends.db-shm"] {
            let _ = std::fs::remove_file(folder.join(side));
        }
        std::fs::rename(&part, &file)?;
        Ok(())
    }
}
