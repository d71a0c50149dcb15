//! Windows event logs, written by `event_log`.

use crate::event_log::{CHUNK, chunk, file, header, record, seal};
use crate::support::{Read, read, read_with};

fn ids(read: &Read) -> Vec<u64> {
    read.rows.iter().map(|row| row.record_id.unwrap()).collect()
}

#[test]
fn records_become_rows() {
    let all = read(&file(&[&chunk(1..4), &chunk(4..6)]));
    assert_eq!((ids(&all), all.reasons()), (vec![1, 2, 3, 4, 5], vec![]));
    let row = &all.rows[3];
    assert_eq!((row.kind.as_str(), row.ordinal, row.line), ("windows/Application:5210", 4, None));
    assert_eq!(row.time.as_deref(), Some("2026-03-02T08:00:01.1234567Z"));
    for (name, value) in [
        ("DetailText", "v4"),
        ("Provider_Name", "Lantern Service"),
        ("EventID_Qualifiers", "16384"),
        ("Execution_ProcessID", "600"),
        ("Execution_ThreadID", "604"),
        ("Security_UserID", "S-1-5-18"),
        ("TimeCreated_SystemTime", "2026-03-02T08:00:01.1234567Z"),
    ] {
        assert_eq!(row.all(name), [value], "{name}");
    }
    let many: Vec<Vec<u8>> = (0..40).map(|n| chunk(n * 3 + 1..n * 3 + 4)).collect();
    let bytes = file(&many.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let cut = read_with(&bytes, &sources::Limits { segment_bytes: 1, ..sources::Limits::default() });
    assert_eq!((cut.segments, cut.rows.len()), (40, 120));
    assert_eq!(cut.rows, read(&bytes).rows);
}

#[test]
fn a_damaged_chunk_costs_itself() {
    let mut header = chunk(1..4);
    header[..512].fill(0xa5);
    let all = read(&file(&[&header, &chunk(4..6)]));
    assert_eq!((ids(&all), all.flaws.len(), all.flaws[0].offset), (vec![4, 5], 1, 4_096));
    let all = read(&file(&[&chunk(1..2), &vec![0; CHUNK], &chunk(2..3)]));
    assert_eq!((ids(&all), all.reasons()), (vec![1, 2], vec!["zeros stand where a log should"]));
    assert_eq!((all.flaws[0].offset, all.flaws[0].length), (4_096 + CHUNK as u64, Some(CHUNK as u64)));
    let all = read(&file(&[&chunk(1..2), &vec![0; 2 * CHUNK]]));
    assert_eq!((ids(&all), all.reasons()), (vec![1], vec![]), "unused space");
    let mut names = chunk(1..4);
    names[128..384].fill(0xff);
    let all = read(&file(&[&names]));
    assert_eq!(ids(&all), [1, 2, 3], "the table of names");
    let mut content = chunk(1..4);
    content[700] ^= 1;
    let all = read(&file(&[&content]));
    assert!(ids(&all).len() >= 2);
    assert!(all.reasons().iter().any(|reason| reason.contains("checksum")));
}

#[test]
fn a_damaged_record_costs_itself() {
    let length = record(512, 1, "v1").len();
    for size in [0u32, 3, 0xa6a6_a6a6, 70_000] {
        let mut bytes = chunk(1..5);
        bytes[512 + length + 4..512 + length + 8].copy_from_slice(&size.to_le_bytes());
        let all = read(&file(&[&bytes, &chunk(5..6)]));
        assert_eq!(ids(&all), [1, 3, 4, 5], "size {size}");
        // The record is lost up to the next one, which tells how long it is.
        let record = all.flaws.iter().find(|flaw| flaw.reason.code == "evtx-record-unreadable").unwrap();
        assert_eq!((record.offset, record.length), (4_096 + 512 + length as u64, Some(length as u64)));
    }
    let mut bytes = chunk(1..4);
    bytes[512 + length + 24..512 + length + 60].fill(0xff);
    assert_eq!(ids(&read(&file(&[&bytes]))), [1, 3], "content");
}

#[test]
fn counters_of_the_header_are_not_believed() {
    let good = chunk(1..4);
    let free = u32::from_le_bytes(good[48..52].try_into().unwrap()) as usize;
    let last = u32::from_le_bytes(good[44..48].try_into().unwrap()) as usize;
    for (claimed, last, free) in
        [(1..10, last, free + 6_144), (1..2, 512, 512), (1..2, 512, last), (1..4, 0, 65_536), (7..8, 0, 0)]
    {
        let mut bytes = good.clone();
        header(&mut bytes, claimed, last, free.max(512));
        bytes[48..52].copy_from_slice(&u32::try_from(free).unwrap().to_le_bytes());
        seal(&mut bytes);
        assert_eq!(ids(&read(&file(&[&bytes]))), [1, 2, 3], "{last} {free}");
        bytes[124] ^= 1;
        assert_eq!(ids(&read(&file(&[&bytes]))), [1, 2, 3], "{last} {free}, and the checksum is wrong");
    }
}

#[test]
fn records_of_a_former_life_are_no_events() {
    let mut bytes = chunk(8..20);
    let fresh = chunk(101..103);
    let free = u32::from_le_bytes(fresh[48..52].try_into().unwrap()) as usize;
    bytes[..free].copy_from_slice(&fresh[..free]);
    assert_eq!(ids(&read(&file(&[&bytes]))), [101, 102]);
}

#[test]
fn ends_of_files() {
    let junk = [&file(&[&chunk(1..3)])[..], &[b'x'; 3_000], b"**\0\0", &[7; 100]].concat();
    let all = read(&junk);
    assert_eq!((ids(&all), all.flaws.len()), (vec![1, 2], 1));
    let bytes = file(&[&chunk(1..3), &chunk(3..6)]);
    let cut = read(&bytes[..4_096 + CHUNK + 2_000]);
    assert_eq!(ids(&cut)[..3], [1, 2, 3]);
    assert!(cut.reasons().iter().any(|reason| reason.contains("cut off")));
    assert_eq!(ids(&read(&bytes[4_096..])), [1, 2, 3, 4, 5], "no file header");
    let mut shifted = bytes[..4_096 + CHUNK].to_vec();
    shifted.extend([9; 1_000]);
    shifted.extend(&bytes[4_096 + CHUNK..]);
    assert_eq!(ids(&read(&shifted)), [1, 2, 3, 4, 5], "chunks that have shifted");
    assert_eq!(read(b"ElfFile\0").rows.len(), 0);
    assert_eq!(read(&bytes[..4_096]).rows.len(), 0);
}

/// A file to do damage to.
pub fn sample() -> Vec<u8> {
    file(&[&chunk(1..6), &chunk(6..8)])
}
