//! `noroshi register`: organisations and their people.

use journal::Done;
use model::evidence::Reference;
use page::Words;
use page::foreign::visible;
use register::organisations::{self, Described, Organisations};
use register::people::{self, People, Place};
use serde_json::{Value, json};

use crate::acts::{self, hand, unkept};
use crate::arguments::{Register, RegisterLeave, RegisterList, RegisterOrganisation, RegisterPerson};
use crate::books::look;
use crate::holder::Opening;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, seat};

/// Runs the command.
///
/// # Errors
/// When there is no home, its journal cannot be used, or what is asked for is refused.
pub fn run(arguments: &Register, words: Words) -> Result<Outcome, Failure> {
    match arguments {
        Register::Organisations(arguments) => all_organisations(arguments, words),
        Register::Organisation(arguments) => organisation(arguments, words),
        Register::People(arguments) => all_people(arguments, words),
        Register::Person(arguments) => person(arguments, words),
        Register::Leave(arguments) => leave(arguments, words),
    }
}

fn all_organisations(arguments: &RegisterList, words: Words) -> Result<Outcome, Failure> {
    seat::take(arguments.at.home.as_deref(), arguments.seat.as_deref(), words)?;
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let all = look(|who| organisations::list(&reader, who)).map_err(|error| unkept(&error, words))?;
    let all = all.into_iter().filter(|one| arguments.all || !one.has_left);
    let kind = |one: &organisations::Listed| one.kind.map(organisations::Sort::as_str).unwrap_or_default();
    let object = |one: &organisations::Listed| {
        json!({
            "id": one.id, "name": one.name, "kind": kind(one), "prefecture": one.prefecture,
            "parent": one.parent, "has_left": one.has_left,
        })
    };
    let row = |one: &organisations::Listed| {
        let prefecture = one.prefecture.map(|number| number.to_string()).unwrap_or_default();
        vec![one.id.clone(), one.name.clone(), kind(one).to_owned(), prefecture]
    };
    let all: Vec<_> = all.map(|one| (object(&one), row(&one))).collect();
    listed(all, &["id", "name", "kind", "prefecture"], arguments, words)
}

fn all_people(arguments: &RegisterList, words: Words) -> Result<Outcome, Failure> {
    seat::take(arguments.at.home.as_deref(), arguments.seat.as_deref(), words)?;
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let all = look(|who| people::list(&reader, who)).map_err(|error| unkept(&error, words))?;
    let all = all.into_iter().filter(|one| arguments.all || !one.has_left);
    let all = all.map(|one| {
        let roles: Vec<&str> = one.roles.iter().copied().map(people::Role::as_str).collect();
        let object = json!({
            "id": one.id, "organisation": one.organisation, "roles": roles, "name": one.name,
            "has_left": one.has_left,
        });
        let row = vec![one.id.clone(), one.organisation.clone(), roles.join(", "), one.name.clone()];
        (object, row)
    });
    listed(all.collect(), &["id", "organisation", "roles", "name"], arguments, words)
}

fn listed(
    all: Vec<(Value, Vec<String>)>,
    heads: &[&str],
    arguments: &RegisterList,
    words: Words,
) -> Result<Outcome, Failure> {
    let (objects, rows): (Vec<Value>, Vec<Vec<String>>) = all.into_iter().unzip();
    if arguments.at.json {
        return output::print_json(&objects, words);
    }
    if rows.is_empty() {
        return output::print(&(words.get("cli-register-none") + "\n"), words);
    }
    let heading = |name: &&str| lake::Heading {
        name: words.get(&format!("cli-register-head-{name}")),
        is_number: false,
    };
    let mut table = Table::new(heads.iter().map(heading).collect(), Width::of_terminal());
    let row =
        |texts: Vec<String>| texts.iter().map(|text| Value::String(visible(text).into_owned())).collect();
    table.add(rows.into_iter().map(row).collect());
    output::print(&table.finish(), words)
}

fn organisation(arguments: &RegisterOrganisation, words: Words) -> Result<Outcome, Failure> {
    let RegisterOrganisation { id, name, kind, prefecture, parent, at } = arguments;
    let hand = hand(at.home.as_deref(), Opening::short("register"), words)?;
    let (kind, prefecture) = (*kind, *prefecture);
    let described = Described { name: name.clone(), kind, prefecture, parent: parent.clone() };
    let command = organisations::Command::Describe(described);
    let done = hand.act::<Organisations>(id, &command, |refusal| refused_organisation(refusal, id, words))?;
    said(&done, ("register/organisation", id), at.json, words)
}

