//! A weekly report as the app writes it. Shops, people, products and customers are invented.

use amends_report::document::*;

pub fn weekly() -> Document {
    Document {
        language: "zh-CN".into(),
        title: "第 47 周周报".into(),
        subtitle: "与前一周相比 · 全部门店与渠道".into(),
        period: "2026 年 11 月 16 日 – 22 日".into(),
        made_at: "2026-11-23 09:00".into(),
        lead: vec![
            span("这一周多来了 ", false),
            span("14%", true),
            span(" 的差评，主要是", false),
            span("去屑洗发水漏液", true),
            span("（38 条，前四周每周 4 条，集中在 11 月 18 日发出的批次）。答复更快了，但方案给得慢：", false),
            span("重要级有 21 件超过 48 小时", true),
            span("，其中 15 件卡在等仓库回复。", false),
        ],
        headlines: headlines(),
        sections: vec![
            promise(),
            growing(),
            map(),
            improvements(),
            weeks(),
            channels(),
            stores(),
            people(),
            remedies(),
            follow_ups(),
            breaches(),
            sources(),
            quotes(),
            good_news(),
        ],
        footer: vec![
            "首次答复：从评价到达到第一条人工答复的时间，按自然时间计。达标率 = 按时 ÷（按时 + 超时），按时钟到期所在的周统计；经理批准不计的单列。".into(),
            "差评转化率：90 天内由人工答复、渠道允许修改、现在为 4 星及以上的差评 ÷ 全部这样的差评；未满 90 天的标为未到期。".into(),
            "顾客的姓名、电话、地址与订单号已遮盖。由挽回在本机生成，数据没有离开这台电脑。".into(),
        ],
    }
}

fn span(text: &str, strong: bool) -> Span {
    Span {
        text: text.into(),
        strong,
        opens: strong.then(|| "cause:leak".into()),
    }
}

fn headlines() -> Vec<Headline> {
    let make = |id: &str,
                title: &str,
                value: &str,
                number,
                kind,
                change: (&str, Mood),
                detail: &str,
                trend: &[f64]| Headline {
        id: id.into(),
        title: title.into(),
        value: value.into(),
        number,
        kind,
        change: Some(Change {
            text: change.0.into(),
            mood: change.1,
        })
        .filter(|c| !c.text.is_empty()),
        detail: detail.into(),
        trend: trend.to_vec(),
        opens: Some(format!("headline:{id}")),
    };
    use ValueKind::{Duration, Percent};
    vec![
        make(
            "attainment",
            "首次答复达标率",
            "96.4%",
            Some(315.0 / 327.0),
            Percent,
            ("+3.1 百分点", Mood::Good),
            "327 条里 315 条按时；紧急 41/42",
            &[0.91, 0.92, 0.915, 0.93, 0.933, 0.964],
        ),
        make(
            "first_response",
            "中位首次答复",
            "47 分钟",
            Some(47.0),
            Duration,
            ("−18 分钟", Mood::Good),
            "P90 5 小时 12 分；上周 1 小时 05 分",
            &[72.0, 70.0, 66.0, 69.0, 65.0, 47.0],
        ),
        make(
            "closure",
            "72 小时关闭率",
            "88.1%",
            Some(289.0 / 328.0),
            Percent,
            ("−2.4 百分点", Mood::Bad),
            "39 件未按时，其中 22 件等客户",
            &[0.89, 0.9, 0.91, 0.9, 0.905, 0.881],
        ),
        make(
            "recovery",
            "满意挽回率",
            "71.2%",
            Some(84.0 / 118.0),
            Percent,
            ("+6.0 百分点", Mood::Good),
            "联系到 118 人（58%），84 人打 4–5 分",
            &[0.6, 0.63, 0.61, 0.66, 0.65, 0.712],
        ),
        make(
            "conversion",
            "差评转化率",
            "暂无数据",
            None,
            Percent,
            ("", Mood::Plain),
            "可改评渠道的差评还没有一条满 90 天",
            &[],
        ),
    ]
}

fn text(words: &str) -> Cell {
    Cell {
        text: words.into(),
        ..Cell::default()
    }
}

fn muted(words: &str) -> Cell {
    Cell {
        mood: Mood::Muted,
        ..text(words)
    }
}

fn count(n: f64) -> Cell {
    Cell {
        value: Some(n),
        ..text(&format!("{n}"))
    }
}

