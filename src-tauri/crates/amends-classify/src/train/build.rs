//! From labelled rows to a whole classifier: fold models so that the second level sees honest scores, the second
//! level itself, and the cuts.

use super::{
    card::Family,
    data::Row,
    fit::{Corpus, Recipe, fit, target, targets, train_network},
    measure::Measure,
    mix::{self, Lesson, Targets},
};
use crate::{
    Classifier, Scratch,
    filters::Filters,
    heads,
    judge::{self, BY_TRADE, FIGURES, Figures, Judge, Mix, SAID, sigmoid},
    ngrams::Ngrams,
    weights::Header,
};
use amends_domain::words::{Risk, Sentiment, Severity};

const FOLDS: u64 = 5;

fn fold(row: &Row) -> u64 {
    (row.hash >> 24) % FOLDS
}

/// A part of the rows that readers are fitted without, to be read by them.
enum Part {
    /// A fold of the rows: other rows of its trades are known.
    Fold(u64),
    /// A whole trade: nothing of it is known.
    Trade(usize),
}

impl Part {
    fn holds(&self, rows: &[Row], corpus: &Corpus, i: u32) -> bool {
        match *self {
            Self::Fold(k) => fold(&rows[i as usize]) == k,
            Self::Trade(t) => corpus.trades[i as usize] == t,
        }
    }
}

/// What readers make of every row that had not learned from it.
struct Seen {
    /// Known from other rows of its trade.
    usual: Vec<Figures>,
    /// The first of its trade; nothing for a row of no trade.
    first: Vec<Option<Figures>>,
}

impl Seen {
    /// What the second level learns from: the rows `among` as they are usually read, and as the first of their trade, so
    /// that it learns what still holds in a trade that none of its readers has met.
    fn lessons<'a>(&'a self, known: &'a [Targets], among: impl IntoIterator<Item = u32>) -> Vec<Lesson<'a>> {
        let mut out = Vec::new();
        for i in among.into_iter().map(|i| i as usize) {
            let lesson = |figures, weight| Lesson {
                figures,
                targets: &known[i],
                weight,
            };
            out.push(lesson(&self.usual[i], 1.0));
            out.extend(self.first[i].as_ref().map(|figures| lesson(figures, FIRST)));
        }
        out
    }
}

/// How much a text counts as the first of its trade.
const FIRST: f32 = 0.5;

/// A classifier, and how it does on its own rows when each is read by models that have not seen it (only the cuts
/// have).
pub struct Built {
    /// Fitted on every row.
    pub classifier: Classifier,
    /// Measured on rows held out.
    pub measure: Measure,
    seen: Seen,
    /// Per trade, by its number, what was fitted without it.
    without: Vec<(usize, Classifier)>,
}

impl Built {
    /// Parts of the classifier alone, measured the same way as the whole.
    pub fn families(&self, rows: &[Row], among: &[u32]) -> Vec<Family> {
        let network = heads::COUNT..heads::COUNT + heads::ANSWERS;
        [
            (
                "n-grams alone (NB-weighted SVM)",
                (0..heads::COUNT).collect::<Vec<_>>(),
            ),
            (
                "n-grams, also as each trade speaks",
                (0..heads::COUNT).chain(BY_TRADE).collect(),
            ),
            ("convolutional network alone", network.clone().collect()),
            ("n-grams and network", (0..network.end).collect()),
            (
                "n-grams, clauses and patterns",
                (0..FIGURES).filter(|c| !network.contains(c)).collect(),
            ),
        ]
        .into_iter()
        .map(|(name, columns)| Family {
            name: name.to_owned(),
            measure: weighed(rows, among, &self.seen, &columns, unfitted()).1,
        })
        .collect()
    }

    /// Per trade, by its number, the classifier as it would be had it never seen the trade. Only the figures that its
    /// second level learns from were read by models that knew it.
    pub fn without(&self, rows: &[Row], corpus: &Corpus) -> Vec<(usize, Classifier)> {
        let known = known(rows);
        on_two_cores(&self.without, |(trade, readers)| {
            let among = (0..rows.len() as u32).filter(|&i| corpus.trades[i as usize] != *trade);
            let judge = Judge {
                mix: mix::fit(&self.seen.lessons(&known, among), &every()),
                ..self.classifier.judge.clone()
            };
            (*trade, readers.clone().judged_by(judge))
        })
    }
}

