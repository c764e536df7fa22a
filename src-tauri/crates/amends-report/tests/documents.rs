//! PDF, Excel and HTML are read back by programs that know nothing of this crate.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod sample;

use amends_report::document::*;
use amends_report::{html, pdf, workbook};
use calamine::{Data, Reader, Xlsx};
use html5gum::{Token, Tokenizer};
use std::io::{Cursor, Write};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What a program of Debian's poppler-utils says about a PDF.
fn poppler(program: &str, pdf: &[u8], arguments: &[&str]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| {
            panic!("{program} is missing ({e}): install poppler-utils, it reads the PDF back")
        });
    let mut input = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{program} can read it");
    String::from_utf8(output.stdout).unwrap()
}

fn text_of(pdf: &[u8]) -> String {
    poppler("pdftotext", pdf, &["-raw", "-enc", "UTF-8", "-", "-"])
}

/// Lines break where the paper ends, not where words do; long runs have an invisible place to break.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{200b}')
        .collect()
}

fn pages(pdf: &[u8]) -> u32 {
    let info = poppler("pdfinfo", pdf, &["-"]);
    let line = info.lines().find(|line| line.starts_with("Pages:")).unwrap();
    line.trim_start_matches("Pages:").trim().parse().unwrap()
}

fn weekly_pdf() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| pdf(&sample::weekly()).unwrap())
}

/// All words of a document that paper shows.
fn words_of(document: &Document) -> Vec<String> {
    let mut words: Vec<&str> = vec![
        &document.title,
        &document.subtitle,
        &document.period,
        &document.made_at,
    ];
    words.extend(document.lead.iter().map(|span| span.text.as_str()));
    for headline in &document.headlines {
        words.extend([&headline.title, &headline.value, &headline.detail].map(String::as_str));
        words.extend(headline.change.as_ref().map(|change| change.text.as_str()));
    }
    for section in &document.sections {
        words.extend([&section.title, &section.note].map(String::as_str));
        words.extend(section.paragraphs.iter().map(String::as_str));
        if section.rows.is_empty() {
            words.extend(section.empty.as_deref());
        } else if section.kind != SectionKind::Quotes {
            words.extend(section.columns.iter().map(|column| column.title.as_str()));
        }
        for cell in section.rows.iter().flat_map(|row| &row.cells) {
            words.extend(
                [Some(cell.text.as_str()), cell.badge.as_deref()]
                    .into_iter()
                    .flatten(),
            );
        }
    }
    words.extend(document.footer.iter().map(String::as_str));
    words.into_iter().map(String::from).collect()
}

#[test]
fn another_program_finds_every_word_and_number_of_the_week_in_the_pdf() {
    let text = squeezed(&text_of(weekly_pdf()));
    for words in words_of(&sample::weekly()) {
        assert!(text.contains(&squeezed(&words)), "{words} is missing");
    }
}

#[test]
fn a_long_report_has_numbered_pages_a_title_a_language_and_bookmarks() {
    let count = pages(weekly_pdf());
    assert!((4..=9).contains(&count), "{count} pages");
    let text = squeezed(&text_of(weekly_pdf()));
    assert!(
        text.contains(&format!("第1页/共{count}页")) && text.contains(&format!("第{count}页/共{count}页"))
    );
    let info = poppler("pdfinfo", weekly_pdf(), &["-"]);
    assert!(info.contains("第 47 周周报"), "{info}");
    assert!(info.contains("A4"), "{info}");
    assert!(
        info.lines()
            .any(|l| l.starts_with("Tagged:") && l.ends_with("yes")),
        "{info}"
    );
    let raw = String::from_utf8_lossy(weekly_pdf());
    assert!(raw.contains("/Outlines") || raw.contains("/ObjStm"), "bookmarks");
}

#[test]
fn the_same_document_gives_the_same_files() {
    let document = sample::weekly();
    assert_eq!(pdf(&document).unwrap(), weekly_pdf());
    assert_eq!(workbook(&document).unwrap(), workbook(&document).unwrap());
    assert_eq!(html(&document), html(&document));
}

#[test]
fn what_customers_write_is_words_in_the_pdf_whatever_it_looks_like() {
    let made = pdf(&sample::hostile()).unwrap();
    let text = squeezed(&text_of(&made));
    // The last one turns text round, which paper must not.
    let (turned, plain) = sample::HOSTILE.split_last().unwrap();
    for words in plain {
        assert!(text.contains(&squeezed(words)), "{words} is missing");
    }
    assert!(turned.contains('\u{202e}') && !text.contains('\u{202e}'));
    assert!(text.contains("退款款退"), "stays in the order it was written");
}

