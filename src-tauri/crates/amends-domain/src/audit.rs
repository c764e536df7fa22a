//! The audit chain: each entry's hash covers the entry before it, so nothing can be changed, removed from the
//! middle or reordered without being found. Entries hold salted hashes of people's words, never the words:
//! erasing the words leaves the chain verifiable.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Name of the chain that holds what concerns no single ticket: people, settings, imports, backups.
pub const WORKSPACE_CHAIN: &str = "workspace";

/// What an entry's hash covers.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Ticket id, or [`WORKSPACE_CHAIN`].
    pub chain: &'a str,
    /// Number in the chain from 1.
    pub seq: i64,
    /// Activity id.
    pub id: &'a str,
    /// When it happened, UTC ms.
    pub at_ms: i64,
    /// When it was written, UTC ms.
    pub recorded_ms: i64,
    /// Who; none is the program.
    pub actor: Option<&'a str>,
    /// Canonical JSON of what happened (no line breaks).
    pub body: &'a str,
    /// Salted hash of the words that belong to it.
    pub text_hash: Option<&'a str>,
}

/// The hash before the first entry of a chain.
pub fn genesis(chain: &str) -> String {
    hex(&Sha256::new()
        .chain_update(b"amends/1\n")
        .chain_update(chain)
        .finalize())
}

/// The hash of an entry that follows `prev`.
pub fn entry_hash(prev: &str, entry: &Entry<'_>) -> String {
    let mut text = String::with_capacity(256 + entry.body.len());
    let Entry {
        chain,
        seq,
        id,
        at_ms,
        recorded_ms,
        actor,
        body,
        text_hash,
    } = *entry;
    let (actor, text_hash) = (actor.unwrap_or("-"), text_hash.unwrap_or("-"));
    let _ = write!(
        text,
        "{prev}\n{chain}\n{seq}\n{id}\n{at_ms}\n{recorded_ms}\n{actor}\n{text_hash}\n{body}"
    );
    hex(&Sha256::digest(text.as_bytes()))
}

/// The salted hash of somebody's words.
pub fn text_hash(salt: &str, words: &str) -> String {
    hex(&Sha256::new()
        .chain_update(salt)
        .chain_update(b"\n")
        .chain_update(words)
        .finalize())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| {
            [
                DIGITS[usize::from(b >> 4)] as char,
                DIGITS[usize::from(b & 15)] as char,
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_entry_is_covered_by_its_hash() {
        let entry = Entry {
            chain: "t1",
            seq: 2,
            id: "a2",
            at_ms: 5,
            recorded_ms: 6,
            actor: Some("p1"),
            body: r#"{"type":"status"}"#,
            text_hash: None,
        };
        let hash = entry_hash(&genesis("t1"), &entry);
        for changed in [
            Entry { chain: "t2", ..entry },
            Entry { seq: 3, ..entry },
            Entry { id: "a3", ..entry },
            Entry { at_ms: 4, ..entry },
            Entry {
                recorded_ms: 7,
                ..entry
            },
            Entry { actor: None, ..entry },
            Entry { body: "{}", ..entry },
            Entry {
                text_hash: Some("x"),
                ..entry
            },
        ] {
            assert_ne!(entry_hash(&genesis("t1"), &changed), hash, "{changed:?}");
        }
        assert_ne!(entry_hash(&genesis("t2"), &entry), hash);
    }
}
