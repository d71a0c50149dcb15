//! Patterns of Sigma values: how one text is compared with one value of a rule.
//!
//! Matching ignores case unless `cased` is given (Sigma specification 2.1.0, "Value
//! modifiers"): both sides are folded once, so a comparison is a comparison of bytes.

use std::borrow::Cow;
use std::net::IpAddr;

use memchr::memmem;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Folds a character as Unicode's simple case folding does (CaseFolding.txt, C and S): all that differ
/// in case alone become one, the micro sign and the small mu too, and folding never changes how many
/// characters `?` sees.
#[must_use]
pub fn fold_char(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    match character {
        // The dotless i is a letter of its own; its upper case is that of the dotted one.
        'ı' => return character,
        // Pairs whose upper case is more than one character.
        '\u{1fd3}' => return '\u{390}',
        '\u{1fe3}' => return '\u{3b0}',
        '\u{fb05}' => return '\u{fb06}',
        _ => {}
    }
    let upper = single(character.to_uppercase()).unwrap_or(character);
    single(upper.to_lowercase()).unwrap_or(character)
}

fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}

/// Folds a text for comparison.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(fold_char).collect())
}

/// Appends the folded text to `out`.
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        if let Some(tail) = out.get_mut(start..) {
            tail.make_ascii_lowercase();
        }
    } else {
        out.extend(text.chars().map(fold_char));
    }
}

/// A piece of a wildcard pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// This text.
    Literal(String),
    /// `*`: any run of characters, also none.
    Any,
    /// `?`: one character.
    One,
    /// A place where `windash` accepts any of the five dash characters.
    Dash,
}

/// The characters `windash` treats alike: hyphen, slash, en dash, em dash, horizontal bar.
pub const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A value text with its wildcards.
pub type Pieces = Vec<Piece>;

/// Appends a literal to pieces, joined with a literal before it.
pub fn push_literal(pieces: &mut Pieces, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Literal(last)) = pieces.last_mut() {
        last.push_str(text);
    } else {
        pieces.push(Piece::Literal(text.to_owned()));
    }
}

/// The text of pieces without any wildcard, else nothing.
#[must_use]
pub fn plain(pieces: &[Piece]) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            _ => return None,
        }
    }
    Some(text)
}

/// A wildcard pattern in the cheapest form that decides it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pattern {
    /// Compare as written instead of folded.
    pub cased: bool,
    shape: Shape,
}

#[derive(Debug, Serialize, Deserialize)]
enum Shape {
    /// Any value at all.
    Present,
    Exact(Box<str>),
    Prefix(Box<str>),
    Suffix(Box<str>),
    #[serde(serialize_with = "needle", deserialize_with = "finder")]
    Contains(Box<memmem::Finder<'static>>),
    Glob(Glob),
}

fn needle<S: Serializer>(finder: &memmem::Finder<'static>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(finder.needle())
}

fn finder<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<memmem::Finder<'static>>, D::Error> {
    let needle = <&[u8]>::deserialize(deserializer)?;
    Ok(Box::new(memmem::Finder::new(needle).into_owned()))
}

/// How a literal must stand in a value, so that the pattern can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stand {
    /// It is the whole value.
    Whole,
    /// The value begins with it.
    Begin,
    /// The value ends with it.
    End,
    /// Anywhere.
    Inside,
}

