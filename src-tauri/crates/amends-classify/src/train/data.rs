//! Reads `reviews.jsonl.gz` and `labelled.jsonl`, the documented JSON-lines formats.

use super::own::{self, Told};
use crate::normalise::Normal;
use amends_domain::words::{Cause, Risk, Sentiment, Severity};
use flate2::read::GzDecoder;
use serde::Deserialize;
use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// What a reader said of a review (labelling rubric).
#[derive(Debug, Clone)]
pub struct Label {
    /// On balance.
    pub sentiment: Sentiment,
    /// Main first.
    pub causes: Vec<Cause>,
    /// Of the complaint.
    pub severity: Severity,
    /// Any.
    pub risks: Vec<Risk>,
    /// A real experience.
    pub genuine: bool,
}

/// One review of the corpus.
#[derive(Debug, Clone)]
pub struct Row {
    /// The corpus's own id.
    pub id: String,
    /// The corpus it comes from, which is its trade.
    pub domain: String,
    /// As written.
    pub text: String,
    /// The corpus's polarity, where known.
    pub negative: Option<bool>,
    /// What a reader said, where one read it.
    pub label: Option<Label>,
    /// One of the project's own sentences: what it was written to say.
    pub own: Option<Told>,
    /// Deterministic number for splits.
    pub hash: u64,
}

/// How often each of the few sentences of what is easily misread is told.
const TIMES: usize = 6;

#[derive(Deserialize)]
struct ReviewLine {
    id: String,
    domain: String,
    negative: u8,
    text: String,
}

#[derive(Deserialize)]
struct LabelLine {
    id: String,
    domain: String,
    text: String,
    sentiment: Sentiment,
    causes: Vec<Cause>,
    severity: Severity,
    risks: Vec<Risk>,
    genuine: bool,
}

/// FNV-1a, so that splits are the same on every machine.
pub fn hash(text: &str) -> u64 {
    let h = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    });
    (h ^ (h >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 8
}

fn folded_hash(text: &str) -> u64 {
    let mut normal = Normal::default();
    normal.read(text);
    hash(&String::from_utf16_lossy(&normal.units))
}

/// Reads both files of `dir`; labelled rows that are also in the corpus become one row. The project's own sentences
/// come last, but for those kept out to measure with.
///
/// # Errors
/// What could not be opened or understood, with its line.
pub fn read(dir: &Path) -> Result<Vec<Row>, String> {
    let mut rows: Vec<Row> = Vec::new();
    let mut by_text: HashMap<String, usize> = HashMap::new();
    let path = dir.join("reviews.jsonl.gz");
    let file = File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    for (n, line) in BufReader::new(GzDecoder::new(file)).lines().enumerate() {
        let line = line.map_err(|e| format!("{}:{}: {e}", path.display(), n + 1))?;
        let r: ReviewLine =
            serde_json::from_str(&line).map_err(|e| format!("{}:{}: {e}", path.display(), n + 1))?;
        by_text.insert(r.text.clone(), rows.len());
        // The same words twice must not land on both sides of a split.
        let hash = folded_hash(&r.text);
        rows.push(Row {
            id: r.id,
            domain: r.domain,
            text: r.text,
            negative: Some(r.negative == 1),
            label: None,
            own: None,
            hash,
        });
    }
    let path = dir.join("labelled.jsonl");
    let file = File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    for (n, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|e| format!("{}:{}: {e}", path.display(), n + 1))?;
        let l: LabelLine =
            serde_json::from_str(&line).map_err(|e| format!("{}:{}: {e}", path.display(), n + 1))?;
        let label = Label {
            sentiment: l.sentiment,
            causes: l.causes,
            severity: l.severity,
            risks: l.risks,
            genuine: l.genuine,
        };
        match by_text.get(&l.text) {
            Some(&at) => rows[at].label = Some(label),
            None => {
                let hash = folded_hash(&l.text);
                rows.push(Row {
                    id: l.id,
                    domain: l.domain,
                    text: l.text,
                    negative: None,
                    label: Some(label),
                    own: None,
                    hash,
                });
            }
        }
    }
    let mut tell = |told: Told, text: &str| {
        rows.push(Row {
            id: String::new(),
            domain: String::new(),
            text: text.to_owned(),
            negative: match told {
                Told::Complaint => Some(true),
                Told::Praise => Some(false),
                _ => None,
            },
            label: None,
            own: Some(told),
            hash: folded_hash(text),
        });
    };
    let measured = own::sentences(own::SENTENCES)?;
    let measured = measured.into_iter().filter(|s| !s.2);
    for (risk, bears, _, text) in measured.chain(own::sentences(own::TAUGHT_SENTENCES)?) {
        tell(Told::Risk(risk, bears), text);
    }
    let measured = own::readings(own::READINGS)?;
    // English and other languages are not read by what is fitted here.
    let measured = measured
        .into_iter()
        .filter(|s| !s.2 && !matches!(s.0, "english" | "other"));
    for (_, told, _, text) in measured {
        (0..TIMES).for_each(|_| tell(told, text));
    }
    Ok(rows)
}
