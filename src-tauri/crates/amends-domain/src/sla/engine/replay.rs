//! A ticket's log, event by event.

use super::run::{Basis, End, Limit, Run};
use super::{CancelReason, Flag, PAUSE_AFTER_MESSAGE_MS, Pause, follow_up_window, reopens_same_ticket};
use crate::id::{ReplyId, ReviewId, TicketId};
use crate::review::Precision;
use crate::sla::calendar::{Calendar, Calendars};
use crate::sla::event::{
    CarriedClock, ContactOutcome, Event, EventKind, Invitation, LimitKind, ManualDueAnswer, Metric, ReplyBy,
    Subject, TicketStatus, effective,
};
use crate::sla::policy::{Policies, Policy, StartAt};
use crate::words::Tier;

/// Recorded this much after it happened, an answer counts as stated afterwards (R27).
const BACKDATED_MS: i64 = 60_000;

/// Which of several things at one instant is taken first: Stop > Pause > Start (R12). What stops is judged before
/// anything moves its target; a pause comes after a start, so that it is the pause that holds.
fn rank(kind: &EventKind) -> u8 {
    match kind {
        EventKind::Received { .. } => 0,
        EventKind::ReplyPublished { .. }
        | EventKind::ContactLogged { .. }
        | EventKind::SolutionOffered { .. }
        | EventKind::Resolved { .. }
        | EventKind::Closed { .. }
        | EventKind::InvitationSent { .. }
        | EventKind::InvitationImpossible { .. }
        | EventKind::InvitationWithheld { .. }
        | EventKind::ApprovalDecided { .. }
        | EventKind::Dismissed { .. }
        | EventKind::MergedInto { .. }
        | EventKind::Done {}
        | EventKind::NoReplyNeeded { .. }
        | EventKind::ReviewChanged { .. }
        | EventKind::ReviewDeleted { .. } => 1,
        EventKind::Status { status, .. } => match status {
            TicketStatus::Resolved | TicketStatus::Closed | TicketStatus::Dismissed | TicketStatus::Done => 1,
            TicketStatus::WaitingCustomer | TicketStatus::Disputed => 3,
            _ => 2,
        },
        _ => 2,
    }
}

/// The state of a ticket while its log is replayed.
pub(super) struct Replay<'a> {
    policies: &'a Policies,
    calendars: &'a Calendars,
    policy: &'a Policy,
    pub(super) calendar: &'a Calendar,
    tier: Tier,
    pub(super) cycle: u32,
    /// False once closed, dismissed or merged: nothing of the cycle is judged again (R15).
    pub(super) cycle_open: bool,
    closed_ms: Option<i64>,
    merged: bool,
    review: ReviewId,
    status: TicketStatus,
    /// The state's pause is over though the state stays: message or cap (R11).
    pause_over: bool,
    /// The date set for the end of the state's pause.
    pause_until_ms: Option<i64>,
    invited: bool,
    /// Human answers of this cycle that the customer could read.
    answers: Vec<Answer>,
    last_unanswered_ms: Option<i64>,
    pub(super) limits: Vec<Limit>,
    pub(super) runs: Vec<Run<'a>>,
}

/// A human answer that the customer could read.
struct Answer {
    at_ms: i64,
    reply: Option<ReplyId>,
    review: Option<ReviewId>,
}

impl<'a> Replay<'a> {
    /// Replays everything up to `until_ms` and settles every clock there.
    pub(super) fn run(
        log: &[Event],
        policies: &'a Policies,
        calendars: &'a Calendars,
        until_ms: i64,
    ) -> Option<Self> {
        let mut events = effective(log);
        let first = events
            .iter()
            .position(|event| matches!(event.kind, EventKind::Received { .. }))?;
        let received = events.remove(first);
        let EventKind::Received {
            review,
            tier,
            policy,
            calendar,
            ..
        } = &received.kind
        else {
            return None;
        };
        if received.at_ms > until_ms {
            return None;
        }
        // Stable: what is still equal keeps the order in which it was written.
        events.sort_by_key(|event| (event.at_ms, rank(&event.kind)));
        let mut replay = Replay {
            policies,
            calendars,
            policy: policies.get(*policy),
            calendar: calendars.get(*calendar),
            tier: *tier,
            cycle: 1,
            cycle_open: true,
            closed_ms: None,
            merged: false,
            review: review.clone(),
            status: TicketStatus::Received,
            pause_over: false,
            pause_until_ms: None,
            invited: false,
            answers: Vec::new(),
            last_unanswered_ms: None,
            limits: Vec::new(),
            runs: Vec::with_capacity(3),
        };
        let start_ms = replay.receive(received);
        replay.start(Metric::Solution, Subject::Ticket, start_ms, received.at_ms);
        replay.start(Metric::Closure, Subject::Ticket, start_ms, received.at_ms);
        for event in events.into_iter().take_while(|event| event.at_ms <= until_ms) {
            replay.settle(event.at_ms);
            replay.apply(event);
        }
        replay.settle(until_ms);
        Some(replay)
    }

