//! A [`Document`] as an Excel workbook: the overview, and a sheet for every table with real numbers.

use crate::document::{
    Cell, Chart, ChartKind, Column, Document, Formula, Mood, Row, Section, SectionKind, ValueKind,
};
use crate::sheet::cut;
use crate::text::{Words, shown, width, words};
use rust_xlsxwriter::{
    ChartType, Color, ConditionalFormat2ColorScale, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Sparkline, Url, Workbook, Worksheet, XlsxError, utility,
};
use std::collections::{HashMap, HashSet};

/// Row of the header on a sheet; above it are the title and the cohort.
const HEADER: u32 = 2;
/// Columns are no wider than this, in characters; longer words wrap.
const WIDEST: usize = 60;

/// The document as an XLSX file. Words are never formulas, whatever they begin with.
///
/// # Errors
/// Where it does not fit into a workbook: more rows than a sheet has.
pub fn workbook(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let words = words(&document.language);
    let mut book = Workbook::new();
    book.set_properties(&properties(document)?);
    let mut names = Names::default();
    let mut looks = Looks::default();
    let first = names.unique(words.overview, words.sheet);
    book.add_worksheet().set_name(&first)?;
    let mut contents = Vec::new();
    for section in &document.sections {
        let (columns, rows, heat) = table(section);
        let chart = section
            .chart
            .as_ref()
            .filter(|chart| chart.kind != ChartKind::Heat && !chart.series.is_empty());
        if rows.is_empty() && chart.is_none() {
            contents.push((section, None));
            continue;
        }
        let name = names.unique(&section.title, words.sheet);
        let sheet = book.add_worksheet();
        sheet.set_name(&name)?;
        let width = write_table(sheet, section, &columns, &rows, heat, words, &mut looks)?;
        if let Some(chart) = chart {
            write_chart(sheet, &name, chart, width + 1, &mut looks)?;
        }
        contents.push((section, Some(name)));
    }
    write_overview(
        book.worksheet_from_name(&first)?,
        document,
        &contents,
        words,
        &mut looks,
    )?;
    book.save_to_buffer()
}

/// The time of making stands in the document; the library would read the clock.
fn properties(document: &Document) -> Result<DocProperties, XlsxError> {
    let at = document.made_at.replace('T', " ");
    let at = at.get(..16).map(|minute| minute.replace(' ', "T") + ":00");
    let at = at.and_then(|at| ExcelDateTime::parse_from_str(&at).ok());
    let at = at.map_or_else(|| ExcelDateTime::from_ymd(2000, 1, 1), Ok)?;
    Ok(DocProperties::new()
        .set_title(shown(&document.title))
        .set_creation_datetime(&at))
}

/// Columns and rows of a section; a map given as a chart only is one given as rows.
fn table(section: &Section) -> (Vec<Column>, Vec<Row>, bool) {
    match &section.chart {
        Some(chart) if chart.kind == ChartKind::Heat && section.rows.is_empty() => {
            let (columns, rows) = chart.table();
            (columns, rows, true)
        }
        _ => (
            section.columns.clone(),
            section.rows.clone(),
            section.kind == SectionKind::Heat,
        ),
    }
}

