//! What a person is told of sources that are followed and of which nothing comes.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::commands::{folder, noroshi, said};
use crate::serving::Serving;
use crate::stopping::wait_until;

fn told(folder: &Path, arguments: &[&str]) -> Value {
    let output = noroshi(folder, &[arguments, &["--home", "home", "--json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", said(&output)))
}

#[test]
fn a_source_of_which_nothing_comes_says_why_and_that_it_was_never_heard() {
    let folder = folder();
    let folder = folder.path();
    let output = noroshi(folder, &["ingest", "log.json", "--home", "home"]);
    assert!(output.status.success(), "{}", said(&output));
    // Nobody, not even root, reads below a file; and what lies in the other folder is no log.
    let (below, logs) = (folder.join("log.json/logs"), folder.join("logs"));
    fs::create_dir(&logs).expect("made");
    fs::write(logs.join("image.dat"), [0xff, 0xd8, 0, 1].repeat(500)).expect("written");
    let source = |name: &str, path: &Path, more: &str| {
        format!("[[follow]]\nname = \"{name}\"\npaths = [{path:?}]\nowner = \"aoba\"\n{more}\n")
    };
    let settings = source("below", &below, "silent_after = \"1 s\"") + &source("odd", &logs, "");
    fs::write(folder.join("home/noroshi.toml"), settings).expect("written");
    let serving = Serving::start(folder);
    let trouble = |number: usize| told(folder, &["status"])["follows"][number]["trouble"].clone();
    wait_until(|| trouble(0).is_string() && trouble(1).is_string());
    let texts = [trouble(0), trouble(1)].map(|text| text.as_str().expect("text").to_owned());
    assert!(texts[0].contains("log.json/logs cannot be read: Not a directory"), "{texts:?}");
    assert!(texts[1].contains("One thing could not be read; the last: ") && texts[1].contains("image.dat"));
    wait_until(|| told(folder, &["status"])["follows"][0]["silent"] == true);
    assert_eq!(told(folder, &["status"])["follows"][1]["silent"], false);
    let shown = said(&noroshi(folder, &["status", "--home", "home"]));
    assert!(shown.contains("below: last heard never") && shown.contains("! silent for longer than 1 s\n"));
    let unheard = || {
        let outbox = told(folder, &["outbox"]);
        let mails = outbox.as_array().expect("mails").iter();
        let is = |mail: &&Value| mail["what"] == "watch.source-unheard";
        mails.clone().find(is).map(|mail| mail["key"].as_str().expect("text").to_owned())
    };
    wait_until(|| unheard().is_some());
    let key = unheard().expect("a mail");
    let letter = said(&noroshi(folder, &["outbox", "show", &key, "--home", "home"]));
    assert!(letter.contains("Last heard: never, followed since 20"), "{letter}");
    assert!(letter.contains("一度も届いていない（追跡の開始 20"), "{letter}");
    serving.end();
}
