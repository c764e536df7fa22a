//! Reports as files and as JSON.

use super::pages::stamps;
use super::{Computed, compute, period::day, place, said, view, zone};
use crate::{
    App, AppError, ErrorCode, Result,
    dto::{Dimension, ReportCut, ReportFormat, ReportQuery, ReportView, SavedFile},
    views,
};
use amends_domain::{
    Tier,
    figures::{Request, Span},
    sla::calendar::local_to_ms,
};
use amends_report::Document;
use chrono::{Days, Months, NaiveDate, NaiveTime, TimeDelta};
use serde_json::json;
use std::path::Path;

/// Longest stretch of days that is counted at once.
const MAX_DAYS: i64 = 366;
/// Values of a dimension that get figures of their own.
const MAX_CUTS: usize = 50;

/// Writes a report as a file.
///
/// Customers' private data stays masked unless `private`.
///
/// # Errors
/// `store` when the file cannot be written; then an older file of that name is still whole.
pub async fn save(
    app: &App,
    query: &ReportQuery,
    format: ReportFormat,
    private: bool,
    target: &Path,
) -> Result<SavedFile> {
    let (computed, themes) = tokio::try_join!(compute(app, query), said::views_of(app, query, private))?;
    let view = view(app, &computed, Some(&themes.themes)).await?;
    let mut document = view.document;
    quote(&mut document, &themes.themes);
    write(&document, format, target).await
}

/// What the file of a report is called, without its ending: 第 47 周周报 2026-W47.
///
/// # Errors
/// `invalid` for what is no day, `store`.
pub async fn file_name(app: &App, query: &ReportQuery) -> Result<String> {
    let (period, _) = place(app, query).await?;
    Ok(format!("{} {}", super::words::title(period), period.name()))
}

/// Writes a kept report as a file.
///
/// # Errors
/// `not_found`, `store` when the file cannot be written.
pub async fn save_archived(app: &App, id: &str, format: ReportFormat, target: &Path) -> Result<SavedFile> {
    let row = app.store().report(id).await?;
    let view: ReportView = serde_json::from_str(&row.document)?;
    write(&view.document, format, target).await
}

/// Puts what customers said behind the themes.
fn quote(document: &mut Document, themes: &[crate::dto::ThemeView]) {
    let at = document
        .sections
        .iter()
        .position(|section| section.id == "themes");
    let quotes = super::words::quotes(themes);
    if let (Some(at), false) = (at, quotes.rows.is_empty()) {
        document.sections.insert(at + 1, quotes);
    }
}

/// Draws a document and writes it.
///
/// # Errors
/// `store` when the file cannot be written.
pub async fn write(document: &Document, format: ReportFormat, target: &Path) -> Result<SavedFile> {
    let document = document.clone();
    let rows = document
        .sections
        .iter()
        .map(|section| section.rows.len())
        .sum::<usize>();
    let place = target.to_owned();
    tokio::task::spawn_blocking(move || {
        let bytes = match format {
            ReportFormat::Pdf => amends_report::pdf(&document).map_err(AppError::internal)?,
            ReportFormat::Xlsx => amends_report::workbook(&document).map_err(AppError::internal)?,
            ReportFormat::Html => amends_report::html(&document).into_bytes(),
        };
        // Written beside and renamed, so that nobody ever sends half a report.
        let beside = place.with_extension("part");
        std::fs::write(&beside, bytes)
            .and_then(|()| std::fs::rename(&beside, &place))
            .map_err(|error| {
                let _ = std::fs::remove_file(&beside);
                AppError::new(
                    ErrorCode::Store,
                    "报告没有写成。请换一个位置，或关掉正在打开它的程序再试。",
                )
                .with_detail(error)
            })
    })
    .await
    .map_err(AppError::internal)??;
    Ok(SavedFile {
        name: target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
    })
}

/// The figures of a report as JSON, with the words that people read beside them.
///
/// # Errors
/// `invalid` for what is no day, `store`.
pub async fn figures_json(app: &App, query: &ReportQuery) -> Result<serde_json::Value> {
    let (computed, themes) = tokio::try_join!(compute(app, query), said::themes(app, query))?;
    let view = view(app, &computed, Some(&themes.themes)).await?;
    Ok(json!({
        "kind": views::word(&view.query.kind)?,
        "name": view.name,
        "from": view.from_day,
        "to": view.to_day,
        "running": view.running,
        "cut": view.query.cut,
        "figures": computed.figures,
        "themes": themes.themes,
        "document": view.document,
    }))
}

