//! The tables: the same figures line by line, for causes, products, shops, channels and people.

use super::chance;
use super::count::{Bought, Case, Counting, Post, bits, compared, once, put};
use super::key_part;
use super::ledger::Answer;
use super::result::*;
use crate::id::PersonId;
use crate::sla::event::Metric;
use crate::words::{Cause, Channel, Sentiment, Severity, Tier};
use std::collections::{BTreeMap, HashMap};

/// Rows of the heat map.
const HEAT_PRODUCTS: usize = 12;
/// Lines of each kind of good news.
const GOOD_LINES: usize = 3;
/// A product is called praised from this many positive reviews on.
const PRAISED_FROM: u64 = 10;

/// A line being added up.
struct Sums {
    set: Set,
    negative_now: u64,
    reviews: u64,
    positive: u64,
    orders: u64,
    promise: Share,
    causes: Vec<Set>,
}

impl Sums {
    fn new() -> Self {
        Self {
            set: Set::default(),
            negative_now: 0,
            reviews: 0,
            positive: 0,
            orders: 0,
            promise: Share::default(),
            causes: vec![Set::default(); Cause::ALL.len()],
        }
    }
}

/// Lines of a table with what only the good news asks for.
struct Table<T> {
    rows: Vec<Row<T>>,
    /// Positive reviews of each row.
    positive: Vec<u64>,
}

/// All tables of one request.
pub(super) struct Tables {
    pub causes: Vec<Row<Cause>>,
    pub products: Vec<Row<String>>,
    pub shops: Vec<Row<String>>,
    pub channels: Vec<Row<Channel>>,
    pub heat: Heat,
    pub good: Vec<Good>,
}

impl<'a> Counting<'a> {
    pub fn tables(&self) -> Tables {
        let one = std::iter::once::<usize>;
        let named = |names: &[&str], line: usize| (names[line].to_owned(), key_part(names[line]));
        let product_table = self.table(
            "product",
            self.products.len(),
            |case| one(case.product as usize),
            |post| one(post.product as usize),
            |order| &order.products,
            |line| named(&self.products, line),
        );
        let shop_table = self.table(
            "shop",
            self.shops.len(),
            |case| one(case.shop as usize),
            |post| one(post.shop as usize),
            |order| std::slice::from_ref(&order.shop),
            |line| named(&self.shops, line),
        );
        let causes = self.table(
            "cause",
            Cause::ALL.len(),
            |case| bits(u64::from(case.causes)),
            |post| bits(u64::from(post.causes)),
            |_| &[],
            |line| (Cause::ALL[line], Cause::ALL[line].to_string()),
        );
        let channels = self.table(
            "channel",
            Channel::ALL.len(),
            |case| one(usize::from(case.channel)),
            |post| one(usize::from(post.channel)),
            |_| &[],
            |line| (Channel::ALL[line], Channel::ALL[line].to_string()),
        );
        let heat = self.heat(&product_table.rows);
        let mut good = fell(&causes.rows);
        good.extend(fell(&product_table.rows));
        good.extend(fell(&shop_table.rows));
        good.extend(praised(&product_table));
        good.extend(self.fastest());
        Tables {
            causes: causes
                .rows
                .into_iter()
                .map(|row| Row {
                    causes: Vec::new(),
                    ..row
                })
                .collect(),
            products: product_table.rows,
            shops: shop_table.rows,
            channels: channels.rows,
            heat,
            good,
        }
    }