fn percent(part: f64) -> Cell {
    Cell {
        value: Some(part),
        ..text(&format!("{:.1}%", part * 100.0))
    }
}

fn minutes(n: f64) -> Cell {
    let words = if n < 60.0 {
        format!("{n} 分钟")
    } else {
        format!("{} 小时 {:02} 分", (n / 60.0).floor(), n % 60.0)
    };
    Cell {
        value: Some(n),
        ..text(&words)
    }
}

fn money(yuan: f64) -> Cell {
    Cell {
        value: Some(yuan),
        ..text(&format!("¥{yuan:.2}"))
    }
}

fn column(title: &str, kind: ValueKind) -> Column {
    Column {
        title: title.into(),
        kind,
        formula: None,
    }
}

fn summed(title: &str, kind: ValueKind) -> Column {
    Column {
        formula: Some(Formula::Sum),
        ..column(title, kind)
    }
}

fn row(cells: Vec<Cell>) -> Row {
    Row { cells, strong: false }
}

fn section(
    id: &str,
    title: &str,
    note: &str,
    kind: SectionKind,
    columns: Vec<Column>,
    rows: Vec<Row>,
) -> Section {
    Section {
        id: id.into(),
        title: title.into(),
        note: note.into(),
        kind,
        columns,
        rows,
        ..Section::default()
    }
}

fn promise() -> Section {
    let line = |name: &str, met: f64, missed: f64, annulled: f64| {
        let part = |word: &str, value: f64, mood| Share {
            text: format!("{word} {value}"),
            value,
            mood,
            opens: Some(format!("sla:{name}:{word}")),
        };
        row(vec![
            text(name),
            Cell {
                share: Some(vec![
                    part("按时", met, Mood::Good),
                    part("超时", missed, Mood::Bad),
                    part("不计", annulled, Mood::Muted),
                ]),
                ..Cell::default()
            },
            percent(met / (met + missed)),
            count(met),
            Cell {
                mood: if missed > 10.0 { Mood::Bad } else { Mood::Plain },
                ..count(missed)
            },
        ])
    };
    let mut it = section(
        "sla",
        "承诺兑现",
        "本周到期的时钟；达标 = 按时 ÷（按时 + 超时），灰色为经理批准不计",
        SectionKind::Bars,
        vec![
            column("承诺", ValueKind::Text),
            column("", ValueKind::Share),
            Column {
                formula: Some(Formula::Rate { met: 3, missed: 4 }),
                ..column("达标", ValueKind::Percent)
            },
            column("按时", ValueKind::Count),
            column("超时", ValueKind::Count),
        ],
        vec![
            line("紧急 · 首次答复", 41.0, 1.0, 0.0),
            line("紧急 · 方案", 39.0, 3.0, 0.0),
            line("重要 · 首次答复", 168.0, 7.0, 2.0),
            line("重要 · 方案", 151.0, 21.0, 3.0),
            line("一般 · 首次答复", 106.0, 4.0, 0.0),
            line("全部 · 72 小时关闭", 289.0, 39.0, 5.0),
        ],
    );
    it.paragraphs = vec!["答复慢的 12 件里，9 件在夜间 1 点到 7 点到达，当时没有人值班。".into()];
    it
}

fn growing() -> Section {
    let line =
        |name: &str, badge: Option<&str>, place: &str, n: f64, change: (&str, f64, Mood), trend: [f64; 6]| {
            row(vec![
                Cell {
                    badge: badge.map(String::from),
                    opens: Some(format!("theme:{name}")),
                    ..text(name)
                },
                muted(place),
                count(n),
                Cell {
                    value: Some(change.1),
                    mood: change.2,
                    ..text(change.0)
                },
                Cell {
                    trend: Some(trend.to_vec()),
                    mood: change.2,
                    ..Cell::default()
                },
            ])
        };
    section(
        "growing",
        "正在变多的问题",
        "本周的差评；与前四周每周平均相比",
        SectionKind::Table,
        vec![
            column("主题", ValueKind::Text),
            column("集中在", ValueKind::Text),
            column("本周", ValueKind::Count),
            column("变化", ValueKind::Change),
            column("六周走势", ValueKind::Trend),
        ],
        vec![
            line(
                "包装漏液",
                Some("新"),
                "去屑洗发水",
                38.0,
                ("+850%", 8.5, Mood::Bad),
                [4.0, 4.0, 4.0, 5.0, 12.0, 38.0],
            ),
            line(
                "送到已经凉了",
                None,
                "大学城店",
                27.0,
                ("+35%", 0.35, Mood::Warn),
                [20.0, 21.0, 19.0, 22.0, 22.0, 27.0],
            ),
            line(
                "客服不回消息",
                None,
                "全部",
                19.0,
                ("−24%", -0.24, Mood::Good),
                [26.0, 28.0, 31.0, 27.0, 25.0, 19.0],
            ),
            line(
                "尺码偏小",
                None,
                "男士卫衣",
                14.0,
                ("持平", 0.0, Mood::Muted),
                [14.0, 16.0, 12.0, 15.0, 14.0, 14.0],
            ),
            line(
                "前台态度差",
                None,
                "滨江路店",
                6.0,
                ("太少", 0.5, Mood::Muted),
                [3.0, 4.0, 5.0, 3.0, 4.0, 6.0],
            ),
        ],
    )
}

