//! The property tests at the end of `sla.md`.
#![allow(clippy::unwrap_used)]

use amends_domain::sla::alerts::{Level, instants, pass};
use amends_domain::sla::event::{Event, EventKind, TicketStatus};
use amends_domain::sla::{
    Calendar, CalendarSpec, CalendarVersion, Calendars, Clock, Metric, Policies, Policy, PolicyVersion,
    StartAt, calendar, clocks, opening_clocks,
};
use amends_domain::{Precision, ReviewId, Tier};
use chrono::NaiveDate;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// 2026-01-01 in UTC milliseconds.
const YEAR_MS: i64 = 1_767_225_600_000;
const DAY_MS: i64 = 86_400_000;

fn windows() -> impl Strategy<Value = Vec<calendar::Window>> {
    let window = (0_u16..1440, 1_u16..1440).prop_map(|(open, length)| {
        let close = (open + length) % 1440;
        format!(
            "{:02}:{:02}-{:02}:{:02}",
            open / 60,
            open % 60,
            close / 60,
            close % 60
        )
        .parse()
        .unwrap()
    });
    prop::collection::vec(window, 0..3)
}

fn specs() -> impl Strategy<Value = CalendarSpec> {
    let zones = [
        "Asia/Shanghai",
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "UTC",
    ];
    let overrides = prop::collection::btree_map(0_u64..400, windows(), 0..6);
    (
        prop::sample::select(zones.to_vec()),
        prop::collection::vec(windows(), 7),
        overrides,
    )
        .prop_map(|(zone, week, overrides)| {
            let mut spec = CalendarSpec::always(calendar::zone(zone).unwrap());
            let mut days = week.into_iter();
            let mut next = || days.next().unwrap();
            spec.weekly.mon = next();
            spec.weekly.tue = next();
            spec.weekly.wed = next();
            spec.weekly.thu = next();
            spec.weekly.fri = next();
            spec.weekly.sat = next();
            spec.weekly.sun = next();
            if (0..7).all(|day| {
                spec.windows(first_day() + chrono::Days::new(200 + day))
                    .is_empty()
            }) {
                spec.weekly.mon = vec![calendar::Window::CONTACT];
            }
            let first = first_day();
            let dated = overrides
                .into_iter()
                .map(|(day, windows)| (first + chrono::Days::new(day), windows));
            spec.overrides = dated.collect();
            spec
        })
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
}

fn calendars() -> impl Strategy<Value = Calendar> {
    specs().prop_map(|spec| Calendar::new(CalendarVersion(1), spec))
}

fn starts() -> impl Strategy<Value = i64> {
    YEAR_MS..YEAR_MS + 366 * DAY_MS
}

/// Up to 200 h of work, to the millisecond.
fn work() -> impl Strategy<Value = i64> {
    1_i64..200 * 3_600_000
}

fn event(number: usize, at_ms: i64, kind: EventKind) -> Event {
    Event {
        id: format!("e{number}").into(),
        at_ms,
        recorded_ms: at_ms,
        actor: None,
        kind,
    }
}

fn received(at_ms: i64, tier: Tier) -> Event {
    let kind = EventKind::Received {
        review: "r".into(),
        tier,
        posted_ms: None,
        posted_precision: Precision::Ms,
        start: StartAt::Received,
        live: true,
        policy: PolicyVersion(1),
        calendar: CalendarVersion(1),
        reply: None,
        stars: None,
        source: None,
        batch: None,
        rule: None,
    };
    event(0, at_ms, kind)
}

fn status(number: usize, at_ms: i64, status: TicketStatus) -> Event {
    event(
        number,
        at_ms,
        EventKind::Status {
            status,
            reason: None,
            until_ms: None,
            confirmed: true,
        },
    )
}

