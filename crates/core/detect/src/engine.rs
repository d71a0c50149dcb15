//! The engine: loaded rules, programs made on demand for each kind of event, verdicts.

use std::sync::{Arc, PoisonError, RwLock};

use hashbrown::HashMap;
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use rustc_hash::FxBuildHasher;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use sources::{Batch, Scalar};

use crate::linear;
use crate::program::Program;
use crate::rule::{Meta, Rule};
use crate::scan::{Scan, Scratch};
use crate::view::{Column, View};

/// More kinds than any real log has; beyond it hostile input would fill memory with programs.
const PROGRAMS: usize = 2_048;

/// Rules ready to be run over batches, from any number of threads.
#[derive(Debug)]
pub struct Engine {
    rules: Vec<Rule>,
    catalogue: Arc<Catalogue>,
    programs: RwLock<HashMap<Kind, Arc<Program>, FxBuildHasher>>,
}

/// A rule that fired on an event.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The rule.
    pub rule: Arc<Meta>,
    /// Host that the event is about.
    pub host: Option<String>,
    /// Source of the event.
    pub source_path: String,
    /// Where it stands there.
    pub place: Place,
    /// Values by which the rule fired, by the rule's field names, each once.
    pub fields: Vec<(String, FieldValue)>,
}

/// A value as its source spells it, with its JSON type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// The text.
    pub text: String,
    /// Its JSON type.
    pub scalar: Scalar,
}

impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.scalar {
            Scalar::Integer => match (self.text.parse::<i64>(), self.text.parse::<u64>()) {
                (Ok(integer), _) => serializer.serialize_i64(integer),
                (_, Ok(integer)) => serializer.serialize_u64(integer),
                _ => serializer.serialize_str(&self.text),
            },
            Scalar::Float => match self.text.parse::<f64>() {
                Ok(float) if float.is_finite() => serializer.serialize_f64(float),
                _ => serializer.serialize_str(&self.text),
            },
            Scalar::Boolean if self.text == "true" => serializer.serialize_bool(true),
            Scalar::Boolean if self.text == "false" => serializer.serialize_bool(false),
            _ => serializer.serialize_str(&self.text),
        }
    }
}

#[derive(Serialize)]
struct EventReference<'a> {
    source_path: &'a str,
    #[serde(flatten)]
    place: Place,
}

impl Serialize for Verdict {
    /// The form of `noroshi detect --json`: rule, time, host, matched fields, event references.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = Fields(&self.fields);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rule_id", &self.rule.id)?;
        map.serialize_entry("title", &self.rule.title)?;
        map.serialize_entry("level", &self.rule.level)?;
        map.serialize_entry("status", &self.rule.status)?;
        map.serialize_entry("tags", &self.rule.tags)?;
        map.serialize_entry("time", &self.place.time)?;
        map.serialize_entry("host", &self.host)?;
        map.serialize_entry("source_path", &self.source_path)?;
        map.serialize_entry("fields", &fields)?;
        map.serialize_entry(
            "events",
            &[EventReference { source_path: &self.source_path, place: self.place }],
        )?;
        map.end()
    }
}

struct Fields<'a>(&'a [(String, FieldValue)]);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Engine {
    /// An engine over loaded rules.
    #[must_use]
    pub fn new(rules: Vec<Rule>, catalogue: Arc<Catalogue>) -> Self {
        Self { rules, catalogue, programs: RwLock::default() }
    }

    /// The rules, in the order given.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The catalogue by which rules are routed.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// Verdicts on a batch, in the order of its events and, within one, of the rules.
    pub fn scan(&self, batch: &Batch, scratch: &mut Scratch) -> Vec<Verdict> {
        let program = self.program(&batch.kind);
        if program.rules.is_empty() {
            return Vec::new();
        }
        let view = View::new(batch);
        let scan = Scan::new(&program, &view);
        let host = host_columns(&self.catalogue, &batch.kind, &view);
        let hits = scan.run(scratch);
        let mut verdicts = Vec::with_capacity(hits.len());
        for hit in hits {
            let mut fields: Vec<(String, FieldValue)> = Vec::new();
            scan.explain(hit, scratch, &mut |name, column, id| {
                if !fields.iter().any(|(known, _)| known == name) {
                    fields.push((name.to_owned(), value_of(column, id)));
                }
            });
            let rule = &self.rules[program.rules[hit.rule as usize].rule as usize];
            verdicts.push(Verdict {
                rule: rule.meta.clone(),
                host: host_of(&view, &host, hit.event),
                source_path: view.source_path(hit.event).to_owned(),
                place: view.place(hit.event),
                fields,
            });
        }
        verdicts
    }

    /// Which rules fire on which events, found by trying every rule on every event without any
    /// of the compiled shortcuts: (event, rule) numbers, ordered. The yardstick of [`scan`](Self::scan).
    #[must_use]
    pub fn scan_linear(&self, batch: &Batch) -> Vec<(usize, usize)> {
        linear::scan(&self.rules, &self.catalogue, batch)
    }

    /// Which rules fire on which events: (event, rule) numbers, ordered.
    pub fn hits(&self, batch: &Batch, scratch: &mut Scratch) -> Vec<(usize, usize)> {
        let program = self.program(&batch.kind);
        let view = View::new(batch);
        let hits = Scan::new(&program, &view).run(scratch);
        hits.into_iter().map(|hit| (hit.event, program.rules[hit.rule as usize].rule as usize)).collect()
    }

    /// Number of rules that could fire on events of a kind.
    #[must_use]
    pub fn rules_for(&self, kind: &Kind) -> usize {
        self.program(kind).rules.len()
    }

    fn program(&self, kind: &Kind) -> Arc<Program> {
        let known = self.programs.read().unwrap_or_else(PoisonError::into_inner).get(kind).cloned();
        if let Some(program) = known {
            return program;
        }
        let program = Arc::new(Program::new(&self.rules, &self.catalogue, kind));
        let mut programs = self.programs.write().unwrap_or_else(PoisonError::into_inner);
        if programs.len() >= PROGRAMS {
            programs.clear();
        }
        programs.entry(kind.clone()).or_insert(program).clone()
    }
}

fn value_of(column: &Column<'_>, id: u32) -> FieldValue {
    let scalar = match column.scalar {
        "integer" => Scalar::Integer,
        "float" => Scalar::Float,
        "boolean" => Scalar::Boolean,
        _ => Scalar::Text,
    };
    FieldValue { text: column.text(id).to_owned(), scalar }
}

fn host_columns(catalogue: &Catalogue, kind: &Kind, view: &View<'_>) -> Vec<usize> {
    let known = ["Computer", "Hostname", "node"].into_iter().filter_map(|name| {
        catalogue.field(kind, name).and_then(|field| view.known(&field.name)).or_else(|| view.raw(name))
    });
    known.collect()
}

fn host_of(view: &View<'_>, columns: &[usize], event: usize) -> Option<String> {
    view.records(event).find_map(|record| {
        columns.iter().find_map(|&column| {
            let column = &view.columns[column];
            column.ids(record).first().map(|&id| column.text(id).to_owned())
        })
    })
}
