//! The attacks of NATION.md, told host by host and day by day.
//!
//! A story answers one question: what happens on this host on this day? So nothing has to be kept between days, and a
//! plan may begin in the middle of a story.

mod intruder;
mod supplier;

use crate::clock::day_number;
use crate::deed::Planned;
use crate::world::World;
use jiff::civil::Date;

pub use intruder::QuietIntruder;
pub use supplier::MaintenanceDoor;

/// A story with its dates (Japanese civil days).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Story {
    /// A. 保守の扉: ransomware through the supplier.
    MaintenanceDoor(MaintenanceDoor),
    /// C. 静かな潮: a quiet intruder.
    QuietIntruder(QuietIntruder),
}

impl Story {
    /// What the story does on the Windows host `index` during `day`; may reach into the following night.
    pub(crate) fn deeds(&self, world: &World, index: usize, day: i64) -> Vec<Planned> {
        match self {
            Story::MaintenanceDoor(story) => story.deeds(world, index, day),
            Story::QuietIntruder(story) => story.deeds(world, index, day),
        }
    }

    /// The same for Linux hosts.
    pub(crate) fn linux_deeds(&self, world: &World, index: usize, day: i64) -> Vec<Planned> {
        match self {
            Story::MaintenanceDoor(_) => Vec::new(),
            Story::QuietIntruder(story) => story.linux_deeds(world, index, day),
        }
    }
}

fn number(date: Date) -> i64 {
    day_number(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()))
}
