//! Folders that are another's, in use, damaged or full.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};

use backup::{BackupError, Folder, State};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::made_up::{Made, contents, id, key, patiently};

fn some(made: &Made) {
    made.write("lake/own/x/one.parquet", b"rows");
    made.upload(b"upload");
    made.write("journal.sqlite", b"acts\n");
    made.write(&key("somebody"), b"secret");
    made.write("access/0000000000000001.log", b"looks");
}

#[test]
fn a_folder_of_something_else_or_of_another_home_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    assert!(matches!(Folder::open(&made.backups), Err(BackupError::Missing { .. })));
    fs::create_dir_all(made.backups.join("lost+found")).expect("made");
    drop(made.held().expect("as good as empty"));
    let other = "ffffffffffffffffffffffffffffffff".parse().expect("an id");
    assert!(matches!(Folder::make(&made.backups, other), Err(BackupError::OtherHome { .. })));
    assert!(matches!(Folder::make(&made.home.join(".."), id()), Err(BackupError::Foreign { .. })));
    let mark = made.backups.join("noroshi-backup");
    fs::write(&mark, "2\nsomething else").expect("written");
    assert!(matches!(made.held(), Err(BackupError::Newer { found: 2, known: 1, .. })));
    for text in [&b""[..], b"1", b"1\n", b"1\nxx\n", b"one\n", b"\xff"] {
        fs::write(&mark, text).expect("written");
        assert!(matches!(made.held(), Err(BackupError::Unreadable { .. })), "{text:?}");
    }
}

#[test]
fn a_folder_in_which_others_can_write_is_refused_and_no_link_is_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    some(&made);
    fs::create_dir(&made.backups).expect("made");
    for (mode, is_taken) in [(0o777, false), (0o770, false), (0o702, false), (0o755, true), (0o700, true)] {
        fs::set_permissions(&made.backups, fs::Permissions::from_mode(mode)).expect("changed");
        match made.held() {
            Ok(_) => assert!(is_taken, "{mode:o}"),
            Err(error) => assert!(!is_taken && matches!(error, BackupError::Exposed { .. }), "{mode:o}"),
        }
    }
    let letter = folder.path().join("letter");
    fs::write(&letter, "dear").expect("written");
    fs::create_dir_all(made.backups.join("lake/own/x")).expect("made");
    symlink(&letter, made.backups.join("lake/own/x/one.parquet.part")).expect("linked");
    made.back_up(1).expect("backed up");
    assert_eq!(fs::read(&letter).expect("read"), b"dear");
    assert_eq!(fs::read(made.backups.join("lake/own/x/one.parquet")).expect("read"), b"rows");
    assert!(fs::symlink_metadata(made.backups.join("lake/own/x/one.parquet")).expect("there").is_file());
    // Another user's: only who may do everything can try it.
    if chown(&made.backups, Some(1), None).is_ok() {
        assert!(matches!(made.held(), Err(BackupError::Exposed { .. })));
    }
}

#[test]
fn one_process_changes_a_folder_and_several_read_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    let held = made.held().expect("free");
    assert!(matches!(Folder::make(&made.backups, id()), Err(BackupError::Busy { .. })));
    assert!(matches!(made.folder().share(), Err(BackupError::Busy { .. })));
    drop(held);
    let share = || patiently(|| made.folder().share()).expect("free, or with others");
    let readers = [share(), share()];
    assert!(matches!(Folder::make(&made.backups, id()), Err(BackupError::Busy { .. })));
    drop(readers);
    // What is left of a drill, and of what was being removed, goes.
    let held = made.held().expect("free");
    fs::create_dir_all(held.drill().join("journal")).expect("made");
    fs::create_dir_all(made.backups.join("points/20270115T080001.000Z.gone/x")).expect("made");
    drop(held);
    drop(made.held().expect("free"));
    assert_eq!(fs::read_dir(&made.backups).expect("read").count(), 2, "mark and points");
    assert_eq!(made.points(), []);
}

#[test]
fn each_file_of_a_point_that_is_changed_cut_off_or_gone_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    some(&made);
    made.back_up(1).expect("backed up");
    let [point] = &made.points()[..] else { panic!("one point") };
    let whole = contents(&made.backups);
    for (path, bytes) in &whole {
        if path == "noroshi-backup" || path.ends_with("manifest.json") {
            continue;
        }
        let place = made.backups.join(path);
        let mut changed = bytes.clone();
        changed[0] ^= 1;
        for bytes in [Some(&changed[..]), Some(&bytes[1..]), None] {
            match bytes {
                Some(bytes) => fs::write(&place, bytes).expect("written"),
                None => fs::remove_file(&place).expect("removed"),
            }
            let into = folder.path().join("into");
            let error = made.put_back(&point.name, &into).expect_err("it is damaged");
            let BackupError::Damaged(damages) = &error else { panic!("{error}") };
            assert!(damages.len() == 1 && damages[0].path == *path, "{error}");
            fs::remove_dir_all(into).expect("removed");
        }
        fs::write(&place, bytes).expect("written");
    }
    made.put_back(&point.name, &folder.path().join("into")).expect("whole again");
}

