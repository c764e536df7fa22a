//! `cargo xtask bench`: what a person waits for, measured on the release build and printed, never asserted.
//!
//! `--rows N` changes the size (100,000), `--only import|classify|report|window` measures one part, `--year DIR` keeps
//! the year that reports are made of in a folder, or finds it there. Everything runs the shipped programs: the import and
//! the classifier through the command line, pages and searches through the window's own calls, the start in a real
//! window.

use amends_tests::desktop::{Desktop, Home, Look};
use amends_tests::exports::{self, RARE_WORD};
use amends_tests::programs::{self, Cli};
use amends_tests::steps::skip_the_welcome;
use amends_tests::window::{Window, by};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let value = |option: &str| {
        let at = args.iter().position(|a| a == option)?;
        args.get(at + 1).cloned()
    };
    let size = value("--rows").and_then(|size| size.replace(['_', ','], "").parse().ok());
    let size: usize = size.unwrap_or(100_000);
    let only = value("--only");
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let build = if cfg!(debug_assertions) {
        "development build: these numbers mean little"
    } else {
        "release build"
    };
    println!("Amends 挽回, {build}, {size} rows, {}", machine());
    if wanted("import") {
        import(size);
    }
    if wanted("classify") {
        classify(size.min(50_000));
    }
    if wanted("report") {
        report(
            size,
            value("--year").map_or_else(Home::new, |folder| Home::at(folder.into())),
        );
    }
    if wanted("window") {
        window(size);
    }
}

/// Weeks of the year that reports are made of.
const WEEKS: usize = 52;

fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or(": unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    format!("{cores} cores, {}", name.trim_start_matches([' ', '\t', ':']))
}

/// A third complaints, as of the last three days: assessed, tickets opened, searchable.
fn import(size: usize) {
    let home = Home::new();
    let file = exports::write_gb18030(home.path(), "large.csv", &exports::many(exports::now(), size));
    let mib = fs::metadata(&file).map_or(0, |m| m.len()) as f64 / 1_048_576.0;
    let (secs, peak, result) = import_with_cli(&home.path().join("data"), &file);
    println!("\nimport ({mib:.1} MiB of GB18030)");
    println!(
        "  amends-cli import      {:>8.0} rows/s   {secs:.1} s, peak memory {peak} MiB, {} tickets",
        size as f64 / secs,
        result["tickets"]
    );
    watch(&home.path().join("data"));
    let (secs, peak, again) = import_with_cli(&home.path().join("data"), &file);
    println!(
        "  the same file again    {:>8.0} rows/s   {secs:.1} s, peak memory {peak} MiB, {} unchanged",
        size as f64 / secs,
        again["unchanged"]
    );
    peer_sqlite(&home, size);
}

/// The scheduler over all tickets of the import: the pass that finds everything late, and one that finds nothing.
fn watch(data: &Path) {
    let later = (exports::now() + chrono::Duration::hours(200)).to_rfc3339();
    let pass = |what: &str| {
        let begun = Instant::now();
        let ran = Cli::at(data, &later).run(&["serve", "--once"]);
        let ms = begun.elapsed().as_secs_f64() * 1000.0;
        println!(
            "  serve --once           {ms:>8.0} ms       {what} (exit {}, start of the program included)",
            ran.code
        );
    };
    pass("after 200 h without a look: every open deadline decided");
    pass("nothing new");
}

/// The database's own bulk loader: no assessment, no deadlines, no search.
fn peer_sqlite(home: &Home, size: usize) {
    let rows = exports::many(exports::now(), size);
    let file = exports::write_utf8_bom(home.path(), "peer.csv", &rows);
    let database = home.path().join("peer.db");
    let script = format!(
        "create table r (o text primary key, t text, u text, s integer, b text, p text, m text);\n\
         create index r_t on r (t);\ncreate index r_s on r (s);\n.mode csv\n.import --skip 1 {} r\n",
        file.display()
    );
    let begun = Instant::now();
    let name = database.to_string_lossy();
    if !feed("sqlite3", &[&*name], &script) {
        println!("  sqlite3 .import        not installed (apt-get install sqlite3)");
        return;
    }
    let secs = begun.elapsed().as_secs_f64();
    println!(
        "  sqlite3 .import        {:>8.0} rows/s   {secs:.1} s (a table and two indexes; reads nothing in the words)",
        size as f64 / secs
    );
    let begun = Instant::now();
    let like = format!("select count(*) from r where b like '%{RARE_WORD}%';");
    feed("sqlite3", &[&*name], &like);
    println!(
        "  sqlite3 like '%{RARE_WORD}%' {:>6.1} ms",
        begun.elapsed().as_secs_f64() * 1000.0
    );
    let begun = Instant::now();
    let _ = Command::new("grep")
        .args(["-c", RARE_WORD])
        .arg(&file)
        .stdout(Stdio::null())
        .status();
    println!(
        "  grep -c {RARE_WORD}          {:>6.1} ms",
        begun.elapsed().as_secs_f64() * 1000.0
    );
}

