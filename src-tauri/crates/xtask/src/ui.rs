//! The window's web part: its packages and its build.

use crate::shell::{Outcome, go, npm, root};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Installs the packages when the lock file is not the one they were installed from.
pub fn packages() -> Outcome {
    let ui = root().join("ui");
    let lock = fs::read(ui.join("package-lock.json")).map_err(|e| format!("ui/package-lock.json: {e}"))?;
    let stamp = ui.join("node_modules/.amends-lock");
    if fs::read(&stamp).is_ok_and(|old| old == lock) {
        return Ok(());
    }
    go(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, lock).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Builds `ui/dist` when a source is newer than it.
pub fn build() -> Outcome {
    let ui = root().join("ui");
    let built = changed(&ui.join("dist/index.html"));
    let sources = [
        "src",
        "public",
        "index.html",
        "package-lock.json",
        "vite.config.ts",
        "tsconfig.json",
    ];
    let newest = sources.iter().filter_map(|part| newest(&ui.join(part))).max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    go(&mut npm(&["run", "build"]))
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|m| m.modified()).ok()
}

fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return changed(path);
    }
    // The folder's own time counts too: it tells of removed files.
    let inside = fs::read_dir(path)
        .ok()?
        .flatten()
        .filter_map(|entry| newest(&entry.path()));
    inside.chain(changed(path)).max()
}
