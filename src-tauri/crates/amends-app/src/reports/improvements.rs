//! Improvements 改进措施 and lessons 复盘: what people decide to change, and whether it moved the figure.

use super::period::{Period, day, monday, week_name};
use crate::{
    App, AppError, ErrorCode, Result,
    dto::{
        ImprovementInput, ImprovementState, ImprovementStep, ImprovementView, ImprovementWeek, LessonInput,
        LessonView, PersonView, ReportKind, Tag,
    },
    journal, views, workspace,
};
use amends_domain::{Cause, figures::chance, sla::calendar::instant};
use amends_store::{ImprovementRow, LessonRow, Store};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serde_json::json;
use std::collections::HashMap;

const MAX_TITLE: usize = 100;
const MAX_EXPECTED: usize = 300;
const MAX_LESSON: usize = 2_000;
/// Weeks shown of an improvement.
const WEEKS: u32 = 8;
/// Weeks before and after that are compared.
const COMPARED: usize = 4;

/// All improvements: those that run first, nearest due day first.
///
/// # Errors
/// `store`.
pub async fn improvements(app: &App) -> Result<Vec<ImprovementView>> {
    let store = app.store();
    let people = views::people(&store).await?;
    let zone = zone(&store).await?;
    let mut all = Vec::new();
    for row in store.improvements().await? {
        all.push(view(&store, row, &people, zone, app.now()).await?);
    }
    Ok(all)
}

/// Writes an improvement down, or changes it.
///
/// # Errors
/// `invalid` says what to change, `no_actor`, `not_found`, `store`.
pub async fn improvement_save(app: &App, input: ImprovementInput) -> Result<ImprovementView> {
    let (actor, now_ms, store) = (app.actor()?, app.now(), app.store());
    let title = words(&input.title, MAX_TITLE, "措施")?;
    if title.is_empty() {
        return Err(AppError::invalid("请写下要做什么，例如“更换 500ml 瓶盖内垫”。"));
    }
    day(&input.due_day)?;
    let owner_id = match input.owner.filter(|id| !id.is_empty()) {
        Some(id) if store.people().await?.iter().any(|person| person.id == id) => Some(id),
        Some(_) => return Err(AppError::invalid("这个负责人已经不在名单里，请重新选择。")),
        None => None,
    };
    let before = match &input.id {
        Some(id) => Some(store.improvement(id).await?),
        None => None,
    };
    let named = |text: Option<String>| {
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let row = ImprovementRow {
        id: input.id.unwrap_or_else(|| amends_domain::fresh(now_ms)),
        title,
        theme: named(input.theme),
        cause: input.cause.map(|cause| cause.to_string()),
        product: named(input.product),
        shop: named(input.shop),
        expected: words(&input.expected, MAX_EXPECTED, "预期效果")?,
        owner_id,
        due_day: input.due_day,
        created_at: before.as_ref().map_or(now_ms, |row| row.created_at),
        created_by: before
            .as_ref()
            .map_or(Some(actor.id.clone()), |row| row.created_by.clone()),
        done_at: before.as_ref().and_then(|row| row.done_at),
        dropped_at: before.as_ref().and_then(|row| row.dropped_at),
        dropped_why: before.as_ref().and_then(|row| row.dropped_why.clone()),
    };
    let kind = if before.is_some() {
        "improvement_changed"
    } else {
        "improvement_added"
    };
    keep(app, &row, kind, &actor.id, now_ms).await?;
    one(app, row).await
}

/// Done, not done after all, or dropped.
///
/// # Errors
/// `invalid` without a reason to drop it, `no_actor`, `not_found`, `store`.
pub async fn improvement_step(app: &App, id: &str, step: ImprovementStep) -> Result<ImprovementView> {
    let (actor, now_ms) = (app.actor()?, app.now());
    let mut row = app.store().improvement(id).await?;
    (row.done_at, row.dropped_at, row.dropped_why) = (None, None, None);
    let kind = match step {
        ImprovementStep::Done => {
            row.done_at = Some(now_ms);
            "improvement_done"
        }
        ImprovementStep::Running => "improvement_resumed",
        ImprovementStep::Dropped { why } => {
            let why = words(&why, MAX_EXPECTED, "原因")?;
            if why.is_empty() {
                return Err(AppError::invalid("请写一句为什么取消，免得以后有人再提。"));
            }
            (row.dropped_at, row.dropped_why) = (Some(now_ms), Some(why));
            "improvement_dropped"
        }
    };
    keep(app, &row, kind, &actor.id, now_ms).await?;
    one(app, row).await
}

/// Lessons written to a week.
///
/// # Errors
/// `invalid` for what is no week, `store`.
pub async fn lessons(app: &App, week: &str) -> Result<Vec<LessonView>> {
    let (store, week) = (app.store(), week_name(monday(week)?.iso_week()));
    let people = views::people(&store).await?;
    let rows = store.lessons(&week).await?;
    Ok(rows.into_iter().map(|row| lesson(row, &people)).collect())
}

/// Writes a lesson to a week.
///
/// # Errors
/// `invalid` for an empty one, `no_actor`, `store`.
pub async fn lesson_add(app: &App, input: LessonInput) -> Result<LessonView> {
    let (actor, now_ms, store) = (app.actor()?, app.now(), app.store());
    let row = LessonRow {
        id: amends_domain::fresh(now_ms),
        week: week_name(monday(&input.week)?.iso_week()),
        theme: input.theme.filter(|theme| !theme.trim().is_empty()),
        author_id: Some(actor.id.clone()),
        at: now_ms,
        body: words(&input.body, MAX_LESSON, "复盘")?,
    };
    if row.body.is_empty() {
        return Err(AppError::invalid("请写下学到了什么再保存。"));
    }
    let mut tx = store.begin().await?;
    tx.add_lesson(&row).await?;
    let data = json!({ "lesson": row.id, "week": row.week });
    journal::workspace_entry(&mut tx, "lesson_added", data, Some(&actor.id), now_ms).await?;
    tx.log_change("reports", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Reports]);
    Ok(lesson(row, &views::people(&store).await?))
}

