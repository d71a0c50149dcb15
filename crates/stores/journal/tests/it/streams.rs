//! Streams: acts are decided on what was done before, stay, and are read back by others.

use journal::jobs::{JobState, Progress};
use journal::query::{Compare, Filter, Order, Select};
use journal::{ActError, Journal, JournalError, NotDone, Reader, Together, ToldCommand, Undone};
use serde_json::json;

use crate::made_up::{
    Alarms, PURSES, PurseCommand, PurseRefusal, Purses, acting, at, kinds, looking, open, view,
};

fn fill(journal: &Journal, id: &str, coins: u64) {
    journal.act::<Purses>(id, PurseCommand::Fill(coins), &acting()).expect("filled");
}

#[test]
fn what_is_done_is_there_when_the_home_is_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let opened = open(folder.path());
        fill(&opened.journal, "red", 5);
        fill(&opened.journal, "red", 7);
        let refused = opened.journal.act::<Purses>("red", PurseCommand::Empty(13), &acting());
        assert!(matches!(refused, Err(ActError::Refused(PurseRefusal::TooFew(12)))), "{refused:?}");
        opened.journal.act::<Purses>("red", PurseCommand::Empty(2), &acting()).expect("emptied");
    }
    let opened = open(folder.path());
    let view = view();
    // Another process reads while this one may write.
    let reader = Reader::open(opened.home.home(), kinds());
    let (state, sequence) = reader.state::<Purses>(looking(&view), "red").expect("read").expect("there");
    assert_eq!((state.coins, sequence), (10, 3));
    let history = reader.history(looking(&view), "made-up/purse/red", (0, 10)).expect("read");
    let acts: Vec<_> = history.iter().map(|recorded| recorded.act["type"].as_str().expect("text")).collect();
    assert_eq!(acts, ["filled", "filled", "emptied"]);
    assert_eq!(history[2].actor.subject(), "local:1000");
    let done = opened.journal.act::<Purses>("red", PurseCommand::Fill(1), &acting()).expect("filled");
    assert_eq!((done.position, done.sequence), (Some(4), 4));
}

#[test]
fn what_may_be_had_once_is_refused_to_the_second_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let tag =
        |id: &str, tag: &str| opened.journal.act::<Purses>(id, PurseCommand::Tag(tag.to_owned()), &acting());
    tag("one", "gold").expect("tagged");
    let refused = tag("two", "gold");
    assert!(
        matches!(&refused, Err(ActError::Taken { what }) if what == "made_up_purses.uniquely"),
        "{refused:?}"
    );
    let view = view();
    let state = opened.journal.reader().state::<Purses>(looking(&view), "two").expect("read");
    assert_eq!(state, None);
    tag("one", "silver").expect("tagged");
    tag("two", "gold").expect("it is free again");
}

#[test]
fn an_act_is_whole_or_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    fill(&opened.journal, "a", 1);
    // Two of the three acts fit, the third takes more than there is: none may stay.
    let view = view();
    opened.journal.act::<Purses>("a", PurseCommand::FillEach(vec![1, 2, 3]), &acting()).expect("filled");
    let (state, sequence) =
        opened.journal.reader().state::<Purses>(looking(&view), "a").expect("read").expect("there");
    assert_eq!((state.coins, sequence), (7, 4));
    let nothing = opened.journal.act::<Purses>("a", PurseCommand::FillEach(vec![]), &acting()).expect("done");
    assert_eq!((nothing.position, nothing.sequence), (None, 4));
}

