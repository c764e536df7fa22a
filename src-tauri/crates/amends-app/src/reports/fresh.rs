//! The pages of facts of an import, made of what it has in memory: reading a million reviews back takes ten seconds,
//! and the first who opens a report would wait for them.

use super::pages::{packed_reviews, packed_tickets};
use crate::{AppError, Result};
use amends_domain::figures::facts::COUNTED_EVENTS;
use amends_store::{
    ActivityRow, ClockFactRow, ClockRow, EventFactRow, FactPage, FactPageRow, ReviewFactRow, ReviewRow,
    TicketFactRow, TicketRow, Tx, block_of, numbers_of,
};
use std::collections::{BTreeMap, HashMap};
use tokio::task::JoinHandle;

/// What a chunk of an import has just written, in the order of its numbers.
pub(crate) struct Written<'a> {
    /// Reviews.
    pub reviews: &'a [ReviewRow],
    /// What figures count of them.
    pub facts: Vec<ReviewFactRow>,
    /// The tickets that opened for them.
    pub tickets: &'a [TicketRow],
    /// Their deadlines.
    pub clocks: &'a [ClockRow],
    /// Their logs.
    pub activities: &'a [ActivityRow],
}

/// Packs the blocks that an import fills whole; the first and the last, which it shares with others, are left to
/// [`super::make_ready`]. Each is claimed while it grows: once anybody changes a fact of it, it is left as well.
#[derive(Default)]
pub(crate) struct FreshPages {
    claim: Option<i64>,
    growing: Option<(i64, Block)>,
    packing: Option<JoinHandle<Result<Vec<Ready>>>>,
}

/// The facts of a block.
#[derive(Default)]
struct Block {
    reviews: Vec<ReviewFactRow>,
    tickets: Vec<TicketFactRow>,
    clocks: Vec<ClockFactRow>,
    events: Vec<EventFactRow>,
    /// A review names an order, and an order names its customer.
    has_orders: bool,
}

struct Ready {
    reviews: FactPageRow,
    tickets: FactPageRow,
    has_orders: bool,
}

impl Block {
    fn is_whole(&self, number: i64) -> bool {
        let (from, until) = numbers_of(number);
        self.reviews.len() as i64 == until - from
    }

    fn pack(mut self, number: i64) -> Result<Ready> {
        // As the store reads them.
        self.tickets
            .sort_by(|a, b| (a.received_at, &a.id).cmp(&(b.received_at, &b.id)));
        Ok(Ready {
            reviews: packed_reviews(number, self.reviews)?,
            tickets: packed_tickets(number, self.tickets, self.clocks, self.events)?,
            has_orders: self.has_orders,
        })
    }
}

impl FreshPages {
    /// Before a chunk is written: looks whether the block that grows is still as it was left.
    pub async fn hold(&mut self, tx: &mut Tx) -> Result<()> {
        if let (Some(claim), Some((block, _))) = (self.claim, &self.growing) {
            let block = *block;
            for kind in [FactPage::Reviews, FactPage::Tickets] {
                if !tx.holds_fact_page(kind, block, claim).await? {
                    self.growing = None;
                }
            }
        }
        Ok(())
    }

    /// After it was written: keeps the pages that were packed meanwhile, and packs the blocks that are whole now.
    pub async fn take(&mut self, tx: &mut Tx, written: Written<'_>) -> Result<()> {
        self.save(tx).await?;
        let claim = match self.claim {
            Some(claim) => claim,
            None => tx.take_numbers("fact_page", 1).await?,
        };
        self.claim = Some(claim);
        let mut blocks: BTreeMap<i64, Block> = self.growing.take().into_iter().collect();
        add(&mut blocks, written);
        let last = blocks.keys().last().copied();
        let mut whole = Vec::new();
        for (number, block) in blocks {
            let is_whole = block.is_whole(number);
            if !is_whole && Some(number) != last {
                continue;
            }
            for kind in [FactPage::Reviews, FactPage::Tickets] {
                tx.take_fact_page(kind, number, claim).await?;
            }
            if is_whole {
                whole.push((number, block));
            } else {
                self.growing = Some((number, block));
            }
        }
        self.packing = Some(tokio::task::spawn_blocking(move || {
            let blocks = whole.into_iter();
            blocks.map(|(number, block)| block.pack(number)).collect()
        }));
        Ok(())
    }

