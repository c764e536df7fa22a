//! Working calendars 工作日历: the default and those of shops, a year of days, changes and their previews.

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{
        CalendarChoice, CalendarImport, CalendarPreview, CalendarRules, CalendarSave, CalendarSummary,
        CalendarView, DayChange, DayKind, DayOverride, DayView, Tag, WindowOfDay, YearQuery, YearView,
    },
    journal,
    promise::{self, Applying},
    revision,
    rules::{CALENDAR, CALENDAR_RULES, CURRENT, Rules, SHOPS},
    views, workspace,
};
use amends_domain::sla::{
    Calendar, CalendarSpec, CalendarVersion, EventKind,
    calendar::{Week, Window, instant, zone},
    holidays::{self, HolidayBook, SpecialDay},
};
use chrono::{Datelike, NaiveDate};
use serde_json::json;
use std::{collections::BTreeMap, path::Path};

/// Dates of one's own at most.
const MAX_OVERRIDES: usize = 2_000;
/// A file of dates is small.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// The default calendar and those that shops have of their own.
///
/// # Errors
/// `store`.
pub async fn list(app: &App) -> Result<Vec<CalendarSummary>> {
    let rules = app.rules();
    let one = |shop: Option<&String>, version: CalendarVersion| {
        let spec = rules.calendars.get(version).spec();
        CalendarSummary {
            shop: shop.cloned(),
            version: version.0,
            zone: spec.zone.name().to_owned(),
            always: is_always(&spec.weekly),
            holidays: !spec.holidays.is_empty(),
        }
    };
    let mut list = vec![one(None, rules.calendar)];
    list.extend(
        rules
            .shop_calendars
            .iter()
            .map(|(shop, version)| one(Some(shop), *version)),
    );
    Ok(list)
}

/// The calendar of a shop, or the default.
///
/// # Errors
/// `store`.
pub async fn get(app: &App, shop: Option<&str>) -> Result<CalendarView> {
    let rules = app.rules();
    let own = shop.and_then(|shop| rules.shop_calendars.get(shop).copied());
    let version = own.unwrap_or(rules.calendar);
    let store = app.store();
    let saved = store.rule_version(CALENDAR, i64::from(version.0)).await?;
    let people = views::people(&store).await?;
    let by = saved.as_ref().and_then(|row| people.get(row.actor_id.as_ref()?));
    Ok(CalendarView {
        shop: shop.map(str::to_owned),
        inherited: shop.is_some() && own.is_none(),
        version: version.0,
        saved_by: by.map(|person| person.name.clone()),
        saved_at: saved.map(|row| views::instant(row.created_at)),
        rules: saved_rules(app, &rules, version).await?,
    })
}

/// A version as people wrote it; for one that the program made itself, what it amounts to.
pub(crate) async fn saved_rules(app: &App, rules: &Rules, version: CalendarVersion) -> Result<CalendarRules> {
    let written = app.store().rule_versions(CALENDAR_RULES).await?;
    match written.iter().find(|(known, _)| *known == i64::from(version.0)) {
        Some((_, body)) => Ok(serde_json::from_str(body)?),
        None => Ok(rules_of(&rules.book, rules.calendars.get(version).spec())),
    }
}

fn is_always(week: &Week) -> bool {
    days(week).iter().all(|day| day.contains(&Window::DAY))
}

fn days(week: &Week) -> [&Vec<Window>; 7] {
    [
        &week.mon, &week.tue, &week.wed, &week.thu, &week.fri, &week.sat, &week.sun,
    ]
}

fn window_view(window: &Window) -> WindowOfDay {
    let text = window.to_string();
    let (open, close) = text.split_once('-').unwrap_or_default();
    WindowOfDay {
        open: open.to_owned(),
        close: close.to_owned(),
    }
}

fn windows_view(windows: &[Window]) -> Vec<WindowOfDay> {
    windows.iter().map(window_view).collect()
}

fn windows_of(views: &[WindowOfDay]) -> Result<Vec<Window>> {
    views
        .iter()
        .map(|view| {
            format!("{}-{}", view.open, view.close).parse().map_err(|_| {
                AppError::invalid(format!(
                    "“{}–{}”不是一段时间，请写成 09:00 到 18:00 这样；全天是 00:00 到 24:00。",
                    view.open, view.close
                ))
            })
        })
        .collect()
}

