//! A report as a value: words and numbers ready to be drawn, in the order they are read.
//!
//! The app computes a [`Document`] once; the window, PDF, Excel and HTML only draw it. What is shown is always the
//! `text`; `value` is the same number for spreadsheets and charts. That is why all of them show equal numbers.
//!
//! `opens` is an opaque key of the tickets behind a number or a bar; the window opens them, paper ignores it.
//! All texts are shown as they are: none is ever markup, code or a formula.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Document {
    /// BCP 47 tag of the language it is written in; empty is `zh-CN`. The few words the renderers add (page numbers,
    /// the name of the first sheet) follow it.
    pub language: String,
    /// 第 47 周周报.
    pub title: String,
    /// What it is compared with, and what it is about: 与前一周相比 · 全部门店与渠道.
    pub subtitle: String,
    /// 2026 年 11 月 16 日 – 22 日.
    pub period: String,
    /// When it was made, local: 2026-11-23 09:00.
    pub made_at: String,
    /// The week in plain words: one paragraph.
    pub lead: Vec<Span>,
    /// The numbers on top, five at best.
    pub headlines: Vec<Headline>,
    /// Tables, maps, bars, quotes, words.
    pub sections: Vec<Section>,
    /// Definitions, and who made it; one paragraph each.
    pub footer: Vec<String>,
}

/// Words of a paragraph.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Span {
    /// The words.
    pub text: String,
    /// In bold.
    pub strong: bool,
    /// Tickets behind them.
    pub opens: Option<String>,
}

/// A number on top of the report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Headline {
    /// Stable name of the figure: `first_response_attainment`.
    pub id: String,
    /// 首次答复达标率.
    pub title: String,
    /// As shown: `96.4%`, `47 分钟`, `暂无数据`.
    pub value: String,
    /// The number itself in the unit of `kind`; none where there is no data.
    pub number: Option<f64>,
    /// Unit of `number`.
    pub kind: ValueKind,
    /// Against the period before; none where it cannot be compared.
    pub change: Option<Change>,
    /// One sentence: 327 条里 315 条按时；紧急 41/42.
    pub detail: String,
    /// The same figure in the periods before, oldest first, this one last; may be empty.
    pub trend: Vec<f64>,
    /// Tickets behind it.
    pub opens: Option<String>,
}

/// A difference.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Change {
    /// `+3.1 百分点`, `−18 分钟`; `±` where it is not more than chance.
    pub text: String,
    /// Whether that is good: fewer minutes are.
    pub mood: Mood,
}

/// How something is to be taken. Renderers show it by colour and by a mark or weight, never by colour alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Mood {
    /// As it is.
    #[default]
    Plain,
    /// Well.
    Good,
    /// Badly.
    Bad,
    /// To be watched.
    Warn,
    /// Beside the point: annulled, not mature, no data.
    Muted,
    /// First seen in this period.
    New,
}

/// What a number is, and its unit in `value`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ValueKind {
    /// Words.
    #[default]
    Text,
    /// A number of things.
    Count,
    /// A fraction: 0.964 is 96.4 %.
    Percent,
    /// A difference: of fractions where the text says 百分点 or %, else of counts.
    Change,
    /// Minutes.
    Duration,
    /// Yuan.
    Money,
    /// A small line; the numbers are in [`Cell::trend`].
    Trend,
    /// A bar of parts, such as met and missed; the parts are in [`Cell::share`].
    Share,
}

/// A part of the report under one title.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Section {
    /// Stable name: `sla`, `growing`.
    pub id: String,
    /// 承诺兑现.
    pub title: String,
    /// Cohort and denominator, in a sentence.
    pub note: String,
    /// How it is drawn.
    pub kind: SectionKind,
    /// Takes the whole width; two that do not may stand side by side.
    pub wide: bool,
    /// Of the rows; their order is the order of the cells.
    pub columns: Vec<Column>,
    /// Lines of the table.
    pub rows: Vec<Row>,
    /// A picture beside the table.
    pub chart: Option<Chart>,
    /// Shown where there are no rows, no chart and no paragraphs: why, and what would fill it.
    pub empty: Option<String>,
    /// Words after the rows (for [`SectionKind::Words`]: all of it).
    pub paragraphs: Vec<String>,
}

/// How a section is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SectionKind {
    /// A table.
    #[default]
    Table,
    /// The first column names the row, the others are coloured by their value against the largest of the section.
    Heat,
    /// Lines without a grid: a name, a bar (a [`ValueKind::Share`] cell, or else the first number), and the rest.
    Bars,
    /// What customers said: the first cell is the words, the others (channel, product, date) are set small below.
    /// A strong row is a heading over the quotes that follow it.
    Quotes,
    /// Only paragraphs.
    Words,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Column {
    /// Its header.
    pub title: String,
    /// What stands in it.
    pub kind: ValueKind,
    /// How a spreadsheet computes it from the other cells; used where it gives the cell's own value.
    pub formula: Option<Formula>,
}