    fn table<T: Ord, I: Iterator<Item = usize>, J: Iterator<Item = usize>>(
        &self,
        kind: &str,
        size: usize,
        of_ticket: impl Fn(&Case) -> I,
        of_review: impl Fn(&Post) -> J,
        of_order: impl Fn(&Bought) -> &[u32],
        name: impl Fn(usize) -> (T, String),
    ) -> Table<T> {
        let slots = self.slots.spans.len();
        let mut sums: Vec<Sums> = (0..size).map(|_| Sums::new()).collect();
        let (mut opened, mut negative) = (vec![0_u64; size * slots], vec![0_u64; size * slots]);
        for case in self.cases.iter().filter(|case| case.mask != 0) {
            for line in of_ticket(case) {
                bits(case.mask).for_each(|slot| opened[line * slots + slot] += 1);
                if case.mask & 1 != 0 {
                    sums[line].set.0.push(case.ticket);
                    if let Some(cause) = case.main {
                        sums[line].causes[cause.index()].0.push(case.ticket);
                    }
                }
            }
        }
        for post in self.posts.iter().filter(|post| post.mask != 0) {
            let count = u64::from(post.count);
            for line in of_review(post) {
                if post.sentiment == Sentiment::Neg {
                    bits(post.mask).for_each(|slot| negative[line * slots + slot] += count);
                }
                if post.mask & 1 != 0 {
                    sums[line].reviews += count;
                    sums[line].positive += count * u64::from(post.sentiment == Sentiment::Pos);
                    sums[line].negative_now += count * u64::from(post.sentiment == Sentiment::Neg);
                }
            }
        }
        for due in &self.ledger.dues {
            if due.metric == Metric::FirstResponse && self.request.span.has(due.at_ms) {
                of_ticket(&self.cases[self.ledger.place(due.ticket)])
                    .for_each(|line| put(&mut sums[line].promise, due));
            }
        }
        if !self.request.cut.beyond_orders() {
            for order in &self.orders {
                for line in of_order(order) {
                    sums[*line as usize].orders += order.mask & 1;
                }
            }
        }
        let mut table: Vec<(Row<T>, u64)> = sums
            .into_iter()
            .enumerate()
            .filter_map(|(line, sums)| {
                let opened = &opened[line * slots..][..slots];
                let negative = &negative[line * slots..][..slots];
                let nothing = |counts: &[u64]| counts.iter().all(|count| *count == 0);
                if nothing(opened) && nothing(negative) && sums.reviews == 0 {
                    return None;
                }
                let (name, part) = name(line);
                let row = Row {
                    key: format!("{kind}.{part}"),
                    name,
                    trend: self.slots.trend.iter().map(|slot| opened[*slot]).collect(),
                    tickets: self.slots.counted(sums.set, opened),
                    negative: self.slots.count(negative),
                    reviews: sums.reviews,
                    per_thousand: (sums.orders > 0)
                        .then(|| sums.negative_now as f64 * 1000.0 / sums.orders as f64),
                    promise: sums.promise,
                    causes: Cause::ALL
                        .iter()
                        .copied()
                        .zip(sums.causes)
                        .filter(|(_, set)| !set.is_empty())
                        .collect(),
                };
                Some((row, sums.positive))
            })
            .collect();
        correct(table.iter_mut().map(|(row, _)| &mut row.tickets.change));
        correct(table.iter_mut().map(|(row, _)| &mut row.tickets.change_four));
        correct(table.iter_mut().map(|(row, _)| &mut row.tickets.change_year));
        correct(table.iter_mut().map(|(row, _)| &mut row.negative.change));
        correct(table.iter_mut().map(|(row, _)| &mut row.negative.change_four));
        correct(table.iter_mut().map(|(row, _)| &mut row.negative.change_year));
        table.sort_by(|(a, _), (b, _)| {
            (b.tickets.set.len(), b.negative.count, &a.name).cmp(&(
                a.tickets.set.len(),
                a.negative.count,
                &b.name,
            ))
        });
        let (rows, positive) = table.into_iter().unzip();
        Table { rows, positive }
    }

