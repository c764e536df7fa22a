//! How alerts make themselves heard: each person's choices, the workspace's ladder, meetings.

use crate::{
    App, AppError, AppEvent, ErrorCode, Result,
    dto::{AlertLevel, AlertRulesSave, AlertRulesView, LadderStep, PersonAlerts, SoundTest, Tag},
    journal, revision, scheduler,
    scheduler::{AlertRules, PersonRules},
    shifts, views,
};
use serde_json::json;
use std::time::Duration;

/// Longest meeting, minutes.
const MAX_MEETING: u32 = 8 * 60;
/// A keyring that does not answer by then counts as none.
const KEYRING_WAIT: Duration = Duration::from_secs(3);

/// The rules, with the choices of whoever sits here.
///
/// # Errors
/// `store`.
pub async fn get(app: &App) -> Result<AlertRulesView> {
    let store = app.store();
    let rules = AlertRules::load(&store).await?;
    let person = app.desk().actor.map(|actor| actor.id).unwrap_or_default();
    let mut mine = scheduler::person_rules(&store, &person).await?;
    if mine.meeting_until(app.now()).is_none() {
        mine.0.meeting_until = None;
    }
    Ok(AlertRulesView {
        revision: revision_of(&rules, &mine)?,
        mine: mine.0,
        ladder: AlertLevel::ALL
            .into_iter()
            .map(|level| LadderStep {
                level,
                recipients: rules.recipients(None, level),
            })
            .collect(),
        repeat_urgent_secs: rules.repeat_urgent_secs,
        take_back_secs: (rules.take_back_secs > 0).then_some(rules.take_back_secs),
        autostart: app.autostart().is_some_and(|port| port.is_on()),
        autostart_available: app.autostart().is_some(),
        keyring_available: has_keyring(app).await,
    })
}

/// That a meeting is over, or begins, is not a change of the rules.
fn revision_of(rules: &AlertRules, mine: &PersonRules) -> Result<String> {
    let mut mine = mine.clone();
    mine.0.meeting_until = None;
    revision::of(&(rules, mine))
}

async fn has_keyring(app: &App) -> bool {
    let secrets = app.secrets();
    let asked = tokio::task::spawn_blocking(move || secrets.has_keyring());
    matches!(tokio::time::timeout(KEYRING_WAIT, asked).await, Ok(Ok(true)))
}

/// Changes the rules. One's own choices are one's own; the ladder and its times are the lead's.
///
/// # Errors
/// `invalid` with what to change, `conflict`, `forbidden`, `no_actor`.
pub async fn save(app: &App, input: &AlertRulesSave) -> Result<AlertRulesView> {
    let actor = app.actor()?;
    let store = app.store();
    let now_ms = app.now();
    let mut tx = store.begin().await?;
    tx.hold(revision::SAVING).await?;
    let mut rules = AlertRules::load(&store).await?;
    let before = rules.clone();
    let stands = revision_of(&before, &scheduler::person_rules(&store, &actor.id).await?)?;
    revision::must_be_current(&input.made_from, &stands)?;
    change(&mut rules, input)?;
    if rules != before && !shifts::leads(&actor) {
        let people = store.people().await?;
        if people.iter().any(|row| row.active && shifts::leads(row)) {
            return Err(AppError::new(
                ErrorCode::Forbidden,
                "提醒的升级规则由主管、经理或管理员设置。您可以改自己的声音和免打扰。",
            ));
        }
    }
    if let Some(mine) = &input.mine {
        check(mine)?;
    }
    if let (Some(on), Some(port)) = (input.autostart, app.autostart()) {
        port.set(on).map_err(|error| {
            AppError::new(
                ErrorCode::Store,
                "没能设置开机启动，其他设置也没有保存。请检查系统权限后再试。",
            )
            .with_detail(error)
        })?;
    }
    if rules != before {
        rules.save(&mut tx).await?;
        journal::workspace_entry(
            &mut tx,
            "alert_rules_changed",
            json!({ "to": rules }),
            Some(&actor.id),
            now_ms,
        )
        .await?;
    }
    if let Some(mine) = &input.mine {
        scheduler::save_person_rules(&mut tx, &actor.id, &PersonRules(mine.clone())).await?;
        // What was held is judged again by the new choices.
        tx.release_held(&actor.id, now_ms).await?;
    }
    tx.log_change("alert_rules", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::AlertRules]);
    get(app).await
}

fn change(rules: &mut AlertRules, input: &AlertRulesSave) -> Result<()> {
    if let Some(secs) = input.repeat_urgent_secs {
        if secs != 0 && !(30..=3600).contains(&secs) {
            return Err(AppError::invalid(
                "紧急提醒可以每 30 秒到 60 分钟重复一次，或不重复。",
            ));
        }
        rules.repeat_urgent_secs = secs;
    }
    if let Some(secs) = input.take_back_secs {
        if secs != 0 && !(60..=86_400).contains(&secs) {
            return Err(AppError::invalid(
                "无人响应后收回的时间可选 1 分钟到 24 小时，或不收回。",
            ));
        }
        rules.take_back_secs = secs;
    }
    if let Some(ladder) = &input.ladder {
        if ladder.iter().any(|step| step.recipients.is_empty()) {
            return Err(AppError::invalid("每一级提醒至少要有一位接收人。"));
        }
        for step in ladder {
            rules.ladder.retain(|known| known.level != step.level);
            rules.ladder.push(step.clone());
        }
        rules.ladder.sort_by_key(|step| step.level);
    }
    Ok(())
}

fn check(mine: &PersonAlerts) -> Result<()> {
    if mine.levels.iter().any(|choice| choice.volume > 100) {
        return Err(AppError::invalid("音量在 0 到 100 之间。"));
    }
    if let Some(quiet) = &mine.quiet
        && scheduler::quiet_window(quiet).is_none()
    {
        return Err(AppError::invalid(
            "免打扰的时间不对，请写成 22:00 到 08:00 这样。",
        ));
    }
    if let Some(until) = &mine.meeting_until {
        views::parse_instant(until)?;
    }
    Ok(())
}

/// A meeting of some minutes begins, or ends.
///
/// # Errors
/// `invalid` for more than eight hours, `no_actor`.
pub async fn meeting(app: &App, minutes: Option<u32>) -> Result<AlertRulesView> {
    let actor = app.actor()?;
    if minutes.is_some_and(|minutes| minutes > MAX_MEETING) {
        return Err(AppError::invalid("会议模式最长 8 小时。"));
    }
    let (store, now_ms) = (app.store(), app.now());
    let mut mine = scheduler::person_rules(&store, &actor.id).await?;
    mine.0.meeting_until = minutes
        .filter(|minutes| *minutes > 0)
        .map(|minutes| views::instant(now_ms + i64::from(minutes) * 60_000));
    let mut tx = store.begin().await?;
    scheduler::save_person_rules(&mut tx, &actor.id, &mine).await?;
    tx.release_held(&actor.id, now_ms).await?;
    tx.log_change("alert_rules", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::AlertRules]);
    get(app).await
}

/// Plays a sound in the window.
///
/// # Errors
/// `invalid` for a volume over 100.
pub fn test_sound(app: &App, input: SoundTest) -> Result<()> {
    if input.volume > 100 {
        return Err(AppError::invalid("音量在 0 到 100 之间。"));
    }
    app.tell(AppEvent::Sound(input));
    Ok(())
}
