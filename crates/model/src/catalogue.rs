//! The field catalogue: the only place that says what a field is.
//!
//! Two files hold it as data, `catalogue/fields.toml` (fields: OCSF name, type, meaning,
//! sensitivity, treatment in research releases, names per log source) and
//! `catalogue/logsources.toml` (which channels and event ids a Sigma log source reads, and
//! the OCSF class of each). Readers name columns by it, the rule compiler finds columns by
//! it, and the documentation is printed from it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use crate::event::Kind;

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
}

/// Log of all events that come in OCSF, whatever the product. In keys of fields, services and
/// categories the product of the same name stands for all of them.
pub const OCSF: &str = "ocsf";

/// One field of the catalogue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// OCSF 1.8 attribute path; ours begin with `noroshi.`.
    pub name: String,
    /// Type of its values.
    #[serde(rename = "type")]
    pub data_type: DataType,
    /// Unit of a number, empty when it has none.
    #[serde(default)]
    pub unit: String,
    /// Meaning in Japanese.
    pub ja: String,
    /// Meaning in English.
    pub en: String,
    /// Who may be harmed when it is shown.
    pub sensitivity: Sensitivity,
    /// What a research release does with it.
    pub research: Research,
    /// `product[/service[:ids]]` → names by which events and rules know it.
    pub sigma: BTreeMap<String, Vec<String>>,
}

/// Type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each variant is the word it stands for")]
pub enum DataType {
    String,
    Integer,
    Boolean,
    Timestamp,
    Ip,
    Mac,
    Uuid,
    Hash,
    Url,
}

impl DataType {
    /// The word the catalogue file uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Ip => "ip",
            Self::Mac => "mac",
            Self::Uuid => "uuid",
            Self::Hash => "hash",
            Self::Url => "url",
        }
    }
}

/// Who may be harmed when a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Nobody.
    Public,
    /// The organisation.
    Internal,
    /// A person.
    Personal,
    /// Whoever trusts a secret in it.
    Secret,
}

impl Sensitivity {
    /// The word the catalogue file uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Secret => "secret",
        }
    }
}

/// What a research release does with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Research {
    /// Release as it is.
    Keep,
    /// Replace by a keyed hash.
    Hash,
    /// Coarsen.
    Truncate,
    /// Encrypt an address so that shared prefixes stay shared.
    Prefix,
    /// Leave out.
    Drop,
}

