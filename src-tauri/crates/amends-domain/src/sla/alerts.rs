//! When a clock rings, for whom, and what rings after a gap (sla.md R20, R21).
//!
//! A clock is (ticket, cycle, metric, subject). An alert is (clock, target revision, level) and fires once, ever,
//! over any restarts; a delivery is (alert, person). Everything here is a pure function: the app keeps the rows.

use super::calendar::{Calendar, Window, instant, local_to_ms};
use super::engine::{Clock, ClockState};
use super::event::{Metric, Subject};
use super::policy::Policy;
use crate::id::{PersonId, TicketId};
use crate::words::{Tier, UnknownWord, vocabulary};
use chrono::{NaiveTime, TimeDelta, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

vocabulary! {
    /// How far a clock has come. Ordered.
    Level {
        /// 75 % by default.
        L1 = "l1",
        /// 90 % by default.
        L2 = "l2",
        /// The due time.
        Due = "due",
        /// 25 % past the due time by default.
        Overdue = "overdue",
    }
}

vocabulary! {
    /// Whom an alert is for; the app knows which person that is now.
    Recipient {
        /// 负责人
        Assignee = "assignee",
        /// 审批人: owns the approval clock (R26)
        Approver = "approver",
        /// 值班
        OnCall = "on_call",
        /// 主管
        Supervisor = "supervisor",
        /// 经理
        Manager = "manager",
    }
}

/// Identity of a clock over all its revisions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClockKey {
    /// The ticket.
    pub ticket: TicketId,
    /// Its cycle, from 1.
    pub cycle: u32,
    /// What is measured.
    pub metric: Metric,
    /// The review, message or approval, or the ticket.
    pub subject: Subject,
}

impl ClockKey {
    /// The key of one of a ticket's clocks.
    pub fn of(ticket: &TicketId, clock: &Clock) -> Self {
        Self {
            ticket: ticket.clone(),
            cycle: clock.cycle,
            metric: clock.metric,
            subject: clock.subject.clone(),
        }
    }
}

/// Identity of an alert: fires once, ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlertKey {
    /// The clock.
    pub clock: ClockKey,
    /// The revision of its target.
    pub revision: u32,
    /// The level.
    pub level: Level,
}

/// Identity of a delivery: each person's desk rings for that person only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeliveryKey {
    /// The alert.
    pub alert: AlertKey,
    /// The person.
    pub person: PersonId,
}

/// An instant at which a clock reaches a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertInstant {
    /// The level.
    pub level: Level,
    /// When, UTC milliseconds.
    pub at_ms: i64,
}

/// Whom a level of a metric is for by default (R20); an approval's warnings go to whoever is to decide (R26).
pub const fn recipients(metric: Metric, level: Level) -> &'static [Recipient] {
    match (metric, level) {
        (Metric::Approval, Level::L1 | Level::L2) => &[Recipient::Approver],
        (_, Level::L1) => &[Recipient::Assignee],
        (_, Level::L2) => &[Recipient::Assignee, Recipient::OnCall],
        (_, Level::Due) => &[Recipient::Supervisor],
        (_, Level::Overdue) => &[Recipient::Manager],
    }
}

/// The instants at which a clock reaches its levels, in order. Levels that a pause or a fulfilment keeps it from
/// reaching are left out; a cancelled clock has none.
pub fn instants(clock: &Clock, policy: &Policy, calendar: &Calendar) -> Vec<AlertInstant> {
    if clock.state == ClockState::Cancelled {
        return Vec::new();
    }
    let paused: i64 = clock
        .pauses
        .iter()
        .map(|p| calendar.work_between(p.from_ms.max(clock.base_ms), p.until_ms))
        .sum();
    let work = (calendar.work_between(clock.base_ms, clock.due_ms) - paused).max(0);
    let overdue_of = match clock.metric {
        Metric::FollowUp | Metric::ChannelLimit => work,
        _ => i64::from(clock.target_secs) * 1000,
    };
    let open_since = match clock.state {
        ClockState::Paused => clock.pauses.last().map(|pause| pause.from_ms),
        _ => None,
    };
    let end_ms = clock.fulfilled_ms.or(clock.stopped_ms);
    let share = |percent: u8| reach(clock, calendar, work * i64::from(percent) / 100);
    [
        (Level::L1, share(policy.warn.first)),
        (Level::L2, share(policy.warn.second)),
        (Level::Due, clock.due_ms),
        (
            Level::Overdue,
            calendar.add(clock.due_ms, overdue_of * i64::from(policy.warn.overdue) / 100),
        ),
    ]
    .into_iter()
    .filter(|(_, at_ms)| open_since.is_none_or(|since_ms| *at_ms < since_ms))
    // Met at the due time itself is met (R2): what ends at a level's instant never reaches it.
    .filter(|(_, at_ms)| end_ms.is_none_or(|end_ms| *at_ms < end_ms))
    .filter(|(level, _)| {
        clock.state != ClockState::Met || (clock.fulfilled_ms.is_some() && *level < Level::Due)
    })
    .map(|(level, at_ms)| AlertInstant { level, at_ms })
    .collect()
}

/// The instant by which `work_ms` unpaused working milliseconds have passed since the clock's base.
fn reach(clock: &Clock, calendar: &Calendar, work_ms: i64) -> i64 {
    let mut need = work_ms;
    let mut at_ms = calendar.add(clock.base_ms, need);
    for pause in &clock.pauses {
        if pause.until_ms <= clock.base_ms {
            continue;
        }
        if pause.from_ms >= at_ms {
            break;
        }
        need += calendar.work_between(pause.from_ms.max(clock.base_ms), pause.until_ms);
        at_ms = calendar.add(clock.base_ms, need);
    }
    at_ms
}

