//! Which kinds of event a Sigma log source reads, and to which class they belong.

use super::{Catalogue, LogSource, OCSF, Reading, Route, Service};
use crate::event::Kind;

impl Catalogue {
    /// OCSF class of a kind: name and uid; `base_event` 0 when none is listed. An OCSF event has
    /// its own uid in any case.
    #[must_use]
    pub fn class_of(&self, kind: &Kind) -> (&str, u32) {
        let service = self.service_of(kind);
        let unlisted = || ("base_event", kind.event_id.filter(|_| is_ocsf(kind)).unwrap_or(0));
        self.classes
            .iter()
            .find(|class| {
                if is_ocsf(kind) {
                    return Some(class.uid) == kind.event_id;
                }
                class.reads.iter().any(|read| {
                    read.product == *kind.product
                        && read.service == service
                        && (read.event_ids.is_empty()
                            || kind.event_id.is_some_and(|id| read.event_ids.contains(&id)))
                })
            })
            .map_or_else(unlisted, |class| (class.name.as_str(), class.uid))
    }

    /// Whether a Sigma log source reads events of `kind`. `None` stands for an absent key.
    #[must_use]
    pub fn route(&self, source: &LogSource<'_>, kind: &Kind) -> Route {
        if source.product.is_some_and(|product| !self.may_be_of(product, kind)) {
            return Route::No;
        }
        if let Some(service) = source.service
            && !self.service_reads(product_of(kind), service, &kind.log)
        {
            return Route::No;
        }
        let Some(category) = source.category else {
            return if source.product.is_some() || source.service.is_some() { Route::Yes } else { Route::No };
        };
        let mut conditions = Vec::new();
        for entry in &self.categories {
            if !entry.category.eq_ignore_ascii_case(category) || entry.product != product_of(kind) {
                continue;
            }
            for read in &entry.reads {
                let ids = &read.event_ids;
                let fits = self.service_reads(product_of(kind), &read.service, &kind.log)
                    && (ids.is_empty() || kind.event_id.is_some_and(|id| ids.contains(&id)));
                if fits && read.condition.is_empty() {
                    return Route::Yes;
                }
                if fits {
                    let mut set: Vec<_> = read
                        .condition
                        .iter()
                        .map(|(field, values)| (field.clone(), values.clone()))
                        .collect();
                    set.sort();
                    conditions.push(set);
                }
            }
        }
        if conditions.is_empty() { Route::No } else { Route::Where(conditions) }
    }

    /// Whether events of `kind` only stand in for those that the category is about.
    #[must_use]
    pub fn stands_in(&self, source: &LogSource<'_>, kind: &Kind) -> bool {
        let category = source.category.unwrap_or_default();
        let entries = self.categories.iter().filter(|entry| {
            entry.category.eq_ignore_ascii_case(category) && entry.product == product_of(kind)
        });
        entries.flat_map(|entry| &entry.reads).any(|read| {
            read.stands_in
                && self.service_reads(product_of(kind), &read.service, &kind.log)
                && kind.event_id.is_some_and(|id| read.event_ids.contains(&id))
        })
    }

    /// The logs that the catalogue knows and a log source may read. Which of their events it does
    /// read, [`route`](Self::route) says.
    #[must_use]
    pub fn readings<'a>(&'a self, source: &LogSource<'a>) -> Vec<Reading<'a>> {
        // An OCSF event is of whatever product is asked for.
        let product_of = |product: &'a str| match product {
            OCSF => source.product.unwrap_or(OCSF),
            product => product,
        };
        let logs = |service: &'a Service, event_ids: &'a [u32]| {
            let product = product_of(&service.product);
            service.channels.iter().map(move |log| Reading { product, log, event_ids })
        };
        let is_of = |service: &Service| source.product.is_none_or(|product| service.is_of(product));
        let Some(category) = source.category else {
            let is_wanted = |service: &&Service| {
                is_of(service) && source.service.is_none_or(|name| service.service.eq_ignore_ascii_case(name))
            };
            return self.services.iter().filter(is_wanted).flat_map(|service| logs(service, &[])).collect();
        };
        let mut readings = Vec::new();
        for entry in self.categories.iter().filter(|entry| entry.category.eq_ignore_ascii_case(category)) {
            for read in &entry.reads {
                let services = self.services.iter().filter(|service| {
                    service.product == entry.product && service.service == read.service && is_of(service)
                });
                readings.extend(services.flat_map(|service| logs(service, &read.event_ids)));
            }
        }
        readings
    }

    /// Whether any reader brings events that this log source could read.
    #[must_use]
    pub fn is_readable(&self, source: &LogSource<'_>) -> bool {
        let fits = |wanted: Option<&str>, have: &str| wanted.is_none_or(|w| w.eq_ignore_ascii_case(have));
        let is_of = |service: &Service| source.product.is_none_or(|product| service.is_of(product));
        let service_known = self.services.iter().any(|service| {
            is_of(service) && fits(source.service, &service.service) && !service.channels.is_empty()
        });
        let category_known = source.category.is_none_or(|_| {
            self.categories.iter().any(|entry| {
                let reads = |service: &Service| {
                    service.product == entry.product
                        && entry.reads.iter().any(|read| read.service == service.service)
                };
                fits(source.category, &entry.category)
                    && !entry.reads.is_empty()
                    && (fits(source.product, &entry.product)
                        || self.services.iter().any(|service| reads(service) && is_of(service)))
            })
        });
        service_known && category_known
    }

    /// Every channel or log that the catalogue knows by name.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.services.iter().flat_map(|service| service.channels.iter().map(String::as_str))
    }

    /// Every event id that a category or class names.
    pub fn event_ids(&self) -> impl Iterator<Item = u32> {
        let categories = self.categories.iter().flat_map(|entry| &entry.reads);
        let classes = self.classes.iter().flat_map(|entry| &entry.reads);
        categories.chain(classes).flat_map(|read| read.event_ids.iter().copied())
    }

    /// Sigma's name for the log of a kind, empty when the catalogue does not know it.
    #[must_use]
    pub fn service_of(&self, kind: &Kind) -> &str {
        let product = product_of(kind);
        self.services
            .iter()
            .find(|entry| {
                entry.product == product
                    && entry.channels.iter().any(|channel| channel.eq_ignore_ascii_case(&kind.log))
            })
            .map_or("", |entry| entry.service.as_str())
    }

    /// Whether events of `kind` are of a product, or of one that writes the same.
    fn may_be_of(&self, product: &str, kind: &Kind) -> bool {
        // Of an OCSF event the product is known, or unknown and then no other's.
        product.eq_ignore_ascii_case(&kind.product)
            || self.services.iter().any(|entry| {
                *entry.product == *kind.product
                    && !is_ocsf(kind)
                    && entry.channels.iter().any(|channel| channel.eq_ignore_ascii_case(&kind.log))
                    && entry.is_of(product)
            })
    }

    fn service_reads(&self, product: &str, service: &str, log: &str) -> bool {
        self.services.iter().any(|entry| {
            entry.product == product
                && entry.service.eq_ignore_ascii_case(service)
                && entry.channels.iter().any(|channel| channel.eq_ignore_ascii_case(log))
        })
    }
}

/// Whether events of a kind come in OCSF, of whatever product they are.
#[must_use]
pub fn is_ocsf(kind: &Kind) -> bool {
    *kind.log == *OCSF
}

/// The product by which the catalogue lists what holds for a kind.
pub(super) fn product_of(kind: &Kind) -> &str {
    if is_ocsf(kind) { OCSF } else { &kind.product }
}
