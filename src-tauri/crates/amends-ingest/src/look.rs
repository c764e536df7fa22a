//! Opening a file of each format far enough to see its first rows.

use crate::{
    IngestError,
    delimited::{self, Dialect},
    headers::{self, Header},
    json, markup,
    plan::{Bytes, Format, Options, Question, QuestionCode, Quoting, Warning, WarningCode},
    record::Record,
    source::{self, Recipe},
    text::{self, Decoded, Survey},
    workbook,
};
use encoding_rs::{Encoding, UTF_8};
use std::{
    collections::BTreeMap,
    io::{Read, SeekFrom},
    ops::ControlFlow,
};

/// Rows looked at to find the header and to tell columns, scales and dates; fewer where they are very long.
const HEAD_ROWS: usize = 2000;
const HEAD_SIZE: usize = 16 << 20;

/// What the first bytes say.
pub(crate) fn sniff(survey: &Survey) -> Result<Format, IngestError> {
    let head = survey.head.as_slice();
    let magic = |m: &[u8]| head.starts_with(m);
    let refuse = |what: &str| {
        Err(IngestError::Unsupported {
            what: what.to_owned(),
        })
    };
    if magic(b"PK\x03\x04") {
        return Ok(Format::Xlsx);
    }
    if magic(b"PK\x05\x06") {
        return Err(IngestError::Empty);
    }
    if magic(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return Ok(Format::Xls);
    }
    if magic(b"%PDF") {
        return refuse("pdf");
    }
    if magic(&[0x89, b'P', b'N', b'G'])
        || magic(&[0xFF, 0xD8, 0xFF])
        || magic(b"GIF8")
        || magic(b"BM") && head.contains(&0)
    {
        return refuse("image");
    }
    if magic(b"Rar!") || magic(&[0x37, 0x7A, 0xBC, 0xAF]) || magic(&[0x1F, 0x8B]) {
        return refuse("rar/7z/gz");
    }
    if magic(b"SQLite format 3") || magic(b"\x7FELF") || magic(b"MZ") && head.contains(&0) {
        return refuse("binary");
    }
    Ok(Format::Csv)
}

/// A file before its columns are told apart.
pub(crate) struct Looked {
    pub recipe: Recipe,
    pub head: Vec<Record>,
    pub header: Option<Header>,
    pub certain_encoding: bool,
    pub questions: Vec<Question>,
    pub warnings: Vec<Warning>,
    pub rows_estimate: Option<u64>,
    pub words: String,
}

/// Looks into a file that is no archive.
pub(crate) fn look(bytes: &mut dyn Bytes, survey: &Survey, options: &Options) -> Result<Looked, IngestError> {
    match sniff(survey)? {
        Format::Xlsx => look_xlsx(bytes, options),
        Format::Xls => look_xls(bytes, options),
        _ => look_text(bytes, survey, options),
    }
}

fn look_text(bytes: &mut dyn Bytes, survey: &Survey, options: &Options) -> Result<Looked, IngestError> {
    let found = match &options.encoding {
        Some(name) => text::Found {
            encoding: text::by_name(name)?,
            certain: true,
        },
        None => text::encoding_of(survey),
    };
    let sample = sample_of(bytes, found.encoding)?;
    let controls = sample
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\0'))
        .count();
    if controls * 20 > sample.chars().count() {
        return Err(IngestError::Unsupported {
            what: "binary".into(),
        });
    }
    match text_format(&sample)? {
        Format::HtmlTable => look_html(bytes, &found),
        Format::SpreadsheetMl => look_spreadsheet_ml(bytes, &found, options),
        format @ (Format::Json | Format::NdJson) => look_json(bytes, &found, format),
        _ => look_csv(bytes, &sample, &found),
    }
}

/// The first text of a file.
pub(crate) fn sample_of(bytes: &mut dyn Bytes, encoding: &'static Encoding) -> Result<String, IngestError> {
    bytes.seek(SeekFrom::Start(0))?;
    let mut sample = String::new();
    let mut decoded = Decoded::new((&mut *bytes).take(256 * 1024), encoding);
    while sample.len() < 128 * 1024 && decoded.fill(&mut sample)? {}
    Ok(sample)
}

