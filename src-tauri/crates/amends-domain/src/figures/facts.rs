//! What figures are computed from: plain values that the store reads for a period, and nothing else.

use crate::id::{PersonId, ReplyId, SourceId, TicketId};
use crate::sla::calendar::CalendarVersion;
use crate::sla::event::{
    ContactId, ContactOutcome, DisputeId, DisputeOutcome, Event, EventKind, Metric, RemedyId, RemedyKind,
    ReplyBy, TicketStatus,
};
use crate::words::{Cause, Channel, Sentiment, Severity, Tier};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A name that many facts have: who reads facts lets them point to the same letters, so that names are told apart
/// without reading them.
pub type Name = Arc<str>;

/// A half-open span of time, UTC milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// First instant.
    pub from_ms: i64,
    /// First instant after it.
    pub until_ms: i64,
}

impl Span {
    /// True for an instant inside.
    pub const fn has(&self, at_ms: i64) -> bool {
        self.from_ms <= at_ms && at_ms < self.until_ms
    }
}

/// Everything the figures of some spans need. A ticket stands once, whichever span asked for it; `T` is one and `R` a
/// review, or they share one with others who count.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts<T = TicketFact, R = ReviewFact> {
    /// Tickets that were alive in one of the spans, or in the 90 days before the end of one whose conversion is
    /// counted; others do no harm. What is still open is alive.
    pub tickets: Vec<T>,
    /// Reviews of any sentiment, counted in the spans by the instant they were posted (received where none is known).
    pub reviews: Vec<R>,
    /// Orders of the spans, and those of the 60 days after a closing; empty where none were ever imported.
    pub orders: Vec<OrderFact>,
}

impl<T, R> Default for Facts<T, R> {
    fn default() -> Self {
        Self {
            tickets: Vec::new(),
            reviews: Vec::new(),
            orders: Vec::new(),
        }
    }
}

/// A ticket with what the figures ask of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketFact {
    /// Identity.
    pub id: TicketId,
    /// 年月-序号, for lists of single tickets.
    pub number: String,
    /// Tier now.
    pub tier: Tier,
    /// Severity, as assessed or corrected.
    pub severity: Severity,
    /// Causes, main first, as assessed or corrected.
    pub causes: Vec<Cause>,
    /// Where the review stands.
    pub channel: Channel,
    /// Shop, `""` if none is known. Kept apart from the fact, with the other names.
    #[serde(skip)]
    pub shop: Name,
    /// Product, as the channel names it. Kept apart as well.
    #[serde(skip)]
    pub product: Option<Name>,
    /// The source it came from; none for one opened by hand.
    pub source: Option<SourceId>,
    /// Who is responsible now.
    pub owner: Option<PersonId>,
    /// Where it is in the loop now.
    pub status: TicketStatus,
    /// When it came in.
    pub received_ms: i64,
    /// When the review was posted, if known.
    pub posted_ms: Option<i64>,
    /// Key of the customer, where one can be told apart; the same as in [`OrderFact::customer`].
    pub customer: Option<String>,
    /// Stars 1 to 5 the review has now.
    pub stars_now: Option<f64>,
    /// Authors can change a review on this channel (product.md, conversion).
    pub editable: bool,
    /// Its deadlines, all cycles.
    pub clocks: Vec<ClockFact>,
    /// What of its log is counted, without what was undone, in the order it was written.
    pub events: Vec<CountedEvent>,
    /// The calendar it is under, for working time.
    pub calendar: CalendarVersion,
}

/// An event of a ticket's log, as little of it as the figures ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountedEvent {
    /// When it happened, UTC ms.
    pub at_ms: i64,
    /// Who did it; none means the program or the platform.
    pub actor: Option<PersonId>,
    /// What happened.
    pub kind: CountedKind,
}

/// The kinds of events that are counted; each as in [`EventKind`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the fields are those of EventKind, where they are explained"
)]
pub enum CountedKind {
    Status {
        status: TicketStatus,
        reason: Option<String>,
    },
    ReplyPublished {
        reply: ReplyId,
        by: ReplyBy,
    },
    CustomerMessage,
    ContactLogged {
        contact: ContactId,
        outcome: ContactOutcome,
        follow_up: bool,
    },
    SatisfactionRated {
        score: u8,
        contact: Option<ContactId>,
    },
    SolutionOffered,
    RemedyOffered {
        remedy: RemedyId,
        kind: RemedyKind,
        value_minor: u32,
        cost_minor: u32,
        currency: String,
    },
    RemedyGranted {
        remedy: RemedyId,
    },
    Resolved,
    Closed {
        reason: Option<String>,
    },
    Reopened,
    Done,
    Dismissed,
    MergedInto,
    Assigned {
        to: PersonId,
    },
    Unassigned,
    BreachAnnulled {
        metric: Metric,
        cycle: u32,
        reason: String,
    },
    DisputeOpened {
        dispute: DisputeId,
        reason: String,
    },
    DisputeDecided {
        dispute: DisputeId,
        outcome: DisputeOutcome,
    },
    QualityScored {
        reply: ReplyId,
        score: u8,
    },
    ReviewChanged {
        stars: Option<f32>,
    },
}

