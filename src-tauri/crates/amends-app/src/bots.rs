//! Group bots 群机器人.

use crate::{
    App, AppError, Result,
    dto::{BotSave, BotTest, BotView},
};

/// All bots.
pub async fn list(_app: &App) -> Result<Vec<BotView>> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Saves a bot.
pub async fn save(_app: &App, _input: &BotSave) -> Result<Vec<BotView>> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Removes a bot.
pub async fn remove(_app: &App, _id: &str) -> Result<Vec<BotView>> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Sends a test message.
pub async fn test(_app: &App, _id: &str) -> Result<BotTest> {
    Err(AppError::not_now("这一步还没有接上。"))
}
