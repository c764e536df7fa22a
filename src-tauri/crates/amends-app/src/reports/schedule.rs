//! Reports that make themselves, and those that were kept.

use super::{compute, files, period::Period, said, view};
use crate::{
    App, AppError, Letter, Notice, Result, bots,
    dto::{ArchivedReport, ReportKind, ReportQuery, ReportSchedule, ReportView, Tag},
    views, workspace,
};
use amends_domain::{
    Role,
    sla::calendar::{instant, local_to_ms},
};
use amends_store::{PersonRow, ReportRow, Store};
use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use std::sync::atomic::Ordering;

/// Setting of a person: when which report is made.
fn setting(person: &str) -> String {
    format!("report_schedule:{person}")
}

/// Setting of a person: up to when kept reports were told of at their desk, UTC ms.
fn told(person: &str) -> String {
    format!("report_told:{person}")
}

/// Due reports are looked for this often.
const EVERY_MS: i64 = 60_000;

fn me(app: &App) -> String {
    app.desk().actor.map(|actor| actor.id).unwrap_or_default()
}

/// When which report is made for the person at this desk.
///
/// # Errors
/// `store`.
pub async fn schedule(app: &App) -> Result<ReportSchedule> {
    let store = app.store();
    let people = store.people().await?;
    match people.iter().find(|person| person.id == me(app)) {
        Some(person) => schedule_of(&store, person, &people).await,
        None => Ok(ReportSchedule::default()),
    }
}

/// What a person chose; by default whoever leads, or is alone, gets the weekly report.
async fn schedule_of(store: &Store, person: &PersonRow, people: &[PersonRow]) -> Result<ReportSchedule> {
    if let Some(text) = store.setting(&setting(&person.id)).await? {
        return Ok(serde_json::from_str(&text)?);
    }
    let leads = [Role::Manager, Role::Supervisor, Role::Admin]
        .iter()
        .any(|role| role.as_str() == person.role);
    let alone = people.iter().filter(|person| person.active).count() == 1;
    Ok(ReportSchedule {
        weekly: leads || alone,
        ..ReportSchedule::default()
    })
}

/// Changes that for the person at this desk.
///
/// # Errors
/// `invalid` for a weekday or time that is none, `no_actor`, `store`.
pub async fn save_schedule(app: &App, schedule: &ReportSchedule) -> Result<ReportSchedule> {
    let (actor, now_ms) = (app.actor()?, app.now());
    if !(1..=7).contains(&schedule.weekday) {
        return Err(AppError::invalid("请选择星期一到星期日中的一天。"));
    }
    time(&schedule.at)?;
    let mut tx = app.store().begin().await?;
    tx.set_setting(&setting(&actor.id), &serde_json::to_string(schedule)?)
        .await?;
    crate::journal::workspace_entry(
        &mut tx,
        "report_schedule_changed",
        serde_json::json!({ "person": actor.id }),
        Some(&actor.id),
        now_ms,
    )
    .await?;
    tx.log_change("reports", now_ms).await?;
    tx.commit().await?;
    app.0.reports_looked_at.store(0, Ordering::Relaxed);
    app.changed(&[Tag::Reports]);
    Ok(schedule.clone())
}

fn time(text: &str) -> Result<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| AppError::invalid("时间请写成 09:00 这样。"))
}

/// Kept reports of the person at this desk, newest first.
///
/// # Errors
/// `store`.
pub async fn archive(app: &App) -> Result<Vec<ArchivedReport>> {
    let store = app.store();
    let settings = workspace::settings(&store).await?;
    let zone: Tz = settings.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let day = |ms: i64| instant(ms).with_timezone(&zone).date_naive().to_string();
    let rows = store.reports(&me(app)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(ArchivedReport {
                kind: views::unword(&row.kind)?,
                from_day: day(row.from_at),
                to_day: day(row.until_at - 1),
                made_at: views::instant(row.made_at),
                unread: row.seen_at.is_none(),
                id: row.id,
                title: row.title,
            })
        })
        .collect()
}

