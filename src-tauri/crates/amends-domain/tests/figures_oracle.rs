//! An independent calculation: for random histories every figure is counted again, slowly and from the definitions
//! of product.md, by walking through all events again and again, and must come out the same.
#![allow(clippy::unwrap_used)]

mod figures_support;

use amends_domain::figures::{
    ClockFact, CountedEvent, CountedKind, Cut, Facts, Figures, OrderFact, Request, ReviewFact, Set, Share,
    TicketFact,
};
use amends_domain::sla::event::{ContactOutcome, DisputeOutcome, EventKind, RemedyKind};
use amends_domain::sla::{CalendarVersion, Metric, TicketStatus};
use amends_domain::{Cause, Channel, PersonId, Sentiment, Severity, Tier};
use figures_support::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const SHOPS: [&str; 4] = ["", "大学城店", "南门.店", "a%2Eb"];
const PRODUCTS: [Option<&str>; 4] = [None, Some("纯牛奶 250ml"), Some("去屑.洗发水"), Some("met")];

/// An hour between 100 days before now and now; most in the last two weeks.
fn hour() -> impl Strategy<Value = i64> {
    let now = monday().now_ms / HOUR;
    prop_oneof![4 => now - 24 * 15..=now, 1 => now - 24 * 100..=now].prop_map(|hour| hour * HOUR)
}

fn person() -> impl Strategy<Value = Option<PersonId>> {
    prop_oneof![
        Just(None),
        Just(Some("a".into())),
        Just(Some("b".into())),
        Just(Some("c.d".into()))
    ]
}

fn kind() -> impl Strategy<Value = EventKind> {
    use ContactOutcome as O;
    let id = (0..3_u8).prop_map(|n| format!("i{n}"));
    let outcome = prop_oneof![
        Just(O::Reached),
        Just(O::Satisfied),
        Just(O::Unsatisfied),
        Just(O::NoAnswer),
        Just(O::Refused)
    ];
    let verdict = prop_oneof![
        Just(DisputeOutcome::Upheld),
        Just(DisputeOutcome::Rejected),
        Just(DisputeOutcome::Withdrawn),
        Just(DisputeOutcome::Expired)
    ];
    let remedy = prop_oneof![
        Just(RemedyKind::Coupon),
        Just(RemedyKind::Refund),
        Just(RemedyKind::Apology)
    ];
    let step = prop_oneof![
        Just(TicketStatus::Verifying),
        Just(TicketStatus::Planning),
        Just(TicketStatus::Communicating),
        Just(TicketStatus::WaitingCustomer)
    ];
    prop_oneof![
        3 => (step, any::<bool>()).prop_map(|(step, why)| status(step, why.then_some("等仓库"))),
        2 => id.clone().prop_map(|id| reply(&id)),
        2 => (id.clone(), outcome, any::<bool>()).prop_map(|(id, outcome, up)| contact(&id, outcome, up)),
        2 => (1..=5_u8, proptest::option::of(id.clone())).prop_map(|(score, id)| rated(score, id.as_deref())),
        1 => Just(solution()),
        2 => (id.clone(), remedy, 0..50_u32).prop_map(|(id, kind, cost)| offered(&id, kind, cost * 2, cost)),
        2 => id.clone().prop_map(|id| granted(&id)),
        2 => Just(closed(Some("客户未回应"))),
        2 => Just(reopened()),
        1 => Just(EventKind::Resolved { outcome: None }),
        1 => Just(EventKind::Done {}),
        2 => prop_oneof![Just(assigned("a")), Just(assigned("b"))],
        1 => Just(EventKind::Unassigned { reason: None }),
        1 => id.clone().prop_map(|id| appeal(&id)),
        1 => (id.clone(), verdict).prop_map(|(id, verdict)| decided(&id, verdict)),
        2 => (1..=5_u8).prop_map(|stars| starred(f32::from(stars))),
        1 => (id, 0..=100_u8).prop_map(|(id, score)| EventKind::QualityScored { reply: id.as_str().into(), score, text: None }),
    ]
}

