//! What cannot or must not leave lies in the box.

use courier::{Settings, Stepped};
use journal::effect::{Command, Effects};
use journal::{Acting, Actor};

use crate::desk::{Home, NOW, file, mail, minutes, to};
use crate::server::Server;

fn kept(number: u64) -> Stepped {
    Stepped { kept: number, ..Stepped::default() }
}

#[test]
fn without_a_server_or_a_folder_effects_are_kept_until_somebody_wants_them_sent() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    let mut no_server = to(&server);
    no_server.mail.as_mut().expect("there is one").smtp = None;
    home.want("one", &[mail("a")]);
    assert_eq!(home.step(&Settings::default(), NOW), kept(1));
    home.want("two", &[mail("b"), file("a.txt", [1; 32])]);
    assert_eq!(home.step(&no_server, NOW), kept(2));
    // A server that comes later does not get what nobody waits for any more.
    assert_eq!(home.step(&to(&server), minutes(1)), Stepped::default());
    assert_eq!(server.connections(), 0);
    let key = home.journal.reader();
    let view = access::operator("tester", NOW);
    let who = journal::Looking { view: &view, now: NOW };
    let streams = key.streams::<Effects>(who).expect("read");
    let acting = Acting { actor: Actor::local(0), now: minutes(1) };
    for stream in streams {
        let key = stream.rsplit('/').next().expect("a key");
        let again = Command::Again { reason: "there is a server now".to_owned() };
        home.journal.act::<Effects>(key, again, &acting).expect("wanted again");
    }
    let stepped = home.step(&to(&server), minutes(1));
    assert_eq!((stepped.delivered, stepped.kept, server.received().len()), (2, 1, 2));
}

#[test]
fn what_an_exercise_orders_does_not_leave_whatever_somebody_wants() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    let place = folder.path().join("out");
    std::fs::create_dir(&place).expect("made");
    let settings = Settings { folder: Some(place.clone()), ..to(&server) };
    home.want("exercise-7", &[mail("a"), file("a.txt", [1; 32])]);
    let files = |_: &model::hash::Sha256| panic!("no file is opened");
    assert_eq!(home.step_with(&settings, &files, NOW), kept(2));
    let view = access::operator("tester", NOW);
    let who = journal::Looking { view: &view, now: NOW };
    let acting = Acting { actor: Actor::local(0), now: NOW };
    for stream in home.journal.reader().streams::<Effects>(who).expect("read") {
        let key = stream.rsplit('/').next().expect("a key");
        let again = Command::Again { reason: "send it all the same".to_owned() };
        home.journal.act::<Effects>(key, again, &acting).expect("wanted again");
    }
    assert_eq!(home.step_with(&settings, &files, minutes(1)), kept(2));
    assert_eq!(server.connections(), 0);
    assert_eq!(std::fs::read_dir(&place).expect("read").count(), 0);
}
