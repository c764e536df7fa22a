//! A [`Document`] as one HTML mail: tables and inline styles only, as old mail programs want it; nothing is loaded from
//! anywhere and nothing runs. It prints on A4.

use crate::document::{
    Cell, Chart, ChartKind, Column, Document, Headline, Mood, Row, Section, SectionKind, ValueKind,
};
use crate::text::{shown, words};
use std::fmt::Write;

const FONT: &str =
    "font-family:'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif;";
const GREY: &str = "#667085";
const LINE: &str = "#e4e7ec";
const BRAND: &str = "#0f6b64";

/// The document as an HTML page that can be sent as a mail.
pub fn html(document: &Document) -> String {
    let mut page = Page::default();
    let (language, region) = words(&document.language).language;
    let title = text(&document.title);
    page.add(format_args!(
        "<!DOCTYPE html>\n<html lang=\"{language}-{region}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\
         <body style=\"margin:0;padding:0;background-color:#ffffff\">\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td align=\"center\" style=\"padding:24px 12px\">\
         <table role=\"presentation\" width=\"720\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:720px;{FONT}color:#171b22;font-size:14px;line-height:1.55\"><tr><td>\
         <h1 style=\"margin:0;font-size:22px;line-height:1.3\">{title}</h1>"
    ));
    let about: Vec<String> = [&document.period, &document.subtitle]
        .into_iter()
        .filter(|t| !t.is_empty())
        .map(|t| text(t))
        .collect();
    page.add(format_args!(
        "<p style=\"margin:4px 0 16px;color:{GREY};font-size:13px\">{}</p>",
        about.join(" · ")
    ));
    if !document.lead.is_empty() {
        page.add(format_args!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td style=\"border-left:3px solid {BRAND};padding:4px 0 4px 12px;font-size:15px\">"
        ));
        for span in &document.lead {
            let (open, close) = if span.strong {
                ("<strong>", "</strong>")
            } else {
                ("", "")
            };
            page.add(format_args!("{open}{}{close}", text(&span.text)));
        }
        page.add(format_args!("</td></tr></table>"));
    }
    for row in document.headlines.chunks(5) {
        page.headlines(row);
    }
    for section in &document.sections {
        page.section(section);
    }
    page.add(format_args!(
        "<p style=\"margin:28px 0 0;border-top:1px solid {LINE};font-size:0\">&nbsp;</p>"
    ));
    let made = Some(&document.made_at).filter(|at| !at.is_empty());
    let made = made.map(|at| format!("{}{at}", words(&document.language).made));
    for words in document.footer.iter().cloned().chain(made) {
        page.add(format_args!(
            "<p style=\"margin:0 0 6px;color:{GREY};font-size:12px\">{}</p>",
            text(&words)
        ));
    }
    page.add(format_args!(
        "</td></tr></table></td></tr></table></body></html>\n"
    ));
    page.text
}

