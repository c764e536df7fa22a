//! Shifts 班次: who works when, who is on call, who is away, and who is there now. The roster is not the calendar: a
//! promise runs while nobody works (sla.md R21).

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{
        Absence, AbsenceAdd, DutyNow, HandoverView, NextShift, OnCallSet, OnCallSlot, RosterSet, RosterView,
        Rotate, ShiftSave, ShiftView, Slot, Tag,
    },
    journal, revision, views, workspace,
};
use amends_domain::{
    Department, Role,
    sla::calendar::{Window, instant, local_to_ms},
};
use amends_store::{AbsenceRow, HandoverRow, PersonRow, RosterRow, ShiftRow, Store, StoreError, Tx};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use serde_json::json;
use std::collections::{BTreeSet, HashSet};

/// Setting: a roster is kept.
const ENABLED: &str = "shifts_enabled";
/// Shifts of the day at most.
const MAX_SHIFTS: usize = 12;
/// How far ahead the next shift is looked for, days.
const AHEAD: u64 = 14;
const DAY_MINUTES: i64 = 1440;

/// Who is there at an instant.
#[derive(Debug, Clone)]
pub(crate) struct Roll {
    pub zone: Tz,
    people: Vec<PersonRow>,
    /// Ids of those on shift who take tickets.
    on_shift: Vec<String>,
    /// Id of whoever is on call.
    pub on_call: Option<String>,
    /// When the next shift begins that somebody works.
    pub next_shift_ms: Option<i64>,
    next_shift: Option<String>,
}

impl Roll {
    /// Still works here.
    pub fn is_active(&self, person: &str) -> bool {
        self.people.iter().any(|row| row.id == person)
    }

    pub fn is_on_shift(&self, person: &str) -> bool {
        self.on_shift.iter().any(|id| id == person)
    }

    pub fn on_shift(&self) -> &[String] {
        &self.on_shift
    }

    pub fn department_of(&self, person: &str) -> Option<Department> {
        self.people
            .iter()
            .find(|row| row.id == person)
            .map(views::department)
    }

    /// Everybody of a role.
    pub fn of_role(&self, role: Role) -> Vec<String> {
        self.people
            .iter()
            .filter(|row| row.role == role.as_str())
            .map(|row| row.id.clone())
            .collect()
    }

    /// The first of these roles that anybody has; where nobody leads, everybody who takes tickets.
    pub fn lead(&self, roles: &[Role]) -> Vec<String> {
        let found = roles
            .iter()
            .map(|role| self.of_role(*role))
            .find(|people| !people.is_empty());
        found.unwrap_or_else(|| {
            let takers = || self.people.iter().filter(|row| takes_tickets(row));
            match takers().next() {
                Some(_) => takers().map(|row| row.id.clone()).collect(),
                None => self.people.iter().map(|row| row.id.clone()).collect(),
            }
        })
    }

    /// How many people take tickets at all.
    pub fn takers(&self) -> usize {
        self.people.iter().filter(|row| takes_tickets(row)).count()
    }
}

/// A quality reviewer reads; everybody else can own a ticket.
fn takes_tickets(person: &PersonRow) -> bool {
    person.active && person.role != Role::Quality.as_str()
}

async fn is_enabled(store: &Store) -> Result<bool> {
    Ok(store.setting(ENABLED).await?.as_deref() == Some("true"))
}

/// New tickets get an owner by themselves: a roster is kept, or more than one person takes tickets.
pub(crate) async fn assigns(store: &Store) -> Result<bool> {
    let takers = store.people().await?.into_iter().filter(takes_tickets).count();
    Ok(takers > 1 || takers == 1 && is_enabled(store).await?)
}

