//! Prints what the importer makes of a file: `cargo run -p amends-ingest --example look -- FILE`.
#![allow(
    clippy::unwrap_used,
    reason = "an example that cannot open its file should stop there"
)]

use amends_ingest::{Item, Options, inspect, read};
use std::{fs::File, ops::ControlFlow, time::UNIX_EPOCH};

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut file = File::open(&path).unwrap();
    let now = file
        .metadata()
        .unwrap()
        .modified()
        .unwrap()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis() as i64;
    let options = Options::default();
    let plan = match inspect(&path, &mut file, &options, now) {
        Ok(plan) => plan,
        Err(e) => return println!("{}: {}", e.code(), e.message_zh()),
    };
    println!(
        "{} {:?} {:?} sheet={:?} profile={} channel={} certain={} header={} preamble={} scale={:?} zone={} order={:?} ~{:?}",
        plan.format.label_zh(),
        plan.encoding,
        plan.delimiter,
        plan.sheet,
        plan.profile,
        plan.channel,
        plan.channel_certain,
        plan.header_row,
        plan.preamble_rows,
        plan.scale,
        plan.zone,
        plan.date_order,
        plan.rows_estimate
    );
    for column in &plan.columns {
        println!(
            "  {:>2} {:<24} {:?} {:?}",
            column.index,
            column.header,
            column.field,
            column.samples.first()
        );
    }
    plan.questions
        .iter()
        .for_each(|q| println!("? {}", q.message_zh()));
    plan.warnings
        .iter()
        .for_each(|w| println!("! {}", w.message_zh()));
    let mut first = None;
    let summary = read(&plan, &options, &mut file, now, &mut |item| {
        match item {
            Item::Review(review) if first.is_none() => first = Some(review),
            Item::Rejected(row) => println!("- {}", row.message_zh()),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    match summary {
        Ok(summary) => {
            summary
                .warnings
                .iter()
                .for_each(|w| println!("! {}", w.message_zh()));
            println!(
                "read {} rejected {} footers {}",
                summary.read, summary.rejected, summary.footers
            );
        }
        Err(e) => println!("{}: {}", e.code(), e.message_zh()),
    }
    println!("{first:#?}");
}
