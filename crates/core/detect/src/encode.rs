//! Encodings that modifiers ask for: dashes of command lines, UTF-16, Base64 at any offset.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::token::{DASHES, Token, Tokens, push_literal};

/// Spellings of one value that encoding may produce: 5 dashes at up to 4 places.
const SPELLINGS: usize = 625;

/// Marks the dashes and slashes that begin a parameter: not after a word, directly before one.
pub(crate) fn dash_places(tokens: Tokens) -> Tokens {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut marked = Tokens::new();
    for token in tokens {
        let Token::Literal(text) = token else {
            marked.push(token);
            continue;
        };
        let mut before = None;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let begins = !before.is_some_and(is_word) && characters.peek().copied().is_some_and(is_word);
            if DASHES.contains(&character) && begins {
                marked.push(Token::Dash);
            } else {
                push_literal(&mut marked, character.encode_utf8(&mut [0; 4]));
            }
            before = Some(character);
        }
    }
    marked
}

/// Every spelling of the dash places, nothing when there are too many.
pub(crate) fn spelled_dashes(tokens: &Tokens) -> Option<Vec<Tokens>> {
    let places = tokens.iter().filter(|token| **token == Token::Dash).count();
    let count = DASHES.len().checked_pow(u32::try_from(places).ok()?).filter(|count| *count <= SPELLINGS)?;
    let mut spelled = vec![Tokens::new(); count];
    for (number, spelling) in spelled.iter_mut().enumerate() {
        let mut choice = number;
        for token in tokens {
            match token {
                Token::Dash => {
                    let dash = DASHES[choice % DASHES.len()];
                    choice /= DASHES.len();
                    push_literal(spelling, dash.encode_utf8(&mut [0; 4]));
                }
                Token::Literal(text) => push_literal(spelling, text),
                other => spelling.push(other.clone()),
            }
        }
    }
    Some(spelled)
}

/// UTF-16 bytes of a UTF-8 text: little endian for `wide` and `utf16le`, big endian for
/// `utf16be`, with a byte order mark for `utf16`.
pub(crate) fn utf16(bytes: &[u8], modifier: &str) -> Option<Vec<u8>> {
    let units = std::str::from_utf8(bytes).ok()?.encode_utf16();
    Some(match modifier {
        "utf16be" => units.flat_map(u16::to_be_bytes).collect(),
        "utf16" => [0xff, 0xfe].into_iter().chain(units.flat_map(u16::to_le_bytes)).collect(),
        _ => units.flat_map(u16::to_le_bytes).collect(),
    })
}

/// Base64 of the whole value.
pub(crate) fn base64_text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The texts by which the value shows inside longer Base64, for each of the three ways it can
/// fall on groups of three bytes. Characters that depend on neighbouring bytes are cut off.
pub(crate) fn base64_offsets(bytes: &[u8]) -> Vec<String> {
    let cut = |offset: usize| {
        let padded: Vec<u8> = std::iter::repeat_n(b' ', offset).chain(bytes.iter().copied()).collect();
        let encoded = STANDARD.encode(&padded);
        let start = [0, 2, 3][offset];
        let end = encoded.len() - [0, 3, 2][padded.len() % 3];
        encoded.get(start..end).unwrap_or_default().to_owned()
    };
    (0..3).map(cut).filter(|text| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_at_every_offset() {
        for word in ["http://", "foobar", "New-Object"] {
            for (offset, part) in base64_offsets(word.as_bytes()).iter().enumerate() {
                for prefix in ["", "x", "xy"].iter().filter(|prefix| prefix.len() % 3 == offset) {
                    for suffix in ["", "a", "bc"] {
                        let whole = STANDARD.encode(format!("{prefix}{word}{suffix}"));
                        assert!(whole.contains(part.as_str()), "{part} in {whole}");
                    }
                }
            }
        }
    }

    #[test]
    fn only_dashes_that_begin_a_parameter_vary() {
        let marked = dash_places(vec![Token::Any, Token::Literal(" -enc a-b /c - x".into())]);
        let dashes = marked.iter().filter(|token| **token == Token::Dash).count();
        assert_eq!(dashes, 2);
        assert_eq!(spelled_dashes(&marked).unwrap().len(), 25);
    }

    #[test]
    fn utf16_forms_differ_in_order_and_mark() {
        assert_eq!(utf16(b"a", "wide").unwrap(), [b'a', 0]);
        assert_eq!(utf16(b"a", "utf16be").unwrap(), [0, b'a']);
        assert_eq!(utf16(b"a", "utf16").unwrap(), [0xff, 0xfe, b'a', 0]);
    }
}