/// What one pass has to do for one clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pass {
    /// The one level that rings, with the instant it is recorded at (its own, not the pass's).
    pub ring: Option<AlertInstant>,
    /// Levels that were missed and are only noted.
    pub noted: Vec<AlertInstant>,
}

/// What rings for a clock at `now_ms`, given what was ever rung or noted for it as (revision, level) (R20).
///
/// After a gap (sleep, restart, days off) only the highest missed level rings. A level reached under another
/// revision never rings again. Nothing rings for a clock that nobody owes any more.
pub fn pass(clock: &Clock, instants: &[AlertInstant], recorded: &[(u32, Level)], now_ms: i64) -> Pass {
    // Whatever the revision: an undone change may even have taken it back.
    let seen = |level: Level| recorded.iter().any(|&(_, known)| known == level);
    let mut noted: Vec<AlertInstant> = instants
        .iter()
        .copied()
        .filter(|alert| alert.at_ms <= now_ms && !seen(alert.level))
        .collect();
    noted.sort_by_key(|alert| alert.level);
    let owed = clock.fulfilled_ms.is_none() && clock.stopped_ms.is_none() && clock.state != ClockState::Met;
    let louder = recorded.iter().map(|&(_, level)| level).max();
    let ring = noted
        .last()
        .copied()
        .filter(|alert| owed && louder.is_none_or(|louder| alert.level > louder));
    if ring.is_some() {
        noted.pop();
    }
    Pass { ring, noted }
}

/// Whether a level still makes itself heard: an acknowledgement silences until the next level.
pub fn is_silenced(level: Level, acknowledged: Option<Level>) -> bool {
    acknowledged.is_some_and(|acknowledged| level <= acknowledged)
}

/// Who is there when an alert rings. The roster is not the calendar: a promise runs while nobody works (R21).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// The ticket has an assignee who is on shift.
    pub assignee: bool,
    /// Somebody who may take the ticket is on shift.
    pub anyone: bool,
    /// Somebody is on call.
    pub on_call: bool,
}

/// Whom a level reaches: nobody on shift means on-call, then the lead, at once (R21).
pub fn route(metric: Metric, level: Level, duty: Duty) -> Vec<Recipient> {
    route_to(recipients(metric, level), duty)
}

/// Whom an alert for these reaches, where the workspace has a ladder of its own.
pub fn route_to(wanted: &[Recipient], duty: Duty) -> Vec<Recipient> {
    let mut reached: Vec<Recipient> = Vec::with_capacity(2);
    for &wanted in wanted {
        let there = match wanted {
            Recipient::Assignee if duty.assignee || duty.anyone => Recipient::Assignee,
            Recipient::Assignee | Recipient::OnCall if duty.on_call => Recipient::OnCall,
            Recipient::Assignee | Recipient::OnCall => Recipient::Supervisor,
            other => other,
        };
        if !reached.contains(&there) {
            reached.push(there);
        }
    }
    reached
}

/// Hours in which only 紧急 rings; the rest waits for one summary (R21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// Daily window on the person's wall clock; may pass midnight.
    pub window: Window,
    /// The person's zone.
    pub zone: Tz,
}

impl QuietHours {
    /// The end of the quiet hours that hold an alert back at `at_ms`; none if it rings now.
    pub fn hold_until(&self, tier: Tier, at_ms: i64) -> Option<i64> {
        if tier == Tier::Urgent {
            return None;
        }
        let local = instant(at_ms).with_timezone(&self.zone).naive_local();
        let minute = local.hour() * 60 + local.minute();
        let (open, close) = (
            u32::from(self.window.open_minute()),
            u32::from(self.window.close_minute()),
        );
        let since_yesterday = close > 1440 && minute < close - 1440;
        if !since_yesterday && !(open..close).contains(&minute) {
            return None;
        }
        let end = if since_yesterday { close - 1440 } else { close };
        Some(local_to_ms(
            self.zone,
            local.date().and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(end)),
        ))
    }
}

/// What a person hears of several alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sound<T> {
    /// One alert.
    One(T),
    /// One summary in place of these.
    Summary(Vec<T>),
}

/// This many alerts within [`FOLD_MS`] become one summary.
pub const FOLD_FROM: usize = 3;
/// Alerts this close together are a burst, milliseconds.
pub const FOLD_MS: i64 = 10_000;

/// Folds bursts: three or more alerts within ten seconds of the first ring as one summary. `alerts` are
/// `(instant, alert)` in order of time.
pub fn fold<T>(alerts: impl IntoIterator<Item = (i64, T)>) -> Vec<Sound<T>> {
    let mut bursts: Vec<(i64, Vec<T>)> = Vec::new();
    for (at_ms, alert) in alerts {
        match bursts.last_mut() {
            Some((first_ms, burst)) if at_ms - *first_ms < FOLD_MS => burst.push(alert),
            _ => bursts.push((at_ms, vec![alert])),
        }
    }
    let mut sounds = Vec::new();
    for (_, burst) in bursts {
        if burst.len() >= FOLD_FROM {
            sounds.push(Sound::Summary(burst));
        } else {
            sounds.extend(burst.into_iter().map(Sound::One));
        }
    }
    sounds
}
