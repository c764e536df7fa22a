//! Promise 时效承诺: versions, what a new one would move, and applying it to open tickets (sla.md R13, R15).

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{ApplyPreview, MovedDeadline, PauseRule, PromiseRules, PromiseSave, PromiseView, Tag, TierTargets},
    journal, look, project, revision,
    rules::{POLICY, Rules},
    shifts, tickets, views,
};
use amends_domain::{
    Tier,
    sla::{
        Calendar, CalendarVersion, Calendars, Clock, Event, EventKind, Policies, Policy, PolicyVersion,
        policy::{FollowUpWindow, Pauses, PolicyError, Targets, WarnLevels},
    },
};
use amends_store::{PersonRow, Store};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// Deadlines shown as examples.
const EXAMPLES: usize = 20;
/// Tickets read at once.
const PIECE: i64 = 500;
/// Tickets changed per transaction: the write lock is held for a fraction of a second.
const STEP: usize = 50;
/// Setting: a version that is still being applied to open tickets.
const APPLYING: &str = "applying";

/// The promise in force.
///
/// # Errors
/// `store`.
pub async fn get(app: &App) -> Result<PromiseView> {
    let store = app.store();
    let row = store
        .newest_rule(POLICY)
        .await?
        .ok_or_else(|| AppError::internal("no policy version"))?;
    let policy: Policy = serde_json::from_str(&row.body)?;
    let people = views::people(&store).await?;
    Ok(PromiseView {
        version: policy.version.0,
        saved_at: views::instant(row.created_at),
        saved_by: row
            .actor_id
            .and_then(|id| people.get(&id).map(|person| person.name.clone())),
        rules: rules_of(&policy),
    })
}

fn rules_of(policy: &Policy) -> PromiseRules {
    let targets = |tier| {
        let targets = policy.targets(tier);
        TierTargets {
            first_response: targets.first_response,
            next_response: targets.next_response,
            solution: targets.solution,
            closure: targets.closure,
        }
    };
    let hours = policy.follow_up.contact_hours.to_string();
    let (from, to) = hours.split_once('-').unwrap_or(("09:00", "21:00"));
    PromiseRules {
        urgent: targets(Tier::Urgent),
        important: targets(Tier::Important),
        general: targets(Tier::General),
        start: policy.start,
        pauses: policy
            .pauses
            .0
            .iter()
            .map(|(metric, statuses)| PauseRule {
                metric: *metric,
                statuses: statuses.clone(),
            })
            .collect(),
        pause_cap_secs: policy.pause_cap_secs,
        warn_first: policy.warn.first,
        warn_second: policy.warn.second,
        warn_overdue: policy.warn.overdue,
        follow_up_from_day: policy.follow_up.first_day,
        follow_up_to_day: policy.follow_up.last_day,
        contact_from: from.to_owned(),
        contact_to: to.to_owned(),
        respect_holidays: policy.follow_up.respect_holidays,
        reopen_days: policy.reopen_days,
    }
}

