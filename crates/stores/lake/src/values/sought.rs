//! Which columns hold values that people look up.

use std::collections::HashMap;

use arrow_schema::{DataType, FieldRef};
use model::catalogue::Catalogue;
use model::holds::Holds;

use crate::rows::BATCH;

/// A column that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) holds: Holds,
}

/// What columns hold, by their names: what the catalogue says of fields, and the id of the batch.
#[derive(Debug, Default)]
pub(crate) struct Sought(HashMap<String, Holds>);

impl Sought {
    pub(crate) fn of(catalogue: &Catalogue) -> Self {
        let fields = catalogue.fields().iter();
        let known = fields.filter_map(|field| Some((field.name.clone(), field.holds()?)));
        Self(known.chain([(BATCH.to_owned(), Holds::Id)]).collect())
    }

    /// Those of some columns that are looked at, in their order.
    pub(crate) fn among(&self, fields: &[FieldRef]) -> Vec<Column> {
        let texts =
            fields.iter().filter(|field| matches!(field.data_type(), DataType::Utf8 | DataType::Utf8View));
        let column =
            |field: &FieldRef| Some(Column { name: field.name().clone(), holds: *self.0.get(field.name())? });
        texts.filter_map(column).collect()
    }
}
