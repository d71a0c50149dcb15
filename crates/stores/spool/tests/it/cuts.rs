//! Power cuts, process deaths and full disks at every point: what was acknowledged is found again.

use std::collections::BTreeMap;

use proptest::prelude::*;
use spool::{Error, Record, Spool};

use crate::power::{Recorder, after_cut};

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<usize>),
    /// Everything acknowledged so far is safe elsewhere.
    Free,
    /// This many calls of the disk succeed, then it is full for one append.
    FullAfter(usize),
    /// The process dies; nothing of what was written is lost. The next life has this mark.
    Kill(u64),
    /// Power fails; what was not made durable is lost in parts. The numbers seed which, and are the
    /// mark of the next life.
    Cut(u64, u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop::collection::vec(0usize..3_000, 1..4).prop_map(Step::Append),
        2 => Just(Step::Free),
        1 => (0usize..4).prop_map(Step::FullAfter),
        1 => mark().prop_map(Step::Kill),
        2 => (any::<u64>(), mark()).prop_map(|(seed, mark)| Step::Cut(seed, mark)),
    ]
}

/// Any mark: rising, falling, or one that was there before.
fn mark() -> impl Strategy<Value = u64> {
    prop_oneof![0..4u64, any::<u64>()]
}

fn payload(serial: u32, length: usize) -> Vec<u8> {
    serial.to_le_bytes().into_iter().chain((0..length).map(|at| (at % 251) as u8)).collect()
}

fn all(spool: &Spool<Recorder>) -> Vec<Record> {
    let mut found = Vec::new();
    spool
        .records::<Error>(0, &mut |record| {
            found.push(record);
            Ok(())
        })
        .unwrap();
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_was_acknowledged_is_found_again(steps in prop::collection::vec(step(), 1..40)) {
        let mut base: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut disk = Recorder::default();
        let (mut spool, _) = Spool::open(disk.clone(), 1 << 30, 2).unwrap();
        let mut acknowledged: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        let mut sent: Vec<Vec<u8>> = Vec::new();
        let mut serial = 0;
        let mut highest = 0;
        for step in steps {
            let mut lives = None;
            match step {
                Step::Append(lengths) => {
                    let payloads: Vec<Vec<u8>> = lengths
                        .iter()
                        .map(|length| { serial += 1; payload(serial, *length) })
                        .collect();
                    sent.extend(payloads.iter().cloned());
                    let slices: Vec<&[u8]> = payloads.iter().map(Vec::as_slice).collect();
                    if let Ok(first) = spool.append(&slices) {
                        prop_assert!(first >= highest, "number {first} was given before");
                        highest = first + payloads.len() as u64;
                        acknowledged.extend((first..).zip(payloads));
                    }
                    *disk.left.borrow_mut() = None;
                }
                Step::Free => {
                    // What was not removed may be found again, but is owed no longer.
                    let _ = spool.free(highest);
                    acknowledged.clear();
                    *disk.left.borrow_mut() = None;
                }
                Step::FullAfter(calls) => *disk.left.borrow_mut() = Some(calls),
                Step::Kill(mark) => lives = Some((disk.files(), mark)),
                Step::Cut(seed, mark) => {
                    let mut state = seed | 1;
                    let mut luck = || {
                        state ^= state << 13;
                        state ^= state >> 7;
                        state ^= state << 17;
                        state.is_multiple_of(2)
                    };
                    lives = Some((after_cut(&base, &disk.done.borrow(), &mut luck), mark));
                }
            }
            if let Some((files, mark)) = lives {
                base = files.clone();
                disk = Recorder::with(files);
                spool = Spool::open(disk.clone(), 1 << 30, mark).unwrap().0;
            }
            let found = all(&spool);
            let mut numbers: Vec<u64> = found.iter().map(|record| record.number).collect();
            prop_assert!(numbers.is_sorted());
            numbers.dedup();
            prop_assert_eq!(numbers.len(), found.len(), "a number came twice");
            for record in &found {
                prop_assert!(sent.contains(&record.payload), "record {} was never sent", record.number);
            }
            let found: BTreeMap<u64, Vec<u8>> =
                found.into_iter().map(|record| (record.number, record.payload)).collect();
            for (number, payload) in &acknowledged {
                prop_assert_eq!(found.get(number), Some(payload), "record {} is lost", number);
            }
        }
    }
}

#[test]
fn a_life_with_a_smaller_mark_keeps_its_records() {
    let disk = Recorder::default();
    // A life that dies when it has begun its first segment.
    let (mut first, _) = Spool::open(disk.clone(), 1 << 30, 9).unwrap();
    *disk.left.borrow_mut() = Some(2);
    assert!(first.append(&[b"lost"]).is_err());
    *disk.left.borrow_mut() = None;
    disk.truncate("0000000000000000-0000000000000009.spool");
    let (mut second, _) = Spool::open(disk.clone(), 1 << 30, 1).unwrap();
    assert_eq!(second.append(&[b"kept"]).unwrap(), 0);
    assert_eq!(all(&second).len(), 1);
    second.free(0).unwrap();
    assert_eq!(second.append(&[b"kept too"]).unwrap(), 1);
    let (third, _) = Spool::open(disk, 1 << 30, 5).unwrap();
    let payloads: Vec<_> = all(&third).into_iter().map(|record| record.payload).collect();
    assert_eq!(payloads, [&b"kept"[..], b"kept too"]);
}