/// Who is there now.
pub(crate) async fn roll(store: &Store, zone: &str, now_ms: i64) -> Result<Roll> {
    let zone: Tz = zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let people: Vec<PersonRow> = store
        .people()
        .await?
        .into_iter()
        .filter(|row| row.active)
        .collect();
    let today = instant(now_ms).with_timezone(&zone).date_naive();
    let day = today.to_string();
    let on_call = store.on_call(&day, &day).await?.pop().map(|(_, person)| person);
    let away: HashSet<String> = store
        .absences(&day)
        .await?
        .into_iter()
        .filter(|row| row.from_day <= day)
        .map(|row| row.person_id)
        .collect();
    let there = |person: &str| !away.contains(person) && people.iter().any(|row| row.id == person);
    let mut roll = Roll {
        zone,
        on_shift: Vec::new(),
        on_call: on_call.filter(|person| there(person)),
        next_shift_ms: None,
        next_shift: None,
        people: Vec::new(),
    };
    if is_enabled(store).await? {
        let (shifts, slots) = (store.shifts().await?, slots_near(store, today).await?);
        for slot in &slots {
            let Some((from, to)) = span(slot, &shifts, zone) else {
                continue;
            };
            let taker = people
                .iter()
                .any(|row| row.id == slot.person_id && takes_tickets(row));
            if (from..to).contains(&now_ms) && taker && there(&slot.person_id) {
                if !roll.on_shift.contains(&slot.person_id) {
                    roll.on_shift.push(slot.person_id.clone());
                }
            } else if from > now_ms && taker && roll.next_shift_ms.is_none_or(|next| from < next) {
                roll.next_shift_ms = Some(from);
                roll.next_shift = shifts
                    .iter()
                    .find(|shift| shift.id == slot.shift_id)
                    .map(|shift| shift.name.clone());
            }
        }
    } else {
        let takers = people
            .iter()
            .filter(|row| takes_tickets(row) && !away.contains(&row.id));
        roll.on_shift = takers.map(|row| row.id.clone()).collect();
    }
    roll.people = people;
    Ok(roll)
}

/// Slots from yesterday, whose shift may pass midnight, to two weeks ahead.
async fn slots_near(store: &Store, today: NaiveDate) -> Result<Vec<RosterRow>> {
    let from = today.pred_opt().unwrap_or(today);
    let to = today.checked_add_days(Days::new(AHEAD)).unwrap_or(today);
    Ok(store.roster(&from.to_string(), &to.to_string()).await?)
}

/// The instants of a slot, half-open.
fn span(slot: &RosterRow, shifts: &[ShiftRow], zone: Tz) -> Option<(i64, i64)> {
    let shift = shifts.iter().find(|shift| shift.id == slot.shift_id)?;
    let day: NaiveDate = slot.day.parse().ok()?;
    let at = |minutes: i64| local_to_ms(zone, day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes));
    Some((at(shift.opens_min), at(shift.closes_min)))
}

/// Who is there now, for the window.
pub(crate) async fn duty(store: &Store, zone: &str, now_ms: i64) -> Result<DutyNow> {
    let roll = roll(store, zone, now_ms).await?;
    let people = views::people(store).await?;
    let person = |id: &String| people.get(id).cloned();
    let handover = store.handover().await?.map(|note| HandoverView {
        by: people
            .get(&note.person_id)
            .map(|person| person.name.clone())
            .unwrap_or_default(),
        at: views::instant(note.at),
        text: note.body,
    });
    Ok(DutyNow {
        on_shift: roll.on_shift.iter().filter_map(person).collect(),
        on_call: roll.on_call.as_ref().and_then(person),
        next: roll.next_shift_ms.map(|at| NextShift {
            name: roll.next_shift.clone().unwrap_or_default(),
            at: views::instant(at),
        }),
        handover,
    })
}

fn date(text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| AppError::invalid("认不出这个日期。"))
}

fn monday(day: NaiveDate) -> NaiveDate {
    day.week(chrono::Weekday::Mon).first_day()
}

