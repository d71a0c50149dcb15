//! `noroshi config`: what is printed, and by which code it ends.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use noroshi::settings::{LogLevel, Settings, refused};
use page::{Language, Words};
use serde_json::{Value, json};

use super::{WHOLE, parse};
use crate::commands::{noroshi, said};

/// A home that has settings and nothing else yet.
fn home(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("noroshi.toml"), text).expect("written");
    folder
}

fn check(folder: &Path) -> (Option<i32>, Value) {
    let output = noroshi(folder, &["config", "check", "--home", ".", "--json"]);
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    (output.status.code(), json)
}

fn codes(checked: &Value) -> Vec<(&str, &str)> {
    let faults = checked["faults"].as_array().expect("faults");
    let text = |fault: &'_ Value, key: &str| fault[key].as_str().expect("a text").to_owned().leak() as &str;
    faults.iter().map(|fault| (text(fault, "key"), text(fault, "code"))).collect()
}

#[test]
fn a_file_is_checked_and_the_code_tells_whether_it_will_do() {
    let folder = home("[log]\nlevel = \"info\"\n");
    let output = noroshi(folder.path(), &["config", "check", "--home", "."]);
    assert_eq!((output.status.code(), said(&output).as_str()), (Some(0), "All is well in ./noroshi.toml.\n"));
    fs::write(folder.path().join("noroshi.toml"), "[log]\nlevel = 5\nlvel = 5").expect("written");
    let output = noroshi(folder.path(), &["config", "check", "--home", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        said(&output),
        "./noroshi.toml:2:9: log.level cannot be 5. Write \"error\", \"warn\", \"info\" or \"debug\".\n\
         ./noroshi.toml:3:1: There is no setting log.lvel. Write log.level if you meant that, or remove it.\n\
         noroshi: 2 things are to be mended, above. Until then noroshi serve does not begin.\n"
    );
    let (code, checked) = check(folder.path());
    assert_eq!(code, Some(2));
    assert_eq!(
        checked["faults"][0],
        json!({
            "line": 2, "column": 9, "key": "log.level", "found": "5", "code": "value", "is_note": false,
            "text": "log.level cannot be 5. Write \"error\", \"warn\", \"info\" or \"debug\".",
        })
    );
    fs::write(folder.path().join("noroshi.toml"), b"# \xe7\x8b\xbc\n  zone = \"\xff\"").expect("written");
    let (code, checked) = check(folder.path());
    assert_eq!((code, codes(&checked)), (Some(2), vec![("", "not-text")]));
    assert_eq!((&checked["faults"][0]["line"], &checked["faults"][0]["column"]), (&json!(2), &json!(11)));
}

#[test]
fn no_home_and_no_file_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = |arguments: &[&str]| noroshi(folder.path(), arguments);
    assert_eq!(at(&["config", "check", "--home", "gone"]).status.code(), Some(3));
    assert_eq!(at(&["config", "show", "--home", "."]).status.code(), Some(3));
    drop(home::Writer::take(&folder.path().join("home")).expect("a home"));
    let output = at(&["config", "check", "--home", "home"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        said(&output).starts_with("There is no home/noroshi.toml: the defaults are in force."),
        "{}",
        said(&output)
    );
    let output = at(&["config", "show", "--home", "home"]);
    assert_eq!(said(&output), Settings::default().to_toml());
    // As whoever runs the service reads them.
    let home = home::Home::open(&folder.path().join("home")).expect("a home");
    assert_eq!(Settings::read(&home).expect("settings"), Settings::default());
    fs::write(home.path().join("noroshi.toml"), "log.level = \"warn\"").expect("written");
    assert_eq!(Settings::read(&home).expect("settings").log.level, LogLevel::Warn);
    fs::write(home.path().join("noroshi.toml"), "log.level = \"loud\"").expect("written");
    let failure = refused(&Settings::read(&home).expect_err("a fault"), Words::new(Language::En));
    assert_eq!(failure.code, 2);
    assert!(failure.text.contains("noroshi.toml:1:13: log.level cannot be \"loud\"."), "{}", failure.text);
}

#[test]
fn the_example_is_a_file_to_begin_with_and_shown_settings_are_settings() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let example = noroshi(folder.path(), &["config", "example"]);
    let with_settings = home(&String::from_utf8_lossy(&example.stdout));
    assert_eq!(check(with_settings.path()).0, Some(0));
    fs::write(with_settings.path().join("noroshi.toml"), WHOLE).expect("written");
    let shown = noroshi(with_settings.path(), &["config", "show", "--home", "."]);
    let shown = String::from_utf8_lossy(&shown.stdout);
    let real = with_settings.path().canonicalize().expect("a path");
    assert_eq!(parse(&shown), Settings::parse(WHOLE, &real), "{shown}");
}

