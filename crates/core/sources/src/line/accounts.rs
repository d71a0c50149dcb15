//! Messages about accounts: logons as `sshd` reports them, commands as `sudo` does.
//!
//! Who tries to log on chooses the user's name in the message, and may make it look like what
//! follows it. So the address is read from the right, where the daemon wrote it last.

use std::net::IpAddr;

use crate::sheet::{Builder, Scalar, Value};

/// What a message says of a logon; absent texts are empty.
#[derive(Debug, Default, PartialEq, Eq)]
struct Logon<'a> {
    user: &'a str,
    address: &'a str,
    port: &'a str,
    method: &'a str,
    outcome: &'static str,
}

/// Adds what a message of `sshd` says: `user`, `src_ip` (or `src_host`), `src_port`, and for
/// attempts `auth_method` and `outcome`.
pub(crate) fn sshd(message: &str, builder: &mut Builder) {
    let Some(logon) = logon(message) else { return };
    let is_address = |text: &str| text.split('%').next().is_some_and(|text| text.parse::<IpAddr>().is_ok());
    let address = if is_address(logon.address) { "src_ip" } else { "src_host" };
    for (name, text, scalar) in [
        ("user", logon.user, Scalar::Text),
        (address, logon.address, Scalar::Text),
        ("src_port", logon.port, Scalar::Integer),
        ("auth_method", logon.method, Scalar::Text),
        ("outcome", logon.outcome, Scalar::Text),
    ] {
        if !text.is_empty() {
            builder.derived(name, Value { text, scalar });
        }
    }
}

fn logon(message: &str) -> Option<Logon<'_>> {
    let message = repeated(message);
    let (word, rest) = message.split_once(' ')?;
    let from = |(user, place)| Logon { user, ..place_of(place) };
    Some(match word {
        "Failed" => {
            let (method, rest) = rest.split_once(" for ")?;
            let rest = rest.strip_prefix("invalid user ").unwrap_or(rest);
            Logon { method, outcome: "Failure", ..from(rest.rsplit_once(" from ")?) }
        }
        "Accepted" => {
            // The user is real, but what stands behind the port is the key's affair.
            let (method, rest) = rest.split_once(" for ")?;
            Logon { method, outcome: "Success", ..from(rest.split_once(" from ")?) }
        }
        "Invalid" => from(rest.strip_prefix("user ")?.rsplit_once(" from ").or(rest.rsplit_once("from "))?),
        "User" => from(rest.rsplit_once(" not allowed because ")?.0.rsplit_once(" from ")?),
        "error:" => {
            let rest = rest.strip_prefix("maximum authentication attempts exceeded for ")?;
            let rest = rest.strip_prefix("invalid user ").unwrap_or(rest);
            from(rest.rsplit_once(" from ")?)
        }
        "Connection" | "Disconnected" => connection(word, rest)?,
        "Received" => place_of(rest.strip_prefix("disconnect from ")?),
        "Did" => place_of(rest.strip_prefix("not receive identification string from ")?),
        _ if word.starts_with("pam_") => modules(rest)?,
        _ => return None,
    })
}

/// The message inside `message repeated 5 times: [ … ]`.
fn repeated(message: &str) -> &str {
    let inner = message.strip_prefix("message repeated ").and_then(|rest| rest.split_once(" times: [ "));
    inner.and_then(|(_, inner)| inner.strip_suffix(']')).unwrap_or(message)
}

/// `192.0.2.1 port 22 ssh2`
fn place_of(text: &str) -> Logon<'_> {
    let (address, rest) = text.split_once(' ').unwrap_or((text, ""));
    let port = rest.strip_prefix("port ").unwrap_or_default();
    let digits = port.bytes().take_while(u8::is_ascii_digit).count();
    Logon { address, port: &port[..digits], ..Logon::default() }
}

/// `from A port P on …`, `closed by [[authenticating|invalid] user X] A port P [preauth]`
fn connection<'a>(word: &str, rest: &'a str) -> Option<Logon<'a>> {
    if let Some(place) = rest.strip_prefix("from ").filter(|_| word == "Connection") {
        return Some(place_of(place));
    }
    let ends = ["closed by ", "reset by ", "from "];
    let rest = ends.into_iter().find_map(|end| rest.strip_prefix(end))?;
    let users = ["authenticating user ", "invalid user ", "user "];
    let Some(named) = users.into_iter().find_map(|user| rest.strip_prefix(user)) else {
        return Some(place_of(rest));
    };
    let address = named.rfind(" port ").map_or(named.len(), |port| named[..port].len());
    let begin = named[..address].rfind(' ').map_or(0, |blank| blank + 1);
    Some(Logon { user: named[..begin].trim_end_matches(' '), ..place_of(&named[begin..]) })
}

