//! What a person does again and again in the window.

use crate::desktop::Desktop;
use crate::window::{Window, by};
use std::path::Path;
use std::time::Duration;

/// Walks through the welcome as a new user who reads little: says a name, else takes what is offered.
pub fn walk_through_the_welcome(window: &Window) {
    window.wait_for(&by("welcome-next"));
    for _ in 0..12 {
        if window.has(&by("choose-file")) {
            return;
        }
        if window.has(&by("person-name")) && window.value(&by("person-name")).is_empty() {
            window.type_into(&by("person-name"), "小林");
        }
        let step = window.page();
        window.click(&by("welcome-next"));
        // On a busy machine the step may stand there for a while; a second click would skip the next one.
        window.wait_until("the next step of the welcome", || window.page() != step);
    }
    window.wait_for(&by("choose-file"));
}

/// To the place where a file is chosen.
pub fn go_to_import(window: &Window) {
    if !window.has(&by("choose-file")) {
        window.click(&by("nav-sources"));
    }
    window.wait_for(&by("choose-file"));
}

/// Chooses the file in the native dialog, starts the import and waits for its result page.
pub fn import(desktop: &Desktop, window: &Window, file: &Path) {
    go_to_import(window);
    desktop.choose_file(file, || window.click(&by("choose-file")));
    window.wait_for(&by("import-start"));
    window.click("[data-testid=\"import-start\"]:not([disabled])");
    window.wait_at_most(Duration::from_secs(60), "the import is done", || {
        window.has(&by("import-done"))
    });
}

/// Leaves the welcome at once, taking what is offered.
pub fn skip_the_welcome(window: &Window) {
    window.wait_for(&by("welcome-skip-all"));
    window.click(&by("welcome-skip-all"));
    window.wait_for(&by("nav-inbox"));
}

/// Every screen of the window, by its address.
pub const SCREENS: &[&str] = &[
    "inbox",
    "today",
    "report",
    "insights",
    "reviews",
    "sources",
    "settings/general",
    "settings/people",
    "settings/reading",
    "settings/promise",
    "settings/calendar",
    "settings/shifts",
    "settings/alerts",
    "settings/bots",
    "settings/reports",
    "settings/keys",
    "settings/data",
    "settings/about",
];

/// Opens a screen by its address, as a link does.
pub fn go_to(window: &Window, screen: &str) {
    window.script(
        "window.location.hash = arguments[0]",
        serde_json::json!([format!("/{screen}")]),
    );
}
