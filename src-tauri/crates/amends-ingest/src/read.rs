//! Reading a file the way its plan says.

use crate::{
    IngestError, archive,
    inspect::recipe_of,
    mapper::Mapper,
    plan::{Bytes, Format, Item, Options, Plan, Summary, WarningCode},
    source, workbook,
};
use std::{
    cell::{Cell, RefCell},
    io::{Cursor, SeekFrom},
    ops::ControlFlow,
};

/// More rows than this are refused, so that the keys of one import stay small in memory.
pub const MAX_ROWS: u64 = 2_000_000;
/// Rows between two reports of progress: some milliseconds of work, even unoptimised.
const REPORT_EVERY: u64 = 128;

/// Reads every row and hands it to `sink`, in the order of the file. Breaking from the sink stops at once.
///
/// # Errors
/// [`IngestError::Undecided`] while the plan has questions, [`IngestError::Changed`] when the file is not the one
/// that was inspected, and whatever breaks on the way; rows handed over before an error are to be dropped.
pub fn read(
    plan: &Plan,
    options: &Options,
    bytes: &mut dyn Bytes,
    now_ms: i64,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, IngestError> {
    if !plan.questions.is_empty() {
        return Err(IngestError::Undecided(plan.questions.clone()));
    }
    let total = bytes.seek(SeekFrom::End(0))?;
    if total != plan.bytes {
        return Err(IngestError::Changed);
    }
    let mapper = Mapper::new(plan, options, now_ms)?;
    match &plan.member {
        None => read_rows(plan, bytes, total, mapper, sink),
        Some(member) => {
            let mut inner = Cursor::new(archive::unpack(bytes, member)?);
            let total = inner.get_ref().len() as u64;
            read_rows(plan, &mut inner, total, mapper, sink)
        }
    }
}

fn read_rows(
    plan: &Plan,
    bytes: &mut dyn Bytes,
    total: u64,
    mut mapper: Mapper,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, IngestError> {
    // The rows and the reader under them report in turn, never at once.
    let sink = RefCell::new(sink);
    let stopped = Cell::new(false);
    let offer = |item: Item| {
        let flow = (sink.borrow_mut())(item);
        if flow.is_break() {
            stopped.set(true);
        }
        flow
    };
    let progress = |done: u64| {
        offer(Item::Progress {
            bytes_done: done.min(total),
            bytes_total: total,
        })
    };
    let mut rows = 0u64;
    let mut last_row = 0;
    let mut walk = || {
        if plan.format == Format::Xlsx {
            // Again, because the file can be another one of the same size. It counts as no progress.
            workbook::check_xlsx(bytes, &|_| progress(0))?;
        }
        let recipe = recipe_of(plan, bytes)?;
        source::each_row(bytes, &recipe, &progress, &mut |record, done| {
            rows += 1;
            last_row = record.row;
            if rows > MAX_ROWS {
                return ControlFlow::Break(());
            }
            if rows % REPORT_EVERY == 1 {
                progress(done)?;
            }
            mapper.row(record, &mut |item| offer(item))
        })
    };
    match walk() {
        // However the stop came out of the library in between.
        _ if stopped.get() => {}
        Err(e) => return Err(e),
        Ok(_) if rows > MAX_ROWS => return Err(IngestError::TooManyRows { limit: MAX_ROWS }),
        Ok(tail) => {
            mapper.end();
            if tail.cut_off {
                mapper
                    .warnings
                    .add(WarningCode::CutOff, Some(last_row), String::new);
            }
            let _ = progress(total);
        }
    }
    Ok(Summary {
        read: mapper.read,
        rejected: mapper.rejected,
        footers: mapper.footers,
        warnings: mapper.warnings.into_vec(),
        cancelled: stopped.get(),
    })
}
