//! Whatever the bytes, reading them breaks none of the promises of `tests/always`.

#![no_main]

#[path = "../../tests/always/mod.rs"]
mod always;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Option<f32>, &str)| always::holds(input.1, input.0));
