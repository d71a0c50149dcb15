//! Sets of rules as they lie in a home, and what runs of them.

mod archive;

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use detect::{Document, Meta, Placeholders, RuleSet};
use home::Home;
use intake::Stop;
use journal::{Kind as _, Looking, Reader};
use model::time::Instant;
use page::Words;
use watch::rulesets::{self, Added, BUNDLED, Ruleset, Rulesets, name_of};

use crate::acts::{kinds, unkept};
use crate::books::{look, now, with_cause};
use crate::rulecache::RuleFile;
use crate::ruleset::{self, Loaded, RuleFiles};
use crate::{Failure, signals};

pub use archive::{Packed, gather};

/// The rules that run in a home.
#[derive(Debug, Default)]
pub struct Running {
    /// Themselves.
    pub rules: RuleSet,
    /// Sets and versions, as verdicts name them.
    pub names: Vec<String>,
    /// Rules that are off.
    pub excluded: usize,
}

/// A home whose sets are read.
#[derive(Debug, Clone, Copy)]
pub struct Sets<'a> {
    /// The home.
    pub home: &'a Home,
    /// Its journal.
    pub reader: &'a Reader,
    /// The language of failures.
    pub words: Words,
}

/// The rules that somebody named, or those that run in the home at a place; none when the user stopped it.
///
/// # Errors
/// When they cannot be read.
pub fn chosen(
    named: &RuleFiles,
    place: &Path,
    stop: &Stop,
    words: Words,
) -> Result<Option<Running>, Failure> {
    if !named.are_unnamed() {
        let loaded = named.load(stop, words)?;
        return Ok(loaded.map(|rules| Running { rules, ..Running::default() }));
    }
    let Some(placeholders) = named.placeholders(stop, words)? else { return Ok(None) };
    // What else may be wrong with the home is told by whoever needs it.
    let home = Home::open(place).ok();
    running(home.as_ref(), &placeholders, stop, words)
}

/// What runs in a home, or would in one that is not made yet; none when the user stopped it.
///
/// # Errors
/// When journal or files cannot be read.
pub fn running(
    home: Option<&Home>,
    placeholders: &Placeholders,
    stop: &Stop,
    words: Words,
) -> Result<Option<Running>, Failure> {
    let Some(home) = home else { return Ok(Some(untouched())) };
    let reader = Reader::open(home, kinds());
    Sets { home, reader: &reader, words }.running(placeholders, stop)
}

/// What runs where nobody has decided anything.
fn untouched() -> Running {
    let mut loaded = ruleset::bundled_documents();
    let name = name_of(BUNDLED, env!("CARGO_PKG_VERSION"));
    belong(&mut loaded, &name);
    Running { rules: RuleSet::new(loaded), names: vec![name], excluded: 0 }
}

fn belong(loaded: &mut Loaded, name: &str) {
    let name: Arc<str> = name.into();
    loaded.iter_mut().flatten().for_each(|document| document.belongs_to(&name));
}

/// How a rule is known in a set: by its id, or by its path where it has none.
#[must_use]
pub fn key(meta: &Meta) -> String {
    meta.id.as_deref().map_or_else(|| meta.path.clone(), str::to_lowercase)
}

