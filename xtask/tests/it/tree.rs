//! The files of the repository, tracked or about to be, without what is built or fetched.

use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::house::root;

/// Folders that hold nothing of ours, wherever they lie.
const SKIPPED: [&str; 3] = ["target", ".git", "node_modules"];

/// Folders that a fuzzer fills, from the root.
const FUZZED: [&str; 2] = ["fuzz/corpus", "fuzz/artifacts"];

/// A file larger than this is data, and only its name is looked at.
const LARGEST_TEXT: u64 = 1024 * 1024;

/// A file of the repository.
#[derive(Debug)]
pub struct File {
    /// From the root, with `/` between the parts.
    pub path: String,
    /// `None` for what is no text.
    pub text: Option<String>,
}

/// All files, read once for all tests.
pub fn files() -> Result<&'static [File]> {
    static FILES: OnceLock<Result<Vec<File>, String>> = OnceLock::new();
    let read = || {
        let mut files = Vec::new();
        walk(root(), "", &mut files).map_err(|error| format!("{error:#}"))?;
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    };
    match FILES.get_or_init(read) {
        Ok(files) => Ok(files),
        Err(error) => bail!("{error}"),
    }
}

/// The ending of a path, without its dot; empty when it has none.
pub fn ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn walk(folder: &Path, below: &str, files: &mut Vec<File>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !SKIPPED.contains(&name.as_str()) && !FUZZED.contains(&path.as_str()) {
                walk(&entry.path(), &path, files)?;
            }
        } else if kind.is_file() && ending(&name) != "new" {
            let small = entry.metadata()?.len() <= LARGEST_TEXT;
            let text = if small { String::from_utf8(std::fs::read(entry.path())?).ok() } else { None };
            files.push(File { path, text });
        }
    }
    Ok(())
}
