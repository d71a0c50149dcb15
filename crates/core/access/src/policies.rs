//! What people may see, by the policies in `policies/`: Cedar is asked once for each label that is present.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityTypeName, EntityUid, PolicyId, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};
use model::time::Instant;
use model::view::{Label, Part, Purpose, Sight, View, Viewer};

/// The policies that come with the program, by file.
const SHIPPED: &[(&str, &str)] = &[
    ("centre", include_str!("../../../../policies/centre.cedar")),
    ("community", include_str!("../../../../policies/community.cedar")),
    ("own", include_str!("../../../../policies/own.cedar")),
];
const SCHEMA: &str = include_str!("../../../../policies/noroshi.cedarschema");

/// Where no mark is given.
const NONE: &str = "NONE";

/// Somebody, as the register knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// Their organisation's.
    pub organisation: String,
    /// What that is, in a word of the register; empty where the register does not know it.
    pub kind: String,
    /// What they do there, in words of the register.
    pub roles: BTreeSet<String>,
}

/// Policies that are sound: each says only what the schema knows.
#[derive(Debug)]
pub struct Policies {
    set: PolicySet,
    schema: Schema,
    authorizer: Authorizer,
}

/// Why policies cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy {file}: {reason}")]
pub struct PolicyError {
    /// The file, without its ending.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Whether it is seen.
    pub is_seen: bool,
    /// The policies that decided so.
    pub policies: BTreeSet<String>,
    /// What went wrong; then nothing is seen.
    pub errors: Vec<String>,
}

impl Policies {
    /// Those that come with the program.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn shipped() -> Result<Self, PolicyError> {
        Self::read(SHIPPED)
    }

    /// Policies of some files, by their names.
    ///
    /// # Errors
    /// When one cannot be read, has no id of its own, or says what the schema does not know.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, PolicyError> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| wrong("noroshi", &error))?;
        let mut set = PolicySet::new();
        for (file, text) in files {
            let read = PolicySet::from_str(text).map_err(|error| wrong(file, &error))?;
            if read.templates().next().is_some() {
                return Err(wrong(file, &"templates are not used"));
            }
            for policy in read.policies() {
                let id = policy.annotation("id").ok_or_else(|| wrong(file, &"a policy has no @id"))?;
                let policy = policy.new_id(PolicyId::new(id));
                set.add(policy).map_err(|error| wrong(file, &error))?;
            }
        }
        let checked = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
        if let Some(error) = checked.validation_errors().next() {
            return Err(wrong(error.policy_id().as_ref(), error));
        }
        Ok(Self { set, schema, authorizer: Authorizer::new() })
    }

    /// The policies' ids.
    pub fn ids(&self) -> impl Iterator<Item = String> + '_ {
        self.set.policies().map(|policy| policy.id().to_string())
    }

    /// Whether somebody sees rows of which this is said. Whatever goes wrong is a denial.
    #[must_use]
    pub fn decide(&self, person: &Person, label: &Label) -> Decided {
        let denied =
            |error: String| Decided { is_seen: false, policies: BTreeSet::new(), errors: vec![error] };
        match self.asked(person, label) {
            Ok((request, entities)) => {
                let answer = self.authorizer.is_authorized(&request, &self.set, &entities);
                let errors: Vec<String> = answer.diagnostics().errors().map(ToString::to_string).collect();
                let is_seen = answer.decision() == Decision::Allow && errors.is_empty();
                let policies = answer.diagnostics().reason().map(ToString::to_string).collect();
                Decided { is_seen, policies, errors }
            }
            Err(error) => denied(error),
        }
    }

    /// What somebody sees of rows with these labels.
    #[must_use]
    pub fn view(&self, person: &Person, present: impl IntoIterator<Item = Label>, now: Instant) -> View {
        let seen = present.into_iter().filter(|label| self.decide(person, label).is_seen);
        let part = Part { labels: seen.collect(), hidden: HashSet::new() };
        View::new(Viewer::Person(person.id.clone()), Purpose::Operation, now, Sight::Part(part))
    }

    fn asked(&self, person: &Person, label: &Label) -> Result<(Request, Entities), String> {
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let word = |kind: &str, id: &str| uid(kind, id).map(RestrictedExpression::new_entity_uid);
        let roles = person.roles.iter().map(|role| word("Role", role)).collect::<Result<Vec<_>, _>>()?;
        let who = entity(
            ("Person", &person.id),
            [
                ("organisation", text(&person.organisation)),
                ("kind", word("Kind", &person.kind)?),
                ("roles", RestrictedExpression::new_set(roles)),
            ],
        )?;
        let marking = &label.marking;
        let rows = entity(
            ("Rows", &label.owner),
            [
                ("compartment", text(&label.compartment)),
                ("owner", text(&label.owner)),
                ("tlp", word("Tlp", marking.tlp.as_str())?),
                (
                    "confidentiality",
                    word("Confidentiality", marking.confidentiality.map_or(NONE, |mark| mark.as_str()))?,
                ),
                ("pap", word("Pap", marking.pap.map_or(NONE, |mark| mark.as_str()))?),
            ],
        )?;
        let (principal, resource) = (who.uid(), rows.uid());
        let entities = Entities::from_entities([who, rows], Some(&self.schema));
        let entities = entities.map_err(|error| error.to_string())?;
        let action = uid("Action", "read")?;
        let request = Request::new(principal, action, resource, Context::empty(), Some(&self.schema));
        Ok((request.map_err(|error| error.to_string())?, entities))
    }
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind = EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
    Ok(EntityUid::from_type_name_and_id(kind, cedar_policy::EntityId::new(id)))
}

