//! An empty window: the floor under Amends' own start, measured beside it by `cargo xtask bench`.

fn main() {
    let ran = tauri::Builder::default()
        .setup(|app| {
            let nothing = tauri::WebviewUrl::External("about:blank".parse()?);
            tauri::WebviewWindowBuilder::new(app, "main", nothing)
                .title("empty")
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!());
    if let Err(error) = ran {
        eprintln!("{error}");
    }
}
