//! Keyword alerts: words a workspace wants to hear of at once, whatever else a review says.

use crate::normalise::{Normal, fold_plain, fold_word};
use amends_domain::words::Channel;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The most a `*` stands for, in characters: enough for a clause, too little to join two complaints.
const STAR: usize = 20;

/// A word or phrase to be told of. `*` stands for up to 20 characters, `?` for one. Script, width, case, white space
/// and camouflage make no difference; a keyword of Latin letters matches whole words only, unless it has wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeywordAlert {
    /// As the user wrote it.
    pub keyword: String,
    /// Channels it applies to; none means all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// The ticket becomes urgent (triage rule 1).
    #[serde(default)]
    pub urgent: bool,
}

impl KeywordAlert {
    /// Where the keyword first occurs in `text`, in Unicode scalar values, if it applies to the channel at all.
    pub fn matches(&self, text: &str, channel: Option<Channel>) -> Option<Range<u32>> {
        let mut normal = Normal::default();
        normal.read(text);
        self.matches_in(text, &normal, channel)
    }

    fn matches_in(&self, text: &str, normal: &Normal, channel: Option<Channel>) -> Option<Range<u32>> {
        if !self.channels.is_empty() && !channel.is_some_and(|c| self.channels.contains(&c)) {
            return None;
        }
        let (units, at) = normal.plain();
        let pattern = pieces(&self.keyword, fold_plain);
        if let Some(found) = find(units, &pattern) {
            let span = at[found.start]..at[found.end - 1] + 1;
            if self.stands_alone(text, &span) {
                return Some(span);
            }
        }
        // Camouflage is only undone where digits and other spellings have been folded too, so a keyword with digits,
        // which would match other numbers there, is not looked for.
        if self.keyword.chars().any(|c| c.is_numeric()) || self.keyword.is_ascii() {
            return None;
        }
        let found = find(&normal.units, &pieces(&self.keyword, fold_word))?;
        Some(normal.starts[found.start]..normal.ends[found.end - 1])
    }

    /// A keyword of Latin letters without wildcards must not be part of a longer word.
    fn stands_alone(&self, text: &str, span: &Range<u32>) -> bool {
        if !self
            .keyword
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == ' ')
        {
            return true;
        }
        let inside = |at: Option<u32>| {
            at.and_then(|at| text.chars().nth(at as usize))
                .is_some_and(|c| c.is_ascii_alphanumeric())
        };
        !inside(span.start.checked_sub(1)) && !inside(Some(span.end))
    }
}

/// The alert that a text sets off, one marked urgent before the others. The text is read once for all of them.
pub fn heard<'a>(
    alerts: &'a [KeywordAlert],
    text: &str,
    channel: Option<Channel>,
) -> Option<(&'a KeywordAlert, Range<u32>)> {
    if alerts.is_empty() {
        return None;
    }
    let mut normal = Normal::default();
    normal.read(text);
    let mut found = alerts
        .iter()
        .filter_map(|alert| Some((alert, alert.matches_in(text, &normal, channel)?)));
    let first = found.next()?;
    if first.0.urgent {
        return Some(first);
    }
    found.find(|(alert, _)| alert.urgent).or(Some(first))
}

/// A piece of a pattern.
#[derive(Debug, PartialEq)]
enum Piece {
    Unit(u16),
    One,
    Many,
}

fn pieces(keyword: &str, fold: fn(&str) -> Vec<u16>) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut word = String::new();
    for c in keyword.chars().chain(std::iter::once('*')) {
        let wild = match c {
            '*' | '＊' => Piece::Many,
            '?' | '？' => Piece::One,
            _ => {
                word.push(c);
                continue;
            }
        };
        out.extend(fold(&word).into_iter().map(Piece::Unit));
        word.clear();
        // Two stars in a row say no more than one.
        if wild == Piece::One || out.last() != Some(&Piece::Many) {
            out.push(wild);
        }
    }
    // Stars at the ends match anything, which is what not having them says.
    while out.last() == Some(&Piece::Many) {
        out.pop();
    }
    if out.first() == Some(&Piece::Many) {
        out.remove(0);
    }
    out
}

