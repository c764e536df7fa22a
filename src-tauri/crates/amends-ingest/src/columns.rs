//! What the columns of a table are, from their headers and from what stands in them.

use crate::{
    IngestError,
    clean::{self, Id},
    headers,
    plan::{Column, DateOrder, Field, Options, Question, QuestionCode, Warning, WarningCode},
    rating::Tally,
    record::{Kind, Record},
    time::{self, OrderEvidence},
};
use std::collections::BTreeMap;

const SAMPLES: usize = 5;

#[derive(Default)]
pub(crate) struct ColumnEvidence {
    pub filled: u32,
    pub samples: Vec<String>,
    tally: Tally,
    longest: usize,
}

/// What the first rows show of each column.
pub(crate) struct Evidence {
    pub rows: u32,
    pub columns: Vec<ColumnEvidence>,
}

impl Evidence {
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            rows: 0,
            columns: (0..columns).map(|_| ColumnEvidence::default()).collect(),
        }
    }

    pub(crate) fn add(&mut self, record: &Record) {
        self.rows += 1;
        for (index, column) in self.columns.iter_mut().enumerate() {
            let cell = record.get(index);
            if cell.trim().is_empty() {
                continue;
            }
            column.filled += 1;
            column.longest = column.longest.max(cell.len());
            column.tally.add(cell, record.kind(index));
            if column.samples.len() < SAMPLES && !column.samples.iter().any(|s| s == cell) {
                column.samples.push(cell.chars().take(200).collect());
            }
        }
    }
}

/// Gives every column its field, and asks where two columns claim the same one.
pub(crate) fn assign(
    columns: &mut [Column],
    evidence: &Evidence,
    options: &Options,
) -> Result<Vec<Question>, IngestError> {
    let choices = options.mapping.as_deref().unwrap_or(&[]);
    for choice in choices {
        if choice.index as usize >= columns.len() {
            return Err(IngestError::UnknownOption {
                what: "column",
                value: choice.index.to_string(),
            });
        }
    }
    let chosen = |index: u32| choices.iter().find(|c| c.index == index);
    let taken = |field: Field| choices.iter().any(|c| c.field == Some(field));
    let many = |field: Field| matches!(field, Field::SubRating | Field::Media);
    let mut claims: BTreeMap<Field, Vec<(u8, usize)>> = BTreeMap::new();
    for (at, column) in columns.iter_mut().enumerate() {
        if let Some(choice) = chosen(column.index) {
            column.field = choice.field;
            continue;
        }
        let Some((field, rank)) = headers::field_of(&column.header) else {
            continue;
        };
        let seen = &evidence.columns[column.index as usize];
        let field = match field {
            // 评价类型 holds 好评/差评 in one export and 初评/追评 in the next.
            Field::Phase
                if seen
                    .samples
                    .iter()
                    .any(|s| s.contains('追') || s.contains("初评")) =>
            {
                Field::Phase
            }
            Field::Phase if seen.tally.share() > 0.9 => Field::Rating,
            Field::Phase => continue,
            // 包装 or 服务 can be words instead of a rating.
            Field::SubRating if seen.filled > 0 && seen.tally.share() < 0.8 => continue,
            // 评价 or 评分 without a single rating in it is text.
            Field::Rating if seen.filled > 0 && seen.tally.share() < 0.2 && seen.longest > 30 => Field::Body,
            field => field,
        };
        if taken(field) && !many(field) {
            continue;
        }
        claims.entry(field).or_default().push((rank, at));
    }
    // 商品评分 alone is the rating; beside an overall one it is a part of it.
    if !claims.contains_key(&Field::Rating)
        && !taken(Field::Rating)
        && let Some(subs) = claims.get_mut(&Field::SubRating)
    {
        let main = ["商品评分", "描述相符", "质量", "商品质量", "qualityscore"];
        if let Some(place) = subs
            .iter()
            .position(|(_, at)| main.contains(&headers::normal(&columns[*at].header).as_str()))
        {
            let claim = subs.remove(place);
            claims.insert(Field::Rating, vec![claim]);
        }
    }
    // Feeds that tell only when a review last changed tell when it was posted.
    if !claims.contains_key(&Field::Posted)
        && !taken(Field::Posted)
        && let Some(updated) = claims.remove(&Field::Updated)
    {
        claims.insert(Field::Posted, updated);
    }
    let mut questions = Vec::new();
    for (field, mut claim) in claims {
        claim.sort_unstable();
        if many(field) {
            claim.iter().for_each(|(_, at)| columns[*at].field = Some(field));
            continue;
        }
        let rank = claim[0].0;
        let filled = |at: usize| evidence.columns[columns[at].index as usize].filled > 0;
        let mut equal: Vec<usize> = claim
            .iter()
            .filter(|(r, _)| *r == rank)
            .map(|(_, at)| *at)
            .collect();
        if equal.iter().any(|at| filled(*at)) {
            equal.retain(|at| filled(*at));
        }
        if !is_telling(field) {
            equal.truncate(1);
        }
        for at in &equal {
            columns[*at].field = Some(field);
        }
        if equal.len() > 1 {
            questions.push(Question {
                code: QuestionCode::ColumnConflict,
                field: Some(field),
                columns: equal.iter().map(|at| columns[*at].index).collect(),
                choices: equal.iter().map(|at| columns[*at].header.clone()).collect(),
                detail: String::new(),
            });
        }
    }
    Ok(questions)
}

