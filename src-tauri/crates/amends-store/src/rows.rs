//! Rows as they are stored. Words and JSON are text here; `amends-app` gives them meaning.

use sqlx::FromRow;

/// A person of the business.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct PersonRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role word.
    pub role: String,
    /// Still works here.
    pub active: bool,
    /// UTC ms.
    pub created_at: i64,
    /// Department word; none follows the role.
    pub department: Option<String>,
}

/// One import.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct BatchRow {
    /// Id.
    pub id: String,
    /// Source.
    pub source_id: String,
    /// `staging`, `visible` or `undone`.
    pub state: String,
    /// Sample data.
    pub sample: bool,
    /// File name without folders.
    pub file_name: String,
    /// SHA-256 of the bytes, hex.
    pub file_sha256: String,
    /// Format found.
    pub format: String,
    /// Encoding found.
    pub encoding: Option<String>,
    /// Channel word.
    pub channel: String,
    /// Shop, `''` if none.
    pub shop: String,
    /// Options as JSON.
    pub options: String,
    /// Who.
    pub actor_id: Option<String>,
    /// UTC ms.
    pub created_at: i64,
    /// UTC ms of the flip.
    pub visible_at: Option<i64>,
    /// Rows read.
    pub read_rows: i64,
    /// New reviews.
    pub new_rows: i64,
    /// Changed reviews.
    pub updated_rows: i64,
    /// Reviews already here.
    pub unchanged_rows: i64,
    /// Unusable rows.
    pub rejected_rows: i64,
    /// New reviews without a ticket because they are old.
    pub history_rows: i64,
    /// Tickets opened.
    pub ticket_rows: i64,
    /// Of these urgent.
    pub urgent_rows: i64,
    /// Remarks as JSON.
    pub warnings: String,
}

/// A rejected row of a file.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct RejectRow {
    /// Batch.
    pub batch_id: String,
    /// Row in the file.
    pub row_no: i64,
    /// Reason code.
    pub code: String,
    /// Reason in Chinese.
    pub detail: String,
    /// Cells as JSON.
    pub cells: String,
}

/// A review.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ReviewRow {
    /// Id.
    pub id: String,
    /// Position in the search index.
    pub number: i64,
    /// Batch it came with.
    pub batch_id: String,
    /// Source.
    pub source_id: String,
    /// Key that recognises it again.
    pub dedupe: String,
    /// Key that a file without the platform's id would give.
    pub weak_dedupe: Option<String>,
    /// Platform's id.
    pub external_id: Option<String>,
    /// Review this one was appended to.
    pub parent_id: Option<String>,
    /// A follow-up 追评.
    pub append: bool,
    /// Channel word.
    pub channel: String,
    /// Shop, `''` if none.
    pub shop: String,
    /// Order.
    pub order_id: Option<String>,
    /// Product.
    pub product: Option<String>,
    /// Variant.
    pub variant: Option<String>,
    /// Author as displayed.
    pub author: Option<String>,
    /// The author's name is masked.
    pub masked: bool,
    /// Key of the customer where one can be told apart.
    pub customer: Option<String>,
    /// Rating as written.
    pub rating_raw: Option<String>,
    /// Scale word.
    pub scale: String,
    /// Stars 1 to 5.
    pub stars: Option<f64>,
    /// Platform verdict.
    pub polarity: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Words.
    pub body: String,
    /// There are words.
    pub has_text: bool,
    /// UTC ms.
    pub posted_at: Option<i64>,
    /// As the source wrote it.
    pub posted_text: Option<String>,
    /// Precision word.
    pub posted_precision: Option<String>,
    /// UTC ms.
    pub received_at: i64,
    /// Visibility word.
    pub visibility: String,
    /// Page.
    pub url: Option<String>,
    /// Merchant's answer that came with it.
    pub reply_body: Option<String>,
    /// Its time.
    pub reply_at: Option<i64>,
    /// Hash of what may change.
    pub content_hash: String,
    /// Grows with each change.
    pub revision: i64,
    /// Sentiment word.
    pub sentiment: String,
    /// Assessment as JSON.
    pub assessment: String,
    /// Salt of its hash in the log.
    pub salt: String,
    /// Its ticket.
    pub ticket_id: Option<String>,
    /// Cells as JSON.
    pub raw: String,
}

