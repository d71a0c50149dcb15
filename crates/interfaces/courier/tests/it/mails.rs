//! Mails and what a server says of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use courier::{Courier, Stepped};
use journal::effect::{Command, Effects};
use journal::{Acting, Actor};

use crate::desk::{Home, NOW, file, mail, minutes, no_files, to, with_server};
use crate::server::{Odd, Server};

fn is(state: &str, attempts: i64) -> Vec<(String, i64)> {
    vec![(state.to_owned(), attempts)]
}

#[test]
fn a_mail_is_delivered_once_with_its_key_and_both_addresses() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    home.want("one", &[mail("a"), mail("b")]);
    let stepped = home.step(&to(&server), NOW);
    assert_eq!(stepped, Stepped { delivered: 2, ..Stepped::default() });
    assert_eq!(home.step(&to(&server), minutes(1)), Stepped::default());
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_ne!(received[0].key(), received[1].key());
    for one in &received {
        let key = one.key();
        assert_eq!(one.recipients, ["RCPT TO:<desk@example.jp>", "RCPT TO:<second@example.jp>"]);
        assert_eq!(one.header("Message-ID"), Some(format!("<{key}@example.jp>").as_str()));
        assert_eq!(one.header("Date"), Some("Fri, 15 Jan 2027 08:00:00 +0000"));
        assert_eq!(one.header("From"), Some("Noroshi <noroshi@example.jp>"));
        assert_eq!(one.header("To"), Some("desk@example.jp, second@example.jp"));
        assert_eq!(one.header("Auto-Submitted"), Some("auto-generated"));
        assert!(one.lines.iter().all(|line| line.is_ascii() && line.len() < 998));
    }
    let said = home.outbox();
    assert!(
        said.iter()
            .all(|(state, _, receipt)| { state == "delivered" && receipt == "250 2.0.0 queued as 4711" })
    );
}

/// What the server says, what becomes of the mail, and whether the server is left alone for a while.
#[test]
fn what_is_refused_for_good_is_given_up_and_all_else_is_tried_again() {
    for (odd, state, rests) in [
        (Odd::AnswersMail("421 4.3.2 closing"), "waiting", true),
        (Odd::AnswersMail("451 4.3.0 try later"), "waiting", false),
        (Odd::AnswersMail("452 4.2.2 full"), "waiting", false),
        (Odd::AnswersMail("550 5.7.1 spam"), "given_up", false),
        (Odd::AnswersMail("554 5.6.0 no"), "given_up", false),
        (Odd::AnswersMail("nonsense"), "waiting", true),
        (Odd::GoesAway, "waiting", true),
        (Odd::Answers("CONNECT", "554 no service here"), "waiting", true),
        (Odd::Answers("CONNECT", "421 too many"), "waiting", true),
        (Odd::Answers("EHLO", "502 what"), "waiting", true),
        (Odd::Answers("MAIL", "550 5.7.1 not you"), "given_up", false),
        (Odd::Answers("MAIL", "530 5.7.0 sign in"), "waiting", true),
        (Odd::Answers("MAIL", "450 4.7.1 slowly"), "waiting", false),
        (Odd::Answers("RCPT", "550 5.1.1 unknown"), "given_up", false),
        (Odd::Answers("RCPT", "450 4.2.1 grey"), "waiting", false),
        (Odd::Answers("DATA", "503 5.5.1 out of order"), "given_up", false),
        // That is the answer to something else.
        (Odd::Answers("DATA", "250 2.0.0 fine"), "waiting", true),
    ] {
        let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
        let home = Home::open(folder.path());
        server.will([odd.clone()]);
        home.want("one", &[mail("a")]);
        let stepped = home.step(&to(&server), NOW);
        let (said, case) = (home.outbox(), format!("{odd:?}: {:?}", home.outbox()));
        assert_eq!((said[0].0.as_str(), said[0].1), (state, 1), "{case}");
        assert!(!said[0].2.is_empty() && !said[0].2.contains('@'), "{case}");
        assert_eq!(stepped.next, (state == "waiting").then(|| minutes(1)), "{case}");
        // The next one, with the same courier.
        let files = no_files;
        let courier = Courier::new(&home.journal, to(&server), &files).expect("settings");
        server.will([odd]);
        home.want("two", &[mail("b"), mail("c")]);
        courier.step(NOW, &AtomicBool::new(false)).expect("stepped");
        assert_eq!(server.connections(), if rests { 2 } else { 3 }, "{case}");
    }
}

