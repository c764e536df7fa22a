//! What the use-cases need of the outside: the time and somebody's attention.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

/// The only source of `now`. Domain functions take it as an argument.
pub trait Clock: Send + Sync {
    /// UTC milliseconds.
    fn now_ms(&self) -> i64;
}

/// The computer's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place that reads it
    fn now_ms(&self) -> i64 {
        chrono::Utc::now().timestamp_millis()
    }
}

/// A clock that stands still until it is moved: tests, and `--now` of the command line.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at an instant, UTC milliseconds.
    pub fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Moves it.
    pub fn set(&self, now_ms: i64) {
        self.0.store(now_ms, Ordering::SeqCst);
    }

    /// Moves it on by milliseconds (or back).
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Something to show on a person's desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Ticket to open on a click; none opens the inbox.
    pub ticket_id: Option<String>,
    /// Report to open on a click.
    pub report_id: Option<String>,
    /// Alert that the later button puts off; none where there is none to put off.
    pub alert_id: Option<String>,
    /// First line.
    pub title: String,
    /// The rest, private data masked.
    pub body: String,
    /// It concerns an urgent ticket.
    pub urgent: bool,
    /// Labels of its two buttons, to deal with it and to put it off; none for a summary.
    pub buttons: Option<[&'static str; 2]>,
}

/// The desktop refused to show a notice, or has no service for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotShown(pub String);

/// Shows notices outside the window.
pub trait Notifier: Send + Sync {
    /// Shows one at once.
    ///
    /// # Errors
    /// [`NotShown`] when the desktop has no notification service or it refused.
    fn show(&self, notice: &Notice) -> Result<(), NotShown>;

    /// True for hosts that have nobody's attention (the command line): alerts stay pending for a window.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A report for somebody who does not sit at a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Name of whose report it is; the post knows where they read.
    pub to: String,
    /// First line.
    pub subject: String,
    /// The whole report as one page, private data masked.
    pub html: String,
}

/// Carries reports by mail. The programs have none yet; whoever brings one hangs it in with [`crate::App::set_post`].
pub trait Post: Send + Sync {
    /// Sends one.
    ///
    /// # Errors
    /// What the server said; the report stays in the archive.
    fn send(&self, letter: &Letter) -> std::io::Result<()>;
}

/// Starts the program with the computer.
pub trait Autostart: Send + Sync {
    /// It is set up to start.
    fn is_on(&self) -> bool;

    /// Sets it up, or takes that back.
    ///
    /// # Errors
    /// What the system said.
    fn set(&self, on: bool) -> std::io::Result<()>;
}

/// Nobody is watching: what must ring waits for a window.
#[derive(Debug, Default)]
pub struct NobodyWatching;

impl Notifier for NobodyWatching {
    fn show(&self, _: &Notice) -> Result<(), NotShown> {
        Err(NotShown("no window".to_owned()))
    }

    fn is_absent(&self) -> bool {
        true
    }
}

/// Keeps what was shown, for tests.
#[derive(Debug, Default)]
pub struct RecordingNotifier {
    shown: Mutex<Vec<Notice>>,
    broken: std::sync::atomic::AtomicBool,
}

impl RecordingNotifier {
    /// Everything shown so far.
    pub fn shown(&self) -> Vec<Notice> {
        self.shown.lock().map(|shown| shown.clone()).unwrap_or_default()
    }

    /// From now on refuses, as a desktop without notification service does.
    pub fn break_down(&self) {
        self.broken.store(true, Ordering::SeqCst);
    }
}

impl Notifier for RecordingNotifier {
    fn show(&self, notice: &Notice) -> Result<(), NotShown> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(NotShown("broken for the test".to_owned()));
        }
        if let Ok(mut shown) = self.shown.lock() {
            shown.push(notice.clone());
        }
        Ok(())
    }
}
