//! A stream of many acts, opened by a process that has not seen it.

use std::path::Path;
use std::time::Instant;

use journal::{Journal, Kind, Looking, Reader};

use crate::milliseconds;
use crate::notes::{Counted, Known, NOW, Write, acting, kinds, open, view};

/// Acts of a decision.
const EACH: u64 = 10_000;
/// Of the stream whose state grows, one of so many acts of the other.
const GROWING: u64 = 10;

pub fn run(acts: u64) {
    println!("streams                  acts   written/s   bytes   opened, ms   first act after, ms");
    small(acts);
    growing(acts / GROWING);
}

fn small(acts: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut written = 0.0;
    {
        let opened = open(folder.path());
        written += fill::<Counted>(&opened.journal, acts);
        // Behind the snapshot of the decision before, as many as can be without another one.
        (0..255).for_each(|one| act::<Counted>(&opened.journal, one));
    }
    let reader = |reader: &Reader| {
        let view = view();
        let looking = Looking { view: &view, now: NOW };
        reader.state::<Counted>(looking, "one").expect("read").expect("there").0.notes
    };
    report("  a count", folder.path(), (acts, written), reader);
}

fn growing(acts: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut written = 0.0;
    {
        let opened = open(folder.path());
        written += fill::<Known>(&opened.journal, acts);
        (0..255).for_each(|one| act::<Known>(&opened.journal, one));
    }
    let reader = |reader: &Reader| {
        let view = view();
        let looking = Looking { view: &view, now: NOW };
        reader.state::<Known>(looking, "one").expect("read").expect("there").0.notes.len() as u64
    };
    report("  all notes", folder.path(), (acts, written), reader);
}

/// Acts a second.
fn fill<K: Kind<Command = Write>>(journal: &Journal, acts: u64) -> f64 {
    let began = Instant::now();
    for from in (0..acts).step_by(usize::try_from(EACH).expect("small")) {
        let write = Write { from, count: EACH.min(acts - from) };
        journal.act::<K>("one", write, &acting()).expect("written");
    }
    acts as f64 / began.elapsed().as_secs_f64()
}

fn act<K: Kind<Command = Write>>(journal: &Journal, from: u64) {
    journal.act::<K>("one", Write { from, count: 1 }, &acting()).expect("written");
}

fn report(name: &str, folder: &Path, (acts, written): (u64, f64), read: impl Fn(&Reader) -> u64) {
    let size = std::fs::metadata(folder.join("home/journal.sqlite")).map_or(0, |data| data.len());
    let began = Instant::now();
    let opened = home::Home::open(&folder.join("home")).expect("a home");
    let found = read(&Reader::open(&opened, kinds()));
    let took = milliseconds(began.elapsed());
    assert_eq!(found, acts + 255);
    let opened = open(folder);
    let began = Instant::now();
    match name.trim() {
        "a count" => act::<Counted>(&opened.journal, 0),
        _ => act::<Known>(&opened.journal, 0),
    }
    let first = milliseconds(began.elapsed());
    println!("{name:<18} {acts:>10} {written:>11.0} {:>6} MB {took:>9.1} {first:>14.1}", size >> 20);
    let began = Instant::now();
    let rebuilt = opened.journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound(), "{rebuilt:?}");
    println!("{:<18} rebuilt and verified in {:.1} s", "", milliseconds(began.elapsed()) / 1_000.0);
}
