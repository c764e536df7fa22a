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

const WECOM: &str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-secret-key";

/// A machine without a keyring, as a server is: its bus leads nowhere.
fn bots(data: &Path, args: &[&str], input: &str, more: &[(&str, &str)]) -> std::process::Output {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut command = Command::new(amends_tests::programs::cli());
    command
        .args(["--data", &data.to_string_lossy(), "bots"])
        .args(args)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .env_remove("AMENDS_BOT_ADDRESS")
        .envs(more.iter().copied());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("amends-cli starts");
    // A program that refuses its arguments does not read.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    child.wait_with_output().expect("amends-cli ends")
}

fn said(output: &std::process::Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[cfg(unix)]
#[test]
fn bots_are_set_up_without_a_window_and_their_secrets_stand_in_one_private_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let data = home.path().join("data");
    let platform = amends_tests::robots::Platform::start();
    let hook = format!(
        "{}/hook\nwhsec_dGVzdC1rZXktMDAwMS10ZXN0LWtleS0wMDAx\n",
        platform.base
    );

    let added = bots(
        &data,
        &[
            "add",
            "--kind",
            "webhook",
            "--name",
            "值班",
            "--levels",
            "due,overdue",
        ],
        &hook,
        &[],
    );
    assert_eq!(added.status.code(), Some(0), "{}", said(&added));
    let file = data.join("bot-secrets.json");
    let words = said(&added);
    assert!(
        words.contains(&*file.to_string_lossy()) && words.contains("0600"),
        "{words}"
    );
    let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let tested = bots(&data, &["test", "值班"], "", &[]);
    assert_eq!(tested.status.code(), Some(0), "{}", said(&tested));
    let heard = platform.heard();
    assert_eq!((heard.len(), &heard[0].json()["type"]), (1, &json!("alert.test")));
    platform.answer("");
    let from_env = bots(
        &data,
        &["add", "--kind", "wecom", "--name", "店长群"],
        "",
        &[("AMENDS_BOT_ADDRESS", WECOM)],
    );
    assert_eq!(from_env.status.code(), Some(0), "{}", said(&from_env));
    let kept = home.path().join("address.txt");
    std::fs::write(&kept, WECOM).expect("a file");
    let from_file = bots(
        &data,
        &[
            "add",
            "--kind",
            "wecom",
            "--name",
            "夜班群",
            "--quiet",
            "22:00-08:00",
            "--from",
            &kept.to_string_lossy(),
        ],
        "",
        &[],
    );
    assert_eq!(from_file.status.code(), Some(0), "{}", said(&from_file));
    assert!(
        said(&from_file).contains("别的用户也能读到"),
        "{}",
        said(&from_file)
    );

    let list = bots(&data, &["list", "--json"], "", &[]);
    let all: Vec<Value> = String::from_utf8_lossy(&list.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let names: Vec<&str> = all.iter().filter_map(|bot| bot["name"].as_str()).collect();
    assert_eq!(names, ["值班", "店长群", "夜班群"]);
    assert_eq!(
        (&all[0]["levels"], &all[2]["quiet"]["from"]),
        (&json!(["due", "overdue"]), &json!("22:00"))
    );
    assert!(
        !said(&list).contains("secret-key") && !said(&list).contains("whsec_"),
        "{}",
        said(&list)
    );

    let removed = bots(&data, &["remove", "店长群"], "", &[]);
    assert_eq!(removed.status.code(), Some(0), "{}", said(&removed));
    let stored = std::fs::read_to_string(&file).expect("the file");
    assert_eq!(
        stored.matches("secret-key").count(),
        1,
        "its secret went, the other stays"
    );
    assert_eq!(Cli::on(&data).run(&["verify"]).code, 0);
}

#[test]
fn a_bot_is_refused_with_a_sentence_and_never_takes_its_address_from_the_arguments() {
    let home = Home::new();
    let data = home.path().join("data");
    for (args, input, words) in [
        (
            &["add", "--kind", "wecom", "--name", "群"][..],
            "",
            "没有收到机器人的地址",
        ),
        (
            &["add", "--kind", "wecom", "--name", "群"],
            "https://evil.example/x",
            "企业微信机器人的地址应以",
        ),
        (
            &["add", "--kind", "wecom", "--name", "群", "--quiet", "夜里"],
            WECOM,
            "22:00-08:00",
        ),
        (&["test", "没有的群"], "", "没有叫"),
        (&["remove", "没有的群"], "", "没有叫"),
        (&["--as", "没有的人", "list"], "", "没有叫“没有的人”的同事"),
        (
            &["add", "--kind", "wecom", "--name", "群", "--address", WECOM],
            "",
            "--address",
        ),
    ] {
        let refused = bots(&data, args, input, &[]);
        assert_ne!(refused.status.code(), Some(0), "{args:?}: {}", said(&refused));
        assert!(said(&refused).contains(words), "{args:?}: {}", said(&refused));
    }
    assert!(bots(&data, &["list", "--json"], "", &[]).stdout.is_empty());
}
