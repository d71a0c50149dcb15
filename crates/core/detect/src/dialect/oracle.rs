//! Random expressions over random texts, against PCRE2 itself.

use proptest::prelude::*;

use crate::matcher::RegularExpression;

/// Pieces of expressions: what PCRE and other dialects read alike, and what they do not.
const PIECES: &[&str] = &[
    "a",
    "b",
    "z",
    "A",
    "-",
    "<",
    "&",
    "~",
    " ",
    "#",
    "]",
    "}",
    "{",
    "{,2}",
    "{2}",
    "{1,}",
    "{0,2}",
    "*",
    "+",
    "?",
    "*?",
    "*+",
    "++",
    "?+",
    "{1,2}+",
    "(",
    "(?:",
    "(?i:",
    "(?i)",
    "(?-i)",
    "(?m)",
    "(?s)",
    "(?x)",
    "(?x: ",
    "(?>",
    "(?=",
    "(?!",
    "(?<=a",
    "(?<!b",
    "(?<n>",
    ")",
    ")",
    ")",
    "|",
    "^",
    "$",
    ".",
    r"\A",
    r"\z",
    r"\Z",
    r"\b",
    r"\B",
    r"\d",
    r"\D",
    r"\w",
    r"\W",
    r"\s",
    r"\S",
    r"\h",
    r"\H",
    r"\v",
    r"\V",
    r"\R",
    r"\N",
    r"\K",
    r"\n",
    r"\t",
    r"\e",
    r"\<",
    r"\>",
    r"\-",
    r"\ ",
    r"\#",
    r"\/",
    r"\&",
    r"\x",
    r"\x41",
    r"\x{e9}",
    r"\141",
    r"\0",
    r"\o{141}",
    r"\cA",
    r"\1",
    r"\2",
    r"\k<n>",
    "(?P=n)",
    r"\g1",
    r"\g{-1}",
    r"\Qa.b\E",
    r"\Qz",
    r"\E",
    r"\p{L}",
    r"\P{Lu}",
    r"\pN",
    r"\p{^L}",
    "[a-c]",
    "[^b]",
    "[&&b]",
    "[a&&b]",
    "[a--]",
    "[!--]",
    "[a-z~~]",
    "[[]",
    "[]a]",
    "[^]a]",
    "[a[b]",
    r"[\w-z]",
    r"[\h]",
    r"[^\H]",
    r"[\Qa-z\E]",
    r"[a\]b]",
    r"[\b]",
    "[[:alpha:]]",
    "[[:^digit:]x]",
    "[a-]",
    "[-a]",
    "[ #]",
    r"[\n-\r]",
    "é",
    "グ",
    "(a)",
    "(b)?",
];
const LETTERS: &[&str] = &[
    "a", "b", "z", "A", "k", "1", "-", "<", "&", "~", "[", "]", "{", ",2}", "\\", " ", "#", "\t", "\n", "\r",
    "\r\n", ".", "a.b", "é", "グ", "\u{a0}", "_", "\x1b", "\x08", "\0", "\x01",
];

fn pcre(pattern: &str, multi_line: bool) -> Option<pcre2::bytes::Regex> {
    pcre2::bytes::RegexBuilder::new()
        .utf(true)
        .multi_line(multi_line)
        .build(&format!("(*NO_AUTO_POSSESS){pattern}"))
        .ok()
}

fn joined(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 1..most).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, max_global_rejects: 400_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_means_what_pcre_says(
        pattern in joined(PIECES, 6),
        texts in prop::collection::vec(joined(LETTERS, 7), 8),
        multi_line: bool,
    ) {
        let ours = RegularExpression::new(&pattern, [false, multi_line, false]);
        let theirs = pcre(&pattern, multi_line);
        prop_assume!(theirs.is_some() || ours.is_ok());
        let Some(theirs) = theirs else {
            // A look behind without a bound on its length means what it says, to who can do it.
            prop_assert!(pattern.contains("(?<"), "{:?} is read, and is none", pattern);
            return Ok(());
        };
        let Ok(ours) = ours else { return Ok(()) };
        for text in texts {
            let expected = theirs.is_match(text.as_bytes()).unwrap_or(false);
            prop_assert_eq!(ours.is_match(&text), expected, "{} on {:?}: {}", pattern, text, ours.pattern);
        }
    }
}

/// What the engines' own dialects read otherwise.
#[test]
fn signs_of_other_dialects_are_what_they_are_in_pcre() {
    for (pattern, fits, fits_not) in [
        ("run[&&;]who", "run&who", "run who"),
        ("id[!--]x", "id#x", "id/x"),
        ("tag[[]7", "tag[7", "tag7"),
        (r"\<run\>", "<run>", "run"),
        ("cut[^[]end", "cut-end", "cut[end"),
        ("[a-z~~]{2}q", "~~q", "~ q"),
        (r"run\h+who", "run\t who", "runhhwho"),
        (r"x\Qa.b\Ey", "xa.by", "xaobyy"),
        (r"^C:\\a\.exe$", "C:\\a.exe\n", "C:\\a.exe\n\n"),
        (r"\bcmd\b", "実行cmd", "xcmd"),
        (r"^\w+$", "abc_1", "実行"),
        ("a{,2}b{", "aab{", "ab"),
    ] {
        let expression = RegularExpression::new(pattern, [false; 3]);
        let expression = expression.unwrap_or_else(|error| panic!("{pattern}: {error}"));
        assert!(expression.is_match(fits) && !expression.is_match(fits_not), "{}", expression.pattern);
    }
}

#[test]
fn what_cannot_be_said_is_refused_by_name() {
    for (pattern, name) in [
        (r"a\Xb", "\\X"),
        (r"a\y", "\\y"),
        (r"(?!(a\K))b", "\\K"),
        (r"a\x{}", "\\x names no"),
        (r"a\o{+7}", "\\o names no"),
        ("a(?R)?", "(?R"),
        ("(*UCP)a", "verbs"),
        ("[[.a.]]", "collating"),
        (r"\g<name>", "calls"),
        ("[b-a]", "upside down"),
        ("a)", "closed"),
        ("*a", "repeats nothing"),
    ] {
        let refused = RegularExpression::new(pattern, [false; 3]).map(|_| ()).unwrap_err();
        assert!(refused.to_string().contains(name), "{pattern}: {refused}");
    }
}
