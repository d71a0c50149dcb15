//! Ids of organisations and of people: short words that stay when names change.

/// Most signs of an id.
const LONGEST: usize = 60;

/// Whether an id is of small letters, digits, `.` and `-`, and begins with a letter or a digit.
pub(crate) fn is_one(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    let first = id.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    first && id.len() <= LONGEST && id.bytes().all(fits)
}

/// A text without blanks around it, of one sign at least and so many at most.
pub(crate) fn text(text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}
