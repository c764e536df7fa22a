//! No file makes the importer panic or run away: every format, cut, flipped, repeated and mixed.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot make its own fixture should stop there"
)]

mod common;

use amends_ingest::{Options, inspect, read};
use common::*;
use std::{io::Cursor, ops::ControlFlow, time::Instant};

/// Reproducible, so that a failure can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides.max(1)
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let table = "导出时间：2024-01-01,,,\n订单号,评价内容,评分,评价时间,追评内容,追评时间,图片\n\
        \"1234567890123456789\t\",\"汤\"\"洒\"\"了\n凉了\",1,2024-01-01 12:30,还没退款,昨天 12:30,//a.example/1.jpg\n\
        ='12',好&hellip;<br>吃,★★★☆☆,2024年1月2日 8:05,,收货后5天,[]\n合计,,,,,,\n";
    let page = "<html><table><tr><th>订单号<th>评价内容<th>评分</tr><tr><td rowspan=3>1<td colspan=2>&lt;凉&gt;&#x1F600;</tr></table>";
    let xml = r#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="String">评价内容</Data></Cell><Cell><Data ss:Type="String">评分</Data></Cell></Row><Row><Cell ss:Index="2" ss:MergeDown="4"><Data ss:Type="String">凉&amp;了</Data></Cell><Cell><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>"#;
    let json = r#"{"feed":{"entry":[{"id":{"label":"1"},"content":{"label":"慢"},"im:rating":{"label":"1"}}]},"commentList":[{"commentId":"1","score":200,"content":{"txt":"一般\u00e9"}}]}"#;
    let book = xlsx(&[
        texts(&["订单号", "评价内容", "评分", "评价时间"]),
        vec![
            Cell::Text("1"),
            Cell::Text("凉了"),
            Cell::Shown(0.2, "0%"),
            Cell::Shown(45_292.5, "yyyy-mm-dd"),
        ],
    ]);
    vec![
        table.as_bytes().to_vec(),
        gb18030(table),
        utf16le(table, true),
        gb18030(page),
        xml.as_bytes().to_vec(),
        json.as_bytes().to_vec(),
        format!(
            "{}\n{}",
            r#"{"id":"1","content":"慢"}"#, r#"{"id":"2","content":"冷"}"#
        )
        .into_bytes(),
        zip(&[("a.csv", table.as_bytes()), ("b.xlsx", &book)]),
        book,
    ]
}

fn survives(bytes: &[u8]) {
    let options = Options::default();
    let started = Instant::now();
    if let Ok(mut plan) = inspect("x.bin", &mut Cursor::new(bytes), &options, NOW) {
        // A person would answer; the rows must come out all the same.
        plan.questions.clear();
        let _ = read(&plan, &options, &mut Cursor::new(bytes), NOW, &mut |_| {
            ControlFlow::Continue(())
        });
    }
    assert!(
        started.elapsed().as_secs() < 20,
        "{} bytes took {:?}",
        bytes.len(),
        started.elapsed()
    );
}

#[test]
fn every_cut_of_every_format_is_survived() {
    for seed in seeds() {
        let step = (seed.len() / 60).max(1);
        for end in (0..seed.len()).step_by(step) {
            survives(&seed[..end]);
        }
    }
}

#[test]
fn flipped_doubled_and_spliced_bytes_are_survived() {
    let seeds = seeds();
    let mut dice = Dice(7);
    for round in 0..600 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=dice.roll(4) {
            let at = dice.roll(bytes.len());
            match dice.roll(5) {
                0 => bytes[at] = dice.roll(256) as u8,
                1 => bytes[at] ^= 1 << dice.roll(8),
                2 => {
                    let end = (at + dice.roll(64)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
                3 => {
                    let other = &seeds[dice.roll(seeds.len())];
                    let from = dice.roll(other.len());
                    let end = (from + dice.roll(64)).min(other.len());
                    bytes.splice(at..at, other[from..end].iter().copied());
                }
                _ => {
                    let end = (at + dice.roll(32)).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        survives(&bytes);
    }
}

#[test]
fn tables_made_to_be_slow_or_large_are_read_in_bounded_time() {
    // A quote opened in every line.
    survives(format!("订单号,评价内容\n{}", "1,\"坏了\n".repeat(50_000)).as_bytes());
    // One line without an end.
    survives(format!("订单号,评价内容\n1,{}", "长".repeat(4 << 20)).as_bytes());
    // Nothing but delimiters, quotes, or lines.
    survives(",".repeat(4 << 20).as_bytes());
    survives("\"".repeat(2 << 20).as_bytes());
    survives(format!("评价内容,评分{}", "\n".repeat(4 << 20)).as_bytes());
    // Deep and wide JSON.
    survives("[".repeat(200_000).as_bytes());
    survives(
        format!(
            "[{{\"content\":\"a\",\"rating\":{}1{}}}]",
            "[".repeat(100),
            "]".repeat(100)
        )
        .as_bytes(),
    );
    survives(format!("[{{\"content\":\"a\",\"rating\":[{}1]}}]", "1,".repeat(2 << 20)).as_bytes());
    survives(format!("[{{\"content\":\"{}\"}}]", "a".repeat(16 << 20)).as_bytes());
    // Spans that would multiply.
    let spans = "<tr><td colspan=4000000000 rowspan=4000000000>x</td></tr>".repeat(2000);
    survives(format!("<table><tr><th>评价内容</th><th>评分</th></tr>{spans}</table>").as_bytes());
    survives(format!("<table>{}", "<tr><td>".repeat(300_000)).as_bytes());
    survives(format!("<table><tr><td {}>", "a=b ".repeat(200_000)).as_bytes());
}
