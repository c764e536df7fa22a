//! How well assessments fit the labels: the figures of the model card.

use super::data::Row;
use crate::Classifier;
use amends_domain::{
    assessment::Assessment,
    words::{Cause, Risk, Sentiment, Severity},
};
use std::{collections::BTreeMap, fmt::Write, sync::LazyLock, time::Instant};

/// True positives, false positives, misses.
#[derive(Debug, Default, Clone, Copy)]
pub struct Hits {
    /// Said and so.
    pub hit: u32,
    /// Said and not so.
    pub alarm: u32,
    /// So and not said.
    pub miss: u32,
}

impl Hits {
    /// Counts one case.
    pub fn add(&mut self, said: bool, is: bool) {
        match (said, is) {
            (true, true) => self.hit += 1,
            (true, false) => self.alarm += 1,
            (false, true) => self.miss += 1,
            _ => {}
        }
    }
    /// Share of what was said that is so.
    pub fn precision(&self) -> f64 {
        f64::from(self.hit) / f64::from((self.hit + self.alarm).max(1))
    }
    /// Share of what is so that was said.
    pub fn recall(&self) -> f64 {
        f64::from(self.hit) / f64::from((self.hit + self.miss).max(1))
    }
    /// Harmonic mean of both.
    pub fn f1(&self) -> f64 {
        f64::from(2 * self.hit) / f64::from((2 * self.hit + self.alarm + self.miss).max(1))
    }
}

/// Collected over many assessments.
#[derive(Debug, Default, Clone)]
pub struct Measure {
    /// Probability of negative, whether it is, per domain.
    pub polarity: BTreeMap<String, Vec<(f32, bool)>>,
    sentiment: [[u32; 3]; 3],
    severity: [[u32; 4]; 4],
    severe: Vec<(f32, bool)>,
    causes: [Hits; 12],
    risks: [Hits; 8],
    main: (u32, u32),
}

impl Measure {
    /// Adds one assessed row.
    pub fn add(&mut self, row: &Row, a: &Assessment) {
        if let Some(negative) = row.negative {
            self.polarity
                .entry(row.domain.clone())
                .or_default()
                .push((a.negative_probability, negative));
        }
        let Some(label) = &row.label else { return };
        self.sentiment[label.sentiment.index()][a.sentiment.index()] += 1;
        self.severity[label.severity.index()][a.severity.index()] += 1;
        self.severe
            .push((a.severity_probabilities[3], label.severity == Severity::Severe));
        for (k, c) in Cause::ALL.iter().enumerate() {
            self.causes[k].add(a.causes.iter().any(|s| s.cause == *c), label.causes.contains(c));
        }
        for (k, r) in Risk::ALL.iter().enumerate() {
            self.risks[k].add(a.risks.iter().any(|s| s.risk == *r), label.risks.contains(r));
        }
        if let Some(first) = label.causes.first() {
            self.main.1 += 1;
            self.main.0 += u32::from(a.causes.first().is_some_and(|c| c.cause == *first));
        }
    }

    /// Accuracy of polarity over everything.
    pub fn polarity_accuracy(&self) -> f64 {
        accuracy(self.polarity.values().flatten())
    }

    /// Macro-F1 over the twelve causes.
    pub fn cause_f1(&self) -> f64 {
        self.causes.iter().map(Hits::f1).sum::<f64>() / 12.0
    }

    /// Macro-F1 over the three sentiments.
    pub fn sentiment_f1(&self) -> f64 {
        (0..3)
            .map(|c| {
                let t = &self.sentiment;
                let hit = t[c][c];
                let wrong: u32 = (0..3).filter(|&o| o != c).map(|o| t[c][o] + t[o][c]).sum();
                f64::from(2 * hit) / f64::from((2 * hit + wrong).max(1))
            })
            .sum::<f64>()
            / 3.0
    }

    /// Accuracy over the four severities.
    pub fn severity_accuracy(&self) -> f64 {
        let right: u32 = (0..4).map(|c| self.severity[c][c]).sum();
        f64::from(right) / f64::from(self.severity.iter().flatten().sum::<u32>().max(1))
    }

    /// Recall of severe at the lowest cut on its probability that keeps this precision.
    pub fn severe_recall_at(&self, precision: f64) -> f64 {
        let mut scored = self.severe.clone();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all = scored.iter().filter(|s| s.1).count().max(1);
        let (mut hit, mut best) = (0, 0);
        for (n, s) in scored.iter().enumerate() {
            hit += usize::from(s.1);
            if hit as f64 / (n + 1) as f64 >= precision {
                best = hit;
            }
        }
        best as f64 / all as f64
    }

