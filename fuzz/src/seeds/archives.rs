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
    Ok(vec![
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
    ])
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
