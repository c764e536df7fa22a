//! From phrases to themes: what grows, what belongs together, what it is called, and who says it best.

use super::phrases::{Phrase, Tokens, phrases};
use super::{Place, Quote, Said, Search, Theme};
use crate::figures::chance;
use crate::text::mask_private;
use crate::words::Cause;
use std::collections::{BTreeMap, BTreeSet};

/// A phrase with what is known about it before it becomes part of a theme.
struct Candidate {
    phrase: Phrase,
    /// Documents of this period and of the ones compared with.
    now: u32,
    before: u32,
    p: f64,
    grows: bool,
    /// How much it tells a manager.
    weight: f64,
}

/// One complaint, whatever number of texts it consists of.
struct Doc<'a> {
    number: u32,
    age: u8,
    texts: Vec<&'a Said<'a>>,
}

pub(super) fn discover(said: &[Said<'_>], search: Search) -> Vec<Theme> {
    let mut sorted: Vec<&Said<'_>> = said
        .iter()
        .filter(|said| said.age <= search.periods_before)
        .collect();
    sorted.sort_by_key(|said| (said.age, said.number, said.text));
    let docs: Vec<Doc<'_>> = sorted
        .chunk_by(|a, b| (a.age, a.number) == (b.age, b.number))
        .map(|texts| Doc {
            number: texts[0].number,
            age: texts[0].age,
            texts: texts.to_vec(),
        })
        .collect();
    let tokens = Tokens::read(
        (0..)
            .zip(&docs)
            .flat_map(|(doc, of)| of.texts.iter().map(move |said| (doc, said.text))),
    );
    let names: BTreeSet<&str> = sorted
        .iter()
        .flat_map(|said| [said.shop, said.product.unwrap_or_default()])
        .collect();
    let least = 3 + docs.len() as u32 / 5_000;
    let this_period = docs.iter().filter(|doc| doc.age == 0).count();
    let compared = search.periods_before.min(4);
    let mut candidates: Vec<Candidate> = phrases(&tokens, least)
        .into_iter()
        .map(|phrase| candidate(phrase, &docs, docs.len() - this_period, compared))
        .collect();
    let ps: Vec<f64> = candidates.iter().map(|candidate| candidate.p).collect();
    for (candidate, beyond) in candidates.iter_mut().zip(chance::corrected(&ps)) {
        candidate.grows = beyond && grows(candidate.now, candidate.before, compared);
    }
    let threshold = candidates
        .iter()
        .zip(chance::corrected(&ps))
        .filter(|(_, beyond)| *beyond)
        .map(|(candidate, _)| candidate.p)
        .fold(0.0, f64::max);
    candidates.retain(|candidate| {
        (candidate.now >= 2 || candidate.before >= 4)
            && (candidate.grows || candidate.phrase.telling() || candidate.phrase.len >= 4)
            && !names.iter().any(|name| name.contains(&candidate.phrase.text))
    });
    candidates.sort_by(|a, b| {
        (b.grows, b.weight)
            .partial_cmp(&(a.grows, a.weight))
            .unwrap_or(std::cmp::Ordering::Equal)
            .then_with(|| a.phrase.text.cmp(&b.phrase.text))
    });
    let mut covered = vec![false; docs.len()];
    let mut themes: Vec<Theme> = Vec::new();
    let mut used = vec![false; candidates.len()];
    for seed in 0..candidates.len() {
        if themes.len() == search.limit {
            break;
        }
        let fresh = candidates[seed]
            .phrase
            .docs
            .iter()
            .filter(|doc| !covered[**doc as usize])
            .count();
        if used[seed] || fresh * 2 < candidates[seed].phrase.docs.len() {
            continue;
        }
        let members = family(
            core(seed, &candidates, &used, docs.len()),
            &candidates,
            &mut used,
            &docs,
        );
        for doc in &members.docs {
            covered[*doc as usize] = true;
        }
        themes.push(theme(&members, &docs, this_period, search, threshold));
    }
    themes.retain(|theme| theme.count > 0 || theme.beyond_chance);
    themes
}

fn grows(now: u32, before: u32, periods: u8) -> bool {
    f64::from(now) * f64::from(periods) > f64::from(before)
}

fn candidate(phrase: Phrase, docs: &[Doc<'_>], earlier: usize, compared: u8) -> Candidate {
    let (mut now, mut before) = (0, 0);
    for doc in &phrase.docs {
        match docs[*doc as usize].age {
            0 => now += 1,
            age if age <= compared => before += 1,
            _ => {}
        }
    }
    let p = chance::counts(u64::from(now), 1.0, u64::from(before), f64::from(compared));
    // What everybody always says (房间, 手机) is a topic; what nobody else says is an accident. What everybody says
    // only now is neither: in a small shop one trouble can be most of a week.
    let share = match earlier {
        0 => phrase.docs.len() as f64 / docs.len() as f64,
        earlier => ((phrase.docs.len() - now as usize) as f64 + 0.5) / (earlier as f64 + 1.0),
    };
    let telling = (1.0 / share).ln().min(5.0).powi(2);
    let length = [0.6, 0.6, 1.0, 1.5, 1.7, 1.6, 1.4, 1.2, 1.0][phrase.len.min(8)];
    let cue = if phrase.has_cue() { 2.0 } else { 1.0 - phrase.topic };
    let whole = 0.4 + phrase.ends;
    let weight = f64::from(now).max(0.3 * f64::from(before) / f64::from(compared.max(1)))
        * telling
        * length
        * cue
        * whole
        * phrase.freedom.min(4.0)
        * phrase.cohesion.clamp(1.0, 8.0).sqrt();
    Candidate {
        phrase,
        now,
        before,
        p,
        grows: false,
        weight,
    }
}

/// Signs of a complaint inside a phrase: negations and words for what is wrong. They only order phrases; a phrase
/// without any is found as well.
const CUES: &str = "不没无未难少差坏慢贵脏臭破漏假错退烂冷凉酸苦咸硬糊旧吵痛痒黑死裂碎卡掉断骗洒霉虫毒";

impl Phrase {
    fn has_cue(&self) -> bool {
        self.text.chars().any(|c| CUES.contains(c))
    }

    /// It says what is wrong by itself, rather than what one talks of.
    fn telling(&self) -> bool {
        self.has_cue() || (self.topic < 0.12 && self.ends > 0.25)
    }
}

/// The shorter phrase inside a seed that more complaints say, if it tells what is wrong as well: 漏液 for 包装漏液.
fn core(seed: usize, candidates: &[Candidate], used: &[bool], all: usize) -> usize {
    let of = &candidates[seed].phrase;
    let says_more = |index: &usize| {
        let phrase = &candidates[*index].phrase;
        phrase.len < of.len
            && !used[*index]
            && of.text.contains(&phrase.text)
            && !denied(&of.text, &phrase.text)
            && candidates[*index].grows >= candidates[seed].grows
            && (phrase.telling() || (candidates[*index].grows && phrase.text.is_ascii()))
            && phrase.docs.len() * 10 > of.docs.len() * 12
            && phrase.docs.len() <= of.docs.len() * 10
            && phrase.docs.len() * 100 <= all * 15
    };
    (0..candidates.len())
        .filter(says_more)
        .max_by_key(|index| {
            (
                candidates[*index].phrase.docs.len(),
                candidates[*index].phrase.len,
            )
        })
        .unwrap_or(seed)
}

/// A seed with the phrases that mean the same.
struct Family<'c> {
    phrases: Vec<&'c Candidate>,
    docs: Vec<u32>,
}

fn family<'c>(seed: usize, candidates: &'c [Candidate], used: &mut [bool], all: &[Doc<'_>]) -> Family<'c> {
    let kernel = &candidates[seed].phrase;
    let mut of_seed = vec![false; all.len()];
    kernel.docs.iter().for_each(|doc| of_seed[*doc as usize] = true);
    let mut phrases = vec![&candidates[seed]];
    let mut docs: BTreeSet<u32> = kernel.docs.iter().copied().collect();
    used[seed] = true;
    for (index, candidate) in candidates.iter().enumerate() {
        if used[index] {
            continue;
        }
        let phrase = &candidate.phrase;
        let shared = phrase.docs.iter().filter(|doc| of_seed[**doc as usize]).count();
        if shared == 0 && !related(&kernel.text, &phrase.text) {
            continue;
        }
        let inside = shared as f64 / phrase.docs.len() as f64;
        let of_kernel = shared as f64 / kernel.docs.len() as f64;
        let (related, same) = (related(&kernel.text, &phrase.text), inside >= 0.6);
        let variant = related
            && !denied(&kernel.text, &phrase.text)
            && phrase.len >= kernel.len.min(3)
            && phrase.has_cue()
            && kernel.has_cue();
        if variant {
            used[index] = true;
            phrases.push(candidate);
            docs.extend(&phrase.docs);
        } else if same || (related && of_kernel >= 0.5 && inside >= 0.4) {
            used[index] = true;
            phrases.push(candidate);
            if related
                && !(kernel.text.contains(&phrase.text) && inside < 0.6)
                && !denied(&kernel.text, &phrase.text)
            {
                docs.extend(&phrase.docs);
            }
        }
    }
    Family {
        phrases,
        docs: docs.into_iter().collect(),
    }
}

/// The shorter phrase is what the longer one denies (不新鲜, 新鲜), so it means the opposite.
fn denied(long: &str, short: &str) -> bool {
    long.find(short)
        .is_some_and(|at| long[..at].ends_with(['不', '没', '无', '未']))
}

/// Ways to say that something is bad: with one head they mean the same (质量差, 质量不好).
const BAD: &[&str] = &["不怎么样", "不好", "不行", "差劲", "差了", "差"];

/// What a phrase calls bad, if it ends with that.
fn called_bad(phrase: &str) -> Option<&str> {
    let head = BAD.iter().find_map(|bad| phrase.strip_suffix(bad))?;
    (head.chars().count() >= 2).then_some(head)
}

/// One phrase is in the other, or is it with something left out (送餐慢, 送餐速度慢).
fn related(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.contains(short) || called_bad(a).is_some_and(|head| called_bad(b) == Some(head)) {
        return true;
    }
    let mut rest = long.chars();
    short.chars().count() >= 3 && short.chars().all(|c| rest.any(|other| other == c))
}

fn theme(family: &Family<'_>, docs: &[Doc<'_>], this_period: usize, search: Search, threshold: f64) -> Theme {
    let compared = search.periods_before.min(4);
    let mut periods = vec![Vec::new(); usize::from(search.periods_before) + 1];
    for doc in &family.docs {
        let doc = &docs[*doc as usize];
        periods[usize::from(doc.age)].push(doc.number);
    }
    let trend: Vec<u32> = periods.iter().rev().map(|numbers| numbers.len() as u32).collect();
    let members = periods.remove(0);
    let earlier = periods;
    let (count, sum) = (
        members.len() as u32,
        earlier
            .iter()
            .take(usize::from(compared))
            .map(|numbers| numbers.len() as u32)
            .sum::<u32>(),
    );
    let mean_before = if compared == 0 {
        0.0
    } else {
        f64::from(sum) / f64::from(compared)
    };
    let p = chance::counts(u64::from(count), 1.0, u64::from(sum), f64::from(compared));
    let now: Vec<&Doc<'_>> = family
        .docs
        .iter()
        .map(|doc| &docs[*doc as usize])
        .filter(|doc| doc.age == 0)
        .collect();
    let mut causes: BTreeMap<Cause, u32> = BTreeMap::new();
    for doc in &now {
        if let Some(cause) = doc.texts.iter().find_map(|said| said.causes.first()) {
            *causes.entry(*cause).or_default() += 1;
        }
    }
    let mut causes: Vec<(Cause, u32)> = causes.into_iter().collect();
    causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
    Theme {
        label: label(family),
        phrases: family
            .phrases
            .iter()
            .take(8)
            .map(|candidate| candidate.phrase.text.clone())
            .collect(),
        new: earlier.iter().all(Vec::is_empty),
        growth: (mean_before > 0.0).then(|| (f64::from(count) / mean_before - 1.0) * 100.0),
        beyond_chance: p <= threshold && p < chance::CHANCE,
        products: places(&now, docs, this_period, |said| said.product.unwrap_or_default()),
        shops: places(&now, docs, this_period, |said| said.shop),
        quotes: quotes(family, docs),
        count,
        mean_before,
        p,
        trend,
        causes,
        members,
        earlier,
    }
}

/// The longest phrase around the seed that enough of its complaints say (one in four for a short seed such as 慢了,
/// which says little by itself; else four in ten), or the seed.
fn label(family: &Family<'_>) -> String {
    let seed = &family.phrases[0].phrase;
    let part = if seed.len <= 2 { 25 } else { 40 };
    family
        .phrases
        .iter()
        .map(|candidate| &candidate.phrase)
        .filter(|phrase| {
            phrase.docs.len() * 100 >= seed.docs.len() * part && phrase.text.contains(&seed.text)
        })
        .max_by(|a, b| (a.len, a.docs.len()).cmp(&(b.len, b.docs.len())))
        .unwrap_or(seed)
        .text
        .clone()
}

/// Where a theme gathers: names with more of it than their part of all complaints of the period would give.
fn places<'a>(
    now: &[&Doc<'a>],
    docs: &[Doc<'a>],
    this_period: usize,
    name: impl Fn(&Said<'a>) -> &'a str,
) -> Vec<Place> {
    let mut here: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for doc in now {
        here.entry(name(doc.texts[0])).or_default().0 += 1;
    }
    for doc in docs.iter().filter(|doc| doc.age == 0) {
        if let Some(counts) = here.get_mut(name(doc.texts[0])) {
            counts.1 += 1;
        }
    }
    here.remove("");
    let mut places: Vec<Place> = here
        .into_iter()
        .map(|(name, (count, all))| {
            let (rest, rest_all) = (now.len() as u32 - count, this_period as u32 - all);
            let lift = f64::from(count) * this_period as f64 / (f64::from(all) * now.len() as f64);
            let p = chance::shares(
                u64::from(count),
                u64::from(all),
                u64::from(rest),
                u64::from(rest_all),
            );
            Place {
                name: name.to_owned(),
                count,
                lift,
                beyond_chance: lift > 1.0 && count >= 3 && p < chance::CHANCE,
            }
        })
        .collect();
    places.sort_by(|a, b| {
        (b.beyond_chance, b.count)
            .cmp(&(a.beyond_chance, a.count))
            .then_with(|| a.name.cmp(&b.name))
    });
    places.truncate(3);
    places
}

/// A quote is at most this many characters.
const QUOTE: usize = 60;

/// Up to three complaints: those that are most like the others and short, and that differ from each other.
fn quotes(family: &Family<'_>, docs: &[Doc<'_>]) -> Vec<Quote> {
    /// More complaints than this are not compared with each other.
    const COMPARED: usize = 40;
    let mut texts: Vec<(u32, String)> = Vec::new();
    let mut seen = BTreeSet::new();
    for candidate in &family.phrases {
        for (doc, start) in candidate.phrase.docs.iter().zip(&candidate.phrase.starts) {
            let of = &docs[*doc as usize];
            if of.age == 0
                && family.docs.binary_search(doc).is_ok()
                && seen.insert(*doc)
                && texts.len() < COMPARED
            {
                texts.push((of.number, around(of.texts[0].text, *start as usize)));
            }
        }
    }
    let grams: Vec<BTreeSet<(char, char)>> = texts
        .iter()
        .map(|(_, text)| {
            text.chars()
                .zip(text.chars().skip(1))
                .filter(|(a, b)| a.is_alphabetic() && b.is_alphabetic())
                .collect()
        })
        .collect();
    let alike = |a: usize, b: usize| {
        let shared = grams[a].intersection(&grams[b]).count() as f64;
        shared / (grams[a].len() + grams[b].len()).max(1) as f64 * 2.0
    };
    let mut order: Vec<(f64, usize)> = (0..texts.len())
        .map(|text| {
            let centre: f64 = (0..texts.len())
                .filter(|other| *other != text)
                .map(|other| alike(text, other))
                .sum();
            let length = texts[text].1.chars().count();
            let short = if length < 6 {
                0.3
            } else {
                1.0 / (1.0 + length as f64 / 40.0)
            };
            (centre * short, text)
        })
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(texts[a.1].cmp(&texts[b.1])));
    let mut chosen: Vec<usize> = Vec::new();
    for (_, text) in order {
        if chosen.len() < 3 && chosen.iter().all(|other| alike(text, *other) < 0.6) {
            chosen.push(text);
        }
    }
    chosen
        .into_iter()
        .map(|text| Quote {
            number: texts[text].0,
            text: mask_private(&texts[text].1),
        })
        .collect()
}

/// The words around a place, from the beginning of a sentence on, with `…` where something is left out.
fn around(text: &str, at: usize) -> String {
    let mut from = at.min(text.len());
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let before: Vec<(usize, char)> = text[..from].char_indices().collect();
    let room = before.len().saturating_sub(QUOTE / 2);
    let parts = |c: char| "，。！？；,.!?;~～\n\r ".contains(c);
    let ends_sentence = |c: char| "。！？!?\n".contains(c);
    let near = &before[room..];
    let begin = near
        .iter()
        .rposition(|(_, c)| ends_sentence(*c))
        .or_else(|| {
            if room > 0 {
                near.iter().position(|(_, c)| parts(*c))
            } else {
                None
            }
        })
        .map(|position| near[position].0 + near[position].1.len_utf8())
        .unwrap_or(near.first().map_or(0, |(byte, _)| *byte));
    let tail: Vec<char> = text[begin..].chars().collect();
    let mut end = tail.len().min(QUOTE);
    if tail.len() > QUOTE
        && let Some(cut) = tail[..QUOTE]
            .iter()
            .rposition(|c| parts(*c))
            .filter(|cut| *cut > QUOTE / 2)
    {
        end = cut;
    }
    let mut out = String::new();
    if !text[..begin].trim().is_empty() {
        out.push('…');
    }
    out.extend(tail[..end].iter().map(|c| if c.is_control() { ' ' } else { *c }));
    let mut out = out.trim().to_owned();
    if end < tail.len() {
        out.push('…');
    }
    out
}
