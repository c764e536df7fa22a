//! A row of cells as reviews, with everything worth saying about its cells.

use crate::{
    IngestError,
    clean::{self, Id},
    headers,
    identity::{self, Keys},
    plan::{Field, Item, Options, Plan, RejectCode, RejectedRow, Warning, WarningCode},
    rating::{self, Rated},
    record::{Kind, Record},
    time,
};
use amends_domain::{Channel, NewReview, PlatformPolarity, Reply, Scale, Time, Visibility};
use chrono_tz::Tz;
use std::{collections::BTreeMap, ops::ControlFlow};

/// Lines under a table wait until it is known that the table does not go on.
const MAX_WAITING: usize = 64;

/// Warnings by kind, counted.
#[derive(Debug, Default)]
pub(crate) struct Warnings(BTreeMap<WarningCode, Warning>);

impl Warnings {
    pub(crate) fn add(&mut self, code: WarningCode, row: Option<u32>, detail: impl FnOnce() -> String) {
        self.0
            .entry(code)
            .and_modify(|w| w.count = w.count.saturating_add(1))
            .or_insert_with(|| Warning {
                code,
                row,
                count: 1,
                detail: detail(),
            });
    }

    pub(crate) fn into_vec(self) -> Vec<Warning> {
        self.0.into_values().collect()
    }
}

/// Follows a plan from row to row.
pub(crate) struct Mapper {
    headers: Vec<String>,
    /// Columns up to the last with a header; cells beyond it are extra.
    named: usize,
    /// Per field, the column it is read from.
    first: [Option<usize>; Field::ALL.len()],
    sub_ratings: Vec<(usize, String)>,
    media: Vec<usize>,
    damaged: Vec<usize>,
    mapped: Vec<usize>,
    profile: String,
    channel: Channel,
    shop: Option<String>,
    scale: Scale,
    setting: time::Setting,
    data_from: u32,
    keys: Keys,
    waiting: Vec<RejectedRow>,
    pub(crate) warnings: Warnings,
    pub(crate) read: u64,
    pub(crate) rejected: u64,
    pub(crate) footers: u64,
}

impl Mapper {
    pub(crate) fn new(plan: &Plan, options: &Options, now_ms: i64) -> Result<Self, IngestError> {
        let zone: Tz = plan.zone.parse().map_err(|_| IngestError::UnknownOption {
            what: "zone",
            value: plan.zone.clone(),
        })?;
        let mut first = [None; Field::ALL.len()];
        let mut sub_ratings = Vec::new();
        let mut media = Vec::new();
        let mut mapped = Vec::new();
        for column in &plan.columns {
            let index = column.index as usize;
            match column.field {
                None => continue,
                Some(Field::SubRating) => sub_ratings.push((index, column.header.clone())),
                Some(Field::Media) => media.push(index),
                Some(field) => {
                    first[field as usize].get_or_insert(index);
                }
            }
            mapped.push(index);
        }
        let blank = |s: &String| !s.trim().is_empty();
        Ok(Self {
            headers: plan.columns.iter().map(|c| c.header.clone()).collect(),
            named: match plan.columns.iter().rposition(|c| !c.header.is_empty()) {
                Some(last) => last + 1,
                None => plan.columns.len(),
            },
            first,
            sub_ratings,
            media,
            damaged: plan
                .columns
                .iter()
                .filter(|c| c.damaged)
                .map(|c| c.index as usize)
                .collect(),
            mapped,
            profile: plan.profile.clone(),
            channel: plan.channel,
            shop: options.shop.clone().filter(blank),
            scale: plan.scale,
            setting: time::Setting {
                zone,
                order: plan.date_order,
                now_ms,
            },
            data_from: plan.header_row + plan.header_rows,
            keys: Keys::default(),
            waiting: Vec::new(),
            warnings: Warnings::default(),
            read: 0,
            rejected: 0,
            footers: 0,
        })
    }

