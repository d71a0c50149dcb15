//! What was put back beside what the point says that there was.

use std::collections::BTreeMap;

use backup::{About, Chain, TableOf};

/// What was found in a home that was put back.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) journal: Chain,
    pub(super) journal_rows: BTreeMap<String, u64>,
    pub(super) access: Chain,
    pub(super) lake: Vec<TableOf>,
    /// Whether somebody was forgotten since: then their values are not there.
    pub(super) has_forgotten: bool,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub what: String,
    /// As it was.
    pub expected: String,
    /// As it is.
    pub found: String,
}

/// Tables of acts themselves, which every version of the program has.
const ACTS: [&str; 3] = ["acts", "commits", "personal"];
/// Tables that are as large as it happens: states that are kept to fold less, and keys that are to go.
const CHANCE: [&str; 2] = ["forgotten", "snapshots"];
/// Tables with values in clear.
const CLEAR: [&str; 3] = ["personal_values", "search_grams", "search_texts"];

/// What differs; nothing where all is as it was.
pub(super) fn differences(about: &About, found: &Found) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut compare = |what: &str, expected: String, found: String| {
        if expected != found {
            all.push(Difference { what: what.to_owned(), expected, found });
        }
    };
    let chain = |Chain { position, last }: Chain| format!("{position} {last}");
    compare("journal", chain(about.journal), chain(found.journal));
    compare("access", chain(about.access), chain(found.access));
    // Another version makes other tables of the same acts.
    let is_same_program = about.program == env!("CARGO_PKG_VERSION");
    for (table, rows) in &about.journal_rows {
        let is_compared = ACTS.contains(&table.as_str())
            || (is_same_program
                && !CHANCE.contains(&table.as_str())
                && !(found.has_forgotten && CLEAR.contains(&table.as_str())));
        if is_compared {
            let there = found.journal_rows.get(table).map_or("-".to_owned(), u64::to_string);
            compare(&format!("journal: {table}"), rows.to_string(), there);
        }
    }
    let told = |table: &TableOf| {
        let rows = table.rows.map_or("?".to_owned(), |rows| rows.to_string());
        format!("version {}: {rows} rows, {} files, {} bytes", table.version, table.files, table.bytes)
    };
    let tables = |lake: &[TableOf]| -> BTreeMap<String, String> {
        lake.iter().map(|table| (table.table.clone(), told(table))).collect()
    };
    let (expected, there) = (tables(&about.lake), tables(&found.lake));
    let names: std::collections::BTreeSet<&String> = expected.keys().chain(there.keys()).collect();
    for name in names {
        let text = |tables: &BTreeMap<String, String>| tables.get(name).map_or("-".to_owned(), Clone::clone);
        compare(&format!("lake: {name}"), text(&expected), text(&there));
    }
    all
}

#[cfg(test)]
mod tests {
    use model::hash::Sha256;
    use model::time::Instant;

    use super::*;

    fn chain(position: u64) -> Chain {
        Chain { position, last: Sha256::from([7; 32]) }
    }

    fn table(table: &str, rows: u64) -> TableOf {
        TableOf { table: table.to_owned(), version: 3, rows: Some(rows), files: 1, bytes: 9 }
    }

    fn about() -> About {
        let rows = [("acts", 5), ("streams", 2), ("personal_values", 1), ("snapshots", 1)];
        About {
            at: Instant::from_nanoseconds(0),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            home_format: 2,
            journal: chain(5),
            journal_rows: rows.map(|(name, rows)| (name.to_owned(), rows)).into(),
            access: chain(2),
            lake: vec![table("own/a", 4), table("own/b", 5)],
            forgotten: 0,
        }
    }

    fn found() -> Found {
        let About { journal, mut journal_rows, access, lake, .. } = about();
        journal_rows.insert("snapshots".to_owned(), 0);
        Found { journal, journal_rows, access, lake, has_forgotten: false }
    }

    #[test]
    fn whatever_is_not_as_it_was_is_named() {
        assert_eq!(differences(&about(), &found()), []);
        let change = |change: &dyn Fn(&mut Found)| {
            let mut found = found();
            change(&mut found);
            let all = differences(&about(), &found);
            all.into_iter().map(|one| one.what).collect::<Vec<_>>().join(" ")
        };
        let rows =
            |found: &mut Found, table: &str, rows| _ = found.journal_rows.insert(table.to_owned(), rows);
        assert_eq!(change(&|found| found.journal = chain(6)), "journal");
        assert_eq!(change(&|found| found.access.last = Sha256::from([8; 32])), "access");
        assert_eq!(change(&|found| rows(found, "acts", 4)), "journal: acts");
        assert_eq!(change(&|found| rows(found, "streams", 3)), "journal: streams");
        assert_eq!(change(&|found| _ = found.journal_rows.remove("streams")), "journal: streams");
        assert_eq!(change(&|found| rows(found, "personal_values", 0)), "journal: personal_values");
        let forgotten = |found: &mut Found| {
            rows(found, "personal_values", 0);
            found.has_forgotten = true;
        };
        assert_eq!(change(&forgotten), "");
        assert_eq!(change(&|found| found.lake[1].rows = Some(6)), "lake: own/b");
        assert_eq!(change(&|found| drop(found.lake.remove(0))), "lake: own/a");
        assert_eq!(change(&|found| found.lake.push(table("own/c", 0))), "lake: own/c");
    }

    #[test]
    fn another_version_is_held_to_the_acts_alone() {
        let about = About { program: "0.0.0".to_owned(), ..about() };
        let mut found = found();
        found.journal_rows = [("acts".to_owned(), 5)].into();
        assert_eq!(differences(&about, &found), []);
        found.journal_rows = [("acts".to_owned(), 6)].into();
        assert_eq!(differences(&about, &found).len(), 1);
    }
}
