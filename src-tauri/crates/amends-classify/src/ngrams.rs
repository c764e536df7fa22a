//! The linear model over character n-grams: one row of companded int8 weights per n-gram, one column per head.

use crate::{
    heads,
    normalise::{Normal, token},
};
use pulp::{Arch, Simd, WithSimd};

/// Longest n-gram.
pub(crate) const LONGEST: usize = 4;

/// Calls `f(first unit, length, key)` for every 1- to 4-gram of the units between a start and an end mark; `first
/// unit` counts from 0 at the start mark.
#[inline]
pub(crate) fn each_ngram(units: &[u16], mut f: impl FnMut(usize, usize, u64)) {
    let n = units.len() + 2;
    let at = |i: usize| match i {
        0 => token::START,
        _ if i == n - 1 => token::END,
        _ => units[i - 1],
    };
    // A sliding window: `window` holds the last four units, the newest in the top 16 bits.
    let mut window = 0_u64;
    for end in 0..n {
        window = window >> 16 | u64::from(at(end)) << 48;
        for length in 1..=LONGEST.min(end + 1) {
            if length == 1 && (end == 0 || end == n - 1) {
                continue;
            }
            f(end + 1 - length, length, window >> (16 * (4 - length)));
        }
    }
}

/// A table of n-grams with their weights.
#[derive(Debug, Clone)]
pub(crate) struct Ngrams {
    /// One bit per mixed key, set where some n-gram has it: most stretches of a text are no known n-gram, and this says
    /// so from the nearest cache.
    filter: Box<[u64]>,
    /// Open addressing: 15 bits of the mixed key over 17 bits of row + 1.
    slots: Box<[u32]>,
    mask: usize,
    rows: Vec<Row>,
    #[cfg(feature = "train")]
    keys: Vec<u64>,
    /// What one unit of a companded weight is worth, per score.
    unit: [f32; SCORES],
    bias: [f32; SCORES],
}

/// Scores of a text: the heads; after them polarity as it is spoken of in each trade, and how much a text is of each.
pub(crate) const SCORES: usize = heads::COUNT + OF_TRADES;
const OF_TRADES: usize = 2 * heads::TRADES;

/// The companded weights of an n-gram. A row fills a cache line.
#[derive(Debug, Default, Clone, Copy)]
#[repr(align(64))]
struct Row {
    /// The last four places hold what tells the n-gram's key from others (with the bits in its slot 47 of the 64, so that
    /// a stranger is hardly ever taken for it).
    heads: [i8; heads::WIDTH],
    trades: [i8; heads::WIDTH],
}

/// Where in a row the bits of its key begin.
const KEY: usize = heads::WIDTH - 4;