    /// Maps one row and hands what comes of it to the sink.
    pub(crate) fn row(
        &mut self,
        record: &Record,
        sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if record.row < self.data_from {
            return ControlFlow::Continue(());
        }
        if is_footer(record) {
            self.footers += 1;
            return ControlFlow::Continue(());
        }
        let filled = self
            .mapped
            .iter()
            .filter(|i| !record.get(**i).trim().is_empty())
            .count();
        let body_filled = [
            Field::Body,
            Field::BodyNegative,
            Field::BodyPositive,
            Field::AppendBody,
        ]
        .iter()
        .any(|f| !self.cell(record, *f).trim().is_empty());
        if filled < 2 && !body_filled {
            let code = RejectCode::AlmostEmpty;
            let detail = record
                .cells()
                .map(str::trim)
                .find(|c| !c.is_empty())
                .unwrap_or("")
                .chars()
                .take(60)
                .collect();
            self.waiting.push(rejected(record, code, detail));
            return if self.waiting.len() > MAX_WAITING {
                self.flush(sink)
            } else {
                ControlFlow::Continue(())
            };
        }
        self.flush(sink)?;
        self.flags(record);
        let (first, append) = self.reviews(record);
        if first.is_none() && append.is_none() {
            self.rejected += 1;
            return sink(Item::Rejected(rejected(
                record,
                RejectCode::NothingSaid,
                String::new(),
            )));
        }
        for review in [first, append].into_iter().flatten() {
            self.read += 1;
            sink(Item::Review(Box::new(review)))?;
        }
        ControlFlow::Continue(())
    }

    /// After the last row: the nearly empty lines still waiting stood under the table.
    pub(crate) fn end(&mut self) {
        self.footers += self.waiting.len() as u64;
        self.waiting.clear();
    }

    fn flush(&mut self, sink: &mut dyn FnMut(Item) -> ControlFlow<()>) -> ControlFlow<()> {
        for row in std::mem::take(&mut self.waiting) {
            self.rejected += 1;
            sink(Item::Rejected(row))?;
        }
        ControlFlow::Continue(())
    }

    fn flags(&mut self, record: &Record) {
        let row = Some(record.row);
        let flags = record.flags;
        if flags.bad_bytes {
            self.warnings.add(WarningCode::BadBytes, row, String::new);
        }
        if flags.stray_quote {
            self.warnings.add(WarningCode::StrayQuote, row, || {
                record
                    .cells()
                    .find(|c| c.starts_with('"'))
                    .unwrap_or("")
                    .chars()
                    .take(40)
                    .collect()
            });
        }
        if flags.unbalanced_quote {
            self.warnings.add(WarningCode::UnbalancedQuote, row, String::new);
        }
        if flags.cut_off {
            self.warnings.add(WarningCode::CutOff, row, String::new);
        }
        if flags.too_many_columns {
            self.warnings
                .add(WarningCode::TooManyColumns, row, || record.len().to_string());
        }
        if (self.named..record.len()).any(|i| !record.get(i).trim().is_empty()) {
            self.warnings
                .add(WarningCode::ExtraCells, row, || record.len().to_string());
        }
    }

