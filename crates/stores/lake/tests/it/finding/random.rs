//! What is found is what reading every row finds, of random rows, as random viewers, over damaged indexes.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use lake::{BatchId, Compaction, Compartment, Entry, Found, Lake, Owner, TableName, batches};
use model::indicator::Indicator;
use model::marking::{Marking, Tlp};
use model::time::Instant;
use model::view::{Label, Part};
use proptest::prelude::*;
use sources::Mark;

use super::{BEGIN, HELD, HOUR, NOW, Row, all, columns, delivery, find, index, name, rows};

fn batch(number: u8) -> BatchId {
    BatchId::from([number; 16])
}

fn tlp(tlp: Tlp) -> Marking {
    Marking { tlp, ..Marking::default() }
}

/// What the table of batches says of a batch.
fn entry(number: u8, replaces: Vec<BatchId>) -> Entry {
    let mark = Mark { head: 0, end: 1, hash: [number; 32] };
    Entry {
        received: NOW,
        batch: batch(number),
        owner: Owner {
            compartment: Compartment::own(),
            organisation: "aoba".to_owned(),
            source: String::new(),
        },
        marking: Marking::default(),
        source_path: "a.json".into(),
        format: "json".into(),
        first_event: 0,
        events: 1,
        flaws: 0,
        span: None,
        reader: 1,
        begins: mark,
        ends: mark,
        open: None,
        replaces,
    }
}

/// What reading every row finds: rows, first and last time, hosts, and rows and times by column.
type Expected = (u64, Option<i64>, Option<i64>, u64, BTreeMap<&'static str, u64>, Vec<i64>);

fn expected(rows: &[&Row], value: &Indicator, hidden: &HashSet<String>) -> Expected {
    let mut places = BTreeMap::new();
    let (mut found, mut hosts) = (Vec::new(), BTreeSet::new());
    for row in rows {
        let seen = HELD.iter().filter(|(name, _)| !hidden.contains(*name));
        let stands =
            seen.filter(|(name, holds)| row.text(name).is_some_and(|text| value.means(*holds, text)));
        let stands: Vec<&str> = stands.map(|(name, _)| *name).collect();
        if !stands.is_empty() {
            found.push(row.time);
            hosts.extend(row.text("device.hostname"));
            stands.iter().for_each(|name| *places.entry(*name).or_default() += 1);
        }
    }
    let times: Vec<i64> = found.iter().copied().flatten().collect();
    let mut latest = found.clone();
    latest.sort_by(|one, other| other.cmp(one));
    latest.truncate(3);
    let latest = latest.into_iter().flatten().collect();
    (
        found.len() as u64,
        times.iter().min().copied(),
        times.iter().max().copied(),
        hosts.len() as u64,
        places,
        latest,
    )
}

fn said(found: &Found) -> Expected {
    let micros = |time: Option<Instant>| time.map(|time| time.nanoseconds() / 1_000);
    let column = |name: &str| HELD.iter().find(|(held, _)| *held == name).map_or("?", |(held, _)| *held);
    let places = found.places.iter().map(|place| (column(&place.column), place.rows)).collect();
    let latest = found.latest.iter().filter_map(|row| {
        let time: Instant = serde_json::from_value(row.values.get("time")?.clone()).unwrap();
        Some(time.nanoseconds() / 1_000)
    });
    let hosts = found.hosts.map_or(0, |hosts| hosts.count);
    (found.rows, micros(found.first), micros(found.last), hosts, places, latest.collect())
}

/// What becomes of the files of the index.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Kept,
    Gone,
    /// Cut to a part of so many 256ths.
    Torn(u8),
    /// A bit of the byte at so many 256ths is another.
    Bent(u8),
    /// The bytes of another.
    Swapped,
}

fn suffer(home: &Path, fates: &[Fate]) {
    let paths = index(home);
    for (path, fate) in paths.iter().zip(fates) {
        let mut bytes = fs::read(path).unwrap();
        let at = |part: u8| bytes.len() * usize::from(part) / 256;
        match fate {
            Fate::Kept => continue,
            Fate::Gone => {
                fs::remove_file(path).unwrap();
                continue;
            }
            Fate::Torn(part) => bytes.truncate(at(*part)),
            Fate::Bent(part) => {
                let at = at(*part);
                // One that was torn before may have no byte at all.
                bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << (part % 8));
            }
            Fate::Swapped => bytes = fs::read(&paths[0]).unwrap_or_default(),
        }
        fs::write(path, bytes).unwrap();
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Kept),
        1 => Just(Fate::Gone),
        1 => any::<u8>().prop_map(Fate::Torn),
        2 => any::<u8>().prop_map(Fate::Bent),
        1 => Just(Fate::Swapped),
    ]
}

const HOSTS: [&str; 4] = ["WS01.aoba.example", "ws02.aoba.example", "dc.misaki.example", "10.1.2.3"];
const USERS: [&str; 4] = ["Sato", r"AOBA\sato", "suzuki@aoba.example", "SYSTEM"];
const ADDRESSES: [&str; 7] =
    ["10.1.2.3", "10.1.2.200", "10.9.9.9", "::ffff:10.1.2.3", "2001:DB8::1", "2001:db8:0:1::2", "-"];
const NAMES: [&str; 4] = ["a.b.example.com", "Example.com.", "example.net", "xexample.com"];
const PATHS: [&str; 3] = [r"C:\Windows\System32\cmd.exe", "/usr/bin/id", r"c:\temp\CMD.EXE"];
const HASHES: [&str; 2] =
    ["SHA1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709,MD5=D41D8CD98F00B204E9800998ECF8427E", "SHA1=00"];

