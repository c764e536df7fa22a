//! Facts packed in pages, so that a count reads some hundred rows and not a million; and the pages that were counted
//! last, unpacked, so that the next count reads only what changed since.

use super::facts::{counted_review, counted_ticket};
use crate::{App, AppError, Result, index};
use amends_domain::{
    Cause, Channel, Sentiment, SourceId,
    figures::{Name, ReviewFact, TicketFact},
};
use amends_store::{
    ClockFactRow, EventFactRow, FactPage, FactPageRow, FactStamp, Half, Halves, ReviewFactRow, TicketFactRow,
    Tx, WITHIN_TRANSACTION, block_of,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// How pages are written. Whoever changes a type below, [`TicketFact`], a word of theirs or how one is made of rows
/// counts this up, and all pages are made again.
pub const FORMAT: i64 = 3;

/// After each page that nobody waits for, so many times as long is left to the people who work.
const REST: u32 = 4;

/// Pages unpacked at once while the next are read.
const AT_ONCE: usize = 8;

/// The tickets of a half block, as they are written.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Packed {
    batches: Vec<String>,
    /// Shops and products.
    names: Vec<String>,
    tickets: Vec<Kept>,
    /// Where each of the names stands: a block can name a thousand products.
    #[serde(skip)]
    places: HashMap<Name, usize>,
}

impl Packed {
    /// Where a name stands; at the end if it was not there.
    fn place_of(&mut self, name: &Name) -> usize {
        let next = self.names.len();
        let place = *self.places.entry(name.clone()).or_insert(next);
        if place == next {
            self.names.push(name.to_string());
        }
        place
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Place of its batch.
    batch: usize,
    /// Place of its shop among the names.
    shop: usize,
    product: Option<usize>,
    fact: TicketFact,
}

/// The same, to be shared by all who count them.
struct Tickets {
    batches: Vec<String>,
    tickets: Vec<Alive>,
}

/// A ticket, and what decides whether it is counted, so that nobody need look at it for that.
struct Alive {
    batch: usize,
    /// From when until when a figure may look at it, UTC ms.
    life: (i64, i64),
    received_ms: i64,
    fact: Arc<TicketFact>,
}

/// The reviews of a block, as they are written.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Reviews {
    kinds: Vec<Kind>,
    reviews: Vec<Posted>,
}

/// What many reviews have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Kind {
    batch: String,
    source: SourceId,
    sentiment: Sentiment,
    causes: Vec<Cause>,
    channel: Channel,
    shop: String,
    product: Option<String>,
}

/// What they have not.
#[derive(Debug, Serialize, Deserialize)]
struct Posted {
    at_ms: i64,
    lag_ms: Option<i64>,
    stars: Option<f64>,
    /// Place of its kind.
    kind: usize,
}

/// The same, to be shared by all who count them.
struct Shared {
    batches: Vec<String>,
    /// With the place of its batch.
    reviews: Vec<(usize, Arc<ReviewFact>)>,
}

/// Names whose letters all facts share. A shop or a product is named by hundreds of thousands of them.
#[derive(Default)]
struct Letters(Mutex<HashSet<Name>>);

impl Letters {
    fn shared(&self, name: &str) -> Name {
        // A thread that panicked while it held them has added a name or none.
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match names.get(name) {
            Some(name) => name.clone(),
            None => {
                let name: Name = name.into();
                names.insert(name.clone());
                name
            }
        }
    }

    /// Forgets the names that no fact in memory has any more.
    fn forget_unused(&self) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.retain(|name| Arc::strong_count(name) > 1);
    }
}

/// What a page is unpacked to.
trait Page: Sized + Send + Sync + 'static {
    /// How it is written.
    type Written: DeserializeOwned;

    fn unpack(written: Self::Written, letters: &Letters) -> Self;

    fn read(bytes: &[u8], letters: &Letters) -> std::result::Result<Self, postcard::Error> {
        Ok(Self::unpack(postcard::from_bytes(bytes)?, letters))
    }
}

impl Page for Tickets {
    type Written = Packed;

