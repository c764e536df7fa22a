//! Rows a second and peak memory on 100,000 made-up rows: `cargo run --release -p amends-ingest --example rate`.
//! With `csv` or `xlsx` only that one, so that the peak belongs to it alone; a number sets the rows.
#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that cannot make its own file should stop there"
)]

use amends_ingest::{Item, Options, inspect, read};
use std::{fs::File, io::Write, ops::ControlFlow, path::Path, time::Instant};

const WORDS: [&str; 12] = [
    "送餐太慢，等了一个小时才到",
    "味道不错，下次再来",
    "包装破了，汤洒了一半",
    "客服态度很差，问了半天没人理",
    "性价比高，分量足",
    "米饭是硬的，菜是凉的",
    "和图片完全不一样",
    "老板很热情，环境干净",
    "少送了一份饮料",
    "已经吃了好多次，一直很稳定",
    "有点咸，其他都可以",
    "打电话也不接，联系不上骑手",
];

fn cells(i: usize) -> [String; 9] {
    let body = (0..3 + i % 5)
        .map(|k| WORDS[(i * 7 + k * 5) % WORDS.len()])
        .collect::<Vec<_>>()
        .join("。");
    [
        format!(
            "2026-11-{:02} {:02}:{:02}:{:02}",
            i % 20 + 1,
            i % 24,
            i % 60,
            i * 7 % 60
        ),
        ["人民广场店", "火车站店", "大学城店"][i % 3].to_owned(),
        format!("{}\t", 1_000_000_000_000_000_000u64 + i as u64 * 7919),
        (i % 5 + 1).to_string(),
        (i % 4 + 2).to_string(),
        (i % 3 + 3).to_string(),
        body,
        if i.is_multiple_of(3) {
            "感谢反馈，我们会改进".to_owned()
        } else {
            String::new()
        },
        "牛肉面,米饭".to_owned(),
    ]
}

const HEADER: [&str; 9] = [
    "评价时间",
    "门店",
    "订单号",
    "总体评分",
    "口味",
    "包装",
    "评价内容",
    "商家回复",
    "菜品",
];

fn write_csv(path: &Path, rows: usize) {
    let mut file = std::io::BufWriter::new(File::create(path).unwrap());
    let mut line = |cells: &[String]| {
        let quoted: Vec<String> = cells.iter().map(|c| format!("\"{c}\"")).collect();
        file.write_all(&encoding_rs::GB18030.encode(&format!("{}\n", quoted.join(","))).0)
            .unwrap();
    };
    line(&HEADER.map(str::to_owned));
    (0..rows).for_each(|i| line(&cells(i)));
}

fn write_xlsx(path: &Path, rows: usize) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEADER).unwrap();
    for i in 0..rows {
        sheet.write_row(i as u32 + 1, 0, cells(i)).unwrap();
    }
    book.save(path).unwrap();
}

/// Peak resident set of this process in MiB (Linux).
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace()
        .nth(1)
        .and_then(|n| n.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}

/// Processor time of this process in milliseconds (Linux), which other programs do not stretch as they do the wall's.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) * 10.0
}

fn run(path: &Path) {
    let mut file = File::open(path).unwrap();
    let options = Options::default();
    let now = 1_795_309_200_000;
    let started = Instant::now();
    let plan = inspect(&path.to_string_lossy(), &mut file, &options, now).unwrap();
    let inspected = started.elapsed();
    let before = processor();
    let mut last = Instant::now();
    let mut silence = std::time::Duration::ZERO;
    let mut bytes = 0;
    let summary = read(&plan, &options, &mut file, now, &mut |item| {
        match item {
            Item::Progress { .. } => {
                silence = silence.max(last.elapsed());
                last = Instant::now();
            }
            Item::Review(review) => bytes += review.body.len(),
            Item::Rejected(_) => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    let reading = started.elapsed() - inspected;
    let used = (processor() - before).max(1.0);
    println!(
        "{}: {:.1} MB, inspect {:.0} ms, read {} rows in {:.0} ms = {:.0} rows/s, {:.0} ms of processor = {:.0} rows/s; with inspect {:.0} rows/s; \
         longest silence {:.0} ms; peak {:.0} MiB; {} MB of text; warnings {}",
        path.file_name().unwrap().to_string_lossy(),
        plan.bytes as f64 / 1e6,
        inspected.as_secs_f64() * 1e3,
        summary.read,
        reading.as_secs_f64() * 1e3,
        summary.read as f64 / reading.as_secs_f64(),
        used,
        summary.read as f64 / used * 1e3,
        summary.read as f64 / started.elapsed().as_secs_f64(),
        silence.as_secs_f64() * 1e3,
        peak(),
        bytes >> 20,
        summary.warnings.len()
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let which = arguments.next().unwrap_or_default();
    let rows = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let dir = std::env::temp_dir();
    for kind in ["csv", "xlsx"] {
        let path = dir.join(format!("amends-rate-{}-{rows}.{kind}", std::process::id()));
        match which.as_str() {
            "" => {
                // Each in a process of its own, or the first one's peak would hide the second's.
                std::process::Command::new(std::env::current_exe().unwrap())
                    .args([kind, &rows.to_string()])
                    .status()
                    .unwrap();
                continue;
            }
            chosen if chosen == kind => {}
            // The file is written by another process, so that making it does not count as reading it.
            chosen if chosen == format!("write-{kind}") => {
                let path = std::env::args().nth(3).unwrap();
                if kind == "csv" {
                    write_csv(Path::new(&path), rows)
                } else {
                    write_xlsx(Path::new(&path), rows)
                }
                return;
            }
            _ => continue,
        }
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                format!("write-{kind}"),
                rows.to_string(),
                path.display().to_string(),
            ])
            .status()
            .unwrap();
        assert!(status.success());
        run(&path);
        let _ = std::fs::remove_file(&path);
    }
}
