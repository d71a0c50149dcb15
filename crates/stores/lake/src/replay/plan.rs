//! How the events of a kind are put together from what is wanted of them: which columns that takes, and
//! which events are simple.
//!
//! An event is *simple* if it is of one record and each field that is wanted of it has one value. Then the
//! columns that these stand in become columns of a sheet. All others are put together one by one.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use model::catalogue::Catalogue;
use model::event::Kind;
use model::view::View;
use sources::Scalar;

use super::Wanted;
use crate::rows::RowsError;
use crate::rows::names::RAW;
use crate::rows::shape::{Entry, Shape};

/// Shapes that have been read, by their texts.
#[derive(Debug, Default)]
pub(super) struct Shapes(HashMap<Box<str>, Arc<Shape>>);

/// More shapes than logs have; beyond it hostile ones would fill memory.
const SHAPES: usize = 16_384;

impl Shapes {
    fn get(&mut self, text: &str) -> Result<Arc<Shape>, RowsError> {
        if let Some(known) = self.0.get(text) {
            return Ok(known.clone());
        }
        if self.0.len() >= SHAPES {
            self.0.clear();
        }
        let shape = Arc::new(Shape::of_text(text)?);
        self.0.insert(text.into(), shape.clone());
        Ok(shape)
    }
}

/// Where the one value of a field stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    /// Number of the field among those of the kind.
    pub(super) field: usize,
    pub(super) stands: Stands,
    pub(super) scalar: Scalar,
    pub(super) derived: bool,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stands {
    /// In the column of this name.
    Column(Box<str>),
    /// In `raw`, under the field's name.
    Raw,
    /// Nowhere: the field is there without a value.
    Nowhere,
}

/// What is wanted of the events of a kind, as their shapes have it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Names that the source gives the fields, in the order in which they come.
    pub(super) fields: Vec<String>,
    /// For each shape the values of a simple event; none where events of it are not simple.
    pub(super) simple: HashMap<u32, Option<Vec<Value>>>,
    /// Columns that are to be read.
    pub(super) columns: BTreeSet<String>,
}

/// Whose fields are planned, and for whom.
pub(super) struct Planning<'a> {
    pub(super) kind: &'a Kind,
    pub(super) wanted: &'a Wanted,
    pub(super) catalogue: &'a Catalogue,
    pub(super) view: &'a View,
}

impl Planning<'_> {
    /// Whether a field is wanted that the source calls so.
    pub(super) fn wants(&self, name: &str) -> bool {
        match self.wanted {
            Wanted::Nothing => false,
            Wanted::Everything => true,
            Wanted::Fields(include) => {
                let known = self.catalogue.field(self.kind, name);
                include(name, known.map(|field| field.name.as_str()))
            }
        }
    }

    /// Whether a field may be seen by the view, which hides columns.
    pub(super) fn shows(&self, entry: &Entry) -> bool {
        let own = self.view.shows_column(RAW) && self.view.shows_column(&crate::rows::wide(&entry.name));
        entry.column.as_ref().map_or(own, |column| self.view.shows_column(column))
    }

    /// The plan for events of these shapes, by their numbers.
    pub(super) fn plan<'t>(
        &self,
        texts: impl Iterator<Item = (u32, &'t str)>,
        shapes: &mut Shapes,
    ) -> Result<Plan, RowsError> {
        let mut plan = Plan::default();
        let mut numbers: HashMap<String, Option<usize>> = HashMap::new();
        for (id, text) in texts {
            let shape = shapes.get(text)?;
            let mut is_simple = !shape.grouped;
            let mut values = Vec::new();
            for entry in shape.records.iter().flatten() {
                let number = *numbers.entry(entry.name.clone()).or_insert_with(|| {
                    self.wants(&entry.name).then(|| {
                        plan.fields.push(entry.name.clone());
                        plan.fields.len() - 1
                    })
                });
                let Some(field) = number.filter(|_| self.shows(entry)) else { continue };
                plan.columns.extend(entry.column.clone().filter(|_| !entry.spelled));
                if needs_raw(entry) {
                    plan.columns.insert(RAW.to_owned());
                }
                match simple(entry, field) {
                    Some(value) => values.push(value),
                    None => is_simple = false,
                }
            }
            plan.simple.insert(id, is_simple.then_some(values));
        }
        Ok(plan)
    }
}

/// Whether a value of a field stands in `raw`.
fn needs_raw(entry: &Entry) -> bool {
    let values = entry.types.iter().filter(|(scalar, _)| scalar.has_value()).count();
    values > usize::from(entry.column.is_some() && !entry.spelled)
}

/// The one value of a field, if it has one alone.
fn simple(entry: &Entry, field: usize) -> Option<Value> {
    let [(scalar, derived)] = entry.types[..] else { return None };
    let column = entry.column.as_deref().filter(|_| !entry.spelled);
    let stands = match column {
        _ if !scalar.has_value() => Stands::Nowhere,
        Some(column) => Stands::Column(column.into()),
        None => Stands::Raw,
    };
    Some(Value { field, stands, scalar, derived })
}
