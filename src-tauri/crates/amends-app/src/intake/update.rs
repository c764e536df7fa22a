//! Changes to reviews that are already here, and the commit that makes a batch visible.

use super::read::Assessed;
use crate::{App, Result, index, journal, tickets, views};
use amends_domain::{
    Assessment, BatchId, Precision, ReviewId, SourceId, Visibility,
    audit::text_hash,
    sla::{
        self, EventKind,
        event::{IncomingReply, PublishRoute, ReplyBy},
    },
    triage,
};
use amends_store::{BatchRow, ReviewRow, StagedUpdateRow, Tx, VersionRow};

/// A change, or a follow-up 追评, kept until the flip.
pub(super) fn staged(batch: &str, review_id: String, row: &Assessed) -> Result<StagedUpdateRow> {
    Ok(StagedUpdateRow {
        batch_id: batch.to_owned(),
        review_id,
        row_no: i64::from(row.review.row) * 2 + i64::from(row.review.append),
        payload: serde_json::to_string(row)?,
    })
}

/// What a newer export makes of a stored review; none when nothing changes. An absent value never clears one.
pub(super) fn merged(before: &ReviewRow, row: &Assessed) -> Result<Option<ReviewRow>> {
    let (review, assessment) = (&row.review, &row.assessment);
    let mut after = before.clone();
    if review.external_id.is_some() && before.external_id.is_none() {
        after.external_id = review.external_id.clone();
        after.dedupe.clone_from(&row.key);
        after.weak_dedupe.clone_from(&row.weak);
    }
    if review.has_text {
        after.body = review.body.clone();
        after.has_text = true;
    }
    if review.stars.is_some() || review.polarity.is_some() {
        after.stars = review.stars.map(f64::from);
        after.polarity = review.polarity.map(|polarity| polarity.to_string());
        after.rating_raw = review.rating_raw.clone();
        after.scale = views::word(&review.scale)?;
    }
    for (value, place) in [
        (&review.title, &mut after.title),
        (&review.product, &mut after.product),
        (&review.variant, &mut after.variant),
        (&review.url, &mut after.url),
    ] {
        if value.is_some() {
            place.clone_from(value);
        }
    }
    if let Some(reply) = &review.reply {
        after.reply_body = Some(reply.body.clone());
        after.reply_at = reply.at.as_ref().and_then(|at| at.utc_ms).or(before.reply_at);
    }
    if review.visibility != Visibility::Unknown {
        after.visibility = views::word(&review.visibility)?;
    }
    if after == *before {
        return Ok(None);
    }
    if after.body != before.body || after.stars != before.stars || after.polarity != before.polarity {
        after.sentiment = assessment.sentiment.to_string();
        after.assessment = serde_json::to_string(assessment)?;
    }
    after.content_hash.clone_from(&review.content_hash);
    after.revision = before.revision + 1;
    Ok(Some(after))
}

/// Makes a staged batch visible in one commit, with the changes to known reviews.
pub(super) async fn flip(app: &App, batch: &mut BatchRow, has_updates: bool) -> Result<()> {
    let now_ms = app.now();
    let mut tx = app.store().begin().await?;
    if has_updates {
        for row in tx.staged_updates(&batch.id).await? {
            apply_update(app, &mut tx, batch, &row, now_ms).await?;
        }
        tx.clear_staged_updates(&batch.id).await?;
    }
    batch.state = "visible".into();
    batch.visible_at = Some(now_ms);
    tx.save_batch(batch).await?;
    journal::workspace_entry(&mut tx, "batch_imported", serde_json::json!({
        "batch": batch.id, "file_sha256": batch.file_sha256, "read": batch.read_rows, "new": batch.new_rows, "updated": batch.updated_rows,
        "rejected": batch.rejected_rows, "tickets": batch.ticket_rows,
    }), batch.actor_id.as_deref(), now_ms).await?;
    tx.log_change("inbox reviews batches workspace ticket alerts", now_ms)
        .await?;
    tx.commit().await?;
    Ok(())
}

