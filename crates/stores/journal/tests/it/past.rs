//! Acts by their time, and the place of one in the chain.

use journal::{Acting, Between, Head, Kind};
use model::view::Part;

use crate::made_up::{NOW, PurseCommand, Purses, acting, at, label, looking, open, view};

#[test]
fn acts_are_given_by_time_and_placed_in_the_chain_as_far_as_a_view_shows_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let everything = view();
    let who = looking(&everything);
    let reader = opened.journal.reader();
    let none = Head { position: 0, commit: [0; 32], at: None };
    assert_eq!(reader.head(who).expect("read"), none);
    let act = |id: &str, command, seconds| {
        let acting = Acting { now: at(seconds), ..acting() };
        opened.journal.act::<Purses>(id, command, &acting).expect("done");
    };
    act("a", PurseCommand::Open { owner: "aoba".to_owned() }, 0);
    act("b", PurseCommand::Open { owner: "hinata".to_owned() }, 10);
    act("a", PurseCommand::FillEach(vec![1, 2]), 20);
    act("b", PurseCommand::Fill(5), 30);
    let Head { position, commit, at: last } = reader.head(who).expect("read");
    assert_eq!((position, last), (4, Some(at(30))));
    let placed = reader.act(who, "made-up/purse/b", 2).expect("read").expect("there");
    assert_eq!((placed.position, placed.commit, placed.recorded.at), (4, commit, at(30)));
    assert_eq!(reader.act(who, "made-up/purse/b", 3).expect("read"), None);
    let part = access::person("sato", Part { labels: [label("aoba")].into(), hidden: [].into() }, NOW);
    let acts = |view, from: i64, to: i64| {
        let between = Between { from: at(from), to: at(to) };
        let acts = reader.acts(looking(view), Purses::NAME, between).expect("read");
        acts.iter().map(|act| (act.stream.clone(), act.sequence)).collect::<Vec<_>>()
    };
    let name = |id: &str, sequence| (format!("{}/{id}", Purses::NAME), sequence);
    assert_eq!(acts(&everything, 0, 30), [name("a", 1), name("b", 1), name("a", 2), name("a", 3)]);
    assert_eq!(acts(&everything, 10, 11), [name("b", 1)]);
    assert_eq!(acts(&everything, 31, 99), []);
    assert_eq!(acts(&part, 0, 99), [name("a", 1), name("a", 2), name("a", 3)]);
    let hidden = reader.act(looking(&part), &format!("{}/b", Purses::NAME), 1).expect("read");
    assert_eq!(hidden, None);
    assert!(reader.act(looking(&part), &format!("{}/a", Purses::NAME), 3).expect("read").is_some());
}
