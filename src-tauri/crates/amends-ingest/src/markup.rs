//! Tables in HTML pages and in Excel 2003 XML, both of which back-offices call `.xls`.

use crate::{
    IngestError,
    delimited::MAX_COLUMNS,
    record::{Kind, Record},
};
use html5gum::{IoReader, Token, Tokenizer};
use quick_xml::{Reader, events::Event};
use std::{
    io::{BufRead, Read},
    ops::ControlFlow,
};

/// The tokenizers hold one tag or comment at a time, which in a hostile page can be all of it.
pub(crate) const MAX_MARKUP: u64 = 128 << 20;
/// No cell of a review table is longer.
const MAX_CELL: usize = 1 << 20;
/// A cell spread over more rows than this is not a table of reviews.
const MAX_SPAN: u32 = 1000;

/// A cell that reaches into the rows below.
struct Hanging {
    column: usize,
    rows: u32,
    text: String,
}

/// Puts the cells of one row in their columns, with those that hang down from above between them.
#[derive(Default)]
struct Grid {
    record: Record,
    row: u32,
    hanging: Vec<Hanging>,
    new: Vec<Hanging>,
}

impl Grid {
    fn begin(&mut self) {
        self.row = self.row.saturating_add(1);
        self.record.clear(self.row);
        self.new.clear();
        self.fill();
    }

    fn fill(&mut self) {
        while let Some(above) = self.hanging.iter().find(|h| h.column == self.record.len()) {
            self.record.push(&above.text);
        }
    }

    fn cell(&mut self, text: &str, kind: Kind, columns: u32, rows: u32) {
        self.fill();
        for copy in 0..columns.clamp(1, MAX_COLUMNS as u32) {
            if self.record.len() >= MAX_COLUMNS {
                self.record.flags.too_many_columns = true;
                return;
            }
            let column = self.record.len();
            // The text of a cell that spans columns stands in the first, as in a workbook's merged cells.
            self.record.push(if copy == 0 { text } else { "" });
            self.record.mark(kind);
            if rows > 1 {
                let text = if copy == 0 { text.to_owned() } else { String::new() };
                self.new.push(Hanging {
                    column,
                    rows: rows.min(MAX_SPAN) - 1,
                    text,
                });
            }
        }
    }

    fn end(&mut self, each: &mut dyn FnMut(&Record) -> ControlFlow<()>) -> ControlFlow<()> {
        self.fill();
        self.hanging.iter_mut().for_each(|h| h.rows -= 1);
        self.hanging.retain(|h| h.rows > 0);
        self.hanging.append(&mut self.new);
        if self.record.is_blank() {
            ControlFlow::Continue(())
        } else {
            each(&self.record)
        }
    }
}

/// Calls `each` for every row of the page's tables. True when the page ends inside one.
pub(crate) fn each_html(
    page: impl Read,
    each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
) -> Result<bool, IngestError> {
    let mut grid = Grid::default();
    let mut in_row = false;
    let mut cell: Option<(String, u32, u32)> = None;
    let mut skipping = false;
    let mut tables = 0i32;
    for token in Tokenizer::new(IoReader::new(page)) {
        match token? {
            Token::StartTag(tag) => {
                let span = |name: &[u8]| {
                    let value = tag
                        .attributes
                        .iter()
                        .find(|(k, _)| k.0 == name)
                        .map(|(_, v)| v.0.clone());
                    value
                        .and_then(|v| String::from_utf8_lossy(&v).trim().parse::<u32>().ok())
                        .unwrap_or(1)
                };
                match tag.name.as_slice() {
                    b"table" => tables += 1,
                    b"tr" => {
                        if in_row {
                            close(&mut grid, &mut cell);
                            if grid.end(each).is_break() {
                                return Ok(false);
                            }
                        }
                        grid.begin();
                        in_row = true;
                    }
                    b"td" | b"th" => {
                        close(&mut grid, &mut cell);
                        if in_row {
                            cell = Some((String::new(), span(b"colspan"), span(b"rowspan")));
                        }
                    }
                    b"br" => add(&mut cell, "\n")?,
                    b"script" | b"style" => skipping = !tag.self_closing,
                    _ => {}
                }
            }
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"td" | b"th" => close(&mut grid, &mut cell),
                b"tr" | b"table" => {
                    if tag.name.as_slice() == b"table" {
                        tables -= 1;
                    }
                    if in_row {
                        close(&mut grid, &mut cell);
                        in_row = false;
                        if grid.end(each).is_break() {
                            return Ok(false);
                        }
                    }
                }
                b"script" | b"style" => skipping = false,
                b"p" | b"div" => add(&mut cell, "\n")?,
                _ => {}
            },
            Token::String(text) if !skipping && cell.is_some() => {
                let text = String::from_utf8_lossy(&text);
                // In a page, line ends and runs of blanks are one blank.
                let mut flat = String::with_capacity(text.len());
                for c in text.chars() {
                    match c {
                        '\n' | '\r' | '\t' | ' ' | '\u{A0}' if flat.ends_with(' ') => {}
                        '\n' | '\r' | '\t' | ' ' | '\u{A0}' => flat.push(' '),
                        c => flat.push(c),
                    }
                }
                add(&mut cell, &flat)?;
            }
            _ => {}
        }
    }
    let cut_off = in_row || tables > 0;
    if in_row {
        close(&mut grid, &mut cell);
        let _ = grid.end(each);
    }
    Ok(cut_off)
}

