//! What is asked for: which period, compared with what, cut how.

use super::facts::Span;
use crate::id::{PersonId, SourceId};
use crate::words::{Cause, Channel, Tier};
use serde::{Deserialize, Serialize};

/// Which part of the business is looked at. An empty list lets everything through; several lists all have to agree.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Cut {
    /// Shops by name, `""` for those without one.
    pub shops: Vec<String>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Products by name.
    pub products: Vec<String>,
    /// Tickets and reviews that have one of these among their causes.
    pub causes: Vec<Cause>,
    /// Tiers. Reviews and orders have none, so this does not narrow them.
    pub tiers: Vec<Tier>,
    /// Responsible people; a team is its people. Reviews and orders have none, so this does not narrow them.
    pub people: Vec<PersonId>,
    /// Sources. Orders have none.
    pub sources: Vec<SourceId>,
}

/// One question to the facts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// The period.
    pub span: Span,
    /// The period before, for headline changes.
    pub before: Option<Span>,
    /// The same period a year ago.
    pub last_year: Option<Span>,
    /// Periods for the course of things, oldest first, the last one being `span`: six as a rule. The four before the
    /// last one are what tables compare with.
    pub trend: Vec<Span>,
    /// Now, UTC ms: what is due later is neither met nor missed.
    pub now_ms: i64,
    /// Which part of the business.
    pub cut: Cut,
}
