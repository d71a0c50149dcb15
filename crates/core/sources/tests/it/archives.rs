//! Archives and compressed sources, built here with the crates that read them.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use sources::Limits;
use zip::write::SimpleFileOptions;

use crate::support::{Read, read, read_with};

pub const EVENT: &[u8] = b"{\"n\":1}\n";

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
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

pub fn zip_with(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
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

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(members, SimpleFileOptions::default())
}

pub fn paths(read: &Read) -> Vec<&str> {
    read.rows.iter().map(|row| row.path.as_str()).collect()
}

pub fn flaws(read: &Read) -> Vec<(&str, &str)> {
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
    assert!(cut.reasons().iter().any(|reason| reason.starts_with("the compressed data ends early")));
    let mut archive = tar(&[("a", EVENT), ("b", EVENT), ("c", EVENT)]);
    archive[1024 + 3] ^= 0xff;
    let read_all = read(&archive);
    assert_eq!((paths(&read_all), read_all.flaws.len()), (vec!["s!a", "s!c"], 1));
    let archive = tar(&[("a", EVENT), ("b", lines.as_bytes())]);
    let cut = read(&archive[..4_096]);
    assert!(cut.rows.len() > 100 && !cut.flaws.is_empty());
}

#[test]
fn limits_hold() {
    let mut bytes = EVENT.to_vec();
    for level in 0..4 {
        bytes = zip(&[(&format!("{level}"), &bytes)]);
    }
    let deep = read(&bytes);
    assert_eq!(flaws(&deep), [("s!3!2!1", "archives are opened 3 levels deep, and this is one more")]);

    let lines = EVENT.repeat(100_000);
    let total = Limits { total_bytes: 200_000, ..Limits::default() };
    let bomb = zip(&[("a", &lines), ("b", &lines)]);
    let read_all = read_with(&bomb, &total);
    assert!(read_all.rows.len() < 30_000 && !read_all.flaws.is_empty());
    let few = Limits { members: 1, ..Limits::default() };
    for archive in [bomb, tar(&[("a", &lines), ("b", &lines)])] {
        let read = read_with(&archive, &few);
        assert_eq!(read.rows.len(), 100_000);
        assert!(read.reasons().contains(&"an archive is read up to 1 files, and this one holds more"));
    }
}
