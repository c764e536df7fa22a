//! From a ticket's events to its clocks (sla.md R4): a pure replay, nothing cached, nothing read.
//!
//! The events are taken in the order in which they happened. Before each of them, and once more at `now`, every
//! open clock is settled: a pause that ended by itself is ended, and a clock whose due time lies behind is breached
//! at that due time. So a clock is judged by when things happened, never by when somebody looked (R7).

use super::calendar::{Calendar, CalendarVersion, Calendars, DAY_MS, local_to_ms};
use super::event::{
    CarriedClock, ContactOutcome, Event, EventKind, Invitation, LimitKind, ManualDueAnswer, Metric, ReplyBy,
    Span, Subject, TicketStatus, effective,
};
use super::policy::{FollowUpWindow, Policies, Policy, PolicyVersion, StartAt};
use crate::id::{PersonId, ReplyId, ReviewId, TicketId};
use crate::review::Precision;
use crate::words::{Tier, UnknownWord, vocabulary};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A pause this soon after an unanswered customer message looks like gaming and must be confirmed (R11).
pub const PAUSE_AFTER_MESSAGE_MS: i64 = 10 * 60_000;
/// Recorded this much after it happened, an answer counts as stated afterwards (R27).
const BACKDATED_MS: i64 = 60_000;

vocabulary! {
    /// How a clock stands at `now`.
    ClockState {
        /// Counting; at `now` = due it is due now (R2).
        Running = "running",
        /// Resting; nothing can turn late meanwhile (R10).
        Paused = "paused",
        /// Fulfilled at or before its due time.
        Met = "met",
        /// Not fulfilled by its due time.
        Breached = "breached",
        /// Neither met nor missed, see [`CancelReason`].
        Cancelled = "cancelled",
    }
}

vocabulary! {
    /// Why a clock is neither met nor missed.
    CancelReason {
        /// Goes on in another ticket (R18).
        Merged = "merged",
        /// The answer that had brought it about was refused by the platform.
        Void = "void",
        /// A breach taken out by a manager with a reason (R14).
        Annulled = "annulled",
        /// No handling needed.
        Dismissed = "dismissed",
        /// Closed first.
        Closed = "closed",
        /// A new cycle began first (R17).
        Reopened = "reopened",
        /// Raised to 4 stars or more before our answer (R24).
        ReviewRaised = "review_raised",
        /// Deleted before our answer (R24).
        ReviewDeleted = "review_deleted",
        /// A person decided that no answer is needed (R19).
        NoReplyNeeded = "no_reply_needed",
        /// The platform's limit had passed before it was known.
        AlreadyExpired = "already_expired",
        /// Finished without it.
        Done = "done",
    }
}

vocabulary! {
    /// What people should see beside a clock.
    Flag {
        /// 迟升级: the tier was raised after the new target had already passed.
        LateEscalation = "late_escalation",
        /// Grace moved the due time back (R13).
        Grace = "grace",
        /// A date set by hand outlived a tier change that nobody was asked about (R23).
        ManualDueKept = "manual_due_kept",
        /// Paused within ten minutes after an unanswered customer message (R11).
        PausedAfterMessage = "paused_after_message",
        /// The pause ended because its 72 hours were used up (R11).
        PauseCapped = "pause_capped",
        /// Fulfilled at a time that a person stated afterwards (R27).
        Backdated = "backdated",
        /// Fulfilled by an answer whose time is unknown: left out of response times (R27).
        Untimed = "untimed",
        /// The platform's limit is earlier than the promise (R22).
        ChannelLimited = "channel_limited",
    }
}

/// A pause of one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// First paused instant, UTC milliseconds.
    pub from_ms: i64,
    /// First instant that counts again; for an open pause, `now`.
    pub until_ms: i64,
    /// The state that paused it.
    pub status: TicketStatus,
}