/// Words as HTML: they show as they are, whatever they hold.
fn text(words: &str) -> String {
    html_escape::encode_safe(&shown(words)).replace('\n', "<br>")
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn add(&mut self, piece: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(piece);
    }

    fn headlines(&mut self, row: &[Headline]) {
        self.add(format_args!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"6\" border=\"0\" style=\"margin:16px -6px 0;table-layout:fixed\"><tr>"
        ));
        for headline in row {
            let size = if headline.number.is_some() { 20 } else { 15 };
            self.add(format_args!(
                "<td valign=\"top\" bgcolor=\"#f5f7f8\" style=\"background-color:#f5f7f8;padding:10px;border-radius:6px\">\
                 <div style=\"font-size:12px;color:#4a5260\">{}</div>\
                 <div style=\"font-size:{size}px;line-height:1.4;font-weight:bold\">{}</div>",
                text(&headline.title),
                text(&headline.value)
            ));
            if let Some(change) = &headline.change {
                let (colour, mark) = mood(change.mood);
                self.add(format_args!(
                    "<div style=\"font-size:12px;font-weight:bold;color:{colour}\">{mark}{}</div>",
                    text(&change.text)
                ));
            }
            self.add(format_args!(
                "<div style=\"font-size:12px;line-height:1.4;color:{GREY}\">{}</div></td>",
                text(&headline.detail)
            ));
        }
        self.add(format_args!("</tr></table>"));
    }

    fn section(&mut self, section: &Section) {
        self.add(format_args!(
            "<h2 style=\"margin:28px 0 0;padding-top:10px;border-top:2px solid {BRAND};font-size:16px;line-height:1.4\">{}</h2>",
            text(&section.title)
        ));
        if !section.note.is_empty() {
            self.add(format_args!(
                "<p style=\"margin:2px 0 8px;color:{GREY};font-size:12px\">{}</p>",
                text(&section.note)
            ));
        }
        if let Some(chart) = &section.chart {
            self.chart(chart);
        }
        match section.kind {
            _ if section.rows.is_empty() => {}
            SectionKind::Quotes => section.rows.iter().for_each(|row| self.quote(row)),
            kind => self.table(&section.columns, &section.rows, kind == SectionKind::Heat),
        }
        let nothing = section.rows.is_empty() && section.chart.is_none() && section.paragraphs.is_empty();
        if let Some(empty) = section.empty.as_ref().filter(|_| nothing) {
            self.add(format_args!(
                "<p style=\"margin:8px 0;padding:14px;border:1px dashed #c9cfd8;color:{GREY};text-align:center\">{}</p>",
                text(empty)
            ));
        }
        for paragraph in &section.paragraphs {
            self.add(format_args!("<p style=\"margin:8px 0\">{}</p>", text(paragraph)));
        }
    }

    /// Bars of one series as bars, everything else as its numbers: mail programs draw no shapes.
    fn chart(&mut self, chart: &Chart) {
        let (columns, rows) = chart.table();
        match (chart.kind, chart.series.as_slice()) {
            (ChartKind::Bars, [series]) => {
                let most = series
                    .values
                    .iter()
                    .flatten()
                    .copied()
                    .filter(|v| v.is_finite())
                    .fold(0.0f64, f64::max);
                let columns = vec![
                    Column::default(),
                    Column {
                        kind: ValueKind::Share,
                        ..Column::default()
                    },
                    Column {
                        title: chart.unit.clone(),
                        kind: chart.value,
                        formula: None,
                    },
                ];
                let rows = rows.into_iter().next().map_or_else(Vec::new, |row| {
                    let cells = chart.categories.iter().zip(row.cells.into_iter().skip(1));
                    cells
                        .map(|(name, cell)| {
                            let value = cell.number().unwrap_or(0.0).max(0.0);
                            let part = |value, mood| crate::document::Share {
                                value,
                                mood,
                                ..Default::default()
                            };
                            let share = vec![part(value, series.mood), part(most - value, Mood::Muted)];
                            let bar = Cell {
                                share: Some(share),
                                ..Cell::default()
                            };
                            let name = Cell {
                                text: name.clone(),
                                ..Cell::default()
                            };
                            Row {
                                cells: vec![name, bar, cell],
                                strong: false,
                            }
                        })
                        .collect()
                });
                self.table(&columns, &rows, false);
            }
            (kind, _) => self.table(&columns, &rows, kind == ChartKind::Heat),
        }
    }

    fn table(&mut self, columns: &[Column], rows: &[Row], heat: bool) {
        let deepest = rows
            .iter()
            .filter(|row| !row.strong)
            .flat_map(|row| row.cells.iter().skip(1))
            .filter_map(Cell::number)
            .fold(0.0f64, f64::max);
        self.add(format_args!(
            "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;margin:0 0 12px;font-size:13px\">"
        ));
        let align = |at: usize, column: &Column| match column.kind {
            _ if heat && at > 0 => "center",
            ValueKind::Text | ValueKind::Share | ValueKind::Trend => "left",
            _ => "right",
        };
        if columns.iter().any(|column| !column.title.is_empty()) {
            self.add(format_args!("<thead><tr>"));
            for (at, column) in columns.iter().enumerate() {
                self.add(format_args!(
                    "<th scope=\"col\" align=\"{}\" style=\"padding:6px;border-bottom:1px solid #98a2b3;color:{GREY};font-weight:normal;font-size:12px\">{}</th>",
                    align(at, column),
                    text(&column.title)
                ));
            }
            self.add(format_args!("</tr></thead>"));
        }
        self.add(format_args!("<tbody>"));
        for row in rows {
            self.add(format_args!("<tr>"));
            for (at, column) in columns.iter().enumerate() {
                let empty = Cell::default();
                let cell = row.cells.get(at).unwrap_or(&empty);
                let depth = if heat && at > 0 && !row.strong && deepest > 0.0 {
                    cell.number().filter(|v| *v > 0.0).map(|v| v / deepest)
                } else {
                    None
                };
                let ground = depth.map_or_else(String::new, |depth| {
                    let (colour, ink) = shade(depth);
                    format!(" bgcolor=\"{colour}\" style=\"background-color:{colour};color:{ink};padding:6px;border:1px solid #ffffff\"")
                });
                let ground = if ground.is_empty() {
                    let top = if row.strong {
                        "border-top:1px solid #98a2b3;"
                    } else {
                        ""
                    };
                    format!(" style=\"padding:6px;{top}border-bottom:1px solid {LINE}\"")
                } else {
                    ground
                };
                let wide = if column.kind == ValueKind::Share {
                    " width=\"40%\""
                } else {
                    ""
                };
                self.add(format_args!("<td align=\"{}\"{wide}{ground}>", align(at, column)));
                self.cell(cell, row.strong, depth.is_some());
                self.add(format_args!("</td>"));
            }
            self.add(format_args!("</tr>"));
        }
        self.add(format_args!("</tbody></table>"));
    }

    fn cell(&mut self, cell: &Cell, strong: bool, coloured: bool) {
        if let Some(parts) = &cell.share {
            let sizes = || {
                parts
                    .iter()
                    .filter(|part| part.value.is_finite() && part.value > 0.0)
            };
            let all: f64 = sizes().map(|part| part.value).sum();
            if all > 0.0 {
                self.add(format_args!(
                    "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>"
                ));
                for part in sizes() {
                    let colour = fill(part.mood);
                    self.add(format_args!(
                        "<td width=\"{:.1}%\" height=\"9\" bgcolor=\"{colour}\" title=\"{}\" style=\"background-color:{colour};font-size:1px;line-height:9px;border-right:1px solid #ffffff\">&nbsp;</td>",
                        part.value / all * 100.0,
                        text(&part.text)
                    ));
                }
                self.add(format_args!("</tr></table>"));
            }
        }
        if let Some(numbers) = &cell.trend {
            self.add(format_args!(
                "<span style=\"color:{GREY};letter-spacing:1px\">{}</span> ",
                blocks(numbers)
            ));
        }
        if !cell.text.is_empty() {
            let (colour, mark) = if coloured {
                ("inherit", "")
            } else {
                mood(cell.mood)
            };
            let weight = if strong || matches!(cell.mood, Mood::Bad | Mood::New) {
                "bold"
            } else {
                "normal"
            };
            self.add(format_args!(
                "<span style=\"color:{colour};font-weight:{weight}\">{mark}{}</span>",
                text(&cell.text)
            ));
        }
        if let Some(badge) = cell.badge.as_ref().filter(|b| !b.is_empty()) {
            self.add(format_args!(
                " <span style=\"border:1px solid #98a2b3;border-radius:3px;padding:0 3px;font-size:11px\">{}</span>",
                text(badge)
            ));
        }
    }

    fn quote(&mut self, row: &Row) {
        let Some((words, about)) = row.cells.split_first() else {
            return;
        };
        if row.strong {
            self.add(format_args!("<p style=\"margin:14px 0 6px;font-weight:bold\">"));
            for cell in &row.cells {
                self.cell(cell, true, false);
                self.add(format_args!(" "));
            }
            self.add(format_args!("</p>"));
            return;
        }
        self.add(format_args!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0 0 10px\"><tr>\
             <td style=\"border-left:3px solid #b9d6d2;padding:2px 0 2px 10px\">{}<br><span style=\"color:{GREY};font-size:12px\">",
            text(&words.words())
        ));
        let about: Vec<String> = about
            .iter()
            .map(|cell| text(&cell.words()))
            .filter(|t| !t.is_empty())
            .collect();
        self.add(format_args!("{}</span></td></tr></table>", about.join(" · ")));
    }
}

