//! Linux audit records as auditd writes them with `log_format = RAW` and `name_format = fqd`.
//!
//! An executed program is one event of six lines (SYSCALL, EXECVE, CWD, two PATH, PROCTITLE) that share a serial;
//! messages of user space are one line. Values that a user can choose are quoted, or written as hexadecimal
//! when they hold a blank, a quote, a control character or anything beyond ASCII (the kernel's rule for untrusted strings).

use super::json::digits;
use crate::event::Event;
use crate::linux::EXECUTED;

/// The kernel keeps this much of a process title.
const TITLE_LENGTH: usize = 128;
/// Fields of a message that stand before its quoted part.
const OUTER: [&str; 4] = ["pid", "uid", "auid", "ses"];

pub fn lines(event: &Event) -> u64 {
    if *event.template == EXECUTED { 6 } else { 1 }
}

pub fn encode(event: &Event, target: &mut Vec<u8>) {
    if *event.template == EXECUTED { executed(event, target) } else { message(event, target) }
}

fn head(event: &Event, target: &mut Vec<u8>, kind: &str) {
    target.extend_from_slice(b"node=");
    target.extend_from_slice(event.computer().as_bytes());
    target.extend_from_slice(b" type=");
    target.extend_from_slice(kind.as_bytes());
    target.extend_from_slice(b" msg=audit(");
    digits(target, (event.time / 1000) as u64);
    let thousandths = (event.time % 1000) as u16;
    target.push(b'.');
    for unit in [100, 10, 1] {
        target.push(b'0' + (thousandths / unit % 10) as u8);
    }
    target.push(b':');
    digits(target, event.record);
    target.extend_from_slice(b"):");
}

fn message(event: &Event, target: &mut Vec<u8>) {
    head(event, target, event.template.provider);
    for name in OUTER {
        plain(target, name, event.field(name).unwrap_or("?"));
    }
    target.extend_from_slice(b" subj=unconfined msg='");
    let mut first = true;
    for (field, value) in event.fields().filter(|(field, _)| !OUTER.contains(&field.name)) {
        if !first {
            target.push(b' ');
        }
        first = false;
        target.extend_from_slice(field.name.as_bytes());
        target.push(b'=');
        if matches!(field.name, "acct" | "exe" | "comm") {
            untrusted(target, value.as_bytes());
        } else {
            target.extend_from_slice(value.as_bytes());
        }
    }
    target.extend_from_slice(b"'\n");
}

fn executed(event: &Event, target: &mut Vec<u8>) {
    syscall(event, target);
    arguments(event, target);
    head(event, target, "CWD");
    quoted(target, "cwd", event.field("cwd").unwrap_or("/"));
    target.push(b'\n');
    path(event, target, ("0", event.field("exe").unwrap_or("?")));
    path(event, target, ("1", "/lib64/ld-linux-x86-64.so.2"));
    title(event, target);
}

fn syscall(event: &Event, target: &mut Vec<u8>) {
    head(event, target, "SYSCALL");
    target.extend_from_slice(b" arch=c000003e syscall=59 success=yes exit=0");
    // Addresses of the caller's memory: any will do, they only have to be the same each time.
    let mut address = 0x5500_0000_0000 + (event.record.wrapping_mul(0x9e37_79b9) & 0xffff_fff0);
    for name in ["a0", "a1", "a2", "a3"] {
        let mut text = String::new();
        crate::event::push_hex(&mut text, address, 1);
        plain(target, name, &text);
        address += 0x1f0;
    }
    plain(target, "items", "2");
    for name in ["ppid", "pid", "auid"] {
        plain(target, name, event.field(name).unwrap_or("0"));
    }
    let (user, group) = (event.field("uid").unwrap_or("0"), event.field("gid").unwrap_or("0"));
    for (name, value) in [("uid", user), ("gid", group), ("euid", user), ("suid", user), ("fsuid", user)] {
        plain(target, name, value);
    }
    for name in ["egid", "sgid", "fsgid"] {
        plain(target, name, group);
    }
    plain(target, "tty", event.field("tty").unwrap_or("(none)"));
    plain(target, "ses", event.field("ses").unwrap_or("4294967295"));
    quoted(target, "comm", event.field("comm").unwrap_or("?"));
    quoted(target, "exe", event.field("exe").unwrap_or("?"));
    target.extend_from_slice(b" subj=unconfined key=\"exec\"\n");
}

fn arguments(event: &Event, target: &mut Vec<u8>) {
    head(event, target, "EXECVE");
    let all = || event.fields().filter(|(field, _)| field.name == "argument");
    target.extend_from_slice(b" argc=");
    digits(target, all().count() as u64);
    for (at, (_, value)) in all().enumerate() {
        target.extend_from_slice(b" a");
        digits(target, at as u64);
        target.push(b'=');
        untrusted(target, value.as_bytes());
    }
    target.push(b'\n');
}

fn path(event: &Event, target: &mut Vec<u8>, (item, name): (&str, &str)) {
    head(event, target, "PATH");
    plain(target, "item", item);
    quoted(target, "name", name);
    target.extend_from_slice(b" inode=");
    let inode = name.bytes().fold(17u64, |sum, byte| (sum * 31 + u64::from(byte)) % 900_000);
    digits(target, inode + 1000);
    target.extend_from_slice(
        b" dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\n",
    );
}

fn title(event: &Event, target: &mut Vec<u8>) {
    head(event, target, "PROCTITLE");
    let mut joined = Vec::with_capacity(TITLE_LENGTH);
    for (at, (_, value)) in event.fields().filter(|(field, _)| field.name == "argument").enumerate() {
        if at > 0 {
            joined.push(0);
        }
        joined.extend_from_slice(value.as_bytes());
    }
    joined.truncate(TITLE_LENGTH);
    target.extend_from_slice(b" proctitle=");
    untrusted(target, &joined);
    target.push(b'\n');
}

fn plain(target: &mut Vec<u8>, name: &str, value: &str) {
    target.push(b' ');
    target.extend_from_slice(name.as_bytes());
    target.push(b'=');
    target.extend_from_slice(value.as_bytes());
}

fn quoted(target: &mut Vec<u8>, name: &str, value: &str) {
    plain(target, name, "");
    untrusted(target, value.as_bytes());
}

fn untrusted(target: &mut Vec<u8>, value: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if value.iter().any(|byte| *byte == b'"' || *byte < 0x21 || *byte > 0x7e) {
        for byte in value {
            target.extend_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    } else {
        target.push(b'"');
        target.extend_from_slice(value);
        target.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::untrusted;

    fn written(value: &str) -> String {
        let mut target = Vec::new();
        untrusted(&mut target, value.as_bytes());
        String::from_utf8_lossy(&target).into_owned()
    }

    #[test]
    fn untrusted_strings_follow_the_kernel() {
        assert_eq!(written("/usr/bin/ls"), "\"/usr/bin/ls\"");
        assert_eq!(written("a b"), "612062");
        assert_eq!(written("say\"x"), "7361792278");
        assert_eq!(written("会"), "E4BC9A");
    }
}
