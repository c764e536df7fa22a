//! One spelling for every text: compatibility forms, case, script, emoji, camouflage, digits and repeats are
//! folded before anything is read, and every folded unit remembers which characters it came from.
//!
//! White space is dropped altogether, so adding some never changes what is concluded.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

const TRADITIONAL: &str = include_str!("../data/opencc/TSCharacters.txt");
const TAIWAN: &str = include_str!("../data/opencc/TWVariants.txt");
const HONG_KONG: &str = include_str!("../data/opencc/HKVariants.txt");
const ALIASES: &str = include_str!("../data/aliases.txt");
const TONES: &str = include_str!("../data/tones.txt");

/// What denies the fault that follows; longer before shorter.
const DENIALS: &[&str] = &[
    "没有",
    "不怎么",
    "不太",
    "不会",
    "不是",
    "从不",
    "毫无",
    "没",
    "不",
    "无",
    "未",
    "零",
];
/// What may stand between a denial and its fault.
const BETWEEN: &[&str] = &[
    "一点点",
    "一点",
    "半点",
    "一丝",
    "丝毫",
    "任何",
    "什么",
    "明显",
    "一个",
    "一只",
    "一处",
    "发现",
    "出现",
    "闻到",
    "听到",
    "看到",
    "遇到",
    "感觉",
    "觉得",
    "发生",
    "有",
    "过",
    "被",
    "乱",
];
/// Before a denial these turn or suspend it.
const SUSPENDED: &[&str] = &[
    "要是",
    "如果",
    "假如",
    "若是",
    "希望",
    "除非",
    "不是",
    "不得",
    "不能",
    "难道",
    "并非",
    "怎么能",
    "为什么",
    "能不能",
    "是不是",
];

/// Cantonese function words, read as their Mandarin counterparts; and 著, which Taiwan writes for 着.
const CANTONESE: &str =
    "唔不冇没嘅的咗了佢他喺在嗰那咁这啲些畀给俾给攞拿谂想諗想嚟来哋们睇看靓靓著着祂他牠它妳你";

/// Two characters that belong together even when something is written between them (垃/圾, 骗*子).
const SPLIT_WORDS: &str = "垃圾骗子差评假货投诉曝光返现好评微信退款刷单恶心傻逼脑残去死黑心奸商无良欺诈诈骗报警起诉\
律师工商维权拉肚中毒腹泻过敏变质发霉头发蟑螂苍蝇抖音微博红包加微转账辱骂威胁";

/// What a character folds to; two values are not characters.
const DROPPED: u16 = 0;
const DECOMPOSED: u16 = 1;

/// Stand-ins for what has no character of its own.
pub(crate) mod token {
    /// An emoji without a reading.
    pub const EMOJI: u16 = 0xE000;
    /// A character outside the basic plane.
    pub const RARE: u16 = 0xE003;
    /// The consumer complaint line.
    pub const HOTLINE: u16 = 0xE010;
    /// The police.
    pub const POLICE: u16 = 0xE011;
    /// A fault that is denied.
    pub const DENIED: u16 = 0xE012;
    /// Before the first character.
    pub const START: u16 = 0xE020;
    /// After the last character.
    pub const END: u16 = 0xE021;
}

/// The first characters of the first two columns of an OpenCC table.
fn pairs(table: &'static str) -> impl Iterator<Item = (char, char)> {
    table.lines().filter(|l| !l.starts_with('#')).filter_map(|line| {
        let (from, to) = line.split_once('\t')?;
        Some((from.chars().next()?, to.chars().next()?))
    })
}

struct Alias {
    spelling: Vec<u16>,
    target: Vec<u16>,
}

struct Folding {
    fold: Box<[u16]>,
    /// One bit per unit: an alias begins with it.
    begins_alias: Box<[u64]>,
    /// Sorted by first unit, longest first.
    aliases: Vec<Alias>,
    /// Sorted pairs of [`SPLIT_WORDS`].
    split: Vec<(u16, u16)>,
    /// One bit per unit: a denial begins with it.
    begins_denial: Box<[u64]>,
    denials: Vec<Vec<u16>>,
    between: Vec<Vec<u16>>,
    suspended: Vec<Vec<u16>>,
    /// Faults by their first unit, sorted, longest first.
    faults: Vec<Vec<u16>>,
}

static FOLDING: LazyLock<Folding> = LazyLock::new(Folding::build);

fn unit(c: char) -> u16 {
    u16::try_from(u32::from(c)).unwrap_or(token::RARE)
}

