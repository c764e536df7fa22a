//! Reads a Chinese review on this machine: what it is about, how bad it is and why, with the words that say so.
//!
//! Text is folded to one spelling ([`normalise`]), read by a linear model over character n-grams and by written
//! patterns for risks, and weighed in one place (`judge`). Nothing here allocates per text when a [`Scratch`] is
//! reused, nothing reads a clock or a file, and the same text always gives the same answer.

mod alerts;
mod assess;
mod evidence;
mod filters;
mod heads;
mod judge;
mod language;
mod ngrams;
pub mod normalise;
mod patterns;
mod personal;
mod weights;

#[cfg(feature = "train")]
pub mod train;

pub use alerts::{KeywordAlert, heard};
pub use assess::{Classifier, Input, Scratch};
pub use personal::{Correction, Insight, KINDS, MOST_EXAMPLES, Personal, Standing};
pub use weights::WeightsError;
