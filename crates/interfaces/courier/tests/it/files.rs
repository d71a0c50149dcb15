//! Files that are put into a folder: whole, once under their name, and nowhere else.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use courier::Settings;
use model::hash::Sha256;

use crate::desk::{Home, NOW, file, minutes, no_files};

fn settings(folder: &Path) -> Settings {
    Settings { folder: Some(folder.to_owned()), ..Settings::default() }
}

/// All files below a folder, without the home.
fn names(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true if path.ends_with("home") => {}
            true => all.extend(names(&path)),
            false => all.push(path.display().to_string()),
        }
    }
    all
}

fn bytes(_: &Sha256) -> Result<Option<Box<dyn Read>>, String> {
    Ok(Some(Box::new(&b"the bytes"[..])))
}

#[test]
fn hostile_names_stay_in_the_folder() {
    for name in [
        "週報 2026-11.pdf",
        "../../etc/passwd",
        "..",
        ".",
        "",
        "/etc/passwd",
        "a/b/c",
        "a\\..\\b",
        "a\0b",
        "line\nbreak",
        "-rf",
        "~",
        "\u{202e}fdp.exe",
        "長い名前".repeat(40).as_str(),
        "x".repeat(5_000).as_str(),
        "C:\\Windows\\a.exe",
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let (home, place) = (Home::open(folder.path()), folder.path().join("deep/out"));
        fs::create_dir_all(&place).expect("made");
        home.want("one", &[file(name, [1; 32])]);
        assert_eq!(
            home.step_with(&settings(&place), &bytes, NOW).delivered,
            1,
            "{name:?}: {:?}",
            home.outbox()
        );
        let names = names(folder.path());
        let [only] = &names[..] else { panic!("{name:?}: {names:?}") };
        let (parent, only) = only.rsplit_once('/').expect("a path");
        assert_eq!(parent, place.display().to_string(), "{name:?}");
        let (key, rest) = only.split_once('-').expect("a key and a name");
        assert!(key.len() == 32 && only.len() <= 255, "{name:?}: {only}");
        assert!(!rest.contains(|sign: char| sign.is_control() || "/\\\u{202e}".contains(sign)), "{rest:?}");
        // Its receipt is that name.
        assert!(home.outbox()[0].2.starts_with(&only[..32]), "{:?}", home.outbox());
    }
}

/// Somebody wants it again, as after a crash between the delivery and the act that tells of it.
#[test]
fn what_is_delivered_again_is_the_same_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, place) = (Home::open(folder.path()), folder.path().join("out"));
    fs::create_dir(&place).expect("made");
    home.want("one", &[file("a.txt", [1; 32]), file("a.txt", [1; 32])]);
    // What a process left that was killed while it wrote, and what one left just before it told of it.
    let key = home.journal.due_effects("file", NOW, 9).expect("read").remove(0).key;
    fs::write(place.join(format!(".{key}.part")), "half of the by").expect("written");
    fs::write(place.join(format!("{key}-a.txt")), "the bytes").expect("written");
    assert_eq!(home.step_with(&settings(&place), &bytes, NOW).delivered, 2);
    let names = names(&place);
    assert_eq!(names.len(), 2, "two orders are two files: {names:?}");
    assert!(names.iter().all(|name| fs::read(name).expect("read") == b"the bytes"));
}

/// A folder that others may write to is no way to a file elsewhere.
#[test]
fn links_that_lie_in_the_folder_are_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, place) = (Home::open(folder.path()), folder.path().join("out"));
    fs::create_dir(&place).expect("made");
    home.want("one", &[file("a.txt", [1; 32])]);
    let key = home.journal.due_effects("file", NOW, 9).expect("read").remove(0).key;
    let victim = folder.path().join("victim");
    fs::write(&victim, "untouched").expect("written");
    for name in [format!(".{key}.part"), format!("{key}-a.txt")] {
        std::os::unix::fs::symlink(&victim, place.join(name)).expect("linked");
    }
    assert_eq!(home.step_with(&settings(&place), &bytes, NOW).delivered, 1);
    assert_eq!(fs::read(&victim).expect("read"), b"untouched");
    let placed = place.join(format!("{key}-a.txt"));
    assert!(fs::symlink_metadata(&placed).expect("there").is_file());
}

struct Breaks(bool);

impl Read for Breaks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if std::mem::replace(&mut self.0, true) {
            return Err(io::Error::other("the bytes are not those of this name"));
        }
        buffer[0] = b'x';
        Ok(1)
    }
}

#[test]
fn a_file_that_cannot_be_read_or_written_leaves_nothing_and_is_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, place) = (Home::open(folder.path()), folder.path().join("out"));
    home.want("one", &[file("a.txt", [1; 32])]);
    // The disk on which the folder lies is not mounted: nothing is made in its place.
    assert_eq!(home.step_with(&settings(&place), &bytes, NOW).failed, 1);
    assert!(!place.exists());
    fs::create_dir(&place).expect("made");
    let breaks = |_: &Sha256| Ok(Some(Box::new(Breaks(false)) as Box<dyn Read>));
    assert_eq!(home.step_with(&settings(&place), &breaks, minutes(1)).failed, 1);
    assert!(home.outbox()[0].2.contains("not those of this name"), "{:?}", home.outbox());
    let unread = |_: &Sha256| Err("the disk failed".to_owned());
    assert_eq!(home.step_with(&settings(&place), &unread, minutes(6)).failed, 1);
    assert_eq!(names(&place), Vec::<String>::new());
    assert_eq!(home.step_with(&settings(&place), &bytes, minutes(21)).delivered, 1);
}

#[test]
fn a_file_that_nobody_keeps_any_more_is_given_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::open(folder.path());
    home.want("one", &[file("a.txt", [1; 32])]);
    assert_eq!(home.step_with(&settings(folder.path()), &no_files, NOW).given_up, 1);
}
