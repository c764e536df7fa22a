//! Invented exports, dated relative to now, in the shapes that shops' back-offices produce. Every word here is made up.

use chrono::{DateTime, Duration, FixedOffset, Utc};
use std::fs;
use std::path::{Path, PathBuf};

/// The machine's clock: exports must be recent for the real program to open tickets from them.
#[allow(
    clippy::disallowed_methods,
    reason = "the only place where a test reads the clock: the real program reads it too"
)]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// One invented review.
#[derive(Debug, Clone)]
pub struct Row {
    /// Order number, unique.
    pub order: String,
    /// When it was posted.
    pub posted: DateTime<Utc>,
    /// Stars, 1 to 5.
    pub stars: u8,
    /// The words.
    pub body: String,
    /// Who.
    pub author: String,
    /// What was bought.
    pub product: String,
    /// The merchant's answer, empty if none.
    pub reply: String,
}

/// The words of the one review that must ring: a customer taken ill, with a private number in it to be masked.
pub const URGENT: &str = "吃完当晚全家上吐下泻，孩子高烧被送进急诊，医生诊断是食物中毒，现在还在住院输液！打我电话13800138000给个说法。";
/// Words found only in [`COLD_SOUP`], two characters: what a search must find.
pub const RARE_WORD: &str = "汤底";
/// An ordinary complaint.
pub const COLD_SOUP: &str = "汤底送到已经凉透了，洒了一大半，面也坨成一团，等了快两个小时，太失望了。";

const COMPLAINTS: &[&str] = &[
    COLD_SOUP,
    "包装盒压扁了，里面的酱料漏得到处都是，衣服都弄脏了，真的很糟心。",
    "打了三次电话客服都不接，接了还说不归他们管，态度特别差。",
    "点的大份送来小份，退差价拖了一个星期也没人处理。",
    "肉已经有酸味了，根本不敢吃，整份都扔掉了，质量太差。",
    "图片上满满一碗，实际就几片菜叶，严重与描述不符，不会再买。",
    "房间空调坏了一晚上，前台说没有师傅，热得睡不着，体验很糟糕。",
];
const PRAISE: &[&str] = &[
    "味道一如既往地好，分量很足，送得也快，全家都爱吃。",
    "包装很用心，餐具齐全，下次还会再点。",
    "店员很热情，还多送了一份小菜，谢谢老板。",
    "性价比很高，孩子说明天还要吃。",
    "物流很快，东西和图片一样，很满意。",
];
const AUTHORS: &[&str] = &[
    "林***",
    "风**雨",
    "小鱼",
    "t***8",
    "周末爬山",
    "匿名用户",
    "阿 May",
];
const PRODUCTS: &[&str] = &[
    "招牌牛肉面",
    "番茄肥牛饭",
    "双人烤鱼套餐",
    "手冲咖啡豆 250g",
    "大床房",
];

/// `count` rows, newest first, one every `minutes` minutes before `now`: complaints and praise, no urgent one.
pub fn rows(now: DateTime<Utc>, count: usize, minutes: i64) -> Vec<Row> {
    (0..count)
        .map(|i| {
            let complaint = i % 3 == 1;
            let words = if complaint {
                COMPLAINTS[(i / 3) % COMPLAINTS.len()]
            } else {
                PRAISE[i % PRAISE.len()]
            };
            Row {
                order: format!("8{:011}", 26_000_000 + i),
                posted: now - Duration::minutes(3 + minutes * i64::try_from(i).unwrap_or(0)),
                stars: if complaint { 1 + u8::from(i % 2 == 0) } else { 5 },
                body: words.to_owned(),
                author: AUTHORS[i % AUTHORS.len()].to_owned(),
                product: PRODUCTS[i % PRODUCTS.len()].to_owned(),
                reply: String::new(),
            }
        })
        .collect()
}

/// Twelve recent rows: one urgent, four complaints (one already answered by the merchant), praise.
pub fn a_morning(now: DateTime<Utc>) -> Vec<Row> {
    let mut rows = rows(now, 12, 20);
    rows[0].body = URGENT.to_owned();
    rows[0].stars = 1;
    rows[0].author = "王**".to_owned();
    rows[7].reply = "非常抱歉给您带来不好的体验，已为您安排补发。".to_owned();
    rows
}