/// The week of a date.
///
/// # Errors
/// `invalid` for text that is no date.
pub async fn get(app: &App, week: &str) -> Result<RosterView> {
    let first = monday(date(week)?);
    let last = first.checked_add_days(Days::new(6)).unwrap_or(first);
    let (from, to) = (first.to_string(), last.to_string());
    let (store, now_ms) = (app.store(), app.now());
    let settings = workspace::settings(&store).await?;
    let slots = store.roster(&from, &to).await?;
    let shifts: Vec<ShiftView> = store.shifts().await?.iter().map(shift_view).collect();
    let enabled = is_enabled(&store).await?;
    Ok(RosterView {
        revision: revision::of(&(enabled, &shifts))?,
        shifts,
        slots: slots
            .into_iter()
            .map(|row| Slot {
                date: row.day,
                shift_id: row.shift_id,
                person_id: row.person_id,
            })
            .collect(),
        absences: store
            .absences(&from)
            .await?
            .into_iter()
            .map(|row| Absence {
                id: row.id,
                person_id: row.person_id,
                from: row.from_day,
                to: row.to_day,
                note: row.note,
            })
            .collect(),
        on_call: store
            .on_call(&from, &to)
            .await?
            .into_iter()
            .map(|(date, person_id)| OnCallSlot { date, person_id })
            .collect(),
        now: duty(&store, &settings.zone, now_ms).await?,
        enabled,
        week: from,
    })
}

fn shift_view(row: &ShiftRow) -> ShiftView {
    let clock = |minutes: i64| {
        let minutes = if minutes > DAY_MINUTES {
            minutes - DAY_MINUTES
        } else {
            minutes
        };
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    ShiftView {
        id: row.id.clone(),
        name: row.name.clone(),
        from: clock(row.opens_min),
        to: clock(row.closes_min),
        color: u8::try_from(row.color).unwrap_or(0),
    }
}

async fn this_week(app: &App) -> Result<RosterView> {
    let settings = workspace::settings(&app.store()).await?;
    let zone: Tz = settings.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let today = instant(app.now()).with_timezone(&zone).date_naive();
    get(app, &today.to_string()).await
}

/// The roster is the lead's; in a shop where nobody leads, anybody's.
async fn may_plan(app: &App) -> Result<PersonRow> {
    let actor = app.actor()?;
    if leads(&actor)
        || !app
            .store()
            .people()
            .await?
            .iter()
            .any(|row| row.active && leads(row))
    {
        return Ok(actor);
    }
    Err(AppError::new(
        ErrorCode::Forbidden,
        "排班由主管、经理或管理员安排。请换成他们中的一位再改。",
    ))
}

/// Supervisor, manager or administrator.
pub(crate) fn leads(person: &PersonRow) -> bool {
    [Role::Supervisor, Role::Manager, Role::Admin]
        .iter()
        .any(|role| person.role == role.as_str())
}

async fn finish(app: &App, mut tx: Tx, kind: &str, data: serde_json::Value, actor: &PersonRow) -> Result<()> {
    let now_ms = app.now();
    journal::workspace_entry(&mut tx, kind, data, Some(&actor.id), now_ms).await?;
    tx.log_change("shifts today", now_ms).await?;
    tx.commit().await?;
    app.reload_rules().await?;
    app.changed(&[Tag::Shifts, Tag::Today]);
    Ok(())
}

/// Saves the shifts of the day and whether a roster is kept. A shift left out goes with its places in the roster.
///
/// # Errors
/// `invalid` for an empty name, hours that are none, or more than 12 shifts; `conflict`; `forbidden`.
pub async fn save(app: &App, input: &ShiftSave) -> Result<RosterView> {
    let actor = may_plan(app).await?;
    if input.shifts.len() > MAX_SHIFTS {
        return Err(AppError::invalid("一天最多 12 个班次。"));
    }
    let now_ms = app.now();
    let mut rows = Vec::with_capacity(input.shifts.len());
    for (place, shift) in input.shifts.iter().enumerate() {
        let name = shift.name.trim();
        if name.is_empty() || name.chars().count() > 20 {
            return Err(AppError::invalid("请给班次起一个名字，20 个字以内。"));
        }
        let window: Window = format!("{}-{}", shift.from, shift.to).parse().map_err(|_| {
            AppError::invalid(format!("班次“{name}”的时间不对，请写成 09:00 到 18:00 这样。"))
        })?;
        rows.push(ShiftRow {
            id: if shift.id.is_empty() {
                amends_domain::fresh(now_ms)
            } else {
                shift.id.clone()
            },
            name: name.to_owned(),
            opens_min: i64::from(window.open_minute()),
            closes_min: i64::from(window.close_minute()),
            color: i64::from(shift.color),
            place: place as i64,
        });
    }
    let store = app.store();
    let mut tx = store.begin().await?;
    tx.hold(revision::SAVING).await?;
    let stands: Vec<ShiftView> = store.shifts().await?.iter().map(shift_view).collect();
    let stands = revision::of(&(is_enabled(&store).await?, &stands))?;
    revision::must_be_current(&input.made_from, &stands)?;
    tx.replace_shifts(&rows).await?;
    tx.set_setting(ENABLED, if input.enabled { "true" } else { "false" })
        .await?;
    let data = json!({ "enabled": input.enabled, "shifts": rows.len() });
    finish(app, tx, "shifts_saved", data, &actor).await?;
    this_week(app).await
}

/// Who works a shift on a date; replaces who did.
///
/// # Errors
/// `invalid` for text that is no date, `not_found` for an unknown shift or person, `conflict`, `forbidden`.
pub async fn set_slot(app: &App, input: &RosterSet) -> Result<RosterView> {
    let actor = may_plan(app).await?;
    let day = date(&input.date)?.to_string();
    let store = app.store();
    if !store
        .shifts()
        .await?
        .iter()
        .any(|shift| shift.id == input.shift_id)
    {
        return Err(StoreError::NotFound.into());
    }
    for person in &input.person_ids {
        must_be_known(&store, person).await?;
    }
    let mut tx = store.begin().await?;
    tx.hold(revision::SAVING).await?;
    let slots = store.roster(&day, &day).await?;
    let there = slots.into_iter().filter(|slot| slot.shift_id == input.shift_id);
    let there: BTreeSet<String> = there.map(|slot| slot.person_id).collect();
    revision::must_be_current(&input.made_from.iter().cloned().collect(), &there)?;
    tx.set_roster(&day, &input.shift_id, &input.person_ids).await?;
    let data = json!({ "day": day, "shift": input.shift_id, "people": input.person_ids });
    finish(app, tx, "roster_set", data, &actor).await?;
    get(app, &day).await
}

async fn must_be_known(store: &Store, person: &str) -> Result<()> {
    if store
        .people()
        .await?
        .iter()
        .any(|row| row.active && row.id == person)
    {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::NotFound, "找不到这位同事，请重新选择。"))
}

