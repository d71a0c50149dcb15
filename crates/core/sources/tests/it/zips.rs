//! Zip archives that are cut, damaged, hostile or only odd, byte by byte.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use sources::{Input, Limits};
use zip::write::SimpleFileOptions;

use crate::archives::{EVENT, flaws, gzip, paths, tar, zip, zip_with};
use crate::parts::{Part, build};
use crate::support::{Read, read, read_input, read_with};

fn stream(bytes: &[u8]) -> Read {
    read_input(Input::Stream(Box::new(bytes)), &Limits::default())
}

/// The flaws about stretches of bytes.
fn stretches(read: &Read) -> Vec<(u64, u64)> {
    read.flaws.iter().filter_map(|flaw| flaw.length.map(|length| (flaw.offset, length))).collect()
}

fn codes(read: &Read) -> Vec<&str> {
    read.flaws.iter().map(|flaw| flaw.reason.code).collect()
}

#[test]
fn the_builder_of_these_tests_makes_archives_that_others_read() {
    let parts = [Part::new(b"a", EVENT), Part { deflated: true, ..Part::new(b"b", EVENT) }.streamed(true)];
    let mut archive = zip::ZipArchive::new(Cursor::new(build(&parts).bytes)).unwrap();
    for at in 0..2 {
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_index(at).unwrap(), &mut content).unwrap();
        assert_eq!(content, EVENT);
    }
}

#[test]
fn a_cut_archive_is_read_by_its_headers() {
    for deflated in [false, true] {
        for streamed in [None, Some(true), Some(false)] {
            let lines: String = (0..40).map(|n| format!("{{\"n\":{n}}}\n")).collect();
            let part = |name: &[u8]| Part { deflated, streamed, ..Part::new(name, lines.as_bytes()) };
            let built = build(&[part(b"a"), part(b"b"), part(b"c")]);
            for cut in 4..built.bytes.len() {
                let read = read(&built.bytes[..cut]);
                let whole = built.places.iter().filter(|place| place.end <= cut).count();
                let names = ["s!a", "s!b", "s!c"];
                for name in &names[..whole] {
                    let rows = read.rows.iter().filter(|row| row.path == *name).count();
                    assert_eq!(rows, 40, "{name} of {cut}, deflated {deflated}, streamed {streamed:?}");
                }
                assert!(!read.flaws.is_empty(), "a cut at {cut} is not told");
            }
        }
    }
}

#[test]
fn an_archive_cut_off_in_a_stored_archive_keeps_the_inner_one() {
    let inner = zip(&[("x", EVENT), ("y", EVENT)]);
    let built = build(&[Part::new(b"in.zip", &inner)]);
    let read = read(&built.bytes[..90]);
    assert_eq!(paths(&read), ["s!in.zip!x"]);
    assert!(codes(&read).contains(&"member-cut-off"), "{:?}", read.flaws);
}

#[test]
fn an_archive_behind_other_bytes_is_found() {
    let archive = zip(&[("a", EVENT), ("b", EVENT)]);
    let stub = b"MZ stub ".repeat(90);
    let relative = [&stub[..], &archive].concat();
    let mut absolute = relative.clone();
    for (number, at) in [(0, 16), (0, 42), (1, 42)] {
        let signature = if at == 16 { b"PK\x05\x06" } else { b"PK\x01\x02" };
        let places = memchr::memmem::find_iter(&relative, signature).collect::<Vec<_>>();
        let at = places[number] + at;
        let offset = u32::from_le_bytes(absolute[at..at + 4].try_into().unwrap()) + stub.len() as u32;
        absolute[at..at + 4].copy_from_slice(&offset.to_le_bytes());
    }
    let directory = memchr::memmem::find(&relative, b"PK\x01\x02").unwrap();
    let mail = [b"From: a@example.org\nSubject: logs\n\n".repeat(20), archive.clone()].concat();
    for bytes in [&relative, &absolute, &relative[..directory].to_vec(), &mail] {
        for read in [read(bytes), stream(bytes)] {
            assert_eq!(paths(&read), ["s!a", "s!b"]);
            assert_eq!(stretches(&read), [(0, if *bytes == mail { 700 } else { 720 })]);
        }
    }
    assert_eq!(paths(&read(&tar(&[("t.exe", &relative)]))), ["s!t.exe!a", "s!t.exe!b"]);
    let far = [vec![0xe9; 3 << 20], archive].concat();
    assert_eq!(paths(&read(&far)), ["s!a", "s!b"], "a long stub, found by the directory");
}

