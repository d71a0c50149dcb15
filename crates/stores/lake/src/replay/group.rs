//! One group of rows of a file.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader, UInt32Array};
use arrow_schema::{DataType, Field, Schema};
use deltalake::arrow::compute::{concat_batches, take_record_batch};
use deltalake::parquet::arrow::ProjectionMask;
use deltalake::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use model::view::View;
use sources::Sheet;

use super::fill::{Filling, Origins, one_by_one};
use super::head::{HEAD, Head, LABELS, OfKind, shown};
use super::plan::{Plan, Planning};
use super::{Part, Reader, ReplayError, Replayed, Wanted, Wants};
use crate::name::TableName;
use crate::rows::names::{
    AUDIT_SERIAL, BATCH, EVENT_ID, LINE, LOG, ORDINAL, PRODUCT, RECORD_ID, ROW, SHAPE, SOURCE_PATH, TIME,
    TIME_REST,
};

/// Columns that say where an event stands.
const PLACES: [&str; 9] = [BATCH, ROW, TIME, TIME_REST, SOURCE_PATH, ORDINAL, LINE, RECORD_ID, AUDIT_SERIAL];
/// Columns that events are put together by, one by one, besides.
const PARTS: [&str; 4] = [PRODUCT, LOG, EVENT_ID, SHAPE];

/// A file that has been opened.
pub(super) struct Opened<'a> {
    file: File,
    metadata: ArrowReaderMetadata,
    table: &'a TableName,
    view: &'a View,
    superseded: &'a HashSet<String>,
}

impl<'a> Opened<'a> {
    pub(super) fn new(
        file: File,
        part: &'a Part,
        view: &'a View,
        superseded: &'a HashSet<String>,
    ) -> Result<Self, ReplayError> {
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
        let fields = metadata.schema().fields().iter().map(|field| as_numbered(field));
        let numbered = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let options = ArrowReaderOptions::new().with_schema(numbered);
        let metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options)?;
        Ok(Self { file, metadata, table: &part.table, view, superseded })
    }

    pub(super) fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    fn has(&self, name: &str) -> bool {
        self.metadata.schema().index_of(name).is_ok()
    }
}

/// Texts are read as what they mostly are in the file: numbers of distinct ones.
fn as_numbered(field: &Field) -> Field {
    match field.data_type() {
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => {
            let numbered = DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8));
            field.clone().with_data_type(numbered)
        }
        _ => field.clone(),
    }
}

/// A group of rows of a file.
pub(super) struct Group<'a> {
    pub(super) file: &'a Opened<'a>,
    pub(super) number: usize,
}

/// Rows of a kind of which something is wanted.
struct Work {
    of: OfKind,
    wanted: Wanted,
    plan: Plan,
}

/// Rows that were read of a group.
struct Read<'a> {
    rows: &'a RecordBatch,
    origins: &'a Origins,
    /// Their numbers in the group, in order.
    chosen: &'a [u32],
    head: &'a Head,
}

impl Read<'_> {
    /// Where some rows of the group stand among those that were read.
    fn places(&self, rows: &[u32]) -> Vec<u32> {
        if rows.len() == self.chosen.len() {
            return (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
        }
        let place = |row: &u32| self.chosen.binary_search(row).ok().and_then(|at| u32::try_from(at).ok());
        rows.iter().filter_map(place).collect()
    }
}