/// What the authentication modules say.
fn modules(rest: &str) -> Option<Logon<'_>> {
    let word = |text: &'_ str| text.find([' ', '(']).unwrap_or(text.len());
    if let Some(opened) = rest.strip_prefix("session opened for user ") {
        return Some(Logon { user: &opened[..word(opened)], ..Logon::default() });
    }
    let (_, fields) = rest.strip_prefix("authentication failure;")?.split_once(" rhost=")?;
    let (address, fields) = fields.split_at(fields.find(' ').unwrap_or(fields.len()));
    let user = fields.trim_start_matches(' ').strip_prefix("user=").unwrap_or_default();
    Some(Logon { address, user, ..Logon::default() })
}

/// Adds what a message of `sudo` says: `user` who typed it, and by the names in the message
/// `TTY`, `PWD`, `USER` as whom it ran, `GROUP`, `COMMAND`; `reason` if it was refused.
pub(crate) fn sudo(message: &str, builder: &mut Builder) {
    let Some((user, rest)) = message.split_once(" : ") else { return };
    let user = user.trim_matches(' ');
    if user.is_empty() || !rest.contains("COMMAND=") {
        return;
    }
    builder.derived("user", Value::text(user));
    let mut rest = rest;
    loop {
        if let Some(command) = rest.strip_prefix("COMMAND=") {
            return builder.derived("COMMAND", Value::text(command));
        }
        let (part, after) = rest.split_once(" ; ").unwrap_or((rest, ""));
        match part.split_once('=') {
            Some((name @ ("TTY" | "PWD" | "USER" | "GROUP" | "ENV" | "TSID"), value)) => {
                builder.derived(name, Value::text(value));
            }
            _ => builder.derived("reason", Value::text(part)),
        }
        if after.is_empty() {
            return;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logons() {
        for (message, expected) in [
            (
                "Failed password for root from 192.0.2.7 port 40022 ssh2",
                "root 192.0.2.7 40022 password Failure",
            ),
            (
                "Failed password for invalid user kai from 192.0.2.7 port 1 ssh2",
                "kai 192.0.2.7 1 password Failure",
            ),
            ("Failed none for invalid user  from 192.0.2.7 port 1 ssh2", " 192.0.2.7 1 none Failure"),
            (
                "Failed password for invalid user a from 203.0.113.1 port 2 ssh2 from 192.0.2.7 port 1 ssh2",
                "a from 203.0.113.1 port 2 ssh2 192.0.2.7 1 password Failure",
            ),
            (
                "message repeated 5 times: [ Failed password for root from 192.0.2.7 port 1 ssh2]",
                "root 192.0.2.7 1 password Failure",
            ),
            (
                "Failed keyboard-interactive/pam for kai from 2001:db8::7 port 1 ssh2",
                "kai 2001:db8::7 1 keyboard-interactive/pam Failure",
            ),
            (
                "Accepted publickey for kai from 192.0.2.7 port 1 ssh2: RSA SHA256:x from y",
                "kai 192.0.2.7 1 publickey Success",
            ),
            ("Invalid user kai from 192.0.2.7 port 1", "kai 192.0.2.7 1  "),
            ("Invalid user kai from 192.0.2.7", "kai 192.0.2.7   "),
            ("Invalid user  from 192.0.2.7 port 1", " 192.0.2.7 1  "),
            ("User root from gate.example not allowed because listed in DenyUsers", "root gate.example   "),
            (
                "error: maximum authentication attempts exceeded for invalid user a b from 192.0.2.7 port 1 ssh2 [preauth]",
                "a b 192.0.2.7 1  ",
            ),
            ("Connection from 192.0.2.7 port 1 on 192.0.2.1 port 22 rdomain \"\"", " 192.0.2.7 1  "),
            ("Connection closed by 192.0.2.7 port 1 [preauth]", " 192.0.2.7 1  "),
            ("Connection closed by invalid user x y 192.0.2.7 port 1 [preauth]", "x y 192.0.2.7 1  "),
            ("Connection reset by authenticating user root 192.0.2.7 port 1 [preauth]", "root 192.0.2.7 1  "),
            ("Connection closed by invalid user  192.0.2.7 port 1 [preauth]", " 192.0.2.7 1  "),
            ("Disconnected from user kai 192.0.2.7 port 1", "kai 192.0.2.7 1  "),
            ("Received disconnect from 192.0.2.7 port 1:11: Bye Bye [preauth]", " 192.0.2.7 1  "),
            ("Did not receive identification string from 192.0.2.7 port 1", " 192.0.2.7 1  "),
            (
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
                "root 192.0.2.7   ",
            ),
            (
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7 ",
                " 192.0.2.7   ",
            ),
            ("pam_unix(sshd:session): session opened for user kai(uid=1000) by (uid=0)", "kai    "),
        ] {
            let Logon { user, address, port, method, outcome } = logon(message).unwrap();
            assert_eq!(format!("{user} {address} {port} {method} {outcome}"), expected, "{message}");
        }
        for message in [
            "",
            "Failed",
            "Failed password for",
            "Server listening on 0.0.0.0 port 22.",
            "Accepted x",
            "Connection x",
            "error: x",
            "pam_unix(sshd:session): session closed for user kai",
        ] {
            assert_eq!(logon(message), None, "{message}");
        }
    }
}
