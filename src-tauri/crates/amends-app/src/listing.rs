//! Tickets for other programs: one JSON object a line, in the order of the inbox.

use crate::{
    App, Result,
    dto::{InboxQuery, View},
    inbox, journal, project, views,
};
use amends_domain::{Cause, Risk, sla, triage};
use amends_store::{ClockRow, TicketRow};
use serde::Serialize;
use std::collections::HashMap;

/// A ticket as `amends-cli tickets --json` prints it.
#[derive(Debug, Clone, Serialize)]
pub struct TicketLine {
    /// Id.
    pub id: String,
    /// 年月-序号.
    pub number: String,
    /// Tier word.
    pub tier: String,
    /// Status word.
    pub state: String,
    /// Deadlines.
    pub clocks: Vec<ClockLine>,
    /// Causes, main first.
    pub causes: Vec<Cause>,
    /// Severity word.
    pub severity: String,
    /// Risks.
    pub risks: Vec<Risk>,
    /// Triage rule that fired.
    pub rule: String,
    /// Sentiment word.
    pub sentiment: String,
    /// Channel word.
    pub channel: String,
    /// Review.
    pub review_id: String,
    /// Platform's id of the review.
    pub external_id: Option<String>,
    /// Order.
    pub order_id: Option<String>,
    /// 请人工确认.
    pub needs_confirmation: bool,
    /// Owner's name.
    pub owner: Option<String>,
    /// RFC 3339.
    pub received_at: String,
}

/// A deadline of a [`TicketLine`].
#[derive(Debug, Clone, Serialize)]
pub struct ClockLine {
    /// Metric word.
    pub metric: String,
    /// Cycle from 1.
    pub cycle: i64,
    /// Seconds.
    pub target_secs: i64,
    /// RFC 3339.
    pub start: String,
    /// RFC 3339.
    pub due: String,
    /// `running`, `paused`, `met`, `breached`, `cancelled`.
    pub state: &'static str,
    /// RFC 3339.
    pub fulfilled_at: Option<String>,
}

/// Hands every ticket of a view to `each`, nearest deadline first.
///
/// # Errors
/// `store`.
pub async fn tickets(app: &App, view: View, mut each: impl FnMut(&TicketLine)) -> Result<()> {
    let store = app.store();
    let now_ms = app.now();
    let people = views::people(&store).await?;
    let query = InboxQuery {
        view,
        limit: 200,
        ..InboxQuery::default()
    };
    let mut filter = inbox::filter(app, &query).await?;
    loop {
        let page = store.tickets(&filter).await?;
        let ids: Vec<String> = page.rows.iter().map(|(ticket, ..)| ticket.id.clone()).collect();
        let mut clocks: HashMap<String, Vec<ClockRow>> = HashMap::new();
        for clock in store.clocks_of(&ids).await? {
            clocks.entry(clock.ticket_id.clone()).or_default().push(clock);
        }
        for (ticket, review, _) in &page.rows {
            let stored = clocks.remove(&ticket.id).unwrap_or_default();
            let decision: triage::Decision = serde_json::from_str(&ticket.tier_why)?;
            each(&TicketLine {
                id: ticket.id.clone(),
                number: ticket.number.clone(),
                tier: ticket.tier.clone(),
                state: ticket.status.clone(),
                clocks: clock_lines(app, ticket, &stored, now_ms).await?,
                causes: views::words_of(&ticket.causes),
                severity: ticket.severity.clone(),
                risks: views::words_of(&ticket.risks),
                rule: decision.rule.to_string(),
                sentiment: ticket.sentiment.clone(),
                channel: ticket.channel.clone(),
                review_id: review.id.clone(),
                external_id: review.external_id.clone(),
                order_id: review.order_id.clone(),
                needs_confirmation: ticket.needs_confirmation,
                owner: ticket
                    .owner_id
                    .as_ref()
                    .and_then(|id| people.get(id))
                    .map(|person| person.name.clone()),
                received_at: views::instant(ticket.received_at),
            });
        }
        match page.rows.last() {
            Some((last, ..)) if page.rows.len() as i64 == filter.limit => {
                filter.after = Some((last.sort_at, last.id.clone()))
            }
            _ => return Ok(()),
        }
    }
}

async fn clock_lines(
    app: &App,
    ticket: &TicketRow,
    stored: &[ClockRow],
    now_ms: i64,
) -> Result<Vec<ClockLine>> {
    if stored.iter().any(|clock| clock.state == "paused") {
        // A paused clock's due time moves with now, so it comes from the log.
        let events = journal::events(&app.store().activities(&ticket.id).await?)?;
        let clocks = project::clocks(&events, &app.rules(), now_ms);
        let lines = clocks.iter().map(|clock| ClockLine {
            metric: clock.metric.to_string(),
            cycle: i64::from(clock.cycle),
            target_secs: i64::from(clock.target_secs),
            start: views::instant(clock.start_ms),
            due: views::instant(clock.due_ms),
            state: match clock.state {
                sla::ClockState::Running => "running",
                sla::ClockState::Paused => "paused",
                sla::ClockState::Met => "met",
                sla::ClockState::Breached => "breached",
                sla::ClockState::Cancelled => "cancelled",
            },
            fulfilled_at: clock.fulfilled_ms.map(views::instant),
        });
        return Ok(lines.collect());
    }
    let line = |clock: &ClockRow| ClockLine {
        metric: clock.metric.clone(),
        cycle: clock.cycle,
        target_secs: clock.target_secs,
        start: views::instant(clock.start_at),
        due: views::instant(clock.due_at),
        state: match clock.state.as_str() {
            "cancelled" => "cancelled",
            // Judged by event time (R7), inclusive (R2). An untimed answer that came with the review is met (R27).
            "fulfilled" if clock.fulfilled_at.is_none_or(|at| at <= clock.due_at) => "met",
            "fulfilled" => "breached",
            _ if now_ms > clock.due_at => "breached",
            _ => "running",
        },
        fulfilled_at: clock.fulfilled_at.map(views::instant),
    };
    Ok(stored.iter().map(line).collect())
}
