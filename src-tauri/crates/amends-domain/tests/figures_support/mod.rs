//! Tickets, reviews and orders written by hand.
#![allow(dead_code, clippy::unwrap_used, reason = "each test binary uses its part")]

use amends_domain::figures::{
    ClockFact, CountedEvent, Facts, Figures, OrderFact, Request, ReviewFact, Span, TicketFact,
};
use amends_domain::sla::event::{
    ContactOutcome, ContactWay, DisputeOutcome, Event, EventKind, PublishRoute, RemedyKind, ReopenCause,
    ReplyBy,
};
use amends_domain::sla::{
    Calendar, CalendarSpec, CalendarVersion, Calendars, Metric, TicketStatus, calendar::Week,
};
use amends_domain::{Cause, Channel, Sentiment, Severity, Tier};

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// `11-18 10:00` of 2026 in Shanghai.
pub fn at(text: &str) -> i64 {
    let time = chrono::NaiveDateTime::parse_from_str(&format!("2026-{text}"), "%Y-%m-%d %H:%M").unwrap();
    time.and_utc().timestamp_millis() - 8 * HOUR
}

/// Week 47 of 2026, Monday to Sunday, and the weeks before it.
pub fn week(ago: i64) -> Span {
    let from_ms = at("11-16 00:00") - ago * 7 * DAY;
    Span {
        from_ms,
        until_ms: from_ms + 7 * DAY,
    }
}

/// Week 47, seen on the Monday after it.
pub fn monday() -> Request {
    Request {
        span: week(0),
        before: Some(week(1)),
        last_year: Some(week(52)),
        trend: (0..6).rev().map(week).collect(),
        now_ms: at("11-23 09:00"),
        ..Request::default()
    }
}

/// Version 1 always counts, version 2 on Mondays to Fridays from 09:00 to 18:00.
pub fn calendars() -> Calendars {
    let always = CalendarSpec::always(chrono_tz::Asia::Shanghai);
    let office = CalendarSpec {
        weekly: Week::workdays(&["09:00-18:00".parse().unwrap()]),
        ..always.clone()
    };
    let mut calendars = Calendars::new(Calendar::new(CalendarVersion(1), always));
    calendars.insert(Calendar::new(CalendarVersion(2), office));
    calendars
}

pub fn figures(facts: &Facts) -> Figures {
    Figures::of(facts, &calendars(), &monday())
}

/// A general ticket about nothing, received on Monday of week 47 at 08:00, open, without clocks.
pub fn ticket(number: u32) -> TicketFact {
    TicketFact {
        id: format!("t{number}").into(),
        number: format!("2611-{number:04}"),
        tier: Tier::General,
        severity: Severity::Minor,
        causes: Vec::new(),
        channel: Channel::Taobao,
        shop: "".into(),
        product: None,
        source: None,
        owner: None,
        status: TicketStatus::Received,
        received_ms: at("11-16 08:00"),
        posted_ms: None,
        customer: None,
        stars_now: Some(1.0),
        editable: true,
        clocks: Vec::new(),
        events: Vec::new(),
        calendar: CalendarVersion(1),
    }
}

pub fn facts(tickets: Vec<TicketFact>) -> Facts {
    Facts {
        tickets,
        ..Facts::default()
    }
}

pub fn clock(metric: Metric, start: i64, due: i64, fulfilled: Option<i64>) -> ClockFact {
    ClockFact {
        metric,
        cycle: 1,
        start_ms: start,
        due_ms: due,
        fulfilled_ms: fulfilled,
        untimed: false,
        paused: false,
        cancelled: false,
        annulled: false,
    }
}

/// A first response of `due − 2 h`.
pub fn response(due: &str, fulfilled: Option<&str>) -> ClockFact {
    clock(
        Metric::FirstResponse,
        at(due) - 2 * HOUR,
        at(due),
        fulfilled.map(at),
    )
}

/// Something that happened, done by `p` unless said otherwise.
pub fn event(time: &str, kind: EventKind) -> CountedEvent {
    event_by(time, "p", kind)
}

