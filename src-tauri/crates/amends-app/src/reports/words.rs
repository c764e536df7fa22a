//! Figures in the words a manager reads: the one document that window, PDF, Excel and mail all draw.

use super::numbers::{Better, NO_DATA, duration, growth, minutes, money, percent, points, rate, time};
use super::period::Period;
use crate::{
    dto::{ImprovementState, ImprovementView, LessonView, Locale, PersonView, ReportKind, ThemeView},
    views, wording,
};
use amends_domain::{
    Cause, Channel, PersonId, Tier,
    figures::{
        Breach, Count, Counted, Figures, Good, Money, PersonRow, Row as FigureRow, Set, Share, Spread,
        TrendPoint,
    },
    sla::event::{Metric, RemedyKind, TicketStatus},
};
use amends_report::document::{
    self, Cell, Chart, ChartKind, Column, Document, Formula, Headline, Mood, Row, Section, SectionKind,
    Series, Span, ValueKind,
};
use std::collections::HashMap;

/// Lines shown of a long table; the spreadsheet has them all through the list of tickets.
const LINES: usize = 20;
/// Breaches named one by one.
const BREACHES: usize = 50;

/// What a document is written from.
pub(super) struct Material<'a> {
    pub period: Period,
    pub running: bool,
    pub figures: &'a Figures,
    pub people: &'a HashMap<String, PersonView>,
    pub improvements: &'a [ImprovementView],
    pub lessons: &'a [LessonView],
    /// Read apart, because it takes longer; none leaves the section out.
    pub themes: Option<&'a [ThemeView]>,
    /// 全部门店与渠道, or what was cut out.
    pub scope: String,
    pub zone: &'a str,
}

const ZH: Locale = Locale::ZhCn;

/// Writes the report.
pub(super) fn document(material: &Material<'_>) -> Document {
    let (figures, (this, before)) = (material.figures, material.period.words());
    let running = if material.running {
        "（还没过完）"
    } else {
        ""
    };
    let mut sections = vec![sla(figures)];
    sections.extend(material.themes.map(|themes| growing(themes, this)));
    sections.extend([
        breaches(material),
        causes(figures, this),
        heat(figures),
        course(material),
        table("products", "商品", &figures.products, figures, Clone::clone),
        table("shops", "门店", &figures.shops, figures, |shop| {
            or_dash(shop, "未注明门店")
        }),
        table("channels", "渠道", &figures.channels, figures, |channel| {
            wording::channel(ZH, *channel).to_owned()
        }),
        people(material),
        remedies(figures),
        after_closing(figures),
        steps(material),
        lag(figures),
        improvements(material.improvements),
        good(material),
    ]);
    if !material.lessons.is_empty() {
        sections.push(lessons(material.lessons));
    }
    Document {
        language: "zh-CN".to_owned(),
        title: title(material.period),
        subtitle: format!("与{before}相比 · {}", material.scope),
        period: format!("{}{running}", material.period.days()),
        made_at: views::wall_clock(figures.now_ms, material.zone)
            .chars()
            .take(16)
            .collect(),
        lead: lead(material),
        headlines: headlines(figures, before),
        sections,
        footer: vec![
            "达标 = 按时 ÷（按时 + 超时），按时限到期的日子算；暂停中和还没到期的不算，经理批准不计的单列。"
                .to_owned(),
            "答复时间只算人工答复，按答复的日子算；自动回复不算。".to_owned(),
            "“±”表示差别可能只是偶然；“样本少”表示数量太少，只能参考。百分比之差写作百分点。".to_owned(),
        ],
    }
}

/// 第 47 周周报.
pub(super) fn title(period: Period) -> String {
    let word = match period.kind {
        ReportKind::Daily => "日报",
        ReportKind::Weekly => "周报",
        ReportKind::Monthly => "月报",
    };
    format!("{}{word}", period.title())
}

fn or_dash(text: &str, none: &str) -> String {
    if text.is_empty() {
        none.to_owned()
    } else {
        text.to_owned()
    }
}

/// The key of a number, unless nothing is behind it.
fn opens(set: &Set, key: impl Into<String>) -> Option<String> {
    (!set.is_empty()).then(|| key.into())
}

fn promise(
    figures: &Figures,
    metric: Metric,
    tier: Option<Tier>,
) -> Option<&amends_domain::figures::Promise> {
    figures
        .promises
        .iter()
        .find(|promise| promise.metric == metric && promise.tier == tier)
}

// ---- the paragraph on top

