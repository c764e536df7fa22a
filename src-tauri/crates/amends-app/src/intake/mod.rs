//! A file becomes reviews and tickets: inspect, stage in chunks, flip in one commit, then ring.
//!
//! Four stages run at once: a thread parses, a thread assesses, a task plans, and the writer stages a chunk per short
//! transaction, so that a draft is never kept waiting for more than one chunk. Nothing of a batch is visible before
//! the flip.

mod batches;
mod file;
mod opening;
mod orders;
mod plan;
mod read;
mod update;

pub use batches::{batches, bring_back, save_rejects, undo};
pub(crate) use batches::{take_back, view};
pub(crate) use file::PickedFile;
pub use file::{inspect, pick};
pub(crate) use opening::Opening;
pub use orders::import_orders;

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{BatchView, ImportOptions, ImportProgress, ImportState, Tag},
    index,
    reports::{FreshPages, Written},
    views, workspace,
};
use amends_domain::{BatchId, SourceId};
use amends_ingest::{IngestError, Plan};
use amends_store::{BatchRow, Store};
use file::{note, picked, plan_of};
use plan::{Planned, Planner};
use read::{Assessor, Parser};
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Rows staged per transaction: a draft waits for at most one of them, a fifth of a second here. Fewer rows would write
/// the pages of the scattered indexes (keys, customers) more often.
const CHUNK: usize = 2000;
/// Older reviews are history (sla.md R16).
const HISTORY_MS: i64 = 72 * 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// Rule 8 of the triage looks back this far.
const AGAIN_MS: i64 = 30 * DAY_MS;

fn from_ingest(error: &IngestError) -> AppError {
    match error {
        IngestError::Undecided(questions) => AppError {
            code: ErrorCode::Question,
            message: questions
                .first()
                .map(amends_ingest::Question::message_zh)
                .unwrap_or_default(),
            detail: serde_json::to_string(questions).ok(),
        },
        other => AppError::new(ErrorCode::File, other.message_zh()).with_detail(other),
    }
}

/// A running or finished import.
pub struct Job {
    id: String,
    started: Instant,
    rows: AtomicU64,
    /// Share done in parts of 10,000.
    share: AtomicU32,
    cancel: AtomicBool,
    end: Mutex<Option<Result<BatchView>>>,
}

impl Job {
    /// A job that has not begun.
    pub fn new(now_ms: i64) -> Self {
        Self {
            id: amends_domain::fresh(now_ms),
            started: Instant::now(),
            rows: AtomicU64::new(0),
            share: AtomicU32::new(0),
            cancel: AtomicBool::new(false),
            end: Mutex::new(None),
        }
    }

    /// Asks it to stop; nothing of it will be kept.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// Where it stands.
    pub fn progress(&self) -> ImportProgress {
        let rows = self.rows.load(Ordering::Relaxed);
        let share = f64::from(self.share.load(Ordering::Relaxed)) / 10_000.0;
        let secs = self.started.elapsed().as_secs_f64().max(0.001);
        let (state, result, error) = match self.end.lock().ok().and_then(|end| end.clone()) {
            None => (ImportState::Running, None, None),
            Some(Ok(batch)) => (ImportState::Done, Some(batch), None),
            Some(Err(error)) if error.code == ErrorCode::Cancelled => (ImportState::Cancelled, None, None),
            Some(Err(error)) => (ImportState::Failed, None, Some(error)),
        };
        ImportProgress {
            job: self.id.clone(),
            state,
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            share: if state == ImportState::Done {
                1.0
            } else {
                share as f32
            },
            rows_per_sec: (rows as f64 / secs) as f32,
            secs_left: (share > 0.02 && state == ImportState::Running)
                .then(|| (secs / share * (1.0 - share)).ceil() as u32),
            result,
            error,
        }
    }
}

