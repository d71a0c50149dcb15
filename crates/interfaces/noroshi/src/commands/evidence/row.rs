//! A row of the lake: what it says, where it was read, and what stands on it.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use journal::Kind as _;
use lake::{Entry, TableName};
use model::evidence::{Evidence, Reference};
use model::figure::{Counted, Figure};
use model::hash::hex;
use model::time::Instant;
use serde_json::{Map, Value, json};
use watch::findings::{self, Findings};

use super::Asking;
use super::told::Told;
use crate::Failure;
use crate::acts::unkept;
use crate::books::{look, unread};
use crate::figures;

/// The columns of a verdict that are told.
const VERDICT: [&str; 6] = ["id", "level", "title", "rule_id", "rule_set", "time"];

impl Asking<'_> {
    /// What stands there; none where nothing does.
    pub(super) fn row(&self, row: &Evidence) -> Result<Option<Told>, Failure> {
        let Ok(table) = row.table.parse::<TableName>() else { return Ok(None) };
        let entries = self.counting.books().entries().map_err(|error| unread(&error, self.words))?;
        let of_batch = |entry: &&Entry| {
            model::evidence::ContentId::from(entry.batch) == row.batch
                && entry.owner.compartment == *table.compartment()
        };
        let entry = entries.iter().find(of_batch);
        let mut told = Told::of(&Reference::Row(row.clone()));
        let values = match table.class() {
            "batches" => None,
            class => self.values(&table, class, (row, entry))?,
        };
        let Some(entry) = entry.filter(|_| values.is_some() || table.class() == "batches") else {
            return self.expired(row, &table, told, entry);
        };
        let time =
            values.as_ref().and_then(|values| Instant::parse(values.get("time")?.as_str()?, &TimeZone::UTC));
        let number = |name: &str| values.as_ref().and_then(|values| values.get(name)?.as_u64());
        let place = (number("line"), number("record_id"), number("ordinal"));
        say_source(&mut told, entry, place);
        let verdicts = match table.class() {
            "batches" | "flaws" => Vec::new(),
            _ => self.verdicts(row)?,
        };
        if let Some(values) = values {
            told.inside("values", values);
        }
        let findings = self.findings(&verdicts)?;
        told.list("verdicts", verdicts);
        told.list("findings", findings);
        let period = self.period(time.or(entry.span.map(|(earliest, _)| earliest)))?;
        let day = told.object["values"]["day"].as_str().map(str::to_owned);
        let mut counted = self.counted((row, day.as_deref()), &table, period)?;
        counted.extend(self.counted_by(&references(&told.object["findings"]), period)?);
        told.figures(&counted, period, self.words);
        Ok(Some(told))
    }

    /// A row that is not there: whether it was kept once.
    fn expired(
        &self,
        row: &Evidence,
        table: &TableName,
        mut told: Told,
        entry: Option<&Entry>,
    ) -> Result<Option<Told>, Failure> {
        let Some(entry) = entry else { return Ok(None) };
        let expired = self.counting.books().expired(table).map_err(|error| unread(&error, self.words))?;
        let gone = expired.iter().any(|(batch, _)| model::evidence::ContentId::from(*batch) == row.batch);
        if !gone {
            return Ok(None);
        }
        told.value("what", json!(self.words.get("evidence-expired")));
        say_source(&mut told, entry, (None, None, None));
        Ok(Some(told))
    }

    /// The values of a row, those that it has; none where there is no such row. Of events, the days of their batch
    /// are looked at, and that of events without one.
    fn values(
        &self,
        table: &TableName,
        class: &str,
        (row, entry): (&Evidence, Option<&Entry>),
    ) -> Result<Option<Map<String, Value>>, Failure> {
        let mut wanted = match class {
            "flaws" => format!("batch = '{}' AND \"offset\" = {}", row.batch, row.row),
            _ => format!("batch = '{}' AND row = {}", row.batch, row.row),
        };
        if let Some((earliest, latest)) = entry.filter(|_| class != "flaws").and_then(|entry| entry.span) {
            let [first, last] = [earliest, latest].map(|time| time.timestamp().strftime("%F").to_string());
            wanted += &format!(" AND (day = 'other' OR day >= '{first}' AND day <= '{last}')");
        }
        let sql = format!("SELECT * FROM {} WHERE {wanted} LIMIT 1", table.in_sql());
        let mut found = None;
        self.counting.ask_named(sql, &mut |names, values| {
            let pairs = names.iter().map(|heading| heading.name.clone()).zip(values);
            found = Some(pairs.filter(|(_, value)| !value.is_null()).collect());
        })?;
        Ok(found)
    }

    /// The verdicts that stand on a row, also those of correlations that it takes part in.
    fn verdicts(&self, row: &Evidence) -> Result<Vec<Value>, Failure> {
        let columns = VERDICT.join(", ");
        let own = format!("batch = '{}' AND row = {}", row.batch, row.row);
        let sql = format!(
            "SELECT {columns} FROM verdicts WHERE ({own}) OR events LIKE '%\"{row}\"%' ORDER BY time, id"
        );
        let mut found = Vec::new();
        self.counting.ask(sql, &mut |values| {
            let pairs = VERDICT.iter().map(|name| (*name).to_owned()).zip(values);
            found.push(Value::Object(pairs.collect()));
        })?;
        Ok(found)
    }

    /// The findings that hold some verdicts.
    fn findings(&self, verdicts: &[Value]) -> Result<Vec<Value>, Failure> {
        let ids: Vec<_> =
            verdicts.iter().filter_map(|verdict| verdict["id"].as_str()?.parse().ok()).collect();
        let reader = self.counting.reader();
        let kept = |error| unkept(&error, self.words);
        let found = look(|who| findings::findings_of(reader, who, &ids)).map_err(kept)?;
        let numbers: BTreeSet<u64> = found.into_iter().map(|(_, number)| number).collect();
        let mut told = Vec::new();
        for number in numbers {
            let one = look(|who| findings::one(reader, who, number)).map_err(kept)?;
            told.extend(one.map(|finding| {
                let what = Reference::act(&format!("{}/{number}", Findings::NAME), 1);
                let level = finding.level.as_str();
                json!({ "finding": number, "level": level, "title": finding.title, "evidence": what })
            }));
        }
        Ok(told)
    }

    /// The figures that count it, and those that count findings of verdicts on it.
    fn counted(
        &self,
        (row, day): (&Evidence, Option<&str>),
        table: &TableName,
        period: model::figure::Period,
    ) -> Result<Vec<Figure>, Failure> {
        let mut found = Vec::new();
        if *table.compartment() != lake::Compartment::own() {
            return Ok(found);
        }
        for figure in figures::all() {
            let Counted::Lake(counted) = &figure.counted else { continue };
            use model::figure::LakeTable::{Batches, Events, Flaws};
            let fits = match (counted.of, table.class()) {
                (Flaws, class) => class == "flaws",
                (Batches, _) => true,
                (Events, class) => !["batches", "flaws", "verdicts", "signals"].contains(&class),
            };
            if fits && self.counting.counts(&figure, period, (row, day))? {
                found.push(figure);
            }
        }
        Ok(found)
    }
}

/// What stands for findings.
fn references(findings: &Value) -> Vec<Reference> {
    let evidence =
        findings.as_array().into_iter().flatten().filter_map(|finding| finding["evidence"].as_str());
    evidence.filter_map(|text| text.parse().ok()).collect()
}

/// Where it was read: file, place, batch, and what the batch's bytes are known by.
fn say_source(
    told: &mut Told,
    entry: &Entry,
    (line, record, ordinal): (Option<u64>, Option<u64>, Option<u64>),
) {
    told.value("source_path", json!(&*entry.source_path));
    told.value("line", json!(line));
    told.value("record", json!(record));
    told.value("ordinal", json!(ordinal));
    if let Some(line) = line.filter(|_| !entry.source_path.contains('!')) {
        let path = entry.source_path.replace('\'', r"'\''");
        told.value("open", json!(format!("sed -n {line}p '{path}'")));
    }
    told.value("owner", json!(entry.owner.organisation));
    told.value("tlp", json!(entry.marking.tlp));
    told.value("batch", json!(entry.batch.to_string()));
    told.value("received", json!(entry.received));
    told.value("bytes", json!(format!("{}–{}", entry.begins.end, entry.ends.end)));
    told.value("sha256", json!(hex(&entry.ends.hash)));
}