fn write_overview(
    sheet: &mut Worksheet,
    document: &Document,
    contents: &[(&Section, Option<String>)],
    words: &Words,
    looks: &mut Looks,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let grey = Format::new().set_font_color(GREY);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (column, width) in [(0u16, 22.0), (1, 16.0), (2, 12.0), (3, 18.0), (4, 64.0)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_screen_gridlines(false);
    paper(sheet)?;
    sheet.write_string_with_format(
        0,
        0,
        cut(&shown(&document.title)),
        &Format::new().set_bold().set_font_size(18),
    )?;
    let about = [&document.period, &document.subtitle].map(|text| shown(text));
    let about: Vec<&str> = about
        .iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    sheet.write_string_with_format(1, 0, cut(&about.join(" · ")), &grey)?;
    let lead: String = document.lead.iter().map(|span| shown(&span.text)).collect();
    let mut row = 3;
    if !lead.is_empty() {
        sheet.merge_range(2, 0, 2, 4, &cut(&lead), &wrap)?;
        sheet.set_row_height(2, 18.0 * (1 + width(&lead) / 120).min(20) as f64)?;
    }
    if !document.headlines.is_empty() {
        for (column, title) in (0u16..).zip(words.overview_columns) {
            sheet.write_string_with_format(row, column, title, looks.header())?;
        }
        for headline in &document.headlines {
            row += 1;
            sheet.write_string_with_format(row, 0, cut(&shown(&headline.title)), &bold)?;
            sheet.write_string(row, 1, cut(&shown(&headline.value)))?;
            if let Some(number) = headline.number.filter(|n| n.is_finite()) {
                let whole = number.fract() == 0.0;
                let look = Look {
                    number: number_format(headline.kind, &headline.value, whole),
                    ..Look::default()
                };
                sheet.write_number_with_format(row, 2, number, looks.get(look))?;
            }
            if let Some(change) = &headline.change {
                let look = Look {
                    mood: change.mood,
                    ..Look::default()
                };
                sheet.write_string_with_format(row, 3, cut(&shown(&change.text)), looks.get(look))?;
            }
            sheet.write_string_with_format(row, 4, cut(&shown(&headline.detail)), &wrap)?;
        }
        row += 2;
    }
    for (section, name) in contents {
        let title = cut(&shown(&section.title));
        match name {
            Some(name) => {
                let link =
                    Url::new(format!("internal:{}!A1", utility::quote_sheet_name(name))).set_text(title);
                sheet.write_url(row, 0, link)?;
                sheet.write_string_with_format(row, 1, cut(&shown(&section.note)), &grey)?;
            }
            None => {
                sheet.write_string_with_format(row, 0, title, &bold)?;
                let empty = section.empty.iter().filter(|_| section.paragraphs.is_empty());
                for text in empty.chain(&section.paragraphs) {
                    sheet.write_string(row, 1, cut(&shown(text)))?;
                    row += 1;
                }
                row = row.saturating_sub(u32::from(
                    section.empty.is_some() || !section.paragraphs.is_empty(),
                ));
            }
        }
        row += 1;
    }
    row += 1;
    let made = Some(&document.made_at)
        .filter(|at| !at.is_empty())
        .map(|at| format!("{}{at}", words.made));
    for text in document.footer.iter().cloned().chain(made) {
        sheet.write_string_with_format(row, 0, cut(&shown(&text)), &grey)?;
        row += 1;
    }
    Ok(())
}

/// Writes a section's table and says how many columns it took.
fn write_table(
    sheet: &mut Worksheet,
    section: &Section,
    columns: &[Column],
    rows: &[Row],
    heat: bool,
    words: &Words,
    looks: &mut Looks,
) -> Result<u16, XlsxError> {
    let title = Format::new().set_bold().set_font_size(14);
    let grey = Format::new().set_font_color(GREY);
    sheet.write_string_with_format(0, 0, cut(&shown(&section.title)), &title)?;
    sheet.write_string_with_format(1, 0, cut(&shown(&section.note)), &grey)?;
    sheet.set_freeze_panes(HEADER + 1, 1)?;
    paper(sheet)?;
    sheet.set_repeat_rows(HEADER, HEADER)?;
    let first = HEADER + 1;
    let mut next = columns.len() as u16;
    for (at, column) in (0u16..).zip(columns) {
        let cells = || rows.iter().filter_map(|row| row.cells.get(usize::from(at)));
        let whole = cells().filter_map(Cell::number).all(|v| v.fract() == 0.0);
        let mut widest = width(&column.title) + 4;
        let mut title = shown(&column.title);
        if column.kind == ValueKind::Duration {
            title = format!("{title}（{}）", words.minutes);
            widest += 6;
        }
        // The numbers of small lines stand to the right of the table.
        let trend = cells()
            .filter_map(|cell| cell.trend.as_ref())
            .map(Vec::len)
            .max()
            .unwrap_or(0) as u16;
        for n in 0..trend {
            let title = format!("{title} {}", n + 1);
            sheet.write_string_with_format(HEADER, next + n, cut(&title), looks.header())?;
        }
        sheet.write_string_with_format(HEADER, at, cut(&title), looks.header())?;
        for (row, line) in (first..).zip(rows) {
            let Some(cell) = line.cells.get(usize::from(at)) else {
                continue;
            };
            let mut look = Look {
                mood: cell.mood,
                strong: line.strong,
                ..Look::default()
            };
            match cell
                .number()
                .filter(|_| column.kind != ValueKind::Text || cell.text.is_empty())
            {
                Some(value) => {
                    look.number = number_format(column.kind, &cell.text, whole);
                    if let Some(badge) = cell.badge.as_ref().filter(|b| !b.is_empty()) {
                        look.number.push_str(&literal(&shown(badge)));
                    }
                    widest = widest.max(width(&cell.text) + 2);
                    match formula(column, rows, row - first, at).filter(|(_, result)| near(*result, value)) {
                        Some((text, _)) => {
                            let formula = rust_xlsxwriter::Formula::new(text).set_result(value.to_string());
                            sheet.write_formula_with_format(row, at, formula, looks.get(look))?;
                        }
                        None => {
                            sheet.write_number_with_format(row, at, value, looks.get(look))?;
                        }
                    }
                }
                None => {
                    let text = shown(&cell.words());
                    widest = widest.max(width(&text) + 2);
                    look.wrap = width(&text) > WIDEST || text.contains('\n');
                    look.right = column.kind != ValueKind::Text
                        && !matches!(column.kind, ValueKind::Share | ValueKind::Trend);
                    if !text.is_empty() {
                        sheet.write_string_with_format(row, at, cut(&text), looks.get(look))?;
                    }
                }
            }
            if let Some(numbers) = &cell.trend {
                for (n, value) in (0u16..).zip(numbers).filter(|(_, value)| value.is_finite()) {
                    sheet.write_number(row, next + n, *value)?;
                }
                if numbers.len() > 1 {
                    let name = sheet.name();
                    let last = next + numbers.len() as u16 - 1;
                    let line = Sparkline::new()
                        .set_range((name.as_str(), row, next, row, last))
                        .show_last_point(true)
                        .set_sparkline_color(INK)
                        .set_last_point_color(colour(cell.mood).unwrap_or(INK));
                    sheet.add_sparkline(row, at, &line)?;
                }
            }
        }
        next += trend;
        let least = if matches!(column.kind, ValueKind::Trend | ValueKind::Share) {
            18
        } else {
            8
        };
        sheet.set_column_width(at, widest.clamp(least, WIDEST) as f64)?;
    }
    if let (false, Some(last)) = (rows.is_empty(), (columns.len() as u16).checked_sub(1)) {
        // A total below the rows stays where it is when they are sorted.
        let totals = rows.iter().rev().take_while(|row| row.strong).count() as u32;
        let end = (first + rows.len() as u32 - 1 - totals).max(first);
        sheet.autofilter(HEADER, 0, end, last)?;
        if heat && last > 0 {
            let scale = ConditionalFormat2ColorScale::new()
                .set_minimum_color(0xFFFFFF)
                .set_maximum_color(0xE0796D);
            sheet.add_conditional_format(first, 1, end, last, &scale)?;
        }
    }
    for (row, text) in (first + rows.len() as u32 + 1..).zip(&section.paragraphs) {
        sheet.write_string_with_format(row, 0, cut(&shown(text)), &grey)?;
    }
    Ok(next)
}

/// Writes a chart and its numbers to the right of a table.
fn write_chart(
    sheet: &mut Worksheet,
    name: &str,
    chart: &Chart,
    left: u16,
    looks: &mut Looks,
) -> Result<(), XlsxError> {
    let count = chart.categories.len() as u32;
    if count == 0 {
        return Ok(());
    }
    let (first, last) = (HEADER + 1, HEADER + count);
    for (row, category) in (first..).zip(&chart.categories) {
        sheet.write_string(row, left, cut(&shown(category)))?;
    }
    sheet.write_string_with_format(HEADER, left, cut(&shown(&chart.unit)), looks.header())?;
    let mut picture = rust_xlsxwriter::Chart::new(match chart.kind {
        ChartKind::Lines => ChartType::Line,
        ChartKind::Stacked => ChartType::ColumnStacked,
        ChartKind::Bars | ChartKind::Heat => ChartType::Column,
    });
    let numbers = || chart.series.iter().flat_map(|s| &s.values).flatten();
    let number = number_format(chart.value, "", numbers().all(|v| v.fract() == 0.0));
    for (column, series) in (left + 1..).zip(&chart.series) {
        sheet.write_string_with_format(HEADER, column, cut(&shown(&series.name)), looks.header())?;
        for (row, value) in (first..=last).zip(&series.values) {
            if let Some(value) = value.filter(|v| v.is_finite()) {
                let look = Look {
                    number: number.clone(),
                    ..Look::default()
                };
                sheet.write_number_with_format(row, column, value, looks.get(look))?;
            }
        }
        let line = picture
            .add_series()
            .set_name((name, HEADER, column))
            .set_categories((name, first, left, last, left))
            .set_values((name, first, column, last, column));
        if let Some(colour) = colour(series.mood) {
            if chart.kind == ChartKind::Lines {
                line.set_format(
                    rust_xlsxwriter::ChartFormat::new()
                        .set_line(rust_xlsxwriter::ChartLine::new().set_color(colour)),
                );
            } else {
                line.set_format(
                    rust_xlsxwriter::ChartFormat::new()
                        .set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(colour)),
                );
            }
        }
    }
    picture.y_axis().set_num_format(&number);
    if !chart.unit.is_empty() {
        picture.y_axis().set_name(shown(&chart.unit).as_str());
    }
    if chart.series.len() < 2 {
        picture.legend().set_hidden();
    }
    picture.set_width(640).set_height(300);
    sheet.insert_chart(HEADER, left + chart.series.len() as u16 + 2, &picture)?;
    Ok(())
}

