//! The small convolutional reader at work. A filter's answer to a stretch of characters is a sum of what it answers
//! to each character in its place, so the network ships as one table of answers: reading is adding rows and keeping
//! the largest sum of every filter.

use crate::{heads, ngrams::take};
use pulp::{Arch, Simd, WithSimd};

/// Filters per width.
pub(crate) const FILTERS: usize = 64;
/// Places of all widths: 2 + 3 + 4.
pub(crate) const SLOTS: usize = 9;
/// Widths of the filters, in characters.
pub(crate) const WIDTHS: [usize; 3] = [2, 3, 4];
/// Filters of all widths.
pub(crate) const POOLED: usize = FILTERS * WIDTHS.len();
const ROW: usize = SLOTS * FILTERS;

/// Ids of what is no character of the table.
pub(crate) const UNKNOWN: u16 = 0;
/// Before the first character.
pub(crate) const BEGIN: u16 = 1;
/// After the last.
pub(crate) const END: u16 = 2;
/// First id of a real character.
pub(crate) const FIRST: u16 = 3;
/// Units read of a text; what is longer has said its piece.
pub(crate) const MOST_UNITS: usize = 600;

/// Quantised so that no sum of them is too large for its type.
type Answers = [i8; FILTERS];

/// The network as tables.
#[derive(Debug, Clone)]
pub(crate) struct Filters {
    /// The id of every unit.
    ids: Box<[u16]>,
    /// The units of the ids from [`FIRST`] on.
    #[cfg(feature = "train")]
    units: Vec<u16>,
    /// Per id the answers of every slot.
    table: Vec<[Answers; SLOTS]>,
    /// What one unit of a filter's answers is worth.
    worth: [f32; POOLED],
    bias: [f32; POOLED],
    out: Vec<[f32; POOLED]>,
    out_bias: [f32; heads::ANSWERS],
}

/// Buffers kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    ids: Vec<u16>,
    arch: Arch,
}

/// [`Filters::read`] as a whole, compiled for each width of vectors.
struct Answering<'a> {
    filters: &'a Filters,
    ids: &'a [u16],
}

impl WithSimd for Answering<'_> {
    type Output = [f32; heads::ANSWERS];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        self.filters.weigh(&self.filters.strongest(self.ids))
    }
}

/// The ids of a text's characters, padded to the widest filter.
pub(crate) fn spell(ids: &[u16], units: &[u16], out: &mut Vec<u16>) {
    out.clear();
    out.push(BEGIN);
    out.extend(units.iter().take(MOST_UNITS).map(|&u| ids[usize::from(u)]));
    out.push(END);
    while out.len() < WIDTHS[2] {
        out.push(END);
    }
}

/// The table of ids for the characters `units`.
pub(crate) fn number(units: &[u16]) -> Box<[u16]> {
    let mut ids = vec![UNKNOWN; 1 << 16].into_boxed_slice();
    for (k, &u) in units.iter().enumerate() {
        ids[usize::from(u)] = k as u16 + FIRST;
    }
    ids
}

impl Filters {
    /// The logits of every head.
    pub(crate) fn read(&self, units: &[u16], pool: &mut Pool) -> [f32; heads::ANSWERS] {
        spell(&self.ids, units, &mut pool.ids);
        pool.arch.dispatch(Answering {
            filters: self,
            ids: &pool.ids,
        })
    }

    /// The largest answer of every filter anywhere in the text.
    #[inline(always)]
    fn strongest(&self, ids: &[u16]) -> [Answers; 3] {
        let mut best = [[i8::MIN; FILTERS]; 3];
        let row = |id: u16| &self.table[usize::from(id)];
        for w in ids.windows(4) {
            let (a, b, c, d) = (row(w[0]), row(w[1]), row(w[2]), row(w[3]));
            for x in 0..FILTERS {
                best[0][x] = best[0][x].max(a[0][x].saturating_add(b[1][x]));
            }
            for x in 0..FILTERS {
                let sum = a[2][x].saturating_add(b[3][x]).saturating_add(c[4][x]);
                best[1][x] = best[1][x].max(sum);
            }
            for x in 0..FILTERS {
                let (front, back) = (a[5][x].saturating_add(b[6][x]), c[7][x].saturating_add(d[8][x]));
                best[2][x] = best[2][x].max(front.saturating_add(back));
            }
        }
        // The last windows of the narrower filters, which no window of four begins with.
        if let [.., x, y, z] = *ids {
            for w in [[x, y], [y, z]] {
                let (a, b) = (row(w[0]), row(w[1]));
                for x in 0..FILTERS {
                    best[0][x] = best[0][x].max(a[0][x].saturating_add(b[1][x]));
                }
            }
            let (a, b, c) = (row(x), row(y), row(z));
            for x in 0..FILTERS {
                let sum = a[2][x].saturating_add(b[3][x]).saturating_add(c[4][x]);
                best[1][x] = best[1][x].max(sum);
            }
        }
        best
    }