    fn heat(&self, products: &[Row<String>]) -> Heat {
        let hot: Vec<&Row<String>> = products
            .iter()
            .filter(|row| !row.name.is_empty() && !row.tickets.set.is_empty())
            .take(HEAT_PRODUCTS)
            .collect();
        let (slots, causes) = (self.slots.spans.len(), Cause::ALL.len());
        let row_of: HashMap<&str, usize> = hot
            .iter()
            .enumerate()
            .map(|(row, product)| (&*product.name, row))
            .collect();
        let row_of: Vec<Option<usize>> = self
            .products
            .iter()
            .map(|name| row_of.get(name).copied())
            .collect();
        let mut counts = vec![0_u64; hot.len() * causes * slots];
        let mut sets = vec![Set::default(); hot.len() * causes];
        let mut frequency = vec![0_usize; causes];
        for case in self.cases.iter().filter(|case| case.mask != 0) {
            let Some(row) = row_of[case.product as usize] else {
                continue;
            };
            for cause in bits(u64::from(case.causes)) {
                let cell = row * causes + cause;
                bits(case.mask).for_each(|slot| counts[cell * slots + slot] += 1);
                if case.mask & 1 != 0 {
                    sets[cell].0.push(case.ticket);
                    frequency[cause] += 1;
                }
            }
        }
        let mut shown: Vec<usize> = (0..causes).filter(|cause| frequency[*cause] > 0).collect();
        shown.sort_by_key(|cause| (std::cmp::Reverse(frequency[*cause]), *cause));
        let mut rows: Vec<HeatRow> = hot
            .iter()
            .enumerate()
            .map(|(row, product)| HeatRow {
                key: format!("heat.{}", key_part(&product.name)),
                product: product.name.clone(),
                cells: shown
                    .iter()
                    .map(|cause| {
                        let cell = row * causes + cause;
                        self.slots
                            .counted(std::mem::take(&mut sets[cell]), &counts[cell * slots..][..slots])
                    })
                    .collect(),
            })
            .collect();
        correct(
            rows.iter_mut()
                .flat_map(|row| &mut row.cells)
                .map(|cell| &mut cell.change),
        );
        correct(
            rows.iter_mut()
                .flat_map(|row| &mut row.cells)
                .map(|cell| &mut cell.change_four),
        );
        correct(
            rows.iter_mut()
                .flat_map(|row| &mut row.cells)
                .map(|cell| &mut cell.change_year),
        );
        Heat {
            causes: shown.into_iter().map(|cause| Cause::ALL[cause]).collect(),
            rows,
        }
    }

    pub fn people(&self) -> Vec<PersonRow> {
        #[derive(Default)]
        struct Sums {
            handled: Set,
            open: Set,
            replies: u64,
            promises: [[Share; 2]; 3],
            scored: Set,
            scores: (u64, u64),
        }
        let span = self.request.span;
        let mut people: BTreeMap<Option<&PersonId>, Sums> = BTreeMap::new();
        for deed in self.ledger.deeds.iter().filter(|deed| span.has(deed.at_ms)) {
            let sums = people.entry(Some(deed.person)).or_default();
            once(&mut sums.handled, deed.ticket);
            sums.replies += u64::from(deed.reply);
        }
        for (number, ticket) in self
            .ledger
            .tickets
            .iter()
            .filter(|(_, ticket)| ticket.status.is_open())
        {
            people
                .entry(ticket.owner.as_ref())
                .or_default()
                .open
                .0
                .push(*number);
        }
        for (period, of) in [Some(span), self.request.before, self.request.last_year]
            .into_iter()
            .enumerate()
        {
            let Some(of) = of else { continue };
            for due in self.ledger.dues.iter().filter(|due| of.has(due.at_ms)) {
                let shares = &mut people.entry(due.person).or_default().promises[period];
                put(&mut shares[1], due);
                if due.metric == Metric::FirstResponse {
                    put(&mut shares[0], due);
                }
            }
        }
        for score in self.ledger.scores.iter().filter(|score| span.has(score.at_ms)) {
            let sums = people.entry(score.person).or_default();
            once(&mut sums.scored, score.ticket);
            sums.scores = (sums.scores.0 + u64::from(score.score), sums.scores.1 + 1);
        }
        let mut answers: BTreeMap<Option<&PersonId>, Vec<&Answer<'_>>> = BTreeMap::new();
        let told = [Some(span), self.request.before, self.request.last_year];
        let near = |at_ms| told.iter().flatten().any(|span| span.has(at_ms));
        for answer in self.ledger.answers.iter().filter(|answer| near(answer.at_ms)) {
            answers.entry(answer.person).or_default().push(answer);
        }
        let mut rows: Vec<PersonRow> = people
            .into_iter()
            .map(|(person, sums)| {
                let [now, before, year] = sums.promises;
                let [promise, all_promises] = now;
                let mut hard = Share::default();
                for number in &sums.handled.0 {
                    let ticket = self.ledger.ticket(*number);
                    let is_hard = ticket.tier == Tier::Urgent || ticket.severity == Severity::Severe;
                    if is_hard { &mut hard.met } else { &mut hard.missed }
                        .0
                        .push(*number);
                }
                PersonRow {
                    key: format!("person.{}", key_part(person.map_or("", PersonId::as_str))),
                    person: person.cloned(),
                    handled: sums.handled,
                    hard,
                    open: sums.open,
                    replies: sums.replies,
                    response: self.response(answers.get(&person).into_iter().flatten().copied()),
                    promise: compared(promise, Some(&before[0]), Some(&year[0])),
                    all_promises: compared(all_promises, Some(&before[1]), Some(&year[1])),
                    scored: sums.scored,
                    quality: (sums.scores.1 > 0).then(|| sums.scores.0 as f64 / sums.scores.1 as f64),
                }
            })
            .filter(|row| {
                let idle = row.handled.is_empty() && row.open.is_empty() && row.scored.is_empty();
                !(idle && row.all_promises.decided() == 0 && row.response.answered.is_empty())
            })
            .collect();
        rows.sort_by(|a, b| {
            (a.person.is_none(), b.handled.len(), &a.person).cmp(&(
                b.person.is_none(),
                a.handled.len(),
                &b.person,
            ))
        });
        rows
    }

