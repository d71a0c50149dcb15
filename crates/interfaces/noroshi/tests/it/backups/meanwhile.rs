//! What happens while a backup is made or put back, and clocks that were set back.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use backup::Folder;
use noroshi::backups::restoring::{choose, finish, put_back};
use noroshi::holder::request::{Frozen, Request};
use noroshi::holder::{Behind, Hand, Opening};
use page::{Language, Words};
use serde_json::Value;

use super::refused::backed_up;
use super::{NAME, contents, done, json, run, with_text};
use crate::commands::said;

fn words() -> Words {
    Words::new(Language::En)
}

fn names(folder: &Path) -> Vec<String> {
    let points = json(folder, &["backup", "backups", "--list"]);
    let name = |point: &Value| point["point"].as_str().expect("text").to_owned();
    points.as_array().expect("points").iter().map(name).collect()
}

/// Makes the newest point the oldest by its name, as a clock that was set back does.
fn set_back(folder: &Path) -> String {
    let (points, old) = (folder.join("backups/points"), "19990101T000000.000Z");
    let newest = names(folder).pop().expect("a point");
    fs::rename(points.join(newest), points.join(old)).expect("renamed");
    old.to_owned()
}

#[test]
fn the_point_with_the_most_acts_is_put_back_and_both_are_named_where_a_clock_says_otherwise() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    backed_up(folder);
    let drill = || json(folder, &["restore", "backups", "--drill"]);
    assert_eq!(drill()["newer_by_time"], Value::Null);
    done(folder, &["rules", "disable", "bundled", "--reason", "noisy", "--home", "home"]);
    done(folder, &["backup", "backups", "--home", "home"]);
    let (most, newer) = (set_back(folder), names(folder).pop().expect("a point"));
    let told = drill();
    assert_eq!((&told["point"], &told["newer_by_time"]), (&most.clone().into(), &newer.clone().into()));
    let told = said(&done(folder, &["restore", "backups", "--drill"]));
    assert!(told.contains(&most) && told.contains(&newer) && told.contains("--point"), "{told}");
    let told = json(folder, &["restore", "backups", "--drill", "--point", &newer]);
    assert_eq!((&told["point"], &told["newer_by_time"]), (&newer.into(), &Value::Null));
}

#[test]
fn the_point_that_was_just_made_is_not_the_one_that_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    backed_up(folder);
    let (points, name) = (folder.join("backups/points"), names(folder).remove(0));
    fs::rename(points.join(name), points.join("29990101T000000.000Z")).expect("renamed");
    let made = json(folder, &["backup", "backups", "--home", "home", "--keep", "1"]);
    assert_eq!(names(folder), [made["point"].as_str().expect("text")]);
}

#[test]
fn who_is_forgotten_while_a_point_is_put_back_is_so_in_the_new_home() {
    for is_behind in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        backed_up(folder);
        let forget = || drop(done(folder, &["forget", NAME, "--reason", "asked", "--home", "home"]));
        let held = Folder::open(&folder.join("backups")).and_then(Folder::share).expect("free");
        let points = held.folder().points().expect("read");
        let chosen = choose(&points, None, words()).expect("a point");
        let home = home::Writer::beginning(&folder.join("new")).expect("empty");
        let mut is_over = is_behind;
        let back = put_back(&held, chosen, (&home, words()), &mut |_, _| {
            if !std::mem::replace(&mut is_over, true) {
                forget();
            }
            true
        });
        let mut back = back.expect("put back").expect("not stopped");
        assert_eq!(back.restored.forgotten.len(), usize::from(!is_behind));
        if is_behind {
            assert!(!with_text(&folder.join("new"), NAME).is_empty());
            forget();
        }
        finish(&held, chosen.1, (&home, words()), &mut back).expect("a home");
        drop(home);
        assert_eq!((back.restored.forgotten.len(), back.is_equal()), (1, true));
        assert_eq!(with_text(&folder.join("new"), NAME), Vec::<String>::new());
        assert!(contents(&folder.join("new/keys")).into_keys().all(|path| !path.ends_with(".key")));
        assert_eq!(json(folder, &["rebuild", "--home", "new"])["faults"], Value::Array(Vec::new()));
    }
}

#[test]
fn a_forget_that_was_done_before_tells_the_backups_that_do_not_know() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    backed_up(folder);
    let forget = ["forget", NAME, "--reason", "asked", "--home", "home", "--json"];
    let subject = json(folder, &["rules", "history", "ours", "--home", "home"])[0]["actor"]
        .as_str()
        .expect("text")
        .to_owned();
    fs::rename(folder.join("backups"), folder.join("away")).expect("moved");
    let told = json(folder, &forget[..forget.len() - 1]);
    assert_eq!(told["is_finished"], true);
    assert!(told["backups"][0]["reason"].is_string(), "{told}");
    fs::rename(folder.join("away"), folder.join("backups")).expect("moved");
    let again = run(folder, &["forget", &subject, "--reason", "asked", "--home", "home"]);
    assert!(said(&again).contains("forgotten already"), "{}", said(&again));
    assert!(contents(&folder.join("backups")).into_keys().all(|path| !path.ends_with(".key")));
}

#[test]
fn a_copy_of_the_journal_that_somebody_reads_is_not_written_over_by_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    backed_up(folder);
    let hand = Hand::open(&folder.join("home"), Opening::short("backup"), words()).expect("free");
    let copies = hand.home().copying();
    let freeze = || hand.ask::<Frozen>(&Request::Freeze, Behind::Nothing).expect("frozen").copy;
    let first = freeze();
    let mut reading = File::open(copies.join(&first)).expect("there");
    let whole = fs::read(copies.join(&first)).expect("read");
    // Its backup was killed, or its holder was and another one came.
    hand.ask::<()>(&Request::EndCopying, Behind::Nothing).expect("ended");
    let second = freeze();
    let mut read = Vec::new();
    reading.read_to_end(&mut read).expect("read");
    assert_eq!(read, whole);
    assert_ne!(first, second);
    assert_eq!(contents(&copies).into_keys().collect::<Vec<_>>(), [second]);
}
