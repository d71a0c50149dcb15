//! Verdicts as a tree: hosts in the order in which they were reached, on each the processes that acted, under those
//! that began them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{FindingPage, ProcessLine, RowLine};

/// Most lines of a tree.
const LINES: usize = 60;
/// Processes of a host are shown in part when at least so many fit.
const PART: usize = 8;

/// The lines that are shown, and what is not.
pub(super) struct Tree<'a> {
    pub(super) lines: Vec<Line<'a>>,
    /// Hosts that have no line.
    pub(super) hosts_left: usize,
    /// Processes that have none, though their host has one.
    pub(super) processes_left: usize,
}

/// A line: a host, or a process on the host above.
pub(super) struct Line<'a> {
    pub(super) host: &'a str,
    /// None on the line of a host.
    pub(super) process: Option<&'a ProcessLine>,
    /// Of a host: processes that are not shown.
    pub(super) hidden: usize,
    /// Whether something follows at each step of the way down to it, its own the last.
    pub(super) follows: Vec<bool>,
    /// Verdicts at their instants.
    pub(super) marks: Vec<&'a RowLine>,
}

/// What is known of one host.
struct Host<'a> {
    name: &'a str,
    rows: Vec<&'a RowLine>,
    lines: Vec<Line<'a>>,
}

pub(super) fn tree(page: &FindingPage) -> Tree<'_> {
    let mut hosts: Vec<Host<'_>> = Vec::new();
    for row in &page.rows {
        match hosts.iter_mut().find(|host| host.name == row.host) {
            Some(host) => host.rows.push(row),
            None => hosts.push(Host { name: &row.host, rows: vec![row], lines: Vec::new() }),
        }
    }
    for host in &mut hosts {
        host.lines = host.processes(&page.processes);
    }
    let hosts_left = hosts.len().saturating_sub(LINES);
    hosts.truncate(LINES);
    let mut room = LINES - hosts.len();
    let mut tree = Tree { lines: Vec::new(), hosts_left, processes_left: 0 };
    for host in hosts {
        let all = host.lines.len();
        let shown = if all <= room || room >= PART { all.min(room) } else { 0 };
        room -= shown;
        tree.processes_left += all - shown;
        tree.lines.extend(host.into_lines(shown));
    }
    tree
}

impl<'a> Host<'a> {
    /// The processes that acted and those above them, each under the one that began it.
    fn processes(&self, all: &'a [ProcessLine]) -> Vec<Line<'a>> {
        let here = all.iter().filter(|process| process.host == self.name);
        let known: BTreeMap<&str, &ProcessLine> =
            here.map(|process| (process.id.as_str(), process)).collect();
        let mut wanted: BTreeSet<&str> = BTreeSet::new();
        for row in &self.rows {
            let mut next = row.process.as_deref();
            while let Some(process) = next.and_then(|id| known.get(id)) {
                // Broken logs have processes that began each other.
                if !wanted.insert(&process.id) {
                    break;
                }
                next = process.parent.as_deref();
            }
        }
        let mut family = Family { known, children: BTreeMap::new(), rows: &self.rows, lines: Vec::new() };
        let mut roots = Vec::new();
        for id in &wanted {
            let parent = family.known.get(id).and_then(|process| process.parent.as_deref());
            match parent.filter(|parent| wanted.contains(parent) && parent != id) {
                Some(parent) => family.children.entry(parent).or_default().push(id),
                None => roots.push(*id),
            }
        }
        // Of those that began each other one has to be the first.
        family.add(roots, &[]);
        while let Some(id) = wanted.iter().find(|id| !family.has(id)) {
            family.add(vec![*id], &[]);
        }
        family.lines
    }

    /// Its own line and the first ones of its processes; the verdicts of the others stand on its own.
    fn into_lines(mut self, shown: usize) -> Vec<Line<'a>> {
        let hidden = self.lines.len() - shown;
        self.lines.truncate(shown);
        let ids: BTreeSet<&str> =
            self.lines.iter().filter_map(|line| Some(line.process?.id.as_str())).collect();
        let is_own = |row: &&RowLine| row.process.as_deref().is_none_or(|id| !ids.contains(id));
        let marks = self.rows.into_iter().filter(is_own).collect();
        let own = Line { host: self.name, process: None, hidden, follows: Vec::new(), marks };
        std::iter::once(own).chain(self.lines).collect()
    }
}

