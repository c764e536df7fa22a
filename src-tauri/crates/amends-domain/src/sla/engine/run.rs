//! One clock while its log is replayed.

use super::{CancelReason, Clock, ClockState, Flag, Pause};
use crate::id::{PersonId, ReplyId, TicketId};
use crate::sla::calendar::Calendar;
use crate::sla::event::{LimitKind, Metric, Subject, TicketStatus};
use crate::sla::policy::Policy;
use crate::words::Tier;

/// How a clock ended, if it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Open,
    Met {
        due_ms: i64,
        at_ms: Option<i64>,
    },
    Breached {
        due_ms: i64,
        fulfilled_ms: Option<i64>,
        stopped_ms: Option<i64>,
    },
    Cancelled {
        due_ms: i64,
        reason: CancelReason,
        at_ms: i64,
    },
}

/// From where a due time is counted: `budget_ms` of unpaused working time from `base_ms` on, or an instant that is
/// only moved by pauses after `base_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Basis {
    pub(super) base_ms: i64,
    pub(super) budget_ms: i64,
    pub(super) fixed_ms: Option<i64>,
}

/// An open pause.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenPause {
    pub(super) since_ms: i64,
    pub(super) status: TicketStatus,
    /// The date that was set for its end.
    pub(super) until_ms: Option<i64>,
    /// Ends by itself then: set date or cap (R11).
    pub(super) ends_ms: i64,
}

/// A platform limit that caps other clocks (R22).
#[derive(Debug, Clone)]
pub(super) struct Limit {
    pub(super) kind: LimitKind,
    pub(super) subject: Subject,
    pub(super) due_ms: i64,
}

/// One clock while its log is replayed.
#[derive(Debug, Clone)]
pub(super) struct Run<'a> {
    pub(super) metric: Metric,
    pub(super) cycle: u32,
    pub(super) subject: Subject,
    pub(super) start_ms: i64,
    /// None: the tier has no such target; the clock rests unseen but remembers its pauses.
    pub(super) target_ms: Option<i64>,
    pub(super) basis: Basis,
    pub(super) manual: bool,
    pub(super) original_due_ms: Option<i64>,
    pub(super) retro_due_ms: Option<i64>,
    pub(super) revision: u32,
    pub(super) pauses: Vec<Pause>,
    pub(super) paused: Option<OpenPause>,
    pub(super) opens_ms: Option<i64>,
    pub(super) end: End,
    pub(super) annulled: bool,
    pub(super) by_reply: Option<ReplyId>,
    pub(super) tier: Tier,
    pub(super) policy: &'a Policy,
    pub(super) calendar: &'a Calendar,
    pub(super) owner: Option<PersonId>,
    pub(super) carried_to: Option<TicketId>,
    pub(super) carried_from: Option<TicketId>,
    pub(super) flags: Vec<Flag>,
}

impl<'a> Run<'a> {
    pub(super) fn is_open(&self) -> bool {
        self.end == End::Open
    }

    /// Neither fulfilled nor given up, late or not.
    pub(super) fn is_owed(&self) -> bool {
        matches!(
            self.end,
            End::Open
                | End::Breached {
                    fulfilled_ms: None,
                    stopped_ms: None,
                    ..
                }
        )
    }

    pub(super) fn is_fulfilled(&self) -> bool {
        matches!(
            self.end,
            End::Met { .. }
                | End::Breached {
                    fulfilled_ms: Some(_),
                    ..
                }
        )
    }

