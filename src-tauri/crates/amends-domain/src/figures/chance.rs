//! Whether a difference is more than chance, and how exactly a share is known.
//!
//! Every test is two-sided. Small numbers are judged exactly; large ones by the normal distribution, to which the
//! exact answer then comes so near that no verdict depends on it.

use serde::Serialize;

/// A difference counts as more than chance when luck alone gives it less often than this.
pub const CHANCE: f64 = 0.05;

/// Where a share lies with 95 % confidence, both from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The Wilson score interval, 95 %. None of nothing.
pub fn wilson(met: u64, all: u64) -> Option<Interval> {
    const Z: f64 = 1.959_963_984_540_054;
    if all == 0 {
        return None;
    }
    let (n, p) = (all as f64, met as f64 / all as f64);
    let z2 = Z * Z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Some(Interval {
        low: (middle - half).max(0.0),
        high: (middle + half).min(1.0),
    })
}

/// The chance of a difference like that between `a` of `all_a` and `b` of `all_b`: the two-proportion test, or
/// Fisher's exact test when a cell of the table is expected to hold fewer than 10. 1 if one side has nothing.
pub fn shares(a: u64, all_a: u64, b: u64, all_b: u64) -> f64 {
    if all_a == 0 || all_b == 0 {
        return 1.0;
    }
    let (met, all) = (a + b, all_a + all_b);
    let rarer = met.min(all - met) as f64;
    if rarer * all_a.min(all_b) as f64 / (all as f64) < 10.0 {
        return fisher(a, all_a, b, all_b);
    }
    let pooled = met as f64 / all as f64;
    let error = (pooled * (1.0 - pooled) * (1.0 / all_a as f64 + 1.0 / all_b as f64)).sqrt();
    two_sided((a as f64 / all_a as f64 - b as f64 / all_b as f64) / error)
}

/// Fisher's exact test: with these margins, how often is the table at most as likely as the one seen?
fn fisher(a: u64, all_a: u64, b: u64, all_b: u64) -> f64 {
    let (met, all) = (a + b, all_a + all_b);
    let chance = |x: u64| (ln_choose(all_a, x) + ln_choose(all_b, met - x) - ln_choose(all, met)).exp();
    let seen = chance(a) * (1.0 + 1e-7);
    let sum: f64 = (met.saturating_sub(all_b)..=met.min(all_a))
        .map(chance)
        .filter(|p| *p <= seen)
        .sum();
    sum.min(1.0)
}

/// The chance of counts as different as `a` in a time `time_a` and `b` in `time_b` if things happen at one steady
/// rate (Poisson): given `a + b`, `a` is binomial.
pub fn counts(a: u64, time_a: f64, b: u64, time_b: f64) -> f64 {
    if time_a <= 0.0 || time_b <= 0.0 {
        return 1.0;
    }
    binomial(a, a + b, time_a / (time_a + time_b))
}

/// The chance of a result at most as likely as `hits` of `n` when each hits with `p`.
pub fn binomial(hits: u64, n: u64, p: f64) -> f64 {
    /// Up to here every result is summed.
    const EXACT: u64 = 2_000;
    if n == 0 || p <= 0.0 || p >= 1.0 {
        return 1.0;
    }
    if n > EXACT {
        let (mean, deviation) = (n as f64 * p, (n as f64 * p * (1.0 - p)).sqrt());
        return two_sided(((hits as f64 - mean).abs() - 0.5).max(0.0) / deviation);
    }
    let chance = |k: u64| (ln_choose(n, k) + k as f64 * p.ln() + (n - k) as f64 * (1.0 - p).ln()).exp();
    let seen = chance(hits) * (1.0 + 1e-7);
    // Each tail falls outwards, so it begins at the first result no likelier than the one seen, and what is far out
    // adds nothing.
    let mode = ((n + 1) as f64 * p).floor().min(n as f64) as u64;
    let tail = |results: &mut dyn Iterator<Item = u64>| {
        let mut sum = 0.0;
        for result in results {
            let part = chance(result);
            sum += part;
            if part < sum * 1e-12 {
                break;
            }
        }
        sum
    };
    let below = first(0, mode + 1, |k| chance(k) > seen);
    let above = first(mode + 1, n + 1, |k| chance(k) <= seen);
    (tail(&mut (0..below).rev()) + tail(&mut (above..=n))).min(1.0)
}

/// The first of a range of which something is true, if it stays so from there on; else its end.
fn first(mut from: u64, mut until: u64, is: impl Fn(u64) -> bool) -> u64 {
    while from < until {
        let middle = from + (until - from) / 2;
        if is(middle) {
            until = middle
        } else {
            from = middle + 1
        }
    }
    until
}

/// Mann–Whitney: the chance of two samples as far apart in rank. Both sorted; equal values share their ranks.
pub fn ranks(a: &[i64], b: &[i64]) -> f64 {
    let (n, m) = (a.len() as f64, b.len() as f64);
    if a.is_empty() || b.is_empty() {
        return 1.0;
    }
    let (mut i, mut j, mut rank_sum, mut ties, mut before) = (0, 0, 0.0, 0.0, 0.0);
    while i < a.len() || j < b.len() {
        let value = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => *x.min(y),
            (Some(x), None) | (None, Some(x)) => *x,
            (None, None) => break,
        };
        let of_a = a[i..].iter().take_while(|x| **x == value).count();
        let of_b = b[j..].iter().take_while(|y| **y == value).count();
        let tied = (of_a + of_b) as f64;
        rank_sum += of_a as f64 * (before + (tied + 1.0) / 2.0);
        ties += tied * tied * tied - tied;
        before += tied;
        (i, j) = (i + of_a, j + of_b);
    }
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let all = n + m;
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    two_sided(((u - n * m / 2.0).abs() - 0.5).max(0.0) / variance.sqrt())
}

