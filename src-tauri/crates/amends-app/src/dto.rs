//! What crosses to the window: views and inputs. Ids are text, instants RFC 3339 text in UTC, counts `u32`.

use amends_domain::{
    Cause, Channel, Department, Industry, Language, PlatformPolarity, Precision, Risk, Role, Scale,
    Sentiment, Severity, Tier, Voice,
};
use serde::{Deserialize, Serialize};
use specta::Type;

mod alerts;
mod bots;
mod calendar;
mod holidays;
mod promise;
mod reading;
mod reports;
mod shifts;
mod today;

pub use alerts::*;
pub use bots::*;
pub use calendar::*;
pub use holidays::*;
pub use promise::*;
pub use reading::*;
pub use reports::*;
pub use shifts::*;
pub use today::*;

/// The window's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub enum Locale {
    /// 简体中文
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// 繁體中文
    #[serde(rename = "zh-TW")]
    ZhTw,
    /// English
    #[serde(rename = "en")]
    En,
}

/// Which calendar the promise counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CalendarChoice {
    /// 24×7
    Always,
    /// Monday to Friday 09:00–12:00 and 13:30–18:00 with the public holidays.
    Business,
}

/// A person of the business.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// Id.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Department; by the role where nothing was said.
    pub department: Department,
    /// Still works here.
    pub active: bool,
}

/// What changes of a person; none leaves it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonUpdate {
    /// Person.
    pub id: String,
    /// Name (1 to 40 characters).
    #[serde(default)]
    pub name: Option<String>,
    /// Role.
    #[serde(default)]
    pub role: Option<Role>,
    /// Department.
    #[serde(default)]
    pub department: Option<Department>,
    /// False takes them out of every choice; what they did stays theirs.
    #[serde(default)]
    pub active: Option<bool>,
}

/// Which department a cause goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentRow {
    /// Cause.
    pub cause: Cause,
    /// Department.
    pub department: Department,
}

/// Changes to which department a cause goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentSave {
    /// All rows, changed or not.
    pub rows: Vec<AssignmentRow>,
    /// The rows as they were seen; where one that changes stands differently by now nothing is saved (`conflict`).
    pub made_from: Vec<AssignmentRow>,
}

/// Whether the desktop shows native notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NotificationHealth {
    /// Nobody has confirmed one yet.
    Untested,
    /// A person confirmed having seen the test.
    Confirmed,
    /// The desktop has no notification service, or it refused the last one: the window shows alerts itself.
    Missing,
    /// A person said that the test did not appear.
    NotSeen,
}

/// Everything the window needs before it can show its first screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceView {
    /// False until the welcome was finished or skipped.
    pub welcomed: bool,
    /// Language.
    pub locale: Locale,
    /// Trade.
    pub industry: Industry,
    /// Calendar of the promise.
    pub calendar: CalendarChoice,
    /// IANA zone of the workspace.
    pub zone: String,
    /// The setting 中差评: neutral reviews open tickets too.
    pub open_neutral: bool,
    /// People who no longer work here.
    pub former_people: Vec<PersonView>,
    /// Everybody known here.
    pub people: Vec<PersonView>,
    /// Who is sitting here; none until somebody said so.
    pub actor: Option<PersonView>,
    /// Sample data is loaded and can be removed.
    pub has_sample: bool,
    /// Nothing has ever been imported.
    pub is_empty: bool,
    /// Notification health.
    pub notifications: NotificationHealth,
    /// A tray exists, so that closing the window keeps watching.
    pub has_tray: bool,
    /// The person has been told once that closing keeps watching.
    pub close_explained: bool,
    /// Folder of the database and its backups.
    pub data_folder: String,
    /// Program version.
    pub version: String,
    /// Classifier version.
    pub model_version: String,
    /// The current instant by the program's clock.
    pub now: String,
}