const CAUSES: [&str; 7] = ["质量", "物流", "服务", "包装", "描述不符", "错发漏发", "价格"];

fn map() -> Section {
    let mut columns = vec![column("", ValueKind::Text)];
    columns.extend(CAUSES.iter().map(|cause| column(cause, ValueKind::Count)));
    let line = |name: &str, numbers: [f64; 7]| {
        let mut cells = vec![text(name)];
        cells.extend(numbers.map(|n| {
            if n == 0.0 {
                Cell {
                    value: Some(0.0),
                    ..text("·")
                }
            } else {
                count(n)
            }
        }));
        row(cells)
    };
    section(
        "map",
        "商品 × 原因",
        "本周 328 条差评；一条可以有几个原因",
        SectionKind::Heat,
        columns,
        vec![
            line("红烧牛肉面", [0.0, 0.0, 0.0, 5.0, 1.0, 3.0, 3.0]),
            line("纯牛奶 250ml", [2.0, 0.0, 1.0, 8.0, 8.0, 21.0, 5.0]),
            line("平板 64GB", [21.0, 12.0, 21.0, 3.0, 0.0, 0.0, 5.0]),
            line("去屑洗发水", [12.0, 5.0, 8.0, 38.0, 21.0, 1.0, 18.0]),
            line("男士卫衣", [1.0, 2.0, 2.0, 0.0, 1.0, 5.0, 1.0]),
            line("湖景双床房", [4.0, 0.0, 9.0, 0.0, 6.0, 0.0, 2.0]),
        ],
    )
}

fn improvements() -> Section {
    let line = |what: &str, who: &str, due: &str, effect: &str, mood| {
        let late = due.starts_with("超期");
        row(vec![
            text(what),
            text(who),
            Cell {
                mood: if late { Mood::Bad } else { Mood::Plain },
                ..text(due)
            },
            Cell { mood, ..text(effect) },
        ])
    };
    section(
        "improvements",
        "该改什么",
        "未完成的，和四周内完成的改进措施",
        SectionKind::Table,
        vec![
            column("措施", ValueKind::Text),
            column("负责人", ValueKind::Text),
            column("期限", ValueKind::Text),
            column("效果", ValueKind::Text),
        ],
        vec![
            line("更换 500ml 瓶盖内垫", "周凯", "11-28", "进行中", Mood::Muted),
            line("大学城店配送改用保温箱", "何敏", "已完成", "27 → 11", Mood::Good),
            line("仓库 24 小时内回复核实", "刘涛", "超期 2 天", "—", Mood::Muted),
            line("夜间 1–7 点排一人值班", "孙悦", "12-05", "未开始", Mood::Muted),
        ],
    )
}

