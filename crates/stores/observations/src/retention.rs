//! What is kept no longer. Rows go, and the batches that they were of stay known: a source that is read again
//! does not bring them back, nor does a reader that would read a batch better.

use std::time::Duration;

use lake::{Expired, Looking, Retention, TableName, Vacuumed};
use model::time::Instant;
use spool::Disk;

use crate::error::ObservationsError;
use crate::observations::Observations;

impl<D: Disk + Clone> Observations<D> {
    /// Removes rows of a table that are kept no longer ([`lake::Writer::expire`]); what waits is added before.
    /// The batches stay known, so that a source that is read again does not bring them back. Their files stay
    /// for those who read them, until [`vacuum`](Self::vacuum), or [`tidy`](Self::tidy) where rows were added to
    /// the table as well.
    ///
    /// # Errors
    /// When the view is not of now, the lake refuses, or what was kept before could not be added. Some of the
    /// rows may be gone; whoever does it again goes on.
    pub fn expire(
        &mut self,
        who: Looking<'_>,
        table: &TableName,
        retention: &Retention,
    ) -> Result<Expired, ObservationsError> {
        // Whether anybody may ask is known before anything goes.
        self.lake.expired(who, table)?;
        let expired = self.committer.order(|orders| orders.expire(table, retention));
        self.free()?;
        self.expired(who, table)?;
        expired
    }

    /// Notes of which batches rows of a table are kept no longer, for who removed some through
    /// [`Orders`](crate::Orders).
    ///
    /// # Errors
    /// When the table cannot be read.
    pub fn expired(&mut self, who: Looking<'_>, table: &TableName) -> Result<(), ObservationsError> {
        self.index.expire(self.lake.expired(who, table)?.into_keys());
        Ok(())
    }

    /// Removes files of a table that no version has named for some time, at least an hour and at most a day, and
    /// says how many are still waiting for their time: none, once the bytes of what went are gone.
    ///
    /// # Errors
    /// When the lake refuses.
    pub fn vacuum(
        &mut self,
        table: &TableName,
        now: Instant,
        keep: Duration,
    ) -> Result<Vacuumed, ObservationsError> {
        self.committer.order(|orders| orders.vacuum(table, now, keep))
    }
}
