//! How fast the deadline engine is: `cargo run --release -p amends-domain --example sla_rate`.

use amends_domain::sla::event::{
    ContactWay, Event, EventKind, Invitation, MessageIntent, PublishRoute, ReplyBy, TicketStatus,
};
use amends_domain::sla::holidays::HolidayBook;
use amends_domain::sla::{
    Calendar, CalendarSpec, CalendarVersion, Calendars, Policies, PolicyVersion, StartAt, calendar::Week,
    clocks, opening_clocks, scenario,
};
use amends_domain::{Precision, ReviewId, Tier};
use std::hint::black_box;
use std::time::Instant;

/// 2026-01-01 in UTC milliseconds.
const YEAR_MS: i64 = 1_767_225_600_000;
const HOUR_MS: i64 = 3_600_000;

/// The log of a ticket that went through the whole loop, with a pause, a message and a raise.
fn ticket(number: i64) -> Vec<Event> {
    let start = YEAR_MS + number * 317_000 % (300 * 24 * HOUR_MS);
    let tier = Tier::ALL[number as usize % 3];
    let status = |status| EventKind::Status {
        status,
        reason: None,
        until_ms: None,
        confirmed: true,
    };
    let kinds = [
        (
            0,
            EventKind::Received {
                review: ReviewId(format!("r{number}")),
                tier,
                posted_ms: Some(start - HOUR_MS),
                posted_precision: Precision::Sec,
                start: StartAt::Received,
                live: true,
                policy: PolicyVersion(1),
                calendar: CalendarVersion(1),
                reply: None,
                stars: Some(1.0),
                source: None,
                batch: None,
                rule: None,
            },
        ),
        (1, status(TicketStatus::Verifying)),
        (
            2,
            EventKind::ReplyPublished {
                reply: "a".into(),
                review: None,
                by: ReplyBy::Human,
                route: PublishRoute::ByHand,
                text: None,
                template: None,
            },
        ),
        (3, status(TicketStatus::WaitingCustomer)),
        (
            9,
            EventKind::CustomerMessage {
                message: "m".into(),
                intent: MessageIntent::Question,
                way: ContactWay::PrivateMessage,
                text: None,
            },
        ),
        (10, status(TicketStatus::Communicating)),
        (
            12,
            EventKind::SolutionOffered {
                text: None,
                remedies: Vec::new(),
            },
        ),
        (
            30,
            EventKind::Closed {
                invitation: Some(Invitation::Sent),
                reason: None,
            },
        ),
    ];
    let count = 1 + number as usize % kinds.len();
    let log = kinds
        .into_iter()
        .take(count)
        .enumerate()
        .map(|(index, (hours, kind))| {
            let at_ms = start + hours * HOUR_MS;
            Event {
                id: format!("e{index}").into(),
                at_ms,
                recorded_ms: at_ms,
                actor: None,
                kind,
            }
        });
    log.collect()
}

fn main() {
    let Ok(hours) = ["09:00-12:00", "13:30-18:00"]
        .iter()
        .map(|text| text.parse())
        .collect::<Result<Vec<_>, _>>()
    else {
        return;
    };
    let zone = CalendarSpec::always(chrono_tz::Asia::Shanghai).zone;
    let spec = HolidayBook::shipped().calendar(zone, Week::workdays(&hours), 2025..=2027);
    let calendars = Calendars::new(Calendar::new(CalendarVersion(1), spec));
    let (policies, calendar) = (Policies::default(), calendars.latest());

    // Warm: the index of the year is built by the first pass.
    for timed in [false, true] {
        let rounds = 2_000_000_i64;
        let began = Instant::now();
        let mut sum = 0_i64;
        for round in 0..rounds {
            let start = YEAR_MS + round * 7_919_000 % (300 * 24 * HOUR_MS);
            sum = sum.wrapping_add(calendar.add(black_box(start), HOUR_MS * (1 + round % 72)));
        }
        black_box(sum);
        if timed {
            println!(
                "a due time, working hours, warm: {:.0} ns",
                began.elapsed().as_nanos() as f64 / rounds as f64
            );
        }
    }

    let logs: Vec<Vec<Event>> = (0..100_000).map(ticket).collect();
    let events: usize = logs.iter().map(Vec::len).sum();
    let now = YEAR_MS + 310 * 24 * HOUR_MS;
    let began = Instant::now();
    let count: usize = logs
        .iter()
        .map(|log| clocks(log, &policies, &calendars, now).len())
        .sum();
    println!(
        "rebuilding 100,000 tickets ({events} events, {count} clocks), working hours: {:.0} ms",
        began.elapsed().as_secs_f64() * 1e3
    );

    let reviews: Vec<ReviewId> = (0..100_000)
        .map(|number| ReviewId(format!("r{number}")))
        .collect();
    let began = Instant::now();
    let mut count = 0;
    for (number, review) in reviews.iter().enumerate() {
        let start = YEAR_MS + number as i64 * 317_000;
        count += opening_clocks(review, Tier::ALL[number % 3], start, policies.latest(), calendar).len();
    }
    println!(
        "opening 100,000 tickets ({count} clocks): {:.0} ms",
        began.elapsed().as_secs_f64() * 1e3
    );

    let scenario = concat!(
        r#"{"calendar":{"zone":"Asia/Shanghai","weekly":{"mon":["09:00-12:00","13:30-18:00"],"tue":["09:00-18:00"]}},"#,
        r#""events":[{"at":"2026-11-20T10:00:00+08:00","type":"received","tier":"urgent"},"#,
        r#"{"at":"2026-11-20T11:00:00+08:00","type":"status","status":"waiting_customer"},"#,
        r#"{"at":"2026-11-20T15:00:00+08:00","type":"customer_message"},"#,
        r#"{"at":"2026-11-23T15:00:00+08:00","type":"closed"}],"now":"2026-11-24T00:00:00+08:00","alerts":true}"#,
        "\n"
    );
    let lines = scenario.repeat(1000);
    let began = Instant::now();
    black_box(scenario::answer_lines(&lines));
    println!(
        "1,000 scenarios in JSON: {:.0} ms",
        began.elapsed().as_secs_f64() * 1e3
    );
}