    /// From the strongest answers to the logits of every head.
    #[inline(always)]
    fn weigh(&self, best: &[Answers; 3]) -> [f32; heads::ANSWERS] {
        let mut answer = [0.0_f32; POOLED];
        for (i, a) in answer.iter_mut().enumerate() {
            *a = (f32::from(best[i / FILTERS][i % FILTERS]) * self.worth[i] + self.bias[i]).max(0.0);
        }
        let mut logits = self.out_bias;
        for (logit, weights) in logits.iter_mut().zip(&self.out) {
            let mut sums = [0.0_f32; 8];
            for (a, w) in answer.as_chunks::<8>().0.iter().zip(weights.as_chunks::<8>().0) {
                for k in 0..8 {
                    sums[k] += a[k] * w[k];
                }
            }
            *logit += sums.iter().sum::<f32>();
        }
        logits
    }

    /// Quantises a trained network: `answers(id)` are the `SLOTS * FILTERS` answers to a character.
    #[cfg(feature = "train")]
    pub(crate) fn quantise(
        units: Vec<u16>,
        answers: impl Fn(usize) -> Vec<f32>,
        bias: &[f32],
        out: &[f32],
        out_bias: &[f32],
    ) -> Self {
        let all: Vec<Vec<f32>> = (0..units.len() + usize::from(FIRST)).map(answers).collect();
        // The largest sum a filter can reach fits; what is far below zero is cut off, for only the largest counts.
        let mut largest = vec![0.0_f32; ROW];
        for row in &all {
            largest.iter_mut().zip(row).for_each(|(l, v)| *l = l.max(*v));
        }
        let mut worth = [1e-6_f32; POOLED];
        for (at, l) in largest.iter().enumerate() {
            worth[filter_of(at)] += l / 127.0;
        }
        let table = all
            .iter()
            .map(|row| {
                let mut to = [[0_i8; FILTERS]; SLOTS];
                for (at, v) in row.iter().enumerate() {
                    to[at / FILTERS][at % FILTERS] = (v / worth[filter_of(at)]).round() as i8;
                }
                to
            })
            .collect();
        Self {
            ids: number(&units),
            units,
            table,
            worth,
            bias: std::array::from_fn(|i| bias[i]),
            out: out
                .chunks_exact(POOLED)
                .map(|w| std::array::from_fn(|i| w[i]))
                .collect(),
            out_bias: std::array::from_fn(|h| out_bias[h]),
        }
    }

    /// Little-endian: count, characters, answers as bytes, what they are worth, biases, outputs.
    #[cfg(feature = "train")]
    pub(crate) fn write(&self, to: &mut Vec<u8>) {
        to.extend((self.units.len() as u32).to_le_bytes());
        self.units.iter().for_each(|u| to.extend(u.to_le_bytes()));
        self.table
            .iter()
            .flatten()
            .flatten()
            .for_each(|&a| to.push(a as u8));
        let floats = self
            .worth
            .iter()
            .chain(&self.bias)
            .chain(self.out.iter().flatten())
            .chain(&self.out_bias);
        floats.for_each(|f| to.extend(f.to_le_bytes()));
    }

    /// Reads what [`Self::write`] wrote; `None` if the bytes are too few.
    pub(crate) fn read_from(bytes: &mut &[u8]) -> Option<Self> {
        let count = u32::from_le_bytes(take(bytes)?) as usize;
        let mut units = Vec::with_capacity(count.min(1 << 16));
        for _ in 0..count {
            units.push(u16::from_le_bytes(take(bytes)?));
        }
        let (rows, rest) = bytes.split_at_checked((count + usize::from(FIRST)).checked_mul(ROW)?)?;
        *bytes = rest;
        let table = rows
            .as_chunks::<ROW>()
            .0
            .iter()
            .map(|row| {
                let mut to = [[0_i8; FILTERS]; SLOTS];
                for (to, from) in to.iter_mut().zip(row.as_chunks::<FILTERS>().0) {
                    for (t, &f) in to.iter_mut().zip(from) {
                        *t = f as i8;
                    }
                }
                to
            })
            .collect();
        let mut pooled = || -> Option<[f32; POOLED]> {
            let mut out = [0.0; POOLED];
            for f in &mut out {
                *f = f32::from_le_bytes(take(bytes)?);
            }
            Some(out)
        };
        let (worth, bias) = (pooled()?, pooled()?);
        let out = (0..heads::ANSWERS).map(|_| pooled()).collect::<Option<_>>()?;
        let mut out_bias = [0.0; heads::ANSWERS];
        for f in &mut out_bias {
            *f = f32::from_le_bytes(take(bytes)?);
        }
        Some(Self {
            ids: number(&units),
            #[cfg(feature = "train")]
            units,
            table,
            worth,
            bias,
            out,
            out_bias,
        })
    }
}

/// Which filter the answer at a place of a row belongs to.
#[cfg(feature = "train")]
fn filter_of(at: usize) -> usize {
    let width = match at / FILTERS {
        0..2 => 0,
        2..5 => 1,
        _ => 2,
    };
    width * FILTERS + at % FILTERS
}
