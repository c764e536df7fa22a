//! Public holidays and make-up workdays 调休 as data (issue 4, Engine).
//!
//! Only published notices are data. A year without one is 未公布: its dates that the law fixes in the solar calendar
//! (1 January, 1–2 May, 1–3 October) are assumed to be off, nothing else is invented, and from 1 November on the
//! missing year is reported.

use super::calendar::{CalendarSpec, Week, Window};
use crate::words::{UnknownWord, vocabulary};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::{fmt, str::FromStr};

vocabulary! {
    /// How a special date differs from its weekday.
    DayKind {
        /// 休
        Off = "off",
        /// 班: a make-up workday
        Work = "work",
    }
}

/// Why a file of holidays was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HolidayError {
    /// Not the yearly data file.
    #[error("not a holiday file: {0}")]
    Json(String),
    /// A month and day that no year has.
    #[error("`{0}` is not a month and day such as 05-01")]
    MonthDay(String),
    /// A range that ends before it starts or runs over a year.
    #[error("`{name}` from {from} to {to} is not a holiday")]
    Range {
        /// Name of the holiday.
        name: String,
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
    /// Nothing in it is a holiday or a make-up day.
    #[error("no holiday or make-up day found")]
    Empty,
}

/// One special date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDay {
    /// Off or make-up work.
    pub kind: DayKind,
    /// Name for people.
    pub name: String,
    /// Assumed, not published.
    #[serde(default)]
    pub assumed: bool,
}

/// The special dates known, with where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayBook {
    /// Version of the data.
    pub version: String,
    /// Source of the data, for people.
    pub source: String,
    /// The notice each published year rests on.
    pub notices: BTreeMap<i32, String>,
    days: BTreeMap<NaiveDate, SpecialDay>,
    fixed: Vec<FixedDays>,
}

/// Dates that the law fixes in every solar year, as month and day.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FixedDays {
    name: String,
    from: (u32, u32),
    to: (u32, u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    source: String,
    years: BTreeMap<i32, FileYear>,
    fixed: Vec<FileFixed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileYear {
    notice: String,
    off: Vec<FileOff>,
    work: Vec<FileWork>,
}

#[derive(Deserialize)]
struct FileOff {
    name: String,
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Deserialize)]
struct FileWork {
    name: String,
    date: NaiveDate,
}

#[derive(Deserialize)]
struct FileFixed {
    name: String,
    from: String,
    to: String,
}

/// A date that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayChange {
    /// The date.
    pub date: NaiveDate,
    /// What it was; none means an ordinary weekday.
    pub before: Option<SpecialDay>,
    /// What it becomes.
    pub after: Option<SpecialDay>,
}

/// Days read from a file of people's own, and what could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedDays {
    /// The special dates found.
    pub days: BTreeMap<NaiveDate, SpecialDay>,
    /// Lines or entries that were left out, as written.
    pub skipped: Vec<String>,
}

