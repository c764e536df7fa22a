//! The catalogue of events: everything that can happen to a ticket (sla.md R4).
//!
//! These names are stored for ever, so a variant is never renamed and a field is never given a new meaning; new
//! optional fields may be added. A ticket's whole state, its deadlines and every figure are folds over its events.
//! An event holds ids, words and salted hashes, never a person's own text, so that erasing the text leaves the
//! audit chain verifiable.
//!
//! Every event has two times: `at_ms`, when it happened (judged by R7), and `recorded_ms`, when it was written.
//! They differ when a person states an earlier time (R27), when a platform reports late, and after work offline.

use super::calendar::CalendarVersion;
use super::policy::{PolicyVersion, StartAt};
use crate::id::{ActivityId, AlertId, BatchId, NoteId, PersonId, ReplyId, ReviewId, SourceId, TicketId};
use crate::review::Precision;
use crate::words::{Cause, Risk, Sentiment, Severity, Tier, UnknownWord, vocabulary};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! keys {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl From<&str> for $name { fn from(text: &str) -> Self { Self(text.to_owned()) } }
        impl From<String> for $name { fn from(text: String) -> Self { Self(text) } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

keys! {
    /// One message of a customer (private message, call, 追评 that is not a review of its own).
    MessageId,
    /// One request for a second person's decision.
    ApprovalId,
    /// One wait for another department.
    WaitId,
    /// One remedy offered to a customer.
    RemedyId,
    /// One appeal to a platform.
    DisputeId,
    /// One incident 群体投诉.
    IncidentId,
    /// One logged contact with a customer.
    ContactId,
    /// One file of evidence.
    EvidenceId,
    /// One preventive action.
    ImprovementId,
    /// Salted hash of a text that is kept, and may be erased, elsewhere.
    TextHash,
}

vocabulary! {
    /// Where a ticket stands in the loop (product.md, The loop).
    TicketStatus {
        /// 接收
        Received = "received",
        /// 核实
        Verifying = "verifying",
        /// 方案
        Planning = "planning",
        /// 沟通
        Communicating = "communicating",
        /// 等待客户
        WaitingCustomer = "waiting_customer",
        /// 申诉: at the platform
        Disputed = "disputed",
        /// 已解决
        Resolved = "resolved",
        /// 关闭
        Closed = "closed",
        /// 回访
        FollowingUp = "following_up",
        /// 完成
        Done = "done",
        /// 无需处理
        Dismissed = "dismissed",
        /// 已合并: its survivor goes on
        Merged = "merged",
    }
}

impl TicketStatus {
    /// True while someone still owes the customer something before closing.
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Self::Closed | Self::FollowingUp | Self::Done | Self::Dismissed | Self::Merged
        )
    }
}

vocabulary! {
    /// What a clock measures (sla.md R5).
    Metric {
        /// 首次响应
        FirstResponse = "first_response",
        /// 后续响应: the oldest unanswered customer message after the first response (R19)
        NextResponse = "next_response",
        /// 方案
        Solution = "solution",
        /// 关闭
        Closure = "closure",
        /// 回访
        FollowUp = "follow_up",
        /// 审批 (R26)
        Approval = "approval",
        /// 平台时限 (R22)
        ChannelLimit = "channel_limit",
    }
}

vocabulary! {
    /// What a customer's message is, as far as reopening is concerned (R17).
    MessageIntent {
        /// 投诉
        Complaint = "complaint",
        /// 询问
        Question = "question",
        /// 致谢, confirmation: never reopens
        Thanks = "thanks",
        /// Nothing that asks for an answer.
        Other = "other",
    }
}

vocabulary! {
    /// Who wrote a published answer. Only a human's counts (R6).
    ReplyBy {
        /// A person of the business.
        Human = "human",
        /// A machine's acknowledgement or canned answer.
        Automatic = "automatic",
    }
}

vocabulary! {
    /// How an answer came to be public (R27).
    PublishRoute {
        /// The channel's interface accepted it at the event's time.
        Channel = "channel",
        /// A person pasted it and confirmed.
        ByHand = "by_hand",
        /// It was found on the channel, written outside Amends.
        Found = "found",
    }
}

vocabulary! {
    /// How a customer was reached directly.
    ContactWay {
        /// 电话
        Phone = "phone",
        /// 平台私信
        PrivateMessage = "private_message",
        /// 微信 or another chat
        Chat = "chat",
        /// 短信
        Sms = "sms",
        /// 邮件
        Mail = "mail",
        /// 到店 or on site
        InPerson = "in_person",
        /// 其他
        Other = "other",
    }
}

