//! `cargo xtask train` and `cargo xtask bench classify`: fitting the reader of reviews, and measuring it.

use crate::shell::{Outcome, cargo, command, go, root, target_dir};
use std::path::PathBuf;

/// A program of the classifier, with what only fitting needs.
fn tool(name: &str) -> std::process::Command {
    let mut cargo = cargo();
    cargo.args([
        "run",
        "--release",
        "--package",
        "amends-classify",
        "--features",
        "train",
        "--bin",
        name,
        "--",
    ]);
    cargo
}

/// Fits the weights and writes the model card; `--data DIR` names the folder of `reviews.jsonl.gz` and
/// `labelled.jsonl`.
pub fn train(args: &[String]) -> Outcome {
    go(tool("amends-train").args(args))
}

/// Accuracy beside SnowNLP and fastText on the same rows, own sentences per risk, scripts, and speed, in one run.
pub fn bench(args: &[String]) -> Outcome {
    let data = match args {
        [flag, dir] if flag == "--data" => PathBuf::from(dir),
        [] => root().join("../shared/data"),
        _ => return Err("usage: cargo xtask bench classify [--data DIR]".into()),
    };
    if !data.join("reviews.jsonl.gz").is_file() {
        return Err(format!(
            "{} has no reviews.jsonl.gz: name the folder with --data",
            data.display()
        ));
    }
    let venv = target_dir().join("classify-venv");
    let python = venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    if !python.is_file() {
        go(command("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    go(command(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "snownlp==0.12.3",
        "fasttext-wheel==0.9.2",
        "numpy<2",
    ]))?;
    go(tool("amends-eval")
        .arg("--data")
        .arg(&data)
        .args(["speed", "scripts", "risks", "others", "--python"])
        .arg(&python))
}
