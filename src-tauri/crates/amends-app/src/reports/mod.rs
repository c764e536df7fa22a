//! Reports: what a stretch of time was like, what customers said in it, and what to change.

mod facts;
mod files;
mod fresh;
mod improvements;
mod numbers;
mod pages;
mod period;
mod said;
mod schedule;
mod words;

pub use files::{cuts, figures_between, figures_json, file_name, save, save_archived, write};
pub use improvements::{improvement_save, improvement_step, improvements, lesson_add, lessons};
pub use said::themes;
pub use schedule::{archive, archived, save_schedule, schedule};

pub(crate) use fresh::{FreshPages, Written};
pub use pages::{FORMAT as PAGE_FORMAT, make_ready};
pub(crate) use pages::{Unpacked, outdated};
pub(crate) use said::ThemesMemo;
pub(crate) use schedule::{make_due, summary};

use crate::{
    App, AppError, Result,
    dto::{
        CutChoices, Locale, ReportCut, ReportKind, ReportQuery, ReportView, SourceChoice, TicketSet,
        TicketSetPage,
    },
    rules::Rules,
    views, wording, workspace,
};
use amends_domain::{
    Channel, Department, PersonId, SourceId,
    figures::{Cut, Figures, Name, Request, Span},
    sla::calendar::instant,
};
use chrono_tz::Tz;
use facts::Counted;
use pages::Stamps;
use period::{Period, day, week_name};
use std::{collections::HashMap, sync::Arc};

/// Stretches of a small line: this one and those before it.
const TREND: u32 = 6;
/// Tickets of a number that are listed.
const LISTED: usize = 500;
/// Products offered for a cut.
const OFFERED: usize = 200;

/// Of what was computed last: a person who opens the numbers of a report meets the tickets that were counted, and
/// waits only once. Older than this it is computed again.
const FRESH_MS: i64 = 60_000;
/// So many are kept: who compares weeks goes back and forth.
const KEPT: usize = 4;

/// What was computed last.
pub(crate) struct Memo {
    query: ReportQuery,
    /// What it was computed from.
    basis: Basis,
    at_ms: i64,
    computed: Arc<Computed>,
}

impl Memo {
    fn holds(&self, basis: &Basis, now_ms: i64) -> bool {
        // One that was computed while this waited is from its future.
        (-FRESH_MS..FRESH_MS).contains(&(now_ms - self.at_ms)) && self.basis == *basis
    }
}

/// Everything that decides what a report says, apart from the clock: alerts come and go without counting anything.
struct Basis {
    stamps: Stamps,
    cut: Cut,
    rules: Arc<Rules>,
}

impl Basis {
    async fn of(app: &App, query: &ReportQuery) -> Result<Self> {
        Ok(Self {
            stamps: pages::stamps(app).await?,
            cut: cut(app, &query.cut).await?,
            rules: app.rules(),
        })
    }
}

impl PartialEq for Basis {
    fn eq(&self, other: &Self) -> bool {
        // Rules are never changed in place.
        self.stamps == other.stamps && self.cut == other.cut && Arc::ptr_eq(&self.rules, &other.rules)
    }
}

/// A report with what it was computed from.
struct Computed {
    period: Period,
    zone: Tz,
    query: ReportQuery,
    facts: Counted,
    figures: Figures,
    request: Request,
    running: bool,
}

/// One report.
///
/// # Errors
/// `invalid` for what is no day, `store`.
pub async fn get(app: &App, query: &ReportQuery) -> Result<ReportView> {
    let _waiting = app.somebody_waits();
    let computed = compute(app, query).await?;
    view(app, &computed, None).await
}

/// The ISO week of a report query: `2026-W47`, a day YYYY-MM-DD of the period, a month YYYY-MM.
///
/// # Errors
/// `invalid` for anything else.
pub fn parse_period(kind: ReportKind, text: &str) -> Result<ReportQuery> {
    let first = match kind {
        ReportKind::Weekly if text.contains(['W', 'w']) => period::monday(text)?,
        ReportKind::Monthly if text.len() == 7 => day(&format!("{text}-01"))?,
        _ => day(text)?,
    };
    Ok(ReportQuery {
        kind,
        day: Some(first.to_string()),
        ..ReportQuery::default()
    })
}

