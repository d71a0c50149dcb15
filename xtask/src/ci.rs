//! The steps of `cargo xtask ci`, as a table, and how they are run one after the other.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::suite;

/// One step of continuous integration.
pub struct Step {
    /// Its name on the command line.
    pub name: &'static str,
    /// What is known to be true once it passed.
    pub proves: &'static str,
    /// What a person does when it failed.
    remedy: &'static str,
    run: fn(&Path) -> Result<()>,
}

/// All steps, the cheap ones first. The data suites stay last: their summary is the last
/// thing that a run prints.
pub const STEPS: &[Step] = &[
    Step {
        name: "formatting",
        proves: "every Rust file is formatted as rustfmt.toml says",
        remedy: "run `cargo fmt --all`",
        run: formatting,
    },
    Step {
        name: "lints",
        proves: "no lint of [workspace.lints] or of a clippy.toml is broken",
        remedy: "mend what clippy names; where it is wrong, #[expect(lint, reason = \"...\")]",
        run: lints,
    },
    Step {
        name: "dependencies",
        proves: "licences, duplicates and sources are as deny.toml wants them",
        remedy: "see deny.toml: drop the dependency, or add the exception there with its reason",
        run: dependencies,
    },
    Step {
        name: "documentation",
        proves: "the documentation of every crate builds without a warning",
        remedy: "mend the link or comment that rustdoc names",
        run: documentation,
    },
    Step {
        name: "data",
        proves: "the data-driven suites pass on real logs and rules",
        remedy: "a test that failed names its case; run it alone with the command above",
        run: data_suites,
    },
];

/// The data-driven suites, which live in the module `data` of three test binaries, and what needs a disk
/// that can be mounted.
const DATA_SUITES: [&str; 13] = [
    "test",
    "--locked",
    "--package",
    "noroshi",
    "--package",
    "sources",
    "--package",
    "lake",
    "--test",
    "it",
    "--",
    "data::",
    "full::",
];

/// The sets that the data-driven suites read, each a folder inside `NOROSHI_DATA`.
const DATA_SETS: [&str; 5] = ["sigma", "evtx", "otrf", "cases", "cases-2"];

/// Runs the named steps, or all when none is named, in the order of [`STEPS`].
pub fn run(names: &[String]) -> Result<()> {
    for name in names {
        let known = STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ");
        ensure!(
            STEPS.iter().any(|step| step.name == name),
            "there is no step {name:?}; the steps are {known}"
        );
    }
    let root = root()?;
    for step in STEPS.iter().filter(|step| names.is_empty() || names.iter().any(|name| name == step.name)) {
        println!("==> {}: {}", step.name, step.proves);
        let begun = Instant::now();
        if let Err(error) = (step.run)(&root) {
            let time = seconds(begun.elapsed());
            bail!("step `{}` failed after {time}: {error:#}\nWhat to do: {}.", step.name, step.remedy);
        }
        if step.name != "data" {
            passed(step.name, begun.elapsed());
        }
    }
    Ok(())
}

/// The manifest of the fuzz targets, which are a workspace of their own.
const FUZZ: &str = "fuzz/Cargo.toml";

fn formatting(root: &Path) -> Result<()> {
    succeed(cargo(root).args(["fmt", "--all", "--check"]))?;
    succeed(cargo(root).args(["fmt", "--manifest-path", FUZZ, "--package", "fuzz", "--check"]))
}

fn lints(root: &Path) -> Result<()> {
    succeed(cargo(root).args([
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    // The targets are checked without their engine, which needs a C++ compiler.
    let fuzz = ["clippy", "--locked", "--manifest-path", FUZZ, "--no-default-features", "--all-targets"];
    succeed(cargo(root).args(fuzz).args(["--", "-D", "warnings"]))
}

fn dependencies(root: &Path) -> Result<()> {
    let found = cargo(root).args(["deny", "--version"]).output().context("cannot start cargo")?;
    ensure!(
        found.status.success(),
        "cargo-deny is not installed; `cargo install cargo-deny --locked` installs it, and .ci/run does \
         with the version that it names"
    );
    succeed(cargo(root).args([
        "deny",
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))
}

fn documentation(root: &Path) -> Result<()> {
    succeed(
        cargo(root).args(["doc", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )
}

/// Runs the data-driven suites with `NOROSHI_REQUIRE=data`: missing data is then a failure
/// and not a reason to skip. Prints the runner's summary last, below the step's own time.
fn data_suites(root: &Path) -> Result<()> {
    let data = data_folder(root)?;
    let begun = Instant::now();
    let mut command = cargo(root);
    command.args(DATA_SUITES).env("NOROSHI_REQUIRE", "data,mounts").env("NOROSHI_DATA", &data);
    println!(
        "    NOROSHI_REQUIRE=data,mounts NOROSHI_DATA={} cargo {}",
        data.display(),
        DATA_SUITES.join(" ")
    );
    let summary = suite::run(&mut command)?;
    passed("data", begun.elapsed());
    println!("{summary}");
    Ok(())
}

/// The folder of the data sets: `NOROSHI_DATA`, else `target/data`; every set must be there.
fn data_folder(root: &Path) -> Result<PathBuf> {
    let folder = std::env::var_os("NOROSHI_DATA").map_or_else(|| root.join("target/data"), PathBuf::from);
    for set in DATA_SETS {
        ensure!(
            folder.join(set).is_dir(),
            "the data set {set:?} is not in {}; unpack the sets there, or set NOROSHI_DATA to the folder that has them",
            folder.display()
        );
    }
    folder.canonicalize().with_context(|| format!("cannot resolve {}", folder.display()))
}

/// The folder of the workspace: this package lies directly inside it.
pub fn root() -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(package.parent().context("the xtask package has no folder above it")?.to_path_buf())
}

/// What cargo tells a program that it runs of the program's own package, by the beginnings of names.
const OF_THIS_PACKAGE: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"];

/// The cargo that started this tool, in the workspace's folder, and as a person's shell starts it:
/// build scripts look at what cargo says of packages (ring's does), would find it changed, and half
/// of the lake would be built again whenever a person's cargo and this one take turns.
pub fn cargo(root: &Path) -> Command {
    let mut command = cargo_here();
    command.current_dir(root);
    command
}

/// The same in the folder of the person, whose paths may begin there.
pub fn cargo_here() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| OF_THIS_PACKAGE.iter().any(|begin| name.starts_with(begin))).for_each(|name| {
        command.env_remove(name);
    });
    command
}

/// Runs a command to its end; an exit status other than success is an error that names it.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", spoken(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", spoken(command));
    }
    Ok(())
}

/// A command as a person would type it.
pub fn spoken(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    let program = Path::new(command.get_program()).file_stem().map(|stem| stem.to_string_lossy());
    format!("`{}`", program.into_iter().chain(arguments).collect::<Vec<_>>().join(" "))
}

fn passed(name: &str, time: Duration) {
    println!("    {name} passed in {}", seconds(time));
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cargo_that_is_started_knows_nothing_of_this_package() {
        let command = cargo_here();
        let removed: Vec<_> = command
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name.to_owned())
            .collect();
        // The test itself was started by cargo.
        for name in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"] {
            assert!(removed.iter().any(|one| one == name), "{name} not in {removed:?}");
        }
        assert!(!removed.iter().any(|one| one == "CARGO" || one == "PATH"), "{removed:?}");
    }
}