/// What the importer must know of a review that is already here.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct KnownReview {
    /// Id.
    pub id: String,
    /// Key.
    pub dedupe: String,
    /// Weak key.
    pub weak_dedupe: Option<String>,
    /// Hash of what may change.
    pub content_hash: String,
    /// Ticket.
    pub ticket_id: Option<String>,
    /// Revision.
    pub revision: i64,
}

/// An earlier version of a review.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct VersionRow {
    /// Review.
    pub review_id: String,
    /// Revision it was.
    pub revision: i64,
    /// Batch that replaced it.
    pub batch_id: String,
    /// UTC ms.
    pub replaced_at: i64,
    /// Stars.
    pub stars: Option<f64>,
    /// Platform verdict.
    pub polarity: Option<String>,
    /// Words.
    pub body: String,
    /// Merchant's answer.
    pub reply_body: Option<String>,
    /// Assessment as JSON.
    pub assessment: String,
}

/// A ticket; a cache of its activities.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TicketRow {
    /// Id.
    pub id: String,
    /// 年月-序号.
    pub number: String,
    /// Batch it came with.
    pub batch_id: String,
    /// Review.
    pub review_id: String,
    /// Review's position in the search index.
    pub review_number: i64,
    /// Optimistic version.
    pub version: i64,
    /// Cycle.
    pub cycle: i64,
    /// Status word.
    pub status: String,
    /// Not closed, done, dismissed or merged.
    pub open: bool,
    /// Tier word.
    pub tier: String,
    /// Rule, steps and person as JSON.
    pub tier_why: String,
    /// Sentiment word.
    pub sentiment: String,
    /// Severity word.
    pub severity: String,
    /// Cause words, main first, comma separated with a comma at both ends.
    pub causes: String,
    /// Risk words, the same way.
    pub risks: String,
    /// 请人工确认.
    pub needs_confirmation: bool,
    /// Owner.
    pub owner_id: Option<String>,
    /// Channel word.
    pub channel: String,
    /// Shop.
    pub shop: String,
    /// Sample data.
    pub sample: bool,
    /// UTC ms.
    pub received_at: i64,
    /// UTC ms of the first human answer.
    pub first_responded_at: Option<i64>,
    /// UTC ms of the solution.
    pub solved_at: Option<i64>,
    /// UTC ms of closing.
    pub closed_at: Option<i64>,
    /// Nearest unmet deadline; far in the future when nothing runs.
    pub sort_at: i64,
    /// Its metric.
    pub next_metric: Option<String>,
    /// Its due time.
    pub next_due_at: Option<i64>,
    /// Its start.
    pub next_start_at: Option<i64>,
    /// It is paused.
    pub paused: bool,
    /// Up to 90 characters around the telling words.
    pub excerpt: String,
    /// Marks in the excerpt as JSON.
    pub marks: String,
    /// Policy version.
    pub policy_version: i64,
    /// Calendar version.
    pub calendar_version: i64,
    /// Last activity's number.
    pub head_seq: i64,
    /// Last activity's hash.
    pub head_hash: String,
    /// UTC ms at which the scheduler looks at it; none when nothing of it can ring.
    pub look_at: Option<i64>,
}