impl HolidayBook {
    /// China's holidays as shipped with the program.
    pub fn shipped() -> &'static HolidayBook {
        static SHIPPED: LazyLock<HolidayBook> = LazyLock::new(|| {
            HolidayBook::from_json(include_str!("../../data/holidays-cn.json"))
                .unwrap_or_else(|error| unreachable!("the shipped file is read by a test: {error}"))
        });
        &SHIPPED
    }

    /// Reads the yearly data file (the form of `data/holidays-cn.json`).
    ///
    /// # Errors
    /// [`HolidayError`] names what is wrong; nothing is taken from such a file.
    pub fn from_json(text: &str) -> Result<Self, HolidayError> {
        let file: File = serde_json::from_str(text).map_err(|error| HolidayError::Json(error.to_string()))?;
        let mut book = HolidayBook {
            version: file.version,
            source: file.source,
            notices: BTreeMap::new(),
            days: BTreeMap::new(),
            fixed: Vec::new(),
        };
        for fixed in file.fixed {
            let parse = |text: &str| -> Result<(u32, u32), HolidayError> {
                let refused = || HolidayError::MonthDay(text.to_owned());
                let (month, day) = text.split_once('-').ok_or_else(refused)?;
                let (month, day) = (
                    month.parse().map_err(|_| refused())?,
                    day.parse().map_err(|_| refused())?,
                );
                NaiveDate::from_ymd_opt(2027, month, day)
                    .map(|_| (month, day))
                    .ok_or_else(refused)
            };
            book.fixed.push(FixedDays {
                name: fixed.name,
                from: parse(&fixed.from)?,
                to: parse(&fixed.to)?,
            });
        }
        for (year, days) in file.years {
            book.notices.insert(year, days.notice);
            for FileOff { name, from, to } in days.off {
                if to < from || (to - from).num_days() > 30 {
                    return Err(HolidayError::Range { name, from, to });
                }
                for date in from.iter_days().take_while(|date| *date <= to) {
                    let day = SpecialDay {
                        kind: DayKind::Off,
                        name: name.clone(),
                        assumed: false,
                    };
                    book.days.insert(date, day);
                }
            }
            for FileWork { name, date } in days.work {
                book.days.insert(
                    date,
                    SpecialDay {
                        kind: DayKind::Work,
                        name,
                        assumed: false,
                    },
                );
            }
        }
        Ok(book)
    }

    /// True if the notice for a year is known.
    pub fn is_published(&self, year: i32) -> bool {
        self.notices.contains_key(&year)
    }

    /// The year to ask for: from 1 November on, the next one, while it is not published.
    pub fn missing_year(&self, today: NaiveDate) -> Option<i32> {
        let next = today.year() + 1;
        (today.month() >= 11 && !self.is_published(next)).then_some(next)
    }

    /// The special dates of a year; for one that is not published the assumed ones.
    pub fn days_of(&self, year: i32) -> BTreeMap<NaiveDate, SpecialDay> {
        let mut days: BTreeMap<_, _> = self
            .days
            .iter()
            .filter(|(date, _)| date.year() == year)
            .map(|(date, day)| (*date, day.clone()))
            .collect();
        if !self.is_published(year) {
            for FixedDays { name, from, to } in &self.fixed {
                let date = |(month, day): (u32, u32)| NaiveDate::from_ymd_opt(year, month, day);
                let (Some(from), Some(to)) = (date(*from), date(*to)) else {
                    continue;
                };
                for date in from.iter_days().take_while(|date| *date <= to) {
                    let assumed = SpecialDay {
                        kind: DayKind::Off,
                        name: name.clone(),
                        assumed: true,
                    };
                    days.entry(date).or_insert(assumed);
                }
            }
        }
        days
    }

    /// The days off of some years, for follow-ups that respect holidays (R25).
    pub fn holidays(&self, years: std::ops::RangeInclusive<i32>) -> BTreeSet<NaiveDate> {
        let off = |(date, day): (NaiveDate, SpecialDay)| (day.kind == DayKind::Off).then_some(date);
        years
            .flat_map(|year| self.days_of(year))
            .filter_map(off)
            .collect()
    }

    /// A calendar of these hours that is closed on holidays and open on make-up days, over some years.
    pub fn calendar(&self, zone: Tz, weekly: Week, years: std::ops::RangeInclusive<i32>) -> CalendarSpec {
        let workday: Vec<Window> = [&weekly.mon, &weekly.tue, &weekly.wed, &weekly.thu, &weekly.fri]
            .into_iter()
            .find(|windows| !windows.is_empty())
            .cloned()
            .unwrap_or_default();
        let mut overrides = BTreeMap::new();
        for (date, day) in years.clone().flat_map(|year| self.days_of(year)) {
            let usual = weekly.on(date.weekday());
            let windows = match day.kind {
                DayKind::Off => Vec::new(),
                DayKind::Work if usual.is_empty() => workday.clone(),
                DayKind::Work => usual.to_vec(),
            };
            overrides.insert(date, windows);
        }
        CalendarSpec {
            zone,
            weekly,
            overrides,
            holidays: self.holidays(years),
        }
    }

    /// What taking over `days`, which stand for the whole of their years, would change. Shown before it applies.
    pub fn changes(&self, days: &BTreeMap<NaiveDate, SpecialDay>) -> Vec<DayChange> {
        let years: BTreeSet<i32> = days.keys().map(Datelike::year).collect();
        let before: BTreeMap<_, _> = years.into_iter().flat_map(|year| self.days_of(year)).collect();
        let dates: BTreeSet<_> = before.keys().chain(days.keys()).copied().collect();
        dates
            .into_iter()
            .map(|date| DayChange {
                date,
                before: before.get(&date).cloned(),
                after: days.get(&date).cloned(),
            })
            .filter(|change| change.before != change.after)
            .collect()
    }

    /// The book with the years of `days` replaced by them, as a new version.
    #[must_use]
    pub fn with(&self, days: BTreeMap<NaiveDate, SpecialDay>, version: &str, source: &str) -> Self {
        let mut book = self.clone();
        book.version = version.to_owned();
        let years: BTreeSet<i32> = days.keys().map(Datelike::year).collect();
        book.days.retain(|date, _| !years.contains(&date.year()));
        book.days.extend(days);
        book.notices
            .extend(years.into_iter().map(|year| (year, source.to_owned())));
        book
    }
}

