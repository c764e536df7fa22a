//! Phrases that recur: runs of characters (or English words) which stand together more often than their parts
//! would by chance, and whose neighbours vary, so that they begin and end where a thought does.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// Phrases are at most this many characters or words long.
const LONGEST: usize = 8;
/// A token that is none: where a clause ends.
const GAP: u32 = 0;
/// No phrase here.
const NONE: u32 = u32::MAX;

/// Characters at which no phrase begins.
const NOT_FIRST: &str = "的了吗呢吧啊呀哦嘛哈么地得着过们个些也都就又还很太真更最挺蛮而但且并或与和及跟则以于之其此该各是在把被给对从向让使将要会能可想去来说看觉我你他她它您咱俺这那哪谁什怎因所虽如若果只才刚再却便即乎连里边时候后前次后哎唉嗯呵呐啦哇诶下子儿于至到反正居竟";
/// Characters at which no phrase ends.
const NOT_LAST: &str = "的么们个些也都就又还很太真更最挺蛮而但且并或与和及跟则以之其此该各是在把被给对从向让使将要会能可想我你他她它您咱俺这那哪谁什怎因所虽如若只才刚再却便即连不没有无未说觉呢吗吧啊呀哦嘛哈啦哇诶于至非特比等嗯一两几每某做叫请自反居竟已经用";
/// Ends of phrases that praise: complaints contain them (东西不错，就是…), but not as what went wrong.
#[rustfmt::skip]
const PRAISE: &[&str] = &[
    "不错", "可以", "便宜", "好吃", "好喝", "好看", "满意", "喜欢",
];
/// What follows a topic of which something is said.
const PREDICATE: &str = "不没好差一无难少慢贵脏是有可能比";
/// Words that say nothing about what went wrong. A phrase of nothing else is no theme.
const SAYS_NOTHING: &str = "东西 一点 一次 一下 一样 一个 一直 一些 一般 一般般 一星 不会 不是 不要 不能 不想 不过 不如 不敢 \
    不行 不错 不好 不再 不知道 不值 不怎么样 不喜欢 不满意 不推荐 不建议 不可能 没有 没法 没什么 没想到 \
    无语 无法 非常 特别 十分 相当 确实 其实 根本 完全 简直 实在 的确 真的 真心 有点 有些 有时 有一点 \
    感觉 感受 觉得 认为 以为 希望 建议 推荐 发现 知道 第一次 第二次 第一 第二 最后 最差 最近 以后 以前 \
    之前 之后 今天 昨天 明天 当时 现在 刚刚 刚才 已经 时候 时间 开始 结果 居然 竟然 而且 但是 可是 所以 \
    因为 虽然 如果 还是 还有 就是 只是 只有 可以 可能 应该 需要 问题 情况 原因 方面 地方 事情 样子 人家 \
    自己 大家 别人 我们 你们 他们 朋友 老公 老婆 孩子 商家 店家 卖家 买家 老板 商品 产品 宝贝 购买 购物 \
    买东西 网购 京东 淘宝 天猫 美团 饿了么 拼多多 差评 好评 中评 评论 评价 垃圾 失望 后悔 生气 郁闷 无奈 \
    差劲 太差 很差 极差 超差 差点 差不多 恶心 坑人 坑爹 呵呵 哈哈 哎呀 唉 算了 好多 好像 好几 很多 许多 \
    多少 怎么 怎样 什么 为什么 这么 那么 这样 那样 这种 那种 这个 那个 这家 那家 这次 上次 下次 每次 \
    几次 两个 三个 两次 小时 分钟 几天 两天 三天 一天 半天 多小时 多分钟 结果是 总之 总体 整体 反正 另外 \
    此外 首先 其次 然后 还不如 再也 绝对 千万 肯定 一定 必须 果断 慎重 慎买 别买 不买 买的 再买 买了 \
    不值得 不划算 值得 喜欢 满意 不爽 不舒服 体验 使用 效果 看着 看到 看了 出来 起来 下来 上来 过来 回来 \
    进去 出去 想要 不到 到了 用了 说是 说的 是不是 有没有 能不能 会不会 好不好 不得不 不算 不多 不够 \
    之类 有的 别的 所有 任何 唯一 甚至 尤其 主要 关键 重要 正常 基本 一共 总共 左右 以上 以下 上面 下面 \
    里面 外面 旁边 前面 后面 不再买 不会买 不会再 不会再来 不会再买 再也不会 再也不 再也不来 再也不买 \
    再也不会买 还可以 凑合 马马虎虎 不咋地 不咋样 太差了 很失望 太失望 非常失望 太失望了 很不满意 \
    非常不满意 差评差评 垃圾垃圾 不好用 不怎么 无所谓 不知道是 搞不懂 真不 确定 人员 工作 客人 顾客 客户 \
    消费者 消费 送到 送来 送过来 拿到 收到 收到货 打开 打电话 电话 第二天 第二天早上 附近 准备 找到 打算 \
    后来 联系 有人 没人 回到 有一次 没有太大 不小心 没办法 办法 不合 感觉像 成这样 进行 简单 解决 解决了 \
    点评 补充点评 麻烦";
