//! What customers said: themes are found in invented complaints, and only what really grows is called growing.

use amends_domain::themes::{Said, Search, Theme, discover, jumps};
use std::collections::BTreeSet;

/// Ordinary complaints, spoken with some variety; the same mix every week.
fn everyday(week: u8, count: u32) -> Vec<(u32, u8, String)> {
    let openings = [
        "",
        "第一次买，",
        "说实话，",
        "等了三天，",
        "朋友推荐的，",
        "一般吧，",
        "有点失望，",
        "买给家里人的，",
    ];
    let troubles = [
        "快递太慢了",
        "物流真的很慢",
        "客服不回消息",
        "客服一直不回消息",
        "包装盒压扁了",
        "颜色和图片不一样",
        "尺码偏小",
        "味道很刺鼻",
        "质量很差",
        "少发了一件",
        "价格买完就降",
        "退货不给退",
        "用了没效果",
        "洗完头皮痒",
    ];
    let endings = [
        "",
        "，不会再买了",
        "，给个差评",
        "，希望改进",
        "，太失望了",
        "，大家慎重",
        "。",
        "！",
    ];
    (0..count)
        .map(|n| {
            // Steps without a common factor, so that every combination comes up and weeks do not repeat each other.
            let n_of = |list: &[&'static str], step: u32, shift: u32| {
                list[((n * step + shift) as usize) % list.len()]
            };
            let text = format!(
                "{}{}{}",
                n_of(&openings, 3, u32::from(week)),
                n_of(&troubles, 1, u32::from(week) * 5),
                n_of(&endings, 5, u32::from(week) * 2)
            );
            (u32::from(week) * 10_000 + n, week, text)
        })
        .collect()
}

fn leaks(count: u32) -> Vec<(u32, u8, String)> {
    let texts = [
        "打开一看漏液了，洗发水洒得到处都是",
        "包装漏液，盒子里全是",
        "收到就漏液，瓶盖没拧紧",
        "瓶子漏液严重，只剩半瓶",
        "又是包装漏液，真的无语",
        "漏液了，箱子都湿了",
        "瓶口漏液，弄得满手都是",
        "第二次买还是包装漏液",
    ];
    (0..count)
        .map(|n| (90_000 + n, 0, texts[n as usize % texts.len()].to_owned()))
        .collect()
}

fn said(rows: &[(u32, u8, String)]) -> Vec<Said<'_>> {
    rows.iter()
        .map(|(number, age, text)| Said {
            number: *number,
            age: *age,
            text,
            product: Some(if text.contains("漏液") {
                "去屑洗发水 500ml"
            } else {
                "各种"
            }),
            shop: "",
            causes: &[],
        })
        .collect()
}

fn weeks() -> Vec<(u32, u8, String)> {
    (0..5).flat_map(|week| everyday(week, 98)).collect()
}

fn find(rows: &[(u32, u8, String)]) -> Vec<Theme> {
    discover(
        &said(rows),
        Search {
            periods_before: 4,
            ..Search::default()
        },
    )
}

#[test]
fn thirty_new_complaints_of_leaking_come_first_as_new_and_beyond_chance() {
    let mut rows = weeks();
    rows.extend(leaks(30));
    let themes = find(&rows);
    let first = &themes[0];
    assert!(first.label.contains("漏液"), "{}", first.label);
    assert!(first.new && first.beyond_chance);
    assert_eq!((first.count, first.mean_before, first.growth), (30, 0.0, None));
    assert_eq!(first.trend, [0, 0, 0, 0, 30]);
    assert_eq!(first.members, (90_000..90_030).collect::<Vec<u32>>());
    assert_eq!(first.products[0].name, "去屑洗发水 500ml");
    assert!(first.products[0].beyond_chance && first.products[0].count == 30);
    assert_eq!(
        jumps(&themes)
            .iter()
            .map(|theme| &theme.label)
            .collect::<Vec<_>>(),
        [&first.label]
    );
}

#[test]
fn the_same_complaints_every_week_are_no_news() {
    let themes = find(&weeks());
    assert!(
        themes.len() >= 8,
        "{:?}",
        themes.iter().map(|theme| &theme.label).collect::<Vec<_>>()
    );
    for theme in &themes {
        assert!(
            !theme.beyond_chance,
            "{}: {:?}, p {}",
            theme.label, theme.trend, theme.p
        );
    }
    assert!(jumps(&themes).is_empty());
}

#[test]
fn labels_are_what_a_manager_would_say() {
    let labels: BTreeSet<String> = find(&weeks()).into_iter().map(|theme| theme.label).collect();
    for label in ["客服不回消息", "包装盒压扁了", "尺码偏小", "质量差"] {
        assert!(labels.contains(label), "{label} is not among {labels:?}");
    }
}

