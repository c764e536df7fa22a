//! The exports that lie beside the workspace, against what their manifest says an importer must get right.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its own fixture should stop there"
)]

mod common;

use amends_domain::{Channel, Precision, Scale, Visibility};
use amends_ingest::{Format, Options};
use common::{Got, import_with};
use std::path::PathBuf;

fn exports() -> Option<PathBuf> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/exports");
    if dir.is_dir() {
        Some(dir)
    } else {
        println!("skipped: {} is not here", dir.display());
        None
    }
}

fn import(name: &str) -> Option<Got> {
    let bytes = std::fs::read(exports()?.join(name)).unwrap();
    let got = import_with(name, &bytes, &Options::default()).unwrap();
    assert!(
        got.plan.questions.is_empty(),
        "{name} asks {:?}",
        got.plan.questions
    );
    assert_eq!(
        (got.rejected.len(), got.plan.warnings.as_slice()),
        (0, [].as_slice()),
        "{name}"
    );
    let again = import_with(name, &bytes, &Options::default()).unwrap();
    assert_eq!(got.reviews, again.reviews, "{name} reads the same twice");
    let mut keys: Vec<&str> = got.reviews.iter().map(|r| r.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), got.reviews.len(), "{name}: every key is one review");
    Some(got)
}

#[test]
fn the_takeaway_export_comes_in_whole() {
    let Some(got) = import("takeaway_gb18030.csv") else {
        return;
    };
    assert_eq!(got.reviews.len(), 300);
    assert_eq!(got.plan.encoding.as_deref(), Some("GB18030"));
    assert_eq!(
        (got.plan.header_row, got.plan.preamble_rows, got.summary.footers),
        (3, 2, 1)
    );
    assert_eq!(
        (got.plan.profile.as_str(), got.plan.scale),
        ("generic.cn.takeaway", Scale::Stars5)
    );
    assert!(
        got.reviews
            .iter()
            .all(|r| r.posted.as_ref().unwrap().precision == Precision::Day)
    );
    assert!(got.reviews.iter().all(|r| {
        r.order_id
            .as_ref()
            .is_some_and(|id| id.len() == 19 && id.bytes().all(|b| b.is_ascii_digit()))
    }));
    assert!(
        got.reviews
            .iter()
            .all(|r| r.sub_ratings.len() == 3 && r.shop.is_some() && r.stars.is_some())
    );
    assert_eq!(got.summary.warnings, []);
}

#[test]
fn the_marketplace_workbook_comes_in_whole() {
    let Some(got) = import("marketplace.xlsx") else {
        return;
    };
    let (appends, firsts): (Vec<_>, Vec<_>) = got.reviews.iter().partition(|r| r.append);
    assert_eq!((firsts.len(), appends.len()), (300, 17));
    assert_eq!(
        (got.plan.header_row, got.plan.format, got.plan.scale),
        (3, Format::Xlsx, Scale::Polarity3)
    );
    assert!(firsts.iter().all(|r| r.stars.is_none() && r.polarity.is_some()));
    assert!(
        appends
            .iter()
            .all(|a| firsts.iter().any(|f| Some(&f.key) == a.parent_key.as_ref()))
    );
    assert!(got.reviews.iter().all(|r| {
        r.order_id
            .as_ref()
            .is_some_and(|id| id.bytes().all(|b| b.is_ascii_digit()))
    }));
    assert_eq!(got.summary.warnings, []);
}

#[test]
fn the_hotel_export_comes_in_whole() {
    let Some(got) = import("hotel_utf8bom.csv") else {
        return;
    };
    assert_eq!(got.reviews.len(), 200);
    assert_eq!((got.plan.scale, got.plan.header_row), (Scale::Stars10, 1));
    assert_eq!(got.plan.encoding.as_deref(), Some("UTF-8"));
    assert!(
        got.reviews
            .iter()
            .all(|r| r.has_text && r.external_id.is_some() && r.stars.is_some_and(|s| s <= 5.0))
    );
    assert!(
        got.reviews
            .iter()
            .all(|r| r.posted.as_ref().unwrap().precision == Precision::Min)
    );
    assert_eq!(got.summary.warnings, []);
}

#[test]
fn the_app_store_console_export_comes_in_whole() {
    let Some(got) = import("store_utf16le.csv") else {
        return;
    };
    assert_eq!(got.reviews.len(), 60);
    assert_eq!(
        (got.plan.channel, got.plan.channel_certain),
        (Channel::GooglePlay, true)
    );
    assert_eq!(got.plan.encoding.as_deref(), Some("UTF-16LE"));
    assert!(
        got.reviews
            .iter()
            .all(|r| r.external_id.as_ref().is_some_and(|id| id.starts_with("gp:")))
    );
    assert!(
        got.reviews
            .iter()
            .all(|r| r.visibility == Visibility::Unknown && r.posted.as_ref().unwrap().utc_ms.is_some())
    );
    assert_eq!(got.summary.warnings, []);
}

#[test]
fn the_page_that_is_called_xls_comes_in_whole() {
    let Some(got) = import("shop_backoffice.xls") else {
        return;
    };
    assert_eq!(got.reviews.len(), 200);
    assert_eq!(
        (got.plan.format, got.plan.scale),
        (Format::HtmlTable, Scale::Stars5)
    );
    assert_eq!(got.plan.encoding.as_deref(), Some("GB18030"));
    assert!(
        got.reviews
            .iter()
            .all(|r| r.external_id.is_some() && r.order_id.is_some() && r.stars.is_some())
    );
    assert!(got.reviews.iter().all(|r| !r.body.contains('&') && r.masked));
    assert_eq!(got.summary.warnings, []);
}

#[test]
fn the_old_workbook_comes_in_whole() {
    let Some(got) = import("legacy_biff8.xls") else {
        return;
    };
    assert_eq!(got.reviews.len(), 100);
    assert_eq!(got.plan.format, Format::Xls);
    assert!(
        got.reviews
            .iter()
            .all(|r| r.posted.as_ref().is_some_and(|t| t.utc_ms.is_some()))
    );
}

#[test]
fn the_crawled_comments_come_in_without_ratings() {
    let Some(got) = import("social_gb18030.csv") else {
        return;
    };
    assert_eq!(got.reviews.len(), 120);
    assert_eq!(got.plan.scale, Scale::None);
    assert!(
        got.reviews
            .iter()
            .all(|r| r.stars.is_none() && r.polarity.is_none() && r.has_text)
    );
    assert_eq!(got.summary.warnings, []);
}

#[test]
fn the_wechat_answer_comes_in_whole() {
    let Some(got) = import("wechat_comments.json") else {
        return;
    };
    assert_eq!(got.reviews.len(), 40);
    assert_eq!(
        (got.plan.channel, got.plan.scale),
        (Channel::Wechat, Scale::Score500)
    );
    assert!(
        got.reviews
            .iter()
            .all(|r| r.stars.is_some() && r.order_id.is_some() && r.product.is_some())
    );
    assert_eq!(got.summary.warnings, []);
}

#[test]
fn the_app_store_feed_comes_in_whole() {
    let Some(got) = import("appstore_feed.json") else {
        return;
    };
    assert_eq!(got.reviews.len(), 30);
    assert_eq!(
        (got.plan.channel, got.plan.scale),
        (Channel::AppStore, Scale::Stars5)
    );
    assert!(
        got.reviews
            .iter()
            .all(|r| r.title.is_some() && r.stars.is_some() && r.external_id.is_some())
    );
    assert_eq!(got.summary.warnings, []);
}
