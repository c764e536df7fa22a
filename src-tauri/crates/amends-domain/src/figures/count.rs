//! Figures out of the ledger: filters over its columns for each period, and the comparisons between periods.

use super::chance;
use super::facts::{Name, Span};
use super::ledger::{
    Answer, Answered, CONVERSION_MS, Converted, Due, Ledger, Names, Outcome, REOPEN_MS, REPURCHASE_MS, Sold,
};
use super::request::Request;
use super::result::*;
use crate::id::PersonId;
use crate::sla::Calendars;
use crate::sla::event::{DisputeOutcome, Metric, RemedyKind, TicketStatus};
use crate::words::{Cause, Sentiment, Tier};
use std::collections::{BTreeMap, HashSet};

/// The periods of a request, each in its own slot of a count: 0 is the period itself.
pub(super) struct Slots {
    pub spans: Vec<Span>,
    now_ms: i64,
    before: Option<usize>,
    year: Option<usize>,
    /// The periods of the course of things, oldest first.
    pub trend: Vec<usize>,
    /// The (up to) four periods before this one.
    four: Vec<usize>,
}

impl Slots {
    /// More periods than this are not drawn.
    const TREND: usize = 60;

    pub fn new(request: &Request) -> Self {
        let mut spans = vec![request.span];
        let mut slot = |span: Span| {
            spans.iter().position(|known| *known == span).unwrap_or_else(|| {
                spans.push(span);
                spans.len() - 1
            })
        };
        let before = request.before.map(&mut slot);
        let year = request.last_year.map(&mut slot);
        let skipped = request.trend.len().saturating_sub(Self::TREND);
        let trend: Vec<usize> = request.trend[skipped..].iter().map(|span| slot(*span)).collect();
        let earlier: Vec<usize> = trend.iter().copied().filter(|slot| *slot != 0).collect();
        let four = earlier[earlier.len().saturating_sub(4)..].to_vec();
        Self {
            spans,
            now_ms: request.now_ms,
            before,
            year,
            trend,
            four,
        }
    }

    /// The slots an instant belongs to, as bits.
    pub fn of(&self, at_ms: i64) -> u64 {
        self.spans
            .iter()
            .enumerate()
            .filter(|(_, span)| span.has(at_ms))
            .fold(0, |bits, (slot, _)| bits | 1 << slot)
    }

    /// How long a slot has lasted by now.
    fn time(&self, slot: usize) -> f64 {
        let span = self.spans[slot];
        (span.until_ms.min(self.now_ms) - span.from_ms).max(0) as f64
    }

    fn against(&self, counts: &[u64], slots: &[usize]) -> Option<Change> {
        let time: f64 = slots.iter().map(|slot| self.time(*slot)).sum();
        let sum: u64 = slots.iter().map(|slot| counts[*slot]).sum();
        (time > 0.0 && self.time(0) > 0.0).then(|| {
            let span = self.spans[0];
            let passed = self.time(0) / (span.until_ms - span.from_ms) as f64;
            let before = sum as f64 / slots.len() as f64 * passed;
            change(
                counts[0] as f64,
                before,
                chance::counts(counts[0], self.time(0), sum, time),
            )
        })
    }

    fn one(&self, counts: &[u64], slot: Option<usize>) -> Option<Change> {
        slot.and_then(|slot| self.against(counts, &[slot]))
    }

    pub fn count(&self, counts: &[u64]) -> Count {
        Count {
            count: counts[0],
            change: self.one(counts, self.before),
            change_four: self.against(counts, &self.four),
            change_year: self.one(counts, self.year),
        }
    }

    pub fn counted(&self, set: Set, counts: &[u64]) -> Counted {
        let Count {
            change,
            change_four,
            change_year,
            ..
        } = self.count(counts);
        Counted {
            set,
            change,
            change_four,
            change_year,
        }
    }
}

pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let slot = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            slot
        })
    })
}

fn change(now: f64, before: f64, p: f64) -> Change {
    Change {
        before,
        delta: now - before,
        percent: (before > 0.0).then(|| (now - before) / before * 100.0),
        p,
        beyond_chance: p < chance::CHANCE,
    }
}

fn share_change(now: &Share, then: Option<&Share>) -> Option<Change> {
    let then = then?;
    let (rate, before) = (now.rate()?, then.rate()?);
    let p = chance::shares(
        now.met.len() as u64,
        now.decided(),
        then.met.len() as u64,
        then.decided(),
    );
    Some(Change {
        delta: (rate - before) * 100.0,
        ..change(rate, before, p)
    })
}