#[test]
fn an_archive_without_its_beginning_names_what_it_lacks() {
    let built = build(&[Part::new(b"a", EVENT), Part::new(b"b", EVENT)]);
    let read = read(&built.bytes[20..]);
    assert_eq!(paths(&read), ["s!b"]);
    assert!(
        read.flaws.iter().any(|flaw| (&*flaw.source_path, flaw.reason.code) == ("s!a", "member-missing"))
    );
}

#[test]
fn data_whose_length_stands_behind_it_ends_where_that_fits() {
    let inner = zip(&[("x", EVENT)]);
    let tricky = [&b"{\"n\":\"PK\x07\x08"[..], &[7; 12], b"PK\x03\x04 PK\x01\x02\"}\n"].concat();
    for signed in [true, false] {
        for content in [EVENT, &tricky, &inner] {
            let part = Part::new(b"a", content).streamed(signed);
            let built = build(&[part, Part::new(b"b", EVENT)]);
            for bytes in [&built.bytes[..], &built.bytes[..built.directory]] {
                let read = read(bytes);
                let first = if content == inner { "s!a!x" } else { "s!a" };
                assert_eq!(paths(&read), [first, "s!b"]);
                assert!(!codes(&read).contains(&"member-checksum"), "{signed} {:?}", read.flaws);
            }
        }
    }
    // Lengths of eight bytes, as tools write them that cannot know how long a file becomes.
    let mut wide = build(&[Part::new(b"a", EVENT).streamed(true)]).bytes;
    wide.truncate(31 + EVENT.len() + 8);
    let length = (EVENT.len() as u64).to_le_bytes();
    wide.extend([length, length].concat());
    wide.extend(build(&[Part::new(b"b", EVENT)]).bytes);
    assert_eq!(paths(&read(&wide)), ["s!a", "s!b"]);
}

#[test]
fn directory_and_headers_that_disagree() {
    let hidden = build(&[
        Part::new(b"a", EVENT),
        Part { listed: false, ..Part::new(b"b", EVENT) },
        Part::new(b"c", EVENT),
    ]);
    let all = read(&hidden.bytes);
    assert_eq!(paths(&all), ["s!a", "s!b", "s!c"]);
    assert_eq!(flaws(&all), [("s!b", "the file stands in the archive and not in its directory")]);

    // One header is overwritten.
    let mut damaged =
        build(&[Part::new(b"aaaa", EVENT), Part::new(b"bbbb", EVENT), Part::new(b"cccc", EVENT)]);
    let place = damaged.places[1].clone();
    damaged.bytes[place.start..place.start + 34].fill(b'?');
    let all = read(&damaged.bytes);
    assert_eq!(paths(&all), ["s!aaaa", "s!cccc"]);
    assert_eq!(flaws(&all)[0], ("s!bbbb", "the file's header is damaged"));
    assert_eq!(stretches(&all), [(place.start as u64, place.len() as u64)]);

    // Only its signature is.
    damaged.bytes[place.clone()].copy_from_slice(&build(&[Part::new(b"bbbb", EVENT)]).bytes[..place.len()]);
    damaged.bytes[place.start] = b'?';
    assert_eq!(paths(&read(&damaged.bytes)), ["s!aaaa", "s!bbbb", "s!cccc"]);

    let mut renamed = build(&[Part::new(b"aaaa", EVENT)]);
    renamed.bytes[30..34].copy_from_slice(b"zzzz");
    assert_eq!(flaws(&read(&renamed.bytes)), [("s!aaaa", "the file's own header names it zzzz")]);

    // Lengths in the directory that lead nowhere, or into the next file.
    for streamed in [None, Some(true), Some(false)] {
        for wrong in [3u32, 60, 1 << 30] {
            let part = |name: &[u8]| Part { streamed, ..Part::new(name, &EVENT.repeat(10)) };
            let mut lengths = build(&[part(b"a"), part(b"b")]);
            lengths.bytes[lengths.directory + 20..lengths.directory + 24]
                .copy_from_slice(&wrong.to_le_bytes());
            let all = read(&lengths.bytes);
            assert_eq!((all.rows.len(), flaws(&all)), (20, vec![]), "{wrong} {streamed:?}");
        }
    }
    // A header that claims a longer name, with the next file out of the directory's sight.
    let mut longer = build(&[Part::new(b"a", EVENT), Part { listed: false, ..Part::new(b"b", EVENT) }]);
    longer.bytes[26] = 50;
    let all = read(&longer.bytes);
    assert_eq!(paths(&all), ["s!b"]);
    assert_eq!(flaws(&all)[0], ("s!a", "the file's header is damaged"));
}