impl Group<'_> {
    pub(super) fn read(
        &self,
        wants: &Wants<'_>,
        reader: &mut Reader,
        receive: &mut dyn FnMut(Sheet),
        replayed: &mut Replayed,
    ) -> Result<(), ReplayError> {
        let columns = HEAD.iter().chain(&LABELS).copied();
        let rows = self.columns(&columns.collect(), None)?;
        let head = Head::of(&rows)?;
        let shown = shown(&rows, self.file.table.compartment(), self.file.view)?;
        let batches = head.batches(self.file.superseded);
        let is_seen = |row: u32| {
            shown.as_ref().is_none_or(|shown| shown[row as usize])
                && batches.as_ref().is_none_or(|stays| stays[head.batch(row) as usize])
        };
        let mut work = Vec::new();
        for of in head.kinds(&is_seen) {
            replayed.events += of.rows.len() as u64;
            head.widen(&of.rows, &mut replayed.span);
            match wants(&of.kind) {
                Wanted::Nothing => replayed.passed += of.rows.len() as u64,
                wanted => work.push(self.plan(of, wanted, &head, reader)?),
            }
        }
        self.work(work, &head, reader, receive)
    }

    fn plan(
        &self,
        of: OfKind,
        wanted: Wanted,
        head: &Head,
        reader: &mut Reader,
    ) -> Result<Work, ReplayError> {
        let planning =
            Planning { kind: &of.kind, wanted: &wanted, catalogue: &reader.catalogue, view: self.file.view };
        let mut used: Vec<u32> = of.rows.iter().map(|row| head.shape.keys.value(*row as usize)).collect();
        used.dedup();
        used.sort_unstable();
        used.dedup();
        let texts = used.into_iter().map(|id| (id, head.shape.values.value(id as usize)));
        let plan = planning.plan(texts, &mut reader.shapes)?;
        Ok(Work { of, wanted, plan })
    }

    /// Reads what is wanted, and makes sheets of it.
    fn work(
        &self,
        work: Vec<Work>,
        head: &Head,
        reader: &mut Reader,
        receive: &mut dyn FnMut(Sheet),
    ) -> Result<(), ReplayError> {
        if work.is_empty() {
            return Ok(());
        }
        let mut columns: BTreeSet<&str> = PLACES.into_iter().collect();
        columns.extend(work.iter().flat_map(|work| &work.plan.columns).map(String::as_str));
        if work.iter().any(|work| work.plan.simple.values().any(Option::is_none)) {
            columns.extend(PARTS);
        }
        let mut chosen: Vec<u32> = work.iter().flat_map(|work| &work.of.rows).copied().collect();
        chosen.sort_unstable();
        let rows = self.columns(&columns, Some(&chosen))?;
        let origins = Origins::of(&rows, self.file.table)?;
        let read = Read { rows: &rows, origins: &origins, chosen: &chosen, head };
        work.iter().try_for_each(|work| self.kind(work, &read, reader, receive))
    }

    /// Makes sheets of the rows of a kind.
    fn kind(
        &self,
        work: &Work,
        read: &Read<'_>,
        reader: &mut Reader,
        receive: &mut dyn FnMut(Sheet),
    ) -> Result<(), ReplayError> {
        let Work { of: OfKind { kind, rows: of_kind }, wanted, plan } = work;
        let places = read.places(of_kind);
        let shape = |row: &u32| read.head.shape.keys.value(*row as usize);
        let is_simple = |row: &u32| plan.simple.get(&shape(row)).is_some_and(Option::is_some);
        let (simple, others): (Vec<_>, Vec<_>) =
            of_kind.iter().zip(&places).partition(|(row, _)| is_simple(row));
        if !simple.is_empty() {
            let simple: Vec<(u32, u32)> =
                simple.into_iter().map(|(row, place)| (*place, shape(row))).collect();
            let filling = Filling { rows: read.rows, origins: read.origins, plan, kind };
            receive(filling.sheet(&simple, &mut reader.builder)?);
        }
        if !others.is_empty() {
            let places: Vec<u32> = others.into_iter().map(|(_, place)| *place).collect();
            let planning = Planning { kind, wanted, catalogue: &reader.catalogue, view: self.file.view };
            one_by_one(read.rows, &places, &planning, read.origins, receive, reader)?;
        }
        Ok(())
    }

    /// Some columns of the group, of all rows or of those that are chosen, in order.
    fn columns(&self, names: &BTreeSet<&str>, chosen: Option<&[u32]>) -> Result<RecordBatch, ReplayError> {
        let Opened { file, metadata, .. } = self.file;
        let places = names.iter().filter(|name| self.file.has(name));
        let places = places.filter_map(|name| metadata.schema().index_of(name).ok());
        let mask = ProjectionMask::roots(metadata.parquet_schema(), places);
        let all = metadata.metadata().row_group(self.number).num_rows();
        let all = usize::try_from(all).unwrap_or(0);
        let mut builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone())
                .with_row_groups(vec![self.number])
                .with_projection(mask)
                .with_batch_size(all);
        let chosen = chosen.filter(|chosen| chosen.len() < all);
        // To jump costs more than to read on.
        let is_scattered = chosen.is_some_and(|chosen| runs(chosen).count() > 1 + all / RUN);
        if let Some(chosen) = chosen.filter(|_| !is_scattered) {
            builder = builder.with_row_selection(selection(chosen, all));
        }
        let reader = builder.build()?;
        let schema = reader.schema();
        let parts: Vec<RecordBatch> = reader.collect::<Result<_, _>>()?;
        let rows = match parts.as_slice() {
            [one] => one.clone(),
            parts => concat_batches(&schema, parts)?,
        };
        match chosen.filter(|_| is_scattered) {
            Some(chosen) => Ok(take_record_batch(&rows, &UInt32Array::from(chosen.to_vec()))?),
            None => Ok(rows),
        }
    }
}

/// Rows for each jump, at least on the average.
const RUN: usize = 1_024;

/// Rows that follow each other.
fn runs(chosen: &[u32]) -> impl Iterator<Item = &[u32]> {
    chosen.chunk_by(|one, next| one + 1 == *next)
}

/// The rows that are read, and those that are passed over.
fn selection(chosen: &[u32], all: usize) -> RowSelection {
    let mut selectors = Vec::new();
    let mut at = 0;
    for run in runs(chosen) {
        let Some(first) = run.first() else { continue };
        let first = *first as usize;
        selectors.push(RowSelector::skip(first - at));
        selectors.push(RowSelector::select(run.len()));
        at = first + run.len();
    }
    selectors.push(RowSelector::skip(all - at));
    RowSelection::from(selectors)
}
