//! Backups: one a day beside the database (seven kept), by hand, and back again.

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{BackupView, SavedFile, Tag, WorkspaceView},
    journal,
    rules::Rules,
    views, workspace,
};
use amends_store::{Store, StoreError};
use std::path::Path;

/// Automatic backups kept.
const KEPT: usize = 7;
const DAY_MS: i64 = 86_400_000;
/// Setting: when the last automatic backup was made, UTC ms.
const LAST: &str = "last_backup";

fn view(file: &amends_store::BackupFile) -> BackupView {
    let modified = std::fs::metadata(&file.path)
        .and_then(|meta| meta.modified())
        .ok();
    let at = modified
        .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_millis() as i64);
    BackupView {
        automatic: file.name.starts_with("auto-"),
        name: file.name.clone(),
        at: views::instant(at),
        bytes: file.bytes as f64,
    }
}

/// Backups beside the database, newest first.
///
/// # Errors
/// `store` when the folder cannot be read.
pub async fn list(app: &App) -> Result<Vec<BackupView>> {
    let mut list: Vec<BackupView> = app.store().backups()?.iter().map(view).collect();
    list.sort_by(|a, b| b.at.cmp(&a.at));
    Ok(list)
}

/// A file name of the backup folder that is not taken: two backups may fall into one second.
fn free_name(folder: &Path, kind: &str, now_ms: i64) -> String {
    let stamp: String = views::instant(now_ms)
        .chars()
        .filter(char::is_ascii_digit)
        .take(14)
        .collect();
    let mut name = format!("{kind}-{stamp}.db");
    let mut n = 2;
    while folder.join(&name).exists() {
        name = format!("{kind}-{stamp}-{n}.db");
        n += 1;
    }
    name
}

/// Makes a backup now.
///
/// # Errors
/// `store` when it cannot be written.
pub async fn now(app: &App) -> Result<BackupView> {
    make(app, "manual").await
}

async fn make(app: &App, kind: &str) -> Result<BackupView> {
    let store = app.store();
    let folder = store
        .backup_folder()
        .ok_or_else(|| AppError::not_now("团队数据库由服务器备份，不在这里备份。"))?;
    let name = free_name(&folder, kind, app.now());
    store.backup_to(&folder.join(&name)).await?;
    app.changed(&[Tag::Backups]);
    store
        .backups()?
        .iter()
        .find(|file| file.name == name)
        .map(view)
        .ok_or_else(|| AppError::internal("the backup is gone"))
}

/// The daily backup, when the last one is a day old; older automatic ones beyond seven go.
pub(crate) async fn daily(app: &App) -> Result<()> {
    let store = app.store();
    if store.folder().is_none() {
        return Ok(());
    }
    let now_ms = app.now();
    let last: i64 = store
        .setting(LAST)
        .await?
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    // A clock that was set back must not stop the backups.
    if (0..DAY_MS).contains(&(now_ms - last)) {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    tx.set_setting(LAST, &now_ms.to_string()).await?;
    tx.commit().await?;
    make(app, "auto").await?;
    for old in store
        .backups()?
        .iter()
        .filter(|file| file.name.starts_with("auto-"))
        .skip(KEPT)
    {
        std::fs::remove_file(&old.path).map_err(StoreError::File)?;
    }
    Ok(())
}

/// Saves a copy wherever the person wants it.
///
/// # Errors
/// `store` when it cannot be written.
pub async fn save_copy(app: &App, target: &Path) -> Result<SavedFile> {
    app.store().backup_to(target).await?;
    Ok(SavedFile {
        name: target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        rows: 0,
    })
}

/// Goes back to a backup of the list.
///
/// # Errors
/// `not_found`, and as [`restore_file`].
pub async fn restore(app: &App, name: &str) -> Result<WorkspaceView> {
    let file = app
        .store()
        .backups()?
        .into_iter()
        .find(|file| file.name == name)
        .ok_or(StoreError::NotFound)?;
    restore_file(app, &file.path).await
}

/// Goes back to a backup file. It is checked first; today's database is kept among the backups, so there is a way
/// back from here too.
///
/// # Errors
/// `store` for a file that is no sound database of this program, `too_new`, `not_now` while an import runs.
pub async fn restore_file(app: &App, backup: &Path) -> Result<WorkspaceView> {
    let _turn = app
        .0
        .importing
        .try_lock()
        .map_err(|_| AppError::not_now("正在导入，请等导入结束再恢复。"))?;
    Store::check_backup(backup).await.map_err(|error| match error {
        StoreError::TooNew { .. } => AppError::from(error),
        other => AppError::new(
            ErrorCode::Store,
            "这个备份打不开，没有恢复，现在的数据都在。请换一个备份。",
        )
        .with_detail(other),
    })?;
    let store = app.store();
    let folder = store
        .folder()
        .ok_or_else(|| AppError::not_now("团队数据库由服务器恢复，不在这里恢复。"))?
        .to_owned();
    let backups = folder.join("backups");
    let kept = free_name(&backups, "before-restore", app.now());
    // The copy also folds the write-ahead log in, so that nothing of today is lost.
    store.backup_to(&backups.join(&kept)).await?;
    store.close().await;
    let placed = Store::put_in_place(&folder, backup, &free_name(&backups, "replaced", app.now()));
    let store = Store::open_folder(&folder).await?;
    app.replace_store(store.clone());
    placed?;
    let now_ms = app.now();
    let mut tx = store.begin().await?;
    journal::workspace_entry(
        &mut tx,
        "backup_restored",
        serde_json::json!({ "kept": kept }),
        app.actor_id().as_ref().map(|id| id.as_str()),
        now_ms,
    )
    .await?;
    tx.log_change("workspace inbox reviews batches alerts backups ticket", now_ms)
        .await?;
    tx.commit().await?;
    Rules::load(&store).await?;
    app.reload_rules().await?;
    workspace::seat_last_person(app).await?;
    app.changed(&[
        Tag::Workspace,
        Tag::Inbox,
        Tag::Ticket,
        Tag::Reviews,
        Tag::Batches,
        Tag::Alerts,
        Tag::Backups,
    ]);
    workspace::get(app).await
}
