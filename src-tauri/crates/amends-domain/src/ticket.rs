//! A ticket's state as a fold over its events, and what may be done in each state (product.md, The loop).
//!
//! Nothing of this is stored as truth: the database's ticket row is a cache of [`fold`].

use crate::id::{ActivityId, PersonId};
use crate::sla::event::{Event, EventKind, ReplyBy, TicketStatus, effective};
use crate::sla::{PolicyVersion, calendar::CalendarVersion};
use crate::words::{Cause, Risk, Sentiment, Severity, Tier};

/// For this long a change can be taken back from the window (R27: what is undone within it never counted).
pub const UNDO_MS: i64 = 8_000;

/// The window shows [`UNDO_MS`]; a click in its last instant still has to reach the database.
pub const UNDO_GRACE_MS: i64 = 2_000;

/// What people said that outranks the classifier.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corrections {
    /// Causes, main first.
    pub causes: Option<Vec<Cause>>,
    /// Severity.
    pub severity: Option<Severity>,
    /// Sentiment.
    pub sentiment: Option<Sentiment>,
    /// Risks.
    pub risks: Option<Vec<Risk>>,
    /// Somebody corrected or confirmed the assessment, so nobody needs to be asked again.
    pub settled: bool,
}

/// A ticket as its log tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketState {
    /// Where it is in the loop.
    pub status: TicketStatus,
    /// Cycle, from 1.
    pub cycle: u32,
    /// Tier.
    pub tier: Tier,
    /// Who set the tier by hand, if somebody did.
    pub tier_by: Option<PersonId>,
    /// Who is responsible.
    pub owner: Option<PersonId>,
    /// Corrections.
    pub corrections: Corrections,
    /// First human public answer, UTC ms.
    pub first_responded_ms: Option<i64>,
    /// A solution was offered (or the ticket resolved), UTC ms, in this cycle.
    pub solved_ms: Option<i64>,
    /// Closed, UTC ms, in this cycle.
    pub closed_ms: Option<i64>,
    /// Answered in this cycle.
    pub answered: bool,
    /// The promise it is under.
    pub policy: PolicyVersion,
    /// The calendar it is under.
    pub calendar: CalendarVersion,
}

/// Folds a log that begins with `Received`. None for a log without one.
pub fn fold(log: &[Event]) -> Option<TicketState> {
    let mut state: Option<TicketState> = None;
    for event in effective(log) {
        match (&mut state, &event.kind) {
            (
                None,
                EventKind::Received {
                    tier,
                    policy,
                    calendar,
                    reply,
                    ..
                },
            ) => {
                state = Some(TicketState {
                    status: TicketStatus::Received,
                    cycle: 1,
                    tier: *tier,
                    tier_by: None,
                    owner: None,
                    corrections: Corrections::default(),
                    first_responded_ms: reply.and_then(|reply| reply.at_ms),
                    solved_ms: None,
                    closed_ms: None,
                    answered: reply.is_some(),
                    policy: *policy,
                    calendar: *calendar,
                });
            }
            (None, _) => {}
            (Some(state), kind) => state.apply(event, kind),
        }
    }
    state
}

