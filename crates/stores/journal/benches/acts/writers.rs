//! Acts by several writers at once, each of which waits until its own is durable.

use std::thread;
use std::time::{Duration, Instant};

use journal::Journal;

use crate::notes::{Counted, Write, acting, open};
use crate::{Took, milliseconds, peer};

/// How long each number of writers acts.
const LONG: Duration = Duration::from_secs(8);

pub fn run() {
    println!("writers                          acts/s   ms a call: half     99 %  longest   peer: ratio");
    let peers = [1, 64].map(|together| {
        let folder = tempfile::tempdir().expect("a folder");
        let (per_second, took) = peer::run(&folder.path().join("peer.sqlite"), (together, LONG));
        println!("  peer, {together:>2} in a transaction  {per_second:>9.0}          {took}");
        per_second
    });
    for writers in [1, 8, 32, 64, 256] {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = open(folder.path());
        let (acts, took, seconds) = measure(&opened.journal, writers);
        let per_second = acts / seconds;
        let ratios = peers.map(|peer| per_second / peer);
        let took = Took::of(took);
        println!(
            "  {writers:>3}                         {per_second:>9.0}          {took}   {:.1} {:.2}",
            ratios[0], ratios[1]
        );
    }
}

fn measure(journal: &Journal, writers: u64) -> (f64, Vec<Duration>, f64) {
    let began = Instant::now();
    let took: Vec<Duration> = thread::scope(|scope| {
        let write = |writer: u64| {
            move || {
                let (id, mut took) = (format!("writer-{writer}"), Vec::new());
                while began.elapsed() < LONG {
                    let asked = Instant::now();
                    let write = Write { from: took.len() as u64, count: 1 };
                    journal.act::<Counted>(&id, write, &acting()).expect("noted");
                    took.push(asked.elapsed());
                }
                took
            }
        };
        let all: Vec<_> = (0..writers).map(|writer| scope.spawn(write(writer))).collect();
        all.into_iter().flat_map(|writer| writer.join().expect("it ends")).collect()
    });
    let seconds = milliseconds(began.elapsed()) / 1_000.0;
    (took.len() as f64, took, seconds)
}
