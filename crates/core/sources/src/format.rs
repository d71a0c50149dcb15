//! Tells what bytes are by what they say, never by the name of the file.

use memchr::memmem;

use crate::archive::decode::Codec;
use crate::archive::tar;
use crate::frame;
use crate::json::skip_blanks;
use crate::line::{self, is_banner};
use crate::text::MARK;

/// What a source turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Empty,
    Evtx,
    Compressed(Codec),
    Zip,
    Tar,
    /// UTF-16 behind a mark of two bytes.
    Utf16 {
        big_endian: bool,
    },
    Json,
    Audit,
    Syslog,
    Access,
    Zeek,
    Xml,
    Unknown,
}

/// Bytes looked at.
pub(crate) const HEAD: usize = 64 << 10;
/// Bytes of an event in XML in which its system part begins.
const NEAR: usize = 4_096;
/// Lines by which text logs are told.
pub(crate) const LINES: usize = 16;

/// Tells the format from the first bytes (up to [`HEAD`] of them).
pub(crate) fn tell(head: &[u8]) -> Told {
    match head {
        [] => Told::Empty,
        _ if head.starts_with(b"ElfFile\0") || head.starts_with(b"ElfChnk\0") => Told::Evtx,
        _ if head.get(4096..4104) == Some(b"ElfChnk\0") => Told::Evtx,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Told::Zip,
        [b'P', b'K', b'0', b'0', b'P', b'K', ..] => Told::Zip,
        _ if let Some(codec) = Codec::of(head) => Told::Compressed(codec),
        _ if tar::is_header(head) || head.get(257..262) == Some(b"ustar") => Told::Tar,
        [0xff, 0xfe, ..] => Told::Utf16 { big_endian: false },
        [0xfe, 0xff, ..] => Told::Utf16 { big_endian: true },
        _ => match tell_text(head.strip_prefix(MARK).unwrap_or(head)) {
            Told::Unknown if tar::begins(head) => Told::Tar,
            told => told,
        },
    }
}

/// Tells the format of a text from its first lines.
pub(crate) fn tell_text(text: &[u8]) -> Told {
    if is_objects(text) {
        return Told::Json;
    }
    if line::zeek::is_header(first_line(text)) {
        return Told::Zeek;
    }
    if is_xml(text) {
        return Told::Xml;
    }
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let contained = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        line::container::line(&line).is_some_and(|line| is_json(line.text.as_bytes()))
    };
    let lines = lines.take(LINES);
    let told = tell_lines(lines.clone());
    told.or_else(|| lines.clone().any(contained).then_some(Told::Json)).unwrap_or(Told::Unknown)
}

/// Whether a text that has been told begins like what it is, and with nothing else.
pub(crate) fn begins(text: &[u8]) -> bool {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    is_objects(text) || tell_line(first_line(text)).is_some()
}

/// Whether the text begins with an object, before which a converter may have written its banner.
fn is_objects(text: &[u8]) -> bool {
    let line = first_line(text);
    is_json(text) || (is_banner(line) && is_json(&text[skip_blanks(text, 0) + line.len()..]))
}

/// The first line that is not blank.
fn first_line(text: &[u8]) -> &[u8] {
    let text = &text[skip_blanks(text, 0)..];
    &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())]
}

/// Whether events of Windows stand in a text that begins like XML. Lines of a system log begin with
/// a number in such brackets.
fn is_xml(text: &[u8]) -> bool {
    let text = &text[skip_blanks(text, 0)..];
    let begins = matches!(text, [b'<', b'E' | b'?' | b'!', ..]);
    begins && (text.starts_with(b"<Events>") || xml_event(text).is_some())
}

/// Where an event of Windows begins: an element of that name that has a system part.
pub(crate) fn xml_event(text: &[u8]) -> Option<usize> {
    memmem::find_iter(text, b"<Event").find(|at| {
        let near = &text[*at..text.len().min(at + NEAR)];
        frame::is_event(near) && memmem::find(near, b"<System").is_some()
    })
}

/// The notation of most of the lines. Audit records may stand behind anything, and so be told by
/// one alone; the others must make up half of the lines, for there are many ways to begin one.
pub(crate) fn tell_lines<'t>(lines: impl Iterator<Item = &'t [u8]>) -> Option<Told> {
    let (mut audit, mut syslog, mut access, mut other) = (0, 0, 0, 0);
    for line in lines {
        match tell_line(line) {
            Some(Told::Audit) => audit += 1,
            Some(Told::Syslog) => syslog += 1,
            Some(_) => access += 1,
            None => other += i32::from(!line.starts_with(b" ") && !line.starts_with(b"\t")),
        }
    }
    if audit > 0 && audit >= syslog.max(access) {
        return Some(Told::Audit);
    }
    let most = syslog.max(access);
    let told = if syslog >= access { Told::Syslog } else { Told::Access };
    (most > 0 && most >= other).then_some(told)
}

