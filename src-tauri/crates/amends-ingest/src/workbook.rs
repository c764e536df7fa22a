//! Excel workbooks, a row at a time, and what must be checked before calamine is let near one.

use crate::{
    IngestError,
    delimited::MAX_COLUMNS,
    plan::Bytes,
    record::{Kind, Record},
    text::{Counted, SILENT, Tick},
};
use calamine::{
    Data, DataRef, DataType, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};
use chrono::{Duration, NaiveDate, Timelike};
use memchr::memmem;
use std::{
    io::{BufReader, Cursor, Read, Seek, SeekFrom},
    ops::ControlFlow,
};
use zip::ZipArchive;

/// Above this a member must not unpack to more than [`MAX_RATIO`] times its packed size.
const RATIO_FREE: u64 = 32 << 20;
const MAX_RATIO: u64 = 150;
/// Rows are streamed, so a sheet may be large; calamine holds the shared texts, so they may not.
const MAX_MEMBER: u64 = 2 << 30;
const MAX_SHARED: u64 = 128 << 20;
/// Texts that calamine would hold; a row of reviews has about five.
const MAX_TEXTS: usize = 4_000_000;
/// Excel itself allows 65,490 cell formats.
const MAX_FORMATS: usize = 200_000;
/// The workbook's own small parts.
const MAX_OTHER: u64 = 16 << 20;
/// The longest run of text between two tags; Excel's largest cell is 32,767 characters.
const MAX_TEXT: usize = 1 << 20;
const MAX_XLS: u64 = 64 << 20;
/// Cells of all sheets' rectangles, which calamine holds whole.
const MAX_XLS_CELLS: u64 = 4_000_000;

type Book<'a> = Xlsx<BufReader<Counted<'a>>>;

/// A sheet's name and its first rows.
pub(crate) struct SheetHead {
    pub name: String,
    pub hidden: bool,
    pub rows: Vec<Record>,
    /// Last row as the sheet declares it; 0 when it does not.
    pub declared_rows: u32,
}

fn damaged(e: impl std::fmt::Display) -> IngestError {
    IngestError::Damaged {
        detail: e.to_string(),
    }
}

fn xlsx_error(e: XlsxError) -> IngestError {
    match e {
        XlsxError::Password => IngestError::PasswordProtected,
        XlsxError::Io(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => IngestError::Truncated {
            detail: e.to_string(),
        },
        XlsxError::XmlEof(what) => IngestError::Truncated {
            detail: format!("<{what}>"),
        },
        other => damaged(other),
    }
}

/// Unpacks every XML part once without keeping it: the sizes a zip states can lie, and calamine trusts them and the
/// counts inside (a false `uniqueCount` aborts the process, `sources.md` E41b).
pub(crate) fn check_xlsx(bytes: &mut dyn Bytes, tick: Tick<'_>) -> Result<(), IngestError> {
    bytes.seek(SeekFrom::Start(0))?;
    let mut zip = ZipArchive::new(BufReader::new(Counted::new(&mut *bytes, tick).0)).map_err(zip_error)?;
    if zip.len() > 10_000 {
        return Err(IngestError::Suspicious {
            detail: format!("{} parts", zip.len()),
        });
    }
    let mut chunk = vec![0u8; 256 * 1024];
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).map_err(zip_error)?;
        let name = member.name().map_err(zip_error)?.to_lowercase();
        let packed = member.compressed_size().max(1);
        let mut part = Part::of(&name);
        loop {
            let n = member
                .read(&mut chunk)
                .map_err(|e| damaged(format!("{name}: {e}")))?;
            if n == 0 {
                break;
            }
            // Whatever its name, a part that begins like XML can be made a sheet by the workbook.
            if part.size == 0 && !looks_like_xml(&chunk[..n]) {
                break;
            }
            part.take(&chunk[..n]).map_err(|what| IngestError::Suspicious {
                detail: format!("{name}: {what}"),
            })?;
            if part.size > RATIO_FREE && part.size / packed > MAX_RATIO {
                return Err(IngestError::Suspicious {
                    detail: format!("{name} > {} MB", part.size >> 20),
                });
            }
            if part.size > part.limit {
                return Err(IngestError::TooLarge {
                    bytes: part.size,
                    limit: part.limit,
                });
            }
        }
        // `<si/>` is the shortest text there is; real ones are longer.
        if part.claim > part.size / 5 + 1 {
            return Err(IngestError::Suspicious {
                detail: format!("{name}: uniqueCount={}", part.claim),
            });
        }
    }
    bytes.seek(SeekFrom::Start(0))?;
    Ok(())
}

