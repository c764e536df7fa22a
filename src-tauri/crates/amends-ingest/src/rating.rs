//! Ratings as exports write them (`sources.md` E51) and the scale a column is written in.

use crate::{clean, record::Kind};
use amends_domain::{PlatformPolarity, Scale};

/// What a rating cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rated {
    /// Nothing: blank, `-`, `暂无`, `0`.
    Missing,
    /// Stars from 1 to 5, and the scale the cell itself names (`3/10`, `20%`, `★☆☆☆☆`) where it differs.
    Stars(f32, Option<Scale>),
    /// 好评, 中评, 差评.
    Verdict(PlatformPolarity),
    /// Recommended or not.
    Recommends(bool),
    /// Neither a rating of this scale nor nothing.
    Bad,
}

/// A cell before its scale is known.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Missing,
    Number(f64),
    Of(f64, f64),
    Stars(f64),
    Verdict(PlatformPolarity),
    Recommends(bool),
    Bad,
}

fn shape(cell: &str, kind: Kind) -> Shape {
    use PlatformPolarity::{Bad, Good, Neutral};
    let text = clean::unguard(cell);
    if kind == Kind::Percent
        && let Ok(share) = text.parse::<f64>()
    {
        return Shape::Of(share * 100.0, 100.0);
    }
    // The common cases need no folding.
    if let [b'1'..=b'5'] = text.as_bytes() {
        return Shape::Number(f64::from(text.as_bytes()[0] - b'0'));
    }
    let folded = clean::fold_width(text);
    let text = folded.trim();
    match text {
        ""
        | "-"
        | "--"
        | "—"
        | "/"
        | "0"
        | "0.0"
        | "0星"
        | "0分"
        | "暂无"
        | "无"
        | "未评分"
        | "未评价"
        | "暂无评分"
        | "无评分"
        | "N/A"
        | "n/a"
        | "NA"
        | "null"
        | "NULL"
        | "None"
        | "none"
        | "nan"
        | "STAR_RATING_UNSPECIFIED" => {
            return Shape::Missing;
        }
        "好评" | "好" | "good" | "positive" | "Good" | "正面" | "正面评价" | "GOOD" => {
            return Shape::Verdict(Good);
        }
        "中评" | "中" | "neutral" | "Neutral" | "中性" | "中性评价" | "NEUTRAL" => {
            return Shape::Verdict(Neutral);
        }
        "差评" | "差" | "bad" | "negative" | "Bad" | "负面" | "负面评价" | "BAD" => {
            return Shape::Verdict(Bad);
        }
        "推荐"
        | "recommend"
        | "recommended"
        | "Recommended"
        | "yes"
        | "Yes"
        | "true"
        | "TRUE"
        | "是"
        | "positive_recommendation" => {
            return Shape::Recommends(true);
        }
        "不推荐" | "not recommended" | "Not Recommended" | "doesn't recommend" | "no" | "No" | "false"
        | "FALSE" | "否" => {
            return Shape::Recommends(false);
        }
        "非常满意" => return Shape::Stars(5.0),
        "满意" | "比较满意" => return Shape::Stars(4.0),
        "一般" => return Shape::Stars(3.0),
        "不满意" | "不太满意" => return Shape::Stars(2.0),
        "非常不满意" | "很不满意" => return Shape::Stars(1.0),
        _ => {}
    }
    let full = text.chars().filter(|c| matches!(c, '★' | '⭐' | '🌟')).count();
    if full > 0 || text.contains('☆') {
        let other = text
            .chars()
            .any(|c| !matches!(c, '★' | '⭐' | '🌟' | '☆' | '\u{FE0F}' | ' '));
        return match (other, full) {
            (false, 0) => Shape::Missing,
            (false, n) if n <= 5 => Shape::Stars(n as f64),
            _ => Shape::Bad,
        };
    }
    let low = text.to_lowercase();
    for (word, stars) in [
        ("one", 1.0),
        ("two", 2.0),
        ("three", 3.0),
        ("four", 4.0),
        ("five", 5.0),
        ("一", 1.0),
        ("二", 2.0),
        ("两", 2.0),
        ("三", 3.0),
        ("四", 4.0),
        ("五", 5.0),
    ] {
        if let Some(rest) = low.strip_prefix(word)
            && matches!(
                rest.trim(),
                "" | "星"
                    | "颗星"
                    | "星级"
                    | "分"
                    | " stars"
                    | " star"
                    | "_stars"
                    | "_star"
                    | "stars"
                    | "star"
            )
        {
            return Shape::Stars(stars);
        }
    }
    if let Some(percent) = low.strip_suffix('%') {
        return number(percent).map_or(Shape::Bad, |n| Shape::Of(n, 100.0));
    }
    if let Some((n, of)) = low
        .split_once('/')
        .or_else(|| low.split_once(" out of "))
        .or_else(|| low.split_once(" von "))
        && let (Some(n), Some(of)) = (number(n), number(of))
    {
        return if of > 0.0 { Shape::Of(n, of) } else { Shape::Bad };
    }
    for unit in ["星级", "颗星", "星", " stars", " star", "stars", "star"] {
        if let Some(n) = low.strip_suffix(unit).and_then(number) {
            return Shape::Number(n);
        }
    }
    match low.strip_suffix('分').map_or_else(|| number(&low), number) {
        Some(n) => Shape::Number(n),
        None => Shape::Bad,
    }
}

