//! Takes the pictures of the README from the real window: `cargo run -p amends-tests --example pictures`.

use amends_tests::desktop::{Desktop, Home, Look};
use amends_tests::exports;
use amends_tests::programs::workspace_root;
use amends_tests::steps::{import, walk_through_the_welcome};
use amends_tests::window::by;
use std::time::Duration;

fn main() {
    for (look, name) in [(Look::Light, "inbox.png"), (Look::Dark, "inbox-dark.png")] {
        let (desktop, home) = (Desktop::sized(1440, 900), Home::new());
        let window = desktop.open_with(home.path(), look, &[]);
        walk_through_the_welcome(&window);
        let now = exports::now();
        let mut rows = exports::a_morning(now);
        let mut more = exports::rows(now - chrono::Duration::minutes(20), 60, 37);
        for (at, row) in more.iter_mut().enumerate() {
            row.order = format!("9{at:011}");
        }
        rows.extend(more);
        let file = exports::write_gb18030(home.path(), "外卖评价.csv", &rows);
        import(&desktop, &window, &file);
        window.click(&by("import-done"));
        desktop.fill_the_screen();
        window.wait_for(&by("inbox-row"));
        window.click(&by("inbox-row"));
        window.wait_for(&by("composer"));
        // Notices fade after a few seconds.
        std::thread::sleep(Duration::from_secs(9));
        let file = workspace_root().join("docs/pictures").join(name);
        desktop.picture(&file);
        println!("{}", file.display());
    }
}
