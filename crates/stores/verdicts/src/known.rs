//! Kept verdicts as somebody reads them: what is new, and those with some ids.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use detect::{EventReference, Story};
use lake::{Chosen, Compartment, Lake, Looking, Position, RowsError, Since, TableName, Values};
use model::evidence::{ContentId, Evidence};
use model::level::Level;
use model::marking::Marking;
use model::time::Instant;

use crate::error::VerdictsError;
use crate::read::entries;
use crate::table::{STORY, VERDICTS};

/// A kept verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptVerdict {
    /// Who it is.
    pub id: ContentId,
    /// Time of the event, of a correlation that of the completing one.
    pub time: Option<Instant>,
    /// When it was found, in microseconds.
    pub found: Option<Instant>,
    /// The row on which it stands, of a correlation that of the completing event.
    pub evidence: Evidence,
    /// Whether it is that of a correlation.
    pub is_correlation: bool,
    /// Rows of the listed events of a correlation, the completing one last; none of a plain rule.
    pub events: Vec<Evidence>,
    /// How many events take part.
    pub events_count: u64,
    /// Host.
    pub host: Option<String>,
    /// To which story the event belongs.
    pub story: Story,
    /// Values that the events of a correlation share, by name.
    pub group: Vec<(String, String)>,
    /// Values by which the rule fired, by name; left out of what is [new](news).
    pub fields: Vec<(String, String)>,
    /// Whose the events are; nobody's alone where they are of several.
    pub owner: Option<String>,
    /// What may be done with them.
    pub marking: Marking,
    /// Digest of the rule as it was.
    pub rule: ContentId,
    /// The id that the rule has in its document.
    pub rule_id: Option<String>,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Level,
    /// Its tags.
    pub tags: Vec<String>,
    /// The set and version of the rule, as `sigma@3`.
    pub rule_set: Option<String>,
}

/// Verdicts that somebody has not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The verdicts, in no order.
    pub verdicts: Vec<KeptVerdict>,
    /// Since when the next look is.
    pub next: Position,
    /// Whether there is nothing more now.
    pub is_all: bool,
    /// Whether nobody knows the position any more, so that verdicts come that were given before.
    pub is_anew: bool,
}

