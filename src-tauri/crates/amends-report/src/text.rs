//! Words made fit to be shown: what a customer wrote may hold characters that draw nothing, hide or turn text round.

/// Without control characters, and without the invisible ones that reorder or hide what follows them. Line breaks and
/// everything visible stay as they are.
pub(crate) fn shown(text: &str) -> String {
    if text.chars().all(|c| c == '\n' || !is_unseen(c)) {
        return text.to_owned();
    }
    text.replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n")
        .replace('\t', " ")
        .chars()
        .filter(|c| *c == '\n' || !is_unseen(*c))
        .collect()
}

/// Draws nothing and is no part of a sequence that does (the joiner and the variation selectors of emoji are).
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}'
            | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Width in half characters: 2 for Chinese and other wide ones, 1 for the rest.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    match c as u32 {
        0x200d | 0xfe00..=0xfe0f | 0x300..=0x36f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f => 2,
        0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f000..=0x1faff | 0x20000..=0x3ffff => 2,
        _ => 1,
    }
}

/// The few words that renderers add to a document's own.
pub(crate) struct Words {
    /// Language and region of the text.
    pub(crate) language: (&'static str, &'static str),
    /// Around the page and the number of pages.
    pub(crate) page: [&'static str; 3],
    /// Name of the first sheet, and of its header.
    pub(crate) overview: &'static str,
    /// Headers of the first sheet's table.
    pub(crate) overview_columns: [&'static str; 5],
    /// What the marks beside numbers mean: good, bad, to be watched.
    pub(crate) marks: [&'static str; 3],
    /// Before the time of making.
    pub(crate) made: &'static str,
    /// Units of minutes and money in a header.
    pub(crate) minutes: &'static str,
    /// Name of a sheet whose section has none.
    pub(crate) sheet: &'static str,
}

/// Words of a document's language; Chinese where it is another.
pub(crate) fn words(language: &str) -> &'static Words {
    const CN: Words = Words {
        language: ("zh", "CN"),
        page: ["第 ", " 页 / 共 ", " 页"],
        overview: "概览",
        overview_columns: ["指标", "本期", "数值", "变化", "说明"],
        marks: ["向好", "变差", "留意"],
        made: "生成于 ",
        minutes: "分钟",
        sheet: "表",
    };
    const TW: Words = Words {
        language: ("zh", "TW"),
        page: ["第 ", " 頁 / 共 ", " 頁"],
        overview: "概覽",
        overview_columns: ["指標", "本期", "數值", "變化", "說明"],
        marks: ["向好", "變差", "留意"],
        made: "產生於 ",
        minutes: "分鐘",
        sheet: "表",
    };
    const EN: Words = Words {
        language: ("en", "US"),
        page: ["Page ", " of ", ""],
        overview: "Overview",
        overview_columns: ["Figure", "This period", "Number", "Change", "Detail"],
        marks: ["better", "worse", "to be watched"],
        made: "Made ",
        minutes: "min",
        sheet: "Table",
    };
    let tag = language.to_ascii_lowercase();
    if tag.starts_with("en") {
        &EN
    } else if ["zh-tw", "zh-hk", "zh-mo", "zh-hant"]
        .iter()
        .any(|t| tag.starts_with(t))
    {
        &TW
    } else {
        &CN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_visible_stays_and_what_hides_or_turns_text_goes() {
        assert_eq!(shown("漏液了！😡👨‍👩‍👧 a\tb\r\nc"), "漏液了！😡👨‍👩‍👧 a b\nc");
        assert_eq!(
            shown("退款\u{202e}款退\u{200b}\u{feff}\u{0}\u{7}ok\u{e0041}"),
            "退款款退ok"
        );
    }

    #[test]
    fn chinese_is_twice_as_wide_as_latin() {
        assert_eq!(width("中文ab，"), 8);
    }
}
