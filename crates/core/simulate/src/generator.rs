//! From a plan's file to its bytes, in time order and in bounded memory.
//!
//! Every host is a small clockwork that knows when it acts next; a heap over the hosts of one organisation says whose turn
//! it is. Memory depends on the number of hosts alone: neither days nor scale add to it.

use crate::clock::{DAY, Millis, day_of, midnight};
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
    /// Whether the file is complete.
    pub done: bool,
}

/// Generates one file of a plan.
#[derive(Debug)]
pub struct Generator {
    file: LogFile,
    world: World,
    residents: Vec<Resident>,
    turns: BinaryHeap<Reverse<(Millis, u32)>>,
    event: Event,
    buffer: Vec<u8>,
    line: u64,
    ordinal: u64,
    truths: Vec<Truth>,
}

/// Lines gather in a buffer of this size before they go out.
const BUFFER: usize = 64 * 1024;

impl Generator {
    /// A generator at the beginning of `file`, which should be one of [`Plan::files`].
    pub fn new(plan: &Plan, file: &LogFile) -> Self {
        let world = world(plan, file);
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
            world,
            residents,
            turns,
            event: Event::new(),
            buffer: Vec::with_capacity(BUFFER + 8192),
            line: 0,
            ordinal: 0,
            truths: Vec::new(),
        }
    }

    /// The next event of the file, or `None` at its end. Readers that want columns instead of lines call this.
    pub fn next_event(&mut self) -> Option<&Event> {
        loop {
            let mut top = self.turns.peek_mut()?;
            let Reverse((time, at)) = *top;
            if time >= self.world.end {
                return None;
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
                break;
            }
        }
        self.ordinal += 1;
        let place = (self.line + 1, self.ordinal);
        self.line += self.file.shape.lines(&self.event);
        self.truths.extend(truth(&self.event, (&self.file.path, &self.file.organisation), place));
        Some(&self.event)
    }

    /// Writes whole events until at least `budget` bytes went out or the file ends.
    ///
    /// # Errors
    /// Those of `out`; the generator must not be used afterwards.
    pub fn write(&mut self, out: &mut dyn std::io::Write, budget: usize) -> std::io::Result<Progress> {
        let shape = self.file.shape;
        let mut buffer = std::mem::take(&mut self.buffer);
        let (mut bytes, first) = (0, self.ordinal);
        let mut done = false;
        while bytes + buffer.len() < budget.max(1) {
            match self.next_event() {
                Some(event) => shape.encode(event, &mut buffer),
                None => {
                    done = true;
                    break;
                }
            }
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
        Ok(Progress { bytes, events: self.ordinal - first, done })
    }

    /// The ground truth of the events generated since the last call.
    pub fn take_truth(&mut self) -> Vec<Truth> {
        std::mem::take(&mut self.truths)
    }

    /// Events generated so far.
    pub fn events(&self) -> u64 {
        self.ordinal
    }

    /// Lines written so far.
    pub fn lines(&self) -> u64 {
        self.line
    }

    /// How many actions and programs all hosts hold: what memory grows with, and does not.
    pub fn pending(&self) -> usize {
        self.residents.iter().map(Resident::load).sum()
    }
}

fn world(plan: &Plan, file: &LogFile) -> World {
    let all = named();
    let number = all.iter().position(|organisation| organisation.id == file.organisation).unwrap_or(0);
    let organisation = &all[number];
    let scale = if plan.scale.is_finite() { plan.scale.clamp(0.0, 100_000.0) } else { 1.0 };
    let start = midnight(day_of(plan.start.as_millisecond()));
    World {
        seed: plan.seed,
        start,
        end: start + i64::from(plan.days) * DAY,
        pace: (scale.max(1.0) * 1000.0) as i64,
        organisation: organisation.id.clone(),
        number: number as u64,
        hosts: hosts(organisation, scale),
        linux: linux_hosts(organisation, scale),
        library: Library::new(),
        stories: plan.stories.clone(),
        has_care: matches!(organisation.id.as_str(), "hinata" | "aoba" | "chiri" | "hoshu"),
    }
}