vocabulary! {
    /// What came of a contact.
    ContactOutcome {
        /// Reached; nothing said about satisfaction.
        Reached = "reached",
        /// Reached and satisfied.
        Satisfied = "satisfied",
        /// Reached and not satisfied: always reopens when it was the follow-up (R17).
        Unsatisfied = "unsatisfied",
        /// Did not answer.
        NoAnswer = "no_answer",
        /// Does not want to be contacted.
        Refused = "refused",
        /// The number or account does not exist.
        Unreachable = "unreachable",
    }
}

vocabulary! {
    /// What became of the invitation to update the review, without which nothing is closed (R6b).
    Invitation {
        /// Sent.
        Sent = "sent",
        /// The channel does not let a review be changed.
        Impossible = "impossible",
        /// Not sent, with a reason.
        Withheld = "withheld",
    }
}

vocabulary! {
    /// A platform's own limit (R22).
    LimitKind {
        /// The last instant at which the platform takes an answer.
        ReplyWindow = "reply_window",
        /// The platform takes one answer for ever, until then.
        OneShot = "one_shot",
        /// The complaint's status runs out: answer, solution and completion are all due by then.
        ComplaintExpiry = "complaint_expiry",
    }
}

vocabulary! {
    /// Why a new cycle began (R17).
    ReopenCause {
        /// 追评
        Append = "append",
        /// The review was edited to worse.
        EditedWorse = "edited_worse",
        /// A complaint or question.
        Message = "message",
        /// The follow-up found the customer unsatisfied.
        FollowUp = "follow_up",
        /// A person decided so.
        Person = "person",
    }
}

vocabulary! {
    /// Why a ticket needs no handling.
    DismissReason {
        /// 不是投诉
        NotAComplaint = "not_a_complaint",
        /// 重复
        Duplicate = "duplicate",
        /// 垃圾或广告
        Spam = "spam",
        /// Not about this business.
        WrongBusiness = "wrong_business",
        /// 其他
        Other = "other",
    }
}

vocabulary! {
    /// What a later tier change does to a date set by hand; the window asks (R23).
    ManualDueAnswer {
        /// Nobody was asked: the date stays and the clock says so.
        NotAsked = "not_asked",
        /// The date stays.
        Keep = "keep",
        /// The date gives way to the new tier's target.
        Recompute = "recompute",
    }
}

vocabulary! {
    /// What an approval is asked for.
    ApprovalOf {
        /// A public or private answer.
        Reply = "reply",
        /// A remedy.
        Remedy = "remedy",
        /// An appeal to the platform.
        Dispute = "dispute",
        /// Dismissing a ticket.
        Dismissal = "dismissal",
        /// Anything else.
        Other = "other",
    }
}

vocabulary! {
    /// What a platform decided on an appeal.
    DisputeOutcome {
        /// The review was taken down or no longer counts.
        Upheld = "upheld",
        /// The review stays.
        Rejected = "rejected",
        /// Taken back by us.
        Withdrawn = "withdrawn",
        /// The platform never answered.
        Expired = "expired",
    }
}

vocabulary! {
    /// What a remedy is.
    RemedyKind {
        /// 退款
        Refund = "refund",
        /// 换货
        Replacement = "replacement",
        /// 补发
        Resend = "resend",
        /// 优惠券
        Coupon = "coupon",
        /// 赠品、赠菜
        FreeItem = "free_item",
        /// 升级
        Upgrade = "upgrade",
        /// 上门、维修
        Repair = "repair",
        /// 赔偿
        Compensation = "compensation",
        /// 道歉
        Apology = "apology",
        /// 其他
        Other = "other",
    }
}

vocabulary! {
    /// How two tickets belong together without being one.
    LinkKind {
        /// The same customer came back after the reopen window (R17).
        Continues = "continues",
        /// A person says so.
        Related = "related",
    }
}

/// What a clock is about. One of several on a ticket: first response per review, next response per message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "about", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// The ticket as a whole.
    Ticket,
    /// One review.
    Review(ReviewId),
    /// One customer message.
    Message(MessageId),
    /// One approval.
    Approval(ApprovalId),
}