    /// Everything as Markdown.
    pub fn report(&self) -> String {
        let mut out = String::new();
        let all: Vec<(f32, bool)> = self.polarity.values().flatten().copied().collect();
        let _ = writeln!(
            out,
            "polarity: accuracy {:.4}, AUC {:.4}, ECE {:.4} ({} rows)",
            accuracy(&all),
            auc(&all),
            ece(&all),
            all.len()
        );
        for (domain, rows) in &self.polarity {
            let _ = writeln!(
                out,
                "  {domain}: accuracy {:.4}, ECE {:.4} ({} rows)",
                accuracy(rows),
                ece(rows),
                rows.len()
            );
        }
        let _ = writeln!(
            out,
            "sentiment: macro-F1 {:.4}  {:?}",
            self.sentiment_f1(),
            self.sentiment
        );
        let _ = writeln!(
            out,
            "severity: accuracy {:.4}; severe as predicted {}; recall at precision 0.60 {:.4}  {:?}",
            self.severity_accuracy(),
            show(&self.severe_hits()),
            self.severe_recall_at(0.6),
            self.severity
        );
        let _ = writeln!(
            out,
            "causes: macro-F1 {:.4}; main cause right {:.4}",
            self.cause_f1(),
            f64::from(self.main.0) / f64::from(self.main.1.max(1))
        );
        for (c, h) in Cause::ALL.iter().zip(&self.causes) {
            let _ = writeln!(out, "  {c}: {}", show(h));
        }
        let _ = writeln!(out, "risks:");
        for (r, h) in Risk::ALL.iter().zip(&self.risks) {
            let _ = writeln!(out, "  {r}: {}", show(h));
        }
        out
    }

    fn severe_hits(&self) -> Hits {
        let t = &self.severity;
        let s = Severity::Severe.index();
        Hits {
            hit: t[s][s],
            alarm: (0..s).map(|o| t[o][s]).sum(),
            miss: (0..s).map(|o| t[s][o]).sum(),
        }
    }
}

fn show(h: &Hits) -> String {
    format!(
        "F1 {:.3}, recall {:.3}, precision {:.3} ({} cases)",
        h.f1(),
        h.recall(),
        h.precision(),
        h.hit + h.miss
    )
}

/// Share on the right side of one half.
pub fn accuracy<'a>(rows: impl IntoIterator<Item = &'a (f32, bool)>) -> f64 {
    let (mut right, mut n) = (0_u32, 0_u32);
    for (p, is) in rows {
        right += u32::from((*p > 0.5) == *is);
        n += 1;
    }
    f64::from(right) / f64::from(n.max(1))
}

/// Area under the curve.
pub fn auc(rows: &[(f32, bool)]) -> f64 {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0_f64, 0.0_f64);
    for (_, is) in &sorted {
        if *is {
            sum += below;
        } else {
            below += 1.0;
        }
    }
    sum / (below * (sorted.len() as f64 - below)).max(1.0)
}

/// Expected calibration error over ten equal bins of the probability.
pub fn ece(rows: &[(f32, bool)]) -> f64 {
    let mut bins = [(0.0_f64, 0.0_f64); 10];
    for (p, is) in rows {
        let bin = &mut bins[((p * 10.0) as usize).min(9)];
        bin.0 += f64::from(*p);
        bin.1 += f64::from(u8::from(*is));
    }
    bins.iter().map(|b| (b.0 - b.1).abs()).sum::<f64>() / rows.len().max(1) as f64
}

/// The share of tickets that would be urgent by the triage rules of product.md over some assessments: tickets are
/// negative, or mixed with moderate severity or more, or bear a risk; urgent are the severe ones, but for fraud that
/// is only suspected.
pub fn urgent_share<'a>(assessments: impl IntoIterator<Item = &'a Assessment>) -> (usize, usize) {
    let (mut urgent, mut tickets) = (0, 0);
    for a in assessments {
        let opens = a.sentiment == Sentiment::Neg
            || a.sentiment == Sentiment::Mixed && a.severity >= Severity::Moderate
            || !a.risks.is_empty();
        tickets += usize::from(opens);
        let only_suspected = a.risks.iter().all(|r| r.risk == Risk::Fraud) && !a.risks.is_empty();
        urgent += usize::from(opens && a.severity == Severity::Severe && !only_suspected);
    }
    (urgent, tickets)
}

/// Milliseconds of processor time to read a file of weights, the best of a few.
///
/// # Errors
/// Bytes that are no weights.
pub fn load_time(bytes: &[u8]) -> Result<f64, String> {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = cpu_seconds();
        Classifier::from_bytes(bytes).map_err(|e| e.to_string())?;
        best = best.min((cpu_seconds() - start) * 1e3);
    }
    Ok(best)
}

/// MiB of this process in memory, where the system tells (Linux).
pub fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Seconds this thread has been on a processor, where the system tells (Linux); wall time elsewhere.
pub fn cpu_seconds() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|s| s.split_whitespace().next()?.parse::<f64>().ok())
        .map_or_else(|| START.elapsed().as_secs_f64(), |ns| ns / 1e9)
}
