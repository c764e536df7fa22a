//! The linear model over character n-grams: one row of companded int8 weights per n-gram, one column per head.

use crate::{
    heads,
    normalise::{Normal, token},
};

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

/// An exact table of n-grams with their weights.
#[derive(Debug, Clone)]
pub(crate) struct Ngrams {
    /// Open addressing: 15 bits of the mixed key over 17 bits of row + 1. The row itself holds the whole key.
    slots: Box<[u32]>,
    mask: usize,
    /// Expanded, so that a row sums without multiplying; its last four places hold the n-gram's units, so that weights
    /// and key share one cache line.
    rows: Vec<[i16; heads::WIDTH]>,
    /// What one unit of a companded weight is worth, per head.
    unit: [f32; heads::COUNT],
    bias: [f32; heads::COUNT],
}

#[inline]
fn mix(key: u64) -> u64 {
    let h = (key ^ key >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (h ^ h >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

const ROW_BITS: u32 = 17;
/// More n-grams than this cannot be indexed.
#[cfg(feature = "train")]
pub(crate) const MOST: usize = (1 << ROW_BITS) - 2;
/// Where in a row its key begins.
const KEY: usize = heads::WIDTH - 4;

fn key_of(row: &[i16; heads::WIDTH]) -> u64 {
    row[KEY..]
        .iter()
        .rev()
        .fold(0, |k, &u| k << 16 | u64::from(u as u16))
}

/// What a companded weight stands for, in units of its head.
fn expand(q: i8) -> i16 {
    i16::from(q) * i16::from(q.unsigned_abs())
}

/// The companded weight that stands for an expanded one.
#[cfg(feature = "train")]
fn compand(weight: i16) -> i8 {
    (f32::from(weight.unsigned_abs()).sqrt().round() * f32::from(weight.signum())) as i8
}

impl Ngrams {
    /// Compands and indexes weights; `weights[h][i]` belongs to `keys[i]`.
    #[cfg(feature = "train")]
    pub(crate) fn quantise(keys: Vec<u64>, weights: &[Vec<f32>], bias: [f32; heads::COUNT]) -> Self {
        let mut rows = vec![[0_i16; heads::WIDTH]; keys.len()];
        let mut unit = [0.0; heads::COUNT];
        for (h, column) in weights.iter().enumerate() {
            let largest = column.iter().fold(0.0_f32, |m, w| m.max(w.abs()));
            unit[h] = (largest / (127.0 * 127.0)).max(1e-12);
            for (row, w) in rows.iter_mut().zip(column) {
                row[h] = expand(((w.abs() / unit[h]).sqrt().round().min(127.0) * w.signum()) as i8);
            }
        }
        Self::index(&keys, rows, unit, bias)
    }

    fn index(
        keys: &[u64],
        mut rows: Vec<[i16; heads::WIDTH]>,
        unit: [f32; heads::COUNT],
        bias: [f32; heads::COUNT],
    ) -> Self {
        let size = (keys.len() * 2).next_power_of_two().max(16);
        let mask = size - 1;
        let mut slots = vec![0_u32; size].into_boxed_slice();
        for (row, &key) in keys.iter().enumerate() {
            for (place, shift) in rows[row][KEY..].iter_mut().zip([0, 16, 32, 48]) {
                *place = (key >> shift) as u16 as i16;
            }
            let mixed = mix(key);
            let mut at = (mixed as usize) & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = ((mixed >> 49) as u32) << ROW_BITS | (row as u32 + 1);
        }
        Self {
            slots,
            mask,
            rows,
            unit,
            bias,
        }
    }

    /// Number of n-grams.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row of a key whose mixture is `mixed` and whose first slot holds `slot`.
    #[inline]
    fn resolve(&self, key: u64, mixed: u64, mut slot: u32) -> Option<u32> {
        let mut at = mixed as usize;
        loop {
            if slot == 0 {
                return None;
            }
            if slot >> ROW_BITS == (mixed >> 49) as u32 {
                let row = (slot & ((1 << ROW_BITS) - 1)) - 1;
                if key_of(&self.rows[row as usize]) == key {
                    return Some(row);
                }
            }
            at = at.wrapping_add(1);
            slot = self.slots[at & self.mask];
        }
    }

    #[inline]
    pub(crate) fn row(&self, row: u32) -> &[i16; heads::WIDTH] {
        &self.rows[row as usize]
    }

    /// The logits that a sum of expanded rows over `known` n-grams stands for.
    pub(crate) fn logits(&self, sum: &[i32; heads::WIDTH], known: usize) -> [f32; heads::COUNT] {
        let scale = 1.0 / (known.max(1) as f32).sqrt();
        std::array::from_fn(|h| sum[h] as f32 * self.unit[h] * scale + self.bias[h])
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
        self.rows.iter().for_each(|r| out.extend(key_of(r).to_le_bytes()));
        for row in &self.rows {
            out.extend(row[..heads::COUNT].iter().map(|&w| compand(w) as u8));
        }
    }

    /// Reads what [`Self::write`] wrote; `None` if the bytes are too few.
    pub(crate) fn read(bytes: &mut &[u8]) -> Option<Self> {
        let count = u32::from_le_bytes(take(bytes)?) as usize;
        let mut floats = [[0.0_f32; heads::COUNT]; 2];
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
        let (row_bytes, rest) = rest.split_at_checked(count.checked_mul(heads::COUNT)?)?;
        *bytes = rest;
        let rows = row_bytes
            .chunks_exact(heads::COUNT)
            .map(|r| std::array::from_fn(|h| r.get(h).map_or(0, |&b| expand(b as i8))))
            .collect();
        Some(Self::index(&keys, rows, floats[0], floats[1]))
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
#[derive(Debug, Clone, Copy)]
struct Lookup {
    key: u64,
    mixed: u64,
    slot: u32,
    at: u32,
    length: u32,
}

/// What the n-gram model made of one text. Buffers are kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub logits: [f32; heads::COUNT],
    pub known: usize,
    pub occurrences: Vec<Occurrence>,
    pub clauses: Vec<Clause>,
    lookups: Vec<Lookup>,
    /// One bit per row: seen in this text. Small enough to stay in the nearest cache.
    seen: Vec<u64>,
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
        // Looking up and summing are two passes, so that the memory the first waits for comes in parallel.
        self.lookups.clear();
        let lookups = &mut self.lookups;
        each_ngram(&normal.units, |at, length, key| {
            let mixed = mix(key);
            let slot = model.slots[mixed as usize & model.mask];
            lookups.push(Lookup {
                key,
                mixed,
                slot,
                at: at as u32,
                length: length as u32,
            });
        });
        self.occurrences.clear();
        for l in &self.lookups {
            if let Some(row) = model.resolve(l.key, l.mixed, l.slot) {
                self.occurrences.push(Occurrence {
                    row,
                    start: l.at,
                    length: l.length,
                });
            }
        }
        let mut whole = [0_i32; heads::WIDTH];
        let mut part = [0_i32; heads::WIDTH];
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
            let weights = model.row(o.row);
            // The whole is the sum of its clauses, less what occurs again: an n-gram counts once in a text.
            let (word, bit) = (o.row as usize / 64, 1_u64 << (o.row % 64));
            if seen[word] & bit != 0 {
                whole
                    .iter_mut()
                    .zip(weights)
                    .for_each(|(sum, &w)| *sum -= i32::from(w));
            } else {
                seen[word] |= bit;
                known += 1;
            }
            part_known += 1;
            part.iter_mut()
                .zip(weights)
                .for_each(|(sum, &w)| *sum += i32::from(w));
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
        for o in &self.occurrences {
            self.seen[o.row as usize / 64] = 0;
        }
        self.known = known;
        self.logits = model.logits(&whole, known);
    }

    /// Cuts at punctuation and before turns; pieces under two units join the next.
    fn split(&mut self, units: &[u16]) {
        self.clauses.clear();
        let mut start = 0;
        for i in 0..units.len() {
            let turn = i >= start + 2 && starts_turn(&units[i..]);
            if turn {
                self.clauses.push(Clause {
                    start,
                    end: i,
                    ..Clause::default()
                });
                start = i;
            } else if ends_clause(units[i]) && i >= start + 2 {
                self.clauses.push(Clause {
                    start,
                    end: i + 1,
                    ..Clause::default()
                });
                start = i + 1;
            }
        }
        if start < units.len() || self.clauses.is_empty() {
            self.clauses.push(Clause {
                start,
                end: units.len(),
                ..Clause::default()
            });
        }
    }
}

fn add(sum: &mut [i32; heads::WIDTH], part: &[i32; heads::WIDTH]) {
    sum.iter_mut().zip(part).for_each(|(s, p)| *s += p);
}

fn starts_turn(units: &[u16]) -> bool {
    // 但不就只然而结可却 open every word of [`TURNS`].
    if !matches!(
        units[0],
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