/// A4, as wide as the page.
fn paper(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet
        .set_paper_size(9)
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C&P / &N");
    Ok(())
}

/// The formula of a cell and what it comes to; none where the cells it needs are not numbers.
fn formula(column: &Column, rows: &[Row], row: u32, at: u16) -> Option<(String, f64)> {
    let line = rows.get(row as usize)?;
    let number = |at: u32| line.cells.get(at as usize).and_then(Cell::number);
    let place = |at: u32| utility::row_col_to_cell(HEADER + 1 + row, at as u16);
    match column.formula? {
        Formula::Sum if line.strong => {
            // The other rows stand together above or below.
            let from = rows.iter().position(|row| !row.strong)?;
            let to = rows.iter().rposition(|row| !row.strong)?;
            if rows[from..=to].iter().any(|row| row.strong) {
                return None;
            }
            let cells = rows[from..=to]
                .iter()
                .filter_map(|row| row.cells.get(usize::from(at)));
            let sum = cells.filter_map(Cell::number).sum();
            let top = HEADER + 1;
            let range = utility::cell_range(top + from as u32, at, top + to as u32, at);
            Some((format!("=SUM({range})"), sum))
        }
        Formula::Sum => None,
        Formula::Rate { met, missed } => {
            let (a, b) = (number(met)?, number(missed)?);
            let (x, y) = (place(met), place(missed));
            (a + b != 0.0).then(|| (format!("={x}/({x}+{y})"), a / (a + b)))
        }
        Formula::Ratio { part, whole } => {
            let (a, b) = (number(part)?, number(whole)?);
            (b != 0.0).then(|| (format!("={}/{}", place(part), place(whole)), a / b))
        }
        Formula::Difference { now, before } => {
            let (a, b) = (number(now)?, number(before)?);
            Some((format!("={}-{}", place(now), place(before)), a - b))
        }
    }
}