#[test]
fn what_fails_is_tried_after_longer_and_longer_times_and_then_given_up() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    home.want("one", &[mail("a")]);
    let (mut now, mut waits) = (0, Vec::new());
    loop {
        server.will([Odd::AnswersMail("451 4.3.0 try later")]);
        let stepped = home.step(&to(&server), minutes(now));
        let Some(next) = stepped.next else {
            assert_eq!(stepped, Stepped { given_up: 1, ..Stepped::default() });
            break;
        };
        assert_eq!(stepped.failed, 1);
        // Not before its time.
        let before = model::time::Instant::from_nanoseconds(next.nanoseconds() - 1);
        assert_eq!(home.step(&to(&server), before), Stepped { next: Some(next), ..Stepped::default() });
        let minute = (next.nanoseconds() - NOW.nanoseconds()) / 60_000_000_000;
        waits.push(minute - now);
        now = minute;
    }
    assert_eq!(waits, [1, 5, 15, 60, 180, 360, 720, 1_440]);
    assert_eq!(home.states(), is("given_up", 9));
    let keys: Vec<String> = server.received().iter().map(|one| one.key()).collect();
    assert!(keys.len() == 9 && keys.iter().all(|key| *key == keys[0]));
    // Somebody has mended it.
    let acting = Acting { actor: Actor::local(0), now: minutes(now) };
    let again = Command::Again { reason: "mended".to_owned() };
    home.journal.act::<Effects>(&keys[0], again, &acting).expect("wanted again");
    let stepped = home.step(&to(&server), minutes(now));
    assert_eq!((stepped.delivered, stepped.partly), (1, 0));
    assert_eq!(server.received().last().map(|one| one.key()), Some(keys[0].clone()));
}

#[test]
fn one_refused_recipient_does_not_keep_the_mail_from_the_others() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    server.will([Odd::Answers("second@", "550 5.1.1 <second@example.jp> is unknown here")]);
    home.want("one", &[mail("a")]);
    let stepped = home.step(&to(&server), NOW);
    assert_eq!((stepped.delivered, stepped.partly), (1, 1));
    assert_eq!(server.received()[0].recipients, ["RCPT TO:<desk@example.jp>"]);
    let receipt = home.outbox().remove(0).2;
    assert!(receipt.starts_with("250 2.0.0 queued as 4711; recipient 2: "), "{receipt}");
    assert!(receipt.contains("550") && receipt.contains("is unknown here"), "{receipt}");
    assert!(!receipt.contains("example.jp"), "{receipt}");
}

#[test]
fn a_recipient_who_is_refused_for_now_is_waited_for_until_the_last_attempt() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    home.want("one", &[mail("a")]);
    let mut now = Some(NOW);
    for attempt in 1..=9 {
        server.will([Odd::Answers("second@", "450 4.2.1 grey")]);
        let stepped = home.step(&to(&server), now.expect("there is another attempt"));
        assert_eq!(server.received().len(), usize::from(attempt == 9), "attempt {attempt}");
        now = stepped.next;
    }
    assert_eq!(server.received()[0].recipients, ["RCPT TO:<desk@example.jp>"]);
    let (state, _, receipt) = home.outbox().remove(0);
    assert!(state == "delivered" && receipt.contains("recipient 2"), "{receipt}");
}

#[test]
fn a_mail_whose_receipt_was_lost_comes_again_with_the_same_key() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    server.will([Odd::GoesAway]);
    home.want("one", &[mail("a")]);
    assert_eq!(home.step(&to(&server), NOW).failed, 1);
    assert_eq!(home.step(&to(&server), minutes(1)).delivered, 1);
    let received = server.received();
    assert_eq!((received.len(), received[0].key()), (2, received[1].key()));
}

