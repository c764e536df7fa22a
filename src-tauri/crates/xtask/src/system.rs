//! System packages: finds what is missing and installs it on Debian; names the command elsewhere.

use crate::shell::{Outcome, command, go, has, read};
use std::fs;

/// What the packages are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Building and opening the window.
    Run,
    /// Also testing it: a screen, a browser driver, a bus, a database server.
    Test,
    /// Also drawing icons and making packages.
    Package,
}

const RUN: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-1",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
    "dbus",
];
const TEST: &[&str] = &[
    "xvfb",
    "webkit2gtk-driver",
    "openbox",
    "xdotool",
    "imagemagick",
    "at-spi2-core",
    "postgresql-15",
    "strace",
    "iproute2",
    "poppler-utils",
];
const PACKAGE: &[&str] = &["librsvg2-bin", "imagemagick", "dpkg-dev"];

/// Other systems: how to recognise them (`ID` or `ID_LIKE` in os-release), the command, and what to install.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "fedora",
        "sudo dnf install gcc pkgconf-pkg-config webkit2gtk4.1-devel libappindicator-gtk3 google-noto-sans-cjk-fonts",
    ),
    (
        "suse",
        "sudo zypper install gcc pkgconf-pkg-config webkit2gtk3-devel libayatana-appindicator3-1 google-noto-sans-sc-fonts",
    ),
    (
        "arch",
        "sudo pacman -S --needed base-devel webkit2gtk-4.1 libayatana-appindicator noto-fonts-cjk",
    ),
];

/// Installs what is missing, or says exactly what it is and how to get it.
pub fn setup(need: Need) -> Outcome {
    programs()?;
    if cfg!(target_os = "macos") {
        return if has("cc") {
            Ok(())
        } else {
            Err("the compiler is missing: xcode-select --install".into())
        };
    }
    if cfg!(windows) {
        // Cargo could not have built this task without a linker; WebView2 comes with Windows 11.
        eprintln!("If the window stays empty: winget install Microsoft.EdgeWebView2Runtime");
        return Ok(());
    }
    if !has("dpkg-query") || !has("apt-get") {
        return elsewhere();
    }
    let mut wanted = RUN.to_vec();
    if need == Need::Test {
        wanted.extend(TEST);
    }
    if need == Need::Package {
        wanted.extend(PACKAGE);
    }
    let missing: Vec<&str> = wanted.into_iter().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!(
        "Installing with apt-get what this system does not have yet: {}",
        missing.join(" ")
    );
    if missing.contains(&"postgresql-15") {
        keep_debian_from_starting_a_database()?;
    }
    let install = ["install", "-y", "--no-install-recommends"];
    // A fresh system knows no package lists and an old one outdated ones. Without a network the old ones may still do.
    if let Err(why) = go(as_root("apt-get")?.arg("update")) {
        eprintln!("{why}; going on with the package lists that are here");
    }
    go(as_root("apt-get")?.args(install).args(&missing))?;
    let left: Vec<&str> = missing
        .into_iter()
        .filter(|package| !installed(package))
        .collect();
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("still missing after apt-get: {}", left.join(" ")))
    }
}

/// How much room is left where the project is built, in words.
pub fn room() -> String {
    let table = read(command("df").args(["-hP", "."])).unwrap_or_default();
    let left = table
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(3));
    left.map_or_else(|| "not known".into(), |left| format!("{left} left"))
}

fn installed(package: &str) -> bool {
    read(command("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]))
        .is_ok_and(|s| s == "installed")
}

fn as_root(program: &str) -> Outcome<std::process::Command> {
    let root = read(command("id").arg("-u"))?.trim() == "0";
    let mut it = if root {
        command("env")
    } else if has("sudo") {
        eprintln!("(needs the administrator's rights: sudo may ask for your password)");
        let mut sudo = command("sudo");
        sudo.arg("env");
        sudo
    } else {
        return Err(format!(
            "`{program}` needs the administrator's rights and there is no sudo: run it as root"
        ));
    };
    it.arg("DEBIAN_FRONTEND=noninteractive").arg(program);
    Ok(it)
}

/// Debian's package would create and start a server of its own; the tests make throw-away ones.
fn keep_debian_from_starting_a_database() -> Outcome {
    let script = "mkdir -p /etc/postgresql-common && \
        { test -e /etc/postgresql-common/createcluster.conf || \
          echo create_main_cluster=false > /etc/postgresql-common/createcluster.conf; }";
    go(as_root("sh")?.args(["-c", script]))
}

fn programs() -> Outcome {
    let mut missing = Vec::new();
    if !has("node") || !has(if cfg!(windows) { "npm.cmd" } else { "npm" }) {
        missing.push("Node.js 20 or newer with npm (https://nodejs.org, brew install node, winget install OpenJS.NodeJS.LTS)");
    } else {
        let version = read(command("node").arg("--version"))?;
        let major = version
            .trim()
            .trim_start_matches('v')
            .split('.')
            .next()
            .and_then(|n| n.parse::<u32>().ok());
        if major.is_none_or(|n| n < 20) {
            return Err(format!(
                "Node.js 20 or newer is needed, here is {}",
                version.trim()
            ));
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("missing: {}", missing.join("; ")))
    }
}

fn elsewhere() -> Outcome {
    if has("pkg-config")
        && read(command("pkg-config").args(["--exists", "webkit2gtk-4.1"])).is_ok()
        && has("cc")
    {
        return Ok(());
    }
    let release = fs::read_to_string("/etc/os-release")
        .unwrap_or_default()
        .to_lowercase();
    let ids: Vec<&str> = release
        .lines()
        .filter_map(|l| l.strip_prefix("id=").or_else(|| l.strip_prefix("id_like=")))
        .collect();
    let found = ELSEWHERE
        .iter()
        .find(|(id, _)| ids.iter().any(|line| line.contains(id)));
    let how = found.map_or(
        "a C compiler, pkg-config and the development files of WebKitGTK 4.1 (webkit2gtk-4.1)".to_owned(),
        |(_, line)| (*line).to_owned(),
    );
    Err(format!(
        "this system is not Debian, so nothing was installed. Missing: a C compiler, pkg-config or webkit2gtk-4.1. Install it with\n  {how}"
    ))
}
