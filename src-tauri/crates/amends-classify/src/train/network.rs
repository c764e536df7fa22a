//! A small convolutional reader: filters over two to four characters, the strongest response of each, one layer to
//! every head. Trained on all heads at once, so that the 37,606 polarities teach the few labels what words mean.

use super::linear::Shuffle;
use crate::{
    filters::{SLOTS, WIDTHS},
    heads,
};
use pulp::{Arch, Simd, WithSimd};

/// What the network is trained with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Numbers per character.
    pub depth: usize,
    /// Filters per width.
    pub filters: usize,
    /// Passes over the texts.
    pub passes: usize,
    /// Step of the first passes; it falls to a tenth.
    pub rate: f32,
    /// Share of pooled responses left out in training.
    pub dropout: f32,
    /// Share of characters hidden in training.
    pub hidden: f32,
    /// Texts per step.
    pub batch: usize,
    /// For all that is random.
    pub seed: u64,
    /// How much the trades count beside the heads.
    pub aside: f32,
}

/// One text: character ids (0 unknown), and per head a target in 0..=1, or below 0 where unknown.
#[derive(Debug, Clone)]
pub struct Text {
    /// Character ids, at least four.
    pub ids: Vec<u16>,
    /// Per head.
    pub targets: Vec<f32>,
}

/// The network.
#[derive(Debug, Clone)]
pub struct Net {
    /// Characters known.
    pub characters: usize,
    /// Numbers per character.
    pub depth: usize,
    /// Filters per width.
    pub filters: usize,
    /// Heads.
    pub heads: usize,
    /// `characters * depth`.
    pub embedding: Vec<f32>,
    /// `SLOTS * filters * depth`.
    pub conv: Vec<f32>,
    /// `3 * filters`.
    pub bias: Vec<f32>,
    /// `heads * 3 * filters`.
    pub out: Vec<f32>,
    /// `heads`.
    pub out_bias: Vec<f32>,
}

struct Adam {
    m: Vec<f32>,
    v: Vec<f32>,
}

impl Adam {
    fn new(n: usize) -> Self {
        Self {
            m: vec![0.0; n],
            v: vec![0.0; n],
        }
    }
    #[inline(always)]
    fn step(&mut self, at: usize, w: &mut [f32], g: &mut [f32], rate: f32) {
        let (m, v) = (&mut self.m[at..at + w.len()], &mut self.v[at..at + w.len()]);
        for k in 0..w.len() {
            m[k] = 0.9 * m[k] + 0.1 * g[k];
            v[k] = 0.999 * v[k] + 0.001 * g[k] * g[k];
            w[k] -= rate * m[k] / (v[k].sqrt() + 1e-7);
            g[k] = 0.0;
        }
    }
}

/// Where the slots of a width begin.
fn first_slot(k: usize) -> usize {
    [0, 2, 5][k]
}

/// [`Net::train`] as a whole, compiled for each width of vectors.
struct Training<'a> {
    texts: &'a [Text],
    characters: usize,
    heads: usize,
    options: &'a Options,
}

impl WithSimd for Training<'_> {
    type Output = Net;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Net {
        Net::descend(self.texts, self.characters, self.heads, self.options)
    }
}

/// Adds `factor` times `from` to `to`.
#[inline(always)]
fn add(to: &mut [f32], factor: f32, from: &[f32]) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += factor * f;
    }
}

/// The scalar product, summed in eight lanes.
#[inline(always)]
pub(super) fn product(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum()
}

impl Net {
    fn new(characters: usize, heads: usize, o: &Options, random: &mut Shuffle) -> Self {
        let mut fill = |n: usize, size: f32| -> Vec<f32> {
            (0..n).map(|_| (random.unit() - 0.5) * 2.0 * size).collect()
        };
        let pooled = 3 * o.filters;
        Self {
            characters,
            depth: o.depth,
            filters: o.filters,
            heads,
            embedding: fill(characters * o.depth, 0.25),
            conv: fill(SLOTS * o.depth * o.filters, (3.0 / (3.0 * o.depth as f32)).sqrt()),
            bias: vec![0.0; pooled],
            out: fill(heads * pooled, (1.0 / pooled as f32).sqrt()),
            out_bias: vec![-1.0; heads],
        }
    }