impl Folding {
    fn build() -> Self {
        let mut fold: Vec<u16> = (0..=u16::MAX).collect();
        for code in 0..=u16::MAX {
            let Some(c) = char::from_u32(u32::from(code)) else {
                continue;
            };
            fold[usize::from(code)] = match code {
                0..=0x20 | 0x7f..=0xa0 | 0xad => DROPPED,
                0x41..=0x5a => code + 32,
                0x300..=0x36f | 0x20d0..=0x20f0 | 0x200b..=0x200f | 0x2028..=0x202f => DROPPED,
                0x2060..=0x206f | 0xfe00..=0xfe0f | 0xfeff | 0x3000 | 0xd800..=0xf8ff => DROPPED,
                0xff01..=0xff5e => unit((((code - 0xfee0) as u8) as char).to_ascii_lowercase()),
                0x3002 | 0x2026 | 0x22ef | 0xff61 => u16::from(b'.'),
                0x3001 => u16::from(b','),
                0x201c | 0x201d | 0x300c..=0x300f | 0x300a | 0x300b => u16::from(b'"'),
                0x2018 | 0x2019 => u16::from(b'\''),
                0x3010 | 0x3014 => u16::from(b'['),
                0x3011 | 0x3015 => u16::from(b']'),
                0x2012..=0x2015 => u16::from(b'-'),
                0x301c | 0x223c => u16::from(b'~'),
                0xb5 | 0xaa | 0xba | 0xb2..=0xb9 | 0xbc..=0xbe | 0xc0..=0x24f | 0x1e00..=0x1eff => DECOMPOSED,
                0x2000..=0x2011 | 0x2030..=0x205f | 0x2070..=0x2bff if !(0x2600..0x27c0).contains(&code) => {
                    DECOMPOSED
                }
                0x3200..=0x33ff | 0xf900..=0xfaff | 0xfe10..=0xfe6f | 0xff62..=0xffef => DECOMPOSED,
                _ if c.is_whitespace() => DROPPED,
                _ if c.is_uppercase() => c.to_lowercase().next().map_or(code, unit),
                _ => code,
            };
        }
        let mut traditional = std::collections::HashSet::new();
        for (from, to) in pairs(TRADITIONAL) {
            if u32::from(from) <= 0xffff {
                fold[usize::from(unit(from))] = unit(to);
                traditional.insert(from);
            }
        }
        for (standard, variant) in pairs(TAIWAN).chain(pairs(HONG_KONG)) {
            if !traditional.contains(&variant) && u32::from(variant) <= 0xffff {
                fold[usize::from(unit(variant))] = fold[usize::from(unit(standard))];
            }
        }
        let mut cantonese = CANTONESE.chars();
        while let (Some(from), Some(to)) = (cantonese.next(), cantonese.next()) {
            fold[usize::from(unit(from))] = unit(to);
        }

        let mut folding = Self {
            fold: fold.into(),
            begins_alias: vec![0; 1024].into(),
            aliases: Vec::new(),
            split: Vec::new(),
            begins_denial: vec![0; 1024].into(),
            denials: Vec::new(),
            between: Vec::new(),
            suspended: Vec::new(),
            faults: Vec::new(),
        };
        for line in ALIASES.lines().filter(|l| !l.starts_with('#')) {
            let Some((target, spellings)) = line.split_once('=') else {
                continue;
            };
            let target = if target.trim() == "12315" {
                vec![token::HOTLINE]
            } else {
                folding.plain(target)
            };
            for spelling in spellings.split_whitespace() {
                let spelling = folding.plain(spelling);
                folding.aliases.push(Alias {
                    spelling,
                    target: target.clone(),
                });
            }
        }
        folding.aliases.retain(|a| !a.spelling.is_empty());
        folding.aliases.sort_by(|a, b| {
            (a.spelling[0], usize::MAX - a.spelling.len())
                .cmp(&(b.spelling[0], usize::MAX - b.spelling.len()))
        });
        for alias in &folding.aliases {
            let first = usize::from(alias.spelling[0]);
            folding.begins_alias[first / 64] |= 1 << (first % 64);
        }
        let words: Vec<u16> = SPLIT_WORDS.chars().map(unit).collect();
        folding.split = words.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        folding.split.sort_unstable();
        let all = |words: &[&str]| words.iter().map(|w| folding.plain(w)).collect::<Vec<_>>();
        let (denials, between, suspended) = (all(DENIALS), all(BETWEEN), all(SUSPENDED));
        let faults = TONES.lines().filter_map(|l| l.strip_prefix("@fault ="));
        let mut faults = all(&faults.flat_map(str::split_whitespace).collect::<Vec<_>>());
        faults.sort_by(|a, b| (a[0], b.len()).cmp(&(b[0], a.len())));
        for denial in &denials {
            folding.begins_denial[usize::from(denial[0]) / 64] |= 1 << (denial[0] % 64);
        }
        (folding.denials, folding.between, folding.suspended) = (denials, between, suspended);
        folding.faults = faults;
        folding
    }

