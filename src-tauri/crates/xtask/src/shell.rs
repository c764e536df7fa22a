//! Starting other programs, and where things are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a task ends with: nothing, or the sentence that says what went wrong.
pub type Outcome<T = ()> = Result<T, String>;

/// The workspace's folder.
pub fn root() -> PathBuf {
    // src-tauri/crates/xtask → three up.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(3)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The cargo that started this task.
pub fn cargo() -> Command {
    command(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
}

/// Cargo over the whole workspace: whatever the task, dependencies get the same features and are compiled once.
pub fn workspace(verb: &str) -> Command {
    let mut cargo = cargo();
    cargo.args([verb, "--workspace"]);
    cargo
}

/// Builds the programs as they are shipped. The whole workspace is named, as everywhere: another selection chooses
/// other features and compiles every dependency once more (docs/adr/0009). What tests ask for on top is code that no
/// program calls.
pub fn build_release() -> Outcome {
    go(workspace("build").args(["--release", "--bins", "--examples"]))
}

/// A program, started in the workspace's folder.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// npm, which is a script with another name on Windows.
pub fn npm(args: &[&str]) -> Command {
    let mut command = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(args).arg("--prefix").arg(root().join("ui"));
    command
}

/// Runs the command with its output shown; fails with its name and status.
pub fn go(command: &mut Command) -> Outcome {
    let shown = show(command);
    eprintln!("$ {shown}");
    let status = command
        .status()
        .map_err(|e| format!("could not start `{shown}`: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` ended with {status}"))
    }
}

/// Runs the command silently and gives what it printed.
pub fn read(command: &mut Command) -> Outcome<String> {
    let shown = show(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("could not start `{shown}`: {e}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "`{shown}` ended with {}: {}",
            output.status,
            words.trim()
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program of this name can be started.
pub fn has(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path).any(|dir| {
        let file = dir.join(program);
        file.is_file() || (cfg!(windows) && dir.join(format!("{program}.exe")).is_file())
    })
}

fn show(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    words.join(" ")
}