fn lesson(row: LessonRow, people: &HashMap<String, PersonView>) -> LessonView {
    LessonView {
        id: row.id,
        week: row.week,
        theme: row.theme,
        by: row.author_id.and_then(|id| people.get(&id).cloned()),
        at: views::instant(row.at),
        body: row.body,
    }
}

async fn keep(app: &App, row: &ImprovementRow, kind: &str, actor: &str, now_ms: i64) -> Result<()> {
    let mut tx = app.store().begin().await?;
    tx.save_improvement(row).await?;
    let data = json!({ "improvement": row.id, "due": row.due_day, "owner": row.owner_id });
    journal::workspace_entry(&mut tx, kind, data, Some(actor), now_ms).await?;
    tx.log_change("reports", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Reports]);
    Ok(())
}

async fn one(app: &App, row: ImprovementRow) -> Result<ImprovementView> {
    let store = app.store();
    let people = views::people(&store).await?;
    view(&store, row, &people, zone(&store).await?, app.now()).await
}

/// Trimmed, and refused where it is too long.
fn words(text: &str, longest: usize, what: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(AppError::new(
            ErrorCode::Invalid,
            format!("{what}太长，请控制在 {longest} 字以内。"),
        ));
    }
    Ok(text.to_owned())
}

async fn zone(store: &Store) -> Result<Tz> {
    let settings = workspace::settings(store).await?;
    Ok(settings.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai))
}

