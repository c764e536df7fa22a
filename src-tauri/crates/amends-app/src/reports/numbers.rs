//! Numbers as people write them.

use amends_domain::figures::{Change, Share};
use amends_report::document::{self, Mood};

const MINUTE_MS: f64 = 60_000.0;

/// Which direction is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Better {
    More,
    Less,
}

/// 96.4%.
pub(super) fn percent(rate: f64) -> String {
    format!("{:.1}%", rate * 100.0)
}

/// The rate of a share; 暂无数据 without a denominator.
pub(super) fn rate(share: &Share) -> String {
    share.rate().map_or_else(|| NO_DATA.to_owned(), percent)
}

pub(super) const NO_DATA: &str = "暂无数据";

/// 47 分钟, 5 小时 12 分, 2 天 3 小时.
pub(super) fn duration(ms: f64) -> String {
    let minutes = (ms.abs() / MINUTE_MS).round() as u64;
    match minutes {
        0 if ms != 0.0 => "不到 1 分钟".to_owned(),
        0..60 => format!("{minutes} 分钟"),
        60..2_880 => match minutes % 60 {
            0 => format!("{} 小时", minutes / 60),
            rest => format!("{} 小时 {rest} 分", minutes / 60),
        },
        _ => match minutes % 1_440 / 60 {
            0 => format!("{} 天", minutes / 1_440),
            hours => format!("{} 天 {hours} 小时", minutes / 1_440),
        },
    }
}

/// Minutes, for spreadsheets.
pub(super) fn minutes(ms: f64) -> f64 {
    (ms / MINUTE_MS * 10.0).round() / 10.0
}

/// ¥128.50; other currencies with their code.
pub(super) fn money(minor: f64, currency: &str) -> String {
    let amount = minor / 100.0;
    let digits = if amount.fract().abs() < 0.005 { 0 } else { 2 };
    match currency {
        "CNY" => format!("¥{amount:.digits$}"),
        other => format!("{other} {amount:.digits$}"),
    }
}

fn sign(value: f64) -> &'static str {
    if value < 0.0 { "−" } else { "+" }
}

fn mood(change: &Change, better: Better) -> Mood {
    match (change.beyond_chance, change.delta > 0.0, better) {
        (false, ..) => Mood::Plain,
        (true, true, Better::More) | (true, false, Better::Less) => Mood::Good,
        _ => Mood::Bad,
    }
}

/// A difference in words; `±` where luck alone explains it (product.md: a change is called one only beyond chance).
fn told(
    change: Option<&Change>,
    better: Better,
    words: impl Fn(&Change) -> String,
) -> Option<document::Change> {
    change.map(|change| document::Change {
        text: if change.beyond_chance && change.delta != 0.0 {
            words(change)
        } else {
            "±".to_owned()
        },
        mood: mood(change, better),
    })
}

/// +3.1 百分点.
pub(super) fn points(change: Option<&Change>, better: Better) -> Option<document::Change> {
    told(change, better, |change| {
        format!("{}{:.1} 百分点", sign(change.delta), change.delta.abs() * 100.0)
    })
}

/// −18 分钟.
pub(super) fn time(change: Option<&Change>, better: Better) -> Option<document::Change> {
    told(change, better, |change| {
        format!("{}{}", sign(change.delta), duration(change.delta.abs()))
    })
}

/// +35%, or +4 where there was nothing before.
pub(super) fn growth(change: Option<&Change>, better: Better) -> Option<document::Change> {
    told(change, better, |change| match change.percent {
        Some(percent) => format!("{}{:.0}%", sign(percent), percent.abs()),
        None => format!("{}{:.0}", sign(change.delta), change.delta.abs()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let ms = |minutes: f64| minutes * MINUTE_MS;
        for (minutes, words) in [
            (0.2, "不到 1 分钟"),
            (47.0, "47 分钟"),
            (312.0, "5 小时 12 分"),
            (120.0, "2 小时"),
            (2_880.0, "2 天"),
            (3_000.0, "2 天 2 小时"),
        ] {
            assert_eq!(duration(ms(minutes)), words);
        }
    }

    #[test]
    fn a_difference_that_luck_explains_is_not_called_one() {
        let mut change = Change {
            before: 0.9,
            delta: 0.031,
            percent: None,
            p: 0.01,
            beyond_chance: true,
        };
        let up = points(Some(&change), Better::More).unwrap();
        assert_eq!((up.text.as_str(), up.mood), ("+3.1 百分点", Mood::Good));
        change.beyond_chance = false;
        let same = points(Some(&change), Better::More).unwrap();
        assert_eq!((same.text.as_str(), same.mood), ("±", Mood::Plain));
    }
}
