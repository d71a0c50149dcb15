//! Tells what bytes are by what they say, never by the name of the file.

use crate::json::skip_blanks;

/// What a source turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Empty,
    Evtx,
    Gzip,
    Zstd,
    Zip,
    Tar,
    /// UTF-16 behind a mark of two bytes.
    Utf16 {
        big_endian: bool,
    },
    Json,
    Audit,
    Unknown,
}

/// Bytes looked at.
pub(crate) const HEAD: usize = 64 << 10;
/// Lines among which the first audit record is looked for.
const LINES: usize = 16;

/// Tells the format from the first bytes (up to [`HEAD`] of them).
pub(crate) fn tell(head: &[u8]) -> Told {
    match head {
        [] => Told::Empty,
        _ if head.starts_with(b"ElfFile\0") || head.starts_with(b"ElfChnk\0") => Told::Evtx,
        _ if head.get(4096..4104) == Some(b"ElfChnk\0") => Told::Evtx,
        [0x1f, 0x8b, 8, ..] => Told::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Told::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Told::Zip,
        _ if head.get(257..262) == Some(b"ustar") => Told::Tar,
        [0xff, 0xfe, ..] => Told::Utf16 { big_endian: false },
        [0xfe, 0xff, ..] => Told::Utf16 { big_endian: true },
        _ => tell_text(head.strip_prefix(MARK).unwrap_or(head)),
    }
}

/// Byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

fn tell_text(text: &[u8]) -> Told {
    if is_json(text) {
        return Told::Json;
    }
    let mut lines =
        text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).take(LINES);
    if lines.clone().any(|line| crate::frame::audit::head_bytes(line).is_some()) {
        return Told::Audit;
    }
    // The first line of a JSON file may be broken, or the banner of a converter.
    let first = skip_blanks(text, 0);
    let end = memchr::memchr(b'\n', &text[first..]).map_or(text.len(), |length| first + length);
    if is_banner(&text[first..end]) && is_json(&text[end..]) {
        return Told::Json;
    }
    let object = |line: &[u8]| line.trim_ascii_start().starts_with(b"{\"") && is_json(line);
    if lines.clone().take(4).all(is_text) && lines.by_ref().take(4).any(object) {
        Told::Json
    } else {
        Told::Unknown
    }
}

/// `Record 17`, which a well-known converter writes before each object.
pub(crate) fn is_banner(line: &[u8]) -> bool {
    let number = line.trim_ascii_end().strip_prefix(b"Record ");
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// Whether the text begins like a JSON object, or like an array of them.
fn is_json(text: &[u8]) -> bool {
    let mut at = skip_blanks(text, 0);
    while matches!(text.get(at), Some(b'[' | b'\x1e')) {
        at = skip_blanks(text, at + 1);
        if at >= text.len() || text[at] == b']' {
            return true;
        }
    }
    text.get(at) == Some(&b'{') && matches!(text.get(skip_blanks(text, at + 1)), None | Some(b'"' | b'}'))
}

fn is_text(line: &[u8]) -> bool {
    !line.iter().any(|byte| *byte < b' ' && !matches!(byte, b'\t' | b'\r' | 0x1d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let mut tar = vec![0u8; 512];
        tar[257..262].copy_from_slice(b"ustar");
        for (bytes, told) in [
            (&b""[..], Told::Empty),
            (b"ElfFile\0....", Told::Evtx),
            (b"\x1f\x8b\x08\0", Told::Gzip),
            (b"\x28\xb5\x2f\xfd", Told::Zstd),
            (b"PK\x03\x04", Told::Zip),
            (&tar, Told::Tar),
            (b"\xff\xfe{\0", Told::Utf16 { big_endian: false }),
            (b"\xef\xbb\xbf \r\n{\"a\":1}", Told::Json),
            (b"[\n  {", Told::Json),
            (b"[]", Told::Json),
            (b"{}", Told::Json),
            (b"{\"a", Told::Json),
            (b"Record 1\n{\n  \"Event\"", Told::Json),
            (b"Record 1\n{\"Event\"", Told::Json),
            (b"type=SYSCALL msg=audit(1.0:1): a=b", Told::Audit),
            (b"\nnode=n type=SYSCALL msg=audit(1.0:1): a=b", Told::Audit),
            (b"----\ntime->x\ntype=SYSCALL msg=audit(1.0:1): a=b", Told::Audit),
            (b"[2026-03-02] started", Told::Unknown),
            (b"{ printf \"%s\" }", Told::Unknown),
            (b"hello", Told::Unknown),
            (b"PK", Told::Unknown),
        ] {
            assert_eq!(tell(bytes), told, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
