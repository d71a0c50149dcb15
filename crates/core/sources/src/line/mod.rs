//! What stands in a line of a text log: told and read by the same functions.

pub(crate) mod access;
pub(crate) mod clock;
pub(crate) mod container;
pub(crate) mod course;
pub(crate) mod stamp;
pub(crate) mod syslog;
pub(crate) mod zeek;

/// The line without what surrounds it: the end of the line, blanks behind, and the zeros that a
/// crash leaves in a file.
pub(crate) fn trimmed(line: &[u8]) -> &[u8] {
    let zeros = line.iter().take_while(|byte| **byte == 0).count();
    let line = &line[zeros..];
    let end = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0));
    &line[..end.map_or(0, |end| end + 1)]
}
