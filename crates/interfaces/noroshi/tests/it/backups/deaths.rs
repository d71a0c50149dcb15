//! The program is killed at any point of a backup, a forget, a restore and an upgrade: what counts as a point is put
//! back equal, what was put back in part is no home, and who was forgotten is so. `NOROSHI_DEATHS` says how many are
//! killed, twenty without it.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::refused::backed_up;
use super::{NAME, contents, done, json, run, with_text};
use crate::commands::said;

/// Numbers as if thrown.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("small") % end.max(1)
    }
}

pub fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).env("USER", NAME);
    command.args(["--lang", "en"]).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("started")
}

/// Counts until a child ends.
fn span(child: &mut Child) -> usize {
    let mut turns = 0;
    while child.try_wait().expect("asked").is_none() {
        std::thread::yield_now();
        turns += 1;
    }
    turns
}

/// Starts a command and kills it somewhere on its way; whether it was done before.
fn kill(folder: &Path, arguments: &[&str], turns: usize) -> bool {
    let mut child = start(folder, arguments);
    for _ in 0..turns {
        if child.try_wait().expect("asked").is_some() {
            break;
        }
        std::thread::yield_now();
    }
    drop(child.kill());
    child.wait().expect("ended").success()
}

struct Home<'a> {
    folder: &'a Path,
    dice: &'a mut Dice,
    /// About how many turns a command takes.
    span: usize,
    case: String,
}

impl Home<'_> {
    fn kill(&mut self, arguments: &[&str]) -> bool {
        let turns = self.dice.below(self.span);
        self.case += &format!(" {}@{turns}", arguments[0]);
        kill(self.folder, arguments, turns)
    }

    /// Puts each point that counts back, first a while, then whole.
    fn put_back(&mut self, is_forgotten: bool) -> usize {
        let points = json(self.folder, &["backup", "backups", "--list"]);
        let whole = points.as_array().expect("points").iter().filter(|point| point["state"] == "whole");
        let names: Vec<String> =
            whole.map(|point| point["point"].as_str().expect("text").to_owned()).collect();
        for name in &names {
            let arguments = ["restore", "backups", "--point", name, "--home", "new"];
            let is_done = self.kill(&arguments);
            let is_home = self.folder.join("new/format").exists();
            assert!(is_home || !is_done, "{}", self.case);
            if !is_home {
                // Not even what can be read looks like a home.
                let output = run(self.folder, &["rules", "list", "--home", "new"]);
                assert!(
                    [2, 3].contains(&output.status.code().unwrap_or(0)),
                    "{}: {}",
                    self.case,
                    said(&output)
                );
                self.remove("new");
                let told = json(self.folder, &arguments);
                assert_eq!(told["is_equal"], true, "{}: {told}", self.case);
            }
            let rebuilt = json(self.folder, &["rebuild", "--home", "new"]);
            assert_eq!(rebuilt["faults"], Value::Array(Vec::new()), "{}", self.case);
            if is_forgotten {
                self.nowhere("new");
            }
            self.remove("new");
        }
        names.len()
    }

    fn remove(&self, place: &str) {
        let place = self.folder.join(place);
        if place.exists() {
            fs::remove_dir_all(place).expect("removed");
        }
    }

    fn nowhere(&self, place: &str) {
        assert_eq!(with_text(&self.folder.join(place), NAME), Vec::<String>::new(), "{}: {place}", self.case);
        let keys = contents(&self.folder.join(place)).into_keys().filter(|path| path.ends_with(".key"));
        assert_eq!(keys.collect::<Vec<_>>(), Vec::<String>::new(), "{}: {place}", self.case);
    }
}

#[test]
fn whenever_the_program_is_killed_points_are_whole_or_none_and_who_was_forgotten_stays_so() {
    let deaths =
        std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(20_u64);
    let mut dice = Dice(deaths);
    // Two backups, a drill, a forget and three restores each.
    for number in 0..deaths.div_ceil(7) {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        backed_up(folder);
        let span = span(&mut start(folder, &["backup", "backups", "--home", "home"]));
        let mut home = Home { folder, dice: &mut dice, span: span * 5 / 4, case: format!("home {number}:") };
        let mut told = 2;
        for keep in ["2", "3"] {
            told += usize::from(home.kill(&["backup", "backups", "--home", "home", "--keep", keep]));
        }
        home.kill(&["restore", "backups", "--drill"]);
        let points = home.put_back(false);
        assert!(points >= told.min(2), "{}: {points} of {told}", home.case);
        let is_forgotten = home.kill(&["forget", NAME, "--reason", "asked", "--home", "home"]);
        if is_forgotten {
            home.nowhere("backups");
            home.put_back(true);
        } else {
            // Whoever was not told that it is done does it again; done already, it says so.
            let again = run(folder, &["forget", NAME, "--reason", "asked", "--home", "home"]);
            assert!([0, 2].contains(&again.status.code().unwrap_or(1)), "{}: {}", home.case, said(&again));
        }
        done(folder, &["backup", "backups", "--home", "home", "--keep", "3"]);
        home.nowhere("backups");
        assert!(home.put_back(true) > 0);
        home.nowhere("home");
    }
}