/// Changes to the workspace; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkspaceUpdate {
    /// Language.
    pub locale: Option<Locale>,
    /// Trade.
    pub industry: Option<Industry>,
    /// Calendar.
    pub calendar: Option<CalendarChoice>,
    /// 中差评.
    pub open_neutral: Option<bool>,
    /// The welcome is finished or skipped.
    pub welcomed: Option<bool>,
    /// The tray was explained.
    pub close_explained: Option<bool>,
    /// The person saw the test notification, or did not.
    pub notification_seen: Option<bool>,
}

/// Who sits down at this desk: somebody known (`id`) or somebody new (`name`, `role`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SitDown {
    /// A known person.
    pub id: Option<String>,
    /// Name of a new person (1 to 40 characters).
    pub name: Option<String>,
    /// Role of a new person.
    pub role: Option<Role>,
}

/// A file the person chose or dropped. The window never sees its path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FilePick {
    /// Stands for the file in later calls, until the program ends.
    pub token: String,
    /// File name without folders.
    pub name: String,
    /// Size in bytes (may exceed 2^32).
    pub bytes: f64,
}

/// What a person decided about a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ImportOptions {
    /// Text encoding, e.g. `gb18030`.
    pub encoding: Option<String>,
    /// `dmy` or `mdy`.
    pub date_order: Option<String>,
    /// Scale of the ratings, where their values leave it open.
    pub scale: Option<Scale>,
    /// IANA zone of times that name none.
    pub zone: Option<String>,
    /// Channel, where the file does not tell.
    pub channel: Option<Channel>,
    /// Shop, where the file has none.
    pub shop: Option<String>,
    /// Workbook sheet.
    pub sheet: Option<String>,
    /// Member of a zip.
    pub member: Option<String>,
    /// Field per column index; `null` ignores the column. Absent: as found.
    pub mapping: Option<Vec<ColumnChoice>>,
    /// Also open tickets for reviews of the last N days (R16); none: 72 hours.
    pub open_days: Option<u32>,
}

/// One column's field, chosen by a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ColumnChoice {
    /// Column index from 0.
    pub index: u32,
    /// Field name, or none to ignore it.
    pub field: Option<String>,
}

/// One column of a file as found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    /// Column index from 0.
    pub index: u32,
    /// Header text.
    pub header: String,
    /// Field it maps to (`body`, `rating`, `created_at` …).
    pub field: Option<String>,
    /// Up to three values.
    pub samples: Vec<String>,
}

/// One row as it would come in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PreviewRow {
    /// Row in the file.
    pub row: u32,
    /// Time as it will be stored.
    pub posted_at: Option<String>,
    /// How much of it the file said.
    pub precision: Option<Precision>,
    /// Stars.
    pub stars: Option<f32>,
    /// Platform verdict.
    pub polarity: Option<PlatformPolarity>,
    /// Text to read.
    pub body: String,
    /// Order.
    pub order_id: Option<String>,
    /// Product.
    pub product: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Shop.
    pub shop: Option<String>,
    /// A merchant reply came with it.
    pub has_reply: bool,
    /// A follow-up 追评.
    pub append: bool,
}

/// A sentence about a file or row: `code` is a catalogue key `import.warning.<code>`; `text` is the zh-CN sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportNote {
    /// Stable code.
    pub code: String,
    /// First row it concerns.
    pub row: Option<u32>,
    /// How many rows.
    pub count: u32,
    /// The sentence in Chinese.
    pub text: String,
}

/// Something only a person can decide before the import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportQuestion {
    /// Stable code (`date_order`, `mapping`, `sheet`, `member`, `shop`, `channel` …).
    pub code: String,
    /// The question in Chinese.
    pub text: String,
    /// What can be answered; empty where the answer is free.
    pub choices: Vec<String>,
}

