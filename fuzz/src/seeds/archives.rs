//! Small archives of every sort, made with the crates that read them.

use std::io::{self, Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

/// A log small enough to stand in every archive.
const EVENT: &[u8] = b"{\"n\":1}\n";

/// Another one, of another format.
const AUDIT: &[u8] = b"type=EXECVE msg=audit(1772438401.123:9): argc=1 a0=\"id\"\n";

/// All of them.
pub fn all() -> io::Result<Vec<Vec<u8>>> {
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::STORE);
    let packed = SimpleFileOptions::default();
    let lines = EVENT.repeat(5_000);
    let gzip_tar = gzip(&tar(&[("c.json", EVENT), ("d/e.log", AUDIT)])?)?;
    let inner = zip(&[("x.json", EVENT)], stored)?;
    let long = format!("{}/x.json", "n".repeat(200));
    let mut streamed = zip::ZipWriter::new_stream(Vec::new());
    streamed.start_file("x.json", packed).map_err(io::Error::other)?;
    streamed.write_all(EVENT)?;
    let streamed = streamed.finish().map_err(io::Error::other)?.into_inner();
    let files = zip(&[("a.json", EVENT), ("b.log", AUDIT), ("c.json", EVENT)], stored)?;
    let blocks = tar(&[("a.json", EVENT), ("b.log", AUDIT), ("c.json", EVENT)])?;
    let overlapping = overlapping(&files);
    Ok([
        odd_zips(&files, &streamed),
        vec![
            overlapping,
            [b"MZ stub ".repeat(9), files.clone()].concat(),
            without(&blocks, 1_024),
            blocks[..1_300].to_vec(),
            links()?,
            old(&blocks),
            xz(EVENT)?,
            xz(&blocks)?,
            [xz(EVENT)?, vec![0; 8], xz(AUDIT)?, b"behind".to_vec()].concat(),
            bzip2(EVENT)?,
            bzip2(&blocks)?,
            [bzip2(EVENT)?, bzip2(AUDIT)?, b"behind".to_vec()].concat(),
            gzip(EVENT)?,
            [gzip(EVENT)?, gzip(AUDIT)?].concat(),
            gzip(&gzip(AUDIT)?)?,
            gzip(&lines)?,
            gzip_tar.clone(),
            zstd::stream::encode_all(EVENT, 3)?,
            zstd::stream::encode_all(&lines[..], 3)?,
            zstd::stream::encode_all(&tar(&[("a.json", EVENT)])?[..], 3)?,
            tar(&[("a.json", EVENT)])?,
            tar(&[("../a.json", EVENT), ("b/", b""), ("b/c.log", AUDIT)])?,
            tar(&[(&long, EVENT)])?,
            tar(&[("i.zip", &inner), ("j.gz", &gzip(EVENT)?)])?,
            inner.clone(),
            zip(&[("a/", b""), ("a/b.json", EVENT), ("c.log", AUDIT)], packed)?,
            zip(&[("a.json", EVENT)], stored.large_file(true))?,
            zip(&[("t.tar.gz", &gzip_tar), ("i.zip", &inner)], stored)?,
            zip(&[("l.json", &lines)], packed)?,
            zip(&[("j.zip", &zip(&[("i.zip", &inner)], stored)?)], stored)?,
            zip(&[], stored)?,
            streamed,
            [b"\xff\xfe".to_vec(), EVENT.iter().flat_map(|byte| [*byte, 0]).collect()].concat(),
            gzip(&[b"\xfe\xff".to_vec(), EVENT.iter().flat_map(|byte| [0, *byte]).collect()].concat())?,
        ],
    ]
    .concat())
}

/// Zip archives without their directory, cut, with a damaged header, with a name in code page 932.
fn odd_zips(files: &[u8], streamed: &[u8]) -> Vec<Vec<u8>> {
    let directory =
        |bytes: &[u8]| bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap_or(bytes.len());
    let mut named = files.to_vec();
    named[30..36].copy_from_slice(b"\x95\x5c\x83\x5c.l");
    vec![
        files[..directory(files)].to_vec(),
        files[..directory(files) / 2].to_vec(),
        streamed[..directory(streamed)].to_vec(),
        without(files, 0),
        without(files, directory(files)),
        named,
        [files, files].concat(),
    ]
}

/// All entries of the directory lead to the first file.
fn overlapping(files: &[u8]) -> Vec<u8> {
    let mut bytes = files.to_vec();
    for at in 0..bytes.len() - 46 {
        if bytes[at..].starts_with(b"PK\x01\x02") {
            bytes[at + 42..at + 46].fill(0);
        }
    }
    bytes
}

/// With a few bytes overwritten.
fn without(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + 8].fill(b'?');
    bytes
}

/// Members that are no files.
fn links() -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for kind in
        [tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::Fifo, tar::EntryType::GNUSparse]
    {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        header.set_entry_type(kind);
        builder.append_link(&mut header, "l", "a.json")?;
    }
    builder.append_pax_extensions([("path", EVENT), ("size", b"8")])?;
    builder.into_inner()
}

/// As the oldest programs wrote headers: without a magic word.
fn old(blocks: &[u8]) -> Vec<u8> {
    let mut bytes = blocks.to_vec();
    bytes[257..265].fill(0);
    let mut header = tar::Header::new_old();
    header.as_mut_bytes().copy_from_slice(&bytes[..512]);
    header.set_cksum();
    bytes[..512].copy_from_slice(header.as_bytes());
    bytes
}

fn xz(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1))?;
    writer.write_all(bytes)?;
    writer.finish()
}

fn bzip2(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn tar(members: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        if name.contains("..") {
            // The builder refuses such names, and that is what the reader must meet.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, *bytes)?;
        } else {
            builder.append_data(&mut header, name, *bytes)?;
        }
    }
    builder.into_inner()
}

fn zip(members: &[(&str, &[u8])], options: SimpleFileOptions) -> io::Result<Vec<u8>> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        if name.ends_with('/') {
            writer.add_directory(*name, options).map_err(io::Error::other)?;
        } else {
            writer.start_file(*name, options).map_err(io::Error::other)?;
            writer.write_all(bytes)?;
        }
    }
    Ok(writer.finish().map_err(io::Error::other)?.into_inner())
}
