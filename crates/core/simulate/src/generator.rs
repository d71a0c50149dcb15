//! From a plan's log to its bytes, in time order and in bounded memory.
//!
//! Every host is a small clockwork that knows when it acts next; a heap over the hosts of one organisation says whose turn
//! it is. Memory depends on the number of hosts alone: neither days nor scale add to it.

use crate::census::{Census, Tally};
use crate::clock::{Millis, month_of};
use crate::encode::Shape;
use crate::event::Event;
use crate::hosts::{hosts, linux_hosts};
use crate::linux::Penguin;
use crate::machine::Machine;
use crate::nation::named;
use crate::plan::{LogFile, Plan};
use crate::programs::Library;
use crate::truth::{Truth, truth};
use crate::world::World;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

#[derive(Debug)]
enum Resident {
    Windows(Box<Machine>),
    Linux(Box<Penguin>),
}

impl Resident {
    fn next_time(&self) -> Option<Millis> {
        match self {
            Resident::Windows(machine) => machine.next_time(),
            Resident::Linux(penguin) => penguin.next_time(),
        }
    }

    fn step(&mut self, world: &World, event: &mut Event) -> bool {
        match self {
            Resident::Windows(machine) => machine.step(world, event),
            Resident::Linux(penguin) => penguin.step(world, event),
        }
    }

    fn load(&self) -> usize {
        match self {
            Resident::Windows(machine) => machine.load_of(),
            Resident::Linux(penguin) => penguin.load_of(),
        }
    }
}

/// What one call of [`Generator::write`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes written.
    pub bytes: usize,
    /// Events written.
    pub events: u64,
    /// Whether the file is complete; what comes next belongs into another one.
    pub file_done: bool,
    /// Whether the log is.
    pub done: bool,
}

/// The file that is being written.
#[derive(Debug)]
struct Part {
    path: String,
    /// First instant that belongs into the next one.
    end: Millis,
    line: u64,
    ordinal: u64,
}

/// Generates one log of a plan.
#[derive(Debug)]
pub struct Generator {
    file: LogFile,
    monthly: bool,
    world: World,
    residents: Vec<Resident>,
    turns: BinaryHeap<Reverse<(Millis, u32)>>,
    event: Event,
    buffer: Vec<u8>,
    part: Part,
    lines: u64,
    events: u64,
    truths: Vec<Truth>,
    tally: Tally,
}

/// Lines gather in a buffer of this size before they go out.
const BUFFER: usize = 64 * 1024;

impl Generator {
    /// A generator at the beginning of `file`, which should be one of [`Plan::files`].
    pub fn new(plan: &Plan, file: &LogFile) -> Self {
        let world = world(plan, file);
        let part = part(plan.monthly, file, world.start);
        let residents: Vec<Resident> = if file.shape == Shape::Auditd {
            (0..world.linux.len())
                .map(|index| Resident::Linux(Box::new(Penguin::new(&world, index))))
                .collect()
        } else {
            (0..world.hosts.len())
                .map(|index| Resident::Windows(Box::new(Machine::new(&world, index))))
                .collect()
        };
        let turns = residents
            .iter()
            .zip(0u32..)
            .filter_map(|(resident, at)| resident.next_time().map(|time| Reverse((time, at))))
            .collect();
        Generator {
            file: file.clone(),
            monthly: plan.monthly,
            world,
            tally: Tally::new(residents.len()),
            residents,
            turns,
            event: Event::new(),
            buffer: Vec::with_capacity(BUFFER + 8192),
            part,
            lines: 0,
            events: 0,
            truths: Vec::new(),
        }
    }

    /// Path of the file that is being written, as in [`LogFile::path`].
    pub fn path(&self) -> &str {
        &self.part.path
    }

    /// The next event of the log, or `None` at its end. Readers that want columns instead of lines call this.
    pub fn next_event(&mut self) -> Option<&Event> {
        while !self.advance() {
            if !self.turn_over() {
                return None;
            }
        }
        Some(&self.event)
    }

