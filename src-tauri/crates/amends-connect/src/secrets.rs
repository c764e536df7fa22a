//! Secrets: in the system's keyring, or, where there is none, in a file that only this user can read.
//!
//! Everything here blocks (a keyring may ask its user for a password): call it off the async threads.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Mutex,
};

/// Name of our entries in the keyring.
const SERVICE: &str = "cn.amends.desktop";
/// The file that stands in for a keyring, beside the database.
const FILE: &str = "bot-secrets.json";

/// Why a secret could not be kept or read. Never holds the secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The keyring refused, or its user did.
    #[error("keyring: {0}")]
    Keyring(String),
    /// The file could not be read or written.
    #[error("secrets file: {0}")]
    File(#[from] std::io::Error),
    /// The file is not ours.
    #[error("secrets file: not readable as JSON")]
    Form,
}

/// Where secrets are kept.
pub struct Secrets {
    place: Place,
}

enum Place {
    /// The keyring where there is one, else the file of this folder. Both are read.
    System(PathBuf),
    /// Only the file of this folder.
    File(PathBuf),
    /// Nowhere: gone with the program.
    Memory(Mutex<BTreeMap<String, String>>),
}

impl Secrets {
    /// The keyring, or a file in this folder.
    pub fn system(folder: &Path) -> Self {
        Self {
            place: Place::System(folder.join(FILE)),
        }
    }

    /// A file in this folder, without asking for a keyring.
    pub fn file(folder: &Path) -> Self {
        Self {
            place: Place::File(folder.join(FILE)),
        }
    }

    /// Kept only while the program runs.
    pub fn memory() -> Self {
        Self {
            place: Place::Memory(Mutex::new(BTreeMap::new())),
        }
    }

    /// True where a keyring answers. False means [`Secrets::set`] writes the file (or keeps nothing at all).
    pub fn has_keyring(&self) -> bool {
        matches!(self.place, Place::System(_)) && keyring::Entry::store_status().is_ok()
    }

    /// The file that [`Secrets::set`] writes; none where it goes to a keyring or nowhere.
    pub fn file_in_use(&self) -> Option<PathBuf> {
        match &self.place {
            Place::System(_) if self.has_keyring() => None,
            Place::System(file) | Place::File(file) => Some(file.clone()),
            Place::Memory(_) => None,
        }
    }

    /// Keeps a secret under a name.
    ///
    /// # Errors
    /// [`SecretError`]; the secret is then not kept.
    pub fn set(&self, name: &str, secret: &str) -> Result<(), SecretError> {
        match &self.place {
            Place::System(file) if self.has_keyring() => {
                entry(name)?.set_password(secret).map_err(refused)?;
                // A copy from a time without keyring must not outlive it.
                change_file(file, |all| all.remove(name).is_some())
            }
            Place::System(file) | Place::File(file) => change_file(file, |all| {
                all.insert(name.to_owned(), secret.to_owned());
                true
            }),
            Place::Memory(all) => {
                if let Ok(mut all) = all.lock() {
                    all.insert(name.to_owned(), secret.to_owned());
                }
                Ok(())
            }
        }
    }

    /// A secret by name; none if it was never kept here.
    ///
    /// # Errors
    /// [`SecretError`] when the keyring or the file cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<String>, SecretError> {
        match &self.place {
            Place::System(file) => {
                if let Some(secret) = read_file(file)?.remove(name) {
                    return Ok(Some(secret));
                }
                if !self.has_keyring() {
                    return Ok(None);
                }
                match entry(name)?.get_password() {
                    Ok(secret) => Ok(Some(secret)),
                    Err(keyring::Error::NoEntry) => Ok(None),
                    Err(error) => Err(refused(error)),
                }
            }
            Place::File(file) => Ok(read_file(file)?.remove(name)),
            Place::Memory(all) => Ok(all.lock().ok().and_then(|all| all.get(name).cloned())),
        }
    }

    /// Forgets a secret.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn remove(&self, name: &str) -> Result<(), SecretError> {
        match &self.place {
            Place::System(file) => {
                change_file(file, |all| all.remove(name).is_some())?;
                if !self.has_keyring() {
                    return Ok(());
                }
                match entry(name)?.delete_credential() {
                    Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
                    Err(error) => Err(refused(error)),
                }
            }
            Place::File(file) => change_file(file, |all| all.remove(name).is_some()),
            Place::Memory(all) => {
                if let Ok(mut all) = all.lock() {
                    all.remove(name);
                }
                Ok(())
            }
        }
    }
}

fn entry(name: &str) -> Result<keyring::Entry, SecretError> {
    keyring::Entry::new(SERVICE, name).map_err(refused)
}

/// The keyring's own words can name entries, never their content.
fn refused(error: keyring::Error) -> SecretError {
    SecretError::Keyring(error.to_string())
}

fn read_file(file: &Path) -> Result<BTreeMap<String, String>, SecretError> {
    match std::fs::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text).map_err(|_| SecretError::Form),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error.into()),
    }
}

/// Rewrites the file if `change` says that something changed.
fn change_file(
    file: &Path,
    change: impl FnOnce(&mut BTreeMap<String, String>) -> bool,
) -> Result<(), SecretError> {
    let mut all = read_file(file)?;
    if !change(&mut all) {
        return Ok(());
    }
    let text = serde_json::to_string(&all).map_err(|_| SecretError::Form)?;
    let part = file.with_extension("part");
    let _ = std::fs::remove_file(&part);
    write_private(&part, &text)?;
    Ok(std::fs::rename(&part, file)?)
}

/// Readable by this user only from its first byte on.
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut target = options.open(file)?;
    target.write_all(text.as_bytes())?;
    target.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_secrets_for_this_user_only_and_forgets_them() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::file(folder.path());
        assert_eq!(secrets.get("a").unwrap(), None);
        secrets.set("a", "one").unwrap();
        secrets.set("b", "two").unwrap();
        secrets.set("a", "three").unwrap();
        assert_eq!(
            Secrets::file(folder.path()).get("a").unwrap().as_deref(),
            Some("three")
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join(FILE))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        secrets.remove("a").unwrap();
        assert_eq!(secrets.get("a").unwrap(), None);
        assert_eq!(secrets.get("b").unwrap().as_deref(), Some("two"));
        assert!(!secrets.has_keyring());
    }
}