/// One deadline of a ticket as it stands at `now`. Its identity is (ticket, cycle, metric, subject) (R20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What it measures.
    pub metric: Metric,
    /// Cycle of the ticket, from 1 (R17).
    pub cycle: u32,
    /// The review, message or approval it is about, or the ticket.
    pub subject: Subject,
    /// Counts the changes of its target, from 1. Pauses are no change.
    pub revision: u32,
    /// Start, UTC milliseconds.
    pub start_ms: i64,
    /// The promise, seconds of working time.
    pub target_secs: u32,
    /// Due, UTC milliseconds, with the platform's limit taken in (R22). While paused: as if resumed at `now`.
    pub due_ms: i64,
    /// What had been promised before any change.
    pub original_due_ms: i64,
    /// The due time that the present target alone would give, where grace or a later start moved it.
    pub retro_due_ms: Option<i64>,
    /// How it stands.
    pub state: ClockState,
    /// Why it is cancelled; set exactly then.
    pub reason: Option<CancelReason>,
    /// When it was fulfilled.
    pub fulfilled_ms: Option<i64>,
    /// When it stopped without being fulfilled.
    pub stopped_ms: Option<i64>,
    /// Working seconds left at `now`; 0 unless running or paused.
    pub remaining_working_secs: i64,
    /// Real milliseconds between due and fulfilment (or stop, or `now`) of a breached or annulled clock.
    pub late_by_ms: Option<i64>,
    /// Working seconds that pauses took out of it up to `now`.
    pub paused_secs: i64,
    /// Its pauses, in order, disjoint.
    pub pauses: Vec<Pause>,
    /// When a follow-up may begin (R25).
    pub opens_ms: Option<i64>,
    /// Warnings are shares of the working time from here on (R13, R20).
    pub base_ms: i64,
    /// Working milliseconds between `base_ms` and due, pauses not counted.
    pub budget_ms: i64,
    /// A person set the due time (R23).
    pub manual: bool,
    /// The tier it is judged by.
    pub tier: Tier,
    /// Policy version it is judged by.
    pub policy: PolicyVersion,
    /// Calendar version it is judged by.
    pub calendar: CalendarVersion,
    /// Who owns an approval's time.
    pub owner: Option<PersonId>,
    /// The survivor that goes on with it; figures count it there.
    pub carried_to: Option<TicketId>,
    /// The merged ticket it came from.
    pub carried_from: Option<TicketId>,
    /// What people should see beside it.
    pub flags: Vec<Flag>,
}

/// Every clock of a ticket at `now_ms`, cycle by cycle.
///
/// `log` is in the order it was written. Events after `now_ms` have not happened yet. A log without a
/// [`EventKind::Received`] has no clocks. Version numbers that are unknown fall back to the newest known.
pub fn clocks(log: &[Event], policies: &Policies, calendars: &Calendars, now_ms: i64) -> Vec<Clock> {
    let Some(mut replay) = Replay::run(log, policies, calendars, now_ms) else {
        return Vec::new();
    };
    let limits = std::mem::take(&mut replay.limits);
    let mut clocks: Vec<Clock> = replay
        .runs
        .into_iter()
        .filter_map(|run| run.into_clock(&limits, now_ms))
        .collect();
    clocks.sort_by_key(|clock| (clock.cycle, clock.metric));
    clocks
}

/// The clocks of a ticket that has just been received and nothing else, as [`clocks`] gives them for that one event
/// at `now_ms = start_ms`. The fast way for large imports.
pub fn opening_clocks(
    review: &ReviewId,
    tier: Tier,
    start_ms: i64,
    policy: &Policy,
    calendar: &Calendar,
) -> Vec<Clock> {
    let mut clocks = Vec::with_capacity(3);
    for metric in [Metric::FirstResponse, Metric::Solution, Metric::Closure] {
        let Some(target_secs) = policy.target_secs(tier, metric) else {
            continue;
        };
        let due_ms = calendar.add_secs(start_ms, target_secs);
        clocks.push(Clock {
            metric,
            cycle: 1,
            subject: match metric {
                Metric::FirstResponse => Subject::Review(review.clone()),
                _ => Subject::Ticket,
            },
            revision: 1,
            start_ms,
            target_secs,
            due_ms,
            original_due_ms: due_ms,
            retro_due_ms: None,
            state: ClockState::Running,
            reason: None,
            fulfilled_ms: None,
            stopped_ms: None,
            remaining_working_secs: i64::from(target_secs),
            late_by_ms: None,
            paused_secs: 0,
            pauses: Vec::new(),
            opens_ms: None,
            base_ms: start_ms,
            budget_ms: i64::from(target_secs) * 1000,
            manual: false,
            tier,
            policy: policy.version,
            calendar: calendar.version(),
            owner: None,
            carried_to: None,
            carried_from: None,
            flags: Vec::new(),
        });
    }
    clocks
}

