//! Public holidays 节假日: what is known, and a yearly file that is looked at before it counts for everybody.

use super::ApplyPreview;
use serde::{Deserialize, Serialize};
use specta::Type;

/// How a special date differs from its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SpecialKind {
    /// 休
    Off,
    /// 班: a make-up workday.
    Work,
}

/// A year whose official notice is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HolidayYear {
    /// Year.
    pub year: i32,
    /// The notice, or the file it came from.
    pub notice: String,
    /// It came from a file; otherwise with the program.
    pub imported: bool,
}

/// The public holidays that every calendar which follows them counts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HolidayView {
    /// Version of what was imported; 0 before anything was.
    pub version: u32,
    /// File it came from.
    pub source: Option<String>,
    /// When.
    pub saved_at: Option<String>,
    /// By whom.
    pub saved_by: Option<String>,
    /// Published years.
    pub years: Vec<HolidayYear>,
    /// Next year, from 1 November on, while its notice is missing.
    pub missing: Option<i32>,
}

/// A date that is off, or worked though it is a weekend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HolidayDay {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// 休 or 班.
    pub kind: SpecialKind,
    /// Name of the holiday.
    pub name: String,
}

/// A date on which a file differs from what is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HolidayChange {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// 休 or 班 now; none for an ordinary day.
    pub from: Option<SpecialKind>,
    /// 休 or 班 then; none for an ordinary day.
    pub to: Option<SpecialKind>,
    /// Name of the holiday.
    pub name: String,
    /// What stands now is assumed: the year was not published.
    pub assumed: bool,
}

/// A yearly file, read and compared; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HolidayPreview {
    /// What to save, if a person agrees.
    pub save: HolidaySave,
    /// Years that the file stands for.
    pub years: Vec<HolidayYear>,
    /// What differs from what is known.
    pub changes: Vec<HolidayChange>,
    /// Shops whose own calendars follow the holidays and would get a new version.
    pub shops: Vec<String>,
    /// The default calendar would get a new version.
    pub everybody: bool,
    /// What it would do to the open tickets.
    pub apply: ApplyPreview,
    /// Lines or entries that were left out, as written.
    pub skipped: Vec<String>,
}

/// A yearly file to take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HolidaySave {
    /// File it came from.
    pub source: String,
    /// The notices of the years that it stands for.
    pub years: Vec<HolidayYear>,
    /// Every special date of those years.
    pub days: Vec<HolidayDay>,
    /// Open tickets come under the new calendars too.
    pub apply_to_open: bool,
    /// Version that it was compared with; with another one by now nothing is saved (`conflict`).
    pub made_from: u32,
}
