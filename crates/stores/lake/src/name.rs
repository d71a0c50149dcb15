//! What tables are called, as text and on disk.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

/// Most bytes of one part of a name.
const LONGEST: usize = 64;

/// A walled part of the lake: `own`, `exercise/<run>` or `commission/<id>`. No question crosses it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Compartment(Arc<str>);

/// A table: the rows of one class in one compartment, `<compartment>/<class>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    compartment: Compartment,
    class: Arc<str>,
}

/// A text that names no compartment or table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names no {wanted}")]
pub struct NotAName {
    text: String,
    wanted: &'static str,
}

impl NotAName {
    pub(crate) fn new(text: &str, wanted: &'static str) -> Self {
        Self { text: text.to_owned(), wanted }
    }
}

impl Compartment {
    /// The compartment of the installation's own observations.
    #[must_use]
    pub fn own() -> Self {
        Self("own".into())
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Compartment {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let right = match text.split_once('/') {
            None => text == "own",
            Some((sort, name)) => matches!(sort, "exercise" | "commission") && is_part(name),
        };
        if right { Ok(Self(text.into())) } else { Err(NotAName::new(text, "compartment")) }
    }
}

impl TableName {
    /// The table of a class.
    ///
    /// # Errors
    /// When the class is not a short word of lower-case letters, digits, `_` and `-`.
    pub fn new(compartment: Compartment, class: &str) -> Result<Self, NotAName> {
        if is_part(class) {
            Ok(Self { compartment, class: class.into() })
        } else {
            Err(NotAName::new(class, "class"))
        }
    }

    /// The compartment it lies in.
    #[must_use]
    pub fn compartment(&self) -> &Compartment {
        &self.compartment
    }

    /// Its class.
    #[must_use]
    pub fn class(&self) -> &str {
        &self.class
    }

    /// Its name as a question takes it after FROM; the installation's own compartment is left out.
    #[must_use]
    pub fn in_sql(&self) -> String {
        let plain = self.class.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let class = if plain { self.class.to_string() } else { format!("\"{}\"", self.class) };
        if self.compartment == Compartment::own() {
            class
        } else {
            format!("\"{}\".{class}", self.compartment)
        }
    }

    /// Its folder inside the lake's.
    pub(crate) fn folder(&self) -> PathBuf {
        self.compartment.0.split('/').chain([&*self.class]).collect()
    }
}

impl FromStr for TableName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let not_a_table = || NotAName::new(text, "table");
        let (compartment, class) = text.rsplit_once('/').ok_or_else(not_a_table)?;
        let compartment = compartment.parse().map_err(|_| not_a_table())?;
        Self::new(compartment, class).map_err(|_| not_a_table())
    }
}

impl fmt::Display for Compartment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.compartment, self.class)
    }
}

/// Whether a text can be a folder's name everywhere and needs no quoting in a path.
pub(crate) fn is_part(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= LONGEST
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|byte| plain(byte) || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_one_folder_each_and_to_none_outside() {
        for right in ["own/process_activity", "exercise/2026-spring/dns_activity", "commission/7/verdict"] {
            let name: TableName = right.parse().unwrap();
            assert_eq!(name.to_string(), right);
            assert_eq!(name.folder(), PathBuf::from(right));
        }
        for wrong in [
            "process_activity",
            "own/",
            "own//x",
            "own/x/y",
            "own/../x",
            "own/Process",
            "exercise/process_activity",
            "exercise/../own/x",
            "/own/x",
            "own/.x",
            "own/x y",
            "OWN/x",
            "other/x/y",
        ] {
            assert!(wrong.parse::<TableName>().is_err(), "{wrong}");
        }
        assert!(TableName::new(Compartment::own(), &"x".repeat(65)).is_err());
    }

    #[test]
    fn names_are_quoted_where_sql_wants_it() {
        for (name, expected) in [
            ("own/process_activity", "process_activity"),
            ("own/7-zip", r#""7-zip""#),
            ("exercise/2026-a/process_activity", r#""exercise/2026-a".process_activity"#),
        ] {
            assert_eq!(name.parse::<TableName>().unwrap().in_sql(), expected);
        }
    }
}
