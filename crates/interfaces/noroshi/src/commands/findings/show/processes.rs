//! The processes of a finding: what the lake says of those that acted, and of those that began them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::time::Instant;
use report::finding_page::ProcessLine;
use serde_json::Value;
use verdicts::KeptVerdict;

use crate::Failure;
use crate::figures::Counting;

/// Processes that are asked for at once.
const AT_ONCE: usize = 100;
/// How far up it is asked who began whom.
const UP: usize = 4;
/// Days before the first verdict on which a process may have begun.
const DAYS_BEFORE: i64 = 7;

/// What is asked of a process besides its host and when it was seen: id, program, command line, and the same three
/// of the one that began it.
const COLUMNS: [&str; 6] = [
    "process.uid",
    "process.file.path",
    "process.cmd_line",
    "process.parent_process.uid",
    "process.parent_process.file.path",
    "process.parent_process.cmd_line",
];
/// Names by which rules know a program.
const PROGRAM: [&str; 4] = ["Image", "NewProcessName", "process.file.path", "exe"];
/// The same of a command line.
const COMMAND: [&str; 3] = ["CommandLine", "ProcessCommandLine", "process.cmd_line"];

/// A process on its host.
type Id = (String, String);

/// The processes of verdicts and those above them, as far as anything is known of them.
pub(super) fn of(counting: &Counting, rows: &[KeptVerdict]) -> Result<Vec<ProcessLine>, Failure> {
    let mut known: BTreeMap<Id, ProcessLine> = BTreeMap::new();
    let mut wanted: BTreeSet<Id> = BTreeSet::new();
    for verdict in rows {
        let Some(id) = verdict.host.clone().zip(verdict.story.process.clone()) else { continue };
        let process = known.entry(id.clone()).or_insert_with(|| unnamed(&id));
        add(&mut process.path, field(verdict, &PROGRAM));
        add(&mut process.command, field(verdict, &COMMAND));
        process.parent = process.parent.take().or_else(|| verdict.story.parent.clone());
        wanted.insert(id);
    }
    let asking = Asking { counting, has: columns(counting)?, days: days(rows) };
    for _ in 0..UP {
        if wanted.is_empty() {
            break;
        }
        asking.tell(&wanted, &mut known)?;
        wanted = above(&wanted, &mut known);
    }
    Ok(known
        .into_values()
        .filter(|process| !process.path.is_empty() || !process.command.is_empty())
        .collect())
}

fn unnamed((host, id): &Id) -> ProcessLine {
    ProcessLine {
        id: id.clone(),
        host: host.clone(),
        parent: None,
        path: String::new(),
        command: String::new(),
        seen: None,
    }
}

/// A value where there was none.
fn add(to: &mut String, value: Option<&str>) {
    if to.is_empty() {
        to.push_str(value.unwrap_or_default());
    }
}

fn field<'a>(verdict: &'a KeptVerdict, names: &[&str]) -> Option<&'a str> {
    let of = |name: &&str| verdict.fields.iter().find(|(known, _)| known == name);
    names.iter().find_map(of).map(|(_, value)| value.as_str())
}

/// Those that began some processes, and are new.
fn above(below: &BTreeSet<Id>, known: &mut BTreeMap<Id, ProcessLine>) -> BTreeSet<Id> {
    let parent = |id: &Id| Some((id.0.clone(), known.get(id)?.parent.clone()?));
    let parents: BTreeSet<Id> = below.iter().filter_map(parent).collect();
    parents.into_iter().filter(|id| known.get(id).is_none_or(|process| process.seen.is_none())).collect()
}

/// The columns that the table has.
fn columns(counting: &Counting) -> Result<BTreeSet<String>, Failure> {
    let mut names = BTreeSet::new();
    counting.ask_named("SELECT * FROM process_activity LIMIT 1".to_owned(), &mut |headings, _| {
        names.extend(headings.iter().map(|heading| heading.name.clone()));
    })?;
    Ok(names)
}

/// The first and the last day on which processes are looked for.
fn days(rows: &[KeptVerdict]) -> Option<(String, String)> {
    let seconds = || rows.iter().filter_map(|verdict| verdict.time).map(|time| time.timestamp().as_second());
    let day = |second: i64| Some(Timestamp::from_second(second).ok()?.strftime("%F").to_string());
    day(seconds().min()? - DAYS_BEFORE * 86_400).zip(day(seconds().max()? + 86_400))
}