fn clocks() -> impl Strategy<Value = ClockFact> {
    let metric = prop_oneof![
        3 => Just(Metric::FirstResponse),
        1 => Just(Metric::NextResponse),
        2 => Just(Metric::Solution),
        2 => Just(Metric::Closure),
        1 => Just(Metric::FollowUp)
    ];
    (
        metric,
        1..3_u32,
        hour(),
        1..72_i64,
        proptest::option::of(0..100_i64),
        0..12_u8,
    )
        .prop_map(|(metric, cycle, start, target, took, special)| ClockFact {
            cycle,
            // Due times lie up to three days after now.
            fulfilled_ms: took
                .map(|took| start + took * HOUR)
                .filter(|at| special > 1 && *at <= monday().now_ms),
            untimed: special == 0,
            paused: special == 1,
            cancelled: special == 2 || special == 3,
            annulled: special == 3 || special == 4,
            ..clock(metric, start, start + target * HOUR, None)
        })
}

fn tickets() -> impl Strategy<Value = Vec<TicketFact>> {
    let one = (
        (
            0..3_usize,
            0..4_usize,
            proptest::sample::subsequence(Cause::ALL[..5].to_vec(), 0..=3),
            0..3_usize,
        ),
        (0..4_usize, 0..4_usize, person(), 0..7_usize),
        (
            hour(),
            proptest::option::of(0..3_u8),
            proptest::option::of(1..=5_u8),
            any::<bool>(),
            any::<bool>(),
        ),
        proptest::collection::vec(clocks(), 0..5),
        proptest::collection::vec((hour(), person(), kind()), 0..9),
    );
    proptest::collection::vec(one, 0..14).prop_map(|tickets| {
        (0..)
            .zip(tickets)
            .map(|(n, (what, place, facts, clocks, log))| {
                use TicketStatus as S;
                let statuses = [
                    S::Received,
                    S::Communicating,
                    S::WaitingCustomer,
                    S::Closed,
                    S::Done,
                    S::Dismissed,
                    S::Merged,
                ];
                let mut events: Vec<CountedEvent> = log
                    .into_iter()
                    .map(|(at, who, kind)| event_ms(at, who.as_ref().map_or("", PersonId::as_str), kind))
                    .collect();
                events.sort_by_key(|event| event.at_ms);
                TicketFact {
                    tier: Tier::ALL[what.0],
                    severity: Severity::ALL[what.1],
                    causes: what.2,
                    channel: Channel::ALL[what.3],
                    shop: SHOPS[place.0].into(),
                    product: PRODUCTS[place.1].map(Into::into),
                    owner: place.2,
                    status: statuses[place.3],
                    received_ms: facts.0,
                    customer: facts.1.map(|n| format!("c{n}")),
                    stars_now: facts.2.map(f64::from),
                    editable: facts.3,
                    calendar: CalendarVersion(if facts.4 { 1 } else { 2 }),
                    clocks,
                    events,
                    ..ticket(n)
                }
            })
            .collect()
    })
}

fn histories() -> impl Strategy<Value = Facts> {
    let review = (
        hour(),
        0..3_usize,
        0..4_usize,
        0..4_usize,
        proptest::option::of(0..50_i64),
        1..4_u32,
    )
        .prop_map(|(at_ms, sentiment, shop, product, lag, count)| ReviewFact {
            at_ms,
            lag_ms: lag.map(|lag| lag * MINUTE),
            causes: if sentiment == 2 {
                Vec::new()
            } else {
                vec![Cause::ALL[product]]
            },
            shop: SHOPS[shop].into(),
            product: PRODUCTS[product].map(Into::into),
            ..figures_support::review("11-18 10:00", Sentiment::ALL[sentiment], count)
        });
    let order =
        (hour(), proptest::option::of(0..3_u8), 0..4_usize).prop_map(|(at_ms, customer, shop)| OrderFact {
            customer: customer.map(|n| format!("c{n}")),
            at_ms,
            shop: SHOPS[shop].into(),
            ..figures_support::order("11-18 10:00", None)
        });
    (
        tickets(),
        proptest::collection::vec(review, 0..25),
        proptest::collection::vec(order, 0..25),
    )
        .prop_map(|(tickets, reviews, orders)| Facts {
            tickets,
            reviews,
            orders,
        })
}

/// Positions of the tickets that a question is true of.
fn which(facts: &Facts, is: impl Fn(&TicketFact) -> bool) -> Vec<u32> {
    (0..)
        .zip(&facts.tickets)
        .filter(|(_, ticket)| is(ticket))
        .map(|(n, _)| n)
        .collect()
}

