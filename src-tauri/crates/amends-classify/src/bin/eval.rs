//! Measures the classifier: `amends-eval --data DIR [rows|domains|speed]`.

use amends_classify::{
    Classifier, Input,
    train::{self, data, fit},
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
        .ok_or("usage: amends-eval --data DIR [rows|quick|domains|learn|patterns|risks [wrong]|speed]")?;
    let wants = |what: &str| args.iter().any(|a| a == what);
    let rows = data::read(&data_dir)?;
    let recipe = fit::Recipe::default();
    if wants("risks") {
        let source = include_str!("../../tests/fixtures/risks.txt");
        for own in train::own::measure(Classifier::shipped(), source)? {
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
    if wants("patterns") {
        for (line, [hits, right, doubtful, doubtful_right]) in train::try_patterns(&rows) {
            let short: String = line.chars().take(70).collect();
            println!("{hits:5} {right:5} right, doubtful {doubtful:4} {doubtful_right:4} right  {short}");
        }
    }
    if wants("learn") || wants("rows") || wants("quick") || wants("domains") {
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
            for domain in train::domains(&rows) {
                if value("--only").is_some_and(|only| !only.split(',').any(|d| d == domain)) {
                    continue;
                }
                let (m, plain) = train::leave_out(&rows, &corpus, &recipe, &domain);
                println!(
                    "without {domain}: polarity {:.4} (n-grams alone {plain:.4}), causes {:.4}, severity {:.4}",
                    m.polarity_accuracy(),
                    m.cause_f1(),
                    m.severity_accuracy()
                );
            }
        }
        if wants("learn") {
            for l in train::learning(&rows, &corpus, &recipe, &["书籍", "蒙牛"]) {
                println!("{l:?}");
            }
        }
        println!("took {:.1?}", start.elapsed());
    }
    if wants("speed") {
        let start = Instant::now();
        let classifier = Classifier::shipped();
        println!("loaded in {:.1?}", start.elapsed());
        // Several rounds, the fastest counts: other programs can only make a round slower.
        let mut scratch = amends_classify::Scratch::default();
        let mut best = f64::MAX;
        let mut spans = 0;
        for _ in 0..7 {
            let start = Instant::now();
            spans = 0;
            for row in rows.iter().step_by(4) {
                let input = Input {
                    text: &row.text,
                    ..Input::default()
                };
                spans += classifier.assess_in(&input, &mut scratch).evidence.len();
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!(
            "{:.0} reviews/s on one core, {spans} spans",
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
    Ok(())
}
