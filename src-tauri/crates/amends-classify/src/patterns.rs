//! Written patterns for risks (`data/risks.txt`) and tones (`data/tones.txt`): sequences of word groups that come close
//! together, unless what they say is denied, supposed or hearsay.

use crate::normalise::fold_word;
use amends_domain::words::Risk;
use std::{collections::BTreeMap, sync::LazyLock};

const SOURCE: &str = concat!(
    include_str!("../data/risks.txt"),
    include_str!("../data/tones.txt")
);

/// What a rule speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Risk(Risk),
    /// A fault, named or denied.
    Defect,
    /// A merit, named or denied.
    Praise,
    Irony,
}

impl Topic {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "defect" => Some(Self::Defect),
            "praise" => Some(Self::Praise),
            "irony" => Some(Self::Irony),
            risk => risk.parse().ok().map(Self::Risk),
        }
    }
}

/// A place where a rule holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Match {
    pub about: Topic,
    /// The precision the rule aims at.
    pub strength: f32,
    /// Units of the folded text.
    pub start: usize,
    pub end: usize,
    /// Denied, supposed or hearsay: no conclusion, only a hint.
    pub doubtful: bool,
    /// Which rule, by its place in the file.
    pub rule: u16,
}

/// The strength of harmless words, as doubt.
const HINT: f32 = 0.79;

struct Word {
    units: Box<[u16]>,
    groups: Box<[u16]>,
}

/// The words that begin with one unit: `words[begin..end]`.
struct Bucket {
    begin: u16,
    end: u16,
    /// One bit for the last six bits of each second unit: most places of a text need no closer look.
    seconds: u64,
}

struct Rule {
    about: Topic,
    strength: f32,
    even_if: bool,
    even_not: bool,
    even_said: bool,
    /// The words are harmless.
    harmless: bool,
    /// A group whose words before or inside spoil the match.
    unless: Option<u16>,
    /// Word group and how far it may lie behind the item before.
    items: Box<[(u16, usize)]>,
}

/// Compiled patterns.
pub(crate) struct Patterns {
    /// Sorted.
    words: Vec<Word>,
    /// The second unit of each word, 0 where it has none.
    seconds: Vec<u16>,
    buckets: Vec<Bucket>,
    /// Per unit the bucket of the words that begin with it, plus one.
    bucket_of: Box<[u16]>,
    rules: Vec<Rule>,
    /// Rules by the group of their first item.
    anchored: Vec<Vec<u16>>,
    not: u16,
    filler: u16,
    mask: u16,
    supposed: u16,
    said: u16,
    averted: u16,
    relief: u16,
}

#[derive(Debug, Clone, Copy)]
struct Hit {
    group: u16,
    start: u32,
    end: u32,
}

/// Buffers kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Found {
    hits: Vec<Hit>,
    masks: Vec<(u32, u32)>,
    present: Vec<u64>,
    /// What was found, in no order.
    pub matches: Vec<Match>,
}

static SHIPPED: LazyLock<Patterns> = LazyLock::new(|| Patterns::compile(SOURCE));

impl Patterns {
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads the pattern language; lines it cannot read are left out (a test sees to it that there are none).
    fn compile(source: &str) -> Self {
        let (patterns, problems) = Self::parse(source);
        debug_assert!(problems.is_empty(), "{problems:?}");
        patterns
    }

