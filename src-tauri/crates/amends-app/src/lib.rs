//! The use-cases: each loads what it needs, lets the domain decide with `now`, and writes everything it decided
//! in one transaction. Hosts (the window, the command line, tests) only bind these functions.

pub mod alert_rules;
pub mod assign;
pub mod bots;
pub mod calendars;
pub mod dto;
pub mod error;
pub mod holidays;
pub mod inbox;
pub mod intake;
pub mod listing;
pub mod ports;
pub mod promise;
pub mod reading;
pub mod reports;
pub mod reviews;
pub mod scheduler;
pub mod shifts;
pub mod tickets;
pub mod today;
pub mod vault;
pub mod verify;
pub mod workspace;

mod index;
mod journal;
mod look;
mod project;
mod revision;
mod rules;
mod sample;
mod views;
mod wording;

pub use error::{AppError, ErrorCode, Result};
pub use ports::{
    Autostart, Clock, Letter, ManualClock, NobodyWatching, NotShown, Notice, Notifier, Post,
    RecordingNotifier, SystemClock,
};

use amends_classify::Classifier;
use amends_connect::{bots::Line, secrets::Secrets};
use amends_domain::PersonId;
use amends_store::{PersonRow, Store};
use dto::{AlertView, SoundTest, Tag};
use rules::Rules;
use std::{
    collections::{HashMap, VecDeque},
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, RwLock,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{Notify, broadcast};

/// What the program tells its windows.
#[derive(Debug, Clone, PartialEq)]
pub enum AppEvent {
    /// These must be fetched again.
    Changed(Vec<Tag>),
    /// The desktop could not show an alert; the window shows it.
    AlertRaised(Box<AlertView>),
    /// The window plays a sound.
    Sound(SoundTest),
}

/// The running program: one database, one desk.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: RwLock<Store>,
    rules: RwLock<Arc<Rules>>,
    clock: Arc<dyn Clock>,
    notifier: Arc<dyn Notifier>,
    desk: Mutex<Desk>,
    files: Mutex<HashMap<String, intake::PickedFile>>,
    jobs: Mutex<HashMap<String, Arc<intake::Job>>>,
    events: broadcast::Sender<AppEvent>,
    wake: Notify,
    /// A bot may have something to say.
    speak: Notify,
    /// How many answers people wait for right now.
    waiting: AtomicUsize,
    autostart: OnceLock<Arc<dyn Autostart>>,
    post: OnceLock<Arc<dyn Post>>,
    secrets: Arc<Secrets>,
    line: RwLock<Line>,
    /// Imports run one after the other; the file lock does the same between processes.
    importing: tokio::sync::Mutex<()>,
    /// One version after the other is applied to open tickets.
    applying: tokio::sync::Mutex<()>,
    /// When due reports were last looked for, UTC ms; 0 looks again.
    reports_looked_at: AtomicI64,
    /// Packing what reports count is not done twice at a time.
    making_pages: tokio::sync::Mutex<()>,
    /// Reports are counted one after the other: two at a time would each unpack what the other has already.
    counting: tokio::sync::Mutex<()>,
    /// The reports that were computed last, newest first.
    reports: Mutex<VecDeque<reports::Memo>>,
    /// What customers said in the report whose themes were asked for last.
    themes: Mutex<Option<reports::ThemesMemo>>,
    /// The pages of facts that the last was computed from.
    unpacked: Mutex<reports::Unpacked>,
}

/// Who sits here and what this desk can do.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    pub actor: Option<PersonRow>,
    pub has_tray: bool,
}

/// How to open the program.
pub struct Setup {
    /// Folder of the database; made if missing.
    pub folder: PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Somebody's attention.
    pub notifier: Arc<dyn Notifier>,
}

impl App {
    /// Opens a data folder: migrates its database, founds a new workspace, clears what a killed import left.
    pub async fn open(setup: Setup) -> Result<Self> {
        let store = Store::open_folder(&setup.folder).await?;
        let secrets = Secrets::system(&setup.folder);
        Self::begin(store, setup.clock, setup.notifier, secrets).await
    }