/// What a file holds, before anything is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPlan {
    /// The file.
    pub file: FilePick,
    /// Format found by content (`csv`, `xlsx` …).
    pub format: String,
    /// Encoding of text formats.
    pub encoding: Option<String>,
    /// Sheet of workbooks.
    pub sheet: Option<String>,
    /// Channel.
    pub channel: Channel,
    /// The channel is known, not guessed.
    pub channel_certain: bool,
    /// Row of the header, from 1.
    pub header_row: u32,
    /// Scale of the ratings.
    pub scale: Scale,
    /// Zone of naive times.
    pub zone: String,
    /// Columns.
    pub columns: Vec<ImportColumn>,
    /// Fields that a column can be mapped to.
    pub fields: Vec<String>,
    /// Estimated rows.
    pub rows_estimate: Option<u32>,
    /// First ten rows.
    pub preview: Vec<PreviewRow>,
    /// Questions; the import can start when empty.
    pub questions: Vec<ImportQuestion>,
    /// Remarks.
    pub warnings: Vec<ImportNote>,
    /// Times the same bytes were imported before: when, or none.
    pub imported_before: Option<String>,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Reading and staging.
    Running,
    /// Visible; nothing more to do.
    Done,
    /// Cancelled; nothing was kept.
    Cancelled,
    /// Failed; nothing was kept.
    Failed,
}

/// Progress of a running import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportProgress {
    /// Job.
    pub job: String,
    /// State.
    pub state: ImportState,
    /// Rows read so far.
    pub rows: u32,
    /// Share done, 0 to 1.
    pub share: f32,
    /// Rows per second.
    pub rows_per_sec: f32,
    /// Seconds left, when they can be told.
    pub secs_left: Option<u32>,
    /// The result once done.
    pub result: Option<BatchView>,
    /// Why it failed.
    pub error: Option<crate::error::AppError>,
}

/// One import that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BatchView {
    /// Batch.
    pub id: String,
    /// File name.
    pub file_name: String,
    /// Channel.
    pub channel: Channel,
    /// When.
    pub at: String,
    /// Who.
    pub by: Option<String>,
    /// Format.
    pub format: String,
    /// Encoding.
    pub encoding: Option<String>,
    /// Rows read.
    pub read: u32,
    /// New reviews.
    pub new: u32,
    /// Changed reviews.
    pub updated: u32,
    /// Reviews already here.
    pub unchanged: u32,
    /// Rows that could not be used.
    pub rejected: u32,
    /// New reviews stored as history, without a ticket.
    pub history: u32,
    /// Tickets opened.
    pub tickets: u32,
    /// Of these urgent.
    pub urgent: u32,
    /// Remarks.
    pub warnings: Vec<ImportNote>,
    /// First rejected rows with their reasons.
    pub rejects: Vec<RejectView>,
    /// Sample data.
    pub sample: bool,
    /// It was taken back.
    pub undone: bool,
}

/// A rejected row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RejectView {
    /// Row in the file.
    pub row: u32,
    /// Code.
    pub code: String,
    /// The reason in Chinese.
    pub text: String,
}

/// The inbox's views.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// 待我处理: mine and nobody's, open.
    Mine,
    /// 紧急
    Urgent,
    /// 1 小时内到期
    #[serde(rename = "due_1h")]
    Due1h,
    /// 已超时
    Overdue,
    /// 等待客户
    Waiting,
    /// 未分派
    Unassigned,
    /// 请人工确认
    LowConfidence,
    /// 全部未关闭
    Open,
    /// 全部
    #[default]
    All,
}

/// What happened to a ticket today, or will, in the workspace's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DayEvent {
    /// Its nearest deadline is still to come today.
    DueLater,
    /// Its nearest deadline is today, passed or not.
    Due,
    /// It came.
    Arrived,
    /// It was first answered.
    Answered,
    /// It was closed.
    Closed,
}

/// Stands for nobody among the owners that an inbox is asked for.
pub const NOBODY: &str = "nobody";

