//! Files as activities use them.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod deaths;
mod golden;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use files::{Error, Files, Holding, Holdings, Kept, New, Sha256};
use journal::{Acting, Actor, Journal, Kinds, Looking};
use model::marking::{Marking, Tlp};
use model::time::Instant;
use model::view::{Label, Part, View};

const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

struct Opened {
    journal: Journal,
    home: home::Writer,
    view: View,
}

impl Opened {
    fn new(folder: &Path) -> Self {
        let home = take(&folder.join("home"));
        let journal = Journal::open(&home, Kinds::new().with::<Holdings>()).expect("opens");
        Self { journal, home, view: access::operator("local:1000", NOW) }
    }

    fn who(&self) -> Looking<'_> {
        Looking { view: &self.view, now: NOW }
    }

    fn files(&self, quota: u64) -> Files<'_> {
        Files::new(self.home.home(), &self.journal, quota)
    }

    fn keep(&self, bytes: &[u8], holding: &Holding) -> Result<Kept, Error> {
        self.files(1_000).keep(self.who(), &New { holding, acting: &acting() }, &mut &*bytes)
    }

    fn read(&self, view: &View, hash: &Sha256) -> Option<Vec<u8>> {
        let who = Looking { view, now: NOW };
        let file = files::open(self.home.home(), self.journal.reader(), who, hash).expect("read")?;
        let mut bytes = Vec::new();
        { file }.read_to_end(&mut bytes).expect("whole");
        Some(bytes)
    }
}

/// Takes a home. A process that a test beside this one starts has all files of this process for a moment,
/// locks with them, until it is the program that it is started as.
fn take(path: &Path) -> home::Writer {
    let mut tries = 0;
    loop {
        match home::Writer::take(path) {
            Err(home::HomeError::Busy { .. }) if tries < 1_000_000 => {
                tries += 1;
                std::thread::yield_now();
            }
            taken => return taken.expect("the home is free"),
        }
    }
}

fn acting() -> Acting {
    Acting { actor: Actor::local(1_000), now: NOW }
}

fn held(owner: &str, tlp: Tlp) -> Holding {
    Holding {
        name: "report.pdf".to_owned(),
        media: "application/pdf".to_owned(),
        compartment: "own".to_owned(),
        owner: owner.to_owned(),
        marking: Marking { tlp, ..Marking::default() },
    }
}

fn sees(label: Label) -> View {
    access::person("sato", Part { labels: [label].into(), ..Part::default() }, NOW)
}

#[test]
fn bytes_are_kept_once_and_read_by_whoever_may() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = Opened::new(folder.path());
    let (aoba, hinata) = (held("aoba", Tlp::Amber), held("hinata", Tlp::Green));
    let kept = opened.keep(b"abc", &aoba).expect("kept");
    // FIPS 180-2, B.1.
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((kept.sha256.to_string().as_str(), kept.size, kept.was_there), (expected, 3, false));
    assert!(opened.keep(b"abc", &aoba).expect("kept").was_there);
    let (for_aoba, for_hinata) = (sees(aoba.label()), sees(hinata.label()));
    assert_eq!(opened.read(&for_aoba, &kept.sha256).as_deref(), Some(&b"abc"[..]));
    assert_eq!(opened.read(&for_hinata, &kept.sha256), None);
    assert!(opened.keep(b"abc", &hinata).expect("kept").was_there);
    assert_eq!(opened.read(&for_hinata, &kept.sha256).as_deref(), Some(&b"abc"[..]));
    assert_eq!(files::total(opened.journal.reader(), opened.who()).expect("read"), 3);
    let files = opened.files(1_000);
    files.drop(opened.who(), (&kept.sha256, 1, "no longer needed"), &acting()).expect("dropped");
    assert_eq!(opened.read(&for_aoba, &kept.sha256), None);
    assert_eq!(opened.read(&for_hinata, &kept.sha256).as_deref(), Some(&b"abc"[..]));
    files.drop(opened.who(), (&kept.sha256, 2, "nor here"), &acting()).expect("dropped");
    assert!(!opened.home.home().files().join("ba").join(expected).exists());
    assert!(opened.journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn there_is_room_for_so_much_and_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = Opened::new(folder.path());
    let holding = held("own", Tlp::Amber);
    opened.keep(&[1; 600], &holding).expect("kept");
    let over = opened.keep(&[2; 401], &holding);
    assert!(matches!(over, Err(Error::Quota { quota: 1_000, used: 600 })), "{over:?}");
    assert!(opened.keep(&[1; 600], &holding).expect("there is room for what is there").was_there);
    opened.keep(&[3; 400], &holding).expect("kept");
    let endless = opened.files(1_000).keep(
        opened.who(),
        &New { holding: &holding, acting: &acting() },
        &mut io::repeat(7),
    );
    assert!(matches!(endless, Err(Error::Quota { .. })), "{endless:?}");
    assert_eq!(opened.files(1_000).sweep(opened.who()).expect("swept"), 0);
}

