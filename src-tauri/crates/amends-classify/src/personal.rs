//! What one workspace's corrections teach: per trade a small model over the shipped one.
//!
//! It keeps the examples (as n-grams and the shipped model's own scores, no text), refits a few hundred numbers from
//! all of them after each correction, and stays close to the shipped model: weights are pulled to zero, biases harder.
//! Every correction is first predicted and then learned; whether that prediction beat the shipped one decides how
//! much the trade's model is trusted. Forgetting an example refits without it, so nothing is irreversible.

use crate::{Classifier, Scratch, heads, judge::sigmoid, ngrams::each_ngram, normalise::Normal};
use amends_domain::words::{Cause, Risk, Sentiment, Severity, Tier};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Examples kept per trade; the oldest go first.
pub const MOST_EXAMPLES: usize = 600;
/// N-grams kept per example.
const MOST_NGRAMS: usize = 160;
/// Pull of a weight to zero, in examples.
const WEIGHT_PENALTY: f32 = 0.02;
/// Pull of a bias to zero.
const BIAS_PENALTY: f32 = 10.0;
/// Passes over the examples in a fit.
const PASSES: usize = 25;
/// How much a trade's model is trusted before it has been tried, in whole predictions moved to the truth.
const CREDIT: f32 = 0.8;
/// How quickly old comparisons fade.
const FADE: f32 = 0.98;

/// What a person said of a review. Fields left out are not corrected.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// Names the review; a later correction of the same review replaces the earlier.
    pub id: Option<String>,
    /// As the customer wrote it.
    pub text: String,
    /// The trade or source it belongs to, as [`crate::Input::trade`] will name it.
    pub trade: Option<String>,
    /// On balance.
    #[serde(default)]
    pub sentiment: Option<Sentiment>,
    /// Every cause, the main one first; an empty list says there is none.
    #[serde(default)]
    pub causes: Option<Vec<Cause>>,
    /// Of the complaint.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// The tier a person chose; read as a severity where none is given.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// Every risk; an empty list says there is none.
    #[serde(default)]
    pub risks: Option<Vec<Risk>>,
    /// A person looked and left the assessment as it was: counts, but less than a correction.
    #[serde(default)]
    pub confirmed: bool,
}

/// The shipped heads whose scores one personal score moves, and which way.
const POLAR: [(usize, f32); 3] = [
    (heads::POLARITY, 1.0),
    (heads::NEGATIVE, 1.0),
    (heads::POSITIVE, -1.0),
];

/// Personal scores: polarity, then three severities, twelve causes and eight risks.
const SCORES: usize = 1 + 3 + 12 + 8;

/// The shipped head a personal score after polarity belongs to.
fn head_of(score: usize) -> usize {
    match score {
        0 => heads::POLARITY,
        1..=3 => heads::SEVERITY + score - 1,
        4..=15 => heads::CAUSES + score - 4,
        _ => heads::RISKS + score - 16,
    }
}

/// Which kind of conclusion a score belongs to: sentiment, severity, causes, risks. Each kind is trusted by itself.
fn kind_of(score: usize) -> usize {
    match score {
        0 => 0,
        1..=3 => 1,
        4..=15 => 2,
        _ => 3,
    }
}

/// The kinds of [`Standing`], in order.
pub const KINDS: [&str; 4] = ["sentiment", "severity", "causes", "risks"];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Example {
    id: Option<String>,
    /// N-grams as text, joined by spaces (folded text has none).
    ngrams: String,
    /// The shipped model's log-odds per personal score.
    shipped: Vec<f32>,
    /// Per personal score 1, 0, or −1 where nothing was said.
    targets: Vec<i8>,
    weight: f32,
}

/// One step of progressive validation: how both models predicted an example before it was learned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Trial {
    kind: u8,
    /// By how much the personal model gave the truth a higher probability.
    gain: f32,
    shipped_right: bool,
    personal_right: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Trade {
    examples: Vec<Example>,
    trials: Vec<Trial>,
    #[serde(skip)]
    fitted: Fitted,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Fitted {
    ready: bool,
    rows: HashMap<u64, u32>,
    weights: Vec<[f32; SCORES]>,
    bias: [f32; SCORES],
}

/// What corrections taught, per trade. Serialisable; [`Default`] knows nothing and changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Personal {
    trades: BTreeMap<String, Trade>,
    #[serde(default)]
    off: bool,
    /// The shipped weights these examples were scored with.
    #[serde(default)]
    version: String,
}

