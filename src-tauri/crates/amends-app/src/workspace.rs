//! The workspace: its settings, the people, who is sitting here, the test notification, the sample data.

use crate::{
    App, AppError, Notice, Result,
    dto::{
        BatchView, CalendarChoice, Locale, NotificationHealth, PersonUpdate, SitDown, Tag, WorkspaceUpdate,
        WorkspaceView,
    },
    intake, journal,
    rules::Rules,
    sample, views,
};
use amends_classify::Personal;
use amends_domain::{Industry, PersonId, Role};
use amends_store::{PersonRow, Store, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the workspace has chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    pub welcomed: bool,
    pub locale: Locale,
    pub industry: Industry,
    pub calendar: CalendarChoice,
    pub zone: String,
    pub open_neutral: bool,
    pub close_explained: bool,
    pub notifications: NotificationHealth,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            welcomed: false,
            locale: Locale::ZhCn,
            industry: Industry::General,
            calendar: CalendarChoice::Always,
            zone: "Asia/Shanghai".to_owned(),
            open_neutral: false,
            close_explained: false,
            notifications: NotificationHealth::Untested,
        }
    }
}

const SETTINGS: &str = "workspace";
const ACTOR: &str = "actor";
const PERSONAL_MODEL: &str = "personal_model";

/// The settings; defaults where nothing was chosen.
pub(crate) async fn settings(store: &Store) -> Result<Settings> {
    match store.setting(SETTINGS).await? {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(Settings::default()),
    }
}

/// Keeps the settings.
pub(crate) async fn save_settings(tx: &mut Tx, settings: &Settings) -> Result<()> {
    Ok(tx
        .set_setting(SETTINGS, &serde_json::to_string(settings)?)
        .await?)
}

/// What this workspace's corrections taught the classifier; empty until somebody corrected something.
pub(crate) async fn personal_model(app: &App) -> Result<Personal> {
    let mut personal: Personal = match app.store().setting(PERSONAL_MODEL).await? {
        Some(text) => serde_json::from_str(&text)?,
        None => Personal::default(),
    };
    personal.prepare(app.classifier());
    Ok(personal)
}

/// Keeps what was taught, in the transaction of what taught it.
pub(crate) async fn save_personal_model(tx: &mut Tx, personal: &Personal) -> Result<()> {
    Ok(tx
        .set_setting(PERSONAL_MODEL, &serde_json::to_string(personal)?)
        .await?)
}

/// Writes the first settings and rules into a new database.
pub(crate) async fn found_if_new(store: &Store, now_ms: i64) -> Result<()> {
    let mut tx = store.begin().await?;
    if tx.setting(SETTINGS).await?.is_some() {
        return Ok(());
    }
    let settings = Settings::default();
    tx.set_setting(SETTINGS, &serde_json::to_string(&settings)?)
        .await?;
    Rules::found(&mut tx, &settings.zone, now_ms).await?;
    journal::workspace_entry(&mut tx, "workspace_founded", json!({}), None, now_ms).await?;
    Ok(tx.commit().await?)
}

/// The person who sat here last sits here again.
pub(crate) async fn seat_last_person(app: &App) -> Result<()> {
    let store = app.store();
    let Some(id) = store.setting(ACTOR).await? else {
        return Ok(());
    };
    let person = store
        .people()
        .await?
        .into_iter()
        .find(|person| person.id == id && person.active);
    app.desk_mut(|desk| desk.actor = person);
    Ok(())
}

/// Somebody known does something here without sitting down: the window's desk stays whoever's it is.
///
/// # Errors
/// `not_found` for a name that nobody has, or more than one person.
pub async fn act_as(app: &App, name: &str) -> Result<()> {
    let mut found = app
        .store()
        .people()
        .await?
        .into_iter()
        .filter(|person| person.active && person.name == name);
    let (Some(person), None) = (found.next(), found.next()) else {
        return Err(AppError::new(
            crate::ErrorCode::NotFound,
            format!("没有叫“{name}”的同事，或者不止一位。"),
        ));
    };
    app.desk_mut(|desk| desk.actor = Some(person));
    Ok(())
}

/// Everything the window needs before its first screen.
///
/// # Errors
/// `store`.
pub async fn get(app: &App) -> Result<WorkspaceView> {
    let store = app.store();
    let settings = settings(&store).await?;
    let desk = app.desk();
    let batches = store.batches().await?;
    let people = store.people().await?;
    Ok(WorkspaceView {
        welcomed: settings.welcomed,
        locale: settings.locale,
        industry: settings.industry,
        calendar: settings.calendar,
        zone: settings.zone,
        open_neutral: settings.open_neutral,
        people: people
            .iter()
            .filter(|person| person.active)
            .map(views::person)
            .collect(),
        former_people: people
            .iter()
            .filter(|person| !person.active)
            .map(views::person)
            .collect(),
        actor: desk.actor.as_ref().map(views::person),
        has_sample: batches
            .iter()
            .any(|batch| batch.sample && batch.state == "visible"),
        is_empty: !batches.iter().any(|batch| batch.state == "visible"),
        notifications: settings.notifications,
        has_tray: desk.has_tray,
        close_explained: settings.close_explained,
        data_folder: store
            .folder()
            .map(|folder| folder.display().to_string())
            .unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model_version: app.classifier().version().to_owned(),
        now: views::instant(app.now()),
    })
}

