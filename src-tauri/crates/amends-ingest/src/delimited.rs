//! Delimited text, streamed.
//!
//! The csv crate never reports an unbalanced quote (one swallows the rest of the file, `sources.md` E46) and drops
//! the quotes of `"好"吃` (E45), so the few rules are here: a record is cut only when it is whole, and is read again
//! without quotes when a quote cannot have been meant as one.

use crate::{plan::Quoting, record::Record, text::Decoded};
use memchr::{memchr, memchr_iter, memchr2};
use std::{
    io::{self, Read},
    ops::ControlFlow,
};

/// No quoted field is longer; Excel's largest cell, 32,767 characters, is 98,301 bytes of Chinese.
const LONGEST_FIELD: usize = 100 * 1024;
/// Nor does it hold more lines.
const MOST_LINES: usize = 500;
/// A line without an end is no table.
const LONGEST_RECORD: usize = 8 << 20;
/// More columns than any review export has.
pub(crate) const MAX_COLUMNS: usize = 512;

pub(crate) const LINE_TOO_LONG: &str = "a line of more than 8 MB";

/// How the text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub delimiter: u8,
    pub quoting: Quoting,
    /// Lines end in a bare CR.
    pub cr_only: bool,
    /// The first line is Excel's `sep=x`.
    pub sep_line: bool,
}

impl Dialect {
    /// The line-end and quote habits of a sample, with this delimiter.
    pub(crate) fn of(sample: &str, delimiter: u8) -> Self {
        let bytes = sample.as_bytes();
        let cr_only = memchr(b'\n', bytes).is_none() && memchr(b'\r', bytes).is_some();
        let sep_line = sep_line(sample).is_some();
        let mut backslashes = 0;
        let mut doubled = 0;
        for i in 1..bytes.len().saturating_sub(1) {
            if bytes[i] == b'"' {
                let outside = |b: u8| b == delimiter || b == b'\r' || b == b'\n';
                if bytes[i - 1] == b'\\' && !outside(bytes[i + 1]) {
                    backslashes += 1;
                } else if bytes[i + 1] == b'"' && !outside(bytes[i - 1]) {
                    doubled += 1;
                }
            }
        }
        let quoting = if backslashes > 0 && doubled == 0 {
            Quoting::Backslash
        } else {
            Quoting::Doubled
        };
        Self {
            delimiter,
            quoting,
            cr_only,
            sep_line,
        }
    }
}

/// The delimiter named by a first line `sep=x`.
pub(crate) fn sep_line(sample: &str) -> Option<u8> {
    let line = sample.lines().next()?.trim_matches(['"', '\r', ' ']);
    let rest = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?;
    match rest.as_bytes() {
        [d] if d.is_ascii() => Some(*d),
        [] => Some(b'\t'),
        _ => None,
    }
}

/// How a try to cut one record ended.
enum Cut {
    /// It ends before this offset.
    At(usize),
    /// The text read so far does not hold all of it.
    More,
    /// A quote was opened that cannot have been meant as one.
    Unbalanced,
}

/// Calls `each` for every record that is not blank, until it breaks or the text ends.
pub(crate) fn each<R: Read>(
    text: &mut Decoded<R>,
    dialect: Dialect,
    each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut buf = String::new();
    let mut pos = 0;
    let mut eof = false;
    let mut row: u32 = 0;
    let mut record = Record::default();
    let mut columns = 0;
    // Each failure lowers how far the next quote is followed, so that a hostile file stays linear.
    let mut failures = 0u32;
    if dialect.sep_line {
        while !eof && memchr(if dialect.cr_only { b'\r' } else { b'\n' }, buf.as_bytes()).is_none() {
            eof = !refill(text, &mut buf, &mut pos)?;
        }
        pos =
            memchr(if dialect.cr_only { b'\r' } else { b'\n' }, buf.as_bytes()).map_or(buf.len(), |i| i + 1);
        row = 1;
    }
    loop {
        let reach = (LONGEST_FIELD >> (failures / 8).min(6)).max(2048);
        record.clear(row + 1);
        let mut cutter = Cutter {
            buf: &buf,
            eof,
            dialect,
            quoting: dialect.quoting,
            reach,
            columns,
        };
        let mut cut = cutter.record(pos, &mut record);
        if matches!(cut, Cut::Unbalanced) {
            record.clear(row + 1);
            cutter.quoting = Quoting::Off;
            cut = cutter.record(pos, &mut record);
            if matches!(cut, Cut::At(_)) {
                failures += 1;
                record.flags.unbalanced_quote = true;
            }
        }
        match cut {
            Cut::At(next) => {
                pos = next;
                row += 1;
                if text.bad && record.cells().any(|c| c.contains('\u{FFFD}')) {
                    record.flags.bad_bytes = true;
                }
                if !record.is_blank() {
                    columns = columns.max(record.len());
                    if each(&record).is_break() {
                        return Ok(());
                    }
                }
            }
            Cut::More | Cut::Unbalanced => {
                if eof {
                    return Ok(());
                }
                if buf.len() - pos > LONGEST_RECORD {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, LINE_TOO_LONG));
                }
                // Twice as much as before, so that a long record is not cut again and again for every chunk.
                let wanted = 2 * (buf.len() - pos);
                while !eof && buf.len() - pos <= wanted {
                    eof = !refill(text, &mut buf, &mut pos)?;
                }
            }
        }
    }
}