/// A formula is only written where it gives the number that every other renderer shows.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// How Excel shows a number; `whole` where no number of the column has decimals.
fn number_format(kind: ValueKind, text: &str, whole: bool) -> String {
    let points = text.contains('%') || text.contains("百分") || text.contains("percentage");
    match kind {
        ValueKind::Percent | ValueKind::Share => "0.0%",
        ValueKind::Change if points => "+0.0%;-0.0%;0.0%",
        ValueKind::Change if whole => "+#,##0;-#,##0;0",
        ValueKind::Change => "+#,##0.0;-#,##0.0;0.0",
        ValueKind::Money => "\"¥\"#,##0.00",
        _ if whole => "#,##0",
        _ => "#,##0.0",
    }
    .into()
}

/// A word after a number, in a number format: the cell stays a number.
fn literal(word: &str) -> String {
    let word: String = word.chars().filter(|c| *c != '"' && *c != ';').take(40).collect();
    format!("\"（{word}）\"")
}

const INK: u32 = 0x33456B;
const GREY: u32 = 0x6B7484;

fn colour(mood: Mood) -> Option<u32> {
    match mood {
        Mood::Plain => None,
        Mood::Good => Some(0x067647),
        Mood::Bad | Mood::New => Some(0xB3200F),
        Mood::Warn => Some(0x9A4500),
        Mood::Muted => Some(GREY),
    }
}

