//! The figures themselves. A count of tickets is the list of them, so the two can never differ.

use super::facts::Span;
use crate::id::PersonId;
use crate::sla::event::{Metric, RemedyKind, TicketStatus};
use crate::words::{Cause, Channel, Tier};
use serde::{Serialize, Serializer};

/// What a number counts: positions in [`super::Facts::tickets`], one for each thing counted, ascending. A ticket of which
/// two deadlines were missed stands twice in a set of deadlines; every other set holds a ticket once.
/// Written out as its length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Set(pub Vec<u32>);

impl Set {
    /// The number shown.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tickets behind the number, each once.
    pub fn tickets(&self) -> Vec<u32> {
        let mut tickets = self.0.clone();
        tickets.dedup();
        tickets
    }
}

impl Serialize for Set {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.len() as u64)
    }
}

/// How a figure differs from what it is compared with. Whether that is good or bad is not decided here.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The figure compared with: a rate from 0 to 1, a count, or milliseconds. Of counts, while the period is not
    /// over, the part for the time that has passed.
    pub before: f64,
    /// The difference: 百分点 for rates, else in the figure's own unit.
    pub delta: f64,
    /// The difference in percent of `before`; none if that was nothing.
    pub percent: Option<f64>,
    /// The chance that pure luck gives a difference as large as this one.
    pub p: f64,
    /// Less than 1 in 20 by luck alone; in a table, corrected for its many lines.
    pub beyond_chance: bool,
}

/// A plain count with its changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// How many.
    pub count: u64,
    /// Against the period before.
    pub change: Option<Change>,
    /// Against the mean of the four periods before.
    pub change_four: Option<Change>,
    /// Against the same period a year ago.
    pub change_year: Option<Change>,
}

/// Tickets counted, with the changes of their number.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// Which.
    pub set: Set,
    /// Against the period before.
    pub change: Option<Change>,
    /// Against the mean of the four periods before.
    pub change_four: Option<Change>,
    /// Against the same period a year ago.
    pub change_year: Option<Change>,
}

/// Met ÷ (met + missed).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Share {
    /// Kept.
    pub met: Set,
    /// Not kept.
    pub missed: Set,
    /// Taken out by a manager, shown apart (sla.md R14).
    pub annulled: Set,
    /// Not decided yet: in neither.
    pub running: Set,
    /// Against the period before.
    pub change: Option<Change>,
    /// Against the same period a year ago.
    pub change_year: Option<Change>,
}

/// The middle and the edges of times, in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    /// How many times are in it.
    pub count: u64,
    /// Mean.
    pub mean_ms: Option<f64>,
    /// Half were at most this.
    pub median_ms: Option<f64>,
    /// Nine in ten were at most this.
    pub p90_ms: Option<f64>,
    /// Change of the median against the period before.
    pub change: Option<Change>,
    /// Change of the median against the same period a year ago.
    pub change_year: Option<Change>,
}

/// How much came in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Volume {
    /// Reviews of any sentiment posted in the period.
    pub reviews: Count,
    /// Negative ones.
    pub negative: Count,
    /// Those that praise and complain.
    pub mixed: Count,
    /// Positive ones.
    pub positive: Count,
    /// Tickets opened in the period; not those dismissed or merged since, which are no complaint or no case of their own.
    pub tickets: Counted,
    /// Of those, urgent ones.
    pub urgent: Counted,
    /// Opened in the period and dismissed since.
    pub dismissed: Set,
    /// Opened in the period and merged into another one since, which counts for both.
    pub merged: Set,
    /// Tickets open now.
    pub open: Set,
    /// Orders of the period; none if none were ever imported.
    pub orders: Option<u64>,
    /// Negative reviews per 1,000 orders.
    pub per_thousand: Option<f64>,
    /// Its change against the period before; `before` and `delta` are per 1,000.
    pub per_thousand_change: Option<Change>,
}

/// How one promise was kept for one tier (or all).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Promise {
    /// Prefix of its keys, such as `promise.urgent.first_response`.
    pub key: String,
    /// What was promised.
    pub metric: Metric,
    /// To which tier; none for all of them together.
    pub tier: Option<Tier>,
    /// Clocks due in the period.
    pub share: Share,
}

/// One promise that was broken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Breach {
    /// Position in [`super::Facts::tickets`].
    pub ticket: u32,
    /// 年月-序号.
    pub number: String,
    /// What was promised.
    pub metric: Metric,
    /// Cycle, from 1.
    pub cycle: u32,
    /// Tier of the ticket.
    pub tier: Tier,
    /// When it was due, UTC ms.
    pub due_ms: i64,
    /// When it was kept after all, UTC ms.
    pub fulfilled_ms: Option<i64>,
    /// By how much, real milliseconds; up to now if it is still owed.
    pub late_ms: i64,
    /// Who was responsible when it became late.
    pub person: Option<PersonId>,
    /// Where the ticket stood when it became late.
    pub step: TicketStatus,
    /// The last reason anybody wrote, if somebody did: for the annulment, the step it stood in, or its closing.
    pub reason: Option<String>,
    /// Taken out of the attainment by a manager.
    pub annulled: bool,
}