/// Changes settings. A new calendar holds for tickets that come from now on; open ones keep theirs (R15).
///
/// # Errors
/// `invalid`, `store`.
pub async fn update(app: &App, input: &WorkspaceUpdate) -> Result<WorkspaceView> {
    let store = app.store();
    let before = settings(&store).await?;
    let mut after = before.clone();
    if let Some(locale) = input.locale {
        after.locale = locale;
    }
    if let Some(industry) = input.industry {
        after.industry = industry;
    }
    if let Some(calendar) = input.calendar {
        after.calendar = calendar;
    }
    if let Some(open_neutral) = input.open_neutral {
        after.open_neutral = open_neutral;
    }
    if let Some(welcomed) = input.welcomed {
        after.welcomed = welcomed;
    }
    if let Some(explained) = input.close_explained {
        after.close_explained = explained;
    }
    if let Some(seen) = input.notification_seen {
        after.notifications = if seen {
            NotificationHealth::Confirmed
        } else {
            NotificationHealth::NotSeen
        };
    }
    if after != before {
        let now_ms = app.now();
        let actor = app.actor_id();
        let actor = actor.as_ref().map(PersonId::as_str);
        let mut tx = store.begin().await?;
        if after.calendar != before.calendar {
            Rules::choose_calendar(&mut tx, &store, after.calendar, &after.zone, actor, now_ms).await?;
        }
        tx.set_setting(SETTINGS, &serde_json::to_string(&after)?).await?;
        journal::workspace_entry(&mut tx, "settings_changed", json!({ "to": after }), actor, now_ms).await?;
        tx.log_change("workspace", now_ms).await?;
        tx.commit().await?;
        app.reload_rules().await?;
        app.changed(&[Tag::Workspace]);
    }
    get(app).await
}

/// Somebody known or new sits down at this desk.
///
/// # Errors
/// `invalid` for a name that is empty or longer than 40 characters, `not_found` for an unknown person.
pub async fn sit_down(app: &App, input: SitDown) -> Result<WorkspaceView> {
    let store = app.store();
    let now_ms = app.now();
    let people = store.people().await?;
    let mut tx = store.begin().await?;
    let person = if let Some(id) = &input.id {
        people
            .into_iter()
            .find(|person| person.id == *id && person.active)
            .ok_or(amends_store::StoreError::NotFound)?
    } else {
        let name = input.name.as_deref().map(str::trim).unwrap_or_default();
        if name.is_empty() || name.chars().count() > 40 {
            return Err(AppError::invalid("请写下称呼，40 个字以内。"));
        }
        let role = input.role.unwrap_or(Role::Agent);
        match people
            .into_iter()
            .find(|person| person.name == name && person.role == role.as_str() && person.active)
        {
            Some(known) => known,
            None => {
                let person = PersonRow {
                    id: PersonId::new(now_ms).0,
                    name: name.to_owned(),
                    role: role.to_string(),
                    active: true,
                    created_at: now_ms,
                    department: None,
                };
                tx.add_person(&person).await?;
                journal::workspace_entry(
                    &mut tx,
                    "person_added",
                    json!({ "person": person.id, "role": person.role }),
                    Some(&person.id),
                    now_ms,
                )
                .await?;
                person
            }
        }
    };
    tx.set_setting(ACTOR, &person.id).await?;
    tx.log_change("workspace inbox", now_ms).await?;
    tx.commit().await?;
    app.desk_mut(|desk| desk.actor = Some(person));
    // With a second person new tickets begin to find owners.
    app.reload_rules().await?;
    app.changed(&[Tag::Workspace, Tag::Inbox, Tag::Ticket, Tag::Alerts]);
    get(app).await
}