    /// The same on a database that is already open (PostgreSQL, tests). Secrets stay out of the system's keyring.
    pub async fn with_store(
        store: Store,
        clock: Arc<dyn Clock>,
        notifier: Arc<dyn Notifier>,
    ) -> Result<Self> {
        let secrets = store.folder().map_or_else(Secrets::memory, Secrets::file);
        Self::begin(store, clock, notifier, secrets).await
    }

    async fn begin(
        store: Store,
        clock: Arc<dyn Clock>,
        notifier: Arc<dyn Notifier>,
        secrets: Secrets,
    ) -> Result<Self> {
        workspace::found_if_new(&store, clock.now_ms()).await?;
        let rules = Rules::load(&store).await?;
        let app = Self(Arc::new(Inner {
            store: RwLock::new(store),
            rules: RwLock::new(Arc::new(rules)),
            clock,
            notifier,
            desk: Mutex::new(Desk::default()),
            files: Mutex::new(HashMap::new()),
            jobs: Mutex::new(HashMap::new()),
            events: broadcast::channel(256).0,
            wake: Notify::new(),
            speak: Notify::new(),
            waiting: AtomicUsize::new(0),
            autostart: OnceLock::new(),
            post: OnceLock::new(),
            secrets: Arc::new(secrets),
            line: RwLock::new(Line::default()),
            importing: tokio::sync::Mutex::new(()),
            applying: tokio::sync::Mutex::new(()),
            reports_looked_at: AtomicI64::new(0),
            making_pages: tokio::sync::Mutex::new(()),
            counting: tokio::sync::Mutex::new(()),
            reports: Mutex::default(),
            themes: Mutex::default(),
            unpacked: Mutex::default(),
        }));
        intake::clear_left_over(&app).await?;
        workspace::seat_last_person(&app).await?;
        Ok(app)
    }

    /// Somebody waits for an answer until this is dropped.
    pub(crate) fn somebody_waits(&self) -> Waiting {
        self.0.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(self.clone())
    }

