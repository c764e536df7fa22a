//! Takes the pictures of the README from the real window: `cargo run -p amends-tests --example pictures`.

use amends_tests::desktop::{Desktop, Home, Look};
use amends_tests::exports::{self, Row};
use amends_tests::programs::workspace_root;
use amends_tests::steps::{import, walk_through_the_welcome};
use amends_tests::window::by;
use std::time::Duration;

/// Invented: minutes ago, stars, who, what, words.
const MORNING: &[(i64, u8, &str, &str, &str)] = &[
    (6, 1, "王**", "招牌牛肉面", exports::URGENT),
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

fn main() {
    for (look, name) in [(Look::Light, "inbox.png"), (Look::Dark, "inbox-dark.png")] {
        let (desktop, home) = (Desktop::start(), Home::new());
        let window = desktop.open_with(home.path(), look, &[]);
        walk_through_the_welcome(&window);
        let now = exports::now();
        let rows: Vec<Row> = MORNING
            .iter()
            .enumerate()
            .map(|(at, row)| review(now, at, row))
            .collect();
        let file = exports::write_gb18030(home.path(), "reviews.csv", &rows);
        import(&desktop, &window, &file);
        window.click(&by("import-done"));
        window.click(&by("view-all"));
        window.wait_for("[data-tier=\"general\"], [data-tier=\"important\"]");
        window.click(&by("inbox-row"));
        window.wait_for(&by("composer"));
        // Notices fade after a few seconds.
        std::thread::sleep(Duration::from_secs(9));
        let file = workspace_root().join("docs/pictures").join(name);
        desktop.picture_of_window(&file);
        println!("{}", file.display());
    }
}

fn review(
    now: chrono::DateTime<chrono::Utc>,
    at: usize,
    (minutes, stars, author, product, body): &(i64, u8, &str, &str, &str),
) -> Row {
    Row {
        order: format!("8{:011}", 26_112_200 + at),
        posted: now - chrono::Duration::minutes(*minutes),
        stars: *stars,
        body: (*body).to_owned(),
        author: (*author).to_owned(),
        product: (*product).to_owned(),
        reply: String::new(),
    }
}