pub(super) fn compared(mut now: Share, before: Option<&Share>, year: Option<&Share>) -> Share {
    now.change = share_change(&now, before);
    now.change_year = share_change(&now, year);
    now
}

/// The middle of sorted times, each standing for `1` thing.
fn spread(sorted: &[i64]) -> Spread {
    let n = sorted.len();
    if n == 0 {
        return Spread::default();
    }
    Spread {
        count: n as u64,
        mean_ms: Some(sorted.iter().map(|ms| *ms as f64).sum::<f64>() / n as f64),
        median_ms: median(sorted),
        p90_ms: Some(sorted[(n * 9).div_ceil(10) - 1] as f64),
        change: None,
        change_year: None,
    }
}

pub(super) fn median(sorted: &[i64]) -> Option<f64> {
    let n = sorted.len();
    (n > 0).then(|| (sorted[(n - 1) / 2] as f64 + sorted[n / 2] as f64) / 2.0)
}

fn spreads(times: [Vec<i64>; 3]) -> Spread {
    let [now, before, year] = times.map(|mut times| {
        times.sort_unstable();
        times
    });
    let against = |then: &[i64]| Some(change(median(&now)?, median(then)?, chance::ranks(&now, then)));
    Spread {
        change: against(&before),
        change_year: against(&year),
        ..spread(&now)
    }
}

/// A share that is being filled.
pub(super) fn put(share: &mut Share, due: &Due<'_>) {
    let set = match due.outcome {
        Outcome::Met => &mut share.met,
        Outcome::Missed => &mut share.missed,
        Outcome::Annulled => &mut share.annulled,
        Outcome::Running => &mut share.running,
    };
    set.0.push(due.ticket);
}

/// Adds a ticket to a set that is filled in order, once.
pub(super) fn once(set: &mut Set, ticket: u32) {
    if set.0.last() != Some(&ticket) {
        set.0.push(ticket);
    }
}

/// Attainment of one period: `[metric][tier]`, the last tier standing for all.
type Kept = Vec<[Share; 4]>;

const ALL_TIERS: usize = 3;

/// A person's tickets, real time, and working time by step.
type Spent = (Set, i64, BTreeMap<TicketStatus, i64>);

pub(super) struct Counting<'a> {
    pub ledger: &'a Ledger<'a>,
    pub calendars: &'a Calendars,
    pub request: &'a Request,
    pub slots: Slots,
    pub cases: Vec<Case>,
    pub posts: Vec<Post>,
    pub orders: Vec<Bought>,
    /// Products and shops by number.
    pub products: Vec<&'a str>,
    pub shops: Vec<&'a str>,
}

/// What the tables ask of a ticket, small enough to be read again and again.
pub(super) struct Case {
    pub ticket: u32,
    /// Slots of its arrival; none for one merged or dismissed.
    pub mask: u64,
    pub product: u32,
    pub shop: u32,
    pub channel: u8,
    /// As bits.
    pub causes: u16,
    pub main: Option<Cause>,
    pub urgent: bool,
}

/// The same of a review.
pub(super) struct Post {
    /// Slots of its posting.
    pub mask: u64,
    pub product: u32,
    pub shop: u32,
    pub count: u32,
    pub channel: u8,
    pub causes: u16,
    pub sentiment: Sentiment,
}

/// The same of an order.
pub(super) struct Bought {
    pub mask: u64,
    pub products: Vec<u32>,
    pub shop: u32,
}

/// What an order without known products is about.
static NAMELESS: [String; 1] = [String::new()];

fn cause_bits(causes: &[Cause]) -> u16 {
    causes.iter().fold(0, |bits, cause| bits | 1 << cause.index())
}

