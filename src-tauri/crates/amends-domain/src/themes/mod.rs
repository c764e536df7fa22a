//! What customers said: recurring phrases of complaints, found without a fixed list, and which of them grow.

mod gather;
mod phrases;

use crate::words::Cause;
use serde::Serialize;

/// One complaint.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The caller's number for it (a ticket or a review); comes back in [`Theme::members`].
    pub number: u32,
    /// How many periods ago: 0 for this one, 1 for the one before, and so on.
    pub age: u8,
    /// Its words.
    pub text: &'a str,
    /// Product, as the channel names it.
    pub product: Option<&'a str>,
    /// Shop, `""` if none is known.
    pub shop: &'a str,
    /// Its causes, main first.
    pub causes: &'a [Cause],
}

/// A complaint that stands for a theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// The caller's number for it.
    pub number: u32,
    /// Its words around the theme, private data masked.
    pub text: String,
}

/// Where a theme gathers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Product or shop.
    pub name: String,
    /// Complaints of the theme there, this period.
    pub count: u32,
    /// How many times more than its part of all complaints would give.
    pub lift: f64,
    /// More than chance.
    pub beyond_chance: bool,
}

/// Something that several customers said.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Theme {
    /// A readable phrase, such as 包装漏液.
    pub label: String,
    /// The phrases folded into it, most frequent first.
    pub phrases: Vec<String>,
    /// Complaints of this period that say it.
    pub members: Vec<u32>,
    /// The same for the periods before, the most recent first.
    pub earlier: Vec<Vec<u32>>,
    /// How many this period.
    pub count: u32,
    /// Mean of the (up to four) periods before.
    pub mean_before: f64,
    /// Growth in percent of that mean; none if it was nothing.
    pub growth: Option<f64>,
    /// The chance that luck alone gives this growth (or fall).
    pub p: f64,
    /// More than chance after correcting for all phrases looked at.
    pub beyond_chance: bool,
    /// Nobody said it in the periods before.
    pub new: bool,
    /// Counts by period, oldest first, this one last.
    pub trend: Vec<u32>,
    /// Main causes of its members, most frequent first.
    pub causes: Vec<(Cause, u32)>,
    /// Products it gathers at.
    pub products: Vec<Place>,
    /// Shops it gathers at.
    pub shops: Vec<Place>,
    /// Up to three complaints that show what is meant.
    pub quotes: Vec<Quote>,
}

/// How to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// How many periods before this one were handed in (those without a complaint count as well): five as a rule,
    /// of which the last four are compared with.
    pub periods_before: u8,
    /// How many themes at most.
    pub limit: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            periods_before: 5,
            limit: 12,
        }
    }
}

/// The themes of this period, what grows beyond chance first, then the most frequent. The same complaints give the
/// same themes, in whatever order they are handed in.
pub fn discover(said: &[Said<'_>], search: Search) -> Vec<Theme> {
    gather::discover(said, search)
}

/// The themes of which a manager should hear today: beyond chance, at least 5 complaints, at least twice the mean.
pub fn jumps(themes: &[Theme]) -> Vec<&Theme> {
    themes
        .iter()
        .filter(|theme| {
            theme.beyond_chance && theme.count >= 5 && f64::from(theme.count) >= 2.0 * theme.mean_before
        })
        .collect()
}
