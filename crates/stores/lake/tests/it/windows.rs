//! Joins of what happened within a time of each other give what pairing every row with every other gives.

use std::sync::Arc;

use arrow_array::{RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use lake::{Delivery, Lake, TableName};
use proptest::prelude::*;

use crate::asking::ask;

type Row = (Option<u8>, Option<i64>);

/// A lake with two tables of hosts and times, in seconds.
fn lake(tables: [&[Row]; 2]) -> (tempfile::TempDir, Lake) {
    let home = tempfile::tempdir().unwrap();
    let lake = Lake::open(home.path()).unwrap();
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let columns = Schema::new(vec![Field::new("host", DataType::Utf8, true), Field::new("time", time, true)]);
    for (name, rows) in ["process_activity", "network_activity"].into_iter().zip(tables) {
        let name: TableName = format!("own/{name}").parse().unwrap();
        let mut writer = lake.writer(&name, &columns).unwrap();
        let hosts: StringArray = rows.iter().map(|(host, _)| host.map(|host| format!("ws{host}"))).collect();
        let times: TimestampMicrosecondArray =
            rows.iter().map(|(_, time)| time.map(|time| time * 500_000)).collect();
        let arrays: Vec<arrow_array::ArrayRef> = vec![Arc::new(hosts), Arc::new(times.with_timezone("UTC"))];
        let rows = RecordBatch::try_new(Arc::new(columns.clone()), arrays).unwrap();
        writer.append(vec![rows], &Delivery { shard: "a".parse().unwrap(), number: 1 }).unwrap();
    }
    (home, lake)
}

/// Conditions that say from when to when, and the same in numbers, which nobody looks into.
const CONDITIONS: [(&str, &str); 7] = [
    ("n.time >= p.time AND n.time < p.time + INTERVAL '2 seconds'", "# >= @ AND # < @ + 2000000"),
    ("n.time BETWEEN p.time AND p.time + INTERVAL '1 minute'", "# BETWEEN @ AND @ + 60000000"),
    (
        "n.time > p.time - INTERVAL '3 seconds' AND p.time > n.time - INTERVAL '1500 milliseconds'",
        "# > @ - 3000000 AND @ > # - 1500000",
    ),
    (
        "n.time - INTERVAL '4 seconds' <= p.time AND p.time + INTERVAL '2 seconds' <= n.time",
        "# - 4000000 <= @ AND @ + 2000000 <= #",
    ),
    ("n.time >= p.time AND n.time <= p.time", "# >= @ AND # <= @"),
    ("n.time >= p.time + INTERVAL '2 seconds' AND n.time < p.time", "# >= @ + 2000000 AND # < @"),
    (
        "n.time >= p.time AND n.time < p.time + INTERVAL '1 day' AND n.time < p.time + INTERVAL '1 second'",
        "# >= @ AND # < @ + 1000000",
    ),
];

fn row() -> impl Strategy<Value = Row> {
    // Before 1970, too.
    let time = prop_oneof![8 => (-20i64..20).prop_map(Some), 1 => any::<i32>().prop_map(|at| Some(at.into())), 1 => Just(None)];
    (prop_oneof![9 => (0u8..3).prop_map(Some), 1 => Just(None)], time)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn joins_over_a_time_give_what_all_pairs_give(
        p in prop::collection::vec(row(), 1..40),
        n in prop::collection::vec(row(), 1..40),
    ) {
        let (_home, lake) = lake([&p, &n]);
        for (condition, in_numbers) in CONDITIONS {
            for join in ["JOIN", "LEFT JOIN", "FULL JOIN"] {
                let columns = "p.host, p.time, n.host, n.time";
                let order = "ORDER BY 1, 2, 3, 4";
                let sql = |condition: &str| format!(
                    "SELECT {columns} FROM process_activity p {join} network_activity n \
                     ON p.host = n.host AND {condition} {order}"
                );
                let numbers = in_numbers.replace('@', "CAST(p.time AS BIGINT)");
                let numbers = numbers.replace('#', "CAST(n.time AS BIGINT)");
                prop_assert_eq!(ask(&lake, &sql(condition)).unwrap(), ask(&lake, &sql(&numbers)).unwrap(), "{} {}", join, condition);
            }
        }
    }
}

#[test]
fn joins_of_joins_over_times_are_answered() {
    let rows: Vec<Row> = (0..40).map(|at| (Some(u8::try_from(at % 2).unwrap()), Some(at))).collect();
    let (_home, lake) = lake([&rows, &rows]);
    let within = |one: &str, other: &str| {
        format!(
            "{one}.host = {other}.host AND {other}.time > {one}.time AND {other}.time <= {one}.time + INTERVAL '1 second'"
        )
    };
    let sql = format!(
        "SELECT count(*) FROM process_activity a JOIN network_activity b ON {} JOIN process_activity c ON {}",
        within("a", "b"),
        within("b", "c")
    );
    // Each has one within a second, two half seconds later, on the same host.
    assert_eq!(ask(&lake, &sql).unwrap(), [["36"]]);
}