impl Pattern {
    /// Builds the pattern; pieces are folded here unless `cased`.
    #[must_use]
    pub fn new(pieces: &[Piece], cased: bool) -> Self {
        let folded: Pieces = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) if !cased => Piece::Literal(fold(text).into_owned()),
                other => other.clone(),
            })
            .collect();
        let shape = match folded.as_slice() {
            [] => Shape::Exact("".into()),
            [Piece::Literal(text)] => Shape::Exact(text.as_str().into()),
            [Piece::Any, rest @ ..] if rest.iter().all(|piece| *piece == Piece::Any) => Shape::Present,
            [Piece::Literal(text), Piece::Any] => Shape::Prefix(text.as_str().into()),
            [Piece::Any, Piece::Literal(text)] => Shape::Suffix(text.as_str().into()),
            [Piece::Any, Piece::Literal(text), Piece::Any] => {
                Shape::Contains(Box::new(memmem::Finder::new(text.as_bytes()).into_owned()))
            }
            pieces => Shape::Glob(Glob::new(pieces)),
        };
        Self { cased, shape }
    }

    /// Whether the text fits; `text` is folded unless the pattern is cased.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Present => true,
            Shape::Exact(wanted) => **wanted == *text,
            Shape::Prefix(wanted) => text.starts_with(&**wanted),
            Shape::Suffix(wanted) => text.ends_with(&**wanted),
            Shape::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Shape::Glob(glob) => glob.matches(text),
        }
    }

    /// Texts that every fitting value holds, as the pattern compares them; empty when there are none.
    #[must_use]
    pub fn literals(&self) -> Vec<(&str, Stand)> {
        match &self.shape {
            Shape::Present => Vec::new(),
            Shape::Exact(text) => vec![(text, Stand::Whole)],
            Shape::Prefix(text) => vec![(text, Stand::Begin)],
            Shape::Suffix(text) => vec![(text, Stand::End)],
            Shape::Contains(finder) => std::str::from_utf8(finder.needle())
                .map_or_else(|_| Vec::new(), |text| vec![(text, Stand::Inside)]),
            Shape::Glob(glob) => glob.literals(),
        }
    }
}

/// A pattern with inner wildcards: runs of units, separated by `*`.
#[derive(Debug, Serialize, Deserialize)]
struct Glob {
    runs: Vec<Vec<Unit>>,
    starts_open: bool,
    ends_open: bool,
}

#[derive(Debug, Serialize, Deserialize)]
enum Unit {
    Literal(Box<str>),
    One,
    Dash,
}

impl Glob {
    fn new(pieces: &[Piece]) -> Self {
        let mut runs = vec![Vec::new()];
        for piece in pieces {
            let unit = match piece {
                Piece::Literal(text) => Unit::Literal(text.as_str().into()),
                Piece::One => Unit::One,
                Piece::Dash => Unit::Dash,
                Piece::Any => {
                    runs.push(Vec::new());
                    continue;
                }
            };
            if let Some(run) = runs.last_mut() {
                run.push(unit);
            }
        }
        let starts_open = pieces.first() == Some(&Piece::Any);
        let ends_open = pieces.last() == Some(&Piece::Any);
        runs.retain(|run| !run.is_empty());
        Self { runs, starts_open, ends_open }
    }

    fn matches(&self, text: &str) -> bool {
        let mut at = 0;
        let last = self.runs.len().saturating_sub(1);
        for (number, run) in self.runs.iter().enumerate() {
            let must_start = number == 0 && !self.starts_open;
            let must_end = number == last && !self.ends_open;
            let found = match (must_start, must_end) {
                (true, must_end) => run_at(run, text, 0).filter(|end| !must_end || *end == text.len()),
                (false, true) => run_at_end(run, text, at),
                (false, false) => find_run(run, text, at),
            };
            match found {
                Some(end) => at = end,
                None => return false,
            }
        }
        true
    }

    fn literals(&self) -> Vec<(&str, Stand)> {
        let mut found = Vec::new();
        for (number, run) in self.runs.iter().enumerate() {
            for (position, unit) in run.iter().enumerate() {
                let Unit::Literal(text) = unit else { continue };
                let first = number == 0 && position == 0 && !self.starts_open;
                let last = number + 1 == self.runs.len() && position + 1 == run.len() && !self.ends_open;
                found.push((
                    &**text,
                    if first {
                        Stand::Begin
                    } else if last {
                        Stand::End
                    } else {
                        Stand::Inside
                    },
                ));
            }
        }
        found
    }
}

/// End of the run when it stands at byte `at`.
fn run_at(run: &[Unit], text: &str, at: usize) -> Option<usize> {
    let mut rest = text.get(at..)?;
    for unit in run {
        rest = match unit {
            Unit::Literal(literal) => rest.strip_prefix(&**literal)?,
            Unit::One => {
                let character = rest.chars().next()?;
                &rest[character.len_utf8()..]
            }
            Unit::Dash => rest.strip_prefix(DASHES)?,
        };
    }
    Some(text.len() - rest.len())
}

