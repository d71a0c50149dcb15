//! A version of a set as one file: a tar archive of its rules, compressed, the same bytes for the same rules.

use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use detect::Refusal;
use intake::Stop;
use page::Words;
use sources::{Input, Limits, Member, Reader};

use crate::Failure;
use crate::rulecache::RuleFile;
use crate::ruleset::{self, is_named_rule};

/// How hard archives are compressed: they are read more often than written.
const LEVEL: i32 = 9;
/// The longest rule file that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// Rules that were gathered, and as one file.
#[derive(Debug)]
pub struct Packed {
    /// The files, by their paths in the set.
    pub files: Vec<RuleFile>,
    /// What could not be read.
    pub unread: Vec<Refusal>,
    /// The archive.
    pub bytes: Vec<u8>,
}

/// Gathers the rules of folders, files and archives; none when the user stopped it.
///
/// # Errors
/// When a path does not exist, cannot be read, or there is no rule file.
pub fn gather(paths: &[PathBuf], stop: &Stop, words: Words) -> Result<Option<Packed>, Failure> {
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for path in paths {
        if let Err(error) = std::fs::metadata(path) {
            let values = [("path", path.display().to_string().into()), ("reason", error.to_string().into())];
            return Err(Failure::usage(words, "cli-error-rules-path", &values));
        }
        if let Some(members) = members(path, words)? {
            files.extend(below_common(members));
            continue;
        }
        let found = ruleset::find(std::slice::from_ref(path), &[], words)?;
        let Some((read, refused)) = found.read(stop) else { return Ok(None) };
        let root = path.display().to_string();
        let inside = |shown: String| match Path::new(&shown).strip_prefix(&root) {
            Ok(inside) if !inside.as_os_str().is_empty() => inside.display().to_string(),
            _ => Path::new(&shown)
                .file_name()
                .map_or(shown.clone(), |name| name.to_string_lossy().into_owned()),
        };
        let read = read.into_iter().map(|(shown, bytes)| (inside(shown), bytes));
        files.extend(below_common(read.filter(|(path, _)| !is_hidden(path)).collect()));
        unread.extend(refused);
    }
    if files.is_empty() {
        let path = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(Failure::usage(words, "cli-error-no-rule-files", &[("path", path.into())]));
    }
    files.sort();
    files.dedup();
    let bytes = pack(&files).map_err(|error| Failure { code: 1, text: error.to_string() })?;
    Ok(Some(Packed { files, unread, bytes }))
}

/// The rule files of an archive; none where a path leads to none.
fn members(path: &Path, words: Words) -> Result<Option<Vec<RuleFile>>, Failure> {
    if !path.is_file() || is_named_rule(path) {
        return Ok(None);
    }
    let unread = |error: &io::Error| {
        let values = [("path", path.display().to_string().into()), ("reason", error.to_string().into())];
        Failure::usage(words, "cli-error-rules-path", &values)
    };
    let file = std::fs::File::open(path).map_err(|error| unread(&error))?;
    let mut files = Vec::new();
    let is_archive = read(Input::Seekable(Box::new(file)), &mut files).map_err(|error| unread(&error))?;
    Ok(is_archive.then_some(files))
}

/// Without the folders in which everything stands, so that the same rules have the same paths as a folder, as an
/// archive of it, and as one with a folder around everything, as archives of repositories have it.
fn below_common(files: Vec<RuleFile>) -> Vec<RuleFile> {
    let first = |path: &str| path.split_once('/').map(|(first, _)| first.to_owned());
    let common = files.first().and_then(|(path, _)| first(path));
    match common.filter(|common| files.iter().all(|(path, _)| first(path).as_ref() == Some(common))) {
        Some(common) => {
            let below = |(path, bytes): RuleFile| (path[common.len() + 1..].to_owned(), bytes);
            below_common(files.into_iter().map(below).collect())
        }
        None => files,
    }
}

/// The rule files of an archive that this program made.
///
/// # Errors
/// When it cannot be read.
pub fn unpack(bytes: &[u8]) -> io::Result<Vec<RuleFile>> {
    let mut files = Vec::new();
    read(Input::Seekable(Box::new(Cursor::new(bytes))), &mut files)?;
    Ok(files)
}

/// Reads the rule files of an archive; `false` where it is none.
fn read(input: Input<'_>, files: &mut Vec<RuleFile>) -> io::Result<bool> {
    Reader::members(input, &Limits::default(), &mut |member| {
        let Member { name, content } = member.map_err(|flaw| io::Error::other(flaw.reason.to_string()))?;
        let name = name.trim_start_matches("./");
        if is_hidden(name) || !is_named_rule(Path::new(name)) {
            return Ok(());
        }
        let mut bytes = Vec::new();
        content.take(LONGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LONGEST {
            return Err(io::Error::other(format!("{name} is longer than {LONGEST} bytes")));
        }
        files.push((name.to_owned(), bytes));
        Ok(())
    })
}

/// Whether a file is none that people are meant to see: what repositories keep for themselves.
fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// Packs files so that the same files give the same bytes: in order, without times and owners.
fn pack(files: &[RuleFile]) -> io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        archive.append_data(&mut header, path, bytes.as_slice())?;
    }
    zstd::encode_all(archive.into_inner()?.as_slice(), LEVEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_bytes_and_come_back() {
        let long = format!("{}/rule.yml", "folder".repeat(40));
        let files: Vec<RuleFile> =
            vec![("a/規則.yml".to_owned(), b"title: a\n".to_vec()), (long, vec![b'x'; 5_000])];
        let packed = pack(&files).expect("packed");
        assert_eq!(pack(&files).expect("packed"), packed);
        assert_eq!(unpack(&packed).expect("read"), files);
        let under = vec![("sigma-1/rules/a.yml".to_owned(), vec![]), ("sigma-1/b.yml".to_owned(), vec![])];
        let paths: Vec<String> = below_common(under).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["rules/a.yml", "b.yml"]);
        let deep = vec![("s/rules/a/x.yml".to_owned(), vec![]), ("s/rules/b/y.yml".to_owned(), vec![])];
        let paths: Vec<String> = below_common(deep).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a/x.yml", "b/y.yml"]);
    }
}
