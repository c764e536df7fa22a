//! Finding out, by content alone, what a file is and how to read it.

use crate::{
    IngestError,
    archive::{self, Inside},
    columns::{Evidence, Look, assign},
    delimited::{self, Dialect},
    headers::{self, Profile},
    look::{self, Looked, consistency, sample_of, sniff},
    mapper::{self, Mapper},
    plan::{Bytes, Column, Field, Format, Item, Options, Plan, Question, QuestionCode, Warning, WarningCode},
    record::Record,
    source::{self, Recipe},
    text::{self, Survey},
};
use amends_domain::{Channel, Scale};
use encoding_rs::UTF_8;
use std::{io::Cursor, ops::ControlFlow};

/// Larger files are refused before anything is read.
pub const MAX_BYTES: u64 = 1 << 30;
const PREVIEW: usize = 10;

/// The file without its folder, for words that name a channel.
fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Finds out what a file is and how it would be read. Nothing is written, and the name only hints at the channel.
///
/// # Errors
/// [`IngestError`] where the file cannot be imported at all; what a person could decide is in `Plan::questions`.
pub fn inspect(
    file_name: &str,
    bytes: &mut dyn Bytes,
    options: &Options,
    now_ms: i64,
) -> Result<Plan, IngestError> {
    let survey = text::survey(bytes, MAX_BYTES)?;
    if sniff(&survey)? == Format::Xlsx
        && let Inside::Files(members) = archive::look(bytes)?
    {
        return inspect_member(bytes, &survey, members, options, now_ms);
    }
    inspect_one(file_name, bytes, &survey, options, now_ms)
}

fn inspect_one(
    file_name: &str,
    bytes: &mut dyn Bytes,
    survey: &Survey,
    options: &Options,
    now_ms: i64,
) -> Result<Plan, IngestError> {
    let looked = look::look(bytes, survey, options)?;
    plan_of(file_name, bytes, options, now_ms, survey, looked)
}

/// One file of an archive: the chosen one, the only one, or the first readable one and a question.
fn inspect_member(
    bytes: &mut dyn Bytes,
    outer: &Survey,
    members: Vec<String>,
    options: &Options,
    now_ms: i64,
) -> Result<Plan, IngestError> {
    let tries: Vec<String> = match &options.member {
        Some(name) => vec![name.clone()],
        None => members.clone(),
    };
    let mut failure = IngestError::NoTable;
    for name in tries {
        let mut inner = Cursor::new(archive::unpack(bytes, &name)?);
        let survey = match text::survey(&mut inner, MAX_BYTES) {
            Ok(survey) => survey,
            Err(e) => {
                failure = e;
                continue;
            }
        };
        // An archive in an archive is not opened: no one exports that, and bombs are made of it.
        if sniff(&survey).is_ok_and(|f| f == Format::Xlsx)
            && matches!(archive::look(&mut inner), Ok(Inside::Files(_)))
        {
            failure = IngestError::Unsupported {
                what: "zip in zip".into(),
            };
            continue;
        }
        match inspect_one(&name, &mut inner, &survey, options, now_ms) {
            Ok(mut plan) => {
                plan.bytes = outer.size;
                plan.sha256 = outer.sha256.clone();
                plan.member = Some(name);
                if members.len() > 1 && options.member.is_none() {
                    plan.questions.push(Question {
                        code: QuestionCode::Member,
                        field: None,
                        columns: Vec::new(),
                        choices: members,
                        detail: String::new(),
                    });
                }
                return Ok(plan);
            }
            Err(e) => failure = e,
        }
    }
    Err(failure)
}

/// The recipe that a plan stands for.
pub(crate) fn recipe_of(plan: &Plan, bytes: &mut dyn Bytes) -> Result<Recipe, IngestError> {
    let encoding = match &plan.encoding {
        Some(name) => text::by_name(name)?,
        None => UTF_8,
    };
    let mut dialect = Dialect {
        delimiter: b',',
        quoting: plan.quoting,
        cr_only: false,
        sep_line: false,
    };
    if let Some(delimiter) = plan.delimiter.filter(char::is_ascii) {
        let sample = sample_of(bytes, encoding)?;
        dialect = Dialect {
            quoting: plan.quoting,
            ..Dialect::of(&sample, delimiter as u8)
        };
    }
    let paths = match plan.format {
        Format::Json | Format::NdJson => plan.columns.iter().map(|c| c.header.clone()).collect(),
        _ => Vec::new(),
    };
    Ok(Recipe {
        format: plan.format,
        encoding,
        dialect,
        sheet: plan.sheet.clone(),
        paths,
    })
}