/// Words of degree, which are read over: 味道很一般, 味道也一般 and 味道一般 are one phrase.
#[rustfmt::skip]
const DEGREE: &[&str] = &[
    "一点都", "一点也", "一点儿", "有一点", "非常", "特别", "比较", "相当", "十分", "实在", "超级",
    "有点", "有些", "真的", "真是", "简直", "确实", "已经", "这么", "那么", "很", "太", "真", "也",
    "都", "还", "极", "超", "挺", "蛮", "更", "最", "又", "就",
];
/// Words that begin like a word of degree and are none.
#[rustfmt::skip]
const NO_DEGREE: &[&str] = &[
    "超市", "超时", "超过", "超额", "超标", "真空", "真假", "真皮", "真丝", "真实", "真伪", "太阳", "太太", "都市",
    "还款", "还钱", "还价", "还原", "还是", "还有", "还没", "最后", "最近", "就是", "就算", "也许", "又是", "都是",
];
/// Characters of degree that are none after certain others: 退还, 积极, 成就, 首都.
const NO_DEGREE_AFTER: &[(char, &str)] = &[
    ('还', "退归偿价"),
    ('极', "积太"),
    ('就', "成"),
    ('都', "首成"),
    ('超', "高"),
];
/// English words that say nothing.
const SAYS_NOTHING_EN: &str = "the a an and or but if of to in on at for with from by as is are was were be been am it its this \
    that these those i my me we our you your he she they them their his her not no so very too just have \
    has had do does did will would can could there here what when which who all out up than then also \
    get got one only even about after before again because";

/// Multiplies and mixes: keys are pairs of small numbers, made by the million.
#[derive(Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

pub(super) type Numbered<K> = HashMap<K, u32, BuildHasherDefault<Mix>>;

/// The texts as one row of tokens.
pub(super) struct Tokens {
    /// Token by position; [`GAP`] between clauses.
    row: Vec<u32>,
    /// Document by position.
    doc: Vec<u32>,
    /// Where a token begins in its text, bytes.
    start: Vec<u32>,
    /// What a token reads; 0 is the gap.
    spelling: Vec<String>,
}

