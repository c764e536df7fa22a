//! What a supervisor would conclude, the classifier concludes. Every sentence here is invented.

mod always;

use amends_classify::{Classifier, Input, normalise::fold_word};
use amends_domain::{
    assessment::{Assessment, Language},
    words::{Cause, Risk, Sentiment, Severity},
};
use proptest::prelude::*;
use std::collections::HashMap;

fn read(text: &str) -> Assessment {
    Classifier::shipped().assess(&Input {
        text,
        ..Input::default()
    })
}

fn rated(text: &str, stars: f32) -> Assessment {
    Classifier::shipped().assess(&Input {
        text,
        stars: Some(stars),
        ..Input::default()
    })
}

#[test]
fn praise_is_positive_and_has_no_cause() {
    let a = read("菜很好吃，服务员热情，环境也干净，下次还来");
    assert_eq!((a.sentiment, a.severity), (Sentiment::Pos, Severity::None));
    assert!(a.causes.is_empty() && a.risks.is_empty(), "{a:?}");
    assert!(a.negative_probability < 0.2);
}

#[test]
fn a_late_cold_meal_is_a_complaint_about_delivery() {
    let a = read("等了两个小时才送到，饭都凉透了，太慢了");
    assert_eq!(a.sentiment, Sentiment::Neg);
    assert!(
        a.causes.iter().any(|c| c.cause == Cause::Logistics),
        "{:?}",
        a.causes
    );
    assert!(a.negative_probability > 0.8);
}

#[test]
fn a_hair_in_the_soup_is_severe_and_says_where() {
    let text = "点了一份牛肉汤，喝到一半发现汤里有根头发，太恶心了";
    let a = read(text);
    assert_eq!(a.severity, Severity::Severe);
    assert!(a.risks.iter().any(|r| r.risk == Risk::Health), "{:?}", a.risks);
    let words: Vec<char> = text.chars().collect();
    let marked = a.evidence.iter().any(|e| {
        e.about.to_string() == "health"
            && words[e.start as usize..e.end as usize]
                .iter()
                .collect::<String>()
                .contains("头发")
    });
    assert!(marked, "{:?}", a.evidence);
}

#[test]
fn what_was_denied_or_only_imagined_is_no_risk() {
    for text in [
        "房间没有异味，也没有虫子，很满意",
        "要是饭里有头发我就投诉了，还好没有，挺干净的",
        "听说会拉肚子，我吃了没事，味道不错",
    ] {
        let a = read(text);
        assert!(
            !a.risks.iter().any(|r| r.risk == Risk::Health),
            "{text}: {:?}",
            a.risks
        );
    }
}

#[test]
fn rating_only_reviews_get_no_invented_text() {
    let a = rated("此用户未填写评价内容", 1.0);
    assert!(!a.has_text && a.causes.is_empty() && a.evidence.is_empty());
    assert_eq!(a.sentiment, Sentiment::Neg);
    assert_eq!(rated("", 5.0).sentiment, Sentiment::Pos);
    assert!(!read("   ").has_text);
}

#[test]
fn stars_that_contradict_the_text_are_reported() {
    assert!(rated("质量太差了，用了一天就坏，客服还不理人", 5.0).stars_disagree);
    assert!(rated("非常好，很喜欢，质量不错，下次还来买", 1.0).stars_disagree);
    assert!(!rated("质量太差了，用了一天就坏", 1.0).stars_disagree);
}

#[test]
fn other_languages_ask_for_a_person() {
    let a = rated("とても美味しかったです。また来ます", 5.0);
    assert_eq!(a.language, Language::Other);
    assert!(a.confidence <= 0.3);
    let a = read("The room was dirty and the staff were rude");
    assert_eq!((a.language, a.sentiment), (Language::English, Sentiment::Neg));
}

#[test]
fn script_and_white_space_change_nothing() {
    let simplified = read("质量很差，收到就坏了，客服不理人");
    for other in [
        "質量很差，收到就壞了，客服不理人",
        " 质量 很差 ， 收到就坏了，\n客服不理人  ",
        "质量很差，收到就坏了，客服不理人\u{200b}",
    ] {
        let a = read(other);
        assert_eq!(a.negative_probability, simplified.negative_probability, "{other}");
        assert_eq!(
            (a.sentiment, a.severity),
            (simplified.sentiment, simplified.severity)
        );
        assert_eq!(a.cause_probabilities, simplified.cause_probabilities);
    }
}

