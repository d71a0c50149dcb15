//! The tool's own command line, run as a person runs it.

use std::process::{Command, Output};

use anyhow::Result;

fn xtask(arguments: &[&str], data: &str) -> Result<Output> {
    Ok(Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).env("NOROSHI_DATA", data).output()?)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_wrong_step_names_the_right_ones() -> Result<()> {
    let output = xtask(&["ci", "everything"], "")?;
    assert!(!output.status.success());
    let said = said(&output);
    assert!(said.contains("no step \"everything\"") && said.contains("formatting, lints"), "{said}");
    Ok(())
}

#[test]
fn a_wrong_verb_shows_the_usage() -> Result<()> {
    for arguments in [&[][..], &["build"][..]] {
        let output = xtask(arguments, "")?;
        assert!(!output.status.success());
        assert!(said(&output).contains("usage: cargo xtask ci"), "{}", said(&output));
    }
    Ok(())
}

#[test]
fn missing_data_is_a_failure_that_says_what_to_do() -> Result<()> {
    let output = xtask(&["ci", "data"], "no/such/folder")?;
    assert!(!output.status.success());
    let said = said(&output);
    assert!(said.contains("\"sigma\" is not in no/such/folder") && said.contains("NOROSHI_DATA"), "{said}");
    Ok(())
}
