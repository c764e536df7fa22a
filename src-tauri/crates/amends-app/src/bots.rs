//! Group bots 群机器人: alerts for people who are away from their desks. What a bot has to say is queued in the
//! database; whoever holds its secret says it.

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{AlertLevel, BotKind, BotSave, BotTest, BotView, Locale, QuietWindow, ReportView, Tag},
    journal, promise, reports, revision, scheduler, views, workspace,
};
use amends_connect::{
    bots::{self as wire, Bucket, Kind, Message, Outcome, Target},
    secrets::SecretError,
};
use amends_domain::Tier;
use amends_store::{AlertRow, BotMessageRow, BotRow, Store, StoreError, Tx};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Begins the id of a kept report where a bot's messages name alerts.
const REPORT: &str = "report:";
/// This many waiting messages become one digest.
const DIGEST_FROM: usize = 3;
/// Lines of a digest.
const DIGEST_LINES: usize = 10;
/// A message is not tried longer than this after it was made.
const GIVE_UP_MS: i64 = 24 * 3_600_000;
/// A sender that died holds its messages no longer than this.
const CLAIM_MS: i64 = 60_000;
/// First wait between tries; it doubles.
const BACK_OFF_MS: i64 = 15_000;
/// Longest wait between tries.
const MAX_BACK_OFF_MS: i64 = 30 * 60_000;
/// A message older than this says how old it is.
const OLD_MS: i64 = 2 * 60_000;
/// What was said is forgotten after a week.
const KEPT_MS: i64 = 7 * 86_400_000;
/// 飞书 refuses much at full and half hours.
const HALF_HOUR_MS: i64 = 30 * 60_000;
const FEISHU_LULL_MS: i64 = 5_000;

/// What the keyring keeps of a bot.
#[derive(Serialize, Deserialize)]
struct Kept {
    address: String,
    secret: Option<String>,
}

fn secret_name(bot: &str) -> String {
    format!("bot-{bot}")
}

fn kind_of(kind: BotKind) -> Kind {
    match kind {
        BotKind::Wecom => Kind::Wecom,
        BotKind::Dingtalk => Kind::Dingtalk,
        BotKind::Feishu => Kind::Feishu,
        BotKind::Webhook => Kind::Webhook,
    }
}

/// All bots.
///
/// # Errors
/// `store`.
pub async fn list(app: &App) -> Result<Vec<BotView>> {
    let store = app.store();
    let waiting = store.waiting_messages().await?;
    let bots = store.bots().await?;
    bots.into_iter()
        .map(|row| {
            let waiting = waiting
                .iter()
                .find(|(bot, _)| *bot == row.id)
                .map_or(0, |(_, n)| *n);
            Ok(BotView {
                revision: revision_of(&row)?,
                kind: views::unword(&row.kind)?,
                levels: serde_json::from_str(&row.levels)?,
                quiet: row.quiet.as_deref().map(serde_json::from_str).transpose()?,
                waiting: views::count(waiting),
                last_ok_at: row.last_ok_at.map(views::instant),
                id: row.id,
                name: row.name,
                enabled: row.enabled,
                address: row.address,
                has_secret: row.has_secret,
                keyword: row.keyword,
                last_error: row.last_error,
            })
        })
        .collect()
}

/// Of what people set up, not of how the bot does. An address or secret that was not typed again stays, so that it
/// cannot be lost.
fn revision_of(row: &BotRow) -> Result<String> {
    let set_up = (&row.kind, &row.name, &row.levels, &row.quiet, row.enabled);
    revision::of(&(set_up, &row.address, row.has_secret, &row.keyword))
}

