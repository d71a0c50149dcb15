//! Tar archives that are cut or damaged, and members that are no files.

use proptest::prelude::*;
use tar::{EntryType, Header};

use crate::archives::{EVENT, flaws, gzip, paths, tar};
use crate::support::{Read, read};

fn stretches(read: &Read) -> Vec<(u64, u64)> {
    read.flaws.iter().filter_map(|flaw| flaw.length.map(|length| (flaw.offset, length))).collect()
}

/// A member with a header of its own making; the checksum is set last.
fn member(kind: u8, name: &str, content: &[u8], change: impl FnOnce(&mut [u8; 512])) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(EntryType::new(kind));
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    let mut block = *header.as_bytes();
    change(&mut block);
    let mut header = Header::from_byte_slice(&block).clone();
    header.set_cksum();
    let padding = vec![0; content.len().next_multiple_of(512) - content.len()];
    [&header.as_bytes()[..], content, &padding].concat()
}

fn file(name: &str) -> Vec<u8> {
    member(b'0', name, EVENT, |_| {})
}

fn archive(members: &[Vec<u8>]) -> Vec<u8> {
    [members.concat(), vec![0; 1_024]].concat()
}

#[test]
fn reading_goes_on_behind_a_damaged_header() {
    let whole = tar(&[("a", EVENT), ("b", &EVENT.repeat(200)), ("c", EVENT), ("d", EVENT)]);
    let mut damaged = whole.clone();
    damaged[1_024 + 124] ^= 1;
    let all = read(&damaged);
    assert_eq!(paths(&all), ["s!a", "s!c", "s!d"]);
    assert_eq!(flaws(&all), [("s", "2560 bytes of the archive are nothing known")]);
    assert_eq!(stretches(&all), [(1_024, 2_560)]);
    // The last one, and the first, by which the archive is told.
    let mut last = whole.clone();
    let at = whole.len() - 2_048;
    last[at] ^= 1;
    assert_eq!(stretches(&read(&last)), [(at as u64, 1_024)]);
    for hit in [0..257, 0..512] {
        let mut first = whole.clone();
        first[hit].fill(b'?');
        let all = read(&first);
        assert_eq!((all.rows.len(), stretches(&all)), (202, vec![(0, 1_024)]));
    }
}

#[test]
fn a_cut_archive_gives_what_is_there_and_says_what_is_not() {
    let lines = EVENT.repeat(100);
    let whole = tar(&[("a", EVENT), ("b", &lines), ("c", EVENT)]);
    let cut = read(&whole[..1_024 + 512 + 400]);
    assert_eq!(cut.rows.len(), 51);
    let text = "the last 400 bytes of the file are missing: the archive ends or another file begins";
    assert_eq!(flaws(&cut), [("s!b", text)]);
    let between = read(&whole[..1_024]);
    assert_eq!(flaws(&between), [("s", "the archive has no end mark and may be cut off")]);
    let header = read(&whole[..1_024 + 100]);
    assert_eq!(stretches(&header), [(1_024, 100)]);
    assert_eq!(flaws(&read(&whole[..whole.len() - 512])), [], "one block of zeros is an end, too");
}

#[test]
fn what_stands_behind_the_end_is_not_passed_over() {
    let one = tar(&[("a", EVENT)]);
    let twice = read(&[&one[..], &one].concat());
    assert_eq!((paths(&twice), flaws(&twice)), (vec!["s!a", "s!a#2"], vec![]));
    let behind = read(&[&one[..], b"appended"].concat());
    assert_eq!(stretches(&behind), [(2_048, 8)]);
    let compressed = read(&[&gzip(&one)[..], b"appended"].concat());
    assert_eq!(compressed.flaws[0].reason.code, "behind-compressed");
}

#[test]
fn members_that_are_no_files_are_named() {
    let linked =
        |kind, name| member(kind, name, b"", |block| block[157..167].copy_from_slice(b"/etc/motd\0"));
    let all = read(&archive(&[
        file("a"),
        linked(b'2', "soft"),
        linked(b'1', "hard"),
        member(b'3', "tty", b"", |_| {}),
        member(b'6', "pipe", b"", |_| {}),
        member(b'5', "folder", b"", |_| {}),
        member(0, "old/", b"", |_| {}),
        member(b'V', "label", b"", |_| {}),
        member(b'M', "rest", EVENT, |_| {}),
        member(b'7', "contiguous", EVENT, |_| {}),
        member(b'Q', "new", EVENT, |_| {}),
    ]));
    assert_eq!(paths(&all), ["s!a", "s!contiguous", "s!new"], "what is unknown is taken for a file");
    assert_eq!(
        flaws(&all),
        [
            ("s!soft", "a link to /etc/motd is no file"),
            ("s!hard", "a second name of /etc/motd, which is read under its first one"),
            ("s!tty", "a device is no file"),
            ("s!pipe", "a FIFO is no file"),
            ("s!rest", "the rest of a file that begins in another archive is not read"),
        ]
    );
}

