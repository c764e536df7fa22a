//! Facts packed in pages, so that a count reads some hundred rows and not a million.

use super::facts::{counted_review, counted_ticket};
use crate::{App, AppError, Result, index};
use amends_domain::{
    Cause, Channel, Sentiment, SourceId,
    figures::{ReviewFact, TicketFact},
};
use amends_store::{ClockFactRow, EventFactRow, FactPage, FactPageRow, ReviewFactRow, Tx, block_of};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

/// How pages are written. Whoever changes a type below, [`TicketFact`], a word of theirs or how one is made of rows
/// counts this up, and all pages are made again.
const FORMAT: i64 = 1;

/// After each page that nobody waits for, so many times as long is left to the people who work.
const REST: u32 = 4;

/// The tickets of a block.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Tickets {
    batches: Vec<String>,
    /// With the place of its batch.
    tickets: Vec<(usize, TicketFact)>,
}

/// The reviews of a block.
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

/// Half-open spans of UTC ms.
type Spans = [(i64, i64)];

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
        for block in missing(app, kind).await? {
            let begun = Instant::now();
            make(app, kind, block).await?;
            tokio::time::sleep(begun.elapsed() * REST).await;
        }
    }
    Ok(true)
}

/// The blocks that have no ready page.
async fn missing(app: &App, kind: FactPage) -> Result<Vec<i64>> {
    let store = app.store();
    let pages = store.fact_pages(kind, FORMAT, &[]).await?;
    let ready: HashSet<i64> = pages.into_iter().map(|(block, _)| block).collect();
    let last = block_of(store.last_review_number().await?);
    Ok((0..=last).filter(|block| !ready.contains(block)).collect())
}

/// Makes a page and keeps it.
async fn make(app: &App, kind: FactPage, block: i64) -> Result<FactPageRow> {
    let mut tx = app.store().begin().await?;
    tx.take_fact_page(kind, block).await?;
    let page = made(&mut tx, kind, block).await?;
    tx.save_fact_page(&page).await?;
    tx.commit().await?;
    Ok(page)
}

/// The tickets that were alive in one of these spans; those that are open still are.
///
/// # Errors
/// `store`.
pub(super) async fn tickets(app: &App, spans: &Spans) -> Result<Vec<TicketFact>> {
    let hidden = hidden(app).await?;
    let spans = spans.to_vec();
    let pages = found_and_made(app, FactPage::Tickets, &spans).await?;
    let mut tickets = unpacked(pages, move |page: Tickets| {
        let shown: Vec<bool> = page.batches.iter().map(|batch| !hidden.contains(batch)).collect();
        let wanted = |place: usize, ticket: &TicketFact| {
            let (from, until) = life(ticket);
            shown.get(place).is_some_and(|shown| *shown) && touches(from, until, &spans)
        };
        let tickets = page.tickets.into_iter();
        tickets
            .filter(|(place, ticket)| wanted(*place, ticket))
            .map(|(_, ticket)| ticket)
            .collect()
    })
    .await?;
    tickets.sort_by(|a, b| {
        a.received_ms
            .cmp(&b.received_ms)
            .then_with(|| a.id.0.cmp(&b.id.0))
    });
    Ok(tickets)
}

/// The reviews that were posted in one of these spans.
///
/// # Errors
/// `store`.
pub(super) async fn reviews(app: &App, spans: &Spans) -> Result<Vec<ReviewFact>> {
    let hidden = hidden(app).await?;
    let spans = spans.to_vec();
    let pages = found_and_made(app, FactPage::Reviews, &spans).await?;
    unpacked(pages, move |page: Reviews| {
        let kind = |place: usize| page.kinds.get(place).filter(|kind| !hidden.contains(&kind.batch));
        let reviews = page.reviews.iter();
        reviews
            .filter(|review| touches(review.at_ms, review.at_ms, &spans))
            .filter_map(|review| {
                let kind = kind(review.kind)?;
                Some(ReviewFact {
                    at_ms: review.at_ms,
                    lag_ms: review.lag_ms,
                    sentiment: kind.sentiment,
                    causes: kind.causes.clone(),
                    stars: review.stars,
                    channel: kind.channel,
                    shop: kind.shop.clone(),
                    product: kind.product.clone(),
                    source: Some(kind.source.clone()),
                    count: 1,
                })
            })
            .collect()
    })
    .await
}

