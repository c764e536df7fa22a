//! Working time (sla.md R1–R3): which instants count, and sums over them.
//!
//! An instant counts when the wall clock of the calendar's zone stands inside a window. That one sentence also
//! settles daylight saving: a night that has five real hours gives five, one that has seven gives seven.
//!
//! A [`Calendar`] keeps an index of its windows as UTC intervals, built block by block when first asked and shared
//! by all threads, so that a due time is two binary searches.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::{fmt, str::FromStr};

/// Milliseconds of a day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;
/// The engine's end of time (2200-01-01): what could never be due, is due then.
pub const HORIZON_MS: i64 = 7_258_118_400_000;

/// Identity of one immutable version of one calendar, unique in the workspace.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type,
)]
#[serde(transparent)]
pub struct CalendarVersion(pub u32);

/// Why a calendar was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not `HH:MM-HH:MM`.
    #[error("`{0}` is not a window such as 09:00-18:00, 20:00-04:00 or 00:00-24:00")]
    Window(String),
    /// Not an IANA zone.
    #[error("`{0}` is not an IANA time zone such as Asia/Shanghai")]
    Zone(String),
    /// Nobody ever works (R3).
    #[error("the calendar has no working time in the 366 days from {0}")]
    NoWork(NaiveDate),
}

/// A stretch of the wall clock on the day it starts on; one that ends at or before its start passes midnight.
/// Text form `09:00-18:00`, `20:00-04:00`, `00:00-24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    open: u16,
    close: u16,
}

impl Window {
    /// The whole day.
    pub const DAY: Window = Window { open: 0, close: 1440 };
    /// 09:00–21:00, when customers may be called.
    pub const CONTACT: Window = Window {
        open: 540,
        close: 1260,
    };

    /// Minutes after midnight of the day it belongs to.
    pub const fn open_minute(self) -> u16 {
        self.open
    }

    /// Minutes after the same midnight; more than 1440 when it passes the next one.
    pub const fn close_minute(self) -> u16 {
        self.close
    }
}

impl FromStr for Window {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let minute = |part: &str| -> Option<u16> {
            let (hour, minute) = part.trim().split_once(':')?;
            let digits = |s: &str| !s.is_empty() && s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit());
            if !digits(hour) || minute.len() != 2 || !digits(minute) {
                return None;
            }
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (minute < 60 && (hour < 24 || (hour == 24 && minute == 0))).then_some(hour * 60 + minute)
        };
        let refused = || CalendarError::Window(text.to_owned());
        let (open, close) = text.split_once('-').ok_or_else(refused)?;
        let (open, close) = (
            minute(open).ok_or_else(refused)?,
            minute(close).ok_or_else(refused)?,
        );
        if open == close || open == 1440 {
            return Err(refused());
        }
        Ok(Window {
            open,
            close: if close > open { close } else { close + 1440 },
        })
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let close = if self.close > 1440 {
            self.close - 1440
        } else {
            self.close
        };
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            self.open / 60,
            self.open % 60,
            close / 60,
            close % 60
        )
    }
}

impl Serialize for Window {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The windows of each weekday; a day left out is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    /// 周一
    pub mon: Vec<Window>,
    /// 周二
    pub tue: Vec<Window>,
    /// 周三
    pub wed: Vec<Window>,
    /// 周四
    pub thu: Vec<Window>,
    /// 周五
    pub fri: Vec<Window>,
    /// 周六
    pub sat: Vec<Window>,
    /// 周日
    pub sun: Vec<Window>,
}

impl Week {
    /// The same windows on every day.
    pub fn daily(windows: &[Window]) -> Self {
        let day = || windows.to_vec();
        Self {
            mon: day(),
            tue: day(),
            wed: day(),
            thu: day(),
            fri: day(),
            sat: day(),
            sun: day(),
        }
    }

    /// The same windows from Monday to Friday.
    pub fn workdays(windows: &[Window]) -> Self {
        Self {
            sat: Vec::new(),
            sun: Vec::new(),
            ..Self::daily(windows)
        }
    }

    /// The windows of one weekday.
    pub fn on(&self, day: Weekday) -> &[Window] {
        match day {
            Weekday::Mon => &self.mon,
            Weekday::Tue => &self.tue,
            Weekday::Wed => &self.wed,
            Weekday::Thu => &self.thu,
            Weekday::Fri => &self.fri,
            Weekday::Sat => &self.sat,
            Weekday::Sun => &self.sun,
        }
    }
}