fn in_week(at_ms: i64) -> bool {
    week(0).has(at_ms)
}

/// One entry for each clock that a question is true of.
fn clocks_that(facts: &Facts, is: impl Fn(&TicketFact, &ClockFact) -> bool) -> Vec<u32> {
    let mut found = Vec::new();
    for (n, ticket) in (0..).zip(&facts.tickets) {
        for clock in &ticket.clocks {
            if in_week(clock.due_ms) && is(ticket, clock) {
                found.push(n);
            }
        }
    }
    found
}

fn is_met(clock: &ClockFact) -> bool {
    !clock.annulled
        && !clock.cancelled
        && (clock.untimed || clock.fulfilled_ms.is_some_and(|at| at <= clock.due_ms))
}

fn is_missed(clock: &ClockFact) -> bool {
    let late = match clock.fulfilled_ms {
        Some(at) => at > clock.due_ms,
        None => !clock.untimed && !clock.paused && clock.due_ms < monday().now_ms,
    };
    !clock.annulled && !clock.cancelled && late
}

/// Step and owner of a ticket at an instant, found by telling its story from the beginning.
fn story(ticket: &TicketFact, at_ms: i64) -> (TicketStatus, Option<PersonId>) {
    use TicketStatus as S;
    let handed = ticket
        .events
        .iter()
        .any(|e| matches!(e.kind, CountedKind::Assigned { .. } | CountedKind::Unassigned));
    let (mut step, mut owner) = (S::Received, if handed { None } else { ticket.owner.clone() });
    for event in ticket.events.iter().filter(|event| event.at_ms <= at_ms) {
        step = match (&event.kind, step) {
            (CountedKind::Status { status, .. }, _) => *status,
            (
                CountedKind::ReplyPublished { .. } | CountedKind::SolutionOffered,
                S::Received | S::Verifying | S::Planning,
            ) => S::Communicating,
            (CountedKind::Resolved, _) => S::Resolved,
            (CountedKind::Closed { .. }, _) => S::Closed,
            (CountedKind::Reopened, _) => S::Verifying,
            (CountedKind::Done, _) => S::Done,
            (CountedKind::DisputeOpened { .. }, _) => S::Disputed,
            (CountedKind::DisputeDecided { .. }, S::Disputed) => S::Communicating,
            (_, step) => step,
        };
        match &event.kind {
            CountedKind::Assigned { to, .. } => owner = Some(to.clone()),
            CountedKind::Unassigned => owner = None,
            _ => {}
        }
    }
    (step, owner)
}

fn median_of(mut values: Vec<i64>) -> Option<f64> {
    values.sort_unstable();
    let n = values.len();
    match n {
        0 => None,
        n if n % 2 == 1 => Some(values[n / 2] as f64),
        n => Some((values[n / 2 - 1] + values[n / 2]) as f64 / 2.0),
    }
}

fn assert_share(share: &Share, met: &[u32], missed: &[u32], what: &str) {
    assert_eq!((&share.met.0[..], &share.missed.0[..]), (met, missed), "{what}");
    let all = met.len() + missed.len();
    assert_eq!(
        share.rate(),
        (all > 0).then(|| met.len() as f64 / all as f64),
        "{what}"
    );
}

fn promises(facts: &Facts, figures: &Figures) {
    for promise in &figures.promises {
        let of = |ticket: &TicketFact, clock: &ClockFact| {
            clock.metric == promise.metric && promise.tier.is_none_or(|tier| tier == ticket.tier)
        };
        let share = &promise.share;
        assert_share(
            share,
            &clocks_that(facts, |t, c| of(t, c) && is_met(c)),
            &clocks_that(facts, |t, c| of(t, c) && is_missed(c)),
            &promise.key,
        );
        assert_eq!(
            share.annulled.0,
            clocks_that(facts, |t, c| of(t, c) && c.annulled)
        );
        assert_eq!(
            share.running.0,
            clocks_that(facts, |t, c| of(t, c)
                && !c.cancelled
                && !c.annulled
                && !is_met(c)
                && !is_missed(c))
        );
    }
    let shown: usize = figures
        .promises
        .iter()
        .filter(|of| of.tier.is_none())
        .map(|of| of.share.met.len())
        .sum();
    assert_eq!(
        shown,
        clocks_that(facts, |_, c| is_met(c)).len(),
        "every clock stands in a promise"
    );
    assert_eq!(
        figures.breaches.len(),
        clocks_that(facts, |_, c| is_missed(c) || c.annulled).len()
    );
    for breach in &figures.breaches {
        let (step, owner) = story(&facts.tickets[breach.ticket as usize], breach.due_ms);
        assert_eq!((breach.step, &breach.person), (step, &owner));
    }
}