#[test]
fn what_is_due_is_done_and_facts_are_followed_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let open_for = |id: &str, owner: &str| {
        let command = PurseCommand::Open { owner: owner.to_owned() };
        opened.journal.act::<Purses>(id, command, &acting()).expect("opened");
    };
    open_for("a", "aoba");
    open_for("b", "hinata");
    fill(&opened.journal, "a", 999);
    fill(&opened.journal, "a", 1_000);
    fill(&opened.journal, "b", 2_000);
    opened.journal.act::<Purses>("b", PurseCommand::CloseAt(at(60)), &acting()).expect("said");
    let view = view();
    let rung = |owner: &str| {
        let state = opened.journal.reader().state::<Alarms>(looking(&view), owner).expect("read");
        state.map(|(alarm, _)| alarm.rung).unwrap_or_default()
    };
    assert_eq!(rung("aoba"), ["made-up/purse/a/3"]);
    assert_eq!(rung("hinata"), ["made-up/purse/b/2"]);
    assert_eq!(opened.journal.wake(at(59)).expect("looked"), 0);
    assert_eq!(opened.journal.wake(at(60)).expect("looked"), 1);
    assert_eq!(opened.journal.wake(at(61)).expect("looked"), 0);
    let refused = opened.journal.act::<Purses>("b", PurseCommand::Fill(1), &acting());
    assert!(matches!(refused, Err(ActError::Refused(PurseRefusal::Closed))));
    let history = opened.journal.reader().history(looking(&view), "made-up/purse/b", (3, 9)).expect("read");
    assert_eq!(history[0].actor.subject(), "installation");
}

#[test]
fn rows_come_filtered_sorted_and_page_by_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    for (id, coins, tag) in
        [("a", 3, "赤い財布"), ("b", 1, "ＢＬＵＥ purse"), ("c", 3, "青ざめた"), ("d", 2, "red")]
    {
        fill(&opened.journal, id, coins);
        opened.journal.act::<Purses>(id, PurseCommand::Tag(tag.to_owned()), &acting()).expect("tagged");
    }
    let view = view();
    let reader = opened.journal.reader();
    let ids = |select: &Select<'_>| {
        let (mut select, mut ids) = (select.clone(), Vec::new());
        loop {
            let page = reader.page(looking(&view), &select).expect("read");
            ids.extend(
                (0..page.rows.len()).map(|row| page.cell(row, "id").expect("there").text().to_owned()),
            );
            match page.next {
                Some(next) => select.after = Some(next),
                None => return ids.join(" "),
            }
        }
    };
    let all = |limit| Select::all(PURSES, limit);
    let by = |falls| vec![Order { column: "coins", falls }];
    let has = |text| vec![Filter::Has(text)];
    assert_eq!(ids(&all(1)), "a b c d");
    assert_eq!(ids(&Select { order: by(false), ..all(3) }), "b d a c");
    assert_eq!(ids(&Select { order: by(true), ..all(1) }), "c a d b");
    let more = vec![Filter::Is("coins", Compare::AtLeast, 2.into())];
    assert_eq!(ids(&Select { filters: more, ..all(2) }), "a c d");
    for (text, expected) in [
        ("財布", "a"),
        ("blue", "b"),
        ("青", "c"),
        ("い", "a"),
        ("RED", "d"),
        ("e", "b d"),
        ("財 布", ""),
        ("", "a b c d"),
    ] {
        assert_eq!(ids(&Select { filters: has(text), ..all(10) }), expected, "{text}");
    }
    for wrong in ["nothing", "id; DROP TABLE acts"] {
        let order = vec![Order { column: wrong, falls: false }];
        assert!(reader.page(looking(&view), &Select { order, ..all(1) }).is_err());
        assert!(reader.page(looking(&view), &Select::all(wrong, 1)).is_err());
    }
}

#[test]
fn a_personal_value_is_read_by_whoever_may_and_stands_in_no_act() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let hold = PurseCommand::Hold("Sakura Tanaka".to_owned());
    opened.journal.act::<Purses>("a", hold, &acting()).expect("held");
    opened.journal.act::<Purses>("a", PurseCommand::Note("lent".to_owned()), &acting()).expect("noted");
    let view = view();
    let reader = opened.journal.reader();
    let found = Select { filters: vec![Filter::Has("tanaka")], ..Select::all(PURSES, 1) };
    let page = reader.page(looking(&view), &found).expect("read");
    assert_eq!(page.cell(0, "holder"), Some(&"Sakura Tanaka".into()));
    let history = reader.history(looking(&view), "made-up/purse/a", (0, 9)).expect("read");
    let said = serde_json::to_string(&history).expect("JSON");
    assert!(said.contains("commitment") && !said.contains("Sakura"), "{said}");
}