/// Fields worth a question when two columns claim them; of two shops or two product names the first will do, and the
/// other stays in the original.
fn is_telling(field: Field) -> bool {
    matches!(
        field,
        Field::ExternalId
            | Field::OrderId
            | Field::SubOrderId
            | Field::Body
            | Field::BodyPositive
            | Field::BodyNegative
            | Field::AppendBody
            | Field::Rating
            | Field::Posted
            | Field::Reply
    )
}

/// What many rows show of ratings, dates and numbers.
pub(crate) struct Look {
    rating: Option<usize>,
    pub times: Vec<usize>,
    ids: Vec<usize>,
    pub tally: Tally,
    pub order: Option<DateOrder>,
    /// A date that reads both ways.
    pub both_ways: Option<String>,
    numbers: Vec<Numbers>,
}

/// The ids of one column.
#[derive(Default, Clone)]
struct Numbers {
    long: u32,
    /// Long ones that end in zeros.
    rounded: u32,
    /// Written as `1.23457E+18`, and the first row of them.
    scientific: u32,
    first: Option<u32>,
}

impl Look {
    pub(crate) fn new(columns: &[Column]) -> Self {
        let of = |wanted: &[Field]| -> Vec<usize> {
            let found = columns
                .iter()
                .filter(|c| c.field.is_some_and(|f| wanted.contains(&f)));
            found.map(|c| c.index as usize).collect()
        };
        Self {
            rating: of(&[Field::Rating]).first().copied(),
            times: of(&[Field::Posted, Field::Updated, Field::AppendTime, Field::ReplyTime]),
            ids: of(&[Field::ExternalId, Field::OrderId, Field::SubOrderId]),
            tally: Tally::default(),
            order: None,
            both_ways: None,
            numbers: vec![Numbers::default(); columns.len()],
        }
    }

    pub(crate) fn add(&mut self, record: &Record) {
        if let Some(index) = self.rating {
            self.tally.add(record.get(index), record.kind(index));
        }
        for index in &self.ids {
            let number = match record.kind(*index) {
                Kind::Number(n) => Some(n),
                _ => None,
            };
            let seen = &mut self.numbers[*index];
            match clean::id(record.get(*index), number) {
                Id::Text(text) if text.len() >= 17 => {
                    seen.long += 1;
                    seen.rounded += u32::from(clean::looks_rounded(text));
                }
                Id::Damaged => {
                    seen.scientific += 1;
                    seen.first.get_or_insert(record.row);
                }
                Id::Text(_) | Id::Missing => {}
            }
        }
        self.add_dates(record);
    }

    /// Only what tells the order of day and month.
    pub(crate) fn add_dates(&mut self, record: &Record) {
        if self.order.is_some() {
            return;
        }
        for index in &self.times {
            if record.kind(*index) != Kind::Text {
                continue;
            }
            match time::order_evidence(record.get(*index)) {
                OrderEvidence::DayFirst => self.order = Some(DateOrder::Dmy),
                OrderEvidence::MonthFirst => self.order = Some(DateOrder::Mdy),
                OrderEvidence::Both if self.both_ways.is_none() => {
                    self.both_ways = Some(clean::unguard(record.get(*index)).to_owned());
                }
                OrderEvidence::Both | OrderEvidence::None => {}
            }
        }
    }

    /// Dates read both ways so far.
    pub(crate) fn is_open(&self) -> bool {
        self.both_ways.is_some() && self.order.is_none()
    }

    /// Three long numbers or more, and all of them rounded: Excel has been there.
    pub(crate) fn is_rounded(&self, index: usize) -> bool {
        self.numbers
            .get(index)
            .is_some_and(|n| n.long >= 3 && n.long == n.rounded)
    }

    /// What must be known of a column's numbers before the import.
    pub(crate) fn damage(&self, column: &Column) -> Option<Warning> {
        let seen = self.numbers.get(column.index as usize)?;
        let count = if column.damaged {
            seen.long + seen.scientific
        } else {
            seen.scientific
        };
        let detail = column.header.clone();
        (count > 0).then_some(Warning {
            code: WarningCode::DamagedIds,
            row: seen.first,
            count,
            detail,
        })
    }
}