/// How a cell looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Look {
    number: String,
    mood: Mood,
    strong: bool,
    wrap: bool,
    right: bool,
}

/// Formats made so far: a workbook holds each once.
#[derive(Default)]
struct Looks {
    made: HashMap<Look, Format>,
    header: Option<Format>,
}

impl Looks {
    fn get(&mut self, look: Look) -> &Format {
        self.made.entry(look).or_insert_with_key(|look| {
            let mut format = Format::new().set_align(FormatAlign::Top);
            if !look.number.is_empty() {
                format = format.set_num_format(&look.number);
            }
            if let Some(colour) = colour(look.mood) {
                format = format.set_font_color(Color::RGB(colour));
            }
            if look.strong || matches!(look.mood, Mood::Bad | Mood::New) {
                format = format.set_bold();
            }
            if look.strong {
                format = format.set_border_top(FormatBorder::Thin);
            }
            if look.wrap {
                format = format.set_text_wrap();
            }
            if look.right {
                format = format.set_align(FormatAlign::Right);
            }
            format
        })
    }

    fn header(&mut self) -> &Format {
        self.header.get_or_insert_with(|| {
            Format::new()
                .set_bold()
                .set_background_color(0xEEF3F2)
                .set_border_bottom(FormatBorder::Thin)
        })
    }
}

/// Names of sheets: Excel allows 31 units of UTF-16, none of `[]:*?/\`, no quote at an end, and no name twice.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
}

impl Names {
    fn unique(&mut self, title: &str, fallback: &str) -> String {
        let clean: String = shown(title)
            .chars()
            .map(|c| if "[]:*?/\\\n".contains(c) { ' ' } else { c })
            .collect();
        let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        let clean = if clean.is_empty() || clean.eq_ignore_ascii_case("history") {
            fallback
        } else {
            clean
        };
        for n in 1u32.. {
            let tail = if n == 1 { String::new() } else { format!(" {n}") };
            let mut name = String::new();
            for c in clean.chars() {
                if name.encode_utf16().count() + c.len_utf16() + tail.len() > 31 {
                    break;
                }
                name.push(c);
            }
            let name = name.trim_end_matches(['\'', ' ']).to_owned() + &tail;
            if self.taken.insert(name.to_lowercase()) {
                return name;
            }
        }
        fallback.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_valid_and_differ() {
        let mut names = Names::default();
        let long = "承诺兑现".repeat(12);
        let made: Vec<String> = [
            "商品/原因",
            "商品:原因",
            "'[]'",
            "History",
            &long,
            &long,
            "概览",
            "概览",
        ]
        .iter()
        .map(|title| names.unique(title, "表"))
        .collect();
        assert_eq!(made[..4], ["商品 原因", "商品 原因 2", "表", "表 2"]);
        for name in &made {
            utility::check_sheet_name(name).unwrap();
        }
        assert_eq!(made.iter().collect::<HashSet<_>>().len(), made.len());
    }
}
