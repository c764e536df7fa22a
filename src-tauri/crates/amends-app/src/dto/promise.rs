//! Promise 时效承诺: what is promised per tier, and what a new version would move.

use amends_domain::{
    Tier,
    sla::{Metric, StartAt, event::TicketStatus},
};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The targets of one tier, in seconds of working time; none means that the tier has no such deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TierTargets {
    /// 首次答复
    pub first_response: Option<u32>,
    /// 再次答复; none means the same as the first response (sla.md R19).
    pub next_response: Option<u32>,
    /// 方案
    pub solution: Option<u32>,
    /// 关闭
    pub closure: Option<u32>,
}

/// In which statuses a metric rests (sla.md R8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PauseRule {
    /// Metric.
    pub metric: Metric,
    /// Statuses that pause it.
    pub statuses: Vec<TicketStatus>,
}

/// The promise as people edit it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PromiseRules {
    /// 紧急
    pub urgent: TierTargets,
    /// 重要
    pub important: TierTargets,
    /// 一般
    pub general: TierTargets,
    /// From which time the clocks of new tickets start.
    pub start: StartAt,
    /// What rests when.
    pub pauses: Vec<PauseRule>,
    /// Longest pause in total, real seconds.
    pub pause_cap_secs: u32,
    /// First warning, percent of the target.
    pub warn_first: u8,
    /// Second warning, percent of the target.
    pub warn_second: u8,
    /// Overdue warning, percent of the target counted on from the due time.
    pub warn_overdue: u8,
    /// The follow-up opens this many days after closing.
    pub follow_up_from_day: u8,
    /// And is due this many days after closing.
    pub follow_up_to_day: u8,
    /// Customers may be called from, `HH:MM`.
    pub contact_from: String,
    /// Until, `HH:MM`.
    pub contact_to: String,
    /// Follow-ups move off holidays.
    pub respect_holidays: bool,
    /// For how many days a complaint reopens the same ticket.
    pub reopen_days: u8,
}

/// The promise in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PromiseView {
    /// Version.
    pub version: u32,
    /// When it was saved.
    pub saved_at: String,
    /// By whom; none is the program's own first version.
    pub saved_by: Option<String>,
    /// Rules.
    pub rules: PromiseRules,
}

/// A new promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PromiseSave {
    /// Rules.
    pub rules: PromiseRules,
    /// Open tickets come under it too; otherwise they keep theirs (sla.md R15).
    pub apply_to_open: bool,
    /// Version that the rules were made from; with a newer one in force nothing is saved (`conflict`).
    pub made_from: u32,
}

/// What applying a version to the open tickets would do (sla.md R15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApplyPreview {
    /// Open tickets looked at.
    pub open: u32,
    /// Deadlines that would move.
    pub moved: u32,
    /// Of these, late by the new target but for the grace (sla.md R13).
    pub late: u32,
    /// The first 20 of them, late ones first, then by the new due time.
    pub examples: Vec<MovedDeadline>,
}

/// A deadline that would move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MovedDeadline {
    /// Ticket.
    pub ticket_id: String,
    /// 年月-序号.
    pub number: String,
    /// Tier.
    pub tier: Tier,
    /// Metric.
    pub metric: Metric,
    /// Due now; none for a deadline that is new.
    pub from: Option<String>,
    /// Due then; none for a deadline that would be gone.
    pub to: Option<String>,
    /// Late by the new target but for the grace.
    pub late: bool,
}
