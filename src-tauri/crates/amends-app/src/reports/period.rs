//! Which instants a report covers: days, ISO weeks and months of the workspace's zone.

use crate::{AppError, Result, dto::ReportKind};
use amends_domain::{
    figures::Span,
    sla::calendar::{instant, local_to_ms},
};
use chrono::{Datelike, Days, IsoWeek, Months, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

/// A stretch of whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub kind: ReportKind,
    /// First day.
    pub first: NaiveDate,
    /// First day after it.
    pub after: NaiveDate,
    zone: Tz,
}

impl Period {
    /// The stretch that holds a day.
    pub fn around(kind: ReportKind, day: NaiveDate, zone: Tz) -> Self {
        let first = match kind {
            ReportKind::Daily => day,
            ReportKind::Weekly => day.week(Weekday::Mon).first_day(),
            ReportKind::Monthly => day.with_day(1).unwrap_or(day),
        };
        let after = match kind {
            ReportKind::Daily => first + Days::new(1),
            ReportKind::Weekly => first + Days::new(7),
            ReportKind::Monthly => first + Months::new(1),
        };
        Self {
            kind,
            first,
            after,
            zone,
        }
    }

    /// The newest stretch that is over; on its last day the one that runs, because that is when people look back.
    pub fn newest(kind: ReportKind, now_ms: i64, zone: Tz) -> Self {
        let today = instant(now_ms).with_timezone(&zone).date_naive();
        let running = Self::around(kind, today, zone);
        if running.after == today + Days::new(1) {
            running
        } else {
            running.earlier(1)
        }
    }

    /// The stretch `n` before.
    pub fn earlier(self, n: u32) -> Self {
        let first = match self.kind {
            ReportKind::Daily => self.first - Days::new(u64::from(n)),
            ReportKind::Weekly => self.first - Days::new(7 * u64::from(n)),
            ReportKind::Monthly => self.first - Months::new(n),
        };
        Self::around(self.kind, first, self.zone)
    }

    /// The stretch after.
    pub fn next(self) -> Self {
        Self::around(self.kind, self.after, self.zone)
    }

    /// The same stretch a year before: the week of the same number, the day or month of the same date.
    pub fn last_year(self) -> Self {
        let first = match self.kind {
            ReportKind::Weekly => {
                let week = self.first.iso_week();
                NaiveDate::from_isoywd_opt(week.year() - 1, week.week(), Weekday::Mon)
                    .unwrap_or(self.first - Days::new(364))
            }
            ReportKind::Daily | ReportKind::Monthly => self.first - Months::new(12),
        };
        Self::around(self.kind, first, self.zone)
    }

    /// Its instants.
    pub fn span(self) -> Span {
        let midnight = |day: NaiveDate| local_to_ms(self.zone, day.and_time(NaiveTime::MIN));
        Span {
            from_ms: midnight(self.first),
            until_ms: midnight(self.after),
        }
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.after - Days::new(1)
    }

    /// 2026-W47, 2026-11-22, 2026-11.
    pub fn name(self) -> String {
        match self.kind {
            ReportKind::Daily => self.first.to_string(),
            ReportKind::Weekly => week_name(self.first.iso_week()),
            ReportKind::Monthly => self.first.format("%Y-%m").to_string(),
        }
    }

    /// 第 47 周, 11 月 22 日, 2026 年 11 月.
    pub fn title(self) -> String {
        match self.kind {
            ReportKind::Daily => format!("{} 月 {} 日", self.first.month(), self.first.day()),
            ReportKind::Weekly => format!("第 {} 周", self.first.iso_week().week()),
            ReportKind::Monthly => format!("{} 年 {} 月", self.first.year(), self.first.month()),
        }
    }

