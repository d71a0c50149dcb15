//! A file is put into the delivery folder: whole or not at all, and the same however often.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Longest name of a file without its key, in bytes: with it, it is shorter than any system allows.
const LONGEST: usize = 200;

/// Puts bytes into a folder, and gives the name there.
///
/// # Errors
/// When the folder is not there, or cannot be written to; nothing is there under the name then that was not
/// before.
pub(crate) fn put(folder: &Path, (key, name): (&str, &str), bytes: &mut dyn Read) -> io::Result<String> {
    let name = format!("{key}-{}", harmless(name));
    let part = folder.join(format!(".{key}.part"));
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = write(&part, bytes).and_then(|()| fs::rename(&part, folder.join(&name)));
    if written.is_err() {
        // What remains of it is replaced by the next attempt.
        drop(fs::remove_file(&part));
    }
    written?;
    File::open(folder)?.sync_all()?;
    Ok(name)
}

/// Never through a link that somebody laid there.
fn write(part: &Path, bytes: &mut dyn Read) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o640).open(part)?;
    io::copy(bytes, &mut file)?;
    file.sync_all()
}

/// A name that is one part of a path, and that shows what it is.
fn harmless(name: &str) -> String {
    let is_odd = |sign: char| matches!(sign, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let shown = page::foreign::visible(name);
    let plain: String = shown.chars().map(|sign| if is_odd(sign) { '_' } else { sign }).collect();
    let mut end = plain.len().min(LONGEST);
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    plain[..end].to_owned()
}