fn responses(facts: &Facts, figures: &Figures) {
    let mut answered = Vec::new();
    let (mut calendar, mut working) = (Vec::new(), Vec::new());
    for (n, ticket) in (0..).zip(&facts.tickets) {
        for clock in &ticket.clocks {
            let Some(at) = clock.fulfilled_ms else { continue };
            let counts = clock.metric == Metric::FirstResponse && (!clock.cancelled || clock.annulled);
            if counts && in_week(at) {
                answered.push(n);
                calendar.push(at - clock.start_ms);
                // Hour by hour: Monday to Friday, 09 to 18 in Shanghai, unless every hour counts.
                let hours = (clock.start_ms / HOUR..at / HOUR).filter(|hour| {
                    let local = hour + 8;
                    let (of_day, weekday) = (local.rem_euclid(24), (local.div_euclid(24) + 3).rem_euclid(7));
                    ticket.calendar == CalendarVersion(1) || ((9..18).contains(&of_day) && weekday < 5)
                });
                working.push(hours.count() as i64 * HOUR);
            }
        }
    }
    assert_eq!(figures.response.answered.0, answered);
    let all = calendar.len();
    if all > 0 {
        let mean = calendar.iter().sum::<i64>() as f64 / all as f64;
        assert!((figures.response.calendar.mean_ms.unwrap() - mean).abs() < 1e-3);
        // P90: the smallest time that nine in ten do not exceed.
        let p90 = calendar
            .iter()
            .copied()
            .filter(|x| calendar.iter().filter(|y| *y <= x).count() * 10 >= all * 9)
            .min();
        assert_eq!(figures.response.calendar.p90_ms, p90.map(|ms| ms as f64));
    }
    assert_eq!(figures.response.calendar.median_ms, median_of(calendar));
    assert_eq!(figures.response.working.median_ms, median_of(working));
}

fn solved(ticket: &TicketFact, cycle: u32) -> bool {
    let by_event = ticket.events.iter().enumerate().any(|(i, event)| {
        let reopenings = ticket.events[..i]
            .iter()
            .filter(|e| matches!(e.kind, CountedKind::Reopened))
            .count();
        reopenings as u32 + 1 == cycle
            && matches!(
                event.kind,
                CountedKind::SolutionOffered | CountedKind::Resolved | CountedKind::Closed { .. }
            )
    });
    by_event
        || ticket.clocks.iter().any(|clock| {
            clock.cycle == cycle
                && matches!(clock.metric, Metric::Solution | Metric::Closure)
                && (clock.untimed || clock.fulfilled_ms.is_some())
        })
}

fn closing(facts: &Facts, figures: &Figures) {
    let counted = |clock: &ClockFact| clock.metric == Metric::Closure && (!clock.cancelled || clock.annulled);
    let running = |c: &ClockFact| !c.annulled && !is_met(c) && !is_missed(c);
    assert_share(
        &figures.solution,
        &clocks_that(facts, |t, c| counted(c) && solved(t, c.cycle)),
        &clocks_that(facts, |t, c| counted(c) && !solved(t, c.cycle) && !running(c)),
        "solution",
    );
    let closings = |ticket: &TicketFact| -> Vec<i64> {
        let closed = ticket
            .events
            .iter()
            .filter(|event| matches!(event.kind, CountedKind::Closed { .. }));
        closed
            .map(|event| event.at_ms)
            .filter(|at| in_week(*at))
            .collect()
    };
    // Of each closing of the week: is the next closing or reopening a reopening within seven days?
    let came_back = |ticket: &TicketFact| {
        ticket.events.iter().enumerate().any(|(i, event)| {
            matches!(event.kind, CountedKind::Closed { .. })
                && in_week(event.at_ms)
                && ticket.events[i + 1..]
                    .iter()
                    .take_while(|later| !matches!(later.kind, CountedKind::Closed { .. }))
                    .any(|later| {
                        matches!(later.kind, CountedKind::Reopened) && later.at_ms - event.at_ms <= 7 * DAY
                    })
        })
    };
    assert_share(
        &figures.reopened.share,
        &which(facts, |t| !closings(t).is_empty() && came_back(t)),
        &which(facts, |t| !closings(t).is_empty() && !came_back(t)),
        "reopened",
    );
}

