//! The versions of a table behind one, as its log has them.

use crate::batches::BATCHES;
use crate::error::LakeError;
use crate::log::{Fault, Log, Said};
use crate::name::TableName;
use crate::place::Place;
use crate::retention::account::EXPIRED;
use crate::table::Table;
use crate::writer::Shard;

use super::Looking;
use super::commit::Commit;
use super::position::Mark;

/// Commits of the table of batches in which a delivery is looked for before the table is opened.
const LOOKED_AT: usize = 64;

/// A version behind the one that somebody has seen.
#[derive(Debug)]
pub(super) struct New {
    pub(super) version: u64,
    pub(super) mark: Mark,
    /// Files that came with it.
    pub(super) added: Vec<String>,
}

/// The versions behind one.
#[derive(Debug)]
pub(super) struct Tail {
    new: Vec<New>,
    /// How many of them hold no half of a delivery.
    whole: usize,
    /// The last that took rows away.
    pub(super) removal: Option<u64>,
    /// The files of the newest, where it matters which these are.
    pub(super) named: Vec<String>,
}

impl Tail {
    /// Those behind a version; nothing where the log lacks one of them.
    pub(super) async fn of(looking: &Looking<'_>, version: u64) -> Result<Option<Self>, LakeError> {
        let (place, name, log) = (looking.place(), looking.since.table, looking.log());
        let newest = log.newest_whole(version)?;
        let mut commits = Vec::new();
        for version in version + 1..=newest {
            let Some(commit) = log.commit_of(version)? else { return Ok(None) };
            commits.push(commit);
        }
        let is_removal = |commit: &&Commit| commit.said.as_ref().is_some_and(|said| said.shard == EXPIRED);
        let removal = commits.iter().rfind(is_removal).map(|commit| commit.version);
        let named = match removal {
            Some(_) => Table::load(place, name, Some(newest)).await?.files()?,
            None => Vec::new(),
        };
        let whole =
            if name.class() == BATCHES { commits.len() } else { whole(place, name, &commits).await? };
        let new = commits.into_iter().map(|commit| {
            let Commit { version, print, said, added } = commit;
            // What a removal left of a file was there before.
            let is_removal = said.is_some_and(|said| said.shard == EXPIRED);
            let added = if is_removal { Vec::new() } else { added };
            New { version, mark: Mark { version, print }, added }
        });
        Ok(Some(Self { new: new.collect(), whole, removal, named }))
    }

    /// Those up to which everything is whole.
    pub(super) fn whole(&self) -> &[New] {
        &self.new[..self.whole]
    }

    /// Whether a file that came with a version holds no row that was taken away since.
    pub(super) fn is_kept(&self, file: &str, version: u64) -> bool {
        self.removal.is_none_or(|removal| removal <= version) || self.named.iter().any(|named| named == file)
    }
}

/// How many of some versions hold no half of a delivery, as [`Whole`](crate::whole::Whole) has it.
async fn whole(place: &Place, name: &TableName, commits: &[Commit]) -> Result<usize, LakeError> {
    let mut whole = commits.len();
    if whole == 0 {
        return Ok(whole);
    }
    let batches = TableName::new(name.compartment().clone(), BATCHES)?;
    if !place.is_there(&batches) {
        return Ok(whole);
    }
    for (number, commit) in commits.iter().enumerate().rev() {
        match &commit.said {
            Some(said) if said.shard != EXPIRED => {
                if is_known(place, &batches, said).await? {
                    break;
                }
                whole = number;
            }
            _ => {}
        }
    }
    Ok(whole)
}

/// Whether the table of batches knows a delivery. One that is new is among its newest.
async fn is_known(place: &Place, batches: &TableName, wanted: &Said) -> Result<bool, LakeError> {
    let log = place.log(batches);
    let Some(newest) = log.newest()? else { return Ok(true) };
    let newest = match log.fault(newest)? {
        Some(Fault { version: 0, .. }) => return Ok(true),
        Some(_) => newest - 1,
        None => newest,
    };
    if let Some(last) = last(&log, newest, &wanted.shard)? {
        return Ok(last >= wanted.number);
    }
    let Ok(shard) = wanted.shard.parse::<Shard>() else { return Ok(true) };
    let table = match Table::open(place, batches).await {
        Err(LakeError::NoTable(_)) => return Ok(true),
        table => table?,
    };
    Ok(table.last(&shard).await?.is_some_and(|last| last >= wanted.number))
}

/// The last number of a shard, if one of the newest commits has one.
fn last(log: &Log, newest: u64, shard: &str) -> Result<Option<u64>, LakeError> {
    for version in (0..=newest).rev().take(LOOKED_AT) {
        match log.transaction(version)? {
            None => break,
            Some(Some(said)) if said.shard == shard => return Ok(Some(said.number)),
            Some(_) => {}
        }
    }
    Ok(None)
}