/// `count` rows within the last 70 hours, every body different: for speed and for crashes in the middle.
pub fn many(now: DateTime<Utc>, count: usize) -> Vec<Row> {
    let step = Duration::hours(70).num_milliseconds() / i64::try_from(count.max(1)).unwrap_or(1);
    let mut rows = rows(now, count, 0);
    for (i, row) in rows.iter_mut().enumerate() {
        row.posted = now - Duration::milliseconds(60_000 + step * i64::try_from(i).unwrap_or(0));
        row.body = format!("{}第{}次下单。", row.body, i + 1);
    }
    rows
}

/// `count` rows over the last 364 days, a fifth of them complaints, every body different: for reports.
pub fn a_year(now: DateTime<Utc>, count: usize) -> Vec<Row> {
    let step = Duration::days(364).num_milliseconds() / i64::try_from(count.max(1)).unwrap_or(1);
    let mut rows = rows(now, count, 0);
    for (i, row) in rows.iter_mut().enumerate() {
        row.posted = now - Duration::milliseconds(60_000 + step * i64::try_from(i).unwrap_or(0));
        if i % 5 == 0 {
            row.body = COMPLAINTS[(i / 5) % COMPLAINTS.len()].to_owned();
            row.stars = 1;
        } else {
            row.body = PRAISE[i % PRAISE.len()].to_owned();
            row.stars = 5;
        }
        row.body = format!("{}第{}次下单。", row.body, i + 1);
    }
    rows
}

/// As a takeaway platform writes it: UTF-8 text with commas, a header and Beijing times.
pub fn csv(rows: &[Row]) -> String {
    let beijing = FixedOffset::east_opt(8 * 3600).expect("Beijing's offset");
    let mut text = String::from("订单编号,评价时间,用户昵称,评分,评价内容,商品名称,商家回复\r\n");
    for row in rows {
        let time = row.posted.with_timezone(&beijing).format("%Y-%m-%d %H:%M:%S");
        let fields = [
            &row.order,
            &time.to_string(),
            &row.author,
            &row.stars.to_string(),
            &row.body,
            &row.product,
            &row.reply,
        ];
        let quoted: Vec<String> = fields
            .iter()
            .map(|f| format!("\"{}\"", f.replace('"', "\"\"")))
            .collect();
        text.push_str(&quoted.join(","));
        text.push_str("\r\n");
    }
    text
}

/// Writes UTF-8 with a byte order mark.
pub fn write_utf8_bom(folder: &Path, name: &str, rows: &[Row]) -> PathBuf {
    put(folder, name, format!("\u{feff}{}", csv(rows)).into_bytes())
}

/// Writes GB18030, as most Chinese back-offices do.
pub fn write_gb18030(folder: &Path, name: &str, rows: &[Row]) -> PathBuf {
    put(
        folder,
        name,
        encoding_rs::GB18030.encode(&csv(rows)).0.into_owned(),
    )
}

/// Writes UTF-16LE with tabs, as "Unicode text" of a spreadsheet program does.
pub fn write_utf16le_tabs(folder: &Path, name: &str, rows: &[Row]) -> PathBuf {
    let text = format!(
        "\u{feff}{}",
        csv(rows).replace("\",\"", "\"\t\"").replacen(',', "\t", 6)
    );
    put(
        folder,
        name,
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    )
}