impl<'a> Counting<'a> {
    pub fn new(ledger: &'a Ledger<'a>, calendars: &'a Calendars, request: &'a Request) -> Self {
        let slots = Slots::new(request);
        let counts = |status| !matches!(status, TicketStatus::Merged | TicketStatus::Dismissed);
        let (mut products, mut shops) = (Names::default(), Names::default());
        let mut place = |product: &'a Option<Name>, shop: &'a Name| {
            let product = match product {
                Some(product) => products.number_of(product),
                None => products.number(""),
            };
            (product as u32, shops.number_of(shop) as u32)
        };
        let cases = ledger.tickets.iter().map(|(number, ticket)| {
            let (product, shop) = place(&ticket.product, &ticket.shop);
            Case {
                ticket: *number,
                mask: if counts(ticket.status) {
                    slots.of(ticket.received_ms)
                } else {
                    0
                },
                product,
                shop,
                channel: ticket.channel.index() as u8,
                causes: cause_bits(&ticket.causes),
                main: ticket.causes.first().copied(),
                urgent: ticket.tier == Tier::Urgent,
            }
        });
        let cases = cases.collect();
        let posts = ledger.reviews.iter().map(|review| {
            let (product, shop) = place(&review.product, &review.shop);
            Post {
                mask: slots.of(review.at_ms),
                product,
                shop,
                count: review.count,
                channel: review.channel.index() as u8,
                causes: cause_bits(&review.causes),
                sentiment: review.sentiment,
            }
        });
        let posts = posts.collect();
        let orders = ledger.orders.iter().map(|order| {
            let names: &[String] = match &*order.products {
                [] => &NAMELESS,
                names => names,
            };
            Bought {
                mask: slots.of(order.at_ms),
                products: names.iter().map(|name| products.number(name) as u32).collect(),
                shop: shops.number(&order.shop) as u32,
            }
        });
        let orders = orders.collect();
        Self {
            ledger,
            calendars,
            request,
            slots,
            cases,
            posts,
            orders,
            products: products.names,
            shops: shops.names,
        }
    }

    fn others(&self) -> [Option<Span>; 2] {
        [self.request.before, self.request.last_year]
    }

    /// One figure for this period and the two it is compared with.
    pub fn three<T>(&self, figure: impl Fn(Span) -> T) -> [Option<T>; 3] {
        let [before, year] = self.others();
        [Some(self.request.span), before, year].map(|span| span.map(&figure))
    }

    fn share(&self, figure: impl Fn(Span) -> Share) -> Share {
        let [now, before, year] = self.three(figure);
        compared(now.unwrap_or_default(), before.as_ref(), year.as_ref())
    }

    // ---- How much came in -------------------------------------------------------------------------------------

    pub fn volume(&self) -> Volume {
        let slots = self.slots.spans.len();
        let mut reviews = vec![vec![0; slots]; 4];
        for post in &self.posts {
            for slot in bits(post.mask) {
                reviews[0][slot] += u64::from(post.count);
                reviews[1 + post.sentiment.index()][slot] += u64::from(post.count);
            }
        }
        let (mut tickets, mut urgent) = (vec![0; slots], vec![0; slots]);
        let (mut opened, mut opened_urgent, mut open) = (Set::default(), Set::default(), Set::default());
        let (mut dismissed, mut merged) = (Set::default(), Set::default());
        for (case, (number, ticket)) in self.cases.iter().zip(&self.ledger.tickets) {
            for slot in bits(case.mask) {
                tickets[slot] += 1;
                urgent[slot] += u64::from(case.urgent);
            }
            if case.mask & 1 != 0 {
                opened.0.push(*number);
                if case.urgent {
                    opened_urgent.0.push(*number);
                }
            }
            if ticket.status.is_open() {
                open.0.push(*number);
            }
            if self.request.span.has(ticket.received_ms) {
                match ticket.status {
                    TicketStatus::Dismissed => dismissed.0.push(*number),
                    TicketStatus::Merged => merged.0.push(*number),
                    _ => {}
                }
            }
        }
        let negative = &reviews[1];
        let orders = self.orders_by_slot();
        let per = |slot: usize| {
            let orders = orders.as_ref()?[slot];
            (orders > 0).then(|| negative[slot] as f64 * 1000.0 / orders as f64)
        };
        let per_thousand_change = self.slots.before.and_then(|slot| {
            let (now, before, orders) = (per(0)?, per(slot)?, orders.as_ref()?);
            let p = chance::counts(negative[0], orders[0] as f64, negative[slot], orders[slot] as f64);
            Some(change(now, before, p))
        });
        Volume {
            reviews: self.slots.count(&reviews[0]),
            negative: self.slots.count(negative),
            mixed: self.slots.count(&reviews[2]),
            positive: self.slots.count(&reviews[3]),
            tickets: self.slots.counted(opened, &tickets),
            urgent: self.slots.counted(opened_urgent, &urgent),
            dismissed,
            merged,
            open,
            orders: orders.as_ref().map(|orders| orders[0]),
            per_thousand: per(0),
            per_thousand_change,
        }
    }