    fn unpack(page: Packed, letters: &Letters) -> Self {
        let names: Vec<Name> = page.names.iter().map(|name| letters.shared(name)).collect();
        let alive = |kept: Kept| {
            let fact = TicketFact {
                shop: names.get(kept.shop)?.clone(),
                product: match kept.product {
                    Some(product) => Some(names.get(product)?.clone()),
                    None => None,
                },
                ..kept.fact
            };
            Some(Alive {
                batch: kept.batch,
                life: life(&fact),
                received_ms: fact.received_ms,
                fact: Arc::new(fact),
            })
        };
        Self {
            batches: page.batches,
            tickets: page.tickets.into_iter().filter_map(alive).collect(),
        }
    }
}

impl Page for Shared {
    type Written = Reviews;

    fn unpack(page: Reviews, letters: &Letters) -> Self {
        let mut batches = Vec::new();
        let kinds: Vec<(usize, ReviewFact)> = page
            .kinds
            .into_iter()
            .map(|kind| {
                let like = ReviewFact {
                    at_ms: 0,
                    lag_ms: None,
                    sentiment: kind.sentiment,
                    causes: kind.causes,
                    stars: None,
                    channel: kind.channel,
                    shop: letters.shared(&kind.shop),
                    product: kind.product.map(|product| letters.shared(&product)),
                    source: Some(kind.source),
                    count: 1,
                };
                (place(&mut batches, kind.batch), like)
            })
            .collect();
        let fact = |posted: Posted| {
            let (batch, like) = kinds.get(posted.kind)?;
            let fact = ReviewFact {
                at_ms: posted.at_ms,
                lag_ms: posted.lag_ms,
                stars: posted.stars,
                ..like.clone()
            };
            Some((*batch, Arc::new(fact)))
        };
        let reviews = page.reviews.into_iter().filter_map(fact).collect();
        Self { batches, reviews }
    }
}

/// Half-open spans of UTC ms.
type Spans = [(i64, i64)];

/// Pages of one kind by block, with the stamp they had.
type Shelf<P> = HashMap<i64, (i64, Arc<P>)>;

/// The unpacked pages of the last count; another week shares most of them.
#[derive(Default)]
pub(crate) struct Unpacked {
    reviews: Shelf<Shared>,
    ended: Shelf<Tickets>,
    open: Shelf<Tickets>,
    letters: Arc<Letters>,
}

/// Which pages are asked for, and where they are kept.
struct Wanted<P> {
    kind: FactPage,
    half: Half,
    shelf: fn(&mut Unpacked) -> &mut Shelf<P>,
}

/// Makes what pages are missing, so that the next count finds them; slowly, because people work meanwhile. Not while an
/// import is writing: it would wait for each page, and spoil most of them. False then.
///
/// # Errors
/// `store`.
pub async fn make_ready(app: &App) -> Result<bool> {
    let _alone = app.0.making_pages.lock().await;
    let store = app.store();
    if !store.staging_batches().await?.is_empty() {
        return Ok(false);
    }
    index::catch_up(app).await?;
    for kind in [FactPage::Reviews, FactPage::Tickets] {
        let stamps = app.store().fact_stamps(kind, FORMAT).await?;
        for block in missing(app, &stamps).await? {
            let begun = Instant::now();
            make(app, kind, block).await?;
            tokio::time::sleep(begun.elapsed() * REST).await;
            app.give_way().await;
        }
    }
    Ok(true)
}

/// The blocks that have no ready page.
async fn missing(app: &App, ready: &[FactStamp]) -> Result<Vec<i64>> {
    let ready: HashSet<i64> = ready.iter().map(|stamp| stamp.block).collect();
    let last = block_of(app.store().last_review_number().await?);
    Ok((0..=last).filter(|block| !ready.contains(block)).collect())
}

/// Makes a page and keeps it.
async fn make(app: &App, kind: FactPage, block: i64) -> Result<()> {
    let mut tx = app.store().begin().await?;
    tx.take_fact_page(kind, block, WITHIN_TRANSACTION).await?;
    let page = made(&mut tx, kind, block).await?;
    tx.save_fact_page(&page, WITHIN_TRANSACTION).await?;
    Ok(tx.commit().await?)
}

/// What a count is made of: while this is the same, the facts are.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Stamps {
    reviews: Vec<FactStamp>,
    tickets: Vec<FactStamp>,
    /// Batches that are not shown.
    hidden: HashSet<String>,
}