/// Values that are looked for; some are nowhere.
const LOOKED_FOR: [&str; 26] = [
    "ws01",
    "WS01.aoba.example",
    "aoba.example",
    "sato",
    r"aoba\sato",
    "suzuki",
    "10[.]1.2.3",
    "10.1.2.0/24",
    "10.0.0.0/9",
    "10.1.2.192/26",
    "10.1.2.3/32",
    "2001:db8::/32",
    "2001:db8::1",
    "example.com",
    "hxxp://a.b.example[.]com/x",
    "b.example.com",
    "com",
    r"C:\windows\system32\CMD.exe",
    "cmd.exe",
    "/usr/bin/id",
    "id",
    "d41d8cd98f00b204e9800998ecf8427e",
    "192.0.2.1",
    "nobody",
    "01010101-0101-0101-0101-010101010101",
    "-",
];

fn some(of: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.7, prop::sample::select(of))
}

fn row() -> impl Strategy<Value = Row> {
    let texts = (
        some(&HOSTS),
        some(&USERS),
        some(&ADDRESSES),
        some(&ADDRESSES),
        some(&NAMES),
        some(&PATHS),
        some(&HASHES),
    );
    let labels =
        (prop::sample::select(vec!["aoba", "misaki"]), prop::sample::select(vec!["TLP:GREEN", "TLP:RED"]));
    (texts, labels, prop::option::weighted(0.9, 0..72_i64), 1..6_u8).prop_map(
        |(texts, (owner, tlp), hour, number)| {
            let (host, user, from, to, name, path, hashes) = texts;
            let mut row = Row { time: hour.map(|hour| BEGIN + hour * HOUR), ..Row::default() };
            let day = hour.map_or("other".to_owned(), |hour| format!("2026-01-{:02}", 2 + hour / 24));
            let given = [host, user, from, to, name, path, hashes];
            let held = HELD.iter().skip(1).map(|(name, _)| *name).zip(given);
            row.texts.extend(held.filter_map(|(name, text)| Some((name, text?.to_owned()))));
            row.texts.extend([
                ("batch", batch(number).to_string()),
                ("owner", owner.to_owned()),
                ("tlp", tlp.to_owned()),
            ]);
            row.texts.extend([
                ("shape", "s".to_owned()),
                ("day", day),
                ("process.cmd_line", "cmd.exe sato 10.1.2.3".to_owned()),
            ]);
            row
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_found_is_what_reading_every_row_finds(
        given in prop::collection::vec(prop::collection::vec(row(), 0..12), 1..7),
        between in 0_usize..8,
        fates in prop::collection::vec(fate(), 8),
        superseded in prop::collection::hash_set(1..6_u8, 0..3),
        has_half in any::<bool>(),
        hidden in prop::collection::hash_set(prop::sample::select(HELD.map(|(name, _)| name.to_owned()).to_vec()), 0..3),
        is_part in any::<bool>(),
        alone in 0..LOOKED_FOR.len(),
        span in (prop::option::of(0..72_i64), prop::option::of(0..72_i64)),
    ) {
        let home = tempfile::tempdir().unwrap();
        let lake = Lake::open(home.path()).unwrap();
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        for (number, part) in given.iter().enumerate() {
            writer.append(vec![rows(part)], &delivery(number + 1)).unwrap();
            if number == between {
                writer.compact(Compaction::All).unwrap();
                suffer(home.path(), &fates);
            }
        }
        let known = given.len() - usize::from(has_half);
        let replaces = superseded.iter().map(|number| batch(*number)).collect();
        let table = TableName::new(Compartment::own(), batches::BATCHES).unwrap();
        lake.writer(&table, &batches::schema()).unwrap()
            .append(vec![batches::rows(&[entry(9, replaces)]).unwrap()], &delivery(known)).unwrap();
        suffer(home.path(), &fates);

        let hidden = if is_part { hidden } else { HashSet::new() };
        let label = Label { compartment: "own".to_owned(), owner: "aoba".to_owned(), marking: tlp(Tlp::Green) };
        let part = Part { labels: [label].into(), hidden: hidden.clone() };
        let view = if is_part { access::person("sato", part, NOW) } else { access::operator("sato", NOW) };
        let span = (span.0.map(|hour| BEGIN + hour * HOUR), span.1.map(|hour| BEGIN + hour * HOUR));
        let is_seen = |row: &&Row| {
            let is_shown = !is_part || row.text("owner") == Some("aoba") && row.text("tlp") == Some("TLP:GREEN");
            let is_whole = !superseded.iter().any(|number| row.text("batch") == Some(&batch(*number).to_string()));
            let is_in = (span.0.is_none() && span.1.is_none())
                || row.time.is_some_and(|time| span.0.is_none_or(|from| from <= time) && span.1.is_none_or(|to| time < to));
            is_shown && is_whole && is_in
        };
        let seen: Vec<&Row> = given[..known].iter().flatten().filter(is_seen).collect();
        let values = all(&LOOKED_FOR);
        let check = |when: &str| -> Result<(), TestCaseError> {
            for (value, found) in values.iter().zip(find(&lake, &view, &values, span)) {
                let mut expected = expected(&seen, value, &hidden);
                if hidden.contains("device.hostname") {
                    expected.3 = 0;
                }
                prop_assert_eq!(said(&found), expected, "{} {:?}", when, value);
                if *value == values[alone] {
                    let by_itself = find(&lake, &view, std::slice::from_ref(value), span);
                    prop_assert_eq!(&by_itself[0], &found, "{} by itself {:?}", when, value);
                }
                let keys = found.latest.iter().flat_map(|row| row.values.keys());
                prop_assert!(keys.clone().all(|name| !hidden.contains(name) && name != "shape"));
            }
            Ok(())
        };
        check("as it was")?;
        if !has_half {
            writer.compact(Compaction::All).unwrap();
            check("compacted")?;
        }
    }
}