fn lead(material: &Material<'_>) -> Vec<Span> {
    let figures = material.figures;
    let (this, before) = material.period.words();
    let volume = &figures.volume;
    let plain = |text: String| Span {
        text,
        ..Span::default()
    };
    let strong = |text: String, opens: Option<String>| Span {
        text,
        strong: true,
        opens,
    };
    if volume.reviews.count == 0
        && volume.tickets.set.is_empty()
        && figures.promises.iter().all(|p| p.share.decided() == 0)
    {
        return vec![plain(format!("{this}没有新评价，也没有到期的时限。"))];
    }
    let mut spans = Vec::new();
    let negative = volume.negative.count + volume.mixed.count;
    spans.push(plain(format!(
        "{this}收到 {} 条评价，其中不满意的 ",
        volume.reviews.count
    )));
    spans.push(strong(format!("{negative} 条"), None));
    spans.push(plain(
        match volume.negative.change.as_ref().filter(|_| has_before(figures)) {
            Some(change) if change.beyond_chance => match change.percent {
                Some(percent) if percent > 0.0 => format!("，差评比{before}多 {percent:.0}%"),
                Some(percent) => format!("，差评比{before}少 {:.0}%", percent.abs()),
                None => format!("，{before}没有差评"),
            },
            Some(_) => format!("，差评和{before}差不多"),
            None => String::new(),
        },
    ));
    if let Some(theme) = material.themes.and_then(|themes| {
        themes
            .iter()
            .find(|theme| theme.beyond_chance && theme.growth.is_none_or(|growth| growth > 0.0))
    }) {
        spans.push(plain("。变多最明显的是".to_owned()));
        spans.push(strong(format!("“{}”", theme.label), Some(theme.key.clone())));
        spans.push(plain(format!(
            "（{} 条，前四{}平均 {:.1} 条）",
            theme.count,
            unit(material.period),
            theme.before
        )));
    } else if let Some(cause) = figures.causes.iter().find(|row| !row.tickets.set.is_empty()) {
        spans.push(plain("。最多的原因是".to_owned()));
        spans.push(strong(
            wording::cause(ZH, cause.name).to_owned(),
            opens(&cause.tickets.set, cause.key.clone()),
        ));
        spans.push(plain(format!("（{} 件工单）", cause.tickets.set.len())));
    }
    spans.push(plain("。".to_owned()));
    let worst = figures
        .promises
        .iter()
        .filter(|promise| promise.tier.is_some() && !promise.share.missed.is_empty())
        .max_by_key(|promise| promise.share.missed.len());
    match worst {
        Some(promise) => {
            spans.push(plain("超时最多的是".to_owned()));
            spans.push(strong(
                format!("{}，{} 件", promise_name(promise), promise.share.missed.len()),
                opens(&promise.share.missed, format!("{}.missed", promise.key)),
            ));
            spans.push(plain("。".to_owned()));
        }
        None if figures.promises.iter().any(|promise| promise.share.decided() > 0) => {
            spans.push(plain("到期的时限全部按时做到。".to_owned()));
        }
        None => {}
    }
    spans
}

fn unit(period: Period) -> &'static str {
    match period.kind {
        ReportKind::Daily => "天",
        ReportKind::Weekly => "周",
        ReportKind::Monthly => "个月",
    }
}

// ---- five numbers

fn headlines(figures: &Figures, before: &str) -> Vec<Headline> {
    let first = promise(figures, Metric::FirstResponse, None);
    let trend = |value: fn(&TrendPoint) -> Option<f64>| {
        let points: Vec<f64> = figures.trend.iter().filter_map(value).collect();
        if points.len() < 2 { Vec::new() } else { points }
    };
    let mut all = Vec::new();
    if let Some(first) = first {
        let urgent = promise(figures, Metric::FirstResponse, Some(Tier::Urgent));
        let urgent = urgent
            .filter(|promise| promise.share.decided() > 0)
            .map(|promise| format!("；紧急 {}/{}", promise.share.met.len(), promise.share.decided()))
            .unwrap_or_default();
        all.push(share_headline(
            "first_response_attainment",
            "首次答复达标率",
            &first.share,
            format!(
                "{} 件里 {} 件按时{urgent}",
                first.share.decided(),
                first.share.met.len()
            ),
            "还没有到期的首次答复",
            trend(|point| point.first_response),
            Some(format!("{}.missed", first.key)),
        ));
    }
    let spread = &figures.response.calendar;
    all.push(Headline {
        id: "first_response_median".to_owned(),
        title: "首次答复中位时间".to_owned(),
        value: spread.median_ms.map_or_else(|| NO_DATA.to_owned(), duration),
        number: spread.median_ms.map(minutes),
        kind: ValueKind::Duration,
        change: time(spread.change.as_ref(), Better::Less),
        detail: match (spread.p90_ms, &spread.change) {
            (Some(p90), Some(change)) => format!(
                "九成在 {} 内；{before} {}",
                duration(p90),
                duration(change.before)
            ),
            (Some(p90), None) => format!("九成在 {} 内", duration(p90)),
            _ => "还没有人工答复".to_owned(),
        },
        trend: trend(|point| point.median_response_ms.map(minutes)),
        opens: opens(&figures.response.answered, "response.answered"),
    });
    all.push(share_headline(
        "closure",
        "72 小时关闭率",
        &figures.closure,
        format!(
            "{} 件里 {} 件按时关闭",
            figures.closure.decided(),
            figures.closure.met.len()
        ),
        "还没有到期的关闭时限",
        trend(|point| point.closure),
        Some("closure.missed".to_owned()),
    ));
    let recovery = &figures.recovery;
    all.push(share_headline(
        "recovery",
        "满意挽回率",
        &recovery.satisfied,
        format!(
            "联系到 {} 人（{}），{} 人打 4–5 分",
            recovery.reach.met.len(),
            rate(&recovery.reach),
            recovery.satisfied.met.len()
        ),
        "回访并记下满意度后这里会有数字",
        trend(|point| point.recovery),
        Some("recovery.satisfied.met".to_owned()),
    ));
    let conversion = &figures.conversion.ripening;
    let ripening = match conversion.immature.len() {
        0 => String::new(),
        n => format!("，{n} 条还没满 90 天"),
    };
    all.push(share_headline(
        "conversion",
        "差评转化率",
        &conversion.share,
        format!(
            "可改评渠道 {} 条里 {} 条改到 4 星以上{ripening}",
            conversion.share.decided(),
            conversion.share.met.len()
        ),
        "可改评渠道上还没有人工答复过的差评",
        trend(|point| point.conversion),
        Some("conversion.met".to_owned()),
    ));
    all
}