fn feed(program: &str, args: &[&str], words: &str) -> bool {
    let child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    if let Some(mut stdin) = child.stdin.take() {
        let _ = std::io::Write::write_all(&mut stdin, words.as_bytes());
    }
    child.wait().is_ok_and(|s| s.success())
}

fn import_with_cli(data: &Path, file: &Path) -> (f64, u64, Value) {
    let begun = Instant::now();
    let mut child = start_import(data, file);
    let mut peak = 0;
    while child.try_wait().expect("the import").is_none() {
        peak = peak.max(peak_memory_mib(child.id()));
        std::thread::sleep(Duration::from_millis(5));
    }
    let secs = begun.elapsed().as_secs_f64();
    let output = child.wait_with_output().expect("the import");
    assert!(
        output.status.success(),
        "the import failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    (
        secs,
        peak,
        serde_json::from_slice(&output.stdout).expect("its JSON"),
    )
}

fn start_import(data: &Path, file: &Path) -> Child {
    Command::new(programs::cli())
        .arg("--data")
        .arg(data)
        .arg("import")
        .arg(file)
        .arg("--json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("amends-cli")
}

fn peak_memory_mib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

/// The report of the last full week of a year, each time by a new program, and in a window that is open.
fn report(size: usize, home: Home) {
    let was_there = home.data().exists();
    if was_there {
        println!("\nreport over the reviews in {}", home.path().display());
    } else {
        live_a_year(size, &home);
    }
    for (what, format) in [
        ("JSON", "json"),
        ("PDF", "pdf"),
        ("Excel", "xlsx"),
        ("HTML", "html"),
    ] {
        let out = home.path().join(format!("week.{format}"));
        let mut waits: Vec<f64> = (0..3)
            .map(|_| {
                let begun = Instant::now();
                let ran = Cli::on(&home.data()).run(&[
                    "report",
                    "--format",
                    format,
                    "--out",
                    &out.display().to_string(),
                ]);
                assert_eq!(ran.code, 0, "{}", ran.stderr);
                begun.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        println!("  amends-cli report, {what:<16} {}", spread(&mut waits));
    }
    let desktop = Desktop::start();
    let window = desktop.open(home.path());
    if !was_there {
        skip_the_welcome(&window);
    }
    // A window that has just opened counts what is open; half a minute later it has done so.
    for (what, command, weeks, wait) in [
        ("weekly report in the window", "report_get", [1; 6], 0),
        ("another week", "report_get", [1, 2, 3, 4, 5, 6], 0),
        ("what customers said", "report_themes", [1; 6], 0),
        (
            "another week, half a minute later",
            "report_get",
            [8, 9, 10, 11, 12, 13],
            30,
        ),
    ] {
        std::thread::sleep(Duration::from_secs(wait));
        let mut waits = weeks.map(|weeks| {
            let day = exports::now() - chrono::Duration::weeks(weeks);
            let query = json!({ "query": { "kind": "weekly", "day": day.format("%Y-%m-%d").to_string() } });
            call(&window, command, &query)
        });
        println!("  {what:<34} {}", spread(&mut waits));
    }
    window.quit();
}

/// A year of reviews, a fifth of them complaints with tickets, as it was lived: each week's export came in when the week
/// was over, and most complaints were answered.
fn live_a_year(size: usize, home: &Home) {
    let mut rows = exports::a_year(exports::now(), size);
    for (n, row) in rows.iter_mut().enumerate().filter(|(_, row)| row.stars == 1) {
        if n % 3 != 0 {
            row.reply = "非常抱歉，我们马上核实。".into();
        }
    }
    rows.reverse();
    let begun = Instant::now();
    for week in rows.chunks(size.div_ceil(WEEKS).max(1)) {
        let file = exports::write_gb18030(home.path(), "week.csv", week);
        let over = week.last().map_or_else(exports::now, |row| row.posted) + chrono::Duration::minutes(1);
        let imported = Command::new(programs::cli())
            .arg("--data")
            .arg(home.data())
            .args(["--now", &over.to_rfc3339(), "import"])
            .arg(&file)
            .args(["--json", "--open-days", "8"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(imported.expect("amends-cli").success());
    }
    println!(
        "\nreport over {size} reviews of a year ({WEEKS} weekly imports in {:.0} s)",
        begun.elapsed().as_secs_f64()
    );
}

/// The difference of many lines and one line, so that starting and loading the weights do not count.
fn classify(count: usize) {
    let home = Home::new();
    let rows = exports::many(exports::now(), count);
    let lines: String = rows
        .iter()
        .map(|r| format!("{}\n", json!({ "id": r.order, "text": r.body, "stars": r.stars })))
        .collect();
    let one: String = lines.lines().take(1).map(|l| format!("{l}\n")).collect();
    let timed = |input: &str| {
        let begun = Instant::now();
        let ran = Cli::on(&home.path().join("data")).run_with(&["classify"], input);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        begun.elapsed().as_secs_f64()
    };
    let start = timed(&one);
    let all = timed(&lines);
    let characters: usize = rows.iter().map(|r| r.body.chars().count()).sum();
    println!(
        "\nclassification (JSON in, JSON out, {} characters a review)",
        characters / count.max(1)
    );
    println!(
        "  amends-cli classify    {:>8.0} reviews/s   start and weights {:.0} ms",
        count as f64 / (all - start),
        start * 1000.0
    );
}

fn window(size: usize) {
    let home = Home::new();
    let desktop = Desktop::start();
    let file = exports::write_gb18030(
        home.path(),
        "tickets.csv",
        &exports::complaints(exports::now(), size),
    );

    // The window is open and empty while a large file comes in beside it: is it alive?
    let window = desktop.open(home.path());
    skip_the_welcome(&window);
    let mut child = start_import(&home.data(), &file);
    let mut waits = Vec::new();
    while child.try_wait().expect("the import").is_none() {
        waits.push(call(&window, "inbox_page", &page("all", "")));
        std::thread::sleep(Duration::from_millis(50));
    }
    let tickets = call_for(&window, "inbox_page", &page("all", ""))["total"].clone();
    println!("\nwindow, {tickets} tickets");
    println!("  inbox page during that import      {}", spread(&mut waits));
    for (what, query) in [
        ("inbox page, nearest deadline", page("all", "")),
        ("inbox page, urgent view", page("urgent", "")),
        (
            &*format!("search {RARE_WORD} (in 1 of 7)"),
            page("all", RARE_WORD),
        ),
        ("search 第 (one character, in all)", page("all", "第")),
        ("search 前台说没有师傅", page("all", "前台说没有师傅")),
        ("search 第99999单 (one row)", page("all", "第99999单")),
    ] {
        let mut waits: Vec<f64> = (0..40).map(|_| call(&window, "inbox_page", &query)).collect();
        println!("  {what:<34} {}", spread(&mut waits));
    }
    let mut waits: Vec<f64> = (0..40)
        .map(|_| call(&window, "inbox_counts", &json!({})))
        .collect();
    println!("  view counts                        {}", spread(&mut waits));
    println!(
        "  peak memory of the program         {} MiB",
        window.peak_memory_mib()
    );
    window.quit();

    let mut starts: Vec<f64> = (0..5).map(|_| start(&desktop, &home, &by("inbox-row"))).collect();
    println!(
        "\nstart, {tickets} tickets, to the first row in the list\n  amends-desktop                 {}",
        spread(&mut starts)
    );
    let empty = programs::desktop()
        .with_file_name("examples")
        .join("empty_window");
    if empty.is_file() {
        let mut starts: Vec<f64> = (0..5)
            .map(|_| start_program(&desktop, &home, &empty, "body"))
            .collect();
        println!("  an empty Tauri window          {}", spread(&mut starts));
    }
}

fn page(view: &str, search: &str) -> Value {
    json!({ "query": { "view": view, "search": search, "tiers": [], "causes": [], "channels": [], "statuses": [], "cursor": null, "limit": 50 } })
}

/// Milliseconds of one call as the window makes it.
fn call(window: &Window, command: &str, args: &Value) -> f64 {
    let code = "
        const [command, args, done] = arguments; const begun = performance.now();
        window.__TAURI_INTERNALS__.invoke(command, args).then(() => done(performance.now() - begun), (e) => done(JSON.stringify(e)));";
    let answer = window.script_async(code, json!([command, args]));
    answer
        .as_f64()
        .unwrap_or_else(|| panic!("{command} failed: {answer}"))
}

fn call_for(window: &Window, command: &str, args: &Value) -> Value {
    let code = "const [command, args, done] = arguments; window.__TAURI_INTERNALS__.invoke(command, args).then(done, done);";
    window.script_async(code, json!([command, args]))
}

fn start(desktop: &Desktop, home: &Home, until: &str) -> f64 {
    start_program(desktop, home, &programs::desktop(), until)
}

fn start_program(desktop: &Desktop, home: &Home, program: &Path, until: &str) -> f64 {
    let begun = Instant::now();
    let window = desktop.open_program(home.path(), Look::Light, &[program.display().to_string()]);
    while !window.has(until) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let ms = begun.elapsed().as_secs_f64() * 1000.0;
    window.quit();
    ms
}

fn spread(ms: &mut [f64]) -> String {
    if ms.is_empty() {
        return "nothing measured".into();
    }
    ms.sort_by(f64::total_cmp);
    let at = |share: f64| ms[((ms.len() - 1) as f64 * share).round() as usize];
    format!(
        "median {:>7.1} ms   95 % {:>7.1} ms   worst {:>7.1} ms   ({} times)",
        at(0.5),
        at(0.95),
        at(1.0),
        ms.len()
    )
}
