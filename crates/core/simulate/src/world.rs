//! What all hosts of one organisation share while their days are generated.

use crate::clock::Millis;
use crate::hosts::Host;
use crate::programs::Library;
use crate::stories::Story;

/// Read-only surroundings of the hosts of one file.
#[derive(Debug)]
pub struct World {
    /// The plan's seed.
    pub seed: u64,
    /// First instant, a Japanese midnight.
    pub start: Millis,
    /// First instant that is no longer generated.
    pub end: Millis,
    /// Activity in thousandths of the ordinary.
    pub pace: i64,
    /// Id of the organisation.
    pub organisation: String,
    /// Its number among the named organisations.
    pub number: u64,
    /// Its Windows hosts, servers first.
    pub hosts: Vec<Host>,
    /// Its Linux hosts.
    pub linux: Vec<Host>,
    /// Hashes of programs.
    pub library: Library,
    /// What happens beside ordinary life.
    pub stories: Vec<Story>,
    /// Whether はやぶさ保守's maintenance tool is installed here.
    pub has_care: bool,
}

impl World {
    /// A pause as it becomes when more is going on: at twice the pace, half as long, at least 50 ms.
    pub fn shorten(&self, pause: Millis) -> Millis {
        (pause.saturating_mul(1000) / self.pace).max(50)
    }
}
