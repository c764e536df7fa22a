//! What a new review becomes: its row, and the ticket that opens for it.

use super::read::Assessed;
use crate::{
    AppError, Result,
    journal::{self, Head, Line},
    look, project,
    rules::Rules,
    views, wording, workspace,
};
use amends_domain::{
    Assessment, BatchId, Channel, NewReview, Precision, ReviewId, Risk, SourceId, Tier,
    audit::text_hash,
    sla::{self, Event, EventKind, StartAt, event::IncomingReply},
    text::{excerpt, mask_private},
    ticket, triage,
};
use amends_store::{ActivityRow, AlertRow, BatchRow, ClockRow, ReviewRow, TicketRow};

/// Characters of the customer's words in a list row.
const EXCERPT: usize = 90;
/// Characters of the customer's words in a notification.
const NOTICE_WORDS: usize = 60;

/// A customer who can be told apart: a full display name in one shop of one channel.
pub(super) fn customer(review: &NewReview) -> Option<String> {
    let author = review
        .author
        .as_deref()
        .map(str::trim)
        .filter(|author| !author.is_empty() && !review.masked)?;
    Some(format!(
        "{}|{}|{author}",
        review.channel,
        review.shop.as_deref().unwrap_or_default()
    ))
}

/// The row of a new review. Its number is taken when it is written.
pub(super) fn review_row(row: &Assessed, id: &ReviewId, batch: &BatchRow, now_ms: i64) -> Result<ReviewRow> {
    let (review, assessment) = (&row.review, &row.assessment);
    let posted = review.posted.as_ref();
    Ok(ReviewRow {
        id: id.0.clone(),
        number: 0,
        batch_id: batch.id.clone(),
        source_id: batch.source_id.clone(),
        dedupe: row.key.clone(),
        weak_dedupe: row.weak.clone(),
        external_id: review.external_id.clone(),
        parent_id: None,
        append: review.append,
        channel: review.channel.to_string(),
        shop: review.shop.clone().unwrap_or_else(|| batch.shop.clone()),
        order_id: review.order_id.clone(),
        product: review.product.clone(),
        variant: review.variant.clone(),
        author: review.author.clone(),
        masked: review.masked,
        customer: customer(review),
        rating_raw: review.rating_raw.clone(),
        scale: views::word(&review.scale)?,
        stars: review.stars.map(f64::from),
        polarity: review.polarity.map(|polarity| polarity.to_string()),
        title: review.title.clone(),
        body: review.body.clone(),
        has_text: review.has_text,
        posted_at: posted.and_then(|time| time.utc_ms),
        posted_text: posted.map(|time| time.local_text.clone()),
        posted_precision: posted.map(|time| views::word(&time.precision)).transpose()?,
        received_at: now_ms,
        visibility: views::word(&review.visibility)?,
        url: review.url.clone(),
        reply_body: review.reply.as_ref().map(|reply| reply.body.clone()),
        reply_at: review
            .reply
            .as_ref()
            .and_then(|reply| reply.at.as_ref())
            .and_then(|at| at.utc_ms),
        content_hash: review.content_hash.clone(),
        revision: 1,
        sentiment: assessment.sentiment.to_string(),
        assessment: serde_json::to_string(assessment)?,
        salt: amends_domain::fresh(now_ms),
        ticket_id: None,
        raw: serde_json::to_string(&review.raw)?,
    })
}

/// Rows of a ticket that opens.
pub(crate) struct Opened {
    pub ticket: TicketRow,
    pub clocks: Vec<ClockRow>,
    pub activity: ActivityRow,
    pub alert: Option<AlertRow>,
}

/// What a ticket opens under.
pub(crate) struct Opening<'a> {
    pub batch: &'a BatchRow,
    pub rules: &'a Rules,
    pub settings: &'a workspace::Settings,
    /// Who opens it by hand.
    pub actor: Option<&'a str>,
    pub now_ms: i64,
}

