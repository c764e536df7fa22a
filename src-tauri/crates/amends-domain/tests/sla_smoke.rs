//! First worked dates of `sla.md`.
#![allow(clippy::unwrap_used)]
use amends_domain::sla::calendar::{instant, zone};
use amends_domain::sla::*;
use amends_domain::{ReviewId, Tier};
use chrono::DateTime;

fn ms(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
}

#[test]
fn the_opening_clocks_of_an_urgent_review_are_those_of_its_one_event_log() {
    let calendars = Calendars::new(Calendar::new(
        CalendarVersion(1),
        CalendarSpec::always(zone("Asia/Shanghai").unwrap()),
    ));
    let policies = Policies::default();
    let at = ms("2026-11-20T23:30:00+08:00");
    let log = [Event {
        id: "a1".into(),
        at_ms: at,
        recorded_ms: at,
        actor: None,
        kind: serde_json::from_value(serde_json::json!({
            "type": "received", "review": "r1", "tier": "urgent", "policy": 1, "calendar": 1
        }))
        .unwrap(),
    }];
    let clocks = clocks(&log, &policies, &calendars, at);
    let due: Vec<_> = clocks
        .iter()
        .map(|clock| (clock.metric.as_str(), instant(clock.due_ms).to_rfc3339()))
        .collect();
    assert_eq!(
        due,
        [
            ("first_response", "2026-11-20T17:30:00+00:00".to_owned()),
            ("solution", "2026-11-21T15:30:00+00:00".to_owned()),
            ("closure", "2026-11-23T15:30:00+00:00".to_owned()),
        ]
    );
    let fast = opening_clocks(
        &ReviewId::from("r1"),
        Tier::Urgent,
        at,
        policies.latest(),
        calendars.latest(),
    );
    assert_eq!(fast, clocks);
}