/// Header and columns of the rows that were looked at.
struct Frame {
    /// The header is one of known words.
    recognised: bool,
    profile: Profile,
    header_row: u32,
    header_rows: u32,
    /// First row that can be a review.
    first_data: u32,
    columns: Vec<Column>,
    evidence: Evidence,
}

fn frame(looked: &mut Looked) -> Result<Frame, IngestError> {
    let is_json = matches!(looked.recipe.format, Format::Json | Format::NdJson);
    let recognised = looked.header.is_some() || is_json;
    if !recognised {
        looked.header = headers::guess(&looked.head);
    }
    let names: Vec<String> = match &looked.header {
        Some(header) => header.names.clone(),
        None if is_json => looked.recipe.paths.clone(),
        None => Vec::new(),
    };
    let width = looked
        .head
        .iter()
        .map(Record::len)
        .max()
        .unwrap_or(0)
        .min(delimited::MAX_COLUMNS);
    if width == 0 || (names.is_empty() && width < 2) {
        return Err(IngestError::NoTable);
    }
    let (header_row, header_rows) = match &looked.header {
        Some(header) => (looked.head[header.index].row, header.rows),
        None => (0, 0),
    };
    let first_data = (header_row + header_rows).max(1);
    let mut columns: Vec<Column> = (0..width.max(names.len()))
        .map(|i| Column {
            index: i as u32,
            header: names.get(i).cloned().unwrap_or_default(),
            field: None,
            samples: Vec::new(),
            damaged: false,
        })
        .collect();
    let mut evidence = Evidence::new(columns.len());
    looked
        .head
        .iter()
        .filter(|r| r.row >= first_data && !mapper::is_footer(r))
        .for_each(|r| evidence.add(r));
    if evidence.rows == 0 && looked.header.is_some() {
        return Err(IngestError::NoRows);
    }
    // A column without a header that never holds anything is the blank tail of a row.
    while columns
        .last()
        .is_some_and(|c| c.header.is_empty() && evidence.columns[c.index as usize].filled == 0)
    {
        columns.pop();
    }
    Ok(Frame {
        recognised,
        profile: headers::profile(&names),
        header_row,
        header_rows,
        first_data,
        columns,
        evidence,
    })
}

/// The question of a table whose words and ratings were not found.
fn which_columns(frame: &Frame, looked: &Looked) -> Result<Option<Question>, IngestError> {
    let telling = [
        Field::Body,
        Field::BodyNegative,
        Field::BodyPositive,
        Field::AppendBody,
        Field::Rating,
    ];
    if frame
        .columns
        .iter()
        .any(|c| c.field.is_some_and(|f| telling.contains(&f)))
    {
        return Ok(None);
    }
    // Prose has commas too: without a header that says so, only even rows are a table.
    let even = consistency(&looked.head);
    if !frame.recognised && (even < 2 || even * 10 < looked.head.len() * 6) {
        return Err(IngestError::NoTable);
    }
    let example = |c: &Column| {
        frame.evidence.columns[c.index as usize]
            .samples
            .first()
            .cloned()
            .unwrap_or_default()
    };
    Ok(Some(Question {
        code: QuestionCode::NoHeader,
        field: None,
        columns: frame.columns.iter().map(|c| c.index).collect(),
        choices: frame.columns.iter().map(example).collect(),
        detail: String::new(),
    }))
}

fn scale_of(
    options: &Options,
    profile: &Profile,
    look: &Look,
    rating: Option<&Column>,
) -> Result<Scale, Question> {
    match (options.scale, profile.scale, rating) {
        (Some(scale), ..) => Ok(scale),
        (None, _, None) => Ok(Scale::None),
        (None, Some(scale), Some(_)) => Ok(scale),
        (None, None, Some(column)) => look.tally.scale(&column.header).map_err(|example| Question {
            code: QuestionCode::Scale,
            field: Some(Field::Rating),
            columns: vec![column.index],
            choices: ["stars5", "stars10", "stars50", "score500", "percent"]
                .map(str::to_owned)
                .to_vec(),
            detail: example,
        }),
    }
}

/// Chosen, told by the shape of the file, named somewhere, or resembling: only the first two are certain.
fn channel_of(options: &Options, profile: &Profile, file_name: &str, words: &str) -> (Channel, bool) {
    let named = || headers::channel_named(base_name(file_name)).or_else(|| headers::channel_named(words));
    match options.channel {
        Some(channel) => (channel, true),
        None if profile.certain => (profile.channel, true),
        None => (named().unwrap_or(profile.channel), false),
    }
}