/// A word for 休 or 班 as calendars and spreadsheets write it; none for anything else.
fn kind_of(text: &str) -> Option<DayKind> {
    let text = text.trim().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if text == "work"
        || has(&[
            "班",
            "补工",
            "工作日",
            "workday",
            "work day",
            "working day",
            "make-up",
        ])
    {
        Some(DayKind::Work)
    } else if text == "off"
        || has(&[
            "休", "放假", "假日", "假期", "节假", "holiday", "day off", "closed",
        ])
    {
        Some(DayKind::Off)
    } else {
        None
    }
}

/// The name without the marks 休 and 班 that calendars put beside it.
fn plain_name(summary: &str) -> String {
    let marks = [
        "（休）",
        "(休)",
        "（班）",
        "(班)",
        "补班",
        "上班",
        "放假",
        "休息",
        "休假",
    ];
    let name = marks
        .iter()
        .fold(summary.to_owned(), |name, mark| name.replace(mark, " "));
    let name = name.trim().trim_end_matches(['休', '班', '：', ':', ' ']).trim();
    if name.is_empty() {
        summary.trim().to_owned()
    } else {
        name.to_owned()
    }
}

fn date_of(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let text = text.split([' ', 'T']).next().unwrap_or(text);
    ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
}

/// Reads an iCalendar file: each event's days, made work by 班 in its summary, off by 休. In a file that marks
/// neither, every event counts as off; in one that does, unmarked festivals are left out.
///
/// # Errors
/// [`HolidayError::Empty`] if nothing in it is a special date.
pub fn read_ics(text: &str) -> Result<ImportedDays, HolidayError> {
    // RFC 5545: a line that starts with white space continues the one before.
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut events: Vec<(String, Option<NaiveDate>, Option<NaiveDate>, bool)> = Vec::new();
    let mut inside = false;
    for line in unfolded.trim_start_matches('\u{feff}').lines() {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let name = key.split(';').next().unwrap_or(key).to_ascii_uppercase();
        match (name.as_str(), value.trim()) {
            ("BEGIN", "VEVENT") => {
                inside = true;
                events.push((String::new(), None, None, false));
            }
            ("END", "VEVENT") => inside = false,
            _ => {}
        }
        let Some(event) = events.last_mut().filter(|_| inside) else {
            continue;
        };
        match name.as_str() {
            "SUMMARY" => event.0 = value.trim().replace("\\,", ",").replace("\\;", ";"),
            "DTSTART" => event.1 = ics_date(value, false),
            "DTEND" => event.2 = ics_date(value, true),
            "RRULE" => event.3 = true,
            _ => {}
        }
    }
    let marked = events.iter().any(|event| kind_of(&event.0).is_some());
    let mut found = ImportedDays::default();
    for (summary, start, end, repeats) in events {
        let kind = kind_of(&summary).or((!marked).then_some(DayKind::Off));
        let (Some(kind), Some(start), false) = (kind, start, repeats) else {
            found.skipped.push(summary);
            continue;
        };
        // DTEND is the day after; without it the event is one day long.
        let days = end.map_or(1, |end| (end - start).num_days()).clamp(1, 31);
        for date in start.iter_days().take(usize::try_from(days).unwrap_or(1)) {
            let day = SpecialDay {
                kind,
                name: plain_name(&summary),
                assumed: false,
            };
            found.days.insert(date, day);
        }
    }
    if found.days.is_empty() {
        Err(HolidayError::Empty)
    } else {
        Ok(found)
    }
}

