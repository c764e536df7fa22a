//! The command line as scripts and other programs use it.

use amends_tests::desktop::Home;
use amends_tests::exports::{self, Row, URGENT};
use amends_tests::programs::{Cli, shared_export};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

type Write = fn(&Path, &str, &[Row]) -> PathBuf;

#[test]
fn every_common_encoding_of_one_export_gives_the_same_reviews_without_a_question() {
    let now = exports::now();
    let rows = exports::a_morning(now);
    let writers: [(Write, &str); 3] = [
        (exports::write_utf8_bom, "utf-8"),
        (exports::write_gb18030, "gb18030"),
        (exports::write_utf16le_tabs, "utf-16le"),
    ];
    for (write, encoding) in writers {
        let home = Home::new();
        let file = write(home.path(), "morning.csv", &rows);
        let cli = Cli::on(&home.path().join("data"));
        let result = cli.import(&file, &[]);
        assert_eq!(result["read"], 12, "{encoding}: {result}");
        assert_eq!(result["new"], 12, "{encoding}: {result}");
        assert_eq!(result["rejected"], 0, "{encoding}: {result}");
        assert_eq!(result["urgent"], 1, "{encoding}: {result}");
        assert_eq!(result["history"], 0, "{encoding}: {result}");
        let found = result["encoding"].as_str().unwrap_or_default().to_lowercase();
        assert!(found.starts_with(encoding), "{encoding} was taken for {found}");
        let keys = ["updated", "unchanged", "tickets", "format", "warnings"];
        assert!(keys.iter().all(|k| result.get(k).is_some()), "{result}");
    }
}

#[test]
fn a_workbook_with_a_title_above_its_header_and_verdicts_for_stars_comes_in_whole() {
    let home = Home::new();
    let file = exports::write_xlsx(home.path(), "morning.xlsx", &exports::a_morning(exports::now()));
    let cli = Cli::on(&home.path().join("data"));
    let result = cli.import(&file, &[]);
    assert_eq!(
        (&result["new"], &result["rejected"]),
        (&json!(12), &json!(0)),
        "{result}"
    );
    assert_eq!(
        (&result["urgent"], &result["format"]),
        (&json!(1), &json!("xlsx")),
        "{result}"
    );
    assert_eq!(result["history"], 0, "its dates are read as dates: {result}");
}

#[test]
fn the_same_file_again_changes_nothing() {
    let home = Home::new();
    let file = exports::write_gb18030(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    let cli = Cli::on(&home.path().join("data"));
    cli.import(&file, &[]);
    let before = cli.tickets("all");
    let again = cli.import(&file, &[]);
    assert_eq!(
        (&again["new"], &again["updated"], &again["tickets"]),
        (&json!(0), &json!(0), &json!(0)),
        "{again}"
    );
    assert_eq!(again["unchanged"], 12, "{again}");
    let ids = |tickets: &[Value]| tickets.iter().map(|t| t["id"].to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&cli.tickets("all")));
}

#[test]
fn old_reviews_come_in_as_history_unless_asked_for() {
    let now = exports::now();
    let mut rows = exports::rows(now, 10, 30);
    for row in &mut rows {
        row.posted -= chrono::Duration::hours(100);
        row.body = format!("{}{}", row.body, "真的很差，要求退款。");
        row.stars = 1;
    }
    let home = Home::new();
    let file = exports::write_utf8_bom(home.path(), "old.csv", &rows);
    let result = Cli::on(&home.path().join("history")).import(&file, &[]);
    assert_eq!(
        (&result["history"], &result["tickets"]),
        (&json!(10), &json!(0)),
        "{result}"
    );
    let result = Cli::on(&home.path().join("opened")).import(&file, &["--open-days", "7"]);
    assert_eq!(result["history"], 0, "{result}");
    assert!(result["tickets"].as_u64().unwrap_or(0) >= 8, "{result}");
}

