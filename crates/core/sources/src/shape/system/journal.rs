//! The systemd journal as `journalctl -o json` writes it.

use super::{Extra, Mark, Object, Parts};
use crate::parse;

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
    Some(("linux", parse::log_of(program, object.value(Mark::JournalMessage)), None))
}

/// What messages of sshd and sudo say, as from system logs.
pub(super) fn complete(extra: &mut Extra<'_, '_>, log: &str) {
    let message = extra.get("MESSAGE");
    match log {
        "sshd" => parse::sshd(message, extra.builder),
        "sudo" => parse::sudo(message, extra.builder),
        _ => {}
    }
}
