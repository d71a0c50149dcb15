//! Whether the acts are whole: chained, without a gap, canonical, and their personal values what they commit to.

use std::collections::HashMap;

use crate::act::{BEGINNING, Hash, Recorded, chained};
use crate::error::JournalError;
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
    /// A personal value was not forgotten, and is not what its commitment says.
    #[error("a personal value of {0} cannot be opened")]
    Personal(String),
}

/// A commit as it is read.
struct Commit {
    position: u64,
    hash: Hash,
    acts: Vec<String>,
}

impl Book {
    /// Goes over all commits and personal values.
    pub(crate) fn verify(&mut self) -> Result<Verified, JournalError> {
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
                for recorded in commit.acts.iter().filter_map(|bytes| Recorded::read(bytes).ok()) {
                    let Some((subject, classes)) = crate::subject::forgotten(&recorded) else { continue };
                    forgotten.extend(
                        classes
                            .into_iter()
                            .map(|class| (Subject { subject: subject.to_owned(), class }, commit.position)),
                    );
                }
            }
        }
        self.verify_personal(&forgotten, &mut verified)?;
        Ok(verified)
    }

    /// Some commits after a position.
    fn commits(&self, after: u64) -> Result<Vec<Commit>, JournalError> {
        let some = "SELECT commits.position, hash, bytes FROM \
                    (SELECT position, hash FROM commits WHERE position > $1 ORDER BY position LIMIT 1000) \
                    AS commits LEFT JOIN acts ON acts.position = commits.position \
                    ORDER BY commits.position, number";
        let mut some = self.database.prepare_cached(some).map_err(JournalError::of("read"))?;
        let mut rows = some.query([crate::stream::whole(after)]).map_err(JournalError::of("read"))?;
        let mut commits: Vec<Commit> = Vec::new();
        while let Some(row) = rows.next().map_err(JournalError::of("read"))? {
            let read = || -> Result<_, rusqlite::Error> {
                Ok((
                    row.get::<_, i64>(0)?.unsigned_abs(),
                    row.get::<_, Hash>(1)?,
                    row.get::<_, Option<String>>(2)?,
                ))
            };
            let (position, hash, bytes) = read().map_err(JournalError::of("read"))?;
            match commits.last_mut().filter(|last| last.position == position) {
                Some(last) => last.acts.extend(bytes),
                None => commits.push(Commit { position, hash, acts: bytes.into_iter().collect() }),
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
        let Commit { position, hash, acts } = commit;
        for missing in self.commits + 1..*position {
            self.faults.push(Fault::Missing(missing));
        }
        if chained(&self.last, *position, acts.iter().map(String::as_str)) != *hash {
            self.faults.push(Fault::Hash(*position));
        }
        (self.commits, self.last) = (*position, *hash);
        for bytes in acts {
            self.acts += 1;
            let recorded = Recorded::read(bytes).ok();
            let Some(recorded) =
                recorded.filter(|recorded| recorded.bytes().is_ok_and(|same| same == *bytes))
            else {
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
