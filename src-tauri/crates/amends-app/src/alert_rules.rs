//! How alerts make themselves heard.

use crate::{
    App, AppError, Result,
    dto::{AlertRulesSave, AlertRulesView, SoundTest},
};

/// The rules, with the choices of whoever sits here.
pub async fn get(_app: &App) -> Result<AlertRulesView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Changes them.
pub async fn save(_app: &App, _input: &AlertRulesSave) -> Result<AlertRulesView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// A meeting of some minutes begins, or ends.
pub async fn meeting(_app: &App, _minutes: Option<u32>) -> Result<AlertRulesView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Plays a sound in the window.
pub fn test_sound(_app: &App, _input: SoundTest) -> Result<()> {
    Err(AppError::not_now("这一步还没有接上。"))
}