fn weeks() -> Section {
    let series = |name: &str, values: [f64; 12]| Series {
        name: name.into(),
        values: values.map(Some).to_vec(),
        ..Series::default()
    };
    let mut it = section(
        "weeks",
        "十二周走势",
        "每周到期的首次答复时钟的达标率，按级别",
        SectionKind::Table,
        vec![],
        vec![],
    );
    it.wide = true;
    it.chart = Some(Chart {
        kind: ChartKind::Lines,
        categories: (36..48).map(|week| format!("{week} 周")).collect(),
        series: vec![
            series(
                "紧急",
                [
                    0.95, 0.96, 0.91, 0.93, 0.97, 0.95, 0.96, 0.94, 0.95, 0.98, 0.96, 0.976,
                ],
            ),
            series(
                "重要",
                [
                    0.88, 0.89, 0.9, 0.87, 0.91, 0.92, 0.9, 0.93, 0.92, 0.94, 0.93, 0.96,
                ],
            ),
            Series {
                values: [0.8, 0.82, 0.81, 0.85]
                    .map(Some)
                    .into_iter()
                    .chain([None])
                    .chain([0.86, 0.88, 0.87, 0.9, 0.89, 0.91, 0.964].map(Some))
                    .collect(),
                ..series("一般", [0.0; 12])
            },
        ],
        value: ValueKind::Percent,
        ..Chart::default()
    });
    it
}

fn channels() -> Section {
    let names = [
        "美团",
        "淘宝",
        "京东",
        "抖音",
        "大众点评",
        "携程",
        "App Store",
        "线下与电话",
    ];
    let numbers = [98.0, 76.0, 51.0, 39.0, 27.0, 19.0, 11.0, 7.0];
    let before = [81.0, 72.0, 49.0, 28.0, 30.0, 20.0, 9.0, 6.0];
    let orders = [41_200.0, 28_900.0, 17_350.0, 9_800.0, 0.0, 3_120.0, 0.0, 0.0];
    let all: f64 = numbers.iter().sum();
    let mut rows: Vec<Row> = (0..8)
        .map(|at| {
            let change = numbers[at] - before[at];
            row(vec![
                Cell {
                    opens: Some(format!("channel:{at}")),
                    ..text(names[at])
                },
                count(numbers[at]),
                percent(numbers[at] / all),
                count(before[at]),
                Cell {
                    value: Some(change),
                    mood: if change > 10.0 { Mood::Bad } else { Mood::Plain },
                    ..text(&format!("{change:+}").replace('-', "−"))
                },
                if orders[at] > 0.0 {
                    Cell {
                        value: Some(numbers[at] / orders[at] * 1000.0),
                        ..text(&format!("{:.1}", numbers[at] / orders[at] * 1000.0))
                    }
                } else {
                    muted("没有订单数据")
                },
                minutes(38.0 + at as f64 * 11.0),
            ])
        })
        .collect();
    rows.push(Row {
        strong: true,
        cells: vec![
            text("合计"),
            count(all),
            percent(1.0),
            count(before.iter().sum()),
            Cell {
                value: Some(all - before.iter().sum::<f64>()),
                ..text(&format!("{:+}", all - before.iter().sum::<f64>()))
            },
            text(""),
            minutes(47.0),
        ],
    });
    let mut it = section(
        "channels",
        "渠道",
        "本周收到的 328 条差评；每千单只在导入了订单的渠道计算",
        SectionKind::Table,
        vec![
            column("渠道", ValueKind::Text),
            summed("差评", ValueKind::Count),
            column("占比", ValueKind::Percent),
            summed("上周", ValueKind::Count),
            Column {
                formula: Some(Formula::Difference { now: 1, before: 3 }),
                ..column("变化", ValueKind::Change)
            },
            column("每千单", ValueKind::Count),
            column("中位首次答复", ValueKind::Duration),
        ],
        rows,
    );
    it.wide = true;
    it.chart = Some(Chart {
        kind: ChartKind::Stacked,
        categories: names.map(String::from).to_vec(),
        series: [
            ("紧急", Mood::Bad, 0.1),
            ("重要", Mood::Warn, 0.5),
            ("一般", Mood::Muted, 0.4),
        ]
        .map(|(name, mood, part)| Series {
            name: name.into(),
            mood,
            values: numbers.map(|n| Some((n * part).round())).to_vec(),
            opens: vec![],
        })
        .to_vec(),
        value: ValueKind::Count,
        unit: "条差评".into(),
    });
    it
}

