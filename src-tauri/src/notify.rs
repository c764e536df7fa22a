//! Native notifications with two buttons: to deal with the ticket, to be told again in ten minutes. A click on the
//! notification itself brings the ticket to the front too.

use crate::{desktop, show_window};
use amends_app::{App, NotShown, Notice, Notifier, dto::AlertSnooze, scheduler};
use std::sync::OnceLock;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt};
use tauri_specta::Event;

/// The ticket's id travels in the notification under this name.
const TICKET: &str = "ticket";
/// A kept report's.
const REPORT: &str = "report";
/// The alert's.
const ALERT: &str = "alert";
/// Id of the button that deals with it.
const OPEN: &str = "open";
/// Id of the button that puts it off.
const LATER: &str = "later";
/// For how long.
const LATER_MINUTES: u32 = 10;

/// Shows notices through the desktop's notification service.
#[derive(Default)]
pub struct DesktopNotifier {
    handle: OnceLock<AppHandle>,
}

impl DesktopNotifier {
    /// Begins to work: before this, nothing can be shown.
    pub fn attach(&self, handle: &AppHandle) -> tauri::Result<()> {
        let opener = handle.clone();
        let listening = handle
            .notification()
            .on_action(move |performed| answered(&opener, performed));
        if let Err(error) = listening {
            eprintln!("amends: clicks on notifications will not be heard: {error}");
        }
        let _ = self.handle.set(handle.clone());
        Ok(())
    }
}

fn answered(handle: &AppHandle, performed: &ActionPerformed) {
    let extra = |name: &str| {
        performed
            .notification()
            .and_then(|notification| notification.extra().get(name))
            .and_then(|value| value.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    if performed.action_id() == LATER {
        later(handle, extra(ALERT));
        return;
    }
    show_window(handle);
    let report = extra(REPORT);
    if !report.is_empty() {
        let _ = crate::events::OpenReport { id: report }.emit(handle);
        return;
    }
    let _ = crate::events::OpenTicket {
        ticket_id: extra(TICKET),
    }
    .emit(handle);
}

/// Rings again in ten minutes. Where nobody sits at the desk there is nobody to ring for: the window opens instead.
fn later(handle: &AppHandle, id: String) {
    let Some(app) = handle.try_state::<App>().map(|app| app.inner().clone()) else {
        return;
    };
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let input = AlertSnooze {
            id,
            minutes: LATER_MINUTES,
        };
        if scheduler::snooze(&app, &input).await.is_err() {
            show_window(&handle);
        }
    });
}

impl Notifier for DesktopNotifier {
    fn show(&self, notice: &Notice) -> Result<(), NotShown> {
        let handle = self
            .handle
            .get()
            .ok_or_else(|| NotShown("the window is not open yet".to_owned()))?;
        if !desktop::has_notification_service() {
            return Err(NotShown("no notification service on this desktop".to_owned()));
        }
        let icon = handle
            .path()
            .resource_dir()
            .ok()
            .map(|folder| folder.join("icons/128x128.png"))
            .filter(|path| path.exists());
        let mut builder = handle
            .notification()
            .builder()
            .title(notice.title.clone())
            .body(notice.body.clone())
            .extra(TICKET, notice.ticket_id.clone().unwrap_or_default())
            .extra(REPORT, notice.report_id.clone().unwrap_or_default())
            .extra(ALERT, notice.alert_id.clone().unwrap_or_default());
        if let (Some([open, later]), Some(_)) = (notice.buttons, &notice.alert_id) {
            let buttons = vec![
                Action::builder(OPEN, open).build(),
                Action::builder(LATER, later).build(),
            ];
            // Registered under its words: the language may have changed since the last one.
            let kind = format!("{open}/{later}");
            let known = ActionType::builder(&kind).actions(buttons).build();
            if handle.notification().register_action_types(vec![known]).is_ok() {
                builder = builder.action_type_id(kind);
            }
        }
        if let Some(icon) = icon {
            builder = builder.icon(icon.to_string_lossy());
        }
        builder.show().map_err(|error| NotShown(error.to_string()))
    }
}