/// A calendar as people edit it and as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// The zone whose wall clock the windows are written in.
    pub zone: Tz,
    /// The usual week.
    #[serde(default)]
    pub weekly: Week,
    /// Dates that differ: no windows means closed. Beats the weekday.
    #[serde(default)]
    pub overrides: BTreeMap<NaiveDate, Vec<Window>>,
    /// Public holidays, on which customers are not called when a follow-up respects them (R25). Kept apart from
    /// `overrides`, because a 24×7 promise runs on holidays too.
    #[serde(default)]
    pub holidays: BTreeSet<NaiveDate>,
}

impl CalendarSpec {
    /// Every instant counts. Default promise (product.md).
    pub fn always(zone: Tz) -> Self {
        Self {
            zone,
            weekly: Week::daily(&[Window::DAY]),
            overrides: BTreeMap::new(),
            holidays: BTreeSet::new(),
        }
    }

    /// [`Calendar::check`] of a calendar that is about to be saved.
    ///
    /// # Errors
    /// [`CalendarError::NoWork`].
    pub fn check(&self, from_ms: i64) -> Result<(), CalendarError> {
        Calendar::new(CalendarVersion(0), self.clone()).check(from_ms)
    }

    /// The windows that start on a date.
    pub fn windows(&self, date: NaiveDate) -> &[Window] {
        self.overrides
            .get(&date)
            .map_or_else(|| self.weekly.on(date.weekday()), Vec::as_slice)
    }
}

/// Parses an IANA zone name.
///
/// # Errors
/// [`CalendarError::Zone`].
pub fn zone(name: &str) -> Result<Tz, CalendarError> {
    name.parse().map_err(|_| CalendarError::Zone(name.to_owned()))
}

