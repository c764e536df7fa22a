//! The ticket's row and clocks as its log makes them (sla.md R4: cached columns can be rebuilt and come out equal).

use crate::rules::Rules;
use amends_domain::{
    Assessment, Cause, Risk, Sentiment, Severity,
    sla::{Calendars, Clock, ClockState, Event, Policies, TicketStatus},
    ticket::TicketState,
    triage::CONFIRM_BELOW,
};
use amends_store::{ClockRow, NEVER, TicketRow};

/// What people and program together say of the review now.
pub(crate) struct Reading {
    pub sentiment: Sentiment,
    pub severity: Severity,
    pub causes: Vec<Cause>,
    pub risks: Vec<Risk>,
    pub needs_confirmation: bool,
}

/// A person's corrections outrank the assessment.
pub(crate) fn reading(assessment: &Assessment, state: &TicketState) -> Reading {
    let corrections = &state.corrections;
    Reading {
        sentiment: corrections.sentiment.unwrap_or(assessment.sentiment),
        severity: corrections.severity.unwrap_or(assessment.severity),
        causes: corrections
            .causes
            .clone()
            .unwrap_or_else(|| assessment.causes.iter().map(|c| c.cause).collect()),
        risks: corrections
            .risks
            .clone()
            .unwrap_or_else(|| assessment.risks.iter().map(|r| r.risk).collect()),
        needs_confirmation: !corrections.settled
            && state.tier_by.is_none()
            && (assessment.confidence < CONFIRM_BELOW
                || assessment.stars_disagree
                || assessment.has_text && assessment.language == amends_domain::Language::Other),
    }
}

/// Words between commas, with a comma at both ends, so that one can be found with `like '%,word,%'`.
pub(crate) fn word_list<T: ToString>(words: &[T]) -> String {
    if words.is_empty() {
        return String::new();
    }
    let mut list = String::from(",");
    for word in words {
        list.push_str(&word.to_string());
        list.push(',');
    }
    list
}

/// The clock that the inbox counts down: the nearest unmet one; a paused one only when nothing else runs.
pub(crate) fn nearest(clocks: &[Clock]) -> Option<&Clock> {
    let unmet = |clock: &&Clock| {
        clock.fulfilled_ms.is_none()
            && clock.stopped_ms.is_none()
            && matches!(clock.state, ClockState::Running | ClockState::Breached)
    };
    clocks
        .iter()
        .filter(unmet)
        .min_by_key(|clock| clock.due_ms)
        .or_else(|| {
            clocks
                .iter()
                .filter(|clock| clock.state == ClockState::Paused)
                .min_by_key(|clock| clock.due_ms)
        })
}

/// All clocks of a log.
pub(crate) fn clocks(log: &[Event], rules: &Rules, now_ms: i64) -> Vec<Clock> {
    clocks_by(log, &rules.policies, &rules.calendars, now_ms)
}

/// All clocks of a log by these versions.
pub(crate) fn clocks_by(
    log: &[Event],
    policies: &Policies,
    calendars: &Calendars,
    now_ms: i64,
) -> Vec<Clock> {
    amends_domain::sla::clocks(log, policies, calendars, now_ms)
}

/// Writes what the log now says into the ticket's row.
pub(crate) fn apply(row: &mut TicketRow, state: &TicketState, reading: &Reading, clocks: &[Clock]) {
    row.cycle = i64::from(state.cycle);
    row.status = state.status.to_string();
    row.open = state.status.is_open();
    row.tier = state.tier.to_string();
    row.sentiment = reading.sentiment.to_string();
    row.severity = reading.severity.to_string();
    row.causes = word_list(&reading.causes);
    row.risks = word_list(&reading.risks);
    row.needs_confirmation = reading.needs_confirmation;
    row.owner_id = state.owner.as_ref().map(|owner| owner.0.clone());
    row.first_responded_at = state.first_responded_ms;
    row.solved_at = state.solved_ms;
    row.closed_at = state.closed_ms;
    row.policy_version = i64::from(state.policy.0);
    row.calendar_version = i64::from(state.calendar.0);
    let next = if row.open || state.status == TicketStatus::Closed {
        nearest(clocks)
    } else {
        None
    };
    row.paused = next.is_some_and(|clock| clock.state == ClockState::Paused);
    row.next_metric = next.map(|clock| clock.metric.to_string());
    row.next_due_at = next.map(|clock| clock.due_ms);
    row.next_start_at = next.map(|clock| clock.base_ms);
    row.sort_at = match next {
        Some(clock) if row.open => clock.due_ms,
        _ => NEVER,
    };
}

/// Clocks as stored. Whether one is breached depends on the instant one looks, so that is never stored.
pub(crate) fn clock_rows(ticket: &str, clocks: &[Clock]) -> Vec<ClockRow> {
    clocks
        .iter()
        .map(|clock| ClockRow {
            ticket_id: ticket.to_owned(),
            cycle: i64::from(clock.cycle),
            metric: clock.metric.to_string(),
            subject: clock.subject.id().to_owned(),
            revision: i64::from(clock.revision),
            state: match (clock.state, clock.fulfilled_ms) {
                (ClockState::Cancelled, _) => "cancelled",
                (_, Some(_)) | (ClockState::Met, None) => "fulfilled",
                (ClockState::Paused, None) => "paused",
                (ClockState::Running | ClockState::Breached, None) => "open",
            }
            .to_owned(),
            reason: clock.reason.map(|reason| reason.to_string()),
            start_at: clock.start_ms,
            opens_at: clock.opens_ms,
            target_secs: i64::from(clock.target_secs),
            // A paused clock's due time moves with now; what is stored is the promise without the running pause.
            due_at: if clock.state == ClockState::Paused {
                clock.original_due_ms
            } else {
                clock.due_ms
            },
            original_due_at: clock.original_due_ms,
            fulfilled_at: clock.fulfilled_ms,
            paused_secs: if clock.state == ClockState::Paused {
                0
            } else {
                clock.paused_secs
            },
        })
        .collect()
}
