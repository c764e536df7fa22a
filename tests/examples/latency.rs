//! How long the core takes for a page of the inbox, a search, the counts, today and the weekly reports on an existing
//! data folder, without the window: `cargo run --release -p amends-tests --example latency -- [--alerts] DATA WORDS…`
//!
//! With `--alerts` what happens by itself goes on beside, as in the window: after a big import that is the first look
//! at every ticket.

use amends_app::{
    App, NobodyWatching, Setup, SystemClock,
    dto::{InboxQuery, ReportQuery, View},
    inbox, reports, scheduler, today,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// As the programs have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RUNS: usize = 31;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let beside_alerts = arguments.next_if(|word| word == "--alerts").is_some();
    let folder = arguments.next().expect("a data folder").into();
    let setup = Setup {
        folder,
        clock: Arc::new(SystemClock),
        notifier: Arc::new(NobodyWatching),
    };
    let app = App::open(setup).await.expect("the data folder opens");
    if beside_alerts {
        tokio::spawn(scheduler::run(app.clone(), CancellationToken::new()));
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    let mut searches: Vec<String> = arguments.collect();
    searches.insert(0, String::new());
    for words in searches {
        let mut times = Vec::with_capacity(RUNS);
        let mut total = 0;
        for _ in 0..RUNS {
            let started = Instant::now();
            total = inbox::page(&app, &query(&words)).await.expect("a page").total;
            times.push(started.elapsed());
        }
        times.sort();
        let what = if words.is_empty() {
            "page without search"
        } else {
            &words
        };
        println!(
            "{what}: median {:.1?}, slowest {:.1?}, {total} found",
            times[RUNS / 2],
            times[RUNS - 1]
        );
    }
    let started = Instant::now();
    inbox::counts(&app).await.expect("counts");
    println!("counts: {:.1?}", started.elapsed());
    let started = Instant::now();
    today::get(&app).await.expect("today");
    println!("today: {:.1?}", started.elapsed());
    let newest = ReportQuery::default();
    let mut day: chrono::NaiveDate = report(&app, &newest, "newest week").await;
    report(&app, &newest, "again").await;
    for what in ["a week before", "another", "another", "a season before"] {
        day -= chrono::Duration::weeks(if what == "a season before" { 12 } else { 1 });
        let query = ReportQuery {
            day: Some(day.to_string()),
            ..newest.clone()
        };
        report(&app, &query, what).await;
    }
}

/// Counts a report and tells how long it took; its first day.
async fn report(app: &App, query: &ReportQuery, what: &str) -> chrono::NaiveDate {
    let started = Instant::now();
    let report = reports::get(app, query).await.expect("a report");
    println!("weekly report, {what}: {:.1?}", started.elapsed());
    report.from_day.parse().expect("a day")
}

fn query(words: &str) -> InboxQuery {
    InboxQuery {
        view: View::All,
        search: words.to_owned(),
        limit: 50,
        ..InboxQuery::default()
    }
}
