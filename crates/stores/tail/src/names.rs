//! Names that rotation and copying make from a log's name.

use std::path::{Path, PathBuf};

/// Characters between a log's name and what was put to it.
const SEPARATORS: [char; 4] = ['.', '-', '_', '~'];
/// Words, beside numbers and dates, that rotation puts to a name.
const MARKS: [&str; 6] = ["old", "bak", "orig", "prev", "save", "copy"];
/// Endings that compression puts to a name.
const PACKED: [&str; 7] = ["gz", "xz", "bz2", "zst", "zip", "lz4", "Z"];

/// Names from which this one may have been made, by something put to the end (`app.log.1`) or before
/// the extension (`app-20260801.log`), whether or not a file of that name is there.
pub fn bases(path: &Path) -> impl Iterator<Item = PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut found = Vec::new();
    // A compressed one may have its mark inside: app-20260801.log.gz.
    for name in [Some(name.as_str()), unpacked(&name)].into_iter().flatten() {
        for (at, _) in name.match_indices(SEPARATORS).filter(|(at, _)| *at > 0) {
            found.push(name[..at].to_owned());
            let extensions = name[at + 1..].match_indices('.').map(|(dot, _)| at + 1 + dot);
            found.extend(extensions.map(|dot| format!("{}{}", &name[..at], &name[dot..])));
        }
    }
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    found.into_iter().map(move |name| folder.join(name))
}

/// Whether rotation made this name from that one: what was put to it are numbers, dates and
/// the words of rotation and compression alone.
#[must_use]
pub fn is_rotated(path: &Path, base: &Path) -> bool {
    let (Some(name), Some(base)) = (text(path), text(base)) else { return false };
    let put = |name: &str, base: &str| {
        let (stem, extension) = base.rsplit_once('.').unwrap_or((base, ""));
        let inside = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(extension)?.strip_suffix('.'));
        let inside = inside.filter(|_| !extension.is_empty() && !stem.is_empty());
        name.strip_prefix(base).or(inside).map(str::to_owned)
    };
    let names = [Some(name), unpacked(name)].into_iter().flatten();
    names.filter_map(|name| put(name, base)).any(|put| is_mark(&put))
}

/// A name without the ending that compression puts to it.
fn unpacked(name: &str) -> Option<&str> {
    name.rsplit_once('.').filter(|(_, last)| PACKED.contains(last)).map(|(rest, _)| rest)
}

fn text(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

fn is_mark(put: &str) -> bool {
    let is_word = |word: &str| {
        let is_date = word.chars().all(|letter| letter.is_ascii_digit() || "TZ:+".contains(letter));
        is_date || MARKS.contains(&word) || PACKED.contains(&word)
    };
    put.starts_with(SEPARATORS) && put.split(SEPARATORS).all(is_word)
}