impl Tokens {
    /// `texts` by document, documents ascending.
    pub fn read<'t>(texts: impl Iterator<Item = (u32, &'t str)>) -> Self {
        let mut tokens = Self {
            row: vec![GAP],
            doc: vec![NONE],
            start: vec![0],
            spelling: vec![String::new()],
        };
        let mut letters: Numbered<u64> = Numbered::default();
        let mut words: HashMap<String, u32> = HashMap::new();
        for (doc, text) in texts {
            let mut rest = text;
            while let Some(c) = rest.chars().next().map(plain) {
                let start = (text.len() - rest.len()) as u32;
                if let Some(len) = degree(rest, text[..text.len() - rest.len()].chars().next_back()) {
                    rest = &rest[len..];
                    continue;
                }
                let mut len = rest.chars().next().map_or(1, char::len_utf8);
                if c.is_ascii_alphabetic() {
                    let part = |c: char| plain(c).is_ascii_alphabetic() || plain(c) == '\'';
                    len = rest.find(|c| !part(c)).unwrap_or(rest.len());
                    let word: String = rest[..len]
                        .chars()
                        .map(|c| plain(c).to_ascii_lowercase())
                        .collect();
                    let next = tokens.spelling.len() as u32;
                    let known = *words.entry(word).or_insert_with_key(|word| {
                        tokens.spelling.push(word.clone());
                        next
                    });
                    tokens.push(known, doc, start);
                } else if c.is_alphabetic() {
                    let next = tokens.spelling.len() as u32;
                    let known = *letters.entry(u64::from(u32::from(c))).or_insert(next);
                    if known == next {
                        tokens.spelling.push(c.into());
                    }
                    tokens.push(known, doc, start);
                } else if c != ' ' || !tokens.row.last().is_some_and(|last| tokens.is_word(*last)) {
                    // A blank parts Chinese clauses and joins English words.
                    tokens.gap(doc, start);
                }
                rest = &rest[len..];
            }
            tokens.gap(doc, text.len() as u32);
        }
        tokens
    }

    fn gap(&mut self, doc: u32, start: u32) {
        if self.row.last() != Some(&GAP) {
            self.push(GAP, doc, start);
        }
    }

    fn push(&mut self, token: u32, doc: u32, start: u32) {
        self.row.push(token);
        self.doc.push(doc);
        self.start.push(start);
    }

    fn is_word(&self, token: u32) -> bool {
        self.spelling[token as usize].is_ascii()
    }

    fn spell(&self, from: usize, len: usize) -> String {
        let mut out = String::new();
        for token in &self.row[from..from + len] {
            if !out.is_empty() && self.is_word(*token) && out.ends_with(|c: char| c.is_ascii()) {
                out.push(' ');
            }
            out.push_str(&self.spelling[*token as usize]);
        }
        out
    }
}

/// Length of the words of degree that a text begins with. A word in which they are no words of degree is left alone.
fn degree(text: &str, after: Option<char>) -> Option<usize> {
    let first = text.chars().next().filter(|c| !c.is_ascii())?;
    if !"一有非特比相十实超真简确已这那很太也都还极挺蛮更最又就".contains(first) {
        return None;
    }
    let part =
        |(of, before): &(char, &str)| *of == first && after.is_some_and(|after| before.contains(after));
    if NO_DEGREE.iter().any(|word| text.starts_with(word)) || NO_DEGREE_AFTER.iter().any(part) {
        return None;
    }
    DEGREE
        .iter()
        .find(|word| text.starts_with(**word))
        .map(|word| word.len())
}

/// Full-width forms as their plain ones.
fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\t' => ' ',
        '’' => '\'',
        c => c,
    }
}

/// A recurring phrase.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub text: String,
    /// Characters or words.
    pub len: usize,
    /// Documents it occurs in, ascending.
    pub docs: Vec<u32>,
    /// Where it begins in each of them, bytes of the text.
    pub starts: Vec<u32>,
    /// How often a clause ends with it, 0 to 1.
    pub ends: f64,
    /// How often something is said of it right after it (味道不好, 味道一般), 0 to 1: a topic, not a complaint.
    pub topic: f64,
    /// How freely its neighbours vary, in bits, on the tighter side.
    pub freedom: f64,
    /// How much more often than its parts it occurs, in bits.
    pub cohesion: f64,
}

/// A gram of one length.
#[derive(Clone, Copy)]
struct Gram {
    /// Occurrences.
    times: u32,
    /// Documents.
    docs: u32,
    /// The last document seen.
    last: u32,
    /// Where it occurs first.
    at: u32,
}