/// Builds a classifier from the rows `among`.
pub fn build(rows: &[Row], corpus: &Corpus, among: &[u32], recipe: &Recipe, version: &str) -> Built {
    let mut trades: Vec<usize> = among
        .iter()
        .filter(|&&i| rows[i as usize].negative.is_some() && rows[i as usize].own.is_none())
        .map(|&i| corpus.trades[i as usize])
        .collect();
    trades.sort_unstable();
    trades.dedup();
    let parts: Vec<Part> = (0..FOLDS)
        .map(Part::Fold)
        .chain(trades.into_iter().map(Part::Trade))
        .collect();
    let mut seen = Seen {
        usual: vec![[0.0; FIGURES]; rows.len()],
        first: vec![None; rows.len()],
    };
    let mut without = Vec::new();
    let read = on_two_cores(&parts, |part| held_out(rows, corpus, among, recipe, part));
    for (part, (readers, figures)) in parts.iter().zip(read) {
        for (i, own) in figures {
            match part {
                Part::Fold(_) => seen.usual[i as usize] = own,
                Part::Trade(_) => seen.first[i as usize] = Some(own),
            }
        }
        if let Part::Trade(trade) = *part {
            without.push((trade, readers));
        }
    }
    let judge = Judge {
        mix: mix::fit(&seen.lessons(&known(rows), among.iter().copied()), &every()),
        ..unfitted()
    };
    let (judge, measure) = weighed(rows, among, &seen, &every(), judge);
    let header = Header {
        version: version.to_owned(),
        judge,
    };
    let classifier = Classifier::assemble(
        header,
        fit(rows, corpus, among, recipe),
        train_network(rows, corpus, among, recipe),
    );
    Built {
        classifier,
        measure,
        seen,
        without,
    }
}

fn every() -> Vec<usize> {
    (0..FIGURES).collect()
}

fn known(rows: &[Row]) -> Vec<Targets> {
    rows.iter().map(targets).collect()
}

/// Measures a second level that looks at some of the figures, each row weighed by one fitted without it, and fits the
/// cuts of `judge` to that.
fn weighed(
    rows: &[Row],
    among: &[u32],
    seen: &Seen,
    columns: &[usize],
    mut judge: Judge,
) -> (Judge, Measure) {
    let known = known(rows);
    // What weights fitted without a row say of it.
    let folds: Vec<u64> = (0..FOLDS).collect();
    let crossed = on_two_cores(&folds, |&k| {
        let (held, rest): (Vec<u32>, Vec<u32>) = among.iter().partition(|&&i| fold(&rows[i as usize]) == k);
        let mix = mix::fit(&seen.lessons(&known, rest), columns);
        let read = |i: u32| (i, mix.log_odds(&seen.usual[i as usize]).map(sigmoid));
        held.into_iter().map(read).collect::<Vec<_>>()
    });
    let mut honest = vec![[0.0_f32; heads::COUNT]; rows.len()];
    for (i, p) in crossed.into_iter().flatten() {
        honest[i as usize] = p;
    }
    cut(rows, among, &seen.usual, &honest, &mut judge);
    let mut measure = Measure::default();
    for &i in among {
        let said = std::array::from_fn(|k| {
            let own = &seen.usual[i as usize];
            [own[SAID + k], own[SAID + k + 8]]
        });
        let p = &honest[i as usize];
        if rows[i as usize].own.is_none() {
            measure.add(&rows[i as usize], &judge.conclude(p, p, &said));
        }
    }
    (judge, measure)
}

/// Runs `work` over the items on two threads; the results come in the order of the items, whoever made them.
pub(crate) fn on_two_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let half = |odd: usize| items.iter().skip(odd).step_by(2).map(&work).collect::<Vec<R>>();
    let (even, odd) = std::thread::scope(|s| {
        let other = s.spawn(|| half(1));
        (half(0), other.join().unwrap_or_default())
    });
    let (mut even, mut odd) = (even.into_iter(), odd.into_iter());
    (0..items.len())
        .filter_map(|k| if k % 2 == 0 { even.next() } else { odd.next() })
        .collect()
}

/// Readers fitted without a part of the rows, and what they make of it.
fn held_out(
    rows: &[Row],
    corpus: &Corpus,
    among: &[u32],
    recipe: &Recipe,
    part: &Part,
) -> (Classifier, Vec<(u32, Figures)>) {
    let (held, rest): (Vec<u32>, Vec<u32>) = among.iter().partition(|&&i| part.holds(rows, corpus, i));
    let readers = unjudged(
        fit(rows, corpus, &rest, recipe),
        train_network(rows, corpus, &rest, recipe),
    );
    let mut scratch = Scratch::default();
    let figures = held
        .into_iter()
        .map(|i| {
            scratch.normal.read(&rows[i as usize].text);
            (i, readers.figures(&mut scratch))
        })
        .collect();
    (readers, figures)
}

/// Before anything is fitted.
fn unfitted() -> Judge {
    Judge {
        mix: Mix::default(),
        cause_cut: [0.5; 12],
        risk_cut: [0.5; 8],
        sentiment_bias: [1.0; 3],
        severity_bias: [1.0; 4],
    }
}

fn unjudged(ngrams: Ngrams, filters: Filters) -> Classifier {
    let header = Header {
        version: String::new(),
        judge: unfitted(),
    };
    Classifier::assemble(header, ngrams, filters)
}

/// The lowest cut whose F1 is within `slack` of the best: when in doubt, tell.
fn best_cut(scored: &mut [(f32, bool)], slack: f32) -> f32 {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let positives = scored.iter().filter(|s| s.1).count() as f32;
    let mut found = 0.0;
    let curve: Vec<(f32, f32)> = scored
        .iter()
        .enumerate()
        .map(|(n, (p, is))| {
            found += f32::from(u8::from(*is));
            (*p, 2.0 * found / (positives + n as f32 + 1.0))
        })
        .collect();
    let best = curve.iter().fold(0.0_f32, |b, c| b.max(c.1));
    curve
        .iter()
        .filter(|c| c.1 >= best - slack)
        .map(|c| c.0)
        .fold(0.9, f32::min)
        .max(0.05)
}