/// A kept report as it was. Opening it marks it as read.
///
/// # Errors
/// `not_found`, `store`.
pub async fn archived(app: &App, id: &str) -> Result<ReportView> {
    let row = app.store().report(id).await?;
    if row.seen_at.is_none() && row.person_id == me(app) {
        let mut tx = app.store().begin().await?;
        tx.see_report(id, app.now()).await?;
        tx.log_change("reports", app.now()).await?;
        tx.commit().await?;
        app.changed(&[Tag::Reports]);
    }
    Ok(ReportView {
        archived_at: Some(views::instant(row.made_at)),
        ..serde_json::from_str(&row.document)?
    })
}

/// Makes what is due by now, for everybody, and tells whoever sits here of theirs.
///
/// # Errors
/// `store`; what was not made is made by a later pass.
pub(crate) async fn make_due(app: &App) -> Result<()> {
    let now_ms = app.now();
    let looked = app.0.reports_looked_at.load(Ordering::Relaxed);
    // The distance, not the order: a clock that was set back must not silence the reports for as long.
    if (now_ms - looked).abs() < EVERY_MS {
        return Ok(());
    }
    let store = app.store();
    let settings = workspace::settings(&store).await?;
    let zone: Tz = settings.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let people = store.people().await?;
    for person in people.iter().filter(|person| person.active) {
        let schedule = schedule_of(&store, person, &people).await?;
        for (kind, due_ms, period) in due(&schedule, now_ms, zone) {
            let key = format!("{}:{}:{}", views::word(&kind)?, period.name(), person.id);
            if person.created_at <= due_ms && !store.has_report(&key).await? {
                make(app, person, &schedule, kind, period, &key).await?;
            }
        }
    }
    tell(app, &store, now_ms).await?;
    app.0.reports_looked_at.store(now_ms, Ordering::Relaxed);
    Ok(())
}

/// What a schedule asks for by now: the newest of each kind, and since when.
fn due(schedule: &ReportSchedule, now_ms: i64, zone: Tz) -> Vec<(ReportKind, i64, Period)> {
    let Ok(at) = time(&schedule.at) else {
        return Vec::new();
    };
    let today = instant(now_ms).with_timezone(&zone).date_naive();
    let newest = |days: &dyn Fn(NaiveDate) -> bool| {
        (0..40u64)
            .filter_map(|back| today.checked_sub_days(Days::new(back)))
            .filter(|day| days(*day))
            .map(|day| (day, local_to_ms(zone, day.and_time(at))))
            .find(|(_, due_ms)| *due_ms <= now_ms)
    };
    let mut all = Vec::new();
    let mut add = |kind: ReportKind, wanted: bool, days: &dyn Fn(NaiveDate) -> bool| {
        if let Some((day, due_ms)) = newest(days).filter(|_| wanted) {
            all.push((kind, due_ms, Period::around(kind, day, zone).earlier(1)));
        }
    };
    let weekday = u32::from(schedule.weekday);
    add(ReportKind::Weekly, schedule.weekly, &|day| {
        day.weekday().number_from_monday() == weekday
    });
    add(ReportKind::Daily, schedule.daily, &|_| true);
    add(ReportKind::Monthly, schedule.monthly, &|day| day.day() == 1);
    all
}