/// A date or instant of iCalendar as a Chinese date; an end that is not a midnight belongs to its day.
fn ics_date(value: &str, end: bool) -> Option<NaiveDate> {
    let value = value.trim();
    if value.len() == 8 {
        return NaiveDate::parse_from_str(value, "%Y%m%d").ok();
    }
    let utc = value.ends_with('Z');
    let mut local = NaiveDateTime::parse_from_str(value.trim_end_matches('Z'), "%Y%m%dT%H%M%S").ok()?;
    if utc {
        local += TimeDelta::hours(8);
    }
    let after = end && local.time() != chrono::NaiveTime::MIN;
    local.date().checked_add_days(Days::new(u64::from(after)))
}

/// Reads a table of dates: a date, a word for 休 or 班 and a name in any order, separated by commas, semicolons or
/// tabs, one date or a first and last date a line. A line with a name but no word counts as off. Headers are passed.
///
/// # Errors
/// [`HolidayError::Empty`] if nothing in it is a special date.
pub fn read_csv(text: &str) -> Result<ImportedDays, HolidayError> {
    let mut found = ImportedDays::default();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let cells: Vec<&str> = line
            .split([',', ';', '\t', '，'])
            .map(|cell| cell.trim().trim_matches('"').trim())
            .collect();
        let dates: Vec<NaiveDate> = cells.iter().filter_map(|cell| date_of(cell)).collect();
        let words: Vec<&str> = cells
            .into_iter()
            .filter(|cell| !cell.is_empty() && date_of(cell).is_none())
            .collect();
        let Some(&from) = dates.first() else {
            if number > 0 && !line.trim().is_empty() {
                found.skipped.push(line.to_owned());
            }
            continue;
        };
        let to = dates.get(1).copied().unwrap_or(from);
        if to < from || (to - from).num_days() > 30 {
            found.skipped.push(line.to_owned());
            continue;
        }
        // A cell that is only a mark says what the day is; otherwise the name may carry the mark.
        let mark = words.iter().find(|word| kind_of(word).is_some());
        let kind = mark.and_then(|word| kind_of(word)).unwrap_or(DayKind::Off);
        let name = words
            .iter()
            .find(|word| Some(*word) != mark)
            .or(mark)
            .copied()
            .unwrap_or_default();
        for date in from.iter_days().take_while(|date| *date <= to) {
            found.days.insert(
                date,
                SpecialDay {
                    kind,
                    name: plain_name(name),
                    assumed: false,
                },
            );
        }
    }
    if found.days.is_empty() {
        Err(HolidayError::Empty)
    } else {
        Ok(found)
    }
}