#[test]
fn what_the_journal_cannot_take_is_not_delivered_again_and_told_when_it_can() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    home.want("one", &[mail("a"), mail("b")]);
    let files = no_files;
    let courier = Courier::new(&home.journal, to(&server), &files).expect("settings");
    let step = || courier.step(NOW, &AtomicBool::new(false));
    let database = rusqlite::Connection::open(folder.path().join("home/journal.sqlite")).expect("opened");
    let full = "CREATE TRIGGER full BEFORE INSERT ON commits BEGIN SELECT RAISE(ABORT, 'full'); END";
    database.execute_batch(full).expect("made");
    for _ in 0..3 {
        step().expect_err("the journal takes nothing");
        assert_eq!(server.received().len(), 1);
    }
    database.execute_batch("DROP TRIGGER full").expect("removed");
    assert_eq!(step().expect("stepped"), Stepped { delivered: 2, ..Stepped::default() });
    assert_eq!(server.received().len(), 2);
    assert!(home.states().iter().all(|(state, _)| state == "delivered"));
}

#[test]
fn whoever_stops_does_not_wait_for_a_server_that_says_nothing() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    server.will([Odd::IsSilent]);
    let place = folder.path().join("out");
    std::fs::create_dir(&place).expect("made");
    home.want("one", &[mail("a"), mail("b"), file("a.txt", [1; 32])]);
    let settings = courier::Settings { folder: Some(place), ..to(&server) };
    let stop = AtomicBool::new(false);
    let files = |_: &model::hash::Sha256| Ok(Some(Box::new(&b"bytes"[..]) as Box<dyn std::io::Read>));
    let courier = Courier::new(&home.journal, settings, &files).expect("settings");
    let stepped = thread::scope(|scope| {
        let step = scope.spawn(|| courier.step(NOW, &stop).expect("stepped"));
        while server.connections() == 0 {
            thread::yield_now();
        }
        stop.store(true, Ordering::Relaxed);
        step.join().expect("it ends")
    });
    // The file was not held up, and nobody knows what becomes of the first mail.
    assert_eq!((stepped.delivered, stepped.failed, stepped.next), (1, 0, Some(NOW)));
    assert_eq!(server.connections(), 1);
    stop.store(false, Ordering::Relaxed);
    assert_eq!(courier.step(NOW, &stop).expect("stepped").delivered, 2);
}

#[test]
fn what_a_server_took_is_known_before_it_lets_us_go() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    server.will([Odd::KeepsThemWaiting]);
    home.want("one", &[mail("a")]);
    let (stop, files) = (AtomicBool::new(false), no_files);
    let courier = Courier::new(&home.journal, to(&server), &files).expect("settings");
    let stepped = thread::scope(|scope| {
        let step = scope.spawn(|| courier.step(NOW, &stop).expect("stepped"));
        while server.waiting() == 0 {
            thread::yield_now();
        }
        // Whoever stops now knows what became of it.
        stop.store(true, Ordering::Relaxed);
        step.join().expect("it ends")
    });
    assert_eq!((stepped.delivered, home.states()), (1, is("delivered", 0)));
}

/// This one takes the half minute that a server may take.
#[test]
fn a_server_that_says_nothing_is_left_alone() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    server.will([Odd::IsSilent]);
    home.want("one", &[mail("a"), mail("b")]);
    let stepped = home.step(&to(&server), NOW);
    assert_eq!((stepped.failed, stepped.delivered, server.connections()), (1, 0, 1));
    assert_eq!(home.step(&to(&server), minutes(1)).delivered, 2);
}

#[test]
fn a_server_that_is_not_there_is_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::open(folder.path());
    home.want("one", &[mail("a")]);
    let server = Server::clear();
    // A port that was free a moment ago.
    let free =
        std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr().expect("bound").port();
    assert_eq!(home.step(&with_server(&to(&server), |smtp| smtp.port = free), NOW).failed, 1);
    let unknown = with_server(&to(&server), |smtp| {
        (smtp.host, smtp.tls) = ("mail.invalid".to_owned(), courier::Tls::Implicit);
    });
    assert_eq!(home.step(&unknown, minutes(1)).failed, 1);
    assert_eq!(home.states(), is("waiting", 2));
    assert_eq!(home.step(&to(&server), minutes(6)).delivered, 1);
}
