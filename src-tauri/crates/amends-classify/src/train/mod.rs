//! Fitting the shipped weights from the documented data, deterministically, and measuring them honestly.

pub mod build;
pub mod card;
pub mod data;
pub mod fit;
pub mod linear;
pub mod measure;
mod mix;
pub mod network;
pub mod own;

use crate::{Classifier, Correction, Personal};
use amends_domain::words::Sentiment;
use data::Row;
use measure::Measure;

/// Splits rows into `parts` by text, builds a classifier without each part and assesses that part with it.
/// With `only`, just that many parts are held out.
pub fn cross_validate(
    rows: &[Row],
    corpus: &fit::Corpus,
    recipe: &fit::Recipe,
    parts: u64,
    only: u64,
) -> Measure {
    let mut measure = Measure::default();
    for part in 0..only.min(parts) {
        let (held, rest): (Vec<u32>, Vec<u32>) =
            (0..rows.len() as u32).partition(|&i| rows[i as usize].hash % parts == part);
        hold_out(
            rows,
            &build::build(rows, corpus, &rest, recipe, "held-out", false).classifier,
            &held,
            &mut measure,
        );
    }
    measure
}

/// Every domain of the rows, in order.
pub fn domains(rows: &[Row]) -> Vec<String> {
    rows.iter()
        .filter(|r| r.own.is_none())
        .map(|r| r.domain.clone())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// Builds a classifier without a domain and assesses that domain with it; beside it the accuracy of polarity of the
/// n-gram model alone, the plain model to compare with.
pub fn leave_out(rows: &[Row], corpus: &fit::Corpus, recipe: &fit::Recipe, domain: &str) -> (Measure, f64) {
    let (held, rest): (Vec<u32>, Vec<u32>) =
        (0..rows.len() as u32).partition(|&i| rows[i as usize].domain == domain);
    let classifier = build::build(rows, corpus, &rest, recipe, "held-out", false).classifier;
    let mut measure = Measure::default();
    hold_out(rows, &classifier, &held, &mut measure);
    let mut scratch = crate::Scratch::default();
    let plain: Vec<(f32, bool)> = held
        .iter()
        .filter_map(|&i| {
            let row = &rows[i as usize];
            scratch.normal.read(&row.text);
            scratch.reading.read(&classifier.ngrams, &scratch.normal);
            let z = scratch.reading.logits[crate::heads::POLARITY];
            row.negative.map(|is| (crate::judge::sigmoid(z), is))
        })
        .collect();
    (measure, measure::accuracy(&plain))
}

fn hold_out(rows: &[Row], classifier: &Classifier, held: &[u32], measure: &mut Measure) {
    for &i in held {
        let row = &rows[i as usize];
        measure.add(
            row,
            &classifier.assess(&crate::Input {
                text: &row.text,
                ..crate::Input::default()
            }),
        );
    }
}

/// What training makes: the bytes of the file of weights and the model card.
///
/// # Errors
/// What could not be written.
pub fn shipped(
    rows: &[Row],
    corpus: &fit::Corpus,
    recipe: &fit::Recipe,
) -> Result<(Vec<u8>, String), String> {
    let among: Vec<u32> = (0..rows.len() as u32).collect();
    let mut built = build::build(rows, corpus, &among, recipe, VERSION, true);
    let bytes = built.classifier.to_bytes()?;
    let own = own::measure(&built.classifier, own::SENTENCES)?;
    built.families.push(card::Family {
        name: "**everything (shipped)**".to_owned(),
        measure: built.measure.clone(),
    });
    let card = card::write(rows, VERSION, bytes.len(), &built.families, &built.measure, &own);
    Ok((bytes, card))
}

/// The layout and recipe of the weights; raise it when either changes.
pub const VERSION: &str = "amends-2";

/// How corrections help on a domain the classifier was built without.
#[derive(Debug, Clone)]
pub struct Learning {
    /// The domain.
    pub domain: String,
    /// Corrections learned, accuracy of polarity on the domain's other reviews after them.
    pub steps: Vec<(usize, f64)>,
    /// Accuracy on the other reviews after as many random answers as the last step.
    pub contradicted: f64,
}

/// Builds a classifier without each of the `domains` and teaches it 20, 100 and 500 of the domain's own labels.
pub fn learning(rows: &[Row], corpus: &fit::Corpus, recipe: &fit::Recipe, domains: &[&str]) -> Vec<Learning> {
    domains
        .iter()
        .map(|domain| {
            let (mut held, rest): (Vec<u32>, Vec<u32>) =
                (0..rows.len() as u32).partition(|&i| rows[i as usize].domain == *domain);
            held.retain(|&i| rows[i as usize].negative.is_some());
            held.sort_by_key(|&i| rows[i as usize].hash.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let classifier = build::build(rows, corpus, &rest, recipe, "held-out", false).classifier;
            let taught = held.len().min(500) / 2 * 2;
            let taught = if held.len() < 700 { 100 } else { taught };
            let (lessons, test) = held.split_at(taught);
            let accuracy = |personal: &Personal| {
                let mut scratch = crate::Scratch::default();
                let right = test
                    .iter()
                    .filter(|&&i| {
                        let row = &rows[i as usize];
                        let input = crate::Input {
                            text: &row.text,
                            trade: Some(domain),
                            ..crate::Input::default()
                        };
                        let a = classifier.assess_with(&input, personal, &mut scratch);
                        (a.negative_probability > 0.5) == (row.negative == Some(true))
                    })
                    .count();
                right as f64 / test.len().max(1) as f64
            };
            let lesson = |i: u32, negative: bool| Correction {
                text: rows[i as usize].text.clone(),
                trade: Some((*domain).to_owned()),
                sentiment: Some(if negative { Sentiment::Neg } else { Sentiment::Pos }),
                ..Correction::default()
            };
            let mut personal = Personal::default();
            let mut steps = vec![(0, accuracy(&personal))];
            for (n, &i) in lessons.iter().enumerate() {
                personal.learn(&classifier, &lesson(i, rows[i as usize].negative == Some(true)));
                if [20, 50, 100, 200, 500].contains(&(n + 1)) {
                    steps.push((n + 1, accuracy(&personal)));
                }
            }
            let mut personal = Personal::default();
            for &i in lessons.iter().take(100) {
                personal.learn(&classifier, &lesson(i, rows[i as usize].hash >> 9 & 1 == 0));
            }
            Learning {
                domain: (*domain).to_owned(),
                steps,
                contradicted: accuracy(&personal),
            }
        })
        .collect()
}

/// Accuracy of polarity of the shipped classifier on the rows as they are, and with every simplified character written
/// as a traditional one.
pub fn in_both_scripts(rows: &[Row]) -> [f64; 2] {
    let mut table = std::collections::HashMap::new();
    for (traditional, simplified) in crate::normalise::traditional_characters() {
        table.entry(simplified).or_insert(traditional);
    }
    let mut scratch = crate::Scratch::default();
    let mut read = |text: &str| {
        let input = crate::Input {
            text,
            ..crate::Input::default()
        };
        Classifier::shipped()
            .assess_in(&input, &mut scratch)
            .negative_probability
    };
    let mut scored = [Vec::new(), Vec::new()];
    for row in rows {
        if let Some(negative) = row.negative {
            let converted: String = row.text.chars().map(|c| *table.get(&c).unwrap_or(&c)).collect();
            scored[0].push((read(&row.text), negative));
            scored[1].push((read(&converted), negative));
        }
    }
    scored.map(|rows| measure::accuracy(&rows))
}

/// How precise each risk pattern is on the labelled rows: its text, hits, of them right, and hits it leaves as
/// doubtful with how many of those are right.
pub fn try_patterns(rows: &[Row]) -> Vec<(String, [u32; 4])> {
    let patterns = crate::patterns::Patterns::shipped();
    let mut tried: Vec<(String, [u32; 4])> = patterns.describe().into_iter().map(|d| (d, [0; 4])).collect();
    let (mut normal, mut found) = (
        crate::normalise::Normal::default(),
        crate::patterns::Found::default(),
    );
    for row in rows {
        let Some(label) = &row.label else { continue };
        normal.read(&row.text);
        patterns.find(&normal.units, &mut found);
        for (at, (_, counts)) in tried.iter_mut().enumerate() {
            let own: Vec<_> = found
                .matches
                .iter()
                .filter(|m| usize::from(m.rule) == at)
                .collect();
            let Some(first) = own.first() else { continue };
            let place = if own.iter().all(|m| m.doubtful) { 2 } else { 0 };
            counts[place] += 1;
            counts[place + 1] += u32::from(label.risks.contains(&first.risk));
        }
    }
    tried
}
