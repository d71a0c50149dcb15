//! The workspace as the checkers see it: crates, where they lie and what they depend on, read
//! from `cargo metadata`. Made-up houses for the checkers' own tests are built here too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// A crate of the workspace.
#[derive(Clone, Debug, Default)]
pub struct Crate {
    pub name: String,
    /// Its folder from the workspace's root, with `/` between the parts.
    pub folder: String,
    /// Everything that its manifest names, of every kind and platform.
    pub dependencies: Vec<Dependency>,
    /// The names of its integration-test binaries.
    pub test_binaries: Vec<String>,
}

/// One line of a manifest.
#[derive(Clone, Debug)]
pub struct Dependency {
    pub name: String,
    /// Used by tests and benchmarks only.
    pub tests_only: bool,
}

/// The workspace and the graph of all packages below it.
#[derive(Debug)]
pub struct House {
    pub crates: Vec<Crate>,
    pub packages: Packages,
}

/// A package as "name version": what of it is built for which other.
pub type Packages = BTreeMap<String, BTreeSet<String>>;

impl House {
    /// The packages that `start` needs to be built and run (tests left out), itself included.
    pub fn below(&self, start: &str) -> BTreeSet<String> {
        below(&self.packages, self.packages.keys().filter(|key| name_of(key) == start))
    }
}

/// Everything that can be reached from `start`, the start included.
pub fn below<'a>(packages: &Packages, start: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    let mut waiting: Vec<String> = start.cloned().collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if let Some(needs) = packages.get(&next) {
            waiting.extend(needs.iter().filter(|need| !seen.contains(*need)).cloned());
        }
        seen.insert(next);
    }
    seen
}

/// The name in "name version".
pub fn name_of(package: &str) -> &str {
    package.split(' ').next().unwrap_or(package)
}

/// Whether a package's name fits a pattern: the name itself, or a beginning followed by `*`.
pub fn fits(name: &str, pattern: &str) -> bool {
    pattern.strip_suffix('*').map_or(name == pattern, |beginning| name.starts_with(beginning))
}

/// Fails the test with every fault and one sentence that says what to do.
#[track_caller]
pub fn none(faults: &[String], remedy: &str) {
    assert!(faults.is_empty(), "\n  {}\n{remedy}\n", faults.join("\n  "));
}

/// The workspace's root: this package lies directly inside it.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// This workspace, asked of cargo once for all tests.
pub fn workspace() -> Result<&'static House> {
    static HOUSE: OnceLock<Result<House, String>> = OnceLock::new();
    match HOUSE.get_or_init(|| read().map_err(|error| format!("{error:#}"))) {
        Ok(house) => Ok(house),
        Err(error) => bail!("{error}"),
    }
}

/// A house made up for a test: one (folder, dependencies) pair for each crate; a name with
/// a `?` behind it is a dependency of the tests only.
pub fn made_up(crates: &[(&str, &[&str])]) -> Vec<Crate> {
    crates
        .iter()
        .map(|(folder, dependencies)| Crate {
            name: folder.rsplit('/').next().unwrap_or(folder).to_owned(),
            folder: (*folder).to_owned(),
            dependencies: dependencies
                .iter()
                .map(|name| Dependency {
                    name: name.trim_end_matches('?').to_owned(),
                    tests_only: name.ends_with('?'),
                })
                .collect(),
            test_binaries: Vec::new(),
        })
        .collect()
}

/// Runs cargo with `arguments` in the workspace: without the network first, since a build that
/// came this far has nearly always downloaded what is needed.
pub fn cargo(arguments: &[&str]) -> Result<String> {
    let run = |more: &[&str]| {
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .args(more)
            .current_dir(root())
            .output()
            .context("cannot start cargo")
    };
    let mut answer = run(&["--offline"])?;
    if !answer.status.success() {
        answer = run(&[])?;
    }
    if !answer.status.success() {
        bail!("cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&answer.stderr));
    }
    String::from_utf8(answer.stdout).context("cargo's answer is not UTF-8")
}

fn read() -> Result<House> {
    let host = host()?;
    let answer = cargo(&["metadata", "--format-version", "1", "--filter-platform", &host])?;
    let metadata: Metadata = serde_json::from_str(&answer).context("cannot read cargo's metadata")?;
    Ok(house(&metadata))
}

/// The platform that this compiler builds for.
fn host() -> Result<String> {
    let answer = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .arg("-vV")
        .output()
        .context("cannot start rustc")?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say its host")?.to_owned())
}

fn house(metadata: &Metadata) -> House {
    let key: BTreeMap<&str, String> = metadata
        .packages
        .iter()
        .map(|package| (package.id.as_str(), format!("{} {}", package.name, package.version)))
        .collect();
    let mut packages = Packages::new();
    for node in &metadata.resolve.nodes {
        let needs = node
            .deps
            .iter()
            .filter(|need| need.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev")))
            .filter_map(|need| key.get(need.pkg.as_str()).cloned());
        if let Some(package) = key.get(node.id.as_str()) {
            packages.insert(package.clone(), needs.collect());
        }
    }
    let crates = metadata
        .packages
        .iter()
        .filter(|package| metadata.workspace_members.contains(&package.id))
        .map(|package| package.as_crate(&metadata.workspace_root))
        .collect();
    House { crates, packages }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
    workspace_members: Vec<String>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    manifest_path: PathBuf,
    dependencies: Vec<Declared>,
    targets: Vec<Target>,
}

impl Package {
    fn as_crate(&self, root: &Path) -> Crate {
        let folder = self.manifest_path.parent().unwrap_or(root);
        let folder = folder.strip_prefix(root).unwrap_or(folder);
        Crate {
            name: self.name.clone(),
            folder: folder.to_string_lossy().replace('\\', "/"),
            dependencies: self
                .dependencies
                .iter()
                .map(|declared| Dependency {
                    name: declared.name.clone(),
                    tests_only: declared.kind.as_deref() == Some("dev"),
                })
                .collect(),
            test_binaries: self
                .targets
                .iter()
                .filter(|target| target.kind.iter().any(|kind| kind == "test"))
                .map(|target| target.name.clone())
                .collect(),
        }
    }
}

#[derive(Deserialize)]
struct Declared {
    name: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Need>,
}

#[derive(Deserialize)]
struct Need {
    pkg: String,
    dep_kinds: Vec<NeedKind>,
}

#[derive(Deserialize)]
struct NeedKind {
    kind: Option<String>,
}
