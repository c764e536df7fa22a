//! A desktop nobody sees: screen, window manager, session bus and notification service, all private to one test.

use crate::notifications::Notifications;
use crate::programs;
use crate::tray::Tray;
use crate::window::Window;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

static WINDOWS: AtomicU32 = AtomicU32::new(1);

/// A child that ends, with everything it started, when the test lets go of it.
pub struct Kept {
    child: Child,
    display: String,
}

impl Kept {
    pub(crate) fn display(&self) -> &str {
        &self.display
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill")
            .args(["-9", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.child.wait();
    }
}

/// Light or dark, as the desktop's theme says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Light theme.
    Light,
    /// Dark theme.
    Dark,
}

/// The desktop.
pub struct Desktop {
    /// The notification service.
    pub notifications: Notifications,
    /// The tray, on desktops that have one.
    pub tray: Option<Tray>,
    display: String,
    bus: String,
    folder: TempDir,
    // Ended in this order: what draws before what it draws on.
    _openbox: Kept,
    _bus: Kept,
    _screen: Kept,
}

impl Desktop {
    /// Starts one of 1440×900.
    pub fn start() -> Desktop {
        Desktop::sized(1440, 900)
    }

    /// Starts one with a tray.
    pub fn with_tray() -> Desktop {
        let mut desktop = Desktop::start();
        desktop.tray = Some(Tray::serve(&desktop.bus));
        desktop
    }

    /// Starts one of this size.
    ///
    /// # Panics
    /// With the name of the program that is missing or does not start.
    pub fn sized(width: u32, height: u32) -> Desktop {
        let folder = tempfile::Builder::new()
            .prefix("amends-desk-")
            .tempdir()
            .expect("a folder for the desktop");
        let runtime = folder.path().join("run");
        fs::create_dir(&runtime).expect("a folder for sockets");
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700))
            .expect("a private folder for sockets");

