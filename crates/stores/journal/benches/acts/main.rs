//! How many acts are durable in a second, and how long one takes; opening a stream of a million acts; a page
//! of a table of a million rows. `cargo bench -p journal --bench acts -- [writers] [streams] [pages] [ROWS]`:
//! all three parts where none is named.
//!
//! The peer is SQLite itself by the same library, with the same pragmas: one event and one row a transaction,
//! and 64 of each, which is as far as anybody comes who knows beforehand what comes together.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

mod notes;
mod pages;
mod peer;
mod streams;
mod writers;

use std::time::Duration;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let rows = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let named = |name: &str| arguments.iter().any(|argument| argument == name);
    let all = !["writers", "streams", "pages"].into_iter().any(named);
    if all || named("writers") {
        writers::run();
    }
    if all || named("streams") {
        streams::run(rows);
    }
    if all || named("pages") {
        pages::run(rows);
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// How long calls took: half of them, and 99 of 100, were done within so many milliseconds, and the longest.
struct Took([f64; 3]);

impl Took {
    fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let part = |percent: usize| all[(all.len() * percent / 100).min(all.len() - 1)];
        Self([50, 99, 100].map(part).map(milliseconds))
    }
}

impl std::fmt::Display for Took {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [half, most, longest] = self.0;
        write!(formatter, "{half:>8.2} {most:>8.2} {longest:>8.2}")
    }
}
