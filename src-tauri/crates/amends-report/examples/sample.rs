//! Writes an invented weekly report as PDF, Excel and HTML: `cargo run -p amends-report --example sample -- FOLDER`.

#[path = "../tests/sample/mod.rs"]
#[allow(dead_code)]
mod sample;

use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("name a folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    for (name, document) in [("weekly", sample::weekly()), ("hostile", sample::hostile())] {
        let start = Instant::now();
        std::fs::write(folder.join(format!("{name}.pdf")), amends_report::pdf(&document)?)?;
        let pdf = start.elapsed();
        std::fs::write(
            folder.join(format!("{name}.xlsx")),
            amends_report::workbook(&document)?,
        )?;
        let xlsx = start.elapsed() - pdf;
        std::fs::write(
            folder.join(format!("{name}.html")),
            amends_report::html(&document),
        )?;
        println!("{name}: PDF {pdf:?}, Excel {xlsx:?}");
    }
    Ok(())
}