fn entity<const N: usize>(
    (kind, id): (&str, &str),
    attributes: [(&str, RestrictedExpression); N],
) -> Result<Entity, String> {
    let attributes: HashMap<String, RestrictedExpression> =
        attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Entity::new(uid(kind, id)?, attributes, HashSet::new()).map_err(|error| error.to_string())
}

fn wrong(file: &str, reason: &dyn ToString) -> PolicyError {
    PolicyError { file: file.to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use model::marking::{Marking, Tlp};

    use super::*;

    fn person(organisation: &str, kind: &str, roles: &[&str]) -> Person {
        Person {
            id: "sato".to_owned(),
            organisation: organisation.to_owned(),
            kind: kind.to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        }
    }

    fn label(compartment: &str, owner: &str, tlp: Tlp) -> Label {
        let marking = Marking { tlp, ..Marking::default() };
        Label { compartment: compartment.to_owned(), owner: owner.to_owned(), marking }
    }

    /// Who sees what, and by which policies.
    #[test]
    fn people_see_what_policies_say() {
        let policies = Policies::shipped().expect("sound");
        let city = person("hinata", "local-government", &["administrator"]);
        let analyst = person("centre", "operator", &["analyst"]);
        let auditor = person("hinata", "local-government", &["auditor"]);
        let nobody = person("hinata", "local-government", &[]);
        let (amber, red, green) = (Tlp::Amber, Tlp::Red, Tlp::Green);
        for (person, label, expected) in [
            (&city, label("own", "hinata", amber), &["own"][..]),
            (&city, label("own", "hinata", red), &["own"]),
            (&city, label("own", "aoba", amber), &[]),
            (&city, label("own", "own", amber), &[]),
            (&city, label("own", "aoba", green), &["community"]),
            (&city, label("exercise/1", "hinata", green), &[]),
            (&analyst, label("own", "aoba", Tlp::AmberStrict), &["centre"]),
            (&analyst, label("own", "own", amber), &["centre"]),
            (&analyst, label("own", "aoba", red), &[]),
            (&analyst, label("own", "centre", red), &["own"]),
            (&analyst, label("exercise/1", "aoba", amber), &[]),
            (&auditor, label("own", "hinata", amber), &[]),
            (&auditor, label("own", "hinata", Tlp::Clear), &[]),
            (&nobody, label("own", "hinata", Tlp::Clear), &[]),
        ] {
            let decided = policies.decide(person, &label);
            assert_eq!(decided.errors, Vec::<String>::new());
            let by: Vec<&str> = decided.policies.iter().map(String::as_str).collect();
            assert_eq!((by.as_slice(), decided.is_seen), (expected, !expected.is_empty()), "{label:?}");
        }
    }

    #[test]
    fn each_policy_is_needed() {
        let all = Policies::shipped().expect("sound");
        let people =
            [person("hinata", "local-government", &["member"]), person("centre", "operator", &["analyst"])];
        let labels: Vec<Label> = ["hinata", "aoba", "own"]
            .iter()
            .flat_map(|owner| Tlp::ALL.map(|tlp| label("own", owner, tlp)))
            .collect();
        let seen = |policies: &Policies| -> Vec<bool> {
            let each = people.iter().flat_map(|person| labels.iter().map(move |label| (person, label)));
            each.map(|(person, label)| policies.decide(person, label).is_seen).collect()
        };
        for (dropped, _) in SHIPPED {
            let rest: Vec<(&str, &str)> =
                SHIPPED.iter().filter(|(file, _)| file != dropped).copied().collect();
            assert_ne!(seen(&Policies::read(&rest).expect("sound")), seen(&all), "{dropped}");
        }
        assert_eq!(all.ids().count(), SHIPPED.len());
    }

    #[test]
    fn wrong_policies_are_refused_and_errors_deny() {
        for (text, what) in [
            ("permit (", "parse"),
            ("permit (principal, action, resource);", "@id"),
            ("@id(\"x\") permit (principal, action, resource) when { resource.colour == 1 };", "colour"),
            ("@id(\"x\") permit (principal, action, resource) when { principal.kind == 1 };", "x"),
            (
                "@id(\"x\") permit (principal, action, resource) when { resource.tlp == Tlp::\"TLP:RAD\" };",
                "RAD",
            ),
            ("@id(\"x\") permit (principal == ?principal, action, resource);", "templates"),
        ] {
            let error = Policies::read(&[("own", text)]).expect_err(text).to_string();
            assert!(error.contains(what) || what == "parse", "{text}: {error}");
        }
        let twice = "@id(\"x\") permit (principal, action, resource);";
        assert!(Policies::read(&[("a", twice), ("b", twice)]).is_err());
        // A number that overflows is an error of the policy while it is asked.
        let errs = "@id(\"all\") permit (principal, action, resource); \
                    @id(\"errs\") permit (principal, action, resource) \
                    when { 9223372036854775807 + (if resource.tlp == Tlp::\"TLP:RED\" then 1 else 0) > 0 };";
        let policies = Policies::read(&[("errs", errs)]).expect("sound");
        let who = person("hinata", "local-government", &["member"]);
        assert!(policies.decide(&who, &label("own", "hinata", Tlp::Amber)).is_seen);
        let decided = policies.decide(&who, &label("own", "hinata", Tlp::Red));
        assert!(!decided.is_seen && decided.errors.len() == 1, "{decided:?}");
    }

    #[test]
    fn a_view_shows_the_labels_that_policies_allow() {
        let policies = Policies::shipped().expect("sound");
        let who = person("hinata", "local-government", &["member"]);
        let (mine, theirs) = (label("own", "hinata", Tlp::Amber), label("own", "aoba", Tlp::Amber));
        let view = policies.view(&who, [mine.clone(), theirs.clone()], Instant::from_nanoseconds(0));
        assert!(view.shows(&mine) && !view.shows(&theirs));
        assert_eq!(view.viewer(), &Viewer::Person("sato".to_owned()));
    }
}
