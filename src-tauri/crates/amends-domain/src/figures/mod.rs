//! The figures of a period (product.md, Figures).

pub mod chance;
mod count;
pub mod facts;
mod ledger;
pub mod request;
pub mod result;
mod tables;

pub use chance::Interval;
pub use facts::{ClockFact, CountedEvent, CountedKind, Facts, Name, OrderFact, ReviewFact, Span, TicketFact};
pub use request::{Cut, Request};
pub use result::*;

use crate::sla::{Calendars, Metric};
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::borrow::Borrow;

impl Share {
    /// Decided: met and missed.
    pub fn decided(&self) -> u64 {
        (self.met.len() + self.missed.len()) as u64
    }

    /// Met ÷ (met + missed), 0 to 1; none (暂无数据) when nothing was decided.
    pub fn rate(&self) -> Option<f64> {
        (self.decided() > 0).then(|| self.met.len() as f64 / self.decided() as f64)
    }

    /// Where the rate lies with 95 % confidence.
    pub fn interval(&self) -> Option<Interval> {
        chance::wilson(self.met.len() as u64, self.decided())
    }

    /// Too few to lean on: fewer than 10 decided, or an interval wider than 30 百分点. False of nothing at all.
    pub fn few(&self) -> bool {
        self.interval()
            .is_some_and(|interval| self.decided() < 10 || interval.high - interval.low > 0.30)
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut share = serializer.serialize_struct("Share", 9)?;
        share.serialize_field("met", &self.met)?;
        share.serialize_field("missed", &self.missed)?;
        share.serialize_field("annulled", &self.annulled)?;
        share.serialize_field("running", &self.running)?;
        share.serialize_field("rate", &self.rate())?;
        share.serialize_field("interval", &self.interval())?;
        share.serialize_field("few", &self.few())?;
        share.serialize_field("change", &self.change)?;
        share.serialize_field("changeYear", &self.change_year)?;
        share.end()
    }
}

impl Figures {
    /// Every figure of a period, from the facts alone. `calendars` give the working time of tickets.
    pub fn of<T: Borrow<TicketFact>, R: Borrow<ReviewFact>>(
        facts: &Facts<T, R>,
        calendars: &Calendars,
        request: &Request,
    ) -> Self {
        let ledger = ledger::Ledger::read(facts, request);
        let counting = count::Counting::new(&ledger, calendars, request);
        let counting = &counting;
        // What takes the longest, on two threads.
        let (people, (tables, trend, promises, (steps, time), conversion)) = std::thread::scope(|scope| {
            let people = scope.spawn(|| counting.people());
            let rest = (
                counting.tables(),
                counting.trend(),
                counting.promises(),
                counting.time(),
                counting.conversion(|_| true),
            );
            let people = people
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (people, rest)
        });
        let all = |metric| {
            let of_all = promises
                .iter()
                .find(|promise| promise.metric == metric && promise.tier.is_none());
            of_all.map(|promise| promise.share.clone()).unwrap_or_default()
        };
        let orders_known = !facts.orders.is_empty();
        Self {
            span: request.span,
            before: request.before,
            last_year: request.last_year,
            now_ms: request.now_ms,
            volume: counting.volume(),
            breaches: counting.breaches(|ticket| ledger.ticket(ticket).number.clone()),
            response: counting.response(ledger.answers.iter()),
            solution: counting.solution(),
            closure: all(Metric::Closure),
            reopened: counting.reopened(),
            recovery: counting.recovery(),
            conversion,
            repurchase: counting.repurchase(orders_known, |_| true),
            lag: counting.lag(),
            compensation: counting.compensation(orders_known),
            steps,
            time,
            follow_ups: all(Metric::FollowUp),
            disputes: counting.disputes(),
            causes: tables.causes,
            products: tables.products,
            shops: tables.shops,
            channels: tables.channels,
            people,
            heat: tables.heat,
            good: tables.good,
            trend,
            promises,
        }
    }

    /// The tickets behind a number, by its key, such as `promise.urgent.first_response.missed`. Names inside a key
    /// are written by [`key_part`].
    pub fn set(&self, key: &str) -> Option<&Set> {
        let mut found = None;
        self.each_set(&mut |prefix, last, set| {
            let fits = match key.strip_prefix(prefix) {
                Some("") => last.is_empty(),
                Some(rest) => rest.strip_prefix('.') == Some(last),
                None => false,
            };
            if fits {
                found = found.or(Some(set));
            }
        });
        found
    }