/// What kind of text it is.
fn text_format(sample: &str) -> Result<Format, IngestError> {
    let start = sample.trim_start();
    if start.starts_with('<') {
        let head: String = start.chars().take(4096).collect::<String>().to_lowercase();
        if head.contains("urn:schemas-microsoft-com:office:spreadsheet") && !head.contains("<html") {
            return Ok(Format::SpreadsheetMl);
        }
        if ["<html", "<table", "<!doctype html", "<meta", "<body", "<div"]
            .iter()
            .any(|t| head.contains(t))
        {
            return Ok(Format::HtmlTable);
        }
        if head.starts_with("<?xml") {
            return Err(IngestError::Unsupported { what: "xml".into() });
        }
    }
    let mut marks = start.chars().filter(|c| !c.is_whitespace());
    match (marks.next(), marks.next()) {
        (Some('{'), Some('"' | '}')) => {
            let mut lines = start.lines().map(str::trim).filter(|l| !l.is_empty());
            let first_whole = lines.next().is_some_and(|l| l.ends_with('}'));
            let more = lines.next().is_some_and(|l| l.starts_with('{'));
            Ok(if first_whole && more {
                Format::NdJson
            } else {
                Format::Json
            })
        }
        (Some('['), Some('{' | '[' | ']')) => Ok(Format::Json),
        _ => Ok(Format::Csv),
    }
}

const NO_DIALECT: Dialect = Dialect {
    delimiter: b',',
    quoting: Quoting::Off,
    cr_only: false,
    sep_line: false,
};

fn look_html(bytes: &mut dyn Bytes, found: &text::Found) -> Result<Looked, IngestError> {
    limit(bytes, markup::MAX_MARKUP)?;
    let recipe = Recipe {
        format: Format::HtmlTable,
        encoding: found.encoding,
        dialect: NO_DIALECT,
        sheet: None,
        paths: Vec::new(),
    };
    let head = head_of(bytes, &recipe, HEAD_ROWS)?;
    if head.is_empty() {
        return Err(IngestError::NoTable);
    }
    let header = headers::find(&head);
    Ok(Looked {
        words: words_of(&head, header.as_ref()),
        rows_estimate: estimate(&head, bytes)?,
        recipe,
        head,
        header,
        certain_encoding: found.certain,
        questions: Vec::new(),
        warnings: Vec::new(),
    })
}

fn limit(bytes: &mut dyn Bytes, limit: u64) -> Result<(), IngestError> {
    let size = bytes.seek(SeekFrom::End(0))?;
    if size > limit {
        Err(IngestError::TooLarge { bytes: size, limit })
    } else {
        Ok(())
    }
}

fn look_spreadsheet_ml(
    bytes: &mut dyn Bytes,
    found: &text::Found,
    options: &Options,
) -> Result<Looked, IngestError> {
    limit(bytes, markup::MAX_MARKUP)?;
    bytes.seek(SeekFrom::Start(0))?;
    let mut sheets: Vec<workbook::SheetHead> = Vec::new();
    markup::each_spreadsheet_ml(Decoded::new(&mut *bytes, found.encoding), &mut |name, record| {
        let full = sheets.len() >= 20;
        match sheets.last_mut().filter(|s| s.name == name) {
            Some(sheet) if sheet.rows.len() >= HEAD_ROWS => {}
            Some(sheet) => sheet.rows.push(record.clone()),
            None if full => return ControlFlow::Break(()),
            None => sheets.push(workbook::SheetHead {
                name: name.to_owned(),
                hidden: false,
                rows: vec![record.clone()],
                declared_rows: 0,
            }),
        }
        ControlFlow::Continue(())
    })?;
    let mut looked = choose_sheet(Format::SpreadsheetMl, sheets, options)?;
    looked.recipe.encoding = found.encoding;
    looked.certain_encoding = found.certain;
    looked.rows_estimate = estimate(&looked.head, bytes)?;
    Ok(looked)
}

