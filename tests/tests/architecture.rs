//! The house's arrows, read from `cargo metadata` (docs/architecture.md), and what its dependencies may be.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Who may depend on whom; what is not here is an arrow that does not exist.
const ARROWS: &[(&str, &[&str])] = &[
    ("amends-desktop", &["amends-app", "amends-domain"]),
    ("amends-cli", &["amends-app", "amends-domain"]),
    (
        "amends-app",
        &[
            "amends-store",
            "amends-connect",
            "amends-ingest",
            "amends-classify",
            "amends-report",
            "amends-domain",
        ],
    ),
    ("amends-store", &["amends-domain"]),
    ("amends-connect", &["amends-domain"]),
    ("amends-ingest", &["amends-domain"]),
    ("amends-classify", &["amends-domain"]),
    ("amends-report", &["amends-domain"]),
    ("amends-domain", &[]),
    ("xtask", &[]),
];
/// Crates without input, output or a clock.
const PURE: &[&str] = &[
    "amends-domain",
    "amends-classify",
    "amends-ingest",
    "amends-report",
];
/// What a pure crate must not name.
const IMPURE: &[&str] = &["tokio", "sqlx", "reqwest", "ureq", "hyper", "async-std", "rand"];
/// Licences that a program given away under MIT or Apache-2.0 can carry.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "CC0-1.0",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "OFL-1.1",
    "BSL-1.0",
    "bzip2-1.0.6",
    "CDLA-Permissive-2.0",
];

struct Package {
    name: String,
    manifest: String,
    licence: Option<String>,
    source: Option<String>,
    needs: Vec<String>,
    needs_for_tests: Vec<String>,
}

fn metadata() -> Vec<Package> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"))
        .output()
        .expect("cargo metadata");
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let all: Value = serde_json::from_slice(&output.stdout).expect("cargo's JSON");
    let word = |v: &Value| v.as_str().map(str::to_owned);
    let read = |p: &Value| {
        let mut package = Package {
            name: word(&p["name"]).expect("a name"),
            manifest: word(&p["manifest_path"]).expect("a manifest"),
            licence: word(&p["license"]),
            source: word(&p["source"]),
            needs: Vec::new(),
            needs_for_tests: Vec::new(),
        };
        for dependency in p["dependencies"].as_array().expect("dependencies") {
            let name = word(&dependency["name"]).expect("a name");
            let list = if dependency["kind"] == "dev" {
                &mut package.needs_for_tests
            } else {
                &mut package.needs
            };
            list.push(name);
        }
        package
    };
    all["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(read)
        .collect()
}

fn ours() -> Vec<Package> {
    metadata().into_iter().filter(|p| p.source.is_none()).collect()
}

#[test]
fn every_arrow_between_our_crates_is_one_of_the_plan() {
    let plan: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let ours = ours();
    let names: BTreeSet<String> = ours.iter().map(|p| p.name.clone()).collect();
    for package in ours.iter().filter(|p| p.name != "amends-tests") {
        let allowed = plan.get(package.name.as_str());
        let allowed = allowed.unwrap_or_else(|| panic!("{} has no place in the plan", package.name));
        let wrong: Vec<&String> = package
            .needs
            .iter()
            .chain(&package.needs_for_tests)
            .filter(|need| names.contains(*need) && !allowed.contains(&need.as_str()))
            .collect();
        assert!(
            wrong.is_empty(),
            "{} may not depend on {wrong:?} (docs/architecture.md)",
            package.name
        );
    }
}

#[test]
fn only_the_shell_names_tauri_and_only_the_store_names_sqlx() {
    for package in ours().iter().filter(|p| p.name != "amends-tests") {
        for need in package.needs.iter().chain(&package.needs_for_tests) {
            let tauri = need.starts_with("tauri") && package.name != "amends-desktop";
            let sqlx = need.starts_with("sqlx") && package.name != "amends-store";
            assert!(!tauri && !sqlx, "{} may not name {need}", package.name);
        }
    }
}

#[test]
fn pure_crates_have_no_runtime_no_database_and_no_network() {
    for package in ours().iter().filter(|p| PURE.contains(&p.name.as_str())) {
        let wrong: Vec<&String> = package
            .needs
            .iter()
            .filter(|need| IMPURE.contains(&need.as_str()))
            .collect();
        assert!(
            wrong.is_empty(),
            "{} is pure and may not name {wrong:?}",
            package.name
        );
    }
}

#[test]
fn every_manifest_opens_with_what_the_crate_is_for() {
    for package in ours() {
        let manifest = fs::read_to_string(&package.manifest).expect("a manifest");
        let first = manifest.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("# ") && first.len() > 20,
            "{} opens with {first:?}",
            package.manifest
        );
    }
}

#[test]
fn every_dependency_comes_from_the_registry_under_a_licence_we_can_ship() {
    for package in metadata() {
        if let Some(source) = &package.source {
            assert!(
                source.starts_with("registry+"),
                "{} comes from {source}",
                package.name
            );
        }
        let licence = package.licence.as_deref().unwrap_or("none");
        assert!(
            may_ship(licence),
            "{} is under {licence}, which is not in the list",
            package.name
        );
    }
}

/// Whether an SPDX expression can be satisfied with [`LICENCES`]: OR needs one side, AND all of them.
fn may_ship(expression: &str) -> bool {
    // Old manifests write `MIT/Apache-2.0`.
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let answer = either(&words, &mut at);
    answer && at == words.len()
}

fn either(words: &[&str], at: &mut usize) -> bool {
    let mut answer = both(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        let right = both(words, at);
        answer = answer || right;
    }
    answer
}

fn both(words: &[&str], at: &mut usize) -> bool {
    let mut answer = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        let right = one(words, at);
        answer = answer && right;
    }
    answer
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let answer = either(words, at);
        *at += 1;
        return answer;
    }
    let answer = LICENCES.contains(&word);
    if words.get(*at) == Some(&"WITH") {
        // An exception only adds permissions.
        *at += 2;
    }
    answer
}

#[test]
fn licence_expressions_are_read_as_spdx_means_them() {
    assert!(may_ship("MIT OR GPL-3.0-only"));
    assert!(may_ship("MIT/Apache-2.0"));
    assert!(may_ship("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(may_ship("Apache-2.0 WITH LLVM-exception"));
    assert!(!may_ship("MIT AND GPL-3.0-only"));
    assert!(!may_ship("GPL-3.0-or-later"));
    assert!(!may_ship("none"));
}

#[test]
fn every_dependency_that_a_crate_names_is_used_in_it() {
    let mut unused = Vec::new();
    for package in ours() {
        let folder = Path::new(&package.manifest).parent().expect("a folder");
        let mut code = String::new();
        for part in ["src", "tests", "benches", "examples", "build.rs"] {
            gather(&folder.join(part), &mut code);
        }
        for need in package.needs.iter().chain(&package.needs_for_tests) {
            let name = need.replace('-', "_");
            if !has_word(&code, &name) {
                unused.push(format!("{} → {need}", package.name));
            }
        }
    }
    assert!(
        unused.is_empty(),
        "named in a Cargo.toml and not used: {unused:#?}"
    );
}

fn has_word(code: &str, name: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(name)
        .any(|(at, _)| !part(code[..at].chars().next_back()) && !part(code[at + name.len()..].chars().next()))
}

fn gather(path: &Path, code: &mut String) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder").flatten() {
            gather(&entry.path(), code);
        }
    } else if path.is_file() && path.extension().is_some_and(|e| e == "rs") {
        code.push_str(&fs::read_to_string(path).expect("a source"));
    }
}