/// A deadline.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ClockRow {
    /// Ticket.
    pub ticket_id: String,
    /// Cycle.
    pub cycle: i64,
    /// Metric word.
    pub metric: String,
    /// Review or message it is about.
    pub subject: String,
    /// Grows with each new target.
    pub revision: i64,
    /// `open`, `paused`, `fulfilled`, `cancelled`.
    pub state: String,
    /// Why it was cancelled.
    pub reason: Option<String>,
    /// UTC ms.
    pub start_at: i64,
    /// UTC ms from which it can be fulfilled (follow-up).
    pub opens_at: Option<i64>,
    /// Seconds.
    pub target_secs: i64,
    /// UTC ms.
    pub due_at: i64,
    /// UTC ms before grace.
    pub original_due_at: i64,
    /// UTC ms.
    pub fulfilled_at: Option<i64>,
    /// Working seconds.
    pub paused_secs: i64,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ActivityRow {
    /// Id.
    pub id: String,
    /// Ticket id, or `workspace`.
    pub chain: String,
    /// Number in the chain from 1.
    pub seq: i64,
    /// When it happened, UTC ms.
    pub at: i64,
    /// When it was written, UTC ms.
    pub recorded_at: i64,
    /// Who; none is the program.
    pub actor_id: Option<String>,
    /// Kind word.
    pub kind: String,
    /// Canonical text.
    pub body: String,
    /// Words that belong to it.
    pub text_id: Option<String>,
    /// Salted hash of these words.
    pub text_hash: Option<String>,
    /// Hash of the entry before.
    pub prev_hash: String,
    /// Hash of this entry.
    pub hash: String,
    /// Batch it came with.
    pub batch_id: Option<String>,
}

/// Words of a person.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TextRow {
    /// Id.
    pub id: String,
    /// Salt.
    pub salt: String,
    /// Salted hash.
    pub hash: String,
    /// Words; none once erased.
    pub body: Option<String>,
    /// UTC ms.
    pub erased_at: Option<i64>,
}

/// A saved draft.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct DraftRow {
    /// Ticket.
    pub ticket_id: String,
    /// Person.
    pub person_id: String,
    /// Words.
    pub body: String,
    /// UTC ms.
    pub saved_at: i64,
}

/// Something that must ring.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct AlertRow {
    /// Id.
    pub id: String,
    /// Rings once per key, ever.
    pub key: String,
    /// Ticket.
    pub ticket_id: String,
    /// Batch it came with.
    pub batch_id: Option<String>,
    /// Tier word.
    pub tier: String,
    /// `new_urgent`, `l1`, `l2`, `due`, `over`.
    pub level: String,
    /// Metric word.
    pub metric: Option<String>,
    /// Deadline it is about, UTC ms.
    pub due_at: Option<i64>,
    /// When to ring, UTC ms.
    pub fire_at: i64,
    /// `pending`, `rung`, `folded`, `skipped`, `failed`.
    pub state: String,
    /// When that was decided, UTC ms.
    pub decided_at: Option<i64>,
    /// Title as rung.
    pub title: String,
    /// Body as rung, private data masked.
    pub body: String,
}

/// A change to a review that is already here.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct StagedUpdateRow {
    /// Batch.
    pub batch_id: String,
    /// Review.
    pub review_id: String,
    /// Row in the file.
    pub row_no: i64,
    /// What changes, as JSON.
    pub payload: String,
}

/// What an alert does at one person's desk.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct DeliveryRow {
    /// Alert.
    pub alert_id: String,
    /// Person; `''` is whoever sits at a desk of a workspace without people.
    pub person_id: String,
    /// `pending`, `held`, `rung`, `folded`, `failed`, `skipped`.
    pub state: String,
    /// UTC ms.
    pub made_at: i64,
    /// UTC ms at which it rings (again).
    pub ring_at: Option<i64>,
    /// UTC ms at which it last rang.
    pub rung_at: Option<i64>,
    /// UTC ms at which the person saw it.
    pub seen_at: Option<i64>,
    /// UTC ms until which the person put it off.
    pub snoozed_until: Option<i64>,
    /// UTC ms at which a silent assignee loses the ticket.
    pub take_back_at: Option<i64>,
}

