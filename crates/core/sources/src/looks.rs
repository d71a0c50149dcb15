//! What bytes look like that are read by no reader, so that a person knows what was left out.

use std::borrow::Cow;
use std::fmt::Write;

/// Beginnings of what stands among logs and is none.
const BEGINNINGS: [(&[u8], &str); 48] = [
    (b"MZ", "a Windows program or library (PE)"),
    (b"\x7fELF", "a Unix program or library (ELF)"),
    (b"\xcf\xfa\xed\xfe", "a program of macOS (Mach-O)"),
    (b"\xca\xfe\xba\xbe", "a program of macOS or Java"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a document in RTF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a compound file of Office or an installer (OLE)"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"\xd4\xc3\xb2\xa1", "a packet capture (pcap)"),
    (b"\xa1\xb2\xc3\xd4", "a packet capture (pcap)"),
    (b"\x4d\x3c\xb2\xa1", "a packet capture (pcap)"),
    (b"\xa1\xb2\x3c\x4d", "a packet capture (pcap)"),
    (b"\x0a\x0d\x0d\x0a", "a packet capture (pcapng)"),
    (b"GMBU", "a packet capture (Network Monitor)"),
    (b"regf", "a registry hive"),
    (b"HvLE", "a transaction log of a registry hive"),
    (b"FILE0", "a master file table (MFT)"),
    (b"BAAD", "a master file table (MFT)"),
    (b"MAM\x04", "a compressed prefetch file"),
    (b"\x11\0\0\0SCCA", "a prefetch file"),
    (b"\x17\0\0\0SCCA", "a prefetch file"),
    (b"\x1a\0\0\0SCCA", "a prefetch file"),
    (b"\x4c\0\0\0\x01\x14\x02\0", "a Windows shortcut"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
    (b"Rar!\x1a\x07", "an archive (RAR)"),
    (b"MSCF", "an archive (CAB)"),
    (b"\xfd7zXZ\0", "compressed data (xz)"),
    (b"BZh", "compressed data (bzip2)"),
    (b"\x1f\x9d", "compressed data (compress)"),
    (b"\x04\x22\x4d\x18", "compressed data (lz4)"),
    (b"\x1f\x8b", "compressed data (gzip)"),
    (b"\x28\xb5\x2f\xfd", "compressed data (zstd)"),
    (b"PK\x03\x04", "an archive (zip)"),
    (b"PAR1", "a table (Parquet)"),
    (b"ARROW1", "a table (Arrow)"),
    (b"LPKSHHRH", "a journal of systemd, which `journalctl -o json` exports"),
    (b"\0\x05\x16\x07", "attributes of a file, kept by macOS (AppleDouble)"),
    (b"\0\x05\x16\0", "a file of macOS (AppleSingle)"),
    (b"EVF\x09\r\n\xff\0", "an image of a disk (EnCase)"),
    (b"\0\0\x01\0", "a picture (ICO)"),
    (b"LfLe", "an event log of Windows XP (EVT)"),
    (b"0\0\0\0LfLe", "an event log of Windows XP (EVT)"),
];

/// Letters of a first line that are shown.
const SHOWN: usize = 80;
/// Bytes that are looked at.
const SAMPLE: usize = 4_096;

/// What bytes are by how they begin.
pub(crate) fn known(bytes: &[u8]) -> Option<&'static str> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    // Two letters may as well begin a text.
    let sure = |beginning: &[u8]| beginning.len() > 3 || text(sample).is_none();
    let found = BEGINNINGS.iter().find(|(beginning, _)| sample.starts_with(beginning) && sure(beginning));
    found.map(|(_, known)| *known)
}

/// One clause about the bytes.
pub(crate) fn looks_like(bytes: &[u8]) -> Cow<'static, str> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if let Some(known) = known(sample) {
        return Cow::Borrowed(known);
    }
    if sample.iter().all(|byte| *byte == 0) {
        return Cow::Borrowed("zeros");
    }
    if is_wide(sample, 0) || is_wide(sample, 1) {
        return Cow::Borrowed("text in UTF-16 without a mark");
    }
    match text(sample) {
        Some(line) => text_of(&line),
        None => Cow::Borrowed("binary data"),
    }
}

