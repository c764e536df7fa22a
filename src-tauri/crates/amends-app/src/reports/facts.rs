//! From rows to the plain values that figures are computed from.

use super::pages::{self, Stamps};
use crate::{App, Result, journal, views};
use amends_domain::{
    Cause, Channel, PersonId, Sentiment, Severity, SourceId, TicketId, Tier,
    figures::{ClockFact, CountedEvent, Facts, OrderFact, ReviewFact, Span, TicketFact},
    sla::{
        CalendarVersion,
        engine::CancelReason,
        event::{Metric, TicketStatus, effective},
    },
};
use amends_store::{ActivityRow, ClockFactRow, EventFactRow, ReviewFactRow, TicketFactRow};
use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;
/// Conversion looks at the answers of so many days up to a period's end (product.md, Figures).
const CONVERSION_DAYS: i64 = 90;
/// Repurchase looks at the closings of so many days up to a period's end.
const REPURCHASE_DAYS: i64 = 60;

/// Facts as several counts share them.
pub(super) type Counted = Facts<Arc<TicketFact>, Arc<ReviewFact>>;

/// Reads what the figures of these spans need.
///
/// # Errors
/// `store`.
pub(super) async fn load(app: &App, stamps: &Stamps, spans: &[Span]) -> Result<Counted> {
    let store = app.store();
    // Each span, and so many days before its end.
    let and_before = |days: i64| {
        let spans = spans.iter();
        joined(
            spans
                .map(|span| (span.from_ms.min(span.until_ms - days * DAY_MS), span.until_ms))
                .collect(),
        )
    };
    let bought = joined(
        spans
            .iter()
            .map(|span| {
                (
                    span.until_ms - REPURCHASE_DAYS * DAY_MS,
                    span.until_ms + REPURCHASE_DAYS * DAY_MS,
                )
            })
            .collect(),
    );
    let (counted, answered) = (and_before(0), and_before(CONVERSION_DAYS));
    let (tickets, reviews, orders) = tokio::try_join!(
        pages::tickets(app, stamps, &answered),
        pages::reviews(app, stamps, &counted),
        async { Ok(store.orders(&bought).await?) },
    )?;
    Ok(Facts {
        tickets,
        reviews,
        orders: orders
            .into_iter()
            .map(|row| OrderFact {
                customer: row.customer,
                at_ms: row.at,
                shop: row.shop,
                products: row
                    .product
                    .iter()
                    .flat_map(|names| names.lines())
                    .map(str::to_owned)
                    .collect(),
                amount_minor: row.amount_minor,
            })
            .collect(),
    })
}

/// What a review says, about what, and where.
pub(super) fn counted_review(row: &ReviewFactRow) -> (Sentiment, Vec<Cause>, Channel) {
    (
        row.sentiment.parse().unwrap_or(Sentiment::Neg),
        views::words_of(&row.causes),
        row.channel.parse().unwrap_or(Channel::Other),
    )
}

/// Spans that touch become one, so that nothing is counted twice.
pub(super) fn joined(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut all: Vec<(i64, i64)> = Vec::new();
    for (from, until) in spans {
        match all.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => all.push((from, until)),
        }
    }
    all
}

/// A ticket with its deadlines and its log.
pub(super) fn counted_ticket(
    row: TicketFactRow,
    clocks: &[ClockFactRow],
    events: Vec<EventFactRow>,
) -> Result<TicketFact> {
    let channel: Channel = row.channel.parse().unwrap_or(Channel::Other);
    Ok(TicketFact {
        id: TicketId(row.id),
        number: row.number,
        tier: row.tier.parse().unwrap_or(Tier::General),
        severity: row.severity.parse().unwrap_or(Severity::None),
        causes: views::words_of(&row.causes),
        channel,
        shop: row.shop.into(),
        product: row.product.map(Into::into),
        source: Some(SourceId(row.source_id)),
        owner: row.owner_id.map(PersonId),
        status: row.status.parse().unwrap_or(TicketStatus::Received),
        received_ms: row.received_at,
        posted_ms: row.posted_at,
        customer: row.customer,
        stars_now: row.stars,
        editable: channel.lets_authors_change(),
        clocks: clocks.iter().filter_map(clock).collect(),
        events: deeds(events)?,
        calendar: CalendarVersion(views::count(row.calendar_version)),
    })
}

/// None for a metric that this program does not know.
fn clock(row: &ClockFactRow) -> Option<ClockFact> {
    let cancelled = row.state == "cancelled";
    Some(ClockFact {
        metric: row.metric.parse::<Metric>().ok()?,
        cycle: views::count(row.cycle),
        start_ms: row.start_at,
        due_ms: row.due_at,
        fulfilled_ms: row.fulfilled_at,
        untimed: row.state == "fulfilled" && row.fulfilled_at.is_none(),
        paused: row.state == "paused",
        cancelled,
        annulled: cancelled && row.reason.as_deref() == Some(CancelReason::Annulled.as_str()),
    })
}

/// The events that still count, without the words that undid the others.
fn deeds(rows: Vec<EventFactRow>) -> Result<Vec<CountedEvent>> {
    let rows: Vec<ActivityRow> = rows
        .into_iter()
        .map(|row| ActivityRow {
            id: row.id,
            chain: row.chain,
            seq: 0,
            at: row.at,
            recorded_at: row.recorded_at,
            actor_id: row.actor_id,
            kind: String::new(),
            body: row.body,
            text_id: None,
            text_hash: None,
            prev_hash: String::new(),
            hash: String::new(),
            batch_id: None,
        })
        .collect();
    let events = journal::events(&rows)?;
    Ok(effective(&events)
        .into_iter()
        .cloned()
        .filter_map(CountedEvent::of)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::joined;
    use amends_domain::figures::facts::COUNTED_EVENTS;

    #[test]
    fn spans_that_touch_are_read_once() {
        assert_eq!(
            joined(vec![(7, 14), (0, 7), (20, 30), (22, 25)]),
            [(0, 14), (20, 30)]
        );
    }

    /// An event that the figures ask for but the store does not read would be missing without a sound.
    #[test]
    fn figures_and_store_name_the_same_events() {
        let listed = |text: &str| {
            let from = text.find("'status'").unwrap();
            let list = &text[from..from + text[from..].find(')').unwrap()];
            let mut words: Vec<String> = list
                .split(',')
                .map(|word| word.trim().trim_matches('\'').to_owned())
                .collect();
            words.sort();
            words
        };
        let store = listed(include_str!("../../../amends-store/src/figures.rs"));
        let mut figures: Vec<String> = COUNTED_EVENTS.map(str::to_owned).to_vec();
        figures.push("undone".to_owned());
        figures.sort();
        assert_eq!(store, figures);
    }
}
