//! The keys by which a review is recognised again (`sources.md` §6: K1, K2, K3), and the hash of what may change.
//!
//! Source and shop are not part of any key: the store's unique key is (source, shop, key).

use crate::text::hex;
use amends_domain::{NewReview, Precision, Time, Visibility};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};
use unicode_normalization::UnicodeNormalization;

/// Added to a key for the follow-up 追评 of that review.
pub(crate) const APPEND: &str = "#append";

/// Gives keys in file order, so that reading the same file again gives the same keys.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// K3 hash → how many rows of this file had it.
    alike: HashMap<u128, u32>,
    /// Key and content, to tell a repeated row from another review of the same order.
    by_content: HashMap<u64, u32>,
    by_key: HashMap<u64, u32>,
    scratch: String,
}

/// The keys of one row.
pub(crate) struct Given {
    pub key: String,
    pub weak_key: Option<String>,
    /// The same id came before in this file with other content.
    pub repeated: bool,
}

impl Keys {
    /// Keys for a first review; `order` is the item's or the order's number.
    pub(crate) fn of(&mut self, review: &NewReview, order: Option<&str>) -> Given {
        let hash = self.similarity(review);
        let alike = self.alike.entry(hash).or_insert(0);
        *alike += 1;
        let weak = format!("hash:{}#{alike}", hex(&hash.to_be_bytes()));
        let by_order = order.map(|order| order_key(review, order));
        match (&review.external_id, by_order) {
            (Some(id), by_order) => {
                let key = format!("id:{id}");
                let repeated = self.place(&key, review) > 1;
                Given {
                    key,
                    weak_key: Some(by_order.unwrap_or(weak)),
                    repeated,
                }
            }
            (None, Some(mut key)) => {
                // Two reviews of one order whose item the file does not name are still two.
                let place = self.place(&key, review);
                if place > 1 {
                    key.push_str(&format!("#{place}"));
                }
                Given {
                    key,
                    weak_key: Some(weak),
                    repeated: false,
                }
            }
            (None, None) => Given {
                key: weak,
                weak_key: None,
                repeated: false,
            },
        }
    }

    /// The key itself for the first content seen under it, `#2` for the second: two reviews of one order whose item
    /// the file does not name are still two.
    pub(crate) fn nth(&mut self, mut key: String, review: &NewReview) -> String {
        let place = self.place(&key, review);
        if place > 1 {
            key.push_str(&format!("#{place}"));
        }
        key
    }

    /// 1 for the first content seen under this key, 2 for the second; a repeated row gets its own place again.
    fn place(&mut self, key: &str, review: &NewReview) -> u32 {
        let bare = short(&[key]);
        let full = short(&[key, &review.content_hash]);
        if let Some(place) = self.by_content.get(&full) {
            return *place;
        }
        let count = self.by_key.entry(bare).or_insert(0);
        *count += 1;
        self.by_content.insert(full, *count);
        *count
    }

    fn similarity(&mut self, review: &NewReview) -> u128 {
        self.scratch.clear();
        let moment = moment(review.posted.as_ref());
        for part in [
            review.product.as_deref(),
            review.author.as_deref(),
            Some(moment.as_str()),
        ] {
            self.scratch.push_str(part.unwrap_or(""));
            self.scratch.push('\u{1F}');
        }
        squeeze(&review.body, &mut self.scratch);
        self.scratch.push('\u{1F}');
        self.scratch.push_str(review.rating_raw.as_deref().unwrap_or(""));
        digest(&[&self.scratch])
    }
}

/// K2: the order, or the item of it, and what was bought.
pub(crate) fn order_key(review: &NewReview, order: &str) -> String {
    let item = review
        .variant
        .as_deref()
        .or(review.product.as_deref())
        .unwrap_or("");
    format!("order:{order}|{item}")
}

/// A time at its precision, so that `2024/1/1` and `2024-01-01` are one.
fn moment(time: Option<&Time>) -> String {
    match time {
        None => String::new(),
        Some(Time {
            utc_ms: Some(ms),
            precision,
            ..
        }) => {
            let unit = match precision {
                Precision::Ms => 1,
                Precision::Sec => 1000,
                Precision::Min => 60_000,
                Precision::Day | Precision::Month | Precision::Unknown => 3_600_000,
            };
            (ms.div_euclid(unit) * unit).to_string()
        }
        Some(time) => time.local_text.trim().to_owned(),
    }
}

/// NFKC without blanks. Han, kana, ASCII and the full-width signs are done here; anything else goes the long way.
fn squeeze(text: &str, out: &mut String) {
    let from = out.len();
    for c in text.chars() {
        match c {
            ' ' | '\n' | '\t' | '\u{3000}' | '\u{A0}' => {}
            '!'..='~' | '\u{4E00}'..='\u{9FFF}' | '、' | '。' | '“' | '”' | '‘' | '’' | '《' | '》' | '—' => {
                out.push(c)
            }
            '\u{FF01}'..='\u{FF5E}' => out.push(char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)),
            '…' => out.push_str("..."),
            _ => {
                out.truncate(from);
                out.extend(text.nfkc().filter(|c| !c.is_whitespace()));
                return;
            }
        }
    }
}

/// Tells keys apart within one file; never stored.
fn short(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

fn digest(parts: &[&str]) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0x1E]);
    }
    let bytes = hash.finalize();
    bytes.iter().take(16).fold(0, |n, b| (n << 8) | u128::from(*b))
}

/// Hash of body, title, rating, reply and visibility.
pub(crate) fn content_hash(review: &NewReview) -> String {
    let reply_at = review.reply.as_ref().and_then(|r| r.at.as_ref());
    let visibility = match review.visibility {
        Visibility::Hidden => "hidden",
        Visibility::Deleted => "deleted",
        Visibility::Visible | Visibility::Unknown => "",
    };
    let hash = digest(&[
        &review.body,
        review.title.as_deref().unwrap_or(""),
        review.rating_raw.as_deref().unwrap_or(""),
        review.reply.as_ref().map_or("", |r| r.body.as_str()),
        &moment(reply_at),
        visibility,
    ]);
    hex(&hash.to_be_bytes())
}
