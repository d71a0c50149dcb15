//! Rule files: found, read and loaded; the bundled ones come with the program.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::ScopedJoinHandle;

use detect::{Cause, Document, Placeholders, Refusal, RuleSet, load};
use intake::inputs::{self, InputFile};
use intake::{Stop, stream};
use model::panic::caught;
use page::Words;
use watch::rulesets::{BUNDLED, name_of};

use crate::Failure;
use crate::rulecache::{self, RuleFile};

/// The bundled rules: path below `rules/` and text.
static BUNDLED_FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Documents, and those that could not be loaded.
pub type Loaded = Vec<Result<Document, Refusal>>;

/// The rules that come with the program.
#[must_use]
pub fn bundled() -> RuleSet {
    RuleSet::new(bundled_documents())
}

/// The documents of the rules that come with the program, which are a set.
#[must_use]
pub fn bundled_documents() -> Loaded {
    let placeholders = Placeholders::new();
    let file = |(path, text): &(&str, &str)| {
        let shown = format!("bundled/{path}");
        guard(&shown, || load(&shown, text, &placeholders))
    };
    of_set(&full_name(BUNDLED, 0), BUNDLED_FILES.iter().flat_map(file).collect())
}

/// A version as verdicts name it.
#[must_use]
pub fn full_name(set: &str, version: u32) -> String {
    match (set, version) {
        (BUNDLED, _) => name_of(set, env!("CARGO_PKG_VERSION")),
        // Before the first.
        (_, 0) => "∅".to_owned(),
        _ => name_of(set, version),
    }
}

/// Documents that belong to this version of a set.
#[must_use]
pub fn of_set(name: &str, mut loaded: Loaded) -> Loaded {
    let name: Arc<str> = name.into();
    loaded.iter_mut().flatten().for_each(|document| document.belongs_to(&name));
    loaded
}

/// The files of the rules that come with the program.
#[must_use]
pub fn bundled_files() -> Vec<RuleFile> {
    BUNDLED_FILES.iter().map(|(path, text)| (format!("bundled/{path}"), text.as_bytes().to_vec())).collect()
}

/// The documents of some files; none when the user stopped it.
#[must_use]
pub fn documents(files: &[RuleFile], placeholders: &Placeholders, stop: &Stop) -> Option<Loaded> {
    let load = |shown: &str, text: &str| {
        if stop.asked() { Vec::new() } else { load(shown, text, placeholders) }
    };
    rulecache::documents(files, placeholders, || {
        let loaded = load_all(files, &load);
        (!stop.asked()).then_some(loaded)
    })
}

/// Rule files and files of placeholder values, found and not yet read.
#[derive(Debug)]
pub struct RuleFiles {
    /// None for the bundled rules.
    rules: Option<Vec<InputFile>>,
    /// What lies in a folder of rules and is not looked at, with the reason.
    passed: Vec<(String, intake::Cause)>,
    placeholders: Vec<InputFile>,
}

/// Finds the rules of files and folders; without any, the bundled ones.
///
/// # Errors
/// When a path given by the user does not exist or cannot be listed.
pub fn find(paths: &[PathBuf], placeholders: &[PathBuf], words: Words) -> Result<RuleFiles, Failure> {
    let placeholders = find_placeholders(placeholders, words)?;
    if paths.is_empty() {
        return Ok(RuleFiles { rules: None, passed: Vec::new(), placeholders });
    }
    let found = inputs::find(paths);
    if let Some((path, error)) = found.missed.first() {
        let values = [("path", path.as_str().into()), ("reason", error.to_string().into())];
        return Err(Failure::usage(words, "cli-error-rules", &values));
    }
    let is_rule = |file: &InputFile| file.named || is_named_rule(&file.path);
    let files: Vec<_> = found.files.into_iter().filter(is_rule).collect();
    if files.is_empty() {
        let path = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(Failure::usage(words, "cli-error-no-rule-files", &[("path", path.into())]));
    }
    Ok(RuleFiles { rules: Some(files), passed: found.passed, placeholders })
}

/// Loads the rules of files and folders; without any, the bundled ones.
///
/// # Errors
/// When a path given by the user cannot be opened.
pub fn open(paths: &[PathBuf], placeholders: &[PathBuf], words: Words) -> Result<RuleSet, Failure> {
    let loaded = find(paths, placeholders, words)?.load(&Stop::default(), words)?;
    Ok(loaded.unwrap_or_default())
}

impl RuleFiles {
    /// All files that loading reads.
    #[must_use]
    pub fn files(&self) -> Vec<InputFile> {
        self.rules.iter().flatten().chain(&self.placeholders).cloned().collect()
    }

    /// Whether nobody has named rules.
    #[must_use]
    pub fn are_unnamed(&self) -> bool {
        self.rules.is_none()
    }