fn of(clocks: &[Clock], metric: Metric) -> &Clock {
    clocks.iter().find(|clock| clock.metric == metric).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn adding_work_adds_exactly_that_work(calendar in calendars(), start in starts(), x in work()) {
        prop_assert_eq!(calendar.work_between(start, calendar.add(start, x)), x);
    }

    #[test]
    fn adding_is_monotone_in_both_arguments(
        calendar in calendars(), a in starts(), later in 0_i64..20 * DAY_MS, x in work(), more in work()
    ) {
        prop_assert!(calendar.add(a, x) <= calendar.add(a + later, x));
        prop_assert!(calendar.add(a, x) < calendar.add(a, x + more));
    }

    #[test]
    fn adding_in_two_steps_is_adding_at_once(calendar in calendars(), a in starts(), x in work(), y in work()) {
        prop_assert_eq!(calendar.add(calendar.add(a, x), y), calendar.add(a, x + y));
    }

    #[test]
    fn a_due_time_is_the_end_of_an_open_millisecond(calendar in calendars(), a in starts(), x in work()) {
        let due = calendar.add(a, x);
        prop_assert!(calendar.is_open(due - 1));
        let counted: i64 = calendar.intervals(a, due).iter().map(|(from, until)| until - from).sum();
        prop_assert_eq!(counted, x);
    }

    #[test]
    fn splitting_a_pause_does_not_matter(
        calendar in calendars(), start in starts(), before in 0_i64..40 * 3_600_000,
        first in 1_i64..20 * 3_600_000, second in 1_i64..20 * 3_600_000,
    ) {
        use TicketStatus::{Communicating, Disputed, WaitingCustomer};
        let calendars = Calendars::new(calendar);
        let policies = Policies::default();
        let (from, middle) = (start + before, start + before + first);
        let until = middle + second;
        let now = until + 1;
        let whole = [
            received(start, Tier::Urgent), status(1, from, WaitingCustomer), status(2, until, Communicating),
        ];
        let split = [
            received(start, Tier::Urgent),
            status(1, from, WaitingCustomer),
            status(2, middle, Disputed),
            status(3, until, Communicating),
        ];
        // Also told in another order: what happened counts, not when it was written.
        let mut shuffled = split.clone();
        shuffled.swap(1, 3);
        let due = |log: &[Event]| of(&clocks(log, &policies, &calendars, now), Metric::Solution).clone();
        let (whole, split, shuffled) = (due(&whole), due(&split), due(&shuffled));
        prop_assert_eq!(whole.due_ms, split.due_ms);
        prop_assert_eq!(whole.state, split.state);
        prop_assert_eq!(&split, &shuffled);
        // A warning is a share of the work that nothing paused.
        let levels = instants(&whole, policies.latest(), calendars.latest());
        for (level, percent) in [(Level::L1, 75), (Level::L2, 90)] {
            let Some(alert) = levels.iter().find(|alert| alert.level == level) else { continue };
            let worked = |from: i64, until: i64| calendars.latest().work_between(from, until);
            let rested = worked(from, until.min(alert.at_ms));
            prop_assert_eq!(worked(start, alert.at_ms) - rested, 24 * 36_000 * percent);
        }
        // R9: both formulas agree while something is left.
        let calendar = calendars.latest();
        let used = calendar.work_between(start, from);
        let target = 24 * 3_600_000;
        if used < target {
            prop_assert_eq!(whole.due_ms, calendar.add(until, target - used));
        }
    }

    #[test]
    fn moving_zone_and_events_together_moves_the_due_time(
        spec in specs(), start in starts(), x in work(), hours in -11_i64..12
    ) {
        let offset = |hours: i64| {
            // IANA's Etc zones have their sign the other way round.
            let name = if hours == 0 { "Etc/UTC".to_owned() } else { format!("Etc/GMT{:+}", -hours) };
            calendar::zone(&name).unwrap()
        };
        let at = |hours: i64| {
            let spec = CalendarSpec { zone: offset(hours), ..spec.clone() };
            Calendar::new(CalendarVersion(1), spec).add(start - hours * 3_600_000, x)
        };
        prop_assert_eq!(at(hours), at(0) - hours * 3_600_000);
    }

    #[test]
    fn rebuilding_gives_what_was_computed_at_the_opening(
        spec in specs(), start in starts(), tier in prop::sample::select(Tier::ALL.to_vec())
    ) {
        let calendars = Calendars::new(Calendar::new(CalendarVersion(1), spec.clone()));
        let policies = Policies::default();
        let stored =
            opening_clocks(&ReviewId::from("r"), tier, start, policies.latest(), calendars.latest());
        let log = [received(start, tier)];
        prop_assert_eq!(&stored, &clocks(&log, &policies, &calendars, start));
        // A calendar whose index is cold gives the same.
        let cold = Calendars::new(Calendar::new(CalendarVersion(1), spec));
        prop_assert_eq!(&stored, &clocks(&log, &policies, &cold, start));
    }

    #[test]
    fn one_alert_per_key_whatever_the_restarts(
        spec in specs(), start in starts(),
        gaps in prop::collection::vec(1_i64..12 * 3_600_000, 1..40),
        raise in prop::option::of(1_i64..20 * 3_600_000),
    ) {
        let calendars = Calendars::new(Calendar::new(CalendarVersion(1), spec));
        let policies = Policies::new(Policy::default());
        let mut log = vec![received(start, Tier::General)];
        if let Some(after) = raise {
            let tier = EventKind::Tier {
                tier: Tier::Urgent, reason: None, rule: None,
                manual_due: amends_domain::sla::event::ManualDueAnswer::Keep,
            };
            log.push(event(1, start + after, tier));
        }
        let mut recorded: Vec<(u32, Level)> = Vec::new();
        let mut levels = BTreeSet::new();
        let mut now = start;
        for gap in gaps {
            now += gap;
            let all = clocks(&log, &policies, &calendars, now);
            let clock = of(&all, Metric::FirstResponse);
            let done = pass(clock, &instants(clock, policies.latest(), calendars.latest()), &recorded, now);
            if let Some(ring) = done.ring {
                prop_assert!(ring.at_ms <= now);
                prop_assert!(levels.insert(ring.level), "{:?} rang twice", ring.level);
                prop_assert!(levels.last() == Some(&ring.level), "a lower level rang after a higher one");
            }
            let new = done.ring.into_iter().chain(done.noted).map(|alert| (clock.revision, alert.level));
            for key in new {
                prop_assert!(!recorded.contains(&key));
                recorded.push(key);
            }
            // A second pass at the same instant, as after a restart, does nothing.
            let again = pass(clock, &instants(clock, policies.latest(), calendars.latest()), &recorded, now);
            prop_assert_eq!(again, amends_domain::sla::alerts::Pass::default());
        }
    }

    #[test]
    fn no_scenario_makes_it_panic(
        events in prop::collection::vec((0_usize..EVENTS.len(), 0_i64..2000, 0_usize..WORDS.len()), 0..14),
        calendar in prop::sample::select(vec!["24x7", "24x7", "odd", "none"]),
        now in 0_i64..3000,
        tier in prop::sample::select(vec!["urgent", "urgent", "important", "general", "nothing"]),
    ) {
        let at = |quarter: i64| {
            chrono::DateTime::from_timestamp_millis(YEAR_MS + quarter * 900_000).unwrap().to_rfc3339()
        };
        let word = |index: usize| serde_json::from_str::<serde_json::Value>(WORDS[index]).unwrap();
        let told: Vec<_> = events
            .iter()
            .map(|&(kind, quarter, extra)| {
                serde_json::json!({
                    "type": EVENTS[kind], "at": at(quarter), "tier": tier, "status": "waiting_customer",
                    "metric": "solution", "due": at(quarter + 40), "until": at(quarter + 3), "reply": word(extra),
                    "review": word(extra), "of": word(extra),
                    "invitation": if extra % 2 == 0 { Some("sent") } else { None }, "stars": extra,
                })
            })
            .collect();
        let calendar = match calendar {
            "odd" => serde_json::json!({ "zone": "Asia/Shanghai", "weekly": { "tue": ["23:59-00:01"] } }),
            "none" => serde_json::json!({ "weekly": {} }),
            name => serde_json::json!(name),
        };
        let input = serde_json::json!({ "calendar": calendar, "events": told, "now": at(now), "alerts": true });
        if let Ok(answer) = amends_domain::sla::scenario::answer(&input.to_string()) {
            let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
            for clock in answer["clocks"].as_array().unwrap() {
                prop_assert_eq!(clock["state"] == "cancelled", !clock["reason"].is_null());
                prop_assert!(clock["remaining_working_secs"].as_i64().unwrap() >= 0);
                prop_assert!(clock["late_by_ms"].as_i64().is_none_or(|late| late > 0));
            }
        }
    }

    #[test]
    fn text_that_is_no_scenario_is_refused_not_feared(text in ".{0,200}") {
        let _ = amends_domain::sla::scenario::answer(&text);
        let _ = amends_domain::sla::holidays::read_ics(&text);
        let _ = amends_domain::sla::holidays::read_csv(&text);
        let _ = text.parse::<calendar::Window>();
    }
}

const EVENTS: &[&str] = &[
    "received",
    "received",
    "received",
    "status",
    "customer_message",
    "no_reply_needed",
    "tier",
    "reply_submitted",
    "reply_published",
    "reply_rejected",
    "contact_logged",
    "approval_requested",
    "approval_decided",
    "solution_offered",
    "resolved",
    "invitation_sent",
    "closed",
    "reopened",
    "done",
    "dismissed",
    "manual_due",
    "channel_limit",
    "policy",
    "calendar",
    "review_changed",
    "review_deleted",
    "merged_into",
    "pause_cap",
    "breach_annulled",
    "undone",
    "wait_started",
    "wait_ended",
    "note_added",
];

/// Ids that may or may not exist; now and then not an id at all.
const WORDS: &[&str] = &[
    "null",
    "null",
    "\"review-1\"",
    "\"review-1\"",
    "\"reply-1\"",
    "\"e2\"",
    "\"e3\"",
    "5",
];