fn looks_like_xml(head: &[u8]) -> bool {
    head.iter().find(|b| {
        !matches!(
            b,
            0xEF | 0xBB | 0xBF | 0xFE | 0xFF | 0 | b' ' | b'\t' | b'\r' | b'\n'
        )
    }) == Some(&b'<')
}

/// What one part of a workbook has shown so far.
struct Part {
    limit: u64,
    /// Elements that calamine holds one by one, and how many there may be.
    counted: Option<(&'static [u8], usize)>,
    size: u64,
    count: usize,
    /// Length of the text that runs on.
    run: usize,
    claim: u64,
    /// The end of the last chunk, where a name may have been cut.
    tail: Vec<u8>,
}

impl Part {
    fn of(name: &str) -> Self {
        let (limit, counted): (u64, Option<(&'static [u8], usize)>) = if name.ends_with("sharedstrings.xml") {
            (MAX_SHARED, Some((b"si", MAX_TEXTS)))
        } else if name.ends_with("styles.xml") {
            (MAX_OTHER, Some((b"xf", MAX_FORMATS)))
        } else if name.ends_with(".rels") || name.ends_with("workbook.xml") || name.ends_with("theme1.xml") {
            (MAX_OTHER, None)
        } else {
            (MAX_MEMBER, None)
        };
        Self {
            limit,
            counted,
            size: 0,
            count: 0,
            run: 0,
            claim: 0,
            tail: Vec::new(),
        }
    }

    fn take(&mut self, chunk: &[u8]) -> Result<(), String> {
        self.size += chunk.len() as u64;
        self.run = longest_run(chunk, self.run).ok_or("one cell > 1 MB")?;
        let Some((element, most)) = self.counted else {
            return Ok(());
        };
        self.count += memmem::find_iter(chunk, element)
            .filter(|at| {
                at.checked_sub(1)
                    .is_some_and(|before| matches!(chunk[before], b'<' | b':'))
            })
            .count();
        if self.count > most {
            return Err(format!("{} elements", self.count));
        }
        self.tail.extend_from_slice(&chunk[..chunk.len().min(64)]);
        self.claim = self
            .claim
            .max(claimed_count(&self.tail))
            .max(claimed_count(chunk));
        self.tail = chunk[chunk.len().saturating_sub(64)..].to_vec();
        Ok(())
    }
}

/// Length of the text that runs on at the end of a chunk; none when some text is too long.
fn longest_run(part: &[u8], before: usize) -> Option<usize> {
    let mut run = before;
    let mut from = 0;
    for tag in memchr::memchr_iter(b'<', part) {
        if run + (tag - from) > MAX_TEXT {
            return None;
        }
        run = 0;
        from = tag;
    }
    let run = run + (part.len() - from);
    (run <= MAX_TEXT).then_some(run)
}

/// The largest `uniqueCount` in a piece of XML; 0 for none.
fn claimed_count(piece: &[u8]) -> u64 {
    const NAME: &[u8] = b"uniqueCount";
    memmem::find_iter(piece, NAME)
        .map(|at| {
            piece[at + NAME.len()..]
                .iter()
                .skip_while(|b| matches!(b, b'=' | b'"' | b'\'' | b'+' | b' ' | b'\t' | b'\r' | b'\n'))
                .take_while(|b| b.is_ascii_digit())
                .fold(0u64, |n, b| {
                    n.saturating_mul(10).saturating_add(u64::from(b - b'0'))
                })
        })
        .max()
        .unwrap_or(0)
}

pub(crate) fn zip_error(e: zip::result::ZipError) -> IngestError {
    match e {
        zip::result::ZipError::Io(e) => IngestError::Truncated {
            detail: e.to_string(),
        },
        zip::result::ZipError::InvalidArchive(what) => IngestError::Truncated {
            detail: what.to_string(),
        },
        zip::result::ZipError::UnsupportedArchive(what) if what.to_lowercase().contains("password") => {
            IngestError::PasswordProtected
        }
        other => damaged(other),
    }
}

fn open(mut bytes: Counted<'_>) -> Result<Book<'_>, IngestError> {
    bytes.seek(SeekFrom::Start(0))?;
    Xlsx::new(BufReader::with_capacity(64 * 1024, bytes)).map_err(xlsx_error)
}

/// The first rows of every worksheet, at most 20 of them.
pub(crate) fn xlsx_heads(bytes: &mut dyn Bytes, rows: usize) -> Result<Vec<SheetHead>, IngestError> {
    let mut book = open(Counted::new(bytes, SILENT).0)?;
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .map(|s| (s.name.clone(), s.visible != SheetVisible::Visible))
        .take(20)
        .collect();
    let mut heads = Vec::new();
    for (name, hidden) in sheets {
        let mut head = SheetHead {
            name,
            hidden,
            rows: Vec::new(),
            declared_rows: 0,
        };
        let found = each_cell_row(&mut book, &head.name, &mut |record| {
            head.rows.push(record.clone());
            if head.rows.len() < rows {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        match found {
            Ok(declared) => head.declared_rows = declared,
            // A sheet that holds no cells at all is no reason to refuse the others.
            Err(_) if head.rows.is_empty() && heads.len() + 1 < 20 => {}
            Err(e) => return Err(e),
        }
        heads.push(head);
    }
    Ok(heads)
}

/// Calls `each` for every row of one sheet that is not blank.
pub(crate) fn each_xlsx(
    bytes: Counted<'_>,
    sheet: &str,
    each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    let mut book = open(bytes)?;
    if !book.sheets_metadata().iter().any(|s| s.name == sheet) {
        return Err(IngestError::UnknownOption {
            what: "sheet",
            value: sheet.to_owned(),
        });
    }
    each_cell_row(&mut book, sheet, each).map(|_| ())
}

fn each_cell_row(
    book: &mut Book<'_>,
    sheet: &str,
    each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
) -> Result<u32, IngestError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(xlsx_error)?;
    let declared = cells.dimensions().end.0.saturating_add(1);
    let percent: Vec<bool> = cells
        .styles()
        .iter()
        .map(|s| {
            s.number_format
                .as_ref()
                .is_some_and(|f| f.format_code.contains('%'))
        })
        .collect();
    let mut record = Record::default();
    let mut row = u32::MAX;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(xlsx_error)? {
        let (at, column) = cell.get_position();
        if at != row {
            if row != u32::MAX && !record.is_blank() && each(&record).is_break() {
                return Ok(declared);
            }
            row = at;
            record.clear(row.saturating_add(1));
        }
        let value = cell.get_value();
        if matches!(value, DataRef::Empty) {
            continue;
        }
        let column = column as usize;
        if column >= MAX_COLUMNS {
            record.flags.too_many_columns = true;
            continue;
        }
        // Cells come in order; one that does not is a second value for a place already passed.
        if column < record.len() {
            continue;
        }
        while record.len() < column {
            record.end_cell();
        }
        let is_percent = percent.get(style).copied().unwrap_or(false);
        match value {
            DataRef::String(s) => record.push(s),
            DataRef::SharedString(s) => record.push(s),
            DataRef::Float(n) => number(&mut record, *n, is_percent),
            DataRef::Int(n) => number(&mut record, *n as f64, is_percent),
            DataRef::Bool(b) => record.push(if *b { "true" } else { "false" }),
            DataRef::DateTime(when) => date(&mut record, when),
            DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => record.push(s),
            DataRef::Error(_) | DataRef::Empty => record.end_cell(),
        }
    }
    if row != u32::MAX && !record.is_blank() {
        let _ = each(&record);
    }
    Ok(declared)
}

fn number(record: &mut Record, n: f64, percent: bool) {
    record.push(&n.to_string());
    record.mark(if percent { Kind::Percent } else { Kind::Number(n) });
}

/// A day number as text, rounded to the second because it is a fraction of a day.
fn date(record: &mut Record, when: &ExcelDateTime) {
    if when.is_duration() {
        return number(record, when.as_f64(), false);
    }
    let (year, month, day, hour, minute, second, milli) = when.to_ymd_hms_milli();
    let exact = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).and_then(|d| {
        d.and_hms_milli_opt(
            u32::from(hour),
            u32::from(minute),
            u32::from(second),
            u32::from(milli),
        )
    });
    let Some(rounded) = exact.and_then(|t| t.checked_add_signed(Duration::milliseconds(500))) else {
        return number(record, when.as_f64(), false);
    };
    let whole_day = rounded.num_seconds_from_midnight() == 0;
    record.push(
        &rounded
            .format(if whole_day {
                "%Y-%m-%d"
            } else {
                "%Y-%m-%d %H:%M:%S"
            })
            .to_string(),
    );
    record.mark(Kind::Date);
}

/// True for Office files that are encrypted as a whole.
pub(crate) fn is_encrypted(whole: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    memmem::find(whole, &name).is_some()
}

/// calamine fills the rectangle around all cells of every sheet as it opens a workbook, so two cells in opposite
/// corners of many sheets would take gigabytes: the corners are read first.
fn check_xls(whole: &[u8]) -> Result<(), IngestError> {
    let mut container = cfb::CompoundFile::open(Cursor::new(whole)).map_err(|e| match e.kind() {
        std::io::ErrorKind::UnexpectedEof => IngestError::Truncated {
            detail: e.to_string(),
        },
        _ => damaged(e),
    })?;
    let names = ["/Workbook", "/WORKBOOK", "/Book"];
    let Some(mut stream) = names.iter().find_map(|name| container.open_stream(name).ok()) else {
        return Err(IngestError::Unsupported { what: "ole".into() });
    };
    let mut book = Vec::new();
    stream.read_to_end(&mut book)?;
    let mut total = 0u64;
    let mut corner: Option<[u64; 4]> = None;
    let mut rest = book.as_slice();
    while let [t0, t1, l0, l1, tail @ ..] = rest {
        let (kind, length) = (
            u16::from_le_bytes([*t0, *t1]),
            usize::from(u16::from_le_bytes([*l0, *l1])),
        );
        let Some(data) = tail.get(..length) else { break };
        rest = &tail[length..];
        match (kind, data) {
            // FILEPASS
            (0x002F, [a, b, ..]) if u16::from_le_bytes([*a, *b]) != 0 => {
                return Err(IngestError::PasswordProtected);
            }
            // BOF of the next sheet
            (0x0809, _) => total += area(corner.take()),
            // Cells: FORMULA, BLANK, NUMBER, LABEL, BOOLERR, RSTRING, LABELSST, RK; MULRK and MULBLANK also name
            // their last column.
            (
                0x0006 | 0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x00D6 | 0x00FD | 0x027E | 0x00BD | 0x00BE,
                [r0, r1, c0, c1, more @ ..],
            ) => {
                let row = u64::from(u16::from_le_bytes([*r0, *r1]));
                let first = u64::from(u16::from_le_bytes([*c0, *c1]));
                let last = match (kind, more) {
                    (0x00BD | 0x00BE, [.., a, b]) => u64::from(u16::from_le_bytes([*a, *b])),
                    _ => first,
                };
                let [top, left, bottom, right] = corner.get_or_insert([row, first, row, first]);
                (*top, *left) = ((*top).min(row), (*left).min(first));
                (*bottom, *right) = ((*bottom).max(row), (*right).max(last.max(first)));
            }
            _ => {}
        }
    }
    total += area(corner);
    if total > MAX_XLS_CELLS {
        return Err(IngestError::Suspicious {
            detail: format!("{total} cells"),
        });
    }
    Ok(())
}

fn area(corner: Option<[u64; 4]>) -> u64 {
    corner.map_or(0, |[top, left, bottom, right]| {
        (bottom - top + 1) * (right - left + 1)
    })
}

/// Calls `each` for the rows of the sheets of an old workbook: with a name, of that one; without, of each in turn.
pub(crate) fn each_xls(
    mut bytes: Counted<'_>,
    each: &mut dyn FnMut(&str, bool, &Record) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    let size = bytes.seek(SeekFrom::End(0))?;
    if size > MAX_XLS {
        return Err(IngestError::TooLarge {
            bytes: size,
            limit: MAX_XLS,
        });
    }
    bytes.seek(SeekFrom::Start(0))?;
    let mut whole = Vec::with_capacity(size as usize);
    bytes.read_to_end(&mut whole)?;
    // A header and two sectors are the least there can be.
    if whole.len() < 1536 {
        return Err(IngestError::Truncated {
            detail: format!("{} B", whole.len()),
        });
    }
    if is_encrypted(&whole) {
        return Err(IngestError::PasswordProtected);
    }
    check_xls(&whole)?;
    let mut book: Xls<_> = Xls::new(Cursor::new(whole)).map_err(|e| match e {
        XlsError::Password => IngestError::PasswordProtected,
        XlsError::Io(e) => IngestError::Truncated {
            detail: e.to_string(),
        },
        XlsError::EoStream(what) => IngestError::Truncated {
            detail: what.to_string(),
        },
        other => damaged(other),
    })?;
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .map(|s| (s.name.clone(), s.visible != SheetVisible::Visible))
        .take(20)
        .collect();
    let mut record = Record::default();
    for (name, hidden) in sheets {
        let Ok(range) = book.worksheet_range(&name) else {
            continue;
        };
        let (top, left) = range.start().unwrap_or((0, 0));
        for (offset, row) in range.rows().enumerate() {
            record.clear(top + offset as u32 + 1);
            for _ in 0..left {
                record.end_cell();
            }
            for cell in row.iter().take(MAX_COLUMNS) {
                match cell {
                    Data::String(s) => record.push(s),
                    Data::Float(n) => number(&mut record, *n, false),
                    Data::Int(n) => number(&mut record, *n as f64, false),
                    Data::DateTime(when) => date(&mut record, when),
                    other => record.push(&other.as_string().unwrap_or_default()),
                }
            }
            if !record.is_blank() && each(&name, hidden, &record).is_break() {
                break;
            }
        }
    }
    Ok(())
}