/// Mixes all bits of a key into all others; no two keys mix to the same.
#[inline]
fn mix(key: u64) -> u64 {
    let h = (key ^ key >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (h ^ h >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

const ROW_BITS: u32 = 17;
/// More n-grams than this cannot be indexed.
#[cfg(feature = "train")]
pub(crate) const MOST: usize = (1 << ROW_BITS) - 2;
/// Bits of the filter, as a power of two.
const FILTER_BITS: u32 = 20;

/// The bit of the filter that stands for a mixed key.
#[inline]
fn filter_bit(mixed: u64) -> usize {
    (mixed >> (64 - FILTER_BITS)) as usize
}

/// The bits of a mixed key that its row holds.
#[inline]
fn check(mixed: u64) -> u32 {
    (mixed >> 17) as u32
}

/// What a slot says of its key.
#[inline]
fn fingerprint(mixed: u64) -> u32 {
    (mixed >> 49) as u32
}

impl Row {
    /// The weight for a score, to be set by the training.
    #[cfg(feature = "train")]
    fn score_mut(&mut self, score: usize) -> &mut i8 {
        match score.checked_sub(heads::COUNT) {
            None => &mut self.heads[score],
            Some(of_trades) => &mut self.trades[of_trades],
        }
    }

    /// The bits of its key, as [`check`] gives them.
    #[inline]
    fn check(&self) -> u32 {
        let [.., a, b, c, d] = self.heads;
        u32::from_le_bytes([a as u8, b as u8, c as u8, d as u8])
    }
}

/// What a companded weight stands for, in units of its head.
#[inline(always)]
fn expand(q: i8) -> i16 {
    i16::from(q) * i16::from(q).abs()
}

impl Ngrams {
    /// Compands and indexes weights; `weights[h][i]` belongs to `keys[i]`.
    #[cfg(feature = "train")]
    pub(crate) fn quantise(keys: Vec<u64>, weights: &[Vec<f32>], bias: [f32; SCORES]) -> Self {
        let mut rows = vec![Row::default(); keys.len()];
        let mut unit = [0.0; SCORES];
        for (h, column) in weights.iter().enumerate() {
            let largest = column.iter().fold(0.0_f32, |m, w| m.max(w.abs()));
            unit[h] = (largest / (127.0 * 127.0)).max(1e-12);
            for (row, w) in rows.iter_mut().zip(column) {
                *row.score_mut(h) = ((w.abs() / unit[h]).sqrt().round().min(127.0) * w.signum()) as i8;
            }
        }
        Self::index(keys, rows, unit, bias)
    }

    fn index(keys: Vec<u64>, mut rows: Vec<Row>, unit: [f32; SCORES], bias: [f32; SCORES]) -> Self {
        let size = (keys.len() * 2).next_power_of_two().max(16);
        let mask = size - 1;
        let mut slots = vec![0_u32; size].into_boxed_slice();
        let mut filter = vec![0_u64; 1 << (FILTER_BITS - 6)].into_boxed_slice();
        for (row, &key) in keys.iter().enumerate() {
            let mixed = mix(key);
            for (place, byte) in rows[row].heads[KEY..].iter_mut().zip(check(mixed).to_le_bytes()) {
                *place = byte as i8;
            }
            let bit = filter_bit(mixed);
            filter[bit / 64] |= 1 << (bit % 64);
            let mut at = (mixed as usize) & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = fingerprint(mixed) << ROW_BITS | (row as u32 + 1);
        }
        Self {
            filter,
            slots,
            mask,
            rows,
            #[cfg(feature = "train")]
            keys,
            unit,
            bias,
        }
    }

    /// Number of n-grams.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether a mixed key may have a row; most that have none are told apart here.
    #[inline]
    fn may_know(&self, mixed: u64) -> bool {
        let bit = filter_bit(mixed);
        self.filter[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The row of a mixed key if it lies in the first two slots, without a branch that a processor could guess wrong.
    #[inline]
    fn guess(&self, mixed: u64) -> Option<u32> {
        let at = mixed as usize;
        let (first, second) = (self.slots[at & self.mask], self.slots[(at + 1) & self.mask]);
        let slot = if first >> ROW_BITS == fingerprint(mixed) {
            first
        } else {
            second
        };
        let row = (slot & ((1 << ROW_BITS) - 1)).saturating_sub(1);
        let known = self
            .rows
            .get(row as usize)
            .is_some_and(|r| r.check() == check(mixed));
        (known & (slot != 0)).then_some(row)
    }

    /// The row of a mixed key.
    #[cold]
    fn search(&self, mixed: u64) -> Option<u32> {
        let mut at = mixed as usize;
        loop {
            let slot = self.slots[at & self.mask];
            if slot == 0 {
                return None;
            }
            let row = (slot & ((1 << ROW_BITS) - 1)) - 1;
            if slot >> ROW_BITS == fingerprint(mixed) && self.rows[row as usize].check() == check(mixed) {
                return Some(row);
            }
            at = at.wrapping_add(1);
        }
    }

    /// The weight of a row for a head, in units of that head.
    #[inline]
    pub(crate) fn weight(&self, row: u32, head: usize) -> i16 {
        expand(self.rows[row as usize].heads[head])
    }

    /// The logits that a sum of expanded rows over `known` n-grams stands for.
    #[inline(always)]
    pub(crate) fn logits(&self, sum: &[i32; heads::WIDTH], known: usize) -> [f32; heads::COUNT] {
        let scale = 1.0 / (known.max(1) as f32).sqrt();
        let mut out: [f32; heads::COUNT] = std::array::from_fn(|h| self.bias[h]);
        for ((out, &sum), unit) in out.iter_mut().zip(sum).zip(&self.unit) {
            *out += sum as f32 * unit * scale;
        }
        out
    }

    /// As [`Self::logits`], for polarity in each trade and how much a text is of each.
    fn of_trades(&self, sum: &[i32; heads::WIDTH], known: usize) -> [[f32; heads::TRADES]; 2] {
        let scale = 1.0 / (known.max(1) as f32).sqrt();
        [0, heads::TRADES].map(|from| {
            std::array::from_fn(|t| {
                let at = heads::COUNT + from + t;
                self.bias[at] + sum[from + t] as f32 * self.unit[at] * scale
            })
        })
    }

    /// What one expanded weight of a head is worth in a text of `known` n-grams.
    pub(crate) fn worth(&self, head: usize, known: usize) -> f32 {
        self.unit[head] / (known.max(1) as f32).sqrt()
    }

    #[cfg(feature = "train")]
    /// Little-endian: count, units, biases, keys, rows.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend((self.rows.len() as u32).to_le_bytes());
        self.unit
            .iter()
            .chain(&self.bias)
            .for_each(|f| out.extend(f.to_le_bytes()));
        self.keys.iter().for_each(|k| out.extend(k.to_le_bytes()));
        for row in &self.rows {
            let scores = row.heads[..heads::COUNT].iter().chain(&row.trades[..OF_TRADES]);
            out.extend(scores.map(|&w| w as u8));
        }
    }

    /// Reads what [`Self::write`] wrote; `None` if the bytes are too few.
    pub(crate) fn read(bytes: &mut &[u8]) -> Option<Self> {
        let count = u32::from_le_bytes(take(bytes)?) as usize;
        let mut floats = [[0.0_f32; SCORES]; 2];
        for f in floats.iter_mut().flatten() {
            *f = f32::from_le_bytes(take(bytes)?);
        }
        let (key_bytes, rest) = bytes.split_at_checked(count.checked_mul(8)?)?;
        let keys: Vec<u64> = key_bytes
            .as_chunks::<8>()
            .0
            .iter()
            .map(|k| u64::from_le_bytes(*k))
            .collect();
        let (row_bytes, rest) = rest.split_at_checked(count.checked_mul(SCORES)?)?;
        *bytes = rest;
        let lanes = |bytes: &[u8]| std::array::from_fn(|at| bytes.get(at).map_or(0, |&b| b as i8));
        let rows = row_bytes
            .as_chunks::<SCORES>()
            .0
            .iter()
            .map(|row| {
                let (heads, trades) = row.split_at(heads::COUNT);
                Row {
                    heads: lanes(heads),
                    trades: lanes(trades),
                }
            })
            .collect();
        Some(Self::index(keys, rows, floats[0], floats[1]))
    }
}

/// Takes `N` bytes off the front.
pub(crate) fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

/// A clause: units `start..end`, and how the polarity of its own n-grams reads.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clause {
    pub start: usize,
    pub end: usize,
    /// Opens with one of [`TURNS`].
    pub turns: bool,
    pub logits: [f32; heads::COUNT],
}

/// One known n-gram of a text: its row, its first unit and its length, within the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occurrence {
    pub row: u32,
    pub start: u32,
    pub length: u32,
}

/// An n-gram on its way to its row.
#[derive(Debug, Clone, Copy, Default)]
struct Lookup {
    mixed: u64,
    row: Option<u32>,
    at: u32,
    length: u32,
}

/// What the n-gram model made of one text. Buffers are kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub logits: [f32; heads::COUNT],
    /// Polarity as each trade speaks of it.
    pub polarities: [f32; heads::TRADES],
    /// How much the text is of each trade.
    pub trades: [f32; heads::TRADES],
    pub known: usize,
    pub occurrences: Vec<Occurrence>,
    pub clauses: Vec<Clause>,
    lookups: Vec<Lookup>,
    /// One bit per row: seen in this text. Small enough to stay in the nearest cache.
    seen: Vec<u64>,
    arch: Arch,
}

/// [`Reading::sum`] as a whole, compiled for each width of vectors.
struct Summing<'a> {
    reading: &'a mut Reading,
    model: &'a Ngrams,
}

