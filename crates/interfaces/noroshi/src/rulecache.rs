//! Loaded rules, kept in the user's cache folder until a rule, a placeholder or the program changes.
//!
//! Reading some thousand rules from YAML takes longer than scanning a small log. A cache entry's
//! name is a hash of everything that loading depends on, so nothing ever has to be invalidated;
//! an entry that is damaged is loaded anew. The cache is a convenience: whatever fails here is
//! passed over.

use std::fs;
use std::path::{Path, PathBuf};

use detect::{Cause, Document, Placeholders, Refusal, pack, unpack};
use home::UserFolder;
use model::hash::hex;
use sha2::{Digest, Sha256};

/// Entries kept; the oldest go.
const ENTRIES: usize = 8;
/// Below this many bytes of rules, loading is fast enough.
const WORTH: usize = 100_000;

/// A rule file: its shown path and its bytes.
pub type RuleFile = (String, Vec<u8>);

/// The documents of some files, from the cache or by `load`, which gives none when it was stopped.
pub fn documents(
    files: &[RuleFile],
    placeholders: &Placeholders,
    load: impl FnOnce() -> Option<Vec<Result<Document, Refusal>>>,
) -> Option<Vec<Result<Document, Refusal>>> {
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let folder = if bytes < WORTH { None } else { folder() };
    let Some(folder) = folder else { return load() };
    let entry = folder.join(key(files, placeholders));
    if let Some(found) = read(&entry) {
        return Some(found);
    }
    let loaded = load()?;
    // A fault of the program may be gone in the next run.
    let is_fault = |document: &Result<Document, Refusal>| {
        document.as_ref().is_err_and(|refusal| matches!(refusal.reason, Cause::ProgramFault { .. }))
    };
    if !loaded.iter().any(is_fault) {
        write(&folder, &entry, &loaded);
    }
    Some(loaded)
}

/// `<cache folder of the user>/noroshi/rules`; none when the system names no such folder.
fn folder() -> Option<PathBuf> {
    let cache = UserFolder::Cache.find(&|name| std::env::var_os(name))?;
    Some(cache.join("noroshi").join("rules"))
}

/// A hash of all that loading depends on.
fn key(files: &[RuleFile], placeholders: &Placeholders) -> String {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    add(build().as_bytes());
    // Each list behind its length: no file can pass for a placeholder, nor a value for a name.
    let length = |length: usize| (length as u64).to_le_bytes();
    add(&length(files.len()));
    for (path, bytes) in files {
        add(path.as_bytes());
        add(bytes);
    }
    let mut names: Vec<_> = placeholders.iter().collect();
    names.sort();
    for (name, values) in names {
        add(name.as_bytes());
        add(&length(values.len()));
        values.iter().for_each(|value| add(value.as_bytes()));
    }
    hex(&hash.finalize())
}

/// What tells this build of the program from another one of the same version.
fn build() -> String {
    let program = std::env::current_exe().and_then(fs::metadata);
    let changed = program.ok().and_then(|metadata| Some((metadata.len(), metadata.modified().ok()?)));
    format!("{} {changed:?}", env!("CARGO_PKG_VERSION"))
}

/// An entry is its content's hash and its content.
fn read(entry: &Path) -> Option<Vec<Result<Document, Refusal>>> {
    // Whoever else writes here may have left a pipe, which would never end.
    if !fs::symlink_metadata(entry).ok()?.is_file() {
        return None;
    }
    let bytes = fs::read(entry).ok()?;
    let (hash, content) = bytes.split_at_checked(32)?;
    if Sha256::digest(content)[..] != *hash {
        return None;
    }
    unpack(content)
}

fn write(folder: &Path, entry: &Path, loaded: &[Result<Document, Refusal>]) {
    let Some(content) = pack(loaded) else { return };
    if fs::create_dir_all(folder).is_err() {
        return;
    }
    let mut bytes = Sha256::digest(&content).to_vec();
    bytes.extend(content);
    // Another run may write the same entry: each writes its own file and moves it into place.
    let written = tempfile::NamedTempFile::new_in(folder)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &bytes).map(|()| file));
    if let Ok(file) = written {
        drop(file.persist(entry));
    }
    forget(folder);
}

/// Removes the oldest entries.
fn forget(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let aged = |entry: fs::DirEntry| {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some((metadata.modified().ok()?, entry.path()))
    };
    let mut entries: Vec<_> = entries.filter_map(aged).collect();
    entries.sort();
    for (_, path) in entries.iter().rev().skip(ENTRIES) {
        drop(fs::remove_file(path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)], placeholders: &[(&str, &[&str])]) -> String {
        let files: Vec<RuleFile> =
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        key(&files, &placeholders.iter().map(|(name, values)| ((*name).to_owned(), owned(values))).collect())
    }

    #[test]
    fn nothing_that_loading_depends_on_can_pass_for_anything_else() {
        let keys = [
            of(&[("a", "b")], &[]),
            of(&[], &[("a", &["b"])]),
            of(&[], &[("a", &[]), ("b", &[])]),
            of(&[("a", "b"), ("c", "d")], &[]),
            of(&[("a", "b")], &[("c", &["d"])]),
            of(&[("a", "")], &[("b", &[])]),
        ];
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert_eq!(of(&[("a", "b")], &[]), keys[0]);
    }
}