fn stores() -> Section {
    const PLACES: [&str; 10] = [
        "大学城",
        "滨江路",
        "中山公园",
        "火车站东广场",
        "老城南",
        "体育中心",
        "会展",
        "湖滨",
        "机场 T2",
        "开发区",
    ];
    let mut rows: Vec<Row> = (0..36)
        .map(|at| {
            let n = (40 - at) as f64;
            let missed = (at % 5) as f64;
            row(vec![
                text(&format!(
                    "{}{}店",
                    PLACES[at % 10],
                    if at < 10 {
                        String::new()
                    } else {
                        format!("{} 号", at / 10 + 1)
                    }
                )),
                count(n),
                count(n - missed),
                Cell {
                    mood: if missed > 3.0 { Mood::Bad } else { Mood::Plain },
                    ..count(missed)
                },
                Cell {
                    badge: (n < 8.0).then(|| "样本少".into()),
                    ..percent((n - missed) / n)
                },
                minutes(30.0 + (at * 7 % 95) as f64),
                text(["包装", "物流", "服务", "质量"][at % 4]),
            ])
        })
        .collect();
    let sum = |at: usize| rows.iter().filter_map(|r: &Row| r.cells[at].value).sum::<f64>();
    let (n, met, missed) = (sum(1), sum(2), sum(3));
    rows.push(Row {
        strong: true,
        cells: vec![
            text("合计"),
            count(n),
            count(met),
            count(missed),
            percent(met / (met + missed)),
            minutes(47.0),
            text(""),
        ],
    });
    let mut it = section(
        "stores",
        "门店",
        "本周到期的首次答复时钟；同一顾客与订单的几条差评算一件",
        SectionKind::Table,
        vec![
            column("门店", ValueKind::Text),
            summed("工单", ValueKind::Count),
            summed("按时", ValueKind::Count),
            summed("超时", ValueKind::Count),
            Column {
                formula: Some(Formula::Rate { met: 2, missed: 3 }),
                ..column("达标", ValueKind::Percent)
            },
            column("中位首次答复", ValueKind::Duration),
            column("最多的原因", ValueKind::Text),
        ],
        rows,
    );
    it.wide = true;
    it
}

fn people() -> Section {
    let names = [
        "林小满",
        "周凯",
        "何敏",
        "欧阳若溪",
        "阿依古丽·买买提",
        "Jessica Wong",
        "刘涛",
        "孙悦",
        "外包三组 · 夜班 04 号坐席",
        "陈思远",
        "赵一一",
        "高翔",
    ];
    let rows = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            row(vec![
                text(name),
                count(44.0 - at as f64 * 3.0),
                percent(0.05 + at as f64 * 0.012),
                minutes(25.0 + at as f64 * 6.0),
                Cell {
                    mood: if at == 8 { Mood::Bad } else { Mood::Plain },
                    ..percent(0.99 - at as f64 * 0.011)
                },
                Cell {
                    badge: (at > 9).then(|| "样本少".into()),
                    ..percent(0.8 - at as f64 * 0.02)
                },
                if at == 4 {
                    muted("暂无数据")
                } else {
                    percent(0.93 - at as f64 * 0.01)
                },
            ])
        })
        .collect();
    let mut it = section(
        "people",
        "人员",
        "本周答复过工单的人；紧急占比大的人答复自然更急，比较时请看同一级别",
        SectionKind::Table,
        vec![
            column("姓名", ValueKind::Text),
            column("答复", ValueKind::Count),
            column("其中紧急", ValueKind::Percent),
            column("中位首次答复", ValueKind::Duration),
            column("达标", ValueKind::Percent),
            column("回访满意", ValueKind::Percent),
            column("质检得分", ValueKind::Percent),
        ],
        rows,
    );
    it.wide = true;
    it
}

fn remedies() -> Section {
    let line = |name: &str, n: f64, yuan: f64| {
        row(vec![
            text(name),
            count(n),
            money(yuan),
            money((yuan / n * 100.0).round() / 100.0),
        ])
    };
    let mut rows = vec![
        line("退款", 41.0, 3_280.5),
        line("补发", 33.0, 1_914.0),
        line("优惠券", 58.0, 870.0),
        line("赠品", 12.0, 216.0),
        line("房型升级", 4.0, 640.0),
    ];
    rows.push(Row {
        strong: true,
        cells: vec![text("合计"), count(148.0), money(6_920.5), money(46.76)],
    });
    let mut it = section(
        "remedies",
        "补偿",
        "本周批准并发出的补偿",
        SectionKind::Table,
        vec![
            column("方案", ValueKind::Text),
            summed("件数", ValueKind::Count),
            summed("成本", ValueKind::Money),
            Column {
                formula: Some(Formula::Ratio { part: 2, whole: 1 }),
                ..column("每件", ValueKind::Money)
            },
        ],
        rows,
    );
    it.chart = Some(Chart {
        kind: ChartKind::Bars,
        categories: ["退款", "补发", "优惠券", "赠品", "房型升级"]
            .map(String::from)
            .to_vec(),
        series: vec![Series {
            name: "成本".into(),
            values: [3280.5, 1914.0, 870.0, 216.0, 640.0].map(Some).to_vec(),
            ..Series::default()
        }],
        value: ValueKind::Money,
        unit: "元".into(),
    });
    it
}

