//! Why somebody sees something or not, and which one change would let them.

use std::collections::BTreeSet;

use model::marking::{Marking, Tlp};
use model::view::Label;

use crate::policies::{Decided, Person, Policies};

/// A change after which something is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// They do this as well.
    Role(&'a str),
    /// It is marked so.
    Tlp(Tlp),
    /// They belong to the organisation whose it is.
    Organisation,
}

/// What was decided, and what would decide otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why<'a> {
    /// What was decided.
    pub decided: Decided,
    /// Where it is not seen, single changes after which it is, and the policies that then say so.
    pub changes: Vec<(Change<'a>, BTreeSet<String>)>,
}

impl Policies {
    /// Why somebody sees rows with a label or not; `roles` are those that there are.
    #[must_use]
    pub fn why<'a>(&self, person: &Person, label: &Label, roles: &[&'a str]) -> Why<'a> {
        let decided = self.decide(person, label);
        if decided.is_seen {
            return Why { decided, changes: Vec::new() };
        }
        let with_role = |role: &&'a str| {
            let mut other = person.clone();
            other.roles.insert((*role).to_owned()).then(|| (Change::Role(role), other, label.clone()))
        };
        let marked = |tlp: Tlp| {
            let marking = Marking { tlp, ..label.marking };
            (Change::Tlp(tlp), person.clone(), Label { marking, ..label.clone() })
        };
        let moved = Person { organisation: label.owner.clone(), ..person.clone() };
        let tried = roles.iter().filter_map(with_role);
        let tried = tried.chain(Tlp::ALL.into_iter().filter(|tlp| *tlp != label.marking.tlp).map(marked));
        let tried = tried.chain([(Change::Organisation, moved, label.clone())]);
        let seen = tried.filter_map(|(change, person, label)| {
            let decided = self.decide(&person, &label);
            decided.is_seen.then_some((change, decided.policies))
        });
        Why { decided, changes: seen.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(organisation: &str, kind: &str, role: &str) -> Person {
        let (id, roles) = ("sato".to_owned(), [role.to_owned()].into());
        Person { id, organisation: organisation.to_owned(), kind: kind.to_owned(), roles }
    }

    #[test]
    fn each_change_is_named_with_the_policies_that_would_say_so() {
        let policies = Policies::shipped().expect("sound");
        let label = |tlp| Label {
            compartment: "own".to_owned(),
            owner: "aoba".to_owned(),
            marking: Marking { tlp, ..Marking::default() },
        };
        let by = |policy: &str| BTreeSet::from([policy.to_owned()]);
        let roles = ["analyst", "auditor"];
        let city = person("hinata", "local-government", "member");
        assert_eq!(
            policies.why(&city, &label(Tlp::Amber), &roles).changes,
            [
                (Change::Tlp(Tlp::Clear), by("community")),
                (Change::Tlp(Tlp::Green), by("community")),
                (Change::Organisation, by("own")),
            ]
        );
        let auditor = person("centre", "operator", "auditor");
        assert_eq!(
            policies.why(&auditor, &label(Tlp::Amber), &roles).changes,
            [(Change::Role("analyst"), by("centre"))]
        );
        let seen = policies.why(&person("aoba", "infrastructure", "member"), &label(Tlp::Red), &roles);
        assert_eq!((seen.decided.policies, seen.changes), (by("own"), vec![]));
        // Nobody sees an exercise yet, whatever changes.
        let exercise = Label { compartment: "exercise/1".to_owned(), ..label(Tlp::Clear) };
        assert_eq!(policies.why(&city, &exercise, &roles).changes, []);
    }
}