        let size = format!("{width}x{height}x24");
        let mut xvfb = Command::new("Xvfb");
        xvfb.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &size,
            "-nolisten",
            "tcp",
            "-noreset",
        ]);
        let (screen, number) = start_and_read_line(&mut xvfb);
        let display = format!(":{number}");
        let mut daemon = Command::new("dbus-daemon");
        daemon
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .env("XDG_RUNTIME_DIR", &runtime);
        let (bus_child, bus) = start_and_read_line(&mut daemon);
        let notifications = Notifications::serve(&bus);
        let mut openbox = Command::new("openbox");
        openbox
            .env("DISPLAY", &display)
            .env("DBUS_SESSION_BUS_ADDRESS", &bus)
            .env("HOME", folder.path());
        let openbox = keep(openbox.stdout(Stdio::null()).stderr(Stdio::null()), &display);
        let mut it = Desktop {
            notifications,
            tray: None,
            display,
            bus,
            folder,
            _openbox: openbox,
            _bus: bus_child,
            _screen: screen,
        };
        it._screen.display = it.display.clone();
        it
    }

    /// Opens Amends on this home folder (its data live inside, as on a user's machine).
    pub fn open(&self, home: &Path) -> Window {
        self.open_with(home, Look::Light, &[])
    }

    /// Opens Amends with a look, and under a program that watches it (`strace …`), if any is named.
    ///
    /// # Panics
    /// When WebKitWebDriver is missing or no window comes.
    pub fn open_with(&self, home: &Path, look: Look, watcher: &[String]) -> Window {
        let mut program = watcher.to_vec();
        program.push(programs::desktop().display().to_string());
        self.open_program(home, look, &program)
    }

    /// Opens a program with a web view: its path and arguments.
    ///
    /// # Panics
    /// When WebKitWebDriver is missing or no window comes.
    pub fn open_program(&self, home: &Path, look: Look, program: &[String]) -> Window {
        let port = free_port();
        let number = WINDOWS.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{number}", std::process::id());
        let log = self.folder.path().join(format!("window-{number}.log"));
        let out = File::create(&log).expect("a log file");
        let mut driver = Command::new("WebKitWebDriver");
        driver
            .arg(format!("--port={port}"))
            .stdout(out.try_clone().expect("the log"))
            .stderr(out);
        self.environment(&mut driver, home);
        driver
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("AMENDS_TEST_WINDOW", &mark);
        if look == Look::Dark {
            driver.env("GTK_THEME", "Adwaita:dark");
        }
        let driver = keep(&mut driver, &self.display);
        Window::open(driver, port, program, log, mark)
    }

    /// Starts the program a second time beside a running window, as a double click would, and waits until it ends.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self, home: &Path) -> Option<i32> {
        let mut program = Command::new(programs::desktop());
        self.environment(&mut program, home);
        let mut child = program.spawn().expect("the program starts");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if let Ok(Some(status)) = child.try_wait() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = child.kill();
        let _ = child.wait();
        None
    }

    fn environment(&self, command: &mut Command, home: &Path) {
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("XDG_RUNTIME_DIR", self.folder.path().join("run"))
            .env("TZ", "Asia/Shanghai")
            .env("LANG", "C.UTF-8")
            .env("GDK_BACKEND", "x11")
            .env("GSETTINGS_BACKEND", "memory")
            .env("NO_AT_BRIDGE", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env_remove("WAYLAND_DISPLAY");
    }

    /// Does what opens a native file dialog, then answers it with this path: by the keyboard, as a person could.
    ///
    /// # Panics
    /// When no dialog opens within 10 s, or it does not close.
    pub fn choose_file(&self, path: &Path, open_it: impl FnOnce()) {
        let before = self.windows();
        open_it();
        let begun = Instant::now();
        let dialog = loop {
            if let Some(new) = self.windows().into_iter().find(|w| !before.contains(w)) {
                break new;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "no file dialog opened");
            std::thread::sleep(Duration::from_millis(50));
        };
        self.tool("xdotool", &["windowfocus", "--sync", &dialog]);
        // ctrl+l opens the dialog's field for a path.
        self.press(&["ctrl+l", "ctrl+a"]);
        self.keyboard(&path.display().to_string());
        // The dialog completes names while it is typed into; give it a moment, then accept.
        std::thread::sleep(Duration::from_millis(400));
        let begun = Instant::now();
        while self.windows().contains(&dialog) {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "the file dialog does not close"
            );
            self.press(&["Return"]);
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    /// The program's visible windows on the screen.
    pub fn windows(&self) -> Vec<String> {
        let class = programs::desktop()
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let output = self
            .command("xdotool")
            .args(["search", "--onlyvisible", "--class", &class])
            .output();
        let output = output.expect("xdotool (cargo xtask setup --test installs it)");
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// A picture of the program's window alone.
    ///
    /// # Panics
    /// When it shows none.
    pub fn picture_of_window(&self, file: &Path) {
        let windows = self.windows();
        let window = windows.first().expect("a visible window");
        self.tool("import", &["-window", window, &file.display().to_string()]);
    }

    /// A picture of the whole screen.
    pub fn picture(&self, file: &Path) {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).expect("a folder for the picture");
        }
        self.tool("import", &["-window", "root", &file.display().to_string()]);
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display);
        command
    }

    pub(crate) fn tool(&self, program: &str, args: &[&str]) {
        let output = self.command(program).args(args).output();
        let output =
            output.unwrap_or_else(|e| panic!("{program}: {e} (cargo xtask setup --test installs it)"));
        assert!(
            output.status.success(),
            "{program} {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// A fresh home folder for one user.
pub struct Home {
    path: PathBuf,
    /// Goes away with this, unless the folder is somebody's.
    _own: Option<TempDir>,
}

impl Home {
    /// An empty one.
    pub fn new() -> Home {
        let own = tempfile::Builder::new()
            .prefix("amends-home-")
            .tempdir()
            .expect("a home folder");
        Home {
            path: own.path().to_owned(),
            _own: Some(own),
        }
    }

    /// A folder that stays.
    pub fn at(path: PathBuf) -> Home {
        Home { path, _own: None }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where Amends keeps its data in it.
    pub fn data(&self) -> PathBuf {
        self.path.join(".local/share/cn.amends.desktop")
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

fn keep(command: &mut Command, display: &str) -> Kept {
    let child = command.stdin(Stdio::null()).process_group(0).spawn();
    let name = command.get_program().to_string_lossy().into_owned();
    let child =
        child.unwrap_or_else(|e| panic!("{name} does not start: {e} (cargo xtask setup --test installs it)"));
    Kept {
        child,
        display: display.to_owned(),
    }
}

fn start_and_read_line(command: &mut Command) -> (Kept, String) {
    let mut kept = keep(command.stdout(Stdio::piped()).stderr(Stdio::piped()), "");
    let mut line = String::new();
    let stdout = kept.child.stdout.take().expect("its output");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("its first line");
    let mut complaints = kept.child.stderr.take().expect("its complaints");
    if line.trim().is_empty() {
        let mut why = String::new();
        let _ = complaints.read_to_string(&mut why);
        panic!("{command:?} ended at once: {why}");
    }
    // Read to the end, whatever it is: a full pipe would stop the program.
    std::thread::spawn(move || std::io::copy(&mut complaints, &mut std::io::sink()));
    (kept, line.trim().to_owned())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its number").port()
}
