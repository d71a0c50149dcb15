//! The ways in which homes are broken, and what each is called.

use std::any::Any;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use home::Writer;
use journal::{Acting, Actor, Journal};
use model::time::Instant;
use noroshi::acts::kinds;
use noroshi::books::now;
use noroshi::commands::doctor::Code::{self, *};
use sha2::{Digest, Sha256};
use spool::{Folder, Spool};

use super::homes::{Of, run};

/// A home that is broken.
pub struct Case {
    /// All codes that are found.
    pub codes: &'static [Code],
    pub of: Of,
    pub is_deep: bool,
    /// Breaks it; what is given holds it until it was looked at.
    pub breaks: fn(&Path) -> Held,
}

/// What is held while a home is looked at.
pub type Held = Option<Box<dyn Any>>;

const fn quick(codes: &'static [Code], breaks: fn(&Path) -> Held) -> Case {
    Case { codes, of: Of::Quiet, is_deep: false, breaks }
}

const fn deep(codes: &'static [Code], breaks: fn(&Path) -> Held) -> Case {
    Case { codes, of: Of::Quiet, is_deep: true, breaks }
}

const fn killed(codes: &'static [Code], breaks: fn(&Path) -> Held) -> Case {
    Case { codes, of: Of::Killed, is_deep: false, breaks }
}