async fn zone(app: &App) -> Result<Tz> {
    let settings = workspace::settings(&app.store()).await?;
    Ok(settings.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai))
}

async fn place(app: &App, query: &ReportQuery) -> Result<(Period, Tz)> {
    let zone = zone(app).await?;
    let period = match &query.day {
        Some(text) => Period::around(query.kind, day(text)?, zone),
        None => Period::newest(query.kind, app.now(), zone),
    };
    Ok((period, zone))
}

/// What was computed a moment ago from what still is so.
fn computed_before(app: &App, query: &ReportQuery, basis: &Basis, now_ms: i64) -> Option<Arc<Computed>> {
    let memos = app.0.reports.lock().ok()?;
    let memo = memos
        .iter()
        .find(|memo| memo.query == *query && memo.holds(basis, now_ms))?;
    Some(memo.computed.clone())
}

async fn compute(app: &App, query: &ReportQuery) -> Result<Arc<Computed>> {
    let (period, zone) = place(app, query).await?;
    let (now_ms, span) = (app.now(), period.span());
    let query = &ReportQuery {
        day: Some(period.first.to_string()),
        ..query.clone()
    };
    let mut basis = Basis::of(app, query).await?;
    if let Some(computed) = computed_before(app, query, &basis, now_ms) {
        return Ok(computed);
    }
    let _alone = match app.0.counting.try_lock() {
        Ok(alone) => alone,
        Err(_) => {
            let alone = app.0.counting.lock().await;
            // Who waited for the same report finds it counted.
            basis = Basis::of(app, query).await?;
            if let Some(computed) = computed_before(app, query, &basis, now_ms) {
                return Ok(computed);
            }
            alone
        }
    };
    let trend: Vec<Span> = (0..TREND).rev().map(|n| period.earlier(n).span()).collect();
    let request = Request {
        span,
        before: Some(period.earlier(1).span()),
        last_year: Some(period.last_year().span()),
        trend,
        now_ms,
        cut: basis.cut.clone(),
    };
    let (figures, facts) = count(app, &basis.stamps, request.clone()).await?;
    let computed = Arc::new(Computed {
        period,
        zone,
        query: query.clone(),
        facts,
        figures,
        request,
        running: now_ms < span.until_ms,
    });
    if let Ok(mut memos) = app.0.reports.lock() {
        memos.retain(|memo| memo.query != *query && memo.holds(&basis, now_ms));
        memos.truncate(KEPT - 1);
        memos.push_front(Memo {
            query: query.clone(),
            basis,
            at_ms: now_ms,
            computed: computed.clone(),
        });
    }
    Ok(computed)
}

/// Reads what a request needs, and counts.
async fn count(app: &App, stamps: &Stamps, request: Request) -> Result<(Figures, Counted)> {
    let mut spans = vec![request.span];
    spans.extend(request.before);
    spans.extend(request.last_year);
    spans.extend(&request.trend);
    let facts = facts::load(app, stamps, &spans).await?;
    let rules = app.rules();
    tokio::task::spawn_blocking(move || (Figures::of(&facts, &rules.calendars, &request), facts))
        .await
        .map_err(AppError::internal)
}

async fn cut(app: &App, cut: &ReportCut) -> Result<Cut> {
    Ok(Cut {
        shops: cut.shops.clone(),
        channels: cut.channels.clone(),
        products: cut.products.clone(),
        causes: cut.causes.clone(),
        tiers: cut.tiers.clone(),
        people: match (&*cut.people, &*cut.teams) {
            ([], []) => Vec::new(),
            _ => members(cut, &views::people(&app.store()).await?),
        },
        sources: if cut.sources.is_empty() {
            Vec::new()
        } else {
            let names = source_names(app).await?;
            let named = |(id, name): (&String, &String)| {
                (cut.sources.contains(id) || cut.sources.contains(name)).then(|| SourceId(id.clone()))
            };
            or_nobody(names.iter().filter_map(named).collect())
        },
    })
}

