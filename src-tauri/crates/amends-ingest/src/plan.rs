//! What was found in a file, what a person may decide about it, and what came out of reading it.

use amends_domain::{Channel, NewReview, Scale};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

/// Where the bytes are: a seekable reader, so that nothing big is held in memory.
pub trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

/// What a person, or an answer given earlier, decided. `None` means: find it by content.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Text encoding by its WHATWG label, such as `gb18030`.
    pub encoding: Option<String>,
    /// How `03/04/2024` reads.
    pub date_order: Option<DateOrder>,
    /// IANA zone of times that name none; Asia/Shanghai unless the source is known to use another.
    pub zone: Option<String>,
    /// Where the reviews were published.
    pub channel: Option<Channel>,
    /// Shop of every row, where the file has no shop column.
    pub shop: Option<String>,
    /// Which column is what; overrides detection for the columns it names.
    pub mapping: Option<Vec<ColumnChoice>>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// File inside a zip archive.
    pub member: Option<String>,
    /// Scale of the ratings, where their values leave it open.
    pub scale: Option<Scale>,
}

/// Order of day and month in a date of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// Day first.
    Dmy,
    /// Month first.
    Mdy,
}

/// A person's choice for one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct ColumnChoice {
    /// Position in the file, from 0.
    pub index: u32,
    /// What it holds; none to ignore it.
    pub field: Option<Field>,
}

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order written here.
            pub const ALL: &[$name] = &[$($name::$variant),+];
            /// The stable snake_case name.
            pub const fn as_str(self) -> &'static str { match self { $($name::$variant => $word),+ } }
        }
    };
}

codes! {
    /// What the bytes really are.
    Format {
        /// Delimited text.
        Csv = "csv",
        /// Office Open XML workbook.
        Xlsx = "xlsx",
        /// Excel 97 to 2003 workbook.
        Xls = "xls",
        /// An HTML page with a table, as many back-offices call `.xls`.
        HtmlTable = "html_table",
        /// Excel 2003 XML.
        SpreadsheetMl = "spreadsheet_ml",
        /// One JSON document.
        Json = "json",
        /// One JSON object a line.
        NdJson = "nd_json",
    }
}

codes! {
    /// What a column can hold (`sources.md` §5).
    Field {
        /// The platform's own id of the review.
        ExternalId = "external_id",
        /// Order number.
        OrderId = "order_id",
        /// Number of one item of an order.
        SubOrderId = "sub_order_id",
        /// Id the same review had before its author changed it.
        FormerId = "former_id",
        /// Id of the review that this one follows up.
        ParentId = "parent_id",
        /// Whether the row is a first review or a follow-up.
        Phase = "phase",
        /// The words of the review.
        Body = "body",
        /// What was liked.
        BodyPositive = "body_positive",
        /// What was not liked.
        BodyNegative = "body_negative",
        /// Title.
        Title = "title",
        /// The words of the follow-up 追评.
        AppendBody = "append_body",
        /// When the follow-up was written.
        AppendTime = "append_time",
        /// The overall rating.
        Rating = "rating",
        /// The rating of one aspect, named by its header.
        SubRating = "sub_rating",
        /// When it was written.
        Posted = "posted",
        /// When it last changed.
        Updated = "updated",
        /// The merchant's answer.
        Reply = "reply",
        /// When the merchant answered.
        ReplyTime = "reply_time",
        /// Product, dish or room.
        Product = "product",
        /// Variant, specification or SKU.
        Variant = "variant",
        /// The author as displayed.
        Author = "author",
        /// Shop or store.
        Shop = "shop",
        /// Where it was published.
        Channel = "channel",
        /// Links to pictures.
        Media = "media",
        /// Whether it is shown.
        Visibility = "visibility",
        /// Link to its page.
        Url = "url",
        /// Language code.
        Language = "language",
    }
}

/// One column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Column {
    /// Position in the file, from 0.
    pub index: u32,
    /// Its header as the file writes it; two header rows are joined by `/`.
    pub header: String,
    /// What it was taken for.
    pub field: Option<Field>,
    /// Up to five of its values.
    pub samples: Vec<String>,
    /// Its numbers were rounded by Excel, so they identify nothing (`sources.md` E12).
    pub damaged: bool,
}

/// All that a preview shows, and what [`crate::read`] follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What the bytes really are.
    pub format: Format,
    /// Encoding of a text file, by its display name (`GB18030`, `UTF-8`, `UTF-16LE`).
    pub encoding: Option<String>,
    /// Delimiter of delimited text.
    pub delimiter: Option<char>,
    /// How quotes are escaped in delimited text.
    pub quoting: Quoting,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// File inside an archive.
    pub member: Option<String>,
    /// Which family of exports it resembles, such as `generic.cn.takeaway`.
    pub profile: String,
    /// Where the reviews were published.
    pub channel: Channel,
    /// Whether the channel is beyond doubt, or a guess to show.
    pub channel_certain: bool,
    /// Row of the header as a spreadsheet shows it, from 1; 0 when there is none.
    pub header_row: u32,
    /// 1, or 2 where a group header stands over the header.
    pub header_rows: u32,
    /// Rows above the header.
    pub preamble_rows: u32,
    /// Scale the ratings are written in.
    pub scale: Scale,
    /// IANA zone of times that name none.
    pub zone: String,
    /// How numeric dates read, if the file has any that could be read both ways.
    pub date_order: Option<DateOrder>,
    /// The columns.
    pub columns: Vec<Column>,
    /// How many rows to expect, if it can be told.
    pub rows_estimate: Option<u64>,
    /// Size of the file.
    pub bytes: u64,
    /// The first ten reviews.
    pub preview: Vec<NewReview>,
    /// What a person must decide; empty means import without asking.
    pub questions: Vec<Question>,
    /// What to know before importing.
    pub warnings: Vec<Warning>,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
}

