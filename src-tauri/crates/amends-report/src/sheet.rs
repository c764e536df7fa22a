//! One plain table to one Excel sheet: exports of lists (a report is a [`crate::Document`]).

use chrono::{TimeZone, Utc};
use chrono_tz::Tz;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use std::path::Path;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words; never taken for a formula, whatever they begin with.
    Text(String),
    /// A number.
    Number(f64),
    /// An instant in UTC milliseconds, shown on the wall clock of a zone.
    Instant(i64, Tz),
}

/// How a sheet looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A plain table.
    Plain,
    /// With filters on its header.
    Filtered,
}

/// A table that becomes a sheet: a header with column widths, and rows.
#[derive(Debug, Clone)]
pub struct Sheet {
    name: String,
    columns: Vec<(String, f64)>,
    rows: Vec<Vec<Cell>>,
    style: Style,
}

/// Excel refuses longer texts in a cell.
const MAX_TEXT: usize = 32_000;

/// As much of a text as a cell holds; Excel counts units of UTF-16.
pub(crate) fn cut(text: &str) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= MAX_TEXT
        })
        .collect()
}

impl Sheet {
    /// A sheet with a name (at most 31 characters) and columns as header and width in characters.
    pub fn new(name: &str, columns: impl IntoIterator<Item = (String, f64)>) -> Self {
        Self {
            name: name.to_owned(),
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            style: Style::Plain,
        }
    }

    /// Adds a row.
    pub fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Changes the look.
    pub fn set_style(&mut self, style: Style) {
        self.style = style;
    }

    /// Writes a workbook with this sheet.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(&self.name)?;
        let header = Format::new().set_bold();
        let instant = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        for (column, (name, width)) in (0u16..).zip(&self.columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, name, &header)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        for (row, cells) in (1u32..).zip(&self.rows) {
            for (column, cell) in (0u16..).zip(cells) {
                match cell {
                    Cell::Empty => {}
                    Cell::Text(text) if text.is_empty() => {}
                    Cell::Text(text) => {
                        let text = cut(text);
                        sheet.write_string(row, column, text)?;
                    }
                    Cell::Number(number) => {
                        sheet.write_number(row, column, *number)?;
                    }
                    Cell::Instant(ms, zone) => {
                        if let Some(at) = Utc.timestamp_millis_opt(*ms).single() {
                            let local = at.with_timezone(zone).naive_local();
                            let at = ExcelDateTime::parse_from_str(
                                &local.format("%Y-%m-%dT%H:%M:%S").to_string(),
                            )?;
                            sheet.write_datetime_with_format(row, column, &at, &instant)?;
                        }
                    }
                }
            }
        }
        if self.style == Style::Filtered && !self.columns.is_empty() {
            sheet.autofilter(0, 0, self.rows.len() as u32, self.columns.len() as u16 - 1)?;
        }
        book.save(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook};

    #[test]
    fn another_reader_finds_words_numbers_and_local_times_and_no_formula() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.xlsx");
        let mut sheet = Sheet::new(
            "工单",
            [
                ("内容".to_owned(), 20.0),
                ("评分".to_owned(), 8.0),
                ("收到".to_owned(), 18.0),
            ],
        );
        sheet.push([
            Cell::Text("=HYPERLINK(\"x\")".into()),
            Cell::Number(1.5),
            Cell::Instant(1_795_320_000_000, chrono_tz::Asia::Shanghai),
        ]);
        sheet.set_style(Style::Filtered);
        sheet.write(&path).unwrap();
        let mut book: Xlsx<_> = open_workbook(&path).unwrap();
        let range = book.worksheet_range("工单").unwrap();
        assert_eq!(range.get_value((0, 0)), Some(&Data::String("内容".into())));
        assert_eq!(
            range.get_value((1, 0)),
            Some(&Data::String("=HYPERLINK(\"x\")".into()))
        );
        assert_eq!(range.get_value((1, 1)), Some(&Data::Float(1.5)));
        let Some(Data::DateTime(at)) = range.get_value((1, 2)) else {
            panic!("a date")
        };
        assert_eq!(at.as_f64(), 46348.5, "2026-11-22 12:00 on the wall clock");
        assert!(book.worksheet_formula("工单").unwrap().is_empty());
    }
}
