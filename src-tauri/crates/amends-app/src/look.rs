//! When the scheduler must look at a ticket again: the instant of its next warning.

use crate::{project, rules::Rules};
use amends_domain::sla::{
    Clock, ClockState, Event,
    alerts::{self, Level},
};

/// A clock's name inside its ticket, the first part of its alerts' keys.
pub(crate) fn clock_name(clock: &Clock) -> String {
    format!("{}/{}/{}", clock.cycle, clock.metric, clock.subject.id())
}

/// The key of an alert: rings once, ever (sla.md R20).
pub(crate) fn alert_key(ticket: &str, clock: &Clock, level: Level) -> String {
    format!("{ticket}/{}/{}/{level}", clock_name(clock), clock.revision)
}

/// Clock name, revision and level of an alert's key; none for a new urgent ticket's.
pub(crate) fn read_key(key: &str) -> Option<(&str, u32, Level)> {
    let (rest, level) = key.rsplit_once('/')?;
    let (rest, revision) = rest.rsplit_once('/')?;
    let (_, clock) = rest.split_once('/')?;
    Some((clock, revision.parse().ok()?, level.parse().ok()?))
}

/// What was ever rung or noted for one clock, as (revision, level).
pub(crate) fn recorded(keys: &[String], clock: &str) -> Vec<(u32, Level)> {
    keys.iter()
        .filter_map(|key| read_key(key))
        .filter(|(name, ..)| *name == clock)
        .map(|(_, revision, level)| (revision, level))
        .collect()
}

/// Somebody still owes what the clock measures.
pub(crate) fn is_owed(clock: &Clock) -> bool {
    clock.fulfilled_ms.is_none()
        && clock.stopped_ms.is_none()
        && matches!(clock.state, ClockState::Running | ClockState::Breached)
}

/// The next warning of a ticket that has just opened. One whose owner the program chooses is looked at at once.
pub(crate) fn at_opening(clocks: &[Clock], rules: &Rules, now_ms: i64) -> Option<i64> {
    if rules.assigns {
        return Some(now_ms);
    }
    earliest(clocks, rules, &[])
}

/// The next warning that a log leads to if nothing more happens; in the past if one was reached and not recorded.
/// Pauses end by themselves at their cap (R11), so a paused ticket is judged as of then.
pub(crate) fn next(
    log: &[Event],
    clocks: &[Clock],
    rules: &Rules,
    keys: &[String],
    now_ms: i64,
) -> Option<i64> {
    if clocks.iter().all(|clock| clock.state != ClockState::Paused) {
        return earliest(clocks, rules, keys);
    }
    let cap_ms = clocks
        .iter()
        .map(|clock| i64::from(rules.policies.get(clock.policy).pause_cap_secs) * 1000)
        .max()
        .unwrap_or(0);
    earliest(&project::clocks(log, rules, now_ms + cap_ms + 1), rules, keys)
}

fn earliest(clocks: &[Clock], rules: &Rules, keys: &[String]) -> Option<i64> {
    clocks
        .iter()
        .filter(|clock| is_owed(clock))
        .flat_map(|clock| {
            let known = recorded(keys, &clock_name(clock));
            let (policy, calendar) = (
                rules.policies.get(clock.policy),
                rules.calendars.get(clock.calendar),
            );
            alerts::instants(clock, policy, calendar)
                .into_iter()
                // A level reached under another revision never rings again (R20).
                .filter(move |alert| !known.iter().any(|(_, level)| *level >= alert.level))
                .map(|alert| alert.at_ms)
        })
        .min()
}
