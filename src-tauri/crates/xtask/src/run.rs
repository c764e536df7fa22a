//! `cargo xtask run`: from a fresh clone to the open window.

use crate::shell::{Outcome, build_release, command, go, has, target_dir, workspace};
use crate::{system, ui};

/// Installs, builds, opens. Arguments after `--` go to the program.
pub fn run(args: &[String]) -> Outcome {
    // The development build by default: it is ready in half the time of a release build, the next start takes seconds,
    // `cargo xtask test` shares every compiled file with it, and dependencies and the reading, judging and storing of
    // reviews are optimised in it anyway (Cargo.toml, profile.dev).
    let release = args.first().is_some_and(|a| a == "--release");
    let pass: Vec<&String> = args.iter().skip_while(|a| *a != "--").skip(1).collect();
    system::setup(system::Need::Run)?;
    ui::packages()?;
    ui::build()?;
    if release {
        build_release()?;
    } else {
        // The whole workspace, not only the program: cargo then picks the same dependency features as the tests do.
        go(workspace("build").arg("--bins"))?;
    }
    let folder = if release { "release" } else { "debug" };
    let program = target_dir()
        .join(folder)
        .join(format!("amends-desktop{}", std::env::consts::EXE_SUFFIX));
    let headless = cfg!(target_os = "linux")
        && std::env::var_os("DISPLAY").is_none()
        && std::env::var_os("WAYLAND_DISPLAY").is_none();
    if headless {
        let hint = if has("xvfb-run") {
            ""
        } else {
            " (apt-get install xvfb)"
        };
        return Err(format!(
            "Amends is built, but there is no screen to open its window on: neither DISPLAY nor WAYLAND_DISPLAY is set.\n\
             On a desktop, start it from a terminal there; over ssh use `ssh -X`; for a screen nobody sees{hint}:\n  \
             xvfb-run -a dbus-run-session -- {}",
            program.display()
        ));
    }
    go(command(program).args(pass))
}
