//! The bell of this desk: what rings for whoever sits here, what is held, folded or silent, and what people answer.

use super::{
    pass::{NEW, owed},
    rules::{AlertRules, PersonRules, person_rules},
};
use crate::{
    App, AppError, AppEvent, Notice, Result,
    dto::{AlertLevel, AlertSnooze, AlertState, AlertView, NotificationHealth, SoundName, SoundTest, Tag},
    journal, look,
    rules::Rules,
    tickets, views, wording, workspace,
};
use amends_domain::{
    AlertId, Tier,
    sla::{
        Event,
        alerts::{FOLD_FROM, FOLD_MS, Level},
        event::EventKind,
    },
};
use amends_store::{AlertRow, DeliveryRow, RINGS_AT_ONCE, RingRow, Settled, Store};
use std::collections::{HashMap, HashSet};

/// Alerts shown in the centre.
const LISTED: i64 = 200;
/// Longest snooze, minutes.
const MAX_SNOOZE: u32 = 24 * 60;

/// Whose bells ring at this desk: the person's who sits here; on a computer of its own where nobody said who sits
/// there, everybody's (the empty list).
pub(super) fn desks(app: &App) -> Vec<String> {
    match app.desk().actor {
        Some(actor) => vec![actor.id, String::new()],
        None if app.store().folder().is_some() => Vec::new(),
        None => vec![String::new()],
    }
}

fn me(app: &App) -> String {
    app.desk().actor.map(|actor| actor.id).unwrap_or_default()
}

/// The clock that an alert's key is about still asks for something.
pub(super) fn is_owed_still(log: &[Event], rules: &Rules, row: &RingRow, now_ms: i64) -> bool {
    let owed = owed(log, rules, now_ms);
    let name = look::read_key(&row.alert_key).map_or(NEW, |(name, ..)| name);
    owed.iter().any(|known| known == name)
}

/// What one pass makes of the deliveries that are due here.
#[derive(Default)]
struct Sorted {
    /// Nobody needs to hear it any more.
    silent: Vec<RingRow>,
    /// Waits for the end of quiet hours or a meeting.
    held: Vec<(RingRow, i64)>,
    /// Rings now.
    ringing: Vec<RingRow>,
}

/// Rings what is due at this desk. Each is settled in the database before it rings; three or more within ten seconds
/// fold into one summary, and so does what quiet hours held.
pub(super) async fn ring(app: &App) -> Result<()> {
    if app.notifier().is_absent() {
        return Ok(());
    }
    let (store, now_ms) = (app.store(), app.now());
    let mut due = store.due_rings(&desks(app), now_ms).await?;
    if due.is_empty() {
        return Ok(());
    }
    let settings = workspace::settings(&store).await?;
    let choices = person_rules(&store, &me(app)).await?;
    let rules = AlertRules::load(&store).await?;
    let (mut mine, mut folds, mut moved) = (Vec::new(), false, false);
    loop {
        // After days off there are many pieces; they ring once, together.
        let is_last = due.len() < RINGS_AT_ONCE;
        let mut sorted = sort(app, &store, due, &choices, &settings.zone, now_ms).await?;
        let recent = store.rung_since(&me(app), now_ms - FOLD_MS).await?;
        let was_held = sorted.ringing.iter().filter(|row| row.state == "held").count();
        folds |= mine.len() + sorted.ringing.len() + recent.len() >= FOLD_FROM || was_held > 1;
        // After two single rings the rest of a burst waits for its ten seconds, then rings once as a summary.
        if folds
            && mine.len() + sorted.ringing.len() < FOLD_FROM
            && was_held < 2
            && recent.iter().any(|at| now_ms - at < FOLD_MS)
        {
            sorted.ringing.clear();
        }
        let piece = settle(&store, &rules, sorted, folds, now_ms).await?;
        moved |= piece.moved;
        let nothing = !piece.moved;
        mine.extend(piece.rung);
        if is_last || nothing {
            break;
        }
        due = store.due_rings(&desks(app), now_ms).await?;
    }
    if !moved {
        return Ok(());
    }
    sound(app, &mine, &choices, now_ms);
    show(app, mine, folds, &choices, &settings).await?;
    app.changed(&[Tag::Alerts, Tag::Inbox]);
    Ok(())
}