impl Subject {
    /// The id inside, empty for the whole ticket.
    pub fn id(&self) -> &str {
        match self {
            Self::Ticket => "",
            Self::Review(id) => id.as_str(),
            Self::Message(id) => &id.0,
            Self::Approval(id) => &id.0,
        }
    }
}

/// A merchant's answer that came in together with the review (R27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingReply {
    /// When it was published; without it the first response is met but left out of response times.
    pub at_ms: Option<i64>,
}

/// A stretch of time, half-open, in UTC milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First instant inside.
    pub from_ms: i64,
    /// First instant outside.
    pub until_ms: i64,
}

/// A clock as a merged ticket hands it to its survivor (R18). It holds what is needed to compute the due time
/// again under another calendar version, not the due time itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedClock {
    /// Which metric.
    pub metric: Metric,
    /// The review or message it is about.
    pub subject: Subject,
    /// Its own start.
    pub start_ms: i64,
    /// Its own tier's target, in seconds of working time.
    pub target_secs: u32,
    /// From where `budget_ms` counts: the start, or the change that gave it grace (R13).
    pub base_ms: i64,
    /// Working time allowed from `base_ms` on, in milliseconds.
    pub budget_ms: i64,
    /// A date set by hand (R23) that replaces `base_ms + budget_ms`.
    pub manual_due_ms: Option<i64>,
    /// What had been promised before any change.
    pub original_due_ms: i64,
    /// Pauses up to the merge.
    pub pauses: Vec<Span>,
    /// When it was fulfilled, if it was.
    pub fulfilled_ms: Option<i64>,
    /// Due instant of a breach made before the merge.
    pub breached_due_ms: Option<i64>,
}

