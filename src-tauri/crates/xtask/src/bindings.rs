//! `ui/src/ipc/bindings.ts` is generated from the commands that the shell registers.

use crate::shell::{Outcome, command, go, root, target_dir, workspace};
use std::fs;
use std::path::Path;

const BINDINGS: &str = "ui/src/ipc/bindings.ts";

/// Writes the bindings.
pub fn write() -> Outcome {
    go(workspace("build").arg("--bins"))?;
    export(&root().join(BINDINGS))
}

/// Fails when the committed bindings are not what the (already built) program exports.
pub fn check() -> Outcome {
    let fresh = target_dir().join("bindings.fresh.ts");
    export(&fresh)?;
    let read = |path: &Path| fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    if read(&fresh)? == read(&root().join(BINDINGS))? {
        return Ok(());
    }
    let _ = command("diff")
        .arg("-u")
        .arg(root().join(BINDINGS))
        .arg(&fresh)
        .status();
    Err(format!(
        "{BINDINGS} is out of date: run `cargo xtask bindings` and commit it"
    ))
}

fn export(to: &Path) -> Outcome {
    let program = target_dir()
        .join("debug")
        .join(format!("amends-desktop{}", std::env::consts::EXE_SUFFIX));
    go(command(program).arg("--export-bindings").arg(to))
}