impl WithSimd for Summing<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.reading.sum(self.model);
    }
}

/// Words that open a clause although no punctuation precedes them.
const TURNS: &[&str] = &[
    "但是", "但", "不过", "可是", "就是", "只是", "然而", "而且", "结果", "可惜", "却",
];

fn ends_clause(u: u16) -> bool {
    u < 128 && matches!(u as u8, b',' | b'.' | b'!' | b'?' | b';' | b':' | b'~') || u == token::EMOJI
}

impl Reading {
    pub(crate) fn read(&mut self, model: &Ngrams, normal: &Normal) {
        self.split(&normal.units);
        self.seen.resize(model.len().div_ceil(64), 0);
        self.look_up(model, &normal.units);
        let arch = self.arch;
        arch.dispatch(Summing { reading: self, model });
        for o in &self.occurrences {
            self.seen[o.row as usize / 64] = 0;
        }
    }

    /// Finds the known n-grams. Each step is a pass of its own, so that the memory it waits for comes in parallel.
    fn look_up(&mut self, model: &Ngrams, units: &[u16]) {
        let lookups = &mut self.lookups;
        lookups.resize((units.len() + 2) * LONGEST, Lookup::default());
        let mut count = 0;
        each_ngram(units, |at, length, key| {
            let mixed = mix(key);
            lookups[count] = Lookup {
                mixed,
                row: None,
                at: at as u32,
                length: length as u32,
            };
            // Written anyway and kept if known: there is nothing to guess for the processor.
            count += usize::from(model.may_know(mixed));
        });
        lookups.truncate(count);
        for l in lookups.iter_mut() {
            l.row = model.guess(l.mixed);
        }
        self.occurrences.clear();
        for l in lookups.iter() {
            if let Some(row) = l.row.or_else(|| model.search(l.mixed)) {
                self.occurrences.push(Occurrence {
                    row,
                    start: l.at,
                    length: l.length,
                });
            }
        }
    }

