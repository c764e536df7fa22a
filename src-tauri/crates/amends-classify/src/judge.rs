//! The second level: what the n-gram model, the clauses and the patterns say, weighed together into one probability
//! per conclusion. This is the one place where rules and model combine.

use crate::{
    heads,
    ngrams::{Clause, Reading},
    normalise::Normal,
    patterns::{Match, Topic},
};
use amends_domain::{
    assessment::{Assessment, CauseScore, Language, RiskScore, Voice},
    words::{Cause, Risk, Sentiment, Severity},
};
use pulp::{Arch, Simd, WithSimd};
use serde::{Deserialize, Serialize};

/// How many figures of a text are weighed.
pub(crate) const FIGURES: usize = 2 * heads::COUNT + TRADES + CLAUSES + 16 + 6 + 2 * TONES.len();

/// What colours a text; each is counted where it stands and where it is denied, supposed or heard.
const TONES: [Topic; 3] = [Topic::Defect, Topic::Praise, Topic::Irony];

/// How many figures tell of the trade: two readings of which it is, and polarity as it is spoken of there.
const TRADES: usize = 2 * heads::TRADES + 6;

/// Where the n-gram model's reading of the trade lies among the figures.
#[cfg(feature = "train")]
pub(crate) const BY_TRADE: std::ops::Range<usize> =
    2 * heads::COUNT + heads::TRADES..2 * heads::COUNT + TRADES;

/// How many figures tell of the clauses and of familiarity.
const CLAUSES: usize = 23 + 8 + 6;

/// Where what the patterns say begins among the figures: per risk, then per risk what is doubtful.
#[cfg(feature = "train")]
pub(crate) const SAID: usize = 2 * heads::COUNT + TRADES + CLAUSES;

/// The figures of one text.
pub(crate) type Figures = [f32; FIGURES];

/// Collects what is weighed.
pub(crate) fn figures(
    normal: &Normal,
    reading: &Reading,
    network: &[f32; heads::ANSWERS],
    matches: &[Match],
) -> Figures {
    let mut out = [0.0; FIGURES];
    let mut at = 0;
    let mut put = |v: f32| {
        out[at] = v.clamp(-12.0, 12.0);
        at += 1;
    };
    let (network, trades) = network.split_at(heads::COUNT);
    reading.logits.iter().chain(network).for_each(|&z| put(z));
    // What is usual differs from trade to trade: which one a text speaks of is read from the text, too.
    let total: f32 = trades.iter().map(|&z| sigmoid(z)).sum();
    trades.iter().for_each(|&z| put(sigmoid(z) / total.max(1e-6)));
    // A text that is like no trade speaks as all do.
    let closest = reading.trades.iter().fold(STRANGE, |m, &z| m.max(z));
    let odds = reading.trades.map(|z| (DECIDED * (z - closest)).exp());
    let strange = (DECIDED * (STRANGE - closest)).exp();
    let all = odds.iter().sum::<f32>() + strange;
    odds.iter().for_each(|o| put(o / all));
    let spoken = reading
        .polarities
        .iter()
        .zip(&odds)
        .map(|(z, o)| z * o)
        .sum::<f32>();
    let there = (spoken + reading.logits[heads::POLARITY] * strange) / all;
    put(there);
    put(there - reading.logits[heads::POLARITY]);
    put(closest);
    // What all trades agree on holds in the next one, too.
    let most = reading.polarities.iter().fold(f32::MIN, |m, &z| m.max(z));
    let least = reading.polarities.iter().fold(f32::MAX, |m, &z| m.min(z));
    put(reading.polarities.iter().sum::<f32>() / heads::TRADES as f32);
    put(most);
    put(least);
    // A long review speaks of many things: the clause that complains most counts by itself.
    let strongest = |h: usize| reading.clauses.iter().map(|c| c.logits[h]).fold(-12.0, f32::max);
    (heads::CAUSES..heads::SEVERITY + 3)
        .chain(heads::RISKS..heads::FAKE)
        .for_each(|h| put(strongest(h)));
    let polarity = || reading.clauses.iter().map(|c| c.logits[heads::POLARITY]);
    let n = reading.clauses.len().max(1) as f32;
    put(polarity().fold(-12.0, f32::max));
    put(polarity().fold(12.0, f32::min));
    put(polarity().next().unwrap_or(0.0));
    put(polarity().next_back().unwrap_or(0.0));
    put(polarity().filter(|&z| z > 0.0).count() as f32 / n);
    put(polarity().sum::<f32>() / n);
    // Praise and blame side by side, and what the last turn (但是) turns to.
    put(strongest(heads::NEGATIVE));
    put(strongest(heads::POSITIVE));
    put(strongest(heads::MIXED));
    let turn = reading.clauses.iter().rposition(|c| c.turns);
    let (told, turned) = reading.clauses.split_at(turn.unwrap_or(reading.clauses.len()));
    let mean = |clauses: &[Clause]| {
        let sum: f32 = clauses.iter().map(|c| c.logits[heads::POLARITY]).sum();
        sum / clauses.len().max(1) as f32
    };
    put(if turned.is_empty() { 0.0 } else { mean(told) });
    put(mean(turned));
    // A trade that nothing was learned from is known by being none of the others.
    put(total.max(1e-3).ln());
    put(n.ln());
    put((normal.units.len().max(1) as f32).ln());
    for risk in Risk::ALL {
        put(said(matches, *risk, false));
    }
    for risk in Risk::ALL {
        put(said(matches, *risk, true));
    }
    let count = |c: u8| normal.units.iter().filter(|&&u| u == u16::from(c)).count() as f32;
    put(count(b'!').min(6.0));
    put(count(b'?').min(4.0));
    put(count(b'"').min(4.0));
    put((reading.known as f32 / (normal.units.len().max(1) as f32 * 3.0)).min(2.0));
    put(f32::from(u8::from(reading.known < 4)));
    put(count(b'0').min(8.0));
    for tone in TONES {
        for doubtful in [false, true] {
            let own = matches
                .iter()
                .filter(|m| m.about == tone && m.doubtful == doubtful);
            put((own.count() as f32).min(4.0));
        }
    }
    debug_assert_eq!(at, FIGURES);
    out
}

