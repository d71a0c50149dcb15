//! In whose place whoever types looks: `--as PERSON`. It holds for the whole process, is taken before anything is
//! read, and stands in the access log under the name of who took it.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::OnceLock;

use access::policies::{Person, Policies};
use access_log::Book;
use journal::{JournalError, Reader};
use lake::{Lake, LakeError};
use model::marking::{Confidentiality, Marking, Pap, Tlp};
use model::time::Instant;
use model::view::{Label, Looking, Part, Sight, View};
use page::Words;
use register::{organisations, people};

use crate::Failure;
use crate::acts::{existing, kinds, unkept};
use crate::books::{look, note_in, now, unread, with_cause};

static SEAT: OnceLock<Seat> = OnceLock::new();

/// Somebody's place.
struct Seat {
    person: String,
    part: Part,
}

/// What is seen from the place that was taken, if one was.
#[must_use]
pub fn view(now: Instant) -> Option<View> {
    SEAT.get().map(|seat| access::person(&seat.person, seat.part.clone(), now))
}

/// Takes somebody's place in a home, if one is named. What the home does of itself while a command runs is to be
/// done before: it needs to see everything.
///
/// # Errors
/// When there is nobody of that id, or they have left; or policies or the journal cannot be used.
pub fn take(home: Option<&Path>, person: Option<&str>, words: Words) -> Result<(), Failure> {
    let Some(id) = person else { return Ok(()) };
    let home = existing(home, words)?;
    note_in(&home, Book::Journal, &format!("as {id}")).map_err(|error| {
        let values = [("reason", with_cause(&error).into())];
        Failure { code: 1, text: words.with("cli-error-access", &values) }
    })?;
    let reader = Reader::open(&home, kinds());
    let lake = Lake::open(&home.lake()).map_err(|error| unread(&error, words))?;
    let policies = policies(words)?;
    let known = look(|who| known(&reader, who, id)).map_err(|error| unkept(&error, words))?;
    let (person, mut labels) = known.ok_or_else(|| nobody(id, words))?;
    let of_lake = look(|who| of_lake(&lake, who)).map_err(|error| unread(&error, words))?;
    labels.extend(of_lake);
    let view = policies.view(&person, labels, now());
    let part = match view.sight() {
        Sight::Part(part) => part.clone(),
        Sight::Everything => Part::default(),
    };
    // Nobody takes two places in one process.
    drop(SEAT.set(Seat { person: person.id, part }));
    Ok(())
}

/// What is said of the batches of the lake. What stands on several of them has the strictest of each mark, so that
/// each mark comes with each other one.
fn of_lake(lake: &Lake, who: Looking<'_>) -> Result<HashSet<Label>, LakeError> {
    let mut labels = HashSet::new();
    for compartment in lake.compartments(who)? {
        let mut marks: HashMap<String, HashSet<Marking>> = HashMap::new();
        for entry in lake.entries(who, &compartment)? {
            marks.entry(entry.owner.organisation).or_default().insert(entry.marking);
        }
        for (owner, marks) in marks {
            for (one, two, three) in combined(&marks) {
                let marking = Marking { tlp: one, confidentiality: two, pap: three };
                labels.insert(Label {
                    compartment: compartment.as_str().to_owned(),
                    owner: owner.clone(),
                    marking,
                });
            }
        }
    }
    Ok(labels)
}

fn combined(marks: &HashSet<Marking>) -> Vec<(Tlp, Option<Confidentiality>, Option<Pap>)> {
    let mut all = Vec::new();
    for tlp in marks.iter().map(|marking| marking.tlp) {
        for confidentiality in marks.iter().map(|marking| marking.confidentiality) {
            all.extend(marks.iter().map(|marking| (tlp, confidentiality, marking.pap)));
        }
    }
    all
}

/// Somebody who is there, and what is said of what there is.
fn known(reader: &Reader, who: Looking<'_>, id: &str) -> Result<Option<(Person, Vec<Label>)>, JournalError> {
    person(reader, who, id)?.map(|person| Ok((person, reader.labels(who)?))).transpose()
}

/// Somebody as policies know them; none where there is nobody of that id, or they or their organisation have left.
///
/// # Errors
/// When the register cannot be read.
pub fn person(reader: &Reader, who: Looking<'_>, id: &str) -> Result<Option<Person>, JournalError> {
    let Some(found) = people::one(reader, who, id)?.filter(|found| !found.has_left) else { return Ok(None) };
    let organisations = organisations::list(reader, who)?;
    let own = organisations.iter().find(|one| one.id == found.organisation && !one.has_left);
    let kind = own.map(|own| own.kind.map(organisations::Sort::as_str).unwrap_or_default().to_owned());
    Ok(kind.map(|kind| Person {
        id: found.id,
        organisation: found.organisation,
        kind,
        roles: found.roles.into_iter().map(|role| role.as_str().to_owned()).collect(),
    }))
}

/// The policies, or why they cannot be used.
///
/// # Errors
/// When one of them is wrong.
pub fn policies(words: Words) -> Result<Policies, Failure> {
    Policies::shipped().map_err(|error| Failure {
        code: 1,
        text: words.with("cli-error-policy", &[("reason", error.to_string().into())]),
    })
}

/// There is nobody of this id.
#[must_use]
pub fn nobody(id: &str, words: Words) -> Failure {
    Failure::usage(words, "cli-error-nobody", &[("person", id.into())])
}
