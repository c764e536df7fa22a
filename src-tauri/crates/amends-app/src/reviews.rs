//! All reviews, history included.

use crate::{
    App, Result,
    dto::{ReviewPage, ReviewQuery, ReviewView},
    views,
};

/// A page of reviews, newest first.
///
/// # Errors
/// `invalid` for a cursor of another list, `store`.
pub async fn page(app: &App, query: &ReviewQuery) -> Result<ReviewPage> {
    let store = app.store();
    let after = views::cursor(query.cursor.as_deref())?;
    let limit = i64::from(query.limit.clamp(1, 200));
    let found = store.search(&query.search).await?;
    let channels: Vec<String> = query.channels.iter().map(ToString::to_string).collect();
    let sentiments: Vec<String> = query.sentiments.iter().map(ToString::to_string).collect();
    let (rows, total) = store
        .reviews(
            found.as_ref(),
            query.without_ticket,
            &channels,
            &sentiments,
            after.as_ref(),
            limit,
        )
        .await?;
    let next = (rows.len() as i64 == limit)
        .then(|| rows.last())
        .flatten()
        .map(|row| format!("{}|{}", row.received_at, row.id));
    let mut list = Vec::with_capacity(rows.len());
    for row in &rows {
        list.push(views::review(&store, row, false).await?);
    }
    let (total, more) = views::counted(total, found.as_ref());
    Ok(ReviewPage {
        rows: list,
        next,
        total,
        more,
    })
}

/// One review with its versions and follow-ups.
///
/// # Errors
/// `not_found`.
pub async fn get(app: &App, id: &str) -> Result<ReviewView> {
    let store = app.store();
    let row = store.review(id).await?;
    views::review(&store, &row, true).await
}
