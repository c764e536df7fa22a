//! The rules of Amends, as pure functions over plain values.
//!
//! Nothing here reads a clock, a file or a database: `now` is an argument, and every derived value (a tier, a
//! deadline, a state) can be recomputed from the inputs it names. See `docs/glossary.md` for the words.

pub mod assessment;
pub mod audit;
pub mod figures;
pub mod id;
pub mod review;
pub mod sla;
pub mod text;
pub mod themes;
pub mod ticket;
pub mod triage;
pub mod words;

pub use assessment::{About, Assessment, CauseScore, Evidence, Language, RiskScore, Voice};
pub use id::*;
pub use review::{NewReview, Precision, Reply, Scale, Time, Visibility};
pub use words::{
    Cause, Channel, Department, Industry, PlatformPolarity, Risk, Role, Sentiment, Severity, Tier,
};
