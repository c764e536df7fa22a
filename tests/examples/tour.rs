//! Takes a picture of every screen of the real window, light and dark, into a folder, to be looked at by a person:
//! `cargo run -p amends-tests --example tour -- FOLDER [WIDTHxHEIGHT [ZOOM]]` (1440x900, 1).

use amends_tests::desktop::{Desktop, Home, Look};
use amends_tests::exports;
use amends_tests::steps::{SCREENS, go_to, import, walk_through_the_welcome};
use amends_tests::window::by;
use std::{path::PathBuf, time::Duration};

fn main() {
    let folder: PathBuf = std::env::args().nth(1).expect("a folder").into();
    let size = std::env::args().nth(2).unwrap_or_else(|| "1440x900".into());
    let (width, height) = size.split_once('x').expect("a size such as 1024x680");
    let (width, height) = (width.parse().expect("a width"), height.parse().expect("a height"));
    let zoom = std::env::args().nth(3).unwrap_or_else(|| "1".into());
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    for (look, name) in [(Look::Light, "light"), (Look::Dark, "dark")] {
        let (desktop, home) = (Desktop::sized(width, height), Home::new());
        let window = desktop.open_with(home.path(), look, &[]);
        walk_through_the_welcome(&window);
        let file = exports::write_gb18030(home.path(), "reviews.csv", &exports::a_picture_of_a_morning());
        import(&desktop, &window, &file);
        window.click(&by("import-done"));
        window.wait_for(&by("inbox-row"));
        for screen in SCREENS {
            go_to(&window, screen);
            window.script(
                "document.documentElement.style.zoom = arguments[0]",
                serde_json::json!([zoom]),
            );
            std::thread::sleep(Duration::from_millis(2500));
            let file = folder.join(format!("{}-{name}.png", screen.replace('/', "-")));
            desktop.picture_of_window(&file);
            println!("{}", file.display());
        }
        window.quit();
    }
}