/// The notation of one line, unless it is none of the known.
pub(crate) fn tell_line(line: &[u8]) -> Option<Told> {
    let content = line::trimmed(line);
    let content = content.strip_prefix(MARK).unwrap_or(content).trim_ascii_start();
    let text = String::from_utf8_lossy(content);
    if frame::audit::is_record(content) {
        Some(Told::Audit)
    } else if line::syslog::is_line(&text) {
        Some(Told::Syslog)
    } else {
        line::access::is_line(&text).then_some(Told::Access)
    }
}

/// Whether the text begins like a JSON object, or like an array of them.
pub(crate) fn is_json(text: &[u8]) -> bool {
    let mut at = skip_blanks(text, 0);
    while matches!(text.get(at), Some(b'[' | b'\x1e')) {
        at = skip_blanks(text, at + 1);
        if at >= text.len() || text[at] == b']' {
            return true;
        }
    }
    text.get(at) == Some(&b'{') && matches!(text.get(skip_blanks(text, at + 1)), None | Some(b'"' | b'}'))
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
            (b"\x1f\x8b\x08\0", Told::Compressed(Codec::Gzip)),
            (b"\x28\xb5\x2f\xfd", Told::Compressed(Codec::Zstd)),
            (b"\x5a\x2a\x4d\x18\0\0\0\0", Told::Compressed(Codec::Zstd)),
            (b"\xfd7zXZ\0", Told::Compressed(Codec::Xz)),
            (b"BZh91AY&SY", Told::Compressed(Codec::Bzip2)),
            (b"PK00PK\x03\x04", Told::Zip),
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
            (b"Mar  2 08:00:01 h sshd[1]: x", Told::Syslog),
            (b"<34>Oct 11 22:14:15 h su: x\n", Told::Syslog),
            (b"2026-03-02T08:00:01.123456+09:00 h sshd[1]: x", Told::Syslog),
            (b"<165>1 2003-10-11T22:14:15.003Z h app 1 id - x", Told::Syslog),
            (b"39 <165>1 2003-10-11T22:14:15.003Z h a - - -", Told::Syslog),
            (b"\xef\xbb\xbfMar  2 08:00:01 h x: y\r\n", Told::Syslog),
            (b"\0\0\0Mar  2 08:00:01 h x: y", Told::Syslog),
            (b"ncated line\nMar  2 08:00:01 h x: y\n at one\n at two\n at three", Told::Syslog),
            (b"Mar  2 08:00:01 h suricata[1]: {\"timestamp\":1}", Told::Syslog),
            (b"-- Logs begin --\nMar  2 08:00:01 h x: y", Told::Syslog),
            // Whatever says most.
            (b"Mar  2 08:00:01 h audispd: type=CWD msg=audit(1.0:1): a=b", Told::Audit),
            (b"Mar  2 08:00:01 h x: y\nMar  2 08:00:01 h kernel: type=1400 audit(1.0:1): a=b", Told::Audit),
            (
                b"Mar  2 08:00:01 h x: y\nMar  2 08:00:01 h kernel: type=1400 audit(1.0:1): a=b\nMar  2 08:00:01 h x: y",
                Told::Syslog,
            ),
            (b"192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 1", Told::Access),
            (b"w:80 ::1 - - [10/Oct/2000:13:55:36 -0700] \"-\" 408 - \"-\" \"-\"", Told::Access),
            (b"Mar  2 08:00:01 h nginx: ::1 - - [10/Oct/2000:13:55:36 -0700] \"GET /\" 200 1", Told::Syslog),
            (b"{\"log\":\"Mar  2 08:00:01 h x: y\"}", Told::Json),
            // Told where it begins.
            (b"broken\n{\"a\":1}\n{\"a\":1}", Told::Unknown),
            (b"2026-03-02T08:00:01Z INFO started", Told::Unknown),
            (b"a\nb\nMar  2 08:00:01 h x: y", Told::Unknown),
            (b"[2026-03-02] started", Told::Unknown),
            (b"2026-03-02T08:00:01.1Z stdout F started\n2026-03-02T08:00:01.1Z stderr F {\"a\":1}", Told::Json),
            (b"2026-03-02T08:00:01.1Z stdout F started\n", Told::Unknown),
            (b"{ printf \"%s\" }", Told::Unknown),
            (b"#separator \\x09\n#fields\tts\n", Told::Zeek),
            (b"#Fields: date time", Told::Unknown),
            (b"<?xml version='1.0'?>\n<Events>\n<Event xmlns='x'><System>", Told::Xml),
            (b"<Event>\r\n <System>", Told::Xml),
            (b"<EventLog><Events><x/>", Told::Unknown),
            (b"hello", Told::Unknown),
            (b"PK", Told::Unknown),
        ] {
            assert_eq!(tell(bytes), told, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
