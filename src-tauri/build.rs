//! Embeds the window and its configuration.

fn main() {
    tauri_build::build();
}
