//! Rule files: found, read and loaded; the bundled ones come with the program.

use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::ScopedJoinHandle;

use detect::{Cause, Document, Placeholders, Refusal, RuleSet, load};
use model::panic::caught;
use page::Words;

use crate::Failure;
use crate::rulecache::{self, RuleFile};
use intake::inputs;

/// The bundled rules: path below `rules/` and text.
static BUNDLED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/rules.rs"));

type Loaded = Vec<Result<Document, Refusal>>;

/// The rules that come with the program.
#[must_use]
pub fn bundled() -> RuleSet {
    let placeholders = Placeholders::new();
    let file = |(path, text): &(&str, &str)| {
        let shown = format!("bundled/{path}");
        guard(&shown, || load(&shown, text, &placeholders))
    };
    RuleSet::new(BUNDLED.iter().flat_map(file))
}

/// Loads the rules of files and folders; without any, the bundled ones.
///
/// # Errors
/// When a path given by the user does not exist or cannot be listed.
pub fn open(paths: &[PathBuf], placeholders: &[PathBuf], words: Words) -> Result<RuleSet, Failure> {
    let placeholders = read_placeholders(placeholders, words)?;
    if paths.is_empty() {
        return Ok(bundled());
    }
    let found = inputs::find(paths);
    if let Some((path, error)) = found.missed.first() {
        let values = [("path", path.as_str().into()), ("reason", error.to_string().into())];
        return Err(Failure::usage(words, "cli-error-rules", &values));
    }
    let files: Vec<_> = found
        .files
        .into_iter()
        .filter(|file| is_named_rule(&file.path) || paths.contains(&file.path))
        .collect();
    if files.is_empty() {
        let path = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(Failure::usage(words, "cli-error-no-rule-files", &[("path", path.into())]));
    }
    let mut unread = Vec::new();
    let mut texts: Vec<RuleFile> = Vec::new();
    for file in files {
        match fs::read(&file.path) {
            Ok(bytes) => texts.push((file.shown, bytes)),
            Err(error) => {
                let cause = Cause::FileUnreadable { error: error.to_string() };
                unread.push(Err(refusal(&file.shown, cause)));
            }
        }
    }
    let loaded = rulecache::documents(&texts, &placeholders, || {
        load_all(&texts, &|shown, text| load(shown, text, &placeholders))
    });
    Ok(RuleSet::new(loaded.into_iter().chain(unread)))
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

/// Placeholder files: `<name>.txt` holds one value a line for `%name%`.
fn read_placeholders(paths: &[PathBuf], words: Words) -> Result<Placeholders, Failure> {
    let found = inputs::find(paths);
    let fail = |path: &str, reason: String| {
        Failure::usage(words, "cli-error-placeholders", &[("path", path.into()), ("reason", reason.into())])
    };
    if let Some((path, error)) = found.missed.first() {
        return Err(fail(path, error.to_string()));
    }
    let mut placeholders = Placeholders::new();
    for file in
        found.files.iter().filter(|file| file.path.extension().is_some_and(|extension| extension == "txt"))
    {
        let text = fs::read_to_string(&file.path).map_err(|error| fail(&file.shown, error.to_string()))?;
        let name = file.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let values = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        placeholders.entry(name).or_default().extend(values);
    }
    Ok(placeholders)
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