    /// Folds characters one by one, without aliases: how the tables themselves are read.
    fn plain(&self, text: &str) -> Vec<u16> {
        let mut out = Vec::new();
        for c in text.chars() {
            self.char(c, |u| out.push(u));
        }
        out
    }

    #[inline]
    fn char(&self, c: char, mut put: impl FnMut(u16)) {
        let code = u32::from(c);
        if code <= 0xffff {
            match self.fold[code as usize] {
                DROPPED => {}
                DECOMPOSED => decompose(c, &self.fold, put),
                folded => put(folded),
            }
        } else {
            match code {
                // Skin tones, joiners' selectors and tags say nothing.
                0x1f3fb..=0x1f3ff | 0xe0000..=0xe01ef => {}
                // Emoji keep their own code until aliases are read.
                0x1f000..=0x1faff => put(EMOJI_BASE + (code - 0x1f000) as u16),
                0x1d400..=0x1d7ff | 0x2f800..=0x2fa1f => decompose(c, &self.fold, put),
                _ => put(token::RARE),
            }
        }
    }
}

/// Where emoji live inside the folded units: a private range, dropped from texts, so no character occupies it.
const EMOJI_BASE: u16 = 0xe800;

#[cold]
fn decompose(c: char, fold: &[u16], mut put: impl FnMut(u16)) {
    for part in std::iter::once(c).nfkd() {
        let code = u32::from(part);
        if code > 0xffff {
            put(token::RARE);
            continue;
        }
        match fold[code as usize] {
            DROPPED => {}
            DECOMPOSED => put(part.to_lowercase().next().map_or(token::RARE, unit)),
            folded => put(folded),
        }
    }
}

#[inline]
fn is_latin_or_digit(u: u16) -> bool {
    u < 128 && (u as u8).is_ascii_alphanumeric()
}

#[inline]
fn is_digit(u: u16) -> bool {
    u < 128 && (u as u8).is_ascii_digit()
}

/// Whether a folded unit is a Chinese character.
#[inline]
pub(crate) fn is_han(u: u16) -> bool {
    (0x4e00..=0x9fff).contains(&u) || (0x3400..=0x4dbf).contains(&u)
}

#[inline]
fn is_separator(u: u16) -> bool {
    u < 128
        && matches!(
            u as u8,
            b'/' | b'\\'
                | b'|'
                | b'*'
                | b'-'
                | b'_'
                | b'.'
                | b'~'
                | b'^'
                | b'+'
                | b'='
                | b'#'
                | b'\''
                | b'`'
                | b','
        )
        || u == 0xb7
        || u == 0x2022
}

/// A folded text and where each of its units came from.
#[derive(Debug, Default, Clone)]
pub struct Normal {
    /// Folded units.
    pub units: Vec<u16>,
    /// First scalar value of the original that unit `i` stands for.
    pub starts: Vec<u32>,
    /// One past its last scalar value.
    pub ends: Vec<u32>,
    /// How much of which writing the original has.
    pub counts: Counts,
    raw: Vec<u16>,
    raw_at: Vec<u32>,
}

/// How many characters of which kind a text has.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Scalar values in all.
    pub scalars: u32,
    /// Chinese characters.
    pub han: u32,
    /// Latin letters.
    pub latin: u32,
    /// Japanese syllables.
    pub kana: u32,
    /// Letters of any other writing.
    pub foreign: u32,
    /// Emoji and other pictures.
    pub emoji: u32,
}