#[test]
fn a_point_without_a_whole_manifest_does_not_count_and_is_not_removed_silently() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    some(&made);
    for number in 1..=4 {
        made.write(&format!("lake/own/x/{number}.parquet"), &[7; 9]);
        made.back_up(number).expect("backed up");
    }
    let manifest =
        |at: usize| made.backups.join("points").join(&made.points()[at].name).join("manifest.json");
    let (cut, gone) = (manifest(0), manifest(1));
    let bytes = fs::read(&cut).expect("read");
    fs::write(&cut, &bytes[..bytes.len() - 1]).expect("written");
    fs::remove_file(gone).expect("removed");
    let states: Vec<_> = made.points().into_iter().map(|point| point.state).collect();
    assert!(matches!(states[..], [State::Damaged, State::Unfinished, State::Whole(_), State::Whole(_)]));
    let pruned = made.held().expect("free").prune(1, None).expect("pruned");
    assert_eq!((pruned.points.len(), pruned.unfinished.len(), pruned.damaged.len()), (1, 1, 1));
    assert_eq!((pruned.files, made.points().len()), (0, 2), "what a damaged one names is not known");
    // With its manifest as it was, it counts again; then the others go for good.
    fs::write(&cut, bytes).expect("written");
    let pruned = made.held().expect("free").prune(1, None).expect("pruned");
    assert_eq!((pruned.points.len(), pruned.damaged.len(), pruned.files), (1, 0, 0));
}

#[test]
fn the_point_that_was_just_made_stays_though_the_clock_was_set_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    some(&made);
    for number in [5, 6, 1] {
        made.back_up(number).expect("backed up");
    }
    let names: Vec<_> = made.points().into_iter().map(|point| point.name).collect();
    let held = made.held().expect("free");
    assert_eq!(held.prune(2, Some(&names[0])).expect("pruned").points, [names[1].clone()]);
    assert_eq!(held.prune(1, Some(&names[0])).expect("pruned").points, [names[2].clone()]);
    assert_eq!(made.points()[0].name, names[0]);
}

#[test]
fn a_key_that_is_copied_while_its_owner_is_forgotten_is_in_no_point() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    some(&made);
    made.back_up(1).expect("backed up");
    let held = made.held().expect("free");
    let known = backup::add(held.folder(), &made.forgotten()).expect("added");
    let mut point = backup::NewPoint::begin(&held, crate::made_up::at(2)).expect("begun");
    for path in crate::made_up::paths(&made.home) {
        point.add(made.part(&path), &mut |_| true).expect("copied");
    }
    made.forget("somebody");
    backup::add(&made.folder(), &made.forgotten()).expect("added");
    assert_eq!(made.folder().destroy_keys().expect("destroyed"), 1, "that of the first point");
    let (manifest, _) = point.finish(crate::made_up::about(2, known)).expect("finished");
    assert!(manifest.files.iter().all(|file| !file.path.starts_with("keys/")));
    let left: Vec<_> = contents(&made.backups).into_keys().filter(|path| path.ends_with(".key")).collect();
    assert_eq!(left, Vec::<String>::new());
    for point in made.points() {
        let other = tempfile::tempdir().expect("a folder");
        let into = other.path().join("home");
        let restored =
            backup::restore(&held, (&point.name, point.whole().expect("whole")), &into, &mut |_| true);
        assert_eq!(restored.expect("put back").forgotten.len(), 1);
    }
}

#[test]
fn who_is_forgotten_while_a_point_is_put_back_is_known_and_a_key_that_went_is_no_damage() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    some(&made);
    made.write(&key("a-second"), b"secret");
    made.back_up(1).expect("backed up");
    let held = made.folder().share().expect("free");
    let point = &made.points()[0];
    // Both while files are copied, before their keys and after those.
    let (mut copied, into) = (0, folder.path().join("into"));
    let restored = backup::restore(&held, (&point.name, point.whole().expect("whole")), &into, &mut |_| {
        copied += 1;
        for (at, subject) in [(1, "a-second"), (5, "somebody")] {
            if copied == at {
                made.forget(subject);
                backup::add(&made.folder(), &made.forgotten()).expect("added");
                made.folder().destroy_keys().expect("destroyed");
            }
        }
        true
    });
    let subjects: Vec<_> = restored.expect("put back").forgotten.into_iter().map(|one| one.subject).collect();
    assert!(copied >= 5 && !into.join(key("a-second")).exists(), "{copied}");
    assert_eq!(subjects, ["a-second", "somebody"]);
}

#[test]
fn files_that_may_not_grow_make_no_point_and_harm_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Made::new(folder.path());
    some(&made);
    made.back_up(1).expect("backed up");
    let before = contents(&made.backups);
    made.write("lake/own/x/large.parquet", &vec![1; 500_000]);
    let work = "NOROSHI_BACKUP_LIMITED";
    if std::env::var_os(work).is_none() {
        // In a process of its own: the limit is that of all threads.
        let mut child = std::process::Command::new("sh");
        child
            .args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#])
            .arg(std::env::current_exe().expect("a program"));
        child.args(["--exact", "damage::files_that_may_not_grow_make_no_point_and_harm_none"]).env(work, "1");
        assert!(child.output().expect("run").status.success());
        return;
    }
    let limit = getrlimit(Resource::Fsize);
    for most in [0, 3, 20, 300, 100_000] {
        setrlimit(Resource::Fsize, Rlimit { current: Some(most), ..limit }).expect("limited");
        let refused = made.back_up(2);
        setrlimit(Resource::Fsize, limit).expect("limited no more");
        assert!(matches!(refused, Err(BackupError::Disk { .. })), "{most}: {refused:?}");
        let mut now = contents(&made.backups);
        // What was copied before there was no room stays for the next.
        now.retain(|path, _| before.contains_key(path) || !path.starts_with("lake/"));
        assert_eq!(now, before, "{most}");
    }
    made.back_up(3).expect("there is room");
    for point in made.points() {
        made.put_back(&point.name, &folder.path().join("into").join(&point.name)).expect("put back");
    }
}
