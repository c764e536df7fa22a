//! `verify`: the audit chain is unbroken, and every cached column comes out of its log again (sla.md R4).

use crate::{App, Result, index, journal, project, reports};
use amends_domain::{
    Assessment,
    audit::{Entry, entry_hash, genesis},
    ticket,
};
use serde::Serialize;
use std::collections::HashMap;

/// What was read and what does not fit.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Chains read.
    pub chains: u64,
    /// Entries read.
    pub activities: u64,
    /// Tickets rebuilt from their logs.
    pub tickets: u64,
    /// Everything that does not fit, in English, without personal text. Empty: all is well.
    pub faults: Vec<String>,
}

const PIECE: i64 = 5_000;

/// Reads the whole log and rebuilds every ticket.
///
/// # Errors
/// `store`.
pub async fn run(app: &App) -> Result<Report> {
    let store = app.store();
    let mut report = Report::default();
    if let Some(said) = store.integrity().await? {
        report.faults.push(format!("database: {said}"));
    }
    report.faults.extend(store.dangling().await?);

    let (mut chain, mut seq) = (String::new(), 0);
    let (mut hash, mut heads) = (String::new(), HashMap::new());
    loop {
        let piece = store.log_after(&chain, seq, PIECE).await?;
        let Some(last) = piece.last() else { break };
        let next = (last.chain.clone(), last.seq);
        for row in &piece {
            if row.chain != chain {
                chain.clone_from(&row.chain);
                (seq, hash) = (0, genesis(&row.chain));
                report.chains += 1;
            }
            report.activities += 1;
            let expected = entry_hash(
                &hash,
                &Entry {
                    chain: &row.chain,
                    seq: row.seq,
                    id: &row.id,
                    at_ms: row.at,
                    recorded_ms: row.recorded_at,
                    actor: row.actor_id.as_deref(),
                    body: &row.body,
                    text_hash: row.text_hash.as_deref(),
                },
            );
            if row.seq != seq + 1 {
                report.faults.push(format!(
                    "chain {}: entry {} follows entry {seq}",
                    row.chain, row.seq
                ));
            }
            if row.prev_hash != hash || row.hash != expected {
                report
                    .faults
                    .push(format!("chain {}: entry {} was changed", row.chain, row.seq));
            }
            seq = row.seq;
            hash.clone_from(&row.hash);
            heads.insert(row.chain.clone(), (row.seq, row.hash.clone()));
        }
        (chain, seq) = next;
    }

    let (rules, now_ms) = (app.rules(), app.now());
    let mut after = String::new();
    loop {
        let piece = store.tickets_after(&after, 500).await?;
        let Some(last) = piece.last() else { break };
        after.clone_from(&last.id);
        for row in piece {
            report.tickets += 1;
            if heads.get(&row.id) != Some(&(row.head_seq, row.head_hash.clone())) {
                report.faults.push(format!(
                    "ticket {}: its log does not end where it should",
                    row.number
                ));
                continue;
            }
            let log = store.activities(&row.id).await?;
            let events = journal::events(&log)?;
            let Some(state) = ticket::fold(&events) else {
                report
                    .faults
                    .push(format!("ticket {}: its log does not begin", row.number));
                continue;
            };
            let recorded_ms = log.last().map_or(now_ms, |entry| entry.recorded_at);
            let assessment = match store.review_any(&row.review_id).await? {
                Some(review) => serde_json::from_str::<Assessment>(&review.assessment)?,
                None => continue,
            };
            // As of the last entry: what the cache was made from.
            let clocks = project::clocks(&events, &rules, recorded_ms);
            let mut rebuilt = row.clone();
            project::apply(
                &mut rebuilt,
                &state,
                &project::reading(&assessment, &state),
                &clocks,
            );
            if rebuilt != row {
                report
                    .faults
                    .push(format!("ticket {}: its row differs from its log", row.number));
            }
            let mut expected = project::clock_rows(&row.id, &clocks);
            let mut stored = store.clocks(&row.id).await?;
            for list in [&mut expected, &mut stored] {
                list.sort_by(|a, b| (a.cycle, &a.metric, &a.subject).cmp(&(b.cycle, &b.metric, &b.subject)));
            }
            if expected != stored {
                report
                    .faults
                    .push(format!("ticket {}: its clocks differ from its log", row.number));
            }
        }
    }
    for number in index::astray(app).await? {
        report
            .faults
            .push(format!("review {number}: counted as something else"));
    }
    for (kind, block) in reports::outdated(app).await? {
        report
            .faults
            .push(format!("facts {kind:?} {block}: a change was not counted"));
    }
    Ok(report)
}