/// Starts an import in the background.
///
/// # Errors
/// `not_found` when the file was not chosen in this run of the program.
pub fn start(app: &App, token: &str, options: ImportOptions) -> Result<ImportProgress> {
    let file = picked(app, token)?;
    let job = Arc::new(Job::new(app.now()));
    if let Ok(mut jobs) = app.0.jobs.lock() {
        jobs.retain(|_, job| job.progress().state == ImportState::Running);
        jobs.insert(job.id.clone(), job.clone());
    }
    let (app, running) = (app.clone(), job.clone());
    tokio::spawn(async move {
        let end = run(&app, &file, &options, false, &running).await;
        if let Ok(mut place) = running.end.lock() {
            *place = Some(end);
        }
        app.changed(&[Tag::Batches]);
    });
    Ok(job.progress())
}

fn job(app: &App, id: &str) -> Result<Arc<Job>> {
    app.0
        .jobs
        .lock()
        .ok()
        .and_then(|jobs| jobs.get(id).cloned())
        .ok_or_else(|| AppError::new(ErrorCode::NotFound, "这次导入已经结束，请在“来源”里查看结果。"))
}

/// Where an import stands.
///
/// # Errors
/// `not_found` for a job of an earlier run of the program.
pub fn progress(app: &App, id: &str) -> Result<ImportProgress> {
    Ok(job(app, id)?.progress())
}

/// Cancels an import; nothing of it is kept.
///
/// # Errors
/// `not_found` for a job of an earlier run of the program.
pub fn cancel(app: &App, id: &str) -> Result<ImportProgress> {
    let job = job(app, id)?;
    job.cancel();
    Ok(job.progress())
}

/// Imports a file from a path and waits for it (command line, tests).
///
/// # Errors
/// `file`, `question` (its `detail` is the question as JSON), `cancelled`, `store`.
pub async fn import_path(app: &App, path: &Path, options: &ImportOptions, job: &Job) -> Result<BatchView> {
    run(app, &PickedFile::on_disk(path)?, options, false, job).await
}

/// Imports bytes as if they were a file (sample data, tests).
///
/// # Errors
/// As [`import_path`].
pub async fn import_bytes(
    app: &App,
    name: &str,
    bytes: Vec<u8>,
    options: &ImportOptions,
    sample: bool,
) -> Result<BatchView> {
    run(
        app,
        &PickedFile::in_memory(name, bytes),
        options,
        sample,
        &Job::new(app.now()),
    )
    .await
}

/// Held while an import runs; another process's import waits for it, and what a killed one left can be told apart.
struct ImportLock {
    _file: Option<File>,
}

impl ImportLock {
    fn path(app: &App) -> Option<PathBuf> {
        app.store().folder().map(|folder| folder.join("import.lock"))
    }

    fn try_take(app: &App) -> Result<Option<Self>> {
        let Some(path) = Self::path(app) else {
            return Ok(Some(Self { _file: None }));
        };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(|error| AppError::from(amends_store::StoreError::File(error)))?;
        Ok(file.try_lock().is_ok().then_some(Self { _file: Some(file) }))
    }