/// Benjamini–Hochberg: which of many tests still count when at most [`CHANCE`] of the finds may be false.
pub fn corrected(ps: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..ps.len()).collect();
    order.sort_by(|a, b| ps[*a].total_cmp(&ps[*b]));
    let found = order
        .iter()
        .enumerate()
        .filter(|(rank, test)| ps[**test] < CHANCE * (rank + 1) as f64 / ps.len() as f64)
        .map(|(rank, _)| rank + 1)
        .next_back()
        .unwrap_or(0);
    let mut beyond = vec![false; ps.len()];
    for test in &order[..found] {
        beyond[*test] = true;
    }
    beyond
}

/// The chance of a standard normal value at least `z` away from 0.
fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Complementary error function of `x ≥ 0` to 1.2e-7 of its value (Numerical Recipes, 6.2).
fn erfc(x: f64) -> f64 {
    const C: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let t = 1.0 / (1.0 + 0.5 * x);
    let series = C.iter().rev().fold(0.0, |sum, c| sum * t + c);
    t * (-x * x + series).exp()
}

fn ln_choose(n: u64, k: u64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// ln n!, by Stirling's series from 16 on and exactly below.
fn ln_factorial(n: u64) -> f64 {
    const TABLE: usize = 256;
    static SMALL: std::sync::LazyLock<[f64; TABLE]> = std::sync::LazyLock::new(|| {
        let mut table = [0.0; TABLE];
        for n in 1..TABLE {
            table[n] = table[n - 1] + (n as f64).ln();
        }
        table
    });
    if (n as usize) < TABLE {
        return SMALL[n as usize];
    }
    let x = n as f64 + 1.0;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + 1.0 / (12.0 * x)
        - 1.0 / (360.0 * x * x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-4, "{a} is not {b}");
    }

    #[test]
    fn wilson_of_eight_in_ten() {
        // (0.8 + 0.19207) / 1.38415 = 0.71674; half = 1.95996 / 1.38415 · √(0.016 + 0.0096036) = 0.22657
        let interval = wilson(8, 10).unwrap();
        near(interval.low, 0.49016);
        near(interval.high, 0.94331);
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn fishers_tea_lady() {
        // 3 of 4 against 1 of 4: (1 + 16 + 16 + 1) / 70
        near(shares(3, 4, 1, 4), 34.0 / 70.0);
        near(shares(4, 4, 0, 4), 2.0 / 70.0);
    }

    #[test]
    fn large_shares_by_the_normal_distribution() {
        // 60 of 100 against 45 of 100: pooled 0.525, error 0.070622, z = 2.12398
        near(shares(60, 100, 45, 100), 0.033_67);
    }

    #[test]
    fn counts_are_compared_given_their_sum() {
        // 9 in one week, 1 in the other: 2 · (10 + 1) / 1024
        near(counts(9, 1.0, 1, 1.0), 22.0 / 1024.0);
        // 5 in one week, none in four: 0.2⁵
        near(counts(5, 1.0, 0, 4.0), 0.00032);
        // Three thousand against three thousand and two hundred.
        near(counts(3000, 1.0, 3200, 1.0), 0.01151);
        assert_eq!(counts(0, 1.0, 0, 1.0), 1.0);
    }

    #[test]
    fn the_exact_and_the_normal_answer_meet() {
        for (a, b) in [(1000, 990), (1040, 950), (1100, 890)] {
            let exact = binomial(a, a + b, 0.5);
            let near = binomial(a * 2, (a + b) * 2, 0.5);
            assert!(near <= exact + 0.01, "twice as much evidence is not weaker");
        }
    }

    #[test]
    fn ranks_far_apart_are_no_chance_and_equal_ones_are() {
        // U = 0 of 25, mean 12.5, variance 25 · 11 / 12 = 22.9167, z = 12 / 4.78714 = 2.50672
        near(ranks(&[1, 2, 3, 4, 5], &[6, 7, 8, 9, 10]), 0.012_186);
        assert_eq!(ranks(&[5, 5, 5], &[5, 5]), 1.0);
        // With ties: ranks of a are 1, 2.5, 2.5; U = 0; ties 2³−2 + ... = 6; n·m/12·(7 − 6/30) = 5.1; z = 4/2.25832
        near(ranks(&[1, 2, 2], &[3, 4, 5]), 0.076_5);
    }

    #[test]
    fn many_tests_raise_the_bar() {
        // 0.01 ≤ 0.05·1/4, 0.02 ≤ 0.05·2/4, 0.04 > 0.05·3/4
        assert_eq!(corrected(&[0.04, 0.01, 0.02, 0.5]), [false, true, true, false]);
        assert_eq!(corrected(&[]), Vec::<bool>::new());
    }
}