pub const CASES: &[Case] = &[
    quick(&[], |_| None),
    deep(&[], |_| None),
    // The folder itself.
    quick(&[HomeMissing], |home| done(fs::remove_dir_all(home))),
    quick(&[HomeForeign], |home| done(fs::remove_file(home.join("format")))),
    quick(&[FormatNewer], |home| write(&home.join("format"), b"99\n")),
    quick(&[FormatOld], |home| write(&home.join("format"), b"1\n")),
    quick(&[IdUnreadable], |home| write(&home.join("id"), b"one\n")),
    quick(&[FormatUnreadable], |home| write(&home.join("format"), b"one\n")),
    quick(&[ModeOpen], |home| mode(home, 0o755)),
    quick(&[ModeOpen], |home| mode(&one(&home.join("keys/personal"), ".key"), 0o644)),
    quick(&[ModeOpen], |home| mode(&home.join("journal.sqlite"), 0o640)),
    quick(&[EntryForeign], |home| write(&home.join("letter.txt"), b"x")),
    quick(&[PartLeft], |home| write(&home.join("keys/personal/00.part"), b"x")),
    quick(&[PartLeft], |home| write(&home.join("files/incoming/1-0"), b"x")),
    // Who writes.
    quick(&[LockOld], |home| write(&home.join("lock"), b"999999999")),
    quick(&[SocketOld], socket),
    quick(&[SocketSilent], |home| {
        socket(home);
        hold(home)
    }),
    quick(&[SocketForeign], |home| write(&home.join("socket"), b"x")),
    quick(&[], hold),
    // Settings.
    quick(&[SettingsUnread], |home| {
        done(
            fs::create_dir(home.join("noroshi.toml"))
                .and_then(|()| fs::set_permissions(home.join("noroshi.toml"), Permissions::from_mode(0o700))),
        )
    }),
    quick(&[SettingsWrong], |home| write(&home.join("noroshi.toml"), b"colour = \"blue\"\n")),
    quick(&[SettingsName], |home| {
        write(&home.join("noroshi.toml"), b"[deliver]\nfolder = \"/nowhere/at/all\"\n")
    }),
    // What machines observed.
    quick(&[LakeCommitTorn], |home| cut(&commit(home, usize::MAX), 20)),
    quick(&[LakeCommitDamaged], |home| cut(&commit(home, 1), 20)),
    quick(&[LakeLogUnreadable], |home| done(fs::remove_file(commit(home, 0)))),
    quick(&[LakeFileMissing], |home| done(fs::remove_file(rows(home)))),
    quick(&[LakeFileCut], |home| cut(&rows(home), 10)),
    quick(&[LakeFileForeign], |home| change(&rows(home), 0, b"NONE")),
    deep(&[LakeFileDamaged], |home| change(&rows(home), 40, &[0x55; 400])),
    deep(&[LakeRowsDiffer], |home| replace(&commit(home, 1), br#"\"numRecords\":"#, br#"\"numRecords\":9"#)),
    quick(&[LakeFilesUnnamed], |home| {
        let rows = rows(home);
        done(fs::copy(&rows, rows.with_file_name("part-left.parquet")))
    }),
    quick(&[LakeIndexDamaged], |home| cut(&one(&table(home).join("_values"), ".values"), 5)),
    deep(&[LakeIndexDamaged], |home| change(&one(&table(home).join("_values"), ".values"), 20, b"NONE")),
    quick(&[LakeAccountDamaged], |home| write(&table(home).join("_expired"), b"noroshi-expired 1 1\n")),
    quick(&[LakeBatchesMissing, LakeCommitAside, LakeFilesUnnamed], |home| {
        // As a file is lost, and whoever writes next sets aside the commit that names it.
        cut(&commit(home, usize::MAX), 20);
        done(lake::Lake::open(&home.join("lake")).and_then(|lake| lake.heal()))
    }),
    // What waits.
    killed(&[LockOld, SpoolWaiting], |_| None),
    killed(&[], hold),
    killed(&[LockOld, SpoolWaiting, SpoolTorn], |home| cut(&segment(home), 3)),
    killed(&[LockOld, SpoolWaiting, SpoolDamaged], |home| change(&segment(home), 30, b"x")),
    quick(&[SpoolUnreadable], |home| {
        let disk = Folder::open(&home.join("spool")).expect("opened");
        let (mut spool, _) = Spool::open(disk, u64::MAX, 7).expect("opened");
        done(spool.append(&[b"no batch"]))
    }),
    // What people did.
    quick(&[JournalMissing], |home| {
        done(fs::remove_file(home.join("journal.sqlite")).and_then(|()| {
            fs::remove_dir_all(home.join("files")).and_then(|()| fs::remove_dir_all(home.join("keys")))
        }))
    }),
    quick(&[JournalLost], |home| done(fs::remove_file(home.join("journal.sqlite")))),
    quick(&[JournalForeign], |home| change(&home.join("journal.sqlite"), 0, b"something else  ")),
    // The version that a database carries (https://www.sqlite.org/fileformat2.html, 1.3.15).
    quick(&[JournalNewer], |home| change(&home.join("journal.sqlite"), 60, &[0, 0, 0, 99])),
    quick(&[JournalOutdated], |home| {
        replace(
            &home.join("journal.sqlite"),
            br#"{ name: "journal_subjects""#,
            br#"{ name: "Journal_subjects""#,
        )
    }),
    quick(&[JournalDamaged], |home| change(&home.join("journal.sqlite"), 4_096, &[0; 8_192])),
    quick(&[JournalChainBroken], |home| replace(&home.join("journal.sqlite"), b"reviewed", b"Reviewed")),
    quick(&[JournalChainBroken, JournalActDamaged], |home| {
        replace(&home.join("journal.sqlite"), br#""reviewed","type""#, br#""reviewed","Type""#)
    }),
    quick(&[JournalLogLeft], log_left),
    deep(&[JournalLogLeft], log_left),
    deep(&[PersonalUnreadable], |home| write(&one(&home.join("keys/personal"), ".key"), &[7; 32])),
    quick(&[KeyMissing], |home| done(fs::remove_file(one(&home.join("keys/personal"), ".key")))),
    quick(&[KeyDamaged], |home| write(&one(&home.join("keys/personal"), ".key"), &[7; 31])),
    quick(&[KeyLeft], |home| {
        let key = one(&home.join("keys/personal"), ".key");
        let bytes = fs::read(&key).expect("read");
        let folder = home.parent().expect("a folder");
        run(folder, &["forget", &format!("local:{}", home::user()), "--reason", "left"]);
        write(&key, &bytes)
    }),
    quick(&[KeyUnknown], |home| write(&home.join("keys/personal/00.key"), &[7; 32])),
    quick(&[JobOpen], |home| {
        let long_ago = Instant::from_nanoseconds(now().nanoseconds() - 90_000 * 1_000_000_000);
        let job = |journal: &Journal, acting: &Acting| journal.job("watch.rescan", "all", acting).map(drop);
        act(home, long_ago, &job)
    }),
    quick(&[ClockBehind], |home| {
        let later = Instant::from_nanoseconds(now().nanoseconds() + 3_600 * 1_000_000_000);
        act(home, later, &|journal, acting| {
            journal.name(&acting.actor, "Taro", acting.now).expect("named");
            Ok(())
        })
    }),
    // Files that people handed in.
    quick(&[FileMissing], |home| done(fs::remove_file(file(home)))),
    quick(&[FileDamaged], |home| cut(&file(home), 1)),
    deep(&[FileDamaged], |home| change(&file(home), 3, b"x")),
    quick(&[FileUnheld], |home| {
        let folder = home.join("files/00");
        fs::create_dir(&folder).expect("made");
        mode(&folder, 0o700);
        done(fs::copy(file(home), folder.join("0".repeat(64))))
    }),
    // Who looked.
    quick(&[AccessTorn], |home| cut(&one(&home.join("access"), ".log"), 5)),
    quick(&[AccessDamaged], |home| change(&one(&home.join("access"), ".log"), 110, b"x")),
    quick(&[AccessBroken], |home| change(&one(&home.join("access"), ".log"), 30, b"x")),
    quick(&[AccessNewer], |home| {
        let path = one(&home.join("access"), ".log");
        let mut bytes = fs::read(&path).expect("read");
        bytes[8] = 9;
        let hash = Sha256::digest(&bytes[..56]);
        bytes[56..88].copy_from_slice(&hash);
        write(&path, &bytes)
    }),
];

fn done<T>(done: Result<T, impl std::fmt::Debug>) -> Held {
    done.expect("done");
    None
}

fn write(path: &Path, bytes: &[u8]) -> Held {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    done(file.and_then(|mut file| file.write_all(bytes)))
}

fn mode(path: &Path, mode: u32) -> Held {
    done(fs::set_permissions(path, Permissions::from_mode(mode)))
}

/// Cuts bytes off the end of a file.
fn cut(path: &Path, bytes: u64) -> Held {
    let file = OpenOptions::new().write(true).open(path).expect("opened");
    let length = file.metadata().expect("there").len();
    done(file.set_len(length - bytes))
}

/// Writes other bytes over a place of a file.
fn change(path: &Path, at: u64, bytes: &[u8]) -> Held {
    let mut file = OpenOptions::new().read(true).write(true).open(path).expect("opened");
    let mut there = vec![0; bytes.len()];
    file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut there)).expect("read");
    assert_ne!(there, bytes);
    done(file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes)))
}