async fn apply_update(
    app: &App,
    tx: &mut Tx,
    batch: &mut BatchRow,
    row: &StagedUpdateRow,
    now_ms: i64,
) -> Result<()> {
    let change: Assessed = serde_json::from_str(&row.payload)?;
    let before = tx.review(&row.review_id).await?;
    if before.batch_id == batch.id {
        return append_to_ticket(app, tx, &before, &change.assessment, now_ms).await;
    }
    let Some(after) = merged(&before, &change)? else {
        return Ok(());
    };
    tx.add_review_version(&VersionRow {
        review_id: before.id.clone(),
        revision: before.revision,
        batch_id: batch.id.clone(),
        replaced_at: now_ms,
        stars: before.stars,
        polarity: before.polarity.clone(),
        body: before.body.clone(),
        reply_body: before.reply_body.clone(),
        assessment: before.assessment.clone(),
    })
    .await?;
    tx.update_review(&after).await?;
    if after.body != before.body {
        index::add_changed(tx, after.number, &after).await?;
    }
    let Some(ticket) = &before.ticket_id else {
        return index::recount(tx, &after).await;
    };
    let mut happened = Vec::new();
    if after.body != before.body || after.stars != before.stars || after.polarity != before.polarity {
        happened.push(tickets::Happening::now(EventKind::ReviewChanged {
            review: ReviewId(before.id.clone()),
            stars: after.stars.map(|stars| stars as f32),
            version: u32::try_from(after.revision).ok(),
            text: Some(text_hash(&before.salt, &after.body).into()),
        }));
    }
    if after.reply_body.is_some() && before.reply_body.is_none() {
        // Found on the channel: it fulfils the first response at its own time (R27).
        happened.push(tickets::Happening {
            at_ms: after.reply_at,
            text: after.reply_body.clone(),
            kind: EventKind::ReplyPublished {
                reply: amends_domain::ReplyId::new(now_ms),
                review: Some(ReviewId(before.id.clone())),
                by: ReplyBy::Human,
                route: PublishRoute::Found,
                text: None,
                template: None,
            },
        });
    }
    tickets::record(app, tx, ticket, happened, None, now_ms).await
}

/// A follow-up 追评 that complains joins its ticket: as a further review while it is open, as a new cycle after (R17).
async fn append_to_ticket(
    app: &App,
    tx: &mut Tx,
    review: &ReviewRow,
    assessment: &Assessment,
    now_ms: i64,
) -> Result<()> {
    let Some(ticket_id) = &review.ticket_id else {
        return Ok(());
    };
    let ticket = tx.ticket_any(ticket_id).await?;
    let decision = triage::decide(
        assessment,
        &review.body,
        &triage::Signals {
            stars: review.stars.map(|s| s as f32),
            ..Default::default()
        },
    );
    let rules = app.rules();
    let kind = if ticket.open {
        EventKind::Received {
            review: ReviewId(review.id.clone()),
            tier: decision.tier,
            posted_ms: review.posted_at,
            posted_precision: review
                .posted_precision
                .as_deref()
                .map(views::unword)
                .transpose()?
                .unwrap_or(Precision::Unknown),
            start: rules.policies.latest().start,
            live: false,
            policy: rules.policies.latest().version,
            calendar: rules.calendar_of(&review.shop),
            reply: review.reply_body.is_some().then_some(IncomingReply {
                at_ms: review.reply_at,
            }),
            stars: review.stars.map(|stars| stars as f32),
            source: Some(SourceId(review.source_id.clone())),
            batch: Some(BatchId(review.batch_id.clone())),
            rule: Some(decision.rule.to_string()),
        }
    } else {
        EventKind::Reopened {
            cause: sla::event::ReopenCause::Append,
            review: Some(ReviewId(review.id.clone())),
            message: None,
            tier: Some(decision.tier),
        }
    };
    tickets::record(
        app,
        tx,
        ticket_id,
        vec![tickets::Happening::now(kind)],
        None,
        now_ms,
    )
    .await
}
