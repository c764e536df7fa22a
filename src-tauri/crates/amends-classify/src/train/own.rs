//! The project's own sentences: per risk (`tests/fixtures/risks.txt`), and of what is easily misread
//! (`tests/fixtures/readings.txt`).

use super::measure::Hits;
use crate::{Classifier, Input, Scratch};
use amends_domain::{
    assessment::{Assessment, Language},
    words::{Risk, Sentiment, Severity},
};

/// Sentences of what is easily misread.
pub const READINGS: &str = include_str!("../../tests/fixtures/readings.txt");

/// Sentences that are only learned from, written like [`SENTENCES`].
pub const TAUGHT_SENTENCES: &str = include_str!("../../data/taught-risks.txt");

/// What one of the project's own sentences is known to say; nothing else is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Written for a risk, which it bears or only looks like.
    Risk(Risk, bool),
    /// A complaint.
    Complaint,
    /// No complaint.
    Praise,
    /// Praise with a complaint that must not be overlooked.
    Both,
    /// Speaks of a danger that did not happen.
    Unharmed,
    /// In a language that nothing here reads.
    Foreign,
}

impl Told {
    /// Whether an assessment says so, too.
    pub fn heard(self, a: &Assessment) -> bool {
        match self {
            Self::Risk(risk, bears) => a.risks.iter().any(|r| r.risk == risk) == bears,
            Self::Complaint => a.negative_probability > 0.5 && a.sentiment != Sentiment::Pos,
            Self::Praise => a.negative_probability < 0.5 && a.sentiment != Sentiment::Neg,
            Self::Both => a.sentiment != Sentiment::Pos && a.severity > Severity::None,
            Self::Unharmed => a.risks.is_empty() && a.severity < Severity::Severe,
            Self::Foreign => a.language == Language::Other && a.confidence <= 0.3,
        }
    }
}

/// The sentences of what is easily misread: section, what each says, whether it is kept out of training (every third of
/// a section), the text.
///
/// # Errors
/// The line that could not be read.
pub fn readings(source: &str) -> Result<Vec<(&str, Told, bool, &str)>, String> {
    let mut out = Vec::new();
    let (mut section, mut n) = ("", 0_usize);
    for line in source.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            (section, n) = (name, 0);
            continue;
        }
        let (told, text) = match line.split_once(' ') {
            Some(("+", text)) => (Told::Complaint, text),
            Some(("-", text)) => (Told::Praise, text),
            Some(("~", text)) => (Told::Both, text),
            Some(("?", text)) => (Told::Unharmed, text),
            Some(("!", text)) => (Told::Foreign, text),
            _ => return Err(format!("no sign before: {line}")),
        };
        out.push((section, told, n % 3 == 2, text));
        n += 1;
    }
    Ok(out)
}

/// How many sentences of a section were read right: those learned from, and those kept out.
#[derive(Debug)]
pub struct Misread {
    /// The section.
    pub section: String,
    /// Right and all of those learned from.
    pub open: [usize; 2],
    /// Right and all of those kept out.
    pub kept: [usize; 2],
    /// The wrong ones of those learned from.
    pub wrong: Vec<String>,
}

/// Reads the sentences of what is easily misread.
///
/// # Errors
/// As [`readings`].
pub fn misread(classifier: &Classifier, source: &str) -> Result<Vec<Misread>, String> {
    let mut out: Vec<Misread> = Vec::new();
    for (section, told, kept, text) in readings(source)? {
        if out.last().is_none_or(|m| m.section != section) {
            out.push(Misread {
                section: section.to_owned(),
                open: [0; 2],
                kept: [0; 2],
                wrong: Vec::new(),
            });
        }
        let Some(own) = out.last_mut() else { continue };
        let a = classifier.assess(&Input {
            text,
            ..Input::default()
        });
        let right = told.heard(&a);
        let counts = if kept { &mut own.kept } else { &mut own.open };
        counts[0] += usize::from(right);
        counts[1] += 1;
        if !right && !kept {
            own.wrong
                .push(format!("{text} ({:.2} {:?})", a.negative_probability, a.severity));
        }
    }
    Ok(out)
}

/// The sentences per risk.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::fold_word;
    use std::collections::HashSet;

    /// The sentences of the files, folded.
    fn folded(risks: &str, misread: &str) -> HashSet<Vec<u16>> {
        let risks = sentences(risks).unwrap().into_iter().map(|s| s.3);
        let misread = readings(misread).unwrap().into_iter().map(|s| s.3);
        risks.chain(misread).map(fold_word).collect()
    }

    #[test]
    fn what_is_only_taught_measures_nothing() {
        let taught = folded(TAUGHT_SENTENCES, "");
        let measured = folded(SENTENCES, READINGS);
        assert!(taught.len() > 200 && measured.len() > 1000);
        let both: Vec<String> = taught
            .intersection(&measured)
            .map(|s| String::from_utf16_lossy(s))
            .collect();
        assert!(both.is_empty(), "learned from and measured with: {both:?}");
    }
}
