//! Suites over real data that need more than a reader; see CONTRIBUTING for where it is expected.

use std::path::{Path, PathBuf};

use evtx::EvtxParser;

use crate::support::read;
use crate::xml::rows;

/// Event logs of the set `evtx`; none, and that is a fault only where data is required.
#[expect(clippy::disallowed_methods, reason = "test data is read from files")]
fn event_logs() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("NOROSHI_DATA") else {
        assert!(
            std::env::var_os("NOROSHI_REQUIRE").is_none(),
            "data is required, and NOROSHI_DATA is not set"
        );
        return Vec::new();
    };
    let mut folders = vec![Path::new(&folder).join("evtx")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "evtx") {
                found.push(path);
            }
        }
    }
    found
}

/// A value as XML can hold it: most control characters it cannot, and the converter writes `_`.
fn writable(value: &str) -> String {
    let cannot = |letter: char| letter < ' ' && !matches!(letter, '\t' | '\n' | '\r');
    value.chars().map(|letter| if cannot(letter) { '_' } else { letter }).collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "test data is read from files")]
fn xml_of_an_event_log_is_read_as_the_event_log_is() {
    let logs = event_logs();
    let mut events = 0;
    for path in &logs {
        let bytes = std::fs::read(path).unwrap();
        let mut expected = rows(&read(&bytes));
        for values in
            expected.iter_mut().flat_map(|row| &mut row.records).flat_map(|record| record.values_mut())
        {
            values.iter_mut().for_each(|value| *value = writable(value));
        }
        let mut parser = EvtxParser::from_buffer(bytes).unwrap();
        let xml: String = parser.records().filter_map(Result::ok).map(|record| record.data).collect();
        let read = read(xml.as_bytes());
        assert_eq!(rows(&read), expected, "{}", path.display());
        assert_eq!(read.reasons(), Vec::<&str>::new(), "{}", path.display());
        events += read.rows.len();
    }
    assert!(logs.is_empty() || (logs.len() >= 291 && events > 8_000), "{} logs, {events} events", logs.len());
}