    /// The values of placeholders; `None` when the user stopped it.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn placeholders(&self, stop: &Stop, words: Words) -> Result<Option<Placeholders>, Failure> {
        read_placeholders(&self.placeholders, stop, words)
    }

    /// The rule files that were found and could be read, by their shown paths, and what could not be;
    /// `None` when the user stopped it.
    #[must_use]
    pub fn read(&self, stop: &Stop) -> Option<(Vec<RuleFile>, Vec<Refusal>)> {
        let unreadable = |shown: &str, error: String| refusal(shown, Cause::FileUnreadable { error });
        let passed = self.passed.iter().map(|(shown, cause)| unreadable(shown, cause.to_string()));
        let mut unread: Vec<Refusal> = passed.collect();
        let mut texts: Vec<RuleFile> = Vec::new();
        for file in self.rules.iter().flatten() {
            match stream::read(file, stop) {
                Ok(Some(bytes)) => texts.push((file.shown.clone(), bytes)),
                Ok(None) => return None,
                Err(error) => unread.push(unreadable(&file.shown, error.to_string())),
            }
        }
        Some((texts, unread))
    }

    /// Loads the rules; `None` when the user stopped it.
    ///
    /// # Errors
    /// When the values of placeholders cannot be read.
    pub fn load(&self, stop: &Stop, words: Words) -> Result<Option<RuleSet>, Failure> {
        let Some(placeholders) = read_placeholders(&self.placeholders, stop, words)? else { return Ok(None) };
        if self.rules.is_none() {
            return Ok(Some(bundled()));
        }
        let Some((texts, unread)) = self.read(stop) else { return Ok(None) };
        let loaded = documents(&texts, &placeholders, stop);
        Ok(loaded.map(|loaded| RuleSet::new(loaded.into_iter().chain(unread.into_iter().map(Err)))))
    }
}

/// Whether a file in a folder is read as rules, by its name.
#[must_use]
pub fn is_named_rule(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
}

/// Files are independent of each other; two halves on two threads load in half the time.
fn load_all(files: &[RuleFile], load: &(impl Fn(&str, &str) -> Loaded + Sync)) -> Loaded {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let read = |(shown, bytes): &RuleFile| match std::str::from_utf8(bytes) {
        Ok(text) => guard(shown, || load(shown, text)),
        Err(_) => vec![Err(refusal(shown, Cause::FileNotText))],
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = files
            .chunks(files.len().div_ceil(threads).max(1))
            .map(|part| scope.spawn(move || part.iter().flat_map(read).collect::<Loaded>()))
            .collect();
        // What panics elsewhere than in a file ends the program rather than lose rules.
        let join =
            |part: ScopedJoinHandle<'_, Loaded>| part.join().unwrap_or_else(|panic| resume_unwind(panic));
        parts.into_iter().flat_map(join).collect()
    })
}

/// Loads a file. A panic, of a library too, is a refusal of that file and costs no other.
fn guard(shown: &str, load: impl FnOnce() -> Loaded) -> Loaded {
    caught(load).unwrap_or_else(|panic| vec![Err(refusal(shown, Cause::ProgramFault { panic }))])
}

fn refusal(shown: &str, reason: Cause) -> Refusal {
    Refusal { rule_id: None, title: None, path: shown.to_owned(), line: 1, reason }
}

fn placeholder_failure(path: &str, error: &std::io::Error, words: Words) -> Failure {
    let values = [("path", path.into()), ("reason", error.to_string().into())];
    Failure::usage(words, "cli-error-placeholders", &values)
}

fn find_placeholders(paths: &[PathBuf], words: Words) -> Result<Vec<InputFile>, Failure> {
    let found = inputs::find(paths);
    match found.missed.first() {
        Some((path, error)) => Err(placeholder_failure(path, error, words)),
        None => Ok(found
            .files
            .into_iter()
            .filter(|file| file.path.extension().is_some_and(|extension| extension == "txt"))
            .collect()),
    }
}

/// Placeholder files: `<name>.txt` holds one value a line for `%name%`. `None` when the user
/// stopped it.
fn read_placeholders(
    files: &[InputFile],
    stop: &Stop,
    words: Words,
) -> Result<Option<Placeholders>, Failure> {
    let mut placeholders = Placeholders::new();
    for file in files {
        let read = stream::read(file, stop).and_then(|bytes| bytes.map(text_of).transpose());
        let Some(text) = read.map_err(|error| placeholder_failure(&file.shown, &error, words))? else {
            return Ok(None);
        };
        let name = file.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let values = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        placeholders.entry(name).or_default().extend(values);
    }
    Ok(Some(placeholders))
}

fn text_of(bytes: Vec<u8>) -> std::io::Result<String> {
    String::from_utf8(bytes).map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One thread's panic once lost the rules of all files that the thread had.
    #[test]
    fn a_panic_in_the_loader_refuses_its_file_and_loses_no_other() {
        const RULE: &str = "title: t\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n";
        let files: Vec<RuleFile> =
            (0..40).map(|number| (format!("{number}.yml"), RULE.as_bytes().to_vec())).collect();
        let loaded = load_all(&files, &|shown, text| {
            assert!(!["7.yml", "33.yml"].contains(&shown), "poisoned by {shown}");
            load(shown, text, &Placeholders::new())
        });
        assert_eq!(loaded.len(), 40, "each file gives a rule or a refusal");
        let set = RuleSet::new(loaded);
        assert_eq!(set.rules.len(), 38);
        let refused: Vec<_> =
            set.refused.iter().map(|refused| (&*refused.path, refused.reason.clone())).collect();
        let fault = |shown: &str| Cause::ProgramFault { panic: format!("poisoned by {shown}") };
        assert_eq!(refused, [("7.yml", fault("7.yml")), ("33.yml", fault("33.yml"))]);
    }
}
