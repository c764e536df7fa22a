//! Corrections help on the spot, stay bounded, and can be taken back.

use amends_classify::{Classifier, Correction, Input, Personal, Scratch};
use amends_domain::words::{Cause, Sentiment, Severity, Tier};

fn negative(personal: &Personal, text: &str, trade: Option<&str>) -> f32 {
    let input = Input {
        text,
        trade,
        ..Input::default()
    };
    Classifier::shipped()
        .assess_with(&input, personal, &mut Scratch::default())
        .negative_probability
}

fn correction(id: usize, text: String, sentiment: Sentiment) -> Correction {
    Correction {
        id: Some(id.to_string()),
        text,
        trade: Some("剧本杀".to_owned()),
        sentiment: Some(sentiment),
        ..Correction::default()
    }
}

/// Words of a trade the shipped model has never read: 出戏 and 拖沓 are complaints there.
fn lesson(n: usize) -> String {
    let who = ["主持人", "店里的主持", "带本的小姐姐", "今天的主持"][n % 4];
    let what = ["全程出戏", "让人很出戏", "一直出戏", "特别出戏"][n / 4 % 4];
    let when = ["第二幕", "后半段", "开场", "推理环节"][n / 2 % 4];
    format!("{who}{when}{what}，节奏拖沓")
}

#[test]
fn twenty_corrections_of_one_kind_visibly_help() {
    let mut personal = Personal::default();
    let unseen = "复盘的时候有点出戏，节奏拖沓";
    let before = negative(&personal, unseen, Some("剧本杀"));
    for n in 0..20 {
        personal.learn(Classifier::shipped(), &correction(n, lesson(n), Sentiment::Neg));
    }
    let after = negative(&personal, unseen, Some("剧本杀"));
    assert!(after > before && after > 0.6, "{before} → {after}");
    let elsewhere = "快递很快，包装完好，很满意";
    assert_eq!(
        negative(&personal, elsewhere, None),
        negative(&Personal::default(), elsewhere, None)
    );
}

#[test]
fn a_hundred_contradictory_corrections_do_not_wreck_it() {
    let mut personal = Personal::default();
    for n in 0..100 {
        let sentiment = if n % 2 == 0 {
            Sentiment::Neg
        } else {
            Sentiment::Pos
        };
        personal.learn(Classifier::shipped(), &correction(n, lesson(n / 2), sentiment));
    }
    for text in [
        "质量太差了，用一天就坏",
        "客服态度恶劣，再也不来了",
        "饭是凉的，等了两个小时",
    ] {
        assert!(negative(&personal, text, Some("剧本杀")) > 0.6, "{text}");
    }
    for text in ["很好吃，下次还来", "质量不错，很喜欢", "房间干净，服务热情"] {
        assert!(negative(&personal, text, Some("剧本杀")) < 0.4, "{text}");
    }
}

#[test]
fn what_was_learned_can_be_switched_off_forgotten_and_reset() {
    let mut personal = Personal::default();
    let unseen = "复盘的时候有点出戏，节奏拖沓";
    let before = negative(&personal, unseen, Some("剧本杀"));
    for n in 0..12 {
        personal.learn(Classifier::shipped(), &correction(n, lesson(n), Sentiment::Neg));
    }
    let taught = negative(&personal, unseen, Some("剧本杀"));
    assert_ne!(taught, before);
    personal.switch(false);
    assert_eq!(negative(&personal, unseen, Some("剧本杀")), before);
    personal.switch(true);
    assert_eq!(negative(&personal, unseen, Some("剧本杀")), taught);
    (0..12).for_each(|n| personal.forget(&n.to_string()));
    assert_eq!(negative(&personal, unseen, Some("剧本杀")), before);
    personal.learn(Classifier::shipped(), &correction(1, lesson(1), Sentiment::Neg));
    personal.reset(Some("剧本杀"));
    assert!(personal.inspect().is_empty());
}

#[test]
fn a_personal_model_survives_being_stored() {
    let mut personal = Personal::default();
    for n in 0..10 {
        personal.learn(Classifier::shipped(), &correction(n, lesson(n), Sentiment::Neg));
    }
    let stored = serde_json::to_string(&personal).expect("serialises");
    assert!(!stored.contains(&lesson(0)), "no review text is kept");
    let mut again: Personal = serde_json::from_str(&stored).expect("deserialises");
    again.prepare(Classifier::shipped());
    let text = "有点出戏，节奏拖沓";
    assert_eq!(
        negative(&again, text, Some("剧本杀")),
        negative(&personal, text, Some("剧本杀"))
    );
    assert_eq!(again.inspect(), personal.inspect());
}

#[test]
fn progressive_validation_shows_whether_it_helps() {
    let mut personal = Personal::default();
    for n in 0..30 {
        personal.learn(Classifier::shipped(), &correction(n, lesson(n), Sentiment::Neg));
    }
    let insight = &personal.inspect()[0];
    assert_eq!((insight.trade.as_str(), insight.examples), ("剧本杀", 30));
    let standing = &insight.standings[0];
    assert_eq!((standing.kind.as_str(), standing.trials), ("sentiment", 30));
    assert!(
        standing.personal_accuracy >= standing.shipped_accuracy && standing.trust > 0.5,
        "{standing:?}"
    );
    assert!(
        insight.words.iter().any(|(w, _)| w.contains("出戏")),
        "{:?}",
        insight.words
    );
}

#[test]
fn causes_and_tiers_are_learned_too() {
    let mut personal = Personal::default();
    for n in 0..25 {
        let mut c = correction(n, lesson(n), Sentiment::Neg);
        c.causes = Some(vec![Cause::Service]);
        c.tier = Some(Tier::Important);
        personal.learn(Classifier::shipped(), &c);
    }
    let input = Input {
        text: "主持人带得太出戏，节奏拖沓",
        trade: Some("剧本杀"),
        ..Input::default()
    };
    let a = Classifier::shipped().assess_with(&input, &personal, &mut Scratch::default());
    assert!(
        a.causes.iter().any(|c| c.cause == Cause::Service),
        "{:?}",
        a.causes
    );
    assert_eq!(a.severity, Severity::Moderate);
}
