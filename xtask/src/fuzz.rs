//! `cargo xtask fuzz [TARGET...|all] [--minutes N]`: builds the targets of `fuzz/` with coverage
//! counters, fills an empty corpus with first inputs, and runs each target for its time.
//!
//! The stable compiler is enough: the counters come from a pass of LLVM, the engine is LLVM's
//! libFuzzer, and a fault shows as a panic, so that no sanitizer is needed for code without
//! `unsafe`. Corpus and findings stay in `fuzz/corpus` and `fuzz/artifacts`, outside version
//! control.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::ci::{cargo, root, succeed};

/// (name, longest input in bytes). Long enough for the smallest whole file of the format,
/// short enough that most executions change something that matters.
pub const TARGETS: &[(&str, u32)] = &[
    ("archives", 16_384),
    ("auditd", 8_192),
    ("evtx", 73_728),
    ("indicators", 4_096),
    ("json", 8_192),
    ("reader", 16_384),
    ("rules", 8_192),
    ("text", 8_192),
    ("xml", 8_192),
];

/// Most memory of a target, its corpus and compiled rules included. The limits that the targets
/// give the readers allow a hundredth of it.
const MEMORY_MB: u32 = 512;

/// Most seconds for one input.
const SECONDS: u32 = 10;

/// Counters on every edge, compared values as hints, one unit for each crate so that the
/// counters of a function stay together.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions \
    -Coverflow-checks --cfg fuzzing";

/// What is asked for.
struct Wanted {
    targets: Vec<(&'static str, u32)>,
    seconds: u64,
}

/// Where things lie.
struct Folders {
    fuzz: PathBuf,
    built: PathBuf,
}

/// How a target ended.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    executions: u64,
    each_second: u64,
    peak_mb: u64,
    coverage: u64,
    inputs: usize,
    /// Files that the run left behind: inputs that crash, hang or take too much.
    found: Vec<String>,
    /// What the run said when it ended early.
    trouble: Option<String>,
}

/// Carries out the verb.
pub fn run(arguments: &[String]) -> Result<()> {
    let wanted = wanted(arguments)?;
    let root = root()?;
    let fuzz = root.join("fuzz");
    let built = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| fuzz.join("target"), |folder| root.join(folder).join("fuzz"));
    let folders = Folders { fuzz, built };
    let binaries = build(&root, &folders, &wanted)?;
    let mut outcomes = Vec::new();
    for (name, longest) in &wanted.targets {
        println!("{name}: {} s, log in fuzz/artifacts/{name}.log", wanted.seconds);
        let outcome = one(&binaries.join(name), &folders, (name, *longest), wanted.seconds)?;
        if let Some(trouble) = &outcome.trouble {
            println!("{trouble}");
        }
        outcomes.push((*name, outcome));
    }
    print!("{}", table(&outcomes));
    let failed: Vec<&str> =
        outcomes.iter().filter(|(_, outcome)| outcome.trouble.is_some()).map(|(name, _)| *name).collect();
    ensure!(failed.is_empty(), "found something: {}", failed.join(", "));
    Ok(())
}

fn wanted(arguments: &[String]) -> Result<Wanted> {
    let mut targets = Vec::new();
    let mut minutes = 10.0;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--minutes" {
            let value = rest.next().context("--minutes needs a number")?;
            minutes = value.parse().with_context(|| format!("{value:?} is no number of minutes"))?;
        } else if argument == "all" {
            targets.extend(TARGETS);
        } else {
            let known = TARGETS.iter().find(|(name, _)| name == argument);
            let names = TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            targets
                .push(*known.with_context(|| format!("there is no target {argument:?}; they are {names}"))?);
        }
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    ensure!((0.01..=100_000.0).contains(&minutes), "--minutes is a number above 0");
    Ok(Wanted { targets, seconds: (minutes * 60.0_f64).ceil() as u64 })
}

/// Builds the targets and says in which folder they are. Naming the platform keeps the flags
/// away from build scripts and macros, which run without the engine.
fn build(root: &Path, folders: &Folders, wanted: &Wanted) -> Result<PathBuf> {
    let version = Command::new("rustc").arg("-vV").output().context("cannot start rustc")?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say its host")?;
    let mut command = cargo(root);
    command.env("RUSTFLAGS", FLAGS).args(["build", "--manifest-path", "fuzz/Cargo.toml", "--target", host]);
    command.arg("--target-dir").arg(&folders.built);
    for (name, _) in &wanted.targets {
        command.args(["--bin", name]);
    }
    succeed(&mut command)?;
    Ok(folders.built.join(host).join("debug"))
}