fn follow_ups() -> Section {
    Section {
        empty: Some("还没有完成的回访。工单关闭后第 3 到 7 天联系顾客，结果会出现在这里。".into()),
        ..section(
            "follow_ups",
            "回访与改评",
            "本周到期的回访",
            SectionKind::Table,
            vec![column("结果", ValueKind::Text)],
            vec![],
        )
    }
}

fn breaches() -> Section {
    let reasons = [
        "等仓库核实",
        "夜间无人值班",
        "等客户补照片",
        "转交时无人接手",
        "主管审批用了 9 小时",
    ];
    let people = ["刘涛", "无人", "林小满", "何敏", "孙悦"];
    let mut rows: Vec<Row> = (0..60)
        .map(|at| {
            let tier = ["紧急", "重要", "重要", "一般"][at % 4];
            row(vec![
                Cell {
                    opens: Some(format!("ticket:{at}")),
                    ..text(&format!("2611-{:04}", 301 + at * 3))
                },
                Cell {
                    mood: if tier == "紧急" { Mood::Bad } else { Mood::Plain },
                    ..text(tier)
                },
                text(["首次答复", "方案", "72 小时关闭"][at % 3]),
                minutes(12.0 + (at * 137 % 1900) as f64),
                text(reasons[at % 5]),
                text(people[at % 5]),
                muted(
                    [
                        "去屑洗发水 400ml 家庭装",
                        "纯牛奶 250ml×24",
                        "湖景双床房",
                        "男士卫衣 秋冬加绒款 深空灰",
                    ][at % 4],
                ),
            ])
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.cells[3].value.map_or(0, |late| late as u32)));
    let mut it = section(
        "breaches",
        "超时明细",
        "本周到期而没有按时完成的时钟，按超时多久排序",
        SectionKind::Table,
        vec![
            column("工单", ValueKind::Text),
            column("级别", ValueKind::Text),
            column("时钟", ValueKind::Text),
            column("超时", ValueKind::Duration),
            column("原因", ValueKind::Text),
            column("责任人", ValueKind::Text),
            column("商品", ValueKind::Text),
        ],
        rows,
    );
    it.wide = true;
    it
}

fn sources() -> Section {
    let line = |name: &str, n: f64, lag: f64, state: &str, mood| {
        row(vec![
            text(name),
            count(n),
            minutes(lag),
            Cell { mood, ..text(state) },
        ])
    };
    let mut it = section(
        "sources",
        "来源与发现时差",
        "从顾客发表到进入本机的中位时间",
        SectionKind::Table,
        vec![
            column("来源", ValueKind::Text),
            column("差评", ValueKind::Count),
            column("时差", ValueKind::Duration),
            column("状态", ValueKind::Text),
        ],
        vec![
            line("美团导出文件夹", 98.0, 42.0, "正常", Mood::Good),
            line("淘宝每日表格", 76.0, 655.0, "每天一次，偏慢", Mood::Warn),
            line("本机接口", 90.0, 2.0, "正常", Mood::Good),
            line("携程邮箱", 19.0, 180.0, "周三断开 5 小时", Mood::Bad),
        ],
    );
    it.wide = true;
    it
}

