//! Throw-away PostgreSQL: one private cluster per test process, one fresh database per test.
//!
//! The cluster listens on a socket in a private folder only, runs as a user that is not root, keeps nothing safe from
//! power cuts (it is thrown away), and is stopped and removed when the test process ends, however it ends.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(1);

/// Makes an empty database and gives its URL (`postgres://…`), starting this process's cluster on first use.
///
/// # Panics
/// With what is missing when PostgreSQL is not installed or does not start: its absence is a failure, never a skip.
pub async fn fresh_database() -> String {
    fresh_database_blocking()
}

/// [`fresh_database`] for tests without a runtime.
///
/// # Panics
/// As [`fresh_database`].
pub fn fresh_database_blocking() -> String {
    let cluster = CLUSTER.get_or_init(Cluster::start);
    let name = format!("amends_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    cluster.sql(&format!("create database {name}"));
    cluster.url(&name)
}

/// A running server with its folder.
struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    /// Waits for the end of its input, which comes when this process dies, then stops the server and cleans up.
    /// Held so that the pipe stays open; a static is never dropped, so the operating system closes it.
    _undertaker: Child,
}

impl Cluster {
    fn start() -> Cluster {
        let programs = programs();
        // Not in the temp folder's usual depth: a socket's path must stay under 90 bytes.
        let folder = tempfile::Builder::new()
            .prefix("amends-pg-")
            .tempdir_in("/tmp")
            .expect("a folder in /tmp for the database cluster")
            .keep();
        let socket = folder.join(".s.PGSQL.5432");
        assert!(
            socket.as_os_str().len() < 90,
            "the socket path {} is too long for PostgreSQL",
            socket.display()
        );
        let owner = server_user();
        if let Some(user) = &owner {
            run(Command::new("chown").arg(user).arg(&folder));
        }
        let undertaker = undertaker(&folder, &programs, owner.as_deref());
        let data = folder.join("data");
        run(as_user(owner.as_deref(), &programs.join("initdb"))
            .args([
                "--username=amends",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(&data));
        let settings = format!(
            "listen_addresses=''\nunix_socket_directories='{}'\nport=5432\nfsync=off\nsynchronous_commit=off\n\
             full_page_writes=off\nmax_connections=200\nshared_buffers=64MB\nautovacuum=off\n",
            folder.display()
        );
        append(&data.join("postgresql.conf"), &settings);
        run(as_user(owner.as_deref(), &programs.join("pg_ctl"))
            .args(["start", "--wait", "--silent", "-D"])
            .arg(&data)
            .arg("-l")
            .arg(folder.join("log")));
        Cluster {
            folder,
            programs,
            _undertaker: undertaker,
        }
    }

    fn url(&self, database: &str) -> String {
        format!(
            "postgres://amends@localhost/{database}?host={}",
            self.folder.display()
        )
    }

    fn sql(&self, statement: &str) {
        run(Command::new(self.programs.join("psql"))
            .args([
                "--no-psqlrc",
                "--quiet",
                "--username=amends",
                "--dbname=postgres",
                "--host",
            ])
            .arg(&self.folder)
            .args(["--command", statement]));
    }
}

/// Stops the server and removes its folder once this process is gone, even after a panic, an abort or `kill -9`.
fn undertaker(folder: &Path, programs: &Path, owner: Option<&str>) -> Child {
    let stop = as_user(owner, &programs.join("pg_ctl"));
    let words: Vec<String> = std::iter::once(stop.get_program())
        .chain(stop.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    let folder = folder.display();
    let script = format!(
        "trap '' INT TERM HUP; cat > /dev/null; \
         {} stop --silent --mode=immediate -D '{folder}/data' > /dev/null 2>&1; rm -rf '{folder}'",
        words.join(" ")
    );
    Command::new("setsid")
        .args(["sh", "-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell that cleans up after the cluster")
}

/// The folder of the newest server programs: Debian keeps them out of `PATH`.
fn programs() -> PathBuf {
    let newest = fs::read_dir("/usr/lib/postgresql").ok().and_then(|versions| {
        versions
            .flatten()
            .filter(|v| v.path().join("bin/initdb").exists())
            .max_by_key(|v| v.file_name().to_string_lossy().parse::<u32>().unwrap_or(0))
            .map(|v| v.path().join("bin"))
    });
    let on_path = || {
        std::env::split_paths(&std::env::var_os("PATH")?)
            .find(|dir| dir.join("initdb").exists() && dir.join("psql").exists())
    };
    newest.or_else(on_path).unwrap_or_else(|| {
        panic!(
            "PostgreSQL's server programs (initdb, pg_ctl) are not installed, and these tests prove both databases. \
             `cargo xtask setup --test` installs them (Debian: postgresql-15)."
        )
    })
}

/// The user to run the server as: none when we are not root, else one that is not.
fn server_user() -> Option<String> {
    let id = Command::new("id").arg("-u").output().expect("the program `id`");
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return None;
    }
    let known = |user: &str| {
        Command::new("id")
            .arg(user)
            .output()
            .is_ok_and(|o| o.status.success())
    };
    ["postgres", "nobody"]
        .into_iter()
        .find(|user| known(user))
        .map(str::to_owned)
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut runuser = Command::new("runuser");
            runuser.args(["-u", user, "--"]).arg(program);
            runuser
        }
        None => Command::new(program),
    };
    // The test's own folder may be closed to that user.
    command.current_dir("/tmp").env("LC_ALL", "C");
    command
}

fn append(file: &Path, words: &str) {
    let mut open = fs::OpenOptions::new()
        .append(true)
        .open(file)
        .expect("the cluster's settings");
    open.write_all(words.as_bytes()).expect("the cluster's settings");
}

fn run(command: &mut Command) {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|e| panic!("PostgreSQL for the tests: {command:?} did not start: {e}"));
    assert!(
        output.status.success(),
        "PostgreSQL for the tests: {command:?} ended with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
