//! How much memory the system's allocator keeps of what was let go of.
//!
//! That of glibc keeps freed blocks in a heap for each thread. A run that makes columns on many threads so
//! takes more than twice what it needs (docs/performance.md). It reads how to behave from the environment,
//! when a process begins.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Few heaps.
const SETTING: (&str, &str) = ("MALLOC_ARENA_MAX", "4");

/// Begins this program anew, in the same process, where the allocator was not told yet; returns where it
/// was, or cannot be.
pub fn spare(arguments: &[OsString]) {
    let is_told = env::var_os(SETTING.0).is_some();
    let (Some((name, rest)), false) = (arguments.split_first(), is_told) else { return };
    let Ok(program) = env::current_exe() else { return };
    // Where it does not work, more memory is all that it costs.
    drop(Command::new(program).arg0(name).args(rest).env(SETTING.0, SETTING.1).exec());
}