async fn hidden(app: &App) -> Result<HashSet<String>> {
    Ok(app.store().hidden_batches().await?.into_iter().collect())
}

/// The pages with an instant in one of these spans, and those that were missing, made.
async fn found_and_made(app: &App, kind: FactPage, spans: &Spans) -> Result<Vec<Vec<u8>>> {
    let store = app.store();
    let last = block_of(store.last_review_number().await?);
    let mut ready = HashSet::new();
    let mut pages = Vec::new();
    for (block, bytes) in store.fact_pages(kind, FORMAT, spans).await? {
        ready.insert(block);
        pages.extend(bytes);
    }
    for block in (0..=last).filter(|block| !ready.contains(block)) {
        let page = make(app, kind, block).await?;
        if touches(page.from_at, page.until_at, spans) {
            pages.push(page.bytes);
        }
    }
    Ok(pages)
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
        for (block, _) in store.fact_pages(kind, FORMAT, &[]).await? {
            let mut tx = store.begin().await?;
            let kept = tx.fact_page(kind, FORMAT, block).await?;
            let fits = match kept {
                Some(bytes) => bytes == made(&mut tx, kind, block).await?.bytes,
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

/// Unpacks pages on all cores, in their order.
async fn unpacked<P: DeserializeOwned, T: Send + 'static>(
    pages: Vec<Vec<u8>>,
    take: impl Fn(P) -> Vec<T> + Clone + Send + 'static,
) -> Result<Vec<T>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = pages.len().div_ceil(cores).max(1);
    let mut pages = pages.into_iter().peekable();
    let mut tasks = Vec::new();
    while pages.peek().is_some() {
        let (pages, take): (Vec<_>, _) = (pages.by_ref().take(share).collect(), take.clone());
        tasks.push(tokio::task::spawn_blocking(move || -> Result<Vec<T>> {
            let mut all = Vec::new();
            for page in pages {
                all.extend(take(postcard::from_bytes(&page).map_err(AppError::internal)?));
            }
            Ok(all)
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.append(&mut task.await.map_err(AppError::internal)??);
    }
    Ok(all)
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
    let rows = tx.ticket_facts(block).await?;
    let (mut clocks, mut events) = if rows.is_empty() {
        (HashMap::new(), HashMap::new())
    } else {
        (
            by_ticket(tx.clock_facts(block).await?, |row: &ClockFactRow| &row.ticket_id),
            by_ticket(tx.event_facts(block).await?, |row: &EventFactRow| &row.chain),
        )
    };
    let mut page = Tickets::default();
    for row in rows {
        let clocks = clocks.remove(&row.id).unwrap_or_default();
        let events = events.remove(&row.id).unwrap_or_default();
        let batch = place(&mut page.batches, row.batch_id.clone());
        page.tickets.push((batch, counted_ticket(row, &clocks, events)?));
    }
    let lives = page.tickets.iter().map(|(_, ticket)| life(ticket));
    let span = span_of(lives.flat_map(|(from, until)| [from, until]));
    packed(FactPage::Tickets, block, span, &page)
}

async fn review_page(tx: &mut Tx, block: i64) -> Result<FactPageRow> {
    let mut page = Reviews::default();
    let mut places = HashMap::new();
    for row in tx.review_facts(block).await? {
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
    let span = span_of(page.reviews.iter().map(|review| review.at_ms));
    packed(FactPage::Reviews, block, span, &page)
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

fn packed(
    kind: FactPage,
    block: i64,
    (from_at, until_at): (i64, i64),
    page: &impl Serialize,
) -> Result<FactPageRow> {
    Ok(FactPageRow {
        kind,
        block,
        format: FORMAT,
        from_at,
        until_at,
        bytes: postcard::to_allocvec(page).map_err(AppError::internal)?,
    })
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