/// Puts other bytes in the place of the first that are so.
fn replace(path: &Path, from: &[u8], to: &[u8]) -> Held {
    let bytes = fs::read(path).expect("read");
    let at = bytes.windows(from.len()).position(|part| part == from).expect("they stand there");
    write(path, &[&bytes[..at], to, &bytes[at + from.len()..]].concat())
}

/// The files in a folder whose names end so, in their order.
fn all(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut all: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    all.sort();
    all
}

fn one(folder: &Path, ending: &str) -> PathBuf {
    all(folder, ending).into_iter().next().expect("there is one")
}

fn table(home: &Path) -> PathBuf {
    home.join("lake/own/process_activity")
}

/// A commit of the table of processes; the newest where there are fewer.
fn commit(home: &Path, number: usize) -> PathBuf {
    let commits = all(&table(home).join("_delta_log"), ".json");
    commits[number.min(commits.len() - 1)].clone()
}

/// A file of rows that the newest commit did not add.
fn rows(home: &Path) -> PathBuf {
    let text = fs::read_to_string(commit(home, 1)).expect("read");
    let (_, rest) = text.split_once(r#""add":{"path":""#).expect("a file is added");
    table(home).join(rest.split('"').next().expect("a path"))
}

/// A segment of the spool with records.
fn segment(home: &Path) -> PathBuf {
    let segments = all(&home.join("spool"), ".spool");
    segments.into_iter().max_by_key(|path| fs::metadata(path).expect("there").len()).expect("one")
}

/// A file that somebody holds.
fn file(home: &Path) -> PathBuf {
    let folders = fs::read_dir(home.join("files")).expect("a folder");
    let names = folders.map(|entry| entry.expect("an entry").path());
    let folder = names.filter(|path| path.file_name().is_some_and(|name| name.len() == 2)).max();
    one(&folder.expect("there is one"), "")
}

/// A socket that a process left.
fn socket(home: &Path) -> Held {
    drop(UnixListener::bind(home.join("socket")).expect("bound"));
    mode(&home.join("socket"), 0o600)
}

fn hold(home: &Path) -> Held {
    Some(Box::new(Writer::take(home).expect("taken")))
}

/// A journal as it lies there when its process is killed.
fn log_left(home: &Path) -> Held {
    let writer = Writer::take(home).expect("taken");
    let journal = Journal::open(&writer, kinds()).expect("opened");
    let acting = Acting { actor: Actor::local(4_711), now: now() };
    journal.name(&acting.actor, "Taro", acting.now).expect("named");
    let names = ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"].map(|name| home.join(name));
    let bytes = names.each_ref().map(|path| fs::read(path).expect("read"));
    drop(journal);
    drop(writer);
    names.iter().zip(bytes).find_map(|(path, bytes)| write(path, &bytes))
}

/// Acts at another time than now.
fn act(
    home: &Path,
    now: Instant,
    act: &dyn Fn(&Journal, &Acting) -> Result<(), journal::JournalError>,
) -> Held {
    let writer = Writer::take(home).expect("taken");
    let journal = Journal::open(&writer, kinds()).expect("opened");
    done(act(&journal, &Acting { actor: Actor::local(4_711), now }))
}