fn find(units: &[u16], pattern: &[Piece]) -> Option<Range<usize>> {
    // Wildcards alone would match every text.
    if !pattern.iter().any(|p| matches!(p, Piece::Unit(_))) {
        return None;
    }
    (0..units.len())
        .find_map(|start| ends(&units[start..], pattern).map(|n| start..start + n))
        .filter(|r| !r.is_empty())
}

/// How many units the pattern takes from the front, the fewest possible.
fn ends(units: &[u16], pattern: &[Piece]) -> Option<usize> {
    // Which pattern positions are alive after each unit, so that many stars cannot take exponential time; per
    // position how many units its star has taken.
    let mut alive: Vec<Option<usize>> = vec![None; pattern.len() + 1];
    alive[0] = Some(0);
    for taken in 0..=units.len() {
        // A star may also stand for nothing.
        for p in 0..pattern.len() {
            if pattern[p] == Piece::Many && alive[p].is_some() && alive[p + 1].is_none() {
                alive[p + 1] = Some(0);
            }
        }
        if alive[pattern.len()].is_some() {
            return Some(taken);
        }
        let &unit = units.get(taken)?;
        let mut next: Vec<Option<usize>> = vec![None; pattern.len() + 1];
        for (p, piece) in pattern.iter().enumerate() {
            let Some(used) = alive[p] else { continue };
            match piece {
                Piece::Unit(u) if *u == unit => next[p + 1] = Some(0),
                Piece::One => next[p + 1] = Some(0),
                Piece::Many if used < STAR => {
                    next[p] = Some(next[p].map_or(used + 1, |n| n.min(used + 1)));
                }
                _ => {}
            }
        }
        if next.iter().all(Option::is_none) {
            return None;
        }
        alive = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(keyword: &str) -> KeywordAlert {
        KeywordAlert {
            keyword: keyword.to_owned(),
            channels: Vec::new(),
            urgent: false,
        }
    }

    #[test]
    fn scripts_widths_and_camouflage_make_no_difference() {
        assert_eq!(alert("质量").matches("這個質量不行", None), Some(2..4));
        assert_eq!(alert("質量").matches("这个质 量不行", None), Some(2..5));
        assert_eq!(alert("骗子").matches("商家是骗*子", None), Some(3..6));
        assert_eq!(alert("VIP").matches("我是ｖｉｐ客户", None), Some(2..5));
    }

    #[test]
    fn wildcards_stand_for_a_few_characters() {
        assert_eq!(
            alert("加*微信").matches("客服让我加了他的微信", None),
            Some(4..10)
        );
        assert_eq!(alert("第?次").matches("这是第三次买", None), Some(2..5));
        assert_eq!(
            alert("加*微信").matches(&format!("加{}微信", "啊呀".repeat(20)), None),
            None
        );
        assert_eq!(alert("**").matches("什么都有", None), None);
        assert_eq!(
            alert(&"*啊".repeat(40))
                .matches(&"啊吧".repeat(60), None)
                .map(|r| r.start),
            Some(0)
        );
    }

    #[test]
    fn numbers_and_latin_words_are_taken_literally() {
        assert_eq!(alert("iphone 15").matches("买的iPhone15", None), Some(2..10));
        assert_eq!(alert("iphone 15").matches("买的iPhone14", None), None);
        assert_eq!(alert("app").matches("apple很好", None), None);
        assert_eq!(alert("app").matches("你们的app很卡", None), Some(3..6));
    }

    #[test]
    fn an_urgent_alert_is_heard_before_the_others() {
        let alerts = [
            alert("差"),
            KeywordAlert {
                urgent: true,
                ..alert("头发")
            },
            alert("慢"),
        ];
        let (first, span) = heard(&alerts, "又慢又差，还有頭髮", None).unwrap();
        assert_eq!((first.keyword.as_str(), span), ("头发", 7..9));
        assert_eq!(heard(&alerts, "又慢又差", None).unwrap().0.keyword, "差");
        assert_eq!(heard(&alerts, "很好", None), None);
    }

    #[test]
    fn an_alert_of_one_channel_keeps_quiet_on_others() {
        let only = KeywordAlert {
            channels: vec![Channel::Meituan],
            ..alert("骗子")
        };
        assert!(only.matches("骗子", Some(Channel::Meituan)).is_some());
        assert!(only.matches("骗子", Some(Channel::Taobao)).is_none());
        assert!(only.matches("骗子", None).is_none());
    }
}