#[test]
fn every_number_of_a_theme_opens_the_complaints_that_say_it() {
    let mut rows = weeks();
    rows.extend(leaks(12));
    for theme in find(&rows) {
        assert_eq!(theme.count as usize, theme.members.len());
        let earlier: Vec<u32> = theme
            .earlier
            .iter()
            .rev()
            .map(|numbers| numbers.len() as u32)
            .collect();
        assert_eq!(theme.trend, [earlier, vec![theme.count]].concat());
        let distinct: BTreeSet<&u32> = theme.members.iter().collect();
        assert_eq!(
            distinct.len(),
            theme.members.len(),
            "{} counts a complaint twice",
            theme.label
        );
        for number in theme.members.iter().chain(theme.earlier.iter().flatten()) {
            let (_, age, text) = rows.iter().find(|(of, ..)| of == number).unwrap();
            assert!(
                theme
                    .earlier
                    .get(usize::from(*age).wrapping_sub(1))
                    .is_none_or(|of| of.contains(number))
            );
            // Words of degree are read over, so a phrase may stand apart in the text.
            let says = |phrase: &String| {
                let mut rest = text.chars();
                phrase.chars().all(|c| rest.any(|other| other == c))
            };
            assert!(
                theme.phrases.iter().any(says),
                "{text} does not say {:?}",
                theme.phrases
            );
        }
        for quote in &theme.quotes {
            assert!(theme.members.contains(&quote.number));
        }
    }
}

#[test]
fn quotes_are_at_most_three_different_and_masked() {
    let mut rows = weeks();
    rows.extend(
        leaks(30)
            .into_iter()
            .map(|(number, age, text)| (number, age, format!("{text}，电话138001380{}", number % 90 + 10))),
    );
    let themes = find(&rows);
    let quotes = &themes[0].quotes;
    assert_eq!(quotes.len(), 3);
    let texts: BTreeSet<&String> = quotes.iter().map(|quote| &quote.text).collect();
    assert_eq!(texts.len(), 3);
    for quote in quotes {
        assert!(!quote.text.contains("13800"), "{}", quote.text);
        assert!(quote.text.contains("漏液"), "{}", quote.text);
    }
}

#[test]
fn the_order_of_the_complaints_does_not_matter() {
    let mut rows = weeks();
    rows.extend(leaks(9));
    let themes = find(&rows);
    rows.reverse();
    assert_eq!(find(&rows), themes);
    let half = rows.len() / 2;
    rows.rotate_left(half);
    assert_eq!(find(&rows), themes);
}

#[test]
fn one_person_who_repeats_himself_is_one_complaint() {
    let mut rows = weeks();
    // Thirty texts of one ticket.
    rows.extend(leaks(30).into_iter().map(|(_, age, text)| (90_000, age, text)));
    assert!(find(&rows).iter().all(|theme| !theme.label.contains("漏液")));
}

#[test]
fn a_few_more_than_usual_are_not_called_growth() {
    let mut rows = weeks();
    for week in 0..5 {
        // 4 a week, 6 this week.
        let count = if week == 0 { 6 } else { 4 };
        rows.extend((0..count).map(|n| {
            (
                70_000 + u32::from(week) * 100 + n,
                week,
                format!("屏幕闪烁{}", ["", "得厉害", "看不清"][n as usize % 3]),
            )
        }));
    }
    let themes = find(&rows);
    let flicker = themes.iter().find(|theme| theme.label.contains("屏幕闪烁"));
    if let Some(theme) = flicker {
        assert_eq!((theme.count, theme.mean_before), (6, 4.0));
        assert!(!theme.beyond_chance);
    }
    assert!(jumps(&themes).is_empty());
}

#[test]
fn what_became_rare_is_shown_as_fallen() {
    let mut rows = weeks();
    for week in 1..5_u8 {
        rows.extend((0..25).map(|n| {
            (
                60_000 + u32::from(week) * 100 + n,
                week,
                "送到已经凉了，没法吃".to_owned(),
            )
        }));
    }
    rows.extend((0..2).map(|n| (60_000 + n, 0, "送到已经凉了".to_owned())));
    let themes = discover(
        &said(&rows),
        Search {
            periods_before: 4,
            limit: 30,
        },
    );
    let cold = themes.iter().find(|theme| theme.label.contains("凉了")).unwrap();
    assert_eq!((cold.count, cold.mean_before), (2, 25.0));
    assert!(cold.beyond_chance && cold.growth.unwrap() < -90.0);
    assert!(jumps(&themes).is_empty(), "a fall is no alarm");
}

#[test]
fn english_complaints_are_read_by_words() {
    let mut rows: Vec<(u32, u8, String)> = weeks();
    let texts = [
        "The bottle is leaking",
        "leaking bottle again",
        "Bottle LEAKING everywhere",
        "it was leaking badly",
    ];
    rows.extend((0..16).map(|n| (80_000 + n, 0, texts[n as usize % 4].to_owned())));
    let themes = find(&rows);
    assert!(themes[0].label.contains("leaking"), "{}", themes[0].label);
    assert_eq!(themes[0].count, 16);
}

#[test]
fn nothing_and_empty_texts_have_no_themes() {
    assert!(discover(&[], Search::default()).is_empty());
    let rows: Vec<(u32, u8, String)> = (0..50)
        .map(|n| (n, 0, ["", "！！！", "👍", "123"][n as usize % 4].to_owned()))
        .collect();
    assert!(find(&rows).is_empty());
}
