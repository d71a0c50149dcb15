//! Lines of system logs: RFC 5424, RFC 3164, and what daemons write into files, which is the
//! latter without the number in front, often with the time as RFC 3339 has it.

use std::borrow::Cow;

use super::stamp::Stamp;

/// What stands in a line; absent texts are empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LineHead<'a> {
    /// Facility times eight plus severity.
    pub priority: Option<u8>,
    pub stamp: Option<Stamp>,
    /// The time as it stands there.
    pub time: &'a str,
    pub host: &'a str,
    pub program: &'a str,
    pub pid: &'a str,
    pub message_id: &'a str,
    /// Structured data as it stands there, brackets included.
    pub data: &'a str,
    pub message: &'a str,
}

/// Names of facilities by their numbers.
const FACILITIES: [&str; 24] = [
    "kern",
    "user",
    "mail",
    "daemon",
    "auth",
    "syslog",
    "lpr",
    "news",
    "uucp",
    "cron",
    "authpriv",
    "ftp",
    "ntp",
    "security",
    "console",
    "solaris-cron",
    "local0",
    "local1",
    "local2",
    "local3",
    "local4",
    "local5",
    "local6",
    "local7",
];

/// Names of severities by their numbers.
const SEVERITIES: [&str; 8] = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/// Facility and severity by name.
pub(crate) fn names(priority: u8) -> (&'static str, &'static str) {
    let name = |list: &[&'static str], number: u8| list.get(usize::from(number)).copied().unwrap_or_default();
    (name(&FACILITIES, priority / 8), name(&SEVERITIES, priority % 8))
}

/// Whether a line looks like one of a system log, so that a file is told by it.
pub(crate) fn is_line(line: &str) -> bool {
    let line = counted(line).map_or(line, |(frame, _)| frame);
    // Other logs begin with a full date, too; there it takes a program's name.
    head(line).is_some_and(|head| {
        head.stamp
            .is_some_and(|stamp| head.priority.is_some() || !head.program.is_empty() || stamp.year.is_none())
    })
}

/// Reads a line.
pub(crate) fn head(line: &str) -> Option<LineHead<'_>> {
    let (priority, rest) = match priority(line) {
        Some((priority, rest)) => (Some(priority), rest),
        None => (None, line),
    };
    if priority.is_some()
        && let Some(head) = rest.strip_prefix("1 ").and_then(new)
    {
        return Some(LineHead { priority, ..head });
    }
    let bytes = rest.as_bytes();
    let stamp = Stamp::traditional(bytes).or_else(|| Stamp::standard(bytes));
    let (stamp, time, rest) = match stamp {
        Some((stamp, length)) => (Some(stamp), rest.get(..length)?, rest.get(length..)?.strip_prefix(' ')?),
        // A number in front and no time: all of it is said by somebody.
        None => (None, "", priority.map(|_| rest)?),
    };
    let rest = rest.trim_start_matches(' ');
    if let Some((program, pid, message)) = tag(rest) {
        return Some(LineHead { priority, stamp, time, program, pid, message, ..LineHead::default() });
    }
    let (host, rest) = match stamp {
        Some(_) => rest.split_once(' ').unwrap_or((rest, "")),
        None => ("", rest),
    };
    let rest = rest.trim_start_matches(' ');
    let (program, pid, message) = tag(rest).unwrap_or(("", "", rest));
    Some(LineHead { priority, stamp, time, host, program, pid, message, ..LineHead::default() })
}

/// `<34>`
fn priority(line: &str) -> Option<(u8, &str)> {
    let rest = line.strip_prefix('<')?;
    let end = rest.bytes().take(4).position(|byte| byte == b'>')?;
    let (digits, rest) = (&rest[..end], &rest[end + 1..]);
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let priority = digits.parse().ok().filter(|priority| all_digits && *priority < 192)?;
    Some((priority, rest))
}

