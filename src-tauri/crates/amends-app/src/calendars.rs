//! Working calendars 工作日历.

use crate::{
    App, AppError, Result,
    dto::{
        CalendarImport, CalendarPreview, CalendarSave, CalendarSummary, CalendarView, YearQuery, YearView,
    },
};
use std::path::Path;

/// The default calendar and those of shops.
pub async fn list(_app: &App) -> Result<Vec<CalendarSummary>> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// One calendar.
pub async fn get(_app: &App, _shop: Option<&str>) -> Result<CalendarView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// A year of days.
pub async fn year(_app: &App, _input: &YearQuery) -> Result<YearView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// What saving would do.
pub async fn preview(_app: &App, _input: &CalendarSave) -> Result<CalendarPreview> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Saves a new version.
pub async fn save(_app: &App, _input: &CalendarSave) -> Result<CalendarView> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// A shop goes back to the default.
pub async fn forget(_app: &App, _shop: &str) -> Result<Vec<CalendarSummary>> {
    Err(AppError::not_now("这一步还没有接上。"))
}

/// Reads dates from a file.
pub async fn import(_app: &App, _shop: Option<&str>, _file: &Path) -> Result<CalendarImport> {
    Err(AppError::not_now("这一步还没有接上。"))
}
