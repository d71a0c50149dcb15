//! Homes of earlier formats: read as they are, brought up to date with a way back, and back.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::backups::{done, json, run, with_text};
use crate::commands::said;

/// A home of format 1, as the last version of the program that made such homes wrote it: three acts about rules, one
/// about a set that comes with it, and a name.
fn format_1(folder: &Path) {
    let packed = include_bytes!("../data/home-1.tar.zst");
    let archive = zstd::decode_all(&packed[..]).expect("packed");
    tar::Archive::new(&archive[..]).unpack(folder).expect("unpacked");
}

fn format(folder: &Path) -> String {
    fs::read_to_string(folder.join("home/format")).expect("read").trim().to_owned()
}

fn history(folder: &Path) -> Vec<String> {
    let history = json(folder, &["rules", "history", "ours", "--home", "home"]);
    history
        .as_array()
        .expect("acts")
        .iter()
        .map(|act| act["act"]["type"].as_str().expect("text").to_owned())
        .collect()
}

#[test]
fn a_home_of_format_1_is_read_and_written_to_when_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    format_1(folder);
    assert_eq!(history(folder), ["added", "enabled", "excluded"]);
    let exclude = ["rules", "include", "Lantern", "--reason", "tuned", "--home", "home"];
    for arguments in [&exclude[..], &["backup", "b", "--home", "home"], &["ingest", "log", "--home", "home"]]
    {
        let output = run(folder, arguments);
        assert_ne!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains("noroshi upgrade"), "{arguments:?}: {}", said(&output));
    }
    assert!(format(folder) == "1" && !folder.join("home/id").exists(), "nobody changed it by the way");
    let upgraded = json(folder, &["upgrade", "--home", "home"]);
    assert_eq!((&upgraded["from"], &upgraded["format"]), (&1.into(), &2.into()));
    let again = json(folder, &["upgrade", "--home", "home"]);
    assert_eq!(again["from"], 2);
    assert_eq!(with_text(&folder.join("home/before"), "tanaka"), Vec::<String>::new(), "no name in clear");
    let id = fs::read(folder.join("home/id")).expect("an id");
    // Back with nothing decided, up again, and back with something.
    assert_eq!(json(folder, &["upgrade", "--back", "--home", "home"])["lost"], 0);
    assert_eq!(format(folder), "1");
    done(folder, &["upgrade", "--home", "home"]);
    assert_eq!(history(folder).len(), 3);
    assert_eq!(fs::read(folder.join("home/id")).expect("an id"), id);
    done(folder, &exclude);
    done(folder, &["forget", "tanaka", "--reason", "asked", "--home", "home"]);
    let refused = run(folder, &["upgrade", "--back", "--home", "home"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said(&refused).contains("2 acts were") && said(&refused).contains("--lose"),
        "{}",
        said(&refused)
    );
    assert_eq!(history(folder).len(), 4);
    assert_eq!(json(folder, &["upgrade", "--back", "--lose", "--home", "home"])["lost"], 2);
    assert_eq!(format(folder), "1");
    done(folder, &["upgrade", "--home", "home"]);
    assert_eq!(history(folder).len(), 3);
    let rebuilt = json(folder, &["rebuild", "--home", "home"]);
    assert_eq!((&rebuilt["faults"], &rebuilt["forgotten"]), (&Value::Array(Vec::new()), &1.into()));
    assert_eq!(with_text(&folder.join("home"), "tanaka"), Vec::<String>::new(), "who was forgotten stays so");
}

#[test]
fn whenever_it_is_killed_the_same_command_goes_on() {
    let deaths =
        std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(20_u64);
    let (mut state, mut span) = (deaths, 0);
    for death in 0..deaths {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        format_1(folder);
        let is_back = death % 2 == 1;
        let arguments: &[&str] =
            if is_back { &["upgrade", "--back", "--home", "home"] } else { &["upgrade", "--home", "home"] };
        if is_back {
            done(folder, &["upgrade", "--home", "home"]);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        command.current_dir(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("started");
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The first two run to their end, which says how long that takes.
        let most = if death < 2 { usize::MAX } else { usize::try_from(state >> 33).expect("small") % span };
        let mut turns = 0;
        while turns < most && child.try_wait().expect("asked").is_none() {
            std::thread::yield_now();
            turns += 1;
        }
        span = span.max(if death < 2 { turns } else { 0 });
        drop(child.kill());
        child.wait().expect("ended");
        let again = run(folder, arguments);
        let is_there = is_back && format(folder) == "1";
        assert!(again.status.code() == Some(0) || is_there, "death {death}: {}", said(&again));
        done(folder, &["upgrade", "--home", "home"]);
        assert_eq!(history(folder).len(), 3, "death {death}");
        let rebuilt = json(folder, &["rebuild", "--home", "home"]);
        assert_eq!((&rebuilt["faults"], &rebuilt["personal"]), (&Value::Array(Vec::new()), &1.into()));
        assert_eq!(json(folder, &["upgrade", "--back", "--home", "home"])["format"], 1, "death {death}");
    }
}
