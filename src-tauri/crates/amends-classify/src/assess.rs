//! From a text to its assessment.

use crate::{
    evidence::{self, Marks},
    heads,
    judge::{self, Figures, Judge},
    language,
    ngrams::{Ngrams, Reading},
    normalise::Normal,
    patterns::{Found, Patterns},
    weights::{self, Header, WeightsError},
};
use amends_domain::{
    assessment::{About, Assessment, CauseScore, Language, RiskScore, Voice},
    words::{Cause, Channel, Risk, Sentiment, Severity},
};
use std::sync::LazyLock;

static WEIGHTS: &[u8] = include_bytes!("../weights/amends.weights");

static SHIPPED: LazyLock<Classifier> = LazyLock::new(|| match Classifier::from_bytes(WEIGHTS) {
    Ok(classifier) => classifier,
    Err(e) => unreachable!("the embedded weights are checked by a test: {e}"),
});

/// What is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// As the customer wrote it.
    pub text: &'a str,
    /// 1 to 5, where the channel has them.
    pub stars: Option<f32>,
    /// Where it was published.
    pub channel: Option<Channel>,
    /// The trade or source, for what was learned from its corrections.
    pub trade: Option<&'a str>,
}

/// Buffers for reading many texts without allocating for each.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) normal: Normal,
    pub(crate) reading: Reading,
    pub(crate) found: Found,
    marks: Marks,
}

/// A reader of reviews: the n-gram model, the patterns and how they are weighed.
pub struct Classifier {
    pub(crate) ngrams: Ngrams,
    pub(crate) patterns: &'static Patterns,
    pub(crate) judge: Judge,
    version: String,
}

impl std::fmt::Debug for Classifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Classifier")
            .field("version", &self.version)
            .field("ngrams", &self.ngrams.len())
            .finish()
    }
}

/// Above this a text is called negative against its stars, below its complement positive.
const SURE: f32 = 0.7;