    /// Lets those who wait go first, between two pieces of work that nobody waits for; at most a second, so that a
    /// desk that never rests is still rung.
    pub(crate) async fn give_way(&self) {
        let begun = Instant::now();
        while self.0.waiting.load(Ordering::Relaxed) > 0 && begun.elapsed() < Duration::from_secs(1) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The current instant, UTC milliseconds.
    pub fn now(&self) -> i64 {
        self.0.clock.now_ms()
    }

    /// Listens to what the program tells its windows.
    pub fn subscribe(&self) -> broadcast::Receiver<AppEvent> {
        self.0.events.subscribe()
    }

    /// The host has a tray, so that closing the window keeps watching.
    pub fn set_has_tray(&self, has_tray: bool) {
        self.desk_mut(|desk| desk.has_tray = has_tray);
    }

    /// The host can start the program with the computer.
    pub fn set_autostart(&self, autostart: Arc<dyn Autostart>) {
        let _ = self.0.autostart.set(autostart);
    }

    pub(crate) fn autostart(&self) -> Option<&dyn Autostart> {
        self.0.autostart.get().map(|port| &**port)
    }

    /// Reports that are made by themselves are sent by mail, too.
    pub fn set_post(&self, post: Arc<dyn Post>) {
        let _ = self.0.post.set(post);
    }

    pub(crate) fn secrets(&self) -> Arc<Secrets> {
        self.0.secrets.clone()
    }

    pub(crate) fn line(&self) -> Line {
        match self.0.line.read() {
            Ok(line) => line.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// Bots speak to this server instead of the platforms'.
    #[cfg(feature = "test-support")]
    pub fn redirect_bots_for_test(&self, base: &str) {
        if let Ok(mut line) = self.0.line.write() {
            line.instead_of = Some(base.to_owned());
        }
    }

    /// The open database.
    pub fn store(&self) -> Store {
        match self.0.store.read() {
            Ok(store) => store.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    pub(crate) fn replace_store(&self, store: Store) {
        match self.0.store.write() {
            Ok(mut place) => *place = store,
            Err(poisoned) => *poisoned.into_inner() = store,
        }
    }

    pub(crate) fn rules(&self) -> Arc<Rules> {
        match self.0.rules.read() {
            Ok(rules) => rules.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    pub(crate) async fn reload_rules(&self) -> Result<()> {
        let rules = Arc::new(Rules::load(&self.store()).await?);
        match self.0.rules.write() {
            Ok(mut place) => *place = rules,
            Err(poisoned) => *poisoned.into_inner() = rules,
        }
        Ok(())
    }

    pub(crate) fn classifier(&self) -> &'static Classifier {
        Classifier::shipped()
    }

    pub(crate) fn notifier(&self) -> &dyn Notifier {
        &*self.0.notifier
    }

    pub(crate) fn desk(&self) -> Desk {
        self.desk_mut(|desk| desk.clone())
    }

    pub(crate) fn desk_mut<T>(&self, change: impl FnOnce(&mut Desk) -> T) -> T {
        match self.0.desk.lock() {
            Ok(mut desk) => change(&mut desk),
            Err(poisoned) => change(&mut poisoned.into_inner()),
        }
    }

    /// Who is sitting here; an error that the window answers with the question who it is.
    pub(crate) fn actor(&self) -> Result<PersonRow> {
        self.desk()
            .actor
            .ok_or_else(|| AppError::new(ErrorCode::NoActor, "请先告诉我们是谁在用这台电脑，再处理工单。"))
    }

    pub(crate) fn actor_id(&self) -> Option<PersonId> {
        self.desk().actor.map(|person| PersonId(person.id))
    }

    /// Tells windows what to fetch again, and the scheduler that there may be something to ring.
    pub(crate) fn changed(&self, tags: &[Tag]) {
        let _ = self.0.events.send(AppEvent::Changed(tags.to_vec()));
        self.0.wake.notify_one();
    }

    pub(crate) fn tell(&self, event: AppEvent) {
        let _ = self.0.events.send(event);
    }
}

/// See [`App::somebody_waits`].
pub(crate) struct Waiting(App);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An app on a temporary database whose time stands still, for tests.
#[cfg(feature = "test-support")]
pub struct TestApp {
    /// The app.
    pub app: App,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// What it showed.
    pub notifier: Arc<RecordingNotifier>,
    /// Its folder, removed at the end.
    pub folder: tempfile::TempDir,
}

#[cfg(feature = "test-support")]
impl App {
    /// A new workspace in a temporary folder at an instant, with 李娜 (agent) at the desk.
    pub async fn for_test(now_ms: i64) -> Result<TestApp> {
        let folder = tempfile::tempdir().map_err(AppError::internal)?;
        let clock = Arc::new(ManualClock::at(now_ms));
        let notifier = Arc::new(RecordingNotifier::default());
        let app = Self::open(Setup {
            folder: folder.path().to_owned(),
            clock: clock.clone(),
            notifier: notifier.clone(),
        })
        .await?;
        workspace::sit_down(
            &app,
            dto::SitDown {
                id: None,
                name: Some("李娜".to_owned()),
                role: Some(amends_domain::Role::Agent),
            },
        )
        .await?;
        Ok(TestApp {
            app,
            clock,
            notifier,
            folder,
        })
    }
}

/// Reads texts one after the other, without a database (`amends-cli classify`).
#[derive(Default)]
pub struct Reader(amends_classify::Scratch);

impl Reader {
    /// What one text is about. An unknown channel word counts as none.
    pub fn read(
        &mut self,
        text: &str,
        stars: Option<f32>,
        channel: Option<&str>,
        trade: Option<&str>,
    ) -> amends_domain::Assessment {
        let channel = channel.and_then(|word| word.parse().ok());
        Classifier::shipped().assess_in(
            &amends_classify::Input {
                text,
                stars,
                channel,
                trade,
            },
            &mut self.0,
        )
    }
}

/// An instant from RFC 3339 text, UTC milliseconds.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_rfc3339(text: &str) -> std::result::Result<i64, String> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|at| at.timestamp_millis())
        .map_err(|error| error.to_string())
}

/// Answers one deadline scenario, or one a line (`amends-cli deadlines`).
///
/// # Errors
/// Says what is wrong with the scenario and where; with `lines` every line answers for itself.
pub fn deadlines(text: &str, lines: bool) -> std::result::Result<String, String> {
    use amends_domain::sla::scenario;
    if lines {
        Ok(scenario::answer_lines(text))
    } else {
        scenario::answer(text).map_err(|error| error.to_string())
    }
}
