//! A short way to write scenarios: local times without the year, events in the order they are told.
#![allow(dead_code, clippy::unwrap_used)]

use amends_domain::sla::scenario::answer;
use serde_json::{Value, json};

/// `11-20 23:30`, `11-20 23:30:00.001` or `2027-01-01 10:00` on Shanghai's wall clock, as RFC 3339.
pub fn at(text: &str) -> String {
    in_zone(text, "+08:00")
}

pub fn in_zone(text: &str, offset: &str) -> String {
    let text = if text.len() >= 16 && text.as_bytes()[4] == b'-' {
        text.to_owned()
    } else {
        format!("2026-{text}")
    };
    let seconds = if text.matches(':').count() == 1 { ":00" } else { "" };
    format!("{}{seconds}{offset}", text.replace(' ', "T"))
}

/// Mon–Fri 09:00–12:00 and 13:30–18:00 with the State Council's 2026 holidays and make-up days.
pub fn biz() -> Value {
    let hours = json!(["09:00-12:00", "13:30-18:00"]);
    let days = ["mon", "tue", "wed", "thu", "fri"];
    calendar(&days, &hours)
}

/// Every day 20:00–04:00 with the same holidays.
pub fn night() -> Value {
    calendar(
        &["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        &json!(["20:00-04:00"]),
    )
}

fn calendar(days: &[&str], hours: &Value) -> Value {
    let mut weekly = serde_json::Map::new();
    for day in days {
        weekly.insert((*day).to_owned(), hours.clone());
    }
    let mut overrides = serde_json::Map::new();
    // Written out here so that the tests do not share the shipped data.
    let off = [
        ("01-01", "01-03"),
        ("02-15", "02-23"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-19", "06-21"),
        ("09-25", "09-27"),
        ("10-01", "10-07"),
    ];
    for (from, to) in off {
        let day = |text: &str| format!("2026-{text}").parse::<chrono::NaiveDate>().unwrap();
        for date in day(from).iter_days().take_while(|date| *date <= day(to)) {
            overrides.insert(date.to_string(), json!([]));
        }
    }
    for date in ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"] {
        overrides.insert(format!("2026-{date}"), hours.clone());
    }
    json!({ "zone": "Asia/Shanghai", "weekly": weekly, "overrides": overrides })
}

/// The same daily windows in another zone.
pub fn daily(zone: &str, window: &str) -> Value {
    let week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let weekly: serde_json::Map<String, Value> = week
        .iter()
        .map(|day| ((*day).to_owned(), json!([window])))
        .collect();
    json!({ "zone": zone, "weekly": weekly })
}

/// A scenario under the default promise unless told otherwise.
#[derive(Clone)]
pub struct Case {
    input: Value,
    offset: &'static str,
}

pub fn case(calendar: impl Into<Value>) -> Case {
    Case {
        input: json!({ "calendar": calendar.into(), "events": [] }),
        offset: "+08:00",
    }
}

impl Case {
    /// Times of the events that follow are on this offset's wall clock.
    pub fn offset(mut self, offset: &'static str) -> Self {
        self.offset = offset;
        self
    }

    /// A promise of one target for 紧急.
    pub fn promise(self, metric: &str, target: &str) -> Self {
        self.with("policy", json!({ "urgent": { metric: target } }))
    }

    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.input[key] = value.into();
        self
    }

    pub fn received(self, when: &str, tier: &str) -> Self {
        self.event_with(when, "received", json!({ "tier": tier }))
    }

    pub fn status(self, when: &str, status: &str) -> Self {
        self.event_with(when, "status", json!({ "status": status }))
    }

    pub fn tier(self, when: &str, tier: &str) -> Self {
        self.event_with(when, "tier", json!({ "tier": tier }))
    }

    pub fn event(self, when: &str, kind: &str) -> Self {
        self.event_with(when, kind, json!({}))
    }

    pub fn event_with(mut self, when: &str, kind: &str, mut fields: Value) -> Self {
        fields["at"] = json!(in_zone(when, self.offset));
        fields["type"] = json!(kind);
        self.input["events"].as_array_mut().unwrap().push(fields);
        self
    }

    /// The answer at an instant.
    pub fn now(&self, when: &str) -> Answer {
        let mut input = self.input.clone();
        input["now"] = json!(in_zone(when, self.offset));
        input["alerts"] = json!(true);
        Answer {
            value: serde_json::from_str(&answer(&input.to_string()).unwrap()).unwrap(),
        }
    }

    /// The answer at the last event.
    pub fn answer(&self) -> Answer {
        let mut input = self.input.clone();
        let events = input["events"].as_array().unwrap();
        input["now"] = events
            .iter()
            .map(|event| event["at"].clone())
            .max_by_key(|at| chrono::DateTime::parse_from_rfc3339(at.as_str().unwrap()).unwrap())
            .unwrap();
        input["alerts"] = json!(true);
        Answer {
            value: serde_json::from_str(&answer(&input.to_string()).unwrap()).unwrap(),
        }
    }

    pub fn json(&self) -> Value {
        self.input.clone()
    }
}

pub struct Answer {
    pub value: Value,
}

impl Answer {
    pub fn clocks(&self) -> &[Value] {
        self.value["clocks"].as_array().unwrap()
    }

    /// The only clock of a metric in a cycle.
    pub fn clock_in(&self, metric: &str, cycle: u64) -> &Value {
        let found: Vec<&Value> = self
            .clocks()
            .iter()
            .filter(|clock| clock["metric"] == metric && clock["cycle"] == cycle)
            .collect();
        assert_eq!(found.len(), 1, "{metric} in cycle {cycle}: {:#}", self.value);
        found[0]
    }

    pub fn clock(&self, metric: &str) -> &Value {
        self.clock_in(metric, 1)
    }

    pub fn has(&self, metric: &str) -> bool {
        self.clocks().iter().any(|clock| clock["metric"] == metric)
    }

    pub fn due(&self, metric: &str) -> &str {
        self.clock(metric)["due"].as_str().unwrap()
    }

    pub fn state(&self, metric: &str) -> &str {
        self.clock(metric)["state"].as_str().unwrap()
    }

    /// First response, solution and closure of cycle 1.
    pub fn dues(&self) -> [&str; 3] {
        [self.due(FR), self.due(S), self.due(C)]
    }

    /// The instant of an alert level.
    pub fn alert(&self, metric: &str, level: &str) -> Option<&str> {
        let alerts = self.clock(metric)["alerts"].as_array().unwrap();
        alerts
            .iter()
            .find(|alert| alert["level"] == level)
            .map(|alert| alert["at"].as_str().unwrap())
    }
}

pub const FR: &str = "first_response";
pub const NR: &str = "next_response";
pub const S: &str = "solution";
pub const C: &str = "closure";
pub const FU: &str = "follow_up";
