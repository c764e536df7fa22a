//! What happened, told once: the log of every ticket read into flat columns, each entry with its ticket and its
//! instant, so that a figure of any period is a filter over a column.

use super::facts::{
    ClockFact, CountedEvent, CountedKind, Facts, Name, OrderFact, ReviewFact, Span, TicketFact,
};
use super::request::{Cut, Request};
use crate::id::PersonId;
use crate::sla::calendar::DAY_MS;
use crate::sla::event::{
    ContactId, ContactOutcome, DisputeId, DisputeOutcome, Metric, RemedyKind, ReplyBy, TicketStatus,
};
use crate::words::Tier;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// An answered review has this long to become a good one (product.md, conversion).
pub(super) const CONVERSION_MS: i64 = 90 * DAY_MS;
/// A customer has this long to buy again (product.md, repurchase).
pub(super) const REPURCHASE_MS: i64 = 60 * DAY_MS;
/// A closed ticket can be reopened this long (sla.md R17).
pub(super) const REOPEN_MS: i64 = 7 * DAY_MS;
/// From here on a review is a good one.
const GOOD_STARS: f64 = 4.0;

/// Multiplies and mixes: names are short, come from the user's own exports and are looked up by the hundred thousand.
#[derive(Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_usize(&mut self, word: usize) {
        self.0 = (self.0 ^ word as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let word = part.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            self.0 ^= self.0 >> 32;
        }
    }
}

/// Names numbered in the order of their first appearance.
#[derive(Default)]
pub(super) struct Names<'a> {
    numbers: HashMap<&'a str, usize, BuildHasherDefault<Mix>>,
    /// By where their letters lie: most facts share the letters of their names.
    shared: HashMap<usize, usize, BuildHasherDefault<Mix>>,
    pub names: Vec<&'a str>,
}

impl<'a> Names<'a> {
    pub fn number(&mut self, name: &'a str) -> usize {
        let next = self.names.len();
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.names.push(name);
        }
        number
    }

    /// The same of a shared name, without reading it again.
    pub fn number_of(&mut self, name: &'a Name) -> usize {
        let letters = name.as_ptr() as usize;
        match self.shared.get(&letters) {
            Some(number) => *number,
            None => {
                let number = self.number(name);
                self.shared.insert(letters, number);
                number
            }
        }
    }
}

impl<'a> Names<'a> {
    /// The number of a name that has one.
    pub fn known(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }
}

/// How a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Met,
    Missed,
    Annulled,
    Running,
}

/// A clock, counted when it was due.
#[derive(Debug)]
pub(super) struct Due<'a> {
    pub ticket: u32,
    pub cycle: u32,
    pub metric: Metric,
    pub tier: Tier,
    pub at_ms: i64,
    pub fulfilled_ms: Option<i64>,
    pub outcome: Outcome,
    /// Whose it was when it was kept or became late.
    pub person: Option<&'a PersonId>,
    /// Closure clocks only: a solution was offered in that cycle by now.
    pub solved: bool,
}

/// A broken promise's circumstances.
#[derive(Debug)]
pub(super) struct Late<'a> {
    pub due: usize,
    pub late_ms: i64,
    pub step: TicketStatus,
    pub person: Option<&'a PersonId>,
    pub reason: Option<&'a str>,
}

/// A first human answer.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub ticket: u32,
    pub at_ms: i64,
    pub start_ms: i64,
    pub posted_ms: Option<i64>,
    pub person: Option<&'a PersonId>,
}

#[derive(Debug)]
pub(super) struct Closing {
    pub ticket: u32,
    pub at_ms: i64,
    pub reopened: bool,
}

/// A follow-up contact.
#[derive(Debug)]
pub(super) struct Contact<'a> {
    pub ticket: u32,
    pub at_ms: i64,
    id: Option<&'a ContactId>,
    pub reached: bool,
    pub rating: Option<(i64, u8)>,
}

/// A remedy that was given.
#[derive(Debug)]
pub(super) struct Grant<'a> {
    pub ticket: u32,
    pub at_ms: i64,
    pub kind: RemedyKind,
    pub value_minor: u32,
    pub cost_minor: u32,
    pub currency: &'a str,
}

/// A stretch in one open step, under one owner.
#[derive(Debug)]
pub(super) struct Stretch<'a> {
    pub ticket: u32,
    pub from_ms: i64,
    pub until_ms: i64,
    pub status: TicketStatus,
    pub person: Option<&'a PersonId>,
}

