//! Prints know a content again, and names those made from them.

use std::io;
use std::path::Path;

use proptest::prelude::*;
use tail::{Print, names};

fn print(bytes: &[u8], pieces: usize) -> Print {
    let mut print = Print::default();
    bytes.chunks(pieces).for_each(|piece| print.push(piece));
    print
}

fn sampled(bytes: &[u8], length: usize) -> io::Result<Print> {
    Print::sample(length as u64, &mut |at, buffer| {
        let rest = bytes.get(at as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    })
}

/// Bytes that differ everywhere.
fn content(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let byte = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(byte).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prints_are_equal_however_bytes_came(length in 0usize..300_000, pieces in 1usize..70_000, seed: u64) {
        let bytes = content(length, seed);
        let whole = print(&bytes, length.max(1));
        prop_assert_eq!(&print(&bytes, pieces), &whole);
        prop_assert_eq!(&sampled(&bytes, length).unwrap(), &whole);
        prop_assert_eq!(whole.length(), length as u64);
    }

    #[test]
    fn a_change_among_the_first_or_last_bytes_is_seen(length in 1usize..5_000, at in 0usize..5_000) {
        let mut bytes = content(length, 7);
        let before = print(&bytes, length);
        let at = if at % 2 == 0 { at % length.min(1024) } else { length - 1 - at % length.min(256) };
        bytes[at] ^= 1;
        prop_assert_ne!(print(&bytes, length), before);
    }
}

#[test]
fn a_file_that_ends_too_early_has_no_print() {
    assert!(sampled(b"abc", 4).is_err());
}

#[test]
fn names_that_rotation_makes_are_told_from_others() {
    let cases = [
        ("app.log.1", "app.log", true),
        ("app.log.12.gz", "app.log", true),
        ("app.log-20260801", "app.log", true),
        ("app.log-20260801.zst", "app.log", true),
        ("app-20260801.log", "app.log", true),
        ("app-2026-08-01T10:00:00Z.log.gz", "app.log", true),
        ("app.1.log", "app.log", true),
        ("app.log.old", "app.log", true),
        ("app.log~", "app.log", true),
        ("app.log", "app.log", false),
        ("app.log.err", "app.log", false),
        ("app-web.log", "app.log", false),
        ("app.log2", "app.log", false),
        ("10.0.0.12", "10.0.0.1", false),
    ];
    for (name, base, wanted) in cases {
        let (name, base) = (Path::new("logs").join(name), Path::new("logs").join(base));
        assert_eq!(names::is_rotated(&name, &base), wanted, "{name:?} from {base:?}");
        if wanted {
            assert!(names::bases(&name).any(|found| found == base), "{name:?} from {base:?}");
        }
    }
}
