//! From rows to an n-gram model: vocabulary, one support vector machine per head, pruning, companding.

use super::{
    data::Row,
    linear::{Example, Sparse, SvmOptions, svm, svm_by_stratum},
    mix::Targets,
    network::{Net, Options, Text},
    own::Told,
};
use crate::{
    filters::{self, FILTERS, Filters},
    heads,
    ngrams::{MOST, Ngrams, each_ngram},
    normalise::Normal,
};
use amends_domain::words::{Cause, Risk, Sentiment, Severity};
use std::collections::HashMap;

/// What the n-gram model is fitted with.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// N-grams in fewer texts are not looked at.
    pub least_texts: u32,
    /// N-grams kept after pruning.
    pub kept: usize,
    /// Polarity.
    pub polarity: SvmOptions,
    /// Everything a reader labelled.
    pub labelled: SvmOptions,
    /// Which trade a text is of.
    pub trade: SvmOptions,
    /// The convolutional reader.
    pub network: Options,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            least_texts: 3,
            kept: 125_000,
            polarity: SvmOptions {
                c: 0.3,
                passes: 12,
                smoothing: 0.3,
            },
            labelled: SvmOptions {
                c: 0.5,
                passes: 12,
                smoothing: 2.0,
            },
            trade: SvmOptions {
                c: 0.5,
                passes: 5,
                smoothing: 0.3,
            },
            network: Options {
                depth: 32,
                filters: FILTERS,
                passes: 8,
                rate: 0.003,
                dropout: 0.4,
                hidden: 0.1,
                batch: 64,
                seed: 5,
                aside: 0.3,
            },
        }
    }
}

/// Every text's n-grams as ids.
#[derive(Debug)]
pub struct Corpus {
    /// Key of each id.
    pub keys: Vec<u64>,
    /// Distinct ids per text.
    pub matrix: Sparse,
    /// Texts each id occurs in.
    pub texts: Vec<u32>,
    /// Characters the convolutional reader knows.
    pub characters: Vec<u16>,
    /// Every text as character ids.
    pub spelled: Vec<Vec<u16>>,
    /// The trade of every text, by number.
    pub trades: Vec<usize>,
}

impl Corpus {
    /// Counts and indexes.
    pub fn build(rows: &[Row], least_texts: u32) -> Self {
        let mut normal = Normal::default();
        let mut counts: HashMap<u64, (u32, u32)> = HashMap::new();
        let mut own: Vec<u64> = Vec::new();
        let mut all: Vec<Vec<u64>> = Vec::with_capacity(rows.len());
        let mut folded: Vec<Vec<u16>> = Vec::with_capacity(rows.len());
        for row in rows {
            normal.read(&row.text);
            folded.push(normal.units.clone());
            own.clear();
            each_ngram(&normal.units, |_, _, key| own.push(key));
            own.sort_unstable();
            own.dedup();
            for &key in &own {
                counts.entry(key).or_default().0 += 1;
            }
            all.push(own.clone());
        }
        let mut keys: Vec<u64> = counts
            .iter()
            .filter(|(_, c)| c.0 >= least_texts)
            .map(|(k, _)| *k)
            .collect();
        keys.sort_unstable();
        let texts = keys.iter().map(|k| counts[k].0).collect();
        for (id, key) in keys.iter().enumerate() {
            counts.insert(*key, (least_texts, id as u32 + 1));
        }
        let mut matrix = Sparse::new();
        let mut ids = Vec::new();
        for own in &all {
            ids.clear();
            ids.extend(own.iter().filter_map(|k| counts[k].1.checked_sub(1)));
            matrix.push(&ids);
        }
        let mut seen = vec![0_u32; 1 << 16];
        for units in &folded {
            let mut own = units.clone();
            own.sort_unstable();
            own.dedup();
            own.iter().for_each(|&u| seen[usize::from(u)] += 1);
        }
        let mut names: Vec<&str> = rows.iter().map(|r| r.domain.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|n| !n.is_empty());
        let trades = rows
            .iter()
            .map(|r| names.binary_search(&r.domain.as_str()).unwrap_or(heads::TRADES))
            .collect();
        let characters: Vec<u16> = (0..=u16::MAX).filter(|&u| seen[usize::from(u)] >= 4).collect();
        let ids = filters::number(&characters);
        let spelled = folded
            .iter()
            .map(|units| {
                let mut out = Vec::new();
                filters::spell(&ids, units, &mut out);
                out
            })
            .collect();
        Self {
            keys,
            matrix,
            texts,
            characters,
            spelled,
            trades,
        }
    }
}