async fn make(
    app: &App,
    person: &PersonRow,
    schedule: &ReportSchedule,
    kind: ReportKind,
    period: Period,
    key: &str,
) -> Result<()> {
    let now_ms = app.now();
    let query = ReportQuery {
        kind,
        day: Some(period.first.to_string()),
        ..ReportQuery::default()
    };
    let computed = compute(app, &query).await?;
    let themes = said::views_of(app, &query, false).await?;
    let view = view(app, &computed, Some(&themes.themes)).await?;
    if view.empty {
        return Ok(());
    }
    let span = period.span();
    let row = ReportRow {
        id: amends_domain::fresh(now_ms),
        key: key.to_owned(),
        kind: views::word(&kind)?,
        from_at: span.from_ms,
        until_at: span.until_ms,
        title: view.document.title.clone(),
        made_at: now_ms,
        person_id: person.id.clone(),
        figures: files::figures_of(&computed)?,
        document: serde_json::to_string(&view)?,
        seen_at: None,
    };
    let mut tx = app.store().begin().await?;
    if !tx.add_report(&row).await? {
        return Ok(());
    }
    if schedule.to_bots {
        bots::enqueue_report(&mut tx, &row.id, now_ms).await?;
    }
    let data = serde_json::json!({ "report": row.id, "key": row.key });
    crate::journal::workspace_entry(&mut tx, "report_made", data, None, now_ms).await?;
    tx.log_change("reports", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Reports]);
    app.0.speak.notify_one();
    if let Some(post) = app.0.post.get() {
        let letter = Letter {
            to: person.name.clone(),
            subject: row.title,
            html: amends_report::html(&view.document),
        };
        // What cannot be sent is still in the archive.
        let _ = post.send(&letter);
    }
    Ok(())
}

/// Says once at this desk that a report is ready.
async fn tell(app: &App, store: &Store, now_ms: i64) -> Result<()> {
    let me = me(app);
    if me.is_empty() || app.notifier().is_absent() {
        return Ok(());
    }
    let since: i64 = store
        .setting(&told(&me))
        .await?
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let reports = store.reports(&me).await?;
    let Some(newest) = reports
        .iter()
        .find(|row| row.seen_at.is_none() && row.made_at > since)
    else {
        return Ok(());
    };
    let mut tx = store.begin().await?;
    tx.set_setting(&told(&me), &now_ms.max(newest.made_at).to_string())
        .await?;
    tx.commit().await?;
    let kept: ReportView = serde_json::from_str(&store.report(&newest.id).await?.document)?;
    let notice = Notice {
        ticket_id: None,
        report_id: Some(newest.id.clone()),
        alert_id: None,
        title: format!("{}好了", newest.title),
        body: summary(&kept),
        urgent: false,
        buttons: None,
    };
    // A desktop that shows nothing still has the report in the window, marked as unread.
    let _ = app.notifier().show(&notice);
    Ok(())
}

/// The week in plain words, short enough for a notification or a group.
pub(crate) fn summary(view: &ReportView) -> String {
    view.document.lead.iter().map(|span| span.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Shanghai;

    fn ms(text: &str) -> i64 {
        crate::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn the_weekly_report_is_due_on_monday_at_nine_and_stays_due_until_it_is_made() {
        let schedule = ReportSchedule::default();
        let names = |at: &str| {
            due(&schedule, ms(at), Shanghai)
                .into_iter()
                .map(|(_, since, period)| (period.name(), views::instant(since)))
                .collect::<Vec<_>>()
        };
        let monday = "2026-11-23T01:00:00.000Z".to_owned();
        assert_eq!(
            names("2026-11-23T09:00:00+08:00"),
            [("2026-W47".to_owned(), monday.clone())]
        );
        assert_eq!(
            names("2026-11-25T20:00:00+08:00"),
            [("2026-W47".to_owned(), monday)]
        );
        assert_eq!(names("2026-11-23T08:59:59+08:00")[0].0, "2026-W46");
    }

    #[test]
    fn a_daily_brief_is_about_the_day_before_and_a_monthly_one_about_the_month_before() {
        let schedule = ReportSchedule {
            weekly: false,
            daily: true,
            monthly: true,
            ..ReportSchedule::default()
        };
        let due = due(&schedule, ms("2026-12-01T09:30:00+08:00"), Shanghai);
        let names: Vec<String> = due.into_iter().map(|(_, _, period)| period.name()).collect();
        assert_eq!(names, ["2026-11-30", "2026-11"]);
    }
}
