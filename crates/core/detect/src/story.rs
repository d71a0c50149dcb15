//! To which story an event belongs: which process acts in it, which one began that, and in whose session.
//!
//! Only what is the same wherever the story goes on is told, and nothing that others come to be called
//! later: no numbers of processes, which are given again, and no sessions that all services share.

use std::borrow::Cow;

use model::event::Kind;

use crate::grid::Grid;

/// What events of the same story on a host have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// Unique id of the process that acts, or that begins: a UUID in small letters without braces where it is
    /// one, else as its source spells it.
    pub process: Option<String>,
    /// The same of the process that began it.
    pub parent: Option<String>,
    /// The logon session: of Windows its number as `0x3e9`, of Linux its number since the system began.
    pub session: Option<String>,
    /// The account of that session; where there is none, of whoever logs on or acts.
    pub user: Option<String>,
}

/// Who acts, before whom it befalls.
const PROCESSES: [&str; 2] = ["actor.process.uid", "process.uid"];
/// Who began a process.
const PARENT: &str = "process.parent_process.uid";
/// Sessions with their accounts: one that a logon makes or ends, that of a process, that of whoever acts.
const SESSIONS: [(&str, &str); 3] = [
    ("session.uid", "user.name"),
    ("process.session.uid", "process.user.name"),
    ("actor.session.uid", "actor.user.name"),
];
/// Accounts of events without a session. To whom it befalls is asked last.
const USERS: [&str; 3] = ["user.name", "actor.user.name", "process.user.name"];

/// Names of fields, as the catalogue has them, that tell of the story.
pub(crate) fn fields() -> impl Iterator<Item = &'static str> {
    let pairs = SESSIONS.into_iter().flat_map(|(session, user)| [session, user]);
    PROCESSES.into_iter().chain([PARENT]).chain(pairs)
}

/// Longest text that is told, in bytes: an id is shorter, and so is a name.
const LONGEST: usize = 256;
/// Windows gives sessions numbers from 1001 on. Those below are the system's own and its services', and numbers
/// of terminals, which are given again.
const SHARED: u64 = 1_000;
/// What Linux says where there is no session: -1.
const UNSET: u64 = u32::MAX as u64;

/// The columns of a sheet that tell of stories.
pub(crate) struct Telling<'g> {
    grid: &'g Grid<'g>,
    kind: &'g Kind,
    processes: [Option<usize>; 2],
    parent: Option<usize>,
    sessions: [(Option<usize>, Option<usize>); 3],
    users: [Option<usize>; 3],
}

impl<'g> Telling<'g> {
    pub(crate) fn new(grid: &'g Grid<'g>, kind: &'g Kind) -> Self {
        let known = |name| grid.known(name);
        Self {
            grid,
            kind,
            processes: PROCESSES.map(known),
            parent: known(PARENT),
            sessions: SESSIONS.map(|(session, user)| (known(session), known(user))),
            users: USERS.map(known),
        }
    }

    /// That of an event.
    pub(crate) fn of(&self, event: usize) -> Story {
        let id = |column: &Option<usize>| self.value(*column, event).and_then(unique);
        let user = |column: Option<usize>| self.value(column, event).and_then(named);
        let (session, of_session) = self.session(event).unzip();
        Story {
            process: self.processes.iter().find_map(id),
            parent: id(&self.parent),
            session,
            user: match of_session {
                Some(column) => user(column),
                None => self.users.into_iter().find_map(user),
            },
        }
    }

    /// The session of an event, and the column of its account.
    fn session(&self, event: usize) -> Option<(String, Option<usize>)> {
        self.sessions.iter().zip(SESSIONS).find_map(|(&(session, user), (name, _))| {
            // What Sysmon calls so on Linux is the number of an account.
            if *self.kind.product == *"linux" && name.starts_with("process.") {
                return None;
            }
            let session = self.value(session, event).and_then(|text| numbered(text, &self.kind.product));
            session.map(|session| (session, user))
        })
    }

    fn value(&self, column: Option<usize>, event: usize) -> Option<&str> {
        let column = &self.grid.columns[column?];
        self.grid.records(event).find_map(|record| {
            let id = column.ids(record).iter().find(|id| column.has_value(**id))?;
            Some(column.text(*id).trim()).filter(|text| !matches!(*text, "" | "-"))
        })
    }
}

/// A unique id, spelled as all spell it.
fn unique(text: &str) -> Option<String> {
    let digits = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    let is_digit = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    if digits.len() != 36 || !digits.bytes().enumerate().all(is_digit) {
        return (text.len() <= LONGEST).then(|| text.to_owned());
    }
    // Zeros alone are written where there is none.
    let is_nothing = digits.bytes().all(|byte| matches!(byte, b'0' | b'-'));
    (!is_nothing).then(|| digits.to_ascii_lowercase())
}

/// The number of a session, spelled as all spell it.
fn numbered(text: &str, product: &str) -> Option<String> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let number = match hexadecimal {
        Some(digits) => u64::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    if product == "windows" || hexadecimal.is_some() {
        return (number > SHARED).then(|| format!("{number:#x}"));
    }
    (number != UNSET).then(|| number.to_string())
}

/// The name of an account.
fn named(text: &str) -> Option<String> {
    let kept = text.floor_char_boundary(LONGEST);
    let text = if kept == text.len() { Cow::from(text) } else { Cow::from(format!("{}…", &text[..kept])) };
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_ids_are_spelled_alike() {
        let small = Some("a23eae89-bd56-5903-0000-0010e9d95e00".to_owned());
        for text in ["{A23EAE89-BD56-5903-0000-0010E9D95E00}", "a23eae89-bd56-5903-0000-0010e9d95e00"] {
            assert_eq!(unique(text), small);
        }
        assert_eq!(unique("{00000000-0000-0000-0000-000000000000}"), None);
        assert_eq!(unique("{not-one}"), Some("{not-one}".to_owned()));
        assert_eq!(unique(&"x".repeat(LONGEST + 1)), None);
    }

    #[test]
    fn sessions_that_are_shared_or_given_again_are_none() {
        for (text, product, expected) in [
            ("0x3e7", "windows", None),
            ("0x0", "windows", None),
            ("2", "windows", None),
            ("0x00000000000003E9", "windows", Some("0x3e9")),
            ("0X5F1A3", "windows", Some("0x5f1a3")),
            ("389539", "windows", Some("0x5f1a3")),
            ("0x5f1a3", "ocsf", Some("0x5f1a3")),
            ("3", "linux", Some("3")),
            ("4294967295", "linux", None),
            ("-1", "linux", None),
            ("unset", "linux", None),
            ("0x", "windows", None),
        ] {
            assert_eq!(numbered(text, product).as_deref(), expected, "{text} of {product}");
        }
    }

    #[test]
    fn names_have_an_end() {
        assert_eq!(named("AOBA\\tanaka").as_deref(), Some("AOBA\\tanaka"));
        let long = named(&"狼".repeat(200)).unwrap();
        assert!(long.len() <= LONGEST + "…".len() && long.ends_with('…'), "{long}");
    }
}
