//! Which words carried a conclusion: the stretch of text whose n-grams add most to its score.

use crate::{
    ngrams::{Ngrams, Reading},
    normalise::Normal,
};
use amends_domain::assessment::{About, Evidence};

/// Buffers kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    weight: Vec<f32>,
}

/// One over the length of an n-gram; marks at the ends have none.
const INVERSE: [f32; 5] = [1.0, 1.0, 0.5, 1.0 / 3.0, 0.25];

/// No span is longer; what is longer explains nothing.
const LONGEST: usize = 14;

impl Marks {
    /// Adds the strongest span for a head; `sign` is −1 where a low score is the conclusion.
    pub(crate) fn mark(
        &mut self,
        model: &Ngrams,
        reading: &Reading,
        normal: &Normal,
        (head, sign): (usize, f32),
        about: About,
        out: &mut Vec<Evidence>,
    ) {
        let n = normal.units.len();
        self.weight.clear();
        self.weight.resize(n, 0.0);
        let worth = model.worth(head, reading.known) * sign;
        for o in &reading.occurrences {
            let share = f32::from(model.weight(o.row, head)) * worth * INVERSE[o.length.min(4) as usize];
            let start = o.start as usize;
            let end = (start + o.length as usize).min(n);
            for w in &mut self.weight[start.min(end)..end] {
                *w += share;
            }
        }
        // The best sum over at most LONGEST units inside one clause; each unit costs a little, so spans stay tight.
        let mean = self.weight.iter().map(|w| w.abs()).sum::<f32>() / n.max(1) as f32;
        let cost = mean * 0.5;
        let mut best = (0.0_f32, 0, 0);
        for clause in &reading.clauses {
            let (mut sum, mut start) = (0.0_f32, clause.start);
            for i in clause.start..clause.end {
                if sum <= 0.0 || i - start >= LONGEST {
                    sum = 0.0;
                    start = i;
                }
                sum += self.weight[i] - cost;
                if sum > best.0 {
                    best = (sum, start, i + 1);
                }
            }
        }
        if best.2 > best.1 {
            push(normal, best.1, best.2, about, out);
        }
    }
}

/// Adds the units `start..end` as a span of the original text, without punctuation at its ends.
pub(crate) fn push(normal: &Normal, mut start: usize, mut end: usize, about: About, out: &mut Vec<Evidence>) {
    let is_word = |u: u16| u >= 0x80 || (u as u8).is_ascii_alphanumeric();
    end = end.min(normal.units.len());
    while start < end && !is_word(normal.units[start]) {
        start += 1;
    }
    while start < end && !is_word(normal.units[end - 1]) {
        end -= 1;
    }
    if start < end {
        let span = Evidence {
            start: normal.starts[start],
            end: normal.ends[end - 1],
            about,
        };
        if !out.contains(&span) {
            out.push(span);
        }
    }
}
