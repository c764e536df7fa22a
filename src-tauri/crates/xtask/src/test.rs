//! `cargo xtask test`: everything that must hold, on a machine that has nothing yet.

use crate::shell::{Outcome, cargo, command, go, npm, read, workspace};
use crate::{bindings, system, ui};
use std::time::Instant;

/// A suite's name, what it proves, and how it runs.
type Suite = (&'static str, &'static str, fn() -> Outcome);

/// Cheap ones first. All cargo calls select the whole workspace, so that every dependency is compiled once.
const SUITES: &[Suite] = &[
    ("format", "rustfmt finds nothing to change", || {
        go(cargo().args(["fmt", "--all", "--check"]))
    }),
    ("ui-lint", "the window's code follows its rules", || {
        npm_run("lint")
    }),
    ("ui-test", "the window's own tests", || npm_run("test")),
    ("ui-build", "the window builds", || npm_run("build")),
    ("clippy", "no lint speaks up", || {
        go(workspace("clippy").args(["--all-targets", "--", "-D", "warnings"]))
    }),
    (
        "build",
        "the workspace builds, the window's program with it",
        || go(workspace("build").arg("--all-targets")),
    ),
    (
        "bindings",
        "the window's bindings are those of the registered commands",
        bindings::check,
    ),
    (
        "rust",
        "rules, stories on SQLite and PostgreSQL, arrows, licences, command line",
        || go(workspace("test").args(["--tests", "--no-fail-fast", "--", "--skip", "journey_"])),
    ),
    (
        "journeys",
        "the real window under a real screen, bus and notification service",
        || {
            go(workspace("test").args([
                "--test",
                "window",
                "--no-fail-fast",
                "--",
                "--test-threads=1",
                "journey_",
            ]))
        },
    ),
];

/// Runs all suites, or the named ones, says how each ended, and fails if one did.
pub fn test(args: &[String]) -> Outcome {
    if args.iter().any(|a| a == "--list") {
        for (name, what, _) in SUITES {
            println!("{name:<10} {what}");
        }
        return Ok(());
    }
    if let Some(unknown) = args.iter().find(|a| !SUITES.iter().any(|(name, ..)| name == a)) {
        return Err(format!(
            "there is no suite `{unknown}`; `cargo xtask test --list` names them"
        ));
    }
    system::setup(system::Need::Test)?;
    for tool in ["fmt", "clippy"] {
        // Asked, not looked for: rustup puts a stand-in on the path for what is not installed.
        if read(cargo().args([tool, "--version"])).is_err() {
            go(command("rustup").args(["component", "add", "rustfmt", "clippy"]))
                .map_err(|why| format!("cargo {tool} is missing and could not be added: {why}"))?;
        }
    }
    ui::packages()?;
    // The program embeds the built window, whichever suites were asked for.
    if !args.is_empty() {
        ui::build()?;
    }
    let mut ended = Vec::new();
    for (name, _, suite) in SUITES
        .iter()
        .filter(|(name, ..)| args.is_empty() || args.iter().any(|a| a == name))
    {
        eprintln!("\n── {name}");
        let begun = Instant::now();
        let outcome = suite();
        // A full disk fails in many disguises; said here, it is one.
        eprintln!(
            "── {name}: {:.0} s, disk: {}",
            begun.elapsed().as_secs_f32(),
            system::room()
        );
        ended.push((name, begun.elapsed().as_secs_f32(), outcome));
    }
    println!();
    for (name, secs, outcome) in &ended {
        match outcome {
            Ok(()) => println!("ok      {name:<10} {secs:>7.1} s"),
            Err(why) => println!("FAILED  {name:<10} {secs:>7.1} s  {why}"),
        }
    }
    let failed = ended.iter().filter(|(_, _, outcome)| outcome.is_err()).count();
    println!("{} suites, {failed} failed", ended.len());
    if failed == 0 {
        Ok(())
    } else {
        Err("not everything holds".into())
    }
}

fn npm_run(script: &str) -> Outcome {
    go(&mut npm(&["run", script]))
}
