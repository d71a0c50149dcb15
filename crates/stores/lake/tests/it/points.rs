//! What a table was at one moment is found again in a copy of the files that are told, made when others have
//! been added and made one since; and the copy goes on as a table.

use std::fs;
use std::path::Path;

use lake::{Added, Compaction, Lake, LakeError, Looking, TablePoint};
use model::view::Part;
use proptest::prelude::*;

use crate::compaction::{HOUR, hours};
use crate::files::{Row, batch, columns, delivery, expected, found, name, random_row};
use crate::views::{NOW, operator};

/// What becomes of a table.
#[derive(Debug, Clone)]
enum Step {
    Append(Vec<Row>),
    Compact,
    Pin,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(random_row(), 0..5).prop_map(Step::Append),
        1 => Just(Step::Compact),
        2 => Just(Step::Pin),
    ]
}

/// Copies what is told of tables.
pub fn copy(from: &Path, points: Vec<TablePoint>, to: &Path) {
    for point in points {
        let data = point.data.iter().map(|(path, bytes)| (path, Some(*bytes)));
        for (path, bytes) in data.chain(point.log.iter().chain(&point.account).map(|path| (path, None))) {
            let target = to.join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let copied = fs::copy(from.join(path), target).unwrap();
            assert!(bytes.is_none_or(|bytes| bytes == copied), "{}", path.display());
        }
    }
}

/// Looks at each point as at a lake of its own, which then takes more.
fn look(home: &Path, points: Vec<(Vec<TablePoint>, Vec<Row>, u64)>) {
    for (points, rows, next) in points {
        let other = tempfile::tempdir().unwrap();
        assert_eq!(points[0].rows, Some(rows.len() as u64));
        copy(home, points, other.path());
        let lake = Lake::open(other.path()).unwrap();
        assert_eq!(lake.heal().unwrap(), []);
        assert_eq!(found(&lake), expected(rows.iter()));
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        if next > 1 {
            assert_eq!(writer.append(vec![batch(&rows)], &delivery(next - 1)).unwrap(), Added::Before);
        }
        writer.append(vec![batch(&rows)], &delivery(next)).unwrap();
        writer.compact(Compaction::All).unwrap();
        assert_eq!(found(&lake), expected(rows.iter().chain(&rows)));
        writer.vacuum(hours(2), HOUR).unwrap();
        assert_eq!(found(&lake), expected(rows.iter().chain(&rows)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn a_table_as_it_was_is_found_in_the_files_that_are_told(
        before in prop_oneof![Just(0u64), Just(25), Just(98)],
        steps in prop::collection::vec(step(), 1..12),
    ) {
        let home = tempfile::tempdir().unwrap();
        let lake = Lake::open(home.path()).unwrap();
        let mut writer = lake.writer(&name(), &columns()).unwrap();
        let (mut rows, mut next, mut points) = (Vec::<Row>::new(), 1, Vec::new());
        let view = operator();
        let who = Looking { view: &view, now: NOW };
        for _ in 0..before {
            // So many versions that there are checkpoints.
            writer.append(vec![batch(&[])], &delivery(next)).unwrap();
            next += 1;
        }
        for step in steps.into_iter().chain([Step::Pin]) {
            match step {
                Step::Append(more) => {
                    writer.append(vec![batch(&more)], &delivery(next)).unwrap();
                    rows.extend(more);
                    next += 1;
                }
                Step::Compact => drop(writer.compact(Compaction::All).unwrap()),
                Step::Pin => points.push((lake.pin(who).unwrap(), rows.clone(), next)),
            }
        }
        let inventory = |(pinned, rows, next)| (lake.inventory(who, pinned).unwrap(), rows, next);
        look(home.path(), points.into_iter().map(inventory).collect());
    }
}

#[test]
fn a_table_whose_newest_commit_is_damaged_is_told_and_who_sees_a_part_is_told_nothing() {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let mut writer = lake.writer(&name(), &columns()).unwrap();
    writer.append(vec![batch(&[])], &delivery(1)).unwrap();
    drop(writer);
    let view = operator();
    let who = Looking { view: &view, now: NOW };
    let part = access::person("sato", Part::default(), NOW);
    let some = Looking { view: &part, now: NOW };
    assert!(matches!(lake.pin(some), Err(LakeError::Veiled)));
    let pinned = lake.pin(who).unwrap();
    fs::write(home.path().join("own/base_event/_delta_log/00000000000000000001.json"), "{}").unwrap();
    assert!(matches!(lake.inventory(some, Vec::new()), Err(LakeError::Veiled)));
    assert!(matches!(lake.inventory(who, pinned), Err(LakeError::Damaged { .. })));
    // Set aside, the table is at the version before; and that something was, a copy knows as well.
    assert_eq!(lake.heal().unwrap().len(), 1);
    let points = lake.inventory(who, lake.pin(who).unwrap()).unwrap();
    assert_eq!(points[0].version, 0);
    assert!(points[0].log.iter().any(|path| path.to_string_lossy().contains("_delta_log/damaged/")));
}
