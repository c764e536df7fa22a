//! `cargo xtask bench`: speed, measured on release builds and printed; never asserted.

use crate::shell::{Outcome, go, workspace};
use crate::{system, ui};

/// Builds in release and runs the measurements of `tests/benches/speed.rs`.
pub fn bench(args: &[String]) -> Outcome {
    system::setup(system::Need::Test)?;
    ui::packages()?;
    ui::build()?;
    go(workspace("build").args(["--release", "--bins", "--examples"]))?;
    go(workspace("bench").args(["--bench", "speed", "--"]).args(args))
}
