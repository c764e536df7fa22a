//! Words that a chat can only show: review text is untrusted, and a group must not be called together by it.

/// What a cut message ends with.
pub const MORE: &str = "…请在应用内查看";

/// One line in which nothing can mention (`@all`, `<at …>`), link or mark up: the characters that do are replaced by
/// their wide look-alikes, invisible and direction-turning ones are dropped.
pub fn neutral(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '@' => text.push('＠'),
            '<' => text.push('＜'),
            '>' => text.push('＞'),
            '[' => text.push('［'),
            ']' => text.push('］'),
            '*' => text.push('＊'),
            '_' => text.push('＿'),
            '`' => text.push('｀'),
            '#' => text.push('＃'),
            '~' => text.push('～'),
            '|' => text.push('｜'),
            '\\' => text.push('＼'),
            '&' => text.push('＆'),
            '\t' | '\u{a0}' => text.push(' '),
            c if c.is_control() => text.push(' '),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}' => {}
            c => text.push(c),
        }
    }
    // Chats turn what looks like an address into a link.
    let text = text.replace("://", "：//").replace("www.", "www．");
    let text = text.trim();
    // A quote, list or ruler begins a line.
    match text.chars().next() {
        Some(first @ ('-' | '+' | '=')) => format!("{}{}", wide(first), &text[1..]),
        _ => text.to_owned(),
    }
}

fn wide(c: char) -> char {
    match c {
        '-' => '－',
        '+' => '＋',
        _ => '＝',
    }
}

/// At most `max` bytes of UTF-8, cut between characters and saying so.
pub fn fit(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(max.saturating_sub(MORE.len()));
    format!("{}{MORE}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn review_text_can_call_nobody_and_mark_nothing_up() {
        let line = "@all <at user_id=\"all\">所有人</at> <@userid> [点我](http://evil.cn) **急** <font color=\"warning\">x</font> &lt;";
        let said = neutral(line);
        for mark in ["@", "<", ">", "[", "]", "*", "://", "&"] {
            assert!(!said.contains(mark), "{mark} in {said}");
        }
        assert!(said.contains("所有人") && said.contains("急"));
        assert_eq!(neutral("好\u{202e}差\u{200b}评\r\n"), "好差评");
        assert_eq!(neutral("# 标题"), "＃ 标题");
        assert_eq!(neutral("- 项"), "－ 项");
        assert_eq!(neutral("> 引用"), "＞ 引用");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters_and_says_so() {
        assert_eq!(fit("短", 2048), "短");
        let long = "差评😀".repeat(400);
        for max in [100, 101, 102, 103, 2048] {
            let cut = fit(&long, max);
            assert!(cut.len() <= max && cut.ends_with(MORE), "{max}: {}", cut.len());
            assert!(long.starts_with(cut.trim_end_matches(MORE)));
            assert!(cut.len() + 4 > max, "no more is lost than a character");
        }
    }
}