/// What the inbox asks for. Empty lists mean no filter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InboxQuery {
    /// View.
    pub view: View,
    /// Words to find in the review, its product, author, order or the ticket's number.
    #[serde(default)]
    pub search: String,
    /// Tiers.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// Causes.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// Channels.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Statuses.
    #[serde(default)]
    pub statuses: Vec<TicketStatus>,
    /// Owners by id; `nobody` for tickets without one.
    #[serde(default)]
    pub owners: Vec<String>,
    /// Only what this happened to today.
    #[serde(default)]
    pub day: Option<DayEvent>,
    /// Of that, only in this hour of the day (0 to 23); ignored without `day`.
    #[serde(default)]
    pub hour: Option<u8>,
    /// Continue after this cursor.
    #[serde(default)]
    pub cursor: Option<String>,
    /// At most this many rows (1 to 200).
    pub limit: u32,
}

pub use amends_domain::sla::event::TicketStatus;

/// How a deadline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Time is running.
    Running,
    /// Time stands still.
    Paused,
    /// Kept.
    Met,
    /// Missed.
    Breached,
    /// Does not count any more.
    Cancelled,
}

/// How urgent a deadline looks (ui.md, Behaviour). Computed here so that no rule lives in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SlaState {
    /// Nothing to worry about.
    Calm,
    /// Amber.
    Warning,
    /// Red: less than a quarter of an urgent clock left.
    Critical,
    /// Red: past due.
    Overdue,
    /// Grey: paused.
    Paused,
    /// Nothing left to do.
    Done,
}

/// One deadline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClockView {
    /// `first_response`, `next_response`, `solution`, `closure`, `follow_up`, `approval`, `channel_limit`.
    pub metric: String,
    /// Cycle from 1.
    pub cycle: u32,
    /// Review or message it is about; empty for the ticket as a whole.
    pub subject: String,
    /// Start.
    pub start_at: String,
    /// Due; while paused as if it resumed now.
    pub due_at: String,
    /// State.
    pub state: ClockState,
    /// How it looks now.
    pub sla_state: SlaState,
    /// Instants at which `sla_state` changes by itself: amber from, red from. The window only compares them with now.
    pub amber_at: Option<String>,
    /// Red from.
    pub red_at: Option<String>,
    /// When it was kept.
    pub fulfilled_at: Option<String>,
    /// Target in seconds.
    pub target_secs: u32,
    /// Working seconds left at `now`; negative numbers are never sent.
    pub remaining_secs: u32,
    /// Why this time: the counted and paused intervals.
    pub why: Vec<WhyView>,
    /// The same as one readable sentence in Chinese.
    pub why_text: String,
}

/// One interval of a deadline's reckoning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhyView {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Counted or not.
    pub counted: bool,
    /// `working`, `closed`, `paused` …
    pub reason: String,
}

/// A marked span; offsets count UTF-16 units of the text it goes with, for JavaScript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MarkView {
    /// First unit.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// What it speaks for: a cause, a risk, `severe`, `negative` or `positive`.
    pub about: String,
}

/// One row of the inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InboxRow {
    /// Ticket.
    pub id: String,
    /// 年月-序号.
    pub number: String,
    /// Optimistic version.
    pub version: u32,
    /// Tier.
    pub tier: Tier,
    /// Status.
    pub status: TicketStatus,
    /// The nearest unmet deadline; none when nothing runs.
    pub clock: Option<RowClock>,
    /// Channel.
    pub channel: Channel,
    /// Shop.
    pub shop: Option<String>,
    /// Stars.
    pub stars: Option<f32>,
    /// Platform verdict where there are no stars.
    pub polarity: Option<PlatformPolarity>,
    /// Up to 90 characters around the telling words.
    pub excerpt: String,
    /// Marks in the excerpt.
    pub marks: Vec<MarkView>,
    /// Product.
    pub product: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Causes, main first.
    pub causes: Vec<Cause>,
    /// Risks.
    pub risks: Vec<Risk>,
    /// Owner.
    pub owner: Option<PersonView>,
    /// 请人工确认.
    pub needs_confirmation: bool,
    /// A draft is waiting.
    pub has_draft: bool,
}