fn rules_of(book: &HolidayBook, spec: &CalendarSpec) -> CalendarRules {
    let holidays = !spec.holidays.is_empty();
    let years = spec.overrides.keys().map(Datelike::year);
    let usual = |book: &HolidayBook| match (holidays, years.clone().min(), years.clone().max()) {
        (true, Some(from), Some(to)) => book.calendar(spec.zone, spec.weekly.clone(), from..=to),
        _ => CalendarSpec {
            overrides: BTreeMap::new(),
            ..spec.clone()
        },
    };
    // The version may have been made before a file of holidays was imported, or after.
    let (usual, shipped) = (usual(book), usual(HolidayBook::shipped()));
    let own = spec
        .overrides
        .iter()
        .filter(|(date, windows)| usual.windows(**date) != **windows && shipped.windows(**date) != **windows);
    CalendarRules {
        zone: spec.zone.name().to_owned(),
        always: is_always(&spec.weekly),
        holidays,
        weekly: days(&spec.weekly).map(|day| windows_view(day)).to_vec(),
        overrides: own
            .map(|(date, windows)| DayOverride {
                date: date.to_string(),
                closed: windows.is_empty(),
                windows: windows_view(windows),
                note: String::new(),
            })
            .collect(),
    }
}

/// The engine's calendar of these rules, with the holidays of last year to the year after next.
pub(crate) fn spec_of(book: &HolidayBook, rules: &CalendarRules, now_ms: i64) -> Result<CalendarSpec> {
    let zone = zone(&rules.zone).map_err(|_| AppError::invalid("认不出这个时区。"))?;
    if rules.overrides.len() > MAX_OVERRIDES {
        return Err(AppError::invalid("单独设置的日期太多，最多 2000 天。"));
    }
    let weekly = if rules.always {
        Week::daily(&[Window::DAY])
    } else {
        week_of(&rules.weekly)?
    };
    let year = instant(now_ms).with_timezone(&zone).year();
    let years = year - 1..=year + 2;
    let mut spec = match (rules.holidays, rules.always) {
        (true, false) => book.calendar(zone, weekly, years),
        (true, true) => CalendarSpec {
            holidays: book.holidays(years),
            ..CalendarSpec::always(zone)
        },
        (false, _) => CalendarSpec {
            weekly,
            ..CalendarSpec::always(zone)
        },
    };
    for day in &rules.overrides {
        let windows = if day.closed {
            Vec::new()
        } else {
            windows_of(&day.windows)?
        };
        if !day.closed && windows.is_empty() {
            return Err(AppError::invalid(format!(
                "{} 没有时段。休息请选“休息”，上班请填时段。",
                day.date
            )));
        }
        spec.overrides.insert(date_of(&day.date)?, windows);
    }
    spec.check(now_ms)
        .map_err(|_| AppError::invalid("这份日历在未来一年里没有工作时间，没有保存。请至少留出一个时段。"))?;
    Ok(spec)
}

fn week_of(weekly: &[Vec<WindowOfDay>]) -> Result<Week> {
    let [mon, tue, wed, thu, fri, sat, sun] = weekly else {
        return Err(AppError::invalid("一周要有七天的时段。"));
    };
    Ok(Week {
        mon: windows_of(mon)?,
        tue: windows_of(tue)?,
        wed: windows_of(wed)?,
        thu: windows_of(thu)?,
        fri: windows_of(fri)?,
        sat: windows_of(sat)?,
        sun: windows_of(sun)?,
    })
}

fn date_of(text: &str) -> Result<NaiveDate> {
    text.parse()
        .map_err(|_| AppError::invalid(format!("认不出日期“{text}”。")))
}

/// Every day of a year, by saved rules or by those being edited.
///
/// # Errors
/// `invalid` for impossible rules or a year that is none.
pub async fn year(app: &App, input: &YearQuery) -> Result<YearView> {
    if !(2000..=2199).contains(&input.year) {
        return Err(AppError::invalid("没有这一年。"));
    }
    let now_ms = app.now();
    let saved = get(app, input.shop.as_deref()).await?;
    let rules = input.rules.as_ref().unwrap_or(&saved.rules);
    let stands = app.rules();
    let book = &stands.book;
    let spec = spec_of(book, rules, now_ms)?;
    let special = if rules.holidays {
        book.days_of(input.year)
    } else {
        BTreeMap::new()
    };
    let first = NaiveDate::from_ymd_opt(input.year, 1, 1).ok_or_else(|| AppError::internal("year"))?;
    // Beyond the years that a version covers the holidays of the book are shown all the same.
    let covered = spec_for_year(book, &spec, rules, input.year);
    let days = first
        .iter_days()
        .take_while(|date| date.year() == input.year)
        .map(|date| day_view(date, &covered, rules, special.get(&date)))
        .collect();
    let stale = input.rules.is_none()
        && rules.holidays
        && is_stale(&stands, CalendarVersion(saved.version), &spec, input.year);
    let today = instant(now_ms).with_timezone(&spec.zone).date_naive();
    Ok(YearView {
        year: input.year,
        published: book.is_published(input.year),
        days,
        notice: notice(book, rules, input.year, today, stale),
    })
}