/// How long customers waited for the first human answer. Cohort: answers of the period.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Answered in the period, at a known time.
    pub answered: Set,
    /// In all of the time.
    pub calendar: Spread,
    /// In the working time of the ticket's calendar.
    pub working: Spread,
    /// Since the review was posted, where that is known.
    pub since_posted: Spread,
}

/// What follow-ups achieved. Cohort: follow-up contacts of the period.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recovery {
    /// Reached ÷ tried.
    pub reach: Share,
    /// Rated 4 or 5 ÷ reached.
    pub satisfied: Share,
    /// Reached, without a rating; among the not satisfied of `satisfied`.
    pub unrated: Set,
}

/// A share whose members need time to ripen.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ripening {
    /// Those that did ÷ all, as of now.
    pub share: Share,
    /// Of those that did not: still have time 未到期.
    pub immature: Set,
    /// Nothing can change any more.
    pub mature: bool,
}

/// Negative reviews that became good ones. Cohort: first human public answers of the 90 days up to the period's end.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversion {
    /// Changed to 4 stars or more within 90 days and still there ÷ all on channels where reviews can be changed.
    #[serde(flatten)]
    pub ripening: Ripening,
    /// Answered where a review cannot be changed: not in the share.
    pub not_editable: Set,
    /// Answered where reviews have no stars: not in the share.
    pub without_stars: Set,
}

/// Delay between posting and coming in. Cohort: reviews posted in the period whose posting time is known.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lag {
    /// The delays.
    #[serde(flatten)]
    pub spread: Spread,
}

/// Money given, in one currency, in its smallest unit.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// ISO 4217.
    pub currency: String,
    /// Tickets that got something.
    pub cases: Set,
    /// Remedies given.
    pub remedies: u64,
    /// Worth to customers.
    pub value_minor: i64,
    /// Cost to the business.
    pub cost_minor: i64,
    /// Cost ÷ cases.
    pub cost_per_case_minor: f64,
    /// Value ÷ cases.
    pub value_per_case_minor: f64,
}

/// Money given for one main cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CauseMoney {
    /// The main cause of the tickets; none where none is known.
    pub cause: Option<Cause>,
    /// What was given, by currency.
    pub money: Vec<Money>,
}

/// What one kind of remedy brings back.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RemedyReturn {
    /// Prefix of its keys, such as `remedy.coupon`.
    pub key: String,
    /// The kind; none for tickets without any remedy.
    pub kind: Option<RemedyKind>,
    /// Tickets to which one was given in the period.
    pub given: Set,
    /// What was given, by currency.
    pub money: Vec<Money>,
    /// Conversion of those that got it.
    pub conversion: Ripening,
    /// Repurchase of those that got it; none without orders.
    pub repurchase: Option<Ripening>,
}

/// What was given to customers. Cohort: remedies granted in the period.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compensation {
    /// Tickets that got something.
    pub cases: Set,
    /// In all, by currency.
    pub money: Vec<Money>,
    /// By main cause, costliest first.
    pub causes: Vec<CauseMoney>,
    /// By kind.
    pub kinds: Vec<RemedyReturn>,
}

/// Time that tickets stood in one step during the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepTime {
    /// Prefix of its keys, such as `step.verifying`.
    pub key: String,
    /// The step.
    pub step: TicketStatus,
    /// Tickets that stood in it.
    pub tickets: Set,
    /// In all, real milliseconds.
    pub calendar_ms: i64,
    /// In all, working milliseconds.
    pub working_ms: i64,
    /// Of one ticket, working milliseconds.
    pub per_ticket: Spread,
}

/// Time that one person's tickets stood in open steps during the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonTime {
    /// Who; none for time without an owner.
    pub person: Option<PersonId>,
    /// Prefix of its keys, such as `time.p1`.
    pub key: String,
    /// Their tickets.
    pub tickets: Set,
    /// In all, real milliseconds.
    pub calendar_ms: i64,
    /// In all, working milliseconds.
    pub working_ms: i64,
    /// By step, working milliseconds.
    pub steps: Vec<(TicketStatus, i64)>,
}

/// Appeals at platforms.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Disputes {
    /// Opened in the period.
    pub opened: Set,
    /// Decided for us in the period ÷ decided for or against us.
    pub won: Share,
    /// Taken back by us, or never answered, in the period.
    pub without_decision: Set,
    /// Waiting for the platform now.
    pub pending: Set,
}

/// One line of the tables of causes, products, shops and channels. Cohort: tickets opened in the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row<T> {
    /// Prefix of its keys, such as `product.纯牛奶`.
    pub key: String,
    /// What the line is about.
    pub name: T,
    /// Tickets, and how their number changed.
    pub tickets: Counted,
    /// Tickets for each period of the course of things.
    pub trend: Vec<u64>,
    /// Negative reviews of the period, with or without a ticket.
    pub negative: Count,
    /// Reviews of the period.
    pub reviews: u64,
    /// Negative reviews per 1,000 orders, where its orders are known.
    pub per_thousand: Option<f64>,
    /// First response in time.
    pub promise: Share,
    /// Its tickets by main cause, in the order of [`Cause::ALL`]; empty in the table of causes.
    pub causes: Vec<(Cause, Set)>,
}

