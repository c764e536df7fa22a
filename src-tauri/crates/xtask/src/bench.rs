//! `cargo xtask bench`: speed, measured on release builds and printed; never asserted.

use crate::shell::{Outcome, cargo, go};
use crate::{system, ui};

/// Builds in release and runs the measurements of `tests/benches/speed.rs`.
pub fn bench(args: &[String]) -> Outcome {
    system::setup(system::Need::Test)?;
    ui::packages()?;
    ui::build()?;
    // One selection for both steps: another one would choose other features, and compile everything once more.
    go(cargo().args(["build", "--release", "--workspace", "--bins", "--examples"]))?;
    go(cargo()
        .args(["bench", "--workspace", "--bench", "speed", "--"])
        .args(args))
}
