//! Kept rows read again, as verdicts and as what else they hold.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, MapArray, RecordBatch, StringArray};
use arrow_cast::cast;
use arrow_schema::DataType;
use detect::{EventReference, FieldValue, Meta, Story, Verdict};
use lake::{Answer, AskError, AskLimits, Asking, Compartment, Lake, LakeError, Looking, Question, RowsError};
use model::event::Place;
use model::evidence::{ContentId, Evidence};
use model::marking::Marking;
use model::time::Instant;
use sources::Scalar;

use crate::error::VerdictsError;
use crate::label::Label;
use crate::table::VERDICTS;

/// How long an answer may take that is worked on as it comes: nobody waits for it at a terminal.
const LONG: Duration = Duration::from_secs(86_400);

/// Kept rows of a compartment, as somebody sees them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept<'a> {
    pub(crate) lake: &'a Lake,
    pub(crate) who: Looking<'a>,
    pub(crate) compartment: &'a Compartment,
}

impl Kept<'_> {
    /// Asks for some rows of a table; `rest` stands behind its name, with values for `$1` and so on. A table
    /// that is not there has none.
    pub(crate) fn ask(
        &self,
        [what, table, rest]: [&str; 3],
        values: &[String],
        take: &mut dyn FnMut(&Columns) -> Result<(), VerdictsError>,
    ) -> Result<(), VerdictsError> {
        let sql = format!("SELECT {what} FROM \"{}\".{table} {rest}", self.compartment);
        let question = Question { sql, values: values.to_vec() };
        let stop = AtomicBool::new(false);
        let limits = AskLimits { time: LONG, ..AskLimits::default() };
        let asking = Asking { who: self.who, question: &question, limits, stop: &stop };
        let mut failed = None;
        let asked = self.lake.ask(&asking, &mut |part| {
            let Answer::Rows(rows) = part else { return ControlFlow::Continue(()) };
            match take(&Columns(rows)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        match (asked, failed) {
            (Err(AskError::Lake(LakeError::NoTable(_))), _) => Ok(()),
            (Err(error), _) => Err(error.into()),
            (Ok(()), Some(error)) => Err(error),
            (Ok(()), None) => Ok(()),
        }
    }

    /// The ids of kept rows that fit.
    pub(crate) fn ids(
        &self,
        table: &str,
        rest: &str,
        values: &[String],
    ) -> Result<HashSet<ContentId>, VerdictsError> {
        let mut ids = HashSet::new();
        self.ask(["id", table, rest], values, &mut |rows| {
            let found = rows.texts("id")?;
            ids.extend(found.iter().flatten().filter_map(|id| id.parse::<ContentId>().ok()));
            Ok(())
        })?;
        Ok(ids)
    }
}

/// Rows of an answer, column by column.
pub(crate) struct Columns(pub(crate) RecordBatch);

impl Columns {
    pub(crate) fn rows(&self) -> usize {
        self.0.num_rows()
    }

    pub(crate) fn column(&self, name: &str, wanted: &DataType) -> Result<ArrayRef, VerdictsError> {
        let missing = || RowsError::Column(name.to_owned());
        let array = self.0.column_by_name(name).ok_or_else(missing)?;
        Ok(cast(array, wanted).map_err(|_| missing())?)
    }

    pub(crate) fn texts(&self, name: &str) -> Result<StringArray, VerdictsError> {
        let array = self.column(name, &DataType::Utf8)?;
        Ok(array.as_string_opt().cloned().ok_or_else(|| RowsError::Column(name.to_owned()))?)
    }

    pub(crate) fn numbers(&self, name: &str) -> Result<arrow_array::Int64Array, VerdictsError> {
        let array = self.column(name, &DataType::Int64)?;
        Ok(array
            .as_primitive_opt::<Int64Type>()
            .cloned()
            .ok_or_else(|| RowsError::Column(name.to_owned()))?)
    }

    fn map(&self, name: &str) -> Result<&MapArray, VerdictsError> {
        let found = self.0.column_by_name(name).and_then(|array| array.as_map_opt());
        Ok(found.ok_or_else(|| RowsError::Column(name.to_owned()))?)
    }
}

/// Where events stand, and whose they are: columns that both tables have.
pub(crate) struct Common {
    micros: arrow_array::TimestampMicrosecondArray,
    rest: arrow_array::Int64Array,
    batch: StringArray,
    row: arrow_array::Int64Array,
    class: StringArray,
    host: StringArray,
    owner: StringArray,
    marks: [StringArray; 3],
    source_path: StringArray,
    places: [arrow_array::Int64Array; 4],
}

/// The names of these columns, for a question.
pub(crate) const COMMON: &str = "time, time_rest, batch, row, class, \"device.hostname\", owner, tlp, \
    confidentiality, pap, source_path, ordinal, line, record_id, audit_serial";

impl Common {
    pub(crate) fn of(rows: &Columns) -> Result<Self, VerdictsError> {
        let micros = DataType::Timestamp(arrow_schema::TimeUnit::Microsecond, Some("UTC".into()));
        let time = rows.column("time", &micros)?;
        let time = time.as_primitive_opt::<TimestampMicrosecondType>().cloned();
        let [tlp, confidentiality, pap] = ["tlp", "confidentiality", "pap"].map(|name| rows.texts(name));
        let [ordinal, line, record_id, serial] =
            ["ordinal", "line", "record_id", "audit_serial"].map(|name| rows.numbers(name));
        Ok(Self {
            micros: time.ok_or_else(|| RowsError::Column("time".to_owned()))?,
            rest: rows.numbers("time_rest")?,
            batch: rows.texts("batch")?,
            row: rows.numbers("row")?,
            class: rows.texts("class")?,
            host: rows.texts("device.hostname")?,
            owner: rows.texts("owner")?,
            marks: [tlp?, confidentiality?, pap?],
            source_path: rows.texts("source_path")?,
            places: [ordinal?, line?, record_id?, serial?],
        })
    }

    pub(crate) fn time(&self, row: usize) -> Option<Instant> {
        let micros = self.micros.is_valid(row).then(|| self.micros.value(row))?;
        let rest = if self.rest.is_valid(row) { self.rest.value(row) } else { 0 };
        let nanoseconds = i128::from(micros) * 1_000 + i128::from(rest);
        i64::try_from(nanoseconds).ok().map(Instant::from_nanoseconds)
    }

    pub(crate) fn place(&self, row: usize) -> Place {
        let number =
            |array: &arrow_array::Int64Array| array.is_valid(row).then(|| array.value(row).cast_unsigned());
        let [ordinal, line, record_id, audit_serial] = self.places.each_ref().map(number);
        Place { ordinal: ordinal.unwrap_or(0), line, record_id, audit_serial, time: self.time(row) }
    }

    pub(crate) fn host(&self, row: usize) -> Option<&str> {
        text(&self.host, row)
    }

    pub(crate) fn source_path(&self, row: usize) -> &str {
        text(&self.source_path, row).unwrap_or_default()
    }

    pub(crate) fn evidence(&self, row: usize, compartment: &Compartment) -> Result<Evidence, VerdictsError> {
        let wrong = |name: &str| RowsError::Column(name.to_owned());
        let class = text(&self.class, row).ok_or_else(|| wrong("class"))?;
        let batch = text(&self.batch, row).and_then(|batch| batch.parse().ok());
        Ok(Evidence {
            table: format!("{compartment}/{class}").into(),
            batch: batch.ok_or_else(|| wrong("batch"))?,
            row: self.row.value(row).cast_unsigned(),
        })
    }

    pub(crate) fn label(&self, row: usize) -> Label {
        let [tlp, confidentiality, pap] = self.marks.each_ref().map(|mark| text(mark, row));
        let marking = Marking {
            tlp: tlp.and_then(|text| text.parse().ok()).unwrap_or_default(),
            confidentiality: confidentiality.and_then(|text| text.parse().ok()),
            pap: pap.and_then(|text| text.parse().ok()),
        };
        Label { owner: text(&self.owner, row).map(str::to_owned), marking }
    }
}

pub(crate) fn text(texts: &StringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

/// The kept verdicts of some rules on one day, in no order.
///
/// # Errors
/// When they cannot be read.
pub fn verdicts<'m>(
    lake: &Lake,
    who: Looking<'_>,
    compartment: &Compartment,
    day: &str,
    metas: impl Iterator<Item = &'m Arc<Meta>>,
) -> Result<Vec<Verdict>, VerdictsError> {
    let metas: HashMap<String, &Arc<Meta>> = metas.map(|meta| (meta.digest.id().to_string(), meta)).collect();
    let kept = Kept { lake, who, compartment };
    let mut verdicts = Vec::new();
    let what = format!("{COMMON}, rule, fields, types, \"group\", events_count, events, cut");
    kept.ask([&what, VERDICTS, "WHERE day = $1"], &[day.to_owned()], &mut |rows| {
        let (common, rules) = (Common::of(rows)?, rows.texts("rule")?);
        let told = Told::of(rows)?;
        for row in 0..rows.rows() {
            let Some(meta) = text(&rules, row).and_then(|rule| metas.get(rule)) else { continue };
            verdicts.push(told.verdict(row, &common, (*meta).clone(), compartment)?);
        }
        Ok(())
    })?;
    Ok(verdicts)
}

/// What verdicts say besides where they stand.
struct Told<'a> {
    fields: &'a MapArray,
    types: StringArray,
    group: &'a MapArray,
    count: arrow_array::Int64Array,
    events: StringArray,
    cut: StringArray,
}

impl<'a> Told<'a> {
    fn of(rows: &'a Columns) -> Result<Self, VerdictsError> {
        Ok(Self {
            fields: rows.map("fields")?,
            types: rows.texts("types")?,
            group: rows.map("group")?,
            count: rows.numbers("events_count")?,
            events: rows.texts("events")?,
            cut: rows.texts("cut")?,
        })
    }

    fn verdict(
        &self,
        row: usize,
        common: &Common,
        rule: Arc<Meta>,
        compartment: &Compartment,
    ) -> Result<Verdict, VerdictsError> {
        let wrong = |name: &str| RowsError::Column(name.to_owned());
        let types = text(&self.types, row).unwrap_or_default().chars().map(scalar);
        let fields = entries(self.fields, row)?.into_iter().zip(types);
        let fields = fields.map(|((name, text), scalar)| (name, FieldValue { text, scalar })).collect();
        let events = text(&self.events, row).map(serde_json::from_str::<Vec<EventReference>>);
        let mut before = events.transpose().map_err(|_| wrong("events"))?.unwrap_or_default();
        before.pop();
        let cut = text(&self.cut, row).map(serde_json::from_str).transpose().map_err(|_| wrong("cut"))?;
        Ok(Verdict {
            rule,
            host: common.host(row).map(str::to_owned),
            // Nobody asks for it of what was found before.
            story: Story::default(),
            source_path: common.source_path(row).to_owned(),
            place: common.place(row),
            evidence: Some(common.evidence(row, compartment)?),
            fields,
            group: entries(self.group, row)?,
            before,
            events_count: self.count.value(row).cast_unsigned(),
            cut: cut.unwrap_or_default(),
        })
    }
}

fn scalar(letter: char) -> Scalar {
    match letter {
        'i' => Scalar::Integer,
        'f' => Scalar::Float,
        'b' => Scalar::Boolean,
        _ => Scalar::Text,
    }
}

/// Names and values of a map, in their order.
pub(crate) fn entries(map: &MapArray, row: usize) -> Result<Vec<(String, String)>, VerdictsError> {
    if !map.is_valid(row) {
        return Ok(Vec::new());
    }
    let entry = map.value(row);
    let (keys, values) = (cast(entry.column(0), &DataType::Utf8)?, cast(entry.column(1), &DataType::Utf8)?);
    let (keys, values) = (keys.as_string::<i32>(), values.as_string::<i32>());
    let pair = |(key, value): (Option<&str>, Option<&str>)| {
        (key.unwrap_or_default().to_owned(), value.unwrap_or_default().to_owned())
    };
    Ok(keys.iter().zip(values).map(pair).collect())
}
