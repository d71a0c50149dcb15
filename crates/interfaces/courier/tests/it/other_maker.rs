//! A mail server of another maker: aiosmtpd, by `.ci/smtp.py`. It runs where `NOROSHI_SMTP` names a Python that has
//! it, and must run where `NOROSHI_REQUIRE` has `smtp`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use courier::{Settings, Tls};
use serde_json::Value;

use crate::desk::{Home, NOW, mail, minutes, signed_in, to, with_server};
use crate::server::Server;

/// The server, and what it says.
struct Other {
    child: Child,
    said: BufReader<ChildStdout>,
    port: u16,
}

impl Drop for Other {
    fn drop(&mut self) {
        // It may have ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Other {
    fn start(python: &str, how: &str, (certificate, key): (&Path, &Path)) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../.ci/smtp.py");
        let mut command = Command::new(python);
        command.arg(script).arg(how).arg(certificate).arg(key).stdout(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let mut said = BufReader::new(child.stdout.take().expect("piped"));
        let mut port = String::new();
        said.read_line(&mut port).expect("said");
        Self { child, said, port: port.trim().parse().expect("a port") }
    }

    fn mail(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("said");
        serde_json::from_str(&line).expect("JSON")
    }
}

/// The Python, or why there is none; a failure where there must be.
fn python() -> Option<String> {
    let skipped = |why: &str| {
        let list = std::env::var("NOROSHI_REQUIRE").unwrap_or_default();
        assert!(!list.split(',').any(|word| word == "smtp"), "no server of another maker: {why}");
        eprintln!("skipped: no server of another maker ({why})");
        None
    };
    let Ok(python) = std::env::var("NOROSHI_SMTP") else {
        return skipped("NOROSHI_SMTP names no Python that has aiosmtpd");
    };
    match Command::new(&python).args(["-c", "import aiosmtpd"]).status() {
        Ok(ran) if ran.success() => Some(python),
        _ => skipped("this Python does not have aiosmtpd"),
    }
}

/// A certificate as an administrator makes one.
fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
    openssl.args(["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]);
    // Without it openssl makes an authority, and an authority is no server.
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    openssl.arg("-out").arg(&certificate).arg("-keyout").arg(&key).stderr(Stdio::null());
    assert!(openssl.status().expect("openssl is there").success());
    (certificate, key)
}

#[test]
fn a_server_of_another_maker_takes_what_is_sent_and_reads_what_was_meant() {
    let Some(python) = python() else { return };
    for (how, tls) in [("starttls", Tls::Starttls), ("implicit", Tls::Implicit)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (certificate, key) = certificate(folder.path());
        let mut other = Other::start(&python, how, (&certificate, &key));
        let home = Home::open(folder.path());
        let settings = settings(folder.path(), (other.port, tls), &certificate);
        home.want("one", &[mail("日本語の本文、長い行:".repeat(60).as_str())]);
        let wrong = signed_in(folder.path(), &settings, "wrong");
        assert_eq!(home.step(&wrong, NOW).failed, 1, "{how}");
        let right = signed_in(folder.path(), &settings, "pass word");
        assert_eq!(home.step(&right, minutes(1)).delivered, 1, "{how}: {:?}", home.outbox());
        let receipt = home.outbox().remove(0).2;
        assert!(receipt.contains("taken") && receipt.contains("recipient 2"), "{receipt}");
        let said = other.mail();
        assert_eq!(said["to"], serde_json::json!(["desk@example.jp"]), "{said}");
        assert_eq!(said["from"], "noroshi@example.jp");
        let (id, message_id) = (said["key"].as_str().expect("a key"), said["message_id"].as_str());
        assert_eq!(message_id, Some(format!("<{id}@example.jp>").as_str()));
        let subject = said["subject"].as_str().expect("a subject");
        assert!(subject.starts_with("[TLP:GREEN] [Noroshi] ") && subject.contains("通知"), "{subject}");
        let text = said["text"].as_str().expect("a text");
        assert!(text.contains(&"日本語の本文、長い行:".repeat(60)), "{text}");
    }
}

fn settings(folder: &Path, (port, tls): (u16, Tls), trusted: &Path) -> Settings {
    let settings = with_server(&to(&Server::at(port)), |smtp| {
        (smtp.host, smtp.tls, smtp.ca_file) = ("localhost".to_owned(), tls, Some(trusted.to_owned()));
    });
    let mut settings = signed_in(folder, &settings, "");
    let mail = settings.mail.as_mut().expect("there is one");
    mail.desk = ["desk@example.jp", "nobody@example.jp"].map(str::to_owned).into();
    settings
}
