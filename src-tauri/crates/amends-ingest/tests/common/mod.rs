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

/// One cell of a workbook made on the spot.
pub enum Cell<'a> {
    Text(&'a str),
    Number(f64),
    /// A number with a number format.
    Shown(f64, &'a str),
    Empty,
}

/// A one-sheet workbook whose table starts at this row and column, counted from 0.
pub fn xlsx_at(top: u32, left: u16, rows: &[Vec<Cell<'_>>]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (r, c) = (top + r as u32, left + c as u16);
            match cell {
                Cell::Text(text) => sheet.write_string(r, c, *text).unwrap(),
                Cell::Number(n) => sheet.write_number(r, c, *n).unwrap(),
                Cell::Shown(n, format) => {
                    let format = rust_xlsxwriter::Format::new().set_num_format(*format);
                    sheet.write_number_with_format(r, c, *n, &format).unwrap()
                }
                Cell::Empty => continue,
            };
        }
    }
    book.save_to_buffer().unwrap()
}

pub fn xlsx(rows: &[Vec<Cell<'_>>]) -> Vec<u8> {
    xlsx_at(0, 0, rows)
}

pub fn texts<'a>(cells: &[&'a str]) -> Vec<Cell<'a>> {
    cells
        .iter()
        .map(|c| if c.is_empty() { Cell::Empty } else { Cell::Text(c) })
        .collect()
}

/// A zip of these files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The same workbook with one of its parts changed.
pub fn with_part(book: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    use std::io::Read;
    let mut from = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut files = Vec::new();
    for index in 0..from.len() {
        let mut member = from.by_index(index).unwrap();
        let name = member.name().unwrap().to_string();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        if name == part {
            bytes = change(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        files.push((name, bytes));
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    zip(&files)
}