    fn parse(source: &str) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut groups: Vec<String> = Vec::new();
        let mut words: BTreeMap<Vec<u16>, Vec<u16>> = BTreeMap::new();
        let mut rules = Vec::new();
        let lines = || {
            source
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty() && !l.starts_with('#'))
        };
        for line in lines().filter(|l| l.starts_with('@')) {
            let Some((name, list)) = line.split_once('=') else {
                problems.push(line.to_owned());
                continue;
            };
            let name = name.trim_end_matches('+').trim().to_owned();
            named
                .entry(name)
                .or_default()
                .extend(list.split_whitespace().map(str::to_owned));
        }
        // Harmless words also hide the dangerous ones inside them: 起诉 in 起诉状.
        for line in lines().filter(|l| !l.starts_with('@')) {
            if let Some((head, body)) = line.split_once(" : ")
                && head.ends_with(" 0")
                && !body.contains(" ..")
            {
                named
                    .entry("@mask".to_owned())
                    .or_default()
                    .extend(body.split('|').map(str::to_owned));
            }
        }
        let named = named;
        let mut group = |item: &str, problems: &mut Vec<String>| -> u16 {
            if let Some(at) = groups.iter().position(|g| g == item) {
                return at as u16;
            }
            let at = groups.len() as u16;
            groups.push(item.to_owned());
            for part in item.split('|').map(str::trim) {
                let list = match named.get(part) {
                    Some(list) => list.clone(),
                    None => {
                        if part.starts_with('@') || part.is_empty() {
                            problems.push(format!("no words for `{part}`"));
                        }
                        vec![part.to_owned()]
                    }
                };
                for word in list {
                    let own = words.entry(fold_word(&word)).or_default();
                    if !own.contains(&at) {
                        own.push(at);
                    }
                }
            }
            at
        };
        let grammar: Vec<u16> = ["@not", "@filler", "@mask", "@if", "@said", "@averted", "@relief"]
            .iter()
            .map(|g| group(g, &mut problems))
            .collect();
        for line in lines().filter(|l| !l.starts_with('@')) {
            let parsed = line.split_once(" : ").and_then(|(head, body)| {
                let mut head = head.split_whitespace();
                let about = Topic::parse(head.next()?)?;
                let strength: f32 = head.next()?.parse().ok()?;
                let flags: Vec<&str> = head.collect();
                let mut items = Vec::new();
                for (k, piece) in body.split(" ..").enumerate() {
                    let (gap, item) = if k == 0 {
                        ("0", piece)
                    } else {
                        piece.trim().split_once(' ')?
                    };
                    items.push((group(item.trim(), &mut problems), gap.parse().ok()?));
                }
                Some(Rule {
                    about,
                    strength: if strength == 0.0 { HINT } else { strength / 100.0 },
                    even_if: flags.contains(&"even-if"),
                    even_not: flags.contains(&"even-not"),
                    even_said: flags.contains(&"even-said"),
                    harmless: strength == 0.0,
                    unless: flags
                        .iter()
                        .find_map(|f| f.strip_prefix("unless:"))
                        .map(|g| group(g, &mut problems)),
                    items: items.into(),
                })
            });
            match parsed {
                Some(rule) => rules.push(rule),
                None => problems.push(line.to_owned()),
            }
        }
        let mut anchored = vec![Vec::new(); groups.len()];
        for (at, rule) in rules.iter().enumerate() {
            anchored[usize::from(rule.items[0].0)].push(at as u16);
        }
        words.remove(&Vec::new());
        let words: Vec<Word> = words
            .into_iter()
            .map(|(units, groups)| Word {
                units: units.into(),
                groups: groups.into(),
            })
            .collect();
        let seconds = words
            .iter()
            .map(|w| w.units.get(1).copied().unwrap_or(0))
            .collect();
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut bucket_of = vec![0_u16; 1 << 16].into_boxed_slice();
        for (at, word) in words.iter().enumerate() {
            let of = &mut bucket_of[usize::from(word.units[0])];
            if *of == 0 {
                buckets.push(Bucket {
                    begin: at as u16,
                    end: at as u16,
                    seconds: 0,
                });
                *of = buckets.len() as u16;
            }
            let bucket = &mut buckets[usize::from(*of) - 1];
            bucket.end = at as u16 + 1;
            bucket.seconds |= word.units.get(1).map_or(u64::MAX, |&u| bit(u));
        }
        let [not, filler, mask, supposed, said, averted, relief] =
            [0, 1, 2, 3, 4, 5, 6].map(|k: usize| grammar[k]);
        (
            Self {
                words,
                seconds,
                buckets,
                bucket_of,
                rules,
                anchored,
                not,
                filler,
                mask,
                supposed,
                said,
                averted,
                relief,
            },
            problems,
        )
    }

    /// The lines of the rules, in their order.
    #[cfg(feature = "train")]
    pub(crate) fn describe(&self) -> Vec<String> {
        SOURCE
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty() && !l.starts_with('#') && !l.starts_with('@'))
            .map(str::to_owned)
            .collect()
    }

    /// Finds every place where a rule holds.
    pub(crate) fn find(&self, units: &[u16], found: &mut Found) {
        let Found {
            hits,
            masks,
            present,
            matches,
        } = found;
        hits.clear();
        masks.clear();
        matches.clear();
        for (i, &first) in units.iter().enumerate() {
            let bucket = usize::from(self.bucket_of[usize::from(first)]);
            let Some(bucket) = bucket.checked_sub(1).map(|b| &self.buckets[b]) else {
                continue;
            };
            let next = units.get(i + 1).copied().unwrap_or(0);
            if bucket.seconds & bit(next) == 0 {
                continue;
            }
            for at in usize::from(bucket.begin)..usize::from(bucket.end) {
                if self.seconds[at] != next && self.seconds[at] != 0 {
                    continue;
                }
                let word = &self.words[at];
                // Words are short: comparing in place beats a call.
                let fits = units.len() - i >= word.units.len()
                    && word.units.iter().zip(&units[i..]).all(|(a, b)| a == b);
                if fits {
                    let (start, end) = (i as u32, (i + word.units.len()) as u32);
                    for &group in &word.groups {
                        if group == self.mask {
                            masks.push((start, end));
                        } else {
                            hits.push(Hit { group, start, end });
                        }
                    }
                }
            }
        }
        if !masks.is_empty() {
            hits.retain(|h| {
                !masks
                    .iter()
                    .any(|m| m.0 <= h.start && h.end <= m.1 && m.1 - m.0 > h.end - h.start)
            });
        }
        present.clear();
        present.resize(self.anchored.len().div_ceil(64), 0);
        for hit in hits.iter() {
            present[usize::from(hit.group) / 64] |= 1 << (hit.group % 64);
        }
        let has = |group: u16| present[usize::from(group) / 64] >> (group % 64) & 1 == 1;
        for (at, hit) in hits.iter().enumerate() {
            for &number in &self.anchored[usize::from(hit.group)] {
                let rule = &self.rules[usize::from(number)];
                if !rule.items.iter().all(|i| has(i.0)) {
                    continue;
                }
                let mut spans = [(0_u32, 0_u32); 4];
                spans[0] = (hit.start, hit.end);
                if follow(units, &hits[at..], rule, 1, &mut spans) {
                    let spans = &spans[..rule.items.len().min(4)];
                    let doubtful = self.doubtful(units, hits, rule, spans);
                    matches.push(Match {
                        about: rule.about,
                        strength: rule.strength,
                        start: spans[0].0 as usize,
                        end: spans[spans.len() - 1].1 as usize,
                        doubtful,
                        rule: number,
                    });
                }
            }
        }
    }

    fn doubtful(&self, units: &[u16], hits: &[Hit], rule: &Rule, spans: &[(u32, u32)]) -> bool {
        let (start, end) = (spans[0].0, spans[spans.len() - 1].1);
        rule.harmless
            || rule.unless.is_some_and(|g| {
                before(units, hits, g, start, 24)
                    || hits
                        .iter()
                        .any(|h| h.group == g && h.start >= start && h.end <= end)
            })
            || (!rule.even_not && spans.iter().any(|s| self.denied(hits, s.0)))
            || self.averted(units, hits, rule, start, end)
            || (!rule.even_said && before(units, hits, self.said, start, 24))
    }

    /// Only supposed. What is threatened is supposed, too (要是不退我就投诉): then it must be told that it did not come to
    /// it. What a person barely escaped (差点触电) was a danger all the same.
    fn averted(&self, units: &[u16], hits: &[Hit], rule: &Rule, start: u32, end: u32) -> bool {
        let supposed =
            || before(units, hits, self.supposed, start, 12) || followed_by_supposition(units, end);
        if !rule.even_if {
            return supposed();
        }
        before(units, hits, self.averted, start, 12)
            || (after(units, hits, self.relief, end, 16) && supposed())
    }

    /// A negation ends where the word begins, with nothing but fillers between.
    fn denied(&self, hits: &[Hit], start: u32) -> bool {
        let mut at = start;
        for _ in 0..3 {
            if hits.iter().any(|h| h.group == self.not && h.end == at) {
                return true;
            }
            let filler = hits
                .iter()
                .filter(|h| h.group == self.filler && h.end == at)
                .map(|h| h.start)
                .min();
            match filler {
                Some(earlier) => at = earlier,
                None => return false,
            }
        }
        hits.iter().any(|h| h.group == self.not && h.end == at)
    }
}

