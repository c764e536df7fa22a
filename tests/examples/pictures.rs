//! Takes the pictures of the README from the real window: `cargo run -p amends-tests --example pictures`.

use amends_tests::desktop::{Desktop, Home, Look};
use amends_tests::exports;
use amends_tests::programs::workspace_root;
use amends_tests::steps::{import, walk_through_the_welcome};
use amends_tests::window::by;
use std::time::Duration;

fn main() {
    for (look, name) in [(Look::Light, "inbox.png"), (Look::Dark, "inbox-dark.png")] {
        let (desktop, home) = (Desktop::start(), Home::new());
        let window = desktop.open_with(home.path(), look, &[]);
        walk_through_the_welcome(&window);
        let file = exports::write_gb18030(home.path(), "reviews.csv", &exports::a_picture_of_a_morning());
        import(&desktop, &window, &file);
        window.click(&by("import-done"));
        window.click(&by("view-all"));
        window.wait_for("[data-tier=\"general\"], [data-tier=\"important\"]");
        window.click(&by("inbox-row"));
        window.wait_for(&by("composer"));
        // Notices fade after a few seconds.
        std::thread::sleep(Duration::from_secs(9));
        let file = workspace_root().join("docs/pictures").join(name);
        desktop.picture_of_window(&file);
        println!("{}", file.display());
    }
}
