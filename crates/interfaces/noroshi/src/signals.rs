//! Ctrl-C: the first asks the running command to end with what it has, the second ends at once.

use intake::Stop;

/// A wish to stop that Ctrl-C (SIGINT, SIGTERM) sets.
///
/// # Errors
/// When the system refuses the handler.
pub fn stop() -> anyhow::Result<Stop> {
    let stop = Stop::default();
    let asked = stop.clone();
    ctrlc::set_handler(move || {
        if asked.ask() {
            std::process::exit(130);
        }
    })?;
    Ok(stop)
}
