//! Amends' real window, driven through WebKitWebDriver (the W3C protocol, as plain JSON over HTTP).

use crate::desktop::{Desktop, Kept};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE: Duration = Duration::from_secs(15);

/// The CSS selector of a `data-testid`.
pub fn by(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

/// A running Amends.
pub struct Window {
    http: ureq::Agent,
    session: String,
    driver: Kept,
    log: PathBuf,
    mark: String,
    name: String,
}

impl Window {
    /// Starts the program under a driver. Used through [`Desktop::open`].
    ///
    /// # Panics
    /// With the program's own output when no window answers within 60 s.
    pub(crate) fn open(driver: Kept, port: u16, program: &[String], log: PathBuf, mark: String) -> Window {
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(60)));
        let http: ureq::Agent = config.http_status_as_error(false).proxy(None).build().into();
        let base = format!("http://127.0.0.1:{port}");
        let begun = Instant::now();
        while http.get(format!("{base}/status")).call().is_err() {
            assert!(
                begun.elapsed() < PATIENCE,
                "WebKitWebDriver does not answer: {}",
                tail(&log)
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        let options = json!({ "binary": program[0], "args": program[1..] });
        let wish = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let answer = http.post(format!("{base}/session")).send_json(&wish);
        let answer: Value = match answer.and_then(|mut a| a.body_mut().read_json()) {
            Ok(answer) => answer,
            Err(e) => panic!(
                "{} opened no window within 60 s ({e}); it said:\n{}\n{}",
                program[0],
                tail(&log),
                machine()
            ),
        };
        let Some(id) = answer["value"]["sessionId"].as_str() else {
            panic!(
                "{} opened no window: {answer}; it said:\n{}",
                program[0],
                tail(&log)
            )
        };
        let program = program
            .last()
            .map(std::path::Path::new)
            .and_then(std::path::Path::file_name);
        let name = program.unwrap_or_default().to_string_lossy().into_owned();
        Window {
            http,
            session: format!("{base}/session/{id}"),
            driver,
            log,
            mark,
            name,
        }
    }

    fn ask(&self, path: &str, body: Option<Value>) -> Result<Value, String> {
        let url = format!("{}{path}", self.session);
        let answer = match body {
            Some(body) => self.http.post(url).send_json(&body),
            None => self.http.get(url).call(),
        };
        let answer: Value = answer
            .and_then(|mut a| a.body_mut().read_json())
            .map_err(|e| e.to_string())?;
        let value = answer["value"].clone();
        if value.get("error").is_some() {
            Err(value.to_string())
        } else {
            Ok(value)
        }
    }

    fn find(&self, css: &str) -> Option<String> {
        let found = self
            .ask("/element", Some(json!({ "using": "css selector", "value": css })))
            .ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    /// Runs JavaScript in the page and gives what it returns.
    ///
    /// # Panics
    /// When the script throws.
    pub fn script(&self, code: &str, args: Value) -> Value {
        let body = json!({ "script": code, "args": args });
        self.ask("/execute/sync", Some(body))
            .unwrap_or_else(|e| panic!("script failed: {e}\n{code}"))
    }

    /// Runs JavaScript that calls its last argument with the answer.
    ///
    /// # Panics
    /// When the script throws.
    pub fn script_async(&self, code: &str, args: Value) -> Value {
        let body = json!({ "script": code, "args": args });
        self.ask("/execute/async", Some(body))
            .unwrap_or_else(|e| panic!("script failed: {e}\n{code}"))
    }

    /// Whether the page has such an element now.
    pub fn has(&self, css: &str) -> bool {
        self.find(css).is_some()
    }

    /// How many elements the page has.
    pub fn count(&self, css: &str) -> u64 {
        self.script(
            "return document.querySelectorAll(arguments[0]).length",
            json!([css]),
        )
        .as_u64()
        .unwrap_or(0)
    }

    /// Waits until the page has such an element.
    ///
    /// # Panics
    /// With the page's text and a picture when it never comes.
    pub fn wait_for(&self, css: &str) {
        self.wait_until(&format!("the page has {css}"), || self.has(css));
    }

    /// Waits until something holds.
    ///
    /// # Panics
    /// With the page's text when it does not within 15 s.
    pub fn wait_until(&self, what: &str, holds: impl Fn() -> bool) {
        self.wait_at_most(PATIENCE, what, holds);
    }

    /// Waits at most this long until something holds.
    ///
    /// # Panics
    /// With the page's text when it does not.
    pub fn wait_at_most(&self, patience: Duration, what: &str, holds: impl Fn() -> bool) {
        let begun = Instant::now();
        while !holds() {
            if begun.elapsed() > patience {
                let picture = self.picture_of_trouble();
                panic!(
                    "not within {patience:?}: {what}\npicture: {picture}\npage:\n{}\nprogram:\n{}",
                    self.page(),
                    tail(&self.log)
                );
            }
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    fn picture_of_trouble(&self) -> String {
        let file = std::env::temp_dir().join(format!("amends-trouble-{}.png", self.mark));
        let taken = Command::new("import")
            .args(["-window", "root"])
            .arg(&file)
            .env("DISPLAY", self.driver.display())
            .status();
        if taken.is_ok_and(|s| s.success()) {
            file.display().to_string()
        } else {
            "none".into()
        }
    }

    /// The page's text.
    pub fn page(&self) -> String {
        let text = self.ask(
            "/execute/sync",
            Some(json!({ "script": "return document.body.innerText", "args": [] })),
        );
        text.ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_else(|| "(no page)".into())
    }

    /// The text of the first such element.
    pub fn text(&self, css: &str) -> String {
        self.wait_for(css);
        let text = self.script(
            "return document.querySelector(arguments[0])?.innerText ?? ''",
            json!([css]),
        );
        text.as_str().unwrap_or_default().to_owned()
    }

    /// What is typed into the first such field.
    pub fn value(&self, css: &str) -> String {
        self.wait_for(css);
        let value = self.script(
            "return document.querySelector(arguments[0])?.value ?? ''",
            json!([css]),
        );
        value.as_str().unwrap_or_default().to_owned()
    }

    /// An attribute of the first such element.
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let code = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        self.script(code, json!([css, name])).as_str().map(str::to_owned)
    }

    /// Clicks the first such element, waiting until it is there and can be clicked.
    ///
    /// # Panics
    /// When that never works.
    pub fn click(&self, css: &str) {
        self.wait_for(css);
        let try_it = || {
            let Some(id) = self.find(css) else { return false };
            self.ask(&format!("/element/{id}/click"), Some(json!({}))).is_ok()
        };
        self.wait_until(&format!("{css} can be clicked"), try_it);
    }

    /// Types into the first such element.
    ///
    /// # Panics
    /// When that never works.
    pub fn type_into(&self, css: &str, words: &str) {
        self.wait_for(css);
        let try_it = || {
            let Some(id) = self.find(css) else { return false };
            self.ask(&format!("/element/{id}/value"), Some(json!({ "text": words })))
                .is_ok()
        };
        self.wait_until(&format!("{css} can be typed into"), try_it);
    }

    /// The `data-testid`, else the tag, of what has the keyboard.
    pub fn focused(&self) -> String {
        let code = "const e = document.activeElement; return e?.closest('[data-testid]')?.dataset.testid ?? e?.tagName ?? ''";
        self.script(code, json!([]))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The process of the program itself.
    ///
    /// # Panics
    /// When it does not run.
    pub fn pid(&self) -> u32 {
        running(&self.mark, &self.name)
            .unwrap_or_else(|| panic!("the program does not run; it said:\n{}", tail(&self.log)))
    }

    /// Peak resident memory of the program so far, in MiB.
    pub fn peak_memory_mib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok())
            .unwrap_or(0)
            / 1024
    }

    /// `kill -9`, as a power cut would.
    pub fn kill(self) {
        let pid = self.pid().to_string();
        let _ = Command::new("kill").args(["-9", &pid]).status();
        self.gone();
    }

    /// Asks the program to end, as the session's end does.
    pub fn quit(self) {
        let pid = self.pid().to_string();
        let _ = Command::new("kill").arg(&pid).status();
        self.gone();
    }

    fn gone(&self) {
        let begun = Instant::now();
        while running(&self.mark, &self.name).is_some() {
            assert!(
                begun.elapsed() < PATIENCE,
                "the program does not end; it said:\n{}",
                tail(&self.log)
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the program printed.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The driver's process group goes with it; the program may have left the group, so it is named.
        if let Some(pid) = running(&self.mark, &self.name) {
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
        }
    }
}

/// The main process that carries this mark in its environment, by its executable's name.
fn running(mark: &str, name: &str) -> Option<u32> {
    let mark = format!("AMENDS_TEST_WINDOW={mark}");
    fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
        let pid: u32 = entry.file_name().to_string_lossy().parse().ok()?;
        let exe = fs::read_link(entry.path().join("exe")).ok()?;
        let environment = fs::read(entry.path().join("environ")).ok()?;
        let marked = environment.split(|b| *b == 0).any(|v| v == mark.as_bytes());
        (marked && exe.file_name().is_some_and(|f| f == name)).then_some(pid)
    })
}

/// What a window needs of the machine, for the log of one where none opened: room on the disk, memory, time.
fn machine() -> String {
    let room = Command::new("df").arg("-hP").arg(std::env::temp_dir()).output();
    let room = room.map_or_else(
        |e| e.to_string(),
        |o| String::from_utf8_lossy(&o.stdout).into_owned(),
    );
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory: Vec<&str> = memory.lines().take(3).collect();
    format!("{room}load {load}{}", memory.join("\n"))
}

fn tail(log: &std::path::Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

/// So that a test names the desktop it opened the window on.
impl Desktop {
    /// Presses keys as a person does, through the screen (names as xdotool's: `Return`, `ctrl+k`, `Tab`).
    pub fn press(&self, keys: &[&str]) {
        self.tool("xdotool", &[&["key", "--delay", "30"], keys].concat());
    }

    /// Types on the screen's keyboard, whatever has its focus.
    pub fn keyboard(&self, words: &str) {
        self.tool("xdotool", &["type", "--delay", "12", words]);
    }
}