impl Normal {
    /// Folds `text` into this buffer, forgetting what it held.
    pub fn read(&mut self, text: &str) {
        let folding = &*FOLDING;
        self.raw.clear();
        self.raw_at.clear();
        let mut counts = Counts::default();
        for (at, c) in text.chars().enumerate() {
            let at = at as u32;
            match c {
                '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => counts.han += 1,
                'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' | '\u{c0}'..='\u{24f}' => {
                    counts.latin += 1
                }
                '\0'..='\u{bf}'
                | '\u{2000}'..='\u{206f}'
                | '\u{3000}'..='\u{3020}'
                | '\u{ff00}'..='\u{ff20}' => {}
                '\u{3041}'..='\u{30ff}' if c != '・' && c != 'ー' && c != 'の' => counts.kana += 1,
                '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => counts.emoji += 1,
                '\u{20000}'..='\u{323af}' => counts.han += 1,
                _ if c.is_alphabetic() => counts.foreign += 1,
                _ => {}
            }
            folding.char(c, |u| {
                self.raw.push(u);
                self.raw_at.push(at);
            });
            counts.scalars = at + 1;
        }
        self.counts = counts;
        self.resolve(folding);
    }

    /// The text folded character by character only (script, width, case, white space), with the scalar value each unit
    /// came from: what literal keywords are looked for in.
    pub(crate) fn plain(&self) -> (&[u16], &[u32]) {
        (&self.raw, &self.raw_at)
    }

    /// Aliases, camouflage, digits and repeats, over what single characters folded to.
    fn resolve(&mut self, folding: &Folding) {
        self.units.clear();
        self.starts.clear();
        self.ends.clear();
        let raw = std::mem::take(&mut self.raw);
        let at = std::mem::take(&mut self.raw_at);
        let mut i = 0;
        'units: while i < raw.len() {
            let u = raw[i];
            if folding.begins_alias[usize::from(u) / 64] >> (usize::from(u) % 64) & 1 == 1 {
                let first = folding.aliases.partition_point(|a| a.spelling[0] < u);
                for alias in folding.aliases[first..].iter().take_while(|a| a.spelling[0] == u) {
                    let end = i + alias.spelling.len();
                    if raw.get(i..end) != Some(&alias.spelling[..]) {
                        continue;
                    }
                    // `sb` inside `usb` is no insult.
                    let joined = |a: usize, b: usize| {
                        is_latin_or_digit(raw[a]) && raw.get(b).is_some_and(|&u| is_latin_or_digit(u))
                    };
                    if joined(end - 1, end) || (i > 0 && joined(i - 1, i)) {
                        continue;
                    }
                    for &t in &alias.target {
                        self.put(t, at[i], at[end - 1] + 1);
                    }
                    i = end;
                    continue 'units;
                }
            }
            if is_digit(u) {
                let end = i + raw[i..].iter().take_while(|&&d| is_digit(d)).count();
                let measured = raw.get(end).is_some_and(|&u| is_unit_of_measure(u));
                let special = match &raw[i..end] {
                    _ if measured => u16::from(b'0'),
                    [0x31, 0x32, 0x33, 0x31, 0x35] | [0x31, 0x32, 0x33, 0x34, 0x35] | [0x33, 0x31, 0x35] => {
                        token::HOTLINE
                    }
                    [0x31, 0x31, 0x30] => token::POLICE,
                    _ => u16::from(b'0'),
                };
                if end - i > 2 && raw[i..end].iter().all(|&d| d == u16::from(b'6')) && !measured {
                    PRAISE_666
                        .into_iter()
                        .for_each(|u| self.put(u, at[i], at[end - 1] + 1));
                } else {
                    self.put(special, at[i], at[end - 1] + 1);
                }
                i = end;
                continue;
            }
            self.put(
                if (EMOJI_BASE..0xf300).contains(&u) {
                    token::EMOJI
                } else {
                    u
                },
                at[i],
                at[i] + 1,
            );
            if is_han(u) {
                let gap = raw[i + 1..]
                    .iter()
                    .take(2)
                    .take_while(|&&s| is_separator(s))
                    .count();
                if gap > 0
                    && let Some(&next) = raw.get(i + 1 + gap)
                    && folding.split.binary_search(&(u, next)).is_ok()
                {
                    i += gap;
                }
            }
            i += 1;
        }
        self.raw = raw;
        self.raw_at = at;
        self.deny(folding);
    }

    /// Folds every fault that is denied to one sign: 没有异味 and 没有划痕 say the same of their trades.
    fn deny(&mut self, folding: &Folding) {
        let mut i = 0;
        while i < self.units.len() {
            let first = self.units[i];
            if folding.begins_denial[usize::from(first) / 64] >> (first % 64) & 1 == 0 {
                i += 1;
                continue;
            }
            let starts = |words: &[Vec<u16>], rest: &[u16]| {
                words.iter().find(|w| rest.starts_with(w)).map_or(0, Vec::len)
            };
            let rest = &self.units[i..];
            let mut at = starts(&folding.denials, rest);
            let plain = at;
            for _ in 0..2 {
                at += starts(&folding.between, &rest[at..]);
            }
            let fault = rest.get(at).map_or(0, |&u| {
                let from = folding.faults.partition_point(|f| f[0] < u);
                let own = folding.faults[from..].iter().take_while(|f| f[0] == u);
                own.into_iter()
                    .find(|f| rest[at..].starts_with(f))
                    .map_or(0, Vec::len)
            });
            // A single character is too often the head of another word: 没坏 and 不卡, but not 没有卡.
            let whole = fault > 1 || fault == 1 && plain == 1 && at == 1;
            let before = &self.units[..i];
            let suspended = || folding.suspended.iter().any(|s| before.ends_with(s));
            if plain > 0 && whole && !suspended() {
                let (start, end) = (i + at, i + at + fault);
                self.units[start] = token::DENIED;
                self.ends[start] = self.ends[end - 1];
                self.units.drain(start + 1..end);
                self.starts.drain(start + 1..end);
                self.ends.drain(start + 1..end);
                i = start + 1;
            } else {
                i += plain.max(1);
            }
        }
    }

    #[inline]
    fn put(&mut self, u: u16, start: u32, end: u32) {
        let n = self.units.len();
        if n >= 3 && self.units[n - 1] == u && self.units[n - 2] == u && self.units[n - 3] == u {
            self.ends[n - 1] = end;
            return;
        }
        self.units.push(u);
        self.starts.push(start);
        self.ends.push(end);
    }
}

