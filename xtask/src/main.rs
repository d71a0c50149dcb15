//! The house's own tool. `cargo xtask ci` runs everything that guards the repository beyond
//! `cargo test --workspace`: the same steps on a developer's machine and in continuous
//! integration, so that neither can pass where the other fails.
//!
//! The rules of the house itself (floors, dependencies, features, text) are tests of this
//! package, in `tests/it/`, and so run with every `cargo test --workspace`.

mod bench;
mod ci;
mod coverage;
mod fuzz;
mod hostile;
mod large;
mod suite;

use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Carries out what the command line asks for.
fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [verb, steps @ ..] if verb == "ci" => ci::run(steps),
        [verb, peer, rest @ ..] if verb == "bench" && peer == "hayabusa" => bench::run(rest),
        [verb, what, rest @ ..] if verb == "bench" && what == "large" => large::run(rest),
        [verb, what, rest @ ..] if verb == "bench" && what == "hostile" => hostile::run(rest),
        [verb, rest @ ..] if verb == "coverage" => coverage::run(rest),
        [verb, rest @ ..] if verb == "fuzz" => fuzz::run(rest),
        [verb] if verb == "help" || verb == "--help" => {
            println!("{}", usage());
            Ok(())
        }
        [verb, ..] => bail!("there is no verb {verb:?}\n\n{}", usage()),
        [] => bail!("a verb is missing\n\n{}", usage()),
    }
}

/// What the tool can do, made from the steps themselves.
fn usage() -> String {
    let mut text = String::from(
        "usage: cargo xtask ci [STEP...]\n\
         Runs every step in this order, or only those named, and stops at the first that fails:\n",
    );
    for step in ci::STEPS {
        text.push_str(&format!("  {:<14} {}\n", step.name, step.proves));
    }
    text.push_str("usage: cargo xtask bench hayabusa --binary PATH --rules DIR --logs DIR\n");
    text.push_str("usage: cargo xtask bench large --evtx DIR --rules DIR [--gigabytes N]\n");
    text.push_str("usage: cargo xtask bench hostile [--megabytes N] [NAME...]\n");
    text.push_str(
        "usage: cargo xtask coverage --data DIR --data-version TEXT [--sigma DIR --sigma-version TEXT]\n\
         \x20      --date DATE [--binary PATH] [--output FILE]\n",
    );
    let targets: Vec<&str> = fuzz::TARGETS.iter().map(|(name, _)| *name).collect();
    text.push_str(&format!(
        "usage: cargo xtask fuzz [TARGET...|all] [--minutes N]\nTargets: {}\n",
        targets.join(", ")
    ));
    text
}