/// A row's countdown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RowClock {
    /// Metric.
    pub metric: String,
    /// Due.
    pub due_at: String,
    /// Running, paused or breached.
    pub state: ClockState,
    /// Looks now.
    pub sla_state: SlaState,
    /// Amber from.
    pub amber_at: Option<String>,
    /// Red from.
    pub red_at: Option<String>,
    /// Seconds left (used while paused).
    pub remaining_secs: u32,
}

/// A page of the inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InboxPage {
    /// Rows.
    pub rows: Vec<InboxRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Number of all tickets the query finds.
    pub total: u32,
    /// There are more than `total`: a search counts no further.
    pub more: bool,
}

/// Live counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InboxCounts {
    /// Mine.
    pub mine: u32,
    /// Urgent.
    pub urgent: u32,
    /// Due in 1 h.
    pub due_1h: u32,
    /// Overdue.
    pub overdue: u32,
    /// Waiting for the customer.
    pub waiting: u32,
    /// Unassigned.
    pub unassigned: u32,
    /// Low confidence.
    pub low_confidence: u32,
    /// Open.
    pub open: u32,
    /// All.
    pub all: u32,
    /// Unread alerts.
    pub alerts: u32,
    /// All reviews, history included.
    pub reviews: u32,
    /// Channels that have tickets.
    pub channels: Vec<Channel>,
}

/// A review as the window shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewView {
    /// Review.
    pub id: String,
    /// Its ticket, if one was opened.
    pub ticket_id: Option<String>,
    /// Channel.
    pub channel: Channel,
    /// Shop.
    pub shop: Option<String>,
    /// Stars.
    pub stars: Option<f32>,
    /// Rating as written.
    pub rating_raw: Option<String>,
    /// Platform verdict.
    pub polarity: Option<PlatformPolarity>,
    /// Title.
    pub title: Option<String>,
    /// Words; empty when there are none.
    pub body: String,
    /// Marks in `body`.
    pub marks: Vec<MarkView>,
    /// False for rating-only reviews and placeholders.
    pub has_text: bool,
    /// Author.
    pub author: Option<String>,
    /// Order.
    pub order_id: Option<String>,
    /// Product.
    pub product: Option<String>,
    /// Variant.
    pub variant: Option<String>,
    /// Posted.
    pub posted_at: Option<String>,
    /// How much of it is known.
    pub posted_precision: Option<Precision>,
    /// Received.
    pub received_at: String,
    /// Page of the review; copied, never opened by itself.
    pub url: Option<String>,
    /// The merchant's answer that came with it.
    pub merchant_reply: Option<String>,
    /// Sentiment as assessed.
    pub sentiment: Sentiment,
    /// Earlier versions, oldest first.
    pub versions: Vec<ReviewVersionView>,
    /// Follow-ups 追评, oldest first.
    pub appends: Vec<ReviewVersionView>,
}

/// An earlier version or a follow-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewVersionView {
    /// When it came.
    pub at: String,
    /// Stars.
    pub stars: Option<f32>,
    /// Words.
    pub body: String,
}

/// The assessment as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentView {
    /// Sentiment.
    pub sentiment: Sentiment,
    /// Probability of negative.
    pub negative_probability: f32,
    /// Causes.
    pub causes: Vec<CauseView>,
    /// Severity.
    pub severity: Severity,
    /// Risks.
    pub risks: Vec<RiskView>,
    /// Looks genuine.
    pub genuine: bool,
    /// Stars and text disagree.
    pub stars_disagree: bool,
    /// How sure.
    pub confidence: f32,
    /// 请人工确认.
    pub needs_confirmation: bool,
    /// Language.
    pub language: Language,
}

/// A cause with its probability (1 when a person said so).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CauseView {
    /// Cause.
    pub cause: Cause,
    /// Probability.
    pub probability: f32,
    /// Who said so.
    pub by: Voice,
    /// The words that carried it.
    pub words: Vec<String>,
}

