//! The demo's logs, what was planted in them, and how much there is of what.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intake::Stop;
use simulate::{Census, Generator, LogFile, Plan, Truth};

use super::folder::Mark;

/// What was planted, an event a line.
pub(super) const TRUTH: &str = "truth.ndjson";
/// How much there is of what.
pub(super) const CENSUS: &str = "census.json";
/// Bytes between two looks at whether the user wants to stop.
const STRETCH: usize = 1 << 20;

/// What is known of a log that is written; none when the user stopped it.
type Made = Option<(Vec<Truth>, Census)>;

/// Makes logs, truth and census. False when the user stopped it; the folder is then made anew next time.
pub(super) fn make(folder: &Path, mark: &Mark, threads: usize, stop: &Stop) -> io::Result<bool> {
    Mark::write(None, folder)?;
    let logs = folder.join("logs");
    match fs::remove_dir_all(&logs) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // Opened now: what stands in their place is known before anything is made.
    let mut truth = fresh(&folder.join(TRUTH))?;
    let mut census = fresh(&folder.join(CENSUS))?;
    let Some(made) = write_all(&logs, &mark.plan(), threads, stop)? else { return Ok(false) };
    let mut counts = Census::default();
    for (planted, counted) in made {
        counts.add(counted);
        for event in planted {
            serde_json::to_writer(&mut truth, &event)?;
            truth.write_all(b"\n")?;
        }
    }
    truth.flush()?;
    serde_json::to_writer_pretty(&mut census, &counts)?;
    census.write_all(b"\n")?;
    census.flush()?;
    // Last, so that a folder with this mark is complete.
    Mark::write(Some(mark), folder)?;
    Ok(true)
}

/// A file anew. What stands there is removed and not only emptied: a link leads to something of the user's.
fn fresh(path: &Path) -> io::Result<BufWriter<File>> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    Ok(BufWriter::new(File::create_new(path)?))
}

/// What is known of a log: what was planted in it, and how much there is of what.
type Known = (Vec<Truth>, Census);

/// Writes the logs over threads; gives what is known of each, in the plan's order.
fn write_all(logs: &Path, plan: &Plan, threads: usize, stop: &Stop) -> io::Result<Option<Vec<Known>>> {
    let files = plan.files();
    let bar = bar(files.len() as u64);
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<Vec<(usize, Made)>> {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else { return Ok(done) };
            bar.set_message(file.path.clone());
            done.push((at, write(logs, plan, file, stop)?));
            bar.inc(1);
        }
    };
    let mut made = thread::scope(|scope| {
        let hands: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let mut made = Vec::new();
        for hand in hands {
            made.extend(hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok::<_, io::Error>(made)
    })?;
    bar.finish_and_clear();
    made.sort_by_key(|(at, _)| *at);
    Ok(made.into_iter().map(|(_, made)| made).collect())
}

fn write(logs: &Path, plan: &Plan, file: &LogFile, stop: &Stop) -> io::Result<Made> {
    let mut generator = Generator::new(plan, file);
    loop {
        let path = logs.join(generator.path());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut out = BufWriter::with_capacity(STRETCH, File::create(&path)?);
        let progress = loop {
            let progress = generator.write(&mut out, STRETCH)?;
            if stop.asked() {
                return Ok(None);
            }
            if progress.file_done {
                break progress;
            }
        };
        out.flush()?;
        if progress.done {
            return Ok(Some((generator.take_truth(), generator.census())));
        }
    }
}

fn bar(length: u64) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr_with_hz(8)
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(length), target).with_style(style)
}
