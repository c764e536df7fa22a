//! Exports and answers of one platform each, in the shapes of `sources.md` §2 and §3 with invented values.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot make its own fixture should stop there"
)]

mod common;

use amends_domain::{Channel, NewReview, PlatformPolarity, Precision, Scale, Visibility};
use amends_ingest::{DateOrder, Format, Options, QuestionCode};
use common::*;

/// 2024-01-01T04:30:00Z
const NOON: i64 = 1_704_083_400_000;

fn json(text: &str) -> Got {
    let got = import(text.as_bytes());
    assert_eq!(got.plan.questions, []);
    assert_eq!(got.rejected, []);
    got
}

fn one(text: &str) -> (NewReview, Got) {
    let got = json(text);
    assert_eq!(got.reviews.len(), 1, "{:?}", got.bodies());
    (got.reviews[0].clone(), got)
}

fn posted(review: &NewReview) -> Option<i64> {
    review.posted.as_ref().and_then(|t| t.utc_ms)
}

#[test]
fn wechat_scores_are_hundreds_and_times_are_seconds_in_text() {
    let (review, got) = one(
        r#"{"errcode":0,"total":1,"commentList":[{"commentId":"2790000000000000001","amount":100,"orderId":"payorder@_42000001",
        "createTime":"1704083400","payTime":"1704080000","score":200,"content":{"txt":"一般","media":[]},
        "userInfo":{"openid":"o1","nickName":"t"},"orderInfo":{"busiOrderId":"B1"},
        "productInfo":{"productList":[{"name":"纸巾"},{"name":"湿巾"}]}}]}"#,
    );
    assert_eq!(
        (got.plan.channel, got.plan.channel_certain, got.plan.scale),
        (Channel::Wechat, true, Scale::Score500)
    );
    assert_eq!(
        (review.stars, posted(&review), review.body.as_str()),
        (Some(2.0), Some(NOON), "一般")
    );
    assert_eq!(
        (review.key.as_str(), review.product.as_deref()),
        ("id:2790000000000000001", Some("纸巾,湿巾"))
    );
    assert_eq!(
        (review.order_id.as_deref(), review.author.as_deref()),
        (Some("payorder@_42000001"), Some("t"))
    );
}

#[test]
fn the_app_stores_feed_may_hold_one_entry_that_is_no_list() {
    let entry = r#"{"id":{"label":"11"},"title":{"label":"Bad"},"content":{"label":"Crash","attributes":{"type":"text"}},
        "im:rating":{"label":"1"},"im:version":{"label":"3.1"},"author":{"uri":{"label":"https://x"},"name":{"label":"n"}},
        "updated":{"label":"2024-01-01T04:30:00Z"}}"#;
    let (review, got) = one(&format!(
        r#"{{"feed":{{"author":{{"name":{{"label":"iTunes Store"}}}},"entry":{entry}}}}}"#
    ));
    assert_eq!(
        (got.plan.channel, review.stars, review.title.as_deref()),
        (Channel::AppStore, Some(1.0), Some("Bad"))
    );
    assert_eq!(
        (review.body.as_str(), posted(&review), review.author.as_deref()),
        ("Crash", Some(NOON), Some("n"))
    );
    // Older feeds begin with the app itself, which is no review.
    let app = r#"{"id":{"label":"99"},"title":{"label":"The App"},"im:name":{"label":"The App"}}"#;
    let (again, _) = one(&format!(r#"{{"feed":{{"entry":[{app},{entry}]}}}}"#));
    assert_eq!(again.key, review.key);
    let none = plan_with(
        "feed.json",
        br#"{"feed":{"updated":{"label":"2024-01-01T04:30:00Z"}}}"#,
        &Options::default(),
    );
    assert!(matches!(none.unwrap_err().code(), "no_rows" | "no_table"));
}

#[test]
fn app_store_connect_hands_out_attributes() {
    let (review, got) = one(
        r#"{"data":[{"type":"customerReviews","id":"0000-1","attributes":{"rating":1,"title":"Bad","body":"Crash",
        "reviewerNickname":"n","createdDate":"2023-12-31T20:30:00-08:00","territory":"USA"}}],"links":{"self":"https://x"}}"#,
    );
    assert_eq!(
        (got.plan.channel, review.key.as_str()),
        (Channel::AppStore, "id:0000-1")
    );
    assert_eq!(
        (review.stars, posted(&review), review.body.as_str()),
        (Some(1.0), Some(NOON), "Crash")
    );
}