/// A risk with its probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RiskView {
    /// Risk.
    pub risk: Risk,
    /// Probability.
    pub probability: f32,
    /// Who said so.
    pub by: Voice,
    /// The words that carried it.
    pub words: Vec<String>,
}

/// Why this tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TierView {
    /// Tier now.
    pub tier: Tier,
    /// Rule that fired (catalogue key `triage.rule.<code>`).
    pub rule: String,
    /// Steps up that were added (catalogue keys `triage.step.<code>`).
    pub steps: Vec<String>,
    /// The keyword alert that was set off.
    pub keyword: Option<String>,
    /// Set by a person: who and why.
    pub by_person: Option<String>,
    /// Manager is to be told.
    pub tell_manager: bool,
    /// No reply without approval.
    pub reply_needs_approval: bool,
}

/// One line of the audit trail. The window words it from `kind` and `data`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityView {
    /// Activity.
    pub id: String,
    /// When it happened.
    pub at: String,
    /// Who; none is the program.
    pub actor: Option<String>,
    /// Kind (catalogue key `activity.<kind>`).
    pub kind: String,
    /// Values for the sentence, by name.
    pub data: Vec<(String, String)>,
    /// Text that belongs to it (a note, a reply), if it was not erased.
    pub text: Option<String>,
    /// It was undone.
    pub undone: bool,
}

/// What the person may do with the ticket now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Copy and mark as answered.
    Reply,
    /// Internal note.
    Note,
    /// Hand to somebody.
    Assign,
    /// Change the tier.
    Tier,
    /// Correct the assessment.
    Correct,
    /// Move along the loop.
    Status,
    /// A solution was offered.
    OfferSolution,
    /// The customer accepted: resolved.
    Resolve,
    /// Close with the invitation.
    Close,
    /// Not a case for us.
    Dismiss,
    /// Start a new cycle.
    Reopen,
}

/// What can be taken back, and until when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UndoView {
    /// The activity.
    pub activity_id: String,
    /// Its kind.
    pub kind: String,
    /// Until (8 seconds after it).
    pub until: String,
}

/// Everything about one ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TicketView {
    /// Ticket.
    pub id: String,
    /// 年月-序号.
    pub number: String,
    /// Optimistic version.
    pub version: u32,
    /// Status.
    pub status: TicketStatus,
    /// Tier and why.
    pub tier: TierView,
    /// The review.
    pub review: ReviewView,
    /// The assessment.
    pub assessment: AssessmentView,
    /// Deadlines of the current cycle first.
    pub clocks: Vec<ClockView>,
    /// Audit trail, oldest first.
    pub activities: Vec<ActivityView>,
    /// Saved draft.
    pub draft: String,
    /// When the draft was saved.
    pub draft_at: Option<String>,
    /// Owner.
    pub owner: Option<PersonView>,
    /// What may be done.
    pub actions: Vec<Action>,
    /// What can be taken back.
    pub undo: Option<UndoView>,
    /// Other reviews of the same author or order: how many, how many negative.
    pub customer_reviews: u32,
    /// Negative ones.
    pub customer_negative: u32,
    /// Loaded as sample data.
    pub sample: bool,
    /// Statuses the ticket may be moved to by `ticket_status`.
    pub next_statuses: Vec<TicketStatus>,
    /// Step advised next (catalogue key `next.<code>`).
    pub next_step: String,
}

/// Names a ticket and the version the person was looking at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TicketRef {
    /// Ticket.
    pub id: String,
    /// Version seen; a newer one answers `conflict`.
    pub version: u32,
}

/// A public reply that the person has posted by hand on the channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReplyInput {
    /// Ticket.
    pub ticket: TicketRef,
    /// The words posted.
    pub body: String,
    /// An earlier time the person states (R27), logged as backdated.
    pub at: Option<String>,
}

/// A text about a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TextInput {
    /// Ticket.
    pub ticket: TicketRef,
    /// Words.
    pub body: String,
}