#[test]
fn a_number_that_would_be_kept_rounded_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let exact = 1 << 53;
    fill(&opened.journal, "a", exact);
    for coins in [exact + 1, u64::MAX] {
        let refused = opened.journal.act::<Purses>("a", PurseCommand::FillEach(vec![1, coins]), &acting());
        assert!(matches!(refused, Err(ActError::Journal(JournalError::Unwritable { .. }))), "{refused:?}");
    }
    let view = view();
    let (state, _) =
        opened.journal.reader().state::<Purses>(looking(&view), "a").expect("read").expect("there");
    assert_eq!((state.coins, state.acts), (exact, 1));
}

/// Long work counts to a number, a step at a time; whoever goes on begins at the position that was saved.
#[test]
fn work_goes_on_where_it_was_whoever_does_it() {
    const STEPS: u64 = 10;
    let folder = tempfile::tempdir().expect("a folder");
    let (mut counted, mut ids) = (Vec::new(), Vec::new());
    for life in 0..4 {
        let opened = open(folder.path());
        let job = opened.journal.job("made-up.count", "to ten", &acting()).expect("a job");
        ids.push(job.id.clone());
        let begin = job.position.parse().unwrap_or(0_u64);
        for step in (begin..STEPS).take(3) {
            counted.push(step);
            let progress = Progress { position: (step + 1).to_string(), done: step + 1, total: STEPS };
            opened.journal.job_is_at(&job.id, &progress, at(life)).expect("noted");
        }
        if begin + 3 >= STEPS {
            opened.journal.job_ends(&job.id, Ok(()), at(life)).expect("noted");
        } else if life == 1 {
            // Failed is not lost.
            opened.journal.job_ends(&job.id, Err("the cable".to_owned()), at(life)).expect("noted");
            let failed = &opened.journal.reader().jobs(looking(&view())).expect("read")[0];
            assert_eq!(
                (failed.state, failed.reason.as_str(), failed.done),
                (JobState::Failed, "the cable", 6)
            );
        }
    }
    assert_eq!(counted, (0..STEPS).collect::<Vec<_>>());
    assert!(ids.iter().all(|id| *id == ids[0]));
    let opened = open(folder.path());
    let done = &opened.journal.reader().jobs(looking(&view())).expect("read")[0];
    assert_eq!((done.state, done.done, done.total, done.reason.as_str()), (JobState::Done, STEPS, STEPS, ""));
    // What is wanted again once it is done is another one.
    let again = opened.journal.job("made-up.count", "to ten", &acting()).expect("a job");
    assert!(again.id != ids[0] && again.position.is_empty());
}

#[test]
fn a_fact_about_what_can_be_no_stream_holds_up_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    // Alarms are called by owners, and this is no name of a stream.
    let command = PurseCommand::Open { owner: "a/b".to_owned() };
    opened.journal.act::<Purses>("odd", command, &acting()).expect("opened");
    fill(&opened.journal, "odd", 1_000);
    fill(&opened.journal, "even", 1_000);
    // Facts are followed behind the answer, and before the next order.
    opened.journal.wake(at(0)).expect("looked");
    let view = view();
    let state = opened.journal.reader().state::<Alarms>(looking(&view), "own").expect("read");
    assert_eq!(state.map(|(alarm, _)| alarm.rung), Some(vec!["made-up/purse/even/1".to_owned()]));
}

