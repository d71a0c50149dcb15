//! The field catalogue: the only place that says what a field is.
//!
//! Two files hold it as data, `catalogue/fields.toml` (fields: OCSF name, type, meaning,
//! sensitivity, treatment in research releases, names per log source) and
//! `catalogue/logsources.toml` (which channels and event ids a Sigma log source reads, and
//! the OCSF class of each). Readers name columns by it, the rule compiler finds columns by
//! it, and the documentation is printed from it.

mod field;
mod names;
mod route;
mod source;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;

pub use self::field::{DataType, Field, Research, Sensitivity};
use self::names::{NameScope, Names};
pub use self::route::is_ocsf;
use self::source::Headers;
pub use self::source::{Category, Class, LogSource, Read, Reading, Route, Service};

/// Fields and log sources, ready for look-ups.
#[derive(Debug)]
pub struct Catalogue {
    fields: Vec<Field>,
    services: Vec<Service>,
    categories: Vec<Category>,
    classes: Vec<Class>,
    /// product → service → event id → name in events and rules → field number.
    names: HashMap<NameScope, HashMap<String, usize>>,
    /// Field number by the field's own name, by which OCSF events know it.
    own: HashMap<String, usize>,
    /// Names of the logs all names of which are known.
    listed: HashMap<NameScope, HashSet<String>>,
}

/// Log of all events that come in OCSF, whatever the product. In keys of fields, services and
/// categories the product of the same name stands for all of them.
pub const OCSF: &str = "ocsf";

/// Why a catalogue file was refused.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Not the expected TOML.
    #[error("the {file} file is not valid")]
    Syntax {
        /// Which of the two files.
        file: &'static str,
        /// What the parser said.
        source: Box<toml::de::Error>,
    },
    /// The content contradicts itself.
    #[error("{0}")]
    Content(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    field: Vec<Field>,
    #[serde(default)]
    names: Vec<Names>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogSourceFile {
    service: Vec<Service>,
    category: Vec<Category>,
    class: Vec<Class>,
    #[serde(default)]
    headers: Vec<Headers>,
}

impl Catalogue {
    /// The catalogue this build carries.
    ///
    /// # Errors
    /// When the files in `catalogue/` contradict themselves; a test keeps that from happening.
    pub fn bundled() -> Result<Arc<Self>, CatalogueError> {
        let fields = include_str!("../../../../catalogue/fields.toml");
        let logsources = include_str!("../../../../catalogue/logsources.toml");
        Self::parse(fields, logsources).map(Arc::new)
    }

    /// Reads the two files.
    ///
    /// # Errors
    /// On a syntax error, on a name that leads to two fields in one kind, on an unknown service.
    pub fn parse(fields: &str, logsources: &str) -> Result<Self, CatalogueError> {
        let syntax = |file| move |source| CatalogueError::Syntax { file, source: Box::new(source) };
        let FieldFile { field: fields, names } = toml::from_str(fields).map_err(syntax("fields"))?;
        let mut sources: LogSourceFile = toml::from_str(logsources).map_err(syntax("log sources"))?;
        for class in &mut sources.class {
            let reads = |product: &str| class.reads.iter().any(|read| read.product == product);
            let headers = sources.headers.iter().filter(|headers| reads(&headers.product));
            class.raw.extend(headers.flat_map(|headers| headers.raw.iter().cloned()));
        }
        let mut catalogue = Self {
            fields,
            services: sources.service,
            categories: sources.category,
            classes: sources.class,
            names: HashMap::new(),
            own: HashMap::new(),
            listed: HashMap::new(),
        };
        catalogue.check_reads()?;
        catalogue.index_names()?;
        catalogue.list_names(&names)?;
        Ok(catalogue)
    }

    /// All fields, in the order of the file.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// All services.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// All categories.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// All OCSF classes.
    #[must_use]
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    fn check_reads(&self) -> Result<(), CatalogueError> {
        let categories = self.categories.iter().flat_map(|c| c.reads.iter().map(|r| (&c.product, r)));
        let classes = self.classes.iter().flat_map(|c| c.reads.iter().map(|r| (&r.product, r)));
        for (product, read) in categories.chain(classes) {
            self.check_service(product, &read.service)?;
        }
        Ok(())
    }

    fn check_service(&self, product: &str, service: &str) -> Result<(), CatalogueError> {
        let known = self.services.iter().any(|entry| entry.product == product && entry.service == service);
        if known {
            return Ok(());
        }
        Err(CatalogueError::Content(format!("no service {product}/{service} is listed")))
    }
}
