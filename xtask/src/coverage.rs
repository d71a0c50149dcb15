//! `cargo xtask coverage`: writes `docs/coverage-otrf.md`. The work is done by an example of the
//! crate `noroshi`, so that this tool stays light; here it is built, with the program that it runs.

use anyhow::Result;

use crate::ci::{cargo, cargo_here, root, succeed};

/// Carries out the verb.
pub fn run(arguments: &[String]) -> Result<()> {
    const COVERAGE: [&str; 4] = ["--package", "noroshi", "--example", "coverage"];
    succeed(cargo(&root()?).args(["build", "--quiet", "--bin", "noroshi"]).args(COVERAGE))?;
    succeed(cargo_here().args(["run", "--quiet"]).args(COVERAGE).arg("--").args(arguments))
}
