//! The systemd journal as `journalctl -o json` writes it.

use super::extra::Extra;
use super::mark::Mark;
use super::object::{Object, Parts};
use crate::line::accounts::{sshd, sudo};
use crate::line::purpose::log_of;

/// Whether an object is a journal entry.
pub(super) fn fits(object: &Object<'_, '_>) -> bool {
    object.has(Mark::Cursor) && object.any(&[Mark::JournalMessage, Mark::JournalField])
        || object.all(&[Mark::JournalMessage, Mark::JournalField])
        || object.all(&[Mark::JournalMessage, Mark::Identifier])
}

/// Kind of a journal entry: the log that the program's messages would go to as text.
pub(super) fn tell<'a>(object: &Object<'a, '_>) -> Option<Parts<'a>> {
    if !fits(object) {
        return None;
    }
    let named = object.value(Mark::Identifier);
    let program = if named.is_empty() { object.value(Mark::Command) } else { named };
    Some(("linux", log_of(program, object.value(Mark::JournalMessage)), None))
}

/// What messages of sshd and sudo say, as from system logs.
pub(super) fn complete(extra: &mut Extra<'_, '_>, log: &str) {
    let message = extra.get("MESSAGE");
    match log {
        "sshd" => sshd(message, extra.builder),
        "sudo" => sudo(message, extra.builder),
        _ => {}
    }
}
