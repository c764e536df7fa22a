//! Public holidays 节假日: a yearly file counts once for every calendar that follows them. What it changes is shown
//! first; each import is a version of its own, and importing the older file takes a newer one back.

use crate::{
    App, AppError, ErrorCode, Result,
    calendars::{self, Dates},
    dto::{
        CalendarRules, HolidayChange, HolidayDay, HolidayPreview, HolidaySave, HolidayView, HolidayYear,
        SpecialKind, Tag,
    },
    journal,
    promise::{self, Applying},
    revision,
    rules::{CALENDAR, CALENDAR_RULES, CURRENT, Rules, SHOPS},
    views,
};
use amends_domain::sla::{
    Calendar, CalendarSpec, CalendarVersion, EventKind,
    calendar::instant,
    holidays::{DayKind, HolidayBook, SpecialDay},
};
use amends_store::Store;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Kind of the imported holidays' versions. Each holds every year that was ever imported.
const HOLIDAYS: &str = "holidays";
/// A year with fewer days off is a part of one: the law alone gives 13 since 2025, weekends around them the rest.
const WHOLE_YEAR: usize = 10;
/// No file has more dates.
const MAX_DAYS: usize = 2_000;

/// A version of what was imported.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
struct Imported {
    /// File of this version.
    source: String,
    years: BTreeMap<i32, ImportedYear>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ImportedYear {
    notice: String,
    days: BTreeMap<NaiveDate, SpecialDay>,
}

impl Imported {
    async fn load(store: &Store) -> Result<(u32, Self)> {
        match store.newest_rule(HOLIDAYS).await? {
            Some(row) => Ok((
                u32::try_from(row.version).unwrap_or(u32::MAX),
                serde_json::from_str(&row.body)?,
            )),
            None => Ok((0, Self::default())),
        }
    }

