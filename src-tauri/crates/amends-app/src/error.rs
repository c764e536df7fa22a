//! Errors at the edge.

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
