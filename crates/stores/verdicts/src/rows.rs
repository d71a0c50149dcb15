//! The tables that verdicts are added to, in whatever process they are written.

use std::sync::Arc;

use arrow_array::RecordBatch;
use lake::{Delivery, Lake, Shard, TableName};
use observations::{ObservationsError, Orders, pack_rows};

/// Tables of a lake that rows are added to.
pub trait Rows {
    /// The lake.
    fn lake(&self) -> &Arc<Lake>;

    /// The number of the last delivery of a shard that a table has.
    ///
    /// # Errors
    /// When the table cannot be read.
    fn last(&mut self, table: &TableName, shard: &Shard) -> Result<Option<u64>, ObservationsError>;

    /// Adds rows; they are there when this returns. A delivery that the table has is passed over.
    ///
    /// # Errors
    /// When the lake refuses; then the same delivery is to be tried again.
    fn add_rows(
        &mut self,
        table: &TableName,
        rows: Vec<RecordBatch>,
        from: Delivery,
    ) -> Result<(), ObservationsError>;
}

/// Another process that holds the home, and is asked.
pub trait Elsewhere {
    /// As [`Rows::last`].
    ///
    /// # Errors
    /// Why there is no answer.
    fn last(&mut self, table: &TableName, shard: &Shard) -> Result<Option<u64>, String>;

    /// As [`Rows::add_rows`], the rows as [`observations::pack_rows`] gives them.
    ///
    /// # Errors
    /// Why they were not added.
    fn add(&mut self, table: &TableName, rows: &[u8], from: &Delivery) -> Result<(), String>;
}

/// Tables that another process adds to.
#[derive(Debug)]
pub struct Through<E> {
    /// The lake, to be read.
    pub lake: Arc<Lake>,
    /// Who adds.
    pub elsewhere: E,
}

impl<E: Elsewhere> Rows for Through<E> {
    fn lake(&self) -> &Arc<Lake> {
        &self.lake
    }

    fn last(&mut self, table: &TableName, shard: &Shard) -> Result<Option<u64>, ObservationsError> {
        self.elsewhere.last(table, shard).map_err(ObservationsError::Elsewhere)
    }

    fn add_rows(
        &mut self,
        table: &TableName,
        rows: Vec<RecordBatch>,
        from: Delivery,
    ) -> Result<(), ObservationsError> {
        let bytes = pack_rows(&rows)?;
        self.elsewhere.add(table, &bytes, &from).map_err(ObservationsError::Elsewhere)
    }
}

impl Rows for Orders {
    fn lake(&self) -> &Arc<Lake> {
        Self::lake(self)
    }

    fn last(&mut self, table: &TableName, shard: &Shard) -> Result<Option<u64>, ObservationsError> {
        Self::last(self, table, shard)
    }

    fn add_rows(
        &mut self,
        table: &TableName,
        rows: Vec<RecordBatch>,
        from: Delivery,
    ) -> Result<(), ObservationsError> {
        Self::add_rows(self, table, rows, from).map(drop)
    }
}