fn look_json(bytes: &mut dyn Bytes, found: &text::Found, format: Format) -> Result<Looked, IngestError> {
    limit(bytes, json::MAX_JSON)?;
    bytes.seek(SeekFrom::Start(0))?;
    let lines = format == Format::NdJson;
    let paths = json::paths(Decoded::new(&mut *bytes, found.encoding), lines, HEAD_ROWS)?;
    if headers::fields_named(&paths) < 2 {
        return Err(if paths.is_empty() {
            IngestError::NoRows
        } else {
            IngestError::NoTable
        });
    }
    let recipe = Recipe {
        format,
        encoding: found.encoding,
        dialect: NO_DIALECT,
        sheet: None,
        paths,
    };
    let head = head_of(bytes, &recipe, HEAD_ROWS)?;
    if head.is_empty() {
        return Err(IngestError::NoRows);
    }
    Ok(Looked {
        rows_estimate: estimate(&head, bytes)?,
        recipe,
        head,
        header: None,
        certain_encoding: found.certain,
        questions: Vec::new(),
        warnings: Vec::new(),
        words: String::new(),
    })
}

/// The same text cut by one delimiter.
struct Reading {
    /// Fields its header names, then rows of the same width.
    score: (usize, usize),
    recipe: Recipe,
    head: Vec<Record>,
    header: Option<Header>,
}

fn look_csv(bytes: &mut dyn Bytes, sample: &str, found: &text::Found) -> Result<Looked, IngestError> {
    let recipe = |delimiter| Recipe {
        format: Format::Csv,
        encoding: found.encoding,
        dialect: Dialect::of(sample, delimiter),
        sheet: None,
        paths: Vec::new(),
    };
    let candidates: Vec<u8> = match delimited::sep_line(sample) {
        Some(d) => vec![d],
        None => b",\t;|".to_vec(),
    };
    let mut best: Option<Reading> = None;
    for delimiter in candidates {
        let recipe = recipe(delimiter);
        let head = head_of(bytes, &recipe, HEAD_ROWS)?;
        let header = headers::find(&head);
        let score = (header.as_ref().map_or(0, |h| h.hits), consistency(&head));
        if best.as_ref().is_none_or(|b| score > b.score) {
            best = Some(Reading {
                score,
                recipe,
                head,
                header,
            });
        }
    }
    let Some(Reading {
        recipe, head, header, ..
    }) = best
    else {
        return Err(IngestError::NoTable);
    };
    let rows_estimate = estimate(&head, bytes)?;
    Ok(Looked {
        recipe,
        words: words_of(&head, header.as_ref()),
        head,
        header,
        certain_encoding: found.certain,
        questions: Vec::new(),
        warnings: Vec::new(),
        rows_estimate,
    })
}