/// Which kept verdicts are wanted.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// Those with these ids.
    Ids(&'a [ContentId]),
    /// Those whose ids begin so.
    Beginning(&'a str),
}

/// What is read of verdicts, besides their story and the values by which rules fired.
const COLUMNS: [&str; 22] = [
    "time",
    "time_rest",
    "found",
    "id",
    "batch",
    "row",
    "class",
    "verdict_batch",
    "events",
    "events_count",
    "device.hostname",
    "group",
    "owner",
    "tlp",
    "confidentiality",
    "pap",
    "rule",
    "rule_id",
    "title",
    "level",
    "tags",
    "rule_set",
];
/// The values by which rules fired.
const FIELDS: &str = "fields";

/// The verdicts of a compartment that came since somebody looked, so many at most. Each is given at least once,
/// whatever came in between.
///
/// # Errors
/// When the view is not of now or shows a part, or they cannot be read.
pub fn news(
    lake: &Lake,
    who: Looking<'_>,
    (compartment, after): (&Compartment, &Position),
    most: usize,
) -> Result<News, VerdictsError> {
    let table = TableName::new(compartment.clone(), VERDICTS)?;
    let columns: Vec<&str> = COLUMNS.into_iter().chain(STORY).collect();
    let new = lake.news(who, Since { table: &table, after, columns: &columns, rows: most })?;
    let verdicts = read(&new.rows, compartment)?;
    Ok(News { verdicts, next: new.next, is_all: new.is_all, is_anew: new.is_anew })
}

/// Kept verdicts of a compartment, in no order; `between` says when the earliest and latest of their events were,
/// so that no others are read.
///
/// # Errors
/// When the view is not of now, or they cannot be read.
pub fn of(
    lake: &Lake,
    who: Looking<'_>,
    (compartment, which): (&Compartment, Which<'_>),
    between: Option<(Instant, Instant)>,
) -> Result<Vec<KeptVerdict>, VerdictsError> {
    let table = TableName::new(compartment.clone(), VERDICTS)?;
    let columns: Vec<&str> = COLUMNS.into_iter().chain(STORY).chain([FIELDS]).collect();
    let ids: Vec<String>;
    let values = match which {
        Which::Ids(wanted) => {
            ids = wanted.iter().map(ContentId::to_string).collect();
            Values::Any(&ids)
        }
        Which::Beginning(text) => Values::Beginning(text),
    };
    let chosen = Chosen { table: &table, column: "id", values, between, columns: &columns };
    read(&lake.chosen(who, &chosen)?, compartment)
}

fn read(parts: &[RecordBatch], compartment: &Compartment) -> Result<Vec<KeptVerdict>, VerdictsError> {
    let mut verdicts = Vec::with_capacity(parts.iter().map(RecordBatch::num_rows).sum());
    for rows in parts {
        let read = Read::of(rows)?;
        for row in 0..rows.num_rows() {
            verdicts.push(read.verdict(row, compartment)?);
        }
    }
    Ok(verdicts)
}

/// Columns of rows.
struct Read<'a> {
    rows: &'a RecordBatch,
    time: Times,
    time_rest: Numbers,
    found: Times,
    id: Texts,
    batch: Texts,
    row: Numbers,
    class: Texts,
    verdict_batch: Texts,
    events: Texts,
    events_count: Numbers,
    host: Texts,
    story: [Texts; 4],
    owner: Texts,
    marks: [Texts; 3],
    rule: Texts,
    rule_id: Texts,
    title: Texts,
    level: Texts,
    tags: Texts,
    rule_set: Texts,
}

impl<'a> Read<'a> {
    fn of(rows: &'a RecordBatch) -> Result<Self, VerdictsError> {
        let text = |name: &str| Texts::of(rows, name);
        let [process, parent, session, user] = STORY.map(text);
        let [tlp, confidentiality, pap] = ["tlp", "confidentiality", "pap"].map(text);
        Ok(Self {
            rows,
            time: Times::of(rows, "time")?,
            time_rest: Numbers::of(rows, "time_rest")?,
            found: Times::of(rows, "found")?,
            id: text("id")?,
            batch: text("batch")?,
            row: Numbers::of(rows, "row")?,
            class: text("class")?,
            verdict_batch: text("verdict_batch")?,
            events: text("events")?,
            events_count: Numbers::of(rows, "events_count")?,
            host: text("device.hostname")?,
            story: [process?, parent?, session?, user?],
            owner: text("owner")?,
            marks: [tlp?, confidentiality?, pap?],
            rule: text("rule")?,
            rule_id: text("rule_id")?,
            title: text("title")?,
            level: text("level")?,
            tags: text("tags")?,
            rule_set: text("rule_set")?,
        })
    }

    fn verdict(&self, row: usize, compartment: &Compartment) -> Result<KeptVerdict, VerdictsError> {
        let given = |texts: &Texts| texts.get(row).map(str::to_owned);
        let [process, parent, session, user] = self.story.each_ref().map(given);
        // What a correlation finds is of no batch.
        let is_correlation = self.verdict_batch.get(row).is_none();
        Ok(KeptVerdict {
            id: id(&self.id, row, "id")?,
            time: self.time.with_rest(row, self.time_rest.get(row)),
            found: self.found.with_rest(row, None),
            evidence: self.evidence(row, compartment)?,
            is_correlation,
            events: self.events(row)?,
            events_count: self.events_count.get(row).map_or(1, i64::cast_unsigned),
            host: given(&self.host),
            story: Story { process, parent, session, user },
            group: self.map("group", row)?,
            fields: self.map(FIELDS, row)?,
            owner: given(&self.owner),
            marking: self.marking(row),
            rule: id(&self.rule, row, "rule")?,
            rule_id: given(&self.rule_id),
            title: given(&self.title).unwrap_or_default(),
            level: self.level.get(row).and_then(Level::parse).unwrap_or_default(),
            tags: self.tags.get(row).into_iter().flat_map(str::split_whitespace).map(str::to_owned).collect(),
            rule_set: given(&self.rule_set),
        })
    }

    fn evidence(&self, row: usize, compartment: &Compartment) -> Result<Evidence, VerdictsError> {
        let class = self.class.get(row).ok_or_else(|| wrong("class"))?;
        let number = self.row.get(row).ok_or_else(|| wrong("row"))?;
        Ok(Evidence {
            table: format!("{compartment}/{class}").into(),
            batch: id(&self.batch, row, "batch")?,
            row: number.cast_unsigned(),
        })
    }

    fn events(&self, row: usize) -> Result<Vec<Evidence>, VerdictsError> {
        let Some(events) = self.events.get(row) else { return Ok(Vec::new()) };
        let events: Vec<EventReference> = serde_json::from_str(events).map_err(|_| wrong("events"))?;
        Ok(events.into_iter().filter_map(|event| event.evidence).collect())
    }

    fn marking(&self, row: usize) -> Marking {
        let [tlp, confidentiality, pap] = self.marks.each_ref().map(|texts| texts.get(row));
        Marking {
            tlp: tlp.and_then(|text| text.parse().ok()).unwrap_or_default(),
            confidentiality: confidentiality.and_then(|text| text.parse().ok()),
            pap: pap.and_then(|text| text.parse().ok()),
        }
    }

    fn map(&self, name: &str, row: usize) -> Result<Vec<(String, String)>, VerdictsError> {
        match self.rows.column_by_name(name) {
            None => Ok(Vec::new()),
            Some(map) => entries(map.as_map_opt().ok_or_else(|| wrong(name))?, row),
        }
    }
}

/// A column of texts, which is not there where no row has one.
struct Texts(Option<StringArray>);

impl Texts {
    fn of(rows: &RecordBatch, name: &str) -> Result<Self, VerdictsError> {
        Ok(Self(column(rows, name, &DataType::Utf8)?.and_then(|array| array.as_string_opt().cloned())))
    }

    fn get(&self, row: usize) -> Option<&str> {
        self.0.as_ref().filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row))
    }
}

