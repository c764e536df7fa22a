//! A file becomes reviews and tickets: inspect, stage in chunks, flip in one commit, then ring.
//!
//! Three stages run at once: one thread parses, one assesses, and the writer stages a chunk per short transaction,
//! so that a draft is never kept waiting for more than one chunk. Nothing of a batch is visible before the flip.

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{
        self, BatchView, ImportNote, ImportOptions, ImportPlan, ImportProgress, ImportQuestion, ImportState,
        PreviewRow, RejectView, SavedFile, Tag,
    },
    index,
    journal::{self, Head, Line},
    look, project, tickets, views, wording, workspace,
};
use amends_classify::{Input, Personal, Scratch};
use amends_domain::{
    Assessment, BatchId, Channel, Industry, NewReview, Precision, ReviewId, Risk, Sentiment, SourceId,
    TicketId, Visibility,
    audit::text_hash,
    sla::{
        self, Event, EventKind, StartAt,
        event::{IncomingReply, PublishRoute, ReplyBy},
    },
    text::{excerpt, mask_private},
    ticket, triage,
};
use amends_ingest::{IngestError, Item, Plan};
use amends_store::{
    ActivityRow, AlertRow, BatchRow, ClockRow, KnownReview, RejectRow, ReviewRow, StagedUpdateRow, TicketRow,
    Tx, VersionRow,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::Cursor,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Rows staged per transaction: small enough that the write lock is held for a few tens of milliseconds.
const CHUNK: usize = 1000;
/// Older reviews are history (sla.md R16).
const HISTORY_MS: i64 = 72 * 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// Rule 8 of the triage looks back this far.
const AGAIN_MS: i64 = 30 * DAY_MS;
/// Characters of the customer's words in a list row.
const EXCERPT: usize = 90;
/// Characters of the customer's words in a notification.
const NOTICE_WORDS: usize = 60;

/// A file that a person chose; only its token leaves the program.
#[derive(Clone)]
pub(crate) struct PickedFile {
    name: String,
    bytes: u64,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Disk(PathBuf),
    Memory(Arc<[u8]>),
}

impl PickedFile {
    fn on_disk(path: &Path) -> Result<Self> {
        let name = path
            .file_name()
            .map_or_else(|| "文件".to_owned(), |name| name.to_string_lossy().into_owned());
        let meta = std::fs::metadata(path).map_err(|error| unreadable(&name, &error))?;
        if meta.is_dir() {
            return Err(AppError::new(
                ErrorCode::File,
                format!("“{name}”是文件夹。请选择里面的评价文件。"),
            ));
        }
        Ok(Self {
            name,
            bytes: meta.len(),
            content: Content::Disk(path.to_owned()),
        })
    }

    pub(crate) fn in_memory(name: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.len() as u64,
            content: Content::Memory(bytes.into()),
        }
    }

    fn open(&self) -> Result<Box<dyn amends_ingest::Bytes>> {
        Ok(match &self.content {
            Content::Disk(path) => {
                Box::new(File::open(path).map_err(|error| unreadable(&self.name, &error))?)
            }
            Content::Memory(bytes) => Box::new(Cursor::new(bytes.clone())),
        })
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> AppError {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "文件不在了，可能被移动或改名",
        std::io::ErrorKind::PermissionDenied => "没有读取它的权限",
        _ => "读取时出错",
    };
    AppError::new(
        ErrorCode::File,
        format!("“{name}”打不开：{why}。没有导入任何内容，请重新选择文件。"),
    )
    .with_detail(error)
}

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

/// Registers a file that the person chose or dropped.
///
/// # Errors
/// `file` when it cannot be read or is a folder.
pub fn pick(app: &App, path: &Path) -> Result<dto::FilePick> {
    let file = PickedFile::on_disk(path)?;
    let token = amends_domain::fresh(app.now());
    let pick = dto::FilePick {
        token: token.clone(),
        name: file.name.clone(),
        bytes: file.bytes as f64,
    };
    if let Ok(mut files) = app.0.files.lock() {
        files.insert(token, file);
    }
    Ok(pick)
}

fn picked(app: &App, token: &str) -> Result<PickedFile> {
    app.0
        .files
        .lock()
        .ok()
        .and_then(|files| files.get(token).cloned())
        .ok_or_else(|| AppError::new(ErrorCode::NotFound, "请重新选择要导入的文件。"))
}

fn ingest_options(options: &ImportOptions) -> Result<amends_ingest::Options> {
    let mapping = match &options.mapping {
        None => None,
        Some(columns) => Some(
            columns
                .iter()
                .map(|column| {
                    let field = match &column.field {
                        None => None,
                        Some(word) => Some(
                            serde_json::from_value(serde_json::Value::String(word.clone()))
                                .map_err(|_| AppError::invalid("认不出要对应的内容。"))?,
                        ),
                    };
                    Ok(amends_ingest::ColumnChoice {
                        index: column.index,
                        field,
                    })
                })
                .collect::<Result<Vec<_>>>()?,
        ),
    };
    let date_order = match options.date_order.as_deref() {
        None => None,
        Some("dmy") => Some(amends_ingest::DateOrder::Dmy),
        Some("mdy") => Some(amends_ingest::DateOrder::Mdy),
        Some(_) => return Err(AppError::invalid("日期顺序只能是“日在前”或“月在前”。")),
    };
    Ok(amends_ingest::Options {
        encoding: options.encoding.clone(),
        date_order,
        zone: options.zone.clone(),
        channel: options.channel,
        shop: options.shop.clone(),
        mapping,
        sheet: options.sheet.clone(),
        member: options.member.clone(),
        ..Default::default()
    })
}

fn plan_of(
    file: &PickedFile,
    options: &ImportOptions,
    now_ms: i64,
) -> Result<(Plan, amends_ingest::Options)> {
    let options = ingest_options(options)?;
    let mut bytes = file.open()?;
    let plan = amends_ingest::inspect(&file.name, &mut *bytes, &options, now_ms)
        .map_err(|error| from_ingest(&error))?;
    Ok((plan, options))
}

/// What a file holds, before anything is written.
///
/// # Errors
/// `file` with a sentence when it cannot be read as reviews.
pub async fn inspect(app: &App, token: &str, options: &ImportOptions) -> Result<ImportPlan> {
    let file = picked(app, token)?;
    let (pick, now_ms, options) = (
        dto::FilePick {
            token: token.to_owned(),
            name: file.name.clone(),
            bytes: file.bytes as f64,
        },
        app.now(),
        options.clone(),
    );
    let plan = tokio::task::spawn_blocking(move || plan_of(&file, &options, now_ms))
        .await
        .map_err(AppError::internal)??
        .0;
    let imported_before = app
        .store()
        .imported_before(&plan.sha256)
        .await?
        .map(views::instant);
    Ok(ImportPlan {
        file: pick,
        format: plan.format.as_str().to_owned(),
        encoding: plan.encoding.clone(),
        sheet: plan.sheet.clone(),
        channel: plan.channel,
        channel_certain: plan.channel_certain,
        header_row: plan.header_row,
        scale: plan.scale,
        zone: plan.zone.clone(),
        columns: plan
            .columns
            .iter()
            .map(|column| dto::ImportColumn {
                index: column.index,
                header: column.header.clone(),
                field: column.field.map(|field| field.as_str().to_owned()),
                samples: column.samples.clone(),
            })
            .collect(),
        fields: amends_ingest::Field::ALL
            .iter()
            .map(|field| field.as_str().to_owned())
            .collect(),
        rows_estimate: plan
            .rows_estimate
            .map(|rows| u32::try_from(rows).unwrap_or(u32::MAX)),
        preview: plan.preview.iter().map(preview_row).collect(),
        questions: plan
            .questions
            .iter()
            .map(|question| ImportQuestion {
                code: question.code.as_str().to_owned(),
                text: question.message_zh(),
                choices: question.choices.clone(),
            })
            .collect(),
        warnings: plan.warnings.iter().map(note).collect(),
        imported_before,
    })
}

fn preview_row(review: &NewReview) -> PreviewRow {
    PreviewRow {
        row: review.row,
        posted_at: review
            .posted
            .as_ref()
            .and_then(|time| time.utc_ms)
            .map(views::instant),
        precision: review.posted.as_ref().map(|time| time.precision),
        stars: review.stars,
        polarity: review.polarity,
        body: review.body.clone(),
        order_id: review.order_id.clone(),
        product: review.product.clone(),
        author: review.author.clone(),
        shop: review.shop.clone(),
        has_reply: review.reply.is_some(),
        append: review.append,
    }
}

fn note(warning: &amends_ingest::Warning) -> ImportNote {
    ImportNote {
        code: warning.code.as_str().to_owned(),
        row: warning.row,
        count: warning.count,
        text: warning.message_zh(),
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

/// A review that was read and assessed, on its way to the writer.
struct Assessed {
    review: NewReview,
    assessment: Assessment,
    key: String,
    weak: Option<String>,
}

enum Fed {
    Rows(Vec<Assessed>),
    Rejects(Vec<RejectRow>),
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
    match stage(app, file, plan, ingest_options, options, &mut batch, job).await {
        Ok(updates) => {
            flip(app, &mut batch, updates).await?;
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

/// Reads, assesses and stages everything. Returns whether there are changes to known reviews to apply.
async fn stage(
    app: &App,
    file: &PickedFile,
    plan: Plan,
    ingest_options: amends_ingest::Options,
    options: &ImportOptions,
    batch: &mut BatchRow,
    job: &Job,
) -> Result<bool> {
    let settings = workspace::settings(&app.store()).await?;
    let personal = workspace::personal_model(app).await?;
    let (parsed_tx, parsed_rx) = std::sync::mpsc::sync_channel::<Parsed>(4);
    let (fed_tx, mut fed_rx) = tokio::sync::mpsc::channel::<Fed>(4);
    let stop = Arc::new(AtomicBool::new(false));
    let share = Arc::new(AtomicU32::new(0));

    let parser = {
        let (file, now_ms, batch_id, stop, share) = (
            file.clone(),
            app.now(),
            batch.id.clone(),
            stop.clone(),
            share.clone(),
        );
        tokio::task::spawn_blocking(move || {
            parse(
                &file,
                &plan,
                &ingest_options,
                now_ms,
                &batch_id,
                &parsed_tx,
                &stop,
                &share,
            )
        })
    };
    let assessor = {
        let (app, source, shop, industry) = (
            app.clone(),
            batch.source_id.clone(),
            batch.shop.clone(),
            settings.industry,
        );
        tokio::task::spawn_blocking(move || {
            assess(&app, parsed_rx, &fed_tx, &source, &shop, industry, &personal)
        })
    };

    let mut writer = Writer::new(app, settings, options).await?;
    let mut written: Result<()> = Ok(());
    while let Some(fed) = fed_rx.recv().await {
        if job.is_cancelled() {
            written = Err(cancelled());
            break;
        }
        written = writer.write(fed, batch).await;
        job.rows
            .store(u64::try_from(batch.read_rows).unwrap_or(0), Ordering::Relaxed);
        job.share.store(share.load(Ordering::Relaxed), Ordering::Relaxed);
        if written.is_err() {
            break;
        }
    }
    stop.store(true, Ordering::Relaxed);
    drop(fed_rx);
    assessor.await.map_err(AppError::internal)?;
    let summary = parser.await.map_err(AppError::internal)?;
    written?;
    if job.is_cancelled() {
        return Err(cancelled());
    }
    let summary = summary.map_err(|error| from_ingest(&error))?;
    batch.warnings = serde_json::to_string(&summary.warnings.iter().map(note).collect::<Vec<_>>())?;
    Ok(writer.has_updates)
}

enum Parsed {
    Rows(Vec<NewReview>),
    Rejects(Vec<RejectRow>),
}

#[allow(clippy::too_many_arguments)]
fn parse(
    file: &PickedFile,
    plan: &Plan,
    options: &amends_ingest::Options,
    now_ms: i64,
    batch: &str,
    to: &std::sync::mpsc::SyncSender<Parsed>,
    stop: &AtomicBool,
    share: &AtomicU32,
) -> std::result::Result<amends_ingest::Summary, IngestError> {
    let mut bytes = file
        .open()
        .map_err(|error| IngestError::Io(std::io::Error::other(error.message)))?;
    let mut rows = Vec::with_capacity(CHUNK);
    let mut rejects = Vec::new();
    let summary = amends_ingest::read(plan, options, &mut *bytes, now_ms, &mut |item| {
        match item {
            Item::Review(review) => rows.push(*review),
            Item::Rejected(row) => rejects.push(RejectRow {
                batch_id: batch.to_owned(),
                row_no: i64::from(row.row),
                code: row.code.as_str().to_owned(),
                detail: row.message_zh(),
                cells: serde_json::to_string(&row.cells).unwrap_or_default(),
            }),
            Item::Progress {
                bytes_done,
                bytes_total,
            } => {
                share.store(
                    (bytes_done.saturating_mul(10_000) / bytes_total.max(1)).min(10_000) as u32,
                    Ordering::Relaxed,
                );
            }
        }
        let sent = rows.len() < CHUNK
            || to
                .send(Parsed::Rows(std::mem::replace(
                    &mut rows,
                    Vec::with_capacity(CHUNK),
                )))
                .is_ok();
        let sent =
            sent && (rejects.len() < CHUNK || to.send(Parsed::Rejects(std::mem::take(&mut rejects))).is_ok());
        if sent && !stop.load(Ordering::Relaxed) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    // The receiver is gone only when the writer failed, and then its error is the one to report.
    let _ = to.send(Parsed::Rows(rows));
    let _ = to.send(Parsed::Rejects(rejects));
    Ok(summary)
}

fn assess(
    app: &App,
    from: std::sync::mpsc::Receiver<Parsed>,
    to: &tokio::sync::mpsc::Sender<Fed>,
    source: &str,
    shop: &str,
    industry: Industry,
    personal: &Personal,
) {
    let classifier = app.classifier();
    let mut scratch = Scratch::default();
    for parsed in from {
        let fed = match parsed {
            Parsed::Rejects(rows) => Fed::Rejects(rows),
            Parsed::Rows(rows) => Fed::Rows(
                rows.into_iter()
                    .map(|review| {
                        let text = if review.has_text { review.body.as_str() } else { "" };
                        let input = Input {
                            text,
                            stars: review.stars,
                            channel: Some(review.channel),
                            trade: Some(industry.as_str()),
                        };
                        let assessment = rounded(classifier.assess_with(&input, personal, &mut scratch));
                        let shop = review.shop.as_deref().unwrap_or(shop);
                        let key = key_hash(source, shop, &review.key);
                        let weak = review
                            .weak_key
                            .as_deref()
                            .map(|weak| key_hash(source, shop, weak));
                        Assessed {
                            assessment,
                            key,
                            weak,
                            review,
                        }
                    })
                    .collect(),
            ),
        };
        if to.blocking_send(fed).is_err() {
            return;
        }
    }
}

/// Three decimals are all that is shown or compared, and a third of the bytes.
fn rounded(mut assessment: Assessment) -> Assessment {
    let round = |value: &mut f32| *value = (*value * 1000.0).round() / 1000.0;
    assessment.cause_probabilities.iter_mut().for_each(round);
    assessment.risk_probabilities.iter_mut().for_each(round);
    assessment.severity_probabilities.iter_mut().for_each(round);
    assessment
        .causes
        .iter_mut()
        .for_each(|score| round(&mut score.probability));
    assessment
        .risks
        .iter_mut()
        .for_each(|score| round(&mut score.probability));
    round(&mut assessment.negative_probability);
    round(&mut assessment.confidence);
    assessment
}

/// Dedupe key within (source, shop): `sources.md` §6.
fn key_hash(source: &str, shop: &str, key: &str) -> String {
    let digest = Sha256::new()
        .chain_update(source)
        .chain_update([0])
        .chain_update(shop)
        .chain_update([0])
        .chain_update(key)
        .finalize();
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digest[..16]
        .iter()
        .flat_map(|byte| {
            [
                DIGITS[usize::from(byte >> 4)] as char,
                DIGITS[usize::from(byte & 15)] as char,
            ]
        })
        .collect()
}

/// A change to a review that is already here, or a follow-up to one, kept until the flip.
#[derive(Serialize, Deserialize)]
struct Update {
    review: NewReview,
    assessment: Assessment,
    key: String,
    weak: Option<String>,
}

struct Writer<'a> {
    app: &'a App,
    settings: workspace::Settings,
    rules: Arc<crate::rules::Rules>,
    now_ms: i64,
    /// Older reviews are history.
    cutoff_ms: i64,
    /// Nothing was ever stored, so nothing can be known.
    is_first: bool,
    /// Keys of this run → review id and ticket id.
    seen: HashMap<String, (String, Option<String>)>,
    /// Negative reviews per customer in the last 30 days, this run included.
    negatives: HashMap<String, i64>,
    month: String,
    has_updates: bool,
    /// The row last counted, and whether nothing in it was new.
    last_row: Option<(u32, bool)>,
}

/// What a row is to the reviews that are already here.
enum Outcome {
    New,
    /// Changes the review with this id.
    Updated(String),
    Unchanged,
}

impl<'a> Writer<'a> {
    async fn new(app: &'a App, settings: workspace::Settings, options: &ImportOptions) -> Result<Self> {
        let now_ms = app.now();
        let kept = options
            .open_days
            .map_or(HISTORY_MS, |days| i64::from(days) * DAY_MS);
        Ok(Self {
            app,
            month: views::ticket_month(now_ms, &settings.zone),
            rules: app.rules(),
            now_ms,
            cutoff_ms: now_ms - kept,
            is_first: app.store().last_review_number().await? == 0,
            seen: HashMap::new(),
            negatives: HashMap::new(),
            settings,
            has_updates: false,
            last_row: None,
        })
    }

    async fn write(&mut self, fed: Fed, batch: &mut BatchRow) -> Result<()> {
        match fed {
            Fed::Rejects(rows) => {
                if rows.is_empty() {
                    return Ok(());
                }
                batch.read_rows += rows.len() as i64;
                batch.rejected_rows += rows.len() as i64;
                let mut tx = self.app.store().begin().await?;
                tx.add_rejects(&rows).await?;
                tx.commit().await?;
                Ok(())
            }
            Fed::Rows(rows) => self.write_rows(rows, batch).await,
        }
    }

    async fn write_rows(&mut self, rows: Vec<Assessed>, batch: &mut BatchRow) -> Result<()> {
        let mut tx = self.app.store().begin().await?;
        let known = if self.is_first {
            HashMap::new()
        } else {
            known(&mut tx, &rows).await?
        };
        let mut fresh = Vec::with_capacity(rows.len());
        let mut updates = Vec::new();
        for row in rows {
            let outcome = self.outcome(&mut tx, &row, &known).await?;
            self.count(&row, &outcome, batch);
            match outcome {
                Outcome::Unchanged => {}
                Outcome::Updated(review_id) => updates.push(staged(&batch.id, review_id, row)?),
                Outcome::New => fresh.push(row),
            }
        }
        self.count_negatives(&mut tx, &fresh).await?;
        self.add(&mut tx, fresh, &mut updates, batch).await?;
        self.has_updates |= !updates.is_empty();
        tx.stage_updates(&updates).await?;
        tx.save_batch(batch).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What a row is to the reviews that are already here.
    async fn outcome(
        &mut self,
        tx: &mut Tx,
        row: &Assessed,
        known: &HashMap<String, KnownReview>,
    ) -> Result<Outcome> {
        if self.seen.contains_key(&row.key) {
            return Ok(Outcome::Unchanged);
        }
        let Some(found) = known
            .get(&row.key)
            .or_else(|| row.weak.as_ref().and_then(|weak| known.get(weak)))
        else {
            // Marks the key at once: the same row may come again within this chunk.
            self.seen.insert(row.key.clone(), (String::new(), None));
            return Ok(Outcome::New);
        };
        self.seen
            .insert(row.key.clone(), (found.id.clone(), found.ticket_id.clone()));
        let upgrades = found.dedupe != row.key && row.review.external_id.is_some();
        if found.content_hash == row.review.content_hash && !upgrades {
            return Ok(Outcome::Unchanged);
        }
        let before = tx.review(&found.id).await?;
        let after = merged(
            &before,
            &row.review,
            &row.assessment,
            &row.key,
            row.weak.as_deref(),
        )?;
        Ok(if after.is_some() {
            Outcome::Updated(found.id.clone())
        } else {
            Outcome::Unchanged
        })
    }

    /// Counts rows of the file, as the person sees them: a follow-up 追评 in the row of its review is no row of its
    /// own, but a new one makes a known row an updated one.
    fn count(&mut self, row: &Assessed, outcome: &Outcome, batch: &mut BatchRow) {
        let same_row = row.review.append && self.last_row.is_some_and(|(number, _)| number == row.review.row);
        if same_row {
            if self.last_row.is_some_and(|(_, unchanged)| unchanged) && !matches!(outcome, Outcome::Unchanged)
            {
                batch.unchanged_rows -= 1;
                batch.updated_rows += 1;
                self.last_row = Some((row.review.row, false));
            }
            return;
        }
        self.last_row = Some((row.review.row, matches!(outcome, Outcome::Unchanged)));
        batch.read_rows += 1;
        match outcome {
            Outcome::Unchanged => batch.unchanged_rows += 1,
            Outcome::Updated(_) => batch.updated_rows += 1,
            Outcome::New => {
                batch.new_rows += 1;
                batch.history_rows += i64::from(self.is_old(&row.review));
            }
        }
    }

    /// Older than 72 hours, or than the days that the person chose (R16).
    fn is_old(&self, review: &NewReview) -> bool {
        review
            .posted
            .as_ref()
            .and_then(amends_domain::Time::latest_ms)
            .is_some_and(|at| at < self.cutoff_ms)
    }

    async fn count_negatives(&mut self, tx: &mut Tx, rows: &[Assessed]) -> Result<()> {
        let unknown: HashSet<String> = rows
            .iter()
            .filter_map(|row| customer(&row.review))
            .filter(|customer| !self.negatives.contains_key(customer))
            .collect();
        let unknown: Vec<String> = unknown.into_iter().collect();
        if !self.is_first {
            self.negatives
                .extend(tx.negatives_of(&unknown, self.now_ms - AGAIN_MS).await?);
        }
        Ok(())
    }

    async fn add(
        &mut self,
        tx: &mut Tx,
        rows: Vec<Assessed>,
        updates: &mut Vec<StagedUpdateRow>,
        batch: &mut BatchRow,
    ) -> Result<()> {
        let mut out = Staged::default();
        let first_number = tx.take_numbers("review", rows.len() as i64).await?;
        let mut pending: Vec<Opening> = Vec::new();
        for (n, row) in rows.into_iter().enumerate() {
            let review_id = ReviewId::new(self.now_ms);
            let parent = row.review.parent_key.as_ref().map(|parent| {
                key_hash(
                    &batch.source_id,
                    row.review.shop.as_deref().unwrap_or(&batch.shop),
                    parent,
                )
            });
            let parent = parent.and_then(|parent| {
                self.seen
                    .get(&parent)
                    .filter(|(review, _)| !review.is_empty())
                    .cloned()
            });
            let mut stored = review_row(
                &row.review,
                &row.assessment,
                &review_id,
                first_number + n as i64,
                batch,
                &row.key,
                row.weak.as_deref(),
                self.now_ms,
            )?;
            stored.parent_id = parent.as_ref().map(|(review, _)| review.clone());
            let is_old = self.is_old(&row.review);
            let shown = !matches!(row.review.visibility, Visibility::Hidden | Visibility::Deleted);
            let customer = stored.customer.clone();
            let before = customer
                .as_ref()
                .and_then(|customer| self.negatives.get(customer))
                .copied()
                .unwrap_or(0);
            let decision = triage::decide(
                &row.assessment,
                &row.review.body,
                &self.signals(&row.review, before > 0),
            );
            if let Some(customer) = customer
                && row.assessment.sentiment == Sentiment::Neg
                && !is_old
            {
                *self.negatives.entry(customer).or_insert(0) += 1;
            }
            let mut ticket_id = None;
            if !is_old && shown && decision.opens {
                // A follow-up joins the ticket of the review it belongs to; that ticket's log is extended at the flip.
                if row.review.append
                    && let Some((_, Some(ticket))) = &parent
                {
                    stored.ticket_id = Some(ticket.clone());
                    updates.push(staged(
                        &batch.id,
                        review_id.0.clone(),
                        Assessed {
                            review: row.review.clone(),
                            assessment: row.assessment.clone(),
                            key: row.key.clone(),
                            weak: None,
                        },
                    )?);
                } else {
                    let id = TicketId::new(self.now_ms).0;
                    stored.ticket_id = Some(id.clone());
                    ticket_id = Some(id.clone());
                    pending.push(Opening {
                        ticket: id,
                        at: out.reviews.len(),
                        decision,
                        assessment: row.assessment,
                    });
                }
            }
            self.seen.insert(
                row.key,
                (review_id.0, ticket_id.or_else(|| stored.ticket_id.clone())),
            );
            out.reviews.push(stored);
        }
        let first_ticket = tx
            .take_numbers(&format!("ticket:{}", self.month), pending.len() as i64)
            .await?;
        for (n, opening) in pending.into_iter().enumerate() {
            let number = format!("{}-{:04}", self.month, first_ticket + n as i64);
            batch.ticket_rows += 1;
            batch.urgent_rows += i64::from(opening.decision.tier == amends_domain::Tier::Urgent);
            let review = &out.reviews[opening.at];
            let opened = open_ticket(
                &opening.ticket,
                &number,
                review,
                &opening.assessment,
                &opening.decision,
                batch,
                &self.rules,
                &self.settings,
                None,
                self.now_ms,
            )?;
            out.tickets.push(opened.ticket);
            out.clocks.extend(opened.clocks);
            out.activities.push(opened.activity);
            out.alerts.extend(opened.alert);
        }
        tx.add_reviews(&out.reviews).await?;
        tx.add_tickets(&out.tickets).await?;
        tx.add_clocks(&out.clocks).await?;
        tx.add_activities(&out.activities).await?;
        tx.add_alerts(&out.alerts).await?;
        Ok(())
    }

    fn signals(&self, review: &NewReview, again: bool) -> triage::Signals {
        triage::Signals {
            stars: review.stars,
            polarity: review.polarity,
            again,
            open_neutral: self.settings.open_neutral,
            ..Default::default()
        }
    }
}

struct Opening {
    ticket: String,
    at: usize,
    decision: triage::Decision,
    assessment: Assessment,
}

#[derive(Default)]
struct Staged {
    reviews: Vec<ReviewRow>,
    tickets: Vec<TicketRow>,
    clocks: Vec<ClockRow>,
    activities: Vec<ActivityRow>,
    alerts: Vec<AlertRow>,
}

fn staged(batch: &str, review_id: String, row: Assessed) -> Result<StagedUpdateRow> {
    let row_no = i64::from(row.review.row) * 2 + i64::from(row.review.append);
    let payload = serde_json::to_string(&Update {
        review: row.review,
        assessment: row.assessment,
        key: row.key,
        weak: row.weak,
    })?;
    Ok(StagedUpdateRow {
        batch_id: batch.to_owned(),
        review_id,
        row_no,
        payload,
    })
}

/// Known reviews by the key that this file's rows would find them with.
async fn known(tx: &mut Tx, rows: &[Assessed]) -> Result<HashMap<String, KnownReview>> {
    let mut keys: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
    keys.extend(rows.iter().filter_map(|row| row.weak.clone()));
    let wanted: HashSet<&String> = rows.iter().map(|row| &row.key).collect();
    let mut found = HashMap::new();
    for review in tx.known_reviews(&keys).await? {
        // Two reviews that both have a platform id are different even where order and product agree.
        if let Some(weak) = &review.weak_dedupe
            && wanted.contains(weak)
        {
            found.entry(weak.clone()).or_insert_with(|| review.clone());
        }
        found.insert(review.dedupe.clone(), review);
    }
    Ok(found)
}

/// A customer who can be told apart: a full display name in one shop of one channel.
fn customer(review: &NewReview) -> Option<String> {
    let author = review
        .author
        .as_deref()
        .map(str::trim)
        .filter(|author| !author.is_empty() && !review.masked)?;
    Some(format!(
        "{}|{}|{author}",
        review.channel,
        review.shop.as_deref().unwrap_or_default()
    ))
}

#[allow(clippy::too_many_arguments)]
fn review_row(
    review: &NewReview,
    assessment: &Assessment,
    id: &ReviewId,
    number: i64,
    batch: &BatchRow,
    key: &str,
    weak: Option<&str>,
    now_ms: i64,
) -> Result<ReviewRow> {
    let posted = review.posted.as_ref();
    Ok(ReviewRow {
        id: id.0.clone(),
        number,
        batch_id: batch.id.clone(),
        source_id: batch.source_id.clone(),
        dedupe: key.to_owned(),
        weak_dedupe: weak.map(str::to_owned),
        external_id: review.external_id.clone(),
        parent_id: None,
        append: review.append,
        channel: review.channel.to_string(),
        shop: review.shop.clone().unwrap_or_else(|| batch.shop.clone()),
        order_id: review.order_id.clone(),
        product: review.product.clone(),
        variant: review.variant.clone(),
        author: review.author.clone(),
        masked: review.masked,
        customer: customer(review),
        rating_raw: review.rating_raw.clone(),
        scale: views::word(&review.scale)?,
        stars: review.stars.map(f64::from),
        polarity: review.polarity.map(|polarity| polarity.to_string()),
        title: review.title.clone(),
        body: review.body.clone(),
        has_text: review.has_text,
        posted_at: posted.and_then(|time| time.utc_ms),
        posted_text: posted.map(|time| time.local_text.clone()),
        posted_precision: posted.map(|time| views::word(&time.precision)).transpose()?,
        received_at: now_ms,
        visibility: views::word(&review.visibility)?,
        url: review.url.clone(),
        reply_body: review.reply.as_ref().map(|reply| reply.body.clone()),
        reply_at: review
            .reply
            .as_ref()
            .and_then(|reply| reply.at.as_ref())
            .and_then(|at| at.utc_ms),
        content_hash: review.content_hash.clone(),
        revision: 1,
        sentiment: assessment.sentiment.to_string(),
        assessment: serde_json::to_string(assessment)?,
        salt: amends_domain::fresh(now_ms),
        ticket_id: None,
        raw: serde_json::to_string(&review.raw)?,
    })
}

/// Rows of a ticket that opens.
pub(crate) struct Opened {
    pub ticket: TicketRow,
    pub clocks: Vec<ClockRow>,
    pub activity: ActivityRow,
    pub alert: Option<AlertRow>,
}

/// Opens a ticket for a stored review: its log begins, its clocks start now.
#[allow(clippy::too_many_arguments)]
pub(crate) fn open_ticket(
    id: &str,
    number: &str,
    review: &ReviewRow,
    assessment: &Assessment,
    decision: &triage::Decision,
    batch: &BatchRow,
    rules: &crate::rules::Rules,
    settings: &workspace::Settings,
    actor: Option<&str>,
    now_ms: i64,
) -> Result<Opened> {
    let review_id = ReviewId(review.id.clone());
    let policy = rules.policies.latest();
    let version = rules.calendar_of(&review.shop);
    let calendar = rules.calendars.get(version);
    let reply = review.reply_body.is_some().then_some(IncomingReply {
        at_ms: review.reply_at,
    });
    let precision = review
        .posted_precision
        .as_deref()
        .map(views::unword)
        .transpose()?
        .unwrap_or(Precision::Unknown);
    let kind = EventKind::Received {
        review: review_id.clone(),
        tier: decision.tier,
        posted_ms: review.posted_at,
        posted_precision: precision,
        start: policy.start,
        live: false,
        policy: policy.version,
        calendar: version,
        reply,
        stars: review.stars.map(|stars| stars as f32),
        source: Some(SourceId(review.source_id.clone())),
        batch: Some(BatchId(batch.id.clone())),
        rule: Some(decision.rule.to_string()),
    };
    let hash = text_hash(&review.salt, &review.body);
    let mut head = Head::start(id);
    let activity = journal::chain(
        id,
        &mut head,
        Line {
            at_ms: now_ms,
            recorded_ms: now_ms,
            actor,
            kind: kind.name(),
            body: serde_json::to_string(&kind)?,
            batch: Some(&batch.id),
            text_id: None,
            text_hash: Some(&hash),
        },
    );
    // Clocks that start before the review came (R16) need the engine's whole replay.
    let clocks = if reply.is_none() && policy.start == StartAt::Received {
        sla::opening_clocks(&review_id, decision.tier, now_ms, policy, calendar)
    } else {
        let event = Event {
            id: activity.id.clone().into(),
            at_ms: now_ms,
            recorded_ms: now_ms,
            actor: None,
            kind: kind.clone(),
        };
        project::clocks(&[event], rules, now_ms)
    };
    let event = Event {
        id: activity.id.clone().into(),
        at_ms: now_ms,
        recorded_ms: now_ms,
        actor: None,
        kind,
    };
    let state = ticket::fold(std::slice::from_ref(&event))
        .ok_or_else(|| AppError::internal("a received event without state"))?;
    let reading = project::reading(assessment, &state);
    let cut = excerpt(&review.body, &assessment.evidence, EXCERPT);
    let mut row = TicketRow {
        id: id.to_owned(),
        number: number.to_owned(),
        batch_id: batch.id.clone(),
        review_id: review.id.clone(),
        review_number: review.number,
        version: 1,
        cycle: 1,
        status: String::new(),
        open: true,
        tier: String::new(),
        tier_why: serde_json::to_string(decision)?,
        sentiment: String::new(),
        severity: String::new(),
        causes: String::new(),
        risks: String::new(),
        needs_confirmation: false,
        owner_id: None,
        channel: review.channel.clone(),
        shop: review.shop.clone(),
        sample: batch.sample,
        received_at: now_ms,
        first_responded_at: None,
        solved_at: None,
        closed_at: None,
        sort_at: 0,
        next_metric: None,
        next_due_at: None,
        next_start_at: None,
        paused: false,
        excerpt: cut.text.clone(),
        marks: serde_json::to_string(&amends_domain::text::to_utf16(&cut.text, &cut.spans))?,
        policy_version: 0,
        calendar_version: 0,
        head_seq: head.seq,
        head_hash: head.hash,
        look_at: look::at_opening(&clocks, rules, now_ms),
    };
    project::apply(&mut row, &state, &reading, &clocks);
    let alert = (decision.tier == amends_domain::Tier::Urgent && !state.answered)
        .then(|| urgent_alert(&row, review, assessment, &clocks, settings, now_ms))
        .transpose()?;
    let clocks = project::clock_rows(id, &clocks);
    Ok(Opened {
        ticket: row,
        clocks,
        activity,
        alert,
    })
}

fn urgent_alert(
    row: &TicketRow,
    review: &ReviewRow,
    assessment: &Assessment,
    clocks: &[sla::Clock],
    settings: &workspace::Settings,
    now_ms: i64,
) -> Result<AlertRow> {
    let due = clocks.iter().map(|clock| clock.due_ms).min();
    let words = mask_private(&excerpt(&review.body, &assessment.evidence, NOTICE_WORDS).text);
    let risks: Vec<Risk> = assessment.risks.iter().map(|score| score.risk).collect();
    let channel: Channel = review.channel.parse().unwrap_or(Channel::Other);
    let due_text = due
        .map(|due| views::clock_time(due, now_ms, &settings.zone, settings.locale))
        .unwrap_or_default();
    let (title, body) = wording::new_urgent(settings.locale, channel, &risks, &words, &due_text);
    Ok(AlertRow {
        id: amends_domain::fresh(now_ms),
        key: format!("new:{}", row.id),
        ticket_id: row.id.clone(),
        batch_id: Some(row.batch_id.clone()),
        tier: row.tier.clone(),
        level: "new_urgent".into(),
        metric: None,
        due_at: due,
        fire_at: now_ms,
        state: "pending".into(),
        decided_at: None,
        title,
        body,
    })
}

/// What a newer export makes of a stored review; none when nothing changes. An absent value never clears one.
fn merged(
    before: &ReviewRow,
    review: &NewReview,
    assessment: &Assessment,
    key: &str,
    weak: Option<&str>,
) -> Result<Option<ReviewRow>> {
    let mut after = before.clone();
    if review.external_id.is_some() && before.external_id.is_none() {
        after.external_id = review.external_id.clone();
        after.dedupe = key.to_owned();
        after.weak_dedupe = weak.map(str::to_owned);
    }
    if review.has_text {
        after.body = review.body.clone();
        after.has_text = true;
    }
    if review.stars.is_some() || review.polarity.is_some() {
        after.stars = review.stars.map(f64::from);
        after.polarity = review.polarity.map(|polarity| polarity.to_string());
        after.rating_raw = review.rating_raw.clone();
        after.scale = views::word(&review.scale)?;
    }
    for (value, place) in [
        (&review.title, &mut after.title),
        (&review.product, &mut after.product),
        (&review.variant, &mut after.variant),
        (&review.url, &mut after.url),
    ] {
        if value.is_some() {
            place.clone_from(value);
        }
    }
    if let Some(reply) = &review.reply {
        after.reply_body = Some(reply.body.clone());
        after.reply_at = reply.at.as_ref().and_then(|at| at.utc_ms).or(before.reply_at);
    }
    if review.visibility != Visibility::Unknown {
        after.visibility = views::word(&review.visibility)?;
    }
    if after == *before {
        return Ok(None);
    }
    if after.body != before.body || after.stars != before.stars || after.polarity != before.polarity {
        after.sentiment = assessment.sentiment.to_string();
        after.assessment = serde_json::to_string(assessment)?;
    }
    after.content_hash.clone_from(&review.content_hash);
    after.revision = before.revision + 1;
    Ok(Some(after))
}

/// Makes a staged batch visible in one commit, with the changes to known reviews.
async fn flip(app: &App, batch: &mut BatchRow, has_updates: bool) -> Result<()> {
    let now_ms = app.now();
    let mut tx = app.store().begin().await?;
    if has_updates {
        for row in tx.staged_updates(&batch.id).await? {
            apply_update(app, &mut tx, batch, &row, now_ms).await?;
        }
        tx.clear_staged_updates(&batch.id).await?;
    }
    batch.state = "visible".into();
    batch.visible_at = Some(now_ms);
    tx.save_batch(batch).await?;
    journal::workspace_entry(&mut tx, "batch_imported", serde_json::json!({
        "batch": batch.id, "file_sha256": batch.file_sha256, "read": batch.read_rows, "new": batch.new_rows, "updated": batch.updated_rows,
        "rejected": batch.rejected_rows, "tickets": batch.ticket_rows,
    }), batch.actor_id.as_deref(), now_ms).await?;
    tx.log_change("inbox reviews batches workspace ticket alerts", now_ms)
        .await?;
    tx.commit().await?;
    Ok(())
}

async fn apply_update(
    app: &App,
    tx: &mut Tx,
    batch: &mut BatchRow,
    row: &StagedUpdateRow,
    now_ms: i64,
) -> Result<()> {
    let Update {
        review,
        assessment,
        key,
        weak,
    } = serde_json::from_str(&row.payload)?;
    let before = tx.review(&row.review_id).await?;
    if before.batch_id == batch.id {
        return append_to_ticket(app, tx, &before, &assessment, now_ms).await;
    }
    let Some(after) = merged(&before, &review, &assessment, &key, weak.as_deref())? else {
        return Ok(());
    };
    tx.add_review_version(&VersionRow {
        review_id: before.id.clone(),
        revision: before.revision,
        batch_id: batch.id.clone(),
        replaced_at: now_ms,
        stars: before.stars,
        polarity: before.polarity.clone(),
        body: before.body.clone(),
        reply_body: before.reply_body.clone(),
        assessment: before.assessment.clone(),
    })
    .await?;
    tx.update_review(&after).await?;
    if after.body != before.body {
        index::add_changed(tx, after.number, &after).await?;
    }
    let Some(ticket) = &before.ticket_id else {
        return Ok(());
    };
    let mut happened = Vec::new();
    if after.body != before.body || after.stars != before.stars || after.polarity != before.polarity {
        happened.push(tickets::Happening::now(EventKind::ReviewChanged {
            review: ReviewId(before.id.clone()),
            stars: after.stars.map(|stars| stars as f32),
            version: u32::try_from(after.revision).ok(),
            text: Some(text_hash(&before.salt, &after.body).into()),
        }));
    }
    if after.reply_body.is_some() && before.reply_body.is_none() {
        // Found on the channel: it fulfils the first response at its own time (R27).
        happened.push(tickets::Happening {
            at_ms: after.reply_at,
            text: after.reply_body.clone(),
            kind: EventKind::ReplyPublished {
                reply: amends_domain::ReplyId::new(now_ms),
                review: Some(ReviewId(before.id.clone())),
                by: ReplyBy::Human,
                route: PublishRoute::Found,
                text: None,
                template: None,
            },
        });
    }
    tickets::record(app, tx, ticket, happened, None, now_ms).await
}

/// A follow-up 追评 that complains joins its ticket: as a further review while it is open, as a new cycle after (R17).
async fn append_to_ticket(
    app: &App,
    tx: &mut Tx,
    review: &ReviewRow,
    assessment: &Assessment,
    now_ms: i64,
) -> Result<()> {
    let Some(ticket_id) = &review.ticket_id else {
        return Ok(());
    };
    let ticket = tx.ticket_any(ticket_id).await?;
    let decision = triage::decide(
        assessment,
        &review.body,
        &triage::Signals {
            stars: review.stars.map(|s| s as f32),
            ..Default::default()
        },
    );
    let rules = app.rules();
    let kind = if ticket.open {
        EventKind::Received {
            review: ReviewId(review.id.clone()),
            tier: decision.tier,
            posted_ms: review.posted_at,
            posted_precision: review
                .posted_precision
                .as_deref()
                .map(views::unword)
                .transpose()?
                .unwrap_or(Precision::Unknown),
            start: rules.policies.latest().start,
            live: false,
            policy: rules.policies.latest().version,
            calendar: rules.calendar_of(&review.shop),
            reply: review.reply_body.is_some().then_some(IncomingReply {
                at_ms: review.reply_at,
            }),
            stars: review.stars.map(|stars| stars as f32),
            source: Some(SourceId(review.source_id.clone())),
            batch: Some(BatchId(review.batch_id.clone())),
            rule: Some(decision.rule.to_string()),
        }
    } else {
        EventKind::Reopened {
            cause: sla::event::ReopenCause::Append,
            review: Some(ReviewId(review.id.clone())),
            message: None,
            tier: Some(decision.tier),
        }
    };
    tickets::record(
        app,
        tx,
        ticket_id,
        vec![tickets::Happening::now(kind)],
        None,
        now_ms,
    )
    .await
}

/// All imports, newest first.
///
/// # Errors
/// `store`.
pub async fn batches(app: &App) -> Result<Vec<BatchView>> {
    let mut views = Vec::new();
    for batch in app.store().batches().await? {
        views.push(view(app, &batch).await?);
    }
    Ok(views)
}

pub(crate) async fn view(app: &App, batch: &BatchRow) -> Result<BatchView> {
    let count = |rows: i64| u32::try_from(rows).unwrap_or(u32::MAX);
    let people = app.store().people().await?;
    Ok(BatchView {
        id: batch.id.clone(),
        file_name: batch.file_name.clone(),
        channel: batch.channel.parse().unwrap_or(Channel::Other),
        at: views::instant(batch.created_at),
        by: people
            .into_iter()
            .find(|person| Some(&person.id) == batch.actor_id.as_ref())
            .map(|person| person.name),
        format: batch.format.clone(),
        encoding: batch.encoding.clone(),
        read: count(batch.read_rows),
        new: count(batch.new_rows),
        updated: count(batch.updated_rows),
        unchanged: count(batch.unchanged_rows),
        rejected: count(batch.rejected_rows),
        history: count(batch.history_rows),
        tickets: count(batch.ticket_rows),
        urgent: count(batch.urgent_rows),
        warnings: serde_json::from_str(&batch.warnings)?,
        rejects: app
            .store()
            .rejects(&batch.id, 100)
            .await?
            .into_iter()
            .map(|row| RejectView {
                row: count(row.row_no),
                code: row.code,
                text: row.detail,
            })
            .collect(),
        sample: batch.sample,
        undone: batch.state == "undone",
    })
}

/// Takes a whole import back. Refused, with the tickets' numbers, where people have already worked on its tickets.
///
/// # Errors
/// `not_now` with the numbers; `not_found`.
pub async fn undo(app: &App, id: &str) -> Result<BatchView> {
    let batch = app
        .store()
        .batch(id)
        .await?
        .filter(|batch| batch.state == "visible")
        .ok_or(amends_store::StoreError::NotFound)?;
    take_back(app, batch, false).await
}

pub(crate) async fn take_back(app: &App, mut batch: BatchRow, even_if_worked_on: bool) -> Result<BatchView> {
    let now_ms = app.now();
    let mut tx = app.store().begin().await?;
    let worked_on = tx.worked_on(&batch.id).await?;
    if !even_if_worked_on && !worked_on.is_empty() {
        let numbers = worked_on.iter().take(5).cloned().collect::<Vec<_>>().join("、");
        let more = if worked_on.len() > 5 { "等" } else { "" };
        return Err(AppError::not_now(format!(
            "这次导入的工单已有人处理过（{numbers}{more}），不能整批撤回。请把不需要的工单标为“无需处理”。"
        )));
    }
    tx.release_keys(&batch.id).await?;
    batch.state = "undone".into();
    tx.save_batch(&batch).await?;
    journal::workspace_entry(
        &mut tx,
        "batch_undone",
        serde_json::json!({ "batch": batch.id }),
        app.actor_id().as_ref().map(|id| id.as_str()),
        now_ms,
    )
    .await?;
    tx.log_change("inbox reviews batches workspace ticket alerts", now_ms)
        .await?;
    tx.commit().await?;
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

/// Writes the rejected rows of an import, with their reasons, as a CSV that Excel opens.
///
/// # Errors
/// `not_found`, `store` when the file cannot be written.
pub async fn save_rejects(app: &App, id: &str, target: &Path) -> Result<SavedFile> {
    let rows = app.store().rejects(id, i64::MAX).await?;
    let mut csv = String::from("\u{feff}行号,原因,原始内容\r\n");
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    for row in &rows {
        let cells: Vec<String> = serde_json::from_str(&row.cells)?;
        let mut line = vec![row.row_no.to_string(), quote(&row.detail)];
        line.extend(cells.iter().map(|cell| quote(&views::harmless_cell(cell))));
        csv.push_str(&line.join(","));
        csv.push_str("\r\n");
    }
    std::fs::write(target, csv).map_err(|error| AppError::from(amends_store::StoreError::File(error)))?;
    Ok(SavedFile {
        name: target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        rows: rows.len() as u32,
    })
}
