//! What the tests share: reading bytes to the end, and files made on the spot.
#![allow(dead_code, reason = "each test program uses its own part")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its own fixture should stop there"
)]

use amends_domain::NewReview;
use amends_ingest::{IngestError, Item, Options, Plan, RejectedRow, Summary, WarningCode, inspect, read};
use std::{io::Cursor, ops::ControlFlow};

/// 2026-11-22 09:00 in Shanghai.
pub const NOW: i64 = 1_795_309_200_000;

/// Everything that came out of one file.
pub struct Got {
    pub plan: Plan,
    pub reviews: Vec<NewReview>,
    pub rejected: Vec<RejectedRow>,
    pub summary: Summary,
}

impl Got {
    pub fn warned(&self, code: WarningCode) -> Option<u32> {
        self.summary
            .warnings
            .iter()
            .chain(&self.plan.warnings)
            .find(|w| w.code == code)
            .map(|w| w.count)
    }

    pub fn bodies(&self) -> Vec<&str> {
        self.reviews.iter().map(|r| r.body.as_str()).collect()
    }
}

pub fn plan_with(name: &str, bytes: &[u8], options: &Options) -> Result<Plan, IngestError> {
    inspect(name, &mut Cursor::new(bytes), options, NOW)
}

pub fn plan(bytes: &[u8]) -> Result<Plan, IngestError> {
    plan_with("导出.csv", bytes, &Options::default())
}

pub fn import_with(name: &str, bytes: &[u8], options: &Options) -> Result<Got, IngestError> {
    let plan = plan_with(name, bytes, options)?;
    let mut reviews = Vec::new();
    let mut rejected = Vec::new();
    let summary = read(&plan, options, &mut Cursor::new(bytes), NOW, &mut |item| {
        match item {
            Item::Review(review) => reviews.push(*review),
            Item::Rejected(row) => rejected.push(row),
            Item::Progress {
                bytes_done,
                bytes_total,
            } => assert!(bytes_done <= bytes_total),
        }
        ControlFlow::Continue(())
    })?;
    assert_eq!(summary.read, reviews.len() as u64);
    assert_eq!(summary.rejected, rejected.len() as u64);
    Ok(Got {
        plan,
        reviews,
        rejected,
        summary,
    })
}

/// Imports bytes that need no answer.
pub fn import(bytes: &[u8]) -> Got {
    import_with("导出.csv", bytes, &Options::default()).unwrap()
}

pub fn csv(text: &str) -> Got {
    import(text.as_bytes())
}

pub fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

pub fn utf16le(text: &str, mark: bool) -> Vec<u8> {
    let mut out = if mark { vec![0xFF, 0xFE] } else { Vec::new() };
    out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    out
}