#[test]
fn tickets_come_with_the_nearest_deadline_first_and_say_why() {
    let home = Home::new();
    let file = exports::write_utf8_bom(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    let cli = Cli::on(&home.path().join("data"));
    cli.import(&file, &[]);
    let tickets = cli.tickets("all");
    let first = tickets.first().expect("tickets were opened");
    assert_eq!(first["tier"], "urgent", "{first}");
    for key in [
        "id", "number", "tier", "state", "clocks", "causes", "severity", "risks", "rule",
    ] {
        assert!(first.get(key).is_some(), "a ticket has {key}: {first}");
    }
    assert!(first["risks"].to_string().contains("health"), "{first}");
    let urgent = cli.tickets("urgent");
    assert_eq!(urgent.len(), 1);
}

#[test]
fn a_verified_store_is_consistent() {
    let home = Home::new();
    let file = exports::write_utf8_bom(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    let cli = Cli::on(&home.path().join("data"));
    cli.import(&file, &[]);
    let verified = cli.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
}

#[test]
fn classification_answers_line_by_line_with_offsets_in_unicode_scalars() {
    let home = Home::new();
    let lines = [
        json!({ "id": "a", "text": URGENT, "stars": 1 }),
        json!({ "id": "b", "text": "味道很好，送得也快，全家都爱吃👍" }),
        json!({ "id": "c", "text": "" }),
    ];
    let input: String = lines.iter().map(|l| format!("{l}\n")).collect();
    let ran = Cli::on(&home.path().join("data")).run_with(&["classify"], &input);
    let answers = ran.lines();
    assert_eq!(answers.len(), 3, "{}", ran.stderr);
    let ids: Vec<&str> = answers.iter().filter_map(|a| a["id"].as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(answers[0]["sentiment"], "neg", "{}", answers[0]);
    assert_eq!(answers[0]["severity"], "severe", "{}", answers[0]);
    assert_eq!(answers[1]["sentiment"], "pos", "{}", answers[1]);
    for key in [
        "negative_probability",
        "causes",
        "risks",
        "genuine",
        "confidence",
        "evidence",
    ] {
        assert!(
            answers[0].get(key).is_some(),
            "an answer has {key}: {}",
            answers[0]
        );
    }
    let length = URGENT.chars().count() as u64;
    let evidence = answers[0]["evidence"].as_array().expect("evidence");
    assert!(!evidence.is_empty(), "{}", answers[0]);
    for span in evidence {
        let (start, end) = (
            span["start"].as_u64().unwrap_or(u64::MAX),
            span["end"].as_u64().unwrap_or(0),
        );
        assert!(
            start < end && end <= length,
            "{span} lies inside the {length} scalars of the text"
        );
    }
}

#[test]
fn what_is_no_export_gets_a_clear_chinese_sentence_and_nothing_is_written() {
    let home = Home::new();
    let cli = Cli::on(&home.path().join("data"));
    let files: [(&str, &[u8]); 4] = [
        ("empty.csv", b""),
        (
            "picture.csv",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89",
        ),
        ("cut.xlsx", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0b\xee\x9dh"),
        ("words.csv", "这不是表格，只是一段话。".as_bytes()),
    ];
    for (name, bytes) in files {
        let file = home.path().join(name);
        std::fs::write(&file, bytes).expect("a file");
        let ran = cli.run(&["import", &file.display().to_string(), "--json"]);
        assert_ne!(ran.code, 0, "{name} must be refused: {}", ran.stdout);
        let words = format!("{}{}", ran.stdout, ran.stderr);
        assert!(
            words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
            "{name}: a Chinese sentence: {words}"
        );
        assert!(!words.contains("panicked"), "{name}: {words}");
    }
    assert_eq!(cli.tickets("all").len(), 0);
}

#[test]
fn the_four_shared_exports_come_in_without_a_question() {
    let exports = [
        ("takeaway_gb18030.csv", 300),
        ("marketplace.xlsx", 300),
        ("hotel_utf8bom.csv", 200),
        ("store_utf16le.csv", 60),
    ];
    for (name, reviews) in exports {
        let Some(file) = shared_export(name) else { continue };
        let home = Home::new();
        let cli = Cli::at(&home.path().join("data"), "2026-11-22T02:00:00Z");
        let result = cli.import(&file, &["--open-days", "3650"]);
        assert_eq!(
            (&result["new"], &result["rejected"]),
            (&json!(reviews), &json!(0)),
            "{name}: {result}"
        );
        assert!(result["tickets"].as_u64().unwrap_or(0) > 0, "{name}: {result}");
        let again = cli.import(&file, &["--open-days", "3650"]);
        assert_eq!(
            (&again["new"], &again["updated"]),
            (&json!(0), &json!(0)),
            "{name} again: {again}"
        );
        assert_eq!(cli.run(&["verify"]).code, 0, "{name}: the store is consistent");
    }
}

#[cfg(unix)]
#[test]
fn serve_watches_without_a_window_and_ends_cleanly_when_asked() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let home = Home::new();
    let data = home.path().join("data");
    let file = exports::write_gb18030(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    let cli = Cli::on(&data);
    cli.import(&file, &[]);
    assert_eq!(cli.run(&["serve", "--once"]).code, 0);
    let mut serving = Command::new(amends_tests::programs::cli())
        .args(["--data", &data.to_string_lossy(), "serve"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command line starts");
    let mut said = String::new();
    let mut stderr = BufReader::new(serving.stderr.take().expect("its messages"));
    stderr.read_line(&mut said).expect("a message");
    assert!(said.contains("值守"), "{said}");
    let asked = Command::new("kill")
        .arg(serving.id().to_string())
        .status()
        .expect("kill");
    assert!(asked.success());
    assert_eq!(serving.wait().expect("it ends").code(), Some(0));
    assert_eq!(cli.run(&["verify"]).code, 0);
}