/// Bytes that end in a failure.
struct Breaks(usize);

impl Read for Breaks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::Error::other("the cable"));
        }
        let some = buffer.len().min(self.0);
        self.0 -= some;
        Ok(some)
    }
}

#[test]
fn what_breaks_off_leaves_nothing_and_what_a_crash_left_is_swept() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = Opened::new(folder.path());
    let holding = held("own", Tlp::Amber);
    let files = opened.files(1 << 20);
    assert_eq!(files.sweep(opened.who()).expect("there is nothing yet"), 0);
    let broken =
        files.keep(opened.who(), &New { holding: &holding, acting: &acting() }, &mut Breaks(100_000));
    assert!(matches!(&broken, Err(Error::Unread(cause)) if cause.to_string() == "the cable"), "{broken:?}");
    let kept = opened.keep(b"stays", &holding).expect("kept");
    let path = |name: &str| -> PathBuf { opened.home.home().files().join(&name[..2]).join(name) };
    let orphan = "ab".repeat(32);
    fs::create_dir_all(path(&orphan).parent().expect("a folder")).expect("made");
    fs::write(path(&orphan), b"left").expect("written");
    fs::write(opened.home.home().files().join("incoming/4711"), b"half").expect("written");
    assert_eq!(files.sweep(opened.who()).expect("swept"), 1);
    assert!(!path(&orphan).exists() && path(&kept.sha256.to_string()).exists());
    assert_eq!(fs::read_dir(opened.home.home().files().join("incoming")).expect("there").count(), 0);
}

#[test]
fn bytes_that_somebody_changed_are_not_given_as_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = Opened::new(folder.path());
    let holding = held("own", Tlp::Amber);
    let kept = opened.keep(b"as they were", &holding).expect("kept");
    let name = kept.sha256.to_string();
    let path = opened.home.home().files().join(&name[..2]).join(&name);
    for changed in [&b"as they are!"[..], b"as", b""] {
        fs::write(&path, changed).expect("written");
        let file = files::open(opened.home.home(), opened.journal.reader(), opened.who(), &kept.sha256);
        let read = file.expect("opened").expect("there").read_to_end(&mut Vec::new());
        assert_eq!(read.expect_err("it is damaged").kind(), io::ErrorKind::InvalidData);
        assert_eq!(opened.files(1_000).damaged(opened.who()).expect("read"), [kept.sha256]);
    }
    // The same bytes put it right.
    opened.keep(b"as they were", &holding).expect("kept");
    assert_eq!(opened.files(1_000).damaged(opened.who()).expect("read"), []);
    assert!("../../../../etc/passwd".parse::<Sha256>().is_err());
}

#[test]
fn files_that_are_held_for_a_copy_lie_where_it_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = Opened::new(folder.path());
    assert_eq!(files::hold(opened.home.home()).expect("held").all().expect("read"), []);
    let one = opened.keep(b"one", &held("own", Tlp::Amber)).expect("kept").sha256;
    let lying = files::hold(opened.home.home()).expect("held");
    let two = opened.keep(b"second", &held("own", Tlp::Amber)).expect("others come").sha256;
    let mut expected = [(one, 3), (two, 6)];
    expected.sort();
    assert_eq!(lying.all().expect("read"), expected);
    for (hash, bytes) in expected {
        let path = opened.home.home().path().join(files::path(&hash));
        assert_eq!(fs::metadata(path).expect("there").len(), bytes);
    }
    // Who would remove one waits until it is copied.
    std::thread::scope(|scope| {
        let dropped = scope.spawn(|| {
            opened
                .files(1_000)
                .drop(opened.who(), (&one, 1, "no longer needed"), &acting())
                .expect("dropped");
        });
        assert_eq!(lying.all().expect("read").len(), 2);
        drop(lying);
        dropped.join().expect("no panic");
    });
    assert_eq!(files::hold(opened.home.home()).expect("held").all().expect("read"), [(two, 6)]);
}