/// The phrases of at least `least` documents.
pub(super) fn phrases(tokens: &Tokens, least: u32) -> Vec<Phrase> {
    let size = tokens.row.len();
    let mut levels: Vec<Level> = vec![Level::first(tokens)];
    while levels.len() < LONGEST {
        let next = levels[levels.len() - 1].longer(tokens, levels.len() + 1, least);
        if next.grams.is_empty() {
            break;
        }
        levels.push(next);
    }
    let letters = tokens.row.iter().filter(|token| **token != GAP).count().max(1) as f64;
    let says_of: Vec<bool> = tokens
        .spelling
        .iter()
        .map(|word| !word.is_empty() && PREDICATE.contains(word.as_str()))
        .collect();
    let mut found = Vec::new();
    for (index, level) in levels.iter().enumerate() {
        let len = index + 1;
        let mut wanted: Vec<Option<f64>> = Vec::with_capacity(level.grams.len());
        for gram in &level.grams {
            let at = gram.at as usize;
            let parts = (1..len).map(|cut| {
                let times = |level: &Level, at: usize| f64::from(level.grams[level.ids[at] as usize].times);
                let apart = times(&levels[cut - 1], at) * times(&levels[len - cut - 1], at + cut) / letters;
                (f64::from(gram.times) / apart).log2()
            });
            let cohesion = parts.fold(f64::INFINITY, f64::min);
            let fits = gram.docs >= least && cohesion >= COHESION && readable(tokens, at, len);
            wanted.push(fits.then_some(if len == 1 { 0.0 } else { cohesion }));
        }
        let mut left = Neighbours::new(level.grams.len());
        let mut right = Neighbours::new(level.grams.len());
        let mut docs: Vec<(Vec<u32>, Vec<u32>)> = vec![Default::default(); level.grams.len()];
        let mut topics = vec![0_u32; level.grams.len()];
        for at in 1..size {
            let id = level.ids[at];
            if id == NONE || wanted[id as usize].is_none() {
                continue;
            }
            left.see(id, tokens.row[at - 1]);
            right.see(id, tokens.row[at + len]);
            if says_of[tokens.row[at + len] as usize] {
                topics[id as usize] += 1;
            }
            let (docs, starts) = &mut docs[id as usize];
            if docs.last() != Some(&tokens.doc[at]) {
                docs.push(tokens.doc[at]);
                starts.push(tokens.start[at]);
            }
        }
        let gaps = right.gaps.clone();
        let (left, right) = (left.bits(), right.bits());
        for (id, (docs, starts)) in docs.into_iter().enumerate() {
            let Some(cohesion) = wanted[id] else { continue };
            let freedom = left[id].min(right[id]);
            if freedom >= FREEDOM {
                found.push(Phrase {
                    text: tokens.spell(level.grams[id].at as usize, len),
                    len,
                    docs,
                    starts,
                    ends: f64::from(gaps[id]) / f64::from(level.grams[id].times),
                    topic: f64::from(topics[id]) / f64::from(level.grams[id].times),
                    freedom,
                    cohesion,
                });
            }
        }
    }
    found
}

/// Parts of a phrase stand together at least 2^this times as often as by chance.
const COHESION: f64 = 2.0;
/// The neighbours of a phrase vary by at least this many bits on either side.
const FREEDOM: f64 = 1.3;

/// All grams of one length.
struct Level {
    /// Gram by position.
    ids: Vec<u32>,
    grams: Vec<Gram>,
}

impl Level {
    fn first(tokens: &Tokens) -> Self {
        let mut grams = vec![
            Gram {
                times: 0,
                docs: 0,
                last: NONE,
                at: 0
            };
            tokens.spelling.len()
        ];
        let ids: Vec<u32> = tokens
            .row
            .iter()
            .map(|token| if *token == GAP { NONE } else { *token })
            .collect();
        count(&mut grams, &ids, &tokens.doc);
        Self { ids, grams }
    }

    /// Grams one longer: a gram can be frequent only if both of its shorter ends are.
    fn longer(&self, tokens: &Tokens, len: usize, least: u32) -> Self {
        let size = tokens.row.len();
        let mut numbers: Numbered<u64> = Numbered::default();
        let mut ids = vec![NONE; size];
        for (at, pair) in self.ids.windows(2).enumerate().skip(1) {
            let (head, tail) = (pair[0], pair[1]);
            if head == NONE || tail == NONE {
                continue;
            }
            // Of single tokens the rare ones have not been sorted out yet.
            if len == 2 && (self.grams[head as usize].docs < least || self.grams[tail as usize].docs < least)
            {
                continue;
            }
            let next = numbers.len() as u32;
            ids[at] = *numbers
                .entry(u64::from(head) << 32 | u64::from(tail))
                .or_insert(next);
        }
        let mut grams = vec![
            Gram {
                times: 0,
                docs: 0,
                last: NONE,
                at: 0
            };
            numbers.len()
        ];
        count(&mut grams, &ids, &tokens.doc);
        let mut kept = 0;
        let renumbered: Vec<u32> = grams
            .iter()
            .map(|gram| {
                if gram.docs < least {
                    return NONE;
                }
                kept += 1;
                kept - 1
            })
            .collect();
        for id in ids.iter_mut().filter(|id| **id != NONE) {
            *id = renumbered[*id as usize];
        }
        grams.retain(|gram| gram.docs >= least);
        Self { ids, grams }
    }
}

