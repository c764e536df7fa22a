//! From the bytes of any export of reviews to [`NewReview`](amends_domain::NewReview) rows.
//!
//! [`inspect`] finds out by content what a file is and how it would be read; [`read`] follows that plan and hands
//! over one row after another. Nothing here knows a database, a window or the time of day, nothing is believed of
//! a file but its bytes, and no file makes it panic or hold more than a bounded amount of memory. The rules are
//! those of `sources.md` §4 to §7, whose edge cases are the names of the tests.

mod archive;
mod clean;
mod columns;
mod delimited;
mod error;
mod headers;
mod identity;
mod inspect;
mod json;
mod look;
mod mapper;
mod markup;
mod orders;
mod plan;
mod rating;
mod read;
mod record;
mod source;
mod text;
mod time;
mod workbook;
mod zh;

pub use error::IngestError;
pub use inspect::{MAX_BYTES, inspect};
pub use orders::{NewOrder, Orders, orders};
pub use plan::{
    Bytes, Column, ColumnChoice, DateOrder, Field, Format, Item, Options, Plan, Question, QuestionCode,
    Quoting, RejectCode, RejectedRow, Summary, Warning, WarningCode,
};
pub use read::{MAX_ROWS, read};