    /// Orders by period; none where none are known or the cut cannot be made through orders.
    fn orders_by_slot(&self) -> Option<Vec<u64>> {
        if self.orders.is_empty() || self.request.cut.beyond_orders() {
            return None;
        }
        let mut orders = vec![0; self.slots.spans.len()];
        for order in &self.orders {
            for slot in bits(order.mask) {
                orders[slot] += 1;
            }
        }
        Some(orders)
    }

    // ---- Promises ---------------------------------------------------------------------------------------------

    fn kept(&self, span: Span) -> Kept {
        let mut kept: Kept = vec![Default::default(); Metric::ALL.len()];
        for due in self.ledger.dues.iter().filter(|due| span.has(due.at_ms)) {
            let tiers = &mut kept[due.metric.index()];
            put(&mut tiers[due.tier.index()], due);
            put(&mut tiers[ALL_TIERS], due);
        }
        kept
    }

    /// Every promise by clock and tier: those of the default promise always, others where there are any.
    pub fn promises(&self) -> Vec<Promise> {
        let [now, before, year] = self.three(|span| self.kept(span));
        let mut promises = Vec::new();
        for (metric, tiers) in Metric::ALL.iter().zip(now.unwrap_or_default()) {
            for (index, share) in tiers.into_iter().enumerate() {
                let tier = Tier::ALL.get(index).copied();
                let usual = match metric {
                    Metric::FirstResponse | Metric::Closure | Metric::FollowUp => true,
                    Metric::Solution => tier != Some(Tier::General),
                    _ => false,
                };
                let none = share == Share::default();
                if none && !usual {
                    continue;
                }
                let then =
                    |kept: &Option<Kept>| kept.as_ref().map(|kept| kept[metric.index()][index].clone());
                promises.push(Promise {
                    key: format!("promise.{}.{metric}", tier.map_or("all", Tier::as_str)),
                    metric: *metric,
                    tier,
                    share: compared(share, then(&before).as_ref(), then(&year).as_ref()),
                });
            }
        }
        // Urgent first, all of them last.
        promises.sort_by_key(|promise| {
            (
                promise.metric,
                promise.tier.is_none(),
                std::cmp::Reverse(promise.tier),
            )
        });
        promises
    }

    pub fn breaches(&self, numbers: impl Fn(u32) -> String) -> Vec<Breach> {
        let mut breaches: Vec<Breach> = self
            .ledger
            .lates
            .iter()
            .map(|late| (late, &self.ledger.dues[late.due]))
            .filter(|(_, due)| self.request.span.has(due.at_ms))
            .map(|(late, due)| Breach {
                ticket: due.ticket,
                number: numbers(due.ticket),
                metric: due.metric,
                cycle: due.cycle,
                tier: due.tier,
                due_ms: due.at_ms,
                fulfilled_ms: due.fulfilled_ms,
                late_ms: late.late_ms,
                person: late.person.cloned(),
                step: late.step,
                reason: late.reason.map(str::to_owned),
                annulled: due.outcome == Outcome::Annulled,
            })
            .collect();
        breaches.sort_by_key(|breach| (std::cmp::Reverse(breach.due_ms), breach.ticket, breach.metric));
        breaches
    }

    // ---- Answers ----------------------------------------------------------------------------------------------

    fn working_ms(&self, ticket: u32, from_ms: i64, until_ms: i64) -> i64 {
        let ticket = self.ledger.ticket(ticket);
        self.calendars
            .get(ticket.calendar)
            .work_between(from_ms, until_ms)
    }

