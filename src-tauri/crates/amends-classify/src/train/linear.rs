//! The linear learner: an L2-loss support vector machine by dual coordinate descent (Hsieh et al. 2008) over sparse
//! binary features with naive-Bayes scaling (Wang & Manning 2012).

/// Rows of sparse binary features; row `i` weighs each of its features `scale[i]`.
#[derive(Debug, Default, Clone)]
pub struct Sparse {
    /// Where each row begins in `features`; one more than rows.
    pub offsets: Vec<usize>,
    /// Feature ids.
    pub features: Vec<u32>,
    /// One over the root of the row's number of features.
    pub scale: Vec<f32>,
}

impl Sparse {
    /// Empty.
    pub fn new() -> Self {
        Self {
            offsets: vec![0],
            features: Vec::new(),
            scale: Vec::new(),
        }
    }
    /// Adds a row of distinct features.
    pub fn push(&mut self, features: &[u32]) {
        self.features.extend_from_slice(features);
        self.offsets.push(self.features.len());
        self.scale.push(1.0 / (features.len().max(1) as f32).sqrt());
    }
    /// The features of a row.
    pub fn row(&self, i: usize) -> &[u32] {
        &self.features[self.offsets[i]..self.offsets[i + 1]]
    }
    /// How many rows.
    pub fn len(&self) -> usize {
        self.scale.len()
    }
    /// No rows.
    pub fn is_empty(&self) -> bool {
        self.scale.is_empty()
    }
}

/// A small deterministic generator for shuffles.
#[derive(Debug, Clone)]
pub struct Shuffle(u64);

impl Shuffle {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    /// A number under `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) % n.max(1) as u64) as usize
    }
    /// In [0, 1).
    pub fn unit(&mut self) -> f32 {
        self.below(1 << 24) as f32 / (1 << 24) as f32
    }
    /// Reorders in place.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i + 1);
            items.swap(i, j);
        }
    }
}

/// One example of a binary task.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Row in the matrix.
    pub row: u32,
    /// Belongs to the class.
    pub positive: bool,
    /// Its stratum: how often the class occurs differs from one to another and says nothing of the features.
    pub stratum: usize,
}

/// How strongly each learner is held back.
#[derive(Debug, Clone, Copy)]
pub struct SvmOptions {
    /// Cost of an error.
    pub c: f32,
    /// Passes over the examples.
    pub passes: usize,
    /// Naive-Bayes smoothing; 0 switches the scaling off.
    pub smoothing: f32,
}

/// One weight per feature with the naive-Bayes scaling folded in, and a bias.
pub fn svm(matrix: &Sparse, examples: &[Example], features: usize, options: SvmOptions) -> (Vec<f32>, f32) {
    let ratio = naive_bayes_ratio(matrix, examples, features, options.smoothing);
    let (mut w, bias) = descend(matrix, examples, &ratio, options, |_| [Some(0), None]);
    for (w, r) in w.iter_mut().zip(&ratio) {
        *w *= r;
    }
    (w, bias)
}

/// As [`svm`], for each of the first `strata` strata: what all have in common and what is its own are learned side by
/// side (Daumé 2007), and added up. Strata from there on only have what is common.
pub fn svm_by_stratum(
    matrix: &Sparse,
    examples: &[Example],
    features: usize,
    strata: usize,
    options: SvmOptions,
) -> (Vec<Vec<f32>>, f32) {
    let ratio = naive_bayes_ratio(matrix, examples, features, options.smoothing);
    let own = |e: &Example| (e.stratum < strata).then_some((e.stratum + 1) * features);
    let (w, bias) = descend(matrix, examples, &ratio, options, |e| [Some(0), own(e)]);
    let (common, rest) = w.split_at(features.min(w.len()));
    let weights = (0..strata)
        .map(|t| {
            // Nothing is its own where no example is.
            let own = rest.get(t * features..(t + 1) * features);
            let sum = |f: usize| common[f] + own.map_or(0.0, |own| own[f]);
            ratio.iter().enumerate().map(|(f, r)| sum(f) * r).collect()
        })
        .collect();
    (weights, bias)
}

