//! Random histories of writers, rotation and looks. An oracle knows every line ever written, and
//! where: each comes out once, or it is told, or nobody could have seen it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tail::{Event, Log, Tail};

use crate::memory::{Handle, Memory};

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Whole lines, each of so many bytes more.
    Write {
        lines: usize,
        padding: usize,
    },
    /// A line of which the rest comes with the next step of its writer.
    Half,
    /// The writer dies and another one goes on.
    Kill,
    /// Numbered names move up; the writer opens the new file or keeps the old one.
    Rename {
        reopens: bool,
    },
    /// The name gets a date; the writer opens a new file.
    Date,
    /// The log is copied and cut to nothing, with lines written in between.
    CopyTruncate {
        between: usize,
    },
    /// The log is cut to nothing, and filled again.
    Truncate {
        refill: Refill,
    },
    /// The log is cut to a part of what it was.
    Shorten,
    /// A copy under another name.
    Copy,
    /// The log is removed and made anew.
    Remove,
    Look,
    /// All logs give all they have, or a few bytes each.
    Read {
        little: bool,
    },
    /// Long enough for everything that was rotated away to be let go.
    Rest,
}

/// What a log is filled with after it was cut off.
#[derive(Debug, Clone, Copy)]
enum Refill {
    Nothing,
    /// As many bytes as there were.
    Same,
    More,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1usize..4, 0usize..300).prop_map(|(lines, padding)| Step::Write { lines, padding }),
        2 => Just(Step::Half),
        1 => Just(Step::Kill),
        4 => any::<bool>().prop_map(|reopens| Step::Rename { reopens }),
        1 => Just(Step::Date),
        2 => (0usize..3).prop_map(|between| Step::CopyTruncate { between }),
        1 => prop_oneof![Just(Refill::Nothing), Just(Refill::Same), Just(Refill::More)]
            .prop_map(|refill| Step::Truncate { refill }),
        1 => Just(Step::Shorten),
        1 => Just(Step::Copy),
        1 => Just(Step::Remove),
        6 => Just(Step::Look),
        6 => any::<bool>().prop_map(|little| Step::Read { little }),
        1 => Just(Step::Rest),
    ]
}

/// How a history is followed.
#[derive(Debug, Clone, Copy)]
struct Way {
    folder: bool,
    tells_birth: bool,
    descriptors: usize,
}

fn way() -> impl Strategy<Value = Way> {
    (any::<bool>(), any::<bool>(), prop_oneof![Just(3usize), Just(1000)])
        .prop_map(|(folder, tells_birth, descriptors)| Way { folder, tells_birth, descriptors })
}

/// A line that was written whole.
#[derive(Debug, Clone)]
struct Line {
    text: String,
    content: u64,
    offset: u64,
    /// Written between a copy and the truncation after it, or else cut off before anybody looked.
    blind: bool,
}

/// What becomes of contents, as only the oracle sees it.
#[derive(Debug, Default)]
struct Fate {
    /// How long it was when a look last saw it.
    seen: u64,
    /// Its file was removed, and copies hold so many bytes.
    removed: Option<u64>,
    /// Its file was cut off, and copies made of late hold so many bytes.
    cut: Option<u64>,
}

struct World {
    disk: Memory,
    way: Way,
    tail: Tail<Memory>,
    writer: Handle,
    /// The rest of a line begun.
    rest: Option<(String, Line)>,
    lines: Vec<Line>,
    number: usize,
    dates: usize,
    /// When the last copy was made.
    copied: u64,
    /// Contents that were cut off since the last look, by what follows them.
    cut: BTreeMap<u64, u64>,
    fates: BTreeMap<u64, Fate>,
    given: BTreeMap<Log, Vec<u8>>,
    /// Where the next byte of each log stands.
    ends: BTreeMap<Log, u64>,
    contents: BTreeMap<Log, u64>,
    missed: Vec<(u64, u64, Option<u64>)>,
    ended: BTreeSet<Log>,
}

fn log() -> PathBuf {
    PathBuf::from("logs/app.log")
}

fn rotated(number: usize) -> PathBuf {
    PathBuf::from(format!("logs/app.log.{number}"))
}

/// Numbered files that are kept.
const KEPT: usize = 3;

impl World {
    fn new(way: Way) -> Self {
        let disk = Memory::new(way.tells_birth, way.descriptors);
        let writer = disk.writer(&log());
        let tail = Tail::new(disk.clone(), 1000);
        Self {
            disk,
            way,
            tail,
            writer,
            rest: None,
            lines: Vec::new(),
            number: 0,
            dates: 0,
            copied: 0,
            cut: BTreeMap::new(),
            fates: BTreeMap::new(),
            given: BTreeMap::new(),
            ends: BTreeMap::new(),
            contents: BTreeMap::new(),
            missed: Vec::new(),
            ended: BTreeSet::new(),
        }
    }