/// The policy that these rules make of the one in force; what the window does not edit stays.
fn policy_of(rules: &PromiseRules, before: &Policy, version: u32) -> Result<Policy> {
    let targets = |new: &TierTargets, before: &Targets| Targets {
        first_response: new.first_response,
        next_response: new.next_response,
        solution: new.solution,
        closure: new.closure,
        approval: before.approval,
    };
    let contact_hours = format!("{}-{}", rules.contact_from, rules.contact_to)
        .parse()
        .map_err(|_| AppError::invalid("可以联系顾客的时间不对，请写成 09:00 到 21:00 这样。"))?;
    if rules.pause_cap_secs < 3600 || rules.pause_cap_secs > 30 * 86_400 {
        return Err(AppError::invalid("暂停上限可以设 1 小时到 30 天。"));
    }
    if rules.warn_overdue == 0 || rules.warn_overdue > 200 {
        return Err(AppError::invalid("超时提醒可以设在时限的 1% 到 200% 之后。"));
    }
    let pauses: BTreeMap<_, _> = rules
        .pauses
        .iter()
        .map(|rule| (rule.metric, rule.statuses.clone()))
        .collect();
    let policy = Policy {
        version: PolicyVersion(version),
        urgent: targets(&rules.urgent, &before.urgent),
        important: targets(&rules.important, &before.important),
        general: targets(&rules.general, &before.general),
        start: rules.start,
        pauses: Pauses(pauses),
        pause_cap_secs: rules.pause_cap_secs,
        warn: WarnLevels {
            first: rules.warn_first,
            second: rules.warn_second,
            overdue: rules.warn_overdue,
        },
        follow_up: FollowUpWindow {
            first_day: rules.follow_up_from_day,
            last_day: rules.follow_up_to_day,
            contact_hours,
            respect_holidays: rules.respect_holidays,
        },
        reopen_days: rules.reopen_days,
        ..before.clone()
    };
    policy.check().map_err(in_words)?;
    Ok(policy)
}

fn in_words(error: PolicyError) -> AppError {
    use crate::{dto::Locale::ZhCn, wording};
    AppError::invalid(match error {
        PolicyError::Target(tier, metric) => format!(
            "{}的“{}”时限要在 1 秒到 366 天之间。",
            wording::tier(ZhCn, tier),
            wording::metric(ZhCn, metric.as_str())
        ),
        PolicyError::Warn => "两次预警要先后递增，都在时限之前：例如 75% 和 90%。".to_owned(),
        PolicyError::Range => "回访的开始日期不能晚于截止日期。".to_owned(),
    })
}

/// What applying these rules to the open tickets would do. Nothing is written.
///
/// # Errors
/// `invalid` for impossible rules, `store`.
pub async fn preview(app: &App, rules: &PromiseRules) -> Result<ApplyPreview> {
    let current = app.rules();
    let before = current.policies.latest();
    let version = PolicyVersion(before.version.0 + 1);
    let policy = policy_of(rules, before, version.0)?;
    let mut policies = current.policies.clone();
    policies.insert(policy);
    preview_change(app, &policies, &current.calendars, |_| {
        Some(EventKind::Policy { version })
    })
    .await
}

/// What a change would do to each open ticket whose shop gets one.
pub(crate) async fn preview_change(
    app: &App,
    policies: &Policies,
    calendars: &Calendars,
    change: impl Fn(&str) -> Option<EventKind>,
) -> Result<ApplyPreview> {
    let (store, now_ms) = (app.store(), app.now());
    let mut preview = ApplyPreview {
        open: 0,
        moved: 0,
        late: 0,
        examples: Vec::new(),
    };
    let mut after = String::new();
    loop {
        let rows = store.open_tickets_after(&after, PIECE).await?;
        let Some((last, ..)) = rows.last() else { break };
        after.clone_from(last);
        let ids: Vec<String> = rows.iter().map(|(id, ..)| id.clone()).collect();
        let logs = store.logs_of(&ids).await?;
        for (id, number, tier, shop, ..) in &rows {
            let Some(kind) = change(shop) else { continue };
            preview.open += 1;
            let mut log = journal::events(logs.get(id).map_or(&[][..], Vec::as_slice))?;
            let before = project::clocks_by(&log, policies, calendars, now_ms);
            log.push(Event {
                id: "what-if".into(),
                at_ms: now_ms,
                recorded_ms: now_ms,
                actor: None,
                kind,
            });
            let then = project::clocks_by(&log, policies, calendars, now_ms);
            let tier = tier.parse().unwrap_or(Tier::General);
            for moved in moves(id, number, tier, &before, &then, now_ms) {
                preview.moved += 1;
                preview.late += u32::from(moved.late);
                keep_example(&mut preview.examples, moved);
            }
        }
        tokio::task::yield_now().await;
    }
    Ok(preview)
}