/// The figures of any days as JSON, against as many days before and the same days a year ago.
///
/// # Errors
/// `invalid` for what is no day or runs backwards, `store`.
pub async fn figures_between(app: &App, from: &str, to: &str, cut: &ReportCut) -> Result<serde_json::Value> {
    let (first, last) = (day(from)?, day(to)?);
    let days = (last - first).num_days() + 1;
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(AppError::invalid(format!(
            "结束日期要在开始日期之后，最多 {MAX_DAYS} 天。"
        )));
    }
    let zone = zone(app).await?;
    let span = |first: NaiveDate, after: NaiveDate| Span {
        from_ms: local_to_ms(zone, first.and_time(NaiveTime::MIN)),
        until_ms: local_to_ms(zone, after.and_time(NaiveTime::MIN)),
    };
    let after = last + Days::new(1);
    let request = Request {
        span: span(first, after),
        before: Some(span(first - TimeDelta::days(days), first)),
        last_year: Some(span(first - Months::new(12), after - Months::new(12))),
        trend: Vec::new(),
        now_ms: app.now(),
        cut: super::cut(app, cut).await?,
    };
    let _alone = app.0.counting.lock().await;
    let (figures, _) = super::count(app, &stamps(app).await?, request).await?;
    Ok(json!({ "from": from, "to": to, "cut": cut, "figures": figures }))
}

/// The figures of a report for each value of a dimension: by name, those with the most tickets first.
///
/// # Errors
/// `store`.
pub async fn cuts(
    app: &App,
    query: &ReportQuery,
    dimension: Dimension,
) -> Result<Vec<(String, serde_json::Value)>> {
    let computed = compute(app, query).await?;
    let figures = &computed.figures;
    let part = |name: &str, narrow: &dyn Fn(&mut ReportCut)| {
        let mut cut = query.cut.clone();
        narrow(&mut cut);
        (name.to_owned(), cut)
    };
    let choices = super::view(app, &computed, None).await?.choices;
    let parts: Vec<(String, ReportCut)> = match dimension {
        Dimension::Shop => figures
            .shops
            .iter()
            .map(|row| part(&row.name, &|cut| cut.shops = vec![row.name.clone()]))
            .collect(),
        Dimension::Channel => figures
            .channels
            .iter()
            .map(|row| part(row.name.as_str(), &|cut| cut.channels = vec![row.name]))
            .collect(),
        Dimension::Product => figures
            .products
            .iter()
            .map(|row| part(&row.name, &|cut| cut.products = vec![row.name.clone()]))
            .collect(),
        Dimension::Cause => figures
            .causes
            .iter()
            .map(|row| part(row.name.as_str(), &|cut| cut.causes = vec![row.name]))
            .collect(),
        Dimension::Tier => Tier::ALL
            .iter()
            .map(|tier| part(tier.as_str(), &|cut| cut.tiers = vec![*tier]))
            .collect(),
        Dimension::Person => figures
            .people
            .iter()
            .filter_map(|row| row.person.as_ref())
            .map(|person| part(&person.0, &|cut| cut.people = vec![person.0.clone()]))
            .collect(),
        Dimension::Team => choices
            .teams
            .iter()
            .map(|team| part(team.as_str(), &|cut| cut.teams = vec![*team]))
            .collect(),
        Dimension::Source => choices
            .sources
            .iter()
            .map(|source| part(&source.name, &|cut| cut.sources = vec![source.id.clone()]))
            .collect(),
    };
    let mut all = Vec::new();
    for (name, cut) in parts.into_iter().take(MAX_CUTS) {
        let request = Request {
            cut: super::cut(app, &cut).await?,
            ..computed.request.clone()
        };
        let rules = app.rules();
        all.push((
            name,
            serde_json::to_value(amends_domain::figures::Figures::of(
                &computed.facts,
                &rules.calendars,
                &request,
            ))?,
        ));
    }
    Ok(all)
}

pub(super) fn figures_of(computed: &Computed) -> Result<String> {
    Ok(serde_json::to_string(&computed.figures)?)
}
