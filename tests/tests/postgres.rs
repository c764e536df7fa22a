//! The throw-away cluster itself.

use amends_tests::postgres::fresh_database_blocking;
use std::process::Command;

#[test]
fn each_test_has_an_empty_database_of_its_own() {
    let (one, two) = (fresh_database_blocking(), fresh_database_blocking());
    assert_ne!(one, two);
    assert_eq!(
        ask(
            &one,
            "create table t (a text); insert into t values ('差评'); select a from t"
        ),
        "差评"
    );
    assert_eq!(
        ask(
            &two,
            "select count(*) from information_schema.tables where table_schema = 'public'"
        ),
        "0"
    );
}

#[test]
fn the_server_listens_on_a_private_socket_only_and_not_as_root() {
    let url = fresh_database_blocking();
    assert_eq!(ask(&url, "show listen_addresses"), "");
    let folder = url.split("host=").nth(1).expect("the socket's folder");
    let owner = Command::new("stat")
        .args(["-c", "%U", folder])
        .output()
        .expect("stat");
    assert_ne!(String::from_utf8_lossy(&owner.stdout).trim(), "root");
}

fn ask(url: &str, sql: &str) -> String {
    let output = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-c", sql, url])
        .output()
        .expect("psql");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