    fn book(&self) -> HolidayBook {
        let mut book = HolidayBook::shipped().clone();
        for year in self.years.values() {
            book = book.with(year.days.clone(), &book.version, &year.notice);
        }
        book
    }
}

/// The holidays that came with the program, with the imported years in place of theirs.
pub(crate) async fn book(store: &Store) -> Result<HolidayBook> {
    Ok(Imported::load(store).await?.1.book())
}

/// What is known of public holidays.
///
/// # Errors
/// `store`.
pub async fn get(app: &App) -> Result<HolidayView> {
    let store = app.store();
    let row = store.newest_rule(HOLIDAYS).await?;
    let (version, imported) = Imported::load(&store).await?;
    let people = views::people(&store).await?;
    let by = row.as_ref().and_then(|row| people.get(row.actor_id.as_ref()?));
    let rules = app.rules();
    let zone = rules.calendars.get(rules.calendar).zone();
    let today = instant(app.now()).with_timezone(&zone).date_naive();
    Ok(HolidayView {
        version,
        source: row.is_some().then_some(imported.source),
        saved_at: row.as_ref().map(|row| views::instant(row.created_at)),
        saved_by: by.map(|person| person.name.clone()),
        years: rules
            .book
            .notices
            .iter()
            .map(|(year, notice)| HolidayYear {
                year: *year,
                notice: notice.clone(),
                imported: imported.years.contains_key(year),
            })
            .collect(),
        missing: rules.book.missing_year(today),
    })
}

/// Reads a yearly file and says what it would change. Nothing is written.
///
/// # Errors
/// `file` for one that stands for no whole year, or holds no dates.
pub async fn preview(app: &App, file: &Path) -> Result<HolidayPreview> {
    let rules = app.rules();
    let dates = calendars::read(file)?;
    let years = whole_years(&rules.book, &dates)?;
    let (version, _) = Imported::load(&app.store()).await?;
    let days: BTreeMap<NaiveDate, SpecialDay> = years.values().flat_map(|year| year.days.clone()).collect();
    let changes = rules.book.changes(&days).into_iter().map(|change| {
        let of = |day: &Option<SpecialDay>| day.as_ref().map(|day| kind_view(day.kind));
        let named = change.after.as_ref().or(change.before.as_ref());
        HolidayChange {
            date: change.date.to_string(),
            from: of(&change.before),
            to: of(&change.after),
            name: named.map(|day| day.name.clone()).unwrap_or_default(),
            assumed: change.before.is_some_and(|day| day.assumed),
        }
    });
    let list = years.iter().map(|(year, of)| HolidayYear {
        year: *year,
        notice: of.notice.clone(),
        imported: true,
    });
    let save = HolidaySave {
        source: dates.name,
        years: list.clone().collect(),
        days: days
            .iter()
            .map(|(date, day)| HolidayDay {
                date: date.to_string(),
                kind: kind_view(day.kind),
                name: day.name.clone(),
            })
            .collect(),
        apply_to_open: false,
        made_from: version,
    };
    let book = Imported {
        source: String::new(),
        years: years.clone(),
    };
    let book = over(&rules.book, &book);
    let renewed = renewed(app, &rules, &book).await?;
    let newest = newest(&rules);
    let numbered = || (newest + 1..).zip(&renewed);
    let new = numbered().map(|(version, one)| Calendar::new(CalendarVersion(version), one.spec.clone()));
    let calendars = promise::with_calendars(&rules, new);
    let apply = promise::preview_change(app, &rules.policies, &calendars, |of| {
        let one = numbered().find(|(_, one)| match &one.shop {
            Some(shop) => shop == of,
            None => !rules.shop_calendars.contains_key(of),
        });
        one.map(|(version, _)| EventKind::Calendar {
            version: CalendarVersion(version),
        })
    })
    .await?;
    Ok(HolidayPreview {
        save,
        years: list.collect(),
        changes: changes
            .filter(|change| change.from != change.to || change.assumed)
            .collect(),
        everybody: renewed.iter().any(|one| one.shop.is_none()),
        shops: renewed.into_iter().filter_map(|one| one.shop).collect(),
        apply,
        skipped: dates.skipped,
    })
}

fn kind_view(kind: DayKind) -> SpecialKind {
    match kind {
        DayKind::Off => SpecialKind::Off,
        DayKind::Work => SpecialKind::Work,
    }
}

/// The years that a file stands for. Single days of a year that is known, such as the 31 December before a New Year's
/// holiday, are added to it; single days of one that is not make no year.
fn whole_years(book: &HolidayBook, dates: &Dates) -> Result<BTreeMap<i32, ImportedYear>> {
    let mut years = BTreeMap::new();
    for year in dates.days.keys().map(Datelike::year).collect::<BTreeSet<_>>() {
        let mut days: BTreeMap<_, _> = dates
            .days
            .iter()
            .filter(|(date, _)| date.year() == year)
            .map(|(date, day)| (*date, day.clone()))
            .collect();
        let off = days.values().filter(|day| day.kind == DayKind::Off).count();
        let is_whole = off >= WHOLE_YEAR;
        if !is_whole && !book.is_published(year) {
            return Err(AppError::new(
                ErrorCode::File,
                format!(
                    "文件里 {year} 年只有 {off} 天放假，不是全年的安排，没有采用。请选择含全年放假和调休日期的文件；个别日期请在某份日历里导入。"
                ),
            ));
        }
        let known = book.notices.get(&year).filter(|_| !is_whole);
        if known.is_some() {
            for (date, day) in book.days_of(year) {
                days.entry(date).or_insert(day);
            }
        }
        let named = dates.notices.get(&year).or(known).unwrap_or(&dates.name);
        years.insert(
            year,
            ImportedYear {
                notice: named.clone(),
                days,
            },
        );
    }
    Ok(years)
}

fn over(book: &HolidayBook, imported: &Imported) -> HolidayBook {
    let years = imported.years.values();
    years.fold(book.clone(), |book, year| {
        book.with(year.days.clone(), &book.version, &year.notice)
    })
}

/// A calendar that other holidays give a new version.
struct Renewed {
    shop: Option<String>,
    rules: CalendarRules,
    spec: CalendarSpec,
}

/// The calendars that follow the holidays and differ under another book, the default one first.
async fn renewed(app: &App, rules: &Rules, book: &HolidayBook) -> Result<Vec<Renewed>> {
    let shops = rules
        .shop_calendars
        .iter()
        .map(|(shop, version)| (Some(shop.clone()), *version));
    let mut all = Vec::new();
    for (shop, version) in std::iter::once((None, rules.calendar)).chain(shops) {
        let written = calendars::saved_rules(app, rules, version).await?;
        if !written.holidays {
            continue;
        }
        let spec = calendars::spec_of(book, &written, app.now())?;
        let before = calendars::spec_of(&rules.book, &written, app.now())?;
        // A version from before the program's own newest holidays is brought up to date with the rest.
        let saved = rules.calendars.get(version).spec();
        if spec != before || !calendars::day_changes(saved, &spec, app.now()).is_empty() {
            all.push(Renewed {
                shop,
                rules: written,
                spec,
            });
        }
    }
    Ok(all)
}

fn newest(rules: &Rules) -> u32 {
    let versions = rules.calendars.all().map(|calendar| calendar.version().0);
    versions.max().unwrap_or(0)
}

/// Takes a yearly file over: a version of the holidays, and a new version of every calendar that follows them and
/// differs. New tickets come under those; open ones only where `apply_to_open` says so (R15).
///
/// # Errors
/// `invalid` for dates that are none, `conflict` when other holidays were imported meanwhile, `forbidden`, `no_actor`.
pub async fn save(app: &App, input: &HolidaySave) -> Result<HolidayView> {
    let actor = promise::may_change_rules(app).await?;
    let (store, now_ms) = (app.store(), app.now());
    let years = years_of(input)?;
    let mut tx = store.begin().await?;
    tx.hold(revision::SAVING).await?;
    let (version, mut imported) = Imported::load(&store).await?;
    revision::must_be_current(&input.made_from, &version)?;
    imported.source.clone_from(&input.source);
    imported.years.extend(years);
    let rules = Rules::load(&store).await?;
    let renewed = renewed(app, &rules, &imported.book()).await?;
    let version = i64::from(version) + 1;
    tx.add_rule_version(
        HOLIDAYS,
        version,
        &serde_json::to_string(&imported)?,
        Some(&actor.id),
        now_ms,
    )
    .await?;
    let mut shops = rules.shop_calendars.clone();
    for one in &renewed {
        let calendar = tx.next_rule_version(CALENDAR).await?;
        let bodies = [
            (CALENDAR, serde_json::to_string(&one.spec)?),
            (CALENDAR_RULES, serde_json::to_string(&one.rules)?),
        ];
        for (kind, body) in bodies {
            tx.add_rule_version(kind, calendar, &body, Some(&actor.id), now_ms)
                .await?;
        }
        let number = u32::try_from(calendar).unwrap_or(u32::MAX);
        match &one.shop {
            Some(shop) => {
                shops.insert(shop.clone(), CalendarVersion(number));
            }
            None => tx.set_setting(CURRENT, &calendar.to_string()).await?,
        }
        if input.apply_to_open {
            let what = Applying {
                calendar: Some(number),
                shop: one.shop.clone(),
                actor: Some(actor.id.clone()),
                ..Applying::default()
            };
            promise::begin_applying(&mut tx, &what).await?;
        }
    }
    tx.set_setting(SHOPS, &serde_json::to_string(&shops)?).await?;
    let data = json!({
        "version": version, "source": input.source, "years": input.years, "calendars": renewed.len(),
        "apply_to_open": input.apply_to_open,
    });
    journal::workspace_entry(&mut tx, "holidays_imported", data, Some(&actor.id), now_ms).await?;
    tx.log_change("calendar workspace", now_ms).await?;
    tx.commit().await?;
    app.reload_rules().await?;
    app.changed(&[Tag::Calendar, Tag::Workspace]);
    promise::finish_applying(app).await?;
    get(app).await
}

fn years_of(input: &HolidaySave) -> Result<BTreeMap<i32, ImportedYear>> {
    if input.days.is_empty() || input.days.len() > MAX_DAYS {
        return Err(AppError::invalid("没有可以采用的放假日期，请重新选择文件。"));
    }
    let mut years: BTreeMap<i32, ImportedYear> = BTreeMap::new();
    for day in &input.days {
        let date: NaiveDate = day
            .date
            .parse()
            .map_err(|_| AppError::invalid(format!("认不出日期“{}”。", day.date)))?;
        let named = input.years.iter().find(|year| year.year == date.year());
        let year = years.entry(date.year()).or_insert_with(|| ImportedYear {
            notice: named.map_or_else(|| input.source.clone(), |year| year.notice.clone()),
            days: BTreeMap::new(),
        });
        year.days.insert(
            date,
            SpecialDay {
                kind: match day.kind {
                    SpecialKind::Off => DayKind::Off,
                    SpecialKind::Work => DayKind::Work,
                },
                name: day.name.clone(),
                assumed: false,
            },
        );
    }
    Ok(years)
}
