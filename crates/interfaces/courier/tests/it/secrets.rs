//! TLS and passwords: nothing goes in clear to another machine, to a server that is not the one, or into acts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use courier::{Settings, Tls, Wrong};

use crate::desk::{Home, NOW, mail, minutes, signed_in, to, with_server};
use crate::server::{Identity, Odd, Server, Speech};

/// `\0noroshi\0pass word`, in base64.
const SIGN_IN: &str = "AG5vcm9zaGkAcGFzcyB3b3Jk";

/// Settings for a server that is spoken to by TLS and trusted by a file.
fn secret(folder: &Path, server: &Server, tls: Tls, trusted: &str) -> Settings {
    let path = folder.join("ca.pem");
    fs::write(&path, trusted).expect("written");
    with_server(&to(server), |smtp| {
        (smtp.host, smtp.tls, smtp.ca_file) = ("localhost".to_owned(), tls, Some(path));
    })
}

#[test]
fn a_mail_goes_by_tls_and_signed_in() {
    let identity = Identity::of("localhost");
    for (speech, tls) in [
        (Speech::Starttls(identity.config.clone()), Tls::Starttls),
        (Speech::Implicit(identity.config.clone()), Tls::Implicit),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let (home, server) = (Home::open(folder.path()), Server::new(speech, Some(SIGN_IN)));
        home.want("one", &[mail("a")]);
        let settings = secret(folder.path(), &server, tls, &identity.trusted);
        // Without a password, with a wrong one, then with the one that somebody put there.
        assert_eq!(home.step(&settings, NOW).failed, 1);
        let settings = signed_in(folder.path(), &settings, "wrong\n");
        assert_eq!(home.step(&settings, minutes(1)).failed, 1);
        let said = home.outbox().remove(0).2;
        assert_eq!(said, "the server refused user or password (535)");
        let settings = signed_in(folder.path(), &settings, "pass word\n");
        assert_eq!(home.step(&settings, minutes(10)).delivered, 1, "{:?}", home.outbox());
        let received = server.received().remove(0);
        assert!(received.is_secret && received.signed_in.is_some());
        assert!(!format!("{settings:?}").contains("pass word"));
    }
}

#[test]
fn who_is_not_the_server_gets_neither_mail_nor_password() {
    let (right, other) = (Identity::of("localhost"), Identity::of("localhost"));
    let of_another = Identity::of("mail.example.jp");
    let starttls = |identity: &Identity| Speech::Starttls(identity.config.clone());
    let implicit = |identity: &Identity| Speech::Implicit(identity.config.clone());
    for (case, speech, tls, trusted) in [
        ("another authority", starttls(&other), Tls::Starttls, &right.trusted),
        ("another authority", implicit(&other), Tls::Implicit, &right.trusted),
        ("another name", starttls(&of_another), Tls::Starttls, &of_another.trusted),
        ("another name", implicit(&of_another), Tls::Implicit, &of_another.trusted),
        ("no TLS offered", Speech::Clear, Tls::Starttls, &right.trusted),
        ("no TLS spoken", Speech::Clear, Tls::Implicit, &right.trusted),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let (home, server) = (Home::open(folder.path()), Server::new(speech, None));
        home.want("one", &[mail("a")]);
        let settings = secret(folder.path(), &server, tls, trusted);
        let settings = signed_in(folder.path(), &settings, "pass word");
        let stepped = home.step(&settings, NOW);
        // A person mends it: until then it is tried again.
        assert_eq!((stepped.failed, stepped.next), (1, Some(minutes(1))), "{case}");
        assert_eq!(server.received(), [], "{case}");
    }
}

#[test]
fn the_system_does_not_trust_an_authority_of_our_own() {
    let identity = Identity::of("localhost");
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::new(Speech::Implicit(identity.config.clone()), None);
    let home = Home::open(folder.path());
    home.want("one", &[mail("a")]);
    let settings = secret(folder.path(), &server, Tls::Implicit, &identity.trusted);
    assert_eq!(home.step(&with_server(&settings, |smtp| smtp.ca_file = None), NOW).failed, 1);
    assert_eq!(home.step(&settings, minutes(1)).delivered, 1);
}