impl Stamps {
    fn shown(&self, batches: &[String]) -> Vec<bool> {
        batches.iter().map(|batch| !self.hidden.contains(batch)).collect()
    }
}

/// Every page, made if it was missing.
///
/// # Errors
/// `store`.
pub(super) async fn stamps(app: &App) -> Result<Stamps> {
    index::catch_up(app).await?;
    Ok(Stamps {
        reviews: all_made(app, FactPage::Reviews).await?,
        tickets: all_made(app, FactPage::Tickets).await?,
        hidden: app.store().hidden_batches().await?.into_iter().collect(),
    })
}

/// The stamps of all pages of a kind; what was missing is made.
async fn all_made(app: &App, kind: FactPage) -> Result<Vec<FactStamp>> {
    let stamps = app.store().fact_stamps(kind, FORMAT).await?;
    let missing = missing(app, &stamps).await?;
    if missing.is_empty() {
        return Ok(stamps);
    }
    for block in missing {
        make(app, kind, block).await?;
    }
    Ok(app.store().fact_stamps(kind, FORMAT).await?)
}

/// The tickets that were alive in one of these spans; those that are open still are.
///
/// # Errors
/// `store`.
pub(super) async fn tickets(app: &App, stamps: &Stamps, spans: &Spans) -> Result<Vec<Arc<TicketFact>>> {
    let ended = Wanted {
        kind: FactPage::Tickets,
        half: Half::Ended,
        shelf: |unpacked| &mut unpacked.ended,
    };
    let open = Wanted {
        half: Half::Open,
        shelf: |unpacked| &mut unpacked.open,
        ..ended
    };
    let (ended, open) = (
        unpacked(app, &ended, near(&stamps.tickets, spans)).await?,
        unpacked(app, &open, stamps.tickets.clone()).await?,
    );
    let mut tickets = Vec::new();
    for page in ended.iter().chain(&open) {
        let shown = stamps.shown(&page.batches);
        let wanted = |alive: &&Alive| {
            shown.get(alive.batch).is_some_and(|shown| *shown) && touches(alive.life.0, alive.life.1, spans)
        };
        tickets.extend(page.tickets.iter().filter(wanted));
    }
    tickets.sort_by(|a, b| {
        a.received_ms
            .cmp(&b.received_ms)
            .then_with(|| a.fact.id.0.cmp(&b.fact.id.0))
    });
    Ok(tickets.into_iter().map(|alive| alive.fact.clone()).collect())
}

/// The reviews that were posted in one of these spans.
///
/// # Errors
/// `store`.
pub(super) async fn reviews(app: &App, stamps: &Stamps, spans: &Spans) -> Result<Vec<Arc<ReviewFact>>> {
    let wanted = Wanted {
        kind: FactPage::Reviews,
        half: Half::Ended,
        shelf: |unpacked| &mut unpacked.reviews,
    };
    let mut reviews = Vec::new();
    for page in unpacked(app, &wanted, near(&stamps.reviews, spans)).await? {
        let shown = stamps.shown(&page.batches);
        let wanted = |(place, review): &&(usize, Arc<ReviewFact>)| {
            shown.get(*place).is_some_and(|shown| *shown) && touches(review.at_ms, review.at_ms, spans)
        };
        reviews.extend(
            page.reviews
                .iter()
                .filter(wanted)
                .map(|(_, review)| review.clone()),
        );
    }
    Ok(reviews)
}

fn near(stamps: &[FactStamp], spans: &Spans) -> Vec<FactStamp> {
    let stamps = stamps.iter();
    stamps
        .filter(|stamp| touches(stamp.from_at, stamp.until_at, spans))
        .copied()
        .collect()
}

async fn made(tx: &mut Tx, kind: FactPage, block: i64) -> Result<FactPageRow> {
    match kind {
        FactPage::Reviews => review_page(tx, block).await,
        FactPage::Tickets => ticket_page(tx, block).await,
    }
}