/// How the personal model of a trade stands in one kind of conclusion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// One of [`KINDS`].
    pub kind: String,
    /// Conclusions predicted before they were learned.
    pub trials: u32,
    /// Share of them the shipped model had right.
    pub shipped_accuracy: f32,
    /// Share of them the personal model had right.
    pub personal_accuracy: f32,
    /// How much the personal model is trusted, 0 to 1.
    pub trust: f32,
}

/// What a trade's model has learned, to be shown to people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Insight {
    /// The trade; empty where reviews named none.
    pub trade: String,
    /// Examples kept.
    pub examples: u32,
    /// Progressive validation per kind.
    pub standings: Vec<Standing>,
    /// The words that moved most towards negative (above zero) or positive (below), the strongest first.
    pub words: Vec<(String, f32)>,
}

impl Personal {
    /// Learns one correction or confirmation. Before that, both models predict it (progressive validation).
    pub fn learn(&mut self, classifier: &Classifier, correction: &Correction) {
        if self.version != classifier.version() {
            // Scores of other weights mean nothing here; the workspace teaches again from its stored corrections.
            self.trades.clear();
            classifier.version().clone_into(&mut self.version);
        }
        let Some(example) = example(classifier, correction) else {
            return;
        };
        let trade = self
            .trades
            .entry(correction.trade.clone().unwrap_or_default())
            .or_default();
        if example.id.is_some() {
            trade.examples.retain(|e| e.id != example.id);
        }
        trade.fit();
        trade.try_on(&example);
        trade.examples.push(example);
        if trade.examples.len() > MOST_EXAMPLES {
            trade.examples.remove(0);
        }
        trade.fitted.ready = false;
        trade.fit();
    }

    /// Forgets what was learned from a review, as if it had never been corrected.
    pub fn forget(&mut self, id: &str) {
        for trade in self.trades.values_mut() {
            let before = trade.examples.len();
            trade.examples.retain(|e| e.id.as_deref() != Some(id));
            if trade.examples.len() != before {
                trade.fitted.ready = false;
                trade.fit();
            }
        }
    }

    /// Forgets everything of a trade, or of all.
    pub fn reset(&mut self, trade: Option<&str>) {
        match trade {
            Some(trade) => {
                self.trades.remove(trade);
            }
            None => self.trades.clear(),
        }
    }

    /// Switches the personal models off or on again without forgetting anything.
    pub fn switch(&mut self, on: bool) {
        self.off = !on;
    }

    /// Whether it is switched on.
    pub fn is_on(&self) -> bool {
        !self.off
    }

    /// Fits what serialisation left out; without it a deserialised model says nothing until it learns again.
    pub fn prepare(&mut self, classifier: &Classifier) {
        if self.version == classifier.version() {
            self.trades.values_mut().for_each(Trade::fit);
        } else {
            self.trades.clear();
        }
    }

    /// What each trade's model has learned and how it stands.
    pub fn inspect(&self) -> Vec<Insight> {
        self.trades
            .iter()
            .map(|(name, trade)| {
                let mut words: Vec<(String, f32)> = trade
                    .fitted
                    .rows
                    .iter()
                    .map(|(&k, &r)| (spell(k), trade.fitted.weights[r as usize][0]))
                    .collect();
                words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
                words.retain(|w| w.0.chars().count() > 1 && w.1.abs() > 0.05);
                words.truncate(20);
                Insight {
                    trade: name.clone(),
                    examples: trade.examples.len() as u32,
                    standings: (0..KINDS.len()).map(|k| trade.standing(k)).collect(),
                    words,
                }
            })
            .collect()
    }

    /// Moves the log-odds of the heads for a text of a trade; returns whether it did.
    pub(crate) fn shift(&self, trade: Option<&str>, normal: &Normal, z: &mut [f32; heads::COUNT]) -> bool {
        if self.off {
            return false;
        }
        let Some(trade) = self.trades.get(trade.unwrap_or_default()) else {
            return false;
        };
        if !trade.fitted.ready || trade.fitted.weights.is_empty() {
            return false;
        }
        let delta = trade.fitted.delta(&ngrams(normal));
        for (score, d) in delta.iter().enumerate() {
            let d = d * trade.trust(kind_of(score));
            if score == 0 {
                POLAR.iter().for_each(|&(h, sign)| z[h] += sign * d);
            } else {
                z[head_of(score)] += d;
            }
        }
        true
    }
}

