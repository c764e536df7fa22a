//! How long the figures of a week take:
//! `cargo test --release -p amends-domain --test figures_speed -- --ignored --nocapture`.

mod figures_support;

use amends_domain::figures::{Facts, Figures, Name, OrderFact, ReviewFact, TicketFact};
use amends_domain::sla::{CalendarVersion, Metric, TicketStatus};
use amends_domain::{Cause, Channel, PersonId, Sentiment, Severity, Tier};
use figures_support::*;
use std::time::Instant;

/// 30,000 tickets of eight weeks with 4 clocks and 4 events each, 150,000 review facts, 20,000 orders.
fn busy() -> Facts {
    let from = week(7).from_ms;
    let shops: Vec<Name> = (0..40).map(|n| format!("第 {n} 店").into()).collect();
    let products: Vec<Name> = (0..300).map(|n| format!("商品 {n} 号 500ml").into()).collect();
    let people: Vec<PersonId> = (0..12).map(|n| PersonId(format!("0192f0c4-{n:04}"))).collect();
    let cause = |n: usize| Cause::ALL[(n * 7 + n / 13) % Cause::ALL.len()];
    let tickets = (0..30_000_usize)
        .map(|n| {
            let received = from + (n as i64 * 161_280).min(56 * DAY - 1);
            let answer = received + (10 + (n as i64 * 37) % 300) * MINUTE;
            let who = &people[n % people.len()];
            TicketFact {
                tier: Tier::ALL[n % 20 / 9],
                severity: Severity::ALL[n % 4],
                causes: vec![cause(n), cause(n + 5)],
                channel: Channel::ALL[n % 9],
                shop: shops[n * 3 % shops.len()].clone(),
                product: Some(products[n * n % products.len()].clone()),
                owner: Some(who.clone()),
                status: if n % 10 == 0 {
                    TicketStatus::Communicating
                } else {
                    TicketStatus::Closed
                },
                received_ms: received,
                posted_ms: Some(received - 20 * MINUTE),
                customer: (n % 3 > 0).then(|| format!("c{}", n % 9_000)),
                stars_now: Some((n % 5 + 1) as f64),
                calendar: CalendarVersion(1 + n as u32 % 2),
                clocks: vec![
                    clock(Metric::FirstResponse, received, received + 2 * HOUR, Some(answer)),
                    clock(
                        Metric::Solution,
                        received,
                        received + 24 * HOUR,
                        Some(received + (n as i64 % 30) * HOUR),
                    ),
                    clock(
                        Metric::Closure,
                        received,
                        received + 72 * HOUR,
                        Some(received + (n as i64 % 90) * HOUR),
                    ),
                    clock(Metric::FollowUp, received + 72 * HOUR, received + 10 * DAY, None),
                ],
                events: vec![
                    event_ms(received + MINUTE, "", assigned(who.as_str())),
                    event_ms(
                        received + 5 * MINUTE,
                        who.as_str(),
                        status(TicketStatus::Verifying, None),
                    ),
                    event_ms(answer, who.as_str(), reply("x")),
                    event_ms(received + (n as i64 % 90) * HOUR, who.as_str(), closed(None)),
                ],
                ..ticket(n as u32)
            }
        })
        .collect();
    let reviews = (0..150_000_usize)
        .map(|n| ReviewFact {
            at_ms: from + n as i64 * 32_000,
            lag_ms: (n % 2 == 0).then_some((n as i64 % 500) * MINUTE),
            causes: if n % 4 == 0 { vec![cause(n)] } else { Vec::new() },
            channel: Channel::ALL[n % 9],
            shop: shops[n % shops.len()].clone(),
            product: Some(products[n * 7 % products.len()].clone()),
            ..review(
                "11-18 10:00",
                if n % 4 == 0 {
                    Sentiment::Neg
                } else {
                    Sentiment::Pos
                },
                1,
            )
        })
        .collect();
    let orders = (0..20_000_usize)
        .map(|n| OrderFact {
            at_ms: from + n as i64 * 240_000,
            customer: Some(format!("c{}", n % 9_000)),
            shop: shops[n % shops.len()].to_string(),
            products: vec![products[n % products.len()].to_string()],
            ..order("11-18 10:00", None)
        })
        .collect();
    Facts {
        tickets,
        reviews,
        orders,
    }
}

/// Time that this thread has been running, where the system tells.
fn processor_ms() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e6)
}

#[test]
#[ignore = "prints how long it takes"]
fn figures_of_a_busy_week() {
    let (facts, calendars, request) = (busy(), calendars(), monday());
    let mut times: Vec<f64> = (0..15)
        .map(|_| {
            let (began, own) = (Instant::now(), processor_ms());
            let figures = Figures::of(&facts, &calendars, &request);
            // Where the machine tells, the thread's own time: others may be busy beside it.
            let took = own.map_or(began.elapsed().as_secs_f64() * 1e3, |own| {
                processor_ms().unwrap_or(own) - own
            });
            assert!(figures.volume.tickets.set.len() > 3_000);
            took
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let figures = Figures::of(&facts, &calendars, &request);
    let began = Instant::now();
    let keys = figures.keys();
    let listed = began.elapsed().as_secs_f64() * 1e3;
    let began = Instant::now();
    assert!(figures.set(&keys[keys.len() - 1]).is_some());
    let found = began.elapsed().as_secs_f64() * 1e3;
    println!(
        "figures of 30,000 tickets and 150,000 review facts: best {:.0} ms, median {:.0} ms; {} keys in {listed:.1} ms, one set in {found:.1} ms",
        times[0],
        times[times.len() / 2],
        keys.len()
    );
}