#[test]
fn a_damaged_directory_is_told_and_costs_no_file() {
    let parts: Vec<Part> = (0..5).map(|n| Part::new(format!("{n}").as_bytes(), EVENT)).collect();
    let built = build(&parts);
    for at in built.directory..built.bytes.len() {
        let mut bytes = built.bytes.clone();
        bytes[at] ^= 0xff;
        let read = read(&bytes);
        let mut rows = read.rows.len();
        // A flag of encryption is taken at its word.
        rows += codes(&read).iter().filter(|code| **code == "member-encrypted").count();
        assert_eq!(rows, 5, "byte {at} of {}: {:?}", built.directory, read.flaws);
    }
}

#[test]
fn bytes_between_and_behind_files_are_told() {
    let built = build(&[Part::new(b"a", EVENT), Part::new(b"b", EVENT)]);
    let mut bytes = built.bytes[..built.directory].to_vec();
    bytes.splice(built.places[1].start..built.places[1].start, [b'!'; 100]);
    assert_eq!(stretches(&read(&bytes)), [(built.places[1].start as u64, 100)]);
    let behind = [&built.bytes[..], b"appended"].concat();
    let all = read(&behind);
    assert_eq!((paths(&all), stretches(&all)), (vec!["s!a", "s!b"], vec![(built.bytes.len() as u64, 8)]));
    let twice = [&built.bytes[..], &built.bytes].concat();
    assert_eq!(paths(&read(&twice)), ["s!a", "s!b", "s!a#2", "s!b#2"]);
}

#[test]
fn names_are_told_by_content_and_kept_apart() {
    let mut unicode = vec![0x75, 0x70];
    let field =
        [&[1][..], &Part::new(b"", b"?.log").sums(0)[0].to_le_bytes(), "予定.log".as_bytes()].concat();
    unicode.extend((field.len() as u16).to_le_bytes());
    unicode.extend(field);
    let all = read(
        &build(&[
            Part::new(b"\x8f\xd8\x8b\x92/\x95\x5c.log", EVENT),
            Part::new(b"\x8f\xd8\x8b\x92/\x83\x5c.log", EVENT),
            Part::new("表.log".as_bytes(), EVENT),
            Part::new(b"Jos\x82.log", EVENT),
            Part { extra: unicode.clone(), ..Part::new(b"?.log", EVENT) },
            Part { extra: unicode, ..Part::new(b"!.log", EVENT) },
            Part::new(b"!.log", EVENT),
        ])
        .bytes,
    );
    let told = ["証拠/表.log", "証拠/ソ.log", "表.log", "José.log", "予定.log", "!.log", "!.log#2"];
    assert_eq!(paths(&all), told.map(|name| format!("s!{name}")));
    assert!(all.rows.iter().all(|row| row.ordinal == 1), "ordinals count in each member");
}

