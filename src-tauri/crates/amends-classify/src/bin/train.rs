//! Fits the shipped weights and writes the model card: `amends-train --data DIR [--out FILE] [--card FILE]`.

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
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data_dir = value("--data").ok_or("usage: amends-train --data DIR [--out FILE] [--card FILE]")?;
    let out = value("--out").unwrap_or_else(|| here.join("weights/amends.weights"));
    let card = value("--card").unwrap_or_else(|| here.join("../../../docs/model-card.md"));
    let rows = data::read(&data_dir)?;
    let recipe = fit::Recipe::default();
    let corpus = fit::Corpus::build(&rows, recipe.least_texts);
    train::shipped(&rows, &corpus, &recipe, |bytes, text| {
        for (path, content) in [(&out, bytes), (&card, text.as_bytes())] {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            }
            std::fs::write(path, content).map_err(|e| format!("{}: {e}", path.display()))?;
            println!("{} bytes written to {}", content.len(), path.display());
        }
        Ok(())
    })
}