/// The ready pages that would be others if they were made now: changes that forgot to throw them away.
///
/// # Errors
/// `store`.
pub(crate) async fn outdated(app: &App) -> Result<Vec<(FactPage, i64)>> {
    let store = app.store();
    let mut outdated = Vec::new();
    for kind in [FactPage::Reviews, FactPage::Tickets] {
        for FactStamp { block, .. } in store.fact_stamps(kind, FORMAT).await? {
            let mut tx = store.begin().await?;
            let kept = tx.fact_page(kind, FORMAT, block).await?;
            let fits = match kept {
                Some(halves) => halves == made(&mut tx, kind, block).await?.halves,
                None => true,
            };
            tx.commit().await?;
            if !fits {
                outdated.push((kind, block));
            }
        }
    }
    Ok(outdated)
}

fn touches(from_ms: i64, until_ms: i64, spans: &Spans) -> bool {
    spans
        .iter()
        .any(|(from, until)| from_ms < *until && until_ms >= *from)
}

/// These pages unpacked, in their order: those that are kept as they are, the others on all cores while more are read.
/// Only they are kept for the next count.
async fn unpacked<P: Page>(app: &App, wanted: &Wanted<P>, stamps: Vec<FactStamp>) -> Result<Vec<Arc<P>>> {
    let (mut shelf, letters) = match app.0.unpacked.lock() {
        Ok(mut unpacked) => (
            std::mem::take((wanted.shelf)(&mut unpacked)),
            unpacked.letters.clone(),
        ),
        Err(_) => Default::default(),
    };
    let kept = |stamp: &FactStamp| {
        shelf
            .get(&stamp.block)
            .is_some_and(|(made, _)| *made == stamp.made)
    };
    let unread: Vec<i64> = stamps
        .iter()
        .filter(|stamp| !kept(stamp))
        .map(|stamp| stamp.block)
        .collect();
    let mut tasks = Vec::new();
    for blocks in unread.chunks(AT_ONCE) {
        let pages = read(app, wanted, blocks).await?;
        let letters = letters.clone();
        tasks.push(tokio::task::spawn_blocking(move || {
            pages
                .into_iter()
                .map(|(block, made, bytes)| Ok((block, (made, Arc::new(P::read(&bytes, &letters)?)))))
                .collect::<std::result::Result<Vec<_>, postcard::Error>>()
        }));
    }
    for task in tasks {
        let pages = task.await.map_err(AppError::internal)?;
        shelf.extend(pages.map_err(AppError::internal)?);
    }
    let blocks: HashSet<i64> = stamps.iter().map(|stamp| stamp.block).collect();
    shelf.retain(|block, _| blocks.contains(block));
    if !unread.is_empty() {
        letters.forget_unused();
    }
    let pages = stamps
        .iter()
        .filter_map(|stamp| shelf.get(&stamp.block).map(|(_, page)| page.clone()))
        .collect();
    if let Ok(mut unpacked) = app.0.unpacked.lock() {
        *(wanted.shelf)(&mut unpacked) = shelf;
    }
    Ok(pages)
}

/// The bytes of these pages; one that was thrown away since it was stamped is made again.
async fn read<P>(app: &App, wanted: &Wanted<P>, blocks: &[i64]) -> Result<Vec<(i64, i64, Vec<u8>)>> {
    loop {
        let pages = app.store().fact_bytes(wanted.kind, wanted.half, blocks).await?;
        if pages.len() == blocks.len() {
            return Ok(pages);
        }
        let ready: HashSet<i64> = pages.into_iter().map(|(block, ..)| block).collect();
        for block in blocks.iter().filter(|block| !ready.contains(block)) {
            make(app, wanted.kind, *block).await?;
        }
    }
}

/// The first and the last instant at which a figure may look at a ticket.
fn life(ticket: &TicketFact) -> (i64, i64) {
    let clocks = ticket.clocks.iter();
    let instants = clocks
        .flat_map(|clock| [Some(clock.due_ms), clock.fulfilled_ms])
        .flatten()
        .chain(ticket.events.iter().map(|event| event.at_ms));
    let (from, until) = span_of(instants.chain([ticket.received_ms]));
    (from, if ticket.status.is_open() { i64::MAX } else { until })
}

/// The first and the last of some instants; of none, a span that touches nothing.
fn span_of(instants: impl Iterator<Item = i64>) -> (i64, i64) {
    instants.fold((i64::MAX, i64::MIN), |(from, until), at_ms| {
        (from.min(at_ms), until.max(at_ms))
    })
}