/// What was moved on in the database, and what of it rings at this desk.
struct Piece {
    moved: bool,
    rung: Vec<RingRow>,
}

async fn settle(
    store: &Store,
    rules: &AlertRules,
    sorted: Sorted,
    folds: bool,
    now_ms: i64,
) -> Result<Piece> {
    let silent = sorted.silent.iter().map(|ring| Settled {
        ring,
        state: if ring.rung_at.is_some() {
            &ring.state
        } else {
            "skipped"
        },
        rung_at: None,
        next: None,
    });
    let held = sorted.held.iter().map(|(ring, until)| Settled {
        ring,
        state: "held",
        rung_at: None,
        next: Some(*until),
    });
    let ringing = sorted.ringing.iter().map(|ring| {
        let repeats =
            ring.tier == Tier::Urgent.as_str() && ring.seen_at.is_none() && rules.repeat_urgent_secs > 0;
        Settled {
            ring,
            state: if folds { "folded" } else { "rung" },
            rung_at: Some(now_ms),
            next: repeats.then(|| now_ms + i64::from(rules.repeat_urgent_secs) * 1000),
        }
    });
    let all: Vec<Settled<'_>> = silent.chain(held).chain(ringing).collect();
    let mut tx = store.begin().await?;
    let moved = tx.settle_rings(&all).await?;
    if !moved.is_empty() {
        tx.log_change("alerts inbox", now_ms).await?;
    }
    tx.commit().await?;
    let mut rung = sorted.ringing;
    rung.retain(|row| moved.contains(&(row.alert_id.clone(), row.person_id.clone())));
    Ok(Piece {
        moved: !moved.is_empty(),
        rung,
    })
}

/// Tells apart what rings, waits and has become pointless.
async fn sort(
    app: &App,
    store: &Store,
    due: Vec<RingRow>,
    choices: &PersonRules,
    zone: &str,
    now_ms: i64,
) -> Result<Sorted> {
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let rules = app.rules();
    let mut owed_by: HashMap<String, Vec<String>> = HashMap::new();
    let tickets: HashSet<String> = due.iter().map(|row| row.ticket_id.clone()).collect();
    let tickets: Vec<String> = tickets.into_iter().collect();
    for ids in tickets.chunks(500) {
        for (ticket, log) in store.logs_of(ids).await? {
            owed_by.insert(ticket, owed(&journal::events(&log)?, &rules, now_ms));
        }
    }
    let loudest = loudest(&due);
    let mut heard = HashSet::new();
    let mut sorted = Sorted::default();
    for row in due {
        let key = look::read_key(&row.alert_key);
        let name = key.map_or(NEW, |(name, ..)| name);
        let is_owed = owed_by
            .get(&row.ticket_id)
            .is_some_and(|owed| owed.iter().any(|known| known == name));
        // After a gap only the highest missed level of a clock rings (R20).
        let is_passed = key.is_some_and(|(name, _, level)| {
            loudest
                .get(&(row.person_id.clone(), row.ticket_id.clone(), name.to_owned()))
                .is_some_and(|loudest| level < *loudest)
        });
        let tier: Tier = row.tier.parse().unwrap_or(Tier::General);
        let unwanted = !choices.0.tiers.contains(&tier);
        // At a desk where nobody sits an alert for two people rings once.
        let is_double = !heard.insert(row.alert_id.clone());
        if row.acknowledged_at.is_some() || !is_owed || is_passed || unwanted || is_double {
            sorted.silent.push(row);
        } else if let Some(until) = choices.held_until(tier, zone, now_ms) {
            sorted.held.push((row, until));
        } else {
            sorted.ringing.push(row);
        }
    }
    Ok(sorted)
}

/// The highest level that waits per person and clock.
fn loudest(due: &[RingRow]) -> HashMap<(String, String, String), Level> {
    let mut loudest = HashMap::new();
    for row in due {
        if let Some((name, _, level)) = look::read_key(&row.alert_key) {
            let place = (row.person_id.clone(), row.ticket_id.clone(), name.to_owned());
            let highest = loudest.entry(place).or_insert(level);
            *highest = level.max(*highest);
        }
    }
    loudest
}

fn level_of(row: &RingRow) -> AlertLevel {
    views::unword(&row.level).unwrap_or(AlertLevel::NewUrgent)
}

