//! Times as exports write them (`sources.md` §3b, E15 to E25): one UTC instant with the precision that was told.

use crate::{
    clean,
    plan::{DateOrder, WarningCode},
    record::Kind,
};
use amends_domain::{Precision, Time};
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

const DAY_MS: i64 = 86_400_000;

/// What a text of time needs besides itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    pub zone: Tz,
    pub order: Option<DateOrder>,
    /// For relative times and the future; UTC milliseconds.
    pub now_ms: i64,
}

/// A time, and what to say about how it was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub time: Time,
    pub note: Option<WarningCode>,
}

/// How a numeric date such as `03/04/2024` can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderEvidence {
    /// Not of that shape.
    None,
    /// Both ways.
    Both,
    /// The first number is over 12.
    DayFirst,
    /// The second number is over 12.
    MonthFirst,
}

/// Reads a cell as a time; none for an empty cell.
pub(crate) fn read(cell: &str, kind: Kind, setting: &Setting) -> Option<Told> {
    let text = clean::unguard(cell);
    if text.is_empty()
        || matches!(
            text,
            "-" | "--" | "/" | "null" | "NULL" | "无" | "None" | "0" | "0000-00-00"
        )
    {
        return None;
    }
    let (utc_ms, precision, mut note) = match parse(text, kind, setting) {
        Some((ms, precision, note)) => (Some(ms), precision, note),
        None => (None, Precision::Unknown, Some(WarningCode::BadTime)),
    };
    // 946684800000 is the first instant of 2000.
    if utc_ms.is_some_and(|ms| ms > setting.now_ms.saturating_add(DAY_MS) || ms < 946_684_800_000 - DAY_MS) {
        note = Some(WarningCode::OddTime);
    }
    Some(Told {
        time: Time {
            utc_ms,
            local_text: cell.to_owned(),
            precision,
        },
        note,
    })
}

/// What a cell tells of the order of day and month.
pub(crate) fn order_evidence(cell: &str) -> OrderEvidence {
    let mut scan = Scan::new(clean::unguard(cell));
    match scan.two_numbers_and_year() {
        Some((a, b, _, sep)) if sep != '.' && a != b => match (a > 12, b > 12) {
            (true, false) => OrderEvidence::DayFirst,
            (false, true) => OrderEvidence::MonthFirst,
            (false, false) => OrderEvidence::Both,
            (true, true) => OrderEvidence::None,
        },
        _ => OrderEvidence::None,
    }
}

type Parsed = (i64, Precision, Option<WarningCode>);

fn parse(text: &str, kind: Kind, setting: &Setting) -> Option<Parsed> {
    if kind == Kind::Percent {
        return None;
    }
    let bytes = text.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) {
        return digits(text, setting);
    }
    if bytes.iter().all(|b| b.is_ascii_digit() || *b == b'.')
        && bytes.iter().filter(|b| **b == b'.').count() == 1
    {
        let value: f64 = text.parse().ok()?;
        if (20_000.0..80_000.0).contains(&value) {
            return serial(value, setting);
        }
        // 1704083400.123
        if (1e9..1e10).contains(&value) {
            return Some(((value * 1000.0).round() as i64, Precision::Ms, None));
        }
    }
    let mut scan = Scan::new(text);
    if let Some((date, precision)) = scan.year_first() {
        return finish(date, precision, &mut scan, setting);
    }
    scan.at = 0;
    if let Some((a, b, year, sep)) = scan.two_numbers_and_year() {
        let (day, month) = match (sep, a > 12, b > 12, setting.order) {
            ('.', ..) => (a, b),
            (_, true, false, _) => (a, b),
            (_, false, true, _) => (b, a),
            (_, false, false, Some(DateOrder::Dmy)) => (a, b),
            (_, false, false, Some(DateOrder::Mdy)) => (b, a),
            (_, false, false, None) if a == b => (a, b),
            _ => return None,
        };
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        return finish(date, Precision::Day, &mut scan, setting);
    }
    scan.at = 0;
    if let Some(date) = scan.month_by_name() {
        return finish(date, Precision::Day, &mut scan, setting);
    }
    scan.at = 0;
    if let Some(found) = scan.without_year(setting) {
        return Some(found);
    }
    relative(text, setting)
}