    /// The next event of the file that is being written; false at its end.
    fn advance(&mut self) -> bool {
        let end = self.part.end.min(self.world.end);
        loop {
            let Some(mut top) = self.turns.peek_mut() else { return false };
            let Reverse((time, at)) = *top;
            if time >= end {
                return false;
            }
            let resident = &mut self.residents[at as usize];
            let wrote = resident.step(&self.world, &mut self.event);
            match resident.next_time() {
                Some(next) => *top = Reverse((next, at)),
                None => {
                    std::collections::binary_heap::PeekMut::pop(top);
                    continue;
                }
            }
            drop(top);
            if wrote {
                self.count(at as usize);
                return true;
            }
        }
    }

    fn count(&mut self, resident: usize) {
        let lines = self.file.shape.lines(&self.event);
        let place = (self.part.line + 1, self.part.ordinal + 1);
        self.part.line += lines;
        self.part.ordinal += 1;
        self.lines += lines;
        self.events += 1;
        self.tally.count(&self.event, resident);
        self.truths.extend(truth(&self.event, (&self.part.path, &self.file.organisation), place));
    }

    /// Begins the next file; false when there is none.
    fn turn_over(&mut self) -> bool {
        let more = self.part.end < self.world.end;
        if more {
            self.part = part(self.monthly, &self.file, self.part.end);
        }
        more
    }

    /// Writes whole events until at least `budget` bytes went out or the file ends. [`Generator::path`] is then that of the
    /// file that what comes next belongs into.
    ///
    /// # Errors
    /// Those of `out`; the generator must not be used afterwards.
    pub fn write(&mut self, out: &mut dyn std::io::Write, budget: usize) -> std::io::Result<Progress> {
        let shape = self.file.shape;
        let mut buffer = std::mem::take(&mut self.buffer);
        let (mut bytes, first) = (0, self.events);
        let mut file_done = false;
        while bytes + buffer.len() < budget.max(1) {
            if !self.advance() {
                file_done = true;
                break;
            }
            shape.encode(&self.event, &mut buffer);
            if buffer.len() >= BUFFER {
                out.write_all(&buffer)?;
                bytes += buffer.len();
                buffer.clear();
            }
        }
        out.write_all(&buffer)?;
        bytes += buffer.len();
        buffer.clear();
        self.buffer = buffer;
        let done = file_done && !self.turn_over();
        Ok(Progress { bytes, events: self.events - first, file_done, done })
    }

    /// The ground truth of the events generated since the last call.
    pub fn take_truth(&mut self) -> Vec<Truth> {
        std::mem::take(&mut self.truths)
    }

    /// What the log holds so far, in counts.
    pub fn census(&self) -> Census {
        let hosts = if self.file.shape == Shape::Auditd { &self.world.linux } else { &self.world.hosts };
        self.tally.census(&self.file.organisation, hosts)
    }

    /// Events generated so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Lines written so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// How many actions and programs all hosts hold: what memory grows with, and does not.
    pub fn pending(&self) -> usize {
        self.residents.iter().map(Resident::load).sum()
    }
}

fn part(monthly: bool, file: &LogFile, from: Millis) -> Part {
    let (path, end) = if monthly {
        let (month, end) = month_of(from);
        (file.of_month(&month).path, end)
    } else {
        (file.path.clone(), Millis::MAX)
    };
    Part { path, end, line: 0, ordinal: 0 }
}

fn world(plan: &Plan, file: &LogFile) -> World {
    let all = named();
    let number = all.iter().position(|organisation| organisation.id == file.organisation).unwrap_or(0);
    let organisation = &all[number];
    let scale = if plan.scale.is_finite() { plan.scale.clamp(0.0, 100_000.0) } else { 1.0 };
    let pace = if plan.pace.is_finite() { plan.pace.clamp(0.01, 100.0) } else { 1.0 };
    let (start, end) = plan.span();
    World {
        seed: plan.seed,
        start,
        end,
        pace: (scale.max(1.0) * pace * 1000.0) as i64,
        organisation: organisation.id.clone(),
        number: number as u64,
        hosts: hosts(organisation, scale),
        linux: linux_hosts(organisation, scale),
        library: Library::new(),
        stories: plan.stories.clone(),
        has_care: matches!(organisation.id.as_str(), "hinata" | "aoba" | "chiri" | "hoshu"),
    }
}