    pub(super) fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }

    /// Pauses with an open one cut at `at_ms`.
    pub(super) fn pauses_until(&self, at_ms: i64) -> impl Iterator<Item = Pause> + '_ {
        let open = self
            .paused
            .filter(|open| open.since_ms < at_ms)
            .map(|open| Pause {
                from_ms: open.since_ms,
                until_ms: at_ms.min(open.ends_ms),
                status: open.status,
            });
        self.pauses.iter().copied().chain(open)
    }

    /// Working milliseconds paused in `[from_ms, at_ms)`.
    pub(super) fn paused_work(&self, from_ms: i64, at_ms: i64) -> i64 {
        if self.pauses.is_empty() && self.paused.is_none() {
            return 0;
        }
        self.pauses_until(at_ms)
            .map(|p| self.calendar.work_between(p.from_ms.max(from_ms), p.until_ms))
            .sum()
    }

    /// The due time without platform limits, an open pause taken to end at `at_ms` (R9).
    pub(super) fn due(&self, at_ms: i64) -> i64 {
        let paused = self.paused_work(self.basis.base_ms, at_ms);
        match self.basis.fixed_ms {
            Some(due_ms) => self.calendar.add(due_ms, paused),
            None => self
                .calendar
                .add(self.basis.base_ms, self.basis.budget_ms + paused),
        }
    }

    /// The due time with the platform's limits (R22).
    pub(super) fn effective_due(&self, limits: &[Limit], at_ms: i64) -> i64 {
        let due_ms = self.due(at_ms);
        limits
            .iter()
            .filter(|limit| self.is_limited_by(limit))
            .map(|limit| limit.due_ms)
            .fold(due_ms, i64::min)
    }

    pub(super) fn is_limited_by(&self, limit: &Limit) -> bool {
        // A limit that passed before this clock began (an earlier cycle's) says nothing about it.
        limit.due_ms > self.start_ms
            && match limit.kind {
                LimitKind::ReplyWindow | LimitKind::OneShot => {
                    self.metric == Metric::FirstResponse && limit.subject == self.subject
                }
                LimitKind::ComplaintExpiry => matches!(
                    self.metric,
                    Metric::FirstResponse | Metric::NextResponse | Metric::Solution | Metric::Closure
                ),
            }
    }

    /// When a pause that began at `since_ms` uses up what the cap leaves (R11).
    pub(super) fn cap_end(&self, since_ms: i64) -> i64 {
        let used: i64 = self.pauses.iter().map(|p| p.until_ms - p.from_ms).sum();
        since_ms.saturating_add(i64::from(self.policy.pause_cap_secs) * 1000 - used)
    }

    pub(super) fn pause(&mut self, at_ms: i64, status: TicketStatus, until_ms: Option<i64>) {
        self.resume(at_ms);
        let cap_end = self.cap_end(at_ms);
        let ends_ms = until_ms.map_or(cap_end, |until| until.min(cap_end));
        if ends_ms > at_ms {
            self.paused = Some(OpenPause {
                since_ms: at_ms,
                status,
                until_ms,
                ends_ms,
            });
        }
    }

    pub(super) fn resume(&mut self, at_ms: i64) {
        let Some(open) = self.paused.take() else { return };
        let until_ms = at_ms.min(open.ends_ms);
        if open.ends_ms <= at_ms && open.until_ms != Some(open.ends_ms) {
            self.flag(Flag::PauseCapped);
        }
        if until_ms > open.since_ms {
            self.pauses.push(Pause {
                from_ms: open.since_ms,
                until_ms,
                status: open.status,
            });
        }
    }

    /// Goes on pausing under another cap, from `at_ms` on: what has passed is not judged again.
    pub(super) fn recap(&mut self, at_ms: i64) {
        let Some(mut open) = self.paused else { return };
        let cap_end = self.cap_end(open.since_ms).max(at_ms);
        open.ends_ms = open.until_ms.map_or(cap_end, |until| until.min(cap_end));
        self.paused = Some(open);
    }

    /// Pauses or resumes as the policy has it for a state.
    pub(super) fn enter(&mut self, at_ms: i64, status: TicketStatus, until_ms: Option<i64>) {
        if self.policy.pauses.pauses(self.metric, status) {
            self.pause(at_ms, status, until_ms);
        } else {
            self.resume(at_ms);
        }
    }

    /// Brings the clock to `at_ms`, at which something happens or somebody looks.
    pub(super) fn settle(&mut self, limits: &[Limit], at_ms: i64) {
        if !self.is_open() {
            return;
        }
        if self.paused.is_some_and(|open| open.ends_ms <= at_ms) {
            self.resume(at_ms);
        }
        if self.target_ms.is_some() && self.paused.is_none() {
            let due_ms = self.effective_due(limits, at_ms);
            if due_ms < at_ms {
                self.end = End::Breached {
                    due_ms,
                    fulfilled_ms: None,
                    stopped_ms: None,
                };
            }
        }
    }

    /// Something fulfilled it at `at_ms`, to which it has been settled.
    pub(super) fn fulfil(&mut self, limits: &[Limit], at_ms: i64, by_reply: Option<&ReplyId>) {
        if !self.is_owed() {
            return;
        }
        self.by_reply = by_reply.cloned();
        if let End::Breached { fulfilled_ms, .. } = &mut self.end {
            *fulfilled_ms = Some(at_ms);
        } else {
            self.resume(at_ms);
            self.end = End::Met {
                due_ms: self.effective_due(limits, at_ms),
                at_ms: Some(at_ms),
            };
        }
    }

    /// Nobody needs it any more. A breach made before stays, and is late up to here.
    pub(super) fn cancel(&mut self, limits: &[Limit], at_ms: i64, reason: CancelReason) {
        if !self.is_owed() {
            return;
        }
        if let End::Breached { stopped_ms, .. } = &mut self.end {
            *stopped_ms = Some(at_ms);
        } else {
            self.resume(at_ms);
            self.end = End::Cancelled {
                due_ms: self.effective_due(limits, at_ms),
                reason,
                at_ms,
            };
        }
    }

    /// Counts from `base_ms` to an instant; warnings are taken over that stretch (R13).
    pub(super) fn rebase(&mut self, base_ms: i64, due_ms: i64) {
        let budget_ms = self.calendar.work_between(base_ms, due_ms);
        let fixed_ms = (self.calendar.add(base_ms, budget_ms) != due_ms).then_some(due_ms);
        self.basis = Basis {
            base_ms,
            budget_ms,
            fixed_ms,
        };
    }

    /// Takes a shorter due time with grace (R13): `plain_ms` is what the target alone gives.
    pub(super) fn shorten(&mut self, at_ms: i64, plain_ms: i64, old_ms: Option<i64>) {
        let grace_ms = self
            .calendar
            .add(at_ms, self.policy.grace.of(self.target_ms.unwrap_or(0)));
        let wanted_ms = plain_ms.max(grace_ms);
        let due_ms = old_ms
            .filter(|old_ms| *old_ms >= at_ms)
            .map_or(wanted_ms, |old_ms| old_ms.min(wanted_ms));
        self.retro_due_ms = None;
        if due_ms != plain_ms {
            self.retro_due_ms = Some(plain_ms);
            self.flag(Flag::Grace);
        }
        self.rebase(at_ms, due_ms);
    }

    /// Takes another target, counted from the original start with all pauses (R12).
    pub(super) fn retarget(&mut self, at_ms: i64, target_ms: Option<i64>) {
        let old_ms = self.target_ms.map(|_| self.due(at_ms));
        self.target_ms = target_ms;
        self.manual = false;
        let Some(target_ms) = target_ms else { return };
        let plain_ms = self
            .calendar
            .add(self.start_ms, target_ms + self.paused_work(self.start_ms, at_ms));
        if old_ms.is_none_or(|old_ms| plain_ms < old_ms) {
            self.shorten(at_ms, plain_ms, old_ms);
        } else {
            self.retro_due_ms = None;
            self.basis = Basis {
                base_ms: self.start_ms,
                budget_ms: target_ms,
                fixed_ms: None,
            };
        }
        self.revise(old_ms, at_ms);
    }

    /// What fulfilled it is void: it is owed under the present promise, with grace where that has passed (R13).
    pub(super) fn owe_again(&mut self, at_ms: i64, policy: &'a Policy, tier: Tier) {
        self.end = End::Open;
        if self.metric == Metric::ChannelLimit {
            return;
        }
        let old_ms = self.due(at_ms);
        (self.policy, self.tier) = (policy, tier);
        let target_ms = policy
            .target_secs(tier, self.metric)
            .map(|secs| i64::from(secs) * 1000);
        let changed = !self.manual && target_ms.is_some() && target_ms != self.target_ms;
        let mut plain_ms = old_ms;
        if changed {
            let target = target_ms.unwrap_or(0);
            self.target_ms = target_ms;
            self.retro_due_ms = None;
            self.basis = Basis {
                base_ms: self.start_ms,
                budget_ms: target,
                fixed_ms: None,
            };
            plain_ms = self.due(at_ms);
        }
        if plain_ms < at_ms || plain_ms < old_ms {
            self.shorten(at_ms, plain_ms, Some(old_ms));
        }
        self.revise(Some(old_ms), at_ms);
    }

    /// A due time that moved is a new revision, whose warnings are new (R20).
    pub(super) fn revise(&mut self, old_ms: Option<i64>, at_ms: i64) {
        let due_ms = self.due(at_ms);
        self.original_due_ms.get_or_insert(due_ms);
        if old_ms.is_some_and(|old_ms| old_ms != due_ms) {
            self.revision += 1;
        }
    }

    pub(super) fn into_clock(mut self, limits: &[Limit], now_ms: i64) -> Option<Clock> {
        let target_ms = self.target_ms?;
        let due_ms = match self.end {
            End::Open => self.effective_due(limits, now_ms),
            End::Met { due_ms, .. } | End::Breached { due_ms, .. } | End::Cancelled { due_ms, .. } => due_ms,
        };
        let (mut fulfilled_ms, mut stopped_ms, mut late_by_ms, mut reason) = (None, None, None, None);
        let mut state = match self.end {
            End::Open if self.paused.is_some() => ClockState::Paused,
            End::Open => ClockState::Running,
            End::Met { at_ms, .. } => {
                fulfilled_ms = at_ms;
                ClockState::Met
            }
            End::Breached {
                fulfilled_ms: fulfilled,
                stopped_ms: stopped,
                ..
            } => {
                (fulfilled_ms, stopped_ms) = (fulfilled, stopped);
                late_by_ms = Some(fulfilled.or(stopped).unwrap_or(now_ms) - due_ms);
                ClockState::Breached
            }
            End::Cancelled {
                reason: why, at_ms, ..
            } => {
                (stopped_ms, reason) = (Some(at_ms), Some(why));
                ClockState::Cancelled
            }
        };
        if self.annulled && state == ClockState::Breached {
            (state, reason) = (ClockState::Cancelled, Some(CancelReason::Annulled));
        }
        let open = matches!(state, ClockState::Running | ClockState::Paused);
        let remaining_ms = if open {
            self.calendar.work_between(now_ms, due_ms)
        } else {
            0
        };
        if limits
            .iter()
            .any(|limit| self.is_limited_by(limit) && limit.due_ms == due_ms)
        {
            self.flag(Flag::ChannelLimited);
        }
        let paused_secs = self.paused_work(self.start_ms, now_ms) / 1000;
        let pauses = match self.paused {
            None => std::mem::take(&mut self.pauses),
            Some(_) => self.pauses_until(now_ms).collect(),
        };
        self.flags.sort_unstable();
        Some(Clock {
            metric: self.metric,
            cycle: self.cycle,
            subject: self.subject,
            revision: self.revision,
            start_ms: self.start_ms,
            target_secs: secs(target_ms),
            due_ms,
            original_due_ms: self.original_due_ms.unwrap_or(due_ms),
            retro_due_ms: self.retro_due_ms,
            state,
            reason,
            fulfilled_ms,
            stopped_ms,
            remaining_working_secs: remaining_ms / 1000,
            late_by_ms,
            paused_secs,
            pauses,
            opens_ms: self.opens_ms,
            base_ms: self.basis.base_ms,
            budget_ms: self.basis.budget_ms,
            manual: self.manual,
            tier: self.tier,
            policy: self.policy.version,
            calendar: self.calendar.version(),
            owner: self.owner,
            carried_to: self.carried_to,
            carried_from: self.carried_from,
            flags: self.flags,
        })
    }
}

pub(super) fn secs(ms: i64) -> u32 {
    u32::try_from(ms / 1000).unwrap_or(u32::MAX)
}
