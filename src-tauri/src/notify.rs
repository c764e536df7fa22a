//! Native notifications: shown by the desktop, and a click brings the ticket to the front.

use crate::{desktop, show_window};
use amends_app::{NotShown, Notice, Notifier};
use std::sync::OnceLock;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;
use tauri_specta::Event;

/// The ticket's id travels in the notification under this name.
const TICKET: &str = "ticket";

/// Shows notices through the desktop's notification service.
#[derive(Default)]
pub struct DesktopNotifier {
    handle: OnceLock<AppHandle>,
}

impl DesktopNotifier {
    /// Begins to work: before this, nothing can be shown.
    pub fn attach(&self, handle: &AppHandle) -> tauri::Result<()> {
        let opener = handle.clone();
        let listening = handle.notification().on_action(move |performed| {
            let ticket = performed
                .notification()
                .and_then(|notification| notification.extra().get(TICKET))
                .and_then(|value| value.as_str())
                .unwrap_or_default();
            show_window(&opener);
            let _ = crate::events::OpenTicket {
                ticket_id: ticket.to_owned(),
            }
            .emit(&opener);
        });
        if let Err(error) = listening {
            eprintln!("amends: clicks on notifications will not be heard: {error}");
        }
        let _ = self.handle.set(handle.clone());
        Ok(())
    }
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
            .extra(TICKET, notice.ticket_id.clone().unwrap_or_default());
        if let Some(icon) = icon {
            builder = builder.icon(icon.to_string_lossy());
        }
        builder.show().map_err(|error| NotShown(error.to_string()))
    }
}
