//! What lines of all text logs have in common.

use crate::cause::Cause;
use crate::flaws::Flaws;
use crate::line::{trimmed, zeros};
use crate::text::MARK;

/// A line that begins at `offset`, trimmed. The zeros before and behind it are told, but a single
/// one by which some senders end a message.
pub(super) fn zeroless<'l>(line: &'l [u8], offset: u64, flaws: &mut Flaws) -> &'l [u8] {
    let content = trimmed(line);
    let before = zeros(line);
    if before > 0 {
        flaws.lost(offset, before, Cause::Zeros);
    }
    let behind = &line[(before + content.len()).min(line.len())..];
    let zeros = behind.iter().filter(|byte| **byte == 0).count();
    if let Some(first) = behind.iter().position(|byte| *byte == 0).filter(|_| zeros > 1) {
        let at = line.len() - behind.len() + first;
        flaws.lost(offset + at as u64, behind.len() - first, Cause::Zeros);
    }
    content.strip_prefix(MARK).unwrap_or(content)
}