fn cut(rows: &[Row], among: &[u32], figures: &[Figures], honest: &[[f32; heads::COUNT]], judge: &mut Judge) {
    let labelled: Vec<u32> = among
        .iter()
        .copied()
        .filter(|&i| rows[i as usize].label.is_some())
        .collect();
    for k in 0..12 {
        let h = heads::CAUSES + k;
        let mut scored: Vec<(f32, bool)> = labelled
            .iter()
            .map(|&i| (honest[i as usize][h], target(&rows[i as usize], h) == Some(true)))
            .collect();
        judge.cause_cut[k] = best_cut(&mut scored, 0.002);
    }
    // What the patterns say of a row sits among its figures.
    let said = |i: u32, k: usize| figures[i as usize][SAID + k];
    let risk = |i: u32, k: usize| {
        judge::weigh_risk(
            Risk::ALL[k],
            honest[i as usize][heads::RISKS + k],
            said(i, k),
            said(i, k + 8),
        )
    };
    for k in 0..8 {
        let mut scored: Vec<(f32, bool)> = labelled
            .iter()
            .map(|&i| {
                (
                    risk(i, k),
                    target(&rows[i as usize], heads::RISKS + k) == Some(true),
                )
            })
            .collect();
        judge.risk_cut[k] = match Risk::ALL[k] {
            // F1 hardly changes over a wide stretch here: the middle of it neither misses much nor alarms for nothing.
            Risk::Fraud => (best_cut(&mut scored, 0.001) + best_cut(&mut scored, 0.003)) / 2.0,
            Risk::Health | Risk::Legal => best_cut(&mut scored, 0.001),
            // Too few labels to tune on: the strengths of the patterns decide, or the model where it is surer than not.
            _ => 0.5,
        };
    }
    // Factors by coordinate search: sentiment for macro-F1, severity for accuracy with severe found first.
    let labels: Vec<_> = labelled
        .iter()
        .filter_map(|&i| rows[i as usize].label.as_ref().map(|l| (i, l)))
        .collect();
    let sentiments: Vec<([f32; 3], Sentiment)> = labels
        .iter()
        .map(|(i, l)| (judge::sentiments(&honest[*i as usize]), l.sentiment))
        .collect();
    judge.sentiment_bias = search([1.0; 3], |bias| {
        let mut table = [[0.0_f32; 3]; 3];
        for (p, is) in &sentiments {
            table[is.index()][choose(p, bias)] += 1.0;
        }
        (0..3)
            .map(|c| {
                let hit = table[c][c];
                let wrong: f32 = (0..3)
                    .filter(|&o| o != c)
                    .map(|o| table[c][o] + table[o][c])
                    .sum();
                2.0 * hit / (2.0 * hit + wrong).max(1.0)
            })
            .sum::<f32>()
            - PULL * bias.iter().map(|b| b.ln().powi(2)).sum::<f32>()
    });
    let severities: Vec<([f32; 4], Severity)> = labels
        .iter()
        .map(|(i, l)| {
            let risks = std::array::from_fn(|k| risk(*i, k));
            (judge::severities(&honest[*i as usize], &risks), l.severity)
        })
        .collect();
    judge.severity_bias = search([1.0; 4], |bias| {
        let (mut right, mut severe, mut found, mut alarms) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        for (p, is) in &severities {
            let c = choose(p, bias);
            right += f32::from(u8::from(c == is.index()));
            severe += f32::from(u8::from(*is == Severity::Severe));
            alarms += f32::from(u8::from(c == 3));
            found += f32::from(u8::from(c == 3 && *is == Severity::Severe));
        }
        let precision = found / alarms.max(1.0);
        right / severities.len() as f32 + 0.35 * found / severe.max(1.0) - 4.0 * (0.66 - precision).max(0.0)
    });
}

/// What moving the factors on the sentiments costs: macro-F1 hardly depends on them near its best, and a text of a trade
/// nobody labelled is better read by the plain probabilities.
const PULL: f32 = 0.06;

fn choose(p: &[f32], bias: &[f32]) -> usize {
    let mut best = (f32::MIN, 0);
    for (k, (p, b)) in p.iter().zip(bias).enumerate() {
        if p * b > best.0 {
            best = (p * b, k);
        }
    }
    best.1
}

/// Coordinate search over factors from a half to two and a half.
fn search<const N: usize>(mut bias: [f32; N], score: impl Fn(&[f32; N]) -> f32) -> [f32; N] {
    let mut best = score(&bias);
    for _ in 0..3 {
        for k in 0..N {
            for step in -12..=12 {
                let mut next = bias;
                next[k] = (step as f32 / 12.0).exp();
                let s = score(&next);
                if s > best + 1e-5 {
                    best = s;
                    bias = next;
                }
            }
        }
    }
    bias
}