/// Something a person did for the customer.
#[derive(Debug)]
pub(super) struct Deed<'a> {
    pub ticket: u32,
    pub at_ms: i64,
    pub person: &'a PersonId,
    /// It was a public answer.
    pub reply: bool,
}

#[derive(Debug)]
pub(super) struct Score<'a> {
    pub ticket: u32,
    pub at_ms: i64,
    pub person: Option<&'a PersonId>,
    pub score: u8,
}

#[derive(Debug)]
pub(super) struct Appeal<'a> {
    pub ticket: u32,
    id: &'a DisputeId,
    pub opened_ms: i64,
    pub decided: Option<(i64, DisputeOutcome)>,
}

/// What became of an answered review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Converted {
    Yes,
    No,
    NotEditable,
    WithoutStars,
}

#[derive(Debug)]
pub(super) struct Answered {
    pub ticket: u32,
    pub at_ms: i64,
    pub converted: Converted,
}

/// A closing and whether its customer came back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sold {
    pub ticket: u32,
    /// Numbers the customers.
    pub customer: usize,
    pub closed_ms: i64,
    /// The first order after it.
    pub next_ms: Option<i64>,
}

/// Everything that passes the cut.
#[derive(Debug, Default)]
pub(super) struct Ledger<'a> {
    pub tickets: Vec<(u32, &'a TicketFact)>,
    /// Where a ticket stands in `tickets`, by its position in the facts.
    places: Vec<u32>,
    pub reviews: Vec<&'a ReviewFact>,
    pub orders: Vec<&'a OrderFact>,
    pub dues: Vec<Due<'a>>,
    pub lates: Vec<Late<'a>>,
    pub answers: Vec<Answer<'a>>,
    pub closings: Vec<Closing>,
    pub contacts: Vec<Contact<'a>>,
    pub grants: Vec<Grant<'a>>,
    pub stretches: Vec<Stretch<'a>>,
    pub deeds: Vec<Deed<'a>>,
    pub scores: Vec<Score<'a>>,
    pub appeals: Vec<Appeal<'a>>,
    pub answered: Vec<Answered>,
    /// Closings of customers that can be told apart.
    pub sold_again: Vec<Sold>,
    /// How many customers these are.
    pub customers: usize,
}

/// Nothing is moved where there was nothing.
fn append<T>(to: &mut Vec<T>, mut from: Vec<T>) {
    if to.is_empty() {
        *to = from;
    } else {
        to.append(&mut from);
    }
}

/// The periods that a request asks about.
fn asked(request: &Request) -> Vec<Span> {
    let others = request
        .before
        .iter()
        .chain(&request.last_year)
        .chain(&request.trend);
    std::iter::once(&request.span).chain(others).copied().collect()
}

/// Those that touch as one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| span.from_ms);
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from_ms <= last.until_ms => last.until_ms = last.until_ms.max(span.until_ms),
            _ => joined.push(span),
        }
    }
    joined
}

fn one_of<T: PartialEq>(list: &[T], value: Option<&T>) -> bool {
    list.is_empty() || value.is_some_and(|value| list.contains(value))
}

fn name_of(list: &[String], name: &str) -> bool {
    list.is_empty() || list.iter().any(|wanted| wanted == name)
}

impl Cut {
    /// True if the ticket is looked at.
    pub fn has_ticket(&self, ticket: &TicketFact) -> bool {
        name_of(&self.shops, &ticket.shop)
            && one_of(&self.channels, Some(&ticket.channel))
            && name_of(&self.products, ticket.product.as_deref().unwrap_or_default())
            && (self.causes.is_empty() || ticket.causes.iter().any(|cause| self.causes.contains(cause)))
            && one_of(&self.tiers, Some(&ticket.tier))
            && one_of(&self.people, ticket.owner.as_ref())
            && one_of(&self.sources, ticket.source.as_ref())
    }

    /// True if the review is looked at.
    pub fn has_review(&self, review: &ReviewFact) -> bool {
        name_of(&self.shops, &review.shop)
            && one_of(&self.channels, Some(&review.channel))
            && name_of(&self.products, review.product.as_deref().unwrap_or_default())
            && (self.causes.is_empty() || review.causes.iter().any(|cause| self.causes.contains(cause)))
            && one_of(&self.sources, review.source.as_ref())
    }

