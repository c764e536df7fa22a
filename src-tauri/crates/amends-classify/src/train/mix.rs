//! Fits the second level: small networks with a direct way past them, all heads at once, by Adam.

use super::{linear::Shuffle, network::product};
use crate::{
    heads,
    judge::{FIGURES, Figures, HIDDEN, LANES, Mix, sigmoid, stretch},
};
use pulp::{Arch, Simd, WithSimd};

/// Networks that are averaged; each has its share of the hidden units.
const NETWORKS: usize = 2;
const UNITS: usize = HIDDEN / NETWORKS;
const WAYS: usize = UNITS + heads::WIDTH;
const PASSES: usize = 6;
const RATE: f32 = 0.002;
/// Pull of every weight to zero, per step, in rates.
const DECAY: f32 = 0.15;
const BATCH: usize = 128;
const DROPOUT: f32 = 0.3;
/// The log-odds of a head with no more positive examples than [`FEWEST`], which is left to the patterns.
const NEVER: f32 = -12.0;
const FEWEST: usize = 12;

/// What is known of a row, per head: 1, 0, or below 0 for unknown.
pub(crate) type Targets = [f32; heads::COUNT];

/// One text as readers saw it that had not learned from it.
#[derive(Clone, Copy)]
pub(crate) struct Lesson<'a> {
    pub figures: &'a Figures,
    pub targets: &'a Targets,
    /// How much it counts.
    pub weight: f32,
}

struct Network {
    first: Vec<[f32; WAYS]>,
    second: Vec<[f32; heads::WIDTH]>,
}

