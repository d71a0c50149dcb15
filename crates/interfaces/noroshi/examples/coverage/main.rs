//! What SigmaHQ's rules and the bundled rules see of the labelled attacks of the data set `otrf`, as
//! the page `docs/coverage-otrf.md`. `cargo xtask coverage` builds and runs it; it stands here
//! because its dependencies are those of this crate.
//!
//! The program itself scans the archives of each data set, once with each set of rules, and is
//! asked for the tags of its rules; here results are only counted and compared with the labels.
//! The page says nothing that is not in them, and has no clock: its date is an argument.

mod labels;
mod page;
mod scan;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use labels::{Dataset, Technique};
use scan::{RuleTags, Scan};

/// Folders of SigmaHQ's repository that are run: all rules but those for policies and those that
/// need a site's own values.
const SIGMA_FOLDERS: [&str; 3] = ["rules", "rules-emerging-threats", "rules-threat-hunting"];

/// What is asked for.
#[derive(Debug, Default)]
struct Wanted {
    data: PathBuf,
    sigma: Option<PathBuf>,
    binary: Option<PathBuf>,
    output: Option<PathBuf>,
    date: String,
    data_version: String,
    sigma_version: String,
}

/// Everything that the page tells.
#[derive(Debug)]
struct Coverage {
    date: String,
    data_version: String,
    sets: Vec<RuleSet>,
    /// By id.
    datasets: Vec<Dataset>,
    /// Archives that no label names.
    unlabelled: Vec<String>,
}

/// A set of rules and what it found.
#[derive(Debug)]
struct RuleSet {
    name: &'static str,
    version: String,
    tags: RuleTags,
    /// In the order of the datasets.
    scans: Vec<Scan>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = wanted(&arguments)?;
    let binary = match &wanted.binary {
        Some(binary) => binary.clone(),
        None => beside()?,
    };
    let (datasets, unlabelled) = labels::read(&wanted.data)?;
    let mut sets = Vec::new();
    if let Some(sigma) = &wanted.sigma {
        let folders = SIGMA_FOLDERS.map(|folder| sigma.join(folder));
        sets.push(rule_set(
            ("SigmaHQ", &wanted.sigma_version),
            &folders,
            &binary,
            (&wanted.data, &datasets),
        )?);
    }
    let version = format!("of Noroshi {}", env!("CARGO_PKG_VERSION"));
    sets.push(rule_set(("bundled", &version), &[], &binary, (&wanted.data, &datasets))?);
    let coverage =
        Coverage { date: wanted.date, data_version: wanted.data_version, sets, datasets, unlabelled };
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/coverage-otrf.md");
    let output = wanted.output.unwrap_or(page);
    std::fs::write(&output, page::render(&coverage))
        .with_context(|| format!("cannot write {}", output.display()))?;
    println!("{}", output.display());
    Ok(())
}

fn wanted(arguments: &[String]) -> Result<Wanted> {
    let mut wanted = Wanted::default();
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next().with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--data" => wanted.data = value.into(),
            "--sigma" => wanted.sigma = Some(value.into()),
            "--binary" => wanted.binary = Some(value.into()),
            "--output" => wanted.output = Some(value.into()),
            "--date" => wanted.date = value.clone(),
            "--data-version" => wanted.data_version = value.clone(),
            "--sigma-version" => wanted.sigma_version = value.clone(),
            _ => bail!("there is no option {name:?}"),
        }
    }
    for (name, missing) in [
        ("--data", wanted.data.as_os_str().is_empty()),
        ("--date", wanted.date.is_empty()),
        ("--data-version", wanted.data_version.is_empty()),
        ("--sigma-version", wanted.sigma.is_some() && wanted.sigma_version.is_empty()),
    ] {
        ensure!(!missing, "{name} is missing");
    }
    Ok(wanted)
}

/// The program, which was built into the folder above that of this one.
fn beside() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let built = here.parent().and_then(Path::parent).context("it was not built by cargo")?;
    let program = built.join(format!("noroshi{}", std::env::consts::EXE_SUFFIX));
    ensure!(program.is_file(), "there is no {}; build it, or name one with --binary", program.display());
    Ok(program)
}

fn rule_set(
    (name, version): (&'static str, &str),
    rules: &[PathBuf],
    binary: &Path,
    (data, datasets): (&Path, &[Dataset]),
) -> Result<RuleSet> {
    let tags = scan::tags(binary, rules)?;
    let scan = |dataset: &Dataset| {
        let archives: Vec<PathBuf> = dataset.archives.iter().map(|archive| data.join(archive)).collect();
        scan::run(binary, rules, &archives, &tags)
    };
    let scans = datasets.iter().map(scan).collect::<Result<_>>()?;
    Ok(RuleSet { name, version: version.to_owned(), tags, scans })
}

/// How near the tags of rules that fired come to a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// No rule fired.
    Nothing,
    /// Rules fired, none for the technique.
    Other,
    /// A rule for the technique above or a sister below it.
    Parent,
    /// A rule for the very technique.
    Exact,
}

impl Nearness {
    /// Of rules that fired, to any of the techniques.
    fn of(fired: &[Vec<Technique>], techniques: &[Technique]) -> Self {
        let pairs =
            fired.iter().flatten().flat_map(|tag| techniques.iter().map(move |label| tag.near(*label)));
        let least = if fired.is_empty() { Self::Nothing } else { Self::Other };
        pairs.max().unwrap_or(least).max(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearness_is_that_of_the_nearest_rule() {
        let techniques =
            |text: &str| -> Vec<Technique> { text.split_whitespace().filter_map(Technique::parse).collect() };
        for (fired, labels, expected) in [
            (&[][..], "T1003.001", Nearness::Nothing),
            (&["", "T1059"], "T1003.001", Nearness::Other),
            (&["T1059", "T1003"], "T1003.001", Nearness::Parent),
            (&["T1003.002"], "T1003.001", Nearness::Parent),
            (&["T1055.001"], "T1055", Nearness::Parent),
            (&["T1003.002", "T1003.001"], "T1003.001", Nearness::Exact),
            (&["T1055"], "T1003.001 T1055", Nearness::Exact),
            (&["T1055"], "", Nearness::Other),
        ] {
            let fired: Vec<Vec<Technique>> = fired.iter().map(|tags| techniques(tags)).collect();
            assert_eq!(Nearness::of(&fired, &techniques(labels)), expected, "{fired:?} {labels}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let run = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            wanted(&words).map(|_| ()).map_err(|error| error.to_string())
        };
        let whole = ["--data", "d", "--date", "2026-03-02", "--data-version", "1"];
        assert_eq!(run(&whole), Ok(()));
        assert_eq!(run(&whole[..4]), Err("--data-version is missing".to_owned()));
        assert_eq!(
            run(&[&whole[..], &["--sigma", "s"]].concat()),
            Err("--sigma-version is missing".to_owned())
        );
        assert_eq!(run(&["--data"]), Err("--data needs a value".to_owned()));
        assert_eq!(run(&["--nation", "x"]), Err("there is no option \"--nation\"".to_owned()));
    }
}
