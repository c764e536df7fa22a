//! Bytes in any encoding as UTF-8 text, a chunk at a time, and how the encoding is found (`sources.md` §4).

use crate::{IngestError, headers, plan::Bytes};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, CoderResult, Decoder, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_1252,
};
use sha2::{Digest, Sha256};
use std::{
    cell::Cell,
    io::{self, BufRead, Read, Seek, SeekFrom},
    ops::ControlFlow,
    rc::Rc,
};

const CHUNK: usize = 64 * 1024;

/// Told the bytes used so far; a break makes the next read fail.
pub(crate) type Tick<'a> = &'a dyn Fn(u64) -> ControlFlow<()>;

/// Counts the bytes taken from the file, for progress, also while a library reads and hands out nothing.
pub(crate) struct Counted<'a> {
    inner: &'a mut dyn Bytes,
    done: Rc<Cell<u64>>,
    tick: Tick<'a>,
}

/// Where nobody waits for progress.
pub(crate) const SILENT: Tick<'static> = &|_| ControlFlow::Continue(());

impl<'a> Counted<'a> {
    pub(crate) fn new(inner: &'a mut dyn Bytes, tick: Tick<'a>) -> (Self, Rc<Cell<u64>>) {
        let done = Rc::new(Cell::new(0));
        (
            Self {
                inner,
                done: Rc::clone(&done),
                tick,
            },
            done,
        )
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.done.set(self.done.get() + n as u64);
        if (self.tick)(self.done.get()).is_break() {
            return Err(io::Error::other("stopped"));
        }
        Ok(n)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// A whole file seen once: its size, its hash, and enough of it to tell what it is.
pub(crate) struct Survey {
    pub size: u64,
    pub sha256: String,
    /// The first 64 KiB.
    pub head: Vec<u8>,
    /// 64 KiB from the first byte above ASCII on, if that lies beyond the head.
    foreign: Vec<u8>,
    /// UTF-8 sequences of two bytes or more.
    multibyte: u64,
    /// Byte sequences that are not UTF-8.
    broken: u64,
    blank: bool,
}

/// Reads the file once from its start.
pub(crate) fn survey(bytes: &mut dyn Bytes, limit: u64) -> Result<Survey, IngestError> {
    let size = bytes.seek(SeekFrom::End(0))?;
    if size > limit {
        return Err(IngestError::TooLarge { bytes: size, limit });
    }
    bytes.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut out = Survey {
        size,
        sha256: String::new(),
        head: Vec::new(),
        foreign: Vec::new(),
        multibyte: 0,
        broken: 0,
        blank: true,
    };
    let mut chunk = vec![0u8; 4 * CHUNK];
    // A character cut by the end of a chunk is put before the next one.
    let mut kept = 0;
    loop {
        let n = bytes.read(&mut chunk[kept..])?;
        if n == 0 {
            break;
        }
        let new = &chunk[kept..kept + n];
        hash.update(new);
        if out.head.len() < CHUNK {
            out.head
                .extend_from_slice(&new[..new.len().min(CHUNK - out.head.len())]);
        }
        if out.blank {
            out.blank = new.iter().all(|b| {
                matches!(
                    b,
                    0 | b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF
                )
            });
        }
        let seen = &chunk[..kept + n];
        if out.foreign.len() < CHUNK && !(out.foreign.is_empty() && seen.is_ascii()) {
            let from = if out.foreign.is_empty() {
                seen.iter().position(|b| !b.is_ascii()).unwrap_or(0)
            } else {
                kept
            };
            let part = &seen[from..];
            out.foreign
                .extend_from_slice(&part[..part.len().min(CHUNK - out.foreign.len())]);
        }
        let mut rest = seen;
        let carried = loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    out.multibyte += leads(text.as_bytes());
                    break 0;
                }
                Err(e) => {
                    out.multibyte += leads(&rest[..e.valid_up_to()]);
                    match e.error_len() {
                        None => break rest.len() - e.valid_up_to(),
                        Some(len) => {
                            out.broken += 1;
                            rest = &rest[e.valid_up_to() + len..];
                        }
                    }
                }
            }
        };
        let end = kept + n;
        chunk.copy_within(end - carried..end, 0);
        kept = carried;
    }
    out.sha256 = hex(&hash.finalize());
    if size == 0 || out.blank {
        return Err(IngestError::Empty);
    }
    bytes.seek(SeekFrom::Start(0))?;
    Ok(out)
}