/// The window plays the loudest of the sounds chosen; none in a meeting.
fn sound(app: &App, rung: &[RingRow], choices: &PersonRules, now_ms: i64) {
    if choices.meeting_until(now_ms).is_some() {
        return;
    }
    let loudest = rung
        .iter()
        .map(|row| choices.choice(level_of(row)))
        .filter(|choice| choice.sound != SoundName::None && choice.volume > 0)
        .max_by_key(|choice| (choice.volume, choice.level));
    if let Some(choice) = loudest {
        app.tell(AppEvent::Sound(SoundTest {
            sound: choice.sound,
            volume: choice.volume,
        }));
    }
}

async fn show(
    app: &App,
    rung: Vec<RingRow>,
    folds: bool,
    choices: &PersonRules,
    settings: &workspace::Settings,
) -> Result<()> {
    let native: Vec<RingRow> = rung
        .into_iter()
        .filter(|row| choices.choice(level_of(row)).native)
        .collect();
    let notices: Vec<(Notice, Vec<RingRow>)> = if folds && native.len() > 1 {
        vec![(summary(&native, settings, app.now()), native)]
    } else {
        native
            .into_iter()
            .map(|row| {
                let notice = Notice {
                    ticket_id: Some(row.ticket_id.clone()),
                    report_id: None,
                    alert_id: Some(row.alert_id.clone()),
                    title: row.title.clone(),
                    body: row.body.clone(),
                    urgent: row.tier == Tier::Urgent.as_str(),
                    buttons: wording::buttons(settings.locale),
                };
                (notice, vec![row])
            })
            .collect()
    };
    for (notice, rows) in notices {
        if app.notifier().show(&notice).is_err() {
            not_shown(app, &rows).await?;
        }
    }
    Ok(())
}

fn summary(rows: &[RingRow], settings: &workspace::Settings, now_ms: i64) -> Notice {
    let first = rows.iter().filter_map(|row| row.due_at).min().unwrap_or(now_ms);
    let due = views::clock_time(first, now_ms, &settings.zone, settings.locale);
    let (title, body) = if rows.iter().all(|row| level_of(row) == AlertLevel::NewUrgent) {
        wording::burst(settings.locale, rows.len(), &due)
    } else {
        let late = rows
            .iter()
            .filter(|row| row.due_at.is_some_and(|due| due < now_ms))
            .count();
        wording::summary(settings.locale, rows.len(), late, &due)
    };
    Notice {
        ticket_id: None,
        report_id: None,
        alert_id: None,
        title,
        body,
        urgent: rows.iter().any(|row| row.tier == Tier::Urgent.as_str()),
        buttons: None,
    }
}

/// The desktop refused: the window shows the alerts itself, and says so.
async fn not_shown(app: &App, rows: &[RingRow]) -> Result<()> {
    let store = app.store();
    let mut tx = store.begin().await?;
    for row in rows {
        tx.delivery_failed(&row.alert_id, &row.person_id).await?;
    }
    tx.commit().await?;
    workspace::set_notification_health(app, NotificationHealth::Missing).await?;
    let ids: Vec<String> = rows.iter().map(|row| row.alert_id.clone()).collect();
    for view in alerts(app).await? {
        if ids.contains(&view.id) {
            app.tell(AppEvent::AlertRaised(Box::new(view)));
        }
    }
    Ok(())
}

/// The newest 200 alerts of whoever sits here, with what became of them.
///
/// # Errors
/// `store`.
pub async fn alerts(app: &App) -> Result<Vec<AlertView>> {
    let store = app.store();
    let rows = store.alerts_for(&me(app), LISTED).await?;
    let tickets: Vec<String> = rows.iter().map(|(row, _)| row.ticket_id.clone()).collect();
    let ids: Vec<String> = rows.iter().map(|(row, _)| row.id.clone()).collect();
    let numbers: HashMap<String, String> = store.ticket_numbers(&tickets).await?.into_iter().collect();
    let noted: HashSet<String> = store.acknowledged_of(&ids).await?.into_iter().collect();
    let people = views::people(&store).await?;
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for (alert, person) in store.recipients_of(&ids).await? {
        if let Some(person) = people.get(&person) {
            names.entry(alert).or_default().push(person.name.clone());
        }
    }
    Ok(rows
        .into_iter()
        .map(|(row, delivery)| {
            let recipient = names.get(&row.id).map(|names| names.join("、"));
            let acknowledged = noted.contains(&row.id);
            view(row, delivery.as_ref(), &numbers, recipient, acknowledged)
        })
        .collect())
}