#[test]
fn files_that_cannot_be_used_are_told_and_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, server) = (Home::open(folder.path()), Server::clear());
    home.want("one", &[mail("a")]);
    let settings = signed_in(folder.path(), &to(&server), "\nsecond line");
    assert_eq!(home.step(&settings, NOW).failed, 1);
    assert!(home.outbox()[0].2.contains("is no password"), "{:?}", home.outbox());
    let settings = signed_in(folder.path(), &to(&server), "pass word");
    let path = folder.path().join("password");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("changed");
    assert_eq!(home.step(&settings, minutes(1)).failed, 1);
    assert!(home.outbox()[0].2.contains("others can read"), "{:?}", home.outbox());
    let missing = with_server(&settings, |smtp| smtp.password_file = Some(folder.path().join("missing")));
    assert_eq!(home.step(&missing, minutes(6)).failed, 1);
    assert!(home.outbox()[0].2.contains("missing"), "{:?}", home.outbox());
    let no_authority = secret(folder.path(), &server, Tls::Implicit, "no certificate");
    assert_eq!(home.step(&no_authority, minutes(30)).failed, 1);
    assert_eq!(server.received(), []);
}

/// Somebody may have a server repeat what it was told.
#[test]
fn no_password_stands_in_an_act() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, server) = (Home::open(folder.path()), Server::new(Speech::Clear, Some("other")));
    home.want("one", &[mail("a")]);
    let settings = signed_in(folder.path(), &to(&server), "pass word");
    assert_eq!(home.step(&settings, NOW).failed, 1);
    let said = home.outbox().remove(0).2;
    assert!(!said.contains(SIGN_IN) && !said.contains("pass word"), "{said}");
    server.will([Odd::Answers("AUTH", "334 pass word")]);
    assert_eq!(home.step(&settings, minutes(1)).failed, 1);
    let said = home.outbox().remove(0).2;
    assert!(!said.contains("pass word"), "{said}");
}

#[test]
fn settings_that_cannot_be_right_are_told() {
    let server = Server::clear();
    let settings = to(&server);
    assert_eq!(settings.check(), Ok(()));
    assert_eq!(Settings::default().check(), Ok(()));
    let with_mail = |change: &dyn Fn(&mut courier::Mail)| {
        let mut settings = settings.clone();
        change(settings.mail.as_mut().expect("there is one"));
        settings.check()
    };
    for address in
        ["", "noroshi", "a@b@c", "x@example.jp\r\nBcc: y@example.jp", "花子@example.jp", "a b@example.jp"]
    {
        let wrong = Err(Wrong::Address(address.to_owned()));
        assert_eq!(with_mail(&|mail| mail.from = address.to_owned()), wrong);
        assert_eq!(with_mail(&|mail| mail.desk = vec![address.to_owned()]), wrong);
    }
    assert_eq!(with_mail(&|mail| mail.desk.clear()), Err(Wrong::NoDesk));
    for (host, is_here) in [
        ("127.0.0.1", true),
        ("127.9.9.9", true),
        ("::1", true),
        ("localhost", true),
        ("192.0.2.1", false),
        ("mail.example.jp", false),
        ("localhost.example.jp", false),
        ("0.0.0.0", false),
    ] {
        let at = |tls| with_server(&settings, |smtp| (smtp.host, smtp.tls) = (host.to_owned(), tls));
        let wrong = if is_here { Ok(()) } else { Err(Wrong::Clear(host.to_owned())) };
        assert_eq!(at(Tls::None).check(), wrong, "{host}");
        assert_eq!(at(Tls::Starttls).check(), Ok(()));
    }
    let half = with_server(&settings, |smtp| smtp.user = Some("noroshi".to_owned()));
    assert_eq!(half.check(), Err(Wrong::Half));
    let half = with_server(&settings, |smtp| smtp.password_file = Some("/p".into()));
    assert_eq!(half.check(), Err(Wrong::Half));
}