    /// Response times of some answers.
    pub fn response<'b>(&self, answers: impl Iterator<Item = &'b Answer<'b>>) -> Response {
        let mut answered = Set::default();
        let mut times: [[Vec<i64>; 3]; 3] = Default::default();
        let spans = [
            Some(self.request.span),
            self.request.before,
            self.request.last_year,
        ];
        for answer in answers {
            for (period, span) in spans.iter().enumerate() {
                if !span.is_some_and(|span| span.has(answer.at_ms)) {
                    continue;
                }
                if period == 0 {
                    answered.0.push(answer.ticket);
                }
                // An answer that came in with its review is older than the clock.
                times[0][period].push((answer.at_ms - answer.start_ms).max(0));
                times[1][period].push(self.working_ms(answer.ticket, answer.start_ms, answer.at_ms));
                if let Some(posted_ms) = answer.posted_ms {
                    times[2][period].push((answer.at_ms - posted_ms).max(0));
                }
            }
        }
        let [calendar, working, since_posted] = times.map(spreads);
        Response {
            answered,
            calendar,
            working,
            since_posted,
        }
    }

    pub fn solution(&self) -> Share {
        self.share(|span| {
            let mut share = Share::default();
            for due in &self.ledger.dues {
                if due.metric != Metric::Closure || !span.has(due.at_ms) {
                    continue;
                }
                let set = if due.solved {
                    &mut share.met
                } else if due.outcome == Outcome::Running {
                    &mut share.running
                } else {
                    &mut share.missed
                };
                set.0.push(due.ticket);
            }
            share
        })
    }

    pub fn reopened(&self) -> Ripening {
        let now_ms = self.request.now_ms;
        self.ripening(|span| {
            let mut by_ticket: Vec<(u32, bool, i64)> = Vec::new();
            for closing in self
                .ledger
                .closings
                .iter()
                .filter(|closing| span.has(closing.at_ms))
            {
                match by_ticket.last_mut() {
                    Some((ticket, reopened, at_ms)) if *ticket == closing.ticket => {
                        (*reopened, *at_ms) = (*reopened || closing.reopened, closing.at_ms);
                    }
                    _ => by_ticket.push((closing.ticket, closing.reopened, closing.at_ms)),
                }
            }
            by_ticket
                .into_iter()
                .map(|(ticket, did, at_ms)| (ticket, did, at_ms + REOPEN_MS >= now_ms))
                .collect()
        })
    }

    /// A share of `(ticket, did it, still has time)`.
    fn ripening(&self, members: impl Fn(Span) -> Vec<(u32, bool, bool)>) -> Ripening {
        let shares = self.three(|span| {
            let (mut share, mut immature) = (Share::default(), Set::default());
            for (ticket, did, has_time) in members(span) {
                if did { &mut share.met } else { &mut share.missed }
                    .0
                    .push(ticket);
                if !did && has_time {
                    immature.0.push(ticket);
                }
            }
            (share, immature)
        });
        let [now, before, year] = shares;
        let (share, immature) = now.unwrap_or_default();
        let then = |other: &Option<(Share, Set)>| other.as_ref().map(|(share, _)| share.clone());
        Ripening {
            share: compared(share, then(&before).as_ref(), then(&year).as_ref()),
            mature: immature.is_empty(),
            immature,
        }
    }

    // ---- What follow-ups achieved -----------------------------------------------------------------------------

    /// `(tried but not reached, satisfied, reached but not satisfied, reached and unrated)` of a period.
    fn followed_up(&self, span: Span) -> [Set; 4] {
        let mut sets: [Set; 4] = Default::default();
        let contacts = &self.ledger.contacts;
        for of_ticket in contacts.chunk_by(|a, b| a.ticket == b.ticket) {
            let mut tried = of_ticket
                .iter()
                .filter(|contact| span.has(contact.at_ms))
                .peekable();
            if tried.peek().is_none() {
                continue;
            }
            let (mut reached, mut rating) = (false, None);
            for contact in tried {
                reached |= contact.reached;
                rating = rating.max(contact.rating);
            }
            let ticket = of_ticket[0].ticket;
            match rating {
                _ if !reached => sets[0].0.push(ticket),
                Some((_, 4..)) => sets[1].0.push(ticket),
                _ => sets[2].0.push(ticket),
            }
            if reached && rating.is_none() {
                sets[3].0.push(ticket);
            }
        }
        sets
    }

    pub fn recovery(&self) -> Recovery {
        let reach = self.share(|span| {
            let [missed, satisfied, not, _] = self.followed_up(span);
            let mut met = Set([satisfied.0, not.0].concat());
            met.0.sort_unstable();
            Share {
                met,
                missed,
                ..Share::default()
            }
        });
        let satisfied = self.share(|span| {
            let [_, met, missed, _] = self.followed_up(span);
            Share {
                met,
                missed,
                ..Share::default()
            }
        });
        let [.., unrated] = self.followed_up(self.request.span);
        Recovery {
            reach,
            satisfied,
            unrated,
        }
    }

    // ---- What came back ---------------------------------------------------------------------------------------

    /// The answers that conversion looks at: of the 90 days up to the end of a period.
    fn answered(&self, span: Span) -> impl Iterator<Item = &Answered> {
        let from_ms = span.until_ms - CONVERSION_MS;
        self.ledger
            .answered
            .iter()
            .filter(move |answered| from_ms <= answered.at_ms && answered.at_ms < span.until_ms)
    }

    /// `(ticket, converted, still has time)` of those that can convert.
    fn converted(&self, span: Span, of: impl Fn(u32) -> bool) -> Vec<(u32, bool, bool)> {
        self.answered(span)
            .filter(|answered| of(answered.ticket))
            .filter_map(|answered| match answered.converted {
                Converted::Yes => Some((answered.ticket, true, false)),
                Converted::No => Some((
                    answered.ticket,
                    false,
                    answered.at_ms + CONVERSION_MS >= self.request.now_ms,
                )),
                Converted::NotEditable | Converted::WithoutStars => None,
            })
            .collect()
    }

    pub fn conversion(&self, of: impl Fn(u32) -> bool) -> Conversion {
        let set = |what| {
            let these = self
                .answered(self.request.span)
                .filter(|answered| answered.converted == what);
            Set(these
                .map(|answered| answered.ticket)
                .filter(|ticket| of(*ticket))
                .collect())
        };
        Conversion {
            ripening: self.ripening(|span| self.converted(span, &of)),
            not_editable: set(Converted::NotEditable),
            without_stars: set(Converted::WithoutStars),
        }
    }

    pub fn repurchase(&self, known: bool, of: impl Fn(u32) -> bool) -> Option<Ripening> {
        let now_ms = self.request.now_ms;
        known.then(|| {
            self.ripening(|span| {
                let from_ms = span.until_ms - REPURCHASE_MS;
                // A customer counts once, by the first closing of the 60 days.
                let mut first: Vec<Option<Sold>> = vec![None; self.ledger.customers];
                for sold in &self.ledger.sold_again {
                    if from_ms <= sold.closed_ms && sold.closed_ms < span.until_ms && of(sold.ticket) {
                        let kept = first[sold.customer].get_or_insert(*sold);
                        if (sold.closed_ms, sold.ticket) < (kept.closed_ms, kept.ticket) {
                            *kept = *sold;
                        }
                    }
                }
                let mut members: Vec<(u32, bool, bool)> = first
                    .into_iter()
                    .flatten()
                    .map(|sold| {
                        let until_ms = sold.closed_ms + REPURCHASE_MS;
                        let bought = sold
                            .next_ms
                            .is_some_and(|next_ms| next_ms <= until_ms.min(now_ms));
                        (sold.ticket, bought, until_ms >= now_ms)
                    })
                    .collect();
                members.sort_unstable();
                members
            })
        })
    }

    pub fn lag(&self) -> Lag {
        let times = [Some(0), self.slots.before, self.slots.year].map(|slot| {
            let mut times = Vec::new();
            let Some(slot) = slot else { return times };
            for (review, post) in self.ledger.reviews.iter().zip(&self.posts) {
                if post.mask >> slot & 1 != 0
                    && let Some(lag_ms) = review.lag_ms
                {
                    times.extend(std::iter::repeat_n(lag_ms, review.count as usize));
                }
            }
            times
        });
        Lag {
            spread: spreads(times),
        }
    }

    // ---- What was given ---------------------------------------------------------------------------------------

    fn money(&self, of: impl Fn(u32, RemedyKind) -> bool) -> Vec<Money> {
        let mut by_currency: BTreeMap<&str, Money> = BTreeMap::new();
        for grant in &self.ledger.grants {
            if !self.request.span.has(grant.at_ms) || !of(grant.ticket, grant.kind) {
                continue;
            }
            let money = by_currency.entry(grant.currency).or_default();
            once(&mut money.cases, grant.ticket);
            money.remedies += 1;
            money.value_minor += i64::from(grant.value_minor);
            money.cost_minor += i64::from(grant.cost_minor);
        }
        by_currency
            .into_iter()
            .map(|(currency, money)| Money {
                currency: currency.to_owned(),
                cost_per_case_minor: money.cost_minor as f64 / money.cases.len() as f64,
                value_per_case_minor: money.value_minor as f64 / money.cases.len() as f64,
                ..money
            })
            .collect()
    }

    pub fn compensation(&self, orders_known: bool) -> Compensation {
        let mut cases = Set::default();
        let mut kinds: BTreeMap<RemedyKind, HashSet<u32>> = BTreeMap::new();
        let mut granted: HashSet<u32> = HashSet::new();
        for grant in &self.ledger.grants {
            kinds.entry(grant.kind).or_default().insert(grant.ticket);
            granted.insert(grant.ticket);
            if self.request.span.has(grant.at_ms) {
                once(&mut cases, grant.ticket);
            }
        }
        let main = |ticket: u32| self.ledger.ticket(ticket).causes.first().copied();
        let mut causes: Vec<Option<Cause>> = cases.0.iter().map(|ticket| main(*ticket)).collect();
        causes.sort_unstable();
        causes.dedup();
        let mut causes: Vec<CauseMoney> = causes
            .into_iter()
            .map(|cause| CauseMoney {
                cause,
                money: self.money(|ticket, _| main(ticket) == cause),
            })
            .collect();
        let cost = |line: &CauseMoney| line.money.iter().map(|money| money.cost_minor).sum::<i64>();
        causes.sort_by_key(|line| (std::cmp::Reverse(cost(line)), line.cause));
        let mut lines: Vec<RemedyReturn> = kinds
            .iter()
            .map(|(kind, tickets)| {
                let mut given = Set::default();
                for grant in &self.ledger.grants {
                    if grant.kind == *kind && self.request.span.has(grant.at_ms) {
                        once(&mut given, grant.ticket);
                    }
                }
                RemedyReturn {
                    key: format!("remedy.{kind}"),
                    kind: Some(*kind),
                    given,
                    money: self.money(|_, granted| granted == *kind),
                    conversion: self.conversion(|ticket| tickets.contains(&ticket)).ripening,
                    repurchase: self.repurchase(orders_known, |ticket| tickets.contains(&ticket)),
                }
            })
            .collect();
        if !lines.is_empty() {
            lines.push(RemedyReturn {
                key: "remedy.none".into(),
                kind: None,
                given: Set::default(),
                money: Vec::new(),
                conversion: self.conversion(|ticket| !granted.contains(&ticket)).ripening,
                repurchase: self.repurchase(orders_known, |ticket| !granted.contains(&ticket)),
            });
        }
        Compensation {
            cases,
            money: self.money(|_, _| true),
            causes,
            kinds: lines,
        }
    }

    // ---- Time -------------------------------------------------------------------------------------------------

    pub fn time(&self) -> (Vec<StepTime>, Vec<PersonTime>) {
        let mut steps: BTreeMap<TicketStatus, (Set, i64)> = BTreeMap::new();
        let mut people: BTreeMap<Option<&PersonId>, Spent> = BTreeMap::new();
        // What a week that runs has cost so far is no smaller for being unfinished.
        let is_over = |span: &Span| self.request.span.until_ms.max(span.until_ms) <= self.request.now_ms;
        let spans = [
            Some(self.request.span),
            self.request.before.filter(is_over),
            self.request.last_year.filter(is_over),
        ];
        // Working time by ticket, of each step, in each of the three.
        let mut times: BTreeMap<TicketStatus, [Vec<(u32, i64)>; 3]> = BTreeMap::new();
        for stretch in &self.ledger.stretches {
            for (period, span) in spans.iter().enumerate() {
                let Some(span) = span else { continue };
                let from_ms = stretch.from_ms.max(span.from_ms);
                let until_ms = stretch.until_ms.min(span.until_ms);
                if from_ms >= until_ms {
                    continue;
                }
                let working_ms = self.working_ms(stretch.ticket, from_ms, until_ms);
                let times = &mut times.entry(stretch.status).or_default()[period];
                match times.last_mut() {
                    Some((ticket, time)) if *ticket == stretch.ticket => *time += working_ms,
                    _ => times.push((stretch.ticket, working_ms)),
                }
                if period > 0 {
                    continue;
                }
                let (tickets, calendar_ms) = steps.entry(stretch.status).or_default();
                *calendar_ms += until_ms - from_ms;
                once(tickets, stretch.ticket);
                let (tickets, calendar_ms, by_step) = people.entry(stretch.person).or_default();
                once(tickets, stretch.ticket);
                *calendar_ms += until_ms - from_ms;
                *by_step.entry(stretch.status).or_default() += working_ms;
            }
        }
        let steps = steps.into_iter().map(|(step, (tickets, calendar_ms))| {
            let times = times.remove(&step).unwrap_or_default();
            let times = times.map(|times| times.into_iter().map(|(_, time)| time).collect::<Vec<i64>>());
            StepTime {
                key: format!("step.{step}"),
                step,
                tickets,
                calendar_ms,
                working_ms: times[0].iter().sum(),
                per_ticket: spreads(times),
            }
        });
        let steps = steps.collect();
        let people = people
            .into_iter()
            .map(|(person, (tickets, calendar_ms, by_step))| PersonTime {
                person: person.cloned(),
                key: format!("time.{}", super::key_part(person.map_or("", PersonId::as_str))),
                tickets,
                calendar_ms,
                working_ms: by_step.values().sum(),
                steps: by_step.into_iter().collect(),
            });
        (steps, people.collect())
    }

    // ---- Appeals ----------------------------------------------------------------------------------------------

    pub fn disputes(&self) -> Disputes {
        let span = self.request.span;
        let mut disputes = Disputes {
            won: self.share(|span| self.won(span)),
            ..Disputes::default()
        };
        for appeal in &self.ledger.appeals {
            if span.has(appeal.opened_ms) {
                once(&mut disputes.opened, appeal.ticket);
            }
            match appeal.decided {
                None => once(&mut disputes.pending, appeal.ticket),
                Some((at_ms, DisputeOutcome::Withdrawn | DisputeOutcome::Expired)) if span.has(at_ms) => {
                    once(&mut disputes.without_decision, appeal.ticket);
                }
                Some(_) => {}
            }
        }
        disputes
    }

    fn won(&self, span: Span) -> Share {
        let mut share = Share::default();
        for of_ticket in self.ledger.appeals.chunk_by(|a, b| a.ticket == b.ticket) {
            // Two appeals of one ticket: the last word counts.
            let last = of_ticket
                .iter()
                .filter_map(|appeal| appeal.decided)
                .filter(|(at_ms, outcome)| {
                    span.has(*at_ms) && matches!(outcome, DisputeOutcome::Upheld | DisputeOutcome::Rejected)
                })
                .max_by_key(|(at_ms, _)| *at_ms);
            match last {
                Some((_, DisputeOutcome::Upheld)) => share.met.0.push(of_ticket[0].ticket),
                Some(_) => share.missed.0.push(of_ticket[0].ticket),
                None => {}
            }
        }
        share
    }

    // ---- The course of things ---------------------------------------------------------------------------------

    pub fn trend(&self) -> Vec<TrendPoint> {
        let slots = self.slots.spans.len();
        let (mut tickets, mut reviews, mut negative) = (vec![0; slots], vec![0; slots], vec![0; slots]);
        for case in &self.cases {
            bits(case.mask).for_each(|slot| tickets[slot] += 1);
        }
        for post in &self.posts {
            for slot in bits(post.mask) {
                reviews[slot] += u64::from(post.count);
                negative[slot] += u64::from(post.count) * u64::from(post.sentiment == Sentiment::Neg);
            }
        }
        let mut kept = vec![[(0_u64, 0_u64); 2]; slots];
        for due in &self.ledger.dues {
            let metric = match due.metric {
                Metric::FirstResponse => 0,
                Metric::Closure => 1,
                _ => continue,
            };
            let met = u64::from(due.outcome == Outcome::Met);
            if matches!(due.outcome, Outcome::Met | Outcome::Missed) {
                for slot in bits(self.slots.of(due.at_ms)) {
                    let (sum, all) = &mut kept[slot][metric];
                    (*sum, *all) = (*sum + met, *all + 1);
                }
            }
        }
        let mut times = vec![Vec::new(); slots];
        for answer in &self.ledger.answers {
            let took_ms = (answer.at_ms - answer.start_ms).max(0);
            bits(self.slots.of(answer.at_ms)).for_each(|slot| times[slot].push(took_ms));
        }
        let rate = |(met, all): (u64, u64)| (all > 0).then(|| met as f64 / all as f64);
        self.slots
            .trend
            .iter()
            .map(|&slot| {
                let span = self.slots.spans[slot];
                times[slot].sort_unstable();
                let [_, satisfied, not, _] = self.followed_up(span);
                let converted = self.converted(span, |_| true);
                let did = converted.iter().filter(|(_, did, _)| *did).count();
                TrendPoint {
                    span,
                    tickets: tickets[slot],
                    reviews: reviews[slot],
                    negative: negative[slot],
                    first_response: rate(kept[slot][0]),
                    median_response_ms: median(&times[slot]),
                    closure: rate(kept[slot][1]),
                    recovery: rate((satisfied.len() as u64, (satisfied.len() + not.len()) as u64)),
                    conversion: rate((did as u64, converted.len() as u64)),
                }
            })
            .collect()
    }
}
