//! One look at the tickets whose time has come: owners for new ones, and the warnings that were reached.

use super::{
    deliver::{Reached, Ring},
    rules::window_level,
};
use crate::{
    App, Result, assign,
    dto::{AlertLevel, Tag},
    journal, look, project,
    scheduler::AlertRules,
    shifts, views, wording, workspace,
};
use amends_domain::{
    Risk, Tier,
    sla::{
        Clock, Event,
        alerts::{self, AlertInstant},
    },
    text::mask_private,
    ticket,
};
use amends_store::{AlertRow, TicketRow, Tx};
use std::time::{Duration, Instant};

/// Tickets per transaction: the write lock is held for a few hundredths of a second, and nobody waits longer for a
/// piece to end.
const PIECE: i64 = 150;
/// The window hears of a long backlog this often: each time it asks for its lists again.
const TELL_EVERY: Duration = Duration::from_secs(3);
/// After each piece of a long backlog, half as long is left to the people who work.
const REST: u32 = 2;
/// Characters of a review in a notification.
const NOTICE_WORDS: usize = 60;

/// Decides everything that was reached by now. Decided once in the database, so it rings once over any restarts and
/// any number of windows.
pub(super) async fn decide(app: &App) -> Result<()> {
    const TAGS: [Tag; 4] = [Tag::Alerts, Tag::Inbox, Tag::Ticket, Tag::Today];
    let (mut told, mut untold) = (None::<Instant>, false);
    loop {
        let begun = Instant::now();
        let (store, now_ms) = (app.store(), app.now());
        let tickets = store.tickets_to_look_at(now_ms, PIECE).await?;
        // Those who may take a new one are known once every ticket has been looked at.
        let new = if tickets.is_empty() {
            store.due_alerts(now_ms, PIECE).await?
        } else {
            Vec::new()
        };
        let found_all = tickets.len() as i64 != PIECE && new.len() as i64 != PIECE;
        let is_last = tickets.is_empty() && found_all;
        if tickets.is_empty() && new.is_empty() {
            if untold {
                app.changed(&TAGS);
            }
            return Ok(());
        }
        let settings = workspace::settings(&store).await?;
        let ring = Ring {
            rules: AlertRules::load(&store).await?,
            roll: shifts::roll(&store, &settings.zone, now_ms).await?,
            bots: store.bots().await?,
            now_ms,
        };
        let ids: Vec<String> = tickets.iter().map(|ticket| ticket.id.clone()).collect();
        let mut logs = store.logs_of(&ids).await?;
        let mut keys = store.alert_keys_of(&ids).await?;
        let mut loads = assign::Loads::read(&store, app.rules().assigns && !tickets.is_empty()).await?;
        let mut tx = store.begin().await?;
        let mut found = Found::default();
        for row in &tickets {
            let looked = Looked {
                row,
                log: journal::events(&logs.remove(&row.id).unwrap_or_default())?,
                keys: keys.remove(&row.id).unwrap_or_default(),
            };
            look_at(app, &mut tx, &ring, &settings, looked, &mut loads, &mut found).await?;
        }
        found.write(&mut tx, &ring).await?;
        for alert in new {
            ring_new(&mut tx, &ring, alert).await?;
        }
        tx.log_change("alerts inbox ticket today", now_ms).await?;
        tx.commit().await?;
        untold = !found_all && told.is_some_and(|told| told.elapsed() < TELL_EVERY);
        if !untold {
            app.changed(&TAGS);
            told = Some(Instant::now());
        }
        app.0.speak.notify_one();
        if is_last {
            return Ok(());
        }
        if !found_all {
            tokio::time::sleep(begun.elapsed() / REST).await;
            app.give_way().await;
        }
    }
}

/// What a piece of tickets came to, written in a few statements.
#[derive(Default)]
struct Found {
    noted: Vec<AlertRow>,
    reached: Vec<Reached>,
    /// Ticket, version that was seen, when to look again.
    looks: Vec<(String, i64, Option<i64>)>,
}

impl Found {
    /// Another pass may have decided some of it meanwhile: only what is new here is delivered.
    async fn write(self, tx: &mut Tx, ring: &Ring) -> Result<()> {
        tx.set_looks(&self.looks).await?;
        tx.add_alerts(&self.noted).await?;
        let rows: Vec<AlertRow> = self.reached.iter().map(|reached| reached.alert.clone()).collect();
        let fresh = tx.add_fresh_alerts(&rows).await?;
        let mut reached = self.reached;
        reached.retain(|reached| fresh.contains(&reached.alert.id));
        ring.deliver(tx, &reached).await
    }
}

struct Looked<'a> {
    row: &'a TicketRow,
    log: Vec<Event>,
    keys: Vec<String>,
}

