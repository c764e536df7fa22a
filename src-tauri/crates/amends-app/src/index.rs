//! Filling the search index and the figures' narrow rows beside an import, off its critical path.

use crate::{App, Result, project, views};
use amends_domain::{Assessment, Cause, Precision, Sentiment};
use amends_store::{Grams, ReviewFactRow, ReviewRow, Tx, UncountedRow};

/// Setting: the highest review number that the index holds.
const INDEXED: &str = "indexed_number";
/// Setting: the highest review number that the figures count.
const COUNTED: &str = "counted_number";
/// Reviews per block: memory stays at a few megabytes, and a block's lists stay long.
const BLOCK: i64 = 20_000;
/// Reviews counted at once: they come with their whole assessments.
const COUNTED_AT_ONCE: i64 = 4_000;

/// Brings index and figures up to the newest review. Several processes may try; each block is written once.
pub(crate) async fn catch_up(app: &App) -> Result<()> {
    fill(app, 1).await?;
    count(app, 1).await
}

/// Indexes whole blocks of what was staged so far and leaves the rest for later. A number that a cancelled import
/// leaves in the index finds nothing, and is never given out again.
pub(crate) async fn keep_up(app: &App) -> Result<()> {
    fill(app, BLOCK).await?;
    count(app, BLOCK).await
}

/// Indexes block by block while at least `least` numbers are waiting.
async fn fill(app: &App, least: i64) -> Result<()> {
    let store = app.store();
    loop {
        let indexed = number(store.setting(INDEXED).await?);
        if store.last_review_number().await? - indexed < least {
            return Ok(());
        }
        let texts = store.texts_after(indexed, BLOCK).await?;
        if texts.is_empty() {
            return Ok(());
        }
        let grams = tokio::task::spawn_blocking(move || {
            let mut grams = Grams::default();
            for (number, text) in &texts {
                grams.add(*number, text);
            }
            grams
        })
        .await
        .map_err(crate::AppError::internal)?;
        let mut tx = store.begin().await?;
        if number(tx.setting(INDEXED).await?) == indexed {
            let last = grams.last();
            tx.add_grams(grams).await?;
            tx.set_setting(INDEXED, &last.to_string()).await?;
            tx.commit().await?;
        }
    }
}

/// Counts block by block while at least `least` numbers are waiting.
async fn count(app: &App, least: i64) -> Result<()> {
    let store = app.store();
    loop {
        let counted = number(store.setting(COUNTED).await?);
        if store.last_review_number().await? - counted < least {
            return Ok(());
        }
        let rows = store.uncounted_after(counted, COUNTED_AT_ONCE).await?;
        let Some(last) = rows.last().map(|row| row.number) else {
            return Ok(());
        };
        let facts =
            tokio::task::spawn_blocking(move || rows.into_iter().map(fact).collect::<Result<Vec<_>>>())
                .await
                .map_err(crate::AppError::internal)??;
        let mut tx = store.begin().await?;
        if number(tx.setting(COUNTED).await?) == counted {
            tx.add_review_facts(&facts).await?;
            tx.set_setting(COUNTED, &last.to_string()).await?;
            tx.commit().await?;
        }
    }
}

fn number(setting: Option<String>) -> i64 {
    setting.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn fact(row: UncountedRow) -> Result<ReviewFactRow> {
    let causes = match row.causes {
        _ if row.sentiment == Sentiment::Pos.as_str() => String::new(),
        Some(causes) => causes,
        None => causes_of(&row.assessment)?,
    };
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
        sentiment: row.sentiment,
        causes,
        stars: row.stars,
        channel: row.channel,
        shop: row.shop,
        product: row.product,
    })
}

/// The causes of an assessment as a word list.
pub(crate) fn causes_of(assessment: &str) -> Result<String> {
    let assessment: Assessment = serde_json::from_str(assessment)?;
    let causes: Vec<Cause> = assessment.causes.iter().map(|score| score.cause).collect();
    Ok(project::word_list(&causes))
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
