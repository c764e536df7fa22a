//! Imports that were made: the list, taking one back, what was rejected.

use crate::{
    App, AppError, Result,
    dto::{BatchView, RejectView, SavedFile, Tag},
    journal, views,
};
use amends_domain::Channel;
use amends_store::BatchRow;
use std::path::Path;

/// All imports, newest first.
///
/// # Errors
/// `store`.
pub async fn batches(app: &App) -> Result<Vec<BatchView>> {
    let mut views = Vec::new();
    for batch in app.store().batches().await? {
        views.push(view(app, &batch).await?);
    }
    Ok(views)
}

pub(crate) async fn view(app: &App, batch: &BatchRow) -> Result<BatchView> {
    let count = |rows: i64| u32::try_from(rows).unwrap_or(u32::MAX);
    let people = app.store().people().await?;
    Ok(BatchView {
        id: batch.id.clone(),
        file_name: batch.file_name.clone(),
        channel: batch.channel.parse().unwrap_or(Channel::Other),
        at: views::instant(batch.created_at),
        by: people
            .into_iter()
            .find(|person| Some(&person.id) == batch.actor_id.as_ref())
            .map(|person| person.name),
        format: batch.format.clone(),
        encoding: batch.encoding.clone(),
        read: count(batch.read_rows),
        new: count(batch.new_rows),
        updated: count(batch.updated_rows),
        unchanged: count(batch.unchanged_rows),
        rejected: count(batch.rejected_rows),
        history: count(batch.history_rows),
        tickets: count(batch.ticket_rows),
        urgent: count(batch.urgent_rows),
        warnings: serde_json::from_str(&batch.warnings)?,
        rejects: app
            .store()
            .rejects(&batch.id, 100)
            .await?
            .into_iter()
            .map(|row| RejectView {
                row: count(row.row_no),
                code: row.code,
                text: row.detail,
            })
            .collect(),
        sample: batch.sample,
        undone: batch.state == "undone",
    })
}

/// Takes a whole import back. Refused, with the tickets' numbers, where people have already worked on its tickets.
///
/// # Errors
/// `not_now` with the numbers; `not_found`.
pub async fn undo(app: &App, id: &str) -> Result<BatchView> {
    let batch = app
        .store()
        .batch(id)
        .await?
        .filter(|batch| batch.state == "visible")
        .ok_or(amends_store::StoreError::NotFound)?;
    take_back(app, batch, false).await
}

pub(crate) async fn take_back(app: &App, batch: BatchRow, even_if_worked_on: bool) -> Result<BatchView> {
    let mut tx = app.store().begin().await?;
    let worked_on = tx.worked_on(&batch.id).await?;
    if !even_if_worked_on && !worked_on.is_empty() {
        let numbers = worked_on.iter().take(5).cloned().collect::<Vec<_>>().join("、");
        let more = if worked_on.len() > 5 { "等" } else { "" };
        return Err(AppError::not_now(format!(
            "这次导入的工单已有人处理过（{numbers}{more}），不能整批撤回。请把不需要的工单标为“无需处理”。"
        )));
    }
    tx.release_keys(&batch.id).await?;
    becomes(app, tx, batch, "undone", "batch_undone").await
}

/// Brings an import back that was taken back, with its tickets as they were. Refused where the same reviews have come
/// in again since.
///
/// # Errors
/// `not_now` with the reason; `not_found`.
pub async fn bring_back(app: &App, id: &str) -> Result<BatchView> {
    let batch = app
        .store()
        .batch(id)
        .await?
        .filter(|batch| batch.state == "undone")
        .ok_or(amends_store::StoreError::NotFound)?;
    let mut tx = app.store().begin().await?;
    if !tx.take_keys_back(&batch.id).await? {
        return Err(AppError::not_now(
            "这些评价后来又导入过了，不用再恢复。要换回这一次，请先撤回后来的那次导入。",
        ));
    }
    becomes(app, tx, batch, "visible", "batch_restored").await
}

/// Writes the new state of a batch with its entry in the log, and tells every window that other reviews are shown.
async fn becomes(
    app: &App,
    mut tx: amends_store::Tx,
    mut batch: BatchRow,
    state: &str,
    entry: &str,
) -> Result<BatchView> {
    let now_ms = app.now();
    batch.state = state.into();
    tx.save_batch(&batch).await?;
    let actor = app.actor_id();
    let data = serde_json::json!({ "batch": batch.id });
    journal::workspace_entry(&mut tx, entry, data, actor.as_ref().map(|id| id.as_str()), now_ms).await?;
    tx.log_change("inbox reviews batches workspace ticket alerts reports", now_ms)
        .await?;
    tx.commit().await?;
    app.changed(&[
        Tag::Inbox,
        Tag::Reviews,
        Tag::Batches,
        Tag::Workspace,
        Tag::Ticket,
        Tag::Alerts,
        Tag::Reports,
    ]);
    view(app, &batch).await
}

/// Writes the rejected rows of an import, with their reasons, as a CSV that Excel opens.
///
/// # Errors
/// `not_found`, `store` when the file cannot be written.
pub async fn save_rejects(app: &App, id: &str, target: &Path) -> Result<SavedFile> {
    let rows = app.store().rejects(id, i64::MAX).await?;
    let mut csv = String::from("\u{feff}行号,原因,原始内容\r\n");
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    for row in &rows {
        let cells: Vec<String> = serde_json::from_str(&row.cells)?;
        let mut line = vec![row.row_no.to_string(), quote(&row.detail)];
        line.extend(cells.iter().map(|cell| quote(&views::harmless_cell(cell))));
        csv.push_str(&line.join(","));
        csv.push_str("\r\n");
    }
    std::fs::write(target, csv).map_err(|error| AppError::from(amends_store::StoreError::File(error)))?;
    Ok(SavedFile {
        name: target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        rows: rows.len() as u32,
    })
}