/// Adds a bot or changes one. The address and the secret go to the keyring, nothing of them to the database.
///
/// # Errors
/// `invalid` with what to change, `not_found`, `conflict`, `forbidden`, `store` when neither keyring nor file takes
/// the secret.
pub async fn save(app: &App, input: &BotSave) -> Result<Vec<BotView>> {
    let actor = may_set_up(app).await?;
    let (store, now_ms) = (app.store(), app.now());
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 40 {
        return Err(AppError::invalid("请给机器人起一个名字，40 个字以内。"));
    }
    if let Some(quiet) = &input.quiet
        && scheduler::quiet_window(quiet).is_none()
    {
        return Err(AppError::invalid(
            "免打扰的时间不对，请写成 22:00 到 08:00 这样。",
        ));
    }
    let known = match &input.id {
        Some(id) => {
            let bots = store.bots().await?;
            Some(
                bots.into_iter()
                    .find(|bot| bot.id == *id)
                    .ok_or(StoreError::NotFound)?,
            )
        }
        None => None,
    };
    if let Some(bot) = &known {
        revision::must_be_current(&input.made_from, &Some(revision_of(bot)?))?;
    }
    let id = known
        .as_ref()
        .map_or_else(|| amends_domain::fresh(now_ms), |bot| bot.id.clone());
    let before = if known.is_some() {
        kept(app, &id).await?
    } else {
        None
    };
    let address = text_of(input.address.as_deref()).or(before.as_ref().map(|kept| kept.address.clone()));
    let address = address.ok_or_else(|| AppError::invalid("请粘贴机器人的地址。"))?;
    let secret = match input.secret.as_deref().map(str::trim) {
        None => before.as_ref().and_then(|kept| kept.secret.clone()),
        Some("") => None,
        Some(secret) => Some(secret.to_owned()),
    };
    let kind = kind_of(input.kind);
    wire::check(kind, &address, secret.as_deref()).map_err(AppError::invalid)?;
    let full = kind.limits().full(now_ms);
    let row = BotRow {
        id: id.clone(),
        kind: views::word(&input.kind)?,
        name: name.to_owned(),
        levels: serde_json::to_string(&input.levels)?,
        quiet: input.quiet.as_ref().map(serde_json::to_string).transpose()?,
        enabled: input.enabled,
        address: wire::masked(&address),
        has_secret: secret.is_some(),
        keyword: text_of(input.keyword.as_deref()),
        created_at: known.as_ref().map_or(now_ms, |bot| bot.created_at),
        last_ok_at: known.as_ref().and_then(|bot| bot.last_ok_at),
        last_error: None,
        tokens: known.as_ref().map_or(full.tokens, |bot| bot.tokens),
        filled_at: known.as_ref().map_or(full.filled_ms, |bot| bot.filled_at),
        blocked_until: known.as_ref().map_or(0, |bot| bot.blocked_until),
    };
    // A keyring may ask for a password, so the database is not held meanwhile but looked at again.
    keep(app, &id, &Kept { address, secret }).await?;
    let mut tx = store.begin().await?;
    tx.hold(revision::SAVING).await?;
    let stands = tx.bot(&id).await?;
    if stands.as_ref().map(revision_of).transpose()? != input.made_from {
        drop(tx);
        if let Some(before) = before {
            keep(app, &id, &before).await?;
        }
        return Err(revision::changed());
    }
    tx.save_bot(&row).await?;
    let data = json!({ "bot": id, "kind": row.kind, "enabled": row.enabled });
    journal::workspace_entry(&mut tx, "bot_saved", data, actor.as_deref(), now_ms).await?;
    tx.log_change("bots", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Bots]);
    list(app).await
}

/// A bot is the lead's to set up; on a server where nobody has ever sat down, whoever has its data.
async fn may_set_up(app: &App) -> Result<Option<String>> {
    if app.store().people().await?.is_empty() {
        return Ok(None);
    }
    Ok(Some(promise::may_change_rules(app).await?.id))
}

/// The file that keeps addresses and secrets where the system has no keyring; none where it has one.
pub async fn secrets_file(app: &App) -> Option<std::path::PathBuf> {
    let secrets = app.secrets();
    let asked = tokio::task::spawn_blocking(move || secrets.file_in_use());
    asked.await.ok().flatten()
}