/// 厉害, which 666 stands for.
const PRAISE_666: [u16; 2] = [0x5389, 0x5bb3];

/// 110 before one of these is a quantity, not the police.
fn is_unit_of_measure(u: u16) -> bool {
    char::from_u32(u32::from(u)).is_some_and(|c| "元块钱斤克个米度分多岁号平天年月日条次人vwk%.".contains(c))
}

/// Folds a word of a lexicon or a keyword the way texts are folded.
pub fn fold_word(word: &str) -> Vec<u16> {
    let mut normal = Normal::default();
    normal.read(word);
    normal.units
}

/// Every traditional character and the simplified one it folds to first.
#[cfg(feature = "train")]
pub(crate) fn traditional_characters() -> impl Iterator<Item = (char, char)> {
    pairs(TRADITIONAL)
}

/// Folds a keyword character by character, as [`Normal::plain`] does.
pub(crate) fn fold_plain(word: &str) -> Vec<u16> {
    FOLDING.plain(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut normal = Normal::default();
        normal.read(text);
        assert_eq!(normal.units.len(), normal.starts.len());
        String::from_utf16_lossy(&normal.units)
    }

    #[test]
    fn every_script_and_width_reads_alike() {
        assert_eq!(folded("品質很差，質量ＧＯＯＤ"), folded("品质很差,质量good"));
        assert_eq!(folded("裡面裏面里面 著火着火"), "里面里面里面着火着火");
    }

    #[test]
    fn camouflage_is_undone() {
        assert_eq!(folded("垃/圾 骗*子 lj商家"), "垃圾骗子垃圾商家");
        assert_eq!(folded("usb线"), "usb线");
        assert_eq!(folded("加v信 好评返💰"), "加微信好评返钱");
    }

    #[test]
    fn white_space_digits_and_repeats_vanish() {
        assert_eq!(folded(" 太 \n慢\u{3000}了！！！！！！ 12 345 天"), "太慢了!!!0天");
        assert_eq!(folded("打12315"), "打\u{e010}");
    }

    #[test]
    fn a_denied_fault_is_one_sign_and_a_supposed_one_is_not() {
        for text in ["没有异味", "沒有划痕", "没有发现任何瑕疵", "没有一点噪音"] {
            assert!(folded(text).ends_with('\u{e012}'), "{text}");
        }
        assert_eq!(folded("不卡，没坏"), "不\u{e012},没\u{e012}");
        for text in ["要是没有异味", "有异味", "没有卡", "不是没有噪音", "没味道"] {
            assert!(!folded(text).contains('\u{e012}'), "{text}");
        }
        let mut normal = Normal::default();
        normal.read("很好，没有异味。");
        assert_eq!((normal.starts[5], normal.ends[5]), (5, 7));
    }

    #[test]
    fn every_unit_knows_where_it_came_from() {
        let mut normal = Normal::default();
        normal.read("a  垃/圾 ！");
        assert_eq!(normal.starts, [0, 3, 5, 7]);
        assert_eq!(normal.ends, [1, 4, 6, 8]);
    }
}