/// How a value follows from other cells. Columns are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Formula {
    /// In the strong row: the sum of the other rows.
    Sum,
    /// In every row: `met ÷ (met + missed)`.
    Rate {
        /// Column of the kept.
        met: u32,
        /// Column of the broken.
        missed: u32,
    },
    /// In every row: `part ÷ whole`.
    Ratio {
        /// Column of the part.
        part: u32,
        /// Column of the whole.
        whole: u32,
    },
    /// In every row: `now − before`.
    Difference {
        /// Column of this period.
        now: u32,
        /// Column of the period before.
        before: u32,
    },
}

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Row {
    /// One for each column; a shorter row is filled with empty cells.
    pub cells: Vec<Cell>,
    /// A total, or a heading over quotes.
    pub strong: bool,
}

/// What stands in a line under a column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Cell {
    /// As shown.
    pub text: String,
    /// The number itself in the unit of its column's kind.
    pub value: Option<f64>,
    /// Tickets behind it.
    pub opens: Option<String>,
    /// How it is to be taken.
    pub mood: Mood,
    /// Numbers of a small line, oldest first.
    pub trend: Option<Vec<f64>>,
    /// Parts of a bar.
    pub share: Option<Vec<Share>>,
    /// A word set in a small frame after the text: 新, 未到期, 样本少.
    pub badge: Option<String>,
}

/// A part of a bar.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Share {
    /// What it is: 按时 41.
    pub text: String,
    /// Its size; the bar is as long as their sum.
    pub value: f64,
    /// How it is to be taken.
    pub mood: Mood,
    /// Tickets behind it.
    pub opens: Option<String>,
}

/// A picture.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Chart {
    /// How it is drawn.
    pub kind: ChartKind,
    /// Names along the axis (of a heat map: its columns).
    pub categories: Vec<String>,
    /// Lines, bars, or the rows of a heat map.
    pub series: Vec<Series>,
    /// What the numbers are.
    pub value: ValueKind,
    /// Unit written at the axis: 条, 分钟.
    pub unit: String,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ChartKind {
    /// A bar for every category and series, side by side.
    #[default]
    Bars,
    /// A bar for every category, the series on top of each other.
    Stacked,
    /// A line for every series.
    Lines,
    /// A coloured field for every series (row) and category (column).
    Heat,
}

/// Numbers of a chart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// One for each category; none is a gap.
    pub values: Vec<Option<f64>>,
    /// Plain takes the next colour of the palette.
    pub mood: Mood,
    /// Tickets behind each value; may be shorter than `values`.
    pub opens: Vec<Option<String>>,
}

impl Chart {
    /// A number of it in words.
    pub(crate) fn number(&self, value: f64) -> String {
        if self.value == ValueKind::Percent {
            return format!("{:.1}%", value * 100.0);
        }
        let tenths = (value * 10.0).round() / 10.0;
        if tenths == 0.0 {
            "0".into()
        } else {
            format!("{tenths}")
        }
    }

    /// The chart as a table: a row for each series, a column for each category.
    pub(crate) fn table(&self) -> (Vec<Column>, Vec<Row>) {
        let mut columns = vec![Column::default()];
        columns.extend(self.categories.iter().map(|name| Column {
            title: name.clone(),
            kind: self.value,
            formula: None,
        }));
        let rows = self.series.iter().map(|series| {
            let mut cells = vec![Cell {
                text: series.name.clone(),
                ..Cell::default()
            }];
            cells.extend((0..self.categories.len()).map(|at| {
                let value = series.values.get(at).copied().flatten().filter(|v| v.is_finite());
                Cell {
                    text: value.map_or_else(|| "·".into(), |v| self.number(v)),
                    value,
                    opens: series.opens.get(at).cloned().flatten(),
                    ..Cell::default()
                }
            }));
            Row { cells, strong: false }
        });
        (columns, rows.collect())
    }
}

impl Cell {
    /// Its number, where it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        self.value.filter(|v| v.is_finite())
    }

    /// Its words: its text, or else those of the parts of its bar; and its badge.
    pub(crate) fn words(&self) -> String {
        let mut words = match &self.share {
            Some(parts) if self.text.is_empty() => parts
                .iter()
                .map(|part| part.text.as_str())
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            _ => self.text.clone(),
        };
        if let Some(badge) = self.badge.as_ref().filter(|b| !b.is_empty()) {
            words.push('（');
            words.push_str(badge);
            words.push('）');
        }
        words
    }
}