/// What stands behind the version of RFC 5424.
fn new(text: &str) -> Option<LineHead<'_>> {
    let given = |word| if word == "-" { "" } else { word };
    let mut words = text.splitn(6, ' ');
    let time = words.next()?;
    let stamp = match time {
        "-" => None,
        text => Some(Stamp::standard(text.as_bytes()).filter(|(_, length)| *length == text.len())?.0),
    };
    let (host, program) = (given(words.next()?), given(words.next()?));
    let (pid, message_id) = (given(words.next()?), given(words.next()?));
    let rest = words.next().unwrap_or_default();
    let (data, message) = match rest.strip_prefix('-') {
        Some(message) => ("", message),
        None => rest.split_at(elements(rest, &mut |_, _, _| {})),
    };
    let message = message.strip_prefix(' ').unwrap_or(message);
    let message = message.strip_prefix('\u{feff}').unwrap_or(message);
    Some(LineHead { priority: None, stamp, time, host, program, pid, message_id, data, message })
}

/// `program[pid]: message` or `program: message`.
fn tag(text: &str) -> Option<(&str, &str, &str)> {
    let end = text.find(' ').unwrap_or(text.len());
    let token = &text[..end];
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./()@+\\]".contains(&byte);
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(letter);
    if let Some((program, rest)) = token.split_once('[')
        && let Some((pid, rest)) = rest.split_once(']')
        && is_name(program)
        && !pid.is_empty()
        && pid.bytes().all(|byte| byte.is_ascii_digit())
        && (rest.is_empty() || rest.starts_with(':'))
    {
        let message = &text[program.len() + pid.len() + 2..];
        let message = message.strip_prefix(':').unwrap_or(message);
        return Some((program, pid, message.strip_prefix(' ').unwrap_or(message)));
    }
    let program = token.strip_suffix(':').filter(|name| is_name(name))?;
    let message = &text[end..];
    Some((program, "", message.strip_prefix(' ').unwrap_or(message)))
}

/// Gives each parameter of structured data, `[id name="value" …][…]`, with its element's id, and
/// says how long the data are. What is broken belongs to them no more.
pub(crate) fn elements<'a>(text: &'a str, give: &mut dyn FnMut(&'a str, &'a str, Cow<'a, str>)) -> usize {
    let mut length = 0;
    while let Some(inner) = text[length..].strip_prefix('[') {
        let end = inner.find([' ', ']', '"']).unwrap_or(inner.len());
        let id = &inner[..end];
        let mut rest = &inner[end..];
        while let Some(pair) = rest.strip_prefix(' ') {
            let pair = pair.trim_start_matches(' ');
            let Some((name, value)) = pair.split_once("=\"").filter(|(name, _)| !name.contains([' ', ']']))
            else {
                break;
            };
            let Some(end) = quoted(value) else { break };
            give(id, name, unescaped(&value[..end]));
            rest = &value[end + 1..];
        }
        let Some(after) = rest.trim_start_matches(' ').strip_prefix(']').filter(|_| !id.is_empty()) else {
            break;
        };
        length = text.len() - after.len();
    }
    length
}

/// Where a quoted text ends.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// A backslash hides the quote, the bracket and itself; before anything else it is one.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letters.peek() {
            Some(&hidden @ ('"' | '\\' | ']')) if letter == '\\' => {
                plain.push(hidden);
                letters.next();
            }
            _ => plain.push(letter),
        }
    }
    plain.into()
}

