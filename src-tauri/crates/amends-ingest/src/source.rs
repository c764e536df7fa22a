//! One way to go through the rows of every format.

use crate::{
    IngestError,
    delimited::{self, Dialect},
    json, markup,
    plan::{Bytes, Format},
    record::Record,
    text::{Counted, Decoded, Tick},
    workbook,
};
use encoding_rs::Encoding;
use std::{
    cell::Cell,
    io::{Seek, SeekFrom},
    ops::ControlFlow,
    rc::Rc,
};

/// Everything needed to cut a file into rows.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub format: Format,
    pub encoding: &'static Encoding,
    pub dialect: Dialect,
    pub sheet: Option<String>,
    /// For JSON, which has no header row: the paths that make the columns.
    pub paths: Vec<String>,
}

/// What was noticed at the end of the file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tail {
    pub cut_off: bool,
}

/// Calls `each` with every row that is not blank and the bytes used so far, until it breaks. A workbook must have
/// been checked before.
pub(crate) fn each_row(
    bytes: &mut dyn Bytes,
    recipe: &Recipe,
    tick: Tick<'_>,
    each: &mut dyn FnMut(&Record, u64) -> ControlFlow<()>,
) -> Result<Tail, IngestError> {
    bytes.seek(SeekFrom::Start(0))?;
    let (mut counted, done): (Counted<'_>, Rc<Cell<u64>>) = Counted::new(bytes, tick);
    counted.seek(SeekFrom::Start(0))?;
    let mut on_row = |record: &Record| each(record, done.get());
    match recipe.format {
        Format::Csv => {
            let mut text = Decoded::new(counted, recipe.encoding);
            delimited::each(&mut text, recipe.dialect, &mut on_row)?;
            Ok(Tail {
                cut_off: text.cut_off,
            })
        }
        Format::Xlsx => {
            workbook::each_xlsx(counted, recipe.sheet.as_deref().unwrap_or(""), &mut on_row)?;
            Ok(Tail::default())
        }
        Format::Xls => {
            let wanted = recipe.sheet.clone().unwrap_or_default();
            workbook::each_xls(counted, &mut |sheet, _, record| {
                if sheet == wanted {
                    on_row(record)
                } else {
                    ControlFlow::Break(())
                }
            })?;
            Ok(Tail::default())
        }
        Format::HtmlTable => {
            let cut_off = markup::each_html(Decoded::new(counted, recipe.encoding), &mut on_row)?;
            Ok(Tail { cut_off })
        }
        Format::SpreadsheetMl => {
            let wanted = recipe.sheet.clone().unwrap_or_default();
            markup::each_spreadsheet_ml(Decoded::new(counted, recipe.encoding), &mut |sheet, record| {
                if sheet == wanted {
                    on_row(record)
                } else {
                    ControlFlow::Continue(())
                }
            })?;
            Ok(Tail::default())
        }
        Format::Json | Format::NdJson => {
            let lines = recipe.format == Format::NdJson;
            json::each(
                Decoded::new(counted, recipe.encoding),
                lines,
                &recipe.paths,
                &mut on_row,
            )?;
            Ok(Tail::default())
        }
    }
}
