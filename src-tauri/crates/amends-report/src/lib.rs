//! Rows and figures to documents: one sheet ([`Sheet`]), and a report ([`Document`]) that the window, PDF, Excel and
//! mail draw alike.

pub mod document;
mod html;
mod pdf;
mod sheet;
mod text;
mod workbook;

pub use document::Document;
pub use html::html;
pub use pdf::{PdfError, pdf};
pub use sheet::{Cell, Sheet, Style};
pub use workbook::workbook;
