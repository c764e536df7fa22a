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

use crate::{Classifier, Correction, Personal, patterns::Topic};
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
            &build::build(rows, corpus, &rest, recipe, "held-out").classifier,
            &held,
            &mut measure,
        );
    }
    measure
}

/// A trade that the classifier was built without.
#[derive(Debug, Clone)]
pub struct NewTrade {
    /// The trade.
    pub domain: String,
    /// Everything, on its reviews.
    pub measure: Measure,
    /// Accuracy of polarity of the n-gram model alone: the plain model to compare with.
    pub plain: f64,
    /// What corrections taught.
    pub learning: Learning,
}

/// How corrections help on a trade the classifier was built without.
#[derive(Debug, Clone)]
pub struct Learning {
    /// Corrections learned, and accuracy of polarity after them on reviews that were not among them.
    pub steps: Vec<(usize, f64)>,
    /// That accuracy after a hundred answers thrown like dice.
    pub contradicted: f64,
}

/// Reads each trade with a classifier built without it, and teaches that the trade's own labels.
pub fn new_trades(rows: &[Row], corpus: &fit::Corpus, built: &build::Built) -> Vec<NewTrade> {
    build::on_two_cores(&built.without(rows, corpus), |(trade, classifier)| {
        let held: Vec<u32> = (0..rows.len() as u32)
            .filter(|&i| corpus.trades[i as usize] == *trade)
            .collect();
        let mut measure = Measure::default();
        hold_out(rows, classifier, &held, &mut measure);
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
        NewTrade {
            domain: rows[held[0] as usize].domain.clone(),
            measure,
            plain: measure::accuracy(&plain),
            learning: teach(rows, classifier, &held),
        }
    })
}

/// Draws of lessons that are averaged: a hundred reviews differ much from another hundred.
const DRAWS: u64 = 3;

/// Teaches a classifier labels of the rows `held`, which are of one trade.
fn teach(rows: &[Row], classifier: &Classifier, held: &[u32]) -> Learning {
    let mut steps = vec![(0, 0.0), (20, 0.0), (100, 0.0)];
    let mut contradicted = 0.0;
    for draw in 0..DRAWS {
        let mut held: Vec<u32> = held
            .iter()
            .copied()
            .filter(|&i| rows[i as usize].negative.is_some())
            .collect();
        held.sort_by_key(|&i| (rows[i as usize].hash ^ draw).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (lessons, test) = held.split_at(100.min(held.len() / 2));
        let accuracy = |personal: &Personal| {
            let mut scratch = crate::Scratch::default();
            let read: Vec<(f32, bool)> = test
                .iter()
                .map(|&i| {
                    let row = &rows[i as usize];
                    let input = crate::Input {
                        text: &row.text,
                        trade: Some(&row.domain),
                        ..crate::Input::default()
                    };
                    let a = classifier.assess_with(&input, personal, &mut scratch);
                    (a.negative_probability, row.negative == Some(true))
                })
                .collect();
            measure::accuracy(&read) / DRAWS as f64
        };
        let lesson = |i: u32, negative: bool| Correction {
            text: rows[i as usize].text.clone(),
            trade: Some(rows[i as usize].domain.clone()),
            sentiment: Some(if negative { Sentiment::Neg } else { Sentiment::Pos }),
            ..Correction::default()
        };
        let mut personal = Personal::default();
        steps[0].1 += accuracy(&personal);
        for (n, &i) in lessons.iter().enumerate() {
            personal.learn(classifier, &lesson(i, rows[i as usize].negative == Some(true)));
            for (_, reached) in steps.iter_mut().filter(|s| s.0 == n + 1) {
                *reached += accuracy(&personal);
            }
        }
        let mut personal = Personal::default();
        for &i in lessons {
            personal.learn(classifier, &lesson(i, rows[i as usize].hash >> 9 & 1 == 0));
        }
        contradicted += accuracy(&personal);
    }
    Learning { steps, contradicted }
}

fn hold_out(rows: &[Row], classifier: &Classifier, held: &[u32], measure: &mut Measure) {
    for row in held
        .iter()
        .map(|&i| &rows[i as usize])
        .filter(|r| r.own.is_none())
    {
        measure.add(
            row,
            &classifier.assess(&crate::Input {
                text: &row.text,
                ..crate::Input::default()
            }),
        );
    }
}

/// Fits the shipped weights and hands them to `save` with the model card: as soon as there are any, and again once the
/// card has all its tables, which takes longer than the weights.
///
/// # Errors
/// What could not be fitted or written.
pub fn shipped(
    rows: &[Row],
    corpus: &fit::Corpus,
    recipe: &fit::Recipe,
    save: impl Fn(&[u8], &str) -> Result<(), String>,
) -> Result<(), String> {
    let among: Vec<u32> = (0..rows.len() as u32).collect();
    let built = build::build(rows, corpus, &among, recipe, VERSION);
    let bytes = built.classifier.to_bytes()?;
    let whole = card::Family {
        name: "**everything (shipped)**".to_owned(),
        measure: built.measure.clone(),
    };
    let mut card = card::Card {
        rows,
        version: VERSION,
        bytes: bytes.len(),
        families: vec![whole],
        shipped: &built.measure,
        trades: Vec::new(),
        load: measure::load_time(&bytes)?,
        own: own::measure(&built.classifier, own::SENTENCES)?,
        misread: own::misread(&built.classifier, own::READINGS)?,
    };
    save(&bytes, &card.write())?;
    card.families.splice(0..0, built.families(rows, &among));
    save(&bytes, &card.write())?;
    card.trades = new_trades(rows, corpus, &built);
    save(&bytes, &card.write())
}

/// The layout and recipe of the weights; raise it when either changes.
pub const VERSION: &str = "amends-6";

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
    for row in rows.iter().filter(|r| r.own.is_none()) {
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
            let right = matches!(first.about, Topic::Risk(risk) if label.risks.contains(&risk));
            counts[place + 1] += u32::from(right);
        }
    }
    tried
}