fn spec_for_year(book: &HolidayBook, spec: &CalendarSpec, rules: &CalendarRules, year: i32) -> CalendarSpec {
    if !rules.holidays || rules.always || spec.overrides.keys().any(|date| date.year() == year) {
        return spec.clone();
    }
    book.calendar(spec.zone, spec.weekly.clone(), year..=year)
}

/// The saved version knows other holidays than the book does by now.
fn is_stale(rules: &Rules, version: CalendarVersion, fresh: &CalendarSpec, year: i32) -> bool {
    let saved = rules.calendars.get(version).spec();
    let of_year = |spec: &CalendarSpec| -> Vec<(NaiveDate, Vec<Window>)> {
        let days = spec.overrides.iter().filter(|(date, _)| date.year() == year);
        days.map(|(date, windows)| (*date, windows.clone())).collect()
    };
    of_year(saved) != of_year(fresh)
}

fn day_view(
    date: NaiveDate,
    spec: &CalendarSpec,
    rules: &CalendarRules,
    special: Option<&SpecialDay>,
) -> DayView {
    let windows = spec.windows(date);
    let text = date.to_string();
    let own = rules.overrides.iter().find(|day| day.date == text);
    let kind = match (own, special.map(|day| day.kind)) {
        (Some(own), _) if own.closed => DayKind::OverrideClosed,
        (Some(_), _) => DayKind::OverrideOpen,
        // Around the clock a holiday is worked; its name is still shown.
        (None, Some(holidays::DayKind::Off)) if windows.is_empty() => DayKind::Holiday,
        (None, Some(holidays::DayKind::Work)) if !rules.always => DayKind::Makeup,
        _ if windows.is_empty() => DayKind::Rest,
        _ => DayKind::Work,
    };
    let note = own.map(|own| own.note.clone()).filter(|note| !note.is_empty());
    DayView {
        date: text,
        kind,
        windows: windows_view(windows),
        name: note.or_else(|| special.map(|day| day.name.clone())),
        assumed: own.is_none() && special.is_some_and(|day| day.assumed),
    }
}

fn notice(
    book: &HolidayBook,
    rules: &CalendarRules,
    year: i32,
    today: NaiveDate,
    stale: bool,
) -> Option<String> {
    if !rules.holidays {
        return None;
    }
    if stale {
        return Some(format!(
            "{year} 年的放假安排有更新。保存一次日历即可采用，保存前可以预览变化。"
        ));
    }
    if !book.is_published(year) {
        return Some(format!(
            "{year} 年的放假安排未公布：暂按法定的元旦、劳动节和国庆节日期计算，不含调休。公布后请导入或更新程序。"
        ));
    }
    let missing = book.missing_year(today)?;
    Some(format!(
        "{missing} 年的放假安排未公布，跨年的时限暂按法定日期计算。公布后请导入或更新程序。"
    ))
}

/// What saving would do: the dates that change, and the open tickets' deadlines. Nothing is written.
///
/// # Errors
/// `invalid` for impossible rules.
pub async fn preview(app: &App, input: &CalendarSave) -> Result<CalendarPreview> {
    let now_ms = app.now();
    let rules = app.rules();
    let spec = spec_of(&rules.book, &input.rules, now_ms)?;
    let shop = shop_of(input)?;
    let before = rules
        .calendars
        .get(shop.map_or(rules.calendar, |shop| rules.calendar_of(shop)));
    let newest = rules
        .calendars
        .all()
        .map(|calendar| calendar.version().0)
        .max()
        .unwrap_or(0);
    let version = CalendarVersion(newest + 1);
    let calendars = promise::with_calendars(&rules, [Calendar::new(version, spec.clone())]);
    let apply = promise::preview_change(app, &rules.policies, &calendars, |of| {
        let concerned = match shop {
            Some(shop) => shop == of,
            None => !rules.shop_calendars.contains_key(of),
        };
        concerned.then_some(EventKind::Calendar { version })
    })
    .await?;
    Ok(CalendarPreview {
        days: day_changes(before.spec(), &spec, now_ms),
        apply,
    })
}

