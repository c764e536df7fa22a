//! What happens by itself: alerts ring, changes of other processes are noticed, the daily backup is made.
//!
//! [`tick`] is one pass; tests call it. [`run`] repeats it until it is cancelled. All of it is in Rust, because a
//! hidden window's timers slow down.

use crate::{
    App, AppEvent, Notice, Result,
    dto::{AlertLevel, AlertSnooze, AlertState, AlertView, NotificationHealth, Tag},
    intake, vault, views, wording, workspace,
};
use amends_domain::{
    Tier,
    sla::alerts::{FOLD_FROM, FOLD_MS},
};
use amends_store::AlertRow;
use std::{collections::HashMap, time::Duration};
use tokio_util::sync::CancellationToken;

/// Other processes' changes are looked for this often (an open window shows them within 2 s).
const LOOK_EVERY: Duration = Duration::from_millis(900);

/// Repeats [`tick`] until cancelled.
pub async fn run(app: App, stop: CancellationToken) {
    let mut seen = app.store().last_change().await.unwrap_or(0);
    loop {
        // A failing pass (a full disk, say) is tried again in a second; nothing it would do is lost.
        let _ = look_for_changes(&app, &mut seen).await;
        let _ = tick(&app).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.0.wake.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Tells the window what other processes have changed.
async fn look_for_changes(app: &App, seen: &mut i64) -> Result<()> {
    let changes = app.store().changes_after(*seen).await?;
    let Some((last, _)) = changes.last() else {
        return Ok(());
    };
    *seen = *last;
    let mut tags: Vec<Tag> = changes
        .iter()
        .flat_map(|(_, words)| words.split(' '))
        .filter_map(|word| views::unword(word).ok())
        .collect();
    tags.sort_unstable();
    tags.dedup();
    if tags.contains(&Tag::Workspace) {
        app.reload_rules().await?;
    }
    app.tell(AppEvent::Changed(tags));
    Ok(())
}

/// One pass: rings what is due and makes the daily backup.
///
/// # Errors
/// `store`; what was not done is done by the next pass.
pub async fn tick(app: &App) -> Result<()> {
    ring(app).await?;
    intake::clear_left_over(app).await?;
    vault::daily(app).await
}

/// Rings pending alerts. Each is decided in the database before it rings, so it rings once over any restarts and any
/// number of windows; three or more within ten seconds fold into one summary.
async fn ring(app: &App) -> Result<()> {
    if app.notifier().is_absent() {
        return Ok(());
    }
    let (store, now_ms) = (app.store(), app.now());
    let due = store.due_alerts(now_ms).await?;
    if due.is_empty() {
        return Ok(());
    }
    let recent = store.rung_since(now_ms - FOLD_MS).await?;
    let folds = due.len() + recent.len() >= FOLD_FROM;
    // After two single rings the rest of a burst waits for its ten seconds, then rings once as a summary.
    if folds
        && let Some(first) = recent.first()
        && due.len() < FOLD_FROM
        && now_ms - first < FOLD_MS
    {
        return Ok(());
    }
    let settings = workspace::settings(&store).await?;
    let person = app.desk().actor.map(|actor| actor.id).unwrap_or_default();
    let mut tx = store.begin().await?;
    let mut mine = Vec::with_capacity(due.len());
    for alert in due {
        if tx
            .decide_alert(&alert.id, if folds { "folded" } else { "rung" }, now_ms)
            .await?
        {
            tx.deliver(&alert.id, &person, now_ms).await?;
            mine.push(alert);
        }
    }
    tx.log_change("alerts inbox", now_ms).await?;
    tx.commit().await?;
    let notices: Vec<(Notice, Vec<AlertRow>)> = if folds && mine.len() > 1 {
        let due = mine
            .iter()
            .filter_map(|alert| alert.due_at)
            .min()
            .unwrap_or(now_ms);
        let (title, body) = wording::burst(
            settings.locale,
            mine.len(),
            &views::clock_time(due, now_ms, &settings.zone, settings.locale),
        );
        vec![(
            Notice {
                ticket_id: None,
                title,
                body,
                urgent: true,
            },
            mine,
        )]
    } else {
        mine.into_iter()
            .map(|alert| {
                let notice = Notice {
                    ticket_id: Some(alert.ticket_id.clone()),
                    title: alert.title.clone(),
                    body: alert.body.clone(),
                    urgent: alert.tier == Tier::Urgent.as_str(),
                };
                (notice, vec![alert])
            })
            .collect()
    };
    for (notice, alerts) in notices {
        if app.notifier().show(&notice).is_err() {
            not_shown(app, &alerts).await?;
        }
    }
    app.changed(&[Tag::Alerts, Tag::Inbox]);
    Ok(())
}

/// The desktop refused: the window shows the alerts itself, and says so.
async fn not_shown(app: &App, alerts: &[AlertRow]) -> Result<()> {
    let store = app.store();
    let mut tx = store.begin().await?;
    for alert in alerts {
        tx.alert_failed(&alert.id).await?;
    }
    tx.commit().await?;
    workspace::set_notification_health(app, NotificationHealth::Missing).await?;
    let ids: Vec<String> = alerts.iter().map(|alert| alert.ticket_id.clone()).collect();
    let numbers: HashMap<String, String> = store.ticket_numbers(&ids).await?.into_iter().collect();
    for alert in alerts {
        app.tell(AppEvent::AlertRaised(Box::new(view(
            AlertRow {
                state: "failed".into(),
                ..alert.clone()
            },
            false,
            &numbers,
        ))));
    }
    Ok(())
}

fn view(row: AlertRow, seen: bool, numbers: &HashMap<String, String>) -> AlertView {
    AlertView {
        number: numbers.get(&row.ticket_id).cloned().unwrap_or_default(),
        id: row.id,
        ticket_id: row.ticket_id,
        tier: row.tier.parse().unwrap_or(Tier::General),
        level: views::unword(&row.level).unwrap_or(AlertLevel::NewUrgent),
        metric: row.metric,
        at: views::instant(row.fire_at),
        title: row.title,
        body: row.body,
        seen,
        failed: row.state == "failed",
        acknowledged: false,
        snoozed_until: None,
        recipient: None,
        state: AlertState::Rung,
    }
}

/// The newest 200 alerts.
///
/// # Errors
/// `store`.
pub async fn alerts(app: &App) -> Result<Vec<AlertView>> {
    let store = app.store();
    let person = app.desk().actor.map(|actor| actor.id).unwrap_or_default();
    let rows = store.alerts_for(&person, 200).await?;
    let ids: Vec<String> = rows.iter().map(|(row, _)| row.ticket_id.clone()).collect();
    let numbers: HashMap<String, String> = store.ticket_numbers(&ids).await?.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|(row, seen)| view(row, seen, &numbers))
        .collect())
}

/// Marks alerts as seen by whoever sits here.
///
/// # Errors
/// `store`.
pub async fn seen(app: &App, ids: &[String]) -> Result<()> {
    let person = app.desk().actor.map(|actor| actor.id).unwrap_or_default();
    let mut tx = app.store().begin().await?;
    tx.alerts_seen(ids, &person, app.now()).await?;
    tx.log_change("alerts inbox", app.now()).await?;
    tx.commit().await?;
    app.changed(&[Tag::Alerts, Tag::Inbox]);
    Ok(())
}

/// Takes note of alerts.
pub async fn acknowledge(_app: &App, _ids: &[String]) -> Result<()> {
    Err(crate::AppError::not_now("这一步还没有接上。"))
}

/// Rings an alert again later.
pub async fn snooze(_app: &App, _input: &AlertSnooze) -> Result<()> {
    Err(crate::AppError::not_now("这一步还没有接上。"))
}