/// Simplified characters and a traditional one for each, where folding leads back.
fn traditional() -> HashMap<char, char> {
    let mut out = HashMap::new();
    for line in include_str!("../data/opencc/TSCharacters.txt").lines() {
        let mut chars = line.split('\t').filter_map(|part| part.chars().next());
        if let (Some(from), Some(to)) = (chars.next(), chars.next())
            && fold_word(&from.to_string()) == fold_word(&to.to_string())
        {
            out.entry(to).or_insert(from);
        }
    }
    out
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in "\\PC{0,200}", stars in proptest::option::of(any::<f32>())) {
        always::holds(&text, stars);
    }

    #[test]
    fn any_scalars_at_all_are_read_without_harm(chars in proptest::collection::vec(any::<char>(), 0..80)) {
        always::holds(&chars.into_iter().collect::<String>(), None);
    }

    #[test]
    fn any_chinese_is_read_alike_with_spaces(words in proptest::collection::vec("[一-龥，。！a-z0-9]{1,4}", 1..30)) {
        let plain = read(&words.concat());
        let spaced = read(&words.join(" "));
        if plain.language == spaced.language && plain.language == Language::Chinese {
            prop_assert_eq!(plain.negative_probability, spaced.negative_probability);
            prop_assert_eq!(plain.severity, spaced.severity);
        }
    }

    #[test]
    fn any_chinese_is_read_alike_in_traditional_script(text in "[一-龥，。！]{1,60}") {
        let map = traditional();
        let converted: String = text.chars().map(|c| *map.get(&c).unwrap_or(&c)).collect();
        let (a, b) = (read(&text), read(&converted));
        prop_assert_eq!((a.sentiment, a.severity, a.negative_probability), (b.sentiment, b.severity, b.negative_probability));
        prop_assert_eq!((a.causes, a.risks), (b.causes, b.risks));
    }
}

#[test]
fn camouflaged_words_are_read() {
    for (plain, hidden) in [
        ("垃圾店家，骗子", "垃/圾店家，骗*子"),
        ("假货，要投诉", "jia货，要tou诉"),
        ("好评返现卡片", "好评返💰卡片"),
    ] {
        let (plain_p, hidden_p) = (
            read(plain).negative_probability,
            read(hidden).negative_probability,
        );
        assert!(
            (plain_p - hidden_p).abs() < 0.15,
            "{plain} {plain_p} / {hidden} {hidden_p}"
        );
    }
}

#[test]
fn irony_is_no_praise() {
    for text in [
        "真是“好”服务，等了四十分钟没人理",
        "真是\"好\"酒店，隔壁吵了一夜",
        "呵呵，这就是你们说的五星级",
        "呵呵，真行，退个款要半个月",
        "服务太\"到位\"了，全程没见到一个人",
        "这质量真是绝了，穿一次就开线",
        "谢谢商家让我吃到了人生最难吃的面",
    ] {
        let a = read(text);
        assert!(
            a.sentiment == Sentiment::Neg && a.negative_probability > 0.6,
            "{text}: {a:?}"
        );
    }
}

#[test]
fn what_would_have_been_or_was_only_heard_is_not_severe() {
    for text in [
        "要是有头发我就投诉了",
        "听说会拉肚子我没有",
        "房间没有异味，也没有虫子，很满意",
    ] {
        let a = read(text);
        assert!(
            a.severity < Severity::Severe && !a.risks.iter().any(|r| r.risk == Risk::Health),
            "{text}: {:?} {:?}",
            a.severity,
            a.risks
        );
    }
}

#[test]
fn trades_nobody_trained_on_are_read_too() {
    assert_eq!(read("師傅手藝不錯，剪得很滿意").sentiment, Sentiment::Pos);
    let gym = read("健身房器材老旧，淋浴没有热水，退卡还扣手续费");
    assert!(
        gym.sentiment == Sentiment::Neg
            && gym.negative_probability > 0.6
            && gym.causes.iter().any(|c| c.cause == Cause::Facility),
        "{gym:?}"
    );
    let clinic = read("疫苗接种排队两个小时，护士态度冷淡");
    assert!(
        clinic.causes.iter().any(|c| c.cause == Cause::Service),
        "{clinic:?}"
    );
}

#[test]
fn praise_followed_by_a_complaint_names_the_complaint_only() {
    let a = read("味道不错，但是送餐太慢了，等了一个半小时");
    assert!(
        a.causes.iter().any(|c| c.cause == Cause::Logistics),
        "{:?}",
        a.causes
    );
    assert!(
        !a.causes.iter().any(|c| c.cause == Cause::Quality),
        "{:?}",
        a.causes
    );
}

#[test]
fn an_emoji_says_something_and_a_very_long_text_is_no_trouble() {
    assert!(read("👎👎👎").negative_probability > read("👍👍👍").negative_probability);
    let long = "房间太吵，一晚上没睡好。".repeat(400);
    let a = read(&long);
    assert_eq!(a.sentiment, Sentiment::Neg);
    assert!(a.evidence.iter().all(|e| e.end as usize <= long.chars().count()));
}

#[test]
fn the_shipped_weights_can_be_read_and_damaged_ones_are_refused() {
    assert!(!Classifier::shipped().version().is_empty());
    assert!(Classifier::from_bytes(b"something else").is_err());
    let mut bytes = include_bytes!("../weights/amends.weights").to_vec();
    assert!(Classifier::from_bytes(&bytes[..bytes.len() / 2]).is_err());
    bytes[1000] ^= 1;
    assert!(Classifier::from_bytes(&bytes).is_err());
}