/// The score of being of no trade that is known.
const STRANGE: f32 = 0.0;

/// How decidedly a text counts as of the trade whose score is highest: odds are `e` to this times the score.
const DECIDED: f32 = 3.0;

/// The strongest thing the patterns say of a risk, 0 when nothing.
pub(crate) fn said(matches: &[Match], risk: Risk, doubtful: bool) -> f32 {
    matches
        .iter()
        .filter(|m| m.about == Topic::Risk(risk) && m.doubtful == doubtful)
        .map(|m| m.strength)
        .fold(0.0, f32::max)
}

/// Units between the figures and the conclusions.
pub(crate) const HIDDEN: usize = 96;
/// The hidden units and the direct ways to the heads, side by side.
pub(crate) const LANES: usize = HIDDEN + heads::WIDTH;

/// A small network from figures to log-odds, with a direct way past it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Mix {
    /// What is usual of each figure.
    pub mean: Vec<f32>,
    /// One over how far each figure usually strays from that.
    pub scale: Vec<f32>,
    /// Per figure [`LANES`] weights; after them the biases.
    pub first: Vec<f32>,
    /// Per hidden unit [`heads::WIDTH`] weights.
    pub second: Vec<f32>,
}

/// The figures in units of how far they usually stray; what is beyond all experience counts no further.
#[inline(always)]
pub(crate) fn stretch(figures: &Figures, mean: &[f32], scale: &[f32]) -> Figures {
    let mut out = [0.0; FIGURES];
    for (o, ((f, m), s)) in out.iter_mut().zip(figures.iter().zip(mean).zip(scale)) {
        *o = ((f - m) * s).clamp(-5.0, 5.0);
    }
    out
}

impl Mix {
    /// Log-odds of every head.
    pub(crate) fn log_odds(&self, figures: &Figures) -> [f32; heads::COUNT] {
        Arch::new().dispatch(Mixing { mix: self, figures })
    }
}

/// [`Mix::log_odds`], compiled for each width of vectors.
struct Mixing<'a> {
    mix: &'a Mix,
    figures: &'a Figures,
}