fn add(cell: &mut Option<(String, u32, u32)>, text: &str) -> Result<(), IngestError> {
    let Some((so_far, ..)) = cell else { return Ok(()) };
    if so_far.len() + text.len() > MAX_CELL {
        return Err(IngestError::Suspicious {
            detail: "one cell > 1 MB".into(),
        });
    }
    so_far.push_str(text);
    Ok(())
}

fn close(grid: &mut Grid, cell: &mut Option<(String, u32, u32)>) {
    if let Some((text, columns, rows)) = cell.take() {
        grid.cell(text.trim_matches([' ', '\n']), Kind::Text, columns, rows);
    }
}

/// Calls `each` for every row of every worksheet, with the sheet's name.
pub(crate) fn each_spreadsheet_ml(
    page: impl BufRead,
    each: &mut dyn FnMut(&str, &Record) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    let mut xml = Reader::from_reader(page);
    xml.config_mut().check_end_names = false;
    let mut buf = Vec::new();
    let mut sheet = String::new();
    let mut grid = Grid::default();
    let mut open_row = false;
    let mut data: Option<String> = None;
    let mut cell = CellXml::default();
    let broken = |e: quick_xml::Error| match e {
        quick_xml::Error::Io(e) => IngestError::Damaged {
            detail: e.to_string(),
        },
        quick_xml::Error::Syntax(e) => IngestError::Truncated {
            detail: e.to_string(),
        },
        other => IngestError::Damaged {
            detail: other.to_string(),
        },
    };
    loop {
        buf.clear();
        let event = xml.read_event_into(&mut buf).map_err(broken)?;
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                let attribute = |name: &str| {
                    tag.attributes()
                        .filter_map(Result::ok)
                        .find(|a| a.key.local_name().as_ref() == name)
                        .map(|a| html_escape::decode_html_entities(a.value.as_ref()).into_owned())
                };
                let number = |name: &str| attribute(name).and_then(|v| v.trim().parse::<u32>().ok());
                match tag.local_name().as_ref() {
                    "Worksheet" => {
                        sheet = attribute("Name").unwrap_or_default();
                        grid = Grid::default();
                    }
                    "Row" => {
                        if let Some(index) = number("Index")
                            && index > grid.row
                        {
                            // Rows left out hold nothing, and nothing hangs into them that a table would use.
                            grid.row = index - 1;
                            grid.hanging.clear();
                        }
                        grid.begin();
                        open_row = !empty;
                        if empty && grid.end(&mut |r| each(&sheet, r)).is_break() {
                            return Ok(());
                        }
                    }
                    "Cell" => {
                        if let Some(index) = number("Index") {
                            while grid.record.len() + 1 < (index as usize).min(MAX_COLUMNS) {
                                grid.record.end_cell();
                            }
                        }
                        cell = CellXml {
                            columns: number("MergeAcross").unwrap_or(0).saturating_add(1),
                            rows: number("MergeDown").unwrap_or(0).saturating_add(1),
                            ..CellXml::default()
                        };
                        if empty {
                            cell.into_grid(&mut grid);
                            cell = CellXml::default();
                        }
                    }
                    "Data" if !empty => {
                        cell.typed = attribute("Type").unwrap_or_default();
                        data = Some(String::new());
                    }
                    "br" | "BR" => push(&mut data, "\n")?,
                    _ => {}
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "Data" => cell.text = data.take().unwrap_or_default(),
                "Cell" => {
                    cell.into_grid(&mut grid);
                    cell = CellXml::default();
                }
                "Row" if open_row => {
                    open_row = false;
                    if grid.end(&mut |r| each(&sheet, r)).is_break() {
                        return Ok(());
                    }
                }
                _ => {}
            },
            Event::Text(text) => push(&mut data, &text.xml10_content())?,
            Event::CData(text) => push(&mut data, &text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let named = match reference.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    _ => html_escape::decode_html_entities(&format!("&{};", &*reference)).into_owned(),
                };
                push(&mut data, &named)?;
            }
            Event::Eof => {
                return if open_row {
                    Err(IngestError::Truncated {
                        detail: "</Row>".into(),
                    })
                } else {
                    Ok(())
                };
            }
            _ => {}
        }
    }
}

fn push(data: &mut Option<String>, text: &str) -> Result<(), IngestError> {
    let Some(data) = data else { return Ok(()) };
    if data.len() + text.len() > MAX_CELL {
        return Err(IngestError::Suspicious {
            detail: "one cell > 1 MB".into(),
        });
    }
    data.push_str(text);
    Ok(())
}

#[derive(Default)]
struct CellXml {
    text: String,
    typed: String,
    columns: u32,
    rows: u32,
}

impl CellXml {
    fn into_grid(self, grid: &mut Grid) {
        let number = self.text.trim().parse::<f64>().ok();
        let (text, kind) = match (self.typed.as_str(), number) {
            ("Number", Some(n)) => (n.to_string(), Kind::Number(n)),
            // 2024-01-01T12:30:00.000
            ("DateTime", _) => (
                self.text.trim().trim_end_matches(".000").replace('T', " "),
                Kind::Date,
            ),
            _ => (self.text, Kind::Text),
        };
        let text = if kind == Kind::Date {
            text.trim_end_matches(" 00:00:00").to_owned()
        } else {
            text
        };
        grid.cell(&text, kind, self.columns, self.rows);
    }
}