    /// Every key that [`Self::set`] knows, in the order of the report.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        self.each_set(&mut |prefix, last, _| {
            keys.push(if last.is_empty() {
                prefix.to_owned()
            } else {
                format!("{prefix}.{last}")
            });
        });
        keys
    }

    /// Calls for every set with the two halves of its key.
    fn each_set<'a>(&'a self, see: &mut dyn FnMut(&str, &str, &'a Set)) {
        fn share<'a>(see: &mut dyn FnMut(&str, &str, &'a Set), key: &str, share: &'a Share) {
            see(key, "met", &share.met);
            see(key, "missed", &share.missed);
            see(key, "annulled", &share.annulled);
            see(key, "running", &share.running);
        }
        fn ripening<'a>(see: &mut dyn FnMut(&str, &str, &'a Set), key: &str, of: &'a Ripening) {
            share(see, key, &of.share);
            see(key, "immature", &of.immature);
        }
        fn money<'a>(see: &mut dyn FnMut(&str, &str, &'a Set), key: &str, money: &'a [Money]) {
            for money in money {
                see(key, &key_part(&money.currency), &money.cases);
            }
        }
        fn rows<'a, T>(see: &mut dyn FnMut(&str, &str, &'a Set), rows: &'a [Row<T>]) {
            for row in rows {
                see(&row.key, "", &row.tickets.set);
                share(see, &format!("{}.promise", row.key), &row.promise);
                for (cause, set) in &row.causes {
                    see(&row.key, cause.as_str(), set);
                }
            }
        }
        see("volume", "tickets", &self.volume.tickets.set);
        see("volume", "urgent", &self.volume.urgent.set);
        see("volume", "dismissed", &self.volume.dismissed);
        see("volume", "merged", &self.volume.merged);
        see("volume", "open", &self.volume.open);
        for promise in &self.promises {
            share(see, &promise.key, &promise.share);
        }
        see("response", "answered", &self.response.answered);
        share(see, "solution", &self.solution);
        share(see, "closure", &self.closure);
        ripening(see, "reopened", &self.reopened);
        share(see, "recovery.reach", &self.recovery.reach);
        share(see, "recovery.satisfied", &self.recovery.satisfied);
        see("recovery", "unrated", &self.recovery.unrated);
        ripening(see, "conversion", &self.conversion.ripening);
        see("conversion", "not_editable", &self.conversion.not_editable);
        see("conversion", "without_stars", &self.conversion.without_stars);
        if let Some(repurchase) = &self.repurchase {
            ripening(see, "repurchase", repurchase);
        }
        see("compensation", "cases", &self.compensation.cases);
        money(see, "compensation", &self.compensation.money);
        for line in &self.compensation.causes {
            let cause = line.cause.map_or("none", |cause| cause.as_str());
            money(see, &format!("compensation.cause.{cause}"), &line.money);
        }
        for line in &self.compensation.kinds {
            see(&line.key, "given", &line.given);
            money(see, &format!("{}.money", line.key), &line.money);
            ripening(see, &format!("{}.conversion", line.key), &line.conversion);
            if let Some(repurchase) = &line.repurchase {
                ripening(see, &format!("{}.repurchase", line.key), repurchase);
            }
        }
        for step in &self.steps {
            see(&step.key, "", &step.tickets);
        }
        for person in &self.time {
            see(&person.key, "", &person.tickets);
        }
        share(see, "follow_up", &self.follow_ups);
        see("dispute", "opened", &self.disputes.opened);
        share(see, "dispute.won", &self.disputes.won);
        see("dispute", "without_decision", &self.disputes.without_decision);
        see("dispute", "pending", &self.disputes.pending);
        rows(see, &self.causes);
        rows(see, &self.products);
        rows(see, &self.shops);
        rows(see, &self.channels);
        for person in &self.people {
            let key = &person.key;
            see(key, "handled", &person.handled);
            share(see, &format!("{key}.hard"), &person.hard);
            see(key, "open", &person.open);
            see(key, "answered", &person.response.answered);
            share(see, &format!("{key}.promise"), &person.promise);
            share(see, &format!("{key}.all"), &person.all_promises);
            see(key, "scored", &person.scored);
        }
        for row in &self.heat.rows {
            for (cause, cell) in self.heat.causes.iter().zip(&row.cells) {
                see(&row.key, cause.as_str(), &cell.set);
            }
        }
    }
}

/// A name as a part of a key: `%` and `.` as `%25` and `%2E`, an empty name as `%`, so that no two names and no two
/// keys are alike.
pub fn key_part(name: &str) -> String {
    if name.is_empty() {
        return "%".into();
    }
    name.replace('%', "%25").replace('.', "%2E")
}
