//! `cargo xtask bench large`: peak memory of a scan of inputs far larger than it, one EVTX file
//! and one NDJSON file; Linux only.
//!
//! The EVTX file has the chunks of a folder of samples again and again under one header; the
//! NDJSON file is the demo's nation at ten times its size, again and again.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::bench::{cost, files_below, path_of, release};

/// Bytes of an EVTX file before its first chunk, and of a chunk (MS-EVEN6, 2.2.1).
const HEADER: usize = 4_096;
const CHUNK: usize = 65_536;
/// Most chunks: the header counts them in 16 bits.
const CHUNKS: u64 = 65_535;

/// Runs the measurement: `--evtx DIR --rules DIR [--gigabytes N]`.
pub fn run(arguments: &[String]) -> Result<()> {
    let (samples, rules) = (path_of(arguments, "--evtx")?, path_of(arguments, "--rules")?);
    let at = arguments.iter().position(|argument| argument == "--gigabytes");
    let gigabytes: u64 = match at.map(|at| arguments.get(at + 1)) {
        None => 10,
        Some(number) => number.context("--gigabytes wants a number")?.parse().context("--gigabytes")?,
    };
    let noroshi = release()?;
    let work = std::env::temp_dir().join(format!("noroshi-large-{}", std::process::id()));
    fs::create_dir_all(&work)?;
    let measured = measure(&noroshi, (&samples, &rules), gigabytes << 30, &work);
    fs::remove_dir_all(&work)?;
    measured
}

fn measure(noroshi: &Path, (samples, rules): (&Path, &Path), bytes: u64, work: &Path) -> Result<()> {
    let (evtx, ndjson) = (work.join("large.evtx"), work.join("large.ndjson"));
    let of_evtx = write_evtx(samples, bytes / 2, &evtx)?;
    let demo = work.join("demo");
    let mut making = Command::new(noroshi);
    cost(making.args(["demo", "--week", "--scale", "10", "--no-serve", "--home"]).arg(&demo))?;
    let of_ndjson = write_ndjson(&demo, bytes.saturating_sub(of_evtx), &ndjson)?;
    println!("{:<28} {:>9} {:>9} {:>9} {:>10}", "", "GB", "CPU s", "wall s", "peak MB");
    for (name, rules) in [("SigmaHQ", Some(rules)), ("bundled, correlations", None)] {
        for (input, paths, bytes) in [
            ("EVTX", vec![&evtx], of_evtx),
            ("NDJSON", vec![&ndjson], of_ndjson),
            ("both", vec![&evtx, &ndjson], of_evtx + of_ndjson),
        ] {
            let mut command = Command::new(noroshi);
            command.args(["detect", "--json"]).arg(work.join("verdicts.jsonl")).args(paths);
            if let Some(rules) = rules {
                command.arg("--rules").arg(rules);
            }
            let cost = cost(&mut command)?;
            let (label, tenths) =
                (format!("{input}, {name}"), bytes / (1 << 30) * 10 + bytes % (1 << 30) * 10 / (1 << 30));
            println!(
                "{label:<28} {:>9} {:>9.1} {:>9.1} {:>10}",
                format!("{}.{}", tenths / 10, tenths % 10),
                cost.processor,
                cost.wall,
                cost.peak_kb / 1024
            );
        }
    }
    Ok(())
}

/// Writes chunks of the samples until there are `bytes`, or as many as a file can have.
fn write_evtx(samples: &Path, bytes: u64, target: &Path) -> Result<u64> {
    let mut header = None;
    let mut chunks: Vec<Vec<u8>> = Vec::new();
    for path in files_below(samples, "evtx")? {
        let file = fs::read(&path)?;
        if !file.starts_with(b"ElfFile\0") || file.len() < HEADER {
            continue;
        }
        chunks.extend(
            file[HEADER..]
                .chunks_exact(CHUNK)
                .filter(|chunk| chunk.starts_with(b"ElfChnk\0"))
                .map(<[u8]>::to_vec),
        );
        header.get_or_insert_with(|| file[..HEADER].to_vec());
    }
    let mut header = header.context("there is no EVTX file in --evtx")?;
    let count = (bytes / CHUNK as u64).clamp(1, CHUNKS);
    header[42..44].copy_from_slice(&u16::try_from(count)?.to_le_bytes());
    let sum = crc32(&header[..120]);
    header[124..128].copy_from_slice(&sum.to_le_bytes());
    let mut out = BufWriter::new(File::create(target)?);
    out.write_all(&header)?;
    let round = chunks.iter().cycle();
    for (_, chunk) in (0..count).zip(round) {
        out.write_all(chunk)?;
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(HEADER as u64 + count * CHUNK as u64)
}

/// Writes the demo's NDJSON files one after another until there are at least `bytes`.
fn write_ndjson(demo: &Path, bytes: u64, target: &Path) -> Result<u64> {
    let sources: Vec<PathBuf> = files_below(demo, "ndjson")?;
    ensure!(!sources.is_empty(), "the demo made no NDJSON");
    let mut out = File::create(target)?;
    let mut written = 0;
    while written < bytes {
        for source in &sources {
            let copied = io::copy(&mut File::open(source)?, &mut out)?;
            if copied == 0 {
                bail!("{} is empty", source.display());
            }
            written += copied;
        }
    }
    Ok(out.seek(SeekFrom::End(0))?)
}

/// The checksum of zip and EVTX, bit by bit: it is over 120 bytes.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}
