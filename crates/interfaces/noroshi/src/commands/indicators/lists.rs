//! Lists as they are given: files, standard input, and values that were typed.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use model::hash::Sha256;
use model::indicator::Observable;
use model::indicator::list::{self, List, Taken};
use page::Words;
use page::foreign::visible;
use sha2::Digest;

use crate::Failure;

/// Most bytes of a list.
const LONGEST: u64 = 64 << 20;

/// A list that was read.
#[derive(Debug)]
pub struct Pasted {
    /// What it is called; none of what was typed.
    pub name: Option<String>,
    /// Its bytes.
    pub sha256: Sha256,
    /// What stands there.
    pub list: List,
}

/// Reads what was given: `-` is standard input, what names a file is that file, all else a value.
///
/// # Errors
/// When a file cannot be read or is no text, or what was typed is no indicator.
pub fn read(given: &[String], words: Words) -> Result<Vec<Pasted>, Failure> {
    given.iter().map(|text| one(text, words)).collect()
}

fn one(text: &str, words: Words) -> Result<Pasted, Failure> {
    let bytes = match text {
        "-" => bytes(io::stdin().lock()),
        path if Path::new(path).is_file() => File::open(path).and_then(bytes),
        typed => return self::typed(typed, words),
    };
    let failed = |error: &io::Error| {
        let values = [("path", visible(text).into_owned().into()), ("reason", error.to_string().into())];
        Failure::usage(words, "cli-error-input", &values)
    };
    let bytes = bytes.map_err(|error| failed(&error))?;
    let name =
        Path::new(text).file_name().map_or(text.to_owned(), |name| name.to_string_lossy().into_owned());
    let decoded = self::text(&bytes).ok_or_else(|| {
        let values = [("path", visible(text).into_owned().into())];
        Failure::usage(words, "cli-error-indicators-text", &values)
    })?;
    let sha256 = <[u8; 32]>::from(sha2::Sha256::digest(&bytes)).into();
    Ok(Pasted { name: Some(name), sha256, list: list::read(&decoded) })
}

fn bytes(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("{} MiB", LONGEST >> 20)));
    }
    Ok(bytes)
}

/// What was typed: a value of the list that it is.
fn typed(text: &str, words: Words) -> Result<Pasted, Failure> {
    let list = list::read(text);
    if list.taken.is_empty() && list.refused.is_empty() {
        let values = [("value", visible(text).into_owned().into())];
        return Err(Failure::usage(words, "cli-error-indicators-nothing", &values));
    }
    let sha256 = <[u8; 32]>::from(sha2::Sha256::digest(text)).into();
    Ok(Pasted { name: None, sha256, list })
}

/// A text in the ways in which machines here write it: UTF-8, UTF-16 that says so, Shift_JIS. Where it is none of
/// them nothing is guessed: half a sign of Shift_JIS can be a letter of a name.
fn text(bytes: &[u8]) -> Option<String> {
    let (encoding, bytes) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (UTF_8, rest),
        [0xff, 0xfe, rest @ ..] => (UTF_16LE, rest),
        [0xfe, 0xff, rest @ ..] => (UTF_16BE, rest),
        bytes if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        bytes => (SHIFT_JIS, bytes),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
    (!text.contains('\0')).then_some(text)
}

/// The one indicator that somebody names, whose kind they may say.
///
/// # Errors
/// When it is none, or may be several.
pub fn named(
    text: &str,
    observable: Option<Observable>,
    words: Words,
) -> Result<(Observable, String), Failure> {
    let values = [("value", visible(text).into_owned().into())];
    if let Some(observable) = observable {
        let value = list::value(observable, text);
        return value
            .map(|value| (observable, value))
            .map_err(|cause| Failure { code: 2, text: super::told::cause(&cause, text, words) });
    }
    let list = list::read(text);
    match (&list.taken[..], list.refused.first()) {
        ([Taken { observable, value, .. }], None) => Ok((*observable, value.clone())),
        (_, Some(refused)) => {
            Err(Failure { code: 2, text: super::told::cause(&refused.cause, &refused.text, words) })
        }
        ([], None) => Err(Failure::usage(words, "cli-error-indicators-nothing", &values)),
        _ => Err(Failure::usage(words, "cli-error-indicators-several", &values)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_machines_here_write_them_and_nothing_is_guessed() {
        let sentence = "ドメインは evil.example.com、ソ";
        let (shift_jis, ..) = SHIFT_JIS.encode(sentence);
        let utf_16: Vec<u8> = sentence.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            sentence.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", sentence.as_bytes()].concat(),
            shift_jis.into_owned(),
            [b"\xff\xfe", &utf_16[..]].concat(),
        ] {
            assert_eq!(text(&bytes).as_deref(), Some(sentence));
        }
        for bytes in [&b"\x80\xffevil.example.com"[..], b"a\0b", b"PK\x03\x04\0\0"] {
            assert_eq!(text(bytes), None);
        }
    }
}
