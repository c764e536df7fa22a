//! axe-core, run inside the real window.

use crate::programs::workspace_root;
use crate::window::Window;
use serde_json::json;

/// What axe-core finds wrong on the screen as it is now, one line each: rule, what it means, where.
///
/// # Panics
/// When axe-core is not installed (`npm ci` in `ui/`) or does not run.
pub fn findings(window: &Window) -> Vec<String> {
    let source = workspace_root().join("ui/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(&source)
        .unwrap_or_else(|e| panic!("{}: {e} (cargo xtask test installs it)", source.display()));
    if window.script("return typeof window.axe", json!([])) != "object" {
        window.script(&format!("{source}; window.axe = axe; return true"), json!([]));
    }
    let code = "
        const done = arguments[arguments.length - 1];
        window.axe.run(document, { resultTypes: ['violations'] }).then(
            (r) => done(r.violations.flatMap((v) => v.nodes.map(
                (n) => `${v.id}: ${v.help}: ${n.target.join(' ')}: ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`))),
            (e) => done(['axe-core failed: ' + e]));";
    let found = window.script_async(code, json!([]));
    let found = found
        .as_array()
        .unwrap_or_else(|| panic!("axe-core gave {found}"));
    found
        .iter()
        .map(|line| line.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Fails with everything axe-core found on this screen.
///
/// # Panics
/// When it found something.
pub fn must_be_clean(window: &Window, screen: &str) {
    let found = findings(window);
    assert!(found.is_empty(), "axe-core on {screen}:\n{}", found.join("\n"));
}