/// Processes of a host, some of which became lines.
struct Family<'a, 'b> {
    known: BTreeMap<&'a str, &'a ProcessLine>,
    children: BTreeMap<&'a str, Vec<&'a str>>,
    rows: &'b [&'a RowLine],
    lines: Vec<Line<'a>>,
}

impl<'a> Family<'a, '_> {
    fn has(&self, id: &str) -> bool {
        self.lines.iter().any(|line| line.process.is_some_and(|process| process.id == id))
    }

    /// Processes with all below them, the earliest first.
    fn add(&mut self, ids: Vec<&'a str>, above: &[bool]) {
        let mut processes: Vec<&ProcessLine> =
            ids.iter().filter_map(|id| self.known.get(id).copied()).collect();
        processes.sort_by_key(|process| (self.begin(process), &process.id));
        let last = processes.len().saturating_sub(1);
        for (at, process) in processes.into_iter().enumerate() {
            if self.has(&process.id) {
                continue;
            }
            let follows = [above, &[at < last]].concat();
            let is_its = |row: &&&RowLine| row.process.as_ref() == Some(&process.id);
            let marks = self.rows.iter().filter(is_its).copied().collect();
            let line = Line {
                host: &process.host,
                process: Some(process),
                hidden: 0,
                follows: follows.clone(),
                marks,
            };
            self.lines.push(line);
            let children = self.children.remove(process.id.as_str()).unwrap_or_default();
            self.add(children, &follows);
        }
    }

    /// When it was seen first.
    fn begin(&self, process: &ProcessLine) -> Option<Timestamp> {
        let acted = self.rows.iter().filter(|row| row.process.as_ref() == Some(&process.id));
        process.seen.map(|(from, _)| from).or_else(|| acted.filter_map(|row| row.time).min())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding_page::sample;

    fn shape(page: &FindingPage) -> Vec<String> {
        let line = |line: &Line<'_>| {
            let name = line.process.map_or(line.host, |process| process.path.as_str());
            format!("{}{name} {}", "  ".repeat(line.follows.len()), line.marks.len())
        };
        tree(page).lines.iter().map(line).collect()
    }

    fn process(id: &str, parent: Option<&str>) -> ProcessLine {
        ProcessLine {
            id: id.to_owned(),
            host: "h".to_owned(),
            parent: parent.map(str::to_owned),
            path: id.to_owned(),
            command: String::new(),
            seen: None,
        }
    }

    fn row(time: &str, process: Option<&str>) -> RowLine {
        let row = sample::row("h", process);
        RowLine { time: time.parse().ok(), ..row }
    }

    fn page(rows: Vec<RowLine>, processes: Vec<ProcessLine>) -> FindingPage {
        FindingPage { rows, processes, ..sample::page(crate::Language::En) }
    }

    #[test]
    fn processes_stand_under_those_that_began_them() {
        let rows = vec![
            row("2026-06-18T01:00:00Z", None),
            row("2026-06-18T01:01:00Z", Some("b")),
            row("2026-06-18T01:02:00Z", Some("c")),
            row("2026-06-18T01:03:00Z", Some("unknown")),
        ];
        let processes =
            vec![process("c", Some("a")), process("b", Some("a")), process("a", None), process("idle", None)];
        assert_eq!(shape(&page(rows, processes)), ["h 2", "  a 0", "    b 1", "    c 1"]);
    }

    #[test]
    fn processes_that_began_each_other_end() {
        let rows = vec![row("2026-06-18T01:00:00Z", Some("a"))];
        let processes = vec![process("a", Some("b")), process("b", Some("a"))];
        assert_eq!(shape(&page(rows, processes)), ["h 0", "  a 1", "    b 0"]);
        let rows = vec![row("2026-06-18T01:00:00Z", Some("a"))];
        assert_eq!(shape(&page(rows, vec![process("a", Some("a"))])), ["h 0", "  a 1"]);
    }

    #[test]
    fn what_has_no_room_is_counted_and_its_verdicts_stay() {
        let ids: Vec<String> = (0..100).map(|number| format!("p{number:03}")).collect();
        let rows = ids.iter().map(|id| row("2026-06-18T01:00:00Z", Some(id))).collect();
        let page = page(rows, ids.iter().map(|id| process(id, None)).collect());
        let tree = tree(&page);
        assert_eq!((tree.lines.len(), tree.processes_left, tree.lines[0].hidden), (60, 41, 41));
        assert_eq!(tree.lines.iter().map(|line| line.marks.len()).sum::<usize>(), 100);
    }
}