#[test]
fn five_thousand_characters_emoji_and_rare_characters_are_set_in_the_pdf() {
    let mut document = Document {
        title: "长".into(),
        ..Document::default()
    };
    let long = "送来的时候汤已经凉透了，面坨成一块。".repeat(280);
    let run = "A1b2".repeat(1250);
    let picture = "😡👍🏽👨‍👩‍👧🇨🇳❤️";
    let cell = |text: &str| Cell {
        text: text.into(),
        ..Cell::default()
    };
    for kind in [
        SectionKind::Table,
        SectionKind::Quotes,
        SectionKind::Bars,
        SectionKind::Heat,
    ] {
        document.sections.push(Section {
            kind,
            title: run.clone(),
            columns: vec![
                Column::default(),
                Column {
                    kind: ValueKind::Count,
                    ..Column::default()
                },
            ],
            rows: vec![Row {
                cells: vec![cell(&long), cell(&run)],
                strong: false,
            }],
            ..Section::default()
        });
    }
    document.footer = vec![picture.into(), "안녕 مرحبا สวัสดี 𠮷 㐂 \u{e000} \u{10ffff}".into()];
    let made = pdf(&document).unwrap();
    let text = squeezed(&text_of(&made));
    assert!(text.matches(&squeezed(&long[..300 * 3])).count() >= 1);
    assert!(text.matches(&run[..400]).count() >= 1);
    assert!(text.contains('😡') && text.contains('👍'), "emoji can be copied");
    assert!(pages(&made) > 4);
}

#[test]
fn two_thousand_rows_break_across_pages_under_a_repeated_header() {
    let cell = |text: String| Cell {
        text,
        ..Cell::default()
    };
    let document = Document {
        title: "明细".into(),
        sections: vec![Section {
            title: "全部工单".into(),
            columns: ["工单编号", "原因", "责任人"]
                .map(|t| Column {
                    title: t.into(),
                    ..Column::default()
                })
                .to_vec(),
            rows: (0..2000)
                .map(|n| Row {
                    cells: vec![
                        cell(format!("2611-{n:05}")),
                        cell("等仓库核实".into()),
                        cell("刘涛".into()),
                    ],
                    strong: false,
                })
                .collect(),
            ..Section::default()
        }],
        ..Document::default()
    };
    let made = pdf(&document).unwrap();
    let text = text_of(&made);
    assert_eq!(
        text.matches("工单编号").count() as u32,
        pages(&made),
        "on every page"
    );
    assert!(pages(&made) > 20);
    assert!((0..2000).all(|n| text.contains(&format!("2611-{n:05}"))));
}

#[test]
fn an_empty_document_and_empty_parts_are_documents_all_the_same() {
    let bare = Document::default();
    let hollow = Document {
        headlines: vec![Headline::default(); 7],
        sections: [
            SectionKind::Table,
            SectionKind::Heat,
            SectionKind::Bars,
            SectionKind::Quotes,
            SectionKind::Words,
        ]
        .into_iter()
        .flat_map(|kind| {
            let bare = Section {
                kind,
                ..Section::default()
            };
            let rows = Section {
                rows: vec![
                    Row::default(),
                    Row {
                        strong: true,
                        ..Row::default()
                    },
                ],
                ..bare.clone()
            };
            let wrong = Section {
                columns: vec![Column::default(); 3],
                rows: vec![Row {
                    cells: vec![
                        Cell {
                            share: Some(vec![]),
                            trend: Some(vec![f64::NAN]),
                            value: Some(f64::NAN),
                            ..Cell::default()
                        };
                        9
                    ],
                    strong: false,
                }],
                chart: Some(Chart {
                    series: vec![Series::default()],
                    ..Chart::default()
                }),
                ..bare.clone()
            };
            [bare, rows, wrong]
        })
        .collect(),
        ..Document::default()
    };
    for document in [bare, hollow] {
        assert!(pages(&pdf(&document).unwrap()) >= 1);
        assert!(!html(&document).is_empty());
        assert!(
            open(&workbook(&document).unwrap())
                .sheet_names()
                .contains(&"概览".to_owned())
        );
    }
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).unwrap()
}

fn sheet_for(section: &Section) -> String {
    section.title.replace('/', " ")
}

#[test]
fn every_number_of_the_week_is_a_number_in_the_workbook() {
    let document = sample::weekly();
    let mut book = open(&workbook(&document).unwrap());
    let mut compared = 0;
    for section in document.sections.iter().filter(|s| !s.rows.is_empty()) {
        let sheet = book.worksheet_range(&sheet_for(section)).unwrap();
        for (r, row) in (3u32..).zip(&section.rows) {
            for (c, cell) in (0u32..).zip(&row.cells) {
                let read = sheet.get_value((r, c));
                match (cell.value, read) {
                    (Some(value), Some(Data::Float(read))) => {
                        assert!(
                            (read - value).abs() < 1e-9,
                            "{}: {read} is not {value}",
                            section.title
                        );
                        compared += 1;
                    }
                    (Some(_), other) => panic!("{} {r} {c}: {other:?} is no number", section.title),
                    (None, Some(Data::String(words))) => assert!(words.contains(&cell.text)),
                    (None, other) => assert!(cell.text.is_empty(), "{other:?} instead of {}", cell.text),
                }
            }
        }
    }
    assert!(compared > 400, "{compared}");
    let overview = book.worksheet_range("概览").unwrap();
    for (r, headline) in (4u32..).zip(&document.headlines) {
        assert_eq!(
            overview.get_value((r, 1)),
            Some(&Data::String(headline.value.clone()))
        );
        let number = overview
            .get_value((r, 2))
            .and_then(|d| if let Data::Float(n) = d { Some(*n) } else { None });
        assert_eq!(number, headline.number);
    }
}