/// The head of the gravest severity.
const SEVERE: usize = heads::SEVERITY + 2;

/// The class of a row for a head, if it is known.
pub fn target(row: &Row, head: usize) -> Option<bool> {
    if head == heads::POLARITY {
        return row.negative;
    }
    if let Some(told) = row.own {
        return match (told, head) {
            (Told::Risk(risk, bears), h) if h == heads::risk(risk) => Some(bears),
            (Told::Complaint, heads::NEGATIVE | heads::SEVERITY) => Some(true),
            (Told::Complaint | Told::Praise, heads::MIXED) => Some(false),
            (Told::Complaint | Told::Both, heads::POSITIVE) => Some(false),
            (Told::Praise, heads::NEGATIVE | heads::SEVERITY) => Some(false),
            (Told::Praise, heads::POSITIVE) => Some(true),
            (Told::Both, heads::SEVERITY) => Some(true),
            (Told::Unharmed, SEVERE) => Some(false),
            (Told::Unharmed, heads::RISKS..heads::FAKE) => Some(false),
            _ => None,
        };
    }
    let label = row.label.as_ref()?;
    Some(match head {
        heads::NEGATIVE => label.sentiment == Sentiment::Neg,
        heads::POSITIVE => label.sentiment == Sentiment::Pos,
        heads::MIXED => label.sentiment == Sentiment::Mixed,
        heads::FAKE => !label.genuine,
        h if h >= heads::RISKS => label.risks.contains(&Risk::ALL[h - heads::RISKS]),
        h if h >= heads::SEVERITY => label.severity >= Severity::ALL[h - heads::SEVERITY + 1],
        h => label.causes.contains(&Cause::ALL[h - heads::CAUSES]),
    })
}

/// What is known of a row: per head 1, 0, or −1 for unknown.
pub(crate) fn targets(row: &Row) -> Targets {
    std::array::from_fn(|h| target(row, h).map_or(-1.0, |is| f32::from(u8::from(is))))
}

/// The examples of a head among some rows. Only polarity is known of enough rows to be stratified by trade.
pub fn examples(rows: &[Row], corpus: &Corpus, among: &[u32], head: usize) -> Vec<Example> {
    let stratum = |row: u32| match head {
        heads::POLARITY => corpus.trades[row as usize],
        _ => 0,
    };
    among
        .iter()
        .filter_map(|&row| {
            target(&rows[row as usize], head).map(|positive| Example {
                row,
                positive,
                stratum: stratum(row),
            })
        })
        .collect()
}

/// The examples of what a trade's texts are like.
fn of_trade(rows: &[Row], corpus: &Corpus, among: &[u32], trade: usize) -> Vec<Example> {
    let theirs = among.iter().filter(|&&row| rows[row as usize].own.is_none());
    theirs
        .map(|&row| Example {
            row,
            positive: corpus.trades[row as usize] == trade,
            stratum: 0,
        })
        .collect()
}

