//! `cargo xtask bench hayabusa`: the whole scan against hayabusa, both in this run, on the same
//! files and rules. Counts processor seconds and peak memory of each process; Linux only.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::ci::cargo_here;

/// Runs of each program; the one with the least processor time counts.
const RUNS: usize = 3;

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) processor: f64,
    pub(crate) wall: f64,
    pub(crate) peak_kb: u64,
}

/// Runs the comparison: `--binary PATH --rules DIR --logs DIR`.
pub fn run(arguments: &[String]) -> Result<()> {
    let value = |name: &str| path_of(arguments, name);
    let (binary, rules, logs) = (value("--binary")?, value("--rules")?, value("--logs")?);
    let noroshi = release()?;
    let work = std::env::temp_dir().join(format!("noroshi-bench-{}", std::process::id()));
    let small = work.join("small");
    std::fs::create_dir_all(&small)?;
    std::fs::copy(smallest(&logs)?, small.join("small.evtx"))?;

    // It looks for its own configuration in its working folder.
    let home = binary.ancestors().find(|folder| folder.join("config").is_dir()).unwrap_or(&binary);
    let theirs = |logs: &Path| {
        let mut command = Command::new(&binary);
        command.args(["dfir-timeline", "-w", "-C", "-q", "-N", "-n", "-t", "jsonl", "-d"]).arg(logs);
        command.arg("-r").arg(&rules).arg("-o").arg(work.join("theirs.jsonl"));
        command.arg("-c").arg(rules.join("config")).current_dir(home);
        command
    };
    let ours = |logs: &Path, rules: &Path| {
        let mut command = Command::new(&noroshi);
        command.args(["detect", "--json"]).arg(work.join("ours.jsonl")).arg("--rules").arg(rules).arg(logs);
        command
    };
    let one_rule = work.join("none.yml");
    std::fs::write(&one_rule, NEVER)?;

    let (their_all, their_load) = (cheapest(|| theirs(&logs))?, cheapest(|| theirs(&small))?);
    let mut their_read = Command::new(&binary);
    their_read.args(["eid-metrics", "-C", "-q", "-d"]).arg(&logs).arg("-o").arg(work.join("metrics.csv"));
    their_read.arg("-c").arg(rules.join("config")).current_dir(home);
    let their_read = cost(&mut their_read)?;
    let (our_all, our_load) = (cheapest(|| ours(&logs, &rules))?, cheapest(|| ours(&small, &rules))?);
    let our_read = cheapest(|| ours(&logs, &one_rule))?;

    println!("{:<22} {:>9} {:>9} {:>10}", "", "CPU s", "wall s", "peak MB");
    for (name, cost) in [
        ("hayabusa", their_all),
        ("  load and end", their_load),
        ("  read only", their_read),
        ("noroshi", our_all),
        ("  load and end", our_load),
        ("  read only", our_read),
    ] {
        println!("{name:<22} {:>9.2} {:>9.2} {:>10}", cost.processor, cost.wall, cost.peak_kb / 1024);
    }
    let matching = |all: Cost, load: Cost, read: Cost| all.processor - load.processor - read.processor;
    let (them, us) = (matching(their_all, their_load, their_read), matching(our_all, our_load, our_read));
    println!("end to end: {:.1} times less processor time", their_all.processor / our_all.processor);
    println!("matching alone: {them:.2} s against {us:.2} s, {:.0} times less", them / us.max(0.01));
    std::fs::remove_dir_all(&work)?;
    Ok(())
}

/// A rule that reads one kind of event that no log has, so that files are only read.
pub(crate) const NEVER: &str = "title: never\nlogsource:\n  product: windows\n  service: ldp\ndetection:\n  selection:\n    EventID: 1\n  condition: selection\n";

/// The file or folder that stands behind `name`.
pub(crate) fn path_of(arguments: &[String], name: &str) -> Result<PathBuf> {
    let at = arguments.iter().position(|argument| argument == name);
    let found = at.and_then(|at| arguments.get(at + 1)).with_context(|| format!("{name} is missing"))?;
    Path::new(found).canonicalize().with_context(|| format!("{found} cannot be opened"))
}

/// The program as it is installed, built.
pub(crate) fn release() -> Result<PathBuf> {
    let built = cargo_here().args(["build", "--release", "--package", "noroshi"]).status()?;
    if !built.success() {
        bail!("the release build failed");
    }
    Ok(Path::new("target/release/noroshi").canonicalize()?)
}

/// Files below a folder whose names end so, in order of their paths.
pub(crate) fn files_below(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn smallest(folder: &Path) -> Result<PathBuf> {
    let sized = |path: PathBuf| Some((path.metadata().ok()?.len(), path));
    let files = files_below(folder, "evtx")?.into_iter().filter_map(sized);
    let smallest = files.filter(|(size, _)| *size > 0).min().context("there is no EVTX file in --logs")?;
    Ok(smallest.1)
}

fn cheapest(mut command: impl FnMut() -> Command) -> Result<Cost> {
    let mut costs = (0..RUNS).map(|_| cost(&mut command())).collect::<Result<Vec<_>>>()?;
    costs.sort_by(|a, b| a.processor.total_cmp(&b.processor));
    costs.first().copied().context("nothing was run")
}

/// Runs a command that must succeed.
pub(crate) fn cost(command: &mut Command) -> Result<Cost> {
    let (cost, ended) = run_to_end(command)?;
    if !ended.success() {
        bail!("{command:?} ended with {ended}");
    }
    Ok(cost)
}

/// Runs a command that may end as it likes.
pub(crate) fn cost_however(command: &mut Command) -> Result<Cost> {
    run_to_end(command).map(|(cost, _)| cost)
}

fn run_to_end(command: &mut Command) -> Result<(Cost, ExitStatus)> {
    let before = children()?;
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kb = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        peak_kb = peak_kb.max(high_water(&status).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    };
    let cost = Cost { processor: children()? - before, wall: began.elapsed().as_secs_f64(), peak_kb };
    Ok((cost, ended))
}

/// Processor seconds of all children that have ended: fields 16 and 17 of `/proc/self/stat`, in
/// hundredths of a second on every Linux of today.
fn children() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |number: usize| fields.get(number).and_then(|field| field.parse::<f64>().ok());
    Ok((ticks(13).context("cutime")? + ticks(14).context("cstime")?) / 100.0)
}

fn high_water(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
