//! Sets of rules as they lie in a home, and what runs of them.

mod archive;
mod suppressed;

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};

use detect::{Document, Meta, Placeholders, RuleSet};
use home::Home;
use intake::Stop;
use journal::{Kind as _, Reader};
use model::hash::NotAHash;
use page::Words;
use watch::rulesets::{Added, BUNDLED, Ruleset, Rulesets};

use crate::acts::{kinds, unkept};
use crate::books::{look, now, with_cause};
use crate::rulecache::RuleFile;
use crate::ruleset::{self, Loaded, RuleFiles, full_name};
use crate::{Failure, signals};

pub use archive::{Packed, gather};
pub use suppressed::{filter, no_filter};

/// The sets of a home, or, where none was made yet, those that come with the program.
#[derive(Debug)]
pub struct Sets {
    seen: Option<(Home, Reader)>,
    words: Words,
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
) -> Result<Option<RuleSet>, Failure> {
    if !named.are_unnamed() {
        return named.load(stop, words);
    }
    let Some(placeholders) = named.placeholders(stop, words)? else { return Ok(None) };
    // What else may be wrong with the home is told by whoever needs it.
    Sets::at(Home::open(place).ok(), words).running(&placeholders, stop)
}

/// How a rule is known in a set: by its id, or by its path where it has none.
#[must_use]
pub fn key(meta: &Meta) -> String {
    meta.id.as_deref().map_or_else(|| meta.path.clone(), str::to_lowercase)
}

impl Sets {
    /// The sets of a home.
    #[must_use]
    pub fn at(home: Option<Home>, words: Words) -> Self {
        let seen = home.map(|home| {
            let reader = Reader::open(&home, kinds());
            (home, reader)
        });
        Self { seen, words }
    }

    /// All sets by name, with what was decided of each.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn states(&self) -> Result<BTreeMap<String, Ruleset>, Failure> {
        let mut states = BTreeMap::from([(BUNDLED.to_owned(), Ruleset::default())]);
        let Some((_, reader)) = &self.seen else { return Ok(states) };
        let read = look(|who| {
            for stream in reader.streams::<Rulesets>(who)? {
                let name = &stream[Rulesets::NAME.len() + 1..];
                if let Some((state, _)) = reader.state::<Rulesets>(who, name)? {
                    states.insert(name.to_owned(), state);
                }
            }
            Ok::<_, journal::JournalError>(())
        });
        read.map_err(|error| unkept(&error, self.words)).map(|()| states)
    }

    /// What was decided of a set; none where there is no such set.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn state(&self, name: &str) -> Result<Option<Ruleset>, Failure> {
        Ok(self.states()?.remove(name))
    }

    /// The rules that run; none when the user stopped it.
    ///
    /// # Errors
    /// When journal or files cannot be read.
    pub fn running(&self, placeholders: &Placeholders, stop: &Stop) -> Result<Option<RuleSet>, Failure> {
        let (mut documents, mut off, now) = (Loaded::new(), HashMap::new(), now());
        for (name, state) in self.states()? {
            let Some(version) = state.enabled(&name) else { continue };
            let Some(loaded) = self.documents(&name, &state, version, (placeholders, stop))? else {
                return Ok(None);
            };
            documents.extend(loaded);
            off.insert(full_name(&name, version), state);
        }
        let is_off = |meta: &Meta| {
            let state = meta.set.as_deref().and_then(|set| off.get(set));
            state.is_some_and(|state| state.excludes(&key(meta), now))
        };
        // A rule may feed correlations that run; one that is off silently does. A correlation or filter that is
        // off must not have been there.
        documents.retain(|document| {
            !matches!(document, Ok(Document::Correlation(_) | Document::Filter(_)))
                || document.as_ref().is_ok_and(|document| !is_off(document.meta()))
        });
        let mut rules = RuleSet::new(documents);
        rules.retain(|meta| !is_off(meta));
        for suppression in self.suppressions()? {
            match filter(&suppression.name, &suppression.filter) {
                Ok(filter) => rules.suppress(&filter),
                // Another version of the program took it; more is shown rather than nothing said.
                Err(refusal) => rules.refused.push(*refusal),
            }
        }
        Ok(Some(rules))
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
        let loaded = ruleset::documents(&files, placeholders, stop);
        Ok(loaded.map(|loaded| ruleset::of_set(&full_name(name, version), loaded)))
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
        let hash = added.archive.parse().map_err(|error: NotAHash| damaged(error.to_string()))?;
        let missing = || damaged("there is no home".to_owned());
        let (home, reader) = self.seen.as_ref().ok_or_else(missing)?;
        let file = look(|who| files::open(home, reader, who, &hash));
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
        let (stop, mut found) = (signals::stop().unwrap_or_default(), Vec::new());
        for (name, state) in self.states()? {
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
