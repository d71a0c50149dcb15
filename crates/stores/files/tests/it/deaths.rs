//! Processes that are killed while they keep files, several at once: what was acknowledged is there, whole, once;
//! what was dropped is not. They are this very test, run again. `NOROSHI_DEATHS` says how many, twenty without it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use files::{Error, Holdings, New, Sha256};
use journal::Kind;
use model::marking::Tlp;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{Opened, acting, held, sees};

/// Names the folder of a child's home, and its work.
const FOLDER: &str = "FILES_FOLDER";
const WORK: &str = "FILES_WORK";

/// Before what a child was told is done.
const SAID: &str = "said ";

/// Threads of a process.
const THREADS: u64 = 4;

/// Bytes that a file may have while there is no room.
const FULL: u64 = 400_000;

fn child(folder: &Path, work: &str) -> Child {
    let mut command = Command::new("sh");
    // A file that grows over its limit is an error then, and no signal.
    command.args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#]).arg(std::env::current_exe().expect("a program"));
    command.args(["--exact", "deaths::the_work_of_a_child", "--nocapture"]);
    command.env(FOLDER, folder).env(WORK, work);
    command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("started")
}

/// What a child was told: by the bytes of each file, whether it was kept, or dropped again.
fn listen(child: &mut Child, until: Option<usize>) -> BTreeMap<String, bool> {
    let (mut files, mut count) = (BTreeMap::new(), 0);
    for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
        let line = line.expect("read");
        let Some((_, said)) = line.split_once(SAID) else { continue };
        let (what, name) = said.split_once(' ').expect("two words");
        assert_ne!(what, "failed", "{name}");
        files.insert(name.to_owned(), what == "kept");
        count += 1;
        if Some(count) == until {
            child.kill().expect("killed");
        }
    }
    files
}

fn say(what: &str, name: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{SAID}{what} {name}").and_then(|()| out.flush()).expect("said");
}

fn number(name: &str) -> usize {
    name.rsplit('-').next().and_then(|number| number.parse().ok()).expect("a number")
}

/// Whether it is dropped again as soon as it is kept.
fn goes(name: &str) -> bool {
    if name.starts_with('=') { number(name).is_multiple_of(2) } else { number(name) % 5 == 3 }
}

/// The text of a file that some keep at the same time.
fn common(name: &str) -> String {
    format!("common {}", number(name) / 10)
}

/// The bytes of a file of some name: some small, some that are written in several steps.
fn bytes(name: &str) -> Vec<u8> {
    let number = number(name);
    name.bytes().cycle().take(1 + number * 7_919 % 200_000).collect()
}

#[test]
fn the_work_of_a_child() {
    let variable = |name| std::env::var(name).ok();
    let Some((folder, work)) = variable(FOLDER).zip(variable(WORK)) else { return };
    let opened = Opened::new(&PathBuf::from(folder));
    if work == "full" {
        return fill(&opened);
    }
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (opened, work) = (&opened, work.as_str());
            scope.spawn(move || {
                let name = |number| format!("{work}-{thread}-{number}");
                let failed = (0..u64::MAX).find_map(|number| keep(opened, &name(number)).err());
                say("failed", &format!("{failed:?}"));
            });
        }
    });
}

fn keep(opened: &Opened, name: &str) -> Result<(), Error> {
    let (files, holding) = (opened.files(u64::MAX), held("aoba", Tlp::Amber));
    let new = New { holding: &holding, acting: &acting() };
    let kept = files.keep(opened.who(), &new, &mut &*bytes(name))?;
    say("kept", name);
    // The same bytes come to all threads, of which some hold them no more.
    let number = number(name);
    let (common, shared) = (common(name), held(name, Tlp::Green));
    let new = New { holding: &shared, acting: &acting() };
    let id = files.keep(opened.who(), &new, &mut common.as_bytes())?.sha256;
    say("kept", &format!("={name}"));
    if goes(&format!("={name}")) {
        let known = opened.journal.reader().state::<Holdings>(opened.who(), &id.to_string())?;
        let (known, _) = known.expect("it is held");
        let held = known.holdings.iter().find(|(_, holding)| holding.owner == name).expect("by this one");
        files.drop(opened.who(), (&id, *held.0, "no longer needed"), &acting())?;
        say("dropped", &format!("={name}"));
    }
    if goes(name) {
        files.drop(opened.who(), (&kept.sha256, 1, "no longer needed"), &acting())?;
        say("dropped", name);
    }
    if number % 10 == 7 {
        files.sweep(opened.who())?;
    }
    Ok(())
}

