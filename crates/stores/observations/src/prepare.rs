//! A parsed batch as what the spool and the lake take.

use std::sync::Arc;

use lake::{BatchId, Entry, Owner, RowsError, Tables, flaws};
use model::marking::Marking;
use model::time::Instant;
use sources::{Contents, Known};

use crate::error::ObservationsError;
use crate::index::Index;
use crate::payload::Record;

/// Whose events a reading takes in, and how.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Whose they are, and where they go.
    pub owner: Owner,
    /// What may be done with them.
    pub marking: Marking,
    /// Version of the reader.
    pub reader: u32,
    /// The tables of the lake.
    pub tables: Arc<Tables>,
    /// What is kept already.
    pub(crate) index: Arc<Index>,
}

/// A batch that can be kept.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(crate) record: Record,
    /// The same as bytes, for the spool.
    pub(crate) payload: Vec<u8>,
}

impl Prepared {
    /// The batch that another process has prepared, by the bytes of its record.
    ///
    /// # Errors
    /// When they are none, or cannot be made rows.
    pub fn of_payload(payload: Vec<u8>) -> Result<Self, ObservationsError> {
        let record = Record::of_bytes(&payload)?;
        can_be_rows(&record)?;
        Ok(Self { record, payload })
    }

    /// The bytes of its record.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What is known of the batch.
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.record.entry
    }
}

impl Terms {
    /// Which batches of the owner are kept, for the cutting of sources.
    #[must_use]
    pub fn known(&self) -> Arc<Known> {
        self.index.known(&self.owner)
    }

    /// The path under which a batch was read first, if it is kept.
    #[must_use]
    pub fn first_path(&self, batch: BatchId) -> Option<Arc<str>> {
        self.index.source_path(batch)
    }

    /// Notes that a batch was kept, by whoever writes.
    pub fn kept(&self, entry: &Entry) {
        self.index.add(entry);
    }

    /// Makes a batch what the spool and the lake take. `now` is when it was received.
    ///
    /// # Errors
    /// When its sheets are none.
    pub fn prepare(&self, contents: Contents, now: Instant) -> Result<Prepared, ObservationsError> {
        let record = self.record(contents, now)?;
        can_be_rows(&record)?;
        let payload = record.to_bytes()?;
        Ok(Prepared { record, payload })
    }

    /// What the spool keeps of a batch.
    ///
    /// # Errors
    /// When Arrow refuses, which the construction rules out.
    pub fn record(&self, contents: Contents, now: Instant) -> Result<Record, ObservationsError> {
        let Identity { batch, mut replaces } = self.identity(&contents);
        replaces.extend(contents.replaces.iter().map(|stored| BatchId::from(stored.id)));
        let whole = |time: Instant| Instant::from_nanoseconds(time.nanoseconds().div_euclid(1_000) * 1_000);
        let entry = Entry {
            received: whole(now),
            batch,
            owner: self.owner.clone(),
            marking: self.marking,
            source_path: contents.source_path,
            format: contents.format.into(),
            first_event: contents.first_event,
            events: contents.events,
            flaws: contents.flaws.len() as u64,
            span: contents.span.map(|(earliest, latest)| (whole(earliest), whole(latest))),
            reader: self.reader,
            begins: contents.start,
            ends: contents.end,
            open: contents.open,
            replaces,
        };
        let flaws = flaws::rows(&entry, &contents.flaws)?;
        Ok(Record { entry, flaws, sheets: contents.sheets })
    }

    /// Who a batch is. One that is stored, and read again, is another for a newer reader alone, unless retention
    /// removed rows of it, which would come back; one that lost rows is another for every reader.
    fn identity(&self, contents: &Contents) -> Identity {
        let Some(stored) = &contents.stored else {
            let first = BatchId::of(&self.owner, &contents.end, contents.first_event);
            let mut batch = first;
            while let Some(reader) = self.given_again(batch) {
                batch = batch.again(reader);
            }
            let replaces = if batch == first { Vec::new() } else { self.readings(first) };
            return Identity { batch, replaces };
        };
        let first = BatchId::from(stored.id);
        let newest = self.index.again(first);
        let batch = newest.map_or(first, |reader| first.again(reader));
        let is_as_good =
            newest.or_else(|| self.index.reader(first)).is_some_and(|reader| reader >= self.reader);
        if is_as_good || self.index.is_expired(batch) {
            return Identity { batch, replaces: Vec::new() };
        }
        Identity { batch: first.again(self.reader), replaces: self.readings(first) }
    }

    /// The reader whose reading stands for a batch of which rows are missing.
    fn given_again(&self, batch: BatchId) -> Option<u32> {
        let newest = self.index.again(batch);
        let is_missing = !self.index.has(batch) && (newest.is_some() || self.index.is_lost(batch));
        is_missing.then(|| self.reader.max(newest.unwrap_or(0)))
    }

    /// A batch and all that were made of the same events later.
    fn readings(&self, first: BatchId) -> Vec<BatchId> {
        let mut found = vec![first];
        let mut at = 0;
        while let Some(batch) = found.get(at) {
            let again = (1..=self.reader).map(|reader| batch.again(reader));
            // One that was lost twice may be known by what came after it alone.
            let is_known = |batch: &BatchId| {
                self.index.has(*batch) || self.index.is_lost(*batch) || self.index.again(*batch).is_some()
            };
            let known: Vec<BatchId> = again.filter(is_known).collect();
            found.extend(known);
            at += 1;
        }
        found
    }
}

/// What is acknowledged can be made rows.
fn can_be_rows(record: &Record) -> Result<(), ObservationsError> {
    for sheet in &record.sheets {
        sheet.rows().map_err(|cause| RowsError::Sheet(cause.to_string()))?;
    }
    Ok(())
}

struct Identity {
    batch: BatchId,
    replaces: Vec<BatchId>,
}