/// Colour and the mark before the words.
fn mood(mood: Mood) -> (&'static str, &'static str) {
    match mood {
        Mood::Plain => ("#171b22", ""),
        Mood::Good => ("#067647", "✓ "),
        Mood::Bad => ("#b3200f", "▲ "),
        Mood::Warn => ("#9a4500", "△ "),
        Mood::Muted => (GREY, ""),
        Mood::New => ("#b3200f", ""),
    }
}

fn fill(mood: Mood) -> &'static str {
    match mood {
        Mood::Plain => "#2b7d76",
        Mood::Good => "#7cc3a1",
        Mood::Bad | Mood::New => "#a8190c",
        Mood::Warn => "#e0912f",
        Mood::Muted => "#e4e7ec",
    }
}

/// Ground and ink of a field of a heat map.
fn shade(depth: f64) -> (String, &'static str) {
    let mix = |from: f64, to: f64| (from + (to - from) * depth.clamp(0.0, 1.0)).round() as u8;
    let colour = format!(
        "#{:02x}{:02x}{:02x}",
        mix(253.0, 157.0),
        mix(241.0, 26.0),
        mix(239.0, 13.0)
    );
    (colour, if depth > 0.5 { "#ffffff" } else { "#171b22" })
}

/// A small line in characters.
fn blocks(numbers: &[f64]) -> String {
    let numbers: Vec<f64> = numbers.iter().copied().filter(|v| v.is_finite()).collect();
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    numbers
        .iter()
        .map(|v| if high > low { (v - low) / (high - low) } else { 0.3 })
        .map(|part| ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][(part * 7.0).round() as usize])
        .collect()
}
