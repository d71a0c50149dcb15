//! What the rows of a group are: their kinds, their shapes, their batches, and whether they are seen.

use std::collections::HashSet;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType, UInt32Type};
use arrow_array::{
    Array, DictionaryArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt32Array,
};
use model::event::Kind;
use model::time::Instant;
use model::view::{Sight, View};

use crate::name::Compartment;
use crate::rows::RowsError;
use crate::rows::names::{BATCH, CONFIDENTIALITY, EVENT_ID, LOG, OWNER, PAP, PRODUCT, SHAPE, TIME, TLP};
use crate::view::label_of;

/// Columns that tell what rows are.
pub(super) const HEAD: [&str; 6] = [PRODUCT, LOG, EVENT_ID, SHAPE, BATCH, TIME];
/// Columns that tell who may see them.
pub(super) const LABELS: [&str; 4] = [OWNER, TLP, CONFIDENTIALITY, PAP];

/// What the rows of a group are.
pub(super) struct Head {
    product: Texts,
    log: Texts,
    event_id: Option<Int64Array>,
    pub(super) shape: Texts,
    batch: Texts,
    time: Option<TimestampMicrosecondArray>,
    rows: usize,
}

/// Texts by their numbers.
pub(super) struct Texts {
    pub(super) keys: UInt32Array,
    pub(super) values: StringArray,
}

/// Rows of one kind, in order.
pub(super) struct OfKind {
    pub(super) kind: Kind,
    pub(super) rows: Vec<u32>,
}

/// A kind by the numbers of product and log, and its event id.
type Key = (u32, u32, Option<i64>);

impl Head {
    pub(super) fn of(rows: &RecordBatch) -> Result<Self, RowsError> {
        let number = |name| rows.column_by_name(name).and_then(|ids| ids.as_primitive_opt::<Int64Type>());
        let time = rows.column_by_name(TIME);
        let time = time.and_then(|time| time.as_primitive_opt::<TimestampMicrosecondType>());
        Ok(Self {
            product: Texts::whole(rows, PRODUCT)?,
            log: Texts::whole(rows, LOG)?,
            event_id: number(EVENT_ID).cloned(),
            shape: Texts::whole(rows, SHAPE)?,
            batch: Texts::whole(rows, BATCH)?,
            time: time.cloned(),
            rows: rows.num_rows(),
        })
    }

    /// The rows that are seen, by kind, in the order in which these come.
    pub(super) fn kinds(&self, is_seen: &dyn Fn(u32) -> bool) -> Vec<OfKind> {
        let mut kinds: Vec<OfKind> = Vec::new();
        let mut last: Option<(usize, Key)> = None;
        for row in 0..u32::try_from(self.rows).unwrap_or(u32::MAX) {
            if !is_seen(row) {
                continue;
            }
            let key = self.key(row as usize);
            let place = match last {
                // They lie by kind.
                Some((place, known)) if known == key => place,
                _ => {
                    let kind = self.kind(key);
                    kinds.iter().position(|known| known.kind == kind).unwrap_or_else(|| {
                        kinds.push(OfKind { kind, rows: Vec::new() });
                        kinds.len() - 1
                    })
                }
            };
            last = Some((place, key));
            kinds[place].rows.push(row);
        }
        kinds
    }

    fn key(&self, row: usize) -> Key {
        let id = self.event_id.as_ref().filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row));
        (self.product.keys.value(row), self.log.keys.value(row), id)
    }

    fn kind(&self, (product, log, id): Key) -> Kind {
        let id = id.and_then(|id| u32::try_from(id).ok());
        Kind::new(self.product.values.value(product as usize), self.log.values.value(log as usize), id)
    }

    /// Widens a span of time by those of some rows.
    pub(super) fn widen(&self, rows: &[u32], span: &mut Option<(Instant, Instant)>) {
        let Some(times) = &self.time else { return };
        let (mut least, mut greatest) = (i64::MAX, i64::MIN);
        for &row in rows.iter().filter(|row| times.is_valid(**row as usize)) {
            let time = times.value(row as usize);
            (least, greatest) = (least.min(time), greatest.max(time));
        }
        if least <= greatest {
            let instant = |micros: i64| Instant::from_nanoseconds(micros.saturating_mul(1_000));
            let (first, last) = (instant(least), instant(greatest));
            *span = Some(span.map_or((first, last), |(from, to)| (from.min(first), to.max(last))));
        }
    }

    /// Which batches are not superseded, by their numbers.
    pub(super) fn batches(&self, superseded: &HashSet<String>) -> Option<Vec<bool>> {
        let stays = |batch: Option<&str>| batch.is_none_or(|batch| !superseded.contains(batch));
        (!superseded.is_empty()).then(|| self.batch.values.iter().map(stays).collect())
    }

    pub(super) fn batch(&self, row: u32) -> u32 {
        self.batch.keys.value(row as usize)
    }
}

impl Texts {
    /// A column of texts with one in each row.
    fn whole(rows: &RecordBatch, name: &str) -> Result<Self, RowsError> {
        let found = Self::of(rows, name)?.filter(|texts| texts.keys.null_count() == 0);
        found.ok_or_else(|| RowsError::Column(name.to_owned()))
    }

    /// A column of texts, if it is there.
    pub(super) fn of(rows: &RecordBatch, name: &str) -> Result<Option<Self>, RowsError> {
        let Some(array) = rows.column_by_name(name) else { return Ok(None) };
        let wrong = || RowsError::Column(name.to_owned());
        let texts: &DictionaryArray<UInt32Type> = array.as_dictionary_opt().ok_or_else(wrong)?;
        let values = texts.values().as_string_opt::<i32>().ok_or_else(wrong)?;
        if values.null_count() > 0 {
            return Err(wrong());
        }
        Ok(Some(Self { keys: texts.keys().clone(), values: values.clone() }))
    }

    /// The text of a row.
    pub(super) fn text(&self, row: usize) -> Option<&str> {
        self.keys.is_valid(row).then(|| self.values.value(self.keys.value(row) as usize))
    }
}

/// Which rows a view shows, where it does not show all.
pub(super) fn shown(
    rows: &RecordBatch,
    compartment: &Compartment,
    view: &View,
) -> Result<Option<Vec<bool>>, RowsError> {
    if *view.sight() == Sight::Everything {
        return Ok(None);
    }
    let columns = LABELS.map(|name| Texts::of(rows, name));
    let [owner, tlp, confidentiality, pap] = columns;
    let (owner, tlp, confidentiality, pap) = (owner?, tlp?, confidentiality?, pap?);
    let mut known: Option<([Option<u32>; 4], bool)> = None;
    let number = |texts: &Option<Texts>, row: usize| {
        texts.as_ref().filter(|texts| texts.keys.is_valid(row)).map(|texts| texts.keys.value(row))
    };
    let shown = (0..rows.num_rows()).map(|row| {
        let key = [&owner, &tlp, &confidentiality, &pap].map(|texts| number(texts, row));
        if let Some((_, is_shown)) = known.filter(|(last, _)| *last == key) {
            return is_shown;
        }
        let said = [&owner, &tlp, &confidentiality, &pap].map(|texts| texts.as_ref()?.text(row));
        let label = label_of(compartment.as_str(), said);
        let is_shown = label.is_some_and(|label| view.shows(&label));
        known = Some((key, is_shown));
        is_shown
    });
    Ok(Some(shown.collect()))
}