/// Runs one target for its time.
fn one(binary: &Path, folders: &Folders, target: (&str, u32), seconds: u64) -> Result<Outcome> {
    let (name, longest) = target;
    let corpus = folders.fuzz.join("corpus").join(name);
    let artifacts = folders.fuzz.join("artifacts").join(name);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&artifacts)?;
    if names(&corpus)?.is_empty() {
        let seeding = Command::new(binary).env("NOROSHI_FUZZ_SEEDS", &corpus).output()?;
        ensure!(seeding.status.success(), "{}", String::from_utf8_lossy(&seeding.stderr));
    }
    let before = names(&artifacts)?;
    let log = folders.fuzz.join("artifacts").join(format!("{name}.log"));
    let ended = Command::new(binary)
        .arg(&corpus)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-rss_limit_mb={MEMORY_MB}"))
        .arg(format!("-timeout={SECONDS}"))
        .arg(format!("-max_len={longest}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .arg("-print_final_stats=1")
        .env("RUST_BACKTRACE", "1")
        .stderr(fs::File::create(&log)?)
        .status()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let mut outcome = Outcome { inputs: names(&corpus)?.len(), ..told(&said) };
    outcome.found = names(&artifacts)?.difference(&before).cloned().collect();
    if !ended.success() {
        outcome.trouble = Some(format!("{ended}\n{}", cause(&said)));
    }
    Ok(outcome)
}

fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    entries.collect()
}

/// Reads what the engine says at its end.
fn told(log: &str) -> Outcome {
    let last = |mark: &str| {
        let rest = log.rsplit_once(mark).map_or("", |(_, rest)| rest);
        rest.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
    };
    Outcome {
        executions: last("stat::number_of_executed_units:"),
        each_second: last("stat::average_exec_per_sec:"),
        peak_mb: last("stat::peak_rss_mb:"),
        coverage: last(" cov: "),
        ..Outcome::default()
    }
}

/// The lines of a log that say why it ended: the panic, else what the engine called it.
fn cause(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let panic = lines.iter().position(|line| line.contains("panicked at"));
    let named = lines.iter().position(|line| line.contains("ERROR: libFuzzer"));
    let Some(at) = panic.or(named) else {
        return lines.last().map_or_else(String::new, |line| (*line).to_owned());
    };
    lines[at..]
        .iter()
        .take_while(|line| !line.starts_with("stack backtrace"))
        .take(4)
        .fold(String::new(), |text, line| text + "    " + line + "\n")
}

fn table(outcomes: &[(&str, Outcome)]) -> String {
    let mut text = format!(
        "{:<10} {:>12} {:>8} {:>8} {:>8} {:>9}  outcome\n",
        "target", "executions", "each s", "peak MB", "inputs", "coverage"
    );
    for (name, outcome) in outcomes {
        let ended = if outcome.trouble.is_some() { "ended early" } else { "nothing found" };
        text += &format!(
            "{name:<10} {:>12} {:>8} {:>8} {:>8} {:>9}  {ended}\n",
            outcome.executions, outcome.each_second, outcome.peak_mb, outcome.inputs, outcome.coverage
        );
        for found in &outcome.found {
            text += &format!("{:<10} fuzz/artifacts/{name}/{found}\n", "");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Outcome, TARGETS, cause, told, wanted};

    fn arguments(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn targets_and_minutes_are_understood() {
        let all = wanted(&arguments(&["--minutes", "0.5"])).expect("no target means all");
        assert_eq!((all.targets.len(), all.seconds), (TARGETS.len(), 30));
        let some = wanted(&arguments(&["json", "evtx"])).expect("both exist");
        assert_eq!((some.targets, some.seconds), (vec![("json", 8_192), ("evtx", 73_728)], 600));
        for wrong in [&["jsno"][..], &["--minutes"], &["--minutes", "x"], &["--minutes", "0"]] {
            assert!(wanted(&arguments(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn figures_of_the_engine_are_read() {
        let log = "#2 INITED cov: 11 ft: 12 corp: 1/1b exec/s: 0 rss: 30Mb\n\
                   #9 NEW    cov: 27 ft: 31 corp: 4/9b lim: 4 exec/s: 0 rss: 31Mb\n\
                   stat::number_of_executed_units: 90210\n\
                   stat::average_exec_per_sec:     1503\n\
                   stat::peak_rss_mb:              88\n";
        let expected = Outcome {
            executions: 90_210,
            each_second: 1_503,
            peak_mb: 88,
            coverage: 27,
            ..Outcome::default()
        };
        assert_eq!(told(log), expected);
        assert_eq!(told(""), Outcome::default());
    }

    #[test]
    fn the_cause_is_the_panic_or_the_engines_word() {
        let panic =
            "#9 NEW\nthread '<unnamed>' panicked at src/a.rs:1:2:\nevents and rows\nstack backtrace:\n 0: x";
        assert_eq!(cause(panic), "    thread '<unnamed>' panicked at src/a.rs:1:2:\n    events and rows\n");
        assert!(cause("==1== ERROR: libFuzzer: timeout after 10 seconds\n#0").contains("timeout after 10"));
        assert_eq!(cause("Killed"), "Killed");
    }
}