/// Keeps what fits, then with room again what did not.
fn fill(opened: &Opened) {
    let (files, holding) = (opened.files(u64::MAX), held("aoba", Tlp::Amber));
    let limit = getrlimit(Resource::Fsize);
    setrlimit(Resource::Fsize, Rlimit { current: Some(FULL), ..limit }).expect("limited");
    let keep = |number: u64| {
        let name = format!("full-{number}");
        let new = New { holding: &holding, acting: &acting() };
        files.keep(opened.who(), &new, &mut &*bytes(&name)).map(|_| say("kept", &name))
    };
    let failed = (0..10_000).find_map(|number| keep(number).err().map(|error| (number, error)));
    let (number, error) = failed.expect("the journal's own files do not fit any more");
    assert!(matches!(error, Error::Disk { .. } | Error::Journal(_)), "{error}");
    setrlimit(Resource::Fsize, limit).expect("limited no more");
    (number..number + 20).for_each(|number| keep(number).expect("there is room"));
}

fn all_there(folder: &Path, said: &BTreeMap<String, bool>, case: &str) {
    let opened = Opened::new(folder);
    let files = opened.files(u64::MAX);
    assert_eq!(files.damaged(opened.who()).expect("read"), [], "{case}");
    files.sweep(opened.who()).expect("swept");
    for (name, is_kept) in said {
        let (bytes, holding) = match name.strip_prefix('=') {
            Some(name) => (common(name).into_bytes(), held(name, Tlp::Green)),
            None => (bytes(name), held("aoba", Tlp::Amber)),
        };
        let sha256 = sha256(&bytes);
        // By whoever sees what is held so, and nothing else.
        let found = opened.read(&sees(holding.label()), &sha256);
        let is_right = if *is_kept { found == Some(bytes) } else { found.is_none() };
        // It was killed when it was told to drop it, and had not said so.
        assert!(is_right || (goes(name) && found.is_none()), "{case}: {name} {is_kept} {found:?}");
        let stream = format!("{}/{sha256}", Holdings::NAME);
        let acts = opened.journal.reader().history(opened.who(), &stream, (0, 10_000)).expect("read");
        let kept = acts.iter().filter(|recorded| recorded.act["holding"]["owner"] == holding.owner);
        assert_eq!(kept.count(), 1, "{case}: {name} is held once");
    }
    assert_eq!(fs::read_dir(opened.home.home().files().join("incoming")).expect("there").count(), 0);
    assert!(opened.journal.rebuild().expect("rebuilt").is_sound(), "{case}");
}

fn sha256(bytes: &[u8]) -> Sha256 {
    use sha2::Digest;
    let hash: String = sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    hash.parse().expect("a hash")
}

#[test]
fn a_process_that_is_killed_loses_no_file_that_it_was_told_is_kept() {
    let deaths =
        std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(20_u64);
    let mut state = deaths;
    for home in 0..deaths.div_ceil(5) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut said = BTreeMap::new();
        for death in 0..5 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let most = usize::try_from(state >> 33).expect("small") % 150 + 1;
            let mut child = child(folder.path(), &format!("{death}"));
            said.extend(listen(&mut child, Some(most)));
            assert!(!child.wait().expect("ended").success());
            all_there(folder.path(), &said, &format!("home {home}, death {death} after {most}"));
        }
    }
}

#[test]
fn a_full_disk_keeps_no_file_and_loses_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = child(folder.path(), "full");
    let said = listen(&mut child, None);
    assert!(child.wait().expect("ended").success(), "the child says why");
    assert!(said.len() > 20, "{}", said.len());
    all_there(folder.path(), &said, "full");
}