    fn cell<'r>(&self, record: &'r Record, field: Field) -> &'r str {
        self.first[field as usize].map_or("", |i| record.get(i))
    }

    /// A cell of plain text; none when blank.
    fn text(&self, record: &Record, field: Field) -> Option<String> {
        let text = clean::unguard(self.cell(record, field));
        (!text.is_empty() && !matches!(text, "-" | "--" | "null" | "NULL")).then(|| text.to_owned())
    }

    fn id(&mut self, record: &Record, field: Field) -> Option<String> {
        let index = self.first[field as usize]?;
        let number = match record.kind(index) {
            Kind::Number(n) => Some(n),
            _ => None,
        };
        let found = clean::id(record.get(index), number);
        if found == Id::Damaged || (found != Id::Missing && self.damaged.contains(&index)) {
            let header = self.headers.get(index).cloned().unwrap_or_default();
            self.warnings
                .add(WarningCode::DamagedIds, Some(record.row), || header);
            return None;
        }
        match found {
            Id::Text(text) => Some(text.to_owned()),
            Id::Missing | Id::Damaged => None,
        }
    }

    fn time(&mut self, record: &Record, field: Field) -> Option<Time> {
        let index = self.first[field as usize]?;
        let told = time::read(record.get(index), record.kind(index), &self.setting)?;
        if let Some(code) = told.note {
            self.warnings.add(code, Some(record.row), || {
                told.time.local_text.chars().take(40).collect()
            });
        }
        Some(told.time)
    }

    /// What a row says: a first review, a follow-up, both, or nothing.
    fn reviews(&mut self, record: &Record) -> (Option<NewReview>, Option<NewReview>) {
        let mut review = self.without_keys(record);
        let order = self
            .id(record, Field::SubOrderId)
            .or_else(|| review.order_id.clone());
        let append_raw = self.cell(record, Field::AppendBody);
        let append_body = clean::body(append_raw);
        let has_append = !append_body.is_empty() && !clean::is_placeholder(&append_body);
        let nothing = !review.has_text && review.rating_raw.is_none() && review.body_raw.trim().is_empty();
        if nothing && !has_append {
            return (None, None);
        }
        if is_follow_up(self.cell(record, Field::Phase)) {
            return (Some(self.separate_append(record, review, order.as_deref())), None);
        }
        let given = self.keys.of(&review, order.as_deref());
        if given.repeated {
            let id = review.external_id.clone().unwrap_or_default();
            self.warnings
                .add(WarningCode::RepeatedKey, Some(record.row), || id);
        }
        review.key = given.key;
        // An edited review can come back under a new id (WeChat): the row it had is upgraded, not doubled.
        let former = self.id(record, Field::FormerId).filter(|id| id != "0");
        review.weak_key = former.map(|id| format!("id:{id}")).or(given.weak_key);
        let append = has_append.then(|| self.append_of(record, &review, append_raw.to_owned(), append_body));
        // Where nothing stands above a follow-up, its first review came in an earlier file.
        ((!nothing).then_some(review), append)
    }

    fn without_keys(&mut self, record: &Record) -> NewReview {
        let url = clean::link(self.cell(record, Field::Url));
        let external_id = match self.first[Field::ExternalId as usize] {
            Some(_) => self.id(record, Field::ExternalId),
            None => url.as_deref().and_then(|u| id_in_link(&self.profile, u)),
        };
        let author = self.text(record, Field::Author);
        let mut media = Vec::new();
        for index in &self.media {
            let (links, dropped) = clean::links(record.get(*index));
            media.extend(links);
            if let Some(dropped) = dropped {
                self.warnings
                    .add(WarningCode::UnsafeLink, Some(record.row), || dropped);
            }
        }
        let named = self.first[Field::Channel as usize].and_then(|i| headers::channel_named(record.get(i)));
        let mut review = NewReview {
            row: record.row,
            channel: named.unwrap_or(self.channel),
            shop: self.text(record, Field::Shop).or_else(|| self.shop.clone()),
            external_id,
            append: false,
            parent_key: None,
            order_id: self
                .id(record, Field::OrderId)
                .or_else(|| self.id(record, Field::SubOrderId)),
            product: self.text(record, Field::Product),
            variant: self.text(record, Field::Variant),
            masked: author.as_deref().is_some_and(clean::is_masked),
            author,
            rating_raw: None,
            scale: self.scale,
            stars: None,
            polarity: None,
            sub_ratings: self.sub_ratings(record),
            title: self.text(record, Field::Title).map(|t| clean::body(&t)),
            body_raw: String::new(),
            body: String::new(),
            has_text: false,
            language: self.text(record, Field::Language),
            media,
            posted: self.time(record, Field::Posted),
            updated: self.time(record, Field::Updated),
            reply: self.reply(record),
            visibility: self.visibility(record),
            url,
            key: String::new(),
            weak_key: None,
            content_hash: String::new(),
            raw: self.raw(record),
        };
        self.rate(record, &mut review);
        (review.body_raw, review.body) = self.words(record);
        // A title alone is all the customer wrote.
        if review.body.is_empty() {
            review.body = review.title.clone().unwrap_or_default();
        }
        self.judge(record.row, &mut review);
        review.content_hash = identity::content_hash(&review);
        review
    }

    fn reply(&mut self, record: &Record) -> Option<Reply> {
        let body = clean::body(self.cell(record, Field::Reply));
        if body.is_empty() || matches!(body.as_str(), "-" | "--" | "无" | "暂无回复" | "未回复" | "null")
        {
            return None;
        }
        let at = self.time(record, Field::ReplyTime).filter(|t| t.utc_ms.is_some());
        Some(Reply { body, at })
    }

    /// The 追评 that stands in the same row as its first review.
    fn append_of(&mut self, record: &Record, first: &NewReview, body_raw: String, body: String) -> NewReview {
        let posted = self.time(record, Field::AppendTime);
        let mut append = NewReview {
            append: true,
            parent_key: Some(first.key.clone()),
            rating_raw: None,
            scale: Scale::None,
            stars: None,
            polarity: None,
            sub_ratings: Vec::new(),
            title: None,
            body_raw,
            body,
            has_text: true,
            media: Vec::new(),
            posted,
            updated: None,
            reply: None,
            key: format!("{}{}", first.key, identity::APPEND),
            weak_key: first
                .weak_key
                .as_ref()
                .map(|k| format!("{k}{}", identity::APPEND)),
            ..first.clone()
        };
        append.content_hash = identity::content_hash(&append);
        append
    }

    /// A 追评 in a row of its own.
    fn separate_append(&mut self, record: &Record, mut review: NewReview, order: Option<&str>) -> NewReview {
        let parent_id = self.id(record, Field::ParentId).filter(|id| id != "0");
        review.append = true;
        let by_order = order.map(|order| identity::order_key(&review, order));
        review.parent_key = parent_id
            .map(|id| format!("id:{id}"))
            .or_else(|| by_order.clone());
        let append = by_order.map(|key| self.keys.nth(format!("{key}{}", identity::APPEND), &review));
        let given = match (&review.external_id, append) {
            (Some(id), weak) => (format!("id:{id}"), weak),
            (None, Some(key)) => (key, None),
            (None, None) => {
                let alone = self.keys.of(&review, None).key;
                (format!("{alone}{}", identity::APPEND), None)
            }
        };
        (review.key, review.weak_key) = given;
        review
    }

    fn words(&self, record: &Record) -> (String, String) {
        let positive = self.cell(record, Field::BodyPositive);
        let negative = self.cell(record, Field::BodyNegative);
        let plain = self.cell(record, Field::Body);
        if positive.trim().is_empty() && negative.trim().is_empty() {
            return (plain.to_owned(), clean::body(plain));
        }
        let parts: Vec<&str> = [plain, positive, negative]
            .into_iter()
            .filter(|p| !p.trim().is_empty())
            .collect();
        let cleaned: Vec<String> = parts
            .iter()
            .map(|p| clean::body(p))
            .filter(|p| !clean::is_placeholder(p))
            .collect();
        (parts.join("\n"), cleaned.join("\n"))
    }

    fn judge(&mut self, row: u32, review: &mut NewReview) {
        let system = clean::is_system(&review.body);
        review.has_text = !clean::is_placeholder(&review.body) && !system;
        if system {
            self.warnings
                .add(WarningCode::SystemReview, Some(row), String::new);
        }
        if !review.has_text {
            return;
        }
        let short = review.body.len() <= 30;
        if short && let Some(low) = low_or_high(review) {
            let said = review.body.trim_end_matches(|c: char| !c.is_alphanumeric());
            let praise = matches!(
                said,
                "好评" | "五星好评" | "很好" | "非常好" | "满意" | "非常满意" | "完美" | "赞"
            );
            let abuse = matches!(said, "差评" | "垃圾" | "太差了" | "很差" | "一星差评");
            if (praise && low) || (abuse && !low) {
                let body = review.body.clone();
                self.warnings.add(WarningCode::Contradictory, Some(row), || body);
            }
        }
        if let Some(kind) = clean::personal_data(&review.body) {
            self.warnings
                .add(WarningCode::PersonalData, Some(row), || kind.to_owned());
        }
    }

    fn rate(&mut self, record: &Record, review: &mut NewReview) {
        let Some(index) = self.first[Field::Rating as usize] else {
            return;
        };
        let cell = record.get(index);
        match rating::read(cell, record.kind(index), self.scale) {
            Rated::Missing => return,
            Rated::Bad => {
                self.warnings.add(WarningCode::BadRating, Some(record.row), || {
                    cell.trim().chars().take(40).collect()
                });
            }
            Rated::Stars(stars, named) => {
                review.stars = Some(stars);
                review.scale = named.unwrap_or(self.scale);
            }
            Rated::Verdict(verdict) => {
                review.polarity = Some(verdict);
                review.scale = Scale::Polarity3;
            }
            Rated::Recommends(yes) => {
                review.polarity = Some(if yes {
                    PlatformPolarity::Good
                } else {
                    PlatformPolarity::Bad
                });
                review.scale = Scale::Polarity2;
            }
        }
        review.rating_raw = Some(clean::unguard(cell).to_owned());
    }

    fn sub_ratings(&self, record: &Record) -> Vec<(String, f32)> {
        let scale = match self.scale {
            Scale::Polarity2 | Scale::Polarity3 | Scale::None => Scale::Stars5,
            scale => scale,
        };
        self.sub_ratings
            .iter()
            .filter_map(
                |(index, name)| match rating::read(record.get(*index), record.kind(*index), scale) {
                    Rated::Stars(stars, _) => Some((name.clone(), stars)),
                    _ => None,
                },
            )
            .collect()
    }

    fn visibility(&self, record: &Record) -> Visibility {
        let Some(index) = self.first[Field::Visibility as usize] else {
            return Visibility::Unknown;
        };
        let header = self.headers.get(index).map_or("", String::as_str);
        let says_hidden = header.contains("隐藏") || header.eq_ignore_ascii_case("hidden");
        let value = clean::unguard(record.get(index)).to_lowercase();
        match value.as_str() {
            "隐藏" | "已隐藏" | "不显示" | "未展示" | "不展示" | "屏蔽" | "已屏蔽" | "折叠" | "hidden"
            | "spam" | "unpublished" | "not-yet" | "rejected" | "pending" | "archived" | "审核不通过" => {
                Visibility::Hidden
            }
            "删除" | "已删除" | "deleted" | "removed" => Visibility::Deleted,
            "是" | "true" | "1" | "yes" => {
                if says_hidden {
                    Visibility::Hidden
                } else {
                    Visibility::Visible
                }
            }
            "否" | "false" | "0" | "no" => {
                if says_hidden {
                    Visibility::Visible
                } else {
                    Visibility::Hidden
                }
            }
            "显示" | "展示" | "正常" | "已发布" | "active" | "published" | "visible" | "ok" | "approved" => {
                Visibility::Visible
            }
            _ => Visibility::Unknown,
        }
    }

    fn raw(&self, record: &Record) -> Vec<(String, String)> {
        let mut raw: Vec<(String, String)> = Vec::with_capacity(self.headers.len().max(record.len()));
        for (index, header) in self.headers.iter().enumerate() {
            raw.push((header.clone(), record.get(index).to_owned()));
        }
        for index in self.headers.len()..record.len() {
            let cell = record.get(index);
            if !cell.trim().is_empty() {
                raw.push((String::new(), cell.to_owned()));
            }
        }
        raw
    }
}