pub(super) async fn view(
    store: &Store,
    row: ImprovementRow,
    people: &HashMap<String, PersonView>,
    zone: Tz,
    now_ms: i64,
) -> Result<ImprovementView> {
    let today = instant(now_ms).with_timezone(&zone).date_naive();
    let due = row.due_day.parse::<NaiveDate>().unwrap_or(today);
    let late = (today - due).num_days().max(0);
    let state = if row.dropped_at.is_some() {
        ImprovementState::Dropped
    } else if row.done_at.is_some() {
        ImprovementState::Done
    } else if late > 0 {
        ImprovementState::Late
    } else {
        ImprovementState::Running
    };
    let weeks = weeks(store, &row, zone, now_ms).await?;
    let effect = effect(&weeks, row.done_at);
    Ok(ImprovementView {
        state,
        late_days: match state {
            ImprovementState::Late => u32::try_from(late).unwrap_or(0),
            _ => 0,
        },
        weeks: weeks
            .into_iter()
            .rev()
            .take(WEEKS as usize)
            .rev()
            .map(|(week, count)| ImprovementWeek {
                week: week.name(),
                count,
            })
            .collect(),
        before: effect.before,
        after: effect.after,
        beyond_chance: effect.beyond_chance,
        id: row.id,
        title: row.title,
        theme: row.theme,
        cause: row.cause.and_then(|word| word.parse::<Cause>().ok()),
        product: row.product,
        shop: row.shop,
        expected: row.expected,
        owner: row.owner_id.and_then(|id| people.get(&id).cloned()),
        due_day: row.due_day,
        created_at: views::instant(row.created_at),
        done_at: row.done_at.map(views::instant),
        dropped_why: row.dropped_why,
    })
}

/// Complaints that it is about, week by week, from those compared before it was done to the running one.
async fn weeks(store: &Store, row: &ImprovementRow, zone: Tz, now_ms: i64) -> Result<Vec<(Period, u32)>> {
    let week_of = |ms: i64| {
        Period::around(
            ReportKind::Weekly,
            instant(ms).with_timezone(&zone).date_naive(),
            zone,
        )
    };
    let last = week_of(now_ms);
    let first_shown = last.earlier(WEEKS - 1);
    let first_compared = week_of(row.done_at.unwrap_or(now_ms)).earlier(COMPARED as u32);
    let first = if first_compared.first < first_shown.first {
        first_compared
    } else {
        first_shown
    };
    let times = store
        .complaint_times(
            (first.span().from_ms, last.span().until_ms),
            row.cause.as_deref(),
            row.product.as_deref(),
            row.shop.as_deref(),
        )
        .await?;
    let found = match &row.theme {
        Some(theme) => store.search(theme).await?,
        None => None,
    };
    let about = |number: &i64| {
        found
            .as_ref()
            .is_none_or(|found| found.numbers.binary_search(number).is_ok())
    };
    let mut weeks = Vec::new();
    let mut week = first;
    loop {
        let span = week.span();
        let count = times
            .iter()
            .filter(|(number, at)| span.has(*at) && about(number))
            .count();
        weeks.push((week, u32::try_from(count).unwrap_or(u32::MAX)));
        if week.first >= last.first {
            return Ok(weeks);
        }
        week = week.next();
    }
}

struct Effect {
    before: Option<f64>,
    after: Option<f64>,
    beyond_chance: bool,
}

/// The weeks before the one in which it was done, against the full weeks after it.
fn effect(weeks: &[(Period, u32)], done_at: Option<i64>) -> Effect {
    let running = weeks.len().saturating_sub(1);
    let done = match done_at {
        Some(done_at) => weeks
            .iter()
            .position(|(week, _)| week.span().has(done_at))
            .unwrap_or(running),
        None => running,
    };
    let before = &weeks[done.saturating_sub(COMPARED)..done];
    let after = match done_at {
        Some(_) if done < running => &weeks[done + 1..running.min(done + 1 + COMPARED)],
        _ => &[],
    };
    let sum = |weeks: &[(Period, u32)]| weeks.iter().map(|(_, count)| *count).sum::<u32>();
    let mean =
        |weeks: &[(Period, u32)]| (!weeks.is_empty()).then(|| f64::from(sum(weeks)) / weeks.len() as f64);
    Effect {
        before: mean(before),
        after: mean(after),
        beyond_chance: !before.is_empty()
            && !after.is_empty()
            && chance::counts(
                u64::from(sum(after)),
                after.len() as f64,
                u64::from(sum(before)),
                before.len() as f64,
            ) < 0.05,
    }
}