codes! {
    /// How quoted fields of delimited text escape a quote.
    Quoting {
        /// `""`, as RFC 4180.
        Doubled = "doubled",
        /// `\"`.
        Backslash = "backslash",
        /// Quotes mean nothing.
        Off = "off",
    }
}

codes! {
    /// What only a person can decide.
    QuestionCode {
        /// No header row was recognised: which column is what?
        NoHeader = "no_header",
        /// `03/04/2024`: day or month first?
        DateOrder = "date_order",
        /// Several columns have the same name or mean the same thing: which one?
        ColumnConflict = "column_conflict",
        /// Several sheets hold reviews: which one?
        Sheet = "sheet",
        /// Several files are in the archive: which one?
        Member = "member",
        /// The ratings fit no known scale: which one?
        Scale = "scale",
    }
}

/// A question that must be answered before the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Question {
    /// What is asked.
    pub code: QuestionCode,
    /// Which field it is about, for a column conflict.
    pub field: Option<Field>,
    /// Which columns it is about.
    pub columns: Vec<u32>,
    /// What can be answered: `dmy`/`mdy`, sheet names, member names, scales or headers.
    pub choices: Vec<String>,
    /// An example from the file.
    pub detail: String,
}

codes! {
    /// Something to know about a file or a row; the row was read all the same.
    WarningCode {
        /// Excel rounded the numbers of this id column; it identifies nothing.
        DamagedIds = "damaged_ids",
        /// Bytes that mean nothing in the file's encoding were replaced.
        BadBytes = "bad_bytes",
        /// A quoted field goes on after its closing quote.
        StrayQuote = "stray_quote",
        /// A quote that never closes; the row was read without quotes.
        UnbalancedQuote = "unbalanced_quote",
        /// More cells than headers; the rest is kept with the original row.
        ExtraCells = "extra_cells",
        /// A rating outside its scale, or not a rating.
        BadRating = "bad_rating",
        /// A time that could not be read; its text is kept.
        BadTime = "bad_time",
        /// A time more than a day ahead, or before 2000.
        OddTime = "odd_time",
        /// A time worked out from words such as 3天前 and the time of the import.
        RelativeTime = "relative_time",
        /// A date given as Excel's day number.
        SerialDate = "serial_date",
        /// A date without a year; the latest year that is not in the future was taken.
        NoYear = "no_year",
        /// Praise with one star, or abuse with five.
        Contradictory = "contradictory",
        /// The file ends in the middle of a character, a quoted field or a table.
        CutOff = "cut_off",
        /// Columns beyond the limit were left out.
        TooManyColumns = "too_many_columns",
        /// The same id or order occurs again in the file; the later row wins.
        RepeatedKey = "repeated_key",
        /// A link that is not a web address was dropped.
        UnsafeLink = "unsafe_link",
        /// A review written by the platform because the customer wrote none.
        SystemReview = "system_review",
        /// The text holds what looks like a phone number, an identity number or an address.
        PersonalData = "personal_data",
        /// The encoding could not be told for certain.
        UncertainEncoding = "uncertain_encoding",
        /// The sheet is hidden or empty and was passed over.
        SheetSkipped = "sheet_skipped",
    }
}

impl WarningCode {
    /// True where importing all the same loses something a person should know first (`sources.md` E12).
    pub const fn is_blocking(self) -> bool {
        matches!(self, WarningCode::DamagedIds)
    }
}

/// One kind of warning, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Warning {
    /// What happened.
    pub code: WarningCode,
    /// The first row it happened in.
    pub row: Option<u32>,
    /// How often.
    pub count: u32,
    /// The first instance: a header, a value, a name.
    pub detail: String,
}

codes! {
    /// Why a row did not become a review.
    RejectCode {
        /// Neither words nor a rating.
        NothingSaid = "nothing_said",
        /// Hardly any cell of the known columns is filled.
        AlmostEmpty = "almost_empty",
    }
}

/// A row that did not become a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Row in the file, from 1.
    pub row: u32,
    /// Why.
    pub code: RejectCode,
    /// What was missing.
    pub detail: String,
    /// Its cells, to download.
    pub cells: Vec<String>,
}

/// What [`crate::read`] hands to its sink.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A review.
    Review(Box<NewReview>),
    /// A row that is none.
    Rejected(RejectedRow),
    /// How far it is.
    Progress {
        /// Bytes of the file used so far.
        bytes_done: u64,
        /// Bytes of the file.
        bytes_total: u64,
    },
}

/// The result of [`crate::read`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Reviews handed to the sink, follow-ups included.
    pub read: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Sums, dashes and other lines under the table.
    pub footers: u64,
    /// What to know, by kind.
    pub warnings: Vec<Warning>,
    /// The sink stopped it.
    pub cancelled: bool,
}
