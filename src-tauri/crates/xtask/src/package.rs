//! `cargo xtask package`: a .deb for Debian 12, made with dpkg-deb from the release build.

use crate::shell::{Outcome, build_release, cargo, command, go, read, root, target_dir};
use crate::system::{self, Need};
use crate::ui;
use std::fs;
use std::path::Path;

const DESKTOP_ENTRY: &str = "\
[Desktop Entry]
Type=Application
Name=Amends
Name[zh_CN]=挽回
Name[zh_TW]=挽回
GenericName=Negative review desk
GenericName[zh_CN]=差评处理台
GenericName[zh_TW]=差評處理台
Comment=Answer every negative review in time
Comment[zh_CN]=每一条差评，按时、妥善地回应
Comment[zh_TW]=每一則差評，按時、妥善地回應
Exec=amends-desktop
Icon=amends
Terminal=false
Categories=Office;
StartupWMClass=amends-desktop
StartupNotify=true
";

/// Libraries opened by name at run time, which dpkg-shlibdeps cannot see.
const OPENED_BY_NAME: &str = "libayatana-appindicator3-1";

/// Builds in release and writes `target/package/amends_<version>_<arch>.deb`.
pub fn package() -> Outcome {
    system::setup(Need::Package)?;
    ui::packages()?;
    ui::build()?;
    build_release()?;

    let version = version()?;
    let arch = read(command("dpkg").arg("--print-architecture"))?
        .trim()
        .to_owned();
    let out = target_dir().join("package");
    let tree = out.join("tree");
    let said = |e: std::io::Error| format!("{}: {e}", tree.display());
    if tree.exists() {
        fs::remove_dir_all(&tree).map_err(said)?;
    }
    let built = target_dir().join("release");
    place(
        &built.join("amends-desktop"),
        &tree.join("usr/bin/amends-desktop"),
        0o755,
    )?;
    place(&built.join("amends-cli"), &tree.join("usr/bin/amends-cli"), 0o755)?;
    write(&tree.join("usr/share/applications/amends.desktop"), DESKTOP_ENTRY)?;
    let hicolor = tree.join("usr/share/icons/hicolor");
    for size in [16, 24, 32, 48, 64, 128, 256, 512] {
        let to = hicolor.join(format!("{size}x{size}/apps/amends.png"));
        place(&root().join(format!("icons/{size}x{size}.png")), &to, 0o644)?;
    }
    place(
        &root().join("icons/amends.svg"),
        &hicolor.join("scalable/apps/amends.svg"),
        0o644,
    )?;
    // Where tauri looks for resources: the picture beside a notification's words.
    let resources = tree.join("usr/lib/Amends/icons");
    place(
        &root().join("icons/128x128.png"),
        &resources.join("128x128.png"),
        0o644,
    )?;
    let doc = tree.join("usr/share/doc/amends");
    let licence = |name: &str| fs::read_to_string(root().join(name)).map_err(|e| format!("{name}: {e}"));
    let terms = format!("{}\n\n{}", licence("LICENSE-MIT")?, licence("LICENSE-APACHE")?);
    write(
        &doc.join("copyright"),
        &format!("Amends is licensed under MIT OR Apache-2.0.\n\n{terms}"),
    )?;
    place(
        &root().join("docs/guide.zh-CN.md"),
        &doc.join("guide.zh-CN.md"),
        0o644,
    )?;
    place(&root().join("docs/guide.en.md"), &doc.join("guide.en.md"), 0o644)?;

    let kib = read(command("du").args(["-sk", "--apparent-size"]).arg(&tree))?;
    let kib = kib.split_whitespace().next().unwrap_or("0").to_owned();
    let depends = depends(&out, &tree)?;
    let control = format!(
        "Package: amends\nVersion: {version}\nArchitecture: {arch}\nMaintainer: Amends contributors <amends@localhost>\n\
         Installed-Size: {kib}\nDepends: {depends}\nRecommends: fonts-noto-cjk, notification-daemon\n\
         Section: misc\nPriority: optional\n\
         Description: desk where negative reviews are answered in time (差评处理台)\n \
         Reads exported reviews, opens tickets with deadlines, rings for urgent ones\n \
         and leads through the answer. Everything stays on this computer.\n"
    );
    write(&tree.join("DEBIAN/control"), &control)?;
    let file = out.join(format!("amends_{version}_{arch}.deb"));
    // The package belongs to root whoever builds it.
    go(command("dpkg-deb")
        .args(["--build", "--root-owner-group"])
        .arg(&tree)
        .arg(&file))?;
    println!("{}", file.display());
    println!("install it with: sudo apt install {}", file.display());
    Ok(())
}

fn version() -> Outcome<String> {
    let metadata = read(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).map_err(|e| e.to_string())?;
    metadata["packages"]
        .as_array()
        .and_then(|all| all.iter().find(|p| p["name"] == "amends-desktop"))
        .and_then(|p| p["version"].as_str())
        .map(str::to_owned)
        .ok_or_else(|| "cargo metadata does not know amends-desktop".into())
}

/// What the two programs are linked to, as Debian names it.
fn depends(out: &Path, tree: &Path) -> Outcome<String> {
    // dpkg-shlibdeps insists on a debian/control in its folder.
    write(
        &out.join("debian/control"),
        "Source: amends\n\nPackage: amends\nArchitecture: any\n",
    )?;
    let mut shlibdeps = command("dpkg-shlibdeps");
    shlibdeps.current_dir(out).arg("-O");
    for program in ["amends-desktop", "amends-cli"] {
        shlibdeps.arg(format!("-e{}", tree.join("usr/bin").join(program).display()));
    }
    let found = read(&mut shlibdeps)?;
    let linked = found
        .trim()
        .strip_prefix("shlibs:Depends=")
        .unwrap_or_default()
        .to_owned();
    if linked.is_empty() {
        return Err(format!("dpkg-shlibdeps found no libraries: {found}"));
    }
    Ok(format!("{linked}, {OPENED_BY_NAME}"))
}

fn place(from: &Path, to: &Path, mode: u32) -> Outcome {
    let said = |e: std::io::Error| format!("{} → {}: {e}", from.display(), to.display());
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(said)?;
    }
    fs::copy(from, to).map_err(said)?;
    permit(to, mode).map_err(said)
}

fn write(to: &Path, words: &str) -> Outcome {
    let said = |e: std::io::Error| format!("{}: {e}", to.display());
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(said)?;
    }
    fs::write(to, words).map_err(said)?;
    permit(to, 0o644).map_err(said)
}

#[cfg(unix)]
fn permit(file: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn permit(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}
