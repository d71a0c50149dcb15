//! What stands on the disk, byte by byte.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use access_log::{AccessLog, AccessLogError, Book, Durable, Subject, verify};
use sha2::{Digest, Sha256};

use crate::support::{at, entries, filled, look, owners, place, segments};

#[test]
fn a_record_is_its_text_and_its_hash() {
    let (_folder, path) = place();
    let log = AccessLog::open(&path).expect("opened");
    let mut first = look(0, "SELECT \"名\"\n");
    first.owners = owners(&["misaki", "aoba"]);
    log.append(&first, Durable::Yes).expect("noted");
    log.append(&look(0, "b"), Durable::No).expect("noted");
    let texts = [
        r#"{"at":"2026-04-01T00:00:00Z","book":"lake","number":1,"owners":["aoba","misaki"],"purpose":"operation","rows":5,"tlp":"TLP:AMBER","viewer":"local:1000","what":"SELECT \"名\"\n"}"#,
        r#"{"at":"2026-04-01T00:00:00Z","book":"lake","number":2,"owners":["aoba"],"purpose":"operation","rows":5,"tlp":"TLP:AMBER","viewer":"local:1000","what":"b"}"#,
    ];
    let mut expected = b"noroshiA".to_vec();
    expected.extend_from_slice(&1_u32.to_le_bytes());
    expected.extend_from_slice(&0_u32.to_le_bytes());
    expected.extend_from_slice(&1_u64.to_le_bytes());
    expected.extend_from_slice(&[0; 32]);
    let hash = Sha256::digest(&expected);
    expected.extend_from_slice(&hash);
    let mut last = [0; 32];
    for (number, text) in (1_u64..).zip(texts) {
        let chained = [&last[..], &number.to_be_bytes(), &Sha256::digest(text)].concat();
        last = Sha256::digest(chained).into();
        expected.extend_from_slice(&u32::try_from(text.len()).expect("short").to_le_bytes());
        expected.extend_from_slice(text.as_bytes());
        expected.extend_from_slice(&last);
    }
    assert_eq!(segments(&path), [("0000000000000001.log".to_owned(), expected)]);
    let verified = verify(&path).expect("walked");
    assert_eq!((verified.records, verified.number, verified.last), (2, 2, last));
}

#[test]
fn folder_and_files_are_their_owners_alone() {
    let (_folder, path) = place();
    filled(&path, 1, 2);
    let mode = |path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(path.clone()), 0o700);
    let modes: Vec<u32> =
        fs::read_dir(&path).expect("there").map(|entry| mode(entry.expect("there").path())).collect();
    assert_eq!(modes, [0o600; 3], "a lock and two segments");
}

#[test]
fn what_is_long_is_cut_and_its_hash_kept() {
    let (_folder, path) = place();
    let log = AccessLog::open(&path).expect("opened");
    // A letter of three bytes lies over the limit.
    let (fits, long) = ("x".repeat(4_096), format!("x{}", "名".repeat(2_000)));
    for what in [&fits, &long] {
        log.append(&look(0, what), Durable::No).expect("noted");
    }
    let found = entries(&path).expect("read").0;
    let kept: Vec<(&str, Option<&str>)> =
        found.iter().map(|entry| (entry.what.as_str(), entry.what_sha256.as_deref())).collect();
    let hash: String = Sha256::digest(&long).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(kept, [(fits.as_str(), None), (&long[..4_096], Some(hash.as_str()))]);
}

#[test]
fn a_newer_format_is_refused_by_all_and_changed_by_none() {
    let (_folder, path) = place();
    let log = filled(&path, 1 << 20, 2);
    let mut segment = segments(&path).remove(0);
    segment.1[8..12].copy_from_slice(&2_u32.to_le_bytes());
    let hash = Sha256::digest(&segment.1[..56]);
    segment.1[56..88].copy_from_slice(&hash);
    fs::write(path.join(&segment.0), &segment.1).expect("written");
    let refused = |error: Option<AccessLogError>| {
        matches!(error, Some(AccessLogError::Newer { found: 2, known: 1, .. }))
    };
    assert!(refused(verify(&path).err()));
    assert!(refused(entries(&path).err()));
    assert!(refused(AccessLog::open(&path).err()));
    assert!(refused(log.append(&look(600, "q"), Durable::No).err()));
    assert_eq!(segments(&path), [segment]);
}

#[test]
fn a_look_that_is_too_long_is_refused_and_the_next_noted() {
    let (_folder, path) = place();
    let log = AccessLog::open(&path).expect("opened");
    let mut long = look(0, "q");
    long.owners = (0..100_000).map(|number| format!("{number:050}")).collect();
    let error = log.append(&long, Durable::No).expect_err("too long");
    assert!(matches!(error, AccessLogError::TooLong { .. }), "{error}");
    assert_eq!(log.append(&look(0, "q"), Durable::No).expect("noted").number, 1);
    assert!(verify(&path).expect("walked").faults.is_empty());
}

#[test]
fn a_subject_says_nothing_about_a_person() {
    for (text, expected) in [
        ("local:1000", true),
        ("oidc:8f14e45f-ceea-4c7a.x_y", true),
        ("Taro Yamada", false),
        ("local:", false),
        (":1000", false),
        ("local:山田", false),
        ("Local:1000", false),
        ("local:a b", false),
        ("local:a:b", false),
    ] {
        assert_eq!(text.parse::<Subject>().is_ok(), expected, "{text}");
    }
    assert!(format!("local:{}", "a".repeat(123)).parse::<Subject>().is_err());
}

#[test]
fn an_entry_gives_all_of_a_look_back_whatever_the_clock_said() {
    let (_folder, path) = place();
    let log = AccessLog::open(&path).expect("opened");
    let times = [at(0), at(-100_000), model::time::Instant::from_nanoseconds(i64::MIN), at(50)];
    for (book, time) in [Book::Lake, Book::Journal, Book::Files, Book::Lake].into_iter().zip(times) {
        let mut one = look(0, "q");
        (one.at, one.book, one.tlp, one.rows, one.owners) = (time, book, None, 0, owners(&[]));
        log.append(&one, Durable::No).expect("noted");
    }
    let found = entries(&path).expect("read").0;
    assert_eq!(found.iter().map(|entry| entry.at).collect::<Vec<_>>(), times);
    assert_eq!(found.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(
        found.iter().map(|entry| entry.book.as_str()).collect::<Vec<_>>(),
        ["lake", "journal", "files", "lake"]
    );
    assert!(found.iter().all(|entry| entry.rows == Some(0) && entry.tlp.is_none()));
}