/// The lake, asked for processes.
struct Asking<'a> {
    counting: &'a Counting,
    has: BTreeSet<String>,
    days: Option<(String, String)>,
}

impl Asking<'_> {
    /// Adds what the lake says of some processes.
    fn tell(&self, wanted: &BTreeSet<Id>, known: &mut BTreeMap<Id, ProcessLine>) -> Result<(), Failure> {
        let Some((first, last)) = &self.days else { return Ok(()) };
        if !self.has.contains(COLUMNS[0]) || !self.has.contains("device.hostname") {
            return Ok(());
        }
        let is_asked = |id: &str| !id.contains(char::is_control);
        let ids: BTreeSet<&str> =
            wanted.iter().map(|(_, id)| id.as_str()).filter(|id| is_asked(id)).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        for some in ids.chunks(AT_ONCE) {
            let spelled: Vec<String> = some.iter().flat_map(|id| spellings(id)).collect();
            let of = |name: &&str| {
                if self.has.contains(*name) { format!("max(\"{name}\")") } else { "''".to_owned() }
            };
            let columns: Vec<String> = COLUMNS[1..].iter().map(of).collect();
            let sql = format!(
                "SELECT \"device.hostname\", \"process.uid\", min(time), max(time), {} FROM process_activity \
                 WHERE day >= '{first}' AND day <= '{last}' AND \"process.uid\" IN ({}) GROUP BY 1, 2",
                columns.join(", "),
                spelled.join(", ")
            );
            self.counting.ask(sql, &mut |values| told(&values, wanted, known))?;
        }
        Ok(())
    }
}

/// An id as SQL, in the ways in which sources spell it.
fn spellings(id: &str) -> [String; 4] {
    let quoted = |text: String| format!("'{}'", text.replace('\'', "''"));
    let upper = id.to_uppercase();
    [quoted(id.to_owned()), quoted(format!("{{{id}}}")), quoted(format!("{{{upper}}}")), quoted(upper)]
}

/// An id as verdicts have it: a UUID in small letters without braces.
fn plain(id: &str) -> String {
    let inner = id.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(id);
    let is_uuid = inner.len() == 36 && inner.chars().all(|sign| sign.is_ascii_hexdigit() || sign == '-');
    if is_uuid { inner.to_lowercase() } else { id.to_owned() }
}

/// What a row says of a process, and of the one that began it.
fn told(values: &[Value], wanted: &BTreeSet<Id>, known: &mut BTreeMap<Id, ProcessLine>) {
    let [host, id, first, last, path, command, parent, parent_path, parent_command] = values else { return };
    let (Some(host), Some(id)) = (host.as_str(), id.as_str()) else { return };
    let id = (host.to_owned(), plain(id));
    if !wanted.contains(&id) {
        return;
    }
    let parent = parent.as_str().filter(|parent| !parent.is_empty()).map(plain);
    let process = known.entry(id.clone()).or_insert_with(|| unnamed(&id));
    add(&mut process.path, path.as_str());
    add(&mut process.command, command.as_str());
    process.parent = process.parent.take().or(parent);
    let time = |value: &Value| Instant::parse(value.as_str()?, &TimeZone::UTC).map(Instant::timestamp);
    process.seen = time(first).zip(time(last));
    if let Some(parent) = process.parent.clone() {
        let id = (id.0, parent);
        let above = known.entry(id.clone()).or_insert_with(|| unnamed(&id));
        add(&mut above.path, parent_path.as_str());
        add(&mut above.command, parent_command.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_asked_for_in_all_spellings_and_nothing_ends_them() {
        let id = "7bce420c-7de8-6a2f-000f-000003000000";
        for text in ["{7BCE420C-7DE8-6A2F-000F-000003000000}", "{7bce420c-7de8-6a2f-000f-000003000000}", id] {
            assert_eq!(plain(text), id);
        }
        assert_eq!(plain("{4711}"), "{4711}");
        assert_eq!(spellings("a' OR 'b")[0], "'a'' OR ''b'");
    }
}