/// Cells of the rows above the header, which often name the platform.
fn words_of(head: &[Record], header: Option<&Header>) -> String {
    let above = header.map_or(0, |h| h.index);
    head[..above]
        .iter()
        .flat_map(|r| r.cells().collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .join(" ")
}

fn head_of(bytes: &mut dyn Bytes, recipe: &Recipe, rows: usize) -> Result<Vec<Record>, IngestError> {
    let mut head = Vec::new();
    let mut size = 0;
    source::each_row(bytes, recipe, text::SILENT, &mut |record, _| {
        head.push(record.clone());
        size += record.size();
        if head.len() < rows && size < HEAD_SIZE {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(head)
}

/// How many of the rows have the most common number of columns, if that is more than one.
pub(crate) fn consistency(head: &[Record]) -> usize {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for record in head.iter().filter(|r| r.len() > 1) {
        *widths.entry(record.len()).or_default() += 1;
    }
    widths.into_values().max().unwrap_or(0)
}

fn estimate(head: &[Record], bytes: &mut dyn Bytes) -> Result<Option<u64>, IngestError> {
    let size = bytes.seek(SeekFrom::End(0))?;
    if head.len() < HEAD_ROWS {
        return Ok(Some(head.len() as u64));
    }
    let seen: usize = head.iter().map(|r| r.size() + r.len()).sum();
    Ok(Some(size * head.len() as u64 / seen.max(1) as u64))
}

fn look_xlsx(bytes: &mut dyn Bytes, options: &Options) -> Result<Looked, IngestError> {
    workbook::check_xlsx(bytes, text::SILENT)?;
    let sheets = workbook::xlsx_heads(bytes, HEAD_ROWS)?;
    choose_sheet(Format::Xlsx, sheets, options)
}

fn look_xls(bytes: &mut dyn Bytes, options: &Options) -> Result<Looked, IngestError> {
    let mut sheets: Vec<workbook::SheetHead> = Vec::new();
    workbook::each_xls(
        text::Counted::new(bytes, text::SILENT).0,
        &mut |name, hidden, record| {
            match sheets.last_mut().filter(|s| s.name == name) {
                Some(sheet) => sheet.rows.push(record.clone()),
                None => sheets.push(workbook::SheetHead {
                    name: name.to_owned(),
                    hidden,
                    rows: vec![record.clone()],
                    declared_rows: 0,
                }),
            }
            if sheets.last().is_some_and(|s| s.rows.len() < HEAD_ROWS) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        },
    )?;
    choose_sheet(Format::Xls, sheets, options)
}

fn choose_sheet(
    format: Format,
    sheets: Vec<workbook::SheetHead>,
    options: &Options,
) -> Result<Looked, IngestError> {
    let named: Vec<String> = sheets.iter().map(|s| s.name.clone()).collect();
    if let Some(wanted) = &options.sheet
        && !named.contains(wanted)
    {
        return Err(IngestError::UnknownOption {
            what: "sheet",
            value: wanted.clone(),
        });
    }
    let mut ranked: Vec<(usize, bool, workbook::SheetHead, Option<Header>)> = sheets
        .into_iter()
        .filter(|s| options.sheet.as_ref().is_none_or(|w| *w == s.name))
        .map(|s| {
            let header = headers::find(&s.rows);
            let below = header
                .as_ref()
                .is_some_and(|h| s.rows.len() > h.index + h.rows as usize);
            (
                header.as_ref().map_or(0, |h| h.hits),
                below && !s.hidden,
                s,
                header,
            )
        })
        .filter(|(_, _, s, _)| !s.rows.is_empty())
        .collect();
    // Stable: of two alike the first stays first.
    ranked.sort_by_key(|(hits, rows, ..)| std::cmp::Reverse((*rows, *hits)));
    let mut questions = Vec::new();
    let alike: Vec<String> = ranked
        .iter()
        .filter(|(hits, rows, ..)| *rows && *hits > 0)
        .map(|(_, _, s, _)| s.name.clone())
        .collect();
    let best_hits = ranked.first().map_or(0, |r| r.0);
    let rivals = ranked
        .iter()
        .filter(|(hits, rows, ..)| *rows && *hits + 1 >= best_hits && *hits >= 2)
        .count();
    if rivals > 1 && options.sheet.is_none() {
        questions.push(Question {
            code: QuestionCode::Sheet,
            field: None,
            columns: Vec::new(),
            choices: alike,
            detail: String::new(),
        });
    }
    let mut ranked = ranked.into_iter();
    let Some((_, _, sheet, header)) = ranked.next() else {
        return Err(IngestError::Empty);
    };
    let warnings = ranked
        .filter(|(_, rows, ..)| *rows)
        .map(|(_, _, s, _)| Warning {
            code: WarningCode::SheetSkipped,
            row: None,
            count: 1,
            detail: s.name,
        })
        .collect();
    let rows_estimate = Some(u64::from(sheet.declared_rows)).filter(|n| *n > 1);
    Ok(Looked {
        recipe: Recipe {
            format,
            encoding: UTF_8,
            dialect: Dialect {
                delimiter: b',',
                quoting: Quoting::Off,
                cr_only: false,
                sep_line: false,
            },
            sheet: Some(sheet.name.clone()),
            paths: Vec::new(),
        },
        words: format!("{} {}", sheet.name, words_of(&sheet.rows, header.as_ref())),
        head: sheet.rows,
        header,
        certain_encoding: true,
        questions,
        warnings,
        rows_estimate,
    })
}
