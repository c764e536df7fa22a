//! A [`Document`] on A4 paper, typeset by typst with fonts of our own (docs/adr/0012).
//!
//! The template is fixed; the document reaches it as a file of data. Nothing a customer wrote is read as markup.

mod chart;
mod plan;

use crate::document::Document;
use std::sync::OnceLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

const TEMPLATE: &str = include_str!("report.typ");
/// Text faces, and a face of emoji for what they lack.
const FONTS: [&[u8]; 3] = [
    include_bytes!("../../fonts/NotoSansCJKsc-Regular.otf"),
    include_bytes!("../../fonts/NotoSansCJKsc-Bold.otf"),
    include_bytes!("../../fonts/NotoEmoji-Regular.ttf"),
];

/// Why there is no PDF: a fault of the program, never of what the document says.
#[derive(Debug, thiserror::Error)]
#[error("the report could not be typeset: {0}")]
pub struct PdfError(String);

/// The document as a PDF file: A4, text that can be selected and searched, tagged, with bookmarks.
///
/// The same document gives the same bytes. Takes a second of computing for a weekly report: call it off the threads
/// that serve the window.
///
/// # Errors
/// Where the typesetter fails.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PdfError> {
    let data = serde_json::to_vec(&plan::plan(document)).map_err(|e| PdfError(e.to_string()))?;
    let press = press()?;
    let sheet = Sheet {
        press,
        data: Bytes::new(data),
    };
    let made = typst::compile::<PagedDocument>(&sheet)
        .output
        .map_err(|e| first(&e))
        .and_then(|pages| {
            let options = PdfOptions {
                creator: Smart::Custom(Some("Amends".into())),
                ..PdfOptions::default()
            };
            typst_pdf::pdf(&pages, &options).map_err(|e| first(&e))
        });
    // The typesetter remembers what it has laid out; customers' words are not to stay in memory.
    typst::comemo::evict(0);
    made
}

fn first(faults: &EcoVec<SourceDiagnostic>) -> PdfError {
    PdfError(
        faults
            .first()
            .map_or_else(String::new, |fault| fault.message.to_string()),
    )
}

/// What every report shares: parsed once.
struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    data: FileId,
}

fn press() -> Result<&'static Press, PdfError> {
    static PRESS: OnceLock<Result<Press, String>> = OnceLock::new();
    let file = |path: &str| {
        VirtualPath::new(path)
            .map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
            .map_err(|e| format!("{e:?}"))
    };
    PRESS
        .get_or_init(|| {
            let fonts: Vec<Font> = FONTS
                .into_iter()
                .filter_map(|data| Font::new(Bytes::new(data), 0))
                .collect();
            Ok(Press {
                library: LazyHash::new(Library::default()),
                book: LazyHash::new(FontBook::from_fonts(&fonts)),
                fonts,
                template: Source::new(file("/report.typ")?, TEMPLATE.into()),
                data: file("/report.json")?,
            })
        })
        .as_ref()
        .map_err(|e| PdfError(e.clone()))
}

/// One report's world: the template, its data, our fonts, and nothing else.
struct Sheet {
    press: &'static Press,
    data: Bytes,
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.press.template.id() {
            Ok(self.press.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.press.data {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