    fn write(&mut self, padding: usize, blind: bool) {
        if let Some((rest, line)) = self.rest.take() {
            let (content, _) = self.disk.append(&self.writer, rest.as_bytes());
            // Cut off in between, it is no whole line anywhere.
            if content == line.content {
                self.lines.push(Line { blind: line.blind || blind, ..line });
            }
        }
        let text = self.next(padding);
        let (content, offset) = self.disk.append(&self.writer, text.as_bytes());
        self.lines.push(Line { text, content, offset, blind });
    }

    fn next(&mut self, padding: usize) -> String {
        self.number += 1;
        format!("<{}:{}>\n", self.number, "x".repeat(padding))
    }

    fn half(&mut self) {
        self.write(0, false);
        let text = self.next(20);
        let (first, rest) = text.split_at(10);
        let (content, offset) = self.disk.append(&self.writer, first.as_bytes());
        let line = Line { text: text.clone(), content, offset, blind: false };
        self.rest = Some((rest.to_owned(), line));
    }

    fn reopen(&mut self) {
        // A logger that changes files ends its line first.
        if self.rest.is_some() {
            self.write(0, false);
        }
        self.writer = self.disk.writer(&log());
    }

    fn remove(&mut self, path: &Path) {
        if let Some((_, content)) = self.disk.content(path) {
            self.disk.remove(path);
            let mut content = Some(content);
            // What was cut off since the last look goes with it: nobody saw that it was.
            while let Some(gone) = content {
                let kept = self.kept(gone);
                self.fates.entry(gone).or_default().removed = Some(kept);
                content = self.cut.get(&gone).copied();
            }
        }
    }

    /// How many bytes of a content stand in any file.
    fn kept(&self, content: u64) -> u64 {
        let files = self.disk.paths().into_iter().filter_map(|path| self.disk.content(&path));
        let copies = files.filter(|(_, other)| *other == content);
        copies.map(|(bytes, _)| bytes.len() as u64).max().unwrap_or_default()
    }

    fn move_up(&mut self) {
        self.remove(&rotated(KEPT));
        for number in (1..KEPT).rev() {
            self.disk.rename(&rotated(number), &rotated(number + 1));
        }
    }

    fn take(&mut self, step: Step) {
        self.disk.pass(7);
        match step {
            Step::Write { lines, padding } => (0..lines).for_each(|_| self.write(padding, false)),
            Step::Half => self.half(),
            Step::Kill => {
                self.rest = None;
                self.writer = self.disk.writer(&log());
            }
            Step::Rename { reopens } => {
                self.move_up();
                self.disk.rename(&log(), &rotated(1));
                if reopens {
                    self.reopen();
                }
            }
            Step::Date => {
                self.dates += 1;
                self.disk.rename(&log(), &PathBuf::from(format!("logs/app.log-202608{:02}", self.dates)));
                self.reopen();
            }
            Step::CopyTruncate { between } => {
                self.move_up();
                self.disk.copy(&log(), &rotated(1));
                self.copied = self.disk.now();
                (0..between).for_each(|_| self.write(5, true));
                self.cut();
            }
            Step::Truncate { refill } => self.truncate(refill),
            Step::Shorten => self.shorten(),
            Step::Copy => {
                let copy = Path::new("logs/app.log.bak");
                self.remove(copy);
                self.disk.copy(&log(), copy);
                self.copied = self.disk.now();
            }
            Step::Remove => {
                self.remove(&log());
                self.rest = None;
                self.writer = self.disk.writer(&log());
            }
            Step::Look => self.look(),
            Step::Read { little } => self.read(if little { 40 } else { 1 << 20 }),
            Step::Rest => (0..3).for_each(|_| {
                self.look();
                self.read(1 << 20);
                self.disk.pass(31_000);
            }),
        }
    }

    fn truncate(&mut self, refill: Refill) {
        let length = |world: &Self| world.disk.content(&log()).map_or(0, |(bytes, _)| bytes.len());
        let before = length(self);
        self.cut();
        match refill {
            Refill::Nothing => {}
            Refill::Same if before > 20 => {
                self.rest = None;
                self.writer = self.disk.writer(&log());
                let text = self.next(0);
                self.number -= 1;
                self.write(before - text.len(), false);
            }
            Refill::Same | Refill::More => {
                while length(self) <= before {
                    self.reopen();
                    self.write(50, false);
                }
            }
        }
    }