impl TicketState {
    fn apply(&mut self, event: &Event, kind: &EventKind) {
        use TicketStatus as S;
        match kind {
            EventKind::Status { status, .. } => self.status = *status,
            EventKind::Tier { tier, rule, .. } => {
                self.tier = *tier;
                if rule.is_none() {
                    self.tier_by = event.actor.clone();
                }
            }
            EventKind::ReplyPublished {
                by: ReplyBy::Human, ..
            } => {
                self.answered = true;
                self.first_responded_ms.get_or_insert(event.at_ms);
                self.advance_to_talking();
            }
            EventKind::SolutionOffered { .. } => {
                self.solved_ms.get_or_insert(event.at_ms);
                self.advance_to_talking();
            }
            // R11: the pause ends by itself when the customer writes.
            EventKind::CustomerMessage { .. } if self.status == S::WaitingCustomer => {
                self.status = S::Communicating
            }
            EventKind::Resolved { .. } => {
                self.solved_ms.get_or_insert(event.at_ms);
                self.status = S::Resolved;
            }
            EventKind::Closed { .. } => {
                self.closed_ms = Some(event.at_ms);
                self.status = S::Closed;
            }
            EventKind::Reopened { tier, .. } => {
                self.cycle += 1;
                self.status = S::Verifying;
                (self.solved_ms, self.closed_ms, self.answered) = (None, None, false);
                if let Some(tier) = tier {
                    self.tier = *tier;
                }
            }
            EventKind::Dismissed { .. } => self.status = S::Dismissed,
            EventKind::Done {} => self.status = S::Done,
            EventKind::MergedInto { .. } => self.status = S::Merged,
            EventKind::DisputeOpened { .. } => self.status = S::Disputed,
            EventKind::DisputeDecided { .. } if self.status == S::Disputed => self.status = S::Communicating,
            EventKind::Assigned { to, .. } => self.owner = Some(to.clone()),
            EventKind::Unassigned { .. } => self.owner = None,
            EventKind::CausesCorrected { causes, .. } => {
                self.corrections.causes = Some(causes.clone());
                self.corrections.settled = true;
            }
            EventKind::SeverityCorrected { severity, .. } => {
                self.corrections.severity = Some(*severity);
                self.corrections.settled = true;
            }
            EventKind::SentimentCorrected { sentiment, .. } => {
                self.corrections.sentiment = Some(*sentiment);
                self.corrections.settled = true;
            }
            EventKind::RisksCorrected { risks, .. } => {
                self.corrections.risks = Some(risks.clone());
                self.corrections.settled = true;
            }
            EventKind::AssessmentConfirmed { .. } => self.corrections.settled = true,
            EventKind::Policy { version } => self.policy = *version,
            EventKind::Calendar { version } => self.calendar = *version,
            _ => {}
        }
    }

    /// Words reached the customer, so the ticket is at least in 沟通.
    fn advance_to_talking(&mut self) {
        use TicketStatus as S;
        if matches!(self.status, S::Received | S::Verifying | S::Planning) {
            self.status = S::Communicating;
        }
    }

    /// Steps of the loop that a person may move to by hand from here.
    pub fn next_statuses(&self) -> &'static [TicketStatus] {
        use TicketStatus as S;
        match self.status {
            S::Received => &[S::Verifying, S::Planning, S::Communicating, S::WaitingCustomer],
            S::Verifying => &[S::Planning, S::Communicating, S::WaitingCustomer],
            S::Planning => &[S::Verifying, S::Communicating, S::WaitingCustomer],
            S::Communicating => &[S::Verifying, S::Planning, S::WaitingCustomer],
            S::WaitingCustomer => &[S::Communicating, S::Verifying, S::Planning],
            S::Resolved => &[S::Communicating],
            S::Disputed => &[S::Communicating],
            S::Closed | S::FollowingUp | S::Done | S::Dismissed | S::Merged => &[],
        }
    }

    /// What to do next, as a catalogue word: the first thing the customer is still owed.
    pub fn next_step(&self) -> &'static str {
        use TicketStatus as S;
        match self.status {
            S::Dismissed | S::Merged | S::Done => "nothing",
            S::Closed | S::FollowingUp => "follow_up",
            S::Resolved => "close",
            S::WaitingCustomer => "wait",
            S::Disputed => "dispute",
            _ if !self.answered => "reply",
            _ if self.solved_ms.is_none() => "offer_solution",
            _ => "resolve",
        }
    }
}

/// Kinds of change that the window offers to take back.
pub fn can_be_undone(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Status { .. }
            | EventKind::Tier { .. }
            | EventKind::ReplyPublished { .. }
            | EventKind::SolutionOffered { .. }
            | EventKind::Resolved { .. }
            | EventKind::Closed { .. }
            | EventKind::Reopened { .. }
            | EventKind::Dismissed { .. }
            | EventKind::Assigned { .. }
            | EventKind::Unassigned { .. }
            | EventKind::NoteAdded { .. }
            | EventKind::CausesCorrected { .. }
            | EventKind::SeverityCorrected { .. }
            | EventKind::SentimentCorrected { .. }
            | EventKind::RisksCorrected { .. }
            | EventKind::AssessmentConfirmed { .. }
    )
}

