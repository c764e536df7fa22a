//! Draws every icon size from the two SVG sources.

use crate::shell::{Outcome, command, go, root};
use crate::system::{self, Need};

const SIZES: &[u32] = &[16, 24, 32, 48, 64, 128, 256, 512];

/// Writes `icons/<n>x<n>.png`, `icons/icon.png`, `icons/icon.ico` and `icons/tray.png`.
pub fn draw() -> Outcome {
    system::setup(Need::Package)?;
    let icons = root().join("icons");
    let png = |source: &str, size: u32, name: &str| {
        let side = size.to_string();
        go(command("rsvg-convert")
            .args(["-w", &side, "-h", &side, "-o"])
            .arg(icons.join(name))
            .arg(icons.join(source)))
    };
    for size in SIZES {
        // Small sizes have a drawing of their own: fewer, heavier strokes.
        let source = if *size <= 32 {
            "amends-small.svg"
        } else {
            "amends.svg"
        };
        png(source, *size, &format!("{size}x{size}.png"))?;
    }
    png("amends.svg", 512, "icon.png")?;
    png("tray.svg", 32, "tray.png")?;
    let mut ico = command("convert");
    for size in SIZES.iter().filter(|size| **size <= 256) {
        ico.arg(icons.join(format!("{size}x{size}.png")));
    }
    go(ico.arg(icons.join("icon.ico")))
}
