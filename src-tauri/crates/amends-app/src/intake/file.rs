//! What a person chose: the file, and what it holds before anything is written.

use super::from_ingest;
use crate::{
    App, AppError, ErrorCode, Result,
    dto::{self, ImportNote, ImportOptions, ImportPlan, ImportQuestion, PreviewRow},
    views,
};
use amends_domain::NewReview;
use amends_ingest::Plan;
use std::{
    fs::File,
    io::Cursor,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file that a person chose; only its token leaves the program.
#[derive(Clone)]
pub(crate) struct PickedFile {
    pub(super) name: String,
    bytes: u64,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Disk(PathBuf),
    Memory(Arc<[u8]>),
}

impl PickedFile {
    pub(super) fn on_disk(path: &Path) -> Result<Self> {
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

    pub(super) fn open(&self) -> Result<Box<dyn amends_ingest::Bytes>> {
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

pub(super) fn picked(app: &App, token: &str) -> Result<PickedFile> {
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
        scale: options.scale,
        zone: options.zone.clone(),
        channel: options.channel,
        shop: options.shop.clone(),
        mapping,
        sheet: options.sheet.clone(),
        member: options.member.clone(),
    })
}

pub(super) fn plan_of(
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

pub(super) fn note(warning: &amends_ingest::Warning) -> ImportNote {
    ImportNote {
        code: warning.code.as_str().to_owned(),
        row: warning.row,
        count: warning.count,
        text: warning.message_zh(),
    }
}