/// The people of a cut, by id or name, who belong to one of its teams.
fn members(cut: &ReportCut, people: &HashMap<String, crate::dto::PersonView>) -> Vec<PersonId> {
    let mut members: Vec<PersonId> = people
        .values()
        .filter(|person| cut.teams.is_empty() || cut.teams.contains(&person.department))
        .filter(|person| {
            cut.people.is_empty() || cut.people.contains(&person.id) || cut.people.contains(&person.name)
        })
        .map(|person| PersonId(person.id.clone()))
        .collect();
    members.sort();
    or_nobody(members)
}

/// An empty list of a cut means everything; a cut that nothing fits is to find nothing.
fn or_nobody<T: From<String>>(list: Vec<T>) -> Vec<T> {
    if list.is_empty() {
        vec![T::from(String::new())]
    } else {
        list
    }
}

/// 文件 · 大众点评, by id.
async fn source_names(app: &App) -> Result<HashMap<String, String>> {
    let sources = app.store().sources().await?;
    Ok(sources
        .into_iter()
        .map(|source| {
            let kind = wording::source_kind(Locale::ZhCn, &source.kind);
            let channel = source.channel.parse().unwrap_or(Channel::Other);
            (
                source.id,
                format!("{kind} · {}", wording::channel(Locale::ZhCn, channel)),
            )
        })
        .collect())
}

async fn view(
    app: &App,
    computed: &Computed,
    themes: Option<&[crate::dto::ThemeView]>,
) -> Result<ReportView> {
    let store = app.store();
    let people = views::people(&store).await?;
    let sources = source_names(app).await?;
    let period = computed.period;
    let lessons = match period.kind {
        ReportKind::Weekly => {
            improvements::lessons(app, &week_name(chrono::Datelike::iso_week(&period.first))).await?
        }
        _ => Vec::new(),
    };
    let improvements = improvements::improvements(app).await?;
    let document = words::document(&words::Material {
        period,
        running: computed.running,
        figures: &computed.figures,
        people: &people,
        improvements: &improvements,
        lessons: &lessons,
        themes,
        scope: scope(&computed.query, &people, &sources),
        zone: computed.zone.name(),
    });
    let today = instant(app.now()).with_timezone(&computed.zone).date_naive();
    let next = period.next();
    let volume = &computed.figures.volume;
    Ok(ReportView {
        query: computed.query.clone(),
        name: period.name(),
        from_day: period.first.to_string(),
        to_day: period.last().to_string(),
        running: computed.running,
        previous_day: period.earlier(1).first.to_string(),
        next_day: (next.first <= today).then(|| next.first.to_string()),
        empty: volume.reviews.count == 0
            && volume.tickets.set.is_empty()
            && computed
                .figures
                .promises
                .iter()
                .all(|promise| promise.share.decided() == 0),
        document,
        choices: choices(&computed.facts, &people, &sources),
        archived_at: None,
    })
}

/// 全部门店与渠道, or what the report is cut to.
fn scope(
    query: &ReportQuery,
    people: &HashMap<String, crate::dto::PersonView>,
    sources: &HashMap<String, String>,
) -> String {
    let cut = &query.cut;
    let mut parts: Vec<String> = Vec::new();
    let mut add = |names: Vec<String>| {
        if !names.is_empty() {
            parts.push(names.join("、"));
        }
    };
    let named = |text: &String| {
        if text.is_empty() {
            "未注明门店".to_owned()
        } else {
            text.clone()
        }
    };
    add(cut.shops.iter().map(named).collect());
    add(cut
        .channels
        .iter()
        .map(|word| wording::channel(Locale::ZhCn, *word).to_owned())
        .collect());
    add(cut.products.clone());
    add(cut
        .causes
        .iter()
        .map(|word| wording::cause(Locale::ZhCn, *word).to_owned())
        .collect());
    add(cut
        .tiers
        .iter()
        .map(|word| wording::tier(Locale::ZhCn, *word).to_owned())
        .collect());
    add(cut
        .people
        .iter()
        .filter_map(|id| people.get(id).map(|person| person.name.clone()))
        .collect());
    add(cut
        .teams
        .iter()
        .map(|word| wording::department(Locale::ZhCn, *word).to_owned())
        .collect());
    add(cut
        .sources
        .iter()
        .filter_map(|id| sources.get(id).cloned())
        .collect());
    if parts.is_empty() {
        "全部门店与渠道".to_owned()
    } else {
        format!("只看 {}", parts.join(" · "))
    }
}

