//! Sets of characters, and single ones, as no dialect misreads them.

/// ASCII letters, digits and the underscore: `\w` without the option UCP.
pub(super) const WORD: &str = "0-9A-Za-z_";
pub(super) const SPACE: &str = r"\x09-\x0D\x20";
pub(super) const HORIZONTAL: &str =
    r"\x09\x20\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}";
pub(super) const VERTICAL: &str = r"\x0A-\x0D\x{85}\x{2028}\x{2029}";

/// The characters of a shorthand such as `\d`, and whether it stands for all others.
pub(super) fn shorthand(letter: char) -> Option<(&'static str, bool)> {
    let set = match letter.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => WORD,
        's' => SPACE,
        'h' => HORIZONTAL,
        'v' => VERTICAL,
        _ => return None,
    };
    Some((set, letter.is_ascii_uppercase()))
}

/// Writes a character so that no dialect takes it for more than itself.
pub(super) fn push_plain(out: &mut String, character: char) {
    if character.is_ascii_alphanumeric() || character == '_' || !character.is_ascii() {
        out.push(character);
    } else {
        out.push_str(&format!("\\x{:02X}", u32::from(character)));
    }
}