/// Digits with a point or a decimal comma.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty()
        || !text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'))
    {
        return None;
    }
    text.replace(',', ".")
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite())
}

/// Reads a rating cell in its column's scale.
pub(crate) fn read(cell: &str, kind: Kind, scale: Scale) -> Rated {
    let on = |n: f64, least: f64, most: f64, per_star: f64, named: Option<Scale>| {
        if n == 0.0 {
            Rated::Missing
        } else if n < least || n > most {
            Rated::Bad
        } else {
            Rated::Stars(((n / per_star) as f32).clamp(1.0, 5.0), named)
        }
    };
    match shape(cell, kind) {
        Shape::Missing => Rated::Missing,
        Shape::Bad => Rated::Bad,
        Shape::Verdict(v) => Rated::Verdict(v),
        Shape::Recommends(r) => Rated::Recommends(r),
        Shape::Stars(n) => Rated::Stars(n as f32, (scale != Scale::Stars5).then_some(Scale::Stars5)),
        Shape::Of(n, of) => {
            let named = match of as i64 {
                5 => Scale::Stars5,
                10 => Scale::Stars10,
                50 => Scale::Stars50,
                500 => Scale::Score500,
                _ => Scale::Percent,
            };
            on(n, 0.0, of, of / 5.0, (named != scale).then_some(named))
        }
        Shape::Number(n) => match scale {
            Scale::Stars5 => on(n, 0.5, 5.0, 1.0, None),
            Scale::Stars10 => on(n, 0.5, 10.0, 2.0, None),
            Scale::Stars50 => on(n, 5.0, 50.0, 10.0, None),
            Scale::Score500 => on(n, 50.0, 500.0, 100.0, None),
            Scale::Percent => on(n, 0.0, 100.0, 20.0, None),
            // 1 好评, 0 中评, -1 差评 and the like are codes nobody can guess.
            Scale::Polarity3 | Scale::Polarity2 | Scale::None => Rated::Bad,
        },
    }
}

/// The values of a rating column, counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    numbers: Vec<f64>,
    of: u32,
    of_hundred: u32,
    stars: u32,
    verdicts: u32,
    recommends: u32,
    bad: u32,
    example: String,
}

impl Tally {
    pub(crate) fn add(&mut self, cell: &str, kind: Kind) {
        match shape(cell, kind) {
            Shape::Missing => {}
            Shape::Bad => self.bad += 1,
            Shape::Verdict(_) => self.verdicts += 1,
            Shape::Recommends(_) => self.recommends += 1,
            Shape::Stars(_) => self.stars += 1,
            Shape::Of(_, of) => {
                self.of += 1;
                self.of_hundred += u32::from(of == 100.0);
            }
            Shape::Number(n) => {
                if n > 10.0 && self.example.is_empty() {
                    self.example = cell.trim().to_owned();
                }
                self.numbers.push(n);
            }
        }
    }

    /// Cells that are ratings, as a share of those that are filled.
    pub(crate) fn share(&self) -> f32 {
        let good = self.numbers.len() as u32 + self.of + self.stars + self.verdicts + self.recommends;
        if good + self.bad == 0 {
            0.0
        } else {
            good as f32 / (good + self.bad) as f32
        }
    }

    /// The scale, or an example value when the values fit none.
    pub(crate) fn scale(&self, header: &str) -> Result<Scale, String> {
        let n = self.numbers.len() as u32;
        if self.verdicts > n + self.stars + self.of {
            return Ok(Scale::Polarity3);
        }
        if self.recommends > n + self.stars + self.of {
            return Ok(Scale::Polarity2);
        }
        let header = clean::fold_width(header);
        if ["10分制", "十分制", "满分10", "/10"]
            .iter()
            .any(|w| header.contains(w))
        {
            return Ok(Scale::Stars10);
        }
        if ["100分制", "百分制", "满分100", "%"]
            .iter()
            .any(|w| header.contains(w))
            || self.of_hundred > n + self.stars
        {
            return Ok(Scale::Percent);
        }
        if ["5分制", "五分制", "满分5", "/5"]
            .iter()
            .any(|w| header.contains(w))
            || n == 0
        {
            return Ok(Scale::Stars5);
        }
        // A few cells outside the scale are slips, not another scale.
        let fits =
            |most: f64| self.numbers.iter().filter(|v| **v <= most).count() * 100 >= self.numbers.len() * 90;
        let steps = |step: f64| self.numbers.iter().all(|v| v % step == 0.0);
        if fits(5.0) {
            Ok(Scale::Stars5)
        } else if fits(10.0) {
            Ok(Scale::Stars10)
        } else if steps(5.0) && fits(50.0) && self.numbers.iter().all(|v| *v >= 5.0) {
            Ok(Scale::Stars50)
        } else if steps(50.0) && fits(500.0) {
            Ok(Scale::Score500)
        } else {
            Err(self.example.clone())
        }
    }
}
