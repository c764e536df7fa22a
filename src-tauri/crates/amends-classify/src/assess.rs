//! From a text to its assessment.

use crate::{
    evidence::{self, Marks},
    filters::{Filters, Pool},
    heads,
    judge::{self, Figures, Judge},
    language,
    ngrams::{Ngrams, Reading},
    normalise::Normal,
    patterns::{Found, Match, Patterns, Topic},
    personal::Personal,
    weights::{self, Header, WeightsError},
};
use amends_domain::{
    assessment::{About, Assessment, CauseScore, Evidence, Language, RiskScore, Voice},
    words::{Cause, Channel, Risk, Sentiment, Severity},
};
use std::{cell::RefCell, sync::LazyLock};

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
    pool: Pool,
    marks: Marks,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A reader of reviews: the n-gram model, the patterns and how they are weighed.
#[derive(Clone)]
pub struct Classifier {
    pub(crate) ngrams: Ngrams,
    pub(crate) filters: Filters,
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
        let (header, ngrams, filters) = weights::read(bytes)?;
        Ok(Self::assemble(header, ngrams, filters))
    }

    pub(crate) fn assemble(header: Header, ngrams: Ngrams, filters: Filters) -> Self {
        Self {
            filters,
            ngrams,
            patterns: Patterns::shipped(),
            judge: header.judge,
            version: header.version,
        }
    }

    /// The same readers with another second level.
    #[cfg(feature = "train")]
    pub(crate) fn judged_by(mut self, judge: Judge) -> Self {
        self.judge = judge;
        self
    }

    #[cfg(feature = "train")]
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, String> {
        weights::write(
            &Header {
                version: self.version.clone(),
                judge: self.judge.clone(),
            },
            &self.ngrams,
            &self.filters,
        )
    }

    /// Names the weights; changes whenever they do.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Reads one review. Pure: the same input always gives the same assessment.
    pub fn assess(&self, input: &Input<'_>) -> Assessment {
        // Buffers are kept per thread; what is in them never reaches the next answer.
        SCRATCH.with_borrow_mut(|scratch| self.read(input, None, scratch))
    }

    /// Reads one review with what this workspace's corrections taught.
    pub fn assess_with(&self, input: &Input<'_>, personal: &Personal, scratch: &mut Scratch) -> Assessment {
        self.read(input, Some((personal, input.trade)), scratch)
    }

    /// As [`Self::assess`], with buffers that are kept from text to text.
    pub fn assess_in(&self, input: &Input<'_>, scratch: &mut Scratch) -> Assessment {
        self.read(input, None, scratch)
    }

    fn read(
        &self,
        input: &Input<'_>,
        personal: Option<(&Personal, Option<&str>)>,
        scratch: &mut Scratch,
    ) -> Assessment {
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
            language => self.chinese(stars, language, personal, scratch),
        }
    }

    pub(crate) fn figures(&self, scratch: &mut Scratch) -> Figures {
        scratch.reading.read(&self.ngrams, &scratch.normal);
        self.patterns.find(&scratch.normal.units, &mut scratch.found);
        let network = self.filters.read(&scratch.normal.units, &mut scratch.pool);
        judge::figures(
            &scratch.normal,
            &scratch.reading,
            &network,
            &scratch.found.matches,
        )
    }

    /// The second level's log-odds for the text folded in `scratch`.
    pub(crate) fn log_odds(&self, scratch: &mut Scratch) -> [f32; heads::COUNT] {
        let figures = self.figures(scratch);
        self.judge.mix.log_odds(&figures)
    }

    fn chinese(
        &self,
        stars: Option<f32>,
        language: Language,
        personal: Option<(&Personal, Option<&str>)>,
        scratch: &mut Scratch,
    ) -> Assessment {
        let mut z = self.log_odds(scratch);
        let before = z.map(judge::sigmoid);
        let p = match personal {
            Some((personal, trade)) if personal.shift(trade, &scratch.normal, &mut z) => {
                z.map(judge::sigmoid)
            }
            _ => before,
        };
        let said = judge::all_said(&scratch.found.matches);
        let mut a = self.judge.conclude(&p, &before, &said);
        a.language = language;
        a.stars_disagree = disagree(stars, a.sentiment, a.severity, a.negative_probability);
        a.evidence = self.evidence(&a, scratch);
        a
    }

    fn evidence(&self, a: &Assessment, scratch: &mut Scratch) -> Vec<Evidence> {
        let (sentiment, severity, causes, risks) = (a.sentiment, a.severity, &a.causes, &a.risks);
        let Scratch {
            normal,
            reading,
            found,
            marks,
            ..
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
            let own = |m: &&Match| m.about == Topic::Risk(r.risk) && !m.doubtful;
            for m in found.matches.iter().filter(own) {
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
