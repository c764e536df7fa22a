//! What the classifier concluded about one text.

use crate::words::{Cause, Risk, Sentiment, Severity};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Who spoke for a conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// The trained model.
    Model,
    /// A written pattern.
    Rule,
    /// Both agree.
    Both,
    /// What this workspace's corrections taught.
    Personal,
    /// A person.
    Person,
}

/// A predicted cause.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct CauseScore {
    /// The cause.
    pub cause: Cause,
    /// Calibrated probability, 0 to 1.
    pub probability: f32,
    /// Who said so.
    pub by: Voice,
}

/// A predicted risk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct RiskScore {
    /// The risk.
    pub risk: Risk,
    /// Calibrated probability, 0 to 1.
    pub probability: f32,
    /// Who said so.
    pub by: Voice,
}

/// What a span of evidence speaks for. Its text form is the cause's or risk's own name, or the words below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// Carries the negative sentiment (`negative`).
    Negative,
    /// Carries praise (`positive`).
    Positive,
    /// Carries the severity (`severe`).
    Severe,
    /// Carries a cause.
    Cause(Cause),
    /// Carries a risk.
    Risk(Risk),
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Negative => "negative",
            Self::Positive => "positive",
            Self::Severe => "severe",
            Self::Cause(cause) => cause.as_str(),
            Self::Risk(risk) => risk.as_str(),
        })
    }
}

impl FromStr for About {
    type Err = crate::words::UnknownWord;
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "negative" => Ok(Self::Negative),
            "positive" => Ok(Self::Positive),
            "severe" => Ok(Self::Severe),
            _ => word
                .parse()
                .map(Self::Cause)
                .or_else(|_| word.parse().map(Self::Risk)),
        }
    }
}

impl Serialize for About {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for About {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let word = String::deserialize(d)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// A span of the text that carried a conclusion. Offsets count Unicode scalar values of the text as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// First scalar value of the span.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// What it speaks for.
    pub about: About,
}

/// The script or language a text is mainly written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Chinese in either script: fully read.
    Chinese,
    /// English: read by a lexicon only.
    English,
    /// Anything else: a person must read it.
    Other,
    /// No words at all.
    None,
}

/// What the classifier and its rules concluded about one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Overall sentiment.
    pub sentiment: Sentiment,
    /// Calibrated probability that the text is negative.
    pub negative_probability: f32,
    /// Predicted causes, the main one first.
    pub causes: Vec<CauseScore>,
    /// Probability of each cause in the order of [`Cause::ALL`]. Not stored: nothing after the reading needs it.
    #[serde(skip)]
    pub cause_probabilities: [f32; 12],
    /// How seriously to take it.
    pub severity: Severity,
    /// Probability of each severity in the order of [`Severity::ALL`].
    pub severity_probabilities: [f32; 4],
    /// Predicted risks, the most probable first.
    pub risks: Vec<RiskScore>,
    /// Probability of each risk in the order of [`Risk::ALL`]. Not stored, as above.
    #[serde(skip)]
    pub risk_probabilities: [f32; 8],
    /// False only if the text itself shows that it is not a real experience.
    pub genuine: bool,
    /// Stars and text say different things (product.md, Triage 10).
    pub stars_disagree: bool,
    /// How sure all of this is, 0 to 1; low values ask a person to confirm.
    pub confidence: f32,
    /// What language was read.
    pub language: Language,
    /// False when there was nothing to read.
    pub has_text: bool,
    /// The spans that carried the conclusions, by start.
    pub evidence: Vec<Evidence>,
}
