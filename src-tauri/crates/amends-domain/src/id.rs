//! Ids: newtypes over UUIDv7 text, so that one kind can never be passed for another.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// A fresh id whose text sorts by `now_ms` (UTC milliseconds).
            pub fn new(now_ms: i64) -> Self { Self(fresh(now_ms)) }
            /// The id's text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl From<String> for $name { fn from(text: String) -> Self { Self(text) } }
        impl From<&str> for $name { fn from(text: &str) -> Self { Self(text.to_owned()) } }
    )+};
}

ids! {
    /// One review as its author wrote it.
    ReviewId,
    /// The handling of a negative review.
    TicketId,
    /// One immutable entry of the audit log.
    ActivityId,
    /// A person of the business.
    PersonId,
    /// One import, visible as a whole or not at all.
    BatchId,
    /// A configured way reviews come in.
    SourceId,
    /// One running deadline.
    ClockId,
    /// A public or private answer.
    ReplyId,
    /// An internal note.
    NoteId,
    /// One warning about a clock or a new ticket.
    AlertId,
}

/// UUIDv7 text for an instant in UTC milliseconds (instants before 1970 sort as 1970).
pub fn fresh(now_ms: i64) -> String {
    let ms = u64::try_from(now_ms).unwrap_or(0);
    let stamp = uuid::Timestamp::from_unix(uuid::NoContext, ms / 1000, ((ms % 1000) * 1_000_000) as u32);
    uuid::Uuid::new_v7(stamp).to_string()
}