fn loyalty(facts: &Facts, figures: &Figures) {
    let now = monday().now_ms;
    let answer = |t: &TicketFact| {
        let first = t
            .clocks
            .iter()
            .filter(|c| c.metric == Metric::FirstResponse && (!c.cancelled || c.annulled));
        first.filter_map(|c| c.fulfilled_ms).min()
    };
    let stars_at = |t: &TicketFact, at: i64| {
        let mut stars = None;
        for event in t.events.iter().filter(|event| event.at_ms <= at) {
            if let CountedKind::ReviewChanged { stars: Some(now), .. } = &event.kind {
                stars = Some((event.at_ms, f64::from(*now)));
            }
        }
        stars
    };
    let changed = |t: &TicketFact| {
        t.events
            .iter()
            .any(|e| matches!(e.kind, CountedKind::ReviewChanged { .. }))
    };
    let cohort = |t: &TicketFact| {
        let Some(at) = answer(t) else { return false };
        let then = if changed(t) {
            stars_at(t, at).map(|(_, stars)| stars)
        } else {
            t.stars_now
        };
        t.status != TicketStatus::Merged
            && at >= week(0).until_ms - 90 * DAY
            && at < week(0).until_ms
            && then.is_none_or(|stars| stars < 4.0)
    };
    let converted = |t: &TicketFact| {
        let at = answer(t).unwrap();
        stars_at(t, at + 90 * DAY).is_some_and(|(when, stars)| when > at && stars >= 4.0)
            && t.stars_now.is_some_and(|stars| stars >= 4.0)
    };
    let conversion = &figures.conversion;
    let judged = |t: &TicketFact| cohort(t) && t.editable && t.stars_now.is_some();
    assert_share(
        &conversion.ripening.share,
        &which(facts, |t| judged(t) && converted(t)),
        &which(facts, |t| judged(t) && !converted(t)),
        "conversion",
    );
    assert_eq!(
        conversion.not_editable.0,
        which(facts, |t| cohort(t) && !t.editable)
    );
    assert_eq!(
        conversion.without_stars.0,
        which(facts, |t| cohort(t) && t.editable && t.stars_now.is_none())
    );
    assert_eq!(
        conversion.ripening.immature.0,
        which(facts, |t| judged(t)
            && !converted(t)
            && answer(t).unwrap() + 90 * DAY >= now)
    );

    // Repurchase, customer by customer.
    let mut bought = Vec::new();
    let mut stayed_away = Vec::new();
    for customer in ["c0", "c1", "c2"] {
        let mut closings: Vec<(i64, u32)> = Vec::new();
        for (n, ticket) in (0..).zip(&facts.tickets) {
            for event in &ticket.events {
                if matches!(event.kind, CountedKind::Closed { .. })
                    && ticket.customer.as_deref() == Some(customer)
                    && event.at_ms >= week(0).until_ms - 60 * DAY
                    && event.at_ms < week(0).until_ms
                {
                    closings.push((event.at_ms, n));
                }
            }
        }
        let Some((at, n)) = closings.into_iter().min() else {
            continue;
        };
        let came = facts.orders.iter().any(|order| {
            order.customer.as_deref() == Some(customer)
                && order.at_ms > at
                && order.at_ms <= at + 60 * DAY
                && order.at_ms <= now
        });
        if came { &mut bought } else { &mut stayed_away }.push(n);
    }
    bought.sort_unstable();
    stayed_away.sort_unstable();
    match &figures.repurchase {
        None => assert!(facts.orders.is_empty()),
        // Where no order names its customer, nobody can be recognised.
        Some(repurchase) if facts.orders.iter().all(|order| order.customer.is_none()) => {
            assert_eq!(repurchase.share.rate(), None);
        }
        Some(repurchase) => assert_share(&repurchase.share, &bought, &stayed_away, "repurchase"),
    }
}