#[test]
fn entries_that_lead_into_one_file_are_read_once() {
    let lines = EVENT.repeat(2_000);
    let one = build(&[Part { deflated: true, ..Part::new(b"a", &lines) }]);
    let entry = &one.bytes[one.directory..one.bytes.len() - 22];
    let mut bytes = one.bytes[..one.directory].to_vec();
    bytes.extend(entry.repeat(5_000));
    let mut end = one.bytes[one.bytes.len() - 22..].to_vec();
    end[8..10].copy_from_slice(&5_000u16.to_le_bytes());
    end[10..12].copy_from_slice(&5_000u16.to_le_bytes());
    end[12..16].copy_from_slice(&(entry.len() as u32 * 5_000).to_le_bytes());
    bytes.extend(end);
    let all = read(&bytes);
    assert_eq!((all.rows.len(), all.flaws.len()), (2_000, 21));
    assert_eq!(all.flaws[0].reason.code, "member-overlaps");
    assert_eq!(all.flaws[20].reason.arguments, [("count", 4_979u64.into())]);
}

#[test]
fn overlapping_files_are_read_once() {
    // Each file's data is stored and holds the header and data of all behind it.
    let mut whole = build(&[Part::new(b"z", EVENT)]).bytes;
    whole.truncate(31 + EVENT.len());
    for name in [b"y", b"x"] {
        whole = build(&[Part::new(name, &whole)]).bytes[..31 + whole.len()].to_vec();
    }
    let mut directory = Vec::new();
    for (at, name) in [(0, b"x"), (31, b"y"), (62, b"z")] {
        let built = build(&[Part::new(name, &whole[at + 31..])]);
        let mut entry = built.bytes[built.directory..built.bytes.len() - 22].to_vec();
        entry[42..46].copy_from_slice(&(at as u32).to_le_bytes());
        directory.extend(entry);
    }
    let mut end = b"PK\x05\x06\0\0\0\0\x03\0\x03\0".to_vec();
    end.extend([(directory.len() as u32).to_le_bytes(), (whole.len() as u32).to_le_bytes()].concat());
    let all = read(&[whole, directory, end, vec![0, 0]].concat());
    assert_eq!(paths(&all), ["s!z"]);
    assert_eq!(codes(&all), ["member-cut-off", "member-cut-off"], "{:?}", all.flaws);
}

#[test]
fn expansion_is_bounded_by_what_was_read() {
    let parts: Vec<Part> = (0..20)
        .map(|n| Part { deflated: true, ..Part::new(format!("{n}").as_bytes(), &EVENT.repeat(10_000)) })
        .collect();
    let bytes = build(&parts).bytes;
    let limits = Limits { ratio_from: 200_000, ratio: 20, ..Limits::default() };
    let all = read_with(&bytes, &limits);
    let bound = (200_000 + 20 * bytes.len()) / EVENT.len();
    assert!(all.rows.len() <= bound, "{} of {bound}", all.rows.len());
    assert!(codes(&all).contains(&"expansion"));
    assert_eq!(read(&bytes).rows.len(), 200_000);
    let nested = gzip(&gzip(&EVENT.repeat(100_000)));
    assert!(codes(&read_with(&nested, &limits)).contains(&"expansion"), "layers count together");
}

#[test]
fn links_and_what_is_encrypted_are_named() {
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::STORE);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("l", "/var/log/auth.log", stored).unwrap();
    writer.start_file("x", stored).unwrap();
    writer.write_all(EVENT).unwrap();
    let all = read(&writer.finish().unwrap().into_inner());
    assert_eq!(
        (paths(&all), flaws(&all)),
        (vec!["s!x"], vec![("s!l", "a link to /var/log/auth.log is no file")])
    );

    let mut locked = zip_with(&[("x", EVENT), ("y", EVENT)], stored);
    locked[6] |= 1;
    let directory = memchr::memmem::find(&locked, b"PK\x01\x02").unwrap();
    let all = read(&locked[..directory]);
    assert_eq!(paths(&all), ["s!y"]);
    assert_eq!(flaws(&all)[1], ("s!x", "the file is encrypted"));
    let mut method = zip_with(&[("x", EVENT), ("y", EVENT)], stored);
    method[8] = 98;
    let all = read(&method[..directory]);
    assert_eq!(flaws(&all)[1], ("s!x", "the file is compressed by a method that is not read (number 98)"));
}

