//! Writing the log: events become chained entries, entries become events again.

use crate::error::{AppError, Result};
use amends_domain::{
    ActivityId, PersonId,
    audit::{Entry, entry_hash, genesis, text_hash},
    sla::event::{Event, EventKind},
};
use amends_store::{ActivityRow, TextRow, Tx};
use serde_json::Value;

/// The end of a chain.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub seq: i64,
    pub hash: String,
}

impl Head {
    pub fn start(chain: &str) -> Self {
        Self {
            seq: 0,
            hash: genesis(chain),
        }
    }
}

/// What is appended: an event's canonical text and the words that belong to it.
pub(crate) struct Line<'a> {
    pub at_ms: i64,
    pub recorded_ms: i64,
    pub actor: Option<&'a str>,
    pub kind: &'a str,
    pub body: String,
    pub batch: Option<&'a str>,
    /// Words kept in `personal_text`.
    pub text_id: Option<&'a str>,
    /// Salted hash of the words that belong to it, wherever they are kept.
    pub text_hash: Option<&'a str>,
}

/// Chains one line to the head and moves the head on.
pub(crate) fn chain(chain: &str, head: &mut Head, line: Line<'_>) -> ActivityRow {
    let id = ActivityId::new(line.recorded_ms).0;
    let seq = head.seq + 1;
    let hash = entry_hash(
        &head.hash,
        &Entry {
            chain,
            seq,
            id: &id,
            at_ms: line.at_ms,
            recorded_ms: line.recorded_ms,
            actor: line.actor,
            body: &line.body,
            text_hash: line.text_hash,
        },
    );
    let row = ActivityRow {
        id,
        chain: chain.to_owned(),
        seq,
        at: line.at_ms,
        recorded_at: line.recorded_ms,
        actor_id: line.actor.map(str::to_owned),
        kind: line.kind.to_owned(),
        body: line.body,
        text_id: line.text_id.map(str::to_owned),
        text_hash: line.text_hash.map(str::to_owned),
        prev_hash: std::mem::replace(&mut head.hash, hash.clone()),
        hash,
        batch_id: line.batch.map(str::to_owned),
    };
    head.seq = seq;
    row
}

/// Somebody's words with a salt of their own.
pub(crate) fn words(text: &str, now_ms: i64) -> TextRow {
    let salt = amends_domain::fresh(now_ms);
    TextRow {
        id: amends_domain::fresh(now_ms),
        hash: text_hash(&salt, text),
        salt,
        body: Some(text.to_owned()),
        erased_at: None,
    }
}

/// Entries as the domain folds them.
pub(crate) fn events(rows: &[ActivityRow]) -> Result<Vec<Event>> {
    rows.iter().map(event).collect()
}

fn event(row: &ActivityRow) -> Result<Event> {
    let kind: EventKind = serde_json::from_str(&row.body)
        .map_err(|error| AppError::internal(format!("activity {}: {error}", row.id)))?;
    Ok(Event {
        id: ActivityId(row.id.clone()),
        at_ms: row.at,
        recorded_ms: row.recorded_at,
        actor: row.actor_id.clone().map(PersonId),
        kind,
    })
}

/// Appends to the workspace's chain: people, settings, imports, backups.
pub(crate) async fn workspace_entry(
    tx: &mut Tx,
    kind: &str,
    data: Value,
    actor: Option<&str>,
    now_ms: i64,
) -> Result<()> {
    let name = amends_domain::audit::WORKSPACE_CHAIN;
    let mut head = tx
        .chain_head(name)
        .await?
        .map_or_else(|| Head::start(name), |(seq, hash)| Head { seq, hash });
    let mut body = serde_json::json!({ "type": kind });
    if let (Value::Object(body), Value::Object(data)) = (&mut body, data) {
        body.extend(data);
    }
    let line = Line {
        at_ms: now_ms,
        recorded_ms: now_ms,
        actor,
        kind,
        body: body.to_string(),
        batch: None,
        text_id: None,
        text_hash: None,
    };
    let row = chain(name, &mut head, line);
    Ok(tx.add_activities(&[row]).await?)
}