fn digits(text: &str, setting: &Setting) -> Option<Parsed> {
    let n: i64 = text.parse().ok()?;
    let part = |from: usize, to: usize| text[from..to].parse::<u32>().ok();
    let date = || {
        let year = text[..4].parse().ok().filter(|y| (1990..2100).contains(y))?;
        NaiveDate::from_ymd_opt(year, part(4, 6)?, part(6, 8)?)
    };
    match text.len() {
        5 if (20_000..80_000).contains(&n) => serial(n as f64, setting),
        8 => Some((
            to_utc(date()?.and_time(NaiveTime::MIN), setting.zone)?,
            Precision::Day,
            None,
        )),
        12 => {
            let time = NaiveTime::from_hms_opt(part(8, 10)?, part(10, 12)?, 0)?;
            Some((
                to_utc(date()?.and_time(time), setting.zone)?,
                Precision::Min,
                None,
            ))
        }
        14 => {
            let time = NaiveTime::from_hms_opt(part(8, 10)?, part(10, 12)?, part(12, 14)?)?;
            Some((
                to_utc(date()?.and_time(time), setting.zone)?,
                Precision::Sec,
                None,
            ))
        }
        9 | 10 => Some((n * 1000, Precision::Sec, None)),
        13 => Some((n, Precision::Ms, None)),
        16 => Some((n / 1000, Precision::Ms, None)),
        _ => None,
    }
}

/// Excel's day number, rounded to the second because it is a fraction of a day (E15, E16).
fn serial(value: f64, setting: &Setting) -> Option<Parsed> {
    let seconds = (value * 86_400.0).round() as i64;
    let local = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN) + Duration::seconds(seconds);
    let precision = if seconds % 86_400 == 0 {
        Precision::Day
    } else {
        Precision::Sec
    };
    Some((
        to_utc(local, setting.zone)?,
        precision,
        Some(WarningCode::SerialDate),
    ))
}

fn to_utc(local: NaiveDateTime, zone: Tz) -> Option<i64> {
    // A local time that a clock change skips is read as the hour after it; one that comes twice as the first.
    zone.from_local_datetime(&local)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(local + Duration::hours(1))).earliest())
        .map(|t| t.timestamp_millis())
}

fn finish(date: NaiveDate, precision: Precision, scan: &mut Scan<'_>, setting: &Setting) -> Option<Parsed> {
    if precision == Precision::Month || scan.rest().trim().is_empty() {
        if !scan.rest().trim().is_empty() {
            return None;
        }
        return Some((
            to_utc(date.and_time(NaiveTime::MIN), setting.zone)?,
            precision,
            None,
        ));
    }
    let (time, precision, offset) = scan.time_of_day()?;
    let local = date.and_time(NaiveTime::MIN) + time;
    let ms = match offset {
        Some(minutes) => local.and_utc().timestamp_millis() - i64::from(minutes) * 60_000,
        None => to_utc(local, setting.zone)?,
    };
    Some((ms, precision, None))
}

fn relative(text: &str, setting: &Setting) -> Option<Parsed> {
    let note = Some(WarningCode::RelativeTime);
    let now = DateTime::from_timestamp_millis(setting.now_ms)?
        .with_timezone(&setting.zone)
        .naive_local();
    let start_of = |days: i64| now.date().checked_sub_signed(Duration::try_days(days)?);
    if matches!(text, "刚刚" | "刚才" | "just now") {
        return Some((setting.now_ms, Precision::Min, note));
    }
    for (word, days) in [
        ("今天", 0),
        ("昨天", 1),
        ("前天", 2),
        ("today", 0),
        ("yesterday", 1),
    ] {
        if let Some(rest) = text.strip_prefix(word) {
            let mut scan = Scan::new(rest);
            let (ms, precision, _) = finish(start_of(days)?, Precision::Day, &mut scan, setting)?;
            return Some((ms, precision, note));
        }
    }
    let mut scan = Scan::new(text);
    let n = i64::from(scan.number(1, 4)?);
    let unit = scan.rest().trim();
    let day = |days: i64| {
        Some((
            to_utc(start_of(days)?.and_time(NaiveTime::MIN), setting.zone)?,
            Precision::Day,
            note,
        ))
    };
    match unit {
        "秒前" | "seconds ago" => Some((setting.now_ms - n * 1000, Precision::Min, note)),
        "分钟前" | "分前" | "minutes ago" | "minute ago" => {
            Some((setting.now_ms - n * 60_000, Precision::Min, note))
        }
        "小时前" | "个小时前" | "hours ago" | "hour ago" => {
            Some((setting.now_ms - n * 3_600_000, Precision::Min, note))
        }
        "天前" | "日前" | "days ago" | "day ago" => day(n),
        "周前" | "个星期前" | "weeks ago" | "week ago" => day(n * 7),
        _ => None,
    }
}

