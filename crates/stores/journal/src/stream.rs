//! The state of a stream: a fold over its acts, begun at the latest snapshot.

use rusqlite::{Connection, params};

use crate::act::Recorded;
use crate::error::JournalError;
use crate::registry::{AnyKind, AnyState};

/// Acts, or bytes of them, after which a snapshot is worth it, if they are also as many bytes as the one before.
const WORTH: (u64, u64) = (256, 64 * 1024);

/// A stream as it is.
pub(crate) struct Held {
    pub(crate) state: AnyState,
    /// Number of its last act, 0 without any.
    pub(crate) sequence: u64,
    since: Since,
}

/// What came since the last snapshot.
#[derive(Debug, Clone, Copy, Default)]
struct Since {
    acts: u64,
    bytes: u64,
    /// Bytes of that snapshot.
    snapshot: u64,
}

impl Held {
    pub(crate) fn empty(kind: &dyn AnyKind) -> Self {
        Self { state: kind.empty(), sequence: 0, since: Since::default() }
    }

    /// Folds the acts of a stream.
    pub(crate) fn load(
        database: &Connection,
        kind: &dyn AnyKind,
        stream: &str,
    ) -> Result<Self, JournalError> {
        let mut held = Self::empty(kind);
        // A snapshot that cannot be read is as none: the acts say the same.
        if let Some((sequence, text)) = snapshot(database, kind, stream)?
            && let Some(state) = kind.thaw(&text)
        {
            let since = Since { snapshot: text.len() as u64, ..Since::default() };
            held = Self { state, sequence, since };
        }
        let after = "SELECT bytes FROM acts WHERE stream = $1 AND sequence > $2 ORDER BY sequence";
        let read = JournalError::of("read");
        let mut after = database.prepare_cached(after).map_err(JournalError::of("read"))?;
        let mut rows = after.query(params![stream, whole(held.sequence)]).map_err(read)?;
        while let Some(row) = rows.next().map_err(JournalError::of("read"))? {
            let bytes = row.get_ref(0).and_then(|value| Ok(value.as_str()?));
            let bytes = bytes.map_err(JournalError::of("read"))?;
            let recorded = Recorded::read(bytes)?;
            if recorded.sequence != held.sequence + 1 || recorded.stream != stream {
                let what = format!("{stream} has act {} after {}", recorded.sequence, held.sequence);
                return Err(JournalError::Damaged { what });
            }
            kind.fold(&mut held.state, &recorded)?;
            held.count(bytes.len());
        }
        Ok(held)
    }

    /// Counts an act that was folded.
    pub(crate) fn count(&mut self, bytes: usize) {
        self.sequence += 1;
        self.since.acts += 1;
        self.since.bytes += bytes as u64;
    }

    /// Keeps a snapshot if it is time: the work of all of them stays in proportion to the acts.
    pub(crate) fn keep_snapshot(
        &mut self,
        database: &Connection,
        kind: &dyn AnyKind,
        stream: &str,
    ) -> Result<(), JournalError> {
        let Since { acts, bytes, snapshot } = self.since;
        if (acts < WORTH.0 && bytes < WORTH.1) || bytes < snapshot {
            return Ok(());
        }
        let state = kind.freeze(&self.state)?;
        let keep = "INSERT INTO snapshots (stream, sequence, fold, state) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence, fold = excluded.fold, \
                    state = excluded.state";
        let values = params![stream, whole(self.sequence), kind.fold_version(), state];
        let kept = database.prepare_cached(keep).and_then(|mut keep| keep.execute(values));
        kept.map_err(JournalError::of("written"))?;
        self.since = Since { snapshot: state.len() as u64, ..Since::default() };
        Ok(())
    }
}

/// The latest snapshot of a stream that this program can read, and after which of its acts it was taken.
pub(crate) fn snapshot(
    database: &Connection,
    kind: &dyn AnyKind,
    stream: &str,
) -> Result<Option<(u64, String)>, JournalError> {
    let of = "SELECT sequence, state FROM snapshots WHERE stream = $1 AND fold = $2";
    let read = || {
        let mut of = database.prepare_cached(of)?;
        let mut rows = of.query_map(params![stream, kind.fold_version()], |row| {
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
        })?;
        rows.next().transpose()
    };
    read().map_err(JournalError::of("read"))
}

/// A count as the database holds it; none comes near the end of it.
pub(crate) fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
