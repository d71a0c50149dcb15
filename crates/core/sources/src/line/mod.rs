//! What stands in a line of a text log: told and read by the same functions.

pub(crate) mod access;
pub(crate) mod accounts;
pub(crate) mod clock;
pub(crate) mod container;
pub(crate) mod course;
pub(crate) mod purpose;
pub(crate) mod stamp;
pub(crate) mod syslog;
pub(crate) mod zeek;

/// The line without what surrounds it: the end of the line, blanks behind, and the zeros that a
/// crash leaves in a file.
pub(crate) fn trimmed(line: &[u8]) -> &[u8] {
    let line = &line[zeros(line)..];
    let end = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0));
    &line[..end.map_or(0, |end| end + 1)]
}

/// Zeros at the begin of some bytes. There may be gigabytes of them, so many are looked at at once.
pub(crate) fn zeros(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<64>();
    let whole = blocks.iter().take_while(|block| block.iter().fold(0, |all, byte| all | byte) == 0).count();
    let rest = &bytes[whole * 64..];
    whole * 64 + rest.iter().take_while(|byte| **byte == 0).count()
}

/// `Record 17`, which a well-known converter writes before each object.
pub(crate) fn is_banner(line: &[u8]) -> bool {
    let number = line.trim_ascii_end().strip_prefix(b"Record ");
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}