/// What happened. The `type` names and the fields are the stored form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    /// A review became (part of) this ticket. The first one opens cycle 1.
    Received {
        /// The review.
        review: ReviewId,
        /// The tier the triage rules gave.
        tier: Tier,
        /// When the author posted it, as far as known.
        #[serde(default)]
        posted_ms: Option<i64>,
        /// How exactly `posted_ms` is known; a day or less never starts a clock (R16).
        #[serde(default = "exact")]
        posted_precision: Precision,
        /// From which of the two times the clocks start.
        #[serde(default)]
        start: StartAt,
        /// Fetched by a live source, as opposed to a file, a paste or a first sync.
        #[serde(default)]
        live: bool,
        /// The promise it was received under.
        policy: PolicyVersion,
        /// The calendar it was received under.
        calendar: CalendarVersion,
        /// The merchant's answer that came with it.
        #[serde(default)]
        reply: Option<IncomingReply>,
        /// Stars, 1 to 5.
        #[serde(default)]
        stars: Option<f32>,
        /// The source it came from.
        #[serde(default)]
        source: Option<SourceId>,
        /// The import it came with.
        #[serde(default)]
        batch: Option<BatchId>,
        /// The triage rule that fired.
        #[serde(default)]
        rule: Option<String>,
    },
    /// The author changed the review.
    ReviewChanged {
        /// The review.
        review: ReviewId,
        /// Stars now, 1 to 5.
        stars: Option<f32>,
        /// Number of this version, from 2.
        #[serde(default)]
        version: Option<u32>,
        /// Hash of the new content.
        #[serde(default)]
        text: Option<TextHash>,
    },
    /// The review is gone.
    ReviewDeleted {
        /// The review.
        review: ReviewId,
        /// True if its author took it away, false if the platform did.
        #[serde(default = "yes")]
        by_author: bool,
    },
    /// The model or a rule read the review (again).
    Assessed {
        /// The review.
        review: ReviewId,
        /// Version of the weights or rules.
        model: String,
    },
    /// The ticket moved in the loop. Waiting states pause the metrics that the policy names (R8).
    Status {
        /// The new status.
        status: TicketStatus,
        /// Why; pauses need one (R11).
        #[serde(default)]
        reason: Option<String>,
        /// When a pause ends by itself.
        #[serde(default)]
        until_ms: Option<i64>,
        /// The person confirmed a pause right after an unanswered message (R11).
        #[serde(default)]
        confirmed: bool,
    },
    /// A condition for leaving a step was ticked or unticked.
    StepChecked {
        /// The step.
        step: TicketStatus,
        /// The condition.
        item: String,
        /// Ticked.
        done: bool,
    },
    /// The customer wrote or called.
    CustomerMessage {
        /// The message.
        message: MessageId,
        /// What it is.
        intent: MessageIntent,
        /// How it came.
        #[serde(default = "private_message")]
        way: ContactWay,
        /// Hash of its words.
        #[serde(default)]
        text: Option<TextHash>,
    },
    /// A person decided that the open customer messages need no answer (R19).
    NoReplyNeeded {
        /// Why.
        reason: String,
    },
    /// The tier changed.
    Tier {
        /// The new tier.
        tier: Tier,
        /// Why.
        #[serde(default)]
        reason: Option<String>,
        /// The rule that did it; none means a person.
        #[serde(default)]
        rule: Option<String>,
        /// What to do with dates set by hand.
        #[serde(default = "not_asked")]
        manual_due: ManualDueAnswer,
    },
    /// An answer was handed to the outbox or the channel. Stops nothing (R6).
    ReplySubmitted {
        /// The answer.
        reply: ReplyId,
        /// The review it answers; none means the ticket's.
        #[serde(default)]
        review: Option<ReviewId>,
        /// Hash of its words.
        #[serde(default)]
        text: Option<TextHash>,
        /// The template it was made from.
        #[serde(default)]
        template: Option<String>,
    },
    /// The channel accepted an answer, or a person confirmed that it is public.
    ReplyPublished {
        /// The answer.
        reply: ReplyId,
        /// The review it answers; none means every open one of the ticket.
        #[serde(default)]
        review: Option<ReviewId>,
        /// Who wrote it.
        by: ReplyBy,
        /// How it became public.
        route: PublishRoute,
        /// Hash of its words.
        #[serde(default)]
        text: Option<TextHash>,
        /// The template it was made from.
        #[serde(default)]
        template: Option<String>,
    },
    /// The platform refused an answer, at once or after having shown it; what it fulfilled is void (R13).
    ReplyRejected {
        /// The answer.
        reply: ReplyId,
        /// The platform's code or word.
        #[serde(default)]
        reason: Option<String>,
    },
    /// An answer was taken back from the outbox.
    ReplyWithdrawn {
        /// The answer.
        reply: ReplyId,
    },
    /// An answer could not be delivered; it may be tried again.
    ReplyFailed {
        /// The answer.
        reply: ReplyId,
        /// Error code.
        code: String,
    },
    /// A machine told the customer that the review was seen. Stops nothing (R6).
    AutoAcknowledged {
        /// The answer, if it has one.
        #[serde(default)]
        reply: Option<ReplyId>,
    },
    /// A direct contact with the customer was logged.
    ContactLogged {
        /// The contact.
        contact: ContactId,
        /// How.
        way: ContactWay,
        /// What came of it.
        outcome: ContactOutcome,
        /// Hash of what was said; without text it answers nothing (R6).
        #[serde(default)]
        text: Option<TextHash>,
        /// It was meant as the follow-up 回访.
        #[serde(default)]
        follow_up: bool,
    },
    /// The customer rated the handling.
    SatisfactionRated {
        /// 1 to 5.
        score: u8,
        /// The contact in which it was said.
        #[serde(default)]
        contact: Option<ContactId>,
    },
    /// A second person was asked to decide (R26).
    ApprovalRequested {
        /// The request.
        approval: ApprovalId,
        /// What for.
        of: ApprovalOf,
        /// Who is to decide: the owner of the time it takes.
        #[serde(default)]
        approver: Option<PersonId>,
        /// The answer concerned.
        #[serde(default)]
        reply: Option<ReplyId>,
        /// The remedy concerned.
        #[serde(default)]
        remedy: Option<RemedyId>,
    },
    /// The decision.
    ApprovalDecided {
        /// The request.
        approval: ApprovalId,
        /// Yes or no.
        approved: bool,
        /// Why, as a word of the policy's list.
        #[serde(default)]
        reason: Option<String>,
        /// The asker decided alone because nobody else holds the authority.
        #[serde(default)]
        alone: bool,
    },
    /// Another department was asked; its time is charged to the named owner and pauses nothing (R8).
    WaitStarted {
        /// The wait.
        wait: WaitId,
        /// Department.
        department: String,
        /// Who owns the time.
        #[serde(default)]
        owner: Option<PersonId>,
    },
    /// The department answered.
    WaitEnded {
        /// The wait.
        wait: WaitId,
    },
    /// A solution was offered to the customer (R6b).
    SolutionOffered {
        /// Hash of the offer's words.
        #[serde(default)]
        text: Option<TextHash>,
        /// Remedies in it.
        #[serde(default)]
        remedies: Vec<RemedyId>,
    },
    /// A remedy was planned or offered.
    RemedyOffered {
        /// The remedy.
        remedy: RemedyId,
        /// What it is.
        kind: RemedyKind,
        /// Worth to the customer, in the currency's smallest unit.
        value_minor: u32,
        /// Cost to the business, in the currency's smallest unit.
        cost_minor: u32,
        /// ISO 4217.
        currency: String,
    },
    /// A remedy was given.
    RemedyGranted {
        /// The remedy.
        remedy: RemedyId,
    },
    /// A remedy was declined by the customer or taken back.
    RemedyDropped {
        /// The remedy.
        remedy: RemedyId,
        /// Why.
        #[serde(default)]
        reason: Option<String>,
    },
    /// The problem is solved from the business's side.
    Resolved {
        /// How, as a word of the workspace's list.
        #[serde(default)]
        outcome: Option<String>,
    },
    /// The invitation to update the review went out.
    InvitationSent {
        /// Hash of its words.
        #[serde(default)]
        text: Option<TextHash>,
    },
    /// This channel does not let a review be changed.
    InvitationImpossible {
        /// Why.
        #[serde(default)]
        reason: Option<String>,
    },
    /// No invitation, on purpose.
    InvitationWithheld {
        /// Why.
        reason: String,
    },
    /// The ticket was closed. Fulfils closure once the invitation is settled here or by its own event (R6b).
    Closed {
        /// What became of the invitation, if settled in the same step.
        #[serde(default)]
        invitation: Option<Invitation>,
        /// Why, such as 客户未回应.
        #[serde(default)]
        reason: Option<String>,
    },
    /// A new cycle with full targets from this instant (R17). More than seven days after closing it has no effect:
    /// that is a new, linked ticket.
    Reopened {
        /// Why.
        cause: ReopenCause,
        /// The review or 追评 that did it.
        #[serde(default)]
        review: Option<ReviewId>,
        /// The message that did it.
        #[serde(default)]
        message: Option<MessageId>,
        /// Tier of the new cycle; none keeps the old one.
        #[serde(default)]
        tier: Option<Tier>,
    },
    /// The follow-up is over; nothing is owed any more.
    Done {},
    /// No handling needed; cancels every clock that is neither met nor breached.
    Dismissed {
        /// Why.
        reason: DismissReason,
        /// Hash of the person's words.
        #[serde(default)]
        text: Option<TextHash>,
    },
    /// A person set a due time (R23).
    ManualDue {
        /// Of which clock.
        metric: Metric,
        /// Of which review or message; none means all of that metric.
        #[serde(default)]
        subject: Option<Subject>,
        /// When, UTC milliseconds.
        due_ms: i64,
        /// Why.
        reason: String,
    },
    /// The platform's own limit became known or changed (R22).
    ChannelLimit {
        /// Which.
        limit: LimitKind,
        /// Last instant the platform accepts, UTC milliseconds.
        due_ms: i64,
        /// Of which review; none means the ticket's.
        #[serde(default)]
        review: Option<ReviewId>,
    },
    /// A policy version was applied to this open ticket (R15).
    Policy {
        /// The version.
        version: PolicyVersion,
    },
    /// A calendar version was applied to this open ticket (R15).
    Calendar {
        /// The version.
        version: CalendarVersion,
    },
    /// This ticket went into another one (R18).
    MergedInto {
        /// The survivor.
        ticket: TicketId,
    },
    /// Another ticket went into this one.
    MergedFrom {
        /// The source.
        ticket: TicketId,
        /// Its tier; the survivor takes the stricter one.
        tier: Tier,
        /// Its clocks, see [`crate::sla::engine::carried`].
        clocks: Vec<CarriedClock>,
    },
    /// Belongs with another ticket.
    Linked {
        /// The other ticket.
        ticket: TicketId,
        /// How.
        kind: LinkKind,
    },
    /// The pause used up its 72 hours (R11). The engine finds that by itself; the entry tells the people.
    PauseCap {},
    /// A manager took a breach out of the attainment, with a reason; reports show it apart (R14).
    BreachAnnulled {
        /// Of which clock.
        metric: Metric,
        /// Of which cycle, from 1.
        cycle: u32,
        /// Of which review or message; none means all of that metric.
        #[serde(default)]
        subject: Option<Subject>,
        /// Why.
        reason: String,
    },
    /// The ticket was given to a person.
    Assigned {
        /// Whom.
        to: PersonId,
        /// The rule that did it; none means a person.
        #[serde(default)]
        rule: Option<String>,
        /// Department.
        #[serde(default)]
        department: Option<String>,
    },
    /// The ticket has no owner any more.
    Unassigned {
        /// Why, such as take-back from a silent assignee.
        #[serde(default)]
        reason: Option<String>,
    },
    /// An internal note. Stops nothing (R6).
    NoteAdded {
        /// The note.
        note: NoteId,
        /// Hash of its words.
        #[serde(default)]
        text: Option<TextHash>,
        /// Who is mentioned.
        #[serde(default)]
        mentions: Vec<PersonId>,
    },
    /// A file of evidence was added.
    EvidenceAdded {
        /// The file.
        evidence: EvidenceId,
        /// Hash of its content.
        hash: TextHash,
    },
    /// A file of evidence was taken away.
    EvidenceRemoved {
        /// The file.
        evidence: EvidenceId,
    },
    /// A person corrected the causes.
    CausesCorrected {
        /// The review.
        review: ReviewId,
        /// The right ones, main first.
        causes: Vec<Cause>,
    },
    /// A person corrected the severity.
    SeverityCorrected {
        /// The review.
        review: ReviewId,
        /// The right one.
        severity: Severity,
    },
    /// A person corrected the sentiment.
    SentimentCorrected {
        /// The review.
        review: ReviewId,
        /// The right one.
        sentiment: Sentiment,
    },
    /// A person corrected the risks.
    RisksCorrected {
        /// The review.
        review: ReviewId,
        /// The right ones.
        risks: Vec<Risk>,
    },
    /// A person said whether the review is a real experience.
    GenuineCorrected {
        /// The review.
        review: ReviewId,
        /// It is.
        genuine: bool,
    },
    /// A person confirmed an uncertain assessment as it is.
    AssessmentConfirmed {
        /// The review.
        review: ReviewId,
    },
    /// Takes another event of this ticket out of everything that is computed (R27); undoing an undo brings it back.
    Undone {
        /// The event.
        of: ActivityId,
    },
    /// A person saw an alert; silences until the next level (R20).
    Acknowledged {
        /// The alert.
        alert: AlertId,
    },
    /// Hidden from a person's list until then. Never pauses a clock.
    Snoozed {
        /// Until when.
        until_ms: i64,
    },
    /// The snooze was ended by hand.
    SnoozeEnded {},
    /// An appeal was opened at the platform.
    DisputeOpened {
        /// The appeal.
        dispute: DisputeId,
        /// The one reason given.
        reason: String,
    },
    /// The platform decided.
    DisputeDecided {
        /// The appeal.
        dispute: DisputeId,
        /// How.
        outcome: DisputeOutcome,
    },
    /// Belongs to an incident; its clocks stay its own (R18).
    IncidentLinked {
        /// The incident.
        incident: IncidentId,
    },
    /// Does not belong to it after all.
    IncidentUnlinked {
        /// The incident.
        incident: IncidentId,
    },
    /// A preventive action was born from this ticket.
    ImprovementLinked {
        /// The action.
        improvement: ImprovementId,
    },
    /// The quality reviewer scored an answer.
    QualityScored {
        /// The answer.
        reply: ReplyId,
        /// 0 to 100.
        score: u8,
        /// Hash of the feedback's words.
        #[serde(default)]
        text: Option<TextHash>,
    },
    /// The personal texts behind this ticket's hashes were erased; the chain stays verifiable.
    TextErased {
        /// Why, such as the customer's request.
        reason: String,
    },
}

