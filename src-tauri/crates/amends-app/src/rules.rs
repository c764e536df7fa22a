//! The promise and the calendar in force, and every earlier version that a ticket may still be under (R15).

use crate::{
    dto::CalendarChoice,
    error::{AppError, Result},
    holidays, shifts,
};
use amends_domain::sla::{
    Calendar, CalendarSpec, CalendarVersion, Calendars, Policies, Policy,
    calendar::{Week, instant, zone},
    holidays::HolidayBook,
};
use amends_store::{Store, Tx};
use chrono::Datelike;
use std::collections::BTreeMap;

/// Everything the deadline engine needs beside a ticket's log.
pub struct Rules {
    /// All policy versions.
    pub policies: Policies,
    /// All calendar versions.
    pub calendars: Calendars,
    /// The calendar of new tickets.
    pub calendar: CalendarVersion,
    /// Shops whose new tickets have a calendar of their own.
    pub shop_calendars: BTreeMap<String, CalendarVersion>,
    /// Public holidays: those that came with the program, and under them the years that people imported.
    pub book: HolidayBook,
    /// New tickets get an owner: a roster is kept, or more than one person takes tickets.
    pub assigns: bool,
}

impl Rules {
    /// The calendar of a shop's new tickets.
    pub fn calendar_of(&self, shop: &str) -> CalendarVersion {
        self.shop_calendars.get(shop).copied().unwrap_or(self.calendar)
    }
}

/// Kind of the promise's versions.
pub(crate) const POLICY: &str = "policy";
/// Kind of the calendars' versions as the engine reads them.
pub(crate) const CALENDAR: &str = "calendar";
/// Kind of the calendars' versions as people wrote them, under the same numbers.
pub(crate) const CALENDAR_RULES: &str = "calendar_rules";
/// Setting that names the calendar version of new tickets.
pub(crate) const CURRENT: &str = "calendar_version";
/// Setting that names the calendar versions of shops of their own, as JSON.
pub(crate) const SHOPS: &str = "shop_calendars";

impl Rules {
    /// Reads all versions.
    pub async fn load(store: &Store) -> Result<Self> {
        let mut policies: Option<Policies> = None;
        for (_, body) in store.rule_versions(POLICY).await? {
            let policy: Policy = serde_json::from_str(&body)?;
            match &mut policies {
                Some(policies) => policies.insert(policy),
                None => policies = Some(Policies::new(policy)),
            }
        }
        let mut calendars: Option<Calendars> = None;
        let mut newest = CalendarVersion(1);
        for (version, body) in store.rule_versions(CALENDAR).await? {
            newest = CalendarVersion(u32::try_from(version).unwrap_or(1));
            let calendar = Calendar::new(newest, serde_json::from_str(&body)?);
            match &mut calendars {
                Some(calendars) => calendars.insert(calendar),
                None => calendars = Some(Calendars::new(calendar)),
            }
        }
        let (Some(policies), Some(calendars)) = (policies, calendars) else {
            return Err(AppError::internal("no policy or calendar version"));
        };
        let calendar = store
            .setting(CURRENT)
            .await?
            .and_then(|v| v.parse().ok())
            .map_or(newest, CalendarVersion);
        let shop_calendars = match store.setting(SHOPS).await? {
            Some(text) => serde_json::from_str(&text)?,
            None => BTreeMap::new(),
        };
        Ok(Self {
            book: holidays::book(store).await?,
            policies,
            calendars,
            calendar,
            shop_calendars,
            assigns: shifts::assigns(store).await?,
        })
    }

    /// Writes the first versions into a new database.
    pub async fn found(tx: &mut Tx, zone_name: &str, now_ms: i64) -> Result<()> {
        tx.add_rule_version(
            POLICY,
            1,
            &serde_json::to_string(&Policy::default())?,
            None,
            now_ms,
        )
        .await?;
        let book = HolidayBook::shipped();
        add_calendar(tx, 1, CalendarChoice::Always, book, zone_name, None, now_ms).await
    }

    /// Makes a new calendar version the one of new tickets; open tickets keep theirs (R15).
    pub async fn choose_calendar(
        tx: &mut Tx,
        store: &Store,
        choice: CalendarChoice,
        zone_name: &str,
        actor: Option<&str>,
        now_ms: i64,
    ) -> Result<()> {
        let next = store
            .rule_versions(CALENDAR)
            .await?
            .last()
            .map_or(1, |(version, _)| version + 1);
        let book = holidays::book(store).await?;
        add_calendar(tx, next, choice, &book, zone_name, actor, now_ms).await
    }
}

async fn add_calendar(
    tx: &mut Tx,
    version: i64,
    choice: CalendarChoice,
    book: &HolidayBook,
    zone_name: &str,
    actor: Option<&str>,
    now_ms: i64,
) -> Result<()> {
    let zone = zone(zone_name).map_err(|_| AppError::invalid("认不出这个时区。"))?;
    let spec = match choice {
        CalendarChoice::Always => CalendarSpec::always(zone),
        CalendarChoice::Business => business(book, zone, now_ms)?,
    };
    let calendar = Calendar::new(CalendarVersion(0), spec.clone());
    calendar
        .check(now_ms)
        .map_err(|_| AppError::invalid("这份日历在未来一年里没有工作时间，没有保存。请至少留出一个时段。"))?;
    tx.add_rule_version(CALENDAR, version, &serde_json::to_string(&spec)?, actor, now_ms)
        .await?;
    tx.set_setting(CURRENT, &version.to_string()).await?;
    Ok(())
}

/// Monday to Friday 09:00–12:00 and 13:30–18:00, with China's public holidays and make-up workdays 调休.
fn business(book: &HolidayBook, zone: chrono_tz::Tz, now_ms: i64) -> Result<CalendarSpec> {
    let window = |text: &str| text.parse().map_err(|_| AppError::internal("window"));
    let weekly = Week::workdays(&[window("09:00-12:00")?, window("13:30-18:00")?]);
    let year = instant(now_ms).with_timezone(&zone).year();
    Ok(book.calendar(zone, weekly, year - 1..=year + 1))
}