/// UTC milliseconds as an instant; far outside the representable years, the nearest end.
pub fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or(if ms < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

/// The instant at which a zone's wall clock first stands at (or, in a gap, jumps past) a local time.
pub fn local_to_ms(zone: Tz, local: NaiveDateTime) -> i64 {
    match zone.from_local_datetime(&local) {
        chrono::LocalResult::Single(t) | chrono::LocalResult::Ambiguous(t, _) => t.timestamp_millis(),
        chrono::LocalResult::None => {
            // In a gap: the transition is where the offset before it ends, found within the day before and after.
            let as_utc = local.and_utc().timestamp_millis();
            offset_pieces(zone, as_utc - DAY_MS, as_utc + DAY_MS)
                .last()
                .map_or(as_utc, |piece| piece.from_ms)
        }
    }
}

/// A stretch with one offset between local time and UTC.
struct OffsetPiece {
    from_ms: i64,
    until_ms: i64,
    offset_ms: i64,
}

fn offset_ms(zone: Tz, ms: i64) -> i64 {
    i64::from(
        zone.offset_from_utc_datetime(&instant(ms).naive_utc())
            .fix()
            .local_minus_utc(),
    ) * 1000
}

/// The constant-offset pieces of `[from_ms, until_ms)`. Looks once a day: no zone changes its clock twice in one.
fn offset_pieces(zone: Tz, from_ms: i64, until_ms: i64) -> Vec<OffsetPiece> {
    let mut pieces = Vec::with_capacity(2);
    let (mut piece_from, mut seen, mut offset) = (from_ms, from_ms, offset_ms(zone, from_ms));
    while seen < until_ms {
        let next = (seen + DAY_MS).min(until_ms);
        let next_offset = offset_ms(zone, next);
        if next_offset != offset {
            let (mut before, mut after) = (seen, next);
            while after - before > 1 {
                let middle = before + (after - before) / 2;
                if offset_ms(zone, middle) == offset {
                    before = middle
                } else {
                    after = middle
                }
            }
            pieces.push(OffsetPiece {
                from_ms: piece_from,
                until_ms: after,
                offset_ms: offset,
            });
            (piece_from, offset) = (after, next_offset);
        }
        seen = next;
    }
    pieces.push(OffsetPiece {
        from_ms: piece_from,
        until_ms,
        offset_ms: offset,
    });
    pieces
}

/// Index blocks are 2³¹ ms (24.86 days) of UTC, counted from 1970.
const BLOCK_BITS: u32 = 31;
const BLOCKS: usize = (HORIZON_MS >> BLOCK_BITS) as usize + 1;

/// The working intervals of one block, clipped to it.
#[derive(Debug, Default)]
struct Block {
    /// `(open, close, work before open within the block)`, sorted, disjoint.
    intervals: Vec<(i64, i64, i64)>,
    total: i64,
}

impl Block {
    /// Work of this block before `ms`.
    fn work_before(&self, ms: i64) -> i64 {
        let after = self.intervals.partition_point(|&(open, ..)| open < ms);
        match after.checked_sub(1).map(|i| self.intervals[i]) {
            Some((open, close, before)) => before + ms.min(close) - open,
            None => 0,
        }
    }

    /// The first instant by which `work` (more than nothing, at most the total) has been done.
    fn instant_of(&self, work: i64) -> i64 {
        let after = self.intervals.partition_point(|&(.., before)| before < work);
        let (open, _, before) = self.intervals[after - 1];
        open + (work - before)
    }
}

/// A calendar ready for sums.
#[derive(Debug)]
pub struct Calendar {
    version: CalendarVersion,
    spec: CalendarSpec,
    always: bool,
    blocks: Box<[OnceLock<Box<Block>>]>,
}

impl Calendar {
    /// Prepares a version of a calendar. Does not check that anyone ever works: see [`Calendar::check`].
    pub fn new(version: CalendarVersion, spec: CalendarSpec) -> Self {
        let full = |windows: &[Window]| windows.contains(&Window::DAY);
        let week = &spec.weekly;
        let always = [
            &week.mon, &week.tue, &week.wed, &week.thu, &week.fri, &week.sat, &week.sun,
        ]
        .into_iter()
        .all(|day| full(day))
            && spec.overrides.values().all(|day| full(day));
        let blocks = if always {
            Box::default()
        } else {
            (0..BLOCKS).map(|_| OnceLock::new()).collect()
        };
        Self {
            version,
            spec,
            always,
            blocks,
        }
    }

    /// Refuses a calendar with no working time in the 366 days from `from_ms` (R3).
    ///
    /// # Errors
    /// [`CalendarError::NoWork`].
    pub fn check(&self, from_ms: i64) -> Result<(), CalendarError> {
        if self.add(from_ms, 1) <= from_ms.saturating_add(366 * DAY_MS) {
            return Ok(());
        }
        Err(CalendarError::NoWork(
            instant(from_ms).with_timezone(&self.zone()).date_naive(),
        ))
    }

    /// Which version this is.
    pub fn version(&self) -> CalendarVersion {
        self.version
    }

    /// The calendar as people wrote it.
    pub fn spec(&self) -> &CalendarSpec {
        &self.spec
    }

    /// The zone of its wall clock.
    pub fn zone(&self) -> Tz {
        self.spec.zone
    }

    /// True for a date on which customers are not called when holidays are respected (R25).
    pub fn is_holiday(&self, date: NaiveDate) -> bool {
        match self.spec.overrides.get(&date) {
            Some(windows) => windows.is_empty(),
            None => self.spec.holidays.contains(&date),
        }
    }

    /// True if every instant counts.
    pub fn is_always(&self) -> bool {
        self.always
    }

    /// The instant by which `work_ms` of working time has passed since `start_ms` (both UTC milliseconds). Work that
    /// ends exactly at a close is due at that close (R2); nothing added changes nothing. Never past [`HORIZON_MS`].
    pub fn add(&self, start_ms: i64, work_ms: i64) -> i64 {
        if work_ms <= 0 {
            return start_ms;
        }
        if self.always {
            return start_ms.saturating_add(work_ms).min(HORIZON_MS);
        }
        let start_ms = start_ms.max(0);
        let mut index = (start_ms >> BLOCK_BITS) as usize;
        if index >= BLOCKS {
            return HORIZON_MS;
        }
        let mut block = self.block(index);
        let mut need = work_ms.saturating_add(block.work_before(start_ms));
        while need > block.total {
            need -= block.total;
            index += 1;
            if index >= BLOCKS {
                return HORIZON_MS;
            }
            block = self.block(index);
        }
        block.instant_of(need).min(HORIZON_MS)
    }

    /// [`Self::add`] with seconds, as targets are written.
    pub fn add_secs(&self, start_ms: i64, work_secs: u32) -> i64 {
        self.add(start_ms, i64::from(work_secs) * 1000)
    }

    /// Working milliseconds of `[from_ms, until_ms)`; 0 if it is empty or reversed.
    pub fn work_between(&self, from_ms: i64, until_ms: i64) -> i64 {
        if until_ms <= from_ms {
            return 0;
        }
        if self.always {
            return until_ms.saturating_sub(from_ms);
        }
        let (from_ms, until_ms) = (from_ms.clamp(0, HORIZON_MS), until_ms.clamp(0, HORIZON_MS));
        let (first, last) = (
            (from_ms >> BLOCK_BITS) as usize,
            (until_ms >> BLOCK_BITS) as usize,
        );
        let whole: i64 = (first..last).map(|index| self.block(index).total).sum();
        whole + self.block(last).work_before(until_ms) - self.block(first).work_before(from_ms)
    }

    /// True if the instant counts.
    pub fn is_open(&self, ms: i64) -> bool {
        self.work_between(ms, ms.saturating_add(1)) == 1
    }

    /// The working intervals inside `[from_ms, until_ms)`, touching ones joined.
    pub fn intervals(&self, from_ms: i64, until_ms: i64) -> Vec<(i64, i64)> {
        if until_ms <= from_ms {
            return Vec::new();
        }
        if self.always {
            return vec![(from_ms, until_ms)];
        }
        let (from_ms, until_ms) = (from_ms.clamp(0, HORIZON_MS), until_ms.clamp(0, HORIZON_MS));
        let mut found: Vec<(i64, i64)> = Vec::new();
        for index in (from_ms >> BLOCK_BITS) as usize..=(until_ms >> BLOCK_BITS) as usize {
            for &(open, close, _) in &self.block(index).intervals {
                let (open, close) = (open.max(from_ms), close.min(until_ms));
                if open >= close {
                    continue;
                }
                match found.last_mut() {
                    Some(last) if last.1 == open => last.1 = close,
                    _ => found.push((open, close)),
                }
            }
        }
        found
    }

    fn block(&self, index: usize) -> &Block {
        self.blocks[index].get_or_init(|| Box::new(self.build(index)))
    }

    fn build(&self, index: usize) -> Block {
        let from_ms = (index as i64) << BLOCK_BITS;
        let until_ms = from_ms + (1 << BLOCK_BITS);
        // A window may start a day before and run into the block; a zone is at most 26 hours away from UTC.
        let (Some(mut date), Some(last)) = (
            instant(from_ms).date_naive().checked_sub_days(Days::new(3)),
            instant(until_ms).date_naive().checked_add_days(Days::new(2)),
        ) else {
            return Block::default();
        };
        let pieces = offset_pieces(self.spec.zone, from_ms, until_ms);
        let mut found: Vec<(i64, i64)> = Vec::new();
        while date <= last {
            let midnight = date.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
            for window in self.spec.windows(date) {
                let open = midnight + i64::from(window.open) * 60_000;
                let close = midnight + i64::from(window.close) * 60_000;
                for piece in &pieces {
                    let (open, close) = (
                        (open - piece.offset_ms).max(piece.from_ms),
                        (close - piece.offset_ms).min(piece.until_ms),
                    );
                    if open < close {
                        found.push((open, close));
                    }
                }
            }
            let Some(next) = date.succ_opt() else { break };
            date = next;
        }
        found.sort_unstable();
        let mut block = Block {
            intervals: Vec::with_capacity(found.len()),
            total: 0,
        };
        for (open, close) in found {
            match block.intervals.last_mut() {
                Some(last) if open <= last.1 => {
                    block.total += (close - last.1).max(0);
                    last.1 = last.1.max(close);
                }
                _ => {
                    block.intervals.push((open, close, block.total));
                    block.total += close - open;
                }
            }
        }
        block
    }
}

/// The calendar versions that a set of logs refers to.
#[derive(Debug)]
pub struct Calendars {
    versions: BTreeMap<CalendarVersion, Calendar>,
}

impl Calendars {
    /// Starts with one version.
    pub fn new(calendar: Calendar) -> Self {
        Self {
            versions: BTreeMap::from([(calendar.version, calendar)]),
        }
    }

    /// Adds a version; one that exists already is never replaced (R15).
    pub fn insert(&mut self, calendar: Calendar) {
        self.versions.entry(calendar.version).or_insert(calendar);
    }

    /// The version, or the newest one known if the store lost it (it never deletes versions).
    pub fn get(&self, version: CalendarVersion) -> &Calendar {
        match self
            .versions
            .get(&version)
            .or_else(|| self.versions.values().next_back())
        {
            Some(calendar) => calendar,
            None => unreachable!("a set of calendars starts with one and only grows"),
        }
    }

    /// Every version, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Calendar> {
        self.versions.values()
    }

    /// The newest version.
    pub fn latest(&self) -> &Calendar {
        match self.versions.values().next_back() {
            Some(calendar) => calendar,
            None => unreachable!("a set of calendars starts with one and only grows"),
        }
    }
}