/// What a ticket that is being merged hands to its survivor (R18): its clocks of the current cycle that are not
/// fulfilled, for [`EventKind::MergedFrom`].
pub fn carried(log: &[Event], policies: &Policies, calendars: &Calendars, at_ms: i64) -> Vec<CarriedClock> {
    let Some(replay) = Replay::run(log, policies, calendars, at_ms) else {
        return Vec::new();
    };
    let (cycle, open) = (replay.cycle, replay.cycle_open);
    replay
        .runs
        .into_iter()
        .filter(|run| open && run.cycle == cycle)
        .filter_map(|run| {
            let breached_due_ms = match run.end {
                End::Open => None,
                End::Breached {
                    due_ms,
                    fulfilled_ms: None,
                    stopped_ms: None,
                } => Some(due_ms),
                _ => return None,
            };
            let target_ms = run.target_ms?;
            let pauses = run
                .pauses_until(at_ms)
                .map(|p| Span {
                    from_ms: p.from_ms,
                    until_ms: p.until_ms,
                })
                .collect();
            Some(CarriedClock {
                metric: run.metric,
                start_ms: run.start_ms,
                target_secs: secs(target_ms),
                base_ms: run.basis.base_ms,
                budget_ms: run.basis.budget_ms,
                manual_due_ms: run.basis.fixed_ms,
                original_due_ms: run.original_due_ms.unwrap_or_else(|| run.due(at_ms)),
                pauses,
                fulfilled_ms: None,
                breached_due_ms,
                subject: run.subject,
            })
        })
        .collect()
}

/// When a ticket closed at `closed_ms` is to be followed up: opens and is due (R25).
pub fn follow_up_window(closed_ms: i64, window: &FollowUpWindow, calendar: &Calendar) -> (i64, i64) {
    let zone = calendar.zone();
    let closed = super::calendar::instant(closed_ms)
        .with_timezone(&zone)
        .date_naive();
    let end = |days: u8, minute: u16| {
        let mut date = closed
            .checked_add_days(Days::new(u64::from(days)))
            .unwrap_or(NaiveDate::MAX);
        // A calendar cannot be all holidays for a year; the bound only keeps a broken one from looping.
        for _ in 0..366 {
            if !(window.respect_holidays && calendar.is_holiday(date)) {
                break;
            }
            date = date.succ_opt().unwrap_or(date);
        }
        let midnight = date.and_time(chrono::NaiveTime::MIN);
        local_to_ms(zone, midnight + chrono::TimeDelta::minutes(i64::from(minute)))
    };
    (
        end(window.first_day, window.contact_hours.open_minute()),
        end(window.last_day, window.contact_hours.close_minute()),
    )
}

/// How a clock ended, if it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
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
struct Basis {
    base_ms: i64,
    budget_ms: i64,
    fixed_ms: Option<i64>,
}

/// An open pause.
#[derive(Debug, Clone, Copy)]
struct OpenPause {
    since_ms: i64,
    status: TicketStatus,
    /// The date that was set for its end.
    until_ms: Option<i64>,
    /// Ends by itself then: set date or cap (R11).
    ends_ms: i64,
}

/// A platform limit that caps other clocks (R22).
#[derive(Debug, Clone)]
struct Limit {
    kind: LimitKind,
    subject: Subject,
    due_ms: i64,
}

/// One clock while its log is replayed.
#[derive(Debug, Clone)]
struct Run<'a> {
    metric: Metric,
    cycle: u32,
    subject: Subject,
    start_ms: i64,
    /// None: the tier has no such target; the clock rests unseen but remembers its pauses.
    target_ms: Option<i64>,
    basis: Basis,
    manual: bool,
    original_due_ms: Option<i64>,
    retro_due_ms: Option<i64>,
    revision: u32,
    pauses: Vec<Pause>,
    paused: Option<OpenPause>,
    opens_ms: Option<i64>,
    end: End,
    annulled: bool,
    by_reply: Option<ReplyId>,
    tier: Tier,
    policy: &'a Policy,
    calendar: &'a Calendar,
    owner: Option<PersonId>,
    carried_to: Option<TicketId>,
    carried_from: Option<TicketId>,
    flags: Vec<Flag>,
}

impl<'a> Run<'a> {
    fn is_open(&self) -> bool {
        self.end == End::Open
    }

    /// Neither fulfilled nor given up, late or not.
    fn is_owed(&self) -> bool {
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

    fn is_fulfilled(&self) -> bool {
        matches!(
            self.end,
            End::Met { .. }
                | End::Breached {
                    fulfilled_ms: Some(_),
                    ..
                }
        )
    }

    fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }

    /// Pauses with an open one cut at `at_ms`.
    fn pauses_until(&self, at_ms: i64) -> impl Iterator<Item = Pause> + '_ {
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
    fn paused_work(&self, from_ms: i64, at_ms: i64) -> i64 {
        if self.pauses.is_empty() && self.paused.is_none() {
            return 0;
        }
        self.pauses_until(at_ms)
            .map(|p| self.calendar.work_between(p.from_ms.max(from_ms), p.until_ms))
            .sum()
    }

