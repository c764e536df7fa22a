//! A ticket's state folded from its events, and the questions the loop asks before it lets something happen
//! (sla.md R11, R16–R18, R27; product.md, The loop).

use super::engine::{Clock, ClockState, PAUSE_AFTER_MESSAGE_MS};
use super::event::{
    ContactOutcome, Event, EventKind, Invitation, MessageIntent, Metric, ReplyBy, TicketStatus, effective,
};
use super::policy::Policy;
use crate::id::{PersonId, TicketId};
use crate::words::Tier;
use serde::{Deserialize, Serialize};

/// A file or paste older than this is history: stored, no ticket, no clock (R16).
pub const HISTORY_MS: i64 = 72 * 3_600_000;
/// A live source that is slower than this is unwell (R16).
pub const LAG_ALERT_MS: i64 = 30 * 60_000;
/// How long a change can be undone, and is kept from counting when it is (R27).
pub const UNDO_MS: i64 = 8_000;

/// What the events of a ticket add up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketState {
    /// Where it stands in the loop.
    pub status: TicketStatus,
    /// Its tier.
    pub tier: Tier,
    /// Its owner.
    pub assignee: Option<PersonId>,
    /// Its cycle, from 1.
    pub cycle: u32,
    /// When the present cycle was closed, dismissed or merged.
    pub closed_ms: Option<i64>,
    /// What became of the present cycle's invitation.
    pub invitation: Option<Invitation>,
    /// A first response of this cycle is public or was given directly.
    pub answered: bool,
    /// Hidden from lists until then.
    pub snoozed_until_ms: Option<i64>,
    /// Where it went if merged.
    pub merged_into: Option<TicketId>,
    /// Oldest customer message of this cycle that is not answered.
    pub unanswered_since_ms: Option<i64>,
    /// When the last effective event happened.
    pub changed_ms: i64,
}

/// Folds a log in the order of happening; none without a `received`.
pub fn fold(log: &[Event]) -> Option<TicketState> {
    let mut events = effective(log);
    events.sort_by_key(|event| event.at_ms);
    let first = events
        .iter()
        .position(|event| matches!(event.kind, EventKind::Received { .. }))?;
    let received = events.remove(first);
    let EventKind::Received { tier, reply, .. } = &received.kind else {
        return None;
    };
    let mut state = TicketState {
        status: TicketStatus::Received,
        tier: *tier,
        assignee: None,
        cycle: 1,
        closed_ms: None,
        invitation: None,
        answered: reply.is_some(),
        snoozed_until_ms: None,
        merged_into: None,
        unanswered_since_ms: None,
        changed_ms: received.at_ms,
    };
    for event in events {
        state.changed_ms = state.changed_ms.max(event.at_ms);
        state.take(event);
    }
    Some(state)
}

impl TicketState {
    fn take(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Status { status, .. } => self.enter(*status, event.at_ms),
            EventKind::Resolved { .. } => self.enter(TicketStatus::Resolved, event.at_ms),
            EventKind::Closed { invitation, .. } => {
                self.invitation = invitation.or(self.invitation);
                self.enter(TicketStatus::Closed, event.at_ms);
            }
            EventKind::Done {} => self.enter(TicketStatus::Done, event.at_ms),
            EventKind::Dismissed { .. } => self.enter(TicketStatus::Dismissed, event.at_ms),
            EventKind::MergedInto { ticket } => {
                self.merged_into = Some(ticket.clone());
                self.enter(TicketStatus::Merged, event.at_ms);
            }
            EventKind::Reopened { tier, .. }
                if !self.status.is_open() && self.status != TicketStatus::Merged =>
            {
                self.status = TicketStatus::Communicating;
                self.tier = tier.unwrap_or(self.tier);
                self.cycle += 1;
                self.closed_ms = None;
                self.invitation = None;
                self.answered = false;
                self.unanswered_since_ms = None;
            }
            EventKind::InvitationSent { .. } => self.invitation = Some(Invitation::Sent),
            EventKind::InvitationImpossible { .. } => self.invitation = Some(Invitation::Impossible),
            EventKind::InvitationWithheld { .. } => self.invitation = Some(Invitation::Withheld),
            EventKind::Tier { tier, .. } => self.tier = *tier,
            EventKind::MergedFrom { tier, .. } => self.tier = self.tier.max(*tier),
            EventKind::Assigned { to, .. } => self.assignee = Some(to.clone()),
            EventKind::Unassigned { .. } => self.assignee = None,
            EventKind::Snoozed { until_ms } => self.snoozed_until_ms = Some(*until_ms),
            EventKind::SnoozeEnded {} => self.snoozed_until_ms = None,
            EventKind::CustomerMessage { .. } => {
                self.unanswered_since_ms.get_or_insert(event.at_ms);
            }
            EventKind::ReplyPublished {
                by: ReplyBy::Human, ..
            } => self.answer(),
            EventKind::ContactLogged {
                outcome,
                text: Some(_),
                ..
            } if !matches!(outcome, ContactOutcome::NoAnswer | ContactOutcome::Unreachable) => {
                self.answer();
            }
            EventKind::NoReplyNeeded { .. } => self.unanswered_since_ms = None,
            _ => {}
        }
    }

    fn answer(&mut self) {
        self.answered = true;
        self.unanswered_since_ms = None;
    }

    fn enter(&mut self, status: TicketStatus, at_ms: i64) {
        self.status = status;
        if matches!(
            status,
            TicketStatus::Closed | TicketStatus::Dismissed | TicketStatus::Merged
        ) {
            self.closed_ms = Some(at_ms);
        }
    }

    /// Closing needs a first response and a settled invitation (R6b).
    pub fn may_close(&self, invitation: Option<Invitation>) -> bool {
        self.status.is_open() && self.answered && invitation.or(self.invitation).is_some()
    }

    /// Whether this ticket may go into another: not if either is merged or finished already (R18). The caller has
    /// made sure that customer and order are the same.
    pub fn may_merge_into(&self, survivor: &TicketState) -> bool {
        self.status.is_open() && survivor.status.is_open()
    }

    /// Whether pausing at `at_ms` must be confirmed, because the customer wrote within the last ten minutes and
    /// nobody has answered (R11).
    pub fn pause_needs_confirmation(&self, last_message_ms: Option<i64>, at_ms: i64) -> bool {
        self.unanswered_since_ms.is_some()
            && last_message_ms
                .is_some_and(|message| (0..=PAUSE_AFTER_MESSAGE_MS).contains(&(at_ms - message)))
    }
}

