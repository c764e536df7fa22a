//! Cells as people meant them: guards off, entities and tags resolved, invisible characters gone.

use std::borrow::Cow;

/// A cell without what a back-office adds so that Excel keeps its digits: a tab, a leading apostrophe, `="…"`.
pub(crate) fn unguard(cell: &str) -> &str {
    let mut text =
        cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\0'));
    if let Some(inner) = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')) {
        text = inner.trim();
    }
    if let Some(rest) = text.strip_prefix(['\'', '‘', '’', '`']) {
        text = rest.trim_start();
    }
    text
}

/// Full-width digits, letters and signs as ASCII.
pub(crate) fn fold_width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(|c| ('\u{FF01}'..='\u{FF5E}').contains(&c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(half).collect())
}

fn half(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// An id cell (`sources.md` E09 to E14).
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Id<'a> {
    Missing,
    Text(&'a str),
    /// Excel kept only the first digits.
    Damaged,
}

pub(crate) fn id<'a>(cell: &'a str, number: Option<f64>) -> Id<'a> {
    let text = unguard(cell);
    if text.is_empty()
        || matches!(
            text,
            "-" | "--" | "/" | "null" | "NULL" | "None" | "无" | "undefined"
        )
    {
        return Id::Missing;
    }
    // A double holds 15 digits; Excel shows and saves no more.
    if number.is_some_and(|n| n.abs() >= 1e15) || is_scientific(text) {
        return Id::Damaged;
    }
    Id::Text(text)
}

/// `1.23457E+18`; `12E5` can be a real code, so there must be a point or a sign.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1
        && digits(whole)
        && digits(fraction)
        && (mantissa.contains('.') || exponent.starts_with('+'))
        && digits(exponent.trim_start_matches('+'))
        && exponent
            .trim_start_matches('+')
            .parse::<u32>()
            .is_ok_and(|e| (9..=40).contains(&e))
}

/// A long number whose last digits Excel replaced by zeros.
pub(crate) fn looks_rounded(text: &str) -> bool {
    text.len() >= 17
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.as_bytes()[15..].iter().all(|b| *b == b'0')
}

/// The words of a review to read; its raw text stays beside it.
pub(crate) fn body(raw: &str) -> String {
    let raw = raw.trim();
    let mut needs_markup = false;
    let mut needs_fold = false;
    for b in raw.bytes() {
        match b {
            b'&' | b'<' => needs_markup = true,
            b'_' => needs_markup = true,
            // Controls, and the first bytes of zero-width marks, blanks, full-width forms and the BOM.
            0..=0x09 | 0x0B..=0x1F | 0x7F | 0xC2 | 0xE2 | 0xEF => needs_fold = true,
            _ => {}
        }
    }
    if !needs_markup && !needs_fold {
        return raw.to_owned();
    }
    let text = if needs_markup {
        Cow::Owned(without_markup(raw))
    } else {
        Cow::Borrowed(raw)
    };
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' => out.push('\n'),
            '\t' | '\u{A0}' => out.push(' '),
            // An emoji made of several is held together by U+200D.
            '\u{200D}'
                if out
                    .chars()
                    .next_back()
                    .is_some_and(|p| p as u32 > 0xFFFF || p == '\u{FE0F}') =>
            {
                out.push(c)
            }
            '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{FEFF}'
            | '\u{AD}' => {}
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => out.push(half(c)),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    let trimmed = out.trim();
    if trimmed.len() == out.len() {
        out
    } else {
        trimmed.to_owned()
    }
}

/// Tags a rich-text box leaves; anything else in angle brackets is the customer's own.
const TAGS: [&str; 24] = [
    "br", "b", "i", "u", "p", "div", "span", "font", "a", "img", "strong", "em", "li", "ul", "ol", "td",
    "tr", "th", "table", "tbody", "small", "script", "style", "s",
];

