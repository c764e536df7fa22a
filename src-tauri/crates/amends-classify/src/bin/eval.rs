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
        .ok_or("usage: amends-eval --data DIR [rows|quick|domains|speed]")?;
    let wants = |what: &str| args.iter().any(|a| a == what);
    let rows = data::read(&data_dir)?;
    let recipe = fit::Recipe::default();
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
            for (domain, m) in train::leave_domains_out(&rows, &corpus, &recipe) {
                println!("without {domain}\n{}", m.report());
            }
        }
        println!("took {:.1?}", start.elapsed());
    }
    if wants("speed") {
        let start = Instant::now();
        let classifier = Classifier::shipped();
        println!("loaded in {:.1?}", start.elapsed());
        let start = Instant::now();
        let mut scratch = amends_classify::Scratch::default();
        let mut evidence = 0;
        for row in &rows {
            let input = Input {
                text: &row.text,
                ..Input::default()
            };
            evidence += classifier.assess_in(&input, &mut scratch).evidence.len();
        }
        let took = start.elapsed();
        println!(
            "{:.0} reviews/s, {evidence} spans",
            rows.len() as f64 / took.as_secs_f64()
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