fn choices(
    facts: &Counted,
    people: &HashMap<String, crate::dto::PersonView>,
    names: &HashMap<String, String>,
) -> CutChoices {
    let reviews = || facts.reviews.iter();
    let shops = tally(reviews().map(|review| (&review.shop, review.count)));
    let products = tally(reviews().filter_map(|review| Some((review.product.as_ref()?, review.count))));
    let mut channels: HashMap<Channel, u32> = HashMap::new();
    let mut sources: HashMap<&str, u32> = HashMap::new();
    for review in reviews() {
        *channels.entry(review.channel).or_default() += review.count;
        if let Some(source) = &review.source {
            *sources.entry(source.as_str()).or_default() += review.count;
        }
    }
    let mut holders: Vec<crate::dto::PersonView> = people.values().cloned().collect();
    holders.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    let teams = |team: &&Department| holders.iter().any(|person| person.department == **team);
    CutChoices {
        teams: Department::ALL.iter().filter(teams).copied().collect(),
        sources: most_first(sources)
            .into_iter()
            .filter_map(|id| {
                Some(SourceChoice {
                    id: id.to_owned(),
                    name: names.get(id)?.clone(),
                })
            })
            .collect(),
        shops: most_first(shops).into_iter().map(str::to_owned).collect(),
        channels: most_first(channels),
        products: most_first(products)
            .into_iter()
            .take(OFFERED)
            .map(str::to_owned)
            .collect(),
        people: holders,
    }
}

/// How often each name stands there. Most facts share the letters of their names, so few are read.
fn tally<'a>(names: impl Iterator<Item = (&'a Name, u32)>) -> HashMap<&'a str, u32> {
    let mut shared: HashMap<*const u8, (&str, u32)> = HashMap::new();
    for (name, count) in names {
        shared.entry(name.as_ptr()).or_insert((name, 0)).1 += count;
    }
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for (name, count) in shared.into_values() {
        *counts.entry(name).or_default() += count;
    }
    counts
}

fn most_first<T: Ord + Copy>(counts: HashMap<T, u32>) -> Vec<T> {
    let mut all: Vec<(T, u32)> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    all.into_iter().map(|(name, _)| name).collect()
}

/// The tickets behind a number.
///
/// # Errors
/// `not_found` for a number that the report does not have (any more), `store`.
pub async fn tickets(app: &App, set: &TicketSet) -> Result<TicketSetPage> {
    let _waiting = app.somebody_waits();
    let store = app.store();
    let gone = || {
        AppError::new(
            crate::ErrorCode::NotFound,
            "这个数字已经变了，请回到报告重新打开。",
        )
    };
    let (ids, title, without_ticket) = match set.key.strip_prefix(said::THEME) {
        Some(label) => said::members(app, &set.report, label).await?.ok_or_else(gone)?,
        None => {
            let computed = compute(app, &set.report).await?;
            let ticket = |at: &u32| computed.facts.tickets.get(*at as usize);
            let ids = match set.key.strip_prefix("ticket.") {
                Some(number) => computed
                    .facts
                    .tickets
                    .iter()
                    .filter(|ticket| ticket.number == number)
                    .map(|ticket| ticket.id.0.clone())
                    .collect(),
                None => computed
                    .figures
                    .set(&set.key)
                    .ok_or_else(gone)?
                    .tickets()
                    .iter()
                    .filter_map(ticket)
                    .map(|ticket| ticket.id.0.clone())
                    .collect::<Vec<_>>(),
            };
            let people = views::people(&store).await?;
            let title = format!(
                "{} · {}",
                computed.period.title(),
                words::key_title(&set.key, &people)
            );
            (ids, title, 0)
        }
    };
    let people = views::people(&store).await?;
    let listed = store.tickets_of(&ids[..ids.len().min(LISTED)]).await?;
    Ok(TicketSetPage {
        title,
        total: u32::try_from(ids.len()).unwrap_or(u32::MAX),
        without_ticket,
        rows: listed
            .iter()
            .map(|(ticket, review, has_draft)| {
                views::inbox_row(ticket, review, *has_draft, &people, app.now())
            })
            .collect::<Result<_>>()?,
    })
}