/// Fits every head on the rows `among`, prunes, fits again and compands.
pub(crate) fn fit(rows: &[Row], corpus: &Corpus, among: &[u32], recipe: &Recipe) -> Ngrams {
    let heads: Vec<Vec<Example>> = (0..heads::COUNT)
        .map(|h| examples(rows, corpus, among, h))
        .collect();
    let run = |matrix: &Sparse, features: usize, quick: bool| -> Vec<(Vec<f32>, f32)> {
        (0..heads::COUNT)
            .map(|h| {
                if heads[h].iter().filter(|e| e.positive).count() < 5 {
                    return (vec![0.0; features], -3.0);
                }
                let mut options = if h == heads::POLARITY {
                    recipe.polarity
                } else {
                    recipe.labelled
                };
                if quick {
                    options.passes = options.passes.div_ceil(3);
                }
                svm(matrix, &heads[h], features, options)
            })
            .collect()
    };
    let first = run(&corpus.matrix, corpus.keys.len(), true);
    let mut score = vec![0.0_f32; corpus.keys.len()];
    for (h, (w, _)) in first.iter().enumerate() {
        let mut own: Vec<f32> = w
            .iter()
            .zip(&corpus.texts)
            .map(|(w, &n)| w.abs() * (n as f32).sqrt())
            .collect();
        let norm = (own.iter().map(|s| s * s).sum::<f32>() / own.len() as f32)
            .sqrt()
            .max(1e-9);
        // Polarity decides most, so it may keep the most.
        let weight = if h == heads::POLARITY { 2.0 } else { 1.0 };
        own.iter_mut().for_each(|s| *s *= weight / norm);
        score.iter_mut().zip(&own).for_each(|(s, o)| *s = s.max(*o));
    }
    let mut order: Vec<u32> = (0..corpus.keys.len() as u32).collect();
    order.sort_by(|&a, &b| score[b as usize].total_cmp(&score[a as usize]).then(a.cmp(&b)));
    order.truncate(recipe.kept.min(MOST));
    // Frequent n-grams lie together, so that what most texts need stays in the nearer caches.
    order.sort_unstable_by_key(|&o| (u32::MAX - corpus.texts[o as usize], o));
    let mut renamed = vec![u32::MAX; corpus.keys.len()];
    for (new, &old) in order.iter().enumerate() {
        renamed[old as usize] = new as u32;
    }
    let mut matrix = Sparse::new();
    let mut ids = Vec::new();
    for i in 0..corpus.matrix.len() {
        ids.clear();
        ids.extend(
            corpus
                .matrix
                .row(i)
                .iter()
                .map(|&f| renamed[f as usize])
                .filter(|&f| f != u32::MAX),
        );
        matrix.push(&ids);
    }
    let keys: Vec<u64> = order.iter().map(|&o| corpus.keys[o as usize]).collect();
    let (mut weights, mut bias): (Vec<Vec<f32>>, Vec<f32>) =
        run(&matrix, keys.len(), false).into_iter().unzip();
    let (polarities, at) = svm_by_stratum(
        &matrix,
        &heads[heads::POLARITY],
        keys.len(),
        heads::TRADES,
        recipe.polarity,
    );
    weights.extend(polarities);
    bias.extend([at; heads::TRADES]);
    for trade in 0..heads::TRADES {
        let (w, at) = match of_trade(rows, corpus, among, trade) {
            // Nothing is like a trade that was never met.
            own if own.iter().all(|e| !e.positive) => (vec![0.0; keys.len()], -3.0),
            own => svm(&matrix, &own, keys.len(), recipe.trade),
        };
        weights.push(w);
        bias.push(at);
    }
    Ngrams::quantise(keys, &weights, std::array::from_fn(|h| bias[h]))
}

/// Trains the convolutional reader on every head at once.
pub(crate) fn train_network(rows: &[Row], corpus: &Corpus, among: &[u32], recipe: &Recipe) -> Filters {
    let texts: Vec<Text> = among
        .iter()
        .map(|&i| Text {
            ids: corpus.spelled[i as usize].clone(),
            targets: targets(&rows[i as usize])
                .into_iter()
                .chain((0..heads::TRADES).map(|t| f32::from(u8::from(corpus.trades[i as usize] == t))))
                .collect(),
        })
        .collect();
    let characters = corpus.characters.len() + usize::from(filters::FIRST);
    let net = Net::train(&texts, characters, heads::ANSWERS, &recipe.network);
    Filters::quantise(
        corpus.characters.clone(),
        |id| net.responses(id),
        &net.bias,
        &net.out,
        &net.out_bias,
    )
}