/// Dates from today to the end of next year whose hours differ.
pub(crate) fn day_changes(before: &CalendarSpec, after: &CalendarSpec, now_ms: i64) -> Vec<DayChange> {
    let today = instant(now_ms).with_timezone(&after.zone).date_naive();
    today
        .iter_days()
        .take_while(|date| date.year() <= today.year() + 1)
        .filter(|date| before.windows(*date) != after.windows(*date))
        .map(|date| DayChange {
            date: date.to_string(),
            from: hours(before.windows(date)),
            to: hours(after.windows(date)),
        })
        .collect()
}

fn hours(windows: &[Window]) -> String {
    if windows.is_empty() {
        return "休息".to_owned();
    }
    if windows.contains(&Window::DAY) {
        return "全天".to_owned();
    }
    let words: Vec<String> = windows
        .iter()
        .map(|window| window.to_string().replace('-', "–"))
        .collect();
    words.join("、")
}

fn shop_of(input: &CalendarSave) -> Result<Option<&str>> {
    match input.shop.as_deref().map(str::trim) {
        Some("") => Err(AppError::invalid("请写下门店的名字。")),
        shop => Ok(shop),
    }
}

/// Saves a new version. New tickets of the shop come under it; open ones only where `apply_to_open` says so (R15).
///
/// # Errors
/// `invalid` for impossible rules, `conflict` when another version was saved meanwhile, `forbidden`, `no_actor`,
/// `store`.
pub async fn save(app: &App, input: &CalendarSave) -> Result<CalendarView> {
    let actor = promise::may_change_rules(app).await?;
    let now_ms = app.now();
    let spec = spec_of(&app.rules().book, &input.rules, now_ms)?;
    let shop = shop_of(input)?;
    let store = app.store();
    let mut settings = workspace::settings(&store).await?;
    let mut tx = store.begin().await?;
    tx.hold(revision::SAVING).await?;
    // What other programs saved meanwhile may not have been noticed here yet.
    let stands = Rules::load(&store).await?;
    let current = shop.map_or(stands.calendar, |shop| stands.calendar_of(shop));
    revision::must_be_current(&input.made_from, &current.0)?;
    let version = tx.next_rule_version(CALENDAR).await?;
    let bodies = [
        (CALENDAR, serde_json::to_string(&spec)?),
        (CALENDAR_RULES, serde_json::to_string(&input.rules)?),
    ];
    for (kind, body) in bodies {
        tx.add_rule_version(kind, version, &body, Some(&actor.id), now_ms)
            .await?;
    }
    match shop {
        Some(shop) => {
            let mut shops = stands.shop_calendars.clone();
            shops.insert(
                shop.to_owned(),
                CalendarVersion(u32::try_from(version).unwrap_or(1)),
            );
            tx.set_setting(SHOPS, &serde_json::to_string(&shops)?).await?;
        }
        None => {
            tx.set_setting(CURRENT, &version.to_string()).await?;
            settings.calendar = if input.rules.always {
                CalendarChoice::Always
            } else {
                CalendarChoice::Business
            };
            workspace::save_settings(&mut tx, &settings).await?;
        }
    }
    let data = json!({ "version": version, "shop": shop, "apply_to_open": input.apply_to_open, "rules": input.rules });
    journal::workspace_entry(&mut tx, "calendar_saved", data, Some(&actor.id), now_ms).await?;
    if input.apply_to_open {
        let what = Applying {
            calendar: u32::try_from(version).ok(),
            shop: shop.map(str::to_owned),
            actor: Some(actor.id.clone()),
            ..Applying::default()
        };
        promise::begin_applying(&mut tx, &what).await?;
    }
    tx.log_change("calendar workspace", now_ms).await?;
    tx.commit().await?;
    app.reload_rules().await?;
    app.changed(&[Tag::Calendar, Tag::Workspace]);
    promise::finish_applying(app).await?;
    get(app, shop).await
}

