//! Whether the acts are whole: chained, without a gap, canonical, and their personal values what they commit to.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::act::{BEGINNING, Hash, Recorded, chained};
use crate::error::JournalError;
use crate::keys::Keys;
use crate::personal::{Commitment, Subject, unseal};
use crate::writer::Book;

/// What was found in the acts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Commits.
    pub commits: u64,
    /// Acts in them.
    pub acts: u64,
    /// Hash of the last commit.
    pub last: Hash,
    /// Personal values that are as their commitments say.
    pub personal: u64,
    /// Personal values that were forgotten.
    pub forgotten: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// What is wrong with the acts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The hash of a commit is not that of its acts.
    #[error("commit {0} does not have the hash of its acts")]
    Hash(u64),
    /// A commit is missing.
    #[error("commit {0} is missing")]
    Missing(u64),
    /// An act is not canonical, or does not say where it stands.
    #[error("act {1} of {0} is not as it was written")]
    Act(String, u64),
    /// An act is missing in a stream.
    #[error("act {1} of {0} is missing")]
    Gap(String, u64),
    /// The database's own order is broken: what is read by one way is not what is read by another.
    #[error("the database is damaged: {0}")]
    File(String),
    /// A personal value was not forgotten, and is not what its commitment says.
    #[error("a personal value of {0} cannot be opened")]
    Personal(String),
}

/// A commit as it is read.
struct Commit {
    position: u64,
    at: i64,
    hash: Hash,
    acts: Vec<Placed>,
}

/// An act, and where the database has it.
struct Placed {
    bytes: String,
    stream: String,
    sequence: u64,
}

impl Commit {
    /// Takes the acts before the first that is seen of each stream for there: nothing is known of them.
    fn begins(&self, sequences: &mut HashMap<String, u64>) {
        for act in &self.acts {
            sequences.entry(act.stream.clone()).or_insert(act.sequence.saturating_sub(1));
        }
    }
}

impl Placed {
    /// The act, if it is canonical and says itself that it stands there.
    fn read(&self) -> Option<Recorded> {
        let recorded = Recorded::read(&self.bytes).ok()?;
        let is_there = recorded.stream == self.stream && recorded.sequence == self.sequence;
        (is_there && recorded.bytes().is_ok_and(|same| same == self.bytes)).then_some(recorded)
    }
}

/// Acts and keys that are gone over.
pub(crate) struct Verifying<'a> {
    pub(crate) database: &'a Connection,
    pub(crate) keys: &'a mut Keys,
}

impl Book {
    /// Goes over all commits and personal values.
    pub(crate) fn verify(&mut self) -> Result<Verified, JournalError> {
        Verifying { database: &self.database, keys: &mut self.keys }.all()
    }
}