async fn look_at(
    app: &App,
    tx: &mut Tx,
    ring: &Ring,
    settings: &workspace::Settings,
    looked: Looked<'_>,
    loads: &mut assign::Loads,
    found: &mut Found,
) -> Result<()> {
    let (rules, now_ms, row) = (app.rules(), ring.now_ms, looked.row);
    let is_new = row.open && row.owner_id.is_none() && row.head_seq == 1;
    if rules.assigns
        && is_new
        && let Some(happened) = loads.choose(row, &ring.roll)
    {
        // Recording plans the next look; the warnings follow with it.
        return crate::tickets::record(app, tx, &row.id, vec![happened], None, now_ms).await;
    }
    let clocks = project::clocks(&looked.log, &rules, now_ms);
    let mut keys = looked.keys;
    for clock in &clocks {
        let (policy, calendar) = (
            rules.policies.get(clock.policy),
            rules.calendars.get(clock.calendar),
        );
        let instants = alerts::instants(clock, policy, calendar);
        let known = look::recorded(&keys, &look::clock_name(clock));
        let pass = alerts::pass(clock, &instants, &known, now_ms);
        for missed in &pass.noted {
            let alert = alert_row(row, clock, missed, "skipped", settings, now_ms);
            keys.push(alert.key.clone());
            found.noted.push(alert);
        }
        if let Some(reached) = &pass.ring {
            let alert = alert_row(row, clock, reached, "rung", settings, now_ms);
            keys.push(alert.key.clone());
            let (level, owner) = (window_level(reached.level), row.owner_id.clone());
            found.reached.push(Reached {
                people: ring.people(Some(clock.metric), level, owner.as_deref()),
                alert,
                level,
                owner,
            });
        }
    }
    let mut next = look::next(&looked.log, &clocks, &rules, &keys, now_ms);
    if rules.assigns && is_new {
        // Nobody is there to take it: the next shift may.
        next = next.into_iter().chain(ring.roll.next_shift_ms).min();
    }
    // Where the last recorded level stands between, nothing before now is left to do.
    let next = next.map(|at| at.max(now_ms + 1));
    found.looks.push((row.id.clone(), row.version, next));
    Ok(())
}

/// A new urgent ticket rings for whoever may take it, and for the manager where triage says so.
async fn ring_new(tx: &mut Tx, ring: &Ring, alert: AlertRow) -> Result<()> {
    if !tx.decide_alert(&alert.id, "rung", ring.now_ms).await? {
        return Ok(());
    }
    let row = tx.ticket_any(&alert.ticket_id).await?;
    let owner = row.owner_id.as_deref();
    let mut people = ring.people(None, AlertLevel::NewUrgent, owner);
    let decision: amends_domain::triage::Decision = serde_json::from_str(&row.tier_why)?;
    if decision.tell_manager {
        for person in ring.roll.of_role(amends_domain::Role::Manager) {
            if !people.contains(&person) {
                people.push(person);
            }
        }
    }
    let reached = Reached {
        alert,
        level: AlertLevel::NewUrgent,
        people,
        owner: row.owner_id,
    };
    ring.deliver(tx, &[reached]).await
}

/// An alert as stored, recorded at the instant at which its level was reached, not at the pass's.
fn alert_row(
    row: &TicketRow,
    clock: &Clock,
    reached: &AlertInstant,
    state: &str,
    settings: &workspace::Settings,
    now_ms: i64,
) -> AlertRow {
    let locale = settings.locale;
    let tier: Tier = row.tier.parse().unwrap_or(Tier::General);
    let risks: Vec<Risk> = views::words_of(&row.risks);
    let words: String = mask_private(&row.excerpt).chars().take(NOTICE_WORDS).collect();
    let due = views::clock_time(clock.due_ms, now_ms, &settings.zone, locale);
    let level = window_level(reached.level);
    let (title, body) = wording::warning(
        locale,
        &wording::Warning {
            tier,
            channel: views::channel(&row.channel),
            risk: risks.first().copied(),
            level,
            metric: clock.metric.as_str(),
            words: &words,
            due: &due,
            number: &row.number,
        },
    );
    AlertRow {
        id: amends_domain::fresh(now_ms),
        key: look::alert_key(&row.id, clock, reached.level),
        ticket_id: row.id.clone(),
        batch_id: Some(row.batch_id.clone()),
        tier: row.tier.clone(),
        level: reached.level.to_string(),
        metric: Some(clock.metric.to_string()),
        due_at: Some(clock.due_ms),
        fire_at: reached.at_ms,
        state: state.to_owned(),
        decided_at: Some(now_ms),
        title,
        body,
    }
}

/// Names of the clocks of a log that somebody still owes something for; `None` is the first answer.
pub(super) fn owed(log: &[Event], rules: &crate::rules::Rules, now_ms: i64) -> Vec<String> {
    let mut names: Vec<String> = project::clocks(log, rules, now_ms)
        .iter()
        .filter(|clock| look::is_owed(clock))
        .map(look::clock_name)
        .collect();
    if ticket::fold(log).is_some_and(|state| state.status.is_open() && !state.answered) {
        names.push(NEW.to_owned());
    }
    names
}

/// Stands among [`owed`] names for a new urgent ticket without an answer.
pub(super) const NEW: &str = "new";
