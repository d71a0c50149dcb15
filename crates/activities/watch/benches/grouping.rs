//! How long verdicts take to become findings, and one more that joins. `cargo bench -p watch --bench grouping -- [ROWS]`.
//!
//! The peer is what a script does: all verdicts in memory, sorted by host and time, a session ending after half an
//! hour. It knows one of the six ways in which verdicts belong together, keeps nothing, and does all at once.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

use std::collections::HashMap;
use std::time::{Duration, Instant as Clock};

use journal::{Acting, Actor, Journal, Kinds};
use model::evidence::ContentId;
use model::level::Level;
use model::marking::Marking;
use model::time::Instant;
use model::view::View;
use watch::findings::{Piece, Seen, Stepped, group};

const PIECE: u64 = 50_000;
const HOSTS: u64 = 2_000;
const RULES: u64 = 300;
const YEAR: u64 = 365 * 86_400;
/// Verdicts that come one by one at the end.
const SINGLE: u64 = 1_000;

fn main() {
    let rows = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, single, findings) = ours(folder.path(), rows);
    let (peak, cpu) = (memory(), cpu());
    let theirs = theirs(rows);
    println!("{rows} verdicts, in pieces of {PIECE}");
    let [cpu, wall] = [cpu, ours.as_secs_f64()];
    println!("  grouped      {wall:>8.1} s ({cpu:.1} s of CPU)  {findings} findings, {peak:.0} MB at most");
    println!(
        "  in memory    {:>8.1} s  ({:.1} times that)",
        theirs.as_secs_f64(),
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
    let [half, most] = [50, 99].map(|percent| single[single.len() * percent / 100].as_secs_f64() * 1_000.0);
    println!("  one more     {half:>8.2} ms half of them, {most:.2} ms 99 of 100");
}

fn who() -> (View, Instant) {
    let now = Instant::from_nanoseconds(1_800_000_000_000_000_000);
    (access::operator("root", now), now)
}

/// All verdicts but the last ones in pieces, then those one by one.
fn ours(folder: &std::path::Path, rows: u64) -> (Duration, Vec<Duration>, u64) {
    let home = home::Writer::take(&folder.join("home")).expect("free");
    let journal = Journal::open(&home, watch::kinds(Kinds::new())).expect("opened");
    let acting = Acting { actor: Actor::installation(), now: who().1 };
    let (mut position, mut opened) = (0u64, 0);
    let mut step = |seen: Vec<Seen>| -> Stepped {
        let at = |number: u64| (number > 0).then(|| number.to_string());
        let positions = (at(position), at(position + 1));
        position += 1;
        let piece = Piece { compartment: "own", seen, positions, may_repeat: false };
        group(&journal, &who, &acting, piece).expect("grouped")
    };
    let began = Clock::now();
    for first in (0..rows).step_by(usize::try_from(PIECE).expect("small")) {
        let stepped = step((first..rows.min(first + PIECE)).map(seen).collect());
        opened += stepped.opened - stepped.merged;
    }
    let all = began.elapsed();
    let mut single: Vec<Duration> = (rows..rows + SINGLE)
        .map(|number| {
            let began = Clock::now();
            step(vec![seen(number)]);
            began.elapsed()
        })
        .collect();
    single.sort_unstable();
    (all, single, opened)
}

/// Sessions by host, in memory alone.
fn theirs(rows: u64) -> Duration {
    let began = Clock::now();
    let mut all: Vec<(Option<String>, i64, ContentId)> =
        (0..rows).map(seen).map(|seen| (seen.host, seen.time.seconds(), seen.id)).collect();
    all.sort_unstable();
    let mut sessions: HashMap<ContentId, usize> = HashMap::new();
    let mut session = 0;
    for (at, (host, time, id)) in all.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &all[before]);
        session += usize::from(before.is_none_or(|(other, last, _)| other != host || time - last > 1_800));
        sessions.insert(*id, session);
    }
    assert_eq!(sessions.len() as u64, rows);
    began.elapsed()
}

/// A number that looks random.
fn mixed(number: u64, salt: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 32)
}

/// A verdict of a noisy year; later numbers are later, but for a few.
fn seen(number: u64) -> Seen {
    let late = if mixed(number, 1).is_multiple_of(50) { mixed(number, 2) % 86_400 } else { 0 };
    let second = (number * 31).saturating_sub(late) % YEAR;
    let host = mixed(number, 3) % HOSTS * (mixed(number, 4) % HOSTS) / HOSTS;
    // Nine of ten are what always fires there.
    let habit = mixed(host, 5 + mixed(number, 6) % 4) % RULES;
    let rule = if mixed(number, 10).is_multiple_of(10) { mixed(number, 11) % RULES } else { habit };
    let level = match rule % 100 {
        0..50 => Level::Low,
        50..90 => Level::Medium,
        90..99 => Level::High,
        _ => Level::Critical,
    };
    let process = mixed(host * 100_000 + second / 3_600, 7);
    let id = (u128::from(mixed(number, 8)) << 64) | u128::from(number);
    Seen {
        id: ContentId::from(id.to_be_bytes()),
        time: Instant::from_nanoseconds(i64::try_from(second).expect("small") * 1_000_000_000),
        organisation: format!("organisation{}", host % 9),
        marking: Marking::default(),
        host: Some(format!("HOST-{host:04}.example")),
        process: Some(format!("{{{process:032x}}}")),
        parent: Some(format!("{{{:032x}}}", mixed(host * 100_000 + second / 86_400, 9))),
        session: Some(format!("0x{:x}", 0x10_000 + host * 400 + second / 86_400)),
        rule: format!("{:032x}", rule),
        title: format!("Rule number {rule} of the noisy year"),
        level,
        techniques: vec![format!("T{:04}", 1_000 + rule % 120)],
        group: Vec::new(),
        events: 1,
    }
}

fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or_default()
        / 1_000.0
}

/// Seconds of CPU that this process has taken.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = stat.rsplit(')').next().unwrap_or_default();
    let ticks = behind.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
