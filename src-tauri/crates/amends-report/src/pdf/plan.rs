//! What the template draws: the document's words made fit for paper, with widths, sides and shapes decided.

use super::chart::{Picture, picture, small_line};
use crate::document::{
    Cell, ChartKind, Column, Document, Headline, Mood, Row, Section, SectionKind, ValueKind,
};
use crate::text::{shown, width, words};
use serde::Serialize;

/// Width of the text on a page in points.
const PAGE: f64 = 505.0;
/// Width of one of two sections side by side.
const HALF: f64 = 242.0;
/// Runs without a place to break a line get one after so many characters; no URL or order number is that long.
const RUN: usize = 28;
/// In a string for the template: the line may break here. [`shown`] has removed the customers' own.
const BREAK: char = '\u{200b}';

#[derive(Debug, Serialize)]
pub(super) struct Plan {
    lang: &'static str,
    region: &'static str,
    page: [&'static str; 3],
    marks: [&'static str; 3],
    made: String,
    title: String,
    subtitle: String,
    period: String,
    lead: Vec<Run>,
    cards: Vec<Vec<Card>>,
    /// Sections from top to bottom; two of one band stand side by side.
    bands: Vec<Vec<Block>>,
    footer: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Run {
    text: String,
    strong: bool,
}

#[derive(Debug, Serialize)]
struct Card {
    title: String,
    /// Strong runs are set large.
    value: Vec<Run>,
    missing: bool,
    change: Option<Tinted>,
    detail: String,
    trend: Vec<[f64; 2]>,
}

#[derive(Debug, Serialize)]
struct Tinted {
    text: String,
    mood: Mood,
}

#[derive(Debug, Serialize)]
struct Block {
    title: String,
    note: String,
    kind: SectionKind,
    /// Font size in points.
    size: f64,
    /// May not be torn apart.
    whole: bool,
    columns: Vec<Head>,
    rows: Vec<Line>,
    chart: Option<Picture>,
    empty: Option<String>,
    paragraphs: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Head {
    title: String,
    right: bool,
    center: bool,
    /// Part of the free width; 0 takes what it needs.
    fraction: f64,
}

#[derive(Debug, Serialize)]
struct Line {
    strong: bool,
    cells: Vec<Field>,
}

#[derive(Debug, Default, Serialize)]
struct Field {
    text: String,
    mood: Mood,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trend: Vec<[f64; 2]>,
    /// Fractions of a bar with their moods.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Vec<(f64, Mood)>>,
    /// How dark a field of a heat map is, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    heat: Option<f64>,
}

pub(super) fn plan(document: &Document) -> Plan {
    let words = words(&document.language);
    let mut bands: Vec<Vec<Block>> = Vec::new();
    let mut sections = document.sections.as_slice();
    while let [section, rest @ ..] = sections {
        let pair = rest.first().filter(|next| is_narrow(section) && is_narrow(next));
        sections = &rest[usize::from(pair.is_some())..];
        let draw = |section| block(section, pair.is_some(), &document.language);
        bands.push([section].into_iter().chain(pair).map(draw).collect());
    }
    let per_row = match document.headlines.len() {
        n @ 0..=5 => n.max(1),
        n => n.div_ceil(n.div_ceil(5)),
    };
    Plan {
        lang: words.language.0,
        region: words.language.1,
        page: words.page,
        marks: words.marks,
        made: if document.made_at.is_empty() {
            String::new()
        } else {
            format!("{}{}", words.made, line(&document.made_at))
        },
        title: line(&document.title),
        subtitle: line(&document.subtitle),
        period: line(&document.period),
        lead: document
            .lead
            .iter()
            .map(|span| Run {
                text: fit(&span.text),
                strong: span.strong,
            })
            .collect(),
        cards: document
            .headlines
            .chunks(per_row)
            .map(|row| row.iter().map(card).collect())
            .collect(),
        bands,
        footer: document.footer.iter().map(|text| fit(text)).collect(),
    }
}

fn card(headline: &Headline) -> Card {
    Card {
        title: line(&headline.title),
        value: runs(&headline.value),
        missing: headline.number.is_none(),
        change: headline.change.as_ref().map(|change| Tinted {
            text: line(&change.text),
            mood: change.mood,
        }),
        detail: fit(&headline.detail),
        trend: small_line(&headline.trend),
    }
}

/// `1 小时 05 分` as numbers and their units: numbers are strong. Words without a number are one strong run.
fn runs(value: &str) -> Vec<Run> {
    let value = line(value);
    if !value.contains(|c: char| c.is_ascii_digit()) {
        return vec![Run {
            text: value,
            strong: false,
        }];
    }
    let mut runs: Vec<Run> = Vec::new();
    for c in value.chars() {
        let strong = c.is_ascii_digit() || "+-−.,%¥/±<>≥≤".contains(c) || (c == ' ' && runs.is_empty());
        match runs.last_mut().filter(|run| run.strong == strong || c == ' ') {
            Some(run) => run.text.push(c),
            None => runs.push(Run {
                text: c.to_string(),
                strong,
            }),
        }
    }
    runs
}

/// Small enough to stay in one piece.
fn is_short(section: &Section) -> bool {
    let cells = || section.rows.iter().flat_map(|row| &row.cells);
    let lines = |row: &Row| 1 + row.cells.iter().map(|cell| width(&cell.text)).max().unwrap_or(0) / 24;
    section.kind != SectionKind::Quotes
        && section.rows.iter().map(lines).sum::<usize>() <= 16
        && cells()
            .map(|cell| width(&cell.text))
            .chain(section.paragraphs.iter().map(|p| width(p)))
            .sum::<usize>()
            <= 1600
}

/// Small enough to share the width with another.
fn is_narrow(section: &Section) -> bool {
    let columns = if section.kind == SectionKind::Heat { 8 } else { 5 };
    !section.wide
        && is_short(section)
        && section.columns.len() <= columns
        && section
            .chart
            .as_ref()
            .is_none_or(|chart| chart.categories.len() <= 8)
}

fn block(section: &Section, narrow: bool, language: &str) -> Block {
    let heat_chart = section
        .chart
        .as_ref()
        .filter(|chart| chart.kind == ChartKind::Heat);
    // A map given as a chart only is drawn as one given as rows.
    let drawn = match heat_chart {
        Some(chart) if section.rows.is_empty() => (chart.table(), SectionKind::Heat),
        _ => ((section.columns.clone(), section.rows.clone()), section.kind),
    };
    let ((columns, rows), kind) = drawn;
    let room = if narrow { HALF } else { PAGE };
    let picture = section.chart.as_ref().and_then(|chart| picture(chart, language));
    let (size, heads) = heads(&columns, &rows, kind, room);
    let count = heads.len();
    let deepest = rows
        .iter()
        .filter(|row| !row.strong)
        .flat_map(|row| row.cells.iter().skip(1))
        .filter_map(Cell::number)
        .fold(0.0f64, f64::max);
    let longest = rows.iter().filter_map(first_number).fold(0.0f64, f64::max);
    let draw = |row: &Row| {
        let mut cells: Vec<Field> = row.cells.iter().map(field).collect();
        match kind {
            SectionKind::Heat if !row.strong && deepest > 0.0 => {
                for (field, cell) in cells.iter_mut().zip(&row.cells).skip(1) {
                    field.heat = cell.number().filter(|v| *v > 0.0).map(|v| v / deepest);
                }
            }
            SectionKind::Bars if !columns.iter().any(|c| c.kind == ValueKind::Share) => {
                let part =
                    first_number(row).map_or(0.0, |v| if longest > 0.0 { v.max(0.0) / longest } else { 0.0 });
                let mood = row
                    .cells
                    .iter()
                    .find(|c| c.value.is_some())
                    .map_or(Mood::Plain, |c| c.mood);
                let bar = Field {
                    share: Some(vec![(part, mood), (1.0 - part, Mood::Muted)]),
                    ..Field::default()
                };
                cells.insert(cells.len().min(1), bar);
            }
            _ => {}
        }
        if kind != SectionKind::Quotes {
            cells.resize_with(count, Field::default);
        }
        Line {
            strong: row.strong,
            cells,
        }
    };
    let nothing = rows.is_empty() && picture.is_none() && section.paragraphs.is_empty();
    Block {
        title: line(&section.title),
        note: line(&section.note),
        kind,
        size,
        whole: is_short(section),
        rows: rows.iter().map(draw).collect(),
        columns: heads,
        chart: picture,
        empty: section.empty.as_ref().filter(|_| nothing).map(|text| fit(text)),
        paragraphs: section.paragraphs.iter().map(|text| fit(text)).collect(),
    }
}

fn first_number(row: &Row) -> Option<f64> {
    row.cells.iter().find_map(Cell::number)
}

fn field(cell: &Cell) -> Field {
    let share = cell.share.as_ref().map(|parts| {
        let size = |v: f64| if v.is_finite() { v.max(0.0) } else { 0.0 };
        let all: f64 = parts.iter().map(|part| size(part.value)).sum();
        parts
            .iter()
            .map(|part| (if all > 0.0 { size(part.value) / all } else { 0.0 }, part.mood))
            .filter(|(part, _)| *part > 0.0)
            .collect()
    });
    Field {
        text: fit(&cell.text),
        mood: cell.mood,
        badge: cell.badge.as_ref().filter(|b| !b.is_empty()).map(|b| line(b)),
        trend: cell
            .trend
            .as_ref()
            .map_or_else(Vec::new, |numbers| small_line(numbers)),
        share,
        heat: None,
    }
}

/// Font size and columns that fit the room.
///
/// Where everything fits on one line, the columns share the room by their natural width. Where it does not, numbers
/// take what they need, and words share the rest and wrap.
fn heads(columns: &[Column], rows: &[Row], kind: SectionKind, room: f64) -> (f64, Vec<Head>) {
    if columns.is_empty() || kind == SectionKind::Quotes || kind == SectionKind::Words {
        return (9.0, Vec::new());
    }
    let bars = kind == SectionKind::Bars;
    let mut heads: Vec<Head> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let field = kind == SectionKind::Heat && at > 0;
            let number = !matches!(column.kind, ValueKind::Text | ValueKind::Share | ValueKind::Trend);
            Head {
                title: line(&column.title),
                right: number && !field,
                center: field,
                fraction: 0.0,
            }
        })
        .collect();
    let natural: Vec<f64> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let cells = rows.iter().filter_map(|row| row.cells.get(at));
            let badge = |cell: &Cell| cell.badge.as_ref().map_or(0, |b| width(b) + 2);
            let mark = |cell: &Cell| {
                if matches!(cell.mood, Mood::Plain | Mood::Muted | Mood::New) {
                    0
                } else {
                    2
                }
            };
            let widest = cells
                .map(|cell| width(&cell.text) + badge(cell) + mark(cell))
                .max()
                .unwrap_or(0);
            match column.kind {
                // A line or a bar, in half characters of 9 points.
                ValueKind::Trend => 12.5,
                ValueKind::Share => 14.0,
                _ if heads[at].center => widest.max(2) as f64,
                _ => widest.max(width(&column.title)).max(2) as f64,
            }
        })
        .collect();
    let size = if kind == SectionKind::Heat {
        // Names get their length, at most a third; the fields are equal, and their headers may wrap.
        let names = (natural[0] * 4.6 + 9.0).min(room / 3.0);
        let field = (room - names) / (columns.len().max(2) - 1) as f64;
        let widest = natural.iter().skip(1).copied().fold(4.0, f64::max);
        for (at, head) in heads.iter_mut().enumerate() {
            head.fraction = if at == 0 { names } else { field };
        }
        SIZES
            .into_iter()
            .find(|size| widest * size / 2.0 + 4.0 <= field)
            .unwrap_or(6.0)
    } else {
        // Words after right-aligned numbers keep a distance.
        let gap = |at: usize| {
            if at > 0 && heads[at - 1].right && !heads[at].right {
                17.0
            } else {
                9.0
            }
        };
        let gaps: Vec<f64> = (0..columns.len()).map(gap).collect();
        let need = |at: usize, size: f64| natural[at] * size / 2.0 + gaps[at];
        let all = |size: f64| (0..columns.len()).map(|at| need(at, size)).sum::<f64>();
        let wide = |at: usize| match columns[at].kind {
            ValueKind::Share => true,
            ValueKind::Trend => false,
            ValueKind::Text => natural[at] > 10.0,
            _ => natural[at] > 24.0,
        };
        if bars && natural[0] <= 24.0 {
            // The bar takes what the names and numbers leave.
            for (at, head) in heads.iter_mut().enumerate() {
                head.fraction = if columns[at].kind == ValueKind::Share {
                    1.0
                } else {
                    0.0
                };
            }
            SIZES.into_iter().find(|size| all(*size) <= room).unwrap_or(6.0)
        } else if all(9.0) <= room {
            for (at, head) in heads.iter_mut().enumerate() {
                head.fraction = need(at, 9.0);
            }
            9.0
        } else {
            for (at, head) in heads.iter_mut().enumerate() {
                head.fraction = if wide(at) { natural[at].min(48.0) } else { 0.0 };
            }
            let least = |at: usize, size: f64| {
                if wide(at) {
                    5.0 * size + 9.0
                } else {
                    need(at, size)
                }
            };
            let size = SIZES
                .into_iter()
                .find(|size| (0..columns.len()).map(|at| least(at, *size)).sum::<f64>() <= room);
            if size.is_none() {
                heads.iter_mut().for_each(|head| head.fraction = 1.0);
            }
            size.unwrap_or(6.0)
        }
    };
    if bars && !columns.iter().any(|c| c.kind == ValueKind::Share) {
        let bar = Head {
            title: String::new(),
            right: false,
            center: false,
            fraction: 26.0,
        };
        heads.insert(1, bar);
    } else if heads.iter().all(|head| head.fraction == 0.0) {
        heads[0].fraction = 1.0;
    }
    (size, heads)
}

