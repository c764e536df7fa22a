//! What the window hears without asking.

use amends_app::dto::{AlertView, FilePick, SoundTest, Tag};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;

/// These must be fetched again.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct Changed {
    /// What.
    pub tags: Vec<Tag>,
}

/// A notification was clicked; an empty id asks for the list of urgent tickets.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct OpenTicket {
    /// Ticket.
    pub ticket_id: String,
}

/// A notification about a report that is ready was clicked.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct OpenReport {
    /// Kept report.
    pub id: String,
}

/// Files were dropped onto the window.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct FilesDropped {
    /// Files that could be read.
    pub files: Vec<FilePick>,
}

/// Files are held over the window.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct DragHover {
    /// They are over it.
    pub over: bool,
}

/// The desktop could not show an alert: the window shows it.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct AlertRaised {
    /// The alert.
    pub alert: AlertView,
}

/// The window closes to the tray; explained once.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct ClosingToTray {}

/// The window plays a sound.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct SoundPlay {
    /// Which, and how loud.
    pub sound: SoundTest,
}