/// End of the first place at or after `from` where the run stands.
fn find_run(run: &[Unit], text: &str, from: usize) -> Option<usize> {
    if let Some(Unit::Literal(first)) = run.first() {
        // Each place is tried, also those that overlap the one before.
        let mut from = from;
        loop {
            let start = from + memmem::find(text.as_bytes().get(from..)?, first.as_bytes())?;
            if let Some(end) = run_at(run, text, start) {
                return Some(end);
            }
            from = start + text[start..].chars().next().map_or(1, char::len_utf8);
        }
    }
    let rest = text.get(from..)?;
    let starts = rest.char_indices().map(|(offset, _)| from + offset).chain([text.len()]);
    starts.into_iter().find_map(|start| run_at(run, text, start))
}

/// The text's length when the run stands at its end, not before `from`.
fn run_at_end(run: &[Unit], text: &str, from: usize) -> Option<usize> {
    // A run has a fixed number of characters, so only one start can reach the end.
    let characters: usize = run
        .iter()
        .map(|unit| match unit {
            Unit::Literal(text) => text.chars().count(),
            Unit::One | Unit::Dash => 1,
        })
        .sum();
    let start = match characters {
        0 => text.len(),
        count => text.char_indices().rev().nth(count - 1)?.0,
    };
    if start < from {
        return None;
    }
    run_at(run, text, start).filter(|end| *end == text.len())
}

/// A network in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    bits: u128,
    mask: u128,
    is_v4: bool,
}

impl Network {
    /// Reads `address/length`; a bare address is a network of one. Host bits are ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let (bits, is_v4) = address_bits(address)?;
        let width = if is_v4 { 32 } else { 128 };
        let length = length.unwrap_or(width);
        if length > width {
            return None;
        }
        let mask = if length == 0 { 0 } else { u128::MAX << (width - length) };
        let mask = if is_v4 { mask & 0xffff_ffff } else { mask };
        Some(Self { bits: bits & mask, mask, is_v4 })
    }

    /// Whether the text is an address of this network. IPv4 networks hold no mapped IPv6
    /// addresses: `::ffff:192.0.2.1` is asked for as `::ffff:192.0.2.0/120`.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        address_bits(text.trim())
            .is_some_and(|(bits, is_v4)| is_v4 == self.is_v4 && bits & self.mask == self.bits)
    }
}

fn address_bits(text: &str) -> Option<(u128, bool)> {
    let text = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text);
    let text = text.split_once('%').map_or(text, |(address, _scope)| address);
    match text.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => Some((u128::from(u32::from(address)), true)),
        IpAddr::V6(address) => Some((u128::from(address), false)),
    }
}

/// A number of a rule or an event. Decimal only: hexadecimal text stays text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// Any other.
    Float(f64),
}

