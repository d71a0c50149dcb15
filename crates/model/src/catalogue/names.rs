//! Which field a name leads to in a kind of event, and by which names a field is known there.

use std::collections::HashSet;

use serde::Deserialize;

use super::route::{is_ocsf, product_of};
use super::{Catalogue, CatalogueError, Field};
use crate::event::Kind;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NameScope {
    product: String,
    service: String,
    event_id: Option<u32>,
}

/// The names that events of a log have beside those of the fields: with them all are known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    /// `product/service[:ids]`; without ids the fields of all its events count. A product alone
    /// lists what its logs may have besides.
    log: String,
    names: Vec<String>,
}

impl Catalogue {
    /// Field that `name` stands for in events of `kind`, if the catalogue has one.
    #[must_use]
    pub fn field(&self, kind: &Kind, name: &str) -> Option<&Field> {
        let product = product_of(kind);
        let service = self.service_of(kind);
        let scope = |service: &str, event_id| NameScope {
            product: product.to_owned(),
            service: service.to_owned(),
            event_id,
        };
        let scopes = [scope(service, kind.event_id), scope(service, None), scope("", None)];
        let number = scopes
            .iter()
            .find_map(|scope| self.names.get(scope)?.get(name))
            .or_else(|| self.own.get(name).filter(|_| is_ocsf(kind)))?;
        self.fields.get(*number)
    }

    /// Every name by which events or rules of `kind` know `field`, those of the most specific
    /// source first.
    #[must_use]
    pub fn names_of<'a>(&self, kind: &Kind, field: &'a Field) -> Vec<&'a str> {
        let service = self.service_of(kind);
        let product = product_of(kind);
        let mut keys: Vec<_> = field
            .sigma
            .iter()
            .map(|(key, names)| (split_key(key), names))
            .filter(|((of_product, of_service, ids), _)| {
                *of_product == product
                    && (of_service.is_empty() || *of_service == service)
                    && (ids.is_empty() || kind.event_id.is_some_and(|id| ids.contains(&id)))
            })
            .collect();
        keys.sort_by_key(|((_, of_service, ids), _)| (ids.is_empty(), of_service.is_empty()));
        let mut found: Vec<&str> = Vec::new();
        let own = is_ocsf(kind).then_some(field.name.as_str());
        let listed = keys.into_iter().flat_map(|(_, names)| names).map(String::as_str);
        for name in own.into_iter().chain(listed) {
            let leads_here = self.field(kind, name).is_some_and(|leads_to| leads_to.name == field.name);
            if leads_here && !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// Whether events of `kind` can have a field of this name, blanks left out; nothing where not all
    /// their names are known.
    #[must_use]
    pub fn has_name(&self, kind: &Kind, name: &str) -> Option<bool> {
        // Which attributes an OCSF event has, extensions say; only those of one word are listed.
        if is_ocsf(kind) && name.contains(['.', '_']) {
            return Some(true);
        }
        let names = self.names_in(kind)?;
        let everywhere =
            NameScope { product: product_of(kind).to_owned(), service: String::new(), event_id: None };
        let is_added = self.listed.get(&everywhere).is_some_and(|names| names.contains(name));
        Some(is_added || self.field(kind, name).is_some() || names.contains(name))
    }

    /// The names that events of `kind` can have, where all are known, and those of their header.
    pub fn names<'a>(&'a self, kind: &Kind) -> impl Iterator<Item = &'a str> {
        let names = self.names_in(kind).into_iter().flatten().map(String::as_str);
        let scope = |service: &str, event_id| NameScope {
            product: product_of(kind).to_owned(),
            service: service.to_owned(),
            event_id,
        };
        let scopes = [scope(self.service_of(kind), kind.event_id), scope("", None)];
        let fields = scopes.into_iter().filter_map(|scope| self.names.get(&scope));
        names.chain(fields.flat_map(|names| names.keys()).map(String::as_str))
    }

    /// What is listed for a kind, by its event id or else for its log.
    fn names_in(&self, kind: &Kind) -> Option<&HashSet<String>> {
        if self.service_of(kind).is_empty() {
            return None;
        }
        let scope = |event_id| NameScope {
            product: product_of(kind).to_owned(),
            service: self.service_of(kind).to_owned(),
            event_id,
        };
        let exact = kind.event_id.and_then(|id| self.listed.get(&scope(Some(id))));
        exact.or_else(|| self.listed.get(&scope(None)))
    }

    pub(super) fn list_names(&mut self, listed: &[Names]) -> Result<(), CatalogueError> {
        for Names { log, names } in listed {
            let (product, service, ids) = split_key(log);
            if !service.is_empty() {
                self.check_service(product, service)?;
            }
            let mut names: HashSet<String> = names.iter().cloned().collect();
            let event_ids = if ids.is_empty() { vec![None] } else { ids.into_iter().map(Some).collect() };
            if event_ids == [None] {
                let of_service = self
                    .names
                    .iter()
                    .filter(|(scope, _)| scope.product == product && scope.service == service);
                names
                    .extend(of_service.flat_map(|(_, names)| names.keys()).map(|name| name.replace(' ', "")));
            }
            for event_id in event_ids {
                let (product, service) = (product.to_owned(), service.to_owned());
                self.listed.insert(NameScope { product, service, event_id }, names.clone());
            }
        }
        Ok(())
    }

    pub(super) fn index_names(&mut self) -> Result<(), CatalogueError> {
        for (number, field) in self.fields.iter().enumerate() {
            if self.own.insert(field.name.clone(), number).is_some() {
                return Err(CatalogueError::Content(format!("the field {} stands twice", field.name)));
            }
            for (key, listed) in &field.sigma {
                let (product, service, ids) = split_key(key);
                if !service.is_empty() || product.contains(':') {
                    self.check_service(product, service)?;
                }
                let event_ids = if ids.is_empty() { vec![None] } else { ids.into_iter().map(Some).collect() };
                for event_id in event_ids {
                    let scope =
                        NameScope { product: product.to_owned(), service: service.to_owned(), event_id };
                    let names = self.names.entry(scope).or_default();
                    for name in listed {
                        if let Some(other) = names.insert(name.clone(), number).filter(|o| *o != number) {
                            let other = &self.fields[other].name;
                            return Err(CatalogueError::Content(format!(
                                "in {key} the name {name} leads to both {other} and {}",
                                field.name
                            )));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Splits `product/service:1,2` into its parts; missing parts are empty.
fn split_key(key: &str) -> (&str, &str, Vec<u32>) {
    let (product, rest) = key.split_once('/').unwrap_or((key, ""));
    let (service, ids) = rest.split_once(':').unwrap_or((rest, ""));
    (product, service, ids.split(',').filter_map(|id| id.trim().parse().ok()).collect())
}