fn share_headline(
    id: &str,
    title: &str,
    share: &Share,
    detail: String,
    nothing: &str,
    trend: Vec<f64>,
    key: Option<String>,
) -> Headline {
    let known = share.decided() > 0;
    let few = if share.few() {
        "；样本少，只供参考"
    } else {
        ""
    };
    Headline {
        id: id.to_owned(),
        title: title.to_owned(),
        value: rate(share),
        number: share.rate(),
        kind: ValueKind::Percent,
        change: points(share.change.as_ref(), Better::More),
        detail: if known {
            format!("{detail}{few}")
        } else {
            nothing.to_owned()
        },
        trend,
        opens: key.filter(|key| {
            let set = if key.ends_with(".missed") {
                &share.missed
            } else {
                &share.met
            };
            !set.is_empty()
        }),
    }
}

// ---- building blocks

fn columns<const N: usize>(columns: [(&str, ValueKind); N]) -> Vec<Column> {
    columns
        .into_iter()
        .map(|(title, kind)| Column {
            title: title.to_owned(),
            kind,
            formula: None,
        })
        .collect()
}

fn with_formula(mut columns: Vec<Column>, at: usize, formula: Formula) -> Vec<Column> {
    if let Some(column) = columns.get_mut(at) {
        column.formula = Some(formula);
    }
    columns
}

fn text(text: impl Into<String>) -> Cell {
    Cell {
        text: text.into(),
        ..Cell::default()
    }
}

fn muted(words: &str) -> Cell {
    Cell {
        mood: Mood::Muted,
        ..text(words)
    }
}

fn number(value: u64) -> Cell {
    Cell {
        text: value.to_string(),
        value: Some(value as f64),
        ..Cell::default()
    }
}

fn set(set: &Set, key: impl Into<String>) -> Cell {
    Cell {
        opens: opens(set, key),
        ..number(set.len() as u64)
    }
}

fn change(change: Option<document::Change>, value: Option<f64>) -> Cell {
    match change {
        Some(change) => Cell {
            text: change.text,
            mood: change.mood,
            value,
            ..Cell::default()
        },
        None => muted("—"),
    }
}

/// The change of a middle time, in minutes.
fn duration_change(spread: &Spread) -> Cell {
    let spread = spread.change.as_ref();
    change(
        time(spread, Better::Less),
        spread.map(|change| minutes(change.delta)),
    )
}

/// The change of a count, where there was anything at all in the period before: a first week has grown from nothing
/// only because nothing was written down.
fn growth_cell(count: &Counted, figures: &Figures) -> Cell {
    let before = count.change.as_ref().filter(|_| has_before(figures));
    change(growth(before, Better::Less), before.map(|change| change.delta))
}

fn has_before(figures: &Figures) -> bool {
    let reviews = figures.volume.reviews.change.as_ref();
    let tickets = figures.volume.tickets.change.as_ref();
    [reviews, tickets]
        .iter()
        .any(|change| change.is_some_and(|change| change.before > 0.0))
}

fn rate_cell(share: &Share) -> Cell {
    match share.rate() {
        Some(value) => Cell {
            badge: share.few().then(|| "样本少".to_owned()),
            value: Some(value),
            ..text(percent(value))
        },
        None => muted("—"),
    }
}

fn duration_cell(ms: Option<f64>) -> Cell {
    match ms {
        Some(ms) => Cell {
            value: Some(minutes(ms)),
            ..text(duration(ms))
        },
        None => muted("—"),
    }
}

fn trend_cell(values: &[u64]) -> Cell {
    Cell {
        trend: (values.len() > 1).then(|| values.iter().map(|value| *value as f64).collect()),
        ..Cell::default()
    }
}

