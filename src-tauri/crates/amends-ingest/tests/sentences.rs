//! Whatever can be said to a person is said in Chinese, with the row it is about.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot make its own fixture should stop there"
)]

use amends_ingest::{
    Field, IngestError, Question, QuestionCode, RejectCode, RejectedRow, Warning, WarningCode,
};

fn is_chinese_sentence(text: &str) -> bool {
    let han = text
        .chars()
        .filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c))
        .count();
    han >= 5 && text.ends_with(['。', '？']) && !text.contains("{")
}

#[test]
fn every_warning_rejection_and_question_has_a_sentence() {
    for code in WarningCode::ALL {
        let warning = Warning {
            code: *code,
            row: Some(7),
            count: 3,
            detail: "x".into(),
        };
        let text = warning.message_zh();
        assert!(
            is_chinese_sentence(&text) && text.contains("第 7 行等 3 处"),
            "{text}"
        );
    }
    for code in RejectCode::ALL {
        let row = RejectedRow {
            row: 9,
            code: *code,
            detail: String::new(),
            cells: Vec::new(),
        };
        assert!(is_chinese_sentence(&row.message_zh()) && row.message_zh().contains("第 9 行"));
    }
    for code in QuestionCode::ALL {
        let question = Question {
            code: *code,
            field: Some(Field::Rating),
            columns: vec![1, 2],
            choices: vec!["甲".into(), "乙".into()],
            detail: "03/04/2024".into(),
        };
        assert!(
            is_chinese_sentence(&question.message_zh()),
            "{}",
            question.message_zh()
        );
    }
}

#[test]
fn every_failure_has_a_sentence_and_a_code_of_its_own() {
    let failures = [
        IngestError::Io(std::io::Error::other("x")),
        IngestError::Empty,
        IngestError::TooLarge {
            bytes: 3 << 30,
            limit: 1 << 30,
        },
        IngestError::TooManyRows { limit: 2_000_000 },
        IngestError::PasswordProtected,
        IngestError::Truncated { detail: "x".into() },
        IngestError::Damaged { detail: "x".into() },
        IngestError::Suspicious { detail: "x".into() },
        IngestError::Unsupported { what: "pdf".into() },
        IngestError::NoTable,
        IngestError::NoRows,
        IngestError::UnsafeMember { name: "../x".into() },
        IngestError::UnknownOption {
            what: "sheet",
            value: "x".into(),
        },
        IngestError::Undecided(Vec::new()),
        IngestError::Changed,
    ];
    let mut codes: Vec<&str> = failures.iter().map(IngestError::code).collect();
    for failure in &failures {
        assert!(
            is_chinese_sentence(&failure.message_zh()),
            "{}",
            failure.message_zh()
        );
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), failures.len());
}