fn bit(unit: u16) -> u64 {
    1 << (unit % 64)
}

/// Whether the items of a rule after `next` come within their gaps; fills `spans` with where.
fn follow(units: &[u16], hits: &[Hit], rule: &Rule, next: usize, spans: &mut [(u32, u32); 4]) -> bool {
    let Some(&(group, gap)) = rule.items.get(next) else {
        return true;
    };
    if next >= spans.len() {
        return false;
    }
    let from = spans[next - 1].1;
    for hit in hits {
        if hit.start as usize > from as usize + gap {
            return false;
        }
        if hit.group == group && hit.start >= from && !stops(&units[from as usize..hit.start as usize]) {
            spans[next] = (hit.start, hit.end);
            if follow(units, hits, rule, next + 1, spans) {
                return true;
            }
        }
    }
    false
}

fn stops(units: &[u16]) -> bool {
    units
        .iter()
        .any(|&u| u < 128 && matches!(u as u8, b'.' | b'!' | b'?' | b';'))
}

/// A word of the group ends at most `reach` units before `start`, in the same sentence.
fn before(units: &[u16], hits: &[Hit], group: u16, start: u32, reach: u32) -> bool {
    hits.iter().any(|h| {
        h.group == group
            && h.end <= start
            && start - h.end <= reach
            && !stops(&units[h.end as usize..start as usize])
    })
}

