//! What happens by itself: warnings ring, silent assignees lose tickets, bots speak, changes of other processes are
//! noticed, the daily backup is made.
//!
//! [`tick`] is one pass; tests call it. [`run`] repeats it until it is cancelled, waking at the very instant at which
//! something can ring. All of it is in Rust, because a hidden window's timers slow down. A pass asks only what is
//! true now, so it does not matter how long it slept or where the clock jumped.

mod bell;
mod deliver;
mod pass;
mod rules;
mod take_back;

pub use bell::{acknowledge, alerts, seen, snooze};
pub(crate) use rules::{AlertRules, PersonRules, held_by, person_rules, quiet_window, save_person_rules};

use crate::{App, AppEvent, Result, bots, dto::Tag, intake, promise, reports, vault, views};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Other processes' changes are looked for this often (an open window shows them within 2 s).
const LOOK_EVERY: Duration = Duration::from_millis(900);

/// Repeats [`tick`], and lets the bots speak, until cancelled.
pub async fn run(app: App, stop: CancellationToken) {
    tokio::join!(watch(&app, &stop), speak(&app, &stop), report(&app, &stop));
}

/// Reports are made, and the next count made quick, beside the bells: either can take seconds, and no bell waits.
async fn report(app: &App, stop: &CancellationToken) {
    loop {
        let _ = reports::make_due(app).await;
        let _ = reports::make_ready(app).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(20)) => {}
        }
    }
}

async fn watch(app: &App, stop: &CancellationToken) {
    let mut seen = app.store().last_change().await.unwrap_or(0);
    loop {
        // A failing pass (a full disk, say) is tried again in a second; nothing it would do is lost.
        let _ = look_for_changes(app, &mut seen).await;
        let _ = look(app).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.0.wake.notified() => {}
            () = tokio::time::sleep(until_next(app).await) => {}
        }
    }
}

/// How long nothing can ring: to the millisecond, and never so long that a jump of the clock would matter.
async fn until_next(app: &App) -> Duration {
    let next = app.store().next_look(&bell::desks(app)).await.ok().flatten();
    let wait = next.map_or(i64::MAX, |at| at - app.now());
    match u64::try_from(wait) {
        Ok(ms) if ms > 0 => Duration::from_millis(ms).min(LOOK_EVERY),
        // What is due already was just looked at: it waits for the rest of its burst, or for the disk.
        _ => LOOK_EVERY,
    }
}

/// Bots speak beside the bells: a platform that does not answer must not keep a desk from ringing.
async fn speak(app: &App, stop: &CancellationToken) {
    loop {
        let _ = bots::deliver(app).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.0.speak.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
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
    let rules = [Tag::Workspace, Tag::Promise, Tag::Calendar, Tag::Shifts];
    if tags.iter().any(|tag| rules.contains(tag)) {
        app.reload_rules().await?;
    }
    app.tell(AppEvent::Changed(tags));
    Ok(())
}

/// One pass of everything: what has been reached rings at this desk, the daily backup and the reports that are due are
/// made.
///
/// # Errors
/// `store`; what was not done is done by the next pass.
pub async fn tick(app: &App) -> Result<()> {
    look(app).await?;
    reports::make_due(app).await
}

/// One pass: decides what has been reached, rings at this desk, and makes the daily backup.
async fn look(app: &App) -> Result<()> {
    promise::finish_applying(app).await?;
    pass::decide(app).await?;
    take_back::run(app).await?;
    bell::ring(app).await?;
    intake::clear_left_over(app).await?;
    vault::daily(app).await
}
