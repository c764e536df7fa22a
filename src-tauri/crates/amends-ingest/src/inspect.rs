//! Finding out, by content alone, what a file is and how to read it.

use crate::{
    IngestError,
    archive::{self, Inside},
    clean::{self, Id},
    delimited::{self, Dialect},
    headers::{self, Header},
    json,
    mapper::{self, Mapper},
    markup,
    plan::{
        Bytes, Column, DateOrder, Field, Format, Item, Options, Plan, Question, QuestionCode, Quoting,
        Warning, WarningCode,
    },
    rating::Tally,
    record::{Kind, Record},
    source::{self, Recipe},
    text::{self, Decoded, Survey},
    time::{self, OrderEvidence},
    workbook,
};
use amends_domain::Scale;
use encoding_rs::{Encoding, UTF_8};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read, SeekFrom},
    ops::ControlFlow,
};

/// Larger files are refused before anything is read.
pub const MAX_BYTES: u64 = 1 << 30;
/// Rows looked at to find the header and to tell columns, scales and dates; fewer where they are very long.
const HEAD_ROWS: usize = 2000;
const HEAD_SIZE: usize = 16 << 20;
const SAMPLES: usize = 5;
const PREVIEW: usize = 10;

/// What the first bytes say.
fn sniff(survey: &Survey) -> Result<Format, IngestError> {
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

/// The file without its folder, for words that name a channel.
fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// A file before its columns are told apart.
struct Looked {
    recipe: Recipe,
    head: Vec<Record>,
    header: Option<Header>,
    certain_encoding: bool,
    questions: Vec<Question>,
    warnings: Vec<Warning>,
    rows_estimate: Option<u64>,
    words: String,
}

/// Finds out what a file is and how it would be read. Nothing is written, and the name only hints at the channel.
///
/// # Errors
/// [`IngestError`] where the file cannot be imported at all; what a person could decide is in `Plan::questions`.
pub fn inspect(
    file_name: &str,
    bytes: &mut dyn Bytes,
    options: &Options,
    now_ms: i64,
) -> Result<Plan, IngestError> {
    let survey = text::survey(bytes, MAX_BYTES)?;
    if sniff(&survey)? == Format::Xlsx
        && let Inside::Files(members) = archive::look(bytes)?
    {
        return inspect_member(bytes, &survey, members, options, now_ms);
    }
    inspect_one(file_name, bytes, &survey, options, now_ms)
}

fn inspect_one(
    file_name: &str,
    bytes: &mut dyn Bytes,
    survey: &Survey,
    options: &Options,
    now_ms: i64,
) -> Result<Plan, IngestError> {
    let looked = match sniff(survey)? {
        Format::Xlsx => look_xlsx(bytes, options)?,
        Format::Xls => look_xls(bytes, options)?,
        _ => look_text(bytes, survey, options)?,
    };
    plan_of(file_name, bytes, options, now_ms, survey, looked)
}

/// One file of an archive: the chosen one, the only one, or the first readable one and a question.
fn inspect_member(
    bytes: &mut dyn Bytes,
    outer: &Survey,
    members: Vec<String>,
    options: &Options,
    now_ms: i64,
) -> Result<Plan, IngestError> {
    let tries: Vec<String> = match &options.member {
        Some(name) => vec![name.clone()],
        None => members.clone(),
    };
    let mut failure = IngestError::NoTable;
    for name in tries {
        let mut inner = Cursor::new(archive::unpack(bytes, &name)?);
        let survey = match text::survey(&mut inner, MAX_BYTES) {
            Ok(survey) => survey,
            Err(e) => {
                failure = e;
                continue;
            }
        };
        // An archive in an archive is not opened: no one exports that, and bombs are made of it.
        if sniff(&survey).is_ok_and(|f| f == Format::Xlsx)
            && matches!(archive::look(&mut inner), Ok(Inside::Files(_)))
        {
            failure = IngestError::Unsupported {
                what: "zip in zip".into(),
            };
            continue;
        }
        match inspect_one(&name, &mut inner, &survey, options, now_ms) {
            Ok(mut plan) => {
                plan.bytes = outer.size;
                plan.sha256 = outer.sha256.clone();
                plan.member = Some(name);
                if members.len() > 1 && options.member.is_none() {
                    plan.questions.push(Question {
                        code: QuestionCode::Member,
                        field: None,
                        columns: Vec::new(),
                        choices: members,
                        detail: String::new(),
                    });
                }
                return Ok(plan);
            }
            Err(e) => failure = e,
        }
    }
    Err(failure)
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
fn sample_of(bytes: &mut dyn Bytes, encoding: &'static Encoding) -> Result<String, IngestError> {
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
fn consistency(head: &[Record]) -> usize {
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
    let above = header.as_ref().map_or(0, |h| h.index as u32 + h.rows);
    let rows_estimate = match sheet.declared_rows {
        n if n > 1 => Some(u64::from(n.saturating_sub(above))),
        _ => None,
    };
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

/// The recipe that a plan stands for.
pub(crate) fn recipe_of(plan: &Plan, bytes: &mut dyn Bytes) -> Result<Recipe, IngestError> {
    let encoding = match &plan.encoding {
        Some(name) => text::by_name(name)?,
        None => UTF_8,
    };
    let mut dialect = Dialect {
        delimiter: b',',
        quoting: plan.quoting,
        cr_only: false,
        sep_line: false,
    };
    if let Some(delimiter) = plan.delimiter.filter(char::is_ascii) {
        let sample = sample_of(bytes, encoding)?;
        dialect = Dialect {
            quoting: plan.quoting,
            ..Dialect::of(&sample, delimiter as u8)
        };
    }
    let paths = match plan.format {
        Format::Json | Format::NdJson => plan.columns.iter().map(|c| c.header.clone()).collect(),
        _ => Vec::new(),
    };
    Ok(Recipe {
        format: plan.format,
        encoding,
        dialect,
        sheet: plan.sheet.clone(),
        paths,
    })
}

fn plan_of(
    file_name: &str,
    bytes: &mut dyn Bytes,
    options: &Options,
    now_ms: i64,
    survey: &Survey,
    mut looked: Looked,
) -> Result<Plan, IngestError> {
    let is_json = matches!(looked.recipe.format, Format::Json | Format::NdJson);
    let recognised = looked.header.is_some() || is_json;
    if !recognised {
        looked.header = headers::guess(&looked.head);
    }
    let names: Vec<String> = match &looked.header {
        Some(header) => header.names.clone(),
        None if is_json => looked.recipe.paths.clone(),
        None => Vec::new(),
    };
    let width = looked
        .head
        .iter()
        .map(Record::len)
        .max()
        .unwrap_or(0)
        .min(delimited::MAX_COLUMNS);
    if width == 0 || (names.is_empty() && width < 2 && options.mapping.is_none()) {
        return Err(IngestError::NoTable);
    }
    let profile = headers::profile(&names);
    let text_zone = options.zone.clone().unwrap_or_else(|| profile.zone.to_owned());
    let zone: chrono_tz::Tz = text_zone.parse().map_err(|_| IngestError::UnknownOption {
        what: "zone",
        value: text_zone.clone(),
    })?;
    let (header_row, header_rows, first_data) = match &looked.header {
        Some(h) => (
            looked.head[h.index].row,
            h.rows,
            looked.head[h.index].row + h.rows,
        ),
        None => (0, 0, 1),
    };
    let mut columns: Vec<Column> = (0..width.max(names.len()))
        .map(|i| Column {
            index: i as u32,
            header: names.get(i).cloned().unwrap_or_default(),
            field: None,
            samples: Vec::new(),
            damaged: false,
        })
        .collect();
    let mut evidence = Evidence::new(columns.len());
    for record in looked
        .head
        .iter()
        .filter(|r| r.row >= first_data && !mapper::is_footer(r))
    {
        evidence.add(record);
    }
    // A column without a header that never holds anything is the blank tail of a row.
    while columns
        .last()
        .is_some_and(|c| c.header.is_empty() && evidence.columns[c.index as usize].filled == 0)
    {
        columns.pop();
    }
    if evidence.rows == 0 && looked.header.is_some() {
        return Err(IngestError::NoRows);
    }
    let conflicts = assign(&mut columns, &evidence, options)?;
    looked.questions.extend(conflicts);
    let mapped = |f: Field| columns.iter().any(|c| c.field == Some(f));
    let words = [
        Field::Body,
        Field::BodyNegative,
        Field::BodyPositive,
        Field::AppendBody,
    ];
    if !words.iter().any(|f| mapped(*f)) && !mapped(Field::Rating) {
        // Prose has commas too: without a header that says so, only even rows are a table.
        let even = consistency(&looked.head);
        if !recognised && (even < 2 || even * 10 < looked.head.len() * 6) {
            return Err(IngestError::NoTable);
        }
        looked.questions.push(Question {
            code: QuestionCode::NoHeader,
            field: None,
            columns: columns.iter().map(|c| c.index).collect(),
            choices: columns
                .iter()
                .map(|c| {
                    evidence.columns[c.index as usize]
                        .samples
                        .first()
                        .cloned()
                        .unwrap_or_default()
                })
                .collect(),
            detail: String::new(),
        });
    }
    let rating = columns
        .iter()
        .find(|c| c.field == Some(Field::Rating))
        .map(|c| (c.index as usize, c.header.clone()));
    let times: Vec<usize> = columns
        .iter()
        .filter(|c| {
            matches!(
                c.field,
                Some(Field::Posted | Field::Updated | Field::AppendTime | Field::ReplyTime)
            )
        })
        .map(|c| c.index as usize)
        .collect();
    let ids: Vec<usize> = columns
        .iter()
        .filter(|c| {
            matches!(
                c.field,
                Some(Field::ExternalId | Field::OrderId | Field::SubOrderId)
            )
        })
        .map(|c| c.index as usize)
        .collect();
    let mut look = Look::new(rating.as_ref().map(|r| r.0), times, ids, columns.len());
    looked
        .head
        .iter()
        .filter(|r| r.row >= first_data)
        .for_each(|r| look.add(r));
    // A date that reads both ways is worth looking through the whole file for one that does not.
    if let Some(last) = looked.head.last().map(|r| r.row)
        && look.is_open()
        && options.date_order.is_none()
    {
        source::each_row(bytes, &looked.recipe, text::SILENT, &mut |record, _| {
            if record.row > last {
                look.add(record);
            }
            if look.is_open() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
    }
    for column in &mut columns {
        column.damaged = look.is_damaged(column.index as usize);
        column.samples = std::mem::take(&mut evidence.columns[column.index as usize].samples);
    }
    let scale = match (options.scale, profile.scale, &rating) {
        (Some(scale), ..) => scale,
        (None, _, None) => Scale::None,
        (None, Some(scale), Some(_)) => scale,
        (None, None, Some((index, header))) => look.tally.scale(header).unwrap_or_else(|example| {
            looked.questions.push(Question {
                code: QuestionCode::Scale,
                field: Some(Field::Rating),
                columns: vec![*index as u32],
                choices: ["stars5", "stars10", "stars50", "score500", "percent"]
                    .map(str::to_owned)
                    .to_vec(),
                detail: example,
            });
            Scale::Stars5
        }),
    };
    let date_order = options.date_order.or(look.order);
    if look.both_ways.is_some() && date_order.is_none() {
        looked.questions.push(Question {
            code: QuestionCode::DateOrder,
            field: Some(Field::Posted),
            columns: look.times.iter().map(|i| *i as u32).collect(),
            choices: vec!["dmy".into(), "mdy".into()],
            detail: look.both_ways.clone().unwrap_or_default(),
        });
    }
    let named =
        headers::channel_named(base_name(file_name)).or_else(|| headers::channel_named(&looked.words));
    let (channel, channel_certain) = match (options.channel, profile.certain, named) {
        (Some(channel), ..) => (channel, true),
        (None, true, _) => (profile.channel, true),
        (None, false, Some(channel)) => (channel, false),
        (None, false, None) => (profile.channel, false),
    };
    let is_text = !matches!(looked.recipe.format, Format::Xlsx | Format::Xls);
    if is_text && !looked.certain_encoding {
        looked.warnings.push(Warning {
            code: WarningCode::UncertainEncoding,
            row: None,
            count: 1,
            detail: text::display_name(looked.recipe.encoding).to_owned(),
        });
    }
    let mut plan = Plan {
        format: looked.recipe.format,
        encoding: is_text.then(|| text::display_name(looked.recipe.encoding).to_owned()),
        delimiter: (looked.recipe.format == Format::Csv).then_some(looked.recipe.dialect.delimiter as char),
        quoting: looked.recipe.dialect.quoting,
        sheet: looked.recipe.sheet.clone(),
        member: None,
        profile: profile.id.to_owned(),
        channel,
        channel_certain,
        header_row,
        header_rows,
        preamble_rows: header_row.saturating_sub(1),
        scale,
        zone: zone.name().to_owned(),
        date_order,
        columns,
        rows_estimate: looked
            .rows_estimate
            .map(|n| n.saturating_sub(u64::from(header_row + header_rows).saturating_sub(1))),
        bytes: survey.size,
        preview: Vec::new(),
        questions: looked.questions,
        warnings: looked.warnings,
        sha256: survey.sha256.clone(),
    };
    preview(&mut plan, options, &looked.head, now_ms)?;
    Ok(plan)
}

fn preview(plan: &mut Plan, options: &Options, head: &[Record], now_ms: i64) -> Result<(), IngestError> {
    let mut mapper = Mapper::new(plan, options, now_ms)?;
    let mut rows = Vec::new();
    for record in head {
        let flow = mapper.row(record, &mut |item| {
            if let Item::Review(review) = item {
                rows.push(*review);
            }
            if rows.len() < PREVIEW {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        if flow.is_break() {
            break;
        }
    }
    plan.preview = rows;
    for warning in mapper.warnings.into_vec() {
        // Rows are warned of when they are read; damaged numbers must be known before.
        if warning.code == WarningCode::DamagedIds {
            plan.warnings.push(warning);
        }
    }
    Ok(())
}

#[derive(Default)]
struct ColumnEvidence {
    filled: u32,
    samples: Vec<String>,
    tally: Tally,
    longest: usize,
}

/// What the first rows show of each column.
struct Evidence {
    rows: u32,
    columns: Vec<ColumnEvidence>,
}

impl Evidence {
    fn new(columns: usize) -> Self {
        Self {
            rows: 0,
            columns: (0..columns).map(|_| ColumnEvidence::default()).collect(),
        }
    }

    fn add(&mut self, record: &Record) {
        self.rows += 1;
        for (index, column) in self.columns.iter_mut().enumerate() {
            let cell = record.get(index);
            if cell.trim().is_empty() {
                continue;
            }
            column.filled += 1;
            column.longest = column.longest.max(cell.len());
            column.tally.add(cell, record.kind(index));
            if column.samples.len() < SAMPLES && !column.samples.iter().any(|s| s == cell) {
                column.samples.push(cell.chars().take(200).collect());
            }
        }
    }
}

/// Gives every column its field, and asks where two columns claim the same one.
fn assign(
    columns: &mut [Column],
    evidence: &Evidence,
    options: &Options,
) -> Result<Vec<Question>, IngestError> {
    let choices = options.mapping.as_deref().unwrap_or(&[]);
    for choice in choices {
        if choice.index as usize >= columns.len() {
            return Err(IngestError::UnknownOption {
                what: "column",
                value: choice.index.to_string(),
            });
        }
    }
    let chosen = |index: u32| choices.iter().find(|c| c.index == index);
    let taken = |field: Field| choices.iter().any(|c| c.field == Some(field));
    let many = |field: Field| matches!(field, Field::SubRating | Field::Media);
    let mut claims: BTreeMap<Field, Vec<(u8, usize)>> = BTreeMap::new();
    for (at, column) in columns.iter_mut().enumerate() {
        if let Some(choice) = chosen(column.index) {
            column.field = choice.field;
            continue;
        }
        let Some((field, rank)) = headers::field_of(&column.header) else {
            continue;
        };
        let seen = &evidence.columns[column.index as usize];
        let field = match field {
            // 评价类型 holds 好评/差评 in one export and 初评/追评 in the next.
            Field::Phase
                if seen
                    .samples
                    .iter()
                    .any(|s| s.contains('追') || s.contains("初评")) =>
            {
                Field::Phase
            }
            Field::Phase if seen.tally.share() > 0.9 => Field::Rating,
            Field::Phase => continue,
            // 包装 or 服务 can be words instead of a rating.
            Field::SubRating if seen.filled > 0 && seen.tally.share() < 0.8 => continue,
            // 评价 or 评分 without a single rating in it is text.
            Field::Rating if seen.filled > 0 && seen.tally.share() < 0.2 && seen.longest > 30 => Field::Body,
            field => field,
        };
        if taken(field) && !many(field) {
            continue;
        }
        claims.entry(field).or_default().push((rank, at));
    }
    // 商品评分 alone is the rating; beside an overall one it is a part of it.
    if !claims.contains_key(&Field::Rating)
        && !taken(Field::Rating)
        && let Some(subs) = claims.get_mut(&Field::SubRating)
    {
        let main = ["商品评分", "描述相符", "质量", "商品质量", "qualityscore"];
        if let Some(place) = subs
            .iter()
            .position(|(_, at)| main.contains(&headers::normal(&columns[*at].header).as_str()))
        {
            let claim = subs.remove(place);
            claims.insert(Field::Rating, vec![claim]);
        }
    }
    // Feeds that tell only when a review last changed tell when it was posted.
    if !claims.contains_key(&Field::Posted)
        && !taken(Field::Posted)
        && let Some(updated) = claims.remove(&Field::Updated)
    {
        claims.insert(Field::Posted, updated);
    }
    let mut questions = Vec::new();
    for (field, mut claim) in claims {
        claim.sort_unstable();
        if many(field) {
            claim.iter().for_each(|(_, at)| columns[*at].field = Some(field));
            continue;
        }
        let rank = claim[0].0;
        let filled = |at: usize| evidence.columns[columns[at].index as usize].filled > 0;
        let mut equal: Vec<usize> = claim
            .iter()
            .filter(|(r, _)| *r == rank)
            .map(|(_, at)| *at)
            .collect();
        if equal.iter().any(|at| filled(*at)) {
            equal.retain(|at| filled(*at));
        }
        if !is_telling(field) {
            equal.truncate(1);
        }
        for at in &equal {
            columns[*at].field = Some(field);
        }
        if equal.len() > 1 {
            questions.push(Question {
                code: QuestionCode::ColumnConflict,
                field: Some(field),
                columns: equal.iter().map(|at| columns[*at].index).collect(),
                choices: equal.iter().map(|at| columns[*at].header.clone()).collect(),
                detail: String::new(),
            });
        }
    }
    Ok(questions)
}

/// Fields worth a question when two columns claim them; of two shops or two product names the first will do, and the
/// other stays in the original.
fn is_telling(field: Field) -> bool {
    matches!(
        field,
        Field::ExternalId
            | Field::OrderId
            | Field::SubOrderId
            | Field::Body
            | Field::BodyPositive
            | Field::BodyNegative
            | Field::AppendBody
            | Field::Rating
            | Field::Posted
            | Field::Reply
    )
}

/// What many rows show of ratings, dates and numbers.
struct Look {
    rating: Option<usize>,
    times: Vec<usize>,
    ids: Vec<usize>,
    rows: usize,
    tally: Tally,
    order: Option<DateOrder>,
    both_ways: Option<String>,
    /// Per column: long numbers, and those of them that end in zeros.
    long: Vec<(u32, u32)>,
}

impl Look {
    fn new(rating: Option<usize>, times: Vec<usize>, ids: Vec<usize>, columns: usize) -> Self {
        Self {
            rating,
            times,
            ids,
            rows: 0,
            tally: Tally::default(),
            order: None,
            both_ways: None,
            long: vec![(0, 0); columns],
        }
    }

    fn add(&mut self, record: &Record) {
        self.rows += 1;
        if self.rows <= HEAD_ROWS {
            if let Some(index) = self.rating {
                self.tally.add(record.get(index), record.kind(index));
            }
            for index in &self.ids {
                if let Id::Text(text) = clean::id(record.get(*index), None)
                    && text.len() >= 17
                {
                    let (long, rounded) = &mut self.long[*index];
                    *long += 1;
                    *rounded += u32::from(clean::looks_rounded(text));
                }
            }
        }
        if self.order.is_none() {
            for index in &self.times {
                if record.kind(*index) != Kind::Text {
                    continue;
                }
                match time::order_evidence(record.get(*index)) {
                    OrderEvidence::DayFirst => self.order = Some(DateOrder::Dmy),
                    OrderEvidence::MonthFirst => self.order = Some(DateOrder::Mdy),
                    OrderEvidence::Both if self.both_ways.is_none() => {
                        self.both_ways = Some(clean::unguard(record.get(*index)).to_owned());
                    }
                    OrderEvidence::Both | OrderEvidence::None => {}
                }
            }
        }
    }

    fn is_open(&self) -> bool {
        self.both_ways.is_some() && self.order.is_none()
    }

    /// Three long numbers or more, and all of them rounded: Excel has been there.
    fn is_damaged(&self, index: usize) -> bool {
        self.long
            .get(index)
            .is_some_and(|(long, rounded)| *long >= 3 && long == rounded)
    }
}