/// Fits the lessons; only the figures in `columns` are looked at.
pub(crate) fn fit(lessons: &[Lesson<'_>], columns: &[usize]) -> Mix {
    let n = lessons.len().max(1) as f64;
    let mut mean = vec![0.0_f32; FIGURES];
    let mut scale = vec![0.0_f32; FIGURES];
    for &c in columns {
        let values = || lessons.iter().map(|l| f64::from(l.figures[c]));
        let m = values().sum::<f64>() / n;
        let deviation = (values().map(|v| (v - m).powi(2)).sum::<f64>() / n).sqrt();
        mean[c] = m as f32;
        scale[c] = if deviation > 1e-6 {
            (1.0 / deviation) as f32
        } else {
            0.0
        };
    }
    let learned: [bool; heads::COUNT] =
        std::array::from_fn(|h| lessons.iter().filter(|l| l.targets[h] == 1.0).count() > FEWEST);
    let mut first = vec![0.0; (FIGURES + 1) * LANES];
    let mut second = vec![0.0; HIDDEN * heads::WIDTH];
    for seed in 0..NETWORKS {
        let net = Arch::new().dispatch(Training {
            lessons,
            usual: (&mean, &scale),
            learned: &learned,
            seed: seed as u64 + 1,
        });
        for (to, from) in first.as_chunks_mut::<LANES>().0.iter_mut().zip(&net.first) {
            to[seed * UNITS..(seed + 1) * UNITS].copy_from_slice(&from[..UNITS]);
            for (t, f) in to[HIDDEN..].iter_mut().zip(&from[UNITS..]) {
                *t += f / NETWORKS as f32;
            }
        }
        let own = &mut second.as_chunks_mut::<{ heads::WIDTH }>().0[seed * UNITS..];
        for (to, from) in own.iter_mut().zip(&net.second) {
            *to = from.map(|f| f / NETWORKS as f32);
        }
    }
    if let Some(bias) = first.as_chunks_mut::<LANES>().0.last_mut() {
        for h in (0..heads::COUNT).filter(|&h| !learned[h]) {
            bias[HIDDEN + h] = NEVER;
        }
    }
    let mut mix = Mix {
        mean,
        scale,
        first,
        second,
    };
    if columns.contains(&heads::POLARITY) {
        lean_on_plain(&mut mix, lessons);
        calibrate(&mut mix, lessons);
    }
    mix
}

/// How much of polarity is the plain n-gram model's word alone.
const PLAIN: f32 = 0.25;

/// Averages the log-odds of polarity with what the n-gram model's score says by itself: what the other figures add is
/// learned in trades that are known, and carries over to others less well.
fn lean_on_plain(mix: &mut Mix, lessons: &[Lesson<'_>]) {
    let (mean, scale) = (mix.mean[heads::POLARITY], mix.scale[heads::POLARITY]);
    let usual = |f: &Figures| ((f[heads::POLARITY] - mean) * scale).clamp(-5.0, 5.0);
    let (weight, bias) = logistic(lessons, usual);
    let direct = HIDDEN + heads::POLARITY;
    let rows = mix.first.as_chunks_mut::<LANES>().0;
    rows.iter_mut().for_each(|row| row[direct] *= 1.0 - PLAIN);
    rows[heads::POLARITY][direct] += PLAIN * weight;
    rows[FIGURES][direct] += PLAIN * bias;
    for row in mix.second.as_chunks_mut::<{ heads::WIDTH }>().0 {
        row[heads::POLARITY] *= 1.0 - PLAIN;
    }
}

/// Stretches the log-odds of polarity to what they promise: the average of two readers is less sure than it may be.
fn calibrate(mix: &mut Mix, lessons: &[Lesson<'_>]) {
    let (weight, bias) = logistic(lessons, |f| mix.log_odds(f)[heads::POLARITY]);
    let direct = HIDDEN + heads::POLARITY;
    let rows = mix.first.as_chunks_mut::<LANES>().0;
    rows.iter_mut().for_each(|row| row[direct] *= weight);
    rows[FIGURES][direct] += bias;
    for row in mix.second.as_chunks_mut::<{ heads::WIDTH }>().0 {
        row[heads::POLARITY] *= weight;
    }
}

/// The weight and bias of one number that foretell polarity best. Newton's method has them in a few steps.
fn logistic(lessons: &[Lesson<'_>], number: impl Fn(&Figures) -> f32) -> (f32, f32) {
    let known: Vec<[f64; 3]> = lessons
        .iter()
        .filter(|l| l.targets[heads::POLARITY] >= 0.0)
        .map(|l| [number(l.figures), l.targets[heads::POLARITY], l.weight].map(f64::from))
        .collect();
    let (mut weight, mut bias) = (1.0_f64, 0.0_f64);
    for _ in 0..8 {
        let (mut slope, mut curve) = ([0.0_f64; 2], [1e-9_f64, 0.0, 1e-9]);
        for [x, target, counts] in &known {
            let p = 1.0 / (1.0 + (-(weight * x + bias)).exp());
            let error = counts * (p - target);
            let certain = counts * p * (1.0 - p);
            slope[0] += error * x;
            slope[1] += error;
            curve[0] += certain * x * x;
            curve[1] += certain * x;
            curve[2] += certain;
        }
        let determinant = curve[0] * curve[2] - curve[1] * curve[1];
        weight -= (slope[0] * curve[2] - slope[1] * curve[1]) / determinant;
        bias -= (slope[1] * curve[0] - slope[0] * curve[1]) / determinant;
    }
    (weight as f32, bias as f32)
}

/// One weight's way with Adam.
struct Adam {
    m: Vec<f32>,
    v: Vec<f32>,
    gradient: Vec<f32>,
}

impl Adam {
    fn new(n: usize) -> Self {
        Self {
            m: vec![0.0; n],
            v: vec![0.0; n],
            gradient: vec![0.0; n],
        }
    }

    #[inline(always)]
    fn step(&mut self, weights: &mut [f32], rate: f32, decay: f32, step: i32) {
        let (warm_m, warm_v) = (1.0 - 0.9_f32.powi(step), 1.0 - 0.99_f32.powi(step));
        let state = self.m.iter_mut().zip(&mut self.v).zip(&mut self.gradient);
        for (w, ((m, v), g)) in weights.iter_mut().zip(state) {
            *m += 0.1 * (*g - *m);
            *v += 0.01 * (*g * *g - *v);
            *w -= rate * (*m / warm_m / ((*v / warm_v).sqrt() + 1e-8) + decay * *w);
            *g = 0.0;
        }
    }
}

/// [`descend`], compiled for each width of vectors.
struct Training<'a> {
    lessons: &'a [Lesson<'a>],
    usual: (&'a [f32], &'a [f32]),
    learned: &'a [bool; heads::COUNT],
    seed: u64,
}

impl WithSimd for Training<'_> {
    type Output = Network;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Network {
        descend(self.lessons, self.usual, self.learned, self.seed)
    }
}

#[inline(always)]
fn descend(
    lessons: &[Lesson<'_>],
    (mean, scale): (&[f32], &[f32]),
    learned: &[bool; heads::COUNT],
    seed: u64,
) -> Network {
    let mut random = Shuffle::new(seed);
    let mut about = |size: f32| (random.unit() - 0.5) * 2.0 * size;
    let mut net = Network {
        first: vec![[0.0; WAYS]; FIGURES + 1],
        second: vec![[0.0; heads::WIDTH]; UNITS],
    };
    for row in &mut net.first[..FIGURES] {
        row[..UNITS].fill_with(|| about((3.0 / FIGURES as f32).sqrt()));
    }
    for row in &mut net.second {
        row[..heads::COUNT].fill_with(|| about((0.9 / UNITS as f32).sqrt()));
    }
    net.first[FIGURES][UNITS..].fill(-1.0);
    let mut first = Adam::new((FIGURES + 1) * WAYS);
    let mut second = Adam::new(UNITS * heads::WIDTH);
    let mut order: Vec<u32> = (0..lessons.len() as u32).collect();
    let steps = (PASSES * order.len().div_ceil(BATCH)).max(1);
    let mut step = 0;
    for _ in 0..PASSES {
        random.shuffle(&mut order);
        for batch in order.chunks(BATCH) {
            for &i in batch {
                let lesson = lessons[i as usize];
                let x = stretch(lesson.figures, mean, scale);
                let mut sums = net.first[FIGURES];
                for (x, row) in x.iter().zip(&net.first) {
                    sums.iter_mut().zip(row).for_each(|(s, w)| *s += x * w);
                }
                let mut out = [0.0_f32; heads::WIDTH];
                out.copy_from_slice(&sums[UNITS..]);
                let mut back = [0.0_f32; WAYS];
                let mut open = [0.0_f32; UNITS];
                for j in 0..UNITS {
                    if sums[j] > 0.0 && random.unit() >= DROPOUT {
                        open[j] = 1.0 / (1.0 - DROPOUT);
                        let h = sums[j] * open[j];
                        out.iter_mut().zip(&net.second[j]).for_each(|(o, w)| *o += h * w);
                    }
                }
                let mut error = [0.0_f32; heads::WIDTH];
                for (h, &target) in lesson.targets.iter().enumerate() {
                    if target >= 0.0 && learned[h] {
                        error[h] = lesson.weight * (sigmoid(out[h]) - target) / batch.len() as f32;
                    }
                }
                back[UNITS..].copy_from_slice(&error);
                let gradients = second.gradient.as_chunks_mut::<{ heads::WIDTH }>().0;
                for j in (0..UNITS).filter(|&j| open[j] > 0.0) {
                    let h = sums[j] * open[j];
                    back[j] = open[j] * product(&error, &net.second[j]);
                    gradients[j].iter_mut().zip(&error).for_each(|(g, e)| *g += h * e);
                }
                let gradients = first.gradient.as_chunks_mut::<WAYS>().0;
                for (g, x) in gradients.iter_mut().zip(x.iter().chain([&1.0])) {
                    g.iter_mut().zip(&back).for_each(|(g, b)| *g += x * b);
                }
            }
            step += 1;
            let rate = RATE * (1.0 - 0.95 * step as f32 / steps as f32);
            let bias = FIGURES * WAYS;
            let weights = net.first.as_flattened_mut();
            let unpulled: Vec<f32> = weights[bias..].to_vec();
            first.step(weights, rate, DECAY, step);
            // Biases are not pulled.
            for (w, before) in weights[bias..].iter_mut().zip(unpulled) {
                *w += rate * DECAY * before;
            }
            second.step(net.second.as_flattened_mut(), rate, DECAY, step);
        }
    }
    net
}
