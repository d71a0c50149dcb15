//! Whatever becomes of a home between its backups, each point is put back as the home was then; who was forgotten
//! since is so there; old points go, and no other loses anything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use backup::BackupError;
use proptest::prelude::*;

use crate::made_up::{Contents, Made, contents, key};

#[derive(Debug, Clone)]
enum Step {
    /// Rows are added.
    Add(u8),
    /// Rows that were added are rows no more.
    Vacuum(u8),
    Upload(u8),
    Drop(u8),
    Act(u8),
    Look(u8),
    Set(u8),
    Name(u8),
    Forget(u8),
    BackUp,
    Prune(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<u8>().prop_map(Step::Add),
        1 => any::<u8>().prop_map(Step::Vacuum),
        2 => (0..6u8).prop_map(Step::Upload),
        1 => (0..6u8).prop_map(Step::Drop),
        2 => any::<u8>().prop_map(Step::Act),
        2 => any::<u8>().prop_map(Step::Look),
        1 => any::<u8>().prop_map(Step::Set),
        2 => (0..4u8).prop_map(Step::Name),
        2 => (0..4u8).prop_map(Step::Forget),
        4 => Just(Step::BackUp),
        1 => (1..4usize).prop_map(Step::Prune),
    ]
}

fn subject(number: u8) -> String {
    format!("local{number}")
}

/// A home, and what is to be found in its backups.
struct World {
    made: Made,
    points: BTreeMap<String, Contents>,
    /// Paths that some point has.
    there: BTreeSet<String>,
    number: u64,
}

impl World {
    fn go(&mut self, step: &Step) {
        self.number += 1;
        let (made, number) = (&self.made, self.number);
        let lake = |which: u8| {
            let all = contents(&made.home);
            let rows: Vec<String> = all.into_keys().filter(|path| path.starts_with("lake/")).collect();
            rows.get(usize::from(which) % rows.len().max(1)).cloned()
        };
        let remove = |path: &str| drop(std::fs::remove_file(made.home.join(path)));
        match *step {
            Step::Add(byte) => {
                made.write(&format!("lake/own/x/part-{number}.parquet"), &vec![byte; usize::from(byte) * 9]);
            }
            Step::Vacuum(which) => lake(which).iter().for_each(|path| remove(path)),
            Step::Upload(which) => made.upload(&[which; 70]),
            Step::Drop(which) => {
                let hash = crate::made_up::sha256(&[which; 70]).to_string();
                remove(&format!("files/{}/{hash}", &hash[..2]));
            }
            Step::Act(byte) => made.grow("journal.sqlite", format!("act {byte}\n").as_bytes()),
            Step::Look(byte) => made.grow("access/0000000000000001.log", &[byte; 5]),
            Step::Set(byte) => made.write("noroshi.toml", &[byte]),
            Step::Name(who) => made.write(&key(&subject(who)), format!("{number} key").as_bytes()),
            Step::Forget(who) => self.forget(&subject(who)),
            Step::BackUp => self.back_up(),
            Step::Prune(keep) => self.prune(keep),
        }
    }

    fn forget(&mut self, who: &str) {
        self.made.forget(who);
        // Where nothing was backed up yet, nobody has to be told.
        if self.made.backups.exists() {
            backup::add(&self.made.folder(), &self.made.forgotten()).expect("added");
            self.made.folder().destroy_keys().expect("destroyed");
            self.points.values_mut().for_each(|point| drop(point.remove(&key(who))));
        }
    }

    fn back_up(&mut self) {
        let now = contents(&self.made.home);
        let (manifest, added) = self.made.back_up(self.number).expect("backed up");
        let lasting = |path: &&String| path.starts_with("lake/") || path.starts_with("files/");
        let new = now.keys().filter(lasting).filter(|path| !self.there.contains(*path)).count();
        assert_eq!(added.lasting_files, new as u64, "only what is new was copied");
        assert_eq!(manifest.files.len(), now.len());
        self.there.extend(now.keys().filter(lasting).cloned());
        let name = self.made.points().last().expect("a point").name.clone();
        self.points.insert(name, now);
    }

    fn prune(&mut self, keep: usize) {
        if !self.made.backups.exists() {
            return;
        }
        let pruned = self.made.held().expect("free").prune(keep, None).expect("pruned");
        while self.points.len() > keep {
            let (name, _) = self.points.pop_first().expect("several");
            assert!(pruned.points.contains(&name));
        }
        let lasting = |path: &&String| path.starts_with("lake/") || path.starts_with("files/");
        self.there = self.points.values().flat_map(BTreeMap::keys).filter(lasting).cloned().collect();
        let left: BTreeSet<String> =
            contents(&self.made.backups).into_keys().filter(|path| lasting(&path)).collect();
        assert_eq!(left, self.there);
    }

    /// Puts each point back.
    fn look(&self) {
        if !self.made.backups.exists() {
            return;
        }
        let points = self.made.points();
        assert_eq!(
            points.iter().map(|point| &point.name).collect::<Vec<_>>(),
            self.points.keys().collect::<Vec<_>>()
        );
        for (name, expected) in &self.points {
            let other = tempfile::tempdir().expect("a folder");
            let into = other.path().join("home");
            let restored = self.made.put_back(name, &into).expect("put back");
            assert_eq!(&contents(&into), expected, "{name}");
            assert_eq!(restored.files, expected.len() as u64);
            // What it does not know, it is told, and nothing else.
            let journal =
                expected.get("journal.sqlite").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let known =
                journal.unwrap_or_default().lines().filter(|line| line.ends_with("forgotten")).count();
            let later: BTreeSet<String> =
                self.made.forgotten().iter().skip(known).map(|one| one.subject.clone()).collect();
            assert_eq!(
                restored.forgotten.iter().map(|one| one.subject.clone()).collect::<BTreeSet<_>>(),
                later
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_point_is_put_back_as_the_home_was(steps in prop::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().expect("a folder");
        let made = Made::new(folder.path());
        let mut world = World { made, points: BTreeMap::new(), there: BTreeSet::new(), number: 0 };
        for step in &steps {
            world.go(step);
        }
        world.look();
    }
}

#[test]
fn what_is_gone_or_another_one_is_told_and_makes_no_point() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    let held = made.held().expect("free");
    let add =
        |part| backup::NewPoint::begin(&held, crate::made_up::at(1)).expect("begun").add(part, &mut |_| true);
    made.upload(b"letter");
    let [upload] = contents(&made.home).into_keys().collect::<Vec<_>>().try_into().expect("one file");
    let part = made.part(&upload);
    std::fs::write(&part.from, b"lettre").expect("written");
    let error = add(part).expect_err("it has another hash");
    assert!(
        matches!(error, BackupError::Changed { why: "it has other bytes than its name says", .. }),
        "{error}"
    );
    made.write("lake/x", b"rows");
    let part = made.part("lake/x");
    std::fs::remove_file(&part.from).expect("removed");
    assert!(matches!(add(part), Err(BackupError::Changed { why: "it is not there any more", .. })));
    made.write("access/1.log", b"looks");
    let part = made.part("access/1.log");
    made.write("access/1.log", b"look");
    assert!(matches!(add(part), Err(BackupError::Changed { why: "it is shorter than it was", .. })));
    let part = made.part("access/1.log");
    let mut point = backup::NewPoint::begin(&held, crate::made_up::at(1)).expect("begun");
    assert!(matches!(point.add(part, &mut |_| false), Err(BackupError::Stopped)));
    drop(point);
    assert_eq!(made.points(), []);
    assert!(contents(Path::new(&made.backups)).into_keys().all(|path| !path.starts_with("points/")));
}
