//! What a log source is: services, categories and classes, and the events they read.

use std::collections::HashMap;

use serde::Deserialize;

/// A Sigma service: a name for one or more logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Product it belongs to.
    pub product: String,
    /// Sigma's name of it.
    pub service: String,
    /// Channels (Windows) or logs (Linux) it reads; none when no reader exists yet.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Other products that write the same notation, so that nobody can tell them apart: a rule
    /// that names one of them reads these events, too.
    #[serde(default)]
    pub also: Vec<String>,
}

impl Service {
    pub(super) fn is_of(&self, product: &str) -> bool {
        let mut products = std::iter::once(&self.product).chain(&self.also);
        products.any(|known| known.eq_ignore_ascii_case(product))
    }
}

/// A Sigma category: a set of kinds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Product it belongs to.
    pub product: String,
    /// Sigma's name of it.
    pub category: String,
    /// What it reads.
    #[serde(default)]
    pub reads: Vec<Read>,
}

/// Events of one service, by their ids and perhaps by a field's value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Product, where the table is not already inside one.
    #[serde(default)]
    pub product: String,
    /// Service whose channels are read.
    pub service: String,
    /// Event ids; none means all of the service.
    #[serde(default)]
    pub event_ids: Vec<u32>,
    /// Whether these events only stand in for those that rules of the category are written for, and
    /// lack some of their fields.
    #[serde(default)]
    pub stands_in: bool,
    /// Field → values of which one must be present.
    #[serde(default, rename = "where")]
    pub condition: HashMap<String, Vec<String>>,
}

/// An OCSF class and the kinds that belong to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// OCSF class name.
    pub name: String,
    /// OCSF class uid.
    pub uid: u32,
    /// Fields by the names of their sources that the catalogue does not know: those that rules ask for,
    /// and headers of the products that it reads.
    #[serde(default)]
    pub raw: Vec<String>,
    /// Kinds of this class.
    pub reads: Vec<Read>,
}

/// What shippers and the system put before the data of every event of a product.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    /// Product of the events.
    pub product: String,
    /// Names of the fields.
    pub raw: Vec<String>,
}

/// A log that a log source may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading<'a> {
    /// Product of its events.
    pub product: &'a str,
    /// Channel or log.
    pub log: &'a str,
    /// Event ids that the log source is held to; none means any.
    pub event_ids: &'a [u32],
}

/// What a Sigma log source means for one kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The log source does not read this kind.
    No,
    /// It reads every event of the kind.
    Yes,
    /// It reads those events in which one of these (field, values) sets holds.
    Where(Vec<Vec<(String, Vec<String>)>>),
}

/// The three keys of a Sigma log source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct LogSource<'a> {
    /// `product`
    pub product: Option<&'a str>,
    /// `category`
    pub category: Option<&'a str>,
    /// `service`
    pub service: Option<&'a str>,
}