#[test]
fn google_writes_its_stars_in_words() {
    let got = json(
        r#"{"reviews":[{"name":"accounts/1/locations/2/reviews/abc","reviewId":"abc","reviewer":{"displayName":"A","isAnonymous":false},
        "starRating":"ONE","comment":"Slow","createTime":"2024-01-01T04:30:00Z","updateTime":"2024-01-02T04:30:00.123456789Z",
        "reviewReply":{"comment":"Sorry","updateTime":"2024-01-03T00:00:00Z"}},
        {"name":"accounts/1/locations/2/reviews/abd","reviewId":"abd","reviewer":{"displayName":"B"},
        "starRating":"STAR_RATING_UNSPECIFIED","createTime":"2024-01-01T04:30:00Z","updateTime":"2024-01-01T04:30:00Z","comment":"Hm"}],
        "averageRating":4.1,"totalReviewCount":2}"#,
    );
    let review = &got.reviews[0];
    assert_eq!(
        (got.plan.channel, got.plan.channel_certain),
        (Channel::Google, true)
    );
    assert_eq!(
        (review.stars, review.body.as_str(), posted(review)),
        (Some(1.0), "Slow", Some(NOON))
    );
    assert_eq!(
        (review.key.as_str(), review.author.as_deref()),
        ("id:abc", Some("A"))
    );
    assert_eq!(review.reply.as_ref().unwrap().body, "Sorry");
    assert_eq!(review.updated.as_ref().unwrap().precision, Precision::Ms);
    assert_eq!(got.reviews[1].stars, None);
}

#[test]
fn meituan_dates_are_days_and_its_lists_are_text() {
    let (review, got) = one(
        r#"{"data":[{"comment_id":"5001","comment_content":"汤洒了","comment_time":"2024-01-01","add_comment":"还没退款",
        "add_comment_time":"2024-01-03","food_comment_score":1,"order_comment_score":2,"packing_score":1,
        "delivery_comment_score":3,"ship_time":45,"comment_lables":"慢,洒","comment_pictures":"http://a.example/1,http://b.example/2",
        "critic_food_list":"牛肉面","reply_status":0,"e_reply_time":"","e_reply_content":""}]}"#
            .replace("还没退款", "")
            .as_str(),
    );
    assert_eq!(
        (got.plan.channel, review.stars, review.key.as_str()),
        (Channel::Meituan, Some(1.0), "id:5001")
    );
    assert_eq!(review.posted.as_ref().unwrap().precision, Precision::Day);
    assert_eq!(review.media, ["https://a.example/1", "https://b.example/2"]);
    assert_eq!(
        (review.product.as_deref(), review.reply.is_none()),
        (Some("牛肉面"), true)
    );
    assert!(review.sub_ratings.contains(&("packing_score".into(), 1.0)));
}

#[test]
fn dianping_stars_run_to_fifty_and_have_no_text() {
    let (review, got) = one(
        r#"{"data":{"list":[{"reviewId":"r1","star":10,"accurateStar":15,"reviewTime":"2024-01-01 12:30","consumeOrderId":"",
        "consumeAmount":"88","scoreDetails":[{"title":"服务","score":10,"accurateScore":15}]}]}}"#,
    );
    assert_eq!(
        (got.plan.channel, got.plan.scale),
        (Channel::Dianping, Scale::Stars50)
    );
    assert!(review.stars.is_some_and(|s| s <= 1.5) && !review.has_text);
    assert_eq!(
        (posted(&review), review.posted.as_ref().unwrap().precision),
        (Some(NOON), Precision::Min)
    );
}

