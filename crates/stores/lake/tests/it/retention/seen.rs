//! What people see of rows that are to go, and of those that went.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use lake::{
    BatchId, Between, Compartment, Days, Delivery, Expiring, Lake, LakeError, Reader, Retention, TableName,
    Wanted,
};
use model::marking::{Marking, Tlp};
use model::view::{Label, Part};

use super::{
    DAYS, Row, append, by_day, columns, expected, found, hosts, id, looking, name, planned, retention, row,
};
use crate::compaction::{HOUR, hours};
use crate::views::{NOW, operator};

#[test]
fn a_person_who_sees_a_part_is_told_of_what_they_see() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let red = |row: Row| Row { mark: 1, ..row };
    let rows = [
        row(0, 0, 1),
        red(row(0, 0, 2)),
        red(row(1, 0, 3)),
        row(2, 0, 4),
        row(0, 1, 5),
        row(0, 2, 6),
        row(3, 0, 7),
    ];
    append(&mut writer, 1, &rows);
    let label = |owner: &str, tlp| Label {
        compartment: "own".to_owned(),
        owner: owner.to_owned(),
        marking: Marking { tlp, ..Marking::default() },
    };
    let part = |labels: Vec<Label>, hidden: &[&str]| {
        let hidden = hidden.iter().map(|name| (*name).to_owned()).collect();
        access::person("suzuki", Part { labels: labels.into_iter().collect(), hidden }, NOW)
    };
    let amber = part(vec![label("aoba", Tlp::Amber)], &["words", "owner"]);
    let days = lake.expiring(looking(&amber), &name(), &retention(0, 2)).unwrap();
    let seen = |day: usize| Expiring { day: DAYS[day].to_owned(), rows: 1, on_disk: None };
    assert_eq!(days, [seen(0), seen(2)]);
    assert_eq!(lake.expiring(looking(&amber), &name(), &retention(0, 3)).unwrap(), [seen(3)]);
    // Others' rows, and those of nobody, are as if they were not there.
    for owner in [1, 2] {
        assert_eq!(lake.expiring(looking(&amber), &name(), &retention(owner, 2)).unwrap(), []);
    }
    let both = part(vec![label("aoba", Tlp::Red), label("misaki", Tlp::Amber)], &[]);
    assert_eq!(planned(&lake, &both, &retention(0, 2)), by_day(&rows[1..3]));
    let nobody = part(vec![label("kuro", Tlp::Amber)], &[]);
    let refused = lake.expiring(looking(&nobody), &name(), &retention(0, 2));
    assert!(matches!(refused, Err(LakeError::NoTable(table)) if table == name()));
    let without_days = part(vec![label("aoba", Tlp::Amber)], &["day"]);
    assert!(matches!(
        lake.expiring(looking(&without_days), &name(), &retention(0, 2)),
        Err(LakeError::WithoutDays(_))
    ));
    // What went tells of batches, and there is none of which anything is seen.
    writer.expire(&retention(0, 2)).unwrap();
    let view = operator();
    assert_eq!(lake.expired(looking(&view), &name()).unwrap(), [(id(0), 4)].into());
    assert_eq!(lake.expired(looking(&both), &name()).unwrap(), HashMap::new());
    let old = access::operator("sato", model::time::Instant::from_nanoseconds(0));
    assert!(matches!(lake.expiring(looking(&old), &name(), &retention(0, 2)), Err(LakeError::View(_))));
}

#[test]
fn a_table_that_is_not_kept_by_day_and_owner_is_named() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let batches: TableName = "own/batches".parse().unwrap();
    let mut writer = lake.writer(&batches, &lake::batches::schema()).unwrap();
    let view = operator();
    let refused = lake.expiring(looking(&view), &batches, &retention(0, 0));
    assert!(matches!(refused, Err(LakeError::WithoutDays(table)) if table == batches));
    assert!(matches!(writer.expire(&retention(0, 0)), Err(LakeError::WithoutDays(_))));
    let missing = lake.expiring(looking(&view), &name(), &retention(0, 0));
    assert!(matches!(missing, Err(LakeError::NoTable(_))));
    assert!(matches!(lake.existing_writer(&name()), Err(LakeError::NoTable(_))));
    assert_eq!(fs::read_dir(home.path().join("own")).unwrap().count(), 1, "asking made a folder");
    drop(writer);
    assert!(lake.existing_writer(&batches).is_ok());
}