impl Research {
    /// The word the catalogue file uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Hash => "hash",
            Self::Truncate => "truncate",
            Self::Prefix => "prefix",
            Self::Drop => "drop",
        }
    }
}

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
    /// Kinds of this class.
    pub reads: Vec<Read>,
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

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct NameScope {
    product: String,
    service: String,
    event_id: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    field: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogSourceFile {
    service: Vec<Service>,
    category: Vec<Category>,
    class: Vec<Class>,
}

impl Catalogue {
    /// The catalogue this build carries.
    ///
    /// # Errors
    /// When the files in `catalogue/` contradict themselves; a test keeps that from happening.
    pub fn bundled() -> Result<Arc<Self>, CatalogueError> {
        let fields = include_str!("../../../catalogue/fields.toml");
        let logsources = include_str!("../../../catalogue/logsources.toml");
        Self::parse(fields, logsources).map(Arc::new)
    }

    /// Reads the two files.
    ///
    /// # Errors
    /// On a syntax error, on a name that leads to two fields in one kind, on an unknown service.
    pub fn parse(fields: &str, logsources: &str) -> Result<Self, CatalogueError> {
        let syntax = |file| move |source| CatalogueError::Syntax { file, source: Box::new(source) };
        let FieldFile { field: fields } = toml::from_str(fields).map_err(syntax("fields"))?;
        let sources: LogSourceFile = toml::from_str(logsources).map_err(syntax("log sources"))?;
        let mut catalogue = Self {
            fields,
            services: sources.service,
            categories: sources.category,
            classes: sources.class,
            names: HashMap::new(),
            own: HashMap::new(),
        };
        catalogue.check_reads()?;
        catalogue.index_names()?;
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

    fn index_names(&mut self) -> Result<(), CatalogueError> {
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

impl Service {
    fn is_of(&self, product: &str) -> bool {
        let mut products = std::iter::once(&self.product).chain(&self.also);
        products.any(|known| known.eq_ignore_ascii_case(product))
    }
}

fn is_ocsf(kind: &Kind) -> bool {
    *kind.log == *OCSF
}

/// The product by which the catalogue lists what holds for a kind.
fn product_of(kind: &Kind) -> &str {
    if is_ocsf(kind) { OCSF } else { &kind.product }
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

/// Splits `product/service:1,2` into its parts; missing parts are empty.
fn split_key(key: &str) -> (&str, &str, Vec<u32>) {
    let (product, rest) = key.split_once('/').unwrap_or((key, ""));
    let (service, ids) = rest.split_once(':').unwrap_or((rest, ""));
    (product, service, ids.split(',').filter_map(|id| id.trim().parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_catalogue_is_sound() {
        let catalogue = Catalogue::bundled().unwrap();
        let sysmon = Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(1));
        let security = Kind::new("windows", "Security", Some(4688));
        let field = |kind: &Kind, name: &str| catalogue.field(kind, name).map(|field| field.name.clone());
        assert_eq!(field(&sysmon, "Image").as_deref(), Some("process.file.path"));
        assert_eq!(field(&security, "NewProcessName"), field(&security, "Image"));
        assert_eq!(catalogue.class_of(&sysmon), ("process_activity", 1007));
        let image = catalogue.field(&security, "Image").unwrap();
        assert_eq!(catalogue.names_of(&security, image)[0], "NewProcessName");
        for field in catalogue.fields() {
            assert!(!field.ja.is_empty() && !field.en.is_empty(), "{} has no meaning", field.name);
        }
    }

    #[test]
    fn log_sources_read_their_kinds_alone() {
        let catalogue = Catalogue::bundled().unwrap();
        let source = |product, category, service| LogSource { product, category, service };
        let sysmon = |id| Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(id));
        let process = source(Some("windows"), Some("process_creation"), None);
        assert_eq!(catalogue.route(&process, &sysmon(1)), Route::Yes);
        assert_eq!(catalogue.route(&process, &sysmon(3)), Route::No);
        assert_eq!(catalogue.route(&process, &Kind::new("windows", "System", Some(1))), Route::No);
        let deleted = source(Some("windows"), Some("registry_delete"), None);
        assert!(matches!(catalogue.route(&deleted, &sysmon(12)), Route::Where(_)));
        let windows = source(Some("windows"), None, None);
        assert_eq!(catalogue.route(&windows, &Kind::new("windows", "Anything", None)), Route::Yes);
        assert_eq!(catalogue.route(&windows, &Kind::new("linux", "auditd", None)), Route::No);
        let security = source(None, None, Some("security"));
        assert_eq!(catalogue.route(&security, &Kind::new("windows", "security", Some(1))), Route::Yes);
    }

    #[test]
    fn text_logs_are_read_by_their_purpose() {
        let catalogue = Catalogue::bundled().unwrap();
        let access = ("apache", "access");
        for (product, category, service, kind, reads) in [
            (Some("linux"), None, Some("auth"), ("linux", "sshd"), true),
            (Some("linux"), None, Some("auth"), ("linux", "sudo"), true),
            (Some("linux"), None, Some("auth"), ("linux", "auth"), true),
            (Some("linux"), None, Some("auth"), ("linux", "cron"), false),
            (Some("linux"), None, Some("sshd"), ("linux", "sshd"), true),
            (Some("linux"), None, Some("sshd"), ("linux", "auth"), false),
            (Some("linux"), None, Some("syslog"), ("linux", "vsftpd"), true),
            (Some("linux"), None, None, ("linux", "cron"), true),
            (Some("linux"), None, None, access, false),
            (None, Some("webserver"), None, access, true),
            (None, Some("webserver"), None, ("linux", "syslog"), false),
            (Some("apache"), Some("webserver"), None, access, true),
            (Some("nginx"), Some("webserver"), None, access, true),
            (Some("apache"), None, Some("access"), access, true),
            (Some("nginx"), None, None, access, true),
            (Some("zeek"), Some("webserver"), None, access, false),
            (None, None, Some("apache"), access, false),
        ] {
            let source = LogSource { product, category, service };
            let route = catalogue.route(&source, &Kind::new(kind.0, kind.1, None));
            assert_eq!(route, if reads { Route::Yes } else { Route::No }, "{source:?} {kind:?}");
            assert!(!reads || catalogue.is_readable(&source), "{source:?}");
        }
        let error_log = LogSource { service: Some("nginx"), ..LogSource::default() };
        assert!(!catalogue.is_readable(&error_log));
        let of = |log, name| {
            catalogue.field(&Kind::new("linux", log, None), name).map(|field| field.name.as_str())
        };
        assert_eq!(of("sshd", "user"), Some("user.name"));
        assert_eq!((of("sudo", "user"), of("sudo", "USER")), (Some("actor.user.name"), Some("user.name")));
        assert_eq!(
            (of("cron", "pid"), of("auditd", "pid")),
            (Some("noroshi.record.process_id"), Some("actor.process.pid"))
        );
    }

    #[test]
    fn ocsf_events_are_known_by_their_own_names_whatever_their_product() {
        let catalogue = Catalogue::bundled().unwrap();
        let start = Kind::new("windows", OCSF, Some(1007));
        let names =
            |kind: &Kind, name| catalogue.field(kind, name).map(|field| catalogue.names_of(kind, field));
        assert_eq!(names(&start, "Image"), Some(vec!["process.file.path", "Image"]));
        assert_eq!(names(&start, "process.file.path"), names(&start, "Image"));
        assert_eq!(catalogue.class_of(&start), ("process_activity", 1007));
        let sysmon = Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(1));
        assert_eq!(names(&sysmon, "process.file.path"), None);
        let starts = |product| LogSource { product, category: Some("process_creation"), service: None };
        assert!(matches!(catalogue.route(&starts(Some("windows")), &start), Route::Where(_)));
        assert!(matches!(catalogue.route(&starts(None), &start), Route::Where(_)));
        assert_eq!(catalogue.route(&starts(Some("linux")), &start), Route::No);
        assert!(catalogue.is_readable(&starts(Some("macos"))));
        assert!(!catalogue.is_readable(&starts(Some("fortios"))));
    }

    #[test]
    fn categories_without_a_product_read_every_sensor() {
        let catalogue = Catalogue::bundled().unwrap();
        let source = |category| LogSource { product: None, category: Some(category), service: None };
        for (category, product, log, route) in [
            ("dns", "zeek", "dns", Route::Yes),
            ("dns", "suricata", "dns", Route::Yes),
            ("dns", "zeek", "http", Route::No),
            ("proxy", "suricata", "http", Route::Yes),
            ("firewall", "zeek", "conn", Route::Yes),
        ] {
            assert_eq!(
                catalogue.route(&source(category), &Kind::new(product, log, None)),
                route,
                "{category}"
            );
        }
        let detection =
            LogSource { product: Some("m365"), category: None, service: Some("threat_detection") };
        assert_eq!(catalogue.route(&detection, &Kind::new("m365", "threat_management", None)), Route::Yes);
        assert_eq!(catalogue.route(&detection, &Kind::new("m365", "exchange", None)), Route::No);
    }

    #[test]
    fn contradictions_are_refused() {
        let field = |name: &str| {
            format!(
                "[[field]]\nname = \"{name}\"\ntype = \"string\"\nja = \"x\"\nen = \"x\"\nsensitivity = \"public\"\nresearch = \"keep\"\nsigma = {{ \"windows\" = [\"Image\"] }}\n"
            )
        };
        let sources = "service = []\ncategory = []\nclass = []\n";
        let error = Catalogue::parse(&(field("a") + &field("b")), sources).unwrap_err();
        assert!(error.to_string().contains("Image"), "{error}");
        assert!(Catalogue::parse("field = 3", sources).is_err());
        let category = "service = []\nclass = []\n[[category]]\nproduct = \"windows\"\ncategory = \"x\"\nreads = [{ service = \"none\" }]\n";
        assert!(Catalogue::parse("field = []", category).is_err());
    }
}
