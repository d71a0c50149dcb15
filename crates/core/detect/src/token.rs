//! Texts with wildcards, token by token.

/// A token of a wildcard pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Token {
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
pub type Tokens = Vec<Token>;

/// Appends a literal to tokens, joined with a literal before it.
pub fn push_literal(tokens: &mut Tokens, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Token::Literal(last)) = tokens.last_mut() {
        last.push_str(text);
    } else {
        tokens.push(Token::Literal(text.to_owned()));
    }
}

/// The text of tokens without any wildcard, else nothing.
#[must_use]
pub fn plain(tokens: &[Token]) -> Option<String> {
    let mut text = String::new();
    for token in tokens {
        match token {
            Token::Literal(literal) => text.push_str(literal),
            _ => return None,
        }
    }
    Some(text)
}
