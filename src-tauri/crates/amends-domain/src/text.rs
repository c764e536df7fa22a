//! Review text on its way to people: masked for alerts, cut to an excerpt, with spans in the units of the window.

use crate::assessment::{About, Evidence};

/// Hides phone numbers, e-mail addresses, identity numbers and other long digit runs, and chat ids after
/// 微信/QQ/VX, for places that others can see (alerts, logs, bots).
pub fn mask_private(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        if let Some(end) = mail_end(&chars, i) {
            out.push(chars[i]);
            out.push_str("***@***");
            i = end;
            continue;
        }
        if let Some(start) = chat_id_start(&chars, i) {
            let end = id_end(&chars, start);
            if end - start >= 5 {
                out.extend(&chars[i..start]);
                out.push_str("****");
                i = end;
                continue;
            }
        }
        if chars[i].is_ascii_digit() && (i == 0 || !chars[i - 1].is_ascii_digit()) {
            let end = digits_end(&chars, i);
            let digits: Vec<char> = chars[i..end]
                .iter()
                .copied()
                .filter(char::is_ascii_digit)
                .collect();
            if digits.len() >= 7 {
                out.extend(&digits[..3.min(digits.len() - 4)]);
                out.push_str("****");
                if digits.len() >= 11 {
                    out.extend(&digits[digits.len() - 4..]);
                }
                i = end;
                if i < chars.len() && matches!(chars[i], 'x' | 'X') && digits.len() == 17 {
                    i += 1;
                }
                continue;
            }
        }
        out.push(chars[i]);
        i += 1;
    }
    out
}

/// End of a digit run that may be grouped by single blanks or hyphens (138-0013-8000).
fn digits_end(chars: &[char], start: usize) -> usize {
    let mut i = start;
    let mut end = start;
    while i < chars.len() {
        if chars[i].is_ascii_digit() {
            i += 1;
            end = i;
        } else if matches!(chars[i], ' ' | '-')
            && chars.get(i + 1).is_some_and(char::is_ascii_digit)
            && i > start
        {
            i += 1;
        } else {
            break;
        }
    }
    end
}

fn mail_end(chars: &[char], start: usize) -> Option<usize> {
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    if !is_part(&chars[start]) || (start > 0 && is_part(&chars[start - 1])) {
        return None;
    }
    let at = start + chars[start..].iter().position(|c| !is_part(c))?;
    if chars[at] != '@' {
        return None;
    }
    let end = at
        + 1
        + chars[at + 1..]
            .iter()
            .position(|c| !is_part(c))
            .unwrap_or(chars.len() - at - 1);
    chars[at + 1..end].contains(&'.').then_some(end)
}

/// Where a chat id begins, if a word that announces one stands at `i`.
fn chat_id_start(chars: &[char], i: usize) -> Option<usize> {
    const WORDS: &[&str] = &["微信号", "微信", "v信", "vx", "wx", "qq号", "qq"];
    let word = WORDS.iter().find(|word| {
        let len = word.chars().count();
        chars.len() >= i + len
            && chars[i..i + len]
                .iter()
                .flat_map(|c| c.to_lowercase())
                .eq(word.chars())
    })?;
    let mut start = i + word.chars().count();
    while start < chars.len() && matches!(chars[start], ':' | '：' | ' ' | '是' | '号') {
        start += 1;
    }
    Some(start)
}

fn id_end(chars: &[char], start: usize) -> usize {
    start
        + chars[start..]
            .iter()
            .position(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
            .unwrap_or(chars.len() - start)
}

/// A piece of a text with the spans that lie in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The words, with `…` where something was cut.
    pub text: String,
    /// Spans in Unicode scalars of `text`.
    pub spans: Vec<Evidence>,
}