fn leads(bytes: &[u8]) -> u64 {
    if bytes.is_ascii() {
        0
    } else {
        bytes.iter().filter(|b| **b >= 0xC0).count() as u64
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for b in bytes {
        out.push(DIGITS[usize::from(b >> 4)] as char);
        out.push(DIGITS[usize::from(b & 15)] as char);
    }
    out
}

/// An encoding, and whether it is beyond doubt.
pub(crate) struct Found {
    pub encoding: &'static Encoding,
    pub certain: bool,
}

/// The name shown to people; GBK and GB2312 are always read as their superset.
pub(crate) fn display_name(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 {
        "GB18030"
    } else {
        encoding.name()
    }
}

/// An encoding by a name a person or a plan gives.
pub(crate) fn by_name(name: &str) -> Result<&'static Encoding, IngestError> {
    let label = name.trim();
    match Encoding::for_label(label.as_bytes()) {
        Some(e) if e == GBK => Ok(GB18030),
        Some(e) => Ok(e),
        None => Err(IngestError::UnknownOption {
            what: "encoding",
            value: label.to_owned(),
        }),
    }
}

/// The encoding of a text file: mark, then zero bytes, then strict UTF-8, then statistics weighed by the headers
/// that come out.
pub(crate) fn encoding_of(survey: &Survey) -> Found {
    let head = &survey.head;
    let sure = |encoding| Found {
        encoding,
        certain: true,
    };
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return sure(encoding);
    }
    // Chinese in UTF-16 is never valid UTF-8 by chance; a stray NUL in UTF-8 is only that.
    if (survey.broken > 0 || survey.multibyte == 0)
        && let Some(encoding) = utf16_without_mark(head)
    {
        return sure(encoding);
    }
    // A single bad byte in megabytes of good UTF-8 does not make it something else (E08).
    if survey.broken == 0 || survey.multibyte >= survey.broken.saturating_mul(50) {
        return sure(UTF_8);
    }
    let sample = if head.is_ascii() { &survey.foreign } else { head };
    let (hinted, plain) = guesses(sample);
    if hinted == plain {
        return sure(hinted);
    }
    let mut candidates = vec![
        GB18030,
        hinted,
        plain,
        BIG5,
        SHIFT_JIS,
        EUC_KR,
        EUC_JP,
        WINDOWS_1252,
    ];
    let mut seen = Vec::new();
    candidates.retain(|c| !seen.contains(c) && (seen.push(*c), true).1);
    let short = &sample[..sample.len().min(8192)];
    let ranked: Vec<_> = candidates
        .into_iter()
        .map(|encoding| {
            let (text, errors) = decode_sample(encoding, short);
            // Headers stand in the head, which is plain ASCII where the sample lies beyond it.
            let hits = headers::hits_in_text(if head.is_ascii() { "" } else { &text });
            (errors, hits, encoding, text)
        })
        .collect();
    let best = ranked
        .iter()
        .map(|(errors, hits, ..)| (!errors, *hits))
        .max()
        .unwrap_or_default();
    let equal = ranked
        .iter()
        .filter(|(errors, hits, ..)| (!errors, *hits) == best);
    match equal.min_by_key(|(_, _, _, text)| rarity(text)) {
        Some((_, hits, encoding, _)) => Found {
            encoding,
            certain: *hits > 1,
        },
        None => Found {
            encoding: GB18030,
            certain: false,
        },
    }
}

fn guesses(sample: &[u8]) -> (&'static Encoding, &'static Encoding) {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    let wide = |e: &'static Encoding| if e == GBK { GB18030 } else { e };
    (
        wide(detector.guess(Some(b"cn"), Utf8Detection::Deny)),
        wide(detector.guess(None, Utf8Detection::Deny)),
    )
}

fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let sample = &head[..head.len().min(4096) & !1];
    if sample.len() < 4 {
        return None;
    }
    let pairs = sample.len() / 2;
    let (mut low_zero, mut high_zero) = (0, 0);
    for pair in sample.chunks_exact(2) {
        high_zero += usize::from(pair[1] == 0 && pair[0] != 0);
        low_zero += usize::from(pair[0] == 0 && pair[1] != 0);
    }
    // Delimiters, digits and line ends alone make a good part of any table; a stray NUL does not.
    if high_zero * 25 > pairs && high_zero > low_zero * 4 {
        Some(UTF_16LE)
    } else if low_zero * 25 > pairs && low_zero > high_zero * 4 {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn decode_sample(encoding: &'static Encoding, sample: &[u8]) -> (String, bool) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(
        decoder
            .max_utf8_buffer_length(sample.len())
            .unwrap_or(sample.len() * 3),
    );
    // Not the last chunk: a character cut by the sample's end is no error.
    let (_, _, errors) = decoder.decode_to_string(sample, &mut out, false);
    (out, errors)
}

/// How many characters no one would write here.
fn rarity(text: &str) -> usize {
    let mut odd = 0;
    let mut buf = [0u8; 4];
    let mut previous = ' ';
    for c in text.chars() {
        let common = match c {
            '\0'..='\x7F' => true,
            '\u{3000}'..='\u{30FF}' | '\u{FF01}'..='\u{FF5E}' | '\u{AC00}'..='\u{D7A3}' => true,
            '\u{2010}'..='\u{2040}' | '★' | '☆' | '·' | '°' | '€' => true,
            '\u{4E00}'..='\u{9FFF}' => {
                let text = c.encode_utf8(&mut buf);
                matches!(GBK.encode(text).0.as_ref(), [0xB0..=0xD7, 0xA1..=0xFE])
                    || matches!(BIG5.encode(text).0.as_ref(), [0xA4..=0xC6, _])
            }
            'À'..='ÿ' => previous.is_ascii_alphabetic() || previous == ' ' || previous.is_lowercase(),
            _ => false,
        };
        odd += usize::from(!common);
        previous = c;
    }
    odd
}

/// Text of a file in any encoding, as UTF-8.
pub(crate) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Undecoded part of `raw`.
    left: std::ops::Range<usize>,
    eof: bool,
    done: bool,
    /// Some bytes had no meaning and became U+FFFD.
    pub bad: bool,
    /// The file ended inside a character.
    pub cut_off: bool,
    ready: String,
    ready_pos: usize,
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK],
            left: 0..0,
            eof: false,
            done: false,
            bad: false,
            cut_off: false,
            ready: String::new(),
            ready_pos: 0,
        }
    }

    /// Appends more text; false when there is none left.
    pub(crate) fn fill(&mut self, out: &mut String) -> io::Result<bool> {
        if self.done {
            return Ok(false);
        }
        if self.left.is_empty() && !self.eof {
            let n = loop {
                match self.inner.read(&mut self.raw) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.left = 0..n;
            self.eof = n == 0;
        }
        let last = self.eof;
        let source = &self.raw[self.left.clone()];
        out.reserve(
            self.decoder
                .max_utf8_buffer_length(source.len())
                .unwrap_or(source.len() * 3 + 16),
        );
        let (result, read, errors) = self.decoder.decode_to_string(source, out, last);
        self.left.start += read;
        if errors {
            if last {
                self.cut_off = true
            } else {
                self.bad = true
            }
        }
        if last && result == CoderResult::InputEmpty {
            self.done = true;
        }
        Ok(true)
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(out.len());
        out[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.ready_pos >= self.ready.len() {
            self.ready_pos = 0;
            let mut ready = std::mem::take(&mut self.ready);
            ready.clear();
            let more = self.fill(&mut ready);
            self.ready = ready;
            if !more? {
                break;
            }
        }
        Ok(&self.ready.as_bytes()[self.ready_pos.min(self.ready.len())..])
    }

    fn consume(&mut self, n: usize) {
        self.ready_pos += n;
    }
}
