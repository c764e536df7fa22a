//! The desktop shell: one window, one tray icon, notifications, and the list of commands. No rule lives here.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod autostart;
mod badge;
mod commands;
mod desktop;
mod events;
mod notify;
mod tray;

use amends_app::dto::{Tag, WorkspaceView};
use amends_app::{App, AppEvent, Setup, SystemClock, intake, scheduler, workspace};
use notify::DesktopNotifier;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tauri::{AppHandle, DragDropEvent, Manager, WebviewUrl, WebviewWindowBuilder, WindowEvent};
use tauri_specta::{Event, collect_commands, collect_events};
use tokio_util::sync::CancellationToken;

/// An import hands many small texts from thread to thread, where the system's allocator takes a fifth of the time
/// (docs/adr/0008).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Label of the only window.
const WINDOW: &str = "main";

fn main() {
    let mut data = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--export-bindings" => {
                let target = arguments
                    .next()
                    .unwrap_or_else(|| "ui/src/ipc/bindings.ts".to_owned());
                if let Err(error) = export_bindings(&target) {
                    fail(&format!("bindings: {error}"));
                }
                return;
            }
            "--data" => data = arguments.next().map(PathBuf::from),
            "--version" => return println!("amends-desktop {}", env!("CARGO_PKG_VERSION")),
            _ => {}
        }
    }
    if let Err(error) = run(data) {
        fail(&error.to_string());
    }
}

/// Ends with a sentence on stderr; there is no window yet that could say it.
fn fail(message: &str) -> ! {
    eprintln!("amends: {message}");
    std::process::exit(1);
}

fn bridge() -> tauri_specta::Builder<tauri::Wry> {
    tauri_specta::Builder::<tauri::Wry>::new()
        // One type per name: the window sends and receives the same shapes.
        .disable_serde_phases()
        .commands(collect_commands![
            commands::workspace_get,
            commands::workspace_update,
            commands::person_sit_down,
            commands::person_stand_up,
            commands::notification_test,
            commands::sample_load,
            commands::sample_remove,
            commands::import_choose,
            commands::import_inspect,
            commands::import_start,
            commands::import_progress,
            commands::import_cancel,
            commands::batch_list,
            commands::batch_undo,
            commands::batch_restore,
            commands::rejected_save,
            commands::inbox_counts,
            commands::inbox_page,
            commands::inbox_export,
            commands::ticket_get,
            commands::ticket_open,
            commands::draft_save,
            commands::ticket_reply,
            commands::ticket_note,
            commands::ticket_correct,
            commands::ticket_dismiss,
            commands::ticket_status,
            commands::ticket_offer_solution,
            commands::ticket_resolve,
            commands::ticket_close,
            commands::ticket_reopen,
            commands::ticket_assign,
            commands::ticket_undo,
            commands::review_page,
            commands::review_get,
            commands::alert_list,
            commands::alert_seen,
            commands::reading_get,
            commands::keywords_save,
            commands::learning_switch,
            commands::learning_reset,
            commands::learning_restore,
            commands::backup_list,
            commands::backup_now,
            commands::backup_restore,
            commands::backup_restore_file,
            commands::backup_save_copy,
            commands::ticket_why,
            commands::ticket_take_back,
            commands::alert_acknowledge,
            commands::alert_snooze,
            commands::alert_rules_get,
            commands::alert_rules_save,
            commands::meeting_mode,
            commands::sound_test,
            commands::promise_get,
            commands::promise_preview,
            commands::promise_save,
            commands::calendar_list,
            commands::calendar_get,
            commands::calendar_year,
            commands::calendar_preview,
            commands::calendar_save,
            commands::calendar_forget,
            commands::calendar_import_choose,
            commands::holiday_get,
            commands::holiday_choose,
            commands::holiday_save,
            commands::shift_get,
            commands::shift_save,
            commands::roster_set,
            commands::roster_rotate,
            commands::oncall_set,
            commands::absence_add,
            commands::absence_remove,
            commands::handover_save,
            commands::bot_list,
            commands::bot_save,
            commands::bot_remove,
            commands::bot_test,
            commands::today_get,
            commands::report_prepare,
            commands::report_get,
            commands::report_themes,
            commands::report_tickets,
            commands::report_save,
            commands::report_archive,
            commands::report_archived,
            commands::report_archived_save,
            commands::report_schedule,
            commands::report_schedule_save,
            commands::improvement_list,
            commands::improvement_save,
            commands::improvement_step,
            commands::lesson_list,
            commands::lesson_add,
            commands::orders_import,
            commands::person_update,
            commands::assignment_get,
            commands::assignment_save,
        ])
        .events(collect_events![
            events::Changed,
            events::OpenTicket,
            events::OpenReport,
            events::FilesDropped,
            events::DragHover,
            events::AlertRaised,
            events::ClosingToTray,
            events::SoundPlay
        ])
}

/// Writes the window's typed view of the commands; CI compares it with the committed file.
fn export_bindings(target: &str) -> Result<(), String> {
    bridge()
        .export(
            specta_typescript::Typescript::default()
                .header("// Generated by `cargo xtask bindings`. Do not edit.\n"),
            target,
        )
        .map_err(|error| error.to_string())
}

