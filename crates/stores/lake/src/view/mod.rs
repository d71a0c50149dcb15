//! What a view that shows a part shows of a table, and nothing that tells of the rest.
//!
//! A filter that the planner knows is no barrier: it puts those of the view and of the question together
//! in whatever order is cheapest, so that `1 / (x - 42)` fails on a row that nobody should see. So a
//! table is given as one that ends in a node of its own ([`node`]), which looks like a source of rows to
//! everybody else and chooses them in private: by what is said of each row ([`shown`]), and by those
//! conditions of the question that cannot fail ([`crossing`]). Files and groups of rows may be left
//! unread by these conditions; what is left unread has no row that would be given, so that only time
//! can tell.
//!
//! Superseded batches are not shown at all, the table of batches included: what superseded one may be
//! hidden, such as the same events with a stricter mark.

mod crossing;
mod node;
mod present;
mod provider;
mod shown;

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use model::view::{Part, Sight, View};

use crate::error::LakeError;
use crate::name::{Compartment, TableName};
use crate::place::Place;
use crate::rows;
use crate::scan::{Footers, Scan};
use crate::table::Table;
use crate::whole::{Superseded, Whole};

pub(crate) use present::Present;
use provider::Seen;
use shown::Shown;

/// A view that shows a part.
#[derive(Debug, Clone)]
pub(crate) struct Restricted(Arc<Part>);

/// Where tables lie, and what is remembered of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub(crate) place: &'a Place,
    pub(crate) footers: &'a Footers,
    pub(crate) superseded: &'a Superseded,
    pub(crate) present: &'a Present,
    /// Whether conditions choose rows before their other columns are read.
    pub(crate) pushing_down: bool,
}

impl Restricted {
    /// None for a view that shows everything.
    pub(crate) fn of(view: &View) -> Option<Self> {
        match view.sight() {
            Sight::Everything => None,
            Sight::Part(part) => Some(Self(Arc::new(part.clone()))),
        }
    }

    /// Whether it shows a column, in the rows that it shows.
    pub(crate) fn shows_column(&self, name: &str) -> bool {
        !self.0.hidden.contains(name)
    }

    /// Whether it shows anything of a compartment.
    pub(crate) fn shows_of(&self, compartment: &Compartment) -> bool {
        self.0.labels.iter().any(|label| label.compartment == compartment.as_str())
    }

    /// What it shows of a table of which the whole batches are known, and whether that are events.
    ///
    /// # Errors
    /// As if there were no such table, if it shows no row of it.
    pub(crate) async fn table(
        &self,
        shelf: Shelf<'_>,
        whole: &Whole<'_>,
        name: &TableName,
    ) -> Result<(Arc<dyn TableProvider>, bool), LakeError> {
        if !self.shows_of(name.compartment()) {
            return Err(LakeError::NoTable(name.clone()));
        }
        let table = whole.table(name).await?;
        let versions = (table.version(), whole.version());
        let superseded = whole.superseded(shelf.superseded, shelf.footers).await?;
        let scan = Scan::of(&table, shelf.place, shelf.footers)?;
        let are_events = rows::are_events(&scan.schema());
        let seen = self.over(scan, name, superseded, shelf.pushing_down);
        let key = present::Key { name, versions, part: &self.0 };
        match shelf.present.any(key, &seen).await? {
            true => Ok((seen, are_events)),
            false => Err(LakeError::NoTable(name.clone())),
        }
    }

    /// What it shows of a table as it stands, superseded batches and halves of batches as well.
    pub(crate) async fn newest(
        &self,
        shelf: Shelf<'_>,
        name: &TableName,
    ) -> Result<Arc<dyn TableProvider>, LakeError> {
        if !self.shows_of(name.compartment()) {
            return Err(LakeError::NoTable(name.clone()));
        }
        let scan = Scan::of(&Table::open(shelf.place, name).await?, shelf.place, shelf.footers)?;
        Ok(self.over(scan, name, Arc::default(), shelf.pushing_down))
    }

    fn over(
        &self,
        scan: Scan,
        name: &TableName,
        superseded: Arc<HashSet<String>>,
        pushing_down: bool,
    ) -> Arc<dyn TableProvider> {
        let shown = Shown::of(&self.0, name.compartment(), superseded);
        Arc::new(Seen::new(scan, Arc::new(shown), &self.0.hidden, pushing_down))
    }
}