fn plan_of(
    file_name: &str,
    bytes: &mut dyn Bytes,
    options: &Options,
    now_ms: i64,
    survey: &Survey,
    mut looked: Looked,
) -> Result<Plan, IngestError> {
    let mut frame = frame(&mut looked)?;
    let mut questions = std::mem::take(&mut looked.questions);
    questions.extend(assign(&mut frame.columns, &frame.evidence, options)?);
    questions.extend(which_columns(&frame, &looked)?);
    let Frame {
        profile,
        header_row,
        header_rows,
        first_data,
        mut columns,
        mut evidence,
        ..
    } = frame;

    let zone_name = options.zone.as_deref().unwrap_or(profile.zone);
    let zone: chrono_tz::Tz = zone_name.parse().map_err(|_| IngestError::UnknownOption {
        what: "zone",
        value: zone_name.to_owned(),
    })?;

    let mut look = Look::new(&columns);
    looked
        .head
        .iter()
        .filter(|r| r.row >= first_data)
        .for_each(|r| look.add(r));
    // A date that reads both ways is worth looking through the whole file for one that does not.
    let seen = looked.head.last().map_or(0, |r| r.row);
    if look.is_open() && options.date_order.is_none() {
        source::each_row(bytes, &looked.recipe, text::SILENT, &mut |record, _| {
            if record.row > seen {
                look.add_dates(record);
            }
            if look.is_open() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
    }
    let date_order = options.date_order.or(look.order);
    if let Some(example) = look.both_ways.clone().filter(|_| date_order.is_none()) {
        questions.push(Question {
            code: QuestionCode::DateOrder,
            field: Some(Field::Posted),
            columns: look.times.iter().map(|i| *i as u32).collect(),
            choices: vec!["dmy".into(), "mdy".into()],
            detail: example,
        });
    }
    let rating = columns.iter().find(|c| c.field == Some(Field::Rating));
    let scale = scale_of(options, &profile, &look, rating).unwrap_or_else(|question| {
        questions.push(question);
        Scale::Stars5
    });
    let mut warnings = std::mem::take(&mut looked.warnings);
    for column in &mut columns {
        column.damaged = look.is_rounded(column.index as usize);
        column.samples = std::mem::take(&mut evidence.columns[column.index as usize].samples);
        warnings.extend(look.damage(column));
    }
    let is_text = !matches!(looked.recipe.format, Format::Xlsx | Format::Xls);
    let encoding = is_text.then(|| text::display_name(looked.recipe.encoding).to_owned());
    if let Some(name) = encoding.clone().filter(|_| !looked.certain_encoding) {
        warnings.push(Warning {
            code: WarningCode::UncertainEncoding,
            row: None,
            count: 1,
            detail: name,
        });
    }
    let (channel, channel_certain) = channel_of(options, &profile, file_name, &looked.words);
    let above = u64::from(first_data - 1);
    let mut plan = Plan {
        format: looked.recipe.format,
        encoding,
        delimiter: (looked.recipe.format == Format::Csv).then_some(looked.recipe.dialect.delimiter as char),
        quoting: looked.recipe.dialect.quoting,
        sheet: looked.recipe.sheet.clone(),
        member: None,
        profile: profile.id.to_owned(),
        channel,
        channel_certain,
        header_row,
        header_rows,
        preamble_rows: header_row.saturating_sub(1),
        scale,
        zone: zone.name().to_owned(),
        date_order,
        columns,
        rows_estimate: looked.rows_estimate.map(|n| n.saturating_sub(above)),
        bytes: survey.size,
        preview: Vec::new(),
        questions,
        warnings,
        sha256: survey.sha256.clone(),
    };
    plan.preview = preview(&plan, options, &looked.head, now_ms)?;
    Ok(plan)
}

fn preview(
    plan: &Plan,
    options: &Options,
    head: &[Record],
    now_ms: i64,
) -> Result<Vec<amends_domain::NewReview>, IngestError> {
    let mut mapper = Mapper::new(plan, options, now_ms)?;
    let mut rows = Vec::new();
    for record in head {
        let flow = mapper.row(record, &mut |item| {
            if let Item::Review(review) = item {
                rows.push(*review);
            }
            if rows.len() < PREVIEW {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        if flow.is_break() {
            break;
        }
    }
    Ok(rows)
}
