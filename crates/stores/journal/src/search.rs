//! Texts as they are looked for: people write the same in many ways.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use unicode_normalization::UnicodeNormalization;

/// The longest part of a text that is looked through, in signs.
const LONGEST: usize = 4_096;

/// A text as it is compared: compatibility forms made one (NFKC), small letters, one blank between words and
/// for signs that no text should have (SQLite takes a text to end at U+0000, and PostgreSQL has none).
#[must_use]
pub(crate) fn normal(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).nfkc().take(LONGEST).collect();
    let words = folded.split(|sign: char| sign.is_whitespace() || sign.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The pairs of neighbouring signs of a normal text, and its last sign, so that each sign begins one.
pub(crate) fn grams(normal: &str) -> BTreeSet<String> {
    let signs: Vec<char> = normal.chars().collect();
    let pairs = signs.windows(2).map(|pair| pair.iter().collect());
    pairs.chain(signs.last().map(ToString::to_string)).collect()
}

/// The pairs that a text must have in which this one stands; a single sign stands for all that begin with it.
pub(crate) fn wanted(normal: &str) -> BTreeSet<String> {
    let signs: Vec<char> = normal.chars().collect();
    signs.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// Pairs of which so many texts have one are in too many to begin with them.
const COMMON: i64 = 20_000;

/// How texts are found that have a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sought {
    /// Among those with this pair of signs, which few have.
    Pair(String),
    /// Among those with a pair that begins with this sign.
    Sign(String),
    /// Many have each of its pairs, so that going through the rows soon comes upon enough of them.
    Anywhere,
}

/// How those texts of a source are found that have a part, a normal text.
pub(crate) fn sought(database: &Connection, source: &str, part: &str) -> Result<Sought, rusqlite::Error> {
    let pairs = wanted(part);
    if pairs.is_empty() {
        let some = "SELECT count(*) FROM (SELECT 1 FROM search_grams \
                    WHERE gram >= $1 AND gram < $2 AND source = $3 LIMIT $4) AS some";
        let mut some = database.prepare_cached(some)?;
        let values = params![part, beyond(part), source, COMMON];
        let count: i64 = some.query_row(values, |row| row.get(0))?;
        let is_rare = count < COMMON && !part.is_empty();
        return Ok(if is_rare { Sought::Sign(part.to_owned()) } else { Sought::Anywhere });
    }
    let some = "SELECT count(*) FROM \
                (SELECT 1 FROM search_grams WHERE gram = $1 AND source = $2 LIMIT $3) AS some";
    let mut some = database.prepare_cached(some)?;
    let (mut sought, mut least) = (Sought::Anywhere, COMMON);
    for pair in pairs {
        // No further than to where it is known that it is not the rarest.
        let count = some.query_row(params![pair, source, least], |row| row.get(0))?;
        if count < least {
            (sought, least) = (Sought::Pair(pair), count);
        }
    }
    Ok(sought)
}

/// What is greater than all that begins with a text.
pub(crate) fn beyond(text: &str) -> String {
    format!("{text}\u{10ffff}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_that_mean_the_same_are_the_same() {
        for (one, other) in [
            ("ＬＳＡＳＳ ダンプ", "lsass ダンプ"),
            ("ﾀﾞﾝﾌﾟ", "ダンプ"),
            ("  two\u{3000}\twords ", "two words"),
            ("㈱カモメ", "(株)カモメ"),
            ("Straße", "straße"),
            ("a\0b\u{1f}c", "a b c"),
            ("", " "),
        ] {
            assert_eq!(normal(one), normal(other), "{one:?} {other:?}");
        }
        assert_eq!(grams("ダンプ"), ["ダン", "ンプ", "プ"].map(str::to_owned).into());
        assert_eq!(wanted("ダン"), ["ダン".to_owned()].into());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// What stands in a text is never missed by its pairs.
        #[test]
        fn a_part_of_a_text_has_pairs_of_it(text in "\\PC{0,40}", from in 0usize..40, length in 1usize..10) {
            let text = normal(&text);
            let part: String = text.chars().skip(from).take(length).collect();
            let all = grams(&text);
            prop_assert!(wanted(&part).is_subset(&all));
            let begins = |gram: &String| gram.chars().next() == part.chars().next();
            prop_assert!(part.is_empty() || all.iter().any(begins));
        }
    }
}
