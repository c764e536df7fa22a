//! Shifts 班次.

use crate::{
    App, AppError, Result,
    dto::{AbsenceAdd, OnCallSet, RosterSet, RosterView, Rotate, ShiftSave},
};

/// A week of the roster.
pub async fn get(_app: &App, _week: &str) -> Result<RosterView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Saves the shifts of the day.
pub async fn save(_app: &App, _input: &ShiftSave) -> Result<RosterView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Who works a shift.
pub async fn set_slot(_app: &App, _input: &RosterSet) -> Result<RosterView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Who is on call.
pub async fn set_on_call(_app: &App, _input: &OnCallSet) -> Result<RosterView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Copies a pattern forward.
pub async fn rotate(_app: &App, _input: &Rotate) -> Result<RosterView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Somebody will be away.
pub async fn add_absence(_app: &App, _input: &AbsenceAdd) -> Result<RosterView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Somebody will not be away.
pub async fn remove_absence(_app: &App, _id: &str) -> Result<RosterView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Writes a hand-over note.
pub async fn save_handover(_app: &App, _text: &str) -> Result<RosterView> {
    Err(AppError::not_now("这一步还没有接上。"))
}