impl Opening<'_> {
    /// Opens a ticket for a stored review: its log begins, its clocks start now. Its number, and its review's, are
    /// the caller's to set.
    pub fn open(
        &self,
        id: &str,
        review: &ReviewRow,
        assessment: &Assessment,
        decision: &triage::Decision,
    ) -> Result<Opened> {
        let (rules, now_ms) = (self.rules, self.now_ms);
        let review_id = ReviewId(review.id.clone());
        let policy = rules.policies.latest();
        let version = rules.calendar_of(&review.shop);
        let calendar = rules.calendars.get(version);
        let reply = review.reply_body.is_some().then_some(IncomingReply {
            at_ms: review.reply_at,
        });
        let precision = review
            .posted_precision
            .as_deref()
            .map(views::unword)
            .transpose()?
            .unwrap_or(Precision::Unknown);
        let kind = EventKind::Received {
            review: review_id.clone(),
            tier: decision.tier,
            posted_ms: review.posted_at,
            posted_precision: precision,
            start: policy.start,
            live: false,
            policy: policy.version,
            calendar: version,
            reply,
            stars: review.stars.map(|stars| stars as f32),
            source: Some(SourceId(review.source_id.clone())),
            batch: Some(BatchId(self.batch.id.clone())),
            rule: Some(decision.rule.to_string()),
        };
        let hash = text_hash(&review.salt, &review.body);
        let mut head = Head::start(id);
        let activity = journal::chain(
            id,
            &mut head,
            Line {
                at_ms: now_ms,
                recorded_ms: now_ms,
                actor: self.actor,
                kind: kind.name(),
                body: serde_json::to_string(&kind)?,
                batch: Some(&self.batch.id),
                text_id: None,
                text_hash: Some(&hash),
            },
        );
        // Clocks that start before the review came (R16) need the engine's whole replay.
        let clocks = if reply.is_none() && policy.start == StartAt::Received {
            sla::opening_clocks(&review_id, decision.tier, now_ms, policy, calendar)
        } else {
            let event = Event {
                id: activity.id.clone().into(),
                at_ms: now_ms,
                recorded_ms: now_ms,
                actor: None,
                kind: kind.clone(),
            };
            project::clocks(&[event], rules, now_ms)
        };
        let event = Event {
            id: activity.id.clone().into(),
            at_ms: now_ms,
            recorded_ms: now_ms,
            actor: None,
            kind,
        };
        let state = ticket::fold(std::slice::from_ref(&event))
            .ok_or_else(|| AppError::internal("a received event without state"))?;
        let reading = project::reading(assessment, &state);
        let cut = excerpt(&review.body, &assessment.evidence, EXCERPT);
        let mut row = TicketRow {
            id: id.to_owned(),
            number: String::new(),
            batch_id: self.batch.id.clone(),
            review_id: review.id.clone(),
            review_number: review.number,
            version: 1,
            cycle: 1,
            status: String::new(),
            open: true,
            tier: String::new(),
            tier_why: serde_json::to_string(decision)?,
            sentiment: String::new(),
            severity: String::new(),
            causes: String::new(),
            risks: String::new(),
            needs_confirmation: false,
            owner_id: None,
            channel: review.channel.clone(),
            shop: review.shop.clone(),
            sample: self.batch.sample,
            received_at: now_ms,
            first_responded_at: None,
            solved_at: None,
            closed_at: None,
            sort_at: 0,
            next_metric: None,
            next_due_at: None,
            next_start_at: None,
            paused: false,
            excerpt: cut.text.clone(),
            marks: serde_json::to_string(&amends_domain::text::to_utf16(&cut.text, &cut.spans))?,
            policy_version: 0,
            calendar_version: 0,
            head_seq: head.seq,
            head_hash: head.hash,
            look_at: look::at_opening(&clocks, rules, now_ms),
        };
        project::apply(&mut row, &state, &reading, &clocks);
        let alert = (decision.tier == Tier::Urgent && !state.answered)
            .then(|| self.urgent_alert(&row, review, assessment, &clocks))
            .transpose()?;
        let clocks = project::clock_rows(id, &clocks);
        Ok(Opened {
            ticket: row,
            clocks,
            activity,
            alert,
        })
    }

    fn urgent_alert(
        &self,
        row: &TicketRow,
        review: &ReviewRow,
        assessment: &Assessment,
        clocks: &[sla::Clock],
    ) -> Result<AlertRow> {
        let (settings, now_ms) = (self.settings, self.now_ms);
        let due = clocks.iter().map(|clock| clock.due_ms).min();
        let words = mask_private(&excerpt(&review.body, &assessment.evidence, NOTICE_WORDS).text);
        let risks: Vec<Risk> = assessment.risks.iter().map(|score| score.risk).collect();
        let channel: Channel = review.channel.parse().unwrap_or(Channel::Other);
        let due_text = due
            .map(|due| views::clock_time(due, now_ms, &settings.zone, settings.locale))
            .unwrap_or_default();
        let (title, body) = wording::new_urgent(settings.locale, channel, &risks, &words, &due_text);
        Ok(AlertRow {
            id: amends_domain::fresh(now_ms),
            key: format!("new:{}", row.id),
            ticket_id: row.id.clone(),
            batch_id: Some(row.batch_id.clone()),
            tier: row.tier.clone(),
            level: "new_urgent".into(),
            metric: None,
            due_at: due,
            fire_at: now_ms,
            state: "pending".into(),
            decided_at: None,
            title,
            body,
        })
    }
}