    /// Adds up the rows, clause by clause.
    #[inline(always)]
    fn sum(&mut self, model: &Ngrams) {
        let mut whole = [0_i32; heads::WIDTH];
        let mut part = [0_i32; heads::WIDTH];
        let mut of_trades = [0_i32; heads::WIDTH];
        let (mut known, mut part_known) = (0_usize, 0_usize);
        let mut clause = 0;
        let (seen, clauses) = (&mut self.seen, &mut self.clauses);
        for o in &mut self.occurrences {
            // Positions count from the start mark; an n-gram belongs to the clause it ends in.
            let end = (o.start + o.length).saturating_sub(2) as usize;
            while clause + 1 < clauses.len() && end >= clauses[clause].end {
                clauses[clause].logits = model.logits(&part, part_known);
                add(&mut whole, &part);
                part = [0; heads::WIDTH];
                part_known = 0;
                clause += 1;
            }
            let row = &model.rows[o.row as usize];
            let mut weights = [0_i16; heads::WIDTH];
            for (weight, &q) in weights.iter_mut().zip(&row.heads) {
                *weight = expand(q);
            }
            // The whole is the sum of its clauses, less what occurs again: an n-gram counts once in a text.
            let (word, bit) = (o.row as usize / 64, 1_u64 << (o.row % 64));
            if seen[word] & bit != 0 {
                for (sum, &w) in whole.iter_mut().zip(&weights) {
                    *sum -= i32::from(w);
                }
            } else {
                seen[word] |= bit;
                known += 1;
                for (sum, &q) in of_trades.iter_mut().zip(&row.trades) {
                    *sum += i32::from(expand(q));
                }
            }
            part_known += 1;
            for (sum, &w) in part.iter_mut().zip(&weights) {
                *sum += i32::from(w);
            }
            if o.start == 0 {
                o.length -= 1;
            } else {
                o.start -= 1;
            }
        }
        add(&mut whole, &part);
        if let Some(clause) = clauses.get_mut(clause) {
            clause.logits = model.logits(&part, part_known);
        }
        self.known = known;
        self.logits = model.logits(&whole, known);
        [self.polarities, self.trades] = model.of_trades(&of_trades, known);
    }

    /// Cuts at punctuation and before turns; pieces under two units join the next.
    fn split(&mut self, units: &[u16]) {
        self.clauses.clear();
        let (mut start, mut turns) = (0, false);
        for i in 0..units.len() {
            let turn = i >= start + 2 && starts_turn(&units[i..]);
            let end = if turn { i } else { i + 1 };
            if turn || ends_clause(units[i]) && i >= start + 2 {
                self.clauses.push(Clause {
                    start,
                    end,
                    turns,
                    ..Clause::default()
                });
                start = end;
                turns = turn || starts_turn(&units[end..]);
            }
        }
        if start < units.len() || self.clauses.is_empty() {
            self.clauses.push(Clause {
                start,
                end: units.len(),
                turns,
                ..Clause::default()
            });
        }
    }
}

#[inline(always)]
fn add(sum: &mut [i32; heads::WIDTH], part: &[i32; heads::WIDTH]) {
    sum.iter_mut().zip(part).for_each(|(s, p)| *s += p);
}

fn starts_turn(units: &[u16]) -> bool {
    // 但不就只然而结可却 open every word of [`TURNS`].
    let Some(first) = units.first() else {
        return false;
    };
    if !matches!(
        first,
        0x4f46 | 0x4e0d | 0x5c31 | 0x53ea | 0x7136 | 0x800c | 0x7ed3 | 0x53ef | 0x5374
    ) {
        return false;
    }
    TURNS.iter().any(|t| {
        t.chars()
            .enumerate()
            .all(|(k, c)| units.get(k).is_some_and(|&u| u32::from(u) == u32::from(c)))
    })
}
