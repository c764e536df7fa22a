//! How reviews are read here: keyword alerts beside the classifier, and the personal model that corrections teach.

use crate::{
    App, AppError, Result,
    dto::{KeywordRule, LearningScore, ReadingView, Tag, TradeLearning},
    journal, workspace,
};
use amends_classify::{Insight, KeywordAlert, Personal};
use amends_store::Store;
use serde_json::json;

/// Setting: the keyword alerts.
const KEYWORDS: &str = "keyword_alerts";
/// Setting: the personal model that the last reset forgot.
const FORGOTTEN: &str = "personal_model_before_reset";
/// More are a list that nobody reads; each is looked for in every review.
const MOST_KEYWORDS: usize = 200;
const LONGEST_KEYWORD: usize = 40;
/// Words shown of what was learned, each way.
const SHOWN_WORDS: usize = 8;

/// The keyword alerts in force.
pub(crate) async fn keyword_alerts(store: &Store) -> Result<Vec<KeywordAlert>> {
    match store.setting(KEYWORDS).await? {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(Vec::new()),
    }
}

/// Keyword alerts and what was learned.
///
/// # Errors
/// `store`.
pub async fn get(app: &App) -> Result<ReadingView> {
    let personal = workspace::personal_model(app).await?;
    Ok(ReadingView {
        keywords: keyword_alerts(&app.store())
            .await?
            .into_iter()
            .map(|alert| KeywordRule {
                keyword: alert.keyword,
                channels: alert.channels,
                urgent: alert.urgent,
            })
            .collect(),
        learning: personal.is_on(),
        trades: personal.inspect().into_iter().map(trade).collect(),
        can_restore: forgotten(&app.store()).await?.is_some(),
    })
}

fn trade(insight: Insight) -> TradeLearning {
    let words = |negative: bool| {
        insight
            .words
            .iter()
            .filter(|(_, weight)| (*weight > 0.0) == negative)
            .take(SHOWN_WORDS)
            .map(|(word, _)| word.clone())
            .collect()
    };
    TradeLearning {
        worse: words(true),
        better: words(false),
        examples: insight.examples,
        scores: insight
            .standings
            .iter()
            .filter(|standing| standing.trials > 0)
            .map(|standing| LearningScore {
                kind: standing.kind.clone(),
                trials: standing.trials,
                shipped: standing.shipped_accuracy,
                personal: standing.personal_accuracy,
            })
            .collect(),
        trade: insight.trade,
    }
}

/// Replaces the keyword alerts. They hold for reviews that come in from now on.
///
/// # Errors
/// `invalid` for a keyword that is empty, too long, only wildcards or there twice, or for more than 200.
pub async fn save_keywords(app: &App, rules: Vec<KeywordRule>) -> Result<ReadingView> {
    if rules.len() > MOST_KEYWORDS {
        return Err(AppError::invalid(format!(
            "关键词最多 {MOST_KEYWORDS} 个，请先删去不用的。"
        )));
    }
    let mut alerts: Vec<KeywordAlert> = Vec::with_capacity(rules.len());
    for rule in rules {
        let keyword = rule.keyword.trim().to_owned();
        let is_wild = |c: char| matches!(c, '*' | '＊' | '?' | '？') || c.is_whitespace();
        if keyword.chars().all(is_wild) {
            return Err(AppError::invalid("请写下关键词。只有 * 或 ? 会命中所有评价。"));
        }
        if keyword.chars().count() > LONGEST_KEYWORD {
            return Err(AppError::invalid(format!(
                "关键词请控制在 {LONGEST_KEYWORD} 个字以内。"
            )));
        }
        if alerts.iter().any(|alert| alert.keyword == keyword) {
            return Err(AppError::invalid(format!("“{keyword}”已经在列表里了。")));
        }
        alerts.push(KeywordAlert {
            keyword,
            channels: rule.channels,
            urgent: rule.urgent,
        });
    }
    let (now_ms, actor) = (app.now(), app.actor_id());
    let mut tx = app.store().begin().await?;
    tx.set_setting(KEYWORDS, &serde_json::to_string(&alerts)?).await?;
    journal::workspace_entry(
        &mut tx,
        "keywords_changed",
        json!({ "to": alerts }),
        actor.as_ref().map(|id| id.as_str()),
        now_ms,
    )
    .await?;
    tx.log_change("workspace", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Workspace]);
    get(app).await
}

/// Switches what was learned off, or on again; nothing is forgotten.
///
/// # Errors
/// `store`.
pub async fn switch_learning(app: &App, on: bool) -> Result<ReadingView> {
    let mut personal = workspace::personal_model(app).await?;
    if personal.is_on() != on {
        personal.switch(on);
        keep(app, &personal, None, "learning_switched", json!({ "on": on })).await?;
    }
    get(app).await
}

/// Forgets what corrections taught. The corrections themselves stay on their tickets; a copy of what is forgotten is
/// kept until the next time, so that it can be brought back.
///
/// # Errors
/// `store`.
pub async fn reset_learning(app: &App) -> Result<ReadingView> {
    let mut personal = workspace::personal_model(app).await?;
    let examples: u32 = personal.inspect().iter().map(|insight| insight.examples).sum();
    if examples > 0 {
        let before = serde_json::to_string(&personal)?;
        personal.reset(None);
        keep(
            app,
            &personal,
            Some(&before),
            "learning_reset",
            json!({ "examples": examples }),
        )
        .await?;
    }
    get(app).await
}

/// Brings back what the last reset forgot.
///
/// # Errors
/// `not_now` when there is nothing to bring back.
pub async fn restore_learning(app: &App) -> Result<ReadingView> {
    let Some(text) = forgotten(&app.store()).await? else {
        return Err(AppError::not_now("没有可以恢复的内容。"));
    };
    let personal = serde_json::from_str(&text)?;
    keep(app, &personal, Some(""), "learning_restored", json!({})).await?;
    get(app).await
}

async fn forgotten(store: &Store) -> Result<Option<String>> {
    Ok(store.setting(FORGOTTEN).await?.filter(|text| !text.is_empty()))
}

async fn keep(
    app: &App,
    personal: &Personal,
    forgotten: Option<&str>,
    kind: &str,
    data: serde_json::Value,
) -> Result<()> {
    let (now_ms, actor) = (app.now(), app.actor_id());
    let mut tx = app.store().begin().await?;
    workspace::save_personal_model(&mut tx, personal).await?;
    if let Some(forgotten) = forgotten {
        tx.set_setting(FORGOTTEN, forgotten).await?;
    }
    journal::workspace_entry(&mut tx, kind, data, actor.as_ref().map(|id| id.as_str()), now_ms).await?;
    tx.log_change("workspace", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Workspace]);
    Ok(())
}
