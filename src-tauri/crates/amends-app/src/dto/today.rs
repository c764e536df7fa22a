//! Today 今日, and why a deadline is when it is.

use super::{ClockState, ClockView, DutyNow, InboxRow, PersonView};
use amends_domain::Tier;
use serde::{Deserialize, Serialize};
use specta::Type;

/// One hour of today in the workspace's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HourLoad {
    /// 0 to 23.
    pub hour: u8,
    /// Deadlines that fall due in it and are not met.
    pub due: u32,
    /// Tickets that came in it.
    pub arrived: u32,
    /// Tickets first answered in it.
    pub answered: u32,
}

/// What a person carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonLoad {
    /// Person; none counts what nobody owns.
    pub person: Option<PersonView>,
    /// Open tickets.
    pub open: u32,
    /// Of these overdue.
    pub overdue: u32,
    /// On shift now.
    pub on_shift: bool,
}

/// How a source does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SourceHealth {
    /// Channel word; the window has its name.
    pub name: String,
    /// When something last came in.
    pub last_at: Option<String>,
    /// Reviews that came in today.
    pub reviews_today: u32,
    /// What is wrong, in Chinese.
    pub problem: Option<String>,
}

/// Are we all right?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TodayView {
    /// The current instant.
    pub now: String,
    /// Open tickets.
    pub open: u32,
    /// Open tickets whose nearest deadline is later today.
    pub due_today: u32,
    /// Overdue tickets.
    pub overdue: u32,
    /// Due within an hour.
    pub at_risk: u32,
    /// Came today.
    pub new_today: u32,
    /// First answered today.
    pub answered_today: u32,
    /// Closed today.
    pub closed_today: u32,
    /// 24 hours.
    pub hours: Vec<HourLoad>,
    /// The ten nearest deadlines.
    pub breaching: Vec<InboxRow>,
    /// Who is there.
    pub duty: DutyNow,
    /// What each person carries.
    pub loads: Vec<PersonLoad>,
    /// Sources.
    pub sources: Vec<SourceHealth>,
    /// Unread alerts of whoever sits here.
    pub unread_alerts: u32,
    /// Tickets whose warnings fell due while no program ran and are still to be decided; 0 once it has caught up.
    pub catching_up: u32,
}

/// Names a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhyQuery {
    /// Ticket.
    pub id: String,
    /// Metric word.
    pub metric: String,
    /// Cycle from 1.
    pub cycle: u32,
    /// Review or message it is about, as `ClockView.subject` says.
    pub subject: String,
}

/// The same deadline if the ticket had another tier from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// Tier.
    pub tier: Tier,
    /// Due then; none where that tier has no such deadline.
    pub due_at: Option<String>,
    /// How it would stand.
    pub state: Option<ClockState>,
    /// Grace would move it (sla.md R13).
    pub grace: bool,
}

/// Why a deadline is when it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClockWhy {
    /// The deadline with its counted and paused intervals and the sentence.
    pub clock: ClockView,
    /// Tier it is judged by.
    pub tier: Tier,
    /// Promise version.
    pub policy_version: u32,
    /// Calendar version.
    pub calendar_version: u32,
    /// IANA zone of the calendar.
    pub zone: String,
    /// What had been promised before any change.
    pub original_due_at: String,
    /// Working seconds that pauses took out of it.
    pub paused_secs: u32,
    /// Words of `Flag`: `grace`, `late_escalation`, `pause_capped` …
    pub flags: Vec<String>,
    /// The other tiers.
    pub what_if: Vec<WhatIf>,
}
