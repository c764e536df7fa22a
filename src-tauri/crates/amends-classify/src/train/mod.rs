//! Fitting the shipped weights from the documented data, deterministically, and measuring them honestly.

pub mod build;
pub mod data;
pub mod fit;
pub mod linear;
pub mod measure;

use crate::Classifier;
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
            &build::build(rows, corpus, &rest, recipe, "held-out"),
            &held,
            &mut measure,
        );
    }
    measure
}

/// Builds a classifier without each domain and assesses that domain with it.
pub fn leave_domains_out(rows: &[Row], corpus: &fit::Corpus, recipe: &fit::Recipe) -> Vec<(String, Measure)> {
    let mut domains: Vec<&str> = rows.iter().map(|r| r.domain.as_str()).collect();
    domains.sort_unstable();
    domains.dedup();
    domains
        .iter()
        .map(|domain| {
            let (held, rest): (Vec<u32>, Vec<u32>) =
                (0..rows.len() as u32).partition(|&i| rows[i as usize].domain == *domain);
            let mut measure = Measure::default();
            hold_out(
                rows,
                &build::build(rows, corpus, &rest, recipe, "held-out"),
                &held,
                &mut measure,
            );
            ((*domain).to_owned(), measure)
        })
        .collect()
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

/// The bytes of the file of weights for a classifier built from the rows `among`.
///
/// # Errors
/// What could not be written.
pub fn shipped(
    rows: &[Row],
    corpus: &fit::Corpus,
    among: &[u32],
    recipe: &fit::Recipe,
) -> Result<Vec<u8>, String> {
    let classifier = build::build(rows, corpus, among, recipe, VERSION);
    classifier.to_bytes()
}

/// The layout and recipe of the weights; raise it when either changes.
pub const VERSION: &str = "amends-1";