/// Files that hold some text of rows, or the path of one, in the clear.
fn telling(table: &Path, texts: &[&str]) -> Vec<PathBuf> {
    let mut files = crate::files::files(table);
    files.retain(|path| {
        let bytes = fs::read(table.join(path)).unwrap();
        texts.iter().any(|text| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
    });
    files
}

#[test]
fn bytes_stay_for_readers_and_then_nothing_tells_of_what_went() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    let table = home.path().join("own/process_activity");
    let canary = |row: Row| Row { host: "canary-in-the-mine".to_owned(), ..row };
    append(&mut writer, 1, &[canary(row(0, 0, 1)), row(0, 1, 2), row(2, 1, 3)]);
    let gone: Vec<String> =
        crate::files::parquet(&table).iter().map(|path| path.display().to_string()).collect();
    append(&mut writer, 2, &[row(1, 1, 2)]);
    let gone: Vec<&str> =
        gone.iter().filter(|path| path.starts_with("day=2026-01-01")).map(String::as_str).collect();
    let texts = ["canary-in-the-mine", gone[0]];
    assert_eq!(telling(&table, &texts).len(), 3, "the file, its commit and its index");
    writer.expire(&retention(0, 0)).unwrap();
    // What is known of it by its values goes at once, and what stays is known as it was.
    assert!(!telling(&table, &[gone[0]]).iter().any(|path| path.starts_with("_values")));
    assert_eq!([hosts(&lake, "canary-in-the-mine"), hosts(&lake, "cedar")], [0, 2]);
    let early = writer.vacuum(hours(0), std::time::Duration::ZERO).unwrap();
    assert_eq!((early.files, early.waiting), (0, 1));
    assert!(table.join(gone[0]).is_file());
    drop(writer);
    let mut writer = lake.existing_writer(&name()).unwrap();
    let done = writer.vacuum(hours(2), HOUR).unwrap();
    assert_eq!((done.files >= 1, done.waiting), (true, 0));
    let left = telling(&table, &texts);
    // That the file went the log knows for a day.
    assert!(left.iter().all(|path| path.extension().is_some_and(|end| end == "parquet")), "{left:?}");
    assert_eq!(telling(&table, &texts[..1]), Vec::<PathBuf>::new());
    assert_eq!(found(&lake), expected(&[row(0, 1, 2), row(2, 1, 3), row(1, 1, 2)]));
    append(&mut writer, 3, &[row(0, 1, 9)]);
    assert_eq!(found(&Lake::open(home.path()).unwrap()).len(), 4);
}

/// Events of two owners in one file a day.
fn replayed(lake: &Lake) -> lake::Replay {
    lake.replay(looking(&operator()), &Compartment::own(), Between::default()).unwrap()
}

fn events(replay: &lake::Replay) -> Vec<BatchId> {
    let mut reader = Reader::new(crate::rows::tables().catalogue().clone());
    let mut sheets = Vec::new();
    for part in replay.parts() {
        replay.read(part, &|_| Wanted::Everything, &mut reader, &mut |sheet| sheets.push(sheet)).unwrap();
    }
    crate::replay::evidence(&sheets).into_iter().map(|evidence| evidence.batch.into()).collect()
}

#[test]
fn who_reads_goes_on_and_who_comes_later_reads_what_is_left() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    for (number, owner) in [(1, "aoba"), (2, "misaki")] {
        let labels = crate::replay::batch(number, 0, owner, Tlp::Amber);
        crate::replay::add(&lake, &crate::replay::sysmon(0, 4), &labels, number.into());
    }
    let before = replayed(&lake);
    let last = lake::day(
        Some(model::time::Instant::from_nanoseconds(NOW.nanoseconds() - 2 * 86_400_000_000_000)),
        NOW,
    );
    let retention = Retention { owner: Some("aoba".to_owned()), days: Days::Through(last.parse().unwrap()) };
    let done = lake.existing_writer(&name()).unwrap().expire(&retention).unwrap();
    assert_eq!((done.rows, done.rewritten), (3, 3));
    assert_eq!(events(&before), [vec![id(1); 4], vec![id(2); 4]].concat());
    assert_eq!(events(&replayed(&lake)), [vec![id(1); 1], vec![id(2); 4]].concat());
    // Evidence that names a row that went finds none, and somebody can say why.
    let view = operator();
    let rows = lake.batch(looking(&view), &name(), id(1)).unwrap();
    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
    assert_eq!(lake.expired(looking(&view), &name()).unwrap(), [(id(1), 3)].into());
    let all =
        Retention { owner: Some("aoba".to_owned()), days: Days::Through("2100-01-01".parse().unwrap()) };
    lake.existing_writer(&name()).unwrap().expire(&all).unwrap();
    assert_eq!(lake.batch(looking(&view), &name(), id(1)).unwrap().len(), 0);
}

#[test]
fn half_a_batch_is_not_seen_because_others_went() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let batches: TableName = "own/batches".parse().unwrap();
    let mut known = lake.writer(&batches, &lake::batches::schema()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    for (number, rows) in [(1, [row(0, 0, 1), row(0, 1, 2)]), (2, [row(1, 1, 3), row(1, 1, 4)])] {
        append(&mut writer, number, &rows);
    }
    let from = |number| Delivery { shard: "a".parse().unwrap(), number };
    known.append(Vec::new(), &from(1)).unwrap();
    writer.expire(&retention(0, 0)).unwrap();
    let half = expected(&[row(1, 1, 3), row(1, 1, 4)]);
    assert!(!found(&lake).iter().any(|row| half.contains(row)));
    known.append(Vec::new(), &from(2)).unwrap();
    assert_eq!(found(&lake), expected(&[row(0, 1, 2), row(1, 1, 3), row(1, 1, 4)]));
}