impl Trade {
    fn standing(&self, kind: usize) -> Standing {
        let own: Vec<&Trial> = self
            .trials
            .iter()
            .filter(|t| usize::from(t.kind) == kind)
            .collect();
        let share = |right: fn(&Trial) -> bool| {
            own.iter().filter(|t| right(t)).count() as f32 / own.len().max(1) as f32
        };
        Standing {
            kind: KINDS[kind].to_owned(),
            trials: own.len() as u32,
            shipped_accuracy: share(|t| t.shipped_right),
            personal_accuracy: share(|t| t.personal_right),
            trust: self.trust(kind),
        }
    }

    /// Of all it moved predictions by, the share it moved towards the truth beyond what it moved away, times 2.5: full
    /// trust from seven moves in ten that are right, none from half of them. Moves count in probability, not in log
    /// loss, which would reward a model that learned nothing but doubt.
    fn trust(&self, kind: usize) -> f32 {
        let (gain, moved) = self
            .trials
            .iter()
            .filter(|t| usize::from(t.kind) == kind)
            .fold((0.0_f32, 0.0_f32), |(g, m), t| {
                (g * FADE + t.gain, m * FADE + t.gain.abs())
            });
        (2.5 * (gain + CREDIT) / (moved + CREDIT)).clamp(0.0, 1.0)
    }

    fn try_on(&mut self, example: &Example) {
        let delta = self.fitted.delta(&example.keys());
        for kind in 0..KINDS.len() {
            let mut trial = Trial {
                kind: kind as u8,
                gain: 0.0,
                shipped_right: true,
                personal_right: true,
            };
            let mut said = false;
            for score in (0..SCORES).filter(|&s| kind_of(s) == kind && example.targets[s] >= 0) {
                let is = example.targets[score] == 1;
                let shipped = example.shipped[score];
                let personal = shipped + delta[score];
                let sign = if is { 1.0 } else { -1.0 };
                trial.gain += sign * (sigmoid(personal) - sigmoid(shipped));
                trial.shipped_right &= (shipped > 0.0) == is;
                trial.personal_right &= (personal > 0.0) == is;
                said = true;
            }
            if said {
                self.trials.push(trial);
            }
        }
        let most = MOST_EXAMPLES * KINDS.len();
        if self.trials.len() > most {
            self.trials.drain(..self.trials.len() - most);
        }
    }

    /// Refits everything from the examples, in a fixed order, so that the same examples give the same model.
    fn fit(&mut self) {
        if self.fitted.ready {
            return;
        }
        let mut fitted = Fitted {
            ready: true,
            ..Fitted::default()
        };
        let read: Vec<Vec<u32>> = self
            .examples
            .iter()
            .map(|e| {
                e.keys()
                    .iter()
                    .map(|&k| {
                        let next = fitted.rows.len() as u32;
                        *fitted.rows.entry(k).or_insert(next)
                    })
                    .collect()
            })
            .collect();
        fitted.weights = vec![[0.0; SCORES]; fitted.rows.len()];
        for score in 0..SCORES {
            if self.examples.iter().any(|e| e.targets[score] >= 0) {
                self.fit_score(score, &read, &mut fitted);
            }
        }
        self.fitted = fitted;
    }

    fn fit_score(&self, score: usize, read: &[Vec<u32>], fitted: &mut Fitted) {
        // Logistic regression over the shipped log-odds in its dual form: each example pulls with what is left of its
        // error at the optimum, and every step brings one pull towards that.
        let mut pull = vec![0.0_f32; self.examples.len()];
        for _ in 0..PASSES {
            for (i, (example, rows)) in self.examples.iter().zip(read).enumerate() {
                if example.targets[score] < 0 {
                    continue;
                }
                let x = 1.0 / (rows.len().max(1) as f32).sqrt();
                let own: f32 = rows.iter().map(|&r| fitted.weights[r as usize][score]).sum();
                let z = example.shipped[score] + own * x + fitted.bias[score];
                let wanted = example.weight * (f32::from(example.targets[score]) - sigmoid(z));
                // A pull moves its own example too; 0.25 bounds the slope of the sigmoid, so a step never overshoots.
                let feedback = 1.0 / WEIGHT_PENALTY + 1.0 / BIAS_PENALTY;
                let step = (wanted - pull[i]) / (1.0 + 0.25 * example.weight * feedback);
                pull[i] += step;
                for &r in rows {
                    fitted.weights[r as usize][score] += step * x / WEIGHT_PENALTY;
                }
                fitted.bias[score] += step / BIAS_PENALTY;
            }
        }
    }
}