    /// The due time without platform limits, an open pause taken to end at `at_ms` (R9).
    fn due(&self, at_ms: i64) -> i64 {
        let paused = self.paused_work(self.basis.base_ms, at_ms);
        match self.basis.fixed_ms {
            Some(due_ms) => self.calendar.add(due_ms, paused),
            None => self
                .calendar
                .add(self.basis.base_ms, self.basis.budget_ms + paused),
        }
    }

    /// The due time with the platform's limits (R22).
    fn effective_due(&self, limits: &[Limit], at_ms: i64) -> i64 {
        let due_ms = self.due(at_ms);
        limits
            .iter()
            .filter(|limit| self.is_limited_by(limit))
            .map(|limit| limit.due_ms)
            .fold(due_ms, i64::min)
    }

    fn is_limited_by(&self, limit: &Limit) -> bool {
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
    fn cap_end(&self, since_ms: i64) -> i64 {
        let used: i64 = self.pauses.iter().map(|p| p.until_ms - p.from_ms).sum();
        since_ms.saturating_add(i64::from(self.policy.pause_cap_secs) * 1000 - used)
    }

    fn pause(&mut self, at_ms: i64, status: TicketStatus, until_ms: Option<i64>) {
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

    fn resume(&mut self, at_ms: i64) {
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
    fn recap(&mut self, at_ms: i64) {
        let Some(mut open) = self.paused else { return };
        let cap_end = self.cap_end(open.since_ms).max(at_ms);
        open.ends_ms = open.until_ms.map_or(cap_end, |until| until.min(cap_end));
        self.paused = Some(open);
    }

    /// Pauses or resumes as the policy has it for a state.
    fn enter(&mut self, at_ms: i64, status: TicketStatus, until_ms: Option<i64>) {
        if self.policy.pauses.pauses(self.metric, status) {
            self.pause(at_ms, status, until_ms);
        } else {
            self.resume(at_ms);
        }
    }

    /// Brings the clock to `at_ms`, at which something happens or somebody looks.
    fn settle(&mut self, limits: &[Limit], at_ms: i64) {
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
    fn fulfil(&mut self, limits: &[Limit], at_ms: i64, by_reply: Option<&ReplyId>) {
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
    fn cancel(&mut self, limits: &[Limit], at_ms: i64, reason: CancelReason) {
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
    fn rebase(&mut self, base_ms: i64, due_ms: i64) {
        let budget_ms = self.calendar.work_between(base_ms, due_ms);
        let fixed_ms = (self.calendar.add(base_ms, budget_ms) != due_ms).then_some(due_ms);
        self.basis = Basis {
            base_ms,
            budget_ms,
            fixed_ms,
        };
    }

    /// Takes a shorter due time with grace (R13): `plain_ms` is what the target alone gives.
    fn shorten(&mut self, at_ms: i64, plain_ms: i64, old_ms: Option<i64>) {
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
    fn retarget(&mut self, at_ms: i64, target_ms: Option<i64>) {
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
    fn owe_again(&mut self, at_ms: i64, policy: &'a Policy, tier: Tier) {
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
    fn revise(&mut self, old_ms: Option<i64>, at_ms: i64) {
        let due_ms = self.due(at_ms);
        self.original_due_ms.get_or_insert(due_ms);
        if old_ms.is_some_and(|old_ms| old_ms != due_ms) {
            self.revision += 1;
        }
    }

    fn into_clock(mut self, limits: &[Limit], now_ms: i64) -> Option<Clock> {
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

fn secs(ms: i64) -> u32 {
    u32::try_from(ms / 1000).unwrap_or(u32::MAX)
}

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
struct Replay<'a> {
    policies: &'a Policies,
    calendars: &'a Calendars,
    policy: &'a Policy,
    calendar: &'a Calendar,
    tier: Tier,
    cycle: u32,
    /// False once closed, dismissed or merged: nothing of the cycle is judged again (R15).
    cycle_open: bool,
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
    limits: Vec<Limit>,
    runs: Vec<Run<'a>>,
}

/// A human answer that the customer could read.
struct Answer {
    at_ms: i64,
    reply: Option<ReplyId>,
    review: Option<ReviewId>,
}

impl<'a> Replay<'a> {
    /// Replays everything up to `until_ms` and settles every clock there.
    fn run(log: &[Event], policies: &'a Policies, calendars: &'a Calendars, until_ms: i64) -> Option<Self> {
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

    fn settle(&mut self, at_ms: i64) {
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

/// Whether a complaint at `at_ms` reopens the ticket closed at `closed_ms`; later, it is a new, linked one (R17).
pub fn reopens_same_ticket(closed_ms: i64, at_ms: i64, policy: &Policy) -> bool {
    at_ms - closed_ms <= i64::from(policy.reopen_days) * DAY_MS
}