    async fn take(app: &App, job: &Job) -> Result<Self> {
        loop {
            if let Some(lock) = Self::try_take(app)? {
                return Ok(lock);
            }
            if job.is_cancelled() {
                return Err(cancelled());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn cancelled() -> AppError {
    AppError::new(ErrorCode::Cancelled, "已取消，没有导入任何内容。")
}

/// Removes what an import that was killed has left. Does nothing while another process is importing.
pub(crate) async fn clear_left_over(app: &App) -> Result<()> {
    let store = app.store();
    if store.staging_batches().await?.is_empty() {
        return Ok(());
    }
    if let Some(_lock) = ImportLock::try_take(app)? {
        for batch in store.staging_batches().await? {
            remove_staged(app, &batch).await?;
        }
    }
    Ok(())
}

async fn remove_staged(app: &App, batch: &str) -> Result<()> {
    loop {
        let mut tx = app.store().begin().await?;
        let done = tx.remove_staged(batch, 2000).await?;
        tx.commit().await?;
        if done {
            return Ok(());
        }
    }
}

async fn run(
    app: &App,
    file: &PickedFile,
    options: &ImportOptions,
    sample: bool,
    job: &Job,
) -> Result<BatchView> {
    let _turn = app.0.importing.lock().await;
    let _lock = ImportLock::take(app, job).await?;
    let now_ms = app.now();
    let (plan, ingest_options) = {
        let (file, options) = (file.clone(), options.clone());
        tokio::task::spawn_blocking(move || plan_of(&file, &options, now_ms))
            .await
            .map_err(AppError::internal)??
    };
    if !plan.questions.is_empty() {
        return Err(from_ingest(&IngestError::Undecided(plan.questions)));
    }
    let mut batch = open_batch(app, file, &plan, options, sample, now_ms).await?;
    let parser = Parser {
        file: file.clone(),
        plan,
        options: ingest_options,
        now_ms,
        batch: batch.id.clone(),
        stop: Arc::default(),
        share: Arc::default(),
    };
    match stage(app, parser, options, &mut batch, job).await {
        Ok(updates) => {
            update::flip(app, &mut batch, updates).await?;
            index::catch_up(app).await?;
            app.changed(&[
                Tag::Inbox,
                Tag::Reviews,
                Tag::Batches,
                Tag::Workspace,
                Tag::Ticket,
                Tag::Alerts,
            ]);
            view(app, &batch).await
        }
        Err(error) => {
            remove_staged(app, &batch.id).await?;
            Err(error)
        }
    }
}

async fn open_batch(
    app: &App,
    file: &PickedFile,
    plan: &Plan,
    options: &ImportOptions,
    sample: bool,
    now_ms: i64,
) -> Result<BatchRow> {
    let mut tx = app.store().begin().await?;
    let kind = if sample { "sample" } else { "file" };
    let source_id = tx
        .source(kind, plan.channel.as_str(), &SourceId::new(now_ms).0, now_ms)
        .await?;
    let batch = BatchRow {
        id: BatchId::new(now_ms).0,
        source_id,
        state: "staging".into(),
        sample,
        file_name: file.name.clone(),
        file_sha256: plan.sha256.clone(),
        format: plan.format.as_str().into(),
        encoding: plan.encoding.clone(),
        channel: plan.channel.to_string(),
        shop: options.shop.clone().unwrap_or_default(),
        options: serde_json::to_string(options)?,
        actor_id: app.actor_id().map(|id| id.0),
        created_at: now_ms,
        visible_at: None,
        read_rows: 0,
        new_rows: 0,
        updated_rows: 0,
        unchanged_rows: 0,
        rejected_rows: 0,
        history_rows: 0,
        ticket_rows: 0,
        urgent_rows: 0,
        warnings: "[]".into(),
    };
    tx.save_batch(&batch).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Reads, assesses, plans and stages everything. Returns whether there are changes to known reviews to apply.
async fn stage(
    app: &App,
    parser: Parser,
    options: &ImportOptions,
    batch: &mut BatchRow,
    job: &Job,
) -> Result<bool> {
    let settings = workspace::settings(&app.store()).await?;
    let assessor = Assessor {
        classifier: app.classifier(),
        personal: workspace::personal_model(app).await?,
        source: batch.source_id.clone(),
        shop: batch.shop.clone(),
        industry: settings.industry,
    };
    let mut writer = Writer {
        store: app.store(),
        month: views::ticket_month(app.now(), &settings.zone),
        indexer: index::Indexer::new(app.store()),
        pages: FreshPages::default(),
        has_updates: false,
    };
    let mut planner = Planner::new(app, settings, options, batch.clone()).await?;
    let (stop, share) = (parser.stop.clone(), parser.share.clone());
    let (parsed_tx, parsed_rx) = std::sync::mpsc::sync_channel(1);
    let (assessed_tx, mut assessed_rx) = tokio::sync::mpsc::channel(1);
    let (planned_tx, mut planned_rx) = tokio::sync::mpsc::channel(1);
    let parsing = read::beside("parse", move || parser.run(&parsed_tx))?;
    let assessing = read::beside("assess", move || assessor.run(parsed_rx, &assessed_tx))?;
    let planning = tokio::spawn(async move {
        while let Some(chunk) = assessed_rx.recv().await {
            let planned = planner.plan(chunk).await;
            let failed = planned.is_err();
            if planned_tx.send(planned).await.is_err() || failed {
                return;
            }
        }
    });

    let mut written = Ok(());
    while let Some(planned) = planned_rx.recv().await {
        written = match planned {
            _ if job.is_cancelled() => Err(cancelled()),
            Ok(planned) => {
                *batch = planned.batch.clone();
                writer.write(planned).await
            }
            Err(error) => Err(error),
        };
        if written.is_err() {
            break;
        }
        job.rows
            .store(u64::try_from(batch.read_rows).unwrap_or(0), Ordering::Relaxed);
        job.share.store(share.load(Ordering::Relaxed), Ordering::Relaxed);
    }
    // Each stage ends when the one after it is gone.
    stop.store(true, Ordering::Relaxed);
    drop(planned_rx);
    planning.await.map_err(AppError::internal)?;
    assessing.await.map_err(AppError::internal)?;
    let summary = parsing.await.map_err(AppError::internal)?;
    written?;
    let has_updates = writer.finish().await?;
    if job.is_cancelled() {
        return Err(cancelled());
    }
    let summary = summary.map_err(|error| from_ingest(&error))?;
    batch.warnings = serde_json::to_string(&summary.warnings.iter().map(note).collect::<Vec<_>>())?;
    Ok(has_updates)
}

/// Writes what was planned, a chunk per transaction.
struct Writer {
    store: Store,
    /// Prefix of the tickets' numbers.
    month: String,
    indexer: index::Indexer,
    pages: FreshPages,
    has_updates: bool,
}

impl Writer {
    async fn write(&mut self, mut planned: Planned) -> Result<()> {
        let mut tx = self.store.begin().await?;
        self.pages.hold(&mut tx).await?;
        let first_review = tx.take_numbers("review", planned.reviews.len() as i64).await?;
        for ((review, fact), number) in planned
            .reviews
            .iter_mut()
            .zip(&mut planned.facts)
            .zip(first_review..)
        {
            (review.number, fact.number) = (number, number);
        }
        let first_ticket = tx
            .take_numbers(&format!("ticket:{}", self.month), planned.tickets.len() as i64)
            .await?;
        let mut tickets = Vec::with_capacity(planned.tickets.len());
        for ((review, mut ticket), number) in planned.tickets.into_iter().zip(first_ticket..) {
            ticket.number = format!("{}-{number:04}", self.month);
            ticket.review_number = planned.reviews[review].number;
            tickets.push(ticket);
        }
        tx.add_rejects(&planned.rejects).await?;
        tx.add_reviews(&planned.reviews).await?;
        tx.add_tickets(&tickets).await?;
        tx.add_clocks(&planned.clocks).await?;
        tx.add_activities(&planned.activities).await?;
        tx.add_alerts(&planned.alerts).await?;
        index::count_next(&mut tx, first_review - 1, &planned.facts).await?;
        let written = Written {
            reviews: &planned.reviews,
            facts: planned.facts,
            tickets: &tickets,
            clocks: &planned.clocks,
            activities: &planned.activities,
        };
        self.pages.take(&mut tx, written).await?;
        tx.stage_updates(&planned.updates).await?;
        tx.save_batch(&planned.batch).await?;
        tx.commit().await?;
        self.indexer.take(&planned.reviews).await?;
        self.has_updates |= !planned.updates.is_empty();
        Ok(())
    }

    /// Writes what is still on its way. Returns whether there are changes to known reviews to apply.
    async fn finish(mut self) -> Result<bool> {
        let mut tx = self.store.begin().await?;
        self.pages.save(&mut tx).await?;
        tx.commit().await?;
        self.indexer.finish().await?;
        Ok(self.has_updates)
    }
}
