//! Starting with the computer: an entry of the desktop's autostart folder (freedesktop.org).

use amends_app::Autostart;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Name of our entry.
const ENTRY: &str = "cn.amends.desktop.desktop";

/// The entry in the user's autostart folder.
pub struct Entry {
    file: PathBuf,
    program: PathBuf,
}

impl Entry {
    /// The entry of this user; none where the system has no such folder.
    pub fn of_this_user() -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let config = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".config")))?;
        Some(Self {
            file: config.join("autostart").join(ENTRY),
            program: std::env::current_exe().ok()?,
        })
    }
}

impl Autostart for Entry {
    fn is_on(&self) -> bool {
        self.file.exists()
    }

    fn set(&self, on: bool) -> io::Result<()> {
        if on {
            if let Some(folder) = self.file.parent() {
                fs::create_dir_all(folder)?;
            }
            return fs::write(&self.file, entry(&self.program));
        }
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn entry(program: &Path) -> String {
    // In a quoted argument of `Exec` these must be escaped, and a percent sign doubled.
    let mut quoted = String::new();
    for c in program.to_string_lossy().chars() {
        match c {
            '"' | '`' | '$' | '\\' => quoted.extend(['\\', '\\', c]),
            '%' => quoted.push_str("%%"),
            c => quoted.push(c),
        }
    }
    format!(
        "[Desktop Entry]\nType=Application\nName=挽回\nExec=\"{quoted}\"\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_written_and_taken_away_again() {
        let folder = std::env::temp_dir().join(format!("amends-autostart-{}", std::process::id()));
        let port = Entry {
            file: folder.join("autostart").join(ENTRY),
            program: PathBuf::from("/opt/my programs/amends-desktop"),
        };
        assert!(!port.is_on());
        port.set(false).unwrap();
        port.set(true).unwrap();
        assert!(port.is_on());
        let text = fs::read_to_string(&port.file).unwrap();
        assert!(
            text.contains("Exec=\"/opt/my programs/amends-desktop\"\n"),
            "{text}"
        );
        port.set(false).unwrap();
        assert!(!port.is_on());
        fs::remove_dir_all(folder).unwrap();
    }
}