impl WithSimd for Mixing<'_> {
    type Output = [f32; heads::COUNT];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        let Mix {
            mean,
            scale,
            first,
            second,
        } = self.mix;
        let rows = first.as_chunks::<LANES>().0;
        let mut sums = rows.last().copied().unwrap_or([0.0; LANES]);
        for (x, row) in stretch(self.figures, mean, scale).iter().zip(rows) {
            for (sum, w) in sums.iter_mut().zip(row) {
                *sum += x * w;
            }
        }
        let (hidden, direct) = sums.split_at_mut(HIDDEN);
        for (h, row) in hidden.iter().zip(second.as_chunks::<{ heads::WIDTH }>().0) {
            let h = h.max(0.0);
            for (sum, w) in direct.iter_mut().zip(row) {
                *sum += h * w;
            }
        }
        std::array::from_fn(|h| direct[h])
    }
}

/// How the figures are weighed, and where each conclusion begins to count.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Judge {
    /// From figures to log-odds.
    pub mix: Mix,
    /// A cause is predicted from this probability on.
    pub cause_cut: [f32; 12],
    /// A risk is predicted from this probability on.
    pub risk_cut: [f32; 8],
    /// Factors on the odds of neg, mixed, pos before the largest wins.
    pub sentiment_bias: [f32; 3],
    /// Factors on the probabilities of none, minor, moderate, severe before the largest wins.
    pub severity_bias: [f32; 4],
}

pub(crate) fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

/// Probabilities of neg, mixed, pos in the order of `Sentiment::ALL`.
pub(crate) fn sentiments(p: &[f32; heads::COUNT]) -> [f32; 3] {
    let (neg, pos) = (p[heads::NEGATIVE], p[heads::POSITIVE]);
    let mixed = ((1.0 - neg - pos).max(0.0) + p[heads::MIXED]).mul_add(0.5, 0.005);
    let sum = neg + mixed + pos;
    [neg / sum, mixed / sum, pos / sum]
}

/// Probabilities of none, minor, moderate, severe from the three thresholds' heads; what endangers people is severe
/// by definition (labelling rubric), so the risks lift the last.
pub(crate) fn severities(p: &[f32; heads::COUNT], risks: &[f32; 8]) -> [f32; 4] {
    let at = |r: Risk| risks[r.index()];
    let endangers = at(Risk::Injury).max(at(Risk::Abuse)).max(at(Risk::Extortion));
    let severe = p[heads::SEVERITY + 2].max(if endangers > 0.6 { endangers * 0.9 } else { 0.0 });
    let moderate = p[heads::SEVERITY + 1].max(severe);
    let minor = p[heads::SEVERITY].max(moderate);
    [1.0 - minor, minor - moderate, moderate - severe, severe]
}

/// From this precision on a pattern is enough without the model, for a risk with too few labels to learn from.
const STRONG: f32 = 0.78;
/// From this precision on a pattern supports the model, for a risk with labels enough.
const SUPPORTING: f32 = 0.84;

/// Weighs the model's probability of a risk with the precision of the strongest pattern that matched (`rule`), or that
/// matched something denied, supposed or heard (`doubtful`).
pub(crate) fn weigh_risk(risk: Risk, model: f32, rule: f32, doubtful: f32) -> f32 {
    let doubted = doubtful > 0.0 && doubtful >= rule;
    match risk {
        // The patterns are among the figures the model has weighed. What it has rarely seen is moved a little further.
        Risk::Health | Risk::Fraud | Risk::Legal => match () {
            () if rule >= SUPPORTING => model + (1.0 - model) * 0.3,
            () if doubted && rule == 0.0 => model * 0.3,
            () if doubted => model * 0.6,
            () => model,
        },
        _ if rule >= STRONG => model.max(rule),
        _ if doubted => model * 0.1,
        _ => model,
    }
}

/// What the patterns say of each risk: outright, and of something denied, supposed or heard.
pub(crate) type Said = [[f32; 2]; 8];

/// Collects [`Said`] from matches.
pub(crate) fn all_said(matches: &[Match]) -> Said {
    let mut out = [[0.0; 2]; 8];
    for m in matches {
        if let Topic::Risk(risk) = m.about {
            let strongest = &mut out[risk.index()][usize::from(m.doubtful)];
            *strongest = f32::max(*strongest, m.strength);
        }
    }
    out
}

/// A conclusion counts as taught where corrections raised its probability by more than this.
const TAUGHT: f32 = 0.2;

