//! A batch comes back from the spool's bytes as it was.

use std::fs;

use observations::{PayloadError, Record};

use crate::support::{NOW, log, open, read, terms};

fn record() -> (Record, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, log(0..300)).unwrap();
    let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
    let terms = terms(&mut observations, "ws01");
    let contents = read(&[path], &terms.known(), false).remove(0);
    let record = terms.record(contents, NOW).unwrap();
    let bytes = record.to_bytes().unwrap();
    (record, bytes)
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let (record, bytes) = record();
    let again = Record::of_bytes(&bytes).unwrap();
    assert_eq!(again.entry, record.entry);
    assert_eq!(Record::entry(&bytes).unwrap(), record.entry);
    assert_eq!((again.flaws.num_rows(), &again.flaws), (3, &record.flaws));
    assert_eq!(again.sheets.len(), record.sheets.len());
    for (found, given) in again.sheets.iter().zip(&record.sheets) {
        assert_eq!(
            (&found.kind, found.grouped, &found.columns),
            (&given.kind, given.grouped, &given.columns)
        );
        assert_eq!(found.columns.schema(), given.columns.schema(), "with what it says of its columns");
    }
}

#[test]
fn bytes_that_are_no_record_are_an_error() {
    let (_, bytes) = record();
    for cut in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        assert!(Record::of_bytes(&bytes[..cut]).is_err(), "{cut}");
    }
    assert!(matches!(Record::of_bytes(b"\x02\0\0\0{}"), Err(PayloadError::Header(_))));
}