fn person(arguments: &RegisterPerson, words: Words) -> Result<Outcome, Failure> {
    let RegisterPerson { id, organisation, role, name, at } = arguments;
    let hand = hand(at.home.as_deref(), Opening::short("register"), words)?;
    let read = look(|who| {
        let reader = hand.reader();
        Ok((people::one(&reader, who, id)?, organisations::list(&reader, who)?))
    });
    let (known, organisations) = read.map_err(|error: journal::JournalError| unkept(&error, words))?;
    if !organisations.iter().any(|one| one.id == *organisation && !one.has_left) {
        let values = [("id", organisation.as_str().into())];
        return Err(Failure::usage(words, "cli-error-register-no-organisation", &values));
    }
    let is_name_known =
        known.is_some_and(|known| Some(known.name.as_str()) == name.as_deref().map(str::trim));
    let place = Place { organisation: organisation.clone(), roles: role.iter().copied().collect() };
    let command = people::Command::Enter { place, name: name.clone(), is_name_known };
    let done = hand.act::<People>(id, &command, |refusal| refused_person(refusal, id, words))?;
    said(&done, ("register/person", id), at.json, words)
}

fn leave(arguments: &RegisterLeave, words: Words) -> Result<Outcome, Failure> {
    let RegisterLeave { person, organisation, reason, at } = arguments;
    let hand = hand(at.home.as_deref(), Opening::short("register"), words)?;
    if let Some(id) = organisation {
        let command = organisations::Command::Leave { reason: reason.clone() };
        let refused = |refusal: &_| refused_organisation(refusal, id, words);
        let done = hand.act::<Organisations>(id, &command, refused)?;
        return said(&done, ("register/organisation", id), at.json, words);
    }
    let id = person.as_deref().unwrap_or_default();
    let command = people::Command::Leave { reason: reason.clone() };
    let done = hand.act::<People>(id, &command, |refusal| refused_person(refusal, id, words))?;
    said(&done, ("register/person", id), at.json, words)
}

fn said(done: &Done, (kind, id): (&str, &str), json: bool, words: Words) -> Result<Outcome, Failure> {
    let act = Reference::act(&format!("{kind}/{id}"), done.sequence).to_string();
    let is_new = done.position.is_some();
    if json {
        return output::print_json(&json!({ "id": id, "is_new": is_new, "act": act }), words);
    }
    let key = if is_new { "cli-register-done" } else { "cli-register-before" };
    output::print(&(words.with(key, &[("id", id.into()), ("act", act.into())]) + "\n"), words)
}

fn refused_organisation(refusal: &organisations::Refusal, id: &str, words: Words) -> Failure {
    use organisations::Refusal;
    let (key, value) = match refusal {
        Refusal::BadId => ("cli-error-register-id", id.to_owned()),
        Refusal::BadName => ("cli-error-register-name", String::new()),
        Refusal::BadPrefecture(number) => ("cli-error-register-prefecture", number.to_string()),
        Refusal::BadParent(parent) => ("cli-error-register-parent", parent.clone()),
        Refusal::NoReason => ("cli-error-reason", String::new()),
        Refusal::Missing => ("cli-error-register-no-organisation", id.to_owned()),
    };
    Failure::usage(words, key, &[("id", value.into())])
}

fn refused_person(refusal: &people::Refusal, id: &str, words: Words) -> Failure {
    use people::Refusal;
    let (key, value) = match refusal {
        Refusal::BadId => ("cli-error-register-id", id.to_owned()),
        Refusal::BadName => ("cli-error-register-name", String::new()),
        Refusal::BadOrganisation(organisation) => {
            ("cli-error-register-no-organisation", organisation.clone())
        }
        Refusal::NoRole => ("cli-error-register-role", String::new()),
        Refusal::NoReason => ("cli-error-reason", String::new()),
        Refusal::Missing => ("cli-error-nobody", id.to_owned()),
    };
    Failure::usage(words, key, &[("id", value.clone().into()), ("person", value.into())])
}
