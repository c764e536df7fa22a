//! What customers said: themes over the words of complaints, read on this machine.

use super::{Basis, TREND, place};
use crate::{
    App, AppError, Result,
    dto::{ReportQuery, ThemePlace, ThemeQuote, ThemeView, ThemesView},
    views,
};
use amends_domain::{
    Cause, Channel, Tier,
    figures::Cut,
    text::mask_private,
    themes::{self, Said, Search, Theme},
};
use amends_store::ComplaintRow;
use std::sync::Arc;

/// Begins the key of a theme's tickets.
pub(super) const THEME: &str = "theme.";
/// Complaints read at most, the newest first: what a shop of that size gets in six weeks many times over.
const READ: i64 = 60_000;
/// Places named beside a theme.
const PLACES: usize = 3;
/// Complaints that make "most of them there" worth saying.
const MOST: u32 = 5;
/// Characters of a quote.
const QUOTE: usize = 90;

/// Themes with the complaints that they were found in.
struct Found {
    query: ReportQuery,
    rows: Vec<ComplaintRow>,
    texts: u32,
    themes: Vec<Theme>,
}

/// What customers said in a stretch of time, against the ones before.
///
/// # Errors
/// `invalid` for what is no day, `store`.
pub async fn themes(app: &App, query: &ReportQuery) -> Result<ThemesView> {
    let _waiting = app.somebody_waits();
    views_of(app, query, false).await
}

/// The same; with private data in the quotes where a person asked for it.
pub(super) async fn views_of(app: &App, query: &ReportQuery, private: bool) -> Result<ThemesView> {
    let found = find(app, query).await?;
    let jumps: Vec<&str> = themes::jumps(&found.themes)
        .into_iter()
        .map(|theme| theme.label.as_str())
        .collect();
    Ok(ThemesView {
        texts: found.texts,
        themes: found
            .themes
            .iter()
            .map(|theme| view(theme, &found.rows, jumps.contains(&theme.label.as_str()), private))
            .collect(),
        query: found.query.clone(),
    })
}