/// Month names by their beginning, in the languages review exports come in.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fév", "fev"],
    &["mar", "mär", "mrz"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mag"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aoû", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott", "out"],
    &["nov"],
    &["dec", "déc", "dez", "dic"],
];

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let bytes = &self.text.as_bytes()[self.at..];
        let n = bytes.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if n < least {
            return None;
        }
        let value = bytes[..n].iter().fold(0u32, |v, b| v * 10 + u32::from(b - b'0'));
        self.at += n;
        Some(value)
    }

    fn char(&mut self, allowed: &[char]) -> Option<char> {
        let c = self.rest().chars().next()?;
        if allowed.contains(&c) {
            self.at += c.len_utf8();
            Some(c)
        } else {
            None
        }
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self
            .rest()
            .as_bytes()
            .get(..word.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(word.as_bytes()));
        if found {
            self.at += word.len();
        }
        found
    }

    /// `2024-1-5`, `2024/1/5`, `2024.01.05`, `2024年1月5日`, `2024-01`.
    fn year_first(&mut self) -> Option<(NaiveDate, Precision)> {
        let start = self.at;
        let year = self.number(4, 4)? as i32;
        let sep = self.char(&['-', '/', '.', '年'])?;
        self.blanks();
        let month = self.number(1, 2)?;
        let next = if sep == '年' { '月' } else { sep };
        let has_day = self.char(&[next]).is_some();
        self.blanks();
        match if has_day { self.number(1, 2) } else { None } {
            Some(day) => {
                if sep == '年' {
                    self.char(&['日', '号']);
                }
                Some((NaiveDate::from_ymd_opt(year, month, day)?, Precision::Day))
            }
            None if sep == '年' || !has_day => {
                Some((NaiveDate::from_ymd_opt(year, month, 1)?, Precision::Month))
            }
            None => {
                self.at = start;
                None
            }
        }
    }

    /// `03/04/2024`, `3-4-24`, `3.4.2024`.
    fn two_numbers_and_year(&mut self) -> Option<(u32, u32, i32, char)> {
        let a = self.number(1, 2)?;
        let sep = self.char(&['/', '-', '.'])?;
        let b = self.number(1, 2)?;
        self.char(&[sep])?;
        let from = self.at;
        let year = self.number(2, 4)? as i32;
        let year = match self.at - from {
            4 => year,
            2 => 2000 + year,
            _ => return None,
        };
        (a > 0 && b > 0 && a <= 31 && b <= 31).then_some((a, b, year, sep))
    }

    /// `January 15, 2024`, `15 Jan 2024`, `15. Januar 2024`, `Mon, 15 Jan 2024`.
    fn month_by_name(&mut self) -> Option<NaiveDate> {
        let mut day = None;
        let mut month = None;
        let mut year = None;
        for _ in 0..8 {
            self.blanks();
            self.char(&[',', '.']);
            self.blanks();
            let from = self.at;
            if let Some(n) = self.number(1, 4) {
                match self.at - from {
                    4 => year = Some(n as i32),
                    1 | 2 if day.is_none() => {
                        day = Some(n);
                        let _ = ["st", "nd", "rd", "th"].iter().any(|s| self.word(s));
                    }
                    _ => return None,
                }
            } else {
                let word: String = self.rest().chars().take_while(|c| c.is_alphabetic()).collect();
                if word.is_empty() {
                    return None;
                }
                self.at += word.len();
                let low = word.to_lowercase();
                if let Some(i) = MONTHS
                    .iter()
                    .position(|names| names.iter().any(|n| low.starts_with(n)))
                {
                    // Weekdays such as `Mar` (Tuesday in Spanish) come before the month.
                    month = Some(i as u32 + 1);
                }
            }
            if let (Some(y), Some(m), Some(d)) = (year, month, day) {
                return NaiveDate::from_ymd_opt(y, m, d);
            }
        }
        None
    }

    /// `1月15日`, `1月15日 08:05`: the latest such day that is not ahead.
    fn without_year(&mut self, setting: &Setting) -> Option<Parsed> {
        let month = self.number(1, 2)?;
        self.char(&['月'])?;
        let day = self.number(1, 2)?;
        self.char(&['日', '号'])?;
        let today = DateTime::from_timestamp_millis(setting.now_ms)?
            .with_timezone(&setting.zone)
            .date_naive();
        // 29 February may be up to eight years back.
        let date = (0..9)
            .filter_map(|back| NaiveDate::from_ymd_opt(today.year() - back, month, day))
            .find(|d| *d <= today)?;
        let (ms, precision, _) = finish(date, Precision::Day, self, setting)?;
        Some((ms, precision, Some(WarningCode::NoYear)))
    }

    /// The rest as a time of day, its precision, and an offset in minutes if it names one.
    fn time_of_day(&mut self) -> Option<(Duration, Precision, Option<i32>)> {
        self.blanks();
        self.char(&['T', ',', '，']);
        self.blanks();
        for open in ["星期", "周", "(星期", "(周", "（星期", "（周"] {
            if self.rest().starts_with(open) {
                self.at += open.len();
                self.char(&['一', '二', '三', '四', '五', '六', '日', '天'])?;
                self.char(&[')', '）']);
                self.blanks();
                break;
            }
        }
        if self.rest().is_empty() {
            return Some((Duration::zero(), Precision::Day, None));
        }
        let mut afternoon = None;
        for (word, pm) in [
            ("上午", false),
            ("凌晨", false),
            ("早上", false),
            ("下午", true),
            ("晚上", true),
            ("am", false),
            ("pm", true),
        ] {
            if self.word(word) {
                afternoon = Some(pm);
                self.blanks();
                break;
            }
        }
        let mut hour = self.number(1, 2)?;
        let sep = self.char(&[':', '：', '时', '点'])?;
        let mut minute = 0;
        let mut second = 0;
        let mut milli = 0;
        let mut precision = Precision::Min;
        if let Some(m) = self.number(1, 2) {
            minute = m;
            self.char(&['分']);
            let colon = self.char(&[':', '：']).is_some();
            let before = self.at;
            if let Some(s) = self.number(1, 2) {
                second = s;
                precision = Precision::Sec;
                self.char(&['秒']);
                if self.char(&['.', ',']).is_some() {
                    let from = self.at;
                    self.number(1, 9)?;
                    let fraction: String = self.text[from..self.at]
                        .chars()
                        .chain("000".chars())
                        .take(3)
                        .collect();
                    milli = fraction.parse().ok()?;
                    precision = Precision::Ms;
                }
            } else if colon {
                self.at = before;
                return None;
            }
        } else if sep == ':' {
            return None;
        }
        self.blanks();
        if afternoon.is_none() {
            for (word, pm) in [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true)] {
                if self.word(word) {
                    afternoon = Some(pm);
                    self.blanks();
                    break;
                }
            }
        }
        match afternoon {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        let offset = self.offset()?;
        self.blanks();
        if !self.rest().is_empty()
            || hour > 24
            || minute > 59
            || second > 60
            || (hour == 24 && minute + second > 0)
        {
            return None;
        }
        let total =
            i64::from(hour) * 3_600_000 + i64::from(minute) * 60_000 + i64::from(second) * 1000 + milli;
        Some((Duration::milliseconds(total), precision, offset))
    }

    /// Outer none: something else stands there.
    #[allow(
        clippy::option_option,
        reason = "no offset and a bad offset are different answers"
    )]
    fn offset(&mut self) -> Option<Option<i32>> {
        if self.word("北京时间") || self.rest().is_empty() {
            return Some(None);
        }
        if self.word("Z") && self.rest().trim().is_empty() {
            return Some(Some(0));
        }
        let named = self.word("UTC") || self.word("GMT");
        let Some(sign) = self.char(&['+', '-']) else {
            return named.then_some(Some(0));
        };
        let hours = self.number(1, 2)? as i32;
        self.char(&[':']);
        let minutes = self.number(2, 2).unwrap_or(0) as i32;
        // `+0800 CST`
        self.blanks();
        if self.rest().len() <= 5
            && self
                .rest()
                .chars()
                .all(|c| c.is_ascii_uppercase() || matches!(c, '(' | ')'))
        {
            self.at = self.text.len();
        }
        let total = hours * 60 + minutes;
        (total <= 18 * 60).then_some(Some(if sign == '-' { -total } else { total }))
    }
}
