//! Working calendars 工作日历: rules, a year of days, what a change would do.

use super::ApplyPreview;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A stretch of working time on the wall clock, `HH:MM`; a close at or before the open passes midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WindowOfDay {
    /// From.
    pub open: String,
    /// To; `24:00` is the end of the day.
    pub close: String,
}

/// A date that differs from its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayOverride {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Closed all day; `windows` is then empty.
    pub closed: bool,
    /// Own hours.
    pub windows: Vec<WindowOfDay>,
    /// Why, for people.
    pub note: String,
}

/// A calendar as people edit it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CalendarRules {
    /// IANA zone.
    pub zone: String,
    /// Around the clock: `weekly` is ignored, overrides still close a day.
    pub always: bool,
    /// Closed on public holidays, open on make-up days 调休. Around the clock it only marks the holidays, on which
    /// customers are not called.
    pub holidays: bool,
    /// Windows of the seven weekdays, Monday first.
    pub weekly: Vec<Vec<WindowOfDay>>,
    /// Dates of one's own.
    pub overrides: Vec<DayOverride>,
}

/// One calendar in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CalendarSummary {
    /// Shop; none is the default calendar.
    pub shop: Option<String>,
    /// Version.
    pub version: u32,
    /// IANA zone.
    pub zone: String,
    /// Around the clock.
    pub always: bool,
    /// Knows holidays.
    pub holidays: bool,
}

/// One calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CalendarView {
    /// Shop; none is the default calendar.
    pub shop: Option<String>,
    /// The shop has none of its own: these are the default's rules.
    pub inherited: bool,
    /// Version.
    pub version: u32,
    /// When it was saved; none for the program's own first version.
    pub saved_at: Option<String>,
    /// By whom.
    pub saved_by: Option<String>,
    /// Rules.
    pub rules: CalendarRules,
}

/// Asks for a year of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct YearQuery {
    /// Shop; none is the default calendar.
    pub shop: Option<String>,
    /// Year.
    pub year: i32,
    /// Rules being edited; none shows the saved ones.
    pub rules: Option<CalendarRules>,
}

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// 工作
    Work,
    /// 休息
    Rest,
    /// 节假日
    Holiday,
    /// 调休上班
    Makeup,
    /// Closed by hand.
    OverrideClosed,
    /// Own hours by hand.
    OverrideOpen,
}

/// One day of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayView {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Kind.
    pub kind: DayKind,
    /// Working windows that start on it.
    pub windows: Vec<WindowOfDay>,
    /// Holiday's name, or the override's note.
    pub name: Option<String>,
    /// Assumed: the year's notice is not published.
    pub assumed: bool,
}

/// A year of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct YearView {
    /// Year.
    pub year: i32,
    /// The State Council's notice for it is known.
    pub published: bool,
    /// Every day.
    pub days: Vec<DayView>,
    /// A sentence about what people should know, such as a year that is 未公布.
    pub notice: Option<String>,
}

/// A calendar to save or to preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CalendarSave {
    /// Shop; none is the default calendar.
    pub shop: Option<String>,
    /// Rules.
    pub rules: CalendarRules,
    /// Open tickets come under it too.
    pub apply_to_open: bool,
    /// Version that the rules were made from; with another one in force nothing is saved (`conflict`).
    pub made_from: u32,
}

/// A date whose hours would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayChange {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Hours now, in words.
    pub from: String,
    /// Hours then, in words.
    pub to: String,
}

/// What saving a calendar would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CalendarPreview {
    /// Dates that change between today and the end of next year.
    pub days: Vec<DayChange>,
    /// What it would do to the open tickets.
    pub apply: ApplyPreview,
}

/// Dates read from a file; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CalendarImport {
    /// File name.
    pub name: String,
    /// Dates to merge into the overrides.
    pub added: Vec<DayOverride>,
    /// Lines or entries that were left out, as written.
    pub skipped: Vec<String>,
}