/// A delivery with its alert and what the ticket is like now.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct RingRow {
    /// Alert.
    pub alert_id: String,
    /// Its key.
    pub alert_key: String,
    /// Ticket.
    pub ticket_id: String,
    /// Tier word as of the alert.
    pub tier: String,
    /// Level word.
    pub level: String,
    /// Deadline it is about, UTC ms.
    pub due_at: Option<i64>,
    /// When the level was reached, UTC ms.
    pub fire_at: i64,
    /// Title.
    pub title: String,
    /// Body, private data masked.
    pub body: String,
    /// Somebody took note, UTC ms.
    pub acknowledged_at: Option<i64>,
    /// Batch the alert came with.
    pub batch_id: Option<String>,
    /// Person.
    pub person_id: String,
    /// Delivery's state.
    pub state: String,
    /// UTC ms.
    pub made_at: i64,
    /// UTC ms.
    pub ring_at: Option<i64>,
    /// UTC ms.
    pub rung_at: Option<i64>,
    /// UTC ms.
    pub seen_at: Option<i64>,
    /// The ticket's owner now.
    pub owner_id: Option<String>,
    /// The ticket is open.
    pub open: bool,
}

/// A shift of the day, in minutes after midnight.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ShiftRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// From.
    pub opens_min: i64,
    /// To; over 1440 it passes midnight.
    pub closes_min: i64,
    /// Index of its colour.
    pub color: i64,
    /// Place in the list.
    pub place: i64,
}

/// Somebody works a shift on a date.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RosterRow {
    /// `YYYY-MM-DD` on which the shift starts.
    pub day: String,
    /// Shift.
    pub shift_id: String,
    /// Person.
    pub person_id: String,
}

/// Somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AbsenceRow {
    /// Id.
    pub id: String,
    /// Person.
    pub person_id: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub to_day: String,
    /// Why.
    pub note: String,
}

/// A hand-over note.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct HandoverRow {
    /// Id.
    pub id: String,
    /// Who wrote it.
    pub person_id: String,
    /// UTC ms.
    pub at: i64,
    /// Words.
    pub body: String,
}

/// A group bot; its address and secret are elsewhere.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct BotRow {
    /// Id.
    pub id: String,
    /// Kind word.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Levels as JSON.
    pub levels: String,
    /// Quiet hours as JSON.
    pub quiet: Option<String>,
    /// In use.
    pub enabled: bool,
    /// Address with its key hidden.
    pub address: String,
    /// A signing secret is kept.
    pub has_secret: bool,
    /// Word that every message must contain.
    pub keyword: Option<String>,
    /// UTC ms.
    pub created_at: i64,
    /// Last success, UTC ms.
    pub last_ok_at: Option<i64>,
    /// What went wrong since.
    pub last_error: Option<String>,
    /// Messages that may go now.
    pub tokens: f64,
    /// Instant of that, UTC ms.
    pub filled_at: i64,
    /// Nothing goes before, UTC ms.
    pub blocked_until: i64,
}

/// Something a bot still has to say.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct BotMessageRow {
    /// Id, the same on every retry.
    pub id: String,
    /// Bot.
    pub bot_id: String,
    /// Alert.
    pub alert_id: String,
    /// It concerns an urgent ticket.
    pub urgent: bool,
    /// UTC ms.
    pub made_at: i64,
    /// UTC ms of the next try.
    pub next_at: i64,
    /// Tries so far.
    pub tries: i64,
    /// `waiting`, `sending`, `sent`, `dropped`.
    pub state: String,
    /// Who is sending it gives it up then, UTC ms.
    pub claimed_until: Option<i64>,
    /// UTC ms.
    pub done_at: Option<i64>,
}

/// What one owner carries.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LoadRow {
    /// Owner; none is nobody.
    pub owner_id: Option<String>,
    /// Open tickets.
    pub open: i64,
    /// Of these overdue.
    pub overdue: i64,
}

/// A version of a rule with who saved it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RuleVersionRow {
    /// Version.
    pub version: i64,
    /// JSON.
    pub body: String,
    /// UTC ms.
    pub created_at: i64,
    /// Who.
    pub actor_id: Option<String>,
}