/// A word of the group begins at most `reach` units after `end`, in the same sentence.
fn after(units: &[u16], hits: &[Hit], group: u16, end: u32, reach: u32) -> bool {
    hits.iter().any(|h| {
        h.group == group
            && h.start >= end
            && h.start - end <= reach
            && !stops(&units[end as usize..h.start as usize])
    })
}

/// …的话 soon after.
fn followed_by_supposition(units: &[u16], end: u32) -> bool {
    let rest = &units[end as usize..];
    let rest = &rest[..rest.len().min(6)];
    rest.windows(2).any(|w| w == [0x7684, 0x8bdd])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::Normal;

    fn risks(text: &str) -> Vec<Risk> {
        let mut normal = Normal::default();
        normal.read(text);
        let mut found = Found::default();
        Patterns::shipped().find(&normal.units, &mut found);
        let mut risks: Vec<Risk> = found
            .matches
            .iter()
            .filter(|m| !m.doubtful)
            .filter_map(|m| match m.about {
                Topic::Risk(risk) => Some(risk),
                _ => None,
            })
            .collect();
        risks.sort();
        risks.dedup();
        risks
    }

    #[test]
    fn every_line_of_the_patterns_can_be_read() {
        let (patterns, problems) = Patterns::parse(SOURCE);
        assert!(problems.is_empty(), "{problems:?}");
        assert!(patterns.words.len() < usize::from(u16::MAX));
        assert!(patterns.rules.iter().all(|r| r.items.len() <= 4));
    }

    #[test]
    fn what_is_denied_supposed_or_hearsay_is_no_risk() {
        for text in [
            "没有发现头发，很干净",
            "饭里没有头发",
            "要是饭里有头发我可受不了",
            "听说会拉肚子我没有",
            "洗完头皮不痒",
        ] {
            assert!(risks(text).is_empty(), "{text}: {:?}", risks(text));
        }
    }

    #[test]
    fn a_threat_that_was_averted_is_no_risk() {
        for text in [
            "要是还不退款我就打12315，还好当天退了",
            "差点就去报警了",
            "要不是店员道歉我早就曝光了",
        ] {
            assert!(risks(text).is_empty(), "{text}: {:?}", risks(text));
        }
        for (text, risk) in [
            ("要是还不退款我就打12315", Risk::Legal),
            ("再不处理我就曝光你们", Risk::Media),
        ] {
            assert_eq!(risks(text), [risk], "{text}");
        }
    }

    #[test]
    fn what_was_barely_escaped_is_a_danger() {
        assert_eq!(risks("插座漏电，差点触电"), [Risk::Injury]);
        assert_eq!(risks("走廊太滑，差点摔断腿"), [Risk::Injury]);
    }

    #[test]
    fn what_only_the_shop_itself_heard_is_no_matter_of_law() {
        for text in [
            "给前台打电话投诉，过了很久才来人",
            "投诉给经理，换了一间房",
            "投诉无门",
            "离派出所很近",
        ] {
            assert!(risks(text).is_empty(), "{text}: {:?}", risks(text));
        }
        for text in ["前台不管，我要投诉到携程", "经理不理，我已经报警"] {
            assert_eq!(risks(text), [Risk::Legal], "{text}");
        }
    }

    #[test]
    fn who_goes_public_is_a_risk_and_who_came_because_of_it_is_none() {
        for text in [
            "都市报的记者约了我明天面谈",
            "我表哥在电视台新闻部，证据发过去了",
            "微博已经挂了，自己搜去",
            "有个百万粉丝的博主说要扒一扒你们",
            "下期节目里我会在视频里点名",
        ] {
            assert_eq!(risks(text), [Risk::Media], "{text}");
        }
        for text in [
            "相机曝光有问题，拍出来全白",
            "冲着网红博主推荐来的，味道很普通",
            "直播间说的赠品没有给",
            "朋友圈集赞送的小菜，结果不给",
        ] {
            assert!(risks(text).is_empty(), "{text}: {:?}", risks(text));
        }
    }

    #[test]
    fn what_happened_is_a_risk() {
        assert_eq!(risks("吃完拉肚子了"), [Risk::Health]);
        assert_eq!(risks("汤里居然有一根头发"), [Risk::Health]);
        assert_eq!(risks("插座漏电"), [Risk::Injury]);
        assert_eq!(risks("给我200块我就删差评"), [Risk::Extortion]);
        assert!(risks("不退款我就打12315").contains(&Risk::Legal));
    }
}