/// Logs that are followed; the files of password and certificates, the folders of deliveries and backups;
/// which keys are told of, by which code.
type Looked = (&'static [&'static str], [&'static str; 4], &'static [(&'static str, &'static str)]);

#[test]
fn files_and_folders_that_are_named_are_looked_at() {
    let folder = home("");
    let at = |name: &str| folder.path().join(name);
    let outside = tempfile::tempdir().expect("a folder can be made");
    let out = |name: &str| outside.path().join(name).display().to_string();
    fs::create_dir(out("logs")).expect("made");
    fs::write(out("file"), "no certificate\n").expect("written");
    fs::write(out("password"), "lantern\n").expect("written");
    fs::set_permissions(out("password"), fs::Permissions::from_mode(0o644)).expect("set");
    fs::write(out("own-ca.pem"), "-----BEGIN CERTIFICATE-----\n").expect("written");
    std::os::unix::fs::symlink(folder.path(), out("link")).expect("made");
    std::os::unix::fs::symlink(out("logs"), out("again")).expect("made");
    let text = |logs: &[&str], files: [&str; 4]| {
        let follow: Vec<String> = logs
            .iter()
            .enumerate()
            .map(|(number, name)| format!("[[follow]]\nname = \"s{number}\"\npaths = [{:?}]\n", out(name)))
            .collect();
        let [password, ca, deliver, backup] = files.map(out);
        let mail = "[mail]\nfrom = \"a@b\"\ndesk = [\"c@d\"]\n[mail.smtp]\nhost = \"h\"\nuser = \"u\"\n";
        format!(
            "{}{mail}password_file = {password:?}\nca_file = {ca:?}\n[deliver]\nfolder = {deliver:?}\n[backup]\nfolder = {backup:?}\n",
            follow.concat()
        )
    };
    const PASSWORD: &str = "mail.smtp.password_file";
    let cases: [Looked; 5] = [
        (&["logs", "file"], ["password", "own-ca.pem", "logs", "logs"], &[(PASSWORD, "open")]),
        (
            &["later"],
            ["gone", "gone", "gone", "gone"],
            &[
                ("follow[1].paths[1]", "absent"),
                (PASSWORD, "lacking"),
                ("mail.smtp.ca_file", "lacking"),
                ("deliver.folder", "lacking"),
                ("backup.folder", "lacking"),
            ],
        ),
        (
            &["logs", "again/x", "link"],
            ["logs", "file", "file", "link"],
            &[
                ("follow[2].paths[1]", "absent"),
                ("follow[3].paths[1]", "in-home"),
                (PASSWORD, "not-file"),
                ("mail.smtp.ca_file", "no-certificate"),
                ("deliver.folder", "not-folder"),
                ("backup.folder", "in-home"),
            ],
        ),
        (
            &["logs/*.log", "logs/a?"],
            ["file", "own-ca.pem", "logs", "logs"],
            &[("follow[1].paths[1]", "wildcard"), ("follow[2].paths[1]", "wildcard"), (PASSWORD, "open")],
        ),
        (
            &["logs", "again"],
            ["file", "own-ca.pem", "logs", "logs"],
            &[("follow[2].paths[1]", "followed"), (PASSWORD, "open")],
        ),
    ];
    for (logs, files, expected) in cases {
        fs::write(at("noroshi.toml"), text(logs, files)).expect("written");
        let (code, checked) = check(folder.path());
        assert_eq!(codes(&checked), expected);
        assert_eq!(code, Some(2));
    }
    // What all needs is there: a log that is missing is a note, and all works without it.
    fs::set_permissions(out("password"), fs::Permissions::from_mode(0o600)).expect("set");
    fs::write(at("noroshi.toml"), text(&["logs", "later"], ["password", "own-ca.pem", "logs", "logs"]))
        .expect("written");
    let (code, checked) = check(folder.path());
    assert_eq!((code, codes(&checked)), (Some(0), vec![("follow[2].paths[1]", "absent")]));
    assert_eq!(checked["faults"][0]["is_note"], json!(true));
    // Whoever reads a complaint is not told that all is well.
    let told = said(&noroshi(folder.path(), &["config", "check", "--home", "."]));
    assert!(told.contains("there is no such log yet") && !told.contains("All is well"), "{told}");
}
