//! Today 今日, and why a deadline is when it is.

use crate::{
    App, AppError, Result,
    dto::{ClockWhy, TodayView, WhyQuery},
};

/// Are we all right?
pub async fn get(_app: &App) -> Result<TodayView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Why a deadline is when it is.
pub async fn why(_app: &App, _input: &WhyQuery) -> Result<ClockWhy> {
    Err(AppError::not_now("这一步还没有接上。"))
}
