//! What the rules of a kind look at, and what verdicts tell, so that whoever keeps rows reads nothing else.

use std::collections::HashSet;

use model::catalogue::Catalogue;
use model::event::Kind;

use crate::program::{ColumnName, Program};
use crate::story;

/// Names of fields that tell the host of an event, in the order in which they are asked.
pub(crate) const HOSTS: [&str; 3] = ["Computer", "Hostname", "node"];
/// The field of the catalogue that does.
pub(crate) const HOST: &str = "device.hostname";

/// What the rules that read a kind of event look at, and who tells of their verdicts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whether they look at everything, since some ask for a text wherever it stands.
    pub everything: bool,
    /// Fields by their names in the catalogue.
    known: HashSet<Box<str>>,
    /// Fields by the source's names.
    raw: HashSet<Box<str>>,
    /// Names of fields of which also what stands inside counts: `a` for `a.b`.
    inside: HashSet<Box<str>>,
}

impl Needs {
    /// What a program looks at.
    pub(crate) fn of(program: &Program, catalogue: &Catalogue, kind: &Kind) -> Self {
        let mut needs = Self {
            everything: program.anywhere || program.items.iter().any(|slot| slot.field.is_none()),
            ..Self::default()
        };
        for place in program.fields.iter().flat_map(|field| &field.places) {
            match place {
                ColumnName::Known(name) => needs.known.insert(name.clone()),
                ColumnName::Raw(name) => needs.raw.insert(name.clone()),
            };
        }
        needs.known.insert(HOST.into());
        needs.known.extend(story::fields().map(Box::from));
        for name in HOSTS {
            let field = catalogue.field(kind, name);
            needs.known.extend(field.map(|field| Box::from(field.name.as_str())));
            needs.raw.insert(name.into());
        }
        for &field in &program.presence {
            let places = &program.fields[field as usize].places;
            needs.inside.extend(places.iter().filter_map(|place| match place {
                ColumnName::Known(_) => None,
                ColumnName::Raw(name) => Some(name.clone()),
            }));
        }
        needs
    }

    /// Whether a field is looked at that the source calls so, and the catalogue so, if it knows it.
    #[must_use]
    pub fn include(&self, name: &str, known: Option<&str>) -> bool {
        let stands_inside = || {
            let outer = name.match_indices('.').map(|(at, _)| &name[..at]);
            !self.inside.is_empty() && outer.into_iter().any(|outer| self.inside.contains(outer))
        };
        self.everything
            || self.raw.contains(name)
            || known.is_some_and(|known| self.known.contains(known))
            || stands_inside()
    }
}
