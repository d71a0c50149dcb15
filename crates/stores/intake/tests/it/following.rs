//! Logs that grow give batches as they do, over rotation, until the caller stops.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use intake::batches::{Batches, Read};
use intake::{Settings, Stop};
use model::catalogue::Catalogue;
use sources::{Known, Limits};

use crate::stored;

fn line(number: u64) -> String {
    format!("{{\"EventID\":1,\"Channel\":\"Security\",\"n\":{number}}}\n")
}

/// Numbers of the events of new batches, as they come.
fn follow(folder: &Path, stop: &Stop) -> Receiver<u64> {
    let (tell, numbers) = channel();
    let (paths, stop) = (vec![folder.to_owned()], stop.clone());
    std::thread::spawn(move || {
        let catalogue = Catalogue::bundled().unwrap_or_else(|error| panic!("{error}"));
        let known: Arc<Known> = Arc::default();
        let settings = Settings { threads: 1, limits: Limits::default() };
        let bytes = AtomicU64::new(0);
        let batches = Batches {
            catalogue: &catalogue,
            known: &known,
            again: false,
            settings: &settings,
            stop: &stop,
            bytes: &bytes,
        };
        let mut receive = |read| {
            let Read::New(contents) = read else { return Ok(()) };
            known.extend([stored(&contents)]);
            for sheet in &contents.sheets {
                let rows = sheet.rows().unwrap_or_else(|error| panic!("{error}"));
                let column = &rows.columns()[rows.raw("n").unwrap_or_default()];
                for event in 0..rows.events() {
                    let id = column.ids(event).first().copied().unwrap_or_default();
                    let _ = tell.send(column.text(id).parse().unwrap_or(0));
                }
            }
            Ok(())
        };
        batches.follow(&paths, |read| read, &mut receive).unwrap_or_else(|error| panic!("{error}"));
    });
    numbers
}

fn append(path: &Path, text: &str) {
    let file = File::options().create(true).append(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_is_written_comes_once_over_rotation_and_what_is_torn_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    append(&path, &(line(1) + &line(2)));
    let stop = Stop::default();
    let numbers = follow(folder.path(), &stop);
    let next = |count: usize| {
        let next = |_| numbers.recv_timeout(Duration::from_secs(30)).unwrap_or(0);
        (0..count).map(next).collect::<Vec<_>>()
    };
    assert_eq!(next(2), [1, 2]);
    let (begun, rest) = (line(4).split_at(10).0.to_owned(), line(4).split_at(10).1.to_owned());
    append(&path, &(line(3) + &begun));
    assert_eq!(next(1), [3]);
    append(&path, &rest);
    assert_eq!(next(1), [4]);
    // Renamed, with a last line after that; a new one begins.
    fs::rename(&path, folder.path().join("a.json.1")).unwrap();
    append(&folder.path().join("a.json.1"), &line(5));
    append(&path, &line(6));
    let mut both = next(2);
    both.sort_unstable();
    assert_eq!(both, [5, 6]);
    // Copied and emptied, and soon longer than before.
    fs::copy(&path, folder.path().join("a.json.2")).unwrap();
    fs::write(&path, "").unwrap();
    append(&path, &(line(7) + &line(8)));
    assert_eq!(next(2), [7, 8]);
    // What is read as a whole: of it only what is new comes.
    let mut packed = Vec::new();
    let mut out = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::fast());
    out.write_all((line(7) + &line(8) + &line(9)).as_bytes()).unwrap();
    out.finish().unwrap();
    fs::write(folder.path().join("b.json.gz"), packed).unwrap();
    assert_eq!(next(1), [9]);
    append(&path, &line(10));
    stop.ask();
    // What was written before the stop is given, and nothing twice.
    assert_eq!(numbers.iter().collect::<Vec<_>>(), [10]);
}