fn text_of(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Removes a bot, what it still had to say, and its secret.
///
/// # Errors
/// `not_found`, `forbidden`, `store`.
pub async fn remove(app: &App, id: &str) -> Result<Vec<BotView>> {
    let actor = may_set_up(app).await?;
    let now_ms = app.now();
    let mut tx = app.store().begin().await?;
    if !tx.remove_bot(id).await? {
        return Err(StoreError::NotFound.into());
    }
    journal::workspace_entry(
        &mut tx,
        "bot_removed",
        json!({ "bot": id }),
        actor.as_deref(),
        now_ms,
    )
    .await?;
    tx.log_change("bots", now_ms).await?;
    tx.commit().await?;
    let (secrets, name) = (app.secrets(), secret_name(id));
    blocking(move || secrets.remove(&name)).await??;
    app.changed(&[Tag::Bots]);
    list(app).await
}

/// Says something harmless through a bot, at once.
///
/// # Errors
/// `not_found`, `forbidden`.
pub async fn test(app: &App, id: &str) -> Result<BotTest> {
    may_set_up(app).await?;
    let (store, now_ms) = (app.store(), app.now());
    let bot = store
        .bots()
        .await?
        .into_iter()
        .find(|bot| bot.id == id)
        .ok_or(StoreError::NotFound)?;
    let Some(target) = target(app, &bot).await? else {
        return Ok(BotTest {
            ok: false,
            message: "这台电脑上没有这个机器人的地址和密钥。请重新粘贴地址后保存。".to_owned(),
        });
    };
    let locale = workspace::settings(&store).await?.locale;
    let (title, body) = match locale {
        Locale::ZhCn => ("挽回 · 测试消息", "收到这条消息，就说明差评时限提醒会发到这里。"),
        Locale::ZhTw => ("挽回 · 測試訊息", "收到這條訊息，就說明差評時限提醒會發到這裡。"),
        Locale::En => (
            "Amends · test",
            "If you can read this, deadline alerts will arrive here.",
        ),
    };
    let message = Message {
        id: amends_domain::fresh(now_ms),
        title: title.to_owned(),
        body: body.to_owned(),
        event: "alert.test",
        at: views::instant(now_ms),
        data: json!({}),
    };
    let outcome = post(app, target, message, now_ms).await?;
    let (ok, message) = match outcome {
        Outcome::Sent => (true, "已发出，请到群里看看。".to_owned()),
        Outcome::Retry { why, .. } | Outcome::Refused { why } => (false, why),
    };
    let mut tx = store.begin().await?;
    if let Some(mut row) = tx.bot(id).await? {
        if ok {
            (row.last_ok_at, row.last_error) = (Some(now_ms), None);
        } else {
            row.last_error = Some(message.clone());
        }
        tx.save_bot(&row).await?;
        tx.log_change("bots", now_ms).await?;
    }
    tx.commit().await?;
    app.changed(&[Tag::Bots]);
    Ok(BotTest { ok, message })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(AppError::internal)
}

impl From<SecretError> for AppError {
    fn from(error: SecretError) -> Self {
        AppError::new(
            ErrorCode::Store,
            "机器人的密钥没能存取，系统的密钥环可能已锁定。请解锁后再试。",
        )
        .with_detail(error)
    }
}

async fn kept(app: &App, bot: &str) -> Result<Option<Kept>> {
    let (secrets, name) = (app.secrets(), secret_name(bot));
    let text = blocking(move || secrets.get(&name)).await??;
    Ok(text.as_deref().map(serde_json::from_str).transpose()?)
}

async fn keep(app: &App, bot: &str, kept: &Kept) -> Result<()> {
    let (secrets, name, text) = (app.secrets(), secret_name(bot), serde_json::to_string(kept)?);
    Ok(blocking(move || secrets.set(&name, &text)).await??)
}

/// Where a bot is; none where this computer does not hold its secret.
async fn target(app: &App, bot: &BotRow) -> Result<Option<Target>> {
    let kind = kind_of(views::unword(&bot.kind)?);
    Ok(kept(app, &bot.id).await?.map(|kept| Target {
        kind,
        address: kept.address,
        secret: kept.secret,
        keyword: bot.keyword.clone(),
    }))
}

async fn post(app: &App, target: Target, message: Message, now_ms: i64) -> Result<Outcome> {
    let line = app.line();
    blocking(move || wire::post(&line, &target, &message, now_ms)).await
}

/// What a bot that speaks of an alert's level is to say of it. Quiet hours hold all but 紧急.
pub(crate) fn message(
    bot: &BotRow,
    alert: &AlertRow,
    level: AlertLevel,
    now_ms: i64,
    zone: Tz,
) -> Result<Option<BotMessageRow>> {
    let levels: Vec<AlertLevel> = serde_json::from_str(&bot.levels)?;
    if !bot.enabled || !levels.contains(&level) {
        return Ok(None);
    }
    let tier: Tier = alert.tier.parse().unwrap_or(Tier::General);
    let quiet: Option<QuietWindow> = bot.quiet.as_deref().map(serde_json::from_str).transpose()?;
    let held = quiet.and_then(|quiet| scheduler::held_by(&quiet, tier, zone, now_ms));
    Ok(Some(BotMessageRow {
        id: amends_domain::fresh(now_ms),
        bot_id: bot.id.clone(),
        alert_id: alert.id.clone(),
        urgent: tier == Tier::Urgent,
        made_at: now_ms,
        next_at: held.unwrap_or(now_ms),
        tries: 0,
        state: "waiting".to_owned(),
        claimed_until: None,
        done_at: None,
    }))
}

/// Queues a report for every bot that speaks, in the transaction that keeps the report.
pub(crate) async fn enqueue_report(tx: &mut Tx, report: &str, now_ms: i64) -> Result<()> {
    let bots = tx.bots().await?.into_iter().filter(|bot| bot.enabled);
    let said: Vec<BotMessageRow> = bots
        .map(|bot| BotMessageRow {
            id: amends_domain::fresh(now_ms),
            bot_id: bot.id,
            alert_id: format!("{REPORT}{report}"),
            urgent: false,
            made_at: now_ms,
            next_at: now_ms,
            tries: 0,
            state: "waiting".to_owned(),
            claimed_until: None,
            done_at: None,
        })
        .collect();
    tx.add_bot_messages(&said).await?;
    Ok(())
}

/// Kept reports among what a bot has to say, told as alerts are.
async fn reports_by_id(store: &Store, ids: &[String]) -> Result<Vec<AlertRow>> {
    let mut told = Vec::new();
    for id in ids {
        let Some(report) = id.strip_prefix(REPORT) else {
            continue;
        };
        let row = store.report(report).await?;
        let kept: ReportView = serde_json::from_str(&row.document)?;
        told.push(AlertRow {
            id: id.clone(),
            key: row.key,
            ticket_id: String::new(),
            batch_id: None,
            tier: Tier::General.to_string(),
            level: "report".to_owned(),
            metric: None,
            due_at: None,
            fire_at: row.made_at,
            state: "rung".to_owned(),
            decided_at: Some(row.made_at),
            title: format!("{}好了", row.title),
            body: reports::summary(&kept),
        });
    }
    Ok(told)
}

/// Says what bots have to say by now. No connection is made where no bot has anything to say.
///
/// # Errors
/// `store`; what was not said is said by the next pass.
pub async fn deliver(app: &App) -> Result<()> {
    let (store, now_ms) = (app.store(), app.now());
    for id in store.speaking_bots(now_ms).await? {
        let Some(bot) = store.bots().await?.into_iter().find(|bot| bot.id == id) else {
            continue;
        };
        // Another computer may hold the secret; it speaks then.
        let Some(target) = target(app, &bot).await? else {
            continue;
        };
        speak(app, &bot, target).await?;
    }
    Ok(())
}

/// One message of one bot: everything that waits for it, folded where there is much.
async fn speak(app: &App, bot: &BotRow, target: Target) -> Result<()> {
    let (store, now_ms) = (app.store(), app.now());
    if !bot.enabled || bot.blocked_until > now_ms || is_lull(target.kind, now_ms) {
        return Ok(());
    }
    let bucket = Bucket {
        tokens: bot.tokens,
        filled_ms: bot.filled_at,
    };
    let Ok(bucket) = target.kind.limits().take(bucket, now_ms) else {
        return Ok(());
    };
    let mut tx = store.begin().await?;
    let mut rows = tx.claim_bot_messages(&bot.id, now_ms, now_ms + CLAIM_MS).await?;
    if rows.len() < DIGEST_FROM && rows.len() > 1 {
        // Two are said one after the other.
        for later in rows.drain(1..) {
            tx.settle_bot_message(&later.id, "waiting", now_ms, None).await?;
        }
    }
    let stale = rows
        .extract_if(.., |row| now_ms - row.made_at > GIVE_UP_MS)
        .collect::<Vec<_>>();
    for row in &stale {
        tx.settle_bot_message(&row.id, "dropped", now_ms, Some(now_ms))
            .await?;
    }
    tx.forget_bot_messages(now_ms - KEPT_MS).await?;
    let mut now = tx.bot(&bot.id).await?.ok_or(StoreError::NotFound)?;
    if !rows.is_empty() {
        (now.tokens, now.filled_at) = (bucket.tokens, bucket.filled_ms);
        tx.save_bot(&now).await?;
    }
    tx.commit().await?;
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = rows.iter().map(|row| row.alert_id.clone()).collect();
    let mut alerts = store.alerts_by_id(&ids).await?;
    alerts.extend(reports_by_id(&store, &ids).await?);
    let message = worded(&rows, &alerts, now_ms)?;
    let outcome = post(app, target, message, now_ms).await?;
    settle(app, bot, &rows, outcome).await
}

/// 飞书 turns messages away in the first seconds of each half hour.
fn is_lull(kind: Kind, now_ms: i64) -> bool {
    kind == Kind::Feishu && now_ms.rem_euclid(HALF_HOUR_MS) < FEISHU_LULL_MS
}

/// One alert as it rang, or a digest of many, urgent ones first. What is old says so.
fn worded(rows: &[BotMessageRow], alerts: &[AlertRow], now_ms: i64) -> Result<Message> {
    let first = rows.first().ok_or_else(|| AppError::internal("no message"))?;
    let mut said: Vec<(&BotMessageRow, &AlertRow)> = rows
        .iter()
        .filter_map(|row| Some((row, alerts.iter().find(|alert| alert.id == row.alert_id)?)))
        .collect();
    said.sort_by_key(|(row, alert)| (!row.urgent, alert.fire_at));
    let data: Vec<_> = said
        .iter()
        .map(|(_, alert)| {
            json!({
                "ticket": alert.ticket_id, "tier": alert.tier, "level": alert.level, "metric": alert.metric,
                "due": alert.due_at.map(views::instant), "at": views::instant(alert.fire_at),
                "title": wire::neutral(&alert.title), "text": neutral(&alert.body),
            })
        })
        .collect();
    let old = |alert: &AlertRow| {
        let minutes = (now_ms - alert.fire_at) / 60_000;
        if now_ms - alert.fire_at > OLD_MS {
            format!("（{}前）", age(minutes))
        } else {
            String::new()
        }
    };
    let (title, body, event) = match said.as_slice() {
        [(_, alert)] => (
            format!("{}{}", alert.title, old(alert)),
            alert.body.clone(),
            "alert",
        ),
        many => {
            let mut lines: Vec<String> = many
                .iter()
                .take(DIGEST_LINES)
                .map(|(_, alert)| {
                    let last = alert.body.lines().last().unwrap_or_default();
                    format!("{}{}：{last}", alert.title, old(alert))
                })
                .collect();
            if many.len() > DIGEST_LINES {
                lines.push(format!("另有 {} 条", many.len() - DIGEST_LINES));
            }
            (
                format!("{} 条差评提醒", many.len()),
                lines.join("\n"),
                "alert.digest",
            )
        }
    };
    Ok(Message {
        id: first.id.clone(),
        title,
        body,
        event,
        at: views::instant(now_ms),
        data: json!({ "alerts": data }),
    })
}

/// A receiver may post the words into a chat as they are.
fn neutral(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(wire::neutral).collect();
    lines.join("\n")
}

fn age(minutes: i64) -> String {
    match minutes {
        ..60 => format!("{minutes} 分钟"),
        60..1440 => format!("{} 小时", minutes / 60),
        _ => format!("{} 天", minutes / 1440),
    }
}

async fn settle(app: &App, bot: &BotRow, rows: &[BotMessageRow], outcome: Outcome) -> Result<()> {
    let now_ms = app.now();
    let mut tx = app.store().begin().await?;
    let Some(mut row) = tx.bot(&bot.id).await? else {
        return Ok(());
    };
    for message in rows {
        let (state, next, done) = match &outcome {
            Outcome::Sent => ("sent", now_ms, Some(now_ms)),
            Outcome::Refused { .. } => ("dropped", now_ms, Some(now_ms)),
            Outcome::Retry { .. } if now_ms - message.made_at >= GIVE_UP_MS => {
                ("dropped", now_ms, Some(now_ms))
            }
            Outcome::Retry { wait_ms, .. } => {
                let wait = back_off(message).max(wait_ms.unwrap_or(0));
                ("waiting", now_ms + wait, None)
            }
        };
        tx.settle_bot_message(&message.id, state, next, done).await?;
    }
    match outcome {
        Outcome::Sent => (row.last_ok_at, row.last_error) = (Some(now_ms), None),
        Outcome::Refused { why } => row.last_error = Some(why),
        Outcome::Retry { why, wait_ms } => {
            row.blocked_until = wait_ms.map_or(row.blocked_until, |wait| now_ms + wait);
            row.last_error = Some(why);
        }
    }
    tx.save_bot(&row).await?;
    tx.log_change("bots", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Bots]);
    Ok(())
}

/// Doubles with each try, and differs by up to a quarter between messages, so that many desks do not come at once.
fn back_off(message: &BotMessageRow) -> i64 {
    let doublings = u32::try_from(message.tries.clamp(1, 12) - 1).unwrap_or(0);
    let wait = (BACK_OFF_MS << doublings).min(MAX_BACK_OFF_MS);
    let spread = message
        .id
        .bytes()
        .fold(message.tries, |sum, byte| sum * 31 % 9973 + i64::from(byte));
    wait + wait / 4 * (spread % 100) / 100
}
