//! `cargo xtask bench`: speed, measured on release builds and printed; never asserted.

use crate::shell::{Outcome, build_release, cargo, go};
use crate::{system, ui};

/// Builds in release and runs the measurements of `tests/benches/speed.rs`.
pub fn bench(args: &[String]) -> Outcome {
    system::setup(system::Need::Test)?;
    ui::packages()?;
    ui::build()?;
    build_release()?;
    go(cargo()
        .args(["bench", "--workspace", "--bench", "speed", "--"])
        .args(args))
}
