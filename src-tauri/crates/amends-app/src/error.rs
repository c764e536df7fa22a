//! Errors at the edge.

use amends_store::StoreError;
use serde::{Deserialize, Serialize};

/// What went wrong, for the window (`errors.<code>` in its catalogues) and the command line.
///
/// A new code is added only when a caller acts on it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The input is not acceptable; `message` says what to change.
    Invalid,
    /// What was named does not exist (any more).
    NotFound,
    /// Somebody changed it in between; look again.
    Conflict,
    /// This role may not do that.
    Forbidden,
    /// Nobody has said who is sitting here.
    NoActor,
    /// The step is not possible in this status; `message` says why.
    NotNow,
    /// The file cannot be read as reviews; `message` says why and what to do.
    File,
    /// A person must decide first; `detail` is the question as JSON.
    Question,
    /// The database was written by a newer program.
    TooNew,
    /// The database or its disk failed; nothing of this step was kept.
    Store,
    /// Cancelled by the person; nothing was kept.
    Cancelled,
    /// A bug; nothing of this step was kept.
    Internal,
}

/// An error with a sentence in Chinese that says what happened, what was kept and what to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    /// What a caller can act on.
    pub code: ErrorCode,
    /// The sentence.
    pub message: String,
    /// Technical detail without personal text, for support.
    pub detail: Option<String>,
}

/// Result of a use-case.
pub type Result<T> = std::result::Result<T, AppError>;

impl AppError {
    /// An error with its sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            detail: None,
        }
    }

    /// The input is not acceptable.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }

    /// Not possible in this status.
    pub fn not_now(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::NotNow, message)
    }

    /// A bug.
    pub fn internal(detail: impl ToString) -> Self {
        Self {
            code: ErrorCode::Internal,
            message: "程序出了问题，这一步没有保存，之前的内容都在。请再试一次；如果还不行，请重新打开程序。"
                .to_owned(),
            detail: Some(detail.to_string()),
        }
    }

    /// With technical detail.
    #[must_use]
    pub fn with_detail(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string());
        self
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let (code, message) = match &error {
            StoreError::Conflict => (
                ErrorCode::Conflict,
                "这张工单刚刚被别处改过，这一步没有保存。已为您刷新，请看过再试。".to_owned(),
            ),
            StoreError::NotFound => (
                ErrorCode::NotFound,
                "找不到这一条，它可能已随导入一起撤回。请返回列表刷新。".to_owned(),
            ),
            StoreError::TooNew { .. } => (
                ErrorCode::TooNew,
                "数据是用更新版本的程序保存的，这个版本打不开。数据没有被改动，请安装新版本后再打开。"
                    .to_owned(),
            ),
            StoreError::Unusable(_) => (
                ErrorCode::Store,
                "数据文件打不开，它不是本程序的数据或者已经损坏。文件没有被改动，请从备份恢复。".to_owned(),
            ),
            _ if is_disk_full(&error) => (
                ErrorCode::Store,
                "磁盘空间不足，这一步没有保存，之前的内容都在。请清理磁盘后再试。".to_owned(),
            ),
            _ => (
                ErrorCode::Store,
                "数据没有写进去，这一步没有保存，之前的内容都在。请再试一次。".to_owned(),
            ),
        };
        Self {
            code,
            message,
            detail: Some(error.to_string()),
        }
    }
}

fn is_disk_full(error: &StoreError) -> bool {
    match error {
        StoreError::File(error) => error.kind() == std::io::ErrorKind::StorageFull,
        StoreError::Database(error) => error.to_string().contains("disk is full"),
        _ => false,
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