impl EventKind {
    /// The stored `type` name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::ReviewChanged { .. } => "review_changed",
            Self::ReviewDeleted { .. } => "review_deleted",
            Self::Assessed { .. } => "assessed",
            Self::Status { .. } => "status",
            Self::StepChecked { .. } => "step_checked",
            Self::CustomerMessage { .. } => "customer_message",
            Self::NoReplyNeeded { .. } => "no_reply_needed",
            Self::Tier { .. } => "tier",
            Self::ReplySubmitted { .. } => "reply_submitted",
            Self::ReplyPublished { .. } => "reply_published",
            Self::ReplyRejected { .. } => "reply_rejected",
            Self::ReplyWithdrawn { .. } => "reply_withdrawn",
            Self::ReplyFailed { .. } => "reply_failed",
            Self::AutoAcknowledged { .. } => "auto_acknowledged",
            Self::ContactLogged { .. } => "contact_logged",
            Self::SatisfactionRated { .. } => "satisfaction_rated",
            Self::ApprovalRequested { .. } => "approval_requested",
            Self::ApprovalDecided { .. } => "approval_decided",
            Self::WaitStarted { .. } => "wait_started",
            Self::WaitEnded { .. } => "wait_ended",
            Self::SolutionOffered { .. } => "solution_offered",
            Self::RemedyOffered { .. } => "remedy_offered",
            Self::RemedyGranted { .. } => "remedy_granted",
            Self::RemedyDropped { .. } => "remedy_dropped",
            Self::Resolved { .. } => "resolved",
            Self::InvitationSent { .. } => "invitation_sent",
            Self::InvitationImpossible { .. } => "invitation_impossible",
            Self::InvitationWithheld { .. } => "invitation_withheld",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
            Self::Done {} => "done",
            Self::Dismissed { .. } => "dismissed",
            Self::ManualDue { .. } => "manual_due",
            Self::ChannelLimit { .. } => "channel_limit",
            Self::Policy { .. } => "policy",
            Self::Calendar { .. } => "calendar",
            Self::MergedInto { .. } => "merged_into",
            Self::MergedFrom { .. } => "merged_from",
            Self::Linked { .. } => "linked",
            Self::PauseCap {} => "pause_cap",
            Self::BreachAnnulled { .. } => "breach_annulled",
            Self::Assigned { .. } => "assigned",
            Self::Unassigned { .. } => "unassigned",
            Self::NoteAdded { .. } => "note_added",
            Self::EvidenceAdded { .. } => "evidence_added",
            Self::EvidenceRemoved { .. } => "evidence_removed",
            Self::CausesCorrected { .. } => "causes_corrected",
            Self::SeverityCorrected { .. } => "severity_corrected",
            Self::SentimentCorrected { .. } => "sentiment_corrected",
            Self::RisksCorrected { .. } => "risks_corrected",
            Self::GenuineCorrected { .. } => "genuine_corrected",
            Self::AssessmentConfirmed { .. } => "assessment_confirmed",
            Self::Undone { .. } => "undone",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Snoozed { .. } => "snoozed",
            Self::SnoozeEnded {} => "snooze_ended",
            Self::DisputeOpened { .. } => "dispute_opened",
            Self::DisputeDecided { .. } => "dispute_decided",
            Self::IncidentLinked { .. } => "incident_linked",
            Self::IncidentUnlinked { .. } => "incident_unlinked",
            Self::ImprovementLinked { .. } => "improvement_linked",
            Self::QualityScored { .. } => "quality_scored",
            Self::TextErased { .. } => "text_erased",
        }
    }
}

