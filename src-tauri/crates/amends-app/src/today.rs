//! Today 今日: are we all right? And why a deadline is when it is.

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{ClockWhy, HourLoad, InboxQuery, PersonLoad, SourceHealth, TodayView, View, WhatIf, WhyQuery},
    inbox, journal, project, shifts, views, workspace,
};
use amends_domain::{
    Tier,
    sla::{
        Clock, Metric,
        calendar::{DAY_MS, instant, local_to_ms},
        engine::Flag,
        why,
    },
};
use amends_store::{Moment, Store};
use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;

/// Nearest deadlines shown.
const NEAREST: u32 = 10;
/// A running scheduler is never that late: what waits longer fell due while none ran.
const CATCHING_UP_MS: i64 = 60_000;
pub(crate) const HOUR_MS: i64 = 3_600_000;

/// Are we all right?
///
/// # Errors
/// `store`.
pub async fn get(app: &App) -> Result<TodayView> {
    let (store, now_ms) = (app.store(), app.now());
    let settings = workspace::settings(&store).await?;
    let zone: Tz = settings.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let me = app.desk().actor.map(|actor| actor.id).unwrap_or_default();
    let (from_ms, until_ms) = day_of(now_ms, zone);
    let counts = store.counts(Some(&me), now_ms).await?;
    let sums = store.day_sums(from_ms, until_ms).await?;
    let total = |what: Moment| {
        views::count(
            sums.iter()
                .filter(|(kind, ..)| *kind == what)
                .map(|(.., n)| n)
                .sum(),
        )
    };
    let hours = hours(&sums);
    let duty = shifts::duty(&store, &settings.zone, now_ms).await?;
    let on_shift: Vec<&String> = duty.on_shift.iter().map(|person| &person.id).collect();
    let people = views::people(&store).await?;
    let loads = store
        .loads(now_ms)
        .await?
        .into_iter()
        .map(|load| PersonLoad {
            on_shift: load
                .owner_id
                .as_ref()
                .is_some_and(|owner| on_shift.contains(&owner)),
            person: load.owner_id.and_then(|owner| people.get(&owner).cloned()),
            open: views::count(load.open),
            overdue: views::count(load.overdue),
        })
        .collect();
    let query = InboxQuery {
        view: View::Open,
        limit: NEAREST,
        ..InboxQuery::default()
    };
    Ok(TodayView {
        now: views::instant(now_ms),
        open: views::count(counts.open),
        due_today: views::count(due_between(&store, now_ms, until_ms).await?),
        overdue: views::count(counts.overdue),
        at_risk: views::count(counts.due_1h),
        new_today: total(Moment::Arrived),
        answered_today: total(Moment::Answered),
        closed_today: total(Moment::Closed),
        hours,
        breaching: inbox::page(app, &query).await?.rows,
        duty,
        loads,
        sources: sources(&store, from_ms).await?,
        unread_alerts: views::count(store.unread_alerts(&me).await?),
        catching_up: views::count(store.waiting_looks(now_ms - CATCHING_UP_MS).await?),
    })
}

/// The local day around an instant, half-open.
pub(crate) fn day_of(now_ms: i64, zone: Tz) -> (i64, i64) {
    let midnight = instant(now_ms)
        .with_timezone(&zone)
        .date_naive()
        .and_time(NaiveTime::MIN);
    (
        local_to_ms(zone, midnight),
        local_to_ms(zone, midnight + TimeDelta::days(1)),
    )
}

async fn due_between(store: &Store, from_ms: i64, until_ms: i64) -> Result<i64> {
    let sums = store.day_sums(from_ms, until_ms.max(from_ms)).await?;
    Ok(sums
        .iter()
        .filter(|(kind, ..)| *kind == Moment::Due)
        .map(|(.., n)| n)
        .sum())
}

/// 24 hours of the day; a day of 25 hours adds its last to the 24th.
fn hours(sums: &[(Moment, i64, i64)]) -> Vec<HourLoad> {
    let at = |what: Moment, hour: i64| {
        let of = sums
            .iter()
            .filter(|(kind, at, _)| *kind == what && (*at).clamp(0, 23) == hour);
        views::count(of.map(|(.., n)| n).sum())
    };
    (0..DAY_MS / HOUR_MS)
        .map(|hour| HourLoad {
            hour: u8::try_from(hour).unwrap_or(0),
            due: at(Moment::Due, hour),
            arrived: at(Moment::Arrived, hour),
            answered: at(Moment::Answered, hour),
        })
        .collect()
}

async fn sources(store: &Store, from_ms: i64) -> Result<Vec<SourceHealth>> {
    let rejects = store.last_rejects().await?;
    let health = store.channel_health(from_ms).await?;
    Ok(health
        .into_iter()
        .map(|(name, last_at, reviews)| {
            let rejected = rejects
                .iter()
                .rfind(|(channel, _)| *channel == name)
                .map_or(0, |(_, n)| *n);
            SourceHealth {
                last_at: last_at.map(views::instant),
                reviews_today: views::count(reviews),
                problem: (rejected > 0)
                    .then(|| format!("上次导入有 {rejected} 行没有收进来，请到来源页查看。")),
                name,
            }
        })
        .collect())
}

/// Why a deadline is when it is, and when it would be if the ticket had another tier from now on.
///
/// # Errors
/// `not_found` for a ticket or a deadline that is not there.
pub async fn why(app: &App, input: &WhyQuery) -> Result<ClockWhy> {
    let (store, now_ms, rules) = (app.store(), app.now(), app.rules());
    store.ticket(&input.id).await?;
    let log = journal::events(&store.activities(&input.id).await?)?;
    let named = |clock: &&Clock| {
        clock.metric.as_str() == input.metric
            && clock.cycle == input.cycle
            && clock.subject.id() == input.subject
    };
    let clocks = project::clocks(&log, &rules, now_ms);
    let clock = clocks
        .iter()
        .find(named)
        .ok_or_else(|| AppError::new(ErrorCode::NotFound, "这张工单没有这个时限，请刷新。"))?;
    let what_if = Tier::ALL
        .iter()
        .filter(|tier| **tier != clock.tier)
        .map(|tier| {
            let then = why::what_if_tier(&log, &rules.policies, &rules.calendars, now_ms, *tier);
            let then = then.iter().find(named);
            // A deadline that this tier does not promise stands as cancelled, or not at all.
            let promised = rules
                .policies
                .get(clock.policy)
                .target_secs(*tier, clock.metric)
                .is_some()
                || matches!(clock.metric, Metric::FollowUp | Metric::ChannelLimit);
            let then = then.filter(|_| promised);
            WhatIf {
                tier: *tier,
                due_at: then.map(|then| views::instant(then.due_ms)),
                state: then.map(|then| views::clock_state(then.state)),
                grace: then.is_some_and(|then| then.flags.contains(&Flag::Grace)),
            }
        })
        .collect();
    Ok(ClockWhy {
        tier: clock.tier,
        policy_version: clock.policy.0,
        calendar_version: clock.calendar.0,
        zone: rules.calendars.get(clock.calendar).zone().name().to_owned(),
        original_due_at: views::instant(clock.original_due_ms),
        paused_secs: views::count(clock.paused_secs),
        flags: clock.flags.iter().map(ToString::to_string).collect(),
        clock: views::clock_view(clock, &rules, now_ms),
        what_if,
    })
}