    /// What each slot's filters make of a character: `SLOTS * filters` numbers.
    pub fn responses(&self, character: usize) -> Vec<f32> {
        let mut out = vec![0.0; SLOTS * self.filters];
        self.respond(&self.turned(), character, &mut out);
        out
    }

    /// The filters in the order in which whole rows of them are added: `SLOTS * depth * filters`.
    fn turned(&self) -> Vec<f32> {
        let (d, f) = (self.depth, self.filters);
        let mut out = vec![0.0; self.conv.len()];
        for (at, row) in self.conv.chunks_exact(d).enumerate() {
            let (s, x) = (at / f, at % f);
            for (q, &w) in row.iter().enumerate() {
                out[(s * d + q) * f + x] = w;
            }
        }
        out
    }

    #[inline(always)]
    fn respond(&self, turned: &[f32], character: usize, out: &mut [f32]) {
        let (d, f) = (self.depth, self.filters);
        out.fill(0.0);
        let e = &self.embedding[character * d..(character + 1) * d];
        for s in 0..SLOTS {
            let to = &mut out[s * f..(s + 1) * f];
            for (k, &x) in e.iter().enumerate() {
                let from = &turned[(s * d + k) * f..(s * d + k + 1) * f];
                for (t, c) in to.iter_mut().zip(from) {
                    *t += x * c;
                }
            }
        }
    }

    /// The strongest response of every filter, and where.
    #[inline(always)]
    fn pool(&self, table: &[f32], locals: &[u32], best: &mut [f32], at: &mut [u32]) {
        let f = self.filters;
        let mut sum = vec![0.0_f32; f];
        best.fill(f32::MIN);
        for (k, &w) in WIDTHS.iter().enumerate() {
            let best = &mut best[k * f..(k + 1) * f];
            let at = &mut at[k * f..(k + 1) * f];
            for p in 0..locals.len() + 1 - w {
                sum.fill(0.0);
                for j in 0..w {
                    let row = locals[p + j] as usize * SLOTS * f + (first_slot(k) + j) * f;
                    for (s, t) in sum.iter_mut().zip(&table[row..row + f]) {
                        *s += t;
                    }
                }
                for x in 0..f {
                    let better = sum[x] > best[x];
                    best[x] = if better { sum[x] } else { best[x] };
                    at[x] = if better { p as u32 } else { at[x] };
                }
            }
        }
    }

    /// Trains a network.
    pub fn train(texts: &[Text], characters: usize, heads: usize, options: &Options) -> Self {
        Arch::new().dispatch(Training {
            texts,
            characters,
            heads,
            options,
        })
    }