/// The newest change a person can still take back: their own, the last one of the log, younger than 8 s.
pub fn undoable<'a>(log: &'a [Event], actor: &PersonId, now_ms: i64) -> Option<&'a ActivityId> {
    let last = effective(log).into_iter().max_by_key(|event| event.recorded_ms)?;
    (can_be_undone(&last.kind)
        && last.actor.as_ref() == Some(actor)
        && now_ms - last.recorded_ms <= UNDO_MS + UNDO_GRACE_MS)
        .then_some(&last.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ReplyId, ReviewId};
    use crate::review::Precision;
    use crate::sla::event::{Invitation, PublishRoute};
    use crate::sla::policy::StartAt;

    fn log(kinds: Vec<EventKind>) -> Vec<Event> {
        kinds
            .into_iter()
            .enumerate()
            .map(|(n, kind)| Event {
                id: ActivityId(format!("a{n}")),
                at_ms: n as i64 * 1000,
                recorded_ms: n as i64 * 1000,
                actor: Some(PersonId::from("p")),
                kind,
            })
            .collect()
    }

    fn received() -> EventKind {
        EventKind::Received {
            review: ReviewId::from("r"),
            tier: Tier::Important,
            posted_ms: None,
            posted_precision: Precision::Ms,
            start: StartAt::Received,
            live: false,
            policy: PolicyVersion(1),
            calendar: CalendarVersion(1),
            reply: None,
            stars: Some(1.0),
            source: None,
            batch: None,
            rule: Some("moderate".into()),
        }
    }

    fn reply() -> EventKind {
        EventKind::ReplyPublished {
            reply: ReplyId::from("x"),
            review: None,
            by: ReplyBy::Human,
            route: PublishRoute::ByHand,
            text: None,
            template: None,
        }
    }

    #[test]
    fn the_loop_runs_from_received_to_closed_and_a_reopening_starts_a_cycle() {
        let mut events = vec![received(), reply()];
        let state = fold(&log(events.clone())).unwrap();
        assert_eq!(
            (state.status, state.first_responded_ms, state.next_step()),
            (TicketStatus::Communicating, Some(1000), "offer_solution")
        );
        events.push(EventKind::Resolved { outcome: None });
        events.push(EventKind::Closed {
            invitation: Some(Invitation::Sent),
            reason: None,
        });
        let state = fold(&log(events.clone())).unwrap();
        assert_eq!(
            (state.status, state.solved_ms, state.closed_ms),
            (TicketStatus::Closed, Some(2000), Some(3000))
        );
        events.push(EventKind::Reopened {
            cause: crate::sla::event::ReopenCause::Person,
            review: None,
            message: None,
            tier: None,
        });
        let state = fold(&log(events)).unwrap();
        assert_eq!(
            (state.cycle, state.status, state.answered, state.next_step()),
            (2, TicketStatus::Verifying, false, "reply")
        );
    }

    #[test]
    fn what_is_undone_never_happened() {
        let events = log(vec![
            received(),
            reply(),
            EventKind::Undone {
                of: ActivityId::from("a1"),
            },
        ]);
        let state = fold(&events).unwrap();
        assert_eq!(
            (state.status, state.first_responded_ms),
            (TicketStatus::Received, None)
        );
    }

    #[test]
    fn only_ones_own_last_change_can_be_undone_and_only_for_eight_seconds() {
        let events = log(vec![received(), reply()]);
        let me = PersonId::from("p");
        assert_eq!(
            undoable(&events, &me, 1000 + UNDO_MS),
            Some(&ActivityId::from("a1"))
        );
        assert_eq!(undoable(&events, &me, 1001 + UNDO_MS + UNDO_GRACE_MS), None);
        assert_eq!(undoable(&events, &PersonId::from("q"), 2000), None);
        assert_eq!(
            undoable(&events[..1], &me, 0),
            None,
            "what the import did is not undone here"
        );
    }
}