/// Changes what is known of a person.
///
/// # Errors
/// `invalid` for a name that is empty, too long or taken, `not_now` when open tickets would be left with somebody who
/// has gone, `not_found`, `store`.
pub async fn person_update(app: &App, input: &PersonUpdate) -> Result<WorkspaceView> {
    let (store, now_ms) = (app.store(), app.now());
    let people = store.people().await?;
    let before = people
        .iter()
        .find(|person| person.id == input.id)
        .ok_or(amends_store::StoreError::NotFound)?;
    let mut after = before.clone();
    if let Some(name) = &input.name {
        name.trim().clone_into(&mut after.name);
        if after.name.is_empty() || after.name.chars().count() > 40 {
            return Err(AppError::invalid("请写下称呼，40 个字以内。"));
        }
    }
    if let Some(role) = input.role {
        after.role = role.to_string();
    }
    if let Some(department) = input.department {
        after.department = Some(department.to_string());
    }
    if let Some(active) = input.active {
        after.active = active;
    }
    let twin = |person: &&PersonRow| {
        person.id != after.id && person.active && person.name == after.name && person.role == after.role
    };
    if after.active && people.iter().find(twin).is_some() {
        return Err(AppError::invalid(
            "已经有一位同名同角色的同事，请加个能区分的称呼。",
        ));
    }
    if before.active && !after.active {
        let loads = store.loads(now_ms).await?;
        let open = loads
            .iter()
            .find(|load| load.owner_id.as_ref() == Some(&after.id))
            .map_or(0, |load| load.open);
        if open > 0 {
            return Err(AppError::not_now(format!(
                "{}手上还有 {open} 件没做完的工单。请先转交，再停用。",
                after.name
            )));
        }
    }
    if after != *before {
        let mut tx = store.begin().await?;
        tx.update_person(&after).await?;
        let data = json!({
            "person": after.id, "role": after.role, "department": after.department, "active": after.active,
        });
        let actor = app.actor_id();
        let actor = actor.as_ref().map(PersonId::as_str);
        journal::workspace_entry(&mut tx, "person_changed", data, actor, now_ms).await?;
        tx.log_change("workspace inbox shifts", now_ms).await?;
        tx.commit().await?;
        let sits_here = app.desk().actor.is_some_and(|actor| actor.id == after.id);
        if sits_here {
            app.desk_mut(|desk| desk.actor = Some(after.clone()).filter(|person| person.active));
        }
        app.reload_rules().await?;
        app.changed(&[Tag::Workspace, Tag::Inbox, Tag::Ticket, Tag::Shifts]);
    }
    get(app).await
}

/// Nobody sits here any more.
///
/// # Errors
/// `store`.
pub async fn stand_up(app: &App) -> Result<WorkspaceView> {
    let mut tx = app.store().begin().await?;
    tx.set_setting(ACTOR, "").await?;
    tx.log_change("workspace inbox", app.now()).await?;
    tx.commit().await?;
    app.desk_mut(|desk| desk.actor = None);
    app.changed(&[Tag::Workspace, Tag::Inbox, Tag::Ticket]);
    get(app).await
}

/// Rings a harmless notification.
///
/// # Errors
/// `store`.
pub async fn test_notification(app: &App) -> Result<NotificationHealth> {
    let settings = settings(&app.store()).await?;
    let (title, body) = match settings.locale {
        Locale::ZhCn => (
            "挽回 · 测试提醒",
            "看到这条提醒，就说明紧急差评来时您能收到通知。",
        ),
        Locale::ZhTw => (
            "挽回 · 測試提醒",
            "看到這條提醒，就說明緊急差評來時您能收到通知。",
        ),
        Locale::En => (
            "Amends · test",
            "If you can see this, you will be told when an urgent review arrives.",
        ),
    };
    let shown = app.notifier().show(&Notice {
        ticket_id: None,
        report_id: None,
        alert_id: None,
        title: title.to_owned(),
        body: body.to_owned(),
        urgent: false,
        buttons: None,
    });
    if shown.is_err() {
        set_notification_health(app, NotificationHealth::Missing).await?;
        return Ok(NotificationHealth::Missing);
    }
    if settings.notifications == NotificationHealth::Missing {
        set_notification_health(app, NotificationHealth::Untested).await?;
    }
    Ok(NotificationHealth::Untested)
}

pub(crate) async fn set_notification_health(app: &App, health: NotificationHealth) -> Result<()> {
    let store = app.store();
    let mut settings = settings(&store).await?;
    if settings.notifications != health {
        settings.notifications = health;
        let mut tx = store.begin().await?;
        tx.set_setting(SETTINGS, &serde_json::to_string(&settings)?)
            .await?;
        tx.log_change("workspace", app.now()).await?;
        tx.commit().await?;
        app.changed(&[Tag::Workspace]);
    }
    Ok(())
}

/// Loads sample data: reviews written by us, dated relative to now, removable in one click.
///
/// # Errors
/// `not_now` when it is already there.
pub async fn load_sample(app: &App) -> Result<BatchView> {
    let store = app.store();
    if store
        .batches()
        .await?
        .iter()
        .any(|batch| batch.sample && batch.state == "visible")
    {
        return Err(AppError::not_now("示例数据已经在里面了。"));
    }
    let settings = settings(&store).await?;
    let csv = sample::csv(app.now(), &settings.zone);
    intake::import_bytes(app, "示例数据.csv", csv, &Default::default(), true).await
}

/// Removes the sample data, also where somebody has tried things on it.
///
/// # Errors
/// `store`.
pub async fn remove_sample(app: &App) -> Result<WorkspaceView> {
    for batch in app.store().batches().await? {
        if batch.sample && batch.state == "visible" {
            intake::take_back(app, batch, true).await?;
        }
    }
    get(app).await
}