/// One entry of a ticket's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Identity, also the target of [`EventKind::Undone`].
    pub id: ActivityId,
    /// When it happened, UTC milliseconds.
    pub at_ms: i64,
    /// When it was written, UTC milliseconds.
    pub recorded_ms: i64,
    /// Who did it; none means the program or the platform.
    pub actor: Option<PersonId>,
    /// What happened.
    pub kind: EventKind,
}

/// The events that count: what was undone is left out together with its undoing (R27).
pub fn effective(log: &[Event]) -> Vec<&Event> {
    if !log
        .iter()
        .any(|event| matches!(event.kind, EventKind::Undone { .. }))
    {
        return log.iter().collect();
    }
    // An undo can itself be undone, so the latest word on each event wins.
    let mut gone = std::collections::HashSet::new();
    for event in log.iter().rev() {
        if let EventKind::Undone { of } = &event.kind
            && !gone.contains(&event.id)
        {
            gone.insert(of);
        }
    }
    log.iter()
        .filter(|event| !gone.contains(&event.id) && !matches!(event.kind, EventKind::Undone { .. }))
        .collect()
}

const fn exact() -> Precision {
    Precision::Ms
}

const fn yes() -> bool {
    true
}

const fn private_message() -> ContactWay {
    ContactWay::PrivateMessage
}

const fn not_asked() -> ManualDueAnswer {
    ManualDueAnswer::NotAsked
}
