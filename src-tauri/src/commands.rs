//! Every command of the window: it only binds a use-case, and asks the desktop for a file where one is needed.

use amends_app::{
    App, AppError, ErrorCode, alert_rules, assign, bots, calendars, dto::*, holidays, inbox, intake, promise,
    reading, reports, reviews, scheduler, shifts, tickets, today, vault, workspace,
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

/// Files that can hold dates.
const CALENDAR_FILES: &[&str] = &["ics", "csv", "txt", "json"];

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

/// Keyword alerts and what corrections have taught.
#[tauri::command]
#[specta::specta]
pub async fn reading_get(app: State<'_, App>) -> Answer<ReadingView> {
    reading::get(&app).await
}

/// Replaces the keyword alerts.
#[tauri::command]
#[specta::specta]
pub async fn keywords_save(app: State<'_, App>, keywords: Vec<KeywordRule>) -> Answer<ReadingView> {
    reading::save_keywords(&app, keywords).await
}

/// Switches what was learned off, or on again.
#[tauri::command]
#[specta::specta]
pub async fn learning_switch(app: State<'_, App>, on: bool) -> Answer<ReadingView> {
    reading::switch_learning(&app, on).await
}

/// Forgets what was learned.
#[tauri::command]
#[specta::specta]
pub async fn learning_reset(app: State<'_, App>) -> Answer<ReadingView> {
    reading::reset_learning(&app).await
}

/// Brings back what the last reset forgot.
#[tauri::command]
#[specta::specta]
pub async fn learning_restore(app: State<'_, App>) -> Answer<ReadingView> {
    reading::restore_learning(&app).await
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

/// Why a deadline is when it is, and when it would be under another tier.
#[tauri::command]
#[specta::specta]
pub async fn ticket_why(app: State<'_, App>, input: WhyQuery) -> Answer<ClockWhy> {
    today::why(&app, &input).await
}

/// Takes a ticket away from a silent assignee.
#[tauri::command]
#[specta::specta]
pub async fn ticket_take_back(app: State<'_, App>, id: String) -> Answer<TicketView> {
    tickets::take_back(&app, &id).await
}

/// Somebody takes note of alerts: silent until the next level.
#[tauri::command]
#[specta::specta]
pub async fn alert_acknowledge(app: State<'_, App>, ids: Vec<String>) -> Answer<()> {
    scheduler::acknowledge(&app, &ids).await
}

/// Rings an alert again later.
#[tauri::command]
#[specta::specta]
pub async fn alert_snooze(app: State<'_, App>, input: AlertSnooze) -> Answer<()> {
    scheduler::snooze(&app, &input).await
}

/// The rules of alerts.
#[tauri::command]
#[specta::specta]
pub async fn alert_rules_get(app: State<'_, App>) -> Answer<AlertRulesView> {
    alert_rules::get(&app).await
}

/// Changes the rules of alerts.
#[tauri::command]
#[specta::specta]
pub async fn alert_rules_save(app: State<'_, App>, input: AlertRulesSave) -> Answer<AlertRulesView> {
    alert_rules::save(&app, &input).await
}

/// A meeting begins, or ends.
#[tauri::command]
#[specta::specta]
pub async fn meeting_mode(app: State<'_, App>, minutes: Option<u32>) -> Answer<AlertRulesView> {
    alert_rules::meeting(&app, minutes).await
}

/// Plays a sound in the window.
#[tauri::command]
#[specta::specta]
pub async fn sound_test(app: State<'_, App>, input: SoundTest) -> Answer<()> {
    alert_rules::test_sound(&app, input)
}

/// The promise in force.
#[tauri::command]
#[specta::specta]
pub async fn promise_get(app: State<'_, App>) -> Answer<PromiseView> {
    promise::get(&app).await
}

/// What a promise would do to the open tickets.
#[tauri::command]
#[specta::specta]
pub async fn promise_preview(app: State<'_, App>, rules: PromiseRules) -> Answer<ApplyPreview> {
    promise::preview(&app, &rules).await
}

/// Saves a promise.
#[tauri::command]
#[specta::specta]
pub async fn promise_save(app: State<'_, App>, input: PromiseSave) -> Answer<PromiseView> {
    promise::save(&app, &input).await
}

/// The calendars.
#[tauri::command]
#[specta::specta]
pub async fn calendar_list(app: State<'_, App>) -> Answer<Vec<CalendarSummary>> {
    calendars::list(&app).await
}

/// One calendar.
#[tauri::command]
#[specta::specta]
pub async fn calendar_get(app: State<'_, App>, shop: Option<String>) -> Answer<CalendarView> {
    calendars::get(&app, shop.as_deref()).await
}

/// A year of a calendar.
#[tauri::command]
#[specta::specta]
pub async fn calendar_year(app: State<'_, App>, input: YearQuery) -> Answer<YearView> {
    calendars::year(&app, &input).await
}

/// What saving a calendar would do.
#[tauri::command]
#[specta::specta]
pub async fn calendar_preview(app: State<'_, App>, input: CalendarSave) -> Answer<CalendarPreview> {
    calendars::preview(&app, &input).await
}

/// Saves a calendar.
#[tauri::command]
#[specta::specta]
pub async fn calendar_save(app: State<'_, App>, input: CalendarSave) -> Answer<CalendarView> {
    calendars::save(&app, &input).await
}

/// A shop goes back to the default calendar.
#[tauri::command]
#[specta::specta]
pub async fn calendar_forget(app: State<'_, App>, shop: String) -> Answer<Vec<CalendarSummary>> {
    calendars::forget(&app, &shop).await
}

/// Asks for a file of dates and reads it.
#[tauri::command]
#[specta::specta]
pub async fn calendar_import_choose(
    app: State<'_, App>,
    handle: AppHandle,
    shop: Option<String>,
) -> Answer<Option<CalendarImport>> {
    match ask(&handle, true, "", ("日历", CALENDAR_FILES)).await? {
        Some(path) => Ok(Some(calendars::import(&app, shop.as_deref(), &path).await?)),
        None => Ok(None),
    }
}

/// What is known of public holidays.
#[tauri::command]
#[specta::specta]
pub async fn holiday_get(app: State<'_, App>) -> Answer<HolidayView> {
    holidays::get(&app).await
}

/// Asks for a yearly file of holidays and says what it would change; none when the person cancels.
#[tauri::command]
#[specta::specta]
pub async fn holiday_choose(app: State<'_, App>, handle: AppHandle) -> Answer<Option<HolidayPreview>> {
    match ask(&handle, true, "", ("放假安排", CALENDAR_FILES)).await? {
        Some(file) => Ok(Some(holidays::preview(&app, &file).await?)),
        None => Ok(None),
    }
}

/// Takes a yearly file of holidays over.
#[tauri::command]
#[specta::specta]
pub async fn holiday_save(app: State<'_, App>, input: HolidaySave) -> Answer<HolidayView> {
    holidays::save(&app, &input).await
}

/// A week of the roster.
#[tauri::command]
#[specta::specta]
pub async fn shift_get(app: State<'_, App>, week: String) -> Answer<RosterView> {
    shifts::get(&app, &week).await
}

/// Saves the shifts of the day.
#[tauri::command]
#[specta::specta]
pub async fn shift_save(app: State<'_, App>, input: ShiftSave) -> Answer<RosterView> {
    shifts::save(&app, &input).await
}

/// Who works a shift on a date.
#[tauri::command]
#[specta::specta]
pub async fn roster_set(app: State<'_, App>, input: RosterSet) -> Answer<RosterView> {
    shifts::set_slot(&app, &input).await
}

/// Copies a pattern of weeks forward.
#[tauri::command]
#[specta::specta]
pub async fn roster_rotate(app: State<'_, App>, input: Rotate) -> Answer<RosterView> {
    shifts::rotate(&app, &input).await
}

/// Who is on call on a date.
#[tauri::command]
#[specta::specta]
pub async fn oncall_set(app: State<'_, App>, input: OnCallSet) -> Answer<RosterView> {
    shifts::set_on_call(&app, &input).await
}

/// Somebody will be away.
#[tauri::command]
#[specta::specta]
pub async fn absence_add(app: State<'_, App>, input: AbsenceAdd) -> Answer<RosterView> {
    shifts::add_absence(&app, &input).await
}

/// Somebody will not be away after all.
#[tauri::command]
#[specta::specta]
pub async fn absence_remove(app: State<'_, App>, id: String) -> Answer<RosterView> {
    shifts::remove_absence(&app, &id).await
}

/// Writes a hand-over note.
#[tauri::command]
#[specta::specta]
pub async fn handover_save(app: State<'_, App>, text: String) -> Answer<RosterView> {
    shifts::save_handover(&app, &text).await
}

/// Group bots.
#[tauri::command]
#[specta::specta]
pub async fn bot_list(app: State<'_, App>) -> Answer<Vec<BotView>> {
    bots::list(&app).await
}

/// Saves a bot.
#[tauri::command]
#[specta::specta]
pub async fn bot_save(app: State<'_, App>, input: BotSave) -> Answer<Vec<BotView>> {
    bots::save(&app, &input).await
}

/// Removes a bot.
#[tauri::command]
#[specta::specta]
pub async fn bot_remove(app: State<'_, App>, id: String) -> Answer<Vec<BotView>> {
    bots::remove(&app, &id).await
}

/// Sends a bot a test message.
#[tauri::command]
#[specta::specta]
pub async fn bot_test(app: State<'_, App>, id: String) -> Answer<BotTest> {
    bots::test(&app, &id).await
}

/// Are we all right?
#[tauri::command]
#[specta::specta]
pub async fn today_get(app: State<'_, App>) -> Answer<TodayView> {
    today::get(&app).await
}

/// Gets ready what reports count, beside everything else; false while an import is writing.
#[tauri::command]
#[specta::specta]
pub async fn report_prepare(app: State<'_, App>) -> Answer<bool> {
    reports::make_ready(&app).await
}

/// A report.
#[tauri::command]
#[specta::specta]
pub async fn report_get(app: State<'_, App>, query: ReportQuery) -> Answer<ReportView> {
    reports::get(&app, &query).await
}

/// What customers said.
#[tauri::command]
#[specta::specta]
pub async fn report_themes(app: State<'_, App>, query: ReportQuery) -> Answer<ThemesView> {
    reports::themes(&app, &query).await
}

/// The tickets behind a number.
#[tauri::command]
#[specta::specta]
pub async fn report_tickets(app: State<'_, App>, set: TicketSet) -> Answer<TicketSetPage> {
    reports::tickets(&app, &set).await
}

async fn ask_report(handle: &AppHandle, name: &str, format: ReportFormat) -> Answer<Option<PathBuf>> {
    let (kind, ending) = match format {
        ReportFormat::Pdf => ("PDF", "pdf"),
        ReportFormat::Xlsx => ("Excel", "xlsx"),
        ReportFormat::Html => ("HTML", "html"),
    };
    ask(handle, false, &format!("{name}.{ending}"), (kind, &[ending])).await
}

/// Saves a report as a file.
#[tauri::command]
#[specta::specta]
pub async fn report_save(
    app: State<'_, App>,
    handle: AppHandle,
    query: ReportQuery,
    format: ReportFormat,
    with_private_data: bool,
) -> Answer<Option<SavedFile>> {
    let name = reports::file_name(&app, &query).await?;
    match ask_report(&handle, &name, format).await? {
        Some(path) => Ok(Some(
            reports::save(&app, &query, format, with_private_data, &path).await?,
        )),
        None => Ok(None),
    }
}

/// Kept reports.
#[tauri::command]
#[specta::specta]
pub async fn report_archive(app: State<'_, App>) -> Answer<Vec<ArchivedReport>> {
    reports::archive(&app).await
}

/// A kept report.
#[tauri::command]
#[specta::specta]
pub async fn report_archived(app: State<'_, App>, id: String) -> Answer<ReportView> {
    reports::archived(&app, &id).await
}

/// Saves a kept report as a file.
#[tauri::command]
#[specta::specta]
pub async fn report_archived_save(
    app: State<'_, App>,
    handle: AppHandle,
    id: String,
    format: ReportFormat,
) -> Answer<Option<SavedFile>> {
    let name = reports::archived(&app, &id).await?.document.title;
    match ask_report(&handle, &name, format).await? {
        Some(path) => Ok(Some(reports::save_archived(&app, &id, format, &path).await?)),
        None => Ok(None),
    }
}

/// When reports are made by themselves.
#[tauri::command]
#[specta::specta]
pub async fn report_schedule(app: State<'_, App>) -> Answer<ReportSchedule> {
    reports::schedule(&app).await
}

/// Changes that.
#[tauri::command]
#[specta::specta]
pub async fn report_schedule_save(app: State<'_, App>, schedule: ReportSchedule) -> Answer<ReportSchedule> {
    reports::save_schedule(&app, &schedule).await
}

/// Preventive actions.
#[tauri::command]
#[specta::specta]
pub async fn improvement_list(app: State<'_, App>) -> Answer<Vec<ImprovementView>> {
    reports::improvements(&app).await
}

/// Writes one down, or changes it.
#[tauri::command]
#[specta::specta]
pub async fn improvement_save(app: State<'_, App>, input: ImprovementInput) -> Answer<ImprovementView> {
    reports::improvement_save(&app, input).await
}

/// Done, resumed, dropped.
#[tauri::command]
#[specta::specta]
pub async fn improvement_step(
    app: State<'_, App>,
    id: String,
    step: ImprovementStep,
) -> Answer<ImprovementView> {
    reports::improvement_step(&app, &id, step).await
}

/// Lessons of a week.
#[tauri::command]
#[specta::specta]
pub async fn lesson_list(app: State<'_, App>, week: String) -> Answer<Vec<LessonView>> {
    reports::lessons(&app, &week).await
}

/// Writes one.
#[tauri::command]
#[specta::specta]
pub async fn lesson_add(app: State<'_, App>, input: LessonInput) -> Answer<LessonView> {
    reports::lesson_add(&app, input).await
}

/// Brings an import back that was taken back.
#[tauri::command]
#[specta::specta]
pub async fn batch_restore(app: State<'_, App>, id: String) -> Answer<BatchView> {
    intake::bring_back(&app, &id).await
}

/// Imports a file of orders.
#[tauri::command]
#[specta::specta]
pub async fn orders_import(app: State<'_, App>, handle: AppHandle) -> Answer<Option<OrdersResult>> {
    match ask(&handle, true, "", ("订单", REVIEW_FILES)).await? {
        Some(path) => Ok(Some(
            intake::import_orders(&app, &path, &OrdersOptions::default()).await?,
        )),
        None => Ok(None),
    }
}

/// Changes what is known of a person.
#[tauri::command]
#[specta::specta]
pub async fn person_update(app: State<'_, App>, input: PersonUpdate) -> Answer<WorkspaceView> {
    workspace::person_update(&app, &input).await
}

/// Which department each cause goes to.
#[tauri::command]
#[specta::specta]
pub async fn assignment_get(app: State<'_, App>) -> Answer<Vec<AssignmentRow>> {
    assign::table(&app).await
}

/// Changes that.
#[tauri::command]
#[specta::specta]
pub async fn assignment_save(app: State<'_, App>, input: AssignmentSave) -> Answer<Vec<AssignmentRow>> {
    assign::save_table(&app, &input).await
}
