//! A review as an export gave it, before it has an identity in the store (`sources.md` §6).

use crate::words::{Channel, PlatformPolarity};
use serde::{Deserialize, Serialize};

/// How exactly an export tells a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Milliseconds.
    Ms,
    /// Seconds.
    Sec,
    /// Minutes.
    Min,
    /// Only the date; counts as the end of that day for lag (sla.md R16).
    Day,
    /// Only the month.
    Month,
    /// Not a time that could be read; the original text is kept.
    Unknown,
}

/// An instant as the source told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// UTC milliseconds; none when the text could not be read. A day or month is the start of it in its zone.
    pub utc_ms: Option<i64>,
    /// The source's own text, unchanged.
    pub local_text: String,
    /// How much of `utc_ms` the source really said.
    pub precision: Precision,
}

impl Time {
    /// The instant by which a row counts as old: the end of the day when only the day is known (sla.md R16).
    pub fn latest_ms(&self) -> Option<i64> {
        let ms = self.utc_ms?;
        Some(match self.precision {
            Precision::Day => ms + 86_400_000 - 1,
            Precision::Month => ms + 31 * 86_400_000 - 1,
            _ => ms,
        })
    }
}

/// The scale a rating was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// 1 to 5.
    Stars5,
    /// 1 to 10.
    Stars10,
    /// 10 to 50 in steps of 5.
    Stars50,
    /// 100 to 500.
    Score500,
    /// Percent.
    Percent,
    /// 好评, 中评, 差评.
    Polarity3,
    /// Recommended or not.
    Polarity2,
    /// No rating at all.
    None,
}

/// Whether the channel still shows the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Shown.
    Visible,
    /// Hidden, spam or unpublished: stored, out of the figures, no ticket.
    Hidden,
    /// Removed.
    Deleted,
    /// The source does not say.
    Unknown,
}

/// A merchant's answer that came with the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Its words.
    pub body: String,
    /// When it was published, if the source tells.
    pub at: Option<Time>,
}

/// One review read from a source, with the key that recognises it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewReview {
    /// Row in the file, counted from 1 as a spreadsheet shows it.
    pub row: u32,
    /// Where it was published.
    pub channel: Channel,
    /// Shop or store it is about, if known.
    pub shop: Option<String>,
    /// The platform's own id.
    pub external_id: Option<String>,
    /// True for a follow-up 追评 to an earlier review of the same order.
    pub append: bool,
    /// Dedupe key of the review this one was appended to.
    pub parent_key: Option<String>,
    /// Order number, text.
    pub order_id: Option<String>,
    /// Product, dish or room.
    pub product: Option<String>,
    /// Variant or specification.
    pub variant: Option<String>,
    /// The author as displayed.
    pub author: Option<String>,
    /// The author's name hides part of itself (`王**`, 匿名用户).
    pub masked: bool,
    /// The rating as written.
    pub rating_raw: Option<String>,
    /// The scale it was read in.
    pub scale: Scale,
    /// Stars on 1 to 5; a missing rating stays none.
    pub stars: Option<f32>,
    /// The platform's own verdict where it has no stars.
    pub polarity: Option<PlatformPolarity>,
    /// Sub-ratings as name and stars.
    pub sub_ratings: Vec<(String, f32)>,
    /// Title, if the source has one.
    pub title: Option<String>,
    /// The words exactly as the source has them (title excluded).
    pub body_raw: String,
    /// The words to read: entities, tags and invisible characters removed. 优点 and 不足 are joined by a line break.
    pub body: String,
    /// False for placeholders and rating-only reviews.
    pub has_text: bool,
    /// Language the source states, if any.
    pub language: Option<String>,
    /// Links to pictures; never fetched.
    pub media: Vec<String>,
    /// When the review was written.
    pub posted: Option<Time>,
    /// When it last changed, if the source tells.
    pub updated: Option<Time>,
    /// The merchant's answer that came with it.
    pub reply: Option<Reply>,
    /// Whether the channel shows it.
    pub visibility: Visibility,
    /// Link to the review's page (https only); never opened by itself.
    pub url: Option<String>,
    /// Dedupe key without the source: K1 `id:…`, K2 `order:…` or K3 `hash:…` (`sources.md` §6).
    pub key: String,
    /// K2 or K3 key that an earlier file without the platform's id would have given, to upgrade such a row.
    pub weak_key: Option<String>,
    /// Hash of what may change (body, rating, reply, visibility): the same value means nothing is new.
    pub content_hash: String,
    /// All cells of the row as `[header, value]`, for the original view.
    pub raw: Vec<(String, String)>,
}