fn money(facts: &Facts, figures: &Figures) {
    let (mut cost, mut value, mut remedies) = (0, 0, 0);
    let mut cases = BTreeSet::new();
    let mut by_cause: BTreeMap<Option<Cause>, i64> = BTreeMap::new();
    for (n, ticket) in (0..).zip(&facts.tickets) {
        for event in ticket.events.iter().filter(|event| in_week(event.at_ms)) {
            let CountedKind::RemedyGranted { remedy } = &event.kind else {
                continue;
            };
            let mut last = None;
            for offer in &ticket.events {
                if let CountedKind::RemedyOffered {
                    remedy: of,
                    value_minor,
                    cost_minor,
                    ..
                } = &offer.kind
                    && of == remedy
                {
                    last = Some((i64::from(*value_minor), i64::from(*cost_minor)));
                }
            }
            if let Some((of_value, of_cost)) = last {
                (value, cost, remedies) = (value + of_value, cost + of_cost, remedies + 1);
                *by_cause.entry(ticket.causes.first().copied()).or_default() += of_cost;
                cases.insert(n);
            }
        }
    }
    let given = &figures.compensation;
    assert_eq!(given.cases.0, cases.into_iter().collect::<Vec<u32>>());
    if let [money] = &given.money[..] {
        assert_eq!(
            (money.value_minor, money.cost_minor, money.remedies),
            (value, cost, remedies)
        );
    } else {
        assert_eq!(remedies, 0);
    }
    let shown: BTreeMap<_, _> = given
        .causes
        .iter()
        .map(|line| (line.cause, line.money[0].cost_minor))
        .collect();
    assert_eq!(shown, by_cause);
    let kinds: u64 = given
        .kinds
        .iter()
        .flat_map(|line| &line.money)
        .map(|money| money.remedies)
        .sum();
    assert_eq!(kinds, remedies);
}

fn time(facts: &Facts, figures: &Figures) {
    let mut steps: BTreeMap<TicketStatus, i64> = BTreeMap::new();
    let mut people: BTreeMap<Option<PersonId>, i64> = BTreeMap::new();
    for ticket in &facts.tickets {
        let mut at = week(0).from_ms;
        while at < week(0).until_ms {
            let (step, owner) = story(ticket, at);
            // What is written before the review came in happens when it does.
            if at
                >= ticket
                    .received_ms
                    .min(ticket.events.first().map_or(i64::MAX, |e| e.at_ms))
                && step.is_open()
            {
                *steps.entry(step).or_default() += HOUR;
                *people.entry(owner).or_default() += HOUR;
            }
            at += HOUR;
        }
    }
    // Tickets whose log begins before they came in are told apart by the properties of the worked examples.
    if facts
        .tickets
        .iter()
        .all(|t| t.events.first().is_none_or(|event| event.at_ms >= t.received_ms))
    {
        assert_eq!(
            figures
                .steps
                .iter()
                .map(|of| (of.step, of.calendar_ms))
                .collect::<BTreeMap<_, _>>(),
            steps
        );
        assert_eq!(
            figures
                .time
                .iter()
                .map(|of| (of.person.clone(), of.calendar_ms))
                .collect::<BTreeMap<_, _>>(),
            people
        );
    }
    let by_step: i64 = figures.steps.iter().map(|of| of.working_ms).sum();
    assert_eq!(
        by_step,
        figures.time.iter().map(|of| of.working_ms).sum::<i64>(),
        "all time is somebody's, or nobody's"
    );
}