#[test]
fn eleme_jd_kuaishou_taobao_and_trustpilot_are_known() {
    let (eleme, got) = one(
        r#"{"result":[{"id":"e1","shopId":"1","rating":1,"rateContent":"少送一份","ratedAt":"2024-01-01T12:30:00",
        "itemRates":[{"itemRateId":"i1","itemId":"2","itemName":"米饭","rating":2,"rateContent":"","pictures":[]}],
        "orderRateReply":null,"rateTag":null}]}"#,
    );
    assert_eq!(
        (got.plan.channel, eleme.stars, posted(&eleme)),
        (Channel::Eleme, Some(1.0), Some(NOON))
    );

    let (jd, got) = one(
        r#"{"comments":[{"commentId":"a1","skuid":"100001","skuName":"茶杯","content":"包装破损&hellip;","creationTime":1704083400000,
        "score":1,"isVenderReply":false,"nickName":"j***d","replies":[],"images":[{"imgUrl":"//img.example/x.jpg"}],
        "imiageStatus":0,"orderId":"290000000001","encrypt_orderId":null}]}"#,
    );
    assert_eq!(
        (got.plan.channel, jd.body.as_str(), jd.masked),
        (Channel::Jd, "包装破损…", true)
    );
    assert_eq!(
        (posted(&jd), jd.media.as_slice()),
        (Some(NOON), ["https://img.example/x.jpg".to_owned()].as_slice())
    );

    let (kuaishou, got) = one(
        r#"{"comments":[{"commentId":"9001","orderId":"8001","itemId":"7001","content":"味道淡","serviceScore":2,"logisticsScore":5,
        "qualityScore":null,"imageUrl":[],"anonymous":true,"replied":false,"createTime":1704083400000}]}"#,
    );
    assert_eq!(
        (got.plan.channel, kuaishou.stars),
        (Channel::Kuaishou, None),
        "a missing score stays missing"
    );

    let (taobao, got) = one(
        r#"{"trade_rates":[{"tid":"2200000000000000011","oid":"2200000000000000012","role":"buyer","nick":"测**试","result":"bad",
        "created":"2024-01-01 12:30:00","item_title":"茶杯","item_price":"20.00","content":"杯口有裂纹","reply":"",
        "num_iid":"600000000001","valid_score":true}]}"#,
    );
    assert_eq!(
        (got.plan.channel, taobao.polarity, taobao.stars),
        (Channel::Taobao, Some(PlatformPolarity::Bad), None)
    );
    assert_eq!(taobao.key, "order:2200000000000000012|茶杯");

    let (trustpilot, got) = one(
        r#"{"reviews":[{"id":"t1","stars":1,"title":"Late","text":"Came late","language":"en","createdAt":"2024-01-01T04:30:00Z",
        "experiencedAt":"2023-12-30","consumer":{"displayName":"A"},"companyReply":null,"tags":[{"group":"g","value":"v"}]}]}"#,
    );
    assert_eq!(
        (got.plan.channel, trustpilot.key.as_str()),
        (Channel::Trustpilot, "id:t1")
    );
    assert_eq!(
        (trustpilot.body.as_str(), trustpilot.author.as_deref()),
        ("Came late", Some("A"))
    );
}

#[test]
fn one_object_a_line_and_wrapped_pages_are_read() {
    let lines = "{\"comment_id\":\"1\",\"content\":\"慢\",\"create_time\":1704083400000}\n\n{\"comment_id\":\"2\",\"content\":\"冷\",\"create_time\":1704083400000}\n";
    let got = json(lines);
    assert_eq!(
        (got.plan.format, got.bodies()),
        (Format::NdJson, vec!["慢", "冷"])
    );
    let pages = r#"[{"page":1,"reviews":[{"reviewId":"1","content":"慢"}]},{"page":2,"reviews":[{"reviewId":"2","content":"冷"}]}]"#;
    assert_eq!(json(pages).bodies(), ["慢", "冷"]);
    let bare = r#"[{"reviewId":1234567890123456789,"content":"慢"}]"#;
    assert_eq!(
        json(bare).reviews[0].external_id.as_deref(),
        Some("1234567890123456789")
    );
}

#[test]
fn a_kuaishou_comment_keeps_its_three_scores_apart() {
    let text = "commentId,orderId,content,qualityScore,serviceScore,logisticsScore,createTime\n9001,8001,味道淡,1,2,5,1704083400000\n";
    let review = csv(text).reviews[0].clone();
    assert_eq!(review.stars, Some(1.0));
    assert_eq!(review.sub_ratings.len(), 2);
}

#[test]
fn judge_me_exports_and_its_import_template_differ_in_their_dates() {
    let export = "title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,product_handle,reply,reply_date,picture_urls,ip_address,location\n\
        Bad,Broke,1,2024-01-01 04:30:00 UTC,email,spam,A,a@x.example,1,cup,,,,,\n";
    let got = csv(export);
    assert_eq!(
        (got.plan.channel, posted(&got.reviews[0])),
        (Channel::Shopify, Some(NOON))
    );
    assert_eq!(
        (got.reviews[0].visibility, got.reviews[0].product.as_deref()),
        (Visibility::Hidden, Some("cup"))
    );
    let template = export.replace("2024-01-01 04:30:00 UTC", "05/01/2024");
    let asked = plan_with("x.csv", template.as_bytes(), &Options::default()).unwrap();
    assert_eq!(asked.questions[0].code, QuestionCode::DateOrder);
    let options = Options {
        date_order: Some(DateOrder::Dmy),
        ..Options::default()
    };
    let got = import_with("x.csv", template.as_bytes(), &options).unwrap();
    assert_eq!(posted(&got.reviews[0]), Some(1_704_412_800_000));
}

