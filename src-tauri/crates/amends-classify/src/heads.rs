//! The conclusions that get one score each from the n-gram model, and where each sits in a row of weights.

use amends_domain::words::{Cause, Risk};

/// Corpus polarity: negative or not.
pub const POLARITY: usize = 0;
/// Sentiment is `neg`.
pub const NEGATIVE: usize = 1;
/// Sentiment is `pos`.
pub const POSITIVE: usize = 2;
/// First of the twelve causes.
pub const CAUSES: usize = 3;
/// At least minor, at least moderate, severe.
pub const SEVERITY: usize = 15;
/// First of the eight risks.
pub const RISKS: usize = 18;
/// Not a real experience.
pub const FAKE: usize = 26;
/// Sentiment is `mixed`.
pub const MIXED: usize = 27;
/// How many heads there are.
pub const COUNT: usize = 28;
/// Weights in a row: the heads, padded so that a row fills half a cache line.
pub const WIDTH: usize = 32;

/// Trades that the convolutional reader tells apart beside its heads.
pub const TRADES: usize = 12;
/// What the convolutional reader answers.
pub const ANSWERS: usize = COUNT + TRADES;

/// The head of a cause.
pub fn cause(cause: Cause) -> usize {
    CAUSES + cause.index()
}

/// The head of a risk.
pub fn risk(risk: Risk) -> usize {
    RISKS + risk.index()
}
