//! What is easily misread: denial, praise with a complaint, what did not happen, irony, disguise, other scripts and
//! languages. A third of the sentences was kept out of training and of the word lists.

#![allow(clippy::expect_used)] // helpers of a test

use amends_classify::{Classifier, Input};
use amends_domain::{
    assessment::{Assessment, Language},
    words::{Sentiment, Severity},
};
use std::collections::BTreeMap;

const SENTENCES: &str = include_str!("fixtures/readings.txt");

fn read(text: &str) -> Assessment {
    Classifier::shipped().assess(&Input {
        text,
        ..Input::default()
    })
}

/// Whether a sentence says what its sign says.
fn heard(sign: &str, a: &Assessment) -> bool {
    match sign {
        "+" => a.negative_probability > 0.5 && a.sentiment != Sentiment::Pos,
        "-" => a.negative_probability < 0.5 && a.sentiment != Sentiment::Neg,
        "~" => a.sentiment != Sentiment::Pos && a.severity > Severity::None,
        "?" => a.risks.is_empty() && a.severity < Severity::Severe,
        _ => a.language == Language::Other && a.confidence <= 0.3,
    }
}

#[test]
fn what_is_easily_misread_is_read_right() {
    let mut section = "";
    let mut counts: BTreeMap<&str, [[u32; 2]; 2]> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in SENTENCES.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name;
            continue;
        }
        let (sign, text) = line.split_once(' ').expect("a sign and a sentence");
        let own = counts.entry(section).or_default();
        let n = own[0][1] + own[1][1];
        let right = heard(sign, &read(text));
        let part = &mut own[usize::from(n % 3 == 2)];
        part[0] += u32::from(right);
        part[1] += 1;
        if !right {
            wrong.push(format!("{section}: {line}"));
        }
    }
    println!(
        "right and all, learned from and kept out: {counts:?}\n{}",
        wrong.join("\n")
    );
    assert_eq!(counts.len(), 9);
    for (section, [[open, all], [kept, all_kept]]) in counts {
        assert!(all + all_kept >= 40, "{section} has too few sentences");
        let share = |right: u32, all: u32| f64::from(right) / f64::from(all);
        assert!(
            share(open, all) >= 0.9,
            "{section}: {open} of {all} of those learned from"
        );
        assert!(
            share(kept, all_kept) >= 0.7,
            "{section}: {kept} of {all_kept} of those kept out"
        );
    }
}
