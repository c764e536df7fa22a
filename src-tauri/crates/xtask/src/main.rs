//! Project tasks: `cargo xtask help` lists them. Uses only std and serde_json, so that it compiles in seconds.

mod bench;
mod bindings;
mod classify;
mod icons;
mod package;
mod run;
mod shell;
mod system;
mod test;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
Amends 挽回: project tasks

  cargo xtask run [--release] [-- ARGS]   install what is missing, build, open the window
  cargo xtask test [SUITE …]              every check and test (names the suites: cargo xtask test --list)
  cargo xtask setup [--test]              only install what building (or also testing) needs
  cargo xtask bench [--rows N] [--only import|classify|report|window] [--year DIR]
                                          speed on release builds: import, classification, reports, inbox, start
  cargo xtask bench classify [--data DIR] reading reviews: accuracy and speed beside SnowNLP and fastText
  cargo xtask train --data DIR            fit the shipped weights anew and write docs/model-card.md
  cargo xtask package                     target/package/amends_<version>_<arch>.deb
  cargo xtask bindings                    write ui/src/ipc/bindings.ts from the Rust commands
  cargo xtask icons                       draw the icon sizes from icons/*.svg
  cargo xtask help                        this text

Tested on Debian 12. On other systems `setup` names what is missing and the command that installs it.
Build results go to target/ (or CARGO_TARGET_DIR).
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = args
        .split_first()
        .map_or(("help", &[][..]), |(t, r)| (t.as_str(), r));
    let outcome = match task {
        "run" => run::run(rest),
        "test" => test::test(rest),
        "setup" => system::setup(if rest.iter().any(|a| a == "--test") {
            system::Need::Test
        } else {
            system::Need::Run
        }),
        "bench" if rest.first().is_some_and(|a| a == "classify") => classify::bench(&rest[1..]),
        "bench" => bench::bench(rest),
        "train" => classify::train(rest),
        "package" => package::package(),
        "bindings" => bindings::write(),
        "icons" => icons::draw(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no task `{other}`\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask {task}: {why}");
            ExitCode::FAILURE
        }
    }
}