/// A correction of what the program concluded; absent fields stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CorrectInput {
    /// Ticket.
    pub ticket: TicketRef,
    /// Tier.
    pub tier: Option<Tier>,
    /// Causes, main first.
    pub causes: Option<Vec<Cause>>,
    /// Severity.
    pub severity: Option<Severity>,
    /// Sentiment.
    pub sentiment: Option<Sentiment>,
    /// Why, if the person says.
    pub reason: Option<String>,
}

pub use amends_domain::sla::event::DismissReason;

/// Dismissal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DismissInput {
    /// Ticket.
    pub ticket: TicketRef,
    /// Reason.
    pub reason: DismissReason,
    /// Words, required for `other`.
    pub note: Option<String>,
}

/// A move along the loop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StatusInput {
    /// Ticket.
    pub ticket: TicketRef,
    /// Where to.
    pub status: TicketStatus,
    /// Reason; required for a pause (R11).
    pub reason: Option<String>,
}

pub use amends_domain::sla::event::Invitation;

/// Closing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CloseInput {
    /// Ticket.
    pub ticket: TicketRef,
    /// Invitation.
    pub invitation: Invitation,
    /// Reason where it was withheld.
    pub reason: Option<String>,
}

/// Handing over; none returns it to nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignInput {
    /// Ticket.
    pub ticket: TicketRef,
    /// Person.
    pub person_id: Option<String>,
}

/// A draft; saved at once, no version needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftInput {
    /// Ticket.
    pub ticket_id: String,
    /// Words; empty removes the draft.
    pub body: String,
}

/// Taking back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UndoInput {
    /// Ticket.
    pub ticket_id: String,
    /// Activity.
    pub activity_id: String,
}

/// Search over all reviews, history included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewQuery {
    /// Words.
    #[serde(default)]
    pub search: String,
    /// Only reviews without a ticket.
    #[serde(default)]
    pub without_ticket: bool,
    /// Channels.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Sentiments.
    #[serde(default)]
    pub sentiments: Vec<Sentiment>,
    /// Cursor.
    #[serde(default)]
    pub cursor: Option<String>,
    /// At most (1 to 200).
    pub limit: u32,
}

/// A page of reviews, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewPage {
    /// Rows.
    pub rows: Vec<ReviewView>,
    /// Cursor.
    pub next: Option<String>,
    /// All found.
    pub total: u32,
    /// There are more than `total`: a search counts no further.
    pub more: bool,
}

/// A backup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupView {
    /// File name.
    pub name: String,
    /// When it was made.
    pub at: String,
    /// Size.
    pub bytes: f64,
    /// Made by the daily job.
    pub automatic: bool,
}

/// A file that was written for the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedFile {
    /// File name.
    pub name: String,
    /// Rows in it.
    pub rows: u32,
}

/// What the window must fetch again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// Workspace and people.
    Workspace,
    /// Lists and counts.
    Inbox,
    /// One ticket (all shown ones are fetched again).
    Ticket,
    /// Reviews.
    Reviews,
    /// Imports.
    Batches,
    /// Alerts.
    Alerts,
    /// Backups.
    Backups,
    /// 时效承诺
    Promise,
    /// 工作日历
    Calendar,
    /// 班次
    Shifts,
    /// 提醒规则
    AlertRules,
    /// 群机器人
    Bots,
    /// 今日
    Today,
    /// 周报、洞察、改进措施
    Reports,
}

impl Tag {
    /// All of them, for a window that missed what happened.
    pub const ALL: [Tag; 14] = [
        Self::Workspace,
        Self::Inbox,
        Self::Ticket,
        Self::Reviews,
        Self::Batches,
        Self::Alerts,
        Self::Backups,
        Self::Promise,
        Self::Calendar,
        Self::Shifts,
        Self::AlertRules,
        Self::Bots,
        Self::Today,
        Self::Reports,
    ];
}