#[test]
fn what_another_process_asks_for_is_done_and_refused_as_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let told = |id: &str, command: &PurseCommand| {
        let told = ToldCommand::new::<Purses>(id, command).expect("told");
        // As it comes out at the other side.
        let told = serde_json::from_str(&serde_json::to_string(&told).expect("JSON")).expect("told");
        let done = opened.journal.act_told(told, &acting());
        let undone = |undone: Undone| {
            let text = serde_json::to_string(&undone).expect("JSON");
            serde_json::from_str::<Undone>(&text).expect("told").of::<Purses>()
        };
        done.map_err(undone)
    };
    let done = told("red", &PurseCommand::Fill(5)).expect("done");
    assert_eq!((done.position, done.sequence), (Some(1), 1));
    let refused = told("red", &PurseCommand::Empty(6));
    assert!(matches!(refused, Err(ActError::Refused(PurseRefusal::TooFew(5)))), "{refused:?}");
    told("red", &PurseCommand::Tag("one".to_owned())).expect("tagged");
    let taken = told("blue", &PurseCommand::Tag("one".to_owned()));
    assert!(matches!(taken, Err(ActError::Taken { .. })), "{taken:?}");
    for (stream, command) in [
        ("made-up/purse/red", json!({ "Fill": "many" })),
        ("made-up/purse", json!({ "Fill": 1 })),
        ("made-up/nothing/red", json!({ "Fill": 1 })),
        ("made-up/purse/red/er", json!({ "Fill": 1 })),
        ("made-up/purse/", json!({ "Fill": 1 })),
    ] {
        let refused = opened.journal.act_told(ToldCommand { stream: stream.to_owned(), command }, &acting());
        assert!(matches!(refused, Err(Undone::Failed(_))), "{stream}: {refused:?}");
    }
    assert!(matches!(
        ToldCommand::new::<Purses>("a/b", &PurseCommand::Close),
        Err(JournalError::BadId { .. })
    ));
}

#[test]
fn commands_are_done_together_or_none_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let journal = &opened.journal;
    let together = |commands: &[(&str, PurseCommand)]| {
        let mut together = Together::default();
        let added = commands.iter().try_for_each(|(id, command)| together.add::<Purses>(id, command.clone()));
        added.expect("names of streams");
        journal.act_together(together, &acting())
    };
    let view = view();
    let coins = |id: &str| {
        let state = journal.reader().state::<Purses>(looking(&view), id).expect("read");
        state.map(|(purse, sequence)| (purse.coins, sequence))
    };
    // Each sees what the ones before came to.
    let done = together(&[
        ("red", PurseCommand::Fill(5)),
        ("blue", PurseCommand::Fill(7)),
        ("red", PurseCommand::Empty(4)),
    ]);
    let positions: Vec<_> = done.expect("done").into_iter().map(|done| done.position).collect();
    assert_eq!(positions, [Some(1), Some(2), Some(3)]);
    assert_eq!((coins("red"), coins("blue")), (Some((1, 2)), Some((7, 1))));
    let refused = together(&[
        ("blue", PurseCommand::Empty(7)),
        ("green", PurseCommand::Fill(1)),
        ("red", PurseCommand::Empty(2)),
        ("blue", PurseCommand::Close),
    ]);
    let refused = refused.expect_err("too few");
    assert_eq!((refused.at, refused.stream.as_str()), (2, "made-up/purse/red"));
    let refusal = refused.why.of::<Purses>();
    assert!(matches!(refusal, ActError::Refused(PurseRefusal::TooFew(1))), "{refusal:?}");
    assert_eq!((coins("red"), coins("blue"), coins("green")), (Some((1, 2)), Some((7, 1)), None));
    // A name that another stream has takes all with it as well, and the next act is chained to the last that counts.
    let taken = together(&[("red", PurseCommand::Tag("a".into())), ("blue", PurseCommand::Tag("a".into()))]);
    assert!(matches!(taken, Err(NotDone { at: 1, why: Undone::Taken(_), .. })), "{taken:?}");
    let told = |id, command| ToldCommand::new::<Purses>(id, &command).expect("told");
    let done = journal.act_together_told(
        vec![told("red", PurseCommand::Tag("a".into())), told("blue", PurseCommand::Fill(1_000))],
        &acting(),
    );
    assert_eq!(done.expect("done").last().map(|done| done.position), Some(Some(5)));
    // Facts have been followed.
    let rung = journal.reader().state::<Alarms>(looking(&view), "own").expect("read");
    assert_eq!(rung.map(|(alarm, _)| alarm.rung), Some(vec!["made-up/purse/blue/2".to_owned()]));
    assert!(together(&[]).expect("nothing").is_empty());
    let rebuilt = journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound() && rebuilt.verified.faults.is_empty(), "{rebuilt:?}");
}