impl Classifier {
    /// The classifier with the weights built into the program.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a file of weights.
    ///
    /// # Errors
    /// [`WeightsError`] if the bytes are not such a file, or not a whole one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let (header, ngrams) = weights::read(bytes)?;
        Ok(Self::assemble(header, ngrams))
    }

    pub(crate) fn assemble(header: Header, ngrams: Ngrams) -> Self {
        Self {
            ngrams,
            patterns: Patterns::shipped(),
            judge: header.judge,
            version: header.version,
        }
    }

    #[cfg(feature = "train")]
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, String> {
        weights::write(
            &Header {
                version: self.version.clone(),
                judge: self.judge.clone(),
            },
            &self.ngrams,
        )
    }

    /// Names the weights; changes whenever they do.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Reads one review. Pure: the same input always gives the same assessment.
    pub fn assess(&self, input: &Input<'_>) -> Assessment {
        self.assess_in(input, &mut Scratch::default())
    }

    /// As [`Self::assess`], with buffers that are kept from text to text.
    pub fn assess_in(&self, input: &Input<'_>, scratch: &mut Scratch) -> Assessment {
        let stars = input
            .stars
            .filter(|s| s.is_finite() && *s > 0.0)
            .map(|s| s.clamp(1.0, 5.0));
        scratch.normal.read(input.text);
        let counts = scratch.normal.counts;
        let spoken = counts.han + counts.latin + counts.kana + counts.foreign + counts.emoji > 0
            || scratch.normal.units.len() > 1 && scratch.normal.units.iter().any(|&u| u >= 0x80);
        if !spoken || language::is_placeholder(&scratch.normal.units) {
            return by_stars(stars, Language::None, false);
        }
        match language::of(input.text, counts) {
            Language::Other => by_stars(stars, Language::Other, true),
            Language::English => english(input.text, stars),
            // Pictures alone are read like words: 👎 folds to 差.
            language => self.chinese(stars, language, scratch),
        }
    }

    pub(crate) fn figures(&self, scratch: &mut Scratch) -> Figures {
        scratch.reading.read(&self.ngrams, &scratch.normal);
        self.patterns.find(&scratch.normal.units, &mut scratch.found);
        judge::figures(&scratch.normal, &scratch.reading, &scratch.found.matches)
    }

    fn chinese(&self, stars: Option<f32>, language: Language, scratch: &mut Scratch) -> Assessment {
        let figures = self.figures(scratch);
        let p = self.judge.probabilities(&figures);
        let matches = &scratch.found.matches;

        let mut risk_probabilities = [0.0; 8];
        let mut risks = Vec::new();
        for (k, &risk) in Risk::ALL.iter().enumerate() {
            let model = p[heads::risk(risk)];
            let rule = judge::said(matches, risk, false);
            let weighed = self
                .judge
                .risk(risk, model, rule, judge::said(matches, risk, true));
            risk_probabilities[k] = weighed.clamp(0.0, 0.99);
            if weighed >= self.judge.risk_cut[k] {
                // The n-grams speak where they alone would have said so.
                let by_model = scratch.reading.logits[heads::risk(risk)] > 0.0;
                let by = match (by_model, rule > 0.0) {
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
        let sentiments = judge::sentiments(&p);
        let mut sentiment = pick(&sentiments, &self.judge.sentiment_bias, Sentiment::ALL);
        let severity_probabilities = judge::severities(&p, &risk_probabilities);
        let mut severity = pick(&severity_probabilities, &self.judge.severity_bias, Severity::ALL);

        let mut cause_probabilities = [0.0; 12];
        let mut causes = Vec::new();
        for (k, &cause) in Cause::ALL.iter().enumerate() {
            cause_probabilities[k] = p[heads::cause(cause)];
            if cause_probabilities[k] >= self.judge.cause_cut[k] {
                causes.push(CauseScore {
                    cause,
                    probability: cause_probabilities[k],
                    by: Voice::Model,
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

        let evidence = self.evidence(sentiment, severity, &causes, &risks, scratch);
        let (_, severe) = largest(&severity_probabilities);
        let (_, clear) = largest(&sentiments);
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
            stars_disagree: disagree(stars, sentiment, severity, negative_probability),
            confidence: (clear * (0.5 + 0.5 * severe)).clamp(0.05, 0.99),
            language,
            has_text: true,
            evidence,
        }
    }

    fn evidence(
        &self,
        sentiment: Sentiment,
        severity: Severity,
        causes: &[CauseScore],
        risks: &[RiskScore],
        scratch: &mut Scratch,
    ) -> Vec<amends_domain::assessment::Evidence> {
        let Scratch {
            normal,
            reading,
            found,
            marks,
        } = scratch;
        let mut out = Vec::with_capacity(8);
        let mut mark = |head, sign, about, out: &mut Vec<_>| {
            marks.mark(&self.ngrams, reading, normal, (head, sign), about, out);
        };
        if sentiment != Sentiment::Pos {
            mark(heads::POLARITY, 1.0, About::Negative, &mut out);
        }
        if sentiment != Sentiment::Neg {
            mark(heads::POLARITY, -1.0, About::Positive, &mut out);
        }
        if severity == Severity::Severe {
            mark(heads::SEVERITY + 2, 1.0, About::Severe, &mut out);
        }
        for c in causes.iter().take(4) {
            mark(heads::cause(c.cause), 1.0, About::Cause(c.cause), &mut out);
        }
        for r in risks {
            let mut spoken = false;
            for m in found.matches.iter().filter(|m| m.risk == r.risk && !m.doubtful) {
                evidence::push(normal, m.start, m.end, About::Risk(r.risk), &mut out);
                spoken = true;
            }
            if !spoken {
                mark(heads::risk(r.risk), 1.0, About::Risk(r.risk), &mut out);
            }
        }
        out.sort_by_key(|e| (e.start, e.end));
        out
    }
}

fn largest(values: &[f32]) -> (usize, f32) {
    values.iter().copied().enumerate().fold(
        (0, f32::MIN),
        |best, (k, v)| if v > best.1 { (k, v) } else { best },
    )
}

fn pick<T: Copy>(probabilities: &[f32], bias: &[f32], words: &[T]) -> T {
    let mut best = (f32::MIN, words[0]);
    for ((p, b), &word) in probabilities.iter().zip(bias).zip(words) {
        if p * b > best.0 {
            best = (p * b, word);
        }
    }
    best.1
}

fn disagree(stars: Option<f32>, sentiment: Sentiment, severity: Severity, negative: f32) -> bool {
    match stars {
        Some(s) if s >= 4.0 => {
            sentiment == Sentiment::Neg && negative >= SURE
                || sentiment != Sentiment::Pos && severity >= Severity::Moderate
        }
        Some(s) if s <= 2.0 => sentiment == Sentiment::Pos && negative <= 1.0 - SURE,
        _ => false,
    }
}

/// What stars alone say, where there is no text or none that can be read. Nothing is made up about why.
fn by_stars(stars: Option<f32>, language: Language, has_text: bool) -> Assessment {
    let (sentiment, severity, negative, sure) = match stars {
        Some(s) if s <= 2.0 => (Sentiment::Neg, Severity::Minor, 0.9, 0.6),
        Some(s) if s < 4.0 => (Sentiment::Mixed, Severity::Minor, 0.5, 0.4),
        Some(_) => (Sentiment::Pos, Severity::None, 0.08, 0.6),
        None => (Sentiment::Mixed, Severity::None, 0.5, 0.05),
    };
    let mut severity_probabilities = [0.1; 4];
    severity_probabilities[severity.index()] = 0.7;
    Assessment {
        sentiment,
        negative_probability: negative,
        causes: Vec::new(),
        cause_probabilities: [0.0; 12],
        severity,
        severity_probabilities,
        risks: Vec::new(),
        risk_probabilities: [0.0; 8],
        genuine: true,
        stars_disagree: false,
        // A text nobody read asks for a person, however clear its stars are.
        confidence: if has_text { 0.2_f32.min(sure) } else { sure },
        language,
        has_text,
        evidence: Vec::new(),
    }
}

fn english(text: &str, stars: Option<f32>) -> Assessment {
    let found = language::read_english(text);
    let balance = found.blame as f32 - found.praise as f32;
    let negative = judge::sigmoid(balance * 0.9);
    let mut a = by_stars(stars, Language::English, true);
    if found.blame + found.praise == 0 {
        return a;
    }
    a.negative_probability = negative.clamp(0.08, 0.92);
    a.sentiment = match () {
        () if negative > 0.6 => Sentiment::Neg,
        () if negative < 0.4 => Sentiment::Pos,
        () => Sentiment::Mixed,
    };
    a.severity = Severity::None;
    if a.sentiment != Sentiment::Pos {
        a.severity = if found.risks.contains(&Risk::Health) || found.risks.contains(&Risk::Injury) {
            Severity::Severe
        } else if found.blame >= 2 || !found.causes.is_empty() {
            Severity::Moderate
        } else {
            Severity::Minor
        };
        a.causes = found
            .causes
            .iter()
            .map(|&cause| CauseScore {
                cause,
                probability: 0.5,
                by: Voice::Rule,
            })
            .collect();
        if a.causes.is_empty() {
            a.causes.push(CauseScore {
                cause: Cause::Other,
                probability: 0.5,
                by: Voice::Rule,
            });
        }
        a.risks = found
            .risks
            .iter()
            .map(|&risk| RiskScore {
                risk,
                probability: 0.5,
                by: Voice::Rule,
            })
            .collect();
    }
    a.causes
        .iter()
        .for_each(|c| a.cause_probabilities[c.cause.index()] = c.probability);
    a.risks
        .iter()
        .for_each(|r| a.risk_probabilities[r.risk.index()] = r.probability);
    a.severity_probabilities = [0.1; 4];
    a.severity_probabilities[a.severity.index()] = 0.7;
    a.stars_disagree = disagree(stars, a.sentiment, a.severity, negative);
    a.confidence = 0.35;
    a
}
