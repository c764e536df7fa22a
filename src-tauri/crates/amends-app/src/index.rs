//! Filling the search index and the figures' narrow rows.
//!
//! An import hands over what it has in memory; whatever it leaves (it was killed, or an older program wrote the rows)
//! is read again by [`catch_up`]. Each keeps the highest number that it holds, and only goes on from there.

use crate::{App, AppError, Result, project, views};
use amends_domain::{Assessment, Cause, Precision, Sentiment};
use amends_store::{Grams, ReviewFactRow, ReviewRow, Store, TicketRow, Tx, UncountedRow};
use std::collections::HashMap;
use tokio::task::JoinHandle;

/// Setting: the highest review number that the index holds.
const INDEXED: &str = "indexed_number";
/// Setting: the highest review number that the figures count.
const COUNTED: &str = "counted_number";
/// Reviews per block: memory stays at a few megabytes, and a block's lists stay long.
const BLOCK: usize = 20_000;
/// Reviews counted at once: they come with their whole assessments.
const COUNTED_AT_ONCE: i64 = 4_000;

/// Brings index and figures up to the newest review. Several processes may try; each block is written once.
pub(crate) async fn catch_up(app: &App) -> Result<()> {
    fill(app).await?;
    count(app).await
}

async fn fill(app: &App) -> Result<()> {
    let store = app.store();
    loop {
        let indexed = number(store.setting(INDEXED).await?);
        if store.last_review_number().await? <= indexed {
            return Ok(());
        }
        let texts = store.texts_after(indexed, BLOCK as i64).await?;
        if texts.is_empty() {
            return Ok(());
        }
        write_block(&store, indexed, texts).await?;
    }
}