/// Tickets of a theme, what it is called, and how many of its reviews have none. None for a theme that is gone.
pub(super) async fn members(
    app: &App,
    query: &ReportQuery,
    label: &str,
) -> Result<Option<(Vec<String>, String, u32)>> {
    let found = find(app, query).await?;
    let Some(theme) = found.themes.iter().find(|theme| theme.label == label) else {
        return Ok(None);
    };
    let rows = theme.members.iter().filter_map(|at| found.rows.get(*at as usize));
    let (with, without): (Vec<_>, Vec<_>) = rows.partition(|row| row.ticket_id.is_some());
    let mut ids: Vec<String> = with.into_iter().filter_map(|row| row.ticket_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let (period, _) = place(app, query).await?;
    Ok(Some((
        ids,
        format!("{} · “{label}”", period.title()),
        u32::try_from(without.len()).unwrap_or(u32::MAX),
    )))
}

/// The themes that were found last: who opens one, and then the next, waits only once.
pub(crate) struct ThemesMemo {
    basis: Basis,
    found: Arc<Found>,
}

async fn find(app: &App, query: &ReportQuery) -> Result<Arc<Found>> {
    let (period, _) = place(app, query).await?;
    let query = ReportQuery {
        day: Some(period.first.to_string()),
        ..query.clone()
    };
    let basis = Basis::of(app, &query).await?;
    if let Ok(memo) = app.0.themes.lock()
        && let Some(memo) = memo.as_ref()
        && memo.found.query == query
        && memo.basis == basis
    {
        return Ok(memo.found.clone());
    }
    let spans: Vec<_> = (0..TREND).map(|n| period.earlier(n).span()).collect();
    let pairs: Vec<_> = spans.iter().map(|span| (span.from_ms, span.until_ms)).collect();
    let mut rows = app.store().complaints(&super::facts::joined(pairs), READ).await?;
    rows.retain(|row| is_in(&basis.cut, row));
    let (rows, themes, texts) = tokio::task::spawn_blocking(move || {
        let causes: Vec<Vec<Cause>> = rows.iter().map(|row| views::words_of(&row.causes)).collect();
        let age = |at: i64| spans.iter().position(|span| span.has(at)).unwrap_or(spans.len());
        let said: Vec<Said<'_>> = (0u32..)
            .zip(rows.iter().zip(&causes))
            .map(|(number, (row, causes))| Said {
                number,
                age: u8::try_from(age(row.at)).unwrap_or(u8::MAX),
                text: &row.body,
                product: row.product.as_deref(),
                shop: &row.shop,
                causes,
            })
            .collect();
        let texts = said.iter().filter(|said| said.age == 0).count();
        let themes = themes::discover(
            &said,
            Search {
                periods_before: (TREND - 1) as u8,
                ..Search::default()
            },
        );
        (rows, themes, texts)
    })
    .await
    .map_err(AppError::internal)?;
    let found = Arc::new(Found {
        query,
        rows,
        texts: u32::try_from(texts).unwrap_or(u32::MAX),
        themes,
    });
    if let Ok(mut memo) = app.0.themes.lock() {
        *memo = Some(ThemesMemo {
            basis,
            found: found.clone(),
        });
    }
    Ok(found)
}

/// The complaint belongs to the part of the business that was asked for.
fn is_in(cut: &Cut, row: &ComplaintRow) -> bool {
    fn any<T>(wanted: &[T], has: impl Fn(&T) -> bool) -> bool {
        wanted.is_empty() || wanted.iter().any(has)
    }
    let causes: Vec<Cause> = views::words_of(&row.causes);
    let tier = row.tier.as_deref().and_then(|word| word.parse::<Tier>().ok());
    any(&cut.shops, |shop| *shop == row.shop)
        && any(&cut.channels, |channel| {
            row.channel.parse::<Channel>().ok() == Some(*channel)
        })
        && any(&cut.products, |product| Some(product) == row.product.as_ref())
        && any(&cut.causes, |cause| causes.contains(cause))
        && any(&cut.tiers, |wanted| tier == Some(*wanted))
        && any(&cut.people, |person| Some(&person.0) == row.owner_id.as_ref())
        && any(&cut.sources, |source| source.0 == row.source_id)
}

fn view(theme: &Theme, rows: &[ComplaintRow], warning: bool, private: bool) -> ThemeView {
    let place = |is_shop: bool| {
        move |place: &themes::Place| ThemePlace {
            name: place.name.clone(),
            is_shop,
            share: f64::from(place.count) / f64::from(theme.count.max(1)),
        }
    };
    // More than its part of all complaints, or simply most of the theme.
    let certain =
        |place: &&themes::Place| place.beyond_chance || place.count >= MOST && place.count * 2 >= theme.count;
    let mut gathers: Vec<ThemePlace> = theme.products.iter().filter(certain).map(place(false)).collect();
    gathers.extend(theme.shops.iter().filter(certain).map(place(true)));
    gathers.sort_by(|a, b| b.share.total_cmp(&a.share));
    gathers.truncate(PLACES);
    ThemeView {
        key: format!("{THEME}{}", theme.label),
        label: theme.label.clone(),
        count: theme.count,
        before: theme.mean_before,
        growth: theme.growth.map(|percent| percent / 100.0),
        beyond_chance: theme.beyond_chance,
        new: theme.new,
        gathers,
        trend: theme.trend.clone(),
        quotes: theme
            .quotes
            .iter()
            .filter_map(|quote| {
                let row = rows.get(quote.number as usize)?;
                Some(ThemeQuote {
                    text: if private {
                        row.body.chars().take(QUOTE).collect()
                    } else {
                        mask_private(&quote.text)
                    },
                    ticket_id: row.ticket_id.clone(),
                    product: row.product.clone(),
                    at: views::instant(row.at),
                })
            })
            .collect(),
        warning,
    }
}