fn text_of(line: &str) -> Cow<'static, str> {
    let start = line.trim_start();
    let lower = start.get(..14).unwrap_or(start).to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Cow::Borrowed("a page (HTML)");
    }
    if start.starts_with("<?xml") || start.starts_with("<Objs ") {
        return Cow::Borrowed("XML that holds no Windows events");
    }
    if is_row(line) {
        return Cow::Borrowed("rows of a Zeek log without their header");
    }
    Cow::Owned(format!("text; its first line: {}", visible(line)))
}

/// `1772438400.123456<tab>C…<tab>…`
fn is_row(line: &str) -> bool {
    let time = line.split('\t').next().unwrap_or_default();
    let digits = time.bytes().filter(u8::is_ascii_digit).count();
    line.matches('\t').count() >= 4 && digits >= 15 && digits + 1 == time.len() && time.contains('.')
}

/// The first line that is not blank, if the bytes are text.
fn text(sample: &[u8]) -> Option<Cow<'_, str>> {
    let controls =
        sample.iter().filter(|byte| **byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b));
    if controls.count() * 50 > sample.len() {
        return None;
    }
    let foreign: usize = sample.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    // Text in an older code page is mostly ASCII, or made of pairs of high bytes.
    let ascii = sample.iter().filter(|byte| byte.is_ascii()).count();
    if foreign * 10 > sample.len() && ascii * 2 < sample.len() {
        return None;
    }
    let lines = sample.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.map(<[u8]>::trim_ascii).find(|line| !line.is_empty()).map(String::from_utf8_lossy)
}

/// Whether every second byte is a zero and the others are letters.
fn is_wide(sample: &[u8], zero: usize) -> bool {
    let pairs = sample.chunks_exact(2);
    let count = pairs.len();
    let wide = pairs.filter(|pair| pair[zero] == 0 && (b'\t'..=b'~').contains(&pair[1 - zero])).count();
    count >= 4 && wide * 10 >= count * 9
}

/// The begin of a line, with what cannot be seen as escapes.
fn visible(line: &str) -> String {
    let mut shown = String::new();
    for (number, letter) in line.chars().enumerate() {
        if number == SHOWN {
            shown.push('…');
            break;
        }
        if letter.is_control() {
            let _ = write!(shown, "{}", letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_named() {
        for (bytes, expected) in [
            (&b"MZ\x90\0"[..], "a Windows program or library (PE)"),
            (b"SQLite format 3\0", "a database (SQLite)"),
            (b"MZ is text\n", "text; its first line: MZ is text"),
            (b"\0\x05\x16\x07\0\x02", "attributes of a file, kept by macOS (AppleDouble)"),
            (b"\0\0\0\0", "zeros"),
            (b"\n\n2026-03-02 started\x1b[0m\nmore", "text; its first line: 2026-03-02 started\\u{1b}[0m"),
            (b"h\0e\0l\0l\0o\0", "text in UTF-16 without a mark"),
            (b"<?xml version=\"1.0\"?><a/>", "XML that holds no Windows events"),
            (b"<!DOCTYPE HTML>", "a page (HTML)"),
            (b"\x8f\x90\x01\x02\xfe\x81\x03", "binary data"),
            // Japanese in Shift_JIS.
            (
                b"\x83\x8d\x83\x4f \x8a\x4a\x8e\x6e: started\n",
                "text; its first line: \u{fffd}\u{fffd}\u{fffd}O \u{fffd}J\u{fffd}n: started",
            ),
        ] {
            assert_eq!(looks_like(bytes), expected);
        }
        assert_eq!(
            looks_like("狼".repeat(100).as_bytes()).chars().filter(|letter| *letter == '狼').count(),
            SHOWN
        );
    }
}
