//! Lines of web servers' access logs: common and combined log format, with the virtual host in
//! front or without it. Apache and nginx write both alike.

use std::borrow::Cow;
use std::net::IpAddr;

use super::stamp::Stamp;

/// Longest text that is taken for a time, be it readable or not.
const LONGEST_TIME: usize = 64;

/// What stands in a line; absent texts are empty.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request<'a> {
    pub server: &'a str,
    pub server_port: &'a str,
    pub client: &'a str,
    pub identity: &'a str,
    pub user: &'a str,
    /// None when the time is none that can be read.
    pub stamp: Option<Stamp>,
    /// The time as it stands there.
    pub time: &'a str,
    pub request: Cow<'a, str>,
    pub status: &'a str,
    pub bytes: &'a str,
    pub referer: Cow<'a, str>,
    pub agent: Cow<'a, str>,
    /// What some servers are told to write behind it all.
    pub more: &'a str,
}

/// Whether a line looks like one of an access log, so that a file is told by it.
pub(crate) fn is_line(line: &str) -> bool {
    entry(line).is_some_and(|entry| entry.stamp.is_some())
}

/// Reads a line: `[host[:port]] client identity user [time] "request" status bytes ["referer" "agent"]`.
pub(crate) fn entry(line: &str) -> Option<Request<'_>> {
    // A user's name may hold anything but what makes the time.
    let open = line.match_indices(" [").find_map(|(at, _)| {
        let inner = line.get(at + 2..)?;
        let (stamp, length) = Stamp::access(inner.as_bytes())?;
        Some((at, Some(stamp), inner.get(..length)?, inner.get(length..)?.strip_prefix("] \"")?))
    });
    let (at, stamp, time, rest) = open.or_else(|| {
        let (at, inner) = (line.find(" [")?, line.split_once(" [")?.1);
        let (time, rest) = inner.split_once("] \"").filter(|(time, _)| time.len() <= LONGEST_TIME)?;
        Some((at, None, time, rest))
    })?;
    let (server, client, identity, user) = who(&line[..at])?;
    let (server, server_port) = match server.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
        _ => (server, ""),
    };
    let (request, rest) = text(rest)?;
    let (status, rest) = number(rest)?;
    let (bytes, rest) = number(rest).unwrap_or(("", rest));
    let (referer, rest) = next(rest);
    let (agent, rest) = next(rest);
    let more = rest.trim_matches(' ');
    let more = if more == "\"-\"" { "" } else { more };
    Some(Request {
        server,
        server_port,
        client,
        identity,
        user,
        stamp,
        time,
        request: given(request),
        status,
        bytes,
        referer: given(referer),
        agent: given(agent),
        more,
    })
}

/// Virtual host, client, identity and user.
fn who(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (first, rest) = text.split_once(' ')?;
    let (second, rest) = rest.split_once(' ')?;
    let word = |word| if word == "-" { "" } else { word };
    let named =
        |(identity, user)| second != "-" && (identity == "-" || is_address(second)) && !str::is_empty(user);
    match rest.split_once(' ').filter(|rest| named(*rest)) {
        Some((identity, user)) => Some((word(first), word(second), word(identity), word(user))),
        None => Some(("", word(first), word(second), word(rest))),
    }
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// A text up to its closing quote, and what follows.
fn text(rest: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    let end = rest.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some((&rest[..end], &rest[end + 1..]))
}

/// A quoted text behind a blank; empty if there is none.
fn next(rest: &str) -> (&str, &str) {
    rest.strip_prefix(" \"").and_then(text).unwrap_or(("", rest))
}

/// A number, or `-`, behind a blank.
fn number(rest: &str) -> Option<(&str, &str)> {
    let rest = rest.strip_prefix(' ')?;
    let (word, after) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
    if word == "-" {
        return Some(("", after));
    }
    word.bytes().all(|byte| byte.is_ascii_digit()).then_some((word, after)).filter(|_| !word.is_empty())
}

/// A text without the escapes that stand for printable letters; `-` is none. Other escapes stay as
/// they are, for what they stand for may be no text.
fn given(text: &str) -> Cow<'_, str> {
    if text == "-" {
        return Cow::Borrowed("");
    }
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let code = after.strip_prefix('x').and_then(|digits| u8::from_str_radix(digits.get(..2)?, 16).ok());
        let (letter, length) = match (after.as_bytes().first(), code) {
            (Some(letter @ (b'"' | b'\\')), _) => (char::from(*letter), 1),
            (_, Some(code @ b' '..=b'~')) => (char::from(code), 3),
            _ => ('\\', 0),
        };
        plain.push(letter);
        rest = &after[length..];
    }
    plain.push_str(rest);
    plain.into()
}