impl Judge {
    /// From probabilities and patterns to conclusions that tell one story. `before` are the probabilities without what
    /// corrections taught. Language, stars and evidence are the caller's to add.
    pub(crate) fn conclude(
        &self,
        p: &[f32; heads::COUNT],
        before: &[f32; heads::COUNT],
        said: &Said,
    ) -> Assessment {
        let taught = |h: usize| p[h] > before[h] + TAUGHT;
        let mut risk_probabilities = [0.0; 8];
        let mut risks = Vec::new();
        for (k, &risk) in Risk::ALL.iter().enumerate() {
            let [rule, doubtful] = said[k];
            let model = p[heads::risk(risk)];
            let weighed = weigh_risk(risk, model, rule, doubtful);
            risk_probabilities[k] = weighed.clamp(0.0, 0.99);
            if weighed >= self.risk_cut[k] {
                let by = match (model >= self.risk_cut[k], rule > 0.0) {
                    _ if taught(heads::risk(risk)) => Voice::Personal,
                    (true, true) => Voice::Both,
                    (false, true) => Voice::Rule,
                    _ => Voice::Model,
                };
                risks.push(RiskScore {
                    risk,
                    probability: risk_probabilities[k],
                    by,
                });
            }
        }
        risks.sort_by(|a, b| b.probability.total_cmp(&a.probability));

        let negative_probability = p[heads::POLARITY].clamp(0.005, 0.995);
        let sentiments = sentiments(p);
        let mut sentiment = pick(&sentiments, &self.sentiment_bias, Sentiment::ALL);
        let mut severity_probabilities = severities(p, &risk_probabilities);
        if risks.is_empty() && said.iter().any(|s| s[0] < SUPPORTING && s[1] > 0.0) {
            // The words of a danger were there, but only denied or supposed: they must not make it severe.
            let moved = severity_probabilities[3] * 0.8;
            severity_probabilities[3] -= moved;
            severity_probabilities[1] += moved * if sentiment == Sentiment::Neg { 1.0 } else { 0.0 };
            severity_probabilities[0] += moved * if sentiment == Sentiment::Neg { 0.0 } else { 1.0 };
        }
        let mut severity = pick(&severity_probabilities, &self.severity_bias, Severity::ALL);

        let mut cause_probabilities = [0.0; 12];
        let mut causes = Vec::new();
        for (k, &cause) in Cause::ALL.iter().enumerate() {
            cause_probabilities[k] = p[heads::cause(cause)];
            if cause_probabilities[k] >= self.cause_cut[k] {
                let by = if taught(heads::cause(cause)) {
                    Voice::Personal
                } else {
                    Voice::Model
                };
                causes.push(CauseScore {
                    cause,
                    probability: cause_probabilities[k],
                    by,
                });
            }
        }
        causes.sort_by(|a, b| b.probability.total_cmp(&a.probability));

        // One story: who has no complaint has no cause, and who complains has one.
        if severity == Severity::None && risks.is_empty() && sentiment == Sentiment::Pos {
            causes.clear();
        } else if severity == Severity::None && (sentiment == Sentiment::Neg || !risks.is_empty()) {
            severity = Severity::Minor;
        }
        if causes.is_empty() && severity > Severity::None {
            let (k, probability) = largest(&cause_probabilities);
            causes.push(CauseScore {
                cause: Cause::ALL[k],
                probability,
                by: Voice::Model,
            });
        }
        if sentiment == Sentiment::Pos && severity >= Severity::Moderate {
            sentiment = if negative_probability > 0.5 {
                Sentiment::Neg
            } else {
                Sentiment::Mixed
            };
        }
        let (_, clear) = largest(&sentiments);
        let (_, graded) = largest(&severity_probabilities);
        Assessment {
            sentiment,
            negative_probability,
            causes,
            cause_probabilities,
            severity,
            severity_probabilities,
            risks,
            risk_probabilities,
            genuine: p[heads::FAKE] < 0.5,
            stars_disagree: false,
            confidence: (clear * (0.5 + 0.5 * graded)).clamp(0.05, 0.99),
            language: Language::Chinese,
            has_text: true,
            evidence: Vec::new(),
        }
    }
}

fn largest(values: &[f32]) -> (usize, f32) {
    values.iter().copied().enumerate().fold(
        (0, f32::MIN),
        |best, (k, v)| if v > best.1 { (k, v) } else { best },
    )
}

fn pick<T: Copy>(probabilities: &[f32], bias: &[f32], words: &[T]) -> T {
    let weighed: [f32; 4] = std::array::from_fn(|k| probabilities.get(k).map_or(f32::MIN, |p| p * bias[k]));
    words[largest(&weighed[..words.len()]).0]
}