#[test]
fn totals_and_rates_are_formulas_that_give_the_shown_numbers() {
    let mut book = open(&workbook(&sample::weekly()).unwrap());
    let formulas = |book: &mut Xlsx<_>, sheet: &str, r: u32, c: u32| {
        book.worksheet_formula(sheet)
            .unwrap()
            .get_value((r, c))
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(formulas(&mut book, "门店", 39, 1), "SUM(B4:B39)");
    assert_eq!(formulas(&mut book, "门店", 39, 4), "C40/(C40+D40)");
    assert_eq!(formulas(&mut book, "门店", 3, 4), "C4/(C4+D4)");
    assert_eq!(formulas(&mut book, "渠道", 3, 4), "B4-D4");
    assert_eq!(formulas(&mut book, "补偿", 8, 2), "SUM(C4:C8)");
    assert_eq!(
        formulas(&mut book, "补偿", 3, 3),
        "",
        "80.01 is rounded: the shown number, not another one"
    );
}

#[test]
fn a_formula_that_gives_another_number_is_not_written() {
    let number = |value: f64| Cell {
        value: Some(value),
        text: value.to_string(),
        ..Cell::default()
    };
    let document = Document {
        sections: vec![Section {
            title: "合计".into(),
            columns: vec![Column {
                kind: ValueKind::Count,
                formula: Some(Formula::Sum),
                ..Column::default()
            }],
            rows: vec![
                Row {
                    cells: vec![number(3.0)],
                    strong: false,
                },
                Row {
                    cells: vec![number(4.0)],
                    strong: false,
                },
                // Two tickets are in both rows.
                Row {
                    cells: vec![number(5.0)],
                    strong: true,
                },
            ],
            ..Section::default()
        }],
        ..Document::default()
    };
    let mut book = open(&workbook(&document).unwrap());
    assert!(book.worksheet_formula("合计").unwrap().is_empty());
    assert_eq!(
        book.worksheet_range("合计").unwrap().get_value((5, 0)),
        Some(&Data::Float(5.0))
    );
}

#[test]
fn what_customers_write_is_words_in_the_workbook_whatever_it_begins_with() {
    let document = sample::hostile();
    let mut book = open(&workbook(&document).unwrap());
    let honest = open(&workbook(&sample::weekly()).unwrap()).sheet_names().len();
    let names = book.sheet_names();
    assert_eq!(names.len(), honest + sample::HOSTILE.len());
    let mut found = 0;
    for name in &names[honest..] {
        assert!(
            book.worksheet_formula(name).unwrap().is_empty(),
            "no formula in {name}"
        );
        let sheet = book.worksheet_range(name).unwrap();
        if let Some(Data::String(words)) = sheet.get_value((3, 0)) {
            found += usize::from(sample::HOSTILE.iter().any(|hostile| hostile == words));
        }
    }
    assert_eq!(
        found,
        sample::HOSTILE.len() - 1,
        "all but the one whose hidden characters are gone"
    );
}

/// Names of elements with their attributes, and the text between.
fn parsed(page: &str) -> (Vec<(String, Vec<String>)>, String) {
    let mut elements = Vec::new();
    let mut text = String::new();
    for token in Tokenizer::new(page) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let names = tag
                    .attributes
                    .keys()
                    .map(|key| String::from_utf8_lossy(key).into_owned())
                    .collect();
                elements.push((String::from_utf8_lossy(&tag.name).into_owned(), names));
            }
            Token::String(words) => text.push_str(&String::from_utf8_lossy(&words)),
            Token::Error(e) => panic!("not well formed: {e:?}"),
            _ => {}
        }
    }
    (elements, text)
}

#[test]
fn the_mail_has_every_word_and_nothing_that_loads_or_runs() {
    for document in [sample::weekly(), sample::hostile()] {
        let page = html(&document);
        let (elements, text) = parsed(&page);
        let known = [
            "html", "head", "meta", "title", "body", "table", "thead", "tbody", "tr", "td", "th", "h1", "h2",
            "p", "div", "span", "strong", "br",
        ];
        let harmless = [
            "lang",
            "charset",
            "name",
            "content",
            "style",
            "role",
            "width",
            "cellpadding",
            "cellspacing",
            "border",
            "align",
            "valign",
            "bgcolor",
            "height",
            "title",
            "scope",
        ];
        for (name, attributes) in &elements {
            assert!(known.contains(&name.as_str()), "<{name}>");
            for attribute in attributes {
                assert!(harmless.contains(&attribute.as_str()), "<{name} {attribute}>");
            }
        }
        assert!(!page.contains("url(") && !page.contains("@import"));
        let text = squeezed(&text);
        let shown = |words: &String| !words.contains('\u{202e}');
        for words in words_of(&document).iter().filter(|words| shown(words)) {
            assert!(text.contains(&squeezed(words)), "{words} is missing");
        }
    }
}
