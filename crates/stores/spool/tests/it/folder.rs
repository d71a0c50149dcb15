//! The spool on a real folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use spool::{Disk, Error, Folder, LONGEST, Record, Spool, look};

fn all(spool: &Spool<Folder>, from: u64) -> Vec<(u64, Vec<u8>)> {
    let mut found = Vec::new();
    let mut take = |record: Record| {
        found.push((record.number, record.payload));
        Ok::<(), Error>(())
    };
    spool.records(from, &mut take).unwrap();
    found
}

#[test]
fn records_are_read_again_by_the_next_life_and_freed_ones_are_not() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("spool");
    let (mut spool, damages) = Spool::open(Folder::open(&path).unwrap(), 1 << 20, 0xa5).unwrap();
    assert!(damages.is_empty());
    assert_eq!(spool.append(&[b"a", b"b"]).unwrap(), 0);
    assert_eq!(spool.append(&[b"c"]).unwrap(), 2);
    drop(spool);
    let (mut spool, _) = Spool::open(Folder::open(&path).unwrap(), 1 << 20, 0xa5).unwrap();
    assert_eq!(all(&spool, 1), [(1, b"b".to_vec()), (2, b"c".to_vec())]);
    assert_eq!(spool.append(&[b"d"]).unwrap(), 3);
    spool.free(3).unwrap();
    assert_eq!(all(&spool, 0), [(3, b"d".to_vec())]);
    spool.free(4).unwrap();
    drop(spool);
    let (mut spool, _) = Spool::open(Folder::open(&path).unwrap(), 1 << 20, 0xa5).unwrap();
    assert_eq!((all(&spool, 0).len(), spool.bytes(), spool.next()), (0, 0, 4));
    assert_eq!(spool.append(&[b"e"]).unwrap(), 4);
}

#[test]
fn a_torn_end_and_a_damaged_middle_are_told_and_lose_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let open = || Spool::open(Folder::open(home.path()).unwrap(), 1 << 20, 0xa5).unwrap();
    let (mut spool, _) = open();
    spool.append(&[b"first", b"second", b"third"]).unwrap();
    drop(spool);
    let segment = home.path().join("0000000000000000-00000000000000a5.spool");
    let whole = fs::read(&segment).unwrap();
    // 24 bytes before each payload: the second begins at 29.
    let mut damaged = whole.clone();
    damaged[29 + 24] ^= 1;
    fs::write(&segment, &damaged).unwrap();
    let (spool, damages) = open();
    let told: Vec<_> = damages.iter().map(|d| (d.offset, d.bytes, d.at_end)).collect();
    assert_eq!(told, [(29, 30, false)]);
    assert_eq!(all(&spool, 0), [(0, b"first".to_vec()), (2, b"third".to_vec())]);
    for end in 59..whole.len() {
        fs::write(&segment, &whole[..end]).unwrap();
        let (mut spool, damages) = open();
        let told: Vec<_> = damages.iter().map(|d| (d.offset, d.at_end)).collect();
        assert_eq!(told, if end == 59 { vec![] } else { vec![(59, true)] });
        assert_eq!(spool.append(&[b"next"]).unwrap(), 2);
        assert_eq!(all(&spool, 2), [(2, b"next".to_vec())]);
        drop(spool);
        fs::remove_file(home.path().join("0000000000000002-00000000000000a5.spool")).unwrap();
    }
}

#[test]
fn a_payload_cannot_pass_for_records() {
    let home = tempfile::tempdir().unwrap();
    let open = |mark| Spool::open(Folder::open(home.path()).unwrap(), 1 << 20, mark).unwrap();
    // What is on disk under one mark, as payload under another.
    let (mut spool, _) = open(1);
    spool.append(&[b"forged"]).unwrap();
    let forged = fs::read(home.path().join("0000000000000000-0000000000000001.spool")).unwrap();
    let (mut spool, _) = open(2);
    spool.append(&[&forged, b"last"]).unwrap();
    drop(spool);
    let segment = home.path().join("0000000000000001-0000000000000002.spool");
    let mut torn = fs::read(&segment).unwrap();
    torn[0] ^= 1;
    fs::write(&segment, &torn).unwrap();
    let (spool, damages) = open(3);
    assert_eq!((damages.len(), damages[0].offset, damages[0].at_end), (1, 0, false));
    assert_eq!(all(&spool, 0), [(0, b"forged".to_vec()), (2, b"last".to_vec())]);
}

#[test]
fn a_full_spool_and_a_long_record_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(Folder::open(home.path()).unwrap(), 100, 0xa5).unwrap();
    spool.append(&[&[0; 90]]).unwrap();
    let refused = spool.append(&[b"more"]).unwrap_err();
    assert_eq!(refused.to_string(), "the spool holds 114 bytes and may hold 100");
    spool.free(1).unwrap();
    let long = vec![0; LONGEST + 1];
    assert!(matches!(spool.append(&[&long]), Err(Error::TooLong { .. })));
    assert_eq!(spool.append(&[b"more"]).unwrap(), 1);
}

