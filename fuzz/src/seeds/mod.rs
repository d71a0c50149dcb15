//! The first corpus of each target: files of this repository, archives and event logs made
//! here, and a few short pieces of real logs where `NOROSHI_DATA` leads to them.

mod archives;
#[path = "../../../crates/core/sources/tests/it/event_log.rs"]
#[expect(clippy::unwrap_used, reason = "it is written for tests")]
mod event_log;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Target;

/// Where a text is cut, so that a mutation meets something that matters.
const TEXT: usize = 4_096;

/// Files taken of a real data set.
const REAL: usize = 60;

/// Writes the first corpus of a target.
///
/// # Errors
/// When the folder cannot be written or the repository's own files cannot be read.
pub fn write(target: Target, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, bytes) in of(target)?.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:03}")), bytes)?;
    }
    Ok(())
}

fn of(target: Target) -> io::Result<Vec<Vec<u8>>> {
    Ok(match target {
        Target::Archives => archives::all()?,
        Target::Auditd => [written("auditd")?, texts("rules/cases", "log", 1)?].concat(),
        Target::Evtx => {
            [event_logs(), real("evtx", "evtx")?.iter().filter_map(|log| chunk(log)).collect()].concat()
        }
        Target::Indicators => written("indicators")?,
        Target::Json => [written("json")?, texts("rules/cases", "ndjson", 2)?].concat(),
        Target::Reader => {
            let targets = [Target::Archives, Target::Auditd, Target::Evtx, Target::Json, Target::Xml];
            let mut all = written("text")?;
            for target in targets {
                all.extend(of(target)?.into_iter().step_by(5));
            }
            all
        }
        Target::Rules => {
            let real = real("sigma/sigma/rules", "yml")?;
            [written("rules")?, texts("rules/linux", "yml", 1)?, texts("rules/windows", "yml", 2)?, real]
                .concat()
        }
        // The first byte chooses the line before it; number 4 is none.
        Target::Xml => written("xml")?,
        Target::Text => written("text")?.iter().map(|text| [b"\x04", &text[..]].concat()).collect(),
    })
}

/// Inputs written for a target.
fn written(name: &str) -> io::Result<Vec<Vec<u8>>> {
    files(&root().join("fuzz/seeds").join(name))?.iter().map(fs::read).collect()
}

/// The beginnings of every so many text files in a folder of the repository.
fn texts(folder: &str, ending: &str, step: usize) -> io::Result<Vec<Vec<u8>>> {
    let found = with_ending(&root().join(folder), ending)?;
    found.iter().step_by(step).map(|path| fs::read(path).map(beginning)).collect()
}

/// Whole lines up to the length of a seed.
fn beginning(mut text: Vec<u8>) -> Vec<u8> {
    if text.len() > TEXT {
        let end = text[..TEXT].iter().rposition(|byte| *byte == b'\n').unwrap_or(TEXT);
        text.truncate(end);
    }
    text
}

/// Evenly chosen files of a real data set; none without data.
fn real(set: &str, ending: &str) -> io::Result<Vec<Vec<u8>>> {
    let data = std::env::var_os("NOROSHI_DATA").filter(|data| !data.is_empty());
    let Some(data) = data else { return Ok(Vec::new()) };
    let found = with_ending(&PathBuf::from(data).join(set), ending)?;
    let step = found.len().div_ceil(REAL).max(1);
    found.iter().step_by(step).map(fs::read).collect()
}

/// Event logs: one whole, the others chunks that end behind their first records.
fn event_logs() -> Vec<Vec<u8>> {
    let one = event_log::chunk(1..3);
    let mut shifted = vec![7; 40];
    shifted.extend(&one[..2_000]);
    vec![
        event_log::file(&[&one[..2_500]]),
        event_log::file(&[&event_log::chunk(1..2), &one[..2_500]]),
        event_log::file(&[]),
        event_log::file(&[&shifted]),
        one[..2_500].to_vec(),
        one[..1_400].to_vec(),
    ]
}

/// The first chunk of a real log up to its end or a tenth of it.
fn chunk(log: &[u8]) -> Option<Vec<u8>> {
    let chunk = log.get(4_096..4_096 + event_log::CHUNK)?;
    let used = chunk.iter().rposition(|byte| *byte != 0)? + 1;
    Some(chunk[..used.min(8_192)].to_vec())
}

/// The folder of the repository.
fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

fn with_ending(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = files(folder)?;
    found.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    Ok(found)
}

/// All files in or below a folder, in the order of their names.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
