//! Reading and assessing: two threads that run ahead of the planner, each a chunk at a time.

use super::{CHUNK, file::PickedFile};
use crate::{AppError, Result};
use amends_classify::{Classifier, Input, Personal, Scratch};
use amends_domain::{Assessment, Industry, NewReview};
use amends_ingest::{IngestError, Item, Plan};
use amends_store::RejectRow;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{Receiver, SyncSender},
    },
};
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

/// Priority of a stage, of 0 to 99; threads are born with 50.
const BEHIND: u8 = 25;

/// A review that was read and assessed, on its way to the planner.
#[derive(Serialize, Deserialize)]
pub(super) struct Assessed {
    pub review: NewReview,
    pub assessment: Assessment,
    pub key: String,
    pub weak: Option<String>,
}

/// A chunk on its way from one thread to the next.
pub(super) enum Chunk<T> {
    Rows(Vec<T>),
    Rejects(Vec<RejectRow>),
}

/// Runs a stage on a thread of its own that makes way for the window and for the database's thread: everybody waits
/// for these, and the stages are ahead of them anyway. What it returns arrives at the receiver.
pub(super) fn beside<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<tokio::sync::oneshot::Receiver<T>> {
    let (done, end) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name(format!("import-{name}"))
        .spawn(move || {
            // Where the system doesn't allow it, the import is only slower.
            let _ = ThreadPriorityValue::try_from(BEHIND)
                .map(|value| set_current_thread_priority(ThreadPriority::Crossplatform(value)));
            let _ = done.send(work());
        })
        .map_err(AppError::internal)?;
    Ok(end)
}

/// The thread that parses the file.
pub(super) struct Parser {
    pub file: PickedFile,
    pub plan: Plan,
    pub options: amends_ingest::Options,
    pub now_ms: i64,
    pub batch: String,
    /// Set when nobody wants more.
    pub stop: Arc<AtomicBool>,
    /// Share read, in parts of 10,000.
    pub share: Arc<AtomicU32>,
}

impl Parser {
    /// Reads to the end, or until the receiver is gone; then the later stages know why.
    pub fn run(
        self,
        to: &SyncSender<Chunk<NewReview>>,
    ) -> std::result::Result<amends_ingest::Summary, IngestError> {
        let mut bytes = self
            .file
            .open()
            .map_err(|error| IngestError::Io(std::io::Error::other(error.message)))?;
        let mut rows = Vec::with_capacity(CHUNK);
        let mut rejects = Vec::new();
        let summary =
            amends_ingest::read(&self.plan, &self.options, &mut *bytes, self.now_ms, &mut |item| {
                match item {
                    Item::Review(review) => rows.push(*review),
                    Item::Rejected(row) => rejects.push(RejectRow {
                        batch_id: self.batch.clone(),
                        row_no: i64::from(row.row),
                        code: row.code.as_str().to_owned(),
                        detail: row.message_zh(),
                        cells: serde_json::to_string(&row.cells).unwrap_or_default(),
                    }),
                    Item::Progress {
                        bytes_done,
                        bytes_total,
                    } => {
                        let share = (bytes_done.saturating_mul(10_000) / bytes_total.max(1)).min(10_000);
                        self.share.store(share as u32, Ordering::Relaxed);
                    }
                }
                let sent = (rows.len() < CHUNK || to.send(Chunk::Rows(std::mem::take(&mut rows))).is_ok())
                    && (rejects.len() < CHUNK
                        || to.send(Chunk::Rejects(std::mem::take(&mut rejects))).is_ok());
                if sent && !self.stop.load(Ordering::Relaxed) {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            })?;
        let _ = to.send(Chunk::Rows(rows));
        let _ = to.send(Chunk::Rejects(rejects));
        Ok(summary)
    }
}

/// The thread that reads what the reviews say.
pub(super) struct Assessor {
    pub classifier: &'static Classifier,
    pub personal: Personal,
    pub source: String,
    pub shop: String,
    pub industry: Industry,
}

impl Assessor {
    /// Assesses chunk after chunk until either end is gone.
    pub fn run(self, from: Receiver<Chunk<NewReview>>, to: &tokio::sync::mpsc::Sender<Chunk<Assessed>>) {
        let mut scratch = Scratch::default();
        for parsed in from {
            let chunk = match parsed {
                Chunk::Rejects(rows) => Chunk::Rejects(rows),
                Chunk::Rows(rows) => Chunk::Rows(
                    rows.into_iter()
                        .map(|review| self.assess(review, &mut scratch))
                        .collect(),
                ),
            };
            if to.blocking_send(chunk).is_err() {
                return;
            }
        }
    }

    fn assess(&self, review: NewReview, scratch: &mut Scratch) -> Assessed {
        let input = Input {
            text: if review.has_text { &review.body } else { "" },
            stars: review.stars,
            channel: Some(review.channel),
            trade: Some(self.industry.as_str()),
        };
        let assessment = rounded(self.classifier.assess_with(&input, &self.personal, scratch));
        let shop = review.shop.as_deref().unwrap_or(&self.shop);
        let key = key_hash(&self.source, shop, &review.key);
        let weak = review
            .weak_key
            .as_deref()
            .map(|weak| key_hash(&self.source, shop, weak));
        Assessed {
            assessment,
            key,
            weak,
            review,
        }
    }
}

/// Three decimals are all that is shown or compared, and a third of the bytes.
fn rounded(mut assessment: Assessment) -> Assessment {
    let round = |value: &mut f32| *value = (*value * 1000.0).round() / 1000.0;
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
pub(super) fn key_hash(source: &str, shop: &str, key: &str) -> String {
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