fn run(data: Option<PathBuf>) -> tauri::Result<()> {
    let bridge = bridge();
    let handler = bridge.invoke_handler();
    let mut builder = tauri::Builder::default();
    // Without a session bus there is no way to find the first window, and the plugin would refuse to start.
    if desktop::has_session_bus() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|handle, _, _| {
            show_window(handle)
        }));
    }
    builder
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(handler)
        .setup(move |tauri_app| {
            bridge.mount_events(tauri_app);
            let handle = tauri_app.handle().clone();
            let folder = match data {
                Some(folder) => folder,
                None => handle.path().app_data_dir()?,
            };
            let notifier = Arc::new(DesktopNotifier::default());
            notifier.attach(&handle)?;
            let setup = Setup {
                folder,
                clock: Arc::new(SystemClock),
                notifier,
            };
            let app = match tauri::async_runtime::block_on(App::open(setup)) {
                Ok(app) => app,
                Err(error) => {
                    tell_that_it_cannot_open(&handle, &error);
                    return Ok(());
                }
            };
            tauri_app.manage(app.clone());
            app.set_has_tray(tray::build(&handle, &app)?);
            if let Some(entry) = autostart::Entry::of_this_user() {
                app.set_autostart(Arc::new(entry));
            }
            open_window(&handle, &app)?;
            listen(&handle, &app);
            tauri::async_runtime::spawn(scheduler::run(app, CancellationToken::new()));
            Ok(())
        })
        .run(tauri::generate_context!())
}

/// The data cannot be opened: say why, keep everything as it is, and end.
fn tell_that_it_cannot_open(handle: &AppHandle, error: &amends_app::AppError) {
    use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
    eprintln!(
        "amends: {} ({})",
        error.message,
        error.detail.clone().unwrap_or_default()
    );
    let ending = handle.clone();
    handle
        .dialog()
        .message(error.message.clone())
        .title("挽回")
        .kind(MessageDialogKind::Error)
        .show(move |_| ending.exit(1));
}

fn open_window(handle: &AppHandle, app: &App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(handle, WINDOW, WebviewUrl::default())
        .title("挽回")
        .inner_size(1280.0, 820.0)
        .min_inner_size(1024.0, 680.0)
        .build()?;
    let (handle, app) = (handle.clone(), app.clone());
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            close_to_tray(&handle, &app);
        }
        WindowEvent::DragDrop(DragDropEvent::Enter { .. }) => hover(&handle, true),
        WindowEvent::DragDrop(DragDropEvent::Leave) => hover(&handle, false),
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => {
            hover(&handle, false);
            let files = paths
                .iter()
                .filter_map(|path| intake::pick(&app, path).ok())
                .collect();
            let _ = events::FilesDropped { files }.emit(&handle);
        }
        _ => {}
    });
    Ok(())
}

fn hover(handle: &AppHandle, over: bool) {
    let _ = events::DragHover { over }.emit(handle);
}

/// The explanation was asked for in this run: the next close goes through, whatever the window made of it.
static EXPLAINED: AtomicBool = AtomicBool::new(false);

/// Closing keeps watching: hidden with a tray, minimised without one. The first time the window says so and stays.
fn close_to_tray(handle: &AppHandle, app: &App) {
    let (handle, app) = (handle.clone(), app.clone());
    tauri::async_runtime::spawn(async move {
        let Some(window) = handle.get_webview_window(WINDOW) else {
            return;
        };
        let workspace = workspace::get(&app).await;
        let unexplained = |workspace: &WorkspaceView| workspace.welcomed && !workspace.close_explained;
        if workspace.as_ref().is_ok_and(unexplained) && !EXPLAINED.swap(true, Ordering::Relaxed) {
            let _ = events::ClosingToTray {}.emit(&handle);
            return;
        }
        let has_tray = workspace.is_ok_and(|workspace| workspace.has_tray) && desktop::has_tray_host();
        let _ = if has_tray {
            window.hide()
        } else {
            window.minimize()
        };
    });
}

/// Brings the window to the front, from the tray or from behind.
pub(crate) fn show_window(handle: &AppHandle) {
    if let Some(window) = handle.get_webview_window(WINDOW) {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Passes on what the program tells its windows.
fn listen(handle: &AppHandle, app: &App) {
    let (handle, app, mut heard) = (handle.clone(), app.clone(), app.subscribe());
    tauri::async_runtime::spawn(async move {
        loop {
            let event = match heard.recv().await {
                Ok(event) => event,
                // A burst was missed: everything may have changed.
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {
                    AppEvent::Changed(Tag::ALL.to_vec())
                }
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
            };
            match event {
                AppEvent::Changed(tags) => {
                    tray::refresh(&handle, &app).await;
                    let _ = events::Changed { tags }.emit(&handle);
                }
                AppEvent::Sound(sound) => {
                    let _ = events::SoundPlay { sound }.emit(&handle);
                }
                AppEvent::AlertRaised(alert) => {
                    show_window(&handle);
                    let _ = events::AlertRaised { alert: *alert }.emit(&handle);
                }
            }
        }
    });
}
