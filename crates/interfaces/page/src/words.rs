//! The words of the platform in Japanese and English.
//!
//! Fluent files are compiled in. Numbers are written with thousands separators wherever they
//! appear in a text. A test keeps both languages complete and their placeholders equal.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};
use unic_langid::langid;

use crate::wording::grouped;

static_loader! {
    static LOCALES = {
        locales: "../../../locales",
        fallback_language: "en",
        customise: |bundle| {
            // Foreign text is isolated by markup; invisible marks would only surprise a copy.
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(|value, _| match value {
                FluentValue::Number(number) if number.value.fract() == 0.0 => Some(grouped(number.value as i64)),
                _ => None,
            }));
        },
    };
}

static JAPANESE: LanguageIdentifier = langid!("ja");
static ENGLISH: LanguageIdentifier = langid!("en");

/// A language of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Language {
    /// Both, Japanese first.
    pub const ALL: [Self; 2] = [Self::Ja, Self::En];

    /// BCP 47 tag, as in `<html lang>`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self {
            Self::Ja => &JAPANESE,
            Self::En => &ENGLISH,
        }
    }
}

/// What fills a placeholder of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number: chooses plural forms, is written with separators.
    Number(u64),
    /// A text, written as it is.
    Text(String),
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The language.
    pub language: Language,
}

impl Words {
    /// Words of `language`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// The text of `key`.
    #[must_use]
    pub fn get(self, key: &str) -> String {
        get(self.language, key, &[])
    }

    /// Whether there is a text of `key`.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        LOCALES.try_lookup(self.language.identifier(), key).is_some()
    }

    /// The text of `key` with its placeholders filled by values that come with their names; none where there is
    /// no such text, or a value is missing in it.
    #[must_use]
    pub fn fill(self, key: &str, values: &BTreeMap<String, String>) -> Option<String> {
        let values = values.iter().map(|(name, text)| (Cow::Owned(name.clone()), FluentValue::from(&**text)));
        look_up(self.language, key, &values.collect())
    }

    /// The text of `key` with its placeholders filled.
    #[must_use]
    pub fn with(self, key: &str, values: &[(&'static str, Value)]) -> String {
        get(self.language, key, values)
    }
}

/// The text of `key` in `language` with its placeholders filled. An unknown key comes back
/// as itself in brackets: a page with one odd word is better than none, and a test finds it.
#[must_use]
pub fn get(language: Language, key: &str, values: &[(&'static str, Value)]) -> String {
    let values: HashMap<Cow<'static, str>, FluentValue<'_>> = values
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Number(number) => FluentValue::from(*number),
                Value::Text(text) => FluentValue::from(text.as_str()),
            };
            (Cow::Borrowed(*name), value)
        })
        .collect();
    look_up(language, key, &values).unwrap_or_else(|| format!("[{key}]"))
}

fn look_up(
    language: Language,
    key: &str,
    values: &HashMap<Cow<'static, str>, FluentValue<'_>>,
) -> Option<String> {
    LOCALES.try_lookup_complete(language.identifier(), key, Some(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_separators_and_choose_plurals() {
        let days = |language, count: u64| get(language, "page-days", &[("number", count.into())]);
        assert_eq!(days(Language::En, 1), "1 day");
        assert_eq!(days(Language::En, 1_200), "1,200 days");
        assert_eq!(days(Language::Ja, 1_200), "1,200日");
    }

    #[test]
    fn texts_are_taken_as_they_are() {
        let clauses = get(Language::En, "page-clauses", &[("clauses", "{ $x } <b>".into())]);
        assert_eq!(clauses, "Clauses { $x } <b>");
    }

    #[test]
    fn an_unknown_key_shows_itself() {
        assert_eq!(get(Language::Ja, "page-nonsense", &[]), "[page-nonsense]");
    }

    #[test]
    fn a_text_that_cannot_be_filled_is_none() {
        let words = Words::new(Language::En);
        let values = |name: &str| [(name.to_owned(), "P-1".to_owned())].into();
        assert_eq!(words.fill("page-clauses", &values("clauses")).as_deref(), Some("Clauses P-1"));
        assert_eq!(words.fill("page-clauses", &values("others")), None);
        assert_eq!(words.fill("page-nonsense", &values("clauses")), None);
    }
}