/// Who is on call on a date.
///
/// # Errors
/// `invalid` for text that is no date, `not_found` for an unknown person, `conflict`, `forbidden`.
pub async fn set_on_call(app: &App, input: &OnCallSet) -> Result<RosterView> {
    let actor = may_plan(app).await?;
    let day = date(&input.date)?.to_string();
    let store = app.store();
    if let Some(person) = &input.person_id {
        must_be_known(&store, person).await?;
    }
    let mut tx = store.begin().await?;
    tx.hold(revision::SAVING).await?;
    let there = store.on_call(&day, &day).await?.pop().map(|(_, person)| person);
    revision::must_be_current(&input.made_from, &there)?;
    tx.set_on_call(&day, input.person_id.as_deref()).await?;
    let data = json!({ "day": day, "person": input.person_id });
    finish(app, tx, "on_call_set", data, &actor).await?;
    get(app, &day).await
}

/// Copies a pattern of weeks forward, on call included; what stood in those weeks is replaced.
///
/// # Errors
/// `invalid` for more than 26 weeks, a pattern of more than 8, or text that is no date; `forbidden`.
pub async fn rotate(app: &App, input: &Rotate) -> Result<RosterView> {
    let actor = may_plan(app).await?;
    if !(1..=26).contains(&input.weeks) || !(1..=8).contains(&input.every_weeks) {
        return Err(AppError::invalid("轮班可以往后排 1 到 26 周，每 1 到 8 周一轮。"));
    }
    let first = monday(date(&input.from_week)?);
    let pattern_days = u64::from(input.every_weeks) * 7;
    let day_at = |days: u64| first.checked_add_days(Days::new(days)).unwrap_or(first);
    let (from, to) = (first.to_string(), day_at(pattern_days - 1).to_string());
    let store = app.store();
    let slots = store.roster(&from, &to).await?;
    let calls = store.on_call(&from, &to).await?;
    let last = pattern_days + u64::from(input.weeks) * 7 - 1;
    let mut tx = store.begin().await?;
    tx.clear_roster(&day_at(pattern_days).to_string(), &day_at(last).to_string())
        .await?;
    for offset in pattern_days..=last {
        let (like, day) = (
            day_at(offset % pattern_days).to_string(),
            day_at(offset).to_string(),
        );
        let shifts: HashSet<&String> = slots
            .iter()
            .filter(|s| s.day == like)
            .map(|s| &s.shift_id)
            .collect();
        for shift in shifts {
            let people: Vec<String> = slots
                .iter()
                .filter(|slot| slot.day == like && slot.shift_id == *shift)
                .map(|slot| slot.person_id.clone())
                .collect();
            tx.set_roster(&day, shift, &people).await?;
        }
        if let Some((_, person)) = calls.iter().find(|(day, _)| *day == like) {
            tx.set_on_call(&day, Some(person)).await?;
        }
    }
    let data = json!({ "from": from, "weeks": input.weeks, "every": input.every_weeks });
    finish(app, tx, "roster_rotated", data, &actor).await?;
    get(app, &from).await
}

