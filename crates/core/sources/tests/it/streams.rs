//! Compressed streams of every kind: one behind the other, cut, damaged, with something behind them.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use sources::{Input, Limits};

use crate::archives::{EVENT, gzip, paths, tar};
use crate::support::{Read, read, read_input};

/// A name and how it compresses.
const KINDS: [(&str, fn(&[u8]) -> Vec<u8>); 4] = [("gz", gzip), ("zst", zstd), ("xz", xz), ("bz2", bzip2)];

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    xz_checked(bytes, lzma_rust2::CheckType::Crc64, 1 << 20)
}

fn xz_checked(bytes: &[u8], check: lzma_rust2::CheckType, dictionary: u32) -> Vec<u8> {
    let mut options = lzma_rust2::XzOptions::with_preset(3);
    options.check_type = check;
    options.lzma_options.dict_size = dictionary;
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(1));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn lines(count: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|n| format!("{{\"n\":{n},\"s\":\"{:x}\"}}\n", n * 2_654_435_761).into_bytes())
        .collect()
}

fn reasons(read: &Read) -> Vec<(&str, u64)> {
    let number = |flaw: &model::event::Flaw, name| {
        let found = flaw.reason.arguments.iter().find(|(argument, _)| *argument == name);
        found.and_then(|(_, value)| value_of(value)).unwrap_or(0)
    };
    read.flaws.iter().map(|flaw| (flaw.reason.code, number(flaw, "offset"))).collect()
}

fn value_of(argument: &model::reason::Argument) -> Option<u64> {
    match argument {
        model::reason::Argument::Number(number) => Some(*number),
        model::reason::Argument::Text(_) => None,
    }
}

#[test]
fn every_kind_is_read_alone_and_around_archives() {
    for (name, pack) in KINDS {
        let big = lines(50_000);
        for (bytes, rows) in [(EVENT, 1), (&big[..], 50_000)] {
            let all = read(&pack(bytes));
            assert_eq!((all.rows.len(), reasons(&all)), (rows, vec![]), "{name}");
            let piped = read_input(Input::Stream(Box::new(Cursor::new(pack(bytes)))), &Limits::default());
            assert_eq!(piped.rows.len(), rows, "{name}");
        }
        assert_eq!(paths(&read(&pack(&tar(&[("a", EVENT), ("b", EVENT)])))), ["s!a", "s!b"], "{name}");
        assert_eq!(paths(&read(&tar(&[("a", &pack(EVENT)), ("b", EVENT)]))), ["s!a", "s!b"], "{name}");
        assert_eq!(reasons(&read(&pack(b""))), [("file-empty", 0)], "{name}");
    }
}

#[test]
fn streams_one_behind_the_other_are_one() {
    for (name, pack) in KINDS {
        let all = read(&[pack(&lines(300)), pack(b""), pack(&lines(200)), pack(EVENT)].concat());
        assert_eq!((all.rows.len(), reasons(&all)), (501, vec![]), "{name}");
        assert_eq!(all.rows[500].line, Some(501), "{name}");
    }
    for pack in [gzip, xz] {
        let all = read(&[pack(EVENT), vec![0; 512], pack(EVENT), vec![0; 8]].concat());
        assert_eq!((all.rows.len(), reasons(&all)), (2, vec![]), "zeros between streams are padding");
    }
    let skipped = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
    let all = read(&[&skipped[..], &zstd(EVENT), &skipped, &zstd(EVENT), &skipped].concat());
    assert_eq!((all.rows.len(), reasons(&all)), (2, vec![]), "frames that are to be skipped");
}

#[test]
fn what_stands_behind_a_stream_is_told() {
    for (name, pack) in KINDS {
        let packed = pack(&lines(1_000));
        let all = read(&[&packed[..], b"appended by hand"].concat());
        assert_eq!(all.rows.len(), 1_000, "{name}");
        assert_eq!(reasons(&all), [("behind-compressed", packed.len() as u64)], "{name}");
        assert!(all.flaws[0].reason.text.starts_with("16 bytes behind the compressed data"), "{name}");
    }
}

