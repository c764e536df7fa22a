//! The built programs, and the command line as a person would use it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The workspace's folder.
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace above tests/")
        .to_path_buf()
}

/// The window's program: `AMENDS_DESKTOP_BIN`, or the one built beside this test.
pub fn desktop() -> PathBuf {
    built("amends-desktop", "AMENDS_DESKTOP_BIN")
}

/// The command line: `AMENDS_CLI_BIN`, or the one built beside this test.
pub fn cli() -> PathBuf {
    built("amends-cli", "AMENDS_CLI_BIN")
}

fn built(name: &str, variable: &str) -> PathBuf {
    let named = std::env::var_os(variable).map(PathBuf::from);
    // …/target/debug/deps/<this test> → …/target/debug
    let test = std::env::current_exe().expect("the path of this test");
    let beside = test.ancestors().nth(2).map(|folder| folder.join(name));
    let usual = workspace_root().join("target/debug").join(name);
    let candidates = [named, beside, Some(usual)];
    let found = candidates.into_iter().flatten().find(|file| file.is_file());
    found.unwrap_or_else(|| {
        panic!("{name} is not built; `cargo xtask test` builds it, or name it in {variable}")
    })
}

/// A folder of `../shared/data/exports`, or none (with a printed sentence) where this machine does not have it.
pub fn shared_export(name: &str) -> Option<PathBuf> {
    let file = workspace_root().join("../shared/data/exports").join(name);
    if file.is_file() {
        return Some(file);
    }
    println!(
        "skipped: {} is not on this machine (the project tests itself without it)",
        file.display()
    );
    None
}

/// `amends-cli` on one data folder.
pub struct Cli {
    data: PathBuf,
    now: Option<String>,
}

/// What a run of it gave.
pub struct Ran {
    /// Exit code; -1 when it was killed.
    pub code: i32,
    /// What it printed for programs.
    pub stdout: String,
    /// What it printed for people.
    pub stderr: String,
}

impl Cli {
    /// On this folder, by the machine's clock.
    pub fn on(data: &Path) -> Cli {
        Cli {
            data: data.to_path_buf(),
            now: None,
        }
    }

    /// The same with another "now" (RFC 3339).
    pub fn at(data: &Path, now: &str) -> Cli {
        Cli {
            data: data.to_path_buf(),
            now: Some(now.to_owned()),
        }
    }

    /// Runs it; `input` goes to its standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut command = Command::new(cli());
        command.arg("--data").arg(&self.data);
        if let Some(now) = &self.now {
            command.args(["--now", now]);
        }
        let mut child = command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("amends-cli starts");
        let mut stdin = child.stdin.take().expect("its input");
        let words = input.to_owned();
        // Fed from a thread: it may answer before it has read everything.
        let feeder = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, words.as_bytes()));
        let output = child.wait_with_output().expect("amends-cli ends");
        let _ = feeder.join();
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs it without input.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    /// Imports a file and gives the result's JSON.
    ///
    /// # Panics
    /// When the import does not end with code 0.
    pub fn import(&self, file: &Path, more: &[&str]) -> Value {
        let file = file.to_string_lossy();
        let mut args = vec!["import", &*file, "--json"];
        args.extend(more);
        self.run(&args).json()
    }

    /// Every ticket, one JSON object each.
    pub fn tickets(&self, view: &str) -> Vec<Value> {
        let ran = self.run(&["tickets", "--json", "--view", view]);
        assert_eq!(ran.code, 0, "tickets --view {view}: {}", ran.stderr);
        ran.lines()
    }
}

impl Ran {
    /// The JSON it printed.
    ///
    /// # Panics
    /// When it failed or printed something else.
    pub fn json(&self) -> Value {
        assert_eq!(
            self.code, 0,
            "amends-cli ended with {}: {}{}",
            self.code, self.stderr, self.stdout
        );
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("not JSON ({e}): {}", self.stdout))
    }

    /// The JSON lines it printed.
    ///
    /// # Panics
    /// When a line is not JSON.
    pub fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|e| panic!("not JSON ({e}): {line}"));
        self.stdout
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(parse)
            .collect()
    }
}
