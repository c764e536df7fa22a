//! Promise 时效承诺: versions, what a new one would move, and applying it to open tickets.

use crate::{
    App, AppError, Result,
    dto::{ApplyPreview, PromiseRules, PromiseSave, PromiseView},
};

/// The promise in force.
pub async fn get(_app: &App) -> Result<PromiseView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// What applying these rules to the open tickets would do.
pub async fn preview(_app: &App, _rules: &PromiseRules) -> Result<ApplyPreview> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Saves a new version.
pub async fn save(_app: &App, _input: &PromiseSave) -> Result<PromiseView> {
    Err(AppError::not_now("这一步还没有接上。"))
}
