//! Filling the search index beside an import, off its critical path.

use crate::{App, Result};
use amends_store::{Grams, ReviewRow, Tx};

/// Setting: the highest review number that the index holds.
const INDEXED: &str = "indexed_number";
/// Reviews per block: memory stays at a few megabytes, and a block's lists stay long.
const BLOCK: i64 = 20_000;

/// Brings the search index up to the newest review. Several processes may try; each block is written once.
pub(crate) async fn catch_up(app: &App) -> Result<()> {
    fill(app, 1).await
}

/// Indexes whole blocks of what was staged so far and leaves the rest for later. A number that a cancelled import
/// leaves in the index finds nothing, and is never given out again.
pub(crate) async fn keep_up(app: &App) -> Result<()> {
    fill(app, BLOCK).await
}

/// Indexes block by block while at least `least` numbers are waiting.
async fn fill(app: &App, least: i64) -> Result<()> {
    let store = app.store();
    loop {
        let indexed: i64 = store
            .setting(INDEXED)
            .await?
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
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
        let now: i64 = tx
            .setting(INDEXED)
            .await?
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        if now == indexed {
            let last = grams.last();
            tx.add_grams(grams).await?;
            tx.set_setting(INDEXED, &last.to_string()).await?;
            tx.commit().await?;
        }
    }
}

/// Adds the words of a changed review.
pub(crate) async fn add_changed(tx: &mut Tx, number: i64, review: &ReviewRow) -> Result<()> {
    let mut grams = Grams::default();
    grams.add(number, &review.body);
    Ok(tx.add_grams(grams).await?)
}