    #[inline(always)]
    fn descend(texts: &[Text], characters: usize, heads: usize, o: &Options) -> Self {
        let mut random = Shuffle::new(o.seed);
        let mut net = Self::new(characters, heads, o, &mut random);
        let (d, f) = (o.depth, o.filters);
        let pooled = 3 * f;
        let (mut ge, mut gc, mut gb, mut go, mut gob) = (
            vec![0.0_f32; net.embedding.len()],
            vec![0.0_f32; net.conv.len()],
            vec![0.0_f32; pooled],
            vec![0.0_f32; net.out.len()],
            vec![0.0_f32; heads],
        );
        let (mut ae, mut ac, mut ab, mut ao, mut aob) = (
            Adam::new(ge.len()),
            Adam::new(gc.len()),
            Adam::new(pooled),
            Adam::new(go.len()),
            Adam::new(heads),
        );
        let mut order: Vec<u32> = (0..texts.len() as u32).collect();
        let mut local = vec![u32::MAX; characters];
        let mut table = Vec::new();
        let (mut best, mut at) = (vec![0.0_f32; pooled], vec![0_u32; pooled]);
        let (mut h, mut gh) = (vec![0.0_f32; pooled], vec![0.0_f32; pooled]);
        let steps = texts.len().div_ceil(o.batch) * o.passes;
        let mut step = 0;
        for _ in 0..o.passes {
            random.shuffle(&mut order);
            for batch in order.chunks(o.batch) {
                let progress = step as f32 / steps as f32;
                let rate = o.rate * (0.05 + 0.95 * 0.5 * (1.0 + (progress * std::f32::consts::PI).cos()));
                step += 1;
                let mut unique: Vec<u16> = Vec::new();
                let read: Vec<Vec<u32>> = batch
                    .iter()
                    .map(|&t| {
                        texts[t as usize]
                            .ids
                            .iter()
                            .map(|&c| {
                                let c = if o.hidden > 0.0 && random.unit() < o.hidden {
                                    0
                                } else {
                                    c
                                };
                                if local[c as usize] == u32::MAX {
                                    local[c as usize] = unique.len() as u32;
                                    unique.push(c);
                                }
                                local[c as usize]
                            })
                            .collect()
                    })
                    .collect();
                table.resize(unique.len() * SLOTS * f, 0.0);
                let turned = net.turned();
                for (l, &c) in unique.iter().enumerate() {
                    net.respond(
                        &turned,
                        c as usize,
                        &mut table[l * SLOTS * f..(l + 1) * SLOTS * f],
                    );
                }
                for (locals, &t) in read.iter().zip(batch) {
                    net.pool(&table, locals, &mut best, &mut at);
                    for x in 0..pooled {
                        let z = best[x] + net.bias[x];
                        let kept = random.unit() >= o.dropout;
                        h[x] = if z > 0.0 && kept {
                            z / (1.0 - o.dropout)
                        } else {
                            0.0
                        };
                    }
                    gh.fill(0.0);
                    for (head, &target) in texts[t as usize].targets.iter().enumerate() {
                        if target < 0.0 {
                            continue;
                        }
                        let w = &net.out[head * pooled..(head + 1) * pooled];
                        let z = product(w, &h) + net.out_bias[head];
                        let weight = if head < heads::COUNT { 1.0 } else { o.aside };
                        let g = weight * (1.0 / (1.0 + (-z).exp()) - target);
                        gob[head] += g;
                        add(&mut go[head * pooled..(head + 1) * pooled], g, &h);
                        add(&mut gh, g, w);
                    }
                    for (k, &w) in WIDTHS.iter().enumerate() {
                        for x in 0..f {
                            let i = k * f + x;
                            if h[i] == 0.0 || gh[i] == 0.0 {
                                continue;
                            }
                            let g = gh[i] / (1.0 - o.dropout);
                            gb[i] += g;
                            for j in 0..w {
                                let c = unique[locals[at[i] as usize + j] as usize] as usize;
                                let s = first_slot(k) + j;
                                let (filter, character) =
                                    ((s * f + x) * d..(s * f + x + 1) * d, c * d..(c + 1) * d);
                                add(&mut gc[filter.clone()], g, &net.embedding[character.clone()]);
                                add(&mut ge[character], g, &net.conv[filter]);
                            }
                        }
                    }
                }
                let scale = 1.0 / batch.len() as f32;
                for g in [&mut gc, &mut gb, &mut go, &mut gob] {
                    g.iter_mut().for_each(|g| *g *= scale);
                }
                ac.step(0, &mut net.conv, &mut gc, rate);
                ab.step(0, &mut net.bias, &mut gb, rate);
                ao.step(0, &mut net.out, &mut go, rate);
                aob.step(0, &mut net.out_bias, &mut gob, rate);
                for &c in &unique {
                    let span = c as usize * d..(c as usize + 1) * d;
                    ge[span.clone()].iter_mut().for_each(|g| *g *= scale);
                    ae.step(span.start, &mut net.embedding[span.clone()], &mut ge[span], rate);
                    local[c as usize] = u32::MAX;
                }
            }
        }
        net
    }
}