#[test]
fn a_cut_stream_gives_what_came_before() {
    for (name, pack) in KINDS {
        let packed = pack(&lines(60_000));
        for part in [1, 2, 3] {
            let cut = packed.len() * part / 4;
            let all = read(&packed[..cut]);
            let (told, least) = (all.flaws.last().unwrap(), 60_000 * part / 4);
            assert!(
                all.rows.len() * 3 / 2 > least.saturating_sub(20_000),
                "{name} {part}: {}",
                all.rows.len()
            );
            assert_eq!(
                (told.reason.code, reasons(&all).last().unwrap().1),
                ("compressed-cut-off", cut as u64),
                "{name}"
            );
        }
        for cut in 3..packed.len().min(40) {
            assert!(!read(&packed[..cut]).flaws.is_empty(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn a_damaged_stream_gives_what_came_before() {
    for (name, pack) in KINDS {
        let mut packed = pack(&lines(60_000));
        let at = packed.len() / 2;
        packed[at..at + 8].fill(0x55);
        let length = packed.len() as u64;
        let all = read(&packed);
        assert!(all.rows.len() > 5_000, "{name}: {}", all.rows.len());
        let (code, offset) = *reasons(&all).last().unwrap();
        assert_eq!(code, "compressed-damaged", "{name}");
        assert!((at as u64 / 2..=length).contains(&offset), "{name}: {offset} of {at}");
    }
}

#[test]
fn checks_of_integrity_are_kept() {
    use lzma_rust2::CheckType;
    for check in [CheckType::None, CheckType::Crc32, CheckType::Crc64, CheckType::Sha256] {
        assert_eq!(read(&xz_checked(EVENT, check, 1 << 16)).rows.len(), 1);
    }
    for (name, pack) in KINDS {
        // Zstandard gives nothing of the last half kilobyte before a wrong checksum.
        let (content, least) = if name == "zst" { (lines(40), 20) } else { (EVENT.to_vec(), 1) };
        let whole = pack(&content);
        // Some byte of each format is a checksum and nothing else.
        let told = (0..whole.len()).filter(|at| {
            let mut bytes = whole.clone();
            bytes[*at] ^= 0x10;
            let all = read(&bytes);
            all.rows.len() >= least && reasons(&all).iter().any(|(code, _)| *code == "compressed-damaged")
        });
        assert!(told.count() >= 4, "{name}");
    }
}

#[test]
fn dictionaries_have_a_limit() {
    use lzma_rust2::CheckType;
    assert_eq!(read(&xz_checked(EVENT, CheckType::Crc64, 64 << 20)).rows.len(), 1, "as `xz -9` writes");
    // The size stands in the head of a block; its checksum behind it.
    let mut large = xz_checked(EVENT, CheckType::Crc64, 64 << 20);
    let head = 12..12 + (usize::from(large[12]) + 1) * 4;
    let place = head.clone().find(|at| large[*at..at + 2] == [0x21, 1]).unwrap() + 2;
    large[place] = 40;
    let mut sum = flate2::Crc::new();
    sum.update(&large[head.start..head.end - 4]);
    large[head.end - 4..head.end].copy_from_slice(&sum.sum().to_le_bytes());
    let all = read(&large);
    assert_eq!((all.rows.len(), all.flaws[0].reason.code), (0, "dictionary-too-large"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Rows of a cut or damaged stream are those of the whole one, up to somewhere; then it is told.
    #[test]
    fn damage_is_told(kind in 0usize..4, count in 1usize..3_000, at in any::<prop::sample::Index>(), value in prop::option::of(any::<u8>())) {
        let (_, pack) = KINDS[kind];
        let (first, second) = (pack(&lines(count)), pack(EVENT));
        let mut bytes = [&first[..], &second].concat();
        let at = at.index(bytes.len());
        match value {
            Some(value) => bytes[at] = value,
            None => bytes.truncate(at),
        }
        let all = read(&bytes);
        let whole = (0..count).take_while(|n| all.rows.get(*n).is_some_and(|row| row.get("n") == n.to_string())).count();
        prop_assert!(at < first.len() || whole == count, "{} of {}", whole, count);
        prop_assert!(whole + 1 >= all.rows.len() || !all.flaws.is_empty());
        prop_assert!(all.rows.len() == count + 1 || at == first.len() && value.is_none() || !all.flaws.is_empty());
    }
}