    /// True if the order is looked at.
    pub fn has_order(&self, order: &OrderFact) -> bool {
        name_of(&self.shops, &order.shop)
            && (self.products.is_empty()
                || order
                    .products
                    .iter()
                    .any(|product| self.products.contains(product))
                || order.products.is_empty() && self.products.iter().any(String::is_empty))
    }

    /// Orders cannot be cut like this, so nothing is said per order.
    pub(super) fn beyond_orders(&self) -> bool {
        !self.channels.is_empty() || !self.sources.is_empty()
    }
}

impl<'a> Ledger<'a> {
    /// Reads what a request may ask for, up to its now.
    pub fn read<T: Borrow<TicketFact>, R: Borrow<ReviewFact>>(
        facts: &'a Facts<T, R>,
        request: &Request,
    ) -> Self {
        let (cut, now_ms) = (&request.cut, request.now_ms);
        let asked = asked(request);
        let answered = asked.iter().map(|span| Span {
            from_ms: span.until_ms - CONVERSION_MS,
            until_ms: span.until_ms,
        });
        let answered = &joined(answered.collect());
        let periods = &joined(asked);
        let mut ledger = Self {
            tickets: (0..)
                .zip(facts.tickets.iter().map(Borrow::borrow))
                .filter(|(_, ticket)| cut.has_ticket(ticket))
                .collect(),
            reviews: facts
                .reviews
                .iter()
                .map(Borrow::borrow)
                .filter(|review| cut.has_review(review))
                .collect(),
            orders: facts.orders.iter().filter(|order| cut.has_order(order)).collect(),
            ..Self::default()
        };
        ledger.places = vec![0; facts.tickets.len()];
        for (place, (number, _)) in (0..).zip(&ledger.tickets) {
            ledger.places[*number as usize] = place;
        }
        // The logs take the longest: two threads read half each.
        let (first, second) = ledger.tickets.split_at(ledger.tickets.len() / 2);
        let logs = std::thread::scope(|scope| {
            let second = scope.spawn(|| Self::of_logs(second, now_ms, periods, answered));
            let mut logs = Self::of_logs(first, now_ms, periods, answered);
            logs.append(
                second
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
            logs
        });
        ledger.append(logs);
        ledger.buyers(&facts.orders);
        ledger
    }

    /// What the logs of some tickets say.
    fn of_logs(tickets: &[(u32, &'a TicketFact)], now_ms: i64, periods: &[Span], answered: &[Span]) -> Self {
        let mut ledger = Self::default();
        let mut reader = Reader {
            now_ms,
            periods: periods.to_vec(),
            conversion: answered.to_vec(),
            ..Reader::default()
        };
        for (number, ticket) in tickets {
            reader.ticket(*number, ticket, &mut ledger);
        }
        ledger
    }

    /// Takes over what another's logs say.
    fn append(&mut self, mut other: Self) {
        let dues = self.dues.len();
        other.lates.iter_mut().for_each(|late| late.due += dues);
        append(&mut self.dues, other.dues);
        append(&mut self.lates, other.lates);
        append(&mut self.answers, other.answers);
        append(&mut self.closings, other.closings);
        append(&mut self.contacts, other.contacts);
        append(&mut self.grants, other.grants);
        append(&mut self.stretches, other.stretches);
        append(&mut self.deeds, other.deeds);
        append(&mut self.scores, other.scores);
        append(&mut self.appeals, other.appeals);
        append(&mut self.answered, other.answered);
    }

    /// Where a ticket that passed the cut stands in `tickets`.
    pub fn place(&self, number: u32) -> usize {
        self.places[number as usize] as usize
    }

    /// A ticket that passed the cut.
    pub fn ticket(&self, number: u32) -> &'a TicketFact {
        self.tickets[self.place(number)].1
    }

    /// Who bought again: a customer who comes back has come back, whatever shop or product the cut looks at, so all
    /// orders are searched.
    fn buyers(&mut self, orders: &'a [OrderFact]) {
        if orders.iter().all(|order| order.customer.is_none()) {
            return;
        }
        let mut customers = Names::default();
        for closing in &self.closings {
            if let Some(customer) = self.ticket(closing.ticket).customer.as_deref() {
                let customer = customers.number(customer);
                self.sold_again.push(Sold {
                    ticket: closing.ticket,
                    customer,
                    closed_ms: closing.at_ms,
                    next_ms: None,
                });
            }
        }
        let mut bought = vec![Vec::new(); customers.names.len()];
        for order in orders {
            if let Some(customer) = order
                .customer
                .as_deref()
                .and_then(|customer| customers.known(customer))
            {
                bought[customer].push(order.at_ms);
            }
        }
        bought.iter_mut().for_each(|at| at.sort_unstable());
        for sold in &mut self.sold_again {
            let bought = &bought[sold.customer];
            sold.next_ms = bought
                .get(bought.partition_point(|at_ms| *at_ms <= sold.closed_ms))
                .copied();
        }
        self.customers = customers.names.len();
    }
}

/// One ticket's log being read; its lists are kept from ticket to ticket to spare the allocator.
#[derive(Default)]
struct Reader<'a> {
    now_ms: i64,
    /// What happened outside of these is asked by nobody.
    periods: Vec<Span>,
    /// Answers outside of these have nothing to do with anybody's conversion.
    conversion: Vec<Span>,
    events: Vec<&'a CountedEvent>,
    /// Owner from an instant on.
    owners: Vec<(i64, Option<&'a PersonId>)>,
    /// Step from an instant on, and the reason given for it.
    steps: Vec<(i64, TicketStatus, Option<&'a str>)>,
    /// Cycles in which a solution was offered.
    solved: Vec<u32>,
    /// When work on it ended without being done.
    stops: Vec<i64>,
    stars: Vec<(i64, f64)>,
}

impl<'a> Reader<'a> {
    fn ticket(&mut self, number: u32, ticket: &'a TicketFact, ledger: &mut Ledger<'a>) {
        self.events.clear();
        let now_ms = self.now_ms;
        self.events
            .extend(ticket.events.iter().filter(|event| event.at_ms <= now_ms));
        // A backdated entry stands where it was written; it counts where it happened.
        self.events.sort_by_key(|event| event.at_ms);
        self.log(number, ticket, ledger);
        self.stretches(number, ticket, ledger);
        self.clocks(number, ticket, ledger);
    }

    /// The last value at or before an instant.
    fn owner_at(&self, ticket: &'a TicketFact, at_ms: i64) -> Option<&'a PersonId> {
        if self.owners.is_empty() {
            return ticket.owner.as_ref();
        }
        self.owners
            .iter()
            .rev()
            .find(|(from_ms, _)| *from_ms <= at_ms)
            .and_then(|(_, owner)| *owner)
    }

    fn step_at(&self, at_ms: i64) -> (TicketStatus, Option<&'a str>) {
        self.steps
            .iter()
            .rev()
            .find(|(from_ms, ..)| *from_ms <= at_ms)
            .map_or((TicketStatus::Received, None), |(_, status, reason)| {
                (*status, *reason)
            })
    }

    fn step(&mut self, at_ms: i64, status: TicketStatus, reason: Option<&'a str>) {
        self.steps.push((at_ms, status, reason));
    }

    /// The events, oldest first. Steps follow [`crate::ticket::fold`].
    fn log(&mut self, number: u32, ticket: &'a TicketFact, ledger: &mut Ledger<'a>) {
        use TicketStatus as S;
        self.owners.clear();
        self.solved.clear();
        self.stops.clear();
        self.stars.clear();
        self.steps.clear();
        self.steps.push((ticket.received_ms, S::Received, None));
        let (first_contact, first_appeal, first_closing) =
            (ledger.contacts.len(), ledger.appeals.len(), ledger.closings.len());
        let mut cycle = 1;
        for position in 0..self.events.len() {
            let event = self.events[position];
            let at_ms = event.at_ms;
            let now = self.steps.last().map_or(S::Received, |(_, status, _)| *status);
            if let (
                Some(person),
                CountedKind::ReplyPublished {
                    by: ReplyBy::Human, ..
                }
                | CountedKind::ContactLogged { .. }
                | CountedKind::SolutionOffered
                | CountedKind::Resolved
                | CountedKind::Closed { .. },
            ) = (&event.actor, &event.kind)
            {
                let reply = matches!(event.kind, CountedKind::ReplyPublished { .. });
                ledger.deeds.push(Deed {
                    ticket: number,
                    at_ms,
                    person,
                    reply,
                });
            }
            match &event.kind {
                CountedKind::Status { status, reason, .. } => self.step(at_ms, *status, reason.as_deref()),
                CountedKind::ReplyPublished {
                    by: ReplyBy::Human, ..
                } => {
                    if matches!(now, S::Received | S::Verifying | S::Planning) {
                        self.step(at_ms, S::Communicating, None);
                    }
                }
                CountedKind::SolutionOffered => {
                    self.solved.push(cycle);
                    if matches!(now, S::Received | S::Verifying | S::Planning) {
                        self.step(at_ms, S::Communicating, None);
                    }
                }
                CountedKind::CustomerMessage if now == S::WaitingCustomer => {
                    self.step(at_ms, S::Communicating, None)
                }
                CountedKind::Resolved => {
                    self.solved.push(cycle);
                    self.step(at_ms, S::Resolved, None);
                }
                CountedKind::Closed { reason, .. } => {
                    self.solved.push(cycle);
                    self.stops.push(at_ms);
                    ledger.closings.push(Closing {
                        ticket: number,
                        at_ms,
                        reopened: false,
                    });
                    self.step(at_ms, S::Closed, reason.as_deref());
                }
                CountedKind::Reopened => {
                    cycle += 1;
                    if let Some(closing) = ledger.closings[first_closing..].last_mut() {
                        closing.reopened |= at_ms - closing.at_ms <= REOPEN_MS;
                    }
                    self.step(at_ms, S::Verifying, None);
                }
                CountedKind::Dismissed => {
                    self.stops.push(at_ms);
                    self.step(at_ms, S::Dismissed, None);
                }
                CountedKind::MergedInto => {
                    self.stops.push(at_ms);
                    self.step(at_ms, S::Merged, None);
                }
                CountedKind::Done => self.step(at_ms, S::Done, None),
                CountedKind::DisputeOpened { dispute, reason } => {
                    ledger.appeals.push(Appeal {
                        ticket: number,
                        id: dispute,
                        opened_ms: at_ms,
                        decided: None,
                    });
                    self.step(at_ms, S::Disputed, Some(reason));
                }
                CountedKind::DisputeDecided { dispute, outcome } => {
                    if let Some(appeal) = ledger.appeals[first_appeal..]
                        .iter_mut()
                        .find(|appeal| appeal.id == dispute)
                    {
                        appeal.decided = Some((at_ms, *outcome));
                    }
                    if now == S::Disputed {
                        self.step(at_ms, S::Communicating, None);
                    }
                }
                CountedKind::Assigned { to, .. } => self.owners.push((at_ms, Some(to))),
                CountedKind::Unassigned => self.owners.push((at_ms, None)),
                CountedKind::ReviewChanged {
                    stars: Some(stars), ..
                } => {
                    self.stars.push((at_ms, f64::from(*stars)));
                }
                CountedKind::ContactLogged {
                    contact,
                    outcome,
                    follow_up: true,
                    ..
                } => {
                    use ContactOutcome as C;
                    let reached = matches!(outcome, C::Reached | C::Satisfied | C::Unsatisfied);
                    ledger.contacts.push(Contact {
                        ticket: number,
                        at_ms,
                        id: Some(contact),
                        reached,
                        rating: None,
                    });
                }
                CountedKind::SatisfactionRated { score, contact } => {
                    self.rate(
                        number,
                        at_ms,
                        *score,
                        contact.as_ref(),
                        &mut ledger.contacts,
                        first_contact,
                    );
                }
                CountedKind::RemedyGranted { remedy } => {
                    let offer = self.events.iter().rev().find_map(|event| match &event.kind {
                        CountedKind::RemedyOffered {
                            remedy: offered,
                            kind,
                            value_minor,
                            cost_minor,
                            currency,
                        } if offered == remedy => Some((*kind, *value_minor, *cost_minor, currency.as_str())),
                        _ => None,
                    });
                    if let Some((kind, value_minor, cost_minor, currency)) = offer {
                        ledger.grants.push(Grant {
                            ticket: number,
                            at_ms,
                            kind,
                            value_minor,
                            cost_minor,
                            currency,
                        });
                    }
                }
                CountedKind::QualityScored { reply, score, .. } => {
                    let author = self.events.iter().find_map(|event| match &event.kind {
                        CountedKind::ReplyPublished { reply: written, .. } if written == reply => {
                            event.actor.as_ref()
                        }
                        _ => None,
                    });
                    let person = author.or_else(|| self.owner_at(ticket, at_ms));
                    ledger.scores.push(Score {
                        ticket: number,
                        at_ms,
                        person,
                        score: *score,
                    });
                }
                _ => {}
            }
        }
    }

    /// A rating belongs to the follow-up it names, else to the last one before it. Without any it is a follow-up of
    /// its own: who rates was reached. One that names a contact which was no follow-up rates something else.
    fn rate(
        &self,
        number: u32,
        at_ms: i64,
        score: u8,
        named: Option<&ContactId>,
        contacts: &mut Vec<Contact<'a>>,
        first: usize,
    ) {
        let follow_ups = &mut contacts[first..];
        let meant = match follow_ups.iter().position(|contact| named.is_some() && contact.id == named) {
            Some(position) => Some(position),
            None if self.events.iter().any(|event| {
                matches!(&event.kind, CountedKind::ContactLogged { contact, .. } if Some(contact) == named)
            }) =>
            {
                return;
            }
            None => follow_ups.iter().rposition(|contact| contact.id.is_some()),
        };
        let rating = Some((at_ms, score));
        match meant {
            Some(position) => {
                follow_ups[position].rating = rating;
                follow_ups[position].reached = true;
            }
            None => contacts.push(Contact {
                ticket: number,
                at_ms,
                id: None,
                reached: true,
                rating,
            }),
        }
    }

    /// The time in open steps, cut where the step or the owner changes.
    fn stretches(&self, number: u32, ticket: &'a TicketFact, ledger: &mut Ledger<'a>) {
        for (position, (from_ms, status, _)) in self.steps.iter().enumerate() {
            let until_ms = self
                .steps
                .get(position + 1)
                .map_or(self.now_ms, |(at_ms, ..)| *at_ms);
            if !status.is_open() || until_ms <= *from_ms {
                continue;
            }
            let mut from_ms = *from_ms;
            let handed = self
                .owners
                .iter()
                .map(|(at_ms, _)| *at_ms)
                .filter(|at_ms| *at_ms < until_ms);
            for end_ms in handed.chain([until_ms]) {
                if end_ms > from_ms {
                    let is_asked = self
                        .periods
                        .iter()
                        .any(|period| from_ms < period.until_ms && end_ms > period.from_ms);
                    if !is_asked {
                        from_ms = end_ms;
                        continue;
                    }
                    let person = self.owner_at(ticket, from_ms);
                    ledger.stretches.push(Stretch {
                        ticket: number,
                        from_ms,
                        until_ms: end_ms,
                        status: *status,
                        person,
                    });
                    from_ms = end_ms;
                }
            }
        }
    }

    fn clocks(&self, number: u32, ticket: &'a TicketFact, ledger: &mut Ledger<'a>) {
        let mut answered_ms: Option<i64> = None;
        for clock in &ticket.clocks {
            let outcome = match clock.fulfilled_ms {
                _ if clock.annulled => Outcome::Annulled,
                _ if clock.cancelled => continue,
                Some(at_ms) if at_ms > clock.due_ms => Outcome::Missed,
                Some(_) => Outcome::Met,
                None if clock.untimed => Outcome::Met,
                None if !clock.paused && self.now_ms > clock.due_ms => Outcome::Missed,
                None => Outcome::Running,
            };
            // An open ticket is read in every week, and most of its clocks were due in another one.
            if self.is_asked(clock.due_ms) {
                self.due(number, ticket, clock, outcome, ledger);
            }
            if let (Metric::FirstResponse, Some(at_ms)) = (clock.metric, clock.fulfilled_ms) {
                answered_ms = Some(answered_ms.map_or(at_ms, |first| first.min(at_ms)));
                if self.is_asked(at_ms) {
                    ledger.answers.push(Answer {
                        ticket: number,
                        at_ms,
                        start_ms: clock.start_ms,
                        posted_ms: ticket.posted_ms.filter(|_| clock.cycle == 1),
                        person: self.author(at_ms).or_else(|| self.person_of(ticket, clock)),
                    });
                }
            }
        }
        if let Some(at_ms) = answered_ms
            && self.conversion.iter().any(|span| span.has(at_ms))
            && ticket.status != TicketStatus::Merged
            && let Some(converted) = self.converted(ticket, at_ms)
        {
            ledger.answered.push(Answered {
                ticket: number,
                at_ms,
                converted,
            });
        }
    }

    /// An instant of a period that is counted.
    fn is_asked(&self, at_ms: i64) -> bool {
        self.periods.iter().any(|period| period.has(at_ms))
    }

    /// Whose a clock was when it was kept or became late.
    fn person_of(&self, ticket: &'a TicketFact, clock: &ClockFact) -> Option<&'a PersonId> {
        let judged_ms = clock
            .fulfilled_ms
            .map_or(clock.due_ms, |at_ms| at_ms.min(clock.due_ms));
        self.owner_at(ticket, judged_ms)
    }

    fn due(
        &self,
        number: u32,
        ticket: &'a TicketFact,
        clock: &ClockFact,
        outcome: Outcome,
        ledger: &mut Ledger<'a>,
    ) {
        let of_cycle = |other: &&ClockFact| {
            other.cycle == clock.cycle && matches!(other.metric, Metric::Solution | Metric::Closure)
        };
        ledger.dues.push(Due {
            ticket: number,
            cycle: clock.cycle,
            fulfilled_ms: clock.fulfilled_ms,
            metric: clock.metric,
            tier: ticket.tier,
            at_ms: clock.due_ms,
            outcome,
            person: self.person_of(ticket, clock),
            solved: clock.metric == Metric::Closure
                && (self.solved.contains(&clock.cycle)
                    || ticket
                        .clocks
                        .iter()
                        .filter(of_cycle)
                        .any(|other| other.untimed || other.fulfilled_ms.is_some())),
        });
        if matches!(outcome, Outcome::Missed | Outcome::Annulled) {
            self.late(ticket, clock, ledger);
        }
    }

    fn late(&self, ticket: &'a TicketFact, clock: &ClockFact, ledger: &mut Ledger<'a>) {
        let due_ms = clock.due_ms;
        let stop_ms = self.stops.iter().copied().filter(|at_ms| *at_ms >= due_ms).min();
        let until_ms = clock.fulfilled_ms.or(stop_ms).unwrap_or(self.now_ms);
        let annulled = self.events.iter().rev().find_map(|event| match &event.kind {
            CountedKind::BreachAnnulled {
                metric,
                cycle,
                reason,
                ..
            } if clock.annulled && *metric == clock.metric && *cycle == clock.cycle => Some(reason.as_str()),
            _ => None,
        });
        let (step, waiting) = self.step_at(due_ms);
        let closing = || {
            let closed = self
                .steps
                .iter()
                .find(|(at_ms, status, _)| *at_ms >= due_ms && *status == TicketStatus::Closed);
            closed.and_then(|(.., reason)| *reason)
        };
        ledger.lates.push(Late {
            due: ledger.dues.len() - 1,
            late_ms: (until_ms - due_ms).max(0),
            step,
            person: self.owner_at(ticket, due_ms),
            reason: annulled.or(waiting).or_else(closing),
        });
    }

    /// Who gave the answer at an instant.
    fn author(&self, at_ms: i64) -> Option<&'a PersonId> {
        self.events
            .iter()
            .filter(|event| event.at_ms == at_ms)
            .find(|event| {
                matches!(
                    event.kind,
                    CountedKind::ReplyPublished {
                        by: ReplyBy::Human,
                        ..
                    } | CountedKind::ContactLogged { .. }
                )
            })
            .and_then(|event| event.actor.as_ref())
    }

    /// None for a review that was no bad one when it was answered: it cannot become a good one (sla.md R24).
    fn converted(&self, ticket: &TicketFact, answered_ms: i64) -> Option<Converted> {
        let last = |until_ms: i64| self.stars.iter().rev().find(|(at_ms, _)| *at_ms <= until_ms);
        let at_answer = match last(answered_ms) {
            Some((_, stars)) => Some(*stars),
            // Never changed: as it is now, so it was.
            None if self.stars.is_empty() => ticket.stars_now,
            None => None,
        };
        if at_answer.is_some_and(|stars| stars >= GOOD_STARS) {
            return None;
        }
        Some(match (ticket.editable, ticket.stars_now) {
            (false, _) => Converted::NotEditable,
            (true, None) => Converted::WithoutStars,
            (true, Some(now)) => {
                let raised = last(answered_ms + CONVERSION_MS)
                    .is_some_and(|(at_ms, stars)| *at_ms > answered_ms && *stars >= GOOD_STARS);
                if raised && now >= GOOD_STARS {
                    Converted::Yes
                } else {
                    Converted::No
                }
            }
        })
    }
}
