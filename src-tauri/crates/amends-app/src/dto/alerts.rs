//! Alerts 提醒: what rang, for whom, and how each person wants to hear it.

use amends_domain::{Tier, sla::alerts::Recipient};
use serde::{Deserialize, Serialize};
use specta::Type;

/// How far a deadline has come, or that an urgent ticket is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    /// A new urgent ticket.
    NewUrgent,
    /// 75 % of the target by default.
    L1,
    /// 90 % of the target by default.
    L2,
    /// The due time.
    Due,
    /// 25 % past the due time by default.
    Overdue,
}

impl AlertLevel {
    /// In the order in which they are reached.
    pub const ALL: [AlertLevel; 5] = [Self::NewUrgent, Self::L1, Self::L2, Self::Due, Self::Overdue];
}

/// What became of an alert at a person's desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Waits for the person to sit down, or for its repetition.
    Pending,
    /// Held back by quiet hours or a meeting.
    Held,
    /// Rang by itself.
    Rung,
    /// Rang as part of a summary.
    Folded,
    /// Only noted: a later level rang instead, or nothing was owed any more.
    Skipped,
    /// The desktop could not show it; the window did.
    Failed,
}

/// One alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertView {
    /// Alert.
    pub id: String,
    /// Ticket.
    pub ticket_id: String,
    /// Number.
    pub number: String,
    /// Tier.
    pub tier: Tier,
    /// Level.
    pub level: AlertLevel,
    /// Metric, none for `new_urgent`.
    pub metric: Option<String>,
    /// When it was reached.
    pub at: String,
    /// Title as it rang.
    pub title: String,
    /// Body as it rang, private data masked.
    pub body: String,
    /// Seen by whoever sits here.
    pub seen: bool,
    /// It could not be shown by the desktop; the window shows it.
    pub failed: bool,
    /// Somebody took note of it: silent until the next level.
    pub acknowledged: bool,
    /// Rings again then.
    pub snoozed_until: Option<String>,
    /// Names of the people it was for.
    pub recipient: Option<String>,
    /// What became of it at this desk.
    pub state: AlertState,
}

/// A sound of the window, synthesised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SoundName {
    /// Silent.
    None,
    /// 轻柔
    Soft,
    /// 清脆
    Clear,
    /// 急促
    Urgent,
}

/// How one level makes itself heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LevelChoice {
    /// Level.
    pub level: AlertLevel,
    /// Shows a notification of the desktop.
    pub native: bool,
    /// Sound.
    pub sound: SoundName,
    /// 0 to 100.
    pub volume: u8,
}

/// Hours of the day, `HH:MM`; an end at or before the beginning passes midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct QuietWindow {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
}

/// One person's choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonAlerts {
    /// One choice per level.
    pub levels: Vec<LevelChoice>,
    /// 重要 and 一般 wait until its end, then come as one summary; 紧急 rings (sla.md R21).
    pub quiet: Option<QuietWindow>,
    /// In a meeting until then: as quiet hours, and 紧急 comes without sound.
    pub meeting_until: Option<String>,
    /// Tiers this person wants to hear of; the others are only listed.
    pub tiers: Vec<Tier>,
}

/// Whom a level is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LadderStep {
    /// Level.
    pub level: AlertLevel,
    /// Recipients; who is not there is stood in for (sla.md R21).
    pub recipients: Vec<Recipient>,
}

/// The rules of alerts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertRulesView {
    /// Of whoever sits here.
    pub mine: PersonAlerts,
    /// Whom each level is for.
    pub ladder: Vec<LadderStep>,
    /// An urgent alert rings again this often until it is seen; 0 never.
    pub repeat_urgent_secs: u32,
    /// A ticket goes back to everybody when its assignee is silent for so long after an alert; none never.
    pub take_back_secs: Option<u32>,
    /// Starts with the computer.
    pub autostart: bool,
    /// This desktop can start programs with the computer.
    pub autostart_available: bool,
    /// Secrets of bots are kept in the system's keyring; otherwise in a file that only this user can read.
    pub keyring_available: bool,
    /// Of the workspace's rules and one's own choices.
    pub revision: String,
}

/// Changes to the rules of alerts; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct AlertRulesSave {
    /// Choices of whoever sits here.
    pub mine: Option<PersonAlerts>,
    /// Whom each level is for.
    pub ladder: Option<Vec<LadderStep>>,
    /// Seconds between repetitions; 0 never, otherwise 30 to 3,600.
    pub repeat_urgent_secs: Option<u32>,
    /// Seconds until a silent assignee's ticket goes back; 0 never, otherwise 60 to 86,400.
    pub take_back_secs: Option<u32>,
    /// Starts with the computer.
    pub autostart: Option<bool>,
    /// Revision that the changes were made from; with another one saved meanwhile nothing is saved (`conflict`).
    pub made_from: String,
}

/// Rings an alert again later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertSnooze {
    /// Alert.
    pub id: String,
    /// In how many minutes, 1 to 1,440.
    pub minutes: u32,
}

/// A sound to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SoundTest {
    /// Sound.
    pub sound: SoundName,
    /// 0 to 100.
    pub volume: u8,
}
