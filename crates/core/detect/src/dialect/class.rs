//! Classes of characters: `[…]`. Every character is written by its number, so that `&&`, `--`, `~~`
//! and brackets are what they are in PCRE, characters.

use super::letters::{push_plain, shorthand};
use super::reader::Reader;

/// The names between `[:` and `:]`.
const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

const NO_RANGE: &str = "a range of a class begins or ends with a set";

/// One thing that a class lists.
enum Item {
    Character(char),
    /// A set of characters, as it is written inside a class.
    Set(String),
    /// Nothing, such as `\E`.
    Nothing,
}

/// Reads a class from behind its bracket, and writes it anew.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<String, String> {
    if is_posix(reader.rest()) {
        return Err("a named class stands outside of a class".to_owned());
    }
    let mut out = String::from(if reader.take("^") { "[^" } else { "[" });
    let mut first = true;
    let mut quoted = false;
    loop {
        let Some(character) = reader.next() else { return Err("a class is not closed".to_owned()) };
        if character == ']' && !first && !quoted {
            out.push(']');
            return Ok(out);
        }
        match item(reader, character, &mut quoted)? {
            Item::Nothing => continue,
            Item::Set(set) => {
                out.push_str(&set);
                if !quoted && reader.peek() == Some('-') && !reader.rest().starts_with("-]") {
                    return Err(NO_RANGE.to_owned());
                }
            }
            Item::Character(from) => range(reader, from, &mut quoted, &mut out)?,
        }
        first = false;
    }
}

/// Whether `:alpha:]` stands here.
fn is_posix(rest: &str) -> bool {
    let name = rest.strip_prefix(':').and_then(|rest| rest.split_once(":]"));
    name.is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'^'))
}

/// Writes a character, or the range that it begins.
fn range(reader: &mut Reader<'_>, from: char, quoted: &mut bool, out: &mut String) -> Result<(), String> {
    push_plain(out, from);
    if *quoted || reader.peek() != Some('-') || reader.rest().starts_with("-]") {
        return Ok(());
    }
    reader.next();
    let Some(next) = reader.next() else { return Err("a class is not closed".to_owned()) };
    match item(reader, next, quoted)? {
        Item::Character(to) if to < from => Err(format!("the range {from}-{to} of a class is upside down")),
        Item::Character(to) => {
            out.push('-');
            push_plain(out, to);
            Ok(())
        }
        Item::Set(_) => Err(NO_RANGE.to_owned()),
        Item::Nothing => {
            push_plain(out, '-');
            Ok(())
        }
    }
}

fn item(reader: &mut Reader<'_>, character: char, quoted: &mut bool) -> Result<Item, String> {
    if *quoted {
        if character == '\\' && reader.take("E") {
            *quoted = false;
            return Ok(Item::Nothing);
        }
        return Ok(Item::Character(character));
    }
    match character {
        '\\' => escape(reader, quoted),
        '[' => Ok(posix(reader)?.map_or(Item::Character('['), Item::Set)),
        other => Ok(Item::Character(other)),
    }
}

fn escape(reader: &mut Reader<'_>, quoted: &mut bool) -> Result<Item, String> {
    let Some(letter) = reader.next() else { return Err("a class is not closed".to_owned()) };
    if let Some((set, others)) = shorthand(letter) {
        return Ok(Item::Set(if others { format!("[^{set}]") } else { set.to_owned() }));
    }
    match letter {
        'b' => Ok(Item::Character('\x08')),
        'Q' => {
            *quoted = true;
            Ok(Item::Nothing)
        }
        'E' => Ok(Item::Nothing),
        'p' | 'P' => reader.property(letter).map(Item::Set),
        'B' | 'N' | 'R' | 'X' => Err(format!("\\{letter} cannot stand in a class")),
        '1'..='7' => {
            let digits = format!("{letter}{}", reader.digits(8, 2));
            let code = u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32);
            code.map(Item::Character).ok_or_else(|| format!("\\{digits} names no character"))
        }
        letter => reader.escaped(letter).map(Item::Character),
    }
}

/// `[:alpha:]` behind its first bracket; nothing where the bracket is a character.
fn posix(reader: &mut Reader<'_>) -> Result<Option<String>, String> {
    let rest = reader.rest();
    for sign in [".", "="] {
        if rest.starts_with(sign) && rest[1..].contains(&format!("{sign}]")) {
            return Err("collating elements are not read".to_owned());
        }
    }
    let Some(name) = rest.strip_prefix(':').and_then(|rest| rest.split_once(":]")).map(|(name, _)| name)
    else {
        return Ok(None);
    };
    let (bare, others) = name.strip_prefix('^').map_or((name, ""), |bare| (bare, "^"));
    if !bare.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(None);
    }
    if !POSIX.contains(&bare) {
        return Err(format!("[:{name}:] is no class"));
    }
    reader.up_to(":]");
    Ok(Some(format!("[:{others}{bare}:]")))
}