impl Verifying<'_> {
    /// Goes over all commits and personal values.
    pub(crate) fn all(&mut self) -> Result<Verified, JournalError> {
        let mut verified = Verified { last: BEGINNING, ..Verified::default() };
        let mut sequences: HashMap<String, u64> = HashMap::new();
        let mut forgotten: HashMap<Subject, u64> = HashMap::new();
        let mut from = 0;
        loop {
            let commits = self.commits(from)?;
            let Some(last) = commits.last() else { break };
            from = last.position;
            for commit in commits {
                verified.commit(&commit, &mut sequences);
                for recorded in commit.acts.iter().filter_map(Placed::read) {
                    let Some((subject, classes, _)) = crate::subject::forgotten(&recorded) else { continue };
                    forgotten.extend(
                        classes
                            .into_iter()
                            .map(|class| (Subject { subject: subject.to_owned(), class }, commit.position)),
                    );
                }
            }
        }
        verified.faults.extend(self.lost_commits()?);
        verified.faults.dedup();
        self.verify_personal(&forgotten, &mut verified)?;
        verified.faults.extend(self.damage()?);
        Ok(verified)
    }

    /// Goes over so many of the last commits, and takes the one before them for what it says.
    pub(crate) fn newest(&mut self, number: u64) -> Result<Verified, JournalError> {
        let (last, _) = crate::writer::head(self.database)?;
        let mut verified = Verified { last: BEGINNING, ..Verified::default() };
        let before = last.saturating_sub(number);
        if before > 0 {
            let hash = "SELECT hash FROM commits WHERE position = $1";
            let hash = self.database.query_row(hash, [crate::stream::whole(before)], |row| row.get(0));
            match hash {
                Ok(hash) => (verified.commits, verified.last) = (before, hash),
                Err(rusqlite::Error::QueryReturnedNoRows) => verified.faults.push(Fault::Missing(before)),
                Err(source) => return Err(JournalError::Database { doing: "read", source }),
            }
        }
        let (mut from, mut sequences) = (before, HashMap::new());
        loop {
            let commits = self.commits(from)?;
            let Some(last) = commits.last() else { break };
            from = last.position;
            for commit in commits {
                commit.begins(&mut sequences);
                verified.commit(&commit, &mut sequences);
            }
        }
        Ok(verified)
    }

    /// Commits of which there are acts alone, as behind the last one.
    fn lost_commits(&self) -> Result<Vec<Fault>, JournalError> {
        let lost = "SELECT DISTINCT acts.position FROM acts LEFT JOIN commits \
                    ON commits.position = acts.position WHERE commits.position IS NULL \
                    ORDER BY acts.position LIMIT 1000";
        let mut lost = self.database.prepare_cached(lost).map_err(JournalError::of("read"))?;
        let lost =
            lost.query_map([], |row| row.get::<_, i64>(0).map(|lost| Fault::Missing(lost.unsigned_abs())));
        lost.and_then(Iterator::collect).map_err(JournalError::of("read"))
    }

    /// What the database finds when it looks at itself.
    fn damage(&self) -> Result<Option<Fault>, JournalError> {
        let found = self.database.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
        let found = found.map_err(JournalError::of("read"))?;
        Ok(Some(found).filter(|found| found != "ok").map(Fault::File))
    }

    /// Some commits after a position.
    fn commits(&self, after: u64) -> Result<Vec<Commit>, JournalError> {
        let some = "SELECT commits.position, at, hash, stream, sequence, bytes FROM \
                    (SELECT position, at, hash FROM commits WHERE position > $1 ORDER BY position LIMIT 1000) \
                    AS commits LEFT JOIN acts ON acts.position = commits.position \
                    ORDER BY commits.position, number";
        let mut some = self.database.prepare_cached(some).map_err(JournalError::of("read"))?;
        let mut rows = some.query([crate::stream::whole(after)]).map_err(JournalError::of("read"))?;
        let mut commits: Vec<Commit> = Vec::new();
        while let Some(row) = rows.next().map_err(JournalError::of("read"))? {
            let commit = || -> Result<Commit, rusqlite::Error> {
                let (position, at, hash) = (row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?, row.get(2)?);
                let stream: Option<String> = row.get(3)?;
                let acts = stream.map(|stream| -> Result<Placed, rusqlite::Error> {
                    Ok(Placed { stream, sequence: row.get::<_, i64>(4)?.unsigned_abs(), bytes: row.get(5)? })
                });
                Ok(Commit { position, at, hash, acts: acts.transpose()?.into_iter().collect() })
            };
            let commit = commit().map_err(JournalError::of("read"))?;
            match commits.last_mut().filter(|last| last.position == commit.position) {
                Some(last) => last.acts.extend(commit.acts),
                None => commits.push(commit),
            }
        }
        Ok(commits)
    }

    fn verify_personal(
        &mut self,
        forgotten: &HashMap<Subject, u64>,
        verified: &mut Verified,
    ) -> Result<(), JournalError> {
        let all: Vec<(String, Subject, u64, Vec<u8>)> = {
            let all = "SELECT commitment, subject, class, position, sealed FROM personal ORDER BY commitment";
            let mut all = self.database.prepare_cached(all).map_err(JournalError::of("read"))?;
            let row = |row: &rusqlite::Row<'_>| {
                let subject = Subject { subject: row.get(1)?, class: row.get(2)? };
                Ok((row.get(0)?, subject, row.get::<_, i64>(3)?.unsigned_abs(), row.get(4)?))
            };
            let all = all.query_map([], row).and_then(Iterator::collect);
            all.map_err(JournalError::of("read"))?
        };
        for (commitment, subject, position, sealed) in all {
            let key = self.keys.key(&subject)?;
            let opened = Commitment::try_from(commitment).ok().zip(key);
            let opened = opened.and_then(|(commitment, key)| unseal(&commitment, &sealed, &key));
            match opened {
                Some(_) => verified.personal += 1,
                None if forgotten.get(&subject).is_some_and(|at| *at > position) => verified.forgotten += 1,
                None => verified.faults.push(Fault::Personal(subject.subject)),
            }
        }
        Ok(())
    }
}

impl Verified {
    fn commit(&mut self, commit: &Commit, sequences: &mut HashMap<String, u64>) {
        let Commit { position, at, hash, acts } = commit;
        // The first of them: as many as somebody likes may be claimed to be missing.
        if self.commits + 1 < *position {
            self.faults.push(Fault::Missing(self.commits + 1));
        }
        if chained(&self.last, *position, acts.iter().map(|act| act.bytes.as_str())) != *hash {
            self.faults.push(Fault::Hash(*position));
        }
        (self.commits, self.last) = (*position, *hash);
        for act in acts {
            self.acts += 1;
            let Some(recorded) = act.read().filter(|recorded| recorded.at.nanoseconds() == *at) else {
                self.faults.push(Fault::Act(format!("commit {position}"), self.acts));
                continue;
            };
            let before = sequences.entry(recorded.stream.clone()).or_default();
            if recorded.sequence != *before + 1 {
                self.faults.push(Fault::Gap(recorded.stream, *before + 1));
            }
            *before = recorded.sequence;
        }
    }
}