/// Method, target and version of a request; nothing when it is none.
pub(crate) fn request(text: &str) -> Option<(&str, &str, &str)> {
    let (method, rest) = text.split_once(' ')?;
    let is_method = !method.is_empty()
        && method.len() <= 32
        && method.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    let (target, version) = match rest.rsplit_once(' ') {
        Some((target, version)) if version.starts_with("HTTP/") => (target, version),
        _ => (rest, ""),
    };
    (is_method && !target.is_empty()).then_some((method, target, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let tail = "[10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 2326";
        for (front, expected) in [
            ("192.0.2.1 - -", "|||192.0.2.1||"),
            ("192.0.2.1 - kai", "|||192.0.2.1||kai"),
            ("192.0.2.1 - kai mori", "|||192.0.2.1||kai mori"),
            ("192.0.2.1 ident kai", "|||192.0.2.1|ident|kai"),
            ("2001:db8::1 - -", "|||2001:db8::1||"),
            ("::1 - a [b", "|||::1||a [b"),
            ("client.example - -", "|||client.example||"),
            ("www.example.jp:443 192.0.2.1 - -", "|www.example.jp|443|192.0.2.1||"),
            ("www.example.jp 2001:db8::1 - kai", "|www.example.jp||2001:db8::1||kai"),
            ("www.example.jp client.example - -", "|www.example.jp||client.example||"),
        ] {
            let line = format!("{front} {tail}");
            let entry = entry(&line).unwrap();
            let Request { server, server_port, client, identity, user, .. } = &entry;
            assert_eq!(format!("|{server}|{server_port}|{client}|{identity}|{user}"), expected, "{front}");
            assert_eq!((&*entry.request, entry.status, entry.bytes), ("GET / HTTP/1.0", "200", "2326"));
        }
        let front = "192.0.2.1 - - [10/Oct/2000:13:55:36 -0700]";
        for (tail, expected) in [
            ("\"-\" 408 -", "|408||||"),
            ("\"\" 400 0 \"-\" \"-\"", "|400|0|||"),
            (r#""\x16\x03\x01" 400 0 "-" "-""#, r"\x16\x03\x01|400|0|||"),
            (r#""GET /?a=\"\x22\\ HTTP/1.1" 200 1 "r" "a \"b\"""#, r#"GET /?a=""\ HTTP/1.1|200|1|r|a "b"|"#),
            (r#""GET /\xe7\x8b\xbc" 200 1 "-" "狼""#, r"GET /\xe7\x8b\xbc|200|1||狼|"),
            (r#""GET / HTTP/1.1" 200 1 "-" "a" "-""#, "GET / HTTP/1.1|200|1||a|"),
            (
                r#""GET / HTTP/1.1" 200 1 "-" "a" "192.0.2.9" 0.01"#,
                r#"GET / HTTP/1.1|200|1||a|"192.0.2.9" 0.01"#,
            ),
            (r#""GET / HTTP/1.1" 200 1 "-" "a"#, r#"GET / HTTP/1.1|200|1|||"a"#),
        ] {
            let line = format!("{front} {tail}");
            let Request { request, status, bytes, referer, agent, more, .. } = entry(&line).unwrap();
            assert_eq!(format!("{request}|{status}|{bytes}|{referer}|{agent}|{more}"), expected, "{tail}");
        }
        for line in [
            "".to_owned(),
            front.to_owned(),
            format!("{front} \"GET / 200 1"),
            format!("{front} \"GET /\" x 1"),
            "192.0.2.1 - - 10/Oct/2000:13:55:36 \"GET /\" 200 1".to_owned(),
            format!("192.0.2.1 - - [{}] \"GET /\" 200 1", "x".repeat(65)),
            "- [10/Oct/2000:13:55:36 -0700] \"GET /\" 200 1".to_owned(),
        ] {
            assert_eq!(entry(&line), None, "{line}");
        }
    }

    #[test]
    fn a_time_that_is_none_costs_nothing_else() {
        for time in ["-", "10/Okt/2000:13:55:36 -0700", "1772438400.101"] {
            let line = format!("192.0.2.1 - - [{time}] \"GET / HTTP/1.0\" 200 2326");
            let entry = entry(&line).unwrap();
            assert_eq!((entry.stamp, entry.time, &*entry.request), (None, time, "GET / HTTP/1.0"));
            assert!(!is_line(&line));
        }
    }

    #[test]
    fn requests() {
        for (text, expected) in [
            ("GET /a?b HTTP/1.1", Some(("GET", "/a?b", "HTTP/1.1"))),
            ("GET /a b c HTTP/2.0", Some(("GET", "/a b c", "HTTP/2.0"))),
            ("GET /", Some(("GET", "/", ""))),
            ("M-SEARCH * HTTP/1.1", Some(("M-SEARCH", "*", "HTTP/1.1"))),
            ("", None),
            ("GET", None),
            ("GET ", None),
            (r"\x16\x03\x01 x", None),
            (r#"t3 12.2.1"#, None),
        ] {
            assert_eq!(request(text), expected, "{text}");
        }
    }
}
