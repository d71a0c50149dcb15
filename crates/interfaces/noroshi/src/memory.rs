//! How much memory the system's allocator keeps of what was let go of.
//!
//! That of glibc keeps freed blocks in a heap for each thread, and after the first large one keeps large
//! ones there, too. A run that makes columns on many threads so takes more than twice what it needs
//! (docs/performance.md). It reads how to behave from the environment, when a process begins.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Blocks from so many bytes on go back to the system at once; few heaps.
const SETTINGS: [(&str, &str); 2] = [("MALLOC_MMAP_THRESHOLD_", "1048576"), ("MALLOC_ARENA_MAX", "2")];

/// Begins this program anew, in the same process, where the allocator was not told yet; returns where it
/// was, or cannot be.
pub fn spare(arguments: &[OsString]) {
    let is_told = SETTINGS.iter().any(|(name, _)| env::var_os(name).is_some());
    let (Some((name, rest)), false) = (arguments.split_first(), is_told) else { return };
    let Ok(program) = env::current_exe() else { return };
    // Where it does not work, more memory is all that it costs.
    drop(Command::new(program).arg0(name).args(rest).envs(SETTINGS).exec());
}