    /// What was cut off is seen at once: filled again, nobody could tell it from another content, and
    /// a longer copy is another log. A few bytes could be the beginning of any line.
    fn shorten(&mut self) {
        let Some((bytes, content)) = self.disk.content(&log()) else { return };
        let files = self.disk.paths().into_iter().filter_map(|path| self.disk.content(&path));
        if files.filter(|(_, other)| *other == content).count() > 1 || bytes.len() < 40 {
            return;
        }
        let (kept, seen) = (bytes.len() as u64 / 2, self.fates.get(&content).map_or(0, |fate| fate.seen));
        for line in self.lines.iter_mut().filter(|line| line.content == content) {
            line.blind |= line.offset + line.text.len() as u64 > kept.max(seen);
        }
        self.rest = None;
        self.disk.shorten(&log(), bytes.len() / 2);
        self.look();
        self.fates.entry(content).or_default().seen = kept;
    }

    fn cut(&mut self) {
        if let Some((_, content)) = self.disk.content(&log()) {
            self.disk.truncate(&log());
            self.cut.insert(self.disk.content(&log()).unwrap().1, content);
            let recent = self.disk.now() - self.copied <= 20_000_000_000;
            let kept = self.kept(content);
            self.fates.entry(content).or_default().cut = Some(if recent { kept } else { 0 });
        }
    }

    fn look(&mut self) {
        self.disk.pass(500);
        let asked = if self.way.folder { self.disk.paths() } else { vec![log()] };
        let events = self.tail.look(&asked, self.disk.now(), &|| false);
        for path in self.disk.paths() {
            let (bytes, content) = self.disk.content(&path).unwrap();
            let fate = self.fates.entry(content).or_default();
            fate.seen = fate.seen.max(bytes.len() as u64);
        }
        self.cut.clear();
        self.note(events);
    }

    fn note(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Began { log, path, offset, after } => {
                    self.contents.insert(log, self.disk.content(&path).unwrap().1);
                    // A line parted because its log was let go in between is whole in what was given.
                    let before = after.map_or(&[][..], |after| &self.given[&after]);
                    let end = after.and_then(|after| self.ends.get(&after)).copied();
                    let going_on = end == Some(offset) && !before.ends_with(b"\n");
                    let line = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                    let bytes = if going_on { before[line..].to_vec() } else { Vec::new() };
                    self.given.insert(log, bytes);
                    self.ends.insert(log, offset);
                }
                Event::Missed { log, offset, length, .. } => {
                    self.missed.push((self.contents[&log], offset, length));
                }
                Event::Ended { log } => assert!(self.ended.insert(log), "{log:?} ended twice"),
                Event::Copied { .. } => {}
                Event::Changed { .. } | Event::Refused { .. } => panic!("{event:?}"),
            }
        }
    }

    fn read(&mut self, most: usize) {
        for log in self.tail.live() {
            while let Some(bytes) = self.tail.read(log, most, self.disk.now()) {
                assert!(!self.ended.contains(&log), "{log:?} gives bytes after its end");
                *self.ends.get_mut(&log).unwrap() += bytes.len() as u64;
                self.given.get_mut(&log).unwrap().extend(bytes);
                if most < 100 {
                    break;
                }
            }
        }
    }

    fn finish(&mut self) {
        for _ in 0..12 {
            self.look();
            self.read(1 << 20);
        }
        let events = self.tail.finish();
        self.note(events);
    }

    /// Whether nobody could have seen a line.
    fn is_hidden(&self, line: &Line) -> bool {
        let Some(fate) = self.fates.get(&line.content) else { return true };
        let end = line.offset + line.text.len() as u64;
        // What is cut off is told, unless a copy suggests that everything is in it.
        let cut = fate.cut.filter(|kept| *kept > 0 || fate.seen == 0);
        let kept = fate.removed.or(cut);
        line.blind || kept.is_some_and(|kept| end > kept && end > fate.seen)
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let given: Vec<String> =
            self.given.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        for line in &self.lines {
            let times: usize = given.iter().map(|text| text.matches(&line.text).count()).sum();
            prop_assert!(times < 2, "{line:?} came {times} times");
            let told = self.missed.iter().any(|(content, offset, length)| {
                *content == line.content
                    && line.offset + line.text.len() as u64 > *offset
                    && length.is_none_or(|length| line.offset < offset + length)
            });
            prop_assert!(times == 1 || told || self.is_hidden(line), "{line:?} is lost");
        }
        Ok(())
    }
}

/// More by the variable `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let set = ProptestConfig::default();
    ProptestConfig { cases: set.cases.max(10_000), failure_persistence: None, ..set }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_line_comes_once_or_is_told(way in way(), steps in prop::collection::vec(step(), 1..30)) {
        let mut world = World::new(way);
        world.look();
        for step in steps {
            world.take(step);
        }
        world.finish();
        world.check()?;
    }
}