fn refill<R: Read>(text: &mut Decoded<R>, buf: &mut String, pos: &mut usize) -> io::Result<bool> {
    if *pos > 0 {
        buf.drain(..*pos);
        *pos = 0;
    }
    let before = buf.len();
    let more = text.fill(buf)?;
    if memchr(0, &buf.as_bytes()[before..]).is_some() {
        let clean: String = buf[before..].chars().filter(|c| *c != '\0').collect();
        buf.truncate(before);
        buf.push_str(&clean);
    }
    Ok(more)
}

/// The text read so far, and how to cut a record out of it.
struct Cutter<'a> {
    buf: &'a str,
    eof: bool,
    dialect: Dialect,
    quoting: Quoting,
    /// How far an opened quote is followed.
    reach: usize,
    /// Columns of the widest record so far.
    columns: usize,
}

impl Cutter<'_> {
    fn newline(&self) -> u8 {
        if self.dialect.cr_only { b'\r' } else { b'\n' }
    }

    fn record(&self, start: usize, record: &mut Record) -> Cut {
        let bytes = self.buf.as_bytes();
        let newline = self.newline();
        let mut pos = start;
        if pos >= bytes.len() {
            return Cut::More;
        }
        loop {
            let mut tail = pos;
            // `"a", "b"`: blanks before a quote are not part of the field.
            let quote = pos + blanks(&bytes[pos..]);
            if self.quoting != Quoting::Off && bytes.get(quote) == Some(&b'"') {
                match self.quoted(quote, record) {
                    Quoted::Closed(end) => tail = end,
                    Quoted::Stray(end) => {
                        // Something follows the closing quote: the field is kept as it is written.
                        record.restart_cell();
                        record.flags.stray_quote = true;
                        record.add(&self.buf[pos..end]);
                        tail = end;
                    }
                    Quoted::More => return Cut::More,
                    Quoted::Unbalanced => return Cut::Unbalanced,
                }
            }
            let Some(end) = memchr2(self.dialect.delimiter, newline, &bytes[tail..]).map(|i| tail + i) else {
                if !self.eof {
                    return Cut::More;
                }
                close(&self.buf[tail..], record);
                return Cut::At(bytes.len());
            };
            if bytes[end] == newline {
                let field = &self.buf[tail..end];
                close(
                    if newline == b'\n' {
                        field.strip_suffix('\r').unwrap_or(field)
                    } else {
                        field
                    },
                    record,
                );
                return Cut::At(end + 1);
            }
            close(&self.buf[tail..end], record);
            pos = end + 1;
            if pos >= bytes.len() && !self.eof {
                return Cut::More;
            }
        }
    }

    fn quoted(&self, open: usize, record: &mut Record) -> Quoted {
        let bytes = self.buf.as_bytes();
        let mut from = open + 1;
        let mut scan = from;
        loop {
            let Some(quote) = memchr(b'"', &bytes[scan..]).map(|i| scan + i) else {
                let too_far = bytes.len() - open > self.reach;
                return if self.eof || too_far {
                    Quoted::Unbalanced
                } else {
                    Quoted::More
                };
            };
            if quote - open > self.reach {
                return Quoted::Unbalanced;
            }
            if self.quoting == Quoting::Backslash && quote > open + 1 && bytes[quote - 1] == b'\\' {
                record.add(&self.buf[from..quote - 1]);
                from = quote;
                scan = quote + 1;
                continue;
            }
            match bytes.get(quote + 1) {
                None if !self.eof => return Quoted::More,
                Some(b'"') if self.quoting == Quoting::Doubled => {
                    record.add(&self.buf[from..=quote]);
                    from = quote + 2;
                    scan = from;
                    continue;
                }
                _ => {}
            }
            let after = quote + 1 + blanks(&bytes[quote + 1..]);
            let ends = match (bytes.get(after), bytes.get(after + 1)) {
                (None, _) if !self.eof => return Quoted::More,
                (None | Some(b'\n'), _) => true,
                (Some(b'\r'), _) if self.dialect.cr_only => true,
                (Some(b'\r'), None) if !self.eof => return Quoted::More,
                (Some(b'\r'), next) => matches!(next, None | Some(b'\n')),
                (Some(b), _) => *b == self.dialect.delimiter,
            };
            let inner = &self.buf[open + 1..quote];
            if self.looks_like_rows(inner) || (!ends && inner.contains(['\n', '\r'])) {
                return Quoted::Unbalanced;
            }
            if ends {
                record.add(&self.buf[from..quote]);
                return Quoted::Closed(after);
            }
            return Quoted::Stray(quote + 1);
        }
    }

    /// A "field" that holds whole rows of the table, or more lines than anyone writes, is a quote gone astray.
    fn looks_like_rows(&self, inner: &str) -> bool {
        let newline = self.newline();
        if memchr(newline, inner.as_bytes()).is_none() {
            return false;
        }
        let mut lines = 0;
        let mut rows = 0;
        // The first and the last line belong to other rows in part.
        let mut middle = inner.split(newline as char).skip(1).peekable();
        while let Some(line) = middle.next() {
            lines += 1;
            let whole = middle.peek().is_some();
            let columns = 1 + memchr_iter(self.dialect.delimiter, line.as_bytes()).count();
            if whole && columns > 2 && columns == self.columns {
                rows += 1;
            }
        }
        lines > MOST_LINES || rows >= 3
    }
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| **b == b' ').count()
}

fn close(rest: &str, record: &mut Record) {
    if record.len() < MAX_COLUMNS {
        record.add(rest);
        record.end_cell();
    } else {
        record.restart_cell();
        record.flags.too_many_columns = true;
    }
}

enum Quoted {
    /// The field's text is in the record; what follows the closing quote starts here.
    Closed(usize),
    /// Text follows the closing quote, from here.
    Stray(usize),
    More,
    Unbalanced,
}