/// Writes a workbook as a marketplace does: a title, an empty row, then the header; real dates, verdicts for stars.
pub fn write_xlsx(folder: &Path, name: &str, rows: &[Row]) -> PathBuf {
    let beijing = FixedOffset::east_opt(8 * 3600).expect("Beijing's offset");
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let sheet = book.add_worksheet();
    let mut write = || -> Result<(), rust_xlsxwriter::XlsxError> {
        sheet.write_string(0, 0, "评价导出")?;
        for (column, header) in (0..).zip([
            "订单编号",
            "评价时间",
            "买家昵称",
            "评价类型",
            "评价内容",
            "商品名称",
            "商家回复",
        ]) {
            sheet.write_string(2, column, header)?;
        }
        for (at, row) in (3..).zip(rows) {
            let verdict = ["差评", "差评", "中评", "好评", "好评"][usize::from(row.stars.clamp(1, 5)) - 1];
            let time = row.posted.with_timezone(&beijing).naive_local();
            let time = rust_xlsxwriter::ExcelDateTime::from_timestamp(time.and_utc().timestamp())?;
            sheet.write_string(at, 0, &row.order)?;
            sheet.write_datetime_with_format(at, 1, &time, &date)?;
            for (column, words) in
                (2..).zip([row.author.as_str(), verdict, &row.body, &row.product, &row.reply])
            {
                sheet.write_string(at, column, words)?;
            }
        }
        Ok(())
    };
    write().expect("a workbook");
    let file = folder.join(name);
    book.save(&file).expect("a workbook to import");
    file
}

fn put(folder: &Path, name: &str, bytes: Vec<u8>) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, bytes).expect("an export to import");
    file
}

/// `count` complaints within the last 60 hours, every body different: each opens a ticket.
pub fn complaints(now: DateTime<Utc>, count: usize) -> Vec<Row> {
    let step = Duration::hours(60).num_milliseconds() / i64::try_from(count.max(1)).unwrap_or(1);
    let mut rows = rows(now, count, 0);
    for (i, row) in rows.iter_mut().enumerate() {
        row.posted = now - Duration::milliseconds(60_000 + step * i64::try_from(i).unwrap_or(0));
        row.stars = 1;
        row.body = format!("{}这是第{}单了。", COMPLAINTS[i % COMPLAINTS.len()], i + 1);
    }
    rows
}

/// Invented: minutes ago, stars, who, what, words.
const MORNING: &[(i64, u8, &str, &str, &str)] = &[
    (6, 1, "王**", "招牌牛肉面", URGENT),
    (
        14,
        2,
        "风**雨",
        "双人烤鱼套餐",
        "等了一个半小时才送到，鱼已经凉了，骑手还打电话催我取消订单，态度很差。",
    ),
    (
        25,
        5,
        "小鱼",
        "番茄肥牛饭",
        "味道一如既往地好，分量足，下次还点。",
    ),
    (
        38,
        1,
        "t***8",
        "手冲咖啡豆 250g",
        "发来的是去年的豆子，包装上日期被贴纸盖住了，问客服也不回，要求退货退款。",
    ),
    (
        52,
        3,
        "阿 May",
        "招牌牛肉面",
        "面还可以，就是汤洒了半碗，包装袋太薄了。",
    ),
    (
        71,
        2,
        "林***",
        "番茄肥牛饭",
        "图片上满满一碗肥牛，实际只有四片，跟描述差太多，有点失望。",
    ),
    (
        95,
        1,
        "周末爬山",
        "双人烤鱼套餐",
        "少送了一份凉菜和两罐饮料，打电话说补，到现在也没送来。",
    ),
    (
        130,
        5,
        "豆***包",
        "手冲咖啡豆 250g",
        "香气很好，研磨也均匀，物流快。",
    ),
    (
        170,
        1,
        "老**张",
        "招牌牛肉面",
        "面里吃出一根钢丝，差点扎破嘴，这卫生怎么让人放心！",
    ),
    (
        220,
        2,
        "夏天",
        "番茄肥牛饭",
        "米饭是夹生的，菜偏咸，这个价格不值。",
    ),
];

/// A shop's morning, for pictures: one urgent review on top of complaints and praise.
pub fn a_picture_of_a_morning() -> Vec<Row> {
    let now = now();
    MORNING
        .iter()
        .enumerate()
        .map(|(at, (minutes, stars, author, product, body))| Row {
            order: format!("8{:011}", 26_112_200 + at),
            posted: now - Duration::minutes(*minutes),
            stars: *stars,
            body: (*body).to_owned(),
            author: (*author).to_owned(),
            product: (*product).to_owned(),
            reply: String::new(),
        })
        .collect()
}
