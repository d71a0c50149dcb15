//! What a recipient may do with a piece of information: three marks that say three things, none of
//! which follows from another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The marks of a piece of information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Marking {
    /// With whom it may be shared.
    pub tlp: Tlp,
    /// How the government that keeps it has graded it, where it has.
    pub confidentiality: Option<Confidentiality>,
    /// What may be done with it that others could notice, where somebody said.
    pub pap: Option<Pap>,
}

/// Traffic Light Protocol 2.0 (FIRST): with whom information may be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Tlp {
    /// With everybody.
    #[serde(rename = "TLP:CLEAR")]
    Clear,
    /// Within the community.
    #[serde(rename = "TLP:GREEN")]
    Green,
    /// With those in the recipient's organisation and its clients who need to know; what nobody has
    /// marked is taken for this.
    #[default]
    #[serde(rename = "TLP:AMBER")]
    Amber,
    /// Within the recipient's organisation only.
    #[serde(rename = "TLP:AMBER+STRICT")]
    AmberStrict,
    /// With the recipients themselves.
    #[serde(rename = "TLP:RED")]
    Red,
}

/// Permissible Actions Protocol: what may be done that an attacker could notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Pap {
    /// Anything that law and licence allow.
    #[serde(rename = "PAP:CLEAR")]
    Clear,
    /// Active measures, such as blocking traffic.
    #[serde(rename = "PAP:GREEN")]
    Green,
    /// Looking things up where the attacker does not see it.
    #[serde(rename = "PAP:AMBER")]
    Amber,
    /// Nothing that leaves one's own systems.
    #[serde(rename = "PAP:RED")]
    Red,
}

/// 機密性, the grade of confidentiality by which Japan's government keeps a document (統一基準群).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Confidentiality {
    /// 機密性1: made public, or could be.
    #[serde(rename = "機密性1")]
    One,
    /// 機密性2: its leak would do harm.
    #[serde(rename = "機密性2")]
    Two,
    /// 機密性3: as a secret document.
    #[serde(rename = "機密性3")]
    Three,
}

/// A text that is no mark of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAMark {
    /// The text.
    pub text: String,
    /// What would be one.
    pub known: Vec<&'static str>,
}

impl Tlp {
    /// All labels, from the freest.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];

    /// The label, as it must be written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }
}

impl Pap {
    /// All labels, from the freest.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Green, Self::Amber, Self::Red];

    /// The label.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "PAP:CLEAR",
            Self::Green => "PAP:GREEN",
            Self::Amber => "PAP:AMBER",
            Self::Red => "PAP:RED",
        }
    }
}

impl Confidentiality {
    /// All grades, from the lowest.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Three];

    /// The grade as documents bear it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::One => "機密性1",
            Self::Two => "機密性2",
            Self::Three => "機密性3",
        }
    }
}

/// Reads a label without its first word, too, in any case and width; version 1 said white for clear.
fn read<T: Copy>(text: &str, protocol: &str, all: &[T], word: fn(T) -> &'static str) -> Result<T, NotAMark> {
    let upper = text.trim().to_uppercase().replace('：', ":");
    let label = upper.strip_prefix(protocol).and_then(|rest| rest.strip_prefix(':')).unwrap_or(&upper).trim();
    let label = if label == "WHITE" { "CLEAR" } else { label };
    let is_it = |one: &&T| word(**one).strip_prefix(protocol).is_some_and(|rest| rest[1..] == *label);
    all.iter()
        .find(is_it)
        .copied()
        .ok_or_else(|| NotAMark { text: text.to_owned(), known: all.iter().map(|one| word(*one)).collect() })
}

impl FromStr for Tlp {
    type Err = NotAMark;

    fn from_str(text: &str) -> Result<Self, NotAMark> {
        read(text, "TLP", &Self::ALL, Self::as_str)
    }
}

impl FromStr for Pap {
    type Err = NotAMark;

    fn from_str(text: &str) -> Result<Self, NotAMark> {
        read(text, "PAP", &Self::ALL, Self::as_str)
    }
}

impl FromStr for Confidentiality {
    type Err = NotAMark;

    fn from_str(text: &str) -> Result<Self, NotAMark> {
        let written = text.trim().trim_end_matches("情報");
        let is_it = |grade: &Self| {
            let word = grade.as_str();
            let digit = &word[word.len() - 1..];
            written == word || written == digit || written == word.replace(digit, wide(digit))
        };
        Self::ALL
            .into_iter()
            .find(is_it)
            .ok_or_else(|| NotAMark { text: text.to_owned(), known: Self::ALL.map(Self::as_str).to_vec() })
    }
}

/// A digit as Japanese documents often have it.
fn wide(digit: &str) -> &'static str {
    match digit {
        "1" => "１",
        "2" => "２",
        _ => "３",
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for Pap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for Confidentiality {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for NotAMark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} is none of {}", self.text, self.known.join(", "))
    }
}

impl std::error::Error for NotAMark {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_as_people_write_them_and_written_as_the_protocol_says() {
        for (text, expected) in [
            ("TLP:AMBER", Some("TLP:AMBER")),
            ("amber", Some("TLP:AMBER")),
            ("tlp:amber+strict", Some("TLP:AMBER+STRICT")),
            ("TLP：RED", Some("TLP:RED")),
            ("TLP: GREEN ", Some("TLP:GREEN")),
            ("TLP:WHITE", Some("TLP:CLEAR")),
            ("TLP:AMBER STRICT", None),
            ("TLPAMBER", None),
            ("PAP:RED", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Tlp>().ok().map(Tlp::as_str), expected, "{text}");
        }
        assert_eq!("white".parse::<Pap>(), Ok(Pap::Clear));
        let error = "blue".parse::<Pap>().map_err(|error| error.to_string());
        assert_eq!(error, Err("blue is none of PAP:CLEAR, PAP:GREEN, PAP:AMBER, PAP:RED".to_owned()));
    }

    #[test]
    fn grades_are_read_with_either_digits() {
        for (text, expected) in [
            ("機密性2", Some(Confidentiality::Two)),
            ("機密性３情報", Some(Confidentiality::Three)),
            ("1", Some(Confidentiality::One)),
            ("機密性4", None),
            ("完全性2", None),
        ] {
            assert_eq!(text.parse().ok(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_stricter_is_more() {
        assert!(Tlp::ALL.is_sorted() && Pap::ALL.is_sorted() && Confidentiality::ALL.is_sorted());
        assert!(Tlp::AmberStrict > Tlp::default());
    }

    #[test]
    fn marks_in_json_are_their_labels() {
        let marking =
            Marking { tlp: Tlp::AmberStrict, confidentiality: Some(Confidentiality::Two), pap: None };
        let text = serde_json::to_string(&marking).unwrap_or_default();
        assert_eq!(text, r#"{"tlp":"TLP:AMBER+STRICT","confidentiality":"機密性2","pap":null}"#);
        assert_eq!(serde_json::from_str::<Marking>(&text).ok(), Some(marking));
    }
}
