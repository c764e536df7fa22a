//! Shifts 班次: who works when, who is on call, who is away.

use super::PersonView;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A shift of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ShiftView {
    /// Id; empty for a new one.
    pub id: String,
    /// Name.
    pub name: String,
    /// From, `HH:MM`.
    pub from: String,
    /// To, `HH:MM`; at or before `from` it passes midnight.
    pub to: String,
    /// Index of its colour.
    pub color: u8,
}

/// Somebody works a shift on a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Slot {
    /// `YYYY-MM-DD` on which the shift starts.
    pub date: String,
    /// Shift.
    pub shift_id: String,
    /// Person.
    pub person_id: String,
}

/// Somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Absence {
    /// Id.
    pub id: String,
    /// Person.
    pub person_id: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Why.
    pub note: String,
}

/// Who is on call on a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OnCallSlot {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Person.
    pub person_id: String,
}

/// The next shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NextShift {
    /// Name.
    pub name: String,
    /// When it starts.
    pub at: String,
}

/// The newest hand-over note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HandoverView {
    /// Name of who wrote it.
    pub by: String,
    /// When.
    pub at: String,
    /// Words.
    pub text: String,
}

/// Who is there now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DutyNow {
    /// On shift; everybody active while no roster is kept.
    pub on_shift: Vec<PersonView>,
    /// On call today.
    pub on_call: Option<PersonView>,
    /// Next shift that somebody works.
    pub next: Option<NextShift>,
    /// Hand-over note.
    pub handover: Option<HandoverView>,
}

/// A week of the roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RosterView {
    /// Its Monday, `YYYY-MM-DD`.
    pub week: String,
    /// Shifts of the day.
    pub shifts: Vec<ShiftView>,
    /// Who works when in this week.
    pub slots: Vec<Slot>,
    /// Absences that touch this week or lie ahead.
    pub absences: Vec<Absence>,
    /// On call in this week.
    pub on_call: Vec<OnCallSlot>,
    /// Who is there now.
    pub now: DutyNow,
    /// A roster is kept; otherwise everybody active counts as on shift.
    pub enabled: bool,
    /// Of the shifts and of whether a roster is kept.
    pub revision: String,
}

/// The shifts of the day, all of them: one left out is removed with its slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ShiftSave {
    /// A roster is kept.
    pub enabled: bool,
    /// Shifts.
    pub shifts: Vec<ShiftView>,
    /// Revision that they were made from; with another one saved meanwhile nothing is saved (`conflict`).
    pub made_from: String,
}

/// Who works a shift on a date; replaces who did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RosterSet {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Shift.
    pub shift_id: String,
    /// People.
    pub person_ids: Vec<String>,
    /// Who was seen there before, in any order; with others there by now nothing is saved (`conflict`).
    pub made_from: Vec<String>,
}

/// Who is on call on a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OnCallSet {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Person; none clears it.
    pub person_id: Option<String>,
    /// Who was seen there before; with somebody else there by now nothing is saved (`conflict`).
    pub made_from: Option<String>,
}

/// Copies a pattern of weeks forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Rotate {
    /// Monday of the pattern's first week.
    pub from_week: String,
    /// Weeks to fill after the pattern, 1 to 26.
    pub weeks: u32,
    /// Length of the pattern in weeks, 1 to 8.
    pub every_weeks: u32,
}

/// A new absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AbsenceAdd {
    /// Person.
    pub person_id: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Why.
    pub note: String,
}
