//! Themes of real reviews, where they are at hand: what is injected is found first, and labels can be read.
//! `cargo test --release -p amends-domain --test themes_on_reviews -- --nocapture --include-ignored` prints them.
#![allow(clippy::unwrap_used)]

use amends_domain::themes::{Said, Search, discover, jumps};
use std::time::Instant;

/// `(domain, text)` of the complaints; none where the folder is absent.
fn complaints() -> Option<Vec<(String, String)>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data/labelled.jsonl"
    );
    let Ok(file) = std::fs::read_to_string(path) else {
        println!("skipped: {path} is absent");
        return None;
    };
    Some(
        file.lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter(|row| row["sentiment"] == "neg")
            .map(|row| {
                (
                    row["domain"].as_str().unwrap_or_default().to_owned(),
                    row["text"].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect(),
    )
}

fn said(texts: &[(u8, String)]) -> Vec<Said<'_>> {
    (0..)
        .zip(texts)
        .map(|(number, (age, text))| Said {
            number,
            age: *age,
            text,
            product: None,
            shop: "",
            causes: &[],
        })
        .collect()
}

#[test]
fn an_injected_theme_comes_first_in_every_domain() {
    let Some(complaints) = complaints() else { return };
    let leaks = [
        "包装漏液了，洒了一箱",
        "收到就漏液，盖子是松的",
        "漏液严重，剩一半",
        "瓶口漏液，纸箱湿透",
        "又漏液，没法用",
    ];
    for domain in ["外卖", "水果", "洗发水", "酒店", "衣服", "平板"] {
        let mut texts: Vec<(u8, String)> = complaints
            .iter()
            .filter(|(of, text)| of == domain && !text.contains("漏液"))
            .enumerate()
            .map(|(n, (_, text))| ((n % 5) as u8, text.clone()))
            .collect();
        texts.extend((0..30).map(|n| (0, leaks[n % leaks.len()].to_owned())));
        let themes = discover(
            &said(&texts),
            Search {
                periods_before: 4,
                ..Search::default()
            },
        );
        assert!(themes[0].label.contains("漏液"), "{domain}: {}", themes[0].label);
        assert!(
            themes[0].new && themes[0].beyond_chance && themes[0].count == 30,
            "{domain}: {:?}",
            themes[0]
        );
        assert_eq!(jumps(&themes)[0].label, themes[0].label);
    }
}

#[test]
fn weeks_dealt_at_random_hold_no_alarm() {
    let Some(complaints) = complaints() else { return };
    let texts: Vec<(u8, String)> = complaints
        .iter()
        .enumerate()
        .map(|(n, (_, text))| ((n % 5) as u8, text.clone()))
        .collect();
    let themes = discover(
        &said(&texts),
        Search {
            periods_before: 4,
            limit: 40,
        },
    );
    let alarms: Vec<&str> = jumps(&themes)
        .into_iter()
        .map(|theme| theme.label.as_str())
        .collect();
    assert!(alarms.len() <= 1, "{alarms:?}");
}

#[test]
#[ignore = "prints for a person to judge"]
fn themes_to_read() {
    let Some(complaints) = complaints() else { return };
    for domain in ["外卖", "水果", "洗发水", "酒店", "衣服", "平板", "手机", "餐厅"] {
        let texts: Vec<(u8, String)> = complaints
            .iter()
            .filter(|(of, _)| of == domain)
            .enumerate()
            .map(|(n, (_, text))| ((n % 5) as u8, text.clone()))
            .collect();
        println!("== {domain}: {} texts", texts.len());
        for theme in discover(
            &said(&texts),
            Search {
                periods_before: 4,
                ..Search::default()
            },
        ) {
            println!(
                "{:4} {:5.1}  {}  ({})",
                theme.count,
                theme.mean_before,
                theme.label,
                theme.phrases.join(" ")
            );
        }
    }
}

/// Time that this thread has been running, where the system tells: others may be busy beside it.
fn processor_ms() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e6)
}

#[test]
#[ignore = "prints how long it takes"]
fn speed() {
    let Some(complaints) = complaints() else { return };
    let pool: Vec<String> = complaints
        .iter()
        .map(|(_, text)| text.chars().filter(|c| !c.is_control()).collect::<String>())
        .filter(|text| text.chars().count() >= 25)
        .collect();
    for count in [2_000, 10_000] {
        // Texts of 60 characters, cut out of and joined from real ones so that they do not repeat.
        let texts: Vec<(u8, String)> = (0..count)
            .map(|n| {
                let (a, b) = (
                    &pool[n % pool.len()],
                    &pool[(n * 7 + n / pool.len() * 13 + 1) % pool.len()],
                );
                let text: String = a
                    .chars()
                    .chain("，".chars())
                    .chain(b.chars())
                    .chain(a.chars())
                    .take(60)
                    .collect();
                ((n % 6) as u8, text)
            })
            .collect();
        let said = said(&texts);
        let best = (0..7)
            .map(|_| {
                let (began, own) = (Instant::now(), processor_ms());
                let themes = discover(&said, Search::default());
                assert!(!themes.is_empty());
                own.map_or(began.elapsed().as_secs_f64() * 1e3, |own| {
                    processor_ms().unwrap_or(own) - own
                })
            })
            .fold(f64::INFINITY, f64::min);
        println!("themes of {count} texts of 60 characters: {best:.0} ms");
    }
}