fn count(grams: &mut [Gram], ids: &[u32], docs: &[u32]) {
    for (at, (id, doc)) in ids.iter().zip(docs).enumerate() {
        if *id == NONE {
            continue;
        }
        let gram = &mut grams[*id as usize];
        if gram.times == 0 {
            gram.at = at as u32;
        }
        gram.times += 1;
        if gram.last != *doc {
            gram.last = *doc;
            gram.docs += 1;
        }
    }
}

/// What stands beside each gram.
struct Neighbours {
    pairs: Numbered<u64>,
    counts: Vec<(u32, u32)>,
    gaps: Vec<u32>,
}

impl Neighbours {
    fn new(grams: usize) -> Self {
        Self {
            pairs: Numbered::default(),
            counts: Vec::new(),
            gaps: vec![0; grams],
        }
    }

    fn see(&mut self, gram: u32, token: u32) {
        if token == GAP {
            self.gaps[gram as usize] += 1;
            return;
        }
        let next = self.counts.len() as u32;
        let number = *self
            .pairs
            .entry(u64::from(gram) << 32 | u64::from(token))
            .or_insert(next);
        if number == next {
            self.counts.push((gram, 0));
        }
        self.counts[number as usize].1 += 1;
    }

    /// Entropy by gram. Every end of a clause counts as a neighbour of its own: nothing is freer than that.
    fn bits(&self) -> Vec<f64> {
        let mut all: Vec<f64> = self.gaps.iter().map(|gaps| f64::from(*gaps)).collect();
        for (gram, times) in &self.counts {
            all[*gram as usize] += f64::from(*times);
        }
        let mut bits: Vec<f64> = self
            .gaps
            .iter()
            .zip(&all)
            .map(|(gaps, all)| {
                if *gaps > 0 {
                    f64::from(*gaps) / all * all.log2()
                } else {
                    0.0
                }
            })
            .collect();
        for (gram, times) in &self.counts {
            let share = f64::from(*times) / all[*gram as usize];
            bits[*gram as usize] -= share * share.log2();
        }
        bits
    }
}

/// True for what may be shown to a person: it begins and ends with words that carry a meaning.
fn readable(tokens: &Tokens, at: usize, len: usize) -> bool {
    let spelled = |token: u32| tokens.spelling[token as usize].as_str();
    let (first, last) = (spelled(tokens.row[at]), spelled(tokens.row[at + len - 1]));
    let empty_word = |word: &str| {
        word.is_ascii() && (word.len() < 2 || SAYS_NOTHING_EN.split_whitespace().any(|empty| empty == word))
    };
    if empty_word(first) || empty_word(last) {
        return false;
    }
    if len == 1 {
        return first.is_ascii() && first.len() > 3;
    }
    if NOT_FIRST.contains(first) || NOT_LAST.contains(last) {
        return false;
    }
    let phrase = tokens.spell(at, len);
    !PRAISE.iter().any(|praise| phrase.ends_with(praise)) && !says_nothing(&phrase)
}

/// True if a phrase is made of words that say nothing about what went wrong.
fn says_nothing(phrase: &str) -> bool {
    /// The words by their first character, long ones first.
    static BY_FIRST: LazyLock<HashMap<char, Vec<&str>>> = LazyLock::new(|| {
        let mut by_first: HashMap<char, Vec<&str>> = HashMap::new();
        for word in SAYS_NOTHING.split_whitespace() {
            by_first
                .entry(word.chars().next().unwrap_or_default())
                .or_default()
                .push(word);
        }
        by_first
            .values_mut()
            .for_each(|words| words.sort_by_key(|word| std::cmp::Reverse(word.len())));
        by_first
    });
    let mut rest = phrase;
    while let Some(c) = rest.chars().next() {
        let word = BY_FIRST
            .get(&c)
            .and_then(|words| words.iter().find(|word| rest.starts_with(**word)));
        let len = match word {
            Some(word) => word.len(),
            None if FILLER.contains(c) => c.len_utf8(),
            None => return false,
        };
        rest = &rest[len..];
    }
    true
}

/// Characters that say nothing about what went wrong.
const FILLER: &str =
    "的了很太真好差买吃用来去说看到也都就还又再是不我你他它有没这那给才要会能可想觉得过着呢吗吧啊最更超多";
