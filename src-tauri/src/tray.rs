//! The tray icon: the next deadline as the first line of its menu, the number of overdue and soon-due tickets
//! drawn into it (Linux trays have neither tooltip nor click events).

use crate::{badge, desktop, show_window};
use amends_app::{
    App,
    dto::{InboxQuery, Locale, View},
    inbox, workspace,
};
use std::sync::atomic::{AtomicU32, Ordering};
use tauri::{
    AppHandle, Manager,
    image::Image,
    menu::{Menu, MenuItem, PredefinedMenuItem},
    tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent},
};

const ID: &str = "amends";

/// The menu's first line, changed as deadlines come and go, and the number that the icon shows.
struct NextLine(MenuItem<tauri::Wry>, AtomicU32);

/// The icon without a number.
fn icon() -> tauri::Result<Image<'static>> {
    Image::from_bytes(include_bytes!("../../icons/32x32.png"))
}

fn words(locale: Locale) -> [&'static str; 3] {
    match locale {
        Locale::ZhCn => ["打开挽回", "退出（不再提醒）", "没有待处理的时限"],
        Locale::ZhTw => ["打開挽回", "結束（不再提醒）", "沒有待處理的時限"],
        Locale::En => ["Open Amends", "Quit (no more alerts)", "No deadline running"],
    }
}

/// Builds the tray icon. False where the desktop has no tray host or refuses.
pub fn build(handle: &AppHandle, app: &App) -> tauri::Result<bool> {
    if !desktop::has_tray_host() {
        return Ok(false);
    }
    let locale = tauri::async_runtime::block_on(workspace::get(app))
        .map_or(Locale::ZhCn, |workspace| workspace.locale);
    let [open, quit, nothing] = words(locale);
    let next = MenuItem::with_id(handle, "next", nothing, true, None::<&str>)?;
    let menu = Menu::with_items(
        handle,
        &[
            &next,
            &PredefinedMenuItem::separator(handle)?,
            &MenuItem::with_id(handle, "open", open, true, None::<&str>)?,
            &MenuItem::with_id(handle, "quit", quit, true, None::<&str>)?,
        ],
    )?;
    let built = TrayIconBuilder::with_id(ID)
        .icon(icon()?)
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|handle, event| match event.id().as_ref() {
            "quit" => handle.exit(0),
            _ => show_window(handle),
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                show_window(tray.app_handle());
            }
        })
        .build(handle);
    if let Err(error) = built {
        eprintln!("amends: no tray icon: {error}");
        return Ok(false);
    }
    handle.manage(NextLine(next, AtomicU32::new(0)));
    Ok(true)
}

/// Brings the tray up to date.
pub async fn refresh(handle: &AppHandle, app: &App) {
    let (Some(tray), Some(line)) = (handle.tray_by_id(ID), handle.try_state::<NextLine>()) else {
        return;
    };
    let query = InboxQuery {
        view: View::Mine,
        limit: 1,
        ..InboxQuery::default()
    };
    let (Ok(counts), Ok(page), Ok(workspace)) = (
        inbox::counts(app).await,
        inbox::page(app, &query).await,
        workspace::get(app).await,
    ) else {
        return;
    };
    let text = amends_app::inbox::next_line(&page, &workspace)
        .unwrap_or_else(|| words(workspace.locale)[2].to_owned());
    let _ = line.0.set_text(text);
    let pressing = counts.overdue + counts.due_1h;
    // Drawn only when it changes: every new picture is a file for the tray's host.
    if line.1.swap(pressing, Ordering::Relaxed) != pressing {
        let _ = tray.set_icon(icon().ok().map(|icon| badge::draw(&icon, pressing)));
        let _ = tray.set_title((pressing > 0).then(|| pressing.to_string()));
    }
}
