//! Long work that somebody wanted and nobody does: `serve` lets a process of its own do it, which asks the holder
//! as any command does. So it takes its own memory, stands behind those who receive, and can be stopped.

use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use intake::Stop;
use rustix::process::{Pid, Signal, kill_process};
use tracing::{error, info, warn};

use super::wait;
use crate::books::with_cause;
use crate::commands::rules::rescan;
use crate::holder::Held;

/// Time between two looks for work.
const LOOK: Duration = Duration::from_secs(5);
/// How long work that failed is left alone.
const PAUSE: Duration = Duration::from_secs(600);
/// How long work may take to end once it is told to.
const FAREWELL: Duration = Duration::from_secs(2);

/// Lets open work be done until the process is to end.
pub fn work(held: &Arc<Held>, stop: &Stop) {
    let mut failed: Option<Clock> = None;
    while wait(stop, LOOK) {
        if failed.is_some_and(|failed| failed.elapsed() < PAUSE) {
            continue;
        }
        // Somebody does it themselves.
        if held.observed().is_some_and(|observing| observing.scanning().try_take().is_none()) {
            continue;
        }
        match held.journal().open_job(rescan::KIND) {
            Ok(None) => {}
            Ok(Some(job)) => {
                info!(job = %job.id, kind = %job.kind, "begun");
                failed = match scan(held, stop) {
                    Ok(true) => None,
                    Ok(false) if stop.asked() => None,
                    Ok(false) => Some(Clock::now()),
                    Err(error) => {
                        error!(reason = with_cause(&error), "work could not be begun");
                        Some(Clock::now())
                    }
                };
                info!(job = %job.id, done = failed.is_none(), "ended");
            }
            Err(error) => error!(reason = with_cause(&error), "nobody knows what is to be done"),
        }
    }
}

/// Scans what is kept again; whether all of it was done.
fn scan(held: &Held, stop: &Stop) -> io::Result<bool> {
    // This very program, also where another one lies in its place by now.
    let mut command = Command::new("/proc/self/exe");
    command.args(["detect", "--lake", "--threads", "1", "--home"]).arg(held.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                warn!(%status, "a scan of what is kept ended early");
            }
            return Ok(status.success());
        }
        if !wait(stop, Duration::from_millis(100)) {
            end(&mut child)?;
            return Ok(false);
        }
    }
}

/// Ends work, which goes on where it was the next time.
fn end(child: &mut Child) -> io::Result<()> {
    let until = Clock::now() + FAREWELL;
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended.
        let _ = kill_process(pid, Signal::TERM);
    }
    while child.try_wait()?.is_none() {
        if Clock::now() >= until {
            child.kill()?;
            child.wait()?;
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