/// True for a low rating, false for a high one.
fn low_or_high(review: &NewReview) -> Option<bool> {
    match (review.stars, review.polarity) {
        (Some(stars), _) if stars <= 2.0 => Some(true),
        (Some(stars), _) if stars >= 4.0 => Some(false),
        (None, Some(PlatformPolarity::Bad)) => Some(true),
        (None, Some(PlatformPolarity::Good)) => Some(false),
        _ => None,
    }
}

fn is_follow_up(phase: &str) -> bool {
    phase.contains("追") || phase.trim().eq_ignore_ascii_case("append")
}

fn rejected(record: &Record, code: RejectCode, detail: String) -> RejectedRow {
    RejectedRow {
        row: record.row,
        code,
        detail,
        cells: record.cells().map(str::to_owned).collect(),
    }
}

/// `合计`, `共300条`, dashes: lines that back-offices put under a table.
pub(crate) fn is_footer(record: &Record) -> bool {
    let mut filled = record.cells().map(str::trim).filter(|c| !c.is_empty());
    let Some(first) = filled.next() else { return false };
    // Every review row starts with an id, a time, a shop: telling the two apart costs one look at the first cell.
    let sum = ["合计", "总计", "小计", "汇总", "Total", "合計", "總計"]
        .iter()
        .any(|w| {
            first.strip_prefix(w).is_some_and(|rest| {
                rest.chars()
                    .all(|c| !c.is_alphabetic() || matches!(c, '共' | '条'))
            })
        });
    let count = first.strip_prefix('共').is_some_and(|rest| {
        rest.trim_start()
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start()
            .starts_with(['条', '筆', '笔'])
            && rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
    });
    let exported = ["导出时间", "导出日期", "制表时间", "数据来源", "备注："]
        .iter()
        .any(|w| first.starts_with(w));
    let dashes = first.len() >= 3
        && first
            .chars()
            .all(|c| matches!(c, '-' | '—' | '=' | '_' | '*' | '─' | '－'));
    if !(sum || count || exported || dashes) {
        return false;
    }
    dashes || 2 * (1 + filled.count()) <= record.len().max(4) + 1
}

/// The platform's id inside its own link to the review.
fn id_in_link(profile: &str, url: &str) -> Option<String> {
    match profile {
        "google_play.csv" => {
            let value = url
                .split(['?', '&', '#'])
                .find_map(|p| p.strip_prefix("reviewId="))?;
            Some(percent_decoded(value)).filter(|id| !id.is_empty())
        }
        "amazon.csv" => url
            .split(['/', '?', '#'])
            .find(|p| {
                p.len() >= 10
                    && p.starts_with('R')
                    && p.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            })
            .map(str::to_owned),
        _ => None,
    }
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = bytes
            .get(i + 1..i + 3)
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match (bytes[i], hex) {
            (b'%', Some(b)) => {
                out.push(b);
                i += 3;
            }
            (b, _) => {
                out.push(b);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