    /// 2026 年 11 月 16 日 – 22 日.
    pub fn days(self) -> String {
        let (first, last) = (self.first, self.last());
        let begin = format!("{} 年 {} 月 {} 日", first.year(), first.month(), first.day());
        if first == last {
            begin
        } else if first.year() != last.year() {
            format!(
                "{begin} – {} 年 {} 月 {} 日",
                last.year(),
                last.month(),
                last.day()
            )
        } else if first.month() != last.month() {
            format!("{begin} – {} 月 {} 日", last.month(), last.day())
        } else {
            format!("{begin} – {} 日", last.day())
        }
    }

    /// 本周, 今天, 本月; and 上周, 前一天, 上月.
    pub fn words(self) -> (&'static str, &'static str) {
        match self.kind {
            ReportKind::Daily => ("当天", "前一天"),
            ReportKind::Weekly => ("本周", "上周"),
            ReportKind::Monthly => ("本月", "上月"),
        }
    }
}

/// 2026-W47.
pub(crate) fn week_name(week: IsoWeek) -> String {
    format!("{}-W{:02}", week.year(), week.week())
}

/// A day from YYYY-MM-DD.
pub(crate) fn day(text: &str) -> Result<NaiveDate> {
    text.parse()
        .map_err(|_| AppError::invalid(format!("“{text}”不是日期，请写成 2026-11-22 这样。")))
}

/// The Monday of 2026-W47.
pub(crate) fn monday(week: &str) -> Result<NaiveDate> {
    let parts = week.split_once("-W").or_else(|| week.split_once("-w"));
    parts
        .and_then(|(year, week)| {
            NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)
        })
        .ok_or_else(|| AppError::invalid(format!("“{week}”不是周次，请写成 2026-W47 这样。")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Shanghai;

    fn at(day: &str, kind: ReportKind) -> Period {
        Period::around(kind, day.parse().unwrap(), Shanghai)
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday_on_the_wall_clock() {
        let week = at("2026-11-22", ReportKind::Weekly);
        assert_eq!(
            (week.name().as_str(), week.days().as_str()),
            ("2026-W47", "2026 年 11 月 16 日 – 22 日")
        );
        let span = week.span();
        assert_eq!(span.from_ms, 1_794_758_400_000, "2026-11-15T16:00Z");
        assert_eq!(span.until_ms - span.from_ms, 7 * 86_400_000);
        assert_eq!(week.earlier(1).name(), "2026-W46");
        assert_eq!(week.next().name(), "2026-W48");
        assert_eq!(week.last_year().name(), "2025-W47");
    }

    #[test]
    fn the_first_week_of_a_year_may_begin_in_the_year_before() {
        assert_eq!(at("2026-12-31", ReportKind::Weekly).name(), "2026-W53");
        assert_eq!(
            at("2026-12-31", ReportKind::Weekly).last_year().name(),
            "2026-W01",
            "2025 has no week 53: the week that holds the same days, from 29 December"
        );
        assert_eq!(
            at("2025-01-01", ReportKind::Weekly).days(),
            "2024 年 12 月 30 日 – 2025 年 1 月 5 日"
        );
    }

    #[test]
    fn months_and_days_know_their_neighbours() {
        assert_eq!(at("2026-03-31", ReportKind::Monthly).earlier(1).name(), "2026-02");
        assert_eq!(
            at("2026-03-01", ReportKind::Daily).earlier(1).name(),
            "2026-02-28"
        );
        assert_eq!(at("2026-12-05", ReportKind::Monthly).next().name(), "2027-01");
    }

    #[test]
    fn on_monday_the_week_before_is_shown_and_on_sunday_the_one_that_ends() {
        let monday_nine = 1_795_395_600_000; // 2026-11-23T01:00Z
        let at = Period::newest(ReportKind::Weekly, monday_nine - 86_400_000, Shanghai);
        assert_eq!(at.name(), "2026-W47");
        assert_eq!(
            Period::newest(ReportKind::Weekly, monday_nine, Shanghai).name(),
            "2026-W47"
        );
        assert_eq!(
            Period::newest(ReportKind::Weekly, monday_nine + 86_400_000, Shanghai).name(),
            "2026-W47"
        );
    }
}
