//! Clauses: what the mission asks for, one numbered demand each, with what shows that it is met.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Deserialize;

/// The clauses, in the order of the opinion that they are of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The document that they are of.
    pub opinion: Dated,
    /// Laws and documents that they cite.
    cited: Vec<Cited>,
    /// What they are about.
    group: Vec<Group>,
    clause: Vec<Clause>,
}

/// A document of a date.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// Its date, as 2026-02-06.
    pub version: String,
    /// Its name in Japanese.
    pub ja: String,
    /// Its name in English.
    pub en: String,
}

/// A law or a document that clauses cite.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// By what clauses name it.
    pub id: String,
    /// Its name and number in Japanese.
    pub ja: String,
    /// The same in English.
    pub en: String,
    /// The date of the text that is meant, as 2026-02-06.
    pub version: String,
    /// Whether the words of the cited articles were read in the official text of that date.
    pub is_verified: bool,
}

/// What clauses are about whose ids begin alike.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// How their ids begin.
    pub id: String,
    /// What it is in Japanese.
    pub ja: String,
    /// The same in English.
    pub en: String,
}

/// A demand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its number.
    pub id: String,
    /// How strongly it binds.
    pub strength: Strength,
    /// What it asks for: as the opinion says it, and what that means.
    pub phrase: Both,
    /// What software must do so that it can be met.
    pub capability: Both,
    /// What shows that it is met.
    pub proof: Both,
    /// What it cites.
    #[serde(default)]
    pub cites: Vec<Citation>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

/// An article of a law, or a document as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The law or document.
    pub cited: String,
    /// The article in Japanese; empty for the whole.
    #[serde(default)]
    pub ja: String,
    /// The article in English.
    #[serde(default)]
    pub en: String,
}

/// How strongly a clause binds, as the opinion words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant is the word of the register")]
pub enum Strength {
    Frame,
    Goal,
    Request,
    RequestEffort,
    RequestStudy,
    Wish,
    WishStatutory,
    WishEffort,
}

/// Why a register cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// It is no TOML of this form.
    #[error("the register of clauses cannot be read")]
    Syntax(#[from] Box<toml::de::Error>),
    /// Two clauses have one number, or a clause has no group or cites what is not there.
    #[error("the register of clauses contradicts itself at {0}")]
    Contradiction(String),
}

impl Register {
    /// The register that this build carries.
    ///
    /// # Errors
    /// When `catalogue/clauses.toml` contradicts itself; a test keeps that from happening.
    pub fn bundled() -> Result<Arc<Self>, RegisterError> {
        Self::parse(include_str!("../../../catalogue/clauses.toml")).map(Arc::new)
    }

    /// Reads a register.
    ///
    /// # Errors
    /// When it cannot be read, or contradicts itself.
    pub fn parse(text: &str) -> Result<Self, RegisterError> {
        let register: Self = toml::from_str(text).map_err(Box::new)?;
        let mut seen = HashSet::new();
        for clause in &register.clause {
            let is_known = |citation: &Citation| register.cited(&citation.cited).is_some();
            let is_whole = register.group_of(&clause.id).is_some() && clause.cites.iter().all(is_known);
            if !is_whole || !seen.insert(clause.id.as_str()) {
                return Err(RegisterError::Contradiction(clause.id.clone()));
            }
        }
        Ok(register)
    }

    /// All clauses, in their order.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clause
    }

    /// A clause by its number.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clause.iter().find(|clause| clause.id == id)
    }

    /// What clauses are about, in their order.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.group
    }

    /// What a clause of this number is about.
    #[must_use]
    pub fn group_of(&self, id: &str) -> Option<&Group> {
        let is_of = |group: &&Group| {
            id.strip_prefix(group.id.as_str())
                .is_some_and(|rest| rest.is_empty() || !rest.starts_with(char::is_numeric))
        };
        self.group.iter().find(is_of)
    }

    /// The clauses of a group, in their order.
    pub fn clauses_of(&self, group: &Group) -> impl Iterator<Item = &Clause> {
        self.clause.iter().filter(|clause| self.group_of(&clause.id) == Some(group))
    }

    /// The laws and documents that clauses cite.
    #[must_use]
    pub fn all_cited(&self) -> &[Cited] {
        &self.cited
    }

    /// A law or document that clauses cite.
    #[must_use]
    pub fn cited(&self, id: &str) -> Option<&Cited> {
        self.cited.iter().find(|cited| cited.id == id)
    }
}

impl Strength {
    /// The word of the register.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Goal => "goal",
            Self::Request => "request",
            Self::RequestEffort => "request-effort",
            Self::RequestStudy => "request-study",
            Self::Wish => "wish",
            Self::WishStatutory => "wish-statutory",
            Self::WishEffort => "wish-effort",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_register_is_whole() {
        let register = Register::bundled().unwrap();
        assert_eq!(register.clauses().len(), 98);
        let of_groups: usize = register.groups().iter().map(|group| register.clauses_of(group).count()).sum();
        assert_eq!(of_groups, 98);
        for clause in register.clauses() {
            for text in [&clause.phrase, &clause.capability, &clause.proof] {
                assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", clause.id);
            }
        }
        let clause = register.clause("2-2-1b").unwrap();
        assert_eq!((clause.strength.as_str(), clause.cites[0].en.as_str()), ("wish", "Art. 31(1)(ii)"));
        assert_eq!(register.group_of("1-3a").unwrap().id, "1-3");
        assert_eq!(register.cited("basic").unwrap().version, register.opinion.version);
    }

    #[test]
    fn a_register_that_contradicts_itself_is_refused() {
        let head = "opinion = { version = \"2026-02-06\", ja = \"a\", en = \"a\" }\ncited = []\n\
                    group = [{ id = \"P\", ja = \"a\", en = \"a\" }]\n";
        let both = "{ ja = \"a\", en = \"a\" }";
        let clause = |id: &str, more: &str| {
            format!(
                "[[clause]]\nid = \"{id}\"\nstrength = \"goal\"\nphrase = {both}\ncapability = {both}\nproof = {both}\n\
                 {more}\n"
            )
        };
        let read = |clauses: &str| Register::parse(&format!("{head}{clauses}")).map(drop);
        assert!(read(&clause("P-1", "")).is_ok());
        for wrong in [
            clause("P-1", "") + &clause("P-1", ""),
            clause("1-1", ""),
            clause("P-1", "cites = [{ cited = \"nobody\" }]"),
            clause("P-1", "colour = \"red\""),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }
}