/// Sizes of type in points, the best first.
const SIZES: [f64; 7] = [9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0];

/// Words that stand on a line: of a title, a header, a legend.
pub(super) fn line(text: &str) -> String {
    fit(&text.replace(['\r', '\n'], " "))
}

/// Shown words, with a place to break a line in runs that have none.
fn fit(text: &str) -> String {
    let text = shown(text);
    let mut fitted = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        run = if c.is_whitespace() || width(c.encode_utf8(&mut [0; 4])) == 2 {
            0
        } else {
            run + 1
        };
        fitted.push(c);
        if run == RUN {
            fitted.push(BREAK);
            run = 0;
        }
    }
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_numbers_and_their_units() {
        let parts = |text| {
            runs(text)
                .into_iter()
                .map(|r| (r.text, r.strong))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            parts("1 小时 05 分"),
            [
                ("1 ".into(), true),
                ("小时 ".into(), false),
                ("05 ".into(), true),
                ("分".into(), false)
            ]
        );
        assert_eq!(parts("96.4%"), [("96.4%".into(), true)]);
        assert_eq!(parts("暂无数据"), [("暂无数据".into(), false)]);
    }

    #[test]
    fn long_runs_can_break_and_ordinary_words_are_left_alone() {
        assert_eq!(
            fit("包装漏液 SF1234567890123 不回消息"),
            "包装漏液 SF1234567890123 不回消息"
        );
        assert_eq!(fit(&"a".repeat(60)).matches(BREAK).count(), 2);
    }

    #[test]
    fn small_sections_share_a_band_and_wide_or_long_ones_do_not() {
        let small = |wide| Section {
            wide,
            columns: vec![Column::default()],
            rows: vec![Row::default()],
            ..Section::default()
        };
        let long = Section {
            rows: vec![
                Row {
                    cells: vec![Cell::default()],
                    strong: false
                };
                40
            ],
            ..small(false)
        };
        let document = Document {
            sections: vec![
                small(false),
                small(false),
                small(false),
                long,
                small(true),
                small(false),
            ],
            ..Document::default()
        };
        let bands: Vec<usize> = plan(&document).bands.iter().map(Vec::len).collect();
        assert_eq!(bands, [2, 1, 1, 1, 1]);
    }
}
