//! Case: what is compared without it.

use std::borrow::Cow;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