/// A frame behind the number of its bytes (RFC 6587), `57 <34>…`, and what follows it. A frame
/// that is longer than what is there ends with it.
pub(crate) fn counted(line: &str) -> Option<(&str, &str)> {
    let digits = line.bytes().take(7).take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..)?.strip_prefix(' ')?;
    priority(rest)?;
    let length: usize = line[..digits].parse().ok()?;
    Some(rest.split_at_checked(length).unwrap_or((rest, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// priority, host, program, pid, message
    fn parts(line: &str) -> (Option<u8>, &str, &str, &str, &str) {
        let head = head(line).unwrap();
        (head.priority, head.host, head.program, head.pid, head.message)
    }

    #[test]
    fn heads() {
        for (line, expected) in [
            ("Oct 11 22:14:15 h su[9]: 'su root' failed", (None, "h", "su", "9", "'su root' failed")),
            ("<34>Oct 11 22:14:15 h su: x: y", (Some(34), "h", "su", "", "x: y")),
            ("<34>Oct 11 22:14:15 su[9]: x", (Some(34), "", "su", "9", "x")),
            ("<191>hello there", (Some(191), "", "", "", "hello there")),
            ("<13>cron[7]: x", (Some(13), "", "cron", "7", "x")),
            (
                "Mar  2 08:00:01 h last message repeated 2 times",
                (None, "h", "", "", "last message repeated 2 times"),
            ),
            ("Mar  2 08:00:01 h kernel: [ 1.5] x", (None, "h", "kernel", "", "[ 1.5] x")),
            ("Mar  2 08:00:01 h CRON[12]: (root) CMD (x)", (None, "h", "CRON", "12", "(root) CMD (x)")),
            ("Mar  2 08:00:01 h sshd(pam_unix)[12]: x", (None, "h", "sshd(pam_unix)", "12", "x")),
            ("Mar  2 08:00:01 h postfix/smtpd[12]: x", (None, "h", "postfix/smtpd", "12", "x")),
            ("Mar  2 08:00:01 h http://x/: y", (None, "h", "", "", "http://x/: y")),
            ("Mar  2 08:00:01 h sudo:      kai : x", (None, "h", "sudo", "", "     kai : x")),
            ("Mar  2 08:00:01 2001:db8::1 su: x", (None, "2001:db8::1", "su", "", "x")),
            ("Mar  2 08:00:01 h su:", (None, "h", "su", "", "")),
            ("Mar  2 08:00:01 h", (None, "h", "", "", "")),
            ("2026-03-02T08:00:01.123456+09:00 h sshd[1]: m", (None, "h", "sshd", "1", "m")),
            ("2026-03-02T08:00:01Z h -- MARK --", (None, "h", "", "", "-- MARK --")),
            ("<165>1 2003-10-11T22:14:15.003Z h app 1 id - \u{feff}m m", (Some(165), "h", "app", "1", "m m")),
            ("<165>1 2003-10-11T22:14:15.003Z h app - - -", (Some(165), "h", "app", "", "")),
            ("<165>1 - - - - - [a b=\"]\\]\"][c] m", (Some(165), "", "", "", "m")),
            ("<165>1 - h - - - [a b=\"c m", (Some(165), "h", "", "", "[a b=\"c m")),
            ("<165>1 tomorrow", (Some(165), "", "", "", "1 tomorrow")),
        ] {
            assert_eq!(parts(line), expected, "{line}");
        }
        for line in [
            "",
            "<",
            "<34",
            "<>x",
            "<192>x",
            "<+1>x",
            "<0x1>y",
            "Mar  2 08:00:01",
            "Mar  2 08:00:01x y",
            "hello",
            "2026-03-02 08:00:01 h x: y",
        ] {
            assert_eq!(head(line), None, "{line}");
        }
    }

    #[test]
    fn structured_data() {
        let read = |text| {
            let mut found = Vec::new();
            let length = elements(text, &mut |id, name, value| found.push(format!("{id}.{name}={value}")));
            (found.join(" "), &text[length..])
        };
        for (text, expected) in [
            ("[a]", ("", "")),
            ("[a b=\"c\"] m", ("a.b=c", " m")),
            ("[a@1 b=\"c\" d=\"\"][e f=\"g h\"]", ("a@1.b=c a@1.d= e.f=g h", "")),
            ("[a b=\"\\\"\\]\\\\\\n\"]", ("a.b=\"]\\\\n", "")),
            ("[a b=\"c\"", ("a.b=c", "[a b=\"c\"")),
            ("[a][b c=d]", ("", "[b c=d]")),
            ("[]", ("", "[]")),
            ("x", ("", "x")),
        ] {
            let (found, rest) = read(text);
            assert_eq!((found.as_str(), rest), expected, "{text}");
        }
    }

    #[test]
    fn frames_behind_their_length() {
        assert_eq!(counted("5 <1>ab7 <2>cdef"), Some(("<1>ab", "7 <2>cdef")));
        assert_eq!(counted("99 <1>ab"), Some(("<1>ab", "")));
        assert_eq!(counted("4 <1>狼"), Some(("<1>狼", "")), "inside a letter");
        assert_eq!((counted("5 ab"), counted("<1>ab"), counted("123456789 <1>ab")), (None, None, None));
    }
}