/// At most `limit` scalars of `text`, beginning a little before the first telling span. Line breaks become blanks.
pub fn excerpt(text: &str, evidence: &[Evidence], limit: usize) -> Excerpt {
    let chars: Vec<char> = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let telling = evidence
        .iter()
        .filter(|span| !matches!(span.about, About::Positive))
        .map(|span| span.start as usize)
        .min();
    let lead = limit / 4;
    let start = match telling {
        Some(first) if first > lead && chars.len() > limit => {
            sentence_start(&chars, first - lead, first).min(chars.len().saturating_sub(limit / 2))
        }
        _ => 0,
    };
    let end = (start + limit).min(chars.len());
    let cut_before = usize::from(start > 0);
    let mut out = String::new();
    if start > 0 {
        out.push('…');
    }
    out.extend(&chars[start..end]);
    if end < chars.len() {
        out.push('…');
    }
    let spans = evidence
        .iter()
        .filter(|span| (span.start as usize) < end && (span.end as usize) > start)
        .map(|span| Evidence {
            start: ((span.start as usize).max(start) - start + cut_before) as u32,
            end: ((span.end as usize).min(end) - start + cut_before) as u32,
            about: span.about,
        })
        .collect();
    Excerpt { text: out, spans }
}

/// Prefers to begin right after a punctuation mark between `from` and `to`.
fn sentence_start(chars: &[char], from: usize, to: usize) -> usize {
    (from..to)
        .find(|i| {
            matches!(
                chars[*i],
                '，' | '。' | '！' | '？' | '；' | ',' | '!' | '?' | ';'
            )
        })
        .map_or(from, |i| i + 1)
}

/// Converts spans from Unicode scalars, as Rust counts, to UTF-16 units, as JavaScript counts. Spans that do not
/// fit the text are clamped to it.
pub fn to_utf16(text: &str, spans: &[Evidence]) -> Vec<Evidence> {
    let mut offsets = Vec::with_capacity(text.len() + 1);
    let mut at = 0u32;
    for c in text.chars() {
        offsets.push(at);
        at += c.len_utf16() as u32;
    }
    offsets.push(at);
    let last = offsets.len() - 1;
    spans
        .iter()
        .map(|span| Evidence {
            start: offsets[(span.start as usize).min(last)],
            end: offsets[(span.end as usize).min(last)],
            about: span.about,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Cause;

    fn span(start: u32, end: u32) -> Evidence {
        Evidence {
            start,
            end,
            about: About::Cause(Cause::Hygiene),
        }
    }

    #[test]
    fn numbers_addresses_and_chat_ids_are_masked() {
        assert_eq!(mask_private("打13800138000给我"), "打138****8000给我");
        assert_eq!(mask_private("138-0013-8000"), "138****8000");
        assert_eq!(
            mask_private("身份证11010519491231002X丢了"),
            "身份证110****1002丢了"
        );
        assert_eq!(mask_private("邮箱li.si@example.com"), "邮箱l***@***");
        assert_eq!(mask_private("加微信：abc_12345退钱"), "加微信：****退钱");
        assert_eq!(mask_private("加VX abc12345"), "加VX ****");
        assert_eq!(mask_private("订单 4500012345678 没到"), "订单 450****5678 没到");
    }

    #[test]
    fn short_numbers_stay() {
        for text in ["等了90分钟，花了128元", "2026-11", "打12315", "第3次", ""] {
            assert_eq!(mask_private(text), text);
        }
    }

    #[test]
    fn an_excerpt_shows_the_telling_words_and_keeps_their_marks_right() {
        let text = format!(
            "{}，里面有头发。{}",
            "味道还可以".repeat(20),
            "不会再来".repeat(20)
        );
        let at = text.chars().position(|c| c == '头').unwrap() as u32;
        let cut = excerpt(&text, &[span(at, at + 2)], 60);
        let shown: String = cut
            .text
            .chars()
            .skip(cut.spans[0].start as usize)
            .take(2)
            .collect();
        assert_eq!(shown, "头发");
        assert!(cut.text.starts_with('…') && cut.text.ends_with('…'));
        assert!(cut.text.chars().count() <= 62);
        assert_eq!(excerpt("短\n评", &[], 60).text, "短 评");
    }

    #[test]
    fn offsets_after_an_emoji_count_two_units() {
        let spans = to_utf16("😡有头发", &[span(2, 4), span(0, 99)]);
        assert_eq!((spans[0].start, spans[0].end), (3, 5));
        assert_eq!((spans[1].start, spans[1].end), (0, 5));
    }
}