impl Fitted {
    fn delta(&self, keys: &[u64]) -> [f32; SCORES] {
        let mut sum = [0.0; SCORES];
        for key in keys {
            if let Some(&row) = self.rows.get(key) {
                for (s, w) in sum.iter_mut().zip(&self.weights[row as usize]) {
                    *s += w;
                }
            }
        }
        let x = 1.0 / (keys.len().max(1) as f32).sqrt();
        std::array::from_fn(|k| sum[k] * x + self.bias[k])
    }
}

impl Example {
    fn keys(&self) -> Vec<u64> {
        self.ngrams
            .split(' ')
            .filter(|n| !n.is_empty())
            .map(pack)
            .collect()
    }
}

fn pack(ngram: &str) -> u64 {
    ngram
        .encode_utf16()
        .take(4)
        .fold(0, |k, u| k >> 16 | u64::from(u) << 48)
        >> (16 * (4 - ngram.encode_utf16().count().min(4)))
}

fn spell(key: u64) -> String {
    let units = [0, 16, 32, 48].map(|s| (key >> s) as u16);
    String::from_utf16_lossy(&units)
        .chars()
        .filter(|&c| c != '\0')
        .collect()
}

/// The distinct n-grams of up to three characters that a personal model looks at.
fn ngrams(normal: &Normal) -> Vec<u64> {
    let mut keys = Vec::with_capacity(normal.units.len() * 3);
    each_ngram(&normal.units, |at, length, key| {
        let inside = at > 0 && at + length < normal.units.len() + 2;
        if length <= 3 && inside {
            keys.push(key);
        }
    });
    keys.sort_unstable();
    keys.dedup();
    if keys.len() > MOST_NGRAMS {
        // An even choice by a mixed order, the same for the same text.
        keys.sort_by_key(|k| k.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        keys.truncate(MOST_NGRAMS);
    }
    keys
}

fn example(classifier: &Classifier, c: &Correction) -> Option<Example> {
    let mut scratch = Scratch::default();
    scratch.normal.read(&c.text);
    if scratch.normal.units.is_empty() {
        return None;
    }
    let z = classifier.log_odds(&mut scratch);
    let mut targets = vec![-1_i8; SCORES];
    match c.sentiment {
        Some(Sentiment::Neg) => targets[0] = 1,
        Some(Sentiment::Pos) => targets[0] = 0,
        // A mixed text is negative on its merits if it was taken for praise; nothing else is said of polarity.
        Some(Sentiment::Mixed) if z[heads::POLARITY] < 0.0 && z[heads::POSITIVE] > 0.0 => targets[0] = 1,
        _ => {}
    }
    let tier = |t: Tier| match t {
        Tier::Urgent => Severity::Severe,
        Tier::Important => Severity::Moderate,
        Tier::General => Severity::Minor,
    };
    if let Some(severity) = c.severity.or(c.tier.map(tier)) {
        for k in 0..3 {
            targets[1 + k] = i8::from(severity.index() > k);
        }
    }
    if let Some(causes) = &c.causes {
        for (k, cause) in Cause::ALL.iter().enumerate() {
            targets[4 + k] = i8::from(causes.contains(cause));
        }
    }
    if let Some(risks) = &c.risks {
        for (k, risk) in Risk::ALL.iter().enumerate() {
            targets[16 + k] = i8::from(risks.contains(risk));
        }
    }
    if targets.iter().all(|&t| t < 0) {
        return None;
    }
    Some(Example {
        id: c.id.clone(),
        ngrams: ngrams(&scratch.normal)
            .into_iter()
            .map(spell)
            .collect::<Vec<_>>()
            .join(" "),
        shipped: (0..SCORES).map(|s| z[head_of(s)]).collect(),
        targets,
        weight: if c.confirmed { 0.3 } else { 1.0 },
    })
}