/// Dates on which two calendars' windows differ though their weeks agree, with both days' windows: the diff shown
/// before a calendar version applies.
pub fn override_changes(
    before: &CalendarSpec,
    after: &CalendarSpec,
) -> Vec<(NaiveDate, Vec<Window>, Vec<Window>)> {
    let dates: BTreeSet<_> = before
        .overrides
        .keys()
        .chain(after.overrides.keys())
        .copied()
        .collect();
    dates
        .into_iter()
        .filter(|date| before.windows(*date) != after.windows(*date))
        .map(|date| (date, before.windows(date).to_vec(), after.windows(date).to_vec()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_years_have_the_days_of_the_notices() {
        let book = HolidayBook::shipped();
        let count = |year, kind| book.days_of(year).values().filter(|day| day.kind == kind).count();
        assert_eq!((count(2025, DayKind::Off), count(2025, DayKind::Work)), (28, 5));
        assert_eq!((count(2026, DayKind::Off), count(2026, DayKind::Work)), (33, 6));
        let days = book.days_of(2026);
        assert_eq!(days[&day("2026-02-14")].kind, DayKind::Work);
        assert_eq!(days[&day("2026-02-23")].name, "春节");
        assert!(!days.contains_key(&day("2026-02-24")));
        // Make-up days are weekend days, or they would make up for nothing.
        for year in [2025, 2026] {
            let works = book
                .days_of(year)
                .into_iter()
                .filter(|(_, day)| day.kind == DayKind::Work);
            assert!(
                works
                    .into_iter()
                    .all(|(date, _)| date.weekday().number_from_monday() > 5)
            );
        }
    }

    #[test]
    fn an_unpublished_year_has_only_its_fixed_dates_and_is_asked_for_from_november() {
        let book = HolidayBook::shipped();
        assert!(book.is_published(2026) && !book.is_published(2027));
        let assumed: Vec<_> = book.days_of(2027).into_keys().collect();
        let fixed = [
            "2027-01-01",
            "2027-05-01",
            "2027-05-02",
            "2027-10-01",
            "2027-10-02",
            "2027-10-03",
        ];
        assert_eq!(assumed, fixed.map(day));
        assert!(book.days_of(2027).values().all(|day| day.assumed));
        assert_eq!(book.missing_year(day("2026-10-31")), None);
        assert_eq!(book.missing_year(day("2026-11-01")), Some(2027));
        assert_eq!(book.missing_year(day("2025-12-31")), None);
    }

    #[test]
    fn a_published_notice_replaces_the_assumed_days_and_the_difference_is_shown_first() {
        let book = HolidayBook::shipped();
        let notice = "日期,类型,名称\n2027-01-01,2027-01-03,休,元旦\n2027/01/09,班,元旦调休\n不是日期,休,x\n";
        let found = read_csv(notice).unwrap();
        assert_eq!(found.skipped, ["不是日期,休,x"]);
        let changes = book.changes(&found.days);
        let of = |date: &str| changes.iter().find(|change| change.date == day(date)).unwrap();
        assert_eq!(of("2027-01-09").after.as_ref().unwrap().kind, DayKind::Work);
        assert!(of("2027-01-01").before.as_ref().unwrap().assumed);
        assert!(of("2027-10-01").after.is_none());
        let next = book.with(found.days, "2027.1", "通知");
        assert!(next.is_published(2027) && next.changes(&next.days_of(2027)).is_empty());
        assert_eq!(next.days_of(2027).len(), 4);
        assert_eq!(next.days_of(2026), book.days_of(2026));
    }

    #[test]
    fn a_calendar_file_is_read_with_its_marks() {
        let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:春节（\r\n 休）\r\nDTSTART;VALUE=DATE:20270205\r\n\
                   DTEND;VALUE=DATE:20270208\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:春节（班）\r\n\
                   DTSTART;VALUE=DATE:20270220\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:元宵节\r\n\
                   DTSTART;VALUE=DATE:20270220\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let found = read_ics(ics).unwrap();
        let read: Vec<_> = found
            .days
            .iter()
            .map(|(date, d)| (date.to_string(), d.kind, d.name.clone()))
            .collect();
        assert_eq!(
            read,
            [
                ("2027-02-05".to_owned(), DayKind::Off, "春节".to_owned()),
                ("2027-02-06".to_owned(), DayKind::Off, "春节".to_owned()),
                ("2027-02-07".to_owned(), DayKind::Off, "春节".to_owned()),
                ("2027-02-20".to_owned(), DayKind::Work, "春节".to_owned()),
            ]
        );
        assert_eq!(found.skipped, ["元宵节"]);
        assert_eq!(
            read_ics("BEGIN:VCALENDAR\nEND:VCALENDAR"),
            Err(HolidayError::Empty)
        );
    }

    #[test]
    fn a_broken_yearly_file_is_refused_with_the_reason() {
        let file = include_str!("../../data/holidays-cn.json");
        assert!(HolidayBook::from_json(file).is_ok());
        assert!(matches!(HolidayBook::from_json("{}"), Err(HolidayError::Json(_))));
        let reversed = file.replace("\"to\": \"2026-02-23\"", "\"to\": \"2026-02-10\"");
        assert!(matches!(
            HolidayBook::from_json(&reversed),
            Err(HolidayError::Range { .. })
        ));
    }
}
