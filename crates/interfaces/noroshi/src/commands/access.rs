//! `noroshi access why`: which policy lets somebody see a thing, and where none does, what would.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use access::why::{Change, Why};
use model::evidence::{ContentId, Evidence, Reference};
use model::view::Label;
use page::Words;
use page::foreign::visible;
use register::people::Role;
use serde_json::{Value, json};

use crate::acts::{self, unkept};
use crate::arguments::{Access, AccessWhy};
use crate::books::{Books, look, unread};
use crate::{Failure, Outcome, output, seat};

/// Runs the command.
///
/// # Errors
/// When there is no home, no such person or thing, or the books cannot be read.
pub fn run(arguments: &Access, words: Words) -> Result<Outcome, Failure> {
    let Access::Why(arguments) = arguments;
    why(arguments, words)
}

fn why(arguments: &AccessWhy, words: Words) -> Result<Outcome, Failure> {
    let AccessWhy { person: id, thing, at } = arguments;
    let reader = acts::read(at.home.as_deref(), words)?;
    let person = look(|who| seat::person(&reader, who, id)).map_err(|error| unkept(&error, words))?;
    let person = person.ok_or_else(|| seat::nobody(id, words))?;
    let unknown = || {
        let values = [("thing", visible(thing).into_owned().into())];
        Failure { code: 3, text: words.with("cli-error-access-thing", &values) }
    };
    let label = match named(thing) {
        Some(Reference::Act { stream, .. }) => {
            look(|who| reader.label(who, &stream)).map_err(|error| unkept(&error, words))?
        }
        Some(Reference::Row(row)) => of_row(&row, arguments, words)?,
        _ => {
            return Err(Failure::usage(
                words,
                "cli-error-access-form",
                &[("thing", visible(thing).into_owned().into())],
            ));
        }
    };
    let label = label.ok_or_else(unknown)?;
    let roles = Role::ALL.map(Role::as_str);
    let why = seat::policies(words)?.why(&person, &label, &roles);
    if at.json {
        return output::print_json(&object(&why, &label), words);
    }
    output::print(&text(&why, (id, thing, &label), words), words)
}

/// The thing that a text names: evidence, or a finding by its number.
fn named(thing: &str) -> Option<Reference> {
    let number =
        thing.parse::<u64>().ok().map(|number| Reference::act(&format!("watch/finding/{number}"), 1));
    number.or_else(|| thing.parse().ok())
}

/// What is said of a row of the lake, as of the batch that it came in.
fn of_row(row: &Evidence, arguments: &AccessWhy, words: Words) -> Result<Option<Label>, Failure> {
    let books = Books::open(arguments.at.home.as_deref(), "whose a row is", words)?;
    let entries = books.entries().map_err(|error| unread(&error, words))?;
    let entry = entries.into_iter().find(|entry| ContentId::from(entry.batch) == row.batch);
    Ok(entry.map(|entry| Label {
        compartment: entry.owner.compartment.as_str().to_owned(),
        owner: entry.owner.organisation,
        marking: entry.marking,
    }))
}

fn object(why: &Why<'_>, label: &Label) -> Value {
    let change = |(change, policies): &(Change<'_>, BTreeSet<String>)| match change {
        Change::Role(role) => json!({ "role": role, "policies": policies }),
        Change::Tlp(tlp) => json!({ "tlp": tlp.as_str(), "policies": policies }),
        Change::Organisation => json!({ "organisation": label.owner, "policies": policies }),
    };
    json!({
        "is_seen": why.decided.is_seen, "policies": why.decided.policies, "errors": why.decided.errors,
        "compartment": label.compartment, "owner": label.owner, "marking": label.marking,
        "changes": why.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn text(why: &Why<'_>, (person, thing, label): (&str, &str, &Label), words: Words) -> String {
    let joined = |policies: &BTreeSet<String>| policies.iter().cloned().collect::<Vec<_>>().join(", ");
    let values = [
        ("person", person.into()),
        ("thing", visible(thing).into_owned().into()),
        ("policies", joined(&why.decided.policies).into()),
    ];
    let key = if why.decided.is_seen { "cli-access-seen" } else { "cli-access-hidden" };
    let mut text = words.with(key, &values) + "\n";
    let values = [
        ("owner", visible(&label.owner).into_owned().into()),
        ("tlp", label.marking.tlp.as_str().into()),
        ("compartment", visible(&label.compartment).into_owned().into()),
    ];
    let _ = writeln!(text, "{}", words.with("cli-access-label", &values));
    for error in &why.decided.errors {
        let _ = writeln!(text, "{}", words.with("cli-access-error", &[("reason", error.as_str().into())]));
    }
    if why.decided.is_seen {
        return text;
    }
    for (change, policies) in &why.changes {
        let (key, value) = match change {
            Change::Role(role) => ("cli-access-role", (*role).to_owned()),
            Change::Tlp(tlp) => ("cli-access-tlp", tlp.as_str().to_owned()),
            Change::Organisation => ("cli-access-organisation", label.owner.clone()),
        };
        let values = [("value", visible(&value).into_owned().into()), ("policies", joined(policies).into())];
        let _ = writeln!(text, "  {}", words.with(key, &values));
    }
    if why.changes.is_empty() {
        let _ = writeln!(text, "{}", words.get("cli-access-nothing"));
    }
    text
}