/// Dual coordinate descent over scaled features. `blocks` names where in the weights an example's features are looked
/// up; the answer is as long as the furthest of them.
fn descend(
    matrix: &Sparse,
    examples: &[Example],
    ratio: &[f32],
    options: SvmOptions,
    blocks: impl Fn(&Example) -> [Option<usize>; 2],
) -> (Vec<f32>, f32) {
    let furthest = examples
        .iter()
        .flat_map(|e| blocks(e).into_iter().flatten())
        .max();
    let mut w = vec![0.0_f32; furthest.unwrap_or(0) + ratio.len()];
    let mut bias = 0.0_f32;
    let mut alpha = vec![0.0_f32; examples.len()];
    let square: Vec<f32> = examples
        .iter()
        .map(|e| {
            let s = matrix.scale[e.row as usize];
            let own: f32 = matrix
                .row(e.row as usize)
                .iter()
                .map(|&f| (ratio[f as usize] * s).powi(2))
                .sum();
            own * blocks(e).iter().flatten().count() as f32 + 1.0
        })
        .collect();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut shuffle = Shuffle::new(17);
    for _ in 0..options.passes {
        shuffle.shuffle(&mut order);
        for &i in &order {
            let e = examples[i];
            let s = matrix.scale[e.row as usize];
            let row = matrix.row(e.row as usize);
            let y = if e.positive { 1.0 } else { -1.0 };
            let diagonal = 0.5 / options.c;
            let mut score = bias;
            for block in blocks(&e).into_iter().flatten() {
                let w = &w[block..block + ratio.len()];
                let sum: f32 = row.iter().map(|&f| w[f as usize] * ratio[f as usize]).sum();
                score += sum * s;
            }
            let gradient = y * score - 1.0 + diagonal * alpha[i];
            let next = (alpha[i] - gradient / (square[i] + diagonal)).max(0.0);
            let step = (next - alpha[i]) * y;
            if step != 0.0 {
                alpha[i] = next;
                for block in blocks(&e).into_iter().flatten() {
                    let w = &mut w[block..block + ratio.len()];
                    for &f in row {
                        w[f as usize] += step * s * ratio[f as usize];
                    }
                }
                bias += step;
            }
        }
    }
    (w, bias)
}

/// The log of how much more often a feature occurs in the class than outside it, pooled over the strata
/// (Mantel & Haenszel 1959): what is frequent in a trade of many complaints is no complaint for that.
fn naive_bayes_ratio(matrix: &Sparse, examples: &[Example], features: usize, smoothing: f32) -> Vec<f32> {
    if smoothing <= 0.0 {
        return vec![1.0; features];
    }
    let strata = examples.iter().map(|e| e.stratum + 1).max().unwrap_or(0);
    let mut sizes = vec![[0.0_f32; 2]; strata];
    for e in examples {
        sizes[e.stratum][usize::from(e.positive)] += 1.0;
    }
    let positives = examples.iter().filter(|e| e.positive).count() as f32 / examples.len().max(1) as f32;
    let mut p = vec![smoothing * 2.0 * (1.0 - positives); features];
    let mut n = vec![smoothing * 2.0 * positives; features];
    for e in examples {
        let [out, within] = sizes[e.stratum];
        let other = if e.positive { out } else { within };
        let counts = if e.positive { &mut p } else { &mut n };
        for &f in matrix.row(e.row as usize) {
            counts[f as usize] += 2.0 * other / (out + within);
        }
    }
    p.iter().zip(&n).map(|(p, n)| (p / n).ln()).collect()
}

/// Scores of a linear model on a row.
pub fn score(matrix: &Sparse, row: usize, w: &[f32], bias: f32) -> f32 {
    matrix.row(row).iter().map(|&f| w[f as usize]).sum::<f32>() * matrix.scale[row] + bias
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feature 0 is a complaint everywhere; feature 1 is a complaint in the first trade and praise in the second.
    fn spoken_in_two_trades() -> (Sparse, Vec<Example>) {
        let mut matrix = Sparse::new();
        let mut examples = Vec::new();
        for stratum in 0..2 {
            for (features, positive) in [(&[0, 2][..], true), (&[1, 2], stratum == 0), (&[2], stratum == 1)] {
                for _ in 0..20 {
                    examples.push(Example {
                        row: matrix.len() as u32,
                        positive,
                        stratum,
                    });
                    matrix.push(features);
                }
            }
        }
        (matrix, examples)
    }

    const OPTIONS: SvmOptions = SvmOptions {
        c: 1.0,
        passes: 30,
        smoothing: 0.0,
    };

    #[test]
    fn a_word_may_mean_the_opposite_in_another_trade() {
        let (matrix, examples) = spoken_in_two_trades();
        let (trades, bias) = svm_by_stratum(&matrix, &examples, 3, 2, OPTIONS);
        for e in &examples {
            let z = score(&matrix, e.row as usize, &trades[e.stratum], bias);
            assert_eq!(z > 0.0, e.positive, "{e:?} scored {z}");
        }
        let (common, at) = svm(&matrix, &examples, 3, OPTIONS);
        let wrong = |e: &&Example| (score(&matrix, e.row as usize, &common, at) > 0.0) != e.positive;
        assert!(examples.iter().any(|e| wrong(&e)), "one model cannot say both");
    }

    #[test]
    fn a_trade_without_examples_speaks_as_all_do() {
        let (matrix, mut examples) = spoken_in_two_trades();
        examples.retain(|e| e.stratum == 0);
        let (trades, _) = svm_by_stratum(&matrix, &examples, 3, 3, OPTIONS);
        assert_eq!(trades.len(), 3);
        assert_eq!(trades[1], trades[2], "neither has been met");
        assert!(
            trades[0][1] > trades[1][1],
            "what is its own comes on top of what is common"
        );
    }
}
