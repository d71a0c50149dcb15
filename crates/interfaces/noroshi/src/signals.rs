//! Signals by which the user ends a run: the first asks the running command to end with what it
//! has, the second ends it at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use intake::Stop;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// Exit code of a run that the user stopped.
pub const STOPPED: u8 = 130;

/// A wish to stop that Ctrl-C (SIGINT), SIGTERM and the end of the terminal (SIGHUP) set. A SIGHUP
/// that was ignored when the program began, as by `nohup`, stays ignored.
///
/// # Errors
/// When the system refuses the handler.
pub fn stop() -> io::Result<Stop> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if signal == SIGHUP && is_hangup_ignored() {
            continue;
        }
        // In this order: the first signal finds the flag down, the second finds it up.
        flag::register_conditional_shutdown(signal, STOPPED.into(), flag.clone())?;
        flag::register(signal, flag.clone())?;
    }
    Ok(Stop::by(flag))
}

/// Asked of the system's own account of the process, since asking the system itself is no safe
/// call. Where there is no such account, a hangup is heard like the others.
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask & (1 << (SIGHUP - 1)) != 0
}
