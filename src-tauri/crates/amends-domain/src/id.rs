//! Ids: newtypes over UUIDv7 text, so that one kind can never be passed for another.

use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

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
///
/// Ids of one process and one instant rise as they are made: an import then fills the database's indexes from left
/// to right instead of at random, which is several times faster. Other processes differ in 48 random bits.
pub fn fresh(now_ms: i64) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    static PROCESS: LazyLock<[u8; 6]> = LazyLock::new(|| {
        let random = uuid::Uuid::now_v7().into_bytes();
        [
            random[10], random[11], random[12], random[13], random[14], random[15],
        ]
    });
    let n = MADE.fetch_add(1, Ordering::Relaxed);
    let mut bytes = [0; 10];
    // 26 bits of the count, laid around the bits that the version and the variant take.
    bytes[0] = (n >> 22) as u8 & 0x0f;
    bytes[1] = (n >> 14) as u8;
    bytes[2] = (n >> 8) as u8 & 0x3f;
    bytes[3] = n as u8;
    bytes[4..].copy_from_slice(&*PROCESS);
    let ms = u64::try_from(now_ms).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &bytes)
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_instant_differ_and_rise() {
        let ids: Vec<String> = (0..1000).map(|_| fresh(1_795_140_000_000)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(fresh(1_795_140_000_001) > ids[999]);
        assert_eq!(uuid::Uuid::parse_str(&ids[0]).unwrap().get_version_num(), 7);
    }
}