    /// Keeps the pages that are packed.
    pub async fn save(&mut self, tx: &mut Tx) -> Result<()> {
        let (Some(claim), Some(packing)) = (self.claim, self.packing.take()) else {
            return Ok(());
        };
        for ready in packing.await.map_err(AppError::internal)?? {
            tx.save_fact_page(&ready.reviews, claim).await?;
            if !(ready.has_orders && tx.has_orders().await?) {
                tx.save_fact_page(&ready.tickets, claim).await?;
            }
        }
        Ok(())
    }
}

/// Sorts what was written into its blocks. A chunk numbers its reviews without a gap.
fn add(blocks: &mut BTreeMap<i64, Block>, written: Written<'_>) {
    let first = written.reviews.first().map_or(0, |review| review.number);
    for fact in written.facts {
        blocks
            .entry(block_of(fact.number))
            .or_default()
            .reviews
            .push(fact);
    }
    let block_of_ticket: HashMap<&str, i64> = written
        .tickets
        .iter()
        .map(|ticket| (&*ticket.id, block_of(ticket.review_number)))
        .collect();
    for ticket in written.tickets {
        let place = usize::try_from(ticket.review_number - first).ok();
        let Some(review) = place.and_then(|place| written.reviews.get(place)) else {
            continue;
        };
        let block = blocks.entry(block_of(ticket.review_number)).or_default();
        block.has_orders |= review.order_id.is_some();
        block.tickets.push(ticket_fact(ticket, review));
    }
    let mut clocks: Vec<&ClockRow> = written.clocks.iter().collect();
    clocks.sort_by_key(|clock| (clock.cycle, &clock.metric, &clock.subject));
    for clock in clocks {
        if let Some(block) = block_of_ticket.get(&*clock.ticket_id) {
            blocks.entry(*block).or_default().clocks.push(clock_fact(clock));
        }
    }
    let mut activities: Vec<&ActivityRow> = written.activities.iter().collect();
    activities.sort_by_key(|activity| activity.seq);
    for activity in activities {
        if let Some(block) = block_of_ticket.get(&*activity.chain)
            && (COUNTED_EVENTS.contains(&&*activity.kind) || activity.kind == "undone")
        {
            blocks
                .entry(*block)
                .or_default()
                .events
                .push(event_fact(activity));
        }
    }
}

fn ticket_fact(ticket: &TicketRow, review: &ReviewRow) -> TicketFactRow {
    TicketFactRow {
        id: ticket.id.clone(),
        batch_id: ticket.batch_id.clone(),
        number: ticket.number.clone(),
        tier: ticket.tier.clone(),
        severity: ticket.severity.clone(),
        causes: ticket.causes.clone(),
        channel: ticket.channel.clone(),
        shop: ticket.shop.clone(),
        product: review.product.clone(),
        owner_id: ticket.owner_id.clone(),
        status: ticket.status.clone(),
        received_at: ticket.received_at,
        posted_at: review.posted_at,
        customer: review.customer.clone(),
        stars: review.stars,
        calendar_version: ticket.calendar_version,
        source_id: review.source_id.clone(),
    }
}

fn clock_fact(clock: &ClockRow) -> ClockFactRow {
    ClockFactRow {
        ticket_id: clock.ticket_id.clone(),
        metric: clock.metric.clone(),
        cycle: clock.cycle,
        state: clock.state.clone(),
        reason: clock.reason.clone(),
        start_at: clock.start_at,
        due_at: clock.due_at,
        fulfilled_at: clock.fulfilled_at,
    }
}

fn event_fact(activity: &ActivityRow) -> EventFactRow {
    EventFactRow {
        id: activity.id.clone(),
        chain: activity.chain.clone(),
        at: activity.at,
        recorded_at: activity.recorded_at,
        actor_id: activity.actor_id.clone(),
        body: activity.body.clone(),
    }
}