#[cfg(unix)]
#[test]
fn others_cannot_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("spool");
    let (mut spool, _) = Spool::open(Folder::open(&path).unwrap(), 1 << 20, 0xa5).unwrap();
    spool.append(&[b"a"]).unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(path.clone()), mode(path.join("0000000000000000-00000000000000a5.spool"))),
        (0o700, 0o600)
    );
}

/// Whether the system is asked at all cannot be seen on a disk that works; a device and the folder
/// of processes know no such call, and refuse it.
#[cfg(target_os = "linux")]
#[test]
fn syncing_asks_the_system() {
    let home = tempfile::tempdir().unwrap();
    let folder = Folder::open(home.path()).unwrap();
    let mut device = fs::OpenOptions::new().write(true).open("/dev/null").unwrap();
    assert!(folder.sync(&mut device).is_err());
    assert!(Folder::open(Path::new("/proc")).unwrap().sync_names().is_err());
    assert!(folder.sync_names().is_ok());
}

fn looked(disk: &impl Disk) -> Vec<(u64, Vec<u8>)> {
    let mut found = Vec::new();
    look(disk, &mut |record| found.push((record.number, record.payload))).unwrap();
    found
}

/// Names and bytes of all files, with the time when each was changed.
fn state(folder: &Path) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.path();
            (path.clone(), fs::read(path).unwrap(), entry.metadata().unwrap().modified().unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn whoever_looks_changes_nothing_and_sees_what_is_whole() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("spool");
    assert!(looked(&Folder::at(&path)).is_empty());
    assert!(!path.exists());
    let (mut spool, _) = Spool::open(Folder::open(&path).unwrap(), 1 << 20, 1).unwrap();
    spool.append(&[b"a", b"b"]).unwrap();
    drop(spool);
    let (mut spool, _) = Spool::open(Folder::open(&path).unwrap(), 1 << 20, 2).unwrap();
    spool.append(&[b"c", b"d"]).unwrap();
    fs::write(path.join("shard"), "x").unwrap();
    // The last record is being written.
    let segment = path.join("0000000000000002-0000000000000002.spool");
    let whole = fs::read(&segment).unwrap();
    fs::write(&segment, &whole[..whole.len() - 1]).unwrap();
    let before = state(&path);
    assert_eq!(looked(&Folder::at(&path)), [(0, b"a".to_vec()), (1, b"b".to_vec()), (2, b"c".to_vec())]);
    assert_eq!(state(&path), before);
    // While somebody writes, and lets go.
    fs::write(&segment, &whole).unwrap();
    spool.free(2).unwrap();
    assert_eq!(looked(&Folder::at(&path)), [(2, b"c".to_vec()), (3, b"d".to_vec())]);
}

/// A folder in which a segment is gone once it has been listed.
struct Vanishing(Folder, &'static str);

impl Disk for Vanishing {
    type File = fs::File;

    fn create(&self, _: &str) -> io::Result<fs::File> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn append(&self, _: &mut fs::File, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn sync(&self, _: &mut fs::File) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn sync_names(&self) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let names = self.0.names()?;
        drop(self.0.remove(self.1));
        Ok(names)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.0.read(name)
    }

    fn remove(&self, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }
}

#[test]
fn a_segment_that_vanishes_while_somebody_looks_is_passed_over() {
    let home = tempfile::tempdir().unwrap();
    for (mark, payload) in [(1, b"a"), (2, b"b")] {
        let (mut spool, _) = Spool::open(Folder::open(home.path()).unwrap(), 1 << 20, mark).unwrap();
        spool.append(&[payload]).unwrap();
    }
    let vanishing = Vanishing(Folder::at(home.path()), "0000000000000000-0000000000000001.spool");
    assert_eq!(looked(&vanishing), [(1, b"b".to_vec())]);
    assert_eq!(state(home.path()).len(), 1);
}

#[test]
fn whoever_looks_learns_what_is_no_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("spool");
    {
        let (mut spool, _) = Spool::open(Folder::open(&path).expect("made"), u64::MAX, 1).expect("opened");
        spool.append(&[b"first", b"second", b"third"]).expect("kept");
    }
    let surveyed = || spool::survey(&Folder::at(&path), &mut |_| {}).expect("looked");
    let whole = surveyed();
    assert_eq!((whole.segments, whole.records, whole.damages.len()), (1, 3, 0));
    let segment = fs::read_dir(&path).expect("read").next().expect("one").expect("read").path();
    let bytes = fs::read(&segment).expect("read");
    fs::write(&segment, &bytes[..bytes.len() - 1]).expect("cut");
    let torn = surveyed();
    assert_eq!((torn.records, torn.damages[0].at_end), (2, true));
    let mut bad = bytes;
    bad[26] ^= 1;
    fs::write(&segment, bad).expect("written");
    let damaged = surveyed();
    assert_eq!((damaged.records, damaged.damages[0].at_end, damaged.damages[0].offset), (2, false, 0));
    assert_eq!(
        spool::survey(&Folder::at(&path.join("none")), &mut |_| {}).expect("looked"),
        Default::default()
    );
}
