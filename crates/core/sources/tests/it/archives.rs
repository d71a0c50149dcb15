//! Archives and compressed sources, built here with the crates that read them.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use sources::{Input, Limits};
use zip::write::SimpleFileOptions;

use crate::support::{Read, read, read_input, read_with};

const EVENT: &[u8] = b"{\"n\":1}\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_entry_type(if name.ends_with('/') {
            tar::EntryType::Directory
        } else {
            tar::EntryType::Regular
        });
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip_with(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        if name.ends_with('/') {
            writer.add_directory(*name, options).unwrap();
        } else {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(members, SimpleFileOptions::default())
}

fn paths(read: &Read) -> Vec<&str> {
    read.rows.iter().map(|row| row.path.as_str()).collect()
}

fn flaws(read: &Read) -> Vec<(&str, &str)> {
    read.flaws.iter().map(|flaw| (&*flaw.source_path, flaw.reason.text.as_str())).collect()
}

#[test]
fn compressed_sources_keep_their_name() {
    let zstd = zstd::stream::encode_all(EVENT, 3).unwrap();
    for bytes in [gzip(EVENT), zstd, gzip(&gzip(EVENT))] {
        assert_eq!(paths(&read(&bytes)), ["s"]);
    }
    let members = [gzip(EVENT), gzip(EVENT)].concat();
    assert_eq!(paths(&read(&members)), ["s", "s"], "a gzip stream of two members");
}

#[test]
fn members_are_named_by_their_way() {
    let inner = gzip(&tar(&[("c.json", EVENT), ("dir/", b""), ("dir/d.json", EVENT)]));
    let read_all =
        read(&zip(&[("a/", b""), ("a/b.tar.gz", &inner), ("e.json", EVENT), ("f.json.gz", &gzip(EVENT))]));
    assert_eq!(
        paths(&read_all),
        ["s!a/b.tar.gz!c.json", "s!a/b.tar.gz!dir/d.json", "s!e.json", "s!f.json.gz"]
    );
    assert_eq!(flaws(&read_all), []);
    assert!(read_all.rows.iter().all(|row| row.ordinal == 1));
    let nested = zip(&[("inner.zip", &zip(&[("x.json", EVENT)]))]);
    assert_eq!(paths(&read(&tar(&[("outer.zip", &nested)]))), ["s!outer.zip!inner.zip!x.json"]);
}

#[test]
fn hostile_names_are_only_text() {
    let long = format!("{}/x.json", "n".repeat(300));
    let names = ["../../etc/x.json", "/abs/x.json", "c:\\x.json", "a!b.json", &long];
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, EVENT)).collect();
    let expected: Vec<String> = names.iter().map(|name| format!("s!{name}")).collect();
    assert_eq!(paths(&read(&zip(&members))), expected);
    let read = read(&tar(&[(&long, EVENT)]));
    assert_eq!(paths(&read), [format!("s!{long}")], "a name longer than the header has room for");
}

#[test]
fn kinds_of_zip_members() {
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::STORE);
    assert_eq!(read(&zip_with(&[("x", EVENT)], stored)).rows.len(), 1);
    assert_eq!(read(&zip_with(&[("x", EVENT)], stored.large_file(true))).rows.len(), 1, "zip64");
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    writer.start_file("x", SimpleFileOptions::default()).unwrap();
    writer.write_all(EVENT).unwrap();
    let streamed = writer.finish().unwrap().into_inner();
    assert_eq!(read(&streamed).rows.len(), 1, "sizes behind the data");

    let mut encrypted = zip_with(&[("x", EVENT), ("y", EVENT)], stored);
    let directory = encrypted.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    encrypted[directory + 8] |= 1;
    let read_all = read(&encrypted);
    assert_eq!((paths(&read_all), flaws(&read_all)), (vec!["s!y"], vec![("s!x", "the file is encrypted")]));

    let mut method = zip_with(&[("x", EVENT)], stored);
    let directory = method.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    method[directory + 10] = 99;
    assert_eq!(read(&method).flaws.len(), 1);

    let mut damaged = zip_with(&[("x", EVENT)], stored);
    let content = damaged.windows(EVENT.len()).position(|bytes| bytes == EVENT).unwrap();
    damaged[content + 5] = b'2';
    let read_all = read(&damaged);
    assert_eq!((read_all.rows.len(), read_all.flaws.len()), (1, 1), "the checksum tells, the event stays");
    assert_eq!(read(&zip(&[])).rows.len(), 0);
}

#[test]
fn damage_costs_what_it_hits() {
    let lines: String = (0..50_000).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    let packed = gzip(lines.as_bytes());
    let cut = read(&packed[..packed.len() / 2]);
    assert!(cut.rows.len() > 1_000);
    assert!(cut.reasons().iter().any(|reason| reason.starts_with("the source cannot be read further")));
    let mut archive = tar(&[("a", EVENT), ("b", EVENT), ("c", EVENT)]);
    archive[1024 + 3] ^= 0xff;
    let read_all = read(&archive);
    assert_eq!((paths(&read_all), read_all.flaws.len()), (vec!["s!a"], 1));
    let archive = tar(&[("a", EVENT), ("b", lines.as_bytes())]);
    let cut = read(&archive[..4_096]);
    assert!(cut.rows.len() > 100 && !cut.flaws.is_empty());
    let archive = zip(&[("a", EVENT)]);
    assert_eq!(read(&archive[..archive.len() - 30]).flaws.len(), 1);
}

#[test]
fn tar_members_that_are_no_files() {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind) in
        [("l", tar::EntryType::Symlink), ("h", tar::EntryType::Link), ("p", tar::EntryType::Fifo)]
    {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        header.set_entry_type(kind);
        builder.append_link(&mut header, name, "/etc/passwd").unwrap();
    }
    let mut header = tar::Header::new_ustar();
    header.set_size(EVENT.len() as u64);
    builder.append_pax_extensions([("path", "長い名前.json".as_bytes())]).unwrap();
    builder.append_data(&mut header, "short", EVENT).unwrap();
    let read = read(&builder.into_inner().unwrap());
    assert_eq!((paths(&read), flaws(&read)), (vec!["s!長い名前.json"], vec![]));
}

#[test]
fn limits_hold() {
    let mut bytes = EVENT.to_vec();
    for level in 0..4 {
        bytes = zip(&[(&format!("{level}"), &bytes)]);
    }
    let deep = read(&bytes);
    assert_eq!(flaws(&deep), [("s!3!2!1", "archives are opened 3 levels deep, and this is one more")]);

    let inner = zip(&[("x", EVENT)]);
    let small = Limits { member_bytes: 50, ..Limits::default() };
    let outer = zip(&[("i.zip", &inner), ("y", EVENT)]);
    let read_all = read_with(&outer, &small);
    assert_eq!((paths(&read_all), read_all.flaws.len()), (vec!["s!y"], 1));
    assert_eq!(
        paths(&read_input(Input::Stream(Box::new(&inner[..])), &Limits::default())),
        ["s!x"],
        "a zip from a pipe"
    );
    assert_eq!(read_input(Input::Stream(Box::new(&inner[..])), &small).flaws.len(), 1);

    let lines = EVENT.repeat(100_000);
    let total = Limits { total_bytes: 200_000, ..Limits::default() };
    let bomb = zip(&[("a", &lines), ("b", &lines)]);
    let read_all = read_with(&bomb, &total);
    assert!(read_all.rows.len() < 30_000 && !read_all.flaws.is_empty());
    let few = Limits { members: 1, ..Limits::default() };
    assert_eq!(read_with(&bomb, &few).rows.len(), 100_000);
}