impl Number {
    /// Reads decimal notation.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(integer) = text.parse::<i128>() {
            return Some(Self::Integer(integer));
        }
        let starts_like_number =
            text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
        // "inf" and "nan" are words in logs.
        text.parse::<f64>().ok().filter(|float| starts_like_number && float.is_finite()).map(Self::Float)
    }

    /// Orders two numbers; exact between whole numbers.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(&b)),
            (a, b) => a.float().partial_cmp(&b.float()),
        }
    }

    /// The nearest fraction.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "comparison with a fraction needs no more than f64 holds")]
    pub fn float(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Float(float) => float,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(text: &str) -> Pattern {
        let mut pieces = Pieces::new();
        for character in text.chars() {
            match character {
                '*' => pieces.push(Piece::Any),
                '?' => pieces.push(Piece::One),
                '~' => pieces.push(Piece::Dash),
                other => push_literal(&mut pieces, &other.to_string()),
            }
        }
        Pattern::new(&pieces, false)
    }

    #[test]
    fn wildcards_fit_the_whole_value() {
        for (pattern, text, expected) in [
            ("bake*done", "bake it\ndone", true),
            ("bake*done", "bakedone", true),
            ("bake*done", "xbakedone", false),
            ("bake*done", "bakedonex", false),
            ("prog?", "progé", true),
            ("prog?", "prog", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "ba", false),
            ("ab*ba", "aba", false),
            ("*ab?c*de", "xxabzcabycde", true),
            ("?*?", "x", false),
            ("?*?", "xy", true),
            ("* ~s*", "run \u{2014}s", true),
            ("* ~s*", "run +s", false),
            ("*??b", "éab", true),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(glob(pattern).matches(&fold(text)), expected, "{pattern} on {text}");
        }
    }

    /// The same pattern as a regular expression.
    fn expression(pattern: &str) -> regex::Regex {
        let sign = |character: char| match character {
            '*' => "(?s:.*)".to_owned(),
            '?' => "(?s:.)".to_owned(),
            '~' => "[-/\u{2013}\u{2014}\u{2015}]".to_owned(),
            other => regex::escape(&other.to_string()),
        };
        let inner: String = pattern.chars().map(sign).collect();
        regex::Regex::new(&format!(r"\A{inner}\z")).unwrap()
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4_000))]

        #[test]
        fn patterns_fit_what_their_regular_expressions_fit(
            pattern in "[ab~?*é-]{0,9}",
            texts in proptest::collection::vec("[ab/é\n\u{2014}-]{0,12}", 8),
        ) {
            let (ours, theirs) = (glob(&pattern), expression(&pattern));
            for text in texts {
                proptest::prop_assert_eq!(ours.matches(&text), theirs.is_match(&text), "{} on {:?}", pattern, text);
            }
        }
    }

    #[test]
    fn places_that_overlap_are_all_tried() {
        assert!(glob("*aa?b*").matches("aaaxb"));
        assert!(glob("*aa~b*").matches("aaa-b"));
        assert!(glob("*éé?b*").matches("éééxb"));
    }

    #[test]
    fn what_differs_in_case_alone_folds_to_one_character() {
        let members = |character: char| {
            let pattern = format!("(?i)\\x{{{:x}}}", u32::from(character));
            let hir = regex_syntax::Parser::new().parse(&pattern).unwrap();
            match hir.into_kind() {
                regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => {
                    class.iter().flat_map(|range| range.start()..=range.end()).collect()
                }
                _ => vec![character],
            }
        };
        let unassigned = regex::Regex::new(r"\p{Cn}").unwrap();
        for character in '\0'..=char::MAX {
            let folded = fold_char(character);
            let members = members(character);
            // The standard library may know a younger Unicode.
            let is_known = members.contains(&folded) || unassigned.is_match(&character.to_string());
            assert!(is_known, "{character} folds to {folded}");
            assert!(members.iter().all(|member| fold_char(*member) == folded), "{character}: {members:?}");
        }
    }

    #[test]
    fn folding_keeps_the_number_of_characters() {
        for (text, folded) in
            [("ÄÖÜ", "äöü"), ("ПРИВЕТ", "привет"), ("ＡＢＣ", "ａｂｃ"), ("İ", "İ"), ("ΣΊΣΥΦΟς", "σίσυφοσ")]
        {
            assert_eq!(fold(text), folded);
            let mut out = String::new();
            fold_into(text, &mut out);
            assert_eq!(out, folded);
        }
    }

    #[test]
    fn networks_hold_their_addresses() {
        for (network, address, expected) in [
            ("192.0.2.0/24", "192.0.2.255", true),
            ("192.0.2.0/24", "192.0.3.0", false),
            ("192.0.2.77/24", "192.0.2.1", true),
            ("0.0.0.0/0", "203.0.113.77", true),
            ("0.0.0.0/0", "::1", false),
            ("2001:db8::/32", "2001:DB8:0:1::7", true),
            ("fe80::/10", "fe80::1%eth0", true),
            ("::ffff:198.51.100.0/120", "::ffff:c633:6407", true),
            ("198.51.100.0/24", "::ffff:198.51.100.7", false),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.0/24", "host", false),
        ] {
            assert_eq!(Network::parse(network).unwrap().contains(address), expected, "{network} {address}");
        }
        assert_eq!(Network::parse("192.0.2.0/33"), None);
        assert_eq!(Network::parse("lan/8"), None);
    }

    #[test]
    fn numbers_compare_exactly_where_they_can() {
        use std::cmp::Ordering::{Equal, Greater, Less};
        for (a, b, expected) in [
            ("9007199254740993", "9007199254740992", Some(Greater)),
            ("-5", "3", Some(Less)),
            ("1.50", "1.5", Some(Equal)),
        ] {
            assert_eq!(Number::parse(a).unwrap().compare(Number::parse(b).unwrap()), expected);
        }
        assert_eq!(Number::parse("0x10"), None);
        assert_eq!(Number::parse("nan"), None);
        assert_eq!(Number::parse("inf"), None);
    }
}