fn without_markup(raw: &str) -> String {
    let mut text = Cow::Borrowed(raw);
    // Excel writes control characters as `_x000D_`.
    if text.contains("_x") {
        for (code, plain) in [
            ("_x000D_\r\n", "\n"),
            ("_x000D_\n", "\n"),
            ("_x000D_", "\n"),
            ("_x000A_", "\n"),
            ("_x0009_", " "),
        ] {
            if text.contains(code) {
                text = Cow::Owned(text.replace(code, plain));
            }
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let tail = &rest[open + 1..];
        let name_at = tail.strip_prefix('/').unwrap_or(tail);
        let name_len = name_at.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = name_at[..name_len].to_ascii_lowercase();
        // `<b>`, `<br/>`, `<a href=…>`; but `a<b 1>0` is what it looks like.
        let close = tail.find('>').filter(|end| {
            let inside = &tail[..*end];
            let rest = inside
                .trim_start_matches('/')
                .get(name_len..)
                .unwrap_or("")
                .trim();
            !inside.contains('<') && (rest.is_empty() || rest == "/" || rest.contains('='))
        });
        match close {
            Some(end) if TAGS.contains(&name.as_str()) => {
                if matches!(name.as_str(), "br" | "p" | "div" | "li" | "tr")
                    && !out.is_empty()
                    && !out.ends_with('\n')
                {
                    out.push('\n');
                }
                rest = &tail[end + 1..];
                if matches!(name.as_str(), "script" | "style") && !tail.starts_with('/') {
                    let low = rest.to_ascii_lowercase();
                    rest = low.find(&format!("</{name}")).map_or("", |i| &rest[i..]);
                }
            }
            _ => {
                out.push('<');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    if out.contains('&') {
        html_escape::decode_html_entities(&out).into_owned()
    } else {
        out
    }
}

/// Texts that platforms put where the customer wrote nothing (`sources.md` §2.12).
pub(crate) fn is_placeholder(body: &str) -> bool {
    if body.is_empty() {
        return true;
    }
    if body.len() > 90 {
        return false;
    }
    let text = body.trim_end_matches(['!', '！', '。', '.', '～', '~', ' ']);
    if matches!(
        text,
        "NO_MESSAGE"
            | "用户未点评"
            | "系统默认好评"
            | "默认好评"
            | "无"
            | "暂无评价"
            | "暂无评论"
            | "-"
            | "--"
            | "null"
            | "NULL"
    ) {
        return true;
    }
    let nobody = [
        "此用户",
        "该用户",
        "用户",
        "买家",
        "您",
        "评价方",
        "顾客",
        "此买家",
        "该买家",
        "本次交易",
    ];
    let nothing = [
        "未填写",
        "没有填写",
        "未及时",
        "未做评价",
        "没有评价",
        "没有写",
        "未写评",
        "未评价",
    ];
    nobody.iter().any(|w| text.starts_with(w)) && nothing.iter().any(|w| text.contains(w))
}

/// A review the platform wrote itself (`sources.md` E62).
pub(crate) fn is_system(body: &str) -> bool {
    body.len() <= 90 && body.contains("默认好评")
}

/// A name that hides part of itself (`sources.md` E65).
pub(crate) fn is_masked(name: &str) -> bool {
    name.contains(['*', '＊']) || name.contains("匿名") || name.eq_ignore_ascii_case("anonymous")
}

/// A web address, always https; none for anything that could do more than show a page (`sources.md` E63).
pub(crate) fn link(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'']);
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .or_else(|| text.strip_prefix("//"))?;
    let fine = !rest.is_empty()
        && rest.contains('.')
        && rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !rest.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\'' | '`' | '\\')
        });
    fine.then(|| format!("https://{rest}"))
}

/// Links of a media cell: a JSON list, or separated by commas, semicolons, bars or blanks. Also what was dropped.
pub(crate) fn links(cell: &str) -> (Vec<String>, Option<String>) {
    let text = unguard(cell);
    if text.is_empty() || matches!(text, "[]" | "-" | "无" | "null") {
        return (Vec::new(), None);
    }
    let parts: Vec<String> = match serde_json::from_str::<Vec<String>>(text) {
        Ok(list) => list,
        Err(_) => text
            .trim_matches(['[', ']'])
            .split(|c: char| matches!(c, ',' | ';' | '|' | '，' | '；') || c.is_whitespace())
            .map(str::to_owned)
            .collect(),
    };
    let mut found = Vec::new();
    let mut dropped = None;
    for part in parts
        .iter()
        .map(|p| p.trim().trim_matches('"'))
        .filter(|p| !p.is_empty())
    {
        match link(part) {
            Some(link) => found.push(link),
            None if part.contains(':') && dropped.is_none() => {
                dropped = Some(part.chars().take(60).collect())
            }
            None => {}
        }
    }
    (found, dropped)
}

/// What kind of personal data a text seems to hold (`sources.md` E66); the data itself is never repeated.
pub(crate) fn personal_data(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let from = i;
        while i < bytes.len() && bytes[i].is_ascii_digit() {
            i += 1;
        }
        let run = &bytes[from..i];
        match run.len() {
            11 if run[0] == b'1' && (b'3'..=b'9').contains(&run[1]) => return Some("电话"),
            18 if matches!(&run[6..8], b"19" | b"20") => return Some("身份证号"),
            17 if matches!(&run[6..8], b"19" | b"20") && matches!(bytes.get(i), Some(b'X' | b'x')) => {
                return Some("身份证号");
            }
            1..=5
                if text[i..].starts_with('号')
                    && ["路", "街", "弄", "巷", "大道"]
                        .iter()
                        .any(|w| text[..from].ends_with(w)) =>
            {
                return Some("地址");
            }
            _ => {}
        }
    }
    None
}