    fn fastest(&self) -> Vec<Good> {
        let mut answers: Vec<_> = self
            .ledger
            .answers
            .iter()
            .filter(|answer| self.request.span.has(answer.at_ms) && answer.at_ms > answer.start_ms)
            .map(|answer| (answer.at_ms - answer.start_ms, answer.ticket, answer.person))
            .collect();
        answers.sort_unstable();
        answers.dedup_by_key(|(_, ticket, _)| *ticket);
        answers
            .into_iter()
            .take(GOOD_LINES)
            .map(|(took_ms, ticket, person)| Good::Fastest {
                ticket,
                number: self.ledger.ticket(ticket).number.clone(),
                person: person.cloned(),
                took_ms,
            })
            .collect()
    }
}

/// A line of many is called a change only if it stays one among so many (Benjamini–Hochberg).
fn correct<'c>(changes: impl Iterator<Item = &'c mut Option<Change>>) {
    let mut changes: Vec<&mut Change> = changes.filter_map(Option::as_mut).collect();
    let ps: Vec<f64> = changes.iter().map(|change| change.p).collect();
    for (change, beyond) in changes.iter_mut().zip(chance::corrected(&ps)) {
        change.beyond_chance = beyond;
    }
}

fn fell<T>(rows: &[Row<T>]) -> Vec<Good> {
    let mut fell: Vec<(f64, Good)> = rows
        .iter()
        .filter_map(|row| {
            let change = row
                .tickets
                .change_four
                .filter(|change| change.beyond_chance && change.delta < 0.0)?;
            let now = row.tickets.set.len() as u64;
            Some((
                change.delta,
                Good::Fell {
                    key: row.key.clone(),
                    now,
                    change,
                },
            ))
        })
        .collect();
    fell.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    fell.into_iter().take(GOOD_LINES).map(|(_, good)| good).collect()
}

/// Products praised more than the rest, beyond what their number of reviews leaves open.
fn praised(products: &Table<String>) -> Vec<Good> {
    let reviews: u64 = products.rows.iter().map(|row| row.reviews).sum();
    let positive: u64 = products.positive.iter().sum();
    let mut praised: Vec<(f64, &Row<String>, u64)> = products
        .rows
        .iter()
        .zip(&products.positive)
        .filter(|(row, positive)| !row.name.is_empty() && **positive >= PRAISED_FROM)
        .filter_map(|(row, of_row)| {
            let low = chance::wilson(*of_row, row.reviews)?.low;
            (low > positive as f64 / reviews as f64).then_some((low, row, *of_row))
        })
        .collect();
    praised.sort_by(|(a, row_a, _), (b, row_b, _)| b.total_cmp(a).then_with(|| row_a.name.cmp(&row_b.name)));
    praised
        .into_iter()
        .take(GOOD_LINES)
        .map(|(_, row, positive)| Good::Praised {
            product: row.name.clone(),
            positive,
            reviews: row.reviews,
        })
        .collect()
}
