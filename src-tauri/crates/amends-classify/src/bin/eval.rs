//! Measures the classifier: `amends-eval --data DIR [rows|domains|speed]`.

use amends_classify::{
    Classifier, Input,
    train::{
        self, build, data, fit,
        measure::{cpu_seconds, resident},
    },
};
use std::{path::PathBuf, time::Instant};

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|at| args.get(at + 1))
    };
    let data_dir = value("--data")
        .map(PathBuf::from)
        .ok_or("usage: amends-eval --data DIR [rows|quick|domains|patterns|risks [wrong]|misread [wrong]|others [--python EXE]|scripts|speed]")?;
    let wants = |what: &str| args.iter().any(|a| a == what);
    let rows = data::read(&data_dir)?;
    let recipe = fit::Recipe::default();
    // First, while nothing has been loaded yet.
    if wants("speed") {
        let (before, start) = (resident(), cpu_seconds());
        let classifier = Classifier::shipped();
        classifier.assess(&Input {
            text: "味道不错",
            ..Input::default()
        });
        let took = (cpu_seconds() - start) * 1e3;
        println!("ready to read in {took:.1} ms of processor time");
        if let Some((before, after)) = before.zip(resident()) {
            println!(
                "{:.1} MiB more in memory, the embedded file included",
                after - before
            );
        }
        // Several rounds, the fastest counts: other programs can only make a round slower.
        let mut scratch = amends_classify::Scratch::default();
        let mut best = f64::MAX;
        let mut spans = 0;
        for _ in 0..7 {
            let start = cpu_seconds();
            spans = 0;
            for row in rows.iter().step_by(4) {
                let input = Input {
                    text: &row.text,
                    ..Input::default()
                };
                spans += classifier.assess_in(&input, &mut scratch).evidence.len();
            }
            best = best.min(cpu_seconds() - start);
        }
        println!(
            "{:.0} reviews/s of processor time on one core, {spans} spans",
            rows.len().div_ceil(4) as f64 / best
        );
        let read: Vec<_> = rows
            .iter()
            .map(|r| {
                classifier.assess(&Input {
                    text: &r.text,
                    ..Input::default()
                })
            })
            .collect();
        let (urgent, tickets) = train::measure::urgent_share(&read);
        println!(
            "urgent {urgent} of {tickets} tickets: {:.2} %",
            100.0 * urgent as f64 / tickets as f64
        );
    }
    if wants("others") {
        beside_others(
            &rows,
            &recipe,
            value("--python").map_or("python3", String::as_str),
        )?;
    }
    if wants("risks") {
        for own in train::own::measure(Classifier::shipped(), train::own::SENTENCES)? {
            println!(
                "{}: open recall {:.3} precision {:.3}, kept out recall {:.3} precision {:.3}",
                own.risk,
                own.open.recall(),
                own.open.precision(),
                own.kept.recall(),
                own.kept.precision()
            );
            if wants("wrong") {
                own.wrong.iter().for_each(|w| println!("   {w}"));
            }
        }
    }
    if wants("misread") {
        for m in train::own::misread(Classifier::shipped(), train::own::READINGS)? {
            let ([right, all], [kept_right, kept]) = (m.open, m.kept);
            println!("{}: {right} of {all}, kept out {kept_right} of {kept}", m.section);
            if wants("wrong") {
                m.wrong.iter().for_each(|w| println!("   {w}"));
            }
        }
    }
    if wants("scripts") {
        let [simplified, traditional] = train::in_both_scripts(&rows);
        println!(
            "polarity {simplified:.4}, the same reviews in traditional script {traditional:.4} (shipped weights, seen in training)"
        );
    }
    if wants("patterns") {
        for (line, [hits, right, doubtful, doubtful_right]) in train::try_patterns(&rows) {
            let short: String = line.chars().take(70).collect();
            println!("{hits:5} {right:5} right, doubtful {doubtful:4} {doubtful_right:4} right  {short}");
        }
    }
    if wants("rows") || wants("quick") || wants("domains") {
        let corpus = fit::Corpus::build(&rows, recipe.least_texts);
        let start = Instant::now();
        if wants("quick") {
            println!(
                "{}",
                train::cross_validate(&rows, &corpus, &recipe, 5, 2).report()
            );
        }
        if wants("rows") {
            println!(
                "{}",
                train::cross_validate(&rows, &corpus, &recipe, 5, 5).report()
            );
        }
        if wants("domains") {
            let all: Vec<u32> = (0..rows.len() as u32).collect();
            let built = build::build(&rows, &corpus, &all, &recipe, "all");
            println!("{}", built.measure.report());
            for t in train::new_trades(&rows, &corpus, &built) {
                println!(
                    "without {}: polarity {:.4} (n-grams alone {:.4}), causes {:.4}, severity {:.4}; {:?}",
                    t.domain,
                    t.measure.polarity_accuracy(),
                    t.plain,
                    t.measure.cause_f1(),
                    t.measure.severity_accuracy(),
                    t.learning
                );
            }
        }
        println!("took {:.1?}", start.elapsed());
    }
    Ok(())
}

/// Polarity on a fifth of the rows of this classifier, built on the rest, beside SnowNLP and fastText in one run.
fn beside_others(rows: &[data::Row], recipe: &fit::Recipe, python: &str) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("amends-others-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let mut lines = [String::new(), String::new()];
    for row in rows.iter().filter(|r| r.own.is_none()) {
        if let Some(negative) = row.negative {
            let line = &mut lines[usize::from(row.hash % 5 == 0)];
            line.push_str(&serde_json::json!({ "negative": negative, "text": row.text }).to_string());
            line.push('\n');
        }
    }
    for (name, content) in ["train.jsonl", "test.jsonl"].iter().zip(&lines) {
        std::fs::write(folder.join(name), content).map_err(|e| e.to_string())?;
    }
    let corpus = fit::Corpus::build(rows, recipe.least_texts);
    let start = cpu_seconds();
    let own = train::cross_validate(rows, &corpus, recipe, 5, 1);
    println!(
        "Amends: polarity accuracy {:.4}, built in {:.0} s",
        own.polarity_accuracy(),
        cpu_seconds() - start
    );
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/others.py");
    let status = std::process::Command::new(python)
        .arg(script)
        .arg(&folder)
        .status();
    let _ = std::fs::remove_dir_all(&folder);
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{python} {script}: {status}")),
        Err(e) => Err(format!("{python}: {e}")),
    }
}