fn bar(share: &Share, key: &str) -> Cell {
    let part = |set: &Set, name: &str, word: &str, mood: Mood| {
        (!set.is_empty()).then(|| document::Share {
            text: format!("{word} {}", set.len()),
            value: set.len() as f64,
            mood,
            opens: Some(format!("{key}.{name}")),
        })
    };
    Cell {
        share: Some(
            [
                part(&share.met, "met", "按时", Mood::Good),
                part(&share.missed, "missed", "超时", Mood::Bad),
                part(&share.annulled, "annulled", "不计", Mood::Muted),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        ..Cell::default()
    }
}

fn section(id: &str, title: &str, note: &str, kind: SectionKind) -> Section {
    Section {
        id: id.to_owned(),
        title: title.to_owned(),
        note: note.to_owned(),
        kind,
        ..Section::default()
    }
}

fn row(cells: Vec<Cell>) -> Row {
    Row { cells, strong: false }
}

fn name_of(people: &HashMap<String, PersonView>, person: Option<&PersonId>) -> String {
    match person {
        Some(id) => people
            .get(&id.0)
            .map_or_else(|| "已离开的人".to_owned(), |person| person.name.clone()),
        None => "无人负责".to_owned(),
    }
}

// ---- sections

fn promise_name(promise: &amends_domain::figures::Promise) -> String {
    let tier = promise.tier.map_or("全部", |tier| wording::tier(ZH, tier));
    format!("{tier} · {}", wording::metric(ZH, promise.metric.as_str()))
}

fn sla(figures: &Figures) -> Section {
    let rows = figures
        .promises
        .iter()
        .filter(|promise| promise.share.decided() + promise.share.annulled.len() as u64 > 0)
        .map(|promise| {
            let share = &promise.share;
            Row {
                strong: promise.tier.is_none(),
                cells: vec![
                    text(promise_name(promise)),
                    bar(share, &promise.key),
                    rate_cell(share),
                    set(&share.met, format!("{}.met", promise.key)),
                    set(&share.missed, format!("{}.missed", promise.key)),
                    set(&share.annulled, format!("{}.annulled", promise.key)),
                    change(
                        points(share.change.as_ref(), Better::More),
                        share.change.as_ref().map(|change| change.delta),
                    ),
                ],
            }
        })
        .collect();
    Section {
        columns: with_formula(
            columns([
                ("承诺", ValueKind::Text),
                ("兑现", ValueKind::Share),
                ("达标率", ValueKind::Percent),
                ("按时", ValueKind::Count),
                ("超时", ValueKind::Count),
                ("不计", ValueKind::Count),
                ("变化", ValueKind::Change),
            ]),
            2,
            Formula::Rate { met: 3, missed: 4 },
        ),
        rows,
        empty: Some("这段时间没有到期的时限。".to_owned()),
        ..section(
            "sla",
            "承诺兑现",
            "按时限到期的日子算。达标 = 按时 ÷（按时 + 超时）；灰色为经理批准不计，单列。",
            SectionKind::Bars,
        )
    }
}

pub(super) fn growing(themes: &[ThemeView], this: &str) -> Section {
    let rows = themes
        .iter()
        .map(|theme| {
            let gathers = theme
                .gathers
                .iter()
                .map(|place| place.name.as_str())
                .collect::<Vec<_>>();
            let words = match theme.growth {
                _ if !theme.beyond_chance => "±".to_owned(),
                Some(growth) if growth < 0.0 => format!("−{:.0}%", growth.abs() * 100.0),
                Some(growth) => format!("+{:.0}%", growth * 100.0),
                None => "新出现".to_owned(),
            };
            let mood = match theme.growth {
                _ if !theme.beyond_chance => Mood::Plain,
                Some(growth) if growth < 0.0 => Mood::Good,
                _ => Mood::Bad,
            };
            row(vec![
                Cell {
                    opens: Some(theme.key.clone()),
                    badge: theme.new.then(|| "新".to_owned()),
                    ..text(&theme.label)
                },
                if gathers.is_empty() {
                    muted("分散")
                } else {
                    text(gathers.join("、"))
                },
                Cell {
                    opens: Some(theme.key.clone()),
                    ..number(u64::from(theme.count))
                },
                Cell {
                    value: Some(theme.before),
                    ..text(format!("{:.1}", theme.before))
                },
                Cell {
                    mood,
                    value: theme.growth,
                    ..text(words)
                },
                trend_cell(&theme.trend.iter().map(|n| u64::from(*n)).collect::<Vec<_>>()),
            ])
        })
        .collect();
    Section {
        columns: columns([
            ("主题", ValueKind::Text),
            ("集中在", ValueKind::Text),
            (this, ValueKind::Count),
            ("前四期平均", ValueKind::Count),
            ("变化", ValueKind::Change),
            ("走势", ValueKind::Trend),
        ]),
        rows,
        empty: Some("这段时间的不满评价太少，还看不出反复出现的说法。".to_owned()),
        ..section(
            "themes",
            "顾客在说什么",
            "从不满评价的原文里找出反复出现的说法，和前四期的平均数比。",
            SectionKind::Table,
        )
    }
}

fn breaches(material: &Material<'_>) -> Section {
    let figures = material.figures;
    let line = |breach: &Breach| {
        row(vec![
            Cell {
                opens: Some(format!("ticket.{}", breach.number)),
                ..text(&breach.number)
            },
            text(wording::tier(ZH, breach.tier)),
            text(wording::metric(ZH, breach.metric.as_str())),
            text(
                views::wall_clock(breach.due_ms, material.zone)
                    .chars()
                    .skip(5)
                    .take(11)
                    .collect::<String>(),
            ),
            Cell {
                badge: match (breach.annulled, breach.fulfilled_ms) {
                    (true, _) => Some("不计".to_owned()),
                    (false, None) => Some("仍未完成".to_owned()),
                    _ => None,
                },
                ..duration_cell(Some(breach.late_ms as f64))
            },
            text(name_of(material.people, breach.person.as_ref())),
            text(wording::status(ZH, breach.step)),
            match &breach.reason {
                Some(reason) => text(reason),
                None => muted("没写原因"),
            },
        ])
    };
    let more = figures.breaches.len().saturating_sub(BREACHES);
    Section {
        wide: true,
        columns: columns([
            ("工单", ValueKind::Text),
            ("级别", ValueKind::Text),
            ("时限", ValueKind::Text),
            ("应在", ValueKind::Text),
            ("超时", ValueKind::Duration),
            ("当时负责", ValueKind::Text),
            ("卡在", ValueKind::Text),
            ("原因", ValueKind::Text),
        ]),
        rows: figures.breaches.iter().take(BREACHES).map(line).collect(),
        paragraphs: (more > 0)
            .then(|| format!("另有 {more} 次超时没有列出，点上面“承诺兑现”的数字可以看到全部工单。"))
            .into_iter()
            .collect(),
        empty: Some("没有超时。".to_owned()),
        ..section(
            "breaches",
            "超时明细",
            "这段时间到期而没有按时做到的每一次，拖得最久的在前。",
            SectionKind::Table,
        )
    }
}

fn causes(figures: &Figures, this: &str) -> Section {
    let mut section = table("causes", "原因", &figures.causes, figures, |cause: &Cause| {
        wording::cause(ZH, *cause).to_owned()
    });
    let shown: Vec<&FigureRow<Cause>> = figures
        .causes
        .iter()
        .filter(|row| !row.tickets.set.is_empty())
        .take(LINES)
        .collect();
    if !shown.is_empty() {
        section.chart = Some(Chart {
            kind: ChartKind::Bars,
            categories: shown
                .iter()
                .map(|row| wording::cause(ZH, row.name).to_owned())
                .collect(),
            series: vec![Series {
                name: format!("{this}工单"),
                values: shown
                    .iter()
                    .map(|row| Some(row.tickets.set.len() as f64))
                    .collect(),
                mood: Mood::Plain,
                opens: shown.iter().map(|row| Some(row.key.clone())).collect(),
            }],
            value: ValueKind::Count,
            unit: "件".to_owned(),
        });
    }
    section
}

fn table<T>(
    id: &str,
    what: &str,
    all: &[FigureRow<T>],
    figures: &Figures,
    name: impl Fn(&T) -> String,
) -> Section {
    let has_orders = figures.volume.orders.is_some();
    let mut heads = columns([
        (what, ValueKind::Text),
        ("工单", ValueKind::Count),
        ("变化", ValueKind::Change),
        ("差评", ValueKind::Count),
        ("全部评价", ValueKind::Count),
        ("首次答复达标", ValueKind::Percent),
        ("走势", ValueKind::Trend),
    ]);
    if has_orders {
        heads.insert(
            5,
            Column {
                title: "每千单差评".to_owned(),
                kind: ValueKind::Count,
                formula: None,
            },
        );
    }
    let rows = all
        .iter()
        .filter(|line| !line.tickets.set.is_empty() || line.negative.count > 0)
        .take(LINES)
        .map(|line| {
            let mut cells = vec![
                Cell {
                    opens: opens(&line.tickets.set, line.key.clone()),
                    ..text(name(&line.name))
                },
                set(&line.tickets.set, line.key.clone()),
                growth_cell(&line.tickets, figures),
                negative_cell(&line.negative, figures),
                number(line.reviews),
                rate_cell(&line.promise),
                trend_cell(&line.trend),
            ];
            if has_orders {
                cells.insert(
                    5,
                    match line.per_thousand {
                        Some(value) => Cell {
                            value: Some(value),
                            ..text(format!("{value:.1}"))
                        },
                        None => muted("—"),
                    },
                );
            }
            row(cells)
        })
        .collect();
    Section {
        columns: heads,
        rows,
        empty: Some("这段时间没有差评。".to_owned()),
        ..section(
            id,
            what,
            "工单按收到的日子算，差评和评价按发表的日子算；达标率按时限到期的日子算。",
            SectionKind::Table,
        )
    }
}

fn negative_cell(count: &Count, figures: &Figures) -> Cell {
    let badge = count
        .change_four
        .as_ref()
        .filter(|change| has_before(figures) && change.beyond_chance && change.delta != 0.0)
        .map(|change| {
            if change.delta > 0.0 {
                "高于平时"
            } else {
                "低于平时"
            }
            .to_owned()
        });
    Cell {
        badge,
        ..number(count.count)
    }
}

/// How it went over the last stretches.
fn course(material: &Material<'_>) -> Section {
    let points = &material.figures.trend;
    let names: Vec<String> = (0u32..)
        .zip(points.iter().rev())
        .map(|(ago, _)| material.period.earlier(ago).title())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let known = points.iter().filter(|point| point.reviews > 0).count();
    let line = |name: &str, mood: Mood, value: fn(&TrendPoint) -> u64| Series {
        name: name.to_owned(),
        values: points.iter().map(|point| Some(value(point) as f64)).collect(),
        mood,
        opens: Vec::new(),
    };
    let rows = names
        .iter()
        .zip(points)
        .map(|(name, point)| {
            let share = (point.reviews > 0).then(|| point.negative as f64 / point.reviews as f64);
            row(vec![
                text(name),
                number(point.reviews),
                number(point.negative),
                match share {
                    Some(share) => Cell {
                        value: Some(share),
                        ..text(percent(share))
                    },
                    None => muted("—"),
                },
                number(point.tickets),
            ])
        })
        .collect();
    Section {
        columns: with_formula(
            columns([
                ("时间", ValueKind::Text),
                ("评价", ValueKind::Count),
                ("差评", ValueKind::Count),
                ("差评占比", ValueKind::Percent),
                ("工单", ValueKind::Count),
            ]),
            3,
            Formula::Ratio { part: 2, whole: 1 },
        ),
        rows: if known > 1 { rows } else { Vec::new() },
        chart: (known > 1).then(|| Chart {
            kind: ChartKind::Lines,
            categories: names.clone(),
            series: vec![
                line("差评", Mood::Bad, |point| point.negative),
                line("工单", Mood::Plain, |point| point.tickets),
            ],
            value: ValueKind::Count,
            unit: "条".to_owned(),
        }),
        empty: Some("有两期以上的评价后，这里会画出走势。".to_owned()),
        ..section(
            "course",
            "差评走势",
            "评价和差评按发表的日子算，工单按收到的日子算。",
            SectionKind::Table,
        )
    }
}

fn heat(figures: &Figures) -> Section {
    let causes = &figures.heat.causes;
    let mut heads = columns([("商品", ValueKind::Text)]);
    heads.extend(causes.iter().map(|cause| Column {
        title: wording::cause(ZH, *cause).to_owned(),
        kind: ValueKind::Count,
        formula: None,
    }));
    let rows = figures
        .heat
        .rows
        .iter()
        .map(|line| {
            let mut cells = vec![text(&line.product)];
            cells.extend(line.cells.iter().zip(causes).map(|(cell, cause)| {
                let rising = cell
                    .change
                    .as_ref()
                    .is_some_and(|change| has_before(figures) && change.beyond_chance && change.delta > 0.0);
                Cell {
                    text: if cell.set.is_empty() {
                        "·".to_owned()
                    } else {
                        cell.set.len().to_string()
                    },
                    badge: rising.then(|| "↑".to_owned()),
                    ..set(&cell.set, format!("{}.{}", line.key, cause.as_str()))
                }
            }));
            row(cells)
        })
        .collect();
    Section {
        columns: heads,
        rows,
        empty: Some("工单里还没有商品名，导入带商品列的评价后会出现。".to_owned()),
        ..section(
            "heat",
            "商品 × 原因",
            "这段时间收到的工单；一件工单有几个原因就算几次。↑ 表示比上期明显变多。",
            SectionKind::Heat,
        )
    }
}

fn people(material: &Material<'_>) -> Section {
    let line = |person: &PersonRow| {
        row(vec![
            text(name_of(material.people, person.person.as_ref())),
            set(&person.handled, format!("{}.handled", person.key)),
            rate_cell(&person.hard),
            set(&person.open, format!("{}.open", person.key)),
            number(person.replies),
            duration_cell(person.response.calendar.median_ms),
            duration_cell(person.response.working.median_ms),
            rate_cell(&person.all_promises),
            match person.quality {
                Some(score) => Cell {
                    value: Some(score),
                    ..text(format!("{score:.0}"))
                },
                None => muted("未评"),
            },
        ])
    };
    Section {
        wide: true,
        columns: columns([
            ("人员", ValueKind::Text),
            ("经手", ValueKind::Count),
            ("其中紧急或严重", ValueKind::Percent),
            ("手上未完成", ValueKind::Count),
            ("公开答复", ValueKind::Count),
            ("首次答复中位", ValueKind::Duration),
            ("按工作时间", ValueKind::Duration),
            ("全部时限达标", ValueKind::Percent),
            ("质检分", ValueKind::Count),
        ]),
        rows: material.figures.people.iter().map(line).collect(),
        empty: Some("这段时间没有人处理工单。".to_owned()),
        ..section(
            "people",
            "人员",
            "经手指答复、联系、解决或关闭过的工单。难的工单多，数字自然慢，请和“紧急或严重”一列一起看。",
            SectionKind::Table,
        )
    }
}

fn money_words(money: &[Money], value: fn(&Money) -> f64) -> Cell {
    match money {
        [] => muted("—"),
        [one] => Cell {
            value: Some(value(one) / 100.0),
            ..text(self::money(value(one), &one.currency))
        },
        many => text(
            many.iter()
                .map(|one| self::money(value(one), &one.currency))
                .collect::<Vec<_>>()
                .join(" + "),
        ),
    }
}

fn remedy_name(kind: Option<RemedyKind>) -> &'static str {
    match kind {
        None => "没有补偿",
        Some(RemedyKind::Refund) => "退款",
        Some(RemedyKind::Replacement) => "换货",
        Some(RemedyKind::Resend) => "补发",
        Some(RemedyKind::Coupon) => "优惠券",
        Some(RemedyKind::FreeItem) => "赠品",
        Some(RemedyKind::Upgrade) => "升级",
        Some(RemedyKind::Repair) => "维修",
        Some(_) => "其他",
    }
}

fn remedies(figures: &Figures) -> Section {
    let compensation = &figures.compensation;
    let given = !compensation.cases.is_empty();
    let rows = compensation
        .kinds
        .iter()
        .filter(|kind| given && !kind.given.is_empty())
        .map(|kind| {
            row(vec![
                text(remedy_name(kind.kind)),
                set(&kind.given, format!("{}.given", kind.key)),
                money_words(&kind.money, |money| money.cost_minor as f64),
                money_words(&kind.money, |money| money.cost_per_case_minor),
                ripening_cell(&kind.conversion),
                kind.repurchase
                    .as_ref()
                    .map_or_else(|| muted("暂无订单"), ripening_cell),
            ])
        })
        .collect();
    Section {
        columns: columns([
            ("补偿", ValueKind::Text),
            ("工单", ValueKind::Count),
            ("成本", ValueKind::Money),
            ("每件成本", ValueKind::Money),
            ("改评", ValueKind::Percent),
            ("复购", ValueKind::Percent),
        ]),
        rows,
        paragraphs: compensation
            .causes
            .iter()
            .filter(|_| given)
            .take(3)
            .map(|line| {
                let cause = line.cause.map_or("原因不明", |cause| wording::cause(ZH, cause));
                let spent = line
                    .money
                    .iter()
                    .map(|one| money(one.cost_minor as f64, &one.currency))
                    .collect::<Vec<_>>()
                    .join(" + ");
                format!("{cause}：{spent}")
            })
            .collect(),
        empty: Some("暂无数据。在工单里登记补偿后，这里会按种类算出成本和回报。".to_owned()),
        ..section(
            "remedies",
            "补偿与回报",
            "这段时间给出的补偿；改评看答复后 90 天，复购看关闭后 60 天，没到日子的标“未到期”。",
            SectionKind::Table,
        )
    }
}

fn ripening_cell(ripening: &amends_domain::figures::Ripening) -> Cell {
    let mut cell = rate_cell(&ripening.share);
    if !ripening.mature && ripening.share.decided() > 0 {
        cell.badge = Some("未到期".to_owned());
    }
    cell
}

fn after_closing(figures: &Figures) -> Section {
    let line = |name: &str, share: &Share, key: &str, word: &str| {
        row(vec![
            text(name),
            rate_cell(share),
            set(&share.met, format!("{key}.met")),
            number(share.decided()),
            text(word),
        ])
    };
    let disputes = &figures.disputes;
    let mut rows = vec![
        line(
            "给出方案",
            &figures.solution,
            "solution",
            "到期的方案时限里按时的",
        ),
        line("回访", &figures.follow_ups, "follow_up", "到期的回访里按时做的"),
        line(
            "联系到顾客",
            &figures.recovery.reach,
            "recovery.reach",
            "回访里联系到的",
        ),
        line(
            "重新打开",
            &figures.reopened.share,
            "reopened",
            "关闭后 7 天内重新打开的",
        ),
        line(
            "申诉成功",
            &disputes.won,
            "dispute.won",
            "平台已判的申诉里支持我们的",
        ),
    ];
    match &figures.repurchase {
        Some(repurchase) => rows.push(line(
            "复购",
            &repurchase.share,
            "repurchase",
            "关闭后 60 天内又下单的",
        )),
        None => rows.push(row(vec![
            text("复购"),
            muted(NO_DATA),
            muted("—"),
            muted("—"),
            text("导入订单后会有"),
        ])),
    }
    Section {
        columns: with_formula(
            columns([
                ("环节", ValueKind::Text),
                ("比率", ValueKind::Percent),
                ("做到", ValueKind::Count),
                ("应做", ValueKind::Count),
                ("怎么算", ValueKind::Text),
            ]),
            1,
            Formula::Ratio { part: 2, whole: 3 },
        ),
        rows,
        paragraphs: [
            (!disputes.opened.is_empty()).then(|| format!("这段时间发起申诉 {} 件。", disputes.opened.len())),
            (!disputes.pending.is_empty()).then(|| format!("还在等平台结果 {} 件。", disputes.pending.len())),
            (!figures.conversion.not_editable.is_empty()).then(|| {
                format!(
                    "另有 {} 条已答复的差评在不能改评的渠道上，不算进差评转化率。",
                    figures.conversion.not_editable.len()
                )
            }),
        ]
        .into_iter()
        .flatten()
        .collect(),
        ..section(
            "after",
            "方案、回访与申诉",
            "各自的分母写在“应做”一列；没有数据的写“—”。",
            SectionKind::Table,
        )
    }
}

fn steps(material: &Material<'_>) -> Section {
    let figures = material.figures;
    let mut rows: Vec<Row> = figures
        .steps
        .iter()
        .map(|step| {
            row(vec![
                text(wording::status(ZH, step.step)),
                set(&step.tickets, step.key.clone()),
                duration_cell(step.per_ticket.median_ms),
                duration_cell(step.per_ticket.p90_ms),
                duration_change(&step.per_ticket),
                duration_cell(Some(step.working_ms as f64)),
            ])
        })
        .collect();
    if !rows.is_empty() {
        rows.extend(figures.time.iter().take(LINES).map(|time| {
            row(vec![
                text(name_of(material.people, time.person.as_ref())),
                set(&time.tickets, time.key.clone()),
                muted("—"),
                muted("—"),
                muted("—"),
                duration_cell(Some(time.working_ms as f64)),
            ])
        }));
    }
    Section {
        columns: columns([
            ("环节或人员", ValueKind::Text),
            ("工单", ValueKind::Count),
            ("每件中位", ValueKind::Duration),
            ("每件九成", ValueKind::Duration),
            ("中位变化", ValueKind::Change),
            ("合计", ValueKind::Duration),
        ]),
        rows,
        empty: Some("这段时间没有处理中的工单。".to_owned()),
        ..section(
            "steps",
            "时间花在哪里",
            "工单停在各环节的工作时间，只算落在这段时间里的部分。",
            SectionKind::Table,
        )
    }
}

fn lag(figures: &Figures) -> Section {
    let spread = &figures.lag.spread;
    let rows = if spread.count == 0 {
        Vec::new()
    } else {
        vec![row(vec![
            text("发表到收到"),
            number(spread.count),
            duration_cell(spread.median_ms),
            duration_cell(spread.p90_ms),
            duration_change(spread),
        ])]
    };
    Section {
        columns: columns([
            ("", ValueKind::Text),
            ("评价", ValueKind::Count),
            ("中位", ValueKind::Duration),
            ("九成", ValueKind::Duration),
            ("变化", ValueKind::Change),
        ]),
        rows,
        paragraphs: match spread.median_ms {
            Some(median) if median > 12.0 * 3_600_000.0 => {
                vec![
                    "评价发表半天以上才进来，紧急的来不及在 2 小时内答复。请把导出改成每天一次以上。"
                        .to_owned(),
                ]
            }
            _ => Vec::new(),
        },
        empty: Some("导出里没有精确到小时的发表时间。".to_owned()),
        ..section(
            "lag",
            "发现得早不早",
            "按发表的日子算；只有日期没有时间的评价不算。",
            SectionKind::Table,
        )
    }
}

fn improvements(all: &[ImprovementView]) -> Section {
    let rows = all
        .iter()
        .take(LINES)
        .map(|improvement| {
            let (state, mood) = match improvement.state {
                ImprovementState::Running => ("进行中".to_owned(), Mood::Plain),
                ImprovementState::Late => (format!("超期 {} 天", improvement.late_days), Mood::Bad),
                ImprovementState::Done => ("已完成".to_owned(), Mood::Good),
                ImprovementState::Dropped => ("已取消".to_owned(), Mood::Muted),
            };
            let effect = match (improvement.before, improvement.after) {
                (Some(before), Some(after)) => {
                    let certain = if improvement.beyond_chance {
                        ""
                    } else {
                        "（可能是偶然）"
                    };
                    text(format!("每周 {before:.1} → {after:.1} 条{certain}"))
                }
                _ if improvement.done_at.is_some() => muted("完成后满一周可见"),
                _ => muted("—"),
            };
            row(vec![
                text(&improvement.title),
                text(
                    improvement
                        .owner
                        .as_ref()
                        .map_or("未指定", |owner| owner.name.as_str()),
                ),
                text(improvement.due_day.get(5..).unwrap_or(&improvement.due_day)),
                Cell { mood, ..text(state) },
                effect,
            ])
        })
        .collect();
    Section {
        columns: columns([
            ("措施", ValueKind::Text),
            ("负责人", ValueKind::Text),
            ("期限", ValueKind::Text),
            ("进展", ValueKind::Text),
            ("效果", ValueKind::Text),
        ]),
        rows,
        empty: Some("还没有改进措施。从上面的主题或超时建一条，写上负责人和期限。".to_owned()),
        ..section(
            "improvements",
            "该改什么",
            "效果 = 措施所指的差评，完成前四周与完成后各周的平均数。",
            SectionKind::Table,
        )
    }
}

fn good(material: &Material<'_>) -> Section {
    let paragraphs = material
        .figures
        .good
        .iter()
        .map(|good| match good {
            Good::Fell { key, now, change } => {
                let name = key_title(key, material.people);
                let drop = change.percent.map_or(0.0, f64::abs);
                format!("“{name}”的工单少了 {drop:.0}%，现在 {now} 件。")
            }
            Good::Praised {
                product,
                positive,
                reviews,
            } => format!("“{product}”{reviews} 条评价里 {positive} 条是好评。"),
            Good::Fastest {
                number,
                person,
                took_ms,
                ..
            } => format!(
                "{} 答复最快：工单 {number} 只用了 {}。",
                name_of(material.people, person.as_ref()),
                duration(*took_ms as f64)
            ),
        })
        .collect();
    Section {
        paragraphs,
        empty: Some("这段时间还没有特别值得一说的。".to_owned()),
        ..section("good", "好消息", "", SectionKind::Words)
    }
}

fn lessons(all: &[LessonView]) -> Section {
    Section {
        paragraphs: all
            .iter()
            .map(|lesson| {
                let by = lesson
                    .by
                    .as_ref()
                    .map_or(String::new(), |by| format!("（{}）", by.name));
                let theme = lesson
                    .theme
                    .as_ref()
                    .map_or(String::new(), |theme| format!("“{theme}”："));
                format!("{theme}{}{by}", lesson.body)
            })
            .collect(),
        ..section("lessons", "复盘", "", SectionKind::Words)
    }
}

/// Typical words of customers, theme by theme.
pub(super) fn quotes(themes: &[ThemeView]) -> Section {
    let mut rows = Vec::new();
    for theme in themes.iter().filter(|theme| !theme.quotes.is_empty()) {
        rows.push(Row {
            cells: vec![text(&theme.label), text(format!("{} 条", theme.count))],
            strong: true,
        });
        rows.extend(theme.quotes.iter().map(|quote| {
            let day: String = quote.at.chars().take(10).collect();
            row(vec![
                text(&quote.text),
                text(quote.product.as_deref().unwrap_or_default()),
                text(day),
            ])
        }));
    }
    Section {
        columns: columns([
            ("原话", ValueKind::Text),
            ("商品", ValueKind::Text),
            ("发表", ValueKind::Text),
        ]),
        rows,
        ..section(
            "quotes",
            "顾客原话",
            "每个主题最多三条，个人信息已隐去。",
            SectionKind::Quotes,
        )
    }
}

/// What the tickets of a key are, in words.
pub(super) fn key_title(key: &str, people: &HashMap<String, PersonView>) -> String {
    let name = |part: &str| -> String {
        if let Ok(tier) = part.parse::<Tier>() {
            return wording::tier(ZH, tier).to_owned();
        }
        if let Ok(cause) = part.parse::<Cause>() {
            return wording::cause(ZH, cause).to_owned();
        }
        if let Ok(metric) = part.parse::<Metric>() {
            return wording::metric(ZH, metric.as_str()).to_owned();
        }
        if let Ok(channel) = part.parse::<Channel>() {
            return wording::channel(ZH, channel).to_owned();
        }
        if let Ok(status) = part.parse::<TicketStatus>() {
            return wording::status(ZH, status).to_owned();
        }
        if let Some(person) = people.get(part) {
            return person.name.clone();
        }
        let part = part.replace("%2E", ".").replace("%25", "%");
        match part.as_str() {
            "%" | "" => "未注明",
            "all" => "全部",
            "met" => "做到",
            "missed" => "没做到",
            "annulled" => "不计",
            "handled" => "经手",
            "open" => "未完成",
            "given" => "给过补偿",
            "answered" => "已答复",
            "satisfied" => "满意",
            "reach" => "联系",
            "promise" | "cause" | "product" | "shop" | "channel" | "person" | "step" | "time" | "heat"
            | "response" | "volume" => "",
            "closure" => "72 小时关闭",
            "solution" => "方案",
            "reopened" => "重新打开",
            "recovery" => "回访",
            "conversion" => "差评转化",
            "repurchase" => "复购",
            "follow_up" => "回访时限",
            "dispute" => "申诉",
            "won" => "成功",
            "remedy" => "补偿",
            "ticket" => "工单",
            other => other,
        }
        .to_owned()
    };
    let parts: Vec<String> = key.split('.').map(name).filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}