/// Whether a review is history rather than work (R16): the 72 h cut is for files, pastes and a source's first sync,
/// not for a live source, and the user may choose to open the last `open_days` too. `posted_ms` is the latest
/// instant the stated time can mean ([`crate::review::Time::latest_ms`]).
pub fn is_history(posted_ms: Option<i64>, received_ms: i64, live: bool, open_days: Option<u32>) -> bool {
    let cut = open_days.map_or(HISTORY_MS, |days| {
        (i64::from(days) * super::calendar::DAY_MS).max(HISTORY_MS)
    });
    !live && posted_ms.is_some_and(|posted_ms| received_ms - posted_ms > cut)
}

/// How long a review went unseen; none if its time is unknown. Never negative: platforms' clocks run ahead.
pub fn detection_lag(posted_ms: Option<i64>, received_ms: i64) -> Option<i64> {
    posted_ms.map(|posted_ms| (received_ms - posted_ms).max(0))
}

/// Whether a lag says that a live source is unwell (R16).
pub fn lag_alerts(lag_ms: i64, live: bool) -> bool {
    live && lag_ms > LAG_ALERT_MS
}

/// Whether a message may reopen a closed ticket: a complaint or a question, never thanks (R17).
pub fn message_reopens(intent: MessageIntent) -> bool {
    matches!(intent, MessageIntent::Complaint | MessageIntent::Question)
}

/// Whether what came of a follow-up reopens the ticket (R17).
pub fn follow_up_reopens(outcome: ContactOutcome) -> bool {
    outcome == ContactOutcome::Unsatisfied
}

/// When closing is due although the solution still rests waiting for the customer: time to close as 客户未回应
/// (sla.md scenario 26). None while the customer can still answer in time.
pub fn close_unanswered_by(clocks: &[Clock], policy: &Policy) -> Option<i64> {
    let solution = clocks
        .iter()
        .find(|clock| clock.metric == Metric::Solution && clock.state == ClockState::Paused)?;
    let (open, earlier) = solution.pauses.split_last()?;
    if open.status != TicketStatus::WaitingCustomer {
        return None;
    }
    let used: i64 = earlier.iter().map(|pause| pause.until_ms - pause.from_ms).sum();
    let cap_end = open.from_ms + i64::from(policy.pause_cap_secs) * 1000 - used;
    let closure = clocks.iter().find(|clock| {
        (clock.metric, clock.cycle) == (Metric::Closure, solution.cycle) && clock.fulfilled_ms.is_none()
    })?;
    (closure.due_ms <= cap_end).then_some(closure.due_ms)
}

/// How long an answer waits in the outbox: two minutes, or less so that it still leaves 15 s before the due time
/// (R27). Milliseconds, never negative.
pub fn outbox_delay(now_ms: i64, due_ms: Option<i64>) -> i64 {
    due_ms.map_or(120_000, |due_ms| (due_ms - now_ms - 15_000).clamp(0, 120_000))
}

/// Whether a negative review that was answered counts as converted (product.md, Figures; R24): 4 stars or more
/// within 90 days after a human answer, never without one.
pub fn converts(answered_ms: Option<i64>, changed_ms: i64, stars: f32) -> bool {
    let within = 90 * super::calendar::DAY_MS;
    stars >= 4.0 && answered_ms.is_some_and(|answered_ms| (0..=within).contains(&(changed_ms - answered_ms)))
}
