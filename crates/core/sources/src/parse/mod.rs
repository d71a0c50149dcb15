//! Segments to rows, one module a notation.

mod access;
mod accounts;
mod audit;
mod evtx;
mod json;
mod sockets;
mod syslog;
mod xml;
mod zeek;

use crate::cause::Cause;
use crate::format::MARK;
use crate::line::{trimmed, zeros};
use crate::segment::Flaws;

pub(crate) use access::parse as access;
pub(crate) use accounts::{sshd, sudo};
pub(crate) use audit::parse as audit;
pub(crate) use evtx::parse as evtx;
pub(crate) use json::parse as json;
pub(crate) use syslog::{log_of, parse as syslog};
pub(crate) use xml::parse as xml;
pub(crate) use zeek::parse as zeek;

/// A line that begins at `offset`, trimmed. The zeros before and behind it are told, but a single
/// one by which some senders end a message.
fn zeroless<'l>(line: &'l [u8], offset: u64, flaws: &mut Flaws) -> &'l [u8] {
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
