//! Every command of the window: it only binds a use-case, and asks the desktop for a file where one is needed.

use amends_app::{
    App, AppError, ErrorCode, dto::*, inbox, intake, reviews, scheduler, tickets, vault, workspace,
};
use std::path::PathBuf;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

type Answer<T> = Result<T, AppError>;

/// Files that can hold reviews; the content decides, so "all files" is offered too.
const REVIEW_FILES: &[&str] = &[
    "csv", "txt", "tsv", "xls", "xlsx", "xlsm", "ods", "json", "jsonl", "ndjson", "xml", "html", "htm", "zip",
];

async fn ask(handle: &AppHandle, open: bool, name: &str, filter: (&str, &[&str])) -> Answer<Option<PathBuf>> {
    let (to, answer) = oneshot::channel();
    let mut dialog = handle.dialog().file().add_filter(filter.0, filter.1);
    if open {
        dialog = dialog.add_filter("所有文件", &["*"]);
    } else {
        dialog = dialog.set_file_name(name);
    }
    let chosen = move |path: Option<tauri_plugin_dialog::FilePath>| {
        // The receiver is gone only when the program is closing.
        let _ = to.send(path);
    };
    if open {
        dialog.pick_file(chosen)
    } else {
        dialog.save_file(chosen)
    }
    let path = answer.await.map_err(AppError::internal)?;
    path.map(|path| {
        path.into_path()
            .map_err(|_| AppError::new(ErrorCode::File, "这个位置不能用，请选择电脑上的文件夹。"))
    })
    .transpose()
}

/// The workspace and who sits here.
#[tauri::command]
#[specta::specta]
pub async fn workspace_get(app: State<'_, App>) -> Answer<WorkspaceView> {
    workspace::get(&app).await
}

/// Changes settings.
#[tauri::command]
#[specta::specta]
pub async fn workspace_update(app: State<'_, App>, input: WorkspaceUpdate) -> Answer<WorkspaceView> {
    workspace::update(&app, &input).await
}

/// Somebody sits down.
#[tauri::command]
#[specta::specta]
pub async fn person_sit_down(app: State<'_, App>, input: SitDown) -> Answer<WorkspaceView> {
    workspace::sit_down(&app, input).await
}

/// Nobody sits here any more.
#[tauri::command]
#[specta::specta]
pub async fn person_stand_up(app: State<'_, App>) -> Answer<WorkspaceView> {
    workspace::stand_up(&app).await
}

/// Rings a test notification.
#[tauri::command]
#[specta::specta]
pub async fn notification_test(app: State<'_, App>) -> Answer<NotificationHealth> {
    workspace::test_notification(&app).await
}

/// Loads the sample data.
#[tauri::command]
#[specta::specta]
pub async fn sample_load(app: State<'_, App>) -> Answer<BatchView> {
    workspace::load_sample(&app).await
}

/// Removes the sample data.
#[tauri::command]
#[specta::specta]
pub async fn sample_remove(app: State<'_, App>) -> Answer<WorkspaceView> {
    workspace::remove_sample(&app).await
}

/// Asks for a file to import.
#[tauri::command]
#[specta::specta]
pub async fn import_choose(app: State<'_, App>, handle: AppHandle) -> Answer<Option<FilePick>> {
    match ask(&handle, true, "", ("评价文件", REVIEW_FILES)).await? {
        Some(path) => Ok(Some(intake::pick(&app, &path)?)),
        None => Ok(None),
    }
}

/// What a file holds.
#[tauri::command]
#[specta::specta]
pub async fn import_inspect(
    app: State<'_, App>,
    token: String,
    options: ImportOptions,
) -> Answer<ImportPlan> {
    intake::inspect(&app, &token, &options).await
}

/// Starts an import.
#[tauri::command]
#[specta::specta]
pub async fn import_start(
    app: State<'_, App>,
    token: String,
    options: ImportOptions,
) -> Answer<ImportProgress> {
    intake::start(&app, &token, options)
}

/// Where an import stands.
#[tauri::command]
#[specta::specta]
pub async fn import_progress(app: State<'_, App>, job: String) -> Answer<ImportProgress> {
    intake::progress(&app, &job)
}

/// Cancels an import.
#[tauri::command]
#[specta::specta]
pub async fn import_cancel(app: State<'_, App>, job: String) -> Answer<ImportProgress> {
    intake::cancel(&app, &job)
}

/// All imports.
#[tauri::command]
#[specta::specta]
pub async fn batch_list(app: State<'_, App>) -> Answer<Vec<BatchView>> {
    intake::batches(&app).await
}

/// Takes an import back.
#[tauri::command]
#[specta::specta]
pub async fn batch_undo(app: State<'_, App>, id: String) -> Answer<BatchView> {
    intake::undo(&app, &id).await
}

/// Saves the rejected rows.
#[tauri::command]
#[specta::specta]
pub async fn rejected_save(app: State<'_, App>, handle: AppHandle, id: String) -> Answer<Option<SavedFile>> {
    match ask(&handle, false, "未导入的行.csv", ("CSV", &["csv"])).await? {
        Some(path) => Ok(Some(intake::save_rejects(&app, &id, &path).await?)),
        None => Ok(None),
    }
}

/// Live counts.
#[tauri::command]
#[specta::specta]
pub async fn inbox_counts(app: State<'_, App>) -> Answer<InboxCounts> {
    inbox::counts(&app).await
}

/// A page of the inbox.
#[tauri::command]
#[specta::specta]
pub async fn inbox_page(app: State<'_, App>, query: InboxQuery) -> Answer<InboxPage> {
    inbox::page(&app, &query).await
}