/// A shop goes back to the default calendar; its open tickets keep theirs.
///
/// # Errors
/// `not_found` for a shop without a calendar of its own, `forbidden`, `no_actor`.
pub async fn forget(app: &App, shop: &str) -> Result<Vec<CalendarSummary>> {
    let actor = promise::may_change_rules(app).await?;
    let now_ms = app.now();
    let mut shops = app.rules().shop_calendars.clone();
    if shops.remove(shop).is_none() {
        return Err(AppError::new(ErrorCode::NotFound, "这家门店没有单独的日历。"));
    }
    let mut tx = app.store().begin().await?;
    tx.set_setting(SHOPS, &serde_json::to_string(&shops)?).await?;
    journal::workspace_entry(
        &mut tx,
        "calendar_forgotten",
        json!({ "shop": shop }),
        Some(&actor.id),
        now_ms,
    )
    .await?;
    tx.log_change("calendar", now_ms).await?;
    tx.commit().await?;
    app.reload_rules().await?;
    app.changed(&[Tag::Calendar]);
    list(app).await
}

/// Reads dates from an iCalendar file, a table, or a yearly file of holidays. Nothing is written; what the calendar
/// already has is left out.
///
/// # Errors
/// `file` with what is wrong.
pub async fn import(app: &App, shop: Option<&str>, file: &Path) -> Result<CalendarImport> {
    let Dates {
        name,
        days: found,
        skipped,
        ..
    } = read(file)?;
    let rules = get(app, shop).await?.rules;
    let spec = spec_of(&app.rules().book, &rules, app.now())?;
    Ok(CalendarImport {
        name,
        added: added(found, &spec),
        skipped,
    })
}

/// Dates of a file as they stand there.
pub(crate) struct Dates {
    /// Name of the file.
    pub name: String,
    pub days: BTreeMap<NaiveDate, SpecialDay>,
    /// The notices that a yearly file names.
    pub notices: BTreeMap<i32, String>,
    /// What was left out, as written.
    pub skipped: Vec<String>,
}

/// Reads dates from an iCalendar file, a table, or a yearly file of holidays.
pub(crate) fn read(file: &Path) -> Result<Dates> {
    let text = read_small(file)?;
    let wrong = |error: holidays::HolidayError| {
        AppError::new(
            ErrorCode::File,
            "文件里没有找到节假日或调休日期，日历没有改动。请用日历文件（.ics），或每行“日期,休/班,名称”的表格（.csv）。",
        )
        .with_detail(error)
    };
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    if name.to_lowercase().ends_with(".json") {
        let book = HolidayBook::from_json(&text).map_err(wrong)?;
        let years = book.notices.keys();
        return Ok(Dates {
            name,
            days: years.flat_map(|year| book.days_of(*year)).collect(),
            notices: book.notices,
            skipped: Vec::new(),
        });
    }
    let found = if text.contains("BEGIN:VCALENDAR") {
        holidays::read_ics(&text)
    } else {
        holidays::read_csv(&text)
    };
    let found = found.map_err(wrong)?;
    Ok(Dates {
        name,
        days: found.days,
        notices: BTreeMap::new(),
        skipped: found.skipped,
    })
}

fn added(found: BTreeMap<NaiveDate, SpecialDay>, spec: &CalendarSpec) -> Vec<DayOverride> {
    let workday = days(&spec.weekly).into_iter().find(|day| !day.is_empty());
    let workday: Vec<Window> = workday.cloned().unwrap_or_else(|| vec![Window::DAY]);
    let mut added = Vec::new();
    for (date, day) in found {
        let usual = spec.weekly.on(date.weekday());
        let windows = match day.kind {
            holidays::DayKind::Off => Vec::new(),
            holidays::DayKind::Work if usual.is_empty() => workday.clone(),
            holidays::DayKind::Work => usual.to_vec(),
        };
        if spec.windows(date) != windows {
            added.push(DayOverride {
                date: date.to_string(),
                closed: windows.is_empty(),
                windows: windows_view(&windows),
                note: day.name,
            });
        }
    }
    added
}

fn read_small(file: &Path) -> Result<String> {
    let unreadable = || {
        AppError::new(
            ErrorCode::File,
            "文件读不出来，日历没有改动。请另存为 UTF-8 编码后再试。",
        )
    };
    let size = std::fs::metadata(file)
        .map_err(|error| unreadable().with_detail(error))?
        .len();
    if size > MAX_FILE {
        return Err(AppError::new(
            ErrorCode::File,
            "文件太大，不像是日历。日历没有改动。",
        ));
    }
    std::fs::read_to_string(file).map_err(|error| unreadable().with_detail(error))
}
