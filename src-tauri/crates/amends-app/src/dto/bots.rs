//! Group bots 群机器人: alerts for people who are away from the desk.

use super::{AlertLevel, QuietWindow};
use serde::{Deserialize, Serialize};
use specta::Type;

/// What a bot speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum BotKind {
    /// 企业微信
    Wecom,
    /// 钉钉
    Dingtalk,
    /// 飞书
    Feishu,
    /// Standard Webhooks
    Webhook,
}

/// A bot; its address and secret never leave the keyring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BotView {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: BotKind,
    /// Name.
    pub name: String,
    /// Levels it is told of.
    pub levels: Vec<AlertLevel>,
    /// 重要 and 一般 wait until its end.
    pub quiet: Option<QuietWindow>,
    /// In use.
    pub enabled: bool,
    /// Address with its key hidden.
    pub address: String,
    /// A signing secret is kept.
    pub has_secret: bool,
    /// Word that the bot's group demands in every message.
    pub keyword: Option<String>,
    /// Messages waiting.
    pub waiting: u32,
    /// Last success.
    pub last_ok_at: Option<String>,
    /// What went wrong last, until the next success.
    pub last_error: Option<String>,
    /// Of what people set up.
    pub revision: String,
}

/// A bot to save; absent address and secret stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BotSave {
    /// Id; none for a new bot.
    pub id: Option<String>,
    /// Kind.
    pub kind: BotKind,
    /// Name.
    pub name: String,
    /// Full address as the platform gave it.
    pub address: Option<String>,
    /// Signing secret; empty removes it.
    pub secret: Option<String>,
    /// Levels it is told of.
    pub levels: Vec<AlertLevel>,
    /// Quiet hours.
    pub quiet: Option<QuietWindow>,
    /// In use.
    pub enabled: bool,
    /// Word that every message must contain.
    pub keyword: Option<String>,
    /// Revision that it was made from, none for a new bot; with another one saved meanwhile nothing is saved
    /// (`conflict`).
    pub made_from: Option<String>,
}

/// What a test message came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BotTest {
    /// The platform took it.
    pub ok: bool,
    /// A sentence in Chinese: what happened and what to do.
    pub message: String,
}