    pub(super) fn settle(&mut self, at_ms: i64) {
        for run in &mut self.runs {
            run.settle(&self.limits, at_ms);
        }
    }

    fn target_ms(&self, metric: Metric) -> Option<i64> {
        self.policy
            .target_secs(self.tier, metric)
            .map(|secs| i64::from(secs) * 1000)
    }

    /// The clocks of the cycle that is going on.
    fn current(&mut self) -> impl Iterator<Item = &mut Run<'a>> {
        let cycle = self.cycle;
        self.runs.iter_mut().filter(move |run| run.cycle == cycle)
    }

    fn fulfil(&mut self, at_ms: i64, which: impl Fn(&Run) -> bool) {
        let cycle = self.cycle;
        for run in self
            .runs
            .iter_mut()
            .filter(|run| run.cycle == cycle && which(run))
        {
            run.fulfil(&self.limits, at_ms, None);
        }
    }

    fn cancel(&mut self, at_ms: i64, reason: CancelReason, which: impl Fn(&Run) -> bool) {
        let cycle = self.cycle;
        for run in self
            .runs
            .iter_mut()
            .filter(|run| run.cycle == cycle && which(run))
        {
            run.cancel(&self.limits, at_ms, reason);
        }
    }

    /// Adds a clock that starts at `start_ms` and became known at `known_ms`.
    fn start(&mut self, metric: Metric, subject: Subject, start_ms: i64, known_ms: i64) -> &mut Run<'a> {
        let target_ms = self.target_ms(metric);
        let mut run = Run {
            metric,
            cycle: self.cycle,
            subject,
            start_ms,
            target_ms,
            basis: Basis {
                base_ms: start_ms,
                budget_ms: target_ms.unwrap_or(0),
                fixed_ms: None,
            },
            manual: false,
            original_due_ms: None,
            retro_due_ms: None,
            revision: 1,
            pauses: Vec::new(),
            paused: None,
            opens_ms: None,
            end: End::Open,
            annulled: false,
            by_reply: None,
            tier: self.tier,
            policy: self.policy,
            calendar: self.calendar,
            owner: None,
            carried_to: None,
            carried_from: None,
            flags: Vec::new(),
        };
        if target_ms.is_some() {
            let due_ms = run.due(start_ms);
            run.original_due_ms = Some(due_ms);
            if start_ms < known_ms {
                run.shorten(known_ms, due_ms, None);
            }
        }
        if self.may_rest(known_ms) {
            run.enter(known_ms, self.status, self.pause_until_ms);
        }
        let index = self.runs.len();
        self.runs.push(run);
        &mut self.runs[index]
    }

    /// Starts a review's first response; returns from when it counts (R16).
    fn receive(&mut self, event: &Event) -> i64 {
        let EventKind::Received {
            review,
            posted_ms,
            posted_precision,
            start,
            reply,
            ..
        } = &event.kind
        else {
            return event.at_ms;
        };
        let exact = !matches!(
            posted_precision,
            Precision::Day | Precision::Month | Precision::Unknown
        );
        let start_ms = match posted_ms {
            Some(posted_ms) if exact && *start == StartAt::Posted => event.at_ms.min(*posted_ms),
            _ => event.at_ms,
        };
        let run = self.start(
            Metric::FirstResponse,
            Subject::Review(review.clone()),
            start_ms,
            event.at_ms,
        );
        let Some(reply) = reply else { return start_ms };
        let due_ms = run.due(event.at_ms);
        run.end = match reply.at_ms {
            Some(at_ms) if at_ms > due_ms => End::Breached {
                due_ms,
                fulfilled_ms: Some(at_ms),
                stopped_ms: None,
            },
            at_ms => End::Met { due_ms, at_ms },
        };
        if reply.at_ms.is_none() {
            run.flag(Flag::Untimed);
        }
        let at_ms = reply.at_ms.unwrap_or(event.at_ms);
        self.answers.push(Answer {
            at_ms,
            reply: None,
            review: Some(review.clone()),
        });
        start_ms
    }

    fn apply(&mut self, event: &Event) {
        let at_ms = event.at_ms;
        match &event.kind {
            EventKind::Received { .. } if self.cycle_open => {
                self.receive(event);
            }
            EventKind::Status { status, until_ms, .. } => self.change_status(at_ms, *status, *until_ms),
            EventKind::Resolved { .. } => self.change_status(at_ms, TicketStatus::Resolved, None),
            EventKind::Closed { invitation, .. } => self.close(at_ms, *invitation),
            EventKind::Dismissed { .. } => self.dismiss(at_ms),
            EventKind::Done {} => self.finish(at_ms),
            EventKind::Reopened {
                review,
                message,
                tier,
                ..
            } => {
                let subject = match (review, message) {
                    (Some(review), _) => Subject::Review(review.clone()),
                    (None, Some(message)) => Subject::Message(message.clone()),
                    (None, None) => Subject::Review(self.review.clone()),
                };
                self.reopen(at_ms, subject, *tier);
            }
            EventKind::InvitationSent { .. }
            | EventKind::InvitationImpossible { .. }
            | EventKind::InvitationWithheld { .. } => {
                self.invited = true;
                if self.status == TicketStatus::Closed {
                    self.fulfil(at_ms, |run| run.metric == Metric::Closure);
                }
            }
            EventKind::ReplyPublished {
                reply,
                review,
                by: ReplyBy::Human,
                ..
            } => {
                let backdated = event.recorded_ms - at_ms > BACKDATED_MS;
                self.answer(at_ms, Some(reply), review.as_ref(), backdated);
            }
            EventKind::ReplyRejected { reply, .. } => self.reject(at_ms, reply),
            EventKind::ContactLogged { outcome, text, .. } => {
                let spoke = !matches!(outcome, ContactOutcome::NoAnswer | ContactOutcome::Unreachable);
                if text.is_some() && spoke {
                    self.answer(at_ms, None, None, event.recorded_ms - at_ms > BACKDATED_MS);
                }
                self.fulfil(at_ms, |run| run.metric == Metric::FollowUp);
            }
            EventKind::CustomerMessage { message, .. } => {
                self.last_unanswered_ms = Some(at_ms);
                if self.cycle_open {
                    self.end_pause(at_ms);
                    let mut owed = self
                        .runs
                        .iter()
                        .filter(|run| run.cycle == self.cycle && run.is_owed());
                    let waiting = owed.any(|run| run.metric == Metric::NextResponse);
                    if !waiting && self.is_answered() {
                        self.start(
                            Metric::NextResponse,
                            Subject::Message(message.clone()),
                            at_ms,
                            at_ms,
                        );
                    }
                }
            }
            EventKind::PauseCap {} if self.cycle_open => self.end_pause(at_ms),
            EventKind::NoReplyNeeded { .. } => {
                self.last_unanswered_ms = None;
                self.cancel(at_ms, CancelReason::NoReplyNeeded, |run| {
                    run.metric == Metric::NextResponse
                });
            }
            EventKind::ReviewChanged {
                review,
                stars: Some(stars),
                ..
            } if *stars >= 4.0 => {
                self.release(at_ms, review, CancelReason::ReviewRaised);
            }
            EventKind::ReviewDeleted { review, .. } => {
                self.release(at_ms, review, CancelReason::ReviewDeleted)
            }
            EventKind::SolutionOffered { .. } if self.cycle_open => {
                self.fulfil(at_ms, |run| run.metric == Metric::Solution);
            }
            EventKind::ApprovalRequested {
                approval, approver, ..
            } if self.cycle_open => {
                let run = self.start(
                    Metric::Approval,
                    Subject::Approval(approval.clone()),
                    at_ms,
                    at_ms,
                );
                run.owner = approver.clone();
            }
            EventKind::ApprovalDecided { approval, .. } => {
                self.fulfil(
                    at_ms,
                    |run| matches!(&run.subject, Subject::Approval(id) if id == approval),
                );
            }
            EventKind::Tier { tier, manual_due, .. } => self.change_tier(at_ms, *tier, *manual_due),
            EventKind::Policy { version } => self.apply_policy(at_ms, self.policies.get(*version)),
            EventKind::Calendar { version } => self.apply_calendar(at_ms, self.calendars.get(*version)),
            EventKind::ManualDue {
                metric,
                subject,
                due_ms,
                ..
            } => {
                self.set_due(at_ms, *metric, subject.as_ref(), *due_ms);
            }
            EventKind::ChannelLimit {
                limit,
                due_ms,
                review,
            } if self.cycle_open => {
                let review = review.clone().unwrap_or_else(|| self.review.clone());
                self.limit(at_ms, *limit, review, *due_ms);
            }
            EventKind::MergedInto { ticket } => self.merge_into(at_ms, ticket),
            EventKind::MergedFrom { ticket, tier, clocks } if self.cycle_open => {
                self.tier = self.tier.max(*tier);
                for clock in clocks {
                    self.take_over(at_ms, ticket, *tier, clock);
                }
            }
            EventKind::BreachAnnulled {
                metric,
                cycle,
                subject,
                ..
            } => {
                for run in &mut self.runs {
                    let meant = subject.as_ref().is_none_or(|subject| *subject == run.subject);
                    if run.metric == *metric && run.cycle == *cycle && meant {
                        run.annulled |= matches!(run.end, End::Breached { .. });
                    }
                }
            }
            _ => {}
        }
    }

    /// True once a first response of this cycle has been given.
    fn is_answered(&self) -> bool {
        let mut runs = self.runs.iter().filter(|run| run.cycle == self.cycle);
        runs.any(|run| run.metric == Metric::FirstResponse && run.is_fulfilled())
    }

    /// False once the present state's pause has ended by a message, the cap's entry or its set date (R11).
    fn may_rest(&self, at_ms: i64) -> bool {
        !self.pause_over && self.pause_until_ms.is_none_or(|until_ms| until_ms > at_ms)
    }

    /// Ends the pause though the state stays (R11).
    fn end_pause(&mut self, at_ms: i64) {
        self.pause_over = true;
        self.current()
            .filter(|run| run.is_open())
            .for_each(|run| run.resume(at_ms));
    }

    fn change_status(&mut self, at_ms: i64, status: TicketStatus, until_ms: Option<i64>) {
        match status {
            TicketStatus::Closed => return self.close(at_ms, None),
            TicketStatus::Dismissed => return self.dismiss(at_ms),
            TicketStatus::Done => return self.finish(at_ms),
            _ if !self.cycle_open => return,
            TicketStatus::Resolved => self.fulfil(at_ms, |run| run.metric == Metric::Solution),
            _ => {}
        }
        self.status = status;
        self.pause_over = false;
        self.pause_until_ms = until_ms;
        let gaming = self
            .last_unanswered_ms
            .is_some_and(|message| at_ms - message <= PAUSE_AFTER_MESSAGE_MS);
        for run in self.current().filter(|run| run.is_open()) {
            run.enter(at_ms, status, until_ms);
            if gaming && run.paused.is_some() {
                run.flag(Flag::PausedAfterMessage);
            }
        }
    }

    fn close(&mut self, at_ms: i64, invitation: Option<Invitation>) {
        if !self.cycle_open {
            return;
        }
        self.invited |= invitation.is_some();
        self.fulfil(at_ms, |run| {
            run.metric == Metric::Solution
                || (run.metric == Metric::ChannelLimit && run.subject == Subject::Ticket)
        });
        if self.invited {
            self.fulfil(at_ms, |run| run.metric == Metric::Closure);
        }
        self.cancel(at_ms, CancelReason::Closed, |run| run.metric != Metric::Closure);
        self.end_pause(at_ms);
        self.cycle_open = false;
        self.closed_ms = Some(at_ms);
        self.status = TicketStatus::Closed;
        let (opens_ms, due_ms) = follow_up_window(at_ms, &self.policy.follow_up, self.calendar);
        let run = self.start(Metric::FollowUp, Subject::Ticket, at_ms, at_ms);
        run.target_ms = Some(due_ms - at_ms);
        run.original_due_ms = Some(due_ms);
        run.opens_ms = Some(opens_ms);
        let budget_ms = run.calendar.work_between(opens_ms, due_ms);
        run.basis = Basis {
            base_ms: opens_ms,
            budget_ms,
            fixed_ms: Some(due_ms),
        };
    }

    fn dismiss(&mut self, at_ms: i64) {
        if !self.cycle_open {
            return;
        }
        self.cancel(at_ms, CancelReason::Dismissed, |_| true);
        self.cycle_open = false;
        self.closed_ms = Some(at_ms);
        self.status = TicketStatus::Dismissed;
    }

    fn finish(&mut self, at_ms: i64) {
        if !self.cycle_open {
            self.cancel(at_ms, CancelReason::Done, |_| true);
            self.status = TicketStatus::Done;
        }
    }

    fn reopen(&mut self, at_ms: i64, subject: Subject, tier: Option<Tier>) {
        let Some(closed_ms) = self.closed_ms else { return };
        if self.cycle_open || self.merged || !reopens_same_ticket(closed_ms, at_ms, self.policy) {
            return;
        }
        self.cancel(at_ms, CancelReason::Reopened, |_| true);
        self.cycle += 1;
        self.cycle_open = true;
        self.closed_ms = None;
        self.status = TicketStatus::Communicating;
        self.pause_over = false;
        self.pause_until_ms = None;
        self.invited = false;
        self.answers.clear();
        self.last_unanswered_ms = None;
        self.tier = tier.unwrap_or(self.tier);
        self.start(Metric::FirstResponse, subject, at_ms, at_ms);
        self.start(Metric::Solution, Subject::Ticket, at_ms, at_ms);
        self.start(Metric::Closure, Subject::Ticket, at_ms, at_ms);
    }

    /// A human answered, in public (`reply`) or directly (R6).
    fn answer(&mut self, at_ms: i64, reply: Option<&ReplyId>, review: Option<&ReviewId>, backdated: bool) {
        if !self.cycle_open {
            return;
        }
        let (cycle, limits) = (self.cycle, &self.limits);
        // An answer to a review that has no clock in this cycle answers what the cycle is about.
        let named = |run: &Run| matches!(&run.subject, Subject::Review(id) if Some(id) == review);
        let known = self
            .runs
            .iter()
            .any(|run| run.cycle == cycle && run.metric == Metric::FirstResponse && named(run));
        for run in self
            .runs
            .iter_mut()
            .filter(|run| run.cycle == cycle && run.is_owed())
        {
            let meant = match run.metric {
                Metric::NextResponse => true,
                Metric::FirstResponse => !known || named(run),
                Metric::ChannelLimit => {
                    reply.is_some() && run.subject != Subject::Ticket && (!known || named(run))
                }
                _ => false,
            };
            if meant {
                run.fulfil(limits, at_ms, reply);
                if backdated {
                    run.flag(Flag::Backdated);
                }
            }
        }
        let review = review.filter(|_| known).cloned();
        self.answers.push(Answer {
            at_ms,
            reply: reply.cloned(),
            review,
        });
        self.last_unanswered_ms = None;
    }

    /// The platform refused an answer that had been public: what it fulfilled is owed again, with grace (R13).
    fn reject(&mut self, at_ms: i64, reply: &ReplyId) {
        let public = self
            .answers
            .iter()
            .any(|answer| answer.reply.as_ref() == Some(reply));
        if !self.cycle_open || !public {
            return;
        }
        self.answers.retain(|answer| answer.reply.as_ref() != Some(reply));
        let (cycle, policy, tier, may_rest) = (self.cycle, self.policy, self.tier, self.may_rest(at_ms));
        let voided = |run: &&mut Run| run.cycle == cycle && run.by_reply.as_ref() == Some(reply);
        for run in self.runs.iter_mut().filter(voided) {
            let other = self.answers.iter().find(|answer| {
                let same = answer
                    .review
                    .as_ref()
                    .is_none_or(|id| run.subject.id() == id.as_str());
                answer.at_ms >= run.start_ms && (same || run.metric == Metric::NextResponse)
            });
            run.by_reply = other.and_then(|answer| answer.reply.clone());
            let other_ms = other.map(|answer| answer.at_ms);
            match &mut run.end {
                End::Breached { fulfilled_ms, .. } => *fulfilled_ms = other_ms,
                End::Met {
                    due_ms,
                    at_ms: met_ms,
                } => match other_ms {
                    Some(other_ms) if other_ms <= *due_ms => *met_ms = Some(other_ms),
                    _ => {
                        run.owe_again(at_ms, policy, tier);
                        if other_ms.is_some() {
                            let due_ms = run.effective_due(&self.limits, at_ms);
                            run.end = End::Met {
                                due_ms,
                                at_ms: other_ms,
                            };
                        }
                    }
                },
                _ => {}
            }
            if run.is_open() && may_rest {
                run.enter(at_ms, self.status, self.pause_until_ms);
            }
            run.settle(&self.limits, at_ms);
        }
        if !self.is_answered() {
            let limits = &self.limits;
            for run in &mut self.runs {
                if run.cycle == cycle && run.metric == Metric::NextResponse {
                    run.cancel(limits, at_ms, CancelReason::Void);
                }
            }
        }
    }

    /// The review needs no answer any more (R24).
    fn release(&mut self, at_ms: i64, review: &ReviewId, reason: CancelReason) {
        self.cancel(at_ms, reason, |run| {
            run.is_open()
                && matches!(run.metric, Metric::FirstResponse | Metric::ChannelLimit)
                && matches!(&run.subject, Subject::Review(id) if id == review)
        });
    }

    fn change_tier(&mut self, at_ms: i64, tier: Tier, manual_due: ManualDueAnswer) {
        let raised = tier > self.tier;
        self.tier = tier;
        if !self.cycle_open {
            return;
        }
        let policy = self.policy;
        for run in self.current().filter(|run| run.is_open()) {
            if matches!(run.metric, Metric::FollowUp | Metric::ChannelLimit) {
                continue;
            }
            run.tier = tier;
            if run.manual && manual_due != ManualDueAnswer::Recompute {
                if manual_due == ManualDueAnswer::NotAsked {
                    run.flag(Flag::ManualDueKept);
                }
                continue;
            }
            let target_ms = policy
                .target_secs(tier, run.metric)
                .map(|secs| i64::from(secs) * 1000);
            if run.target_ms != target_ms || run.manual {
                run.retarget(at_ms, target_ms);
                if raised && run.retro_due_ms.is_some_and(|retro_ms| retro_ms < at_ms) {
                    run.flag(Flag::LateEscalation);
                }
            }
        }
    }

    fn apply_policy(&mut self, at_ms: i64, policy: &'a Policy) {
        self.policy = policy;
        if !self.cycle_open {
            return;
        }
        let (tier, status, until_ms, may_rest) =
            (self.tier, self.status, self.pause_until_ms, self.may_rest(at_ms));
        for run in self.current().filter(|run| run.is_open()) {
            let rested = run.policy.pauses.pauses(run.metric, status);
            run.policy = policy;
            if matches!(run.metric, Metric::FollowUp | Metric::ChannelLimit) {
                continue;
            }
            let target_ms = policy
                .target_secs(tier, run.metric)
                .map(|secs| i64::from(secs) * 1000);
            if run.target_ms != target_ms && !run.manual {
                run.retarget(at_ms, target_ms);
            }
            match (rested, policy.pauses.pauses(run.metric, status)) {
                (true, true) => run.recap(at_ms),
                (true, false) => run.resume(at_ms),
                (false, true) if may_rest => run.pause(at_ms, status, until_ms),
                _ => {}
            }
        }
    }

    fn apply_calendar(&mut self, at_ms: i64, calendar: &'a Calendar) {
        self.calendar = calendar;
        if !self.cycle_open {
            return;
        }
        for run in self.current().filter(|run| run.is_open()) {
            let old_ms = run.due(at_ms);
            run.calendar = calendar;
            if run.target_ms.is_none() || run.manual || run.metric == Metric::ChannelLimit {
                continue;
            }
            let plain_ms = run.due(at_ms);
            if plain_ms < old_ms {
                run.shorten(at_ms, plain_ms, Some(old_ms));
            }
            run.revise(Some(old_ms), at_ms);
        }
    }

    fn set_due(&mut self, at_ms: i64, metric: Metric, subject: Option<&Subject>, due_ms: i64) {
        let meant = |run: &Run| run.metric == metric && subject.is_none_or(|subject| *subject == run.subject);
        for run in self.current().filter(|run| run.is_open() && meant(run)) {
            let old_ms = run.target_ms.map(|_| run.due(at_ms));
            if run.target_ms.is_none() {
                run.target_ms = Some(run.calendar.work_between(run.start_ms, due_ms));
            }
            run.manual = true;
            run.retro_due_ms = None;
            let budget_ms = run.calendar.work_between(at_ms, due_ms);
            run.basis = Basis {
                base_ms: at_ms,
                budget_ms,
                fixed_ms: Some(due_ms),
            };
            run.revise(old_ms, at_ms);
        }
    }

    fn limit(&mut self, at_ms: i64, kind: LimitKind, review: ReviewId, due_ms: i64) {
        let (subject, start_ms) = match kind {
            LimitKind::ComplaintExpiry => (Subject::Ticket, at_ms),
            LimitKind::ReplyWindow | LimitKind::OneShot => (Subject::Review(review.clone()), at_ms),
        };
        self.limits.retain(|limit| limit.subject != subject);
        if due_ms >= at_ms {
            self.limits.push(Limit {
                kind,
                subject: subject.clone(),
                due_ms,
            });
        }
        let fixed = Basis {
            base_ms: at_ms,
            budget_ms: self.calendar.work_between(at_ms, due_ms),
            fixed_ms: Some(due_ms),
        };
        let known = |run: &&mut Run| run.metric == Metric::ChannelLimit && run.subject == subject;
        if let Some(run) = self.current().find(known) {
            if run.is_open() && run.due(at_ms) != due_ms {
                run.basis = fixed;
                run.revision += 1;
            }
            return;
        }
        let answered = self
            .answers
            .iter()
            .find(|answer| answer.reply.is_some() && answer.review.as_ref().is_none_or(|id| *id == review));
        let answered_ms = answered
            .map(|answer| answer.at_ms)
            .filter(|_| kind != LimitKind::ComplaintExpiry);
        let run = self.start(Metric::ChannelLimit, subject, start_ms, at_ms);
        run.target_ms = Some((due_ms - start_ms).max(0));
        run.original_due_ms = Some(due_ms);
        run.basis = fixed;
        run.end = match answered_ms {
            Some(answered_ms) => End::Met {
                due_ms,
                at_ms: Some(answered_ms),
            },
            None if due_ms < at_ms => End::Cancelled {
                due_ms,
                reason: CancelReason::AlreadyExpired,
                at_ms,
            },
            None => End::Open,
        };
    }

    fn merge_into(&mut self, at_ms: i64, ticket: &TicketId) {
        for run in self.runs.iter_mut().filter(|run| run.is_owed()) {
            run.carried_to = Some(ticket.clone());
            run.cancel(&self.limits, at_ms, CancelReason::Merged);
        }
        self.cycle_open = false;
        self.merged = true;
        self.status = TicketStatus::Merged;
    }

    /// A merged ticket's clock goes on here (R18).
    fn take_over(&mut self, at_ms: i64, ticket: &TicketId, tier: Tier, clock: &CarriedClock) {
        let pauses = clock.pauses.iter().map(|span| Pause {
            from_ms: span.from_ms,
            until_ms: span.until_ms,
            status: TicketStatus::WaitingCustomer,
        });
        let mut own = self
            .start(
                clock.metric,
                clock.subject.clone(),
                clock.start_ms,
                clock.start_ms,
            )
            .clone();
        self.runs.pop();
        own.target_ms = Some(i64::from(clock.target_secs) * 1000);
        own.basis = Basis {
            base_ms: clock.base_ms,
            budget_ms: clock.budget_ms,
            fixed_ms: clock.manual_due_ms,
        };
        own.original_due_ms = Some(clock.original_due_ms);
        own.pauses = pauses.collect();
        own.paused = None;
        own.tier = tier;
        own.carried_from = Some(ticket.clone());
        if self.may_rest(at_ms) {
            own.enter(at_ms, self.status, self.pause_until_ms);
        }
        match clock.metric {
            Metric::FirstResponse | Metric::NextResponse | Metric::Approval | Metric::ChannelLimit => {
                if let Some(due_ms) = clock.breached_due_ms {
                    own.end = End::Breached {
                        due_ms,
                        fulfilled_ms: None,
                        stopped_ms: None,
                    };
                }
                self.runs.push(own);
            }
            Metric::Solution | Metric::Closure => {
                let Some(run) = self
                    .current()
                    .find(|run| run.metric == clock.metric && run.is_open())
                else {
                    return;
                };
                let old_ms = run.target_ms.map(|_| run.due(at_ms));
                let plain_ms = own.due(at_ms);
                if old_ms.is_some_and(|old_ms| old_ms <= plain_ms) {
                    return;
                }
                own.revision = run.revision;
                own.original_due_ms = run.original_due_ms.or(own.original_due_ms);
                own.cycle = run.cycle;
                own.shorten(at_ms, plain_ms, old_ms);
                own.revise(old_ms, at_ms);
                *run = own;
            }
            Metric::FollowUp => {}
        }
    }
}