fn quotes() -> Section {
    let said = [
        "打开快递一看整瓶都漏了，盒子湿透，衣服上全是洗发水味。联系客服半天没人理，最后说要我自己拍照举证。",
        "第二次买了，还是漏。瓶盖根本拧不紧，箱子底下一滩。😡 这种质量也敢发货？",
        "送来的时候汤已经凉透了，面坨成一块。骑手说店里出餐慢，店里说骑手慢，谁都不认。",
        "前台让我们等了四十分钟，房间里还有上一位客人的头发。换房之后好一些，但是心情已经没了。",
        "尺码完全不对，平时穿 XL，这件 XL 连肩膀都套不进去。想换货，客服只会发表情包 🙂🙂🙂",
    ];
    let about = [
        ("美团", "去屑洗发水"),
        ("淘宝", "去屑洗发水"),
        ("美团", "红烧牛肉面"),
        ("携程", "湖景双床房"),
        ("抖音", "男士卫衣"),
    ];
    let mut rows = Vec::new();
    for (theme, n) in [
        ("包装漏液", 38.0),
        ("送到已经凉了", 27.0),
        ("客服不回消息", 19.0),
        ("房间不干净", 9.0),
    ] {
        rows.push(Row {
            strong: true,
            cells: vec![text(theme), muted(&format!("{n} 条"))],
        });
        for at in 0..10 {
            let (channel, product) = about[(at + rows.len()) % 5];
            let stars = if at % 3 == 0 {
                "★☆☆☆☆"
            } else {
                "★★☆☆☆"
            };
            rows.push(row(vec![
                Cell {
                    opens: Some(format!("review:{theme}:{at}")),
                    ..text(said[(at + rows.len()) % 5])
                },
                text(channel),
                text(product),
                text(&format!("11-{}", 16 + at % 7)),
                text(stars),
            ]));
        }
    }
    section(
        "quotes",
        "顾客怎么说",
        "每个主题最有代表性的原话；姓名、电话与订单号已遮盖",
        SectionKind::Quotes,
        vec![
            column("原话", ValueKind::Text),
            column("渠道", ValueKind::Text),
            column("商品", ValueKind::Text),
            column("日期", ValueKind::Text),
            column("星级", ValueKind::Text),
        ],
        rows,
    )
}

fn good_news() -> Section {
    Section {
        wide: true,
        paragraphs: vec![
            "大学城店换保温箱以后，「送到已经凉了」从每周 27 条降到 11 条，是三个月来最低。".into(),
            "阿依古丽·买买提连续四周没有一条超时，她写的漏液道歉话术被同事用了 63 次，改评率 31%。".into(),
        ],
        ..section("good", "好消息", "", SectionKind::Words, vec![], vec![])
    }
}

/// Texts that try to be something else than text.
pub const HOSTILE: [&str; 14] = [
    "#import \"x.typ\": *",
    "#panic(\"boom\")] } #sys.inputs $ x^2 $ *bold* _it_ `raw` <label> @ref",
    "]] )) }} // comment /* block */ \\u{41} \\",
    "= 标题\n- 列表\n+ 编号\n/ 术语: x",
    "=HYPERLINK(\"http://evil.example\",\"点我\")",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)\" x='",
    "&lt;b&gt; &amp; &#60;",
    "</td></tr></table><iframe src=//evil.example>",
    "{{constructor}} ${7*7} %s %n ' OR 1=1 --",
    "退款\u{202e}款退\u{202c} \u{200f}مرحبا\u{200e} \u{200b}\u{feff}零宽\u{0}\u{1b}[31m",
];

/// The weekly report with hostile words wherever words can stand.
pub fn hostile() -> Document {
    let mut document = weekly();
    for (at, words) in HOSTILE.iter().enumerate() {
        document.lead.push(span(words, at % 2 == 0));
        document.footer.push((*words).into());
        let mut it = section(
            words,
            words,
            words,
            if at % 2 == 0 {
                SectionKind::Table
            } else {
                SectionKind::Quotes
            },
            vec![
                column(words, ValueKind::Text),
                column(words, ValueKind::Count),
                column(words, ValueKind::Percent),
            ],
            vec![row(vec![
                text(words),
                Cell {
                    badge: Some((*words).into()),
                    value: Some(3.0),
                    ..text(words)
                },
                Cell {
                    mood: Mood::Bad,
                    ..text(words)
                },
            ])],
        );
        it.paragraphs = vec![(*words).into()];
        it.chart = Some(Chart {
            categories: vec![(*words).into(); 3],
            series: vec![
                Series {
                    name: (*words).into(),
                    values: vec![Some(1.0), None, Some(f64::INFINITY)],
                    ..Series::default()
                };
                2
            ],
            unit: (*words).into(),
            ..Chart::default()
        });
        document.sections.push(it);
    }
    document.headlines[0].title = HOSTILE[1].into();
    document.headlines[1].value = HOSTILE[2].into();
    document.headlines[2].detail = HOSTILE[8].into();
    document.title = HOSTILE[0].into();
    document.period = HOSTILE[9].into();
    document
}
