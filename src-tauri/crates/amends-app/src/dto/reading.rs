//! How reviews are read here: keyword alerts, and what corrections have taught.

use amends_domain::Channel;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A word that people want to hear of, whatever else a review says. `*` stands for up to 20 characters, `?` for one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeywordRule {
    /// As its author wrote it (1 to 40 characters).
    pub keyword: String,
    /// Channels it applies to; none means all.
    pub channels: Vec<Channel>,
    /// The ticket becomes urgent (product.md, Triage 1).
    pub urgent: bool,
}

/// How one kind of conclusion did before and with the corrections, each judged before it was learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LearningScore {
    /// `sentiment`, `severity`, `causes` or `risks`.
    pub kind: String,
    /// Conclusions that were judged.
    pub trials: u32,
    /// Share that the program alone had right, 0 to 1.
    pub shipped: f32,
    /// Share that it had right with what it learned, 0 to 1.
    pub personal: f32,
}

/// What was learned in one trade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TradeLearning {
    /// Trade word; empty where none was chosen.
    pub trade: String,
    /// Corrections that are kept.
    pub examples: u32,
    /// Progressive validation.
    pub scores: Vec<LearningScore>,
    /// Words that now count as more negative, the strongest first.
    pub worse: Vec<String>,
    /// Words that now count as less negative.
    pub better: Vec<String>,
}

/// How reviews are read here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReadingView {
    /// Keyword alerts.
    pub keywords: Vec<KeywordRule>,
    /// Corrections change how new reviews are read.
    pub learning: bool,
    /// What they taught.
    pub trades: Vec<TradeLearning>,
    /// What the last reset forgot can be brought back.
    pub can_restore: bool,
}