fn tables(facts: &Facts, figures: &Figures) {
    let opened = |t: &TicketFact| {
        in_week(t.received_ms) && !matches!(t.status, TicketStatus::Dismissed | TicketStatus::Merged)
    };
    assert_eq!(figures.volume.tickets.set.0, which(facts, opened));
    assert_eq!(figures.volume.open.0, which(facts, |t| t.status.is_open()));
    for cause in Cause::ALL {
        let row = figures.causes.iter().find(|row| row.name == *cause);
        let set = row.map_or(Vec::new(), |row| row.tickets.set.0.clone());
        assert_eq!(set, which(facts, |t| opened(t) && t.causes.contains(cause)));
        let negative: u32 = facts
            .reviews
            .iter()
            .filter(|r| in_week(r.at_ms) && r.sentiment == Sentiment::Neg && r.causes.contains(cause))
            .map(|r| r.count)
            .sum();
        assert_eq!(row.map_or(0, |row| row.negative.count), u64::from(negative));
    }
    for shop in SHOPS {
        let row = figures.shops.iter().find(|row| row.name == shop);
        assert_eq!(
            row.map_or(Vec::new(), |row| row.tickets.set.0.clone()),
            which(facts, |t| opened(t) && &*t.shop == shop)
        );
        let earlier = (1..5).map(|ago| {
            let counts = |t: &&TicketFact| {
                week(ago).has(t.received_ms)
                    && &*t.shop == shop
                    && !matches!(t.status, TicketStatus::Dismissed | TicketStatus::Merged)
            };
            facts.tickets.iter().filter(counts).count()
        });
        let mean = earlier.sum::<usize>() as f64 / 4.0;
        assert!(row.is_none_or(|row| row.tickets.change_four.unwrap().before == mean));
    }
    for product in PRODUCTS {
        let name = product.unwrap_or_default();
        let row = figures.products.iter().find(|row| row.name == name);
        let of = |t: &TicketFact| opened(t) && t.product.as_deref() == product;
        assert_eq!(
            row.map_or(Vec::new(), |row| row.tickets.set.0.clone()),
            which(facts, of)
        );
        let heat = figures.heat.rows.iter().find(|row| row.product == name);
        for (index, cause) in figures.heat.causes.iter().enumerate() {
            let cell = heat.map_or(Vec::new(), |row| row.cells[index].set.0.clone());
            let expected = if name.is_empty() {
                Vec::new()
            } else {
                which(facts, |t| of(t) && t.causes.contains(cause))
            };
            assert_eq!(cell, expected);
        }
    }
    let reviews: u32 = facts
        .reviews
        .iter()
        .filter(|r| in_week(r.at_ms))
        .map(|r| r.count)
        .sum();
    assert_eq!(figures.volume.reviews.count, u64::from(reviews));
    let sum = |rows: Vec<usize>| rows.into_iter().sum::<usize>();
    let tickets = figures.volume.tickets.set.len();
    assert_eq!(
        sum(figures.shops.iter().map(|row| row.tickets.set.len()).collect()),
        tickets
    );
    assert_eq!(
        sum(figures.products.iter().map(|row| row.tickets.set.len()).collect()),
        tickets
    );
    assert_eq!(
        sum(figures.channels.iter().map(|row| row.tickets.set.len()).collect()),
        tickets
    );
    let lags: Vec<i64> = facts
        .reviews
        .iter()
        .filter(|r| in_week(r.at_ms))
        .flat_map(|r| std::iter::repeat_n(r.lag_ms, r.count as usize).flatten())
        .collect();
    assert_eq!(figures.lag.spread.median_ms, median_of(lags));
}

