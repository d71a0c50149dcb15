//! Ends that were cut off, and bytes that changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use access_log::{AccessLog, Durable, Entry, Wrong, verify, verify_newest};

use crate::support::{copied, ends, entries, filled, look, place, segments};

/// Notes one more look, as a process that begins now, and gives its number.
fn goes_on(path: &Path) -> u64 {
    let log = AccessLog::open(path).expect("opened");
    log.append(&look(6_000, "afterwards"), Durable::No).expect("noted").number
}

fn set_aside(path: &Path) -> Vec<u8> {
    let names = verify(path).expect("walked").set_aside;
    names.iter().flat_map(|name| fs::read(path.join(name)).expect("there")).collect()
}

#[test]
fn an_end_that_was_cut_off_anywhere_costs_the_record_that_it_cuts() {
    let (_folder, path) = place();
    filled(&path, 700, 7);
    let mut all = segments(&path);
    let (name, last) = all.pop().expect("a segment");
    let (older, ends) = (entries(&path).expect("read").0.len() - ends(&last).len(), ends(&last));
    assert!(older > 0 && ends.len() > 1, "{older} {ends:?}");
    for length in 0..=last.len() {
        let mut cut = all.clone();
        cut.push((name.clone(), last[..length].to_vec()));
        let (_folder, path) = copied(&cut);
        let whole = ends.iter().filter(|end| **end <= length).count();
        let from = ends.iter().copied().filter(|end| *end <= length).max().unwrap_or(88);
        let torn = if length < 88 { &last[..length] } else { &last[from..length] };
        let before = entries(&path).expect("read");
        assert_eq!(before.0.len(), older + whole, "{length}");
        let is_clean = torn.is_empty() && length >= 88;
        assert_eq!(before.1.len(), usize::from(!is_clean), "{length}: {:?}", before.1);
        assert!(before.1.iter().all(|fault| fault.what == Wrong::Torn(torn.len() as u64)), "{length}");

        assert_eq!(goes_on(&path), (older + whole + 1) as u64, "{length}");
        let (found, faults) = entries(&path).expect("read");
        assert!(faults.is_empty(), "{length}: {faults:?}");
        assert_eq!(found[..older + whole], before.0, "{length}");
        assert_eq!(found.len(), older + whole + 1, "{length}");
        assert_eq!(set_aside(&path), torn, "{length}");
    }
}

/// What holds for a log of which something has changed: it is told, nothing false is read, and the log
/// goes on without losing or naming anything twice.
fn check(path: &Path, original: &[Entry], lost: usize, case: &str) {
    let (found, faults) = entries(path).expect("read");
    assert!(!faults.is_empty(), "{case}: nobody is told");
    assert_eq!(verify(path).expect("walked").faults, faults, "{case}");
    assert!(found.iter().all(|entry| original.contains(entry)), "{case}: {found:?}");
    assert!(found.is_sorted_by_key(|entry| entry.number), "{case}");
    assert!(found.len() + lost >= original.len(), "{case}: {} of {}", found.len(), original.len());

    let number = goes_on(path);
    assert!(original.iter().all(|entry| entry.number < number), "{case}: {number} again");
    let (after, still) = entries(path).expect("read");
    assert_eq!(still, faults, "{case}");
    assert_eq!(after[..after.len() - 1], found, "{case}");
    assert_eq!(after.last().map(|entry| entry.number), Some(number), "{case}");
    assert!(set_aside(path).is_empty(), "{case}");
}

#[test]
fn a_byte_that_changed_is_told_and_never_read() {
    let (_folder, path) = place();
    filled(&path, 500, 5);
    let (all, original) = (segments(&path), entries(&path).expect("read").0);
    assert_eq!(all.len(), 2, "five records in two segments");
    for (index, (name, bytes)) in all.iter().enumerate() {
        for place in 0..bytes.len() {
            let mut changed = all.clone();
            changed[index].1[place] ^= 1 << (place % 8);
            let (_folder, path) = copied(&changed);
            check(&path, &original, 1, &format!("{name}, byte {place}"));
            let begun = verify(&path).expect("walked").after_damage.len();
            assert_eq!(begun, usize::from(index == all.len() - 1), "{name}, byte {place}");
        }
    }
}

