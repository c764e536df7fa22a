//! Fits the shipped weights: `amends-train --data DIR [--out FILE]`.

use amends_classify::train::{self, data, fit};
use std::path::{Path, PathBuf};

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|at| args.get(at + 1))
            .map(PathBuf::from)
    };
    let data_dir = value("--data").ok_or("usage: amends-train --data DIR [--out FILE]")?;
    let out = value("--out")
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("weights/amends.weights"));
    let rows = data::read(&data_dir)?;
    let recipe = fit::Recipe::default();
    let corpus = fit::Corpus::build(&rows, recipe.least_texts);
    let everything: Vec<u32> = (0..rows.len() as u32).collect();
    let (bytes, measure) = train::shipped(&rows, &corpus, &everything, &recipe)?;
    std::fs::write(&out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
    println!(
        "{} rows, {} n-grams looked at, {} bytes written to {}",
        rows.len(),
        corpus.keys.len(),
        bytes.len(),
        out.display()
    );
    println!("{}", measure.report());
    Ok(())
}
