//! The spool on a real folder.

use std::fs;

use spool::{Error, Folder, LONGEST, Record, Spool};

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
    let (mut spool, damages) = Spool::open(Folder::open(&path).unwrap(), 1 << 20).unwrap();
    assert!(damages.is_empty());
    assert_eq!(spool.append(&[b"a", b"b"]).unwrap(), 0);
    assert_eq!(spool.append(&[b"c"]).unwrap(), 2);
    drop(spool);
    let (mut spool, _) = Spool::open(Folder::open(&path).unwrap(), 1 << 20).unwrap();
    assert_eq!(all(&spool, 1), [(1, b"b".to_vec()), (2, b"c".to_vec())]);
    assert_eq!(spool.append(&[b"d"]).unwrap(), 3);
    spool.free(3).unwrap();
    assert_eq!(all(&spool, 0), [(3, b"d".to_vec())]);
    spool.free(4).unwrap();
    drop(spool);
    let (mut spool, _) = Spool::open(Folder::open(&path).unwrap(), 1 << 20).unwrap();
    assert_eq!((all(&spool, 0).len(), spool.bytes(), spool.next()), (0, 0, 4));
    assert_eq!(spool.append(&[b"e"]).unwrap(), 4);
}

#[test]
fn a_torn_end_and_a_damaged_middle_are_told_and_lose_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let open = || Spool::open(Folder::open(home.path()).unwrap(), 1 << 20).unwrap();
    let (mut spool, _) = open();
    spool.append(&[b"first", b"second", b"third"]).unwrap();
    drop(spool);
    let segment = home.path().join("0000000000000000.spool");
    let whole = fs::read(&segment).unwrap();
    // 20 bytes before each payload: the second begins at 25.
    let mut damaged = whole.clone();
    damaged[25 + 20] ^= 1;
    fs::write(&segment, &damaged).unwrap();
    let (spool, damages) = open();
    let told: Vec<_> = damages.iter().map(|d| (d.offset, d.bytes, d.at_end)).collect();
    assert_eq!(told, [(25, 26, false)]);
    assert_eq!(all(&spool, 0), [(0, b"first".to_vec()), (2, b"third".to_vec())]);
    for end in 51..whole.len() {
        fs::write(&segment, &whole[..end]).unwrap();
        let (mut spool, damages) = open();
        let told: Vec<_> = damages.iter().map(|d| (d.offset, d.at_end)).collect();
        assert_eq!(told, if end == 51 { vec![] } else { vec![(51, true)] });
        assert_eq!(spool.append(&[b"next"]).unwrap(), 2);
        assert_eq!(all(&spool, 2), [(2, b"next".to_vec())]);
        drop(spool);
        fs::remove_file(home.path().join("0000000000000002.spool")).unwrap();
    }
}

#[test]
fn a_full_spool_and_a_long_record_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(Folder::open(home.path()).unwrap(), 100).unwrap();
    spool.append(&[&[0; 90]]).unwrap();
    let refused = spool.append(&[b"more"]).unwrap_err();
    assert_eq!(refused.to_string(), "the spool holds 110 bytes and may hold 100");
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
    let (mut spool, _) = Spool::open(Folder::open(&path).unwrap(), 1 << 20).unwrap();
    spool.append(&[b"a"]).unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(path.clone()), mode(path.join("0000000000000000.spool"))), (0o700, 0o600));
}
