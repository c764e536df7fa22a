//! Reading a file the way its plan says.

use crate::{
    IngestError, archive,
    inspect::recipe_of,
    mapper::Mapper,
    plan::{Bytes, Format, Item, Options, Plan, Summary, WarningCode},
    source, workbook,
};
use std::{
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
    if let Some(member) = &plan.member {
        let mut inner = Cursor::new(archive::unpack(bytes, member)?);
        let total = inner.get_ref().len() as u64;
        return read_rows(plan, options, &mut inner, total, now_ms, sink);
    }
    read_rows(plan, options, bytes, total, now_ms, sink)
}

fn read_rows(
    plan: &Plan,
    options: &Options,
    bytes: &mut dyn Bytes,
    total: u64,
    now_ms: i64,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, IngestError> {
    if plan.format == Format::Xlsx {
        // The file can be another one of the same size.
        workbook::check_xlsx(bytes)?;
    }
    let recipe = recipe_of(plan, bytes)?;
    let mut mapper = Mapper::new(plan, options, now_ms)?;
    let mut rows = 0u64;
    let mut cancelled = false;
    let mut too_many = false;
    let mut last_row = 0;
    let tail = source::each_row(bytes, &recipe, &mut |record, done| {
        rows += 1;
        last_row = record.row;
        if rows > MAX_ROWS {
            too_many = true;
            return ControlFlow::Break(());
        }
        let mut flow = ControlFlow::Continue(());
        if rows % REPORT_EVERY == 1 {
            flow = sink(Item::Progress {
                bytes_done: done.min(total),
                bytes_total: total,
            });
        }
        if flow.is_continue() {
            flow = mapper.row(record, sink);
        }
        cancelled = flow.is_break();
        flow
    })?;
    if too_many {
        return Err(IngestError::TooManyRows { limit: MAX_ROWS });
    }
    if !cancelled {
        mapper.end();
        if tail.cut_off {
            mapper
                .warnings
                .add(WarningCode::CutOff, Some(last_row), String::new);
        }
        cancelled = sink(Item::Progress {
            bytes_done: total,
            bytes_total: total,
        })
        .is_break();
    }
    Ok(Summary {
        read: mapper.read,
        rejected: mapper.rejected,
        footers: mapper.footers,
        warnings: mapper.warnings.into_vec(),
        cancelled,
    })
}