#[test]
fn loox_yotpo_and_helium_are_known() {
    let loox = "id,status,rating,email,nickname,full_name,review,date,productId,handle,img,variant,verified_purchase\n\
        7,Hidden,2,a@x.example,A,A B,Too small,2024-01-01T04:30:00Z,1,cup,,Red,true\n";
    let review = csv(loox).reviews[0].clone();
    assert_eq!(
        (review.key.as_str(), review.visibility, review.variant.as_deref()),
        ("id:7", Visibility::Hidden, Some("Red"))
    );
    assert_eq!(
        (review.body.as_str(), review.author.as_deref()),
        ("Too small", Some("A"))
    );

    let yotpo = "Review Title;Review Content;Review Score;Date;Product ID;Product Title;Product URL;Display Name;Email;Verified Purchase\n\
        Bad;Too small, really;2;25/03/2024;1;Cup;https://x.example;A;a@x.example;true\n";
    let got = csv(yotpo);
    assert_eq!(
        (got.plan.delimiter, got.plan.date_order),
        (Some(';'), Some(DateOrder::Dmy))
    );
    assert_eq!(
        (got.bodies(), got.reviews[0].product.as_deref()),
        (vec!["Too small, really"], Some("Cup"))
    );

    let helium = "Date,Author,Verified,Helpful,Title,Body,Rating,Images,Videos,URL,Variation,Style\n\
        \"January 15, 2024\",\"S. M.\",\"Verified Purchase\",\"2\",\"Bad hinge\",\"Broke in a week\",\"1\",\"\",\"\",\"https://www.amazon.com/gp/customer-reviews/R1ABCDEF23GH\",\"Color: Red\",\"\"\n";
    let got = csv(helium);
    assert_eq!(
        (got.plan.channel, got.reviews[0].key.as_str()),
        (Channel::Amazon, "id:R1ABCDEF23GH")
    );
}

#[test]
fn a_channel_is_read_from_names_only_as_a_guess() {
    let text = "订单号,评价内容\n1,甲\n".as_bytes();
    for (name, channel) in [
        ("拼多多评价导出.csv", Channel::Pinduoduo),
        ("JD_comments_2024.csv", Channel::Jd),
        ("C:\\下载\\大众点评\\导出.csv", Channel::Other),
        ("adjust.csv", Channel::Other),
    ] {
        let plan = plan_with(name, text, &Options::default()).unwrap();
        assert_eq!((plan.channel, plan.channel_certain), (channel, false), "{name}");
    }
    let chosen = Options {
        channel: Some(Channel::Douyin),
        ..Options::default()
    };
    let got = import_with("拼多多.csv", text, &chosen).unwrap();
    assert_eq!(
        (got.plan.channel_certain, got.reviews[0].channel),
        (true, Channel::Douyin)
    );
    let mixed = csv("平台,评价内容\n京东,甲\n美团外卖,乙\n");
    assert_eq!(
        (mixed.reviews[0].channel, mixed.reviews[1].channel),
        (Channel::Jd, Channel::Meituan)
    );
}

#[test]
fn sheets_that_are_no_table_are_passed_over_and_two_tables_are_a_question() {
    let book = |second: &[&str]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let notes = book.add_worksheet().set_name("说明").unwrap();
        notes.write_string(0, 0, "本表由系统导出").unwrap();
        let sheet = book.add_worksheet().set_name("评价").unwrap();
        sheet.write_row(0, 0, ["订单号", "评价内容"]).unwrap();
        sheet.write_row(1, 0, ["1", "甲"]).unwrap();
        let other = book.add_worksheet().set_name("其他").unwrap();
        other.write_row(0, 0, second.iter().copied()).unwrap();
        other.write_row(1, 0, ["2", "乙"]).unwrap();
        book.save_to_buffer().unwrap()
    };
    let got = import(&book(&["编号", "备注"]));
    assert_eq!(
        (got.plan.sheet.as_deref(), got.bodies()),
        (Some("评价"), vec!["甲"])
    );
    let two = book(&["订单号", "评价内容"]);
    let plan = plan_with("x.xlsx", &two, &Options::default()).unwrap();
    assert_eq!(
        (plan.questions[0].code, plan.questions[0].choices.len()),
        (QuestionCode::Sheet, 2)
    );
    let options = Options {
        sheet: Some("其他".into()),
        ..Options::default()
    };
    assert_eq!(import_with("x.xlsx", &two, &options).unwrap().bodies(), ["乙"]);
}