#[test]
fn names_and_lengths_in_extended_headers() {
    let long = "n".repeat(300);
    let pax = |records: &[u8]| member(b'x', "pax", records, |_| {});
    let hidden = |block: &mut [u8; 512]| block[124..136].fill(b'0');
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_pax_extensions([("path", "長い名前.json".as_bytes())]).unwrap();
    let japanese = builder.into_inner().unwrap();
    let all = read(&archive(&[
        member(b'L', "././@LongLink", long.as_bytes(), |_| {}),
        file("short"),
        japanese[..1_024].to_vec(),
        file("short"),
        pax(b"17 path=\x8f\xd8\x8b\x92.log\n"),
        file("short"),
        pax(b"9 size=8\n"),
        member(b'0', "sized", EVENT, hidden)[..1_024].to_vec(),
        pax(b"25 GNU.sparse.name=b.log\n22 GNU.sparse.major=1\n"),
        file("sparse"),
        member(b'S', "holes", EVENT, |_| {}),
        pax(b"99 path=broken\n"),
        file("whole"),
        file("whole"),
    ]));
    let told = [&format!("s!{long}")[..], "s!長い名前.json", "s!証拠.log", "s!sized", "s!whole", "s!whole#2"];
    assert_eq!(paths(&all), told);
    assert_eq!(
        flaws(&all),
        [
            ("s!b.log", "sparse files in archives are not read"),
            ("s!holes", "sparse files in archives are not read"),
            ("s", "the extended header before a file is damaged"),
        ]
    );
}

#[test]
fn a_name_is_not_given_to_another_member() {
    let mut lost = file("b");
    lost[10] ^= 1;
    let all =
        read(&archive(&[file("a"), member(b'L', "././@LongLink", b"the lost one", |_| {}), lost, file("c")]));
    assert_eq!(paths(&all), ["s!a", "s!c"]);
    assert_eq!(flaws(&all), [("s!the lost one", "1024 bytes of the archive are nothing known")]);
}

#[test]
fn headers_of_the_oldest_kind_are_told_by_their_checksum() {
    let old = |block: &mut [u8; 512]| block[257..].fill(0);
    let v7 = archive(&[member(0, "a", EVENT, old), member(0, "b", EVENT, old)]);
    assert_eq!(paths(&read(&v7)), ["s!a", "s!b"]);
    // Some programs summed bytes with a sign.
    let mut signed = member(0, "\u{e9}", EVENT, old);
    let sum = signed[..512].iter().enumerate().map(|(at, byte)| match at {
        148..156 => 32,
        _ => i32::from(byte.cast_signed()),
    });
    let sum = format!("{:06o}\0 ", sum.sum::<i32>());
    signed[148..156].copy_from_slice(sum.as_bytes());
    assert_eq!(paths(&read(&archive(&[signed]))), ["s!\u{e9}"]);
}

#[test]
fn lengths_that_no_archive_has_are_damage() {
    let endless = member(b'0', "x", EVENT, |block| {
        block[124] = 0x80;
        block[125..136].fill(0xff);
    });
    let all = read(&archive(&[file("a"), endless, file("b")]));
    assert_eq!((paths(&all), stretches(&all)), (vec!["s!a", "s!b"], vec![(1_024, 1_024)]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever is cut off or overwritten: members whose blocks are whole are read.
    #[test]
    fn undamaged_members_are_read(
        lines in prop::collection::vec(1usize..120, 1..7),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5),
        cut in prop::option::of(any::<prop::sample::Index>()),
        compressed in any::<bool>(),
    ) {
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        for (number, lines) in lines.iter().enumerate() {
            let content: String = (0..*lines).map(|n| format!("{{\"file\":{number},\"n\":{n}}}\n")).collect();
            let from = bytes.len();
            bytes.extend(member(b'0', &format!("{number}.json"), content.as_bytes(), |_| {}));
            places.push(from..from + 512 + content.len());
        }
        bytes.extend([0; 1_024]);
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
        let read = read(&if compressed { gzip(&bytes) } else { bytes });
        for (number, place) in places.iter().enumerate() {
            if place.end <= end && !hit.iter().any(|at| place.contains(at)) {
                let rows = read.rows.iter().filter(|row| row.get("file") == number.to_string()).count();
                prop_assert!(rows >= lines[number], "{} of {} of {}: {:?}", rows, lines[number], number, read.flaws);
            }
        }
        let is_short = end < bytes_of_end(&places);
        prop_assert!(!is_short || !read.flaws.is_empty());
    }
}

/// Where an archive must reach for its end to be seen.
fn bytes_of_end(places: &[std::ops::Range<usize>]) -> usize {
    places.last().map_or(0, |last| last.end.next_multiple_of(512))
}