/// Late ones first, then by the new due time; the first 20.
fn keep_example(examples: &mut Vec<MovedDeadline>, moved: MovedDeadline) {
    let place = |m: &MovedDeadline| (!m.late, m.to.clone().unwrap_or_default());
    let at = examples.partition_point(|known| place(known) <= place(&moved));
    if at < EXAMPLES {
        examples.insert(at, moved);
        examples.truncate(EXAMPLES);
    }
}

/// The deadlines of one ticket that differ, gone and new ones included.
fn moves(
    id: &str,
    number: &str,
    tier: Tier,
    before: &[Clock],
    then: &[Clock],
    now_ms: i64,
) -> Vec<MovedDeadline> {
    let owed = |clock: &&Clock| look::is_owed(clock) || clock.state == amends_domain::sla::ClockState::Paused;
    let moved = |clock: &Clock, from: Option<i64>, to: Option<i64>, late: bool| MovedDeadline {
        ticket_id: id.to_owned(),
        number: number.to_owned(),
        tier,
        metric: clock.metric,
        from: from.map(views::instant),
        to: to.map(views::instant),
        late,
    };
    let mut found = Vec::new();
    for clock in then.iter().filter(owed) {
        let name = look::clock_name(clock);
        let old = before.iter().find(|old| look::clock_name(old) == name);
        if old.is_none_or(|old| old.due_ms != clock.due_ms) {
            let late = clock.retro_due_ms.unwrap_or(clock.due_ms) < now_ms;
            found.push(moved(clock, old.map(|old| old.due_ms), Some(clock.due_ms), late));
        }
    }
    for old in before.iter().filter(owed) {
        let name = look::clock_name(old);
        if !then
            .iter()
            .filter(owed)
            .any(|clock| look::clock_name(clock) == name)
        {
            found.push(moved(old, Some(old.due_ms), None, false));
        }
    }
    found
}

/// The promise and the calendars are the lead's; in a shop where nobody leads, anybody's.
pub(crate) async fn may_change_rules(app: &App) -> Result<PersonRow> {
    let actor = app.actor()?;
    if shifts::leads(&actor)
        || !app
            .store()
            .people()
            .await?
            .iter()
            .any(|row| row.active && shifts::leads(row))
    {
        return Ok(actor);
    }
    Err(AppError::new(
        ErrorCode::Forbidden,
        "时效承诺和工作日历由主管、经理或管理员修改。请换成他们中的一位再改。",
    ))
}

/// Saves a new version. New tickets come under it; open ones only where `apply_to_open` says so (R15).
///
/// # Errors
/// `invalid` for impossible rules, `conflict` when a newer version was saved meanwhile, `forbidden`, `no_actor`,
/// `store`.
pub async fn save(app: &App, input: &PromiseSave) -> Result<PromiseView> {
    let actor = may_change_rules(app).await?;
    let now_ms = app.now();
    let current = app.rules();
    let mut tx = app.store().begin().await?;
    tx.hold(revision::SAVING).await?;
    let version = u32::try_from(tx.next_rule_version(POLICY).await?).unwrap_or(u32::MAX);
    revision::must_be_current(&input.made_from.saturating_add(1), &version)?;
    let policy = policy_of(&input.rules, current.policies.latest(), version)?;
    tx.add_rule_version(
        POLICY,
        i64::from(version),
        &serde_json::to_string(&policy)?,
        Some(&actor.id),
        now_ms,
    )
    .await?;
    let data = json!({ "version": version, "apply_to_open": input.apply_to_open, "rules": input.rules });
    journal::workspace_entry(&mut tx, "promise_saved", data, Some(&actor.id), now_ms).await?;
    if input.apply_to_open {
        begin_applying(
            &mut tx,
            &Applying {
                policy: Some(version),
                actor: Some(actor.id.clone()),
                ..Applying::default()
            },
        )
        .await?;
    }
    tx.log_change("promise", now_ms).await?;
    tx.commit().await?;
    app.reload_rules().await?;
    app.changed(&[Tag::Promise]);
    finish_applying(app).await?;
    get(app).await
}

