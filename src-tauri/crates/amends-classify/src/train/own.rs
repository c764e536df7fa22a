//! The project's own sentences per risk (`tests/fixtures/risks.txt`).

use super::measure::Hits;
use crate::{Classifier, Input, Scratch};
use amends_domain::words::Risk;

/// The sentences.
pub const SENTENCES: &str = include_str!("../../tests/fixtures/risks.txt");

/// Recall and precision per risk, on the sentences that patterns may be written from and on those kept out of it, and
/// the sentences of the first kind that went wrong.
#[derive(Debug)]
pub struct Own {
    /// The risk.
    pub risk: Risk,
    /// Sentences that patterns may be written from.
    pub open: Hits,
    /// Sentences kept out.
    pub kept: Hits,
    /// Open sentences that went wrong.
    pub wrong: Vec<String>,
}

/// Reads `[risk]` sections of `+` and `-` sentences; every third of a kind is kept out.
///
/// # Errors
/// The line that could not be read.
pub fn sentences(source: &str) -> Result<Vec<(Risk, bool, bool, &str)>, String> {
    let mut out = Vec::new();
    let mut section = None;
    let mut count = [0_usize; 2];
    for line in source.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = Some(name.parse::<Risk>().map_err(|e| e.to_string())?);
            count = [0; 2];
            continue;
        }
        let (is, text) = match line.split_once(' ') {
            Some(("+", text)) => (true, text),
            Some(("-", text)) => (false, text),
            _ => return Err(format!("neither + nor -: {line}")),
        };
        let n = &mut count[usize::from(is)];
        out.push((
            section.ok_or("a sentence before its section")?,
            is,
            *n % 3 == 2,
            text,
        ));
        *n += 1;
    }
    Ok(out)
}

/// Assesses them all.
///
/// # Errors
/// As [`sentences`].
pub fn measure(classifier: &Classifier, source: &str) -> Result<Vec<Own>, String> {
    let sentences = sentences(source)?;
    let mut scratch = Scratch::default();
    Ok(Risk::ALL
        .iter()
        .map(|&risk| {
            let mut own = Own {
                risk,
                open: Hits::default(),
                kept: Hits::default(),
                wrong: Vec::new(),
            };
            for &(_, is, kept, text) in sentences.iter().filter(|s| s.0 == risk) {
                let a = classifier.assess_in(
                    &Input {
                        text,
                        ..Input::default()
                    },
                    &mut scratch,
                );
                let said = a.risks.iter().any(|r| r.risk == risk);
                if kept { &mut own.kept } else { &mut own.open }.add(said, is);
                if said != is && !kept {
                    own.wrong.push(format!("{} {text}", if is { '+' } else { '-' }));
                }
            }
            own
        })
        .collect())
}