#[test]
fn bytes_that_came_or_went_are_told() {
    let (_folder, path) = place();
    filled(&path, 10_000, 6);
    let (all, original) = (segments(&path), entries(&path).expect("read").0);
    let ends = ends(&all[0].1);
    let record = all[0].1[ends[0]..ends[1]].to_vec();
    type Change<'a> = &'a dyn Fn(&mut Vec<u8>);
    let changes: [(&str, usize, Change<'_>); 8] = [
        // Nothing proves the one behind those that are gone any more.
        ("a record less", 2, &|bytes| drop(bytes.drain(ends[1]..ends[2]))),
        ("two records less", 3, &|bytes| drop(bytes.drain(ends[1]..ends[3]))),
        ("a record twice", 0, &|bytes| drop(bytes.splice(ends[1]..ends[1], record.clone()))),
        ("one before another", 2, &|bytes| bytes[ends[1]..ends[3]].rotate_left(ends[2] - ends[1])),
        ("a byte more", 0, &|bytes| bytes.insert(ends[2], 0)),
        ("a byte less", 1, &|bytes| drop(bytes.drain(ends[2] + 50..ends[2] + 51))),
        ("zeros for two records", 3, &|bytes| bytes[ends[1]..ends[3]].fill(0)),
        ("zeros at the end", 0, &|bytes| bytes.extend([0; 4_096])),
    ];
    for (case, lost, change) in changes {
        let mut changed = all.clone();
        change(&mut changed[0].1);
        let (_folder, path) = copied(&changed);
        check(&path, &original, lost, case);
    }
}

#[test]
fn a_segment_that_is_missing_or_of_another_log_is_told() {
    let (_folder, path) = place();
    filled(&path, 400, 8);
    let all = segments(&path);
    assert!(all.len() > 3);
    let (_other, other) = place();
    filled(&other, 400, 8);
    let foreign = segments(&other);
    assert_eq!(foreign, all, "the same looks make the same bytes");
    for gone in 0..all.len() {
        let mut left = all.clone();
        left.remove(gone);
        let (_folder, path) = copied(&left);
        let faults = verify(&path).expect("walked").faults;
        let expected = usize::from(gone + 1 < all.len());
        assert_eq!(faults.len(), expected, "{gone}: {faults:?}");
        assert!(faults.iter().all(|fault| fault.what == Wrong::Chain && fault.segment == all[gone + 1].0));
    }
    let mut renamed = all.clone();
    renamed.last_mut().expect("a segment").0 = "00000000000000ff.log".to_owned();
    let (_folder, path) = copied(&renamed);
    assert_eq!(verify(&path).expect("walked").faults.len(), 1);
    assert_eq!(goes_on(&path), 0x100);
    assert_eq!(verify(&path).expect("walked").faults.len(), 1);
}

#[test]
fn a_log_that_was_damaged_twice_goes_on_twice() {
    let (_folder, path) = place();
    filled(&path, 10_000, 3);
    let mut numbers = BTreeSet::new();
    for round in 1..=3 {
        let (name, mut bytes) = segments(&path).pop().expect("a segment");
        // The last record of each.
        let place = bytes.len() - 40;
        bytes[place] ^= 1;
        fs::write(path.join(name), bytes).expect("written");
        let number = goes_on(&path);
        assert!(numbers.insert(number), "{number} again");
        let verified = verify(&path).expect("walked");
        assert_eq!(verified.after_damage.len(), round);
        // The segment behind it was begun on an end that is no longer there, but for the last.
        let damaged = verified.faults.iter().filter(|fault| matches!(fault.what, Wrong::Damaged(_)));
        assert_eq!(damaged.count(), round, "{:?}", verified.faults);
    }
}

#[test]
fn a_log_that_others_mend_meanwhile_is_read_anew() {
    let (_folder, path) = place();
    let log = filled(&path, 10_000, 3);
    let (name, bytes) = segments(&path).remove(0);
    // Shorter than this process knows it, and another file of that name.
    for length in [ends(&bytes)[1], ends(&bytes)[0]] {
        fs::remove_file(path.join(&name)).expect("removed");
        fs::write(path.join(&name), &bytes[..length]).expect("written");
        let number = log.append(&look(9_000, &length.to_string()), Durable::No).expect("noted").number;
        assert_eq!(number, ends(&bytes[..length]).len() as u64 + 1);
        assert!(verify(&path).expect("walked").faults.is_empty());
    }
}

#[test]
fn the_newest_segment_can_be_walked_over_alone() {
    let (_folder, path) = place();
    filled(&path, 700, 7);
    let whole = verify(&path).expect("walked");
    let newest = verify_newest(&path).expect("walked");
    assert!(newest.records < whole.records);
    assert_eq!((newest.number, newest.last, newest.faults.len()), (whole.number, whole.last, 0));
    let names: Vec<String> = segments(&path).into_iter().map(|(name, _)| name).collect();
    let change = |name: &str| {
        let mut bytes = fs::read(path.join(name)).expect("read");
        bytes[120] ^= 1;
        fs::write(path.join(name), bytes).expect("written");
    };
    change(&names[0]);
    assert!(verify_newest(&path).expect("walked").faults.is_empty());
    assert!(!verify(&path).expect("walked").faults.is_empty());
    change(names.last().expect("several"));
    assert_eq!(verify_newest(&path).expect("walked").faults.len(), 1);
    assert_eq!(verify_newest(&path.join("none")).expect("walked").records, 0);
}