/// The same of numbers.
struct Numbers(Option<Int64Array>);

impl Numbers {
    fn of(rows: &RecordBatch, name: &str) -> Result<Self, VerdictsError> {
        let array = column(rows, name, &DataType::Int64)?;
        Ok(Self(array.and_then(|array| array.as_primitive_opt::<Int64Type>().cloned())))
    }

    fn get(&self, row: usize) -> Option<i64> {
        self.0.as_ref().filter(|numbers| numbers.is_valid(row)).map(|numbers| numbers.value(row))
    }
}

/// The same of times.
struct Times(Option<TimestampMicrosecondArray>);

impl Times {
    fn of(rows: &RecordBatch, name: &str) -> Result<Self, VerdictsError> {
        let wanted = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let array = column(rows, name, &wanted)?;
        Ok(Self(array.and_then(|array| array.as_primitive_opt::<TimestampMicrosecondType>().cloned())))
    }

    /// A time, and nanoseconds besides.
    fn with_rest(&self, row: usize, rest: Option<i64>) -> Option<Instant> {
        let micros = self.0.as_ref().filter(|times| times.is_valid(row))?.value(row);
        let nanoseconds = i128::from(micros) * 1_000 + i128::from(rest.unwrap_or(0));
        i64::try_from(nanoseconds).ok().map(Instant::from_nanoseconds)
    }
}

fn column(rows: &RecordBatch, name: &str, wanted: &DataType) -> Result<Option<ArrayRef>, VerdictsError> {
    let Some(array) = rows.column_by_name(name) else { return Ok(None) };
    Ok(Some(cast(array, wanted).map_err(|_| wrong(name))?))
}

fn id(texts: &Texts, row: usize, name: &str) -> Result<ContentId, VerdictsError> {
    Ok(texts.get(row).and_then(|text| text.parse().ok()).ok_or_else(|| wrong(name))?)
}

fn wrong(name: &str) -> RowsError {
    RowsError::Column(name.to_owned())
}