/// The stored words of these kinds; the rest of a log is not read.
pub const COUNTED_EVENTS: [&str; 21] = [
    "status",
    "reply_published",
    "customer_message",
    "contact_logged",
    "satisfaction_rated",
    "solution_offered",
    "remedy_offered",
    "remedy_granted",
    "resolved",
    "closed",
    "reopened",
    "done",
    "dismissed",
    "merged_into",
    "assigned",
    "unassigned",
    "breach_annulled",
    "dispute_opened",
    "dispute_decided",
    "quality_scored",
    "review_changed",
];

impl CountedEvent {
    /// The event as it is counted; none if no figure asks for its kind.
    pub fn of(event: Event) -> Option<Self> {
        use EventKind as E;
        let kind = match event.kind {
            E::Status { status, reason, .. } => CountedKind::Status { status, reason },
            E::ReplyPublished { reply, by, .. } => CountedKind::ReplyPublished { reply, by },
            E::CustomerMessage { .. } => CountedKind::CustomerMessage,
            E::ContactLogged {
                contact,
                outcome,
                follow_up,
                ..
            } => CountedKind::ContactLogged {
                contact,
                outcome,
                follow_up,
            },
            E::SatisfactionRated { score, contact } => CountedKind::SatisfactionRated { score, contact },
            E::SolutionOffered { .. } => CountedKind::SolutionOffered,
            E::RemedyOffered {
                remedy,
                kind,
                value_minor,
                cost_minor,
                currency,
            } => CountedKind::RemedyOffered {
                remedy,
                kind,
                value_minor,
                cost_minor,
                currency,
            },
            E::RemedyGranted { remedy } => CountedKind::RemedyGranted { remedy },
            E::Resolved { .. } => CountedKind::Resolved,
            E::Closed { reason, .. } => CountedKind::Closed { reason },
            E::Reopened { .. } => CountedKind::Reopened,
            E::Done {} => CountedKind::Done,
            E::Dismissed { .. } => CountedKind::Dismissed,
            E::MergedInto { .. } => CountedKind::MergedInto,
            E::Assigned { to, .. } => CountedKind::Assigned { to },
            E::Unassigned { .. } => CountedKind::Unassigned,
            E::BreachAnnulled {
                metric,
                cycle,
                reason,
                ..
            } => CountedKind::BreachAnnulled {
                metric,
                cycle,
                reason,
            },
            E::DisputeOpened { dispute, reason } => CountedKind::DisputeOpened { dispute, reason },
            E::DisputeDecided { dispute, outcome } => CountedKind::DisputeDecided { dispute, outcome },
            E::QualityScored { reply, score, .. } => CountedKind::QualityScored { reply, score },
            E::ReviewChanged { stars, .. } => CountedKind::ReviewChanged { stars },
            _ => return None,
        };
        Some(Self {
            at_ms: event.at_ms,
            actor: event.actor,
            kind,
        })
    }
}

/// One deadline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClockFact {
    /// What was promised.
    pub metric: Metric,
    /// Cycle, from 1.
    pub cycle: u32,
    /// When it began, UTC ms.
    pub start_ms: i64,
    /// When it was or is due, UTC ms.
    pub due_ms: i64,
    /// When it was kept (in time or late), UTC ms.
    pub fulfilled_ms: Option<i64>,
    /// It was kept, at a time nobody knows (sla.md R27): met, and left out of response times. `fulfilled_ms` is none.
    pub untimed: bool,
    /// It rests, so it is neither met nor missed yet.
    pub paused: bool,
    /// Cancelled: counts nowhere, except where [`ClockFact::annulled`].
    pub cancelled: bool,
    /// A manager took its breach out of the attainment (sla.md R14): shown apart.
    pub annulled: bool,
}

/// One review as the figures count it, or several that are alike.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewFact {
    /// When it was posted; when it was received if that is not known. UTC ms.
    pub at_ms: i64,
    /// How long it took to come in after it was posted; none if the posting time is not known to the hour.
    pub lag_ms: Option<i64>,
    /// What it says.
    pub sentiment: Sentiment,
    /// Causes of a complaint, main first; empty for praise.
    pub causes: Vec<Cause>,
    /// Stars 1 to 5.
    pub stars: Option<f64>,
    /// Where it stands.
    pub channel: Channel,
    /// Shop, `""` if none is known.
    pub shop: Name,
    /// Product, as the channel names it.
    pub product: Option<Name>,
    /// The source they came from.
    pub source: Option<SourceId>,
    /// How many.
    pub count: u32,
}

/// An order that was imported.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderFact {
    /// Key of the customer; none where the export has none.
    pub customer: Option<String>,
    /// When, UTC ms.
    pub at_ms: i64,
    /// Shop, `""` if none is known.
    pub shop: String,
    /// Its products, each once, as the channel names them; none are known in some exports.
    pub products: Vec<String>,
    /// Amount in the currency's smallest unit.
    pub amount_minor: i64,
}
