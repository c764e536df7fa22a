//! From a ticket's events to its clocks (sla.md R4): a pure replay, nothing cached, nothing read.
//!
//! The events are taken in the order in which they happened. Before each of them, and once more at `now`, every
//! open clock is settled: a pause that ended by itself is ended, and a clock whose due time lies behind is breached
//! at that due time. So a clock is judged by when things happened, never by when somebody looked (R7).

mod replay;
mod run;

use super::calendar::{Calendar, CalendarVersion, Calendars, DAY_MS, instant, local_to_ms};
use super::event::{CarriedClock, Event, Metric, Span, Subject, TicketStatus};
use super::policy::{FollowUpWindow, Policies, Policy, PolicyVersion};
use crate::id::{PersonId, ReviewId, TicketId};
use crate::words::{Tier, UnknownWord, vocabulary};
use chrono::{Days, NaiveDate};
use replay::Replay;
use run::{End, secs};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A pause this soon after an unanswered customer message looks like gaming and must be confirmed (R11).
pub const PAUSE_AFTER_MESSAGE_MS: i64 = 10 * 60_000;

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
    let closed = instant(closed_ms).with_timezone(&zone).date_naive();
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

/// Whether a complaint at `at_ms` reopens the ticket closed at `closed_ms`; later, it is a new, linked one (R17).
pub fn reopens_same_ticket(closed_ms: i64, at_ms: i64, policy: &Policy) -> bool {
    at_ms - closed_ms <= i64::from(policy.reopen_days) * DAY_MS
}