pub fn event_by(time: &str, person: &str, kind: EventKind) -> CountedEvent {
    event_ms(at(time), person, kind)
}

pub fn event_ms(at_ms: i64, person: &str, kind: EventKind) -> CountedEvent {
    CountedEvent::of(Event {
        id: format!("{at_ms}-{}", kind.name()).into(),
        at_ms,
        recorded_ms: at_ms,
        actor: (!person.is_empty()).then(|| person.into()),
        kind,
    })
    .unwrap()
}

pub fn status(status: TicketStatus, reason: Option<&str>) -> EventKind {
    EventKind::Status {
        status,
        reason: reason.map(str::to_owned),
        until_ms: None,
        confirmed: false,
    }
}

pub fn reply(id: &str) -> EventKind {
    EventKind::ReplyPublished {
        reply: id.into(),
        review: None,
        by: ReplyBy::Human,
        route: PublishRoute::ByHand,
        text: None,
        template: None,
    }
}

pub fn contact(id: &str, outcome: ContactOutcome, follow_up: bool) -> EventKind {
    EventKind::ContactLogged {
        contact: id.into(),
        way: ContactWay::Phone,
        outcome,
        text: None,
        follow_up,
    }
}

pub fn rated(score: u8, contact: Option<&str>) -> EventKind {
    EventKind::SatisfactionRated {
        score,
        contact: contact.map(Into::into),
    }
}

pub fn offered(id: &str, kind: RemedyKind, value_minor: u32, cost_minor: u32) -> EventKind {
    EventKind::RemedyOffered {
        remedy: id.into(),
        kind,
        value_minor,
        cost_minor,
        currency: "CNY".into(),
    }
}

pub fn granted(id: &str) -> EventKind {
    EventKind::RemedyGranted { remedy: id.into() }
}

pub fn solution() -> EventKind {
    EventKind::SolutionOffered {
        text: None,
        remedies: Vec::new(),
    }
}

pub fn closed(reason: Option<&str>) -> EventKind {
    EventKind::Closed {
        invitation: None,
        reason: reason.map(str::to_owned),
    }
}

pub fn reopened() -> EventKind {
    EventKind::Reopened {
        cause: ReopenCause::Message,
        review: None,
        message: None,
        tier: None,
    }
}

pub fn assigned(to: &str) -> EventKind {
    EventKind::Assigned {
        to: to.into(),
        rule: None,
        department: None,
    }
}

pub fn starred(stars: f32) -> EventKind {
    EventKind::ReviewChanged {
        review: "r".into(),
        stars: Some(stars),
        version: None,
        text: None,
    }
}

pub fn appeal(id: &str) -> EventKind {
    EventKind::DisputeOpened {
        dispute: id.into(),
        reason: "不是本店顾客".into(),
    }
}

pub fn decided(id: &str, outcome: DisputeOutcome) -> EventKind {
    EventKind::DisputeDecided {
        dispute: id.into(),
        outcome,
    }
}

pub fn review(time: &str, sentiment: Sentiment, count: u32) -> ReviewFact {
    ReviewFact {
        at_ms: at(time),
        lag_ms: None,
        sentiment,
        causes: Vec::new(),
        stars: None,
        channel: Channel::Taobao,
        shop: "".into(),
        product: None,
        source: None,
        count,
    }
}

pub fn order(time: &str, customer: Option<&str>) -> OrderFact {
    OrderFact {
        customer: customer.map(str::to_owned),
        at_ms: at(time),
        shop: String::new(),
        products: Vec::new(),
        amount_minor: 9_900,
    }
}

/// The tickets behind a key.
pub fn behind(figures: &Figures, key: &str) -> Vec<u32> {
    figures
        .set(key)
        .unwrap_or_else(|| panic!("no {key} among {:#?}", figures.keys()))
        .0
        .clone()
}

pub fn causes(list: &[Cause]) -> Vec<Cause> {
    list.to_vec()
}