impl Sets<'_> {
    /// The sets of which somebody has decided something.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn states(&self) -> Result<Vec<(String, Ruleset)>, Failure> {
        let states = look(|who: Looking<'_>| {
            let mut states = Vec::new();
            for stream in self.reader.streams::<Rulesets>(who)? {
                let name = stream[Rulesets::NAME.len() + 1..].to_owned();
                if let Some((state, _)) = self.reader.state::<Rulesets>(who, &name)? {
                    states.push((name, state));
                }
            }
            Ok::<_, journal::JournalError>(states)
        });
        states.map_err(|error| unkept(&error, self.words))
    }

    /// What runs; none when the user stopped it.
    fn running(&self, placeholders: &Placeholders, stop: &Stop) -> Result<Option<Running>, Failure> {
        let mut states = self.states()?;
        if !states.iter().any(|(name, _)| name == BUNDLED) {
            states.insert(0, (BUNDLED.to_owned(), Ruleset::default()));
        }
        let (mut documents, mut running, mut off) = (Loaded::new(), Running::default(), HashMap::new());
        let now = now();
        for (name, state) in states {
            let Some(version) = state.enabled(&name) else { continue };
            let Some(mut loaded) = self.documents(&name, &state, version, (placeholders, stop))? else {
                return Ok(None);
            };
            let full = full_name(&name, version);
            belong(&mut loaded, &full);
            documents.extend(loaded);
            off.insert(full.clone(), state);
            running.names.push(full);
        }
        let is_off = |meta: &Meta| {
            let state = meta.set.as_deref().and_then(|set| off.get(set));
            state.is_some_and(|state| state.excludes(&key(meta), now))
        };
        running.excluded = documents.iter().flatten().filter(|document| is_off(document.meta())).count();
        // A rule may feed correlations that run; one that is off silently does. A correlation or filter that is
        // off must not have been there.
        documents.retain(|document| {
            !matches!(document, Ok(Document::Correlation(_) | Document::Filter(_)))
                || document.as_ref().is_ok_and(|document| !is_off(document.meta()))
        });
        running.rules = RuleSet::new(documents);
        running.rules.retain(|meta| !is_off(meta));
        Ok(Some(running))
    }

    /// The documents of a version of a set; none when the user stopped it.
    ///
    /// # Errors
    /// When its archive cannot be read.
    pub fn documents(
        &self,
        name: &str,
        state: &Ruleset,
        version: u32,
        (placeholders, stop): (&Placeholders, &Stop),
    ) -> Result<Option<Loaded>, Failure> {
        if name == BUNDLED {
            return Ok(Some(ruleset::bundled_documents()));
        }
        let files = self.files(name, state, version)?;
        Ok(ruleset::documents(&files, placeholders, stop))
    }

    /// The files of a version of a set, by their paths in it.
    ///
    /// # Errors
    /// When its archive cannot be read.
    pub fn files(&self, name: &str, state: &Ruleset, version: u32) -> Result<Vec<RuleFile>, Failure> {
        if name == BUNDLED {
            return Ok(ruleset::bundled_files());
        }
        let damaged = |reason: String| {
            let values = [("version", full_name(name, version).into()), ("reason", reason.into())];
            Failure { code: 1, text: self.words.with("cli-error-rules-archive", &values) }
        };
        let added: &Added =
            state.versions.get(&version).ok_or_else(|| damaged("no such version".to_owned()))?;
        let hash = added.archive.parse().map_err(|error: files::NotAHash| damaged(error.to_string()))?;
        let file = look(|who| files::open(self.home, self.reader, who, &hash));
        let file = file.map_err(|error| damaged(with_cause(&error)))?;
        let mut bytes = Vec::new();
        let mut file = file.ok_or_else(|| damaged("nobody holds its archive".to_owned()))?;
        file.read_to_end(&mut bytes).map_err(|error| damaged(error.to_string()))?;
        archive::unpack(&bytes).map_err(|error| damaged(error.to_string()))
    }

    /// Which set of which version has the one rule that somebody means.
    ///
    /// # Errors
    /// When there is none, or several.
    pub fn find(&self, rule: &str, set: Option<&str>) -> Result<(String, Meaning), Failure> {
        let mut states = self.states()?;
        if !states.iter().any(|(name, _)| name == BUNDLED) {
            states.push((BUNDLED.to_owned(), Ruleset::default()));
        }
        let (stop, mut found) = (signals::stop().unwrap_or_default(), Vec::new());
        for (name, state) in states {
            if set.is_some_and(|set| set != name) {
                continue;
            }
            let version = state.enabled(&name).unwrap_or_else(|| state.newest());
            let is_empty = name != BUNDLED && version == 0;
            let loaded = if is_empty {
                None
            } else {
                self.documents(&name, &state, version, (&Placeholders::new(), &stop))?
            };
            let metas: Vec<&Meta> = loaded.iter().flatten().flatten().map(Document::meta).collect();
            found.extend(Meaning::of(&metas, rule).into_iter().map(|meaning| (name.clone(), meaning)));
        }
        one(found, rule, self.words)
    }
}

/// The one that was found.
///
/// # Errors
/// When there is none, or there are several.
pub fn one(
    mut found: Vec<(String, Meaning)>,
    rule: &str,
    words: Words,
) -> Result<(String, Meaning), Failure> {
    match found.len() {
        1 => Ok(found.swap_remove(0)),
        0 => Err(Failure::usage(words, "cli-error-no-rule", &[("rule", rule.into())])),
        _ => {
            let keys: Vec<String> =
                found.iter().map(|(set, meaning)| format!("{set} {}", meaning.key)).collect();
            let values = [("rule", rule.into()), ("ids", keys.join(", ").into())];
            Err(Failure::usage(words, "cli-error-many-rules", &values))
        }
    }
}

/// A rule that somebody means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// Its id, or its path in the set.
    pub key: String,
    /// Its title.
    pub title: String,
}

impl Meaning {
    /// The rules that a text means: by their id, else by their title, else by the end of their path.
    #[must_use]
    pub fn of(all: &[&Meta], text: &str) -> Vec<Self> {
        let path = PathBuf::from(text);
        let by: [&dyn Fn(&Meta) -> bool; 3] = [
            &|meta| meta.id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(text)),
            &|meta| meta.title == text || meta.title_ja.as_deref() == Some(text),
            &|meta| PathBuf::from(&meta.path).ends_with(&path),
        ];
        let found = by.iter().map(|is| all.iter().filter(|meta| is(meta)).collect::<Vec<_>>());
        let found = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        found.into_iter().map(|meta| Self { key: key(meta), title: meta.title.clone() }).collect()
    }
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

/// Whether an exclusion of a set holds at a time.
#[must_use]
pub fn holds(exclusion: &rulesets::Exclusion, at: Instant) -> bool {
    exclusion.until.is_none_or(|until| at < until)
}
