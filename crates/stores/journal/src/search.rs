//! Texts as they are looked for: people write the same in many ways.

use std::collections::BTreeSet;

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