/// Indexes the texts that follow `indexed`, unless somebody else has.
async fn write_block(store: &Store, indexed: i64, texts: Vec<(i64, String)>) -> Result<()> {
    let grams = tokio::task::spawn_blocking(move || {
        let mut grams = Grams::default();
        for (number, text) in &texts {
            grams.add(*number, text);
        }
        grams
    })
    .await
    .map_err(AppError::internal)?;
    let mut tx = store.begin().await?;
    if number(tx.setting(INDEXED).await?) == indexed {
        let last = grams.last();
        tx.add_grams(grams).await?;
        tx.set_setting(INDEXED, &last.to_string()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The words of an import on their way into the search index, beside its writer. A number that a cancelled import
/// leaves in the index finds nothing, and is never given out again.
pub(crate) struct Indexer {
    store: Store,
    waiting: Vec<(i64, String)>,
    writing: Option<JoinHandle<Result<()>>>,
}

impl Indexer {
    /// An indexer with nothing to do.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            waiting: Vec::new(),
            writing: None,
        }
    }

    /// Takes the words of reviews that were just written; a whole block goes into the index at once.
    pub async fn take(&mut self, reviews: &[ReviewRow]) -> Result<()> {
        self.waiting
            .extend(reviews.iter().map(|review| (review.number, review.searched())));
        if self.waiting.len() >= BLOCK {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        self.settle().await?;
        let Some(first) = self.waiting.first().map(|(number, _)| *number) else {
            return Ok(());
        };
        let (store, texts) = (self.store.clone(), std::mem::take(&mut self.waiting));
        self.writing = Some(tokio::spawn(async move {
            write_block(&store, first - 1, texts).await
        }));
        Ok(())
    }

    /// Waits until the block that is being written is there.
    async fn settle(&mut self) -> Result<()> {
        match self.writing.take() {
            Some(writing) => writing.await.map_err(AppError::internal)?,
            None => Ok(()),
        }
    }

    /// Indexes what is left.
    pub async fn finish(mut self) -> Result<()> {
        self.flush().await?;
        self.settle().await
    }
}

async fn count(app: &App) -> Result<()> {
    let store = app.store();
    loop {
        let counted = number(store.setting(COUNTED).await?);
        if store.last_review_number().await? <= counted {
            return Ok(());
        }
        let rows = store.uncounted_after(counted, COUNTED_AT_ONCE).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let facts =
            tokio::task::spawn_blocking(move || rows.into_iter().map(fact).collect::<Result<Vec<_>>>())
                .await
                .map_err(AppError::internal)??;
        let mut tx = store.begin().await?;
        count_next(&mut tx, counted, &facts).await?;
        tx.commit().await?;
    }
}

/// Counts the reviews that follow `counted`, unless somebody else has.
pub(crate) async fn count_next(tx: &mut Tx, counted: i64, facts: &[ReviewFactRow]) -> Result<()> {
    if let Some(last) = facts.last()
        && number(tx.setting(COUNTED).await?) == counted
    {
        tx.add_review_facts(facts).await?;
        tx.set_setting(COUNTED, &last.number.to_string()).await?;
    }
    Ok(())
}

/// Numbers of the reviews that are counted as something else than they say now; verified, because an import counts them
/// from what it has in memory.
pub(crate) async fn astray(app: &App) -> Result<Vec<i64>> {
    let store = app.store();
    let counted = number(store.setting(COUNTED).await?);
    let (mut after, mut astray) = (0, Vec::new());
    loop {
        let rows = store.uncounted_after(after, COUNTED_AT_ONCE).await?;
        let facts = store.counted_after(after, COUNTED_AT_ONCE).await?;
        let Some(last) = rows.last().map(|row| row.number) else {
            return Ok(astray);
        };
        let mut facts: HashMap<i64, ReviewFactRow> =
            facts.into_iter().map(|fact| (fact.number, fact)).collect();
        for row in rows.into_iter().filter(|row| row.number <= counted) {
            let number = row.number;
            if facts.remove(&number) != Some(fact(row)?) {
                astray.push(number);
            }
        }
        // What is left belongs to no review.
        astray.extend(facts.into_keys().filter(|number| *number <= last));
        after = last;
    }
}

fn number(setting: Option<String>) -> i64 {
    setting.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn fact(row: UncountedRow) -> Result<ReviewFactRow> {
    let causes = match &row.causes {
        Some(causes) => causes.clone(),
        None => causes_of(&row.assessment)?,
    };
    narrow(row, causes)
}

/// What the figures count of a new review; of its ticket, if it opened one, rather than of its first assessment.
pub(crate) fn fresh_fact(
    review: &ReviewRow,
    assessment: &Assessment,
    ticket: Option<&TicketRow>,
) -> Result<ReviewFactRow> {
    let (sentiment, causes) = match ticket {
        Some(ticket) => (&ticket.sentiment, ticket.causes.clone()),
        None => (&review.sentiment, listed(assessment)),
    };
    let row = UncountedRow {
        number: review.number,
        batch_id: review.batch_id.clone(),
        source_id: review.source_id.clone(),
        posted_at: review.posted_at,
        posted_precision: review.posted_precision.clone(),
        received_at: review.received_at,
        sentiment: sentiment.clone(),
        causes: None,
        assessment: String::new(),
        stars: review.stars,
        channel: review.channel.clone(),
        shop: review.shop.clone(),
        product: review.product.clone(),
    };
    narrow(row, causes)
}

fn narrow(row: UncountedRow, causes: String) -> Result<ReviewFactRow> {
    // A date without a time says nothing about how many hours a review took to arrive.
    let exact = match row.posted_precision.as_deref() {
        Some(word) => matches!(
            views::unword(word)?,
            Precision::Ms | Precision::Sec | Precision::Min
        ),
        None => false,
    };
    Ok(ReviewFactRow {
        number: row.number,
        batch_id: row.batch_id,
        source_id: row.source_id,
        at: row.posted_at.unwrap_or(row.received_at),
        lag: row
            .posted_at
            .filter(|_| exact)
            .map(|posted| (row.received_at - posted).max(0)),
        causes: if row.sentiment == Sentiment::Pos.as_str() {
            String::new()
        } else {
            causes
        },
        sentiment: row.sentiment,
        stars: row.stars,
        channel: row.channel,
        shop: row.shop,
        product: row.product,
    })
}

/// The causes of an assessment as a word list.
pub(crate) fn causes_of(assessment: &str) -> Result<String> {
    Ok(listed(&serde_json::from_str(assessment)?))
}

fn listed(assessment: &Assessment) -> String {
    let causes: Vec<Cause> = assessment.causes.iter().map(|score| score.cause).collect();
    project::word_list(&causes)
}

/// Counts a changed review again.
pub(crate) async fn recount(tx: &mut Tx, review: &ReviewRow) -> Result<()> {
    let causes = if review.sentiment == Sentiment::Pos.as_str() {
        String::new()
    } else {
        causes_of(&review.assessment)?
    };
    Ok(tx
        .recount_review(review.number, &review.sentiment, &causes, review.stars)
        .await?)
}

/// Adds the words of a changed review.
pub(crate) async fn add_changed(tx: &mut Tx, number: i64, review: &ReviewRow) -> Result<()> {
    let mut grams = Grams::default();
    grams.add(number, &review.body);
    Ok(tx.add_grams(grams).await?)
}