/// Saves the list as an Excel file.
#[tauri::command]
#[specta::specta]
pub async fn inbox_export(
    app: State<'_, App>,
    handle: AppHandle,
    query: InboxQuery,
) -> Answer<Option<SavedFile>> {
    match ask(&handle, false, "工单.xlsx", ("Excel", &["xlsx"])).await? {
        Some(path) => Ok(Some(inbox::export(&app, &query, &path).await?)),
        None => Ok(None),
    }
}

/// One ticket.
#[tauri::command]
#[specta::specta]
pub async fn ticket_get(app: State<'_, App>, id: String) -> Answer<TicketView> {
    tickets::view(&app, &id).await
}

/// Opens a ticket by hand.
#[tauri::command]
#[specta::specta]
pub async fn ticket_open(app: State<'_, App>, review_id: String) -> Answer<TicketView> {
    tickets::open_by_hand(&app, &review_id).await
}

/// Saves a draft.
#[tauri::command]
#[specta::specta]
pub async fn draft_save(app: State<'_, App>, input: DraftInput) -> Answer<()> {
    tickets::save_draft(&app, &input).await
}

/// The reply was posted by hand.
#[tauri::command]
#[specta::specta]
pub async fn ticket_reply(app: State<'_, App>, input: ReplyInput) -> Answer<TicketView> {
    tickets::reply(&app, &input).await
}

/// An internal note.
#[tauri::command]
#[specta::specta]
pub async fn ticket_note(app: State<'_, App>, input: TextInput) -> Answer<TicketView> {
    tickets::note(&app, &input).await
}

/// Corrects the assessment.
#[tauri::command]
#[specta::specta]
pub async fn ticket_correct(app: State<'_, App>, input: CorrectInput) -> Answer<TicketView> {
    tickets::correct(&app, &input).await
}

/// No handling needed.
#[tauri::command]
#[specta::specta]
pub async fn ticket_dismiss(app: State<'_, App>, input: DismissInput) -> Answer<TicketView> {
    tickets::dismiss(&app, &input).await
}

/// Moves along the loop.
#[tauri::command]
#[specta::specta]
pub async fn ticket_status(app: State<'_, App>, input: StatusInput) -> Answer<TicketView> {
    tickets::status(&app, &input).await
}

/// A solution was offered.
#[tauri::command]
#[specta::specta]
pub async fn ticket_offer_solution(app: State<'_, App>, input: TextInput) -> Answer<TicketView> {
    tickets::offer_solution(&app, &input).await
}

/// Solved.
#[tauri::command]
#[specta::specta]
pub async fn ticket_resolve(app: State<'_, App>, input: TextInput) -> Answer<TicketView> {
    tickets::resolve(&app, &input).await
}

/// Closed with the invitation.
#[tauri::command]
#[specta::specta]
pub async fn ticket_close(app: State<'_, App>, input: CloseInput) -> Answer<TicketView> {
    tickets::close(&app, &input).await
}

/// A new cycle.
#[tauri::command]
#[specta::specta]
pub async fn ticket_reopen(app: State<'_, App>, input: TextInput) -> Answer<TicketView> {
    tickets::reopen(&app, &input).await
}

/// Hands it over.
#[tauri::command]
#[specta::specta]
pub async fn ticket_assign(app: State<'_, App>, input: AssignInput) -> Answer<TicketView> {
    tickets::assign(&app, &input).await
}

/// Takes the last change back.
#[tauri::command]
#[specta::specta]
pub async fn ticket_undo(app: State<'_, App>, input: UndoInput) -> Answer<TicketView> {
    tickets::undo(&app, &input).await
}

/// A page of all reviews.
#[tauri::command]
#[specta::specta]
pub async fn review_page(app: State<'_, App>, query: ReviewQuery) -> Answer<ReviewPage> {
    reviews::page(&app, &query).await
}

/// One review.
#[tauri::command]
#[specta::specta]
pub async fn review_get(app: State<'_, App>, id: String) -> Answer<ReviewView> {
    reviews::get(&app, &id).await
}

/// The newest alerts.
#[tauri::command]
#[specta::specta]
pub async fn alert_list(app: State<'_, App>) -> Answer<Vec<AlertView>> {
    scheduler::alerts(&app).await
}

/// Alerts were seen.
#[tauri::command]
#[specta::specta]
pub async fn alert_seen(app: State<'_, App>, ids: Vec<String>) -> Answer<()> {
    scheduler::seen(&app, &ids).await
}

/// Backups.
#[tauri::command]
#[specta::specta]
pub async fn backup_list(app: State<'_, App>) -> Answer<Vec<BackupView>> {
    vault::list(&app).await
}

/// Makes a backup.
#[tauri::command]
#[specta::specta]
pub async fn backup_now(app: State<'_, App>) -> Answer<BackupView> {
    vault::now(&app).await
}

/// Goes back to a backup.
#[tauri::command]
#[specta::specta]
pub async fn backup_restore(app: State<'_, App>, name: String) -> Answer<WorkspaceView> {
    vault::restore(&app, &name).await
}

/// Goes back to a backup file.
#[tauri::command]
#[specta::specta]
pub async fn backup_restore_file(app: State<'_, App>, handle: AppHandle) -> Answer<Option<WorkspaceView>> {
    match ask(&handle, true, "", ("备份", &["db"])).await? {
        Some(path) => Ok(Some(vault::restore_file(&app, &path).await?)),
        None => Ok(None),
    }
}

/// Saves a copy of everything.
#[tauri::command]
#[specta::specta]
pub async fn backup_save_copy(app: State<'_, App>, handle: AppHandle) -> Answer<Option<SavedFile>> {
    match ask(&handle, false, "挽回备份.db", ("备份", &["db"])).await? {
        Some(path) => Ok(Some(vault::save_copy(&app, &path).await?)),
        None => Ok(None),
    }
}