fn view(
    row: AlertRow,
    delivery: Option<&DeliveryRow>,
    numbers: &HashMap<String, String>,
    recipient: Option<String>,
    acknowledged: bool,
) -> AlertView {
    let state = delivery.map_or(row.state.as_str(), |delivery| delivery.state.as_str());
    AlertView {
        number: numbers.get(&row.ticket_id).cloned().unwrap_or_default(),
        tier: row.tier.parse().unwrap_or(Tier::General),
        level: views::unword(&row.level).unwrap_or(AlertLevel::NewUrgent),
        at: views::instant(row.fire_at),
        seen: row.state == "skipped" || delivery.is_some_and(|delivery| delivery.seen_at.is_some()),
        failed: state == "failed",
        acknowledged,
        snoozed_until: delivery
            .and_then(|delivery| delivery.snoozed_until)
            .map(views::instant),
        recipient,
        state: views::unword(state).unwrap_or(AlertState::Pending),
        id: row.id,
        ticket_id: row.ticket_id,
        metric: row.metric,
        title: row.title,
        body: row.body,
    }
}

/// Marks alerts as seen by whoever sits here: they do not repeat.
///
/// # Errors
/// `store`.
pub async fn seen(app: &App, ids: &[String]) -> Result<()> {
    let mut tx = app.store().begin().await?;
    tx.alerts_seen(ids, &me(app), app.now()).await?;
    tx.log_change("alerts inbox", app.now()).await?;
    tx.commit().await?;
    app.changed(&[Tag::Alerts, Tag::Inbox]);
    Ok(())
}

/// Somebody takes note: the clock is silent, at every desk, until it reaches its next level (R20).
///
/// # Errors
/// `no_actor`, `not_found`, `store`.
pub async fn acknowledge(app: &App, ids: &[String]) -> Result<()> {
    let actor = app.actor()?;
    let (store, now_ms) = (app.store(), app.now());
    let rows = store.alerts_by_id(ids).await?;
    if rows.is_empty() && !ids.is_empty() {
        return Err(amends_store::StoreError::NotFound.into());
    }
    let mut tx = store.begin().await?;
    for row in &rows {
        if !tx.acknowledge_alert(&row.id, &actor.id, now_ms).await? {
            continue;
        }
        for (key, lower) in tx.open_alerts_of(&row.ticket_id).await? {
            if is_lower(&key, &row.key) {
                tx.acknowledge_alert(&lower, &actor.id, now_ms).await?;
            }
        }
        let happened = tickets::Happening::now(EventKind::Acknowledged {
            alert: AlertId(row.id.clone()),
        });
        tickets::record(
            app,
            &mut tx,
            &row.ticket_id,
            vec![happened],
            Some(&actor.id),
            now_ms,
        )
        .await?;
    }
    tx.alerts_seen(ids, &actor.id, now_ms).await?;
    tx.log_change("alerts inbox ticket", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Alerts, Tag::Inbox, Tag::Ticket]);
    Ok(())
}

/// An earlier level of the same clock.
fn is_lower(key: &str, than: &str) -> bool {
    match (look::read_key(key), look::read_key(than)) {
        (Some((clock, _, level)), Some((other, _, noted))) => clock == other && level < noted,
        _ => false,
    }
}

/// Rings again in some minutes, at this person's desk. Never pauses a clock.
///
/// # Errors
/// `no_actor`, `invalid` for 0 or more than 1,440 minutes, `not_found`.
pub async fn snooze(app: &App, input: &AlertSnooze) -> Result<()> {
    let actor = app.actor()?;
    if input.minutes == 0 || input.minutes > MAX_SNOOZE {
        return Err(AppError::invalid("稍后提醒可选 1 分钟到 24 小时。"));
    }
    let now_ms = app.now();
    let until = now_ms + i64::from(input.minutes) * 60_000;
    let mut tx = app.store().begin().await?;
    let mine = tx.snooze_alert(&input.id, &actor.id, until).await?;
    if !mine && !tx.snooze_alert(&input.id, "", until).await? {
        return Err(amends_store::StoreError::NotFound.into());
    }
    tx.log_change("alerts", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Alerts]);
    Ok(())
}