#[test]
fn an_archive_larger_than_memory_is_read_from_a_stream() {
    let small = Limits { member_bytes: 64 << 10, ..Limits::default() };
    let noise = |seed: u32| -> Vec<u8> {
        let mut state = seed;
        let mut line = |n: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!(
                "{{\"n\":{n},\"s\":\"{state:08x}{:08x}\"}}\n",
                state.rotate_left(9).wrapping_mul(0x9e37_79b9)
            )
        };
        (0..20_000).flat_map(|n| line(n).into_bytes()).collect()
    };
    for deflated in [false, true] {
        for streamed in [None, Some(true), Some(false)] {
            if !deflated && streamed.is_some() {
                continue;
            }
            let part = |name: &[u8], seed| Part { deflated, streamed, ..Part::new(name, &noise(seed)) };
            let bytes = build(&[part(b"a", 1), part(b"b", 2), Part::new(b"c", EVENT)]).bytes;
            assert!(bytes.len() > 300_000);
            let all = read_input(Input::Stream(Box::new(&bytes[..])), &small);
            assert_eq!((all.rows.len(), flaws(&all)), (40_001, vec![]), "{deflated} {streamed:?}");
            let all = read_with(&tar(&[("z.zip", &bytes), ("d", EVENT)]), &small);
            assert_eq!((all.rows.len(), flaws(&all)), (40_002, vec![]));
            let directory = memchr::memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
            let cut = read_input(Input::Stream(Box::new(&bytes[..directory - 1])), &small);
            assert_eq!(codes(&cut).last(), Some(&"directory-missing"));
        }
    }
}

fn part() -> impl Strategy<Value = (bool, Option<bool>, usize, usize)> {
    (any::<bool>(), prop::option::of(any::<bool>()), 0usize..60, 0usize..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever is cut off or overwritten: files whose header and data are whole are read.
    #[test]
    fn undamaged_files_are_read(
        parts in prop::collection::vec(part(), 1..6),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        prefix in 0usize..300,
        piped in any::<bool>(),
    ) {
        let parts: Vec<Part> = parts.iter().enumerate().map(|(number, (deflated, streamed, lines, extra))| {
            let content: String = (0..*lines).map(|n| format!("{{\"file\":{number},\"n\":{n}}}\n")).collect();
            let extra = [&[0xfe, 0xca][..], &(*extra as u16).to_le_bytes(), &vec![0; *extra]].concat();
            Part { deflated: *deflated, streamed: *streamed, extra, ..Part::new(format!("{number}.json").as_bytes(), content.as_bytes()) }
        }).collect();
        let built = build(&parts);
        let mut bytes = [vec![b'-'; prefix], built.bytes].concat();
        let end = cut.map_or(bytes.len(), |cut| cut.index(bytes.len()));
        let mut hit = Vec::new();
        for (at, value) in &damage {
            let at = at.index(bytes.len());
            if bytes[at] != *value {
                bytes[at] = *value;
                hit.push(at);
            }
        }
        bytes.truncate(end);
        let read = if piped { stream(&bytes) } else { read(&bytes) };
        let whole = |place: &std::ops::Range<usize>| {
            let (from, to) = (place.start + prefix, place.end + prefix);
            to <= end && hit.iter().all(|at| !(from..to).contains(at))
        };
        // A flag of encryption in the directory is taken at its word.
        let locked = codes(&read).contains(&"member-encrypted");
        for (number, part) in parts.iter().enumerate().filter(|(number, _)| whole(&built.places[*number])) {
            let rows = read.rows.iter().filter(|row| row.get("file") == number.to_string()).count();
            let lines = part.content.iter().filter(|byte| **byte == b'\n').count();
            prop_assert!(rows >= lines || locked, "{} of {} lines of {}: {:?}", rows, lines, number, read.flaws);
        }
        prop_assert!((cut.is_none() && prefix == 0) || !read.flaws.is_empty());
    }
}