fn follow_ups(facts: &Facts, figures: &Figures) {
    use ContactOutcome as O;
    // (reached, last rating) of each ticket that was tried in the week. Written from the contacts' side: for each
    // follow-up, the ratings that are its own.
    let (mut unreached, mut satisfied, mut not) = (Vec::new(), Vec::new(), Vec::new());
    for (n, ticket) in (0..).zip(&facts.tickets) {
        let contacts: Vec<(usize, i64, String, O, bool)> = ticket
            .events
            .iter()
            .enumerate()
            .filter_map(|(i, event)| match &event.kind {
                CountedKind::ContactLogged {
                    contact,
                    outcome,
                    follow_up,
                    ..
                } => Some((i, event.at_ms, contact.0.clone(), *outcome, *follow_up)),
                _ => None,
            })
            .collect();
        // An id that was used twice belongs to no history; the property below needs none of them.
        let ids: BTreeSet<&String> = contacts.iter().map(|(_, _, id, ..)| id).collect();
        if ids.len() < contacts.len() {
            return;
        }
        let (mut tried, mut reached) = (false, false);
        let mut last: Option<(i64, u8)> = None;
        for (_, at, _, outcome, follow_up) in &contacts {
            if *follow_up && in_week(*at) {
                tried = true;
                reached |= matches!(outcome, O::Reached | O::Satisfied | O::Unsatisfied);
            }
        }
        for (i, event) in ticket.events.iter().enumerate() {
            let CountedKind::SatisfactionRated { score, contact } = &event.kind else {
                continue;
            };
            let named = contact
                .as_ref()
                .and_then(|id| contacts.iter().find(|(_, _, of, ..)| *of == id.0));
            let belongs = match named {
                Some((_, _, _, _, false)) => continue,
                // Rated before the contact was written down: as if it named none.
                Some((of, at, ..)) if *of < i => *at,
                Some(_) => return,
                None => contacts
                    .iter()
                    .rfind(|(of, _, _, _, follow_up)| *follow_up && *of < i)
                    .map_or(event.at_ms, |(_, at, ..)| *at),
            };
            if in_week(belongs) {
                (tried, reached) = (true, true);
                last = last.max(Some((event.at_ms, *score)));
            }
        }
        if tried {
            match last {
                _ if !reached => unreached.push(n),
                Some((_, score)) if score >= 4 => satisfied.push(n),
                _ => not.push(n),
            }
        }
    }
    assert_share(&figures.recovery.satisfied, &satisfied, &not, "recovery");
    assert_eq!(figures.recovery.reach.missed.0, unreached);
}

/// Every key opens as many as are shown, and nothing counts twice where it should not.
fn keys(facts: &Facts, figures: &Figures) {
    let keys = figures.keys();
    assert_eq!(
        keys.iter().collect::<BTreeSet<_>>().len(),
        keys.len(),
        "a key stands for one number"
    );
    for key in &keys {
        let set = figures.set(key).unwrap();
        assert_eq!(serde_json::to_value(set).unwrap(), set.len());
        assert!(set.0.is_sorted(), "{key}");
        assert!(set.0.iter().all(|n| (*n as usize) < facts.tickets.len()), "{key}");
        let of_clocks = ["promise.", "response.", "solution.", "closure.", "follow_up."]
            .iter()
            .any(|of| key.starts_with(of))
            || key.starts_with("person.")
                && [".promise.", ".all.", ".answered"]
                    .iter()
                    .any(|of| key.contains(of))
            || key.contains(".promise.");
        if !of_clocks {
            assert_eq!(set.tickets().len(), set.len(), "{key} counts a ticket twice");
        }
    }
}

/// What can be added up over shops adds up to the whole.
fn parts(facts: &Facts, whole: &Figures) {
    let of = |shops: Vec<String>| {
        let request = Request {
            cut: Cut {
                shops,
                ..Cut::default()
            },
            ..monday()
        };
        Figures::of(facts, &calendars(), &request)
    };
    let all = of(SHOPS.iter().map(ToString::to_string).collect());
    assert_eq!(&all, whole, "a cut by every shop is no cut");
    let shops: Vec<Figures> = SHOPS.iter().map(|shop| of(vec![shop.to_string()])).collect();
    for key in [
        "volume.tickets",
        "volume.open",
        "promise.all.first_response.met",
        "promise.all.closure.missed",
        "response.answered",
        "solution.met",
        "reopened.met",
        "recovery.reach.met",
        "conversion.missed",
        "compensation.cases",
        "dispute.pending",
    ] {
        let mut together: Vec<u32> = shops
            .iter()
            .flat_map(|figures| figures.set(key).unwrap().0.clone())
            .collect();
        together.sort_unstable();
        assert_eq!(&Set(together), whole.set(key).unwrap(), "{key}");
    }
    assert_eq!(
        shops.iter().map(|of| of.volume.reviews.count).sum::<u64>(),
        whole.volume.reviews.count
    );
    assert_eq!(
        shops.iter().map(|of| of.breaches.len()).sum::<usize>(),
        whole.breaches.len()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_figure_comes_out_the_same_when_counted_slowly(facts in histories()) {
        let figures = figures(&facts);
        promises(&facts, &figures);
        responses(&facts, &figures);
        closing(&facts, &figures);
        loyalty(&facts, &figures);
        money(&facts, &figures);
        time(&facts, &figures);
        tables(&facts, &figures);
        follow_ups(&facts, &figures);
        keys(&facts, &figures);
        parts(&facts, &figures);
    }
}