/// A version on its way to the open tickets. Kept in the database, so that a killed program goes on with it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Applying {
    /// Policy version for every open ticket.
    pub policy: Option<u32>,
    /// Calendar version …
    pub calendar: Option<u32>,
    /// … for the tickets of this shop; none means those of shops without a calendar of their own.
    pub shop: Option<String>,
    /// Who asked for it.
    pub actor: Option<String>,
}

impl Applying {
    /// What happens to a ticket; none when it is under the version already, or not concerned.
    fn change(&self, rules: &Rules, shop: &str, policy: i64, calendar: i64) -> Option<EventKind> {
        if let Some(version) = self.policy {
            let version = PolicyVersion(version);
            return (policy != i64::from(version.0)).then_some(EventKind::Policy { version });
        }
        let version = CalendarVersion(self.calendar?);
        let concerned = match &self.shop {
            Some(wanted) => wanted == shop,
            None => !rules.shop_calendars.contains_key(shop),
        };
        (concerned && calendar != i64::from(version.0)).then_some(EventKind::Calendar { version })
    }
}

/// Notes that a version is to be applied, in the transaction that saves it.
pub(crate) async fn begin_applying(tx: &mut amends_store::Tx, what: &Applying) -> Result<()> {
    let mut all: Vec<Applying> = match tx.setting(APPLYING).await? {
        Some(text) => serde_json::from_str(&text)?,
        None => Vec::new(),
    };
    all.push(what.clone());
    Ok(tx.set_setting(APPLYING, &serde_json::to_string(&all)?).await?)
}

/// Applies what is noted, ticket by ticket; a program that was killed half-way goes on here.
pub(crate) async fn finish_applying(app: &App) -> Result<()> {
    let store = app.store();
    let Some(text) = store.setting(APPLYING).await?.filter(|text| text != "[]") else {
        return Ok(());
    };
    let all: Vec<Applying> = serde_json::from_str(&text)?;
    let _alone = app.0.applying.lock().await;
    for what in &all {
        apply(app, &store, what).await?;
    }
    let now_ms = app.now();
    let mut tx = store.begin().await?;
    let noted: Vec<Applying> = match tx.setting(APPLYING).await? {
        Some(text) => serde_json::from_str(&text)?,
        None => Vec::new(),
    };
    let left: Vec<&Applying> = noted.iter().filter(|what| !all.contains(what)).collect();
    tx.set_setting(APPLYING, &serde_json::to_string(&left)?).await?;
    tx.log_change("inbox ticket today", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Inbox, Tag::Ticket, Tag::Today]);
    Ok(())
}

async fn apply(app: &App, store: &Store, what: &Applying) -> Result<()> {
    let rules = app.rules();
    let mut after = String::new();
    loop {
        let rows = store.open_tickets_after(&after, PIECE).await?;
        let Some((last, ..)) = rows.last() else {
            return Ok(());
        };
        after.clone_from(last);
        for step in rows.chunks(STEP) {
            let now_ms = app.now();
            let mut tx = store.begin().await?;
            for (id, _, _, shop, policy, calendar) in step {
                if let Some(kind) = what.change(&rules, shop, *policy, *calendar) {
                    let happened = vec![tickets::Happening::now(kind)];
                    tickets::record(app, &mut tx, id, happened, what.actor.as_deref(), now_ms).await?;
                }
            }
            tx.commit().await?;
        }
    }
}

/// Calendar versions beside those in force, for previews.
pub(crate) fn with_calendars(rules: &Rules, new: impl IntoIterator<Item = Calendar>) -> Calendars {
    let mut known = rules
        .calendars
        .all()
        .map(|known| Calendar::new(known.version(), known.spec().clone()));
    let first = known
        .next()
        .unwrap_or_else(|| unreachable!("a set of calendars is never empty"));
    let mut calendars = Calendars::new(first);
    known.chain(new).for_each(|calendar| calendars.insert(calendar));
    calendars
}
