//! How many rows of each batch retention removed from a table.
//!
//! ```text
//! account = "noroshi-expired 1 " number, { batch, " ", before, " ", with }, checksum     a line each
//! ```
//! `number` is that of the newest removal, `before` says how many rows of the batch went with those before it,
//! `with` how many with it. The account is made durable before the version of the table that carries the
//! number of its removal as a transaction: where the table does not know the number, the removal was not,
//! and `with` does not count. So whoever is stopped in between begins again with the same number.
//!
//! It lies beside `_delta_log`, under a name that readers of Delta pass over.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use deltalake::DeltaTableError;
use deltalake::logstore::object_store::ObjectStoreExt;
use deltalake::logstore::object_store::path::Path as Location;
use twox_hash::XxHash64;

use crate::error::LakeError;
use crate::id::BatchId;
use crate::name::TableName;
use crate::place::Place;
use crate::table::Table;

/// The name of the account in the folder of its table.
pub(crate) const NAME: &str = "_expired";
/// What it begins with.
const MARK: &str = "noroshi-expired 1";

/// Under what name a table knows the numbers of removals. No [`Shard`](crate::Shard) can have it.
pub(crate) const EXPIRED: &str = "noroshi.expired";

/// What removals took of each batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// The newest removal that it knows; 0 where there was none.
    number: u64,
    /// Rows that went with the removals before it, and with it.
    batches: BTreeMap<BatchId, (u64, u64)>,
}

impl Account {
    /// That of a table; an empty one where nothing was ever removed.
    pub(crate) fn read(place: &Place, table: &TableName) -> Result<Self, LakeError> {
        let path = path(place, table);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) if error.kind() == ErrorKind::InvalidData => None,
            text => Some(text.map_err(|source| LakeError::Folder { path: path.clone(), source })?),
        };
        let read = text.and_then(|text| Self::of_text(&text));
        read.ok_or_else(|| LakeError::Damaged { path, why: "it is not as it was written".to_owned() })
    }

    /// Rows that went of each batch, once the removals up to a number were.
    pub(crate) fn rows(&self, last: u64) -> HashMap<BatchId, u64> {
        let with = |with| if self.number <= last { with } else { 0 };
        let all = self.batches.iter().map(|(batch, (before, now))| (*batch, before + with(*now)));
        all.filter(|(_, rows)| *rows > 0).collect()
    }

    /// The account of the removal that follows the last that was.
    pub(crate) fn next(self, last: u64) -> Self {
        let batches = self.rows(last).into_iter().map(|(batch, rows)| (batch, (rows, 0))).collect();
        Self { number: last + 1, batches }
    }

    /// The number of the removal that it is of.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Adds rows of a batch that go with the removal.
    pub(crate) fn add(&mut self, batch: BatchId, rows: u64) {
        self.batches.entry(batch).or_default().1 += rows;
    }

    /// Makes it durable.
    pub(crate) async fn put(&self, table: &Table) -> Result<(), DeltaTableError> {
        table.delta.object_store().put(&Location::from(NAME), self.to_text().into()).await?;
        Ok(())
    }

    fn to_text(&self) -> String {
        let mut text = format!("{MARK} {}\n", self.number);
        for (batch, (before, with)) in &self.batches {
            // A text takes whatever is written to it.
            let _ = writeln!(text, "{batch} {before} {with}");
        }
        let sum = XxHash64::oneshot(0, text.as_bytes());
        format!("{text}{sum:016x}\n")
    }

    fn of_text(text: &str) -> Option<Self> {
        let (all, sum) = text.strip_suffix('\n')?.rsplit_once('\n')?;
        let body = &text[..=all.len()];
        if u64::from_str_radix(sum, 16).ok()? != XxHash64::oneshot(0, body.as_bytes()) {
            return None;
        }
        let mut lines = all.lines();
        let number = lines.next()?.strip_prefix(MARK)?.trim_start().parse().ok()?;
        let batch = |line: &str| {
            let mut words = line.split(' ');
            let batch = words.next()?.parse().ok()?;
            Some((batch, (words.next()?.parse().ok()?, words.next()?.parse().ok()?)))
        };
        Some(Self { number, batches: lines.map(batch).collect::<Option<_>>()? })
    }
}

/// Whether retention ever removed something from a table, or was about to.
pub(crate) fn is_there(place: &Place, table: &TableName) -> bool {
    path(place, table).is_file()
}

/// Rows that retention removed of each batch of a table, or was about to.
pub(crate) fn noted(place: &Place, table: &TableName) -> Result<HashMap<BatchId, u64>, LakeError> {
    Ok(Account::read(place, table)?.rows(u64::MAX))
}

/// Rows that retention removed of each batch of a table.
pub(crate) async fn removed(place: &Place, table: &TableName) -> Result<HashMap<BatchId, u64>, LakeError> {
    let account = Account::read(place, table)?;
    if account == Account::default() {
        return Ok(HashMap::new());
    }
    let last = Table::open(place, table).await?.last_of(EXPIRED).await?;
    Ok(account.rows(last.unwrap_or(0)))
}

fn path(place: &Place, table: &TableName) -> PathBuf {
    place.folder_of(table).join(NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removal_counts_once_its_table_knows_it() {
        let [one, two] = [1, 2].map(|byte| BatchId::from([byte; 16]));
        let mut first = Account::default().next(0);
        first.add(one, 3);
        first.add(one, 2);
        assert_eq!((first.number(), first.rows(0), first.rows(1)), (1, HashMap::new(), [(one, 5)].into()));
        let read = Account::of_text(&first.to_text()).unwrap();
        assert_eq!(read, first);
        // It was not: whoever begins again has the same number, and what was noted is forgotten.
        let mut again = read.clone().next(0);
        assert_eq!(again, Account { number: 1, batches: BTreeMap::new() });
        again.add(two, 1);
        assert_eq!(again.rows(1), [(two, 1)].into());
        let mut second = read.next(1);
        second.add(two, 7);
        second.add(one, 1);
        assert_eq!((second.number(), second.rows(1)), (2, [(one, 5)].into()));
        assert_eq!(second.rows(2), [(one, 6), (two, 7)].into());
        assert_eq!(Account::of_text(&second.to_text()).unwrap(), second);
    }

    #[test]
    fn an_account_that_is_cut_off_or_changed_anywhere_is_none() {
        let mut account = Account::default().next(6);
        (1..4).for_each(|byte| account.add(BatchId::from([byte; 16]), byte.into()));
        let text = account.to_text();
        for at in 0..text.len() {
            assert_eq!(Account::of_text(&text[..at]), None, "cut at {at}");
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            assert_eq!(Account::of_text(&String::from_utf8(bytes).unwrap()), None, "changed at {at}");
        }
    }
}
