//! Runs one test binary through cargo, shows its output as it comes, and holds the runner's
//! summary back so that it can be printed last. A run in which no test was executed is a
//! failure: a renamed module must not turn the suites off unnoticed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::ci::spoken;

/// Runs `command` and returns the runner's summary lines.
///
/// # Errors
/// When it cannot be started, when a test fails, and when no test was executed.
pub fn run(command: &mut Command) -> Result<String> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", spoken(command)))?;
    let output = child.stdout.take().context("the test runner's output is not readable")?;
    let mut summary = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line.context("cannot read the test runner's output")?;
        if executed(&line).is_some() {
            summary.push(line);
        } else {
            println!("{line}");
        }
    }
    let status = child.wait().context("cannot wait for the test runner")?;
    let summary_text = summary.join("\n");
    ensure!(status.success(), "{} ended with {status}\n{summary_text}", spoken(command));
    let count: u64 = summary.iter().filter_map(|line| executed(line)).sum();
    ensure!(count > 0, "{} executed no test", spoken(command));
    Ok(summary_text)
}

/// How many tests a summary line of the test runner says were executed; `None` for any
/// other line.
fn executed(line: &str) -> Option<u64> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let number = |word: &str| -> Option<u64> {
        counts.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
    };
    Some(number(" passed")? + number(" failed")?)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{executed, run};

    #[test]
    fn reads_how_many_tests_ran() {
        let some =
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.02s";
        let none =
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 40 filtered out; finished in 0.00s";
        let bad = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s";
        assert_eq!(executed(some), Some(12));
        assert_eq!(executed(none), Some(0));
        assert_eq!(executed(bad), Some(5));
        assert_eq!(executed("test data::sigma ... ok"), None);
    }

    /// A filter that fits no test makes the runner succeed; for us that is a failure.
    #[test]
    #[cfg(unix)]
    fn a_run_that_executed_nothing_fails() {
        let summary =
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out; finished in 0.00s";
        let error = run(Command::new("echo").arg(summary)).expect_err("no test was executed");
        assert!(error.to_string().ends_with("executed no test"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn the_summary_is_handed_back() {
        let summary =
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out; finished in 0.00s";
        let returned =
            run(Command::new("echo").arg(format!("running 3 tests\n{summary}"))).expect("three passed");
        assert_eq!(returned, summary);
    }
}