/// One line of the table of people.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonRow {
    /// Prefix of its keys, such as `person.p1`.
    pub key: String,
    /// Who; none for tickets that nobody owns.
    pub person: Option<PersonId>,
    /// Tickets they answered, contacted, resolved or closed in the period.
    pub handled: Set,
    /// Of those, urgent ones or severe ones: the case mix that makes lines comparable.
    pub hard: Share,
    /// Theirs and open now.
    pub open: Set,
    /// Public answers they wrote in the period.
    pub replies: u64,
    /// First answers they gave in the period.
    pub response: Response,
    /// First response in time, of clocks that were theirs when kept or late.
    pub promise: Share,
    /// Every promise in time, of clocks that were theirs when kept or late.
    pub all_promises: Share,
    /// Quality scores of their answers given in the period.
    pub scored: Set,
    /// Their mean, 0 to 100.
    pub quality: Option<f64>,
}

/// Products against causes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Heat {
    /// The causes, most frequent first.
    pub causes: Vec<Cause>,
    /// The 12 products with the most tickets.
    pub rows: Vec<HeatRow>,
}

/// One product of the heat map.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeatRow {
    /// Prefix of its keys, such as `heat.纯牛奶`; a cell's key adds the cause.
    pub key: String,
    /// The product.
    pub product: String,
    /// One cell for each cause: tickets that name it among their causes, and how their number changed.
    pub cells: Vec<Counted>,
}

/// What went well.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Good {
    /// Fell beyond chance against the four periods before.
    #[serde(rename_all = "camelCase")]
    Fell {
        /// Key of the line, such as `cause.quality`.
        key: String,
        /// Tickets of the period.
        now: u64,
        /// Against the mean of the four periods before.
        change: Change,
    },
    /// A product that is praised.
    #[serde(rename_all = "camelCase")]
    Praised {
        /// The product.
        product: String,
        /// Positive reviews of the period.
        positive: u64,
        /// Of that many.
        reviews: u64,
    },
    /// The fastest first answers.
    #[serde(rename_all = "camelCase")]
    Fastest {
        /// Position in [`super::Facts::tickets`].
        ticket: u32,
        /// 年月-序号.
        number: String,
        /// Who answered.
        person: Option<PersonId>,
        /// In how long, real milliseconds.
        took_ms: i64,
    },
}

/// The headline figures of one period of the course of things.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendPoint {
    /// The period.
    pub span: Span,
    /// Tickets opened.
    pub tickets: u64,
    /// Reviews posted.
    pub reviews: u64,
    /// Negative ones.
    pub negative: u64,
    /// First response in time.
    pub first_response: Option<f64>,
    /// Median first response, real milliseconds.
    pub median_response_ms: Option<f64>,
    /// Closed in time.
    pub closure: Option<f64>,
    /// Satisfied ÷ reached.
    pub recovery: Option<f64>,
    /// Conversion.
    pub conversion: Option<f64>,
}

/// Every figure of a period.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// The period.
    pub span: Span,
    /// What it is compared with.
    pub before: Option<Span>,
    /// The same a year ago.
    pub last_year: Option<Span>,
    /// As of when, UTC ms.
    pub now_ms: i64,
    /// How much came in.
    pub volume: Volume,
    /// Promises by clock and tier. Cohort: clocks due in the period.
    pub promises: Vec<Promise>,
    /// The promises that were broken, the latest first.
    pub breaches: Vec<Breach>,
    /// First-response time.
    pub response: Response,
    /// Offered a solution by now ÷ those that were to be closed in the period.
    pub solution: Share,
    /// Closed in time, all tiers. Cohort: closures due in the period.
    pub closure: Share,
    /// Reopened within 7 days ÷ closed in the period (`met` is reopened).
    pub reopened: Ripening,
    /// Satisfaction.
    pub recovery: Recovery,
    /// Reviews changed for the better.
    pub conversion: Conversion,
    /// Customers who bought again within 60 days ÷ customers whose ticket was closed in the 60 days up to the
    /// period's end; none if no orders were ever imported.
    pub repurchase: Option<Ripening>,
    /// Detection lag.
    pub lag: Lag,
    /// What was given to customers.
    pub compensation: Compensation,
    /// Time by step.
    pub steps: Vec<StepTime>,
    /// Time by person.
    pub time: Vec<PersonTime>,
    /// Follow-ups done in time ÷ due in the period.
    pub follow_ups: Share,
    /// Appeals.
    pub disputes: Disputes,
    /// By cause: a ticket counts for each of its causes.
    pub causes: Vec<Row<Cause>>,
    /// By product.
    pub products: Vec<Row<String>>,
    /// By shop.
    pub shops: Vec<Row<String>>,
    /// By channel.
    pub channels: Vec<Row<Channel>>,
    /// By person.
    pub people: Vec<PersonRow>,
    /// Products against causes.
    pub heat: Heat,
    /// What went well.
    pub good: Vec<Good>,
    /// The course of the headline figures.
    pub trend: Vec<TrendPoint>,
}