/// Somebody will be away: neither on shift nor on call on these days.
///
/// # Errors
/// `invalid` for days that run backwards, `not_found` for an unknown person, `forbidden` for somebody else's absence.
pub async fn add_absence(app: &App, input: &AbsenceAdd) -> Result<RosterView> {
    let actor = app.actor()?;
    if actor.id != input.person_id {
        may_plan(app).await?;
    }
    let (from, to) = (date(&input.from)?, date(&input.to)?);
    if to < from {
        return Err(AppError::invalid("请假的结束日期不能早于开始日期。"));
    }
    let store = app.store();
    must_be_known(&store, &input.person_id).await?;
    let row = AbsenceRow {
        id: amends_domain::fresh(app.now()),
        person_id: input.person_id.clone(),
        from_day: from.to_string(),
        to_day: to.to_string(),
        note: input.note.trim().chars().take(200).collect(),
    };
    let mut tx = store.begin().await?;
    tx.add_absence(&row).await?;
    let data = json!({ "person": row.person_id, "from": row.from_day, "to": row.to_day });
    finish(app, tx, "absence_added", data, &actor).await?;
    get(app, &from.to_string()).await
}

/// Somebody will not be away after all.
///
/// # Errors
/// `not_found`, `forbidden` for somebody else's absence.
pub async fn remove_absence(app: &App, id: &str) -> Result<RosterView> {
    let actor = app.actor()?;
    let store = app.store();
    let row = store.absences("").await?.into_iter().find(|row| row.id == id);
    let row = row.ok_or(StoreError::NotFound)?;
    if row.person_id != actor.id {
        may_plan(app).await?;
    }
    let mut tx = store.begin().await?;
    tx.remove_absence(id).await?;
    finish(
        app,
        tx,
        "absence_removed",
        json!({ "person": row.person_id }),
        &actor,
    )
    .await?;
    this_week(app).await
}

/// Leaves a note for the next shift.
///
/// # Errors
/// `invalid` for empty words or more than 2,000 characters.
pub async fn save_handover(app: &App, text: &str) -> Result<RosterView> {
    let actor = app.actor()?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 2000 {
        return Err(AppError::invalid("请写下交接的内容，2000 字以内。"));
    }
    let now_ms = app.now();
    let mut tx = app.store().begin().await?;
    tx.add_handover(&HandoverRow {
        id: amends_domain::fresh(now_ms),
        person_id: actor.id.clone(),
        at: now_ms,
        body: text.to_owned(),
    })
    .await?;
    finish(app, tx, "handover_saved", json!({}), &actor).await?;
    this_week(app).await
}