async fn ticket_page(tx: &mut Tx, block: i64) -> Result<FactPageRow> {
    let tickets = tx.ticket_facts(block).await?;
    let (clocks, events) = if tickets.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        (tx.clock_facts(block).await?, tx.event_facts(block).await?)
    };
    packed_tickets(block, tickets, clocks, events)
}

/// The page of these tickets, which come as the store reads them: the oldest first, the clocks and events of each in
/// the order of their cycles and of the log.
pub(super) fn packed_tickets(
    block: i64,
    tickets: Vec<TicketFactRow>,
    clocks: Vec<ClockFactRow>,
    events: Vec<EventFactRow>,
) -> Result<FactPageRow> {
    let mut clocks = by_ticket(clocks, |row: &ClockFactRow| &row.ticket_id);
    let mut events = by_ticket(events, |row: &EventFactRow| &row.chain);
    let (mut open, mut ended) = (Packed::default(), Packed::default());
    for row in tickets {
        let clocks = clocks.remove(&row.id).unwrap_or_default();
        let events = events.remove(&row.id).unwrap_or_default();
        let batch_id = row.batch_id.clone();
        let ticket = counted_ticket(row, &clocks, events)?;
        let half = if ticket.status.is_open() {
            &mut open
        } else {
            &mut ended
        };
        let shop = half.place_of(&ticket.shop);
        let product = ticket.product.as_ref().map(|product| half.place_of(product));
        half.tickets.push(Kept {
            batch: place(&mut half.batches, batch_id),
            shop,
            product,
            fact: ticket,
        });
    }
    let lives = ended.tickets.iter().map(|kept| life(&kept.fact));
    let (from_at, until_at) = span_of(lives.flat_map(|(from, until)| [from, until]));
    Ok(FactPageRow {
        kind: FactPage::Tickets,
        block,
        format: FORMAT,
        from_at,
        until_at,
        halves: Halves {
            open_bytes: packed(&open)?,
            bytes: packed(&ended)?,
        },
    })
}

async fn review_page(tx: &mut Tx, block: i64) -> Result<FactPageRow> {
    packed_reviews(block, tx.review_facts(block).await?)
}

/// The page of these reviews, which come by number.
pub(super) fn packed_reviews(block: i64, rows: Vec<ReviewFactRow>) -> Result<FactPageRow> {
    let mut page = Reviews::default();
    let mut places = HashMap::new();
    for row in rows {
        let (at_ms, lag_ms, stars) = (row.at, row.lag, row.stars);
        let kind = kind(row);
        let next = places.len();
        let place = *places.entry(kind.clone()).or_insert(next);
        if place == next {
            page.kinds.push(kind);
        }
        page.reviews.push(Posted {
            at_ms,
            lag_ms,
            stars,
            kind: place,
        });
    }
    let (from_at, until_at) = span_of(page.reviews.iter().map(|review| review.at_ms));
    Ok(FactPageRow {
        kind: FactPage::Reviews,
        block,
        format: FORMAT,
        from_at,
        until_at,
        halves: Halves {
            open_bytes: Vec::new(),
            bytes: packed(&page)?,
        },
    })
}

fn kind(row: ReviewFactRow) -> Kind {
    let (sentiment, causes, channel) = counted_review(&row);
    Kind {
        batch: row.batch_id,
        source: SourceId(row.source_id),
        sentiment,
        causes,
        channel,
        shop: row.shop,
        product: row.product,
    }
}

fn packed(page: &impl Serialize) -> Result<Vec<u8>> {
    postcard::to_allocvec(page).map_err(AppError::internal)
}

/// Where a name stands in a short list; at its end if it was not there.
fn place(names: &mut Vec<String>, name: String) -> usize {
    names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}

fn by_ticket<T>(rows: Vec<T>, ticket: impl Fn(&T) -> &String) -> HashMap<String, Vec<T>> {
    let mut map: HashMap<String, Vec<T>> = HashMap::new();
    for row in rows {
        match map.get_mut(ticket(&row)) {
            Some(list) => list.push(row),
            None => {
                map.insert(ticket(&row).clone(), vec![row]);
            }
        }
    }
    map
}
