//! What may be said, and what it comes to.

use journal::{ActError, Acting, Actor, Journal, Kind, Kinds, Looking};
use model::time::Instant;
use register::organisations::{self, Described, Organisations, Sort};
use register::people::{self, People, Place, Role};

const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

struct Home {
    journal: Journal,
    _lock: home::Writer,
    _folder: tempfile::TempDir,
}

impl Home {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = home::Writer::take(&folder.path().join("home")).expect("free");
        let journal = Journal::open(&lock, register::kinds(Kinds::new())).expect("opened");
        Self { journal, _lock: lock, _folder: folder }
    }

    /// Whether anything changed, or why it was refused.
    fn act<K: Kind>(&self, id: &str, command: K::Command) -> Result<bool, K::Refusal> {
        let acting = Acting { actor: Actor::local(1_000), now: NOW };
        match self.journal.act::<K>(id, command, &acting) {
            Ok(done) => Ok(done.position.is_some()),
            Err(ActError::Refused(refusal)) => Err(refusal),
            Err(error) => panic!("{error:?}"),
        }
    }
}

fn described(name: &str, prefecture: Option<u8>, parent: Option<&str>) -> organisations::Command {
    let (name, parent) = (name.to_owned(), parent.map(str::to_owned));
    organisations::Command::Describe(Described { name, kind: Sort::LocalGovernment, prefecture, parent })
}

#[test]
fn organisations_are_described_leave_and_come_back() {
    use organisations::{Command, Refusal};
    let home = Home::open();
    let act = |id: &str, command| home.act::<Organisations>(id, command);
    let leave = |reason: &str| Command::Leave { reason: reason.to_owned() };
    for (id, command, expected) in [
        ("hinata", leave("x"), Err(Refusal::Missing)),
        ("Hinata", described("ひなた市役所", None, None), Err(Refusal::BadId)),
        ("-", described("ひなた市役所", None, None), Err(Refusal::BadId)),
        ("own", described("ひなた市役所", None, None), Err(Refusal::BadId)),
        ("hinata", described("  ", None, None), Err(Refusal::BadName)),
        ("hinata", described("a\nb", None, None), Err(Refusal::BadName)),
        ("hinata", described("x", Some(0), None), Err(Refusal::BadPrefecture(0))),
        ("hinata", described("x", Some(48), None), Err(Refusal::BadPrefecture(48))),
        ("hinata", described("x", None, Some("hinata")), Err(Refusal::BadParent("hinata".to_owned()))),
        ("hinata", described("ひなた市役所", Some(20), None), Ok(true)),
        ("hinata", described(" ひなた市役所 ", Some(20), None), Ok(false)),
        ("hinata", leave(" "), Err(Refusal::NoReason)),
        ("hinata", leave("merged"), Ok(true)),
        ("hinata", leave("merged"), Err(Refusal::Missing)),
        ("hinata", described("ひなた市役所", Some(20), None), Ok(true)),
    ] {
        assert_eq!(act(id, command.clone()), expected, "{id}: {command:?}");
    }
    let view = access::operator("root", NOW);
    let all = organisations::list(home.journal.reader(), Looking { view: &view, now: NOW }).expect("read");
    assert_eq!((all.len(), all[0].has_left, all[0].prefecture), (1, false, Some(20)));
}

#[test]
fn people_enter_change_and_leave() {
    use people::{Command, Refusal};
    let home = Home::open();
    let act = |id: &str, command| home.act::<People>(id, command);
    let enter = |organisation: &str, roles: &[Role], name: Option<&str>, is_name_known| Command::Enter {
        place: Place { organisation: organisation.to_owned(), roles: roles.iter().copied().collect() },
        name: name.map(str::to_owned),
        is_name_known,
    };
    let leave = |reason: &str| Command::Leave { reason: reason.to_owned() };
    let member = &[Role::Member];
    for (id, command, expected) in [
        ("kanri", leave("x"), Err(Refusal::Missing)),
        ("川口", enter("hinata", member, None, false), Err(Refusal::BadId)),
        ("kanri", enter("ひなた", member, None, false), Err(Refusal::BadOrganisation("ひなた".to_owned()))),
        ("kanri", enter("hinata", &[], None, false), Err(Refusal::NoRole)),
        ("kanri", enter("hinata", member, Some(" "), false), Err(Refusal::BadName)),
        ("kanri", enter("hinata", member, Some("川口 花子"), false), Ok(true)),
        ("kanri", enter("hinata", member, Some("川口 花子"), true), Ok(false)),
        ("kanri", enter("hinata", member, None, false), Ok(false)),
        ("kanri", enter("hinata", &[Role::Member, Role::Auditor], None, false), Ok(true)),
        ("kanri", leave(""), Err(Refusal::NoReason)),
        ("kanri", leave("moved on"), Ok(true)),
        ("kanri", leave("moved on"), Err(Refusal::Missing)),
        ("kanri", enter("hinata", member, None, false), Ok(true)),
    ] {
        assert_eq!(act(id, command.clone()), expected, "{id}: {command:?}");
    }
    let view = access::operator("root", NOW);
    let who = Looking { view: &view, now: NOW };
    let found = people::one(home.journal.reader(), who, "kanri").expect("read").expect("there");
    assert_eq!((found.name.as_str(), found.has_left), ("川口 花子", false));
    // No act has the name.
    let acts = home.journal.reader().history(who, "register/person/kanri", (0, 99)).expect("read");
    assert!(acts.iter().all(|act| !act.bytes().expect("written").contains("川口")));
    assert!(home.journal.rebuild().expect("rebuilt").is_sound());
}
