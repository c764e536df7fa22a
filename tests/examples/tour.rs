//! Takes a picture of every screen of the real window, light and dark, into a folder, to be looked at by a person:
//! `cargo run -p amends-tests --example tour -- FOLDER`.

use amends_tests::desktop::{Desktop, Home, Look};
use amends_tests::exports;
use amends_tests::steps::{SCREENS, go_to, import, walk_through_the_welcome};
use amends_tests::window::by;
use std::{path::PathBuf, time::Duration};

fn main() {
    let folder: PathBuf = std::env::args().nth(1).expect("a folder").into();
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    for (look, name) in [(Look::Light, "light"), (Look::Dark, "dark")] {
        let (desktop, home) = (Desktop::start(), Home::new());
        let window = desktop.open_with(home.path(), look, &[]);
        walk_through_the_welcome(&window);
        let file = exports::write_gb18030(home.path(), "reviews.csv", &exports::a_picture_of_a_morning());
        import(&desktop, &window, &file);
        window.click(&by("import-done"));
        window.wait_for(&by("inbox-row"));
        for screen in SCREENS {
            go_to(&window, screen);
            std::thread::sleep(Duration::from_millis(2500));
            let file = folder.join(format!("{}-{name}.png", screen.replace('/', "-")));
            desktop.picture_of_window(&file);
            println!("{}", file.display());
        }
        window.quit();
    }
}
