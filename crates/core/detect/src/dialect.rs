//! Regular expressions as PCRE2 reads them, in the words of the engines that run them.
//!
//! Sigma's `re` is PCRE (specification 2.1.0, appendix modifiers). The engines here speak a dialect
//! of their own, in which some of the same signs mean something else: `[a&&b]` is an intersection,
//! `\<` a border of a word, `\h` a letter, `\w` any letter of Unicode. So an expression is read here
//! sign by sign, as `pcre2pattern(3)` says with its default options and UTF, and written anew with
//! signs that mean the same in both; what has no such sign is refused by name. It serves to decide
//! whether a value matches: where it does and what its groups hold is of no concern.

mod class;
mod letters;
#[cfg(test)]
mod oracle;
mod reader;

use letters::{VERTICAL, WORD, push_plain, shorthand};
use reader::Reader;

/// An expression in the words of the engines.
///
/// # Errors
/// What stands in it that cannot be said, or is wrong.
pub(crate) fn translate(pattern: &str, multi_line: bool) -> Result<String, String> {
    let reader = Reader::new(pattern);
    let group = Group { multi_line, extended: false, is_look: false, starts_at: 0 };
    let mut writer = Writer { reader, out: String::new(), groups: vec![group], captures: 0, atom: None };
    while let Some(character) = writer.reader.next() {
        writer.sign(character)?;
    }
    if writer.groups.len() > 1 {
        return Err("a bracket is not closed".to_owned());
    }
    Ok(writer.out)
}

/// What [`translate`] writes for borders of words, for the engine that cannot leave Unicode.
pub(crate) fn with_wide_borders(translated: &str) -> String {
    let inside = format!("(?:(?<![{WORD}])(?![{WORD}])|(?<=[{WORD}])(?=[{WORD}]))");
    let border = format!("(?:(?<![{WORD}])(?=[{WORD}])|(?<=[{WORD}])(?![{WORD}]))");
    translated.replace(BORDER, &border).replace(NO_BORDER, &inside)
}

/// Borders between ASCII words: a command behind Japanese text begins a word.
const BORDER: &str = r"(?-u:\b)";
const NO_BORDER: &str = r"(?-u:\B)";

/// What holds up to the end of a group.
#[derive(Clone, Copy)]
struct Group {
    multi_line: bool,
    extended: bool,
    /// Whether it looks ahead or behind, or is inside one that does.
    is_look: bool,
    /// Where it begins in what is written.
    starts_at: usize,
}

/// The expression as it is written anew.
struct Writer<'a> {
    reader: Reader<'a>,
    out: String,
    groups: Vec<Group>,
    captures: u32,
    /// Where that begins which a quantifier would repeat.
    atom: Option<usize>,
}

impl Writer<'_> {
    fn group(&mut self) -> &mut Group {
        // The outermost is never closed.
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn push(&mut self, text: &str) {
        self.atom = Some(self.out.len());
        self.out.push_str(text);
    }

    /// A place between characters, which cannot be repeated.
    fn border(&mut self, text: &str) {
        self.out.push_str(text);
        self.atom = None;
    }

    fn character(&mut self, character: char) {
        self.atom = Some(self.out.len());
        push_plain(&mut self.out, character);
    }

    fn sign(&mut self, character: char) -> Result<(), String> {
        let group = *self.group();
        match character {
            '\\' => self.escape()?,
            '[' => {
                let class = class::read(&mut self.reader)?;
                self.push(&class);
            }
            '(' => self.open()?,
            ')' => self.close()?,
            '|' => {
                self.out.push('|');
                self.atom = None;
            }
            '.' => self.push("."),
            // Not behind a line break that is the last character.
            '^' if group.multi_line => self.border(r"(?:\A|^(?!\z))"),
            '^' => self.border("^"),
            '$' if group.multi_line => self.border("$"),
            '$' => self.push_end(),
            '*' | '+' | '?' => self.quantify(&character.to_string())?,
            '{' => match bounds(self.reader.rest()) {
                Some(bounds) => {
                    self.reader.up_to("}");
                    self.quantify(&bounds)?;
                }
                None => self.character('{'),
            },
            '#' if group.extended => while self.reader.next().is_some_and(|character| character != '\n') {},
            blank if group.extended && blank.is_ascii_whitespace() => {}
            other => self.character(other),
        }
        Ok(())
    }

    /// `$` and `\Z`: the end, or before a line break that is the last character. Where nothing follows
    /// that could match the break, it may as well be taken, which every engine can do.
    fn push_end(&mut self) {
        let is_last = matches!(self.reader.peek(), None | Some(')' | '|'));
        self.border(if is_last { r"(?:\x0A?\z)" } else { r"(?=\x0A?\z)" });
    }

    /// Repeats the last atom; greedy, lazy, or possessive, which is an atomic group around it.
    fn quantify(&mut self, quantifier: &str) -> Result<(), String> {
        let Some(atom) = self.atom.take() else { return Err(format!("{quantifier} repeats nothing")) };
        self.out.push_str(quantifier);
        if self.reader.take("?") {
            self.out.push('?');
        } else if self.reader.take("+") {
            self.out.insert_str(atom, "(?>");
            self.out.push(')');
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(letter) = self.reader.next() else {
            return Err("the last backslash escapes nothing".to_owned());
        };
        if let Some((set, others)) = shorthand(letter) {
            let class = if others { format!("[^{set}]") } else { format!("[{set}]") };
            self.push(&format!("(?-i:{class})"));
            return Ok(());
        }
        match letter {
            'b' => self.border(BORDER),
            'B' => self.border(NO_BORDER),
            'A' => self.border(r"\A"),
            'z' => self.border(r"\z"),
            'Z' => self.push_end(),
            'N' => {
                self.push(r"[^\x0A]");
                let name = self.reader.rest().strip_prefix('{').map(bounds);
                if name.is_some_and(|bounds| bounds.is_none()) {
                    return Err("\\N{…} is not read".to_owned());
                }
            }
            'R' => self.push(&format!(r"(?>\x0D\x0A|[{VERTICAL}])")),
            'K' if self.group().is_look => return Err("\\K inside a look-around is not read".to_owned()),
            // Where a match begins is of no concern.
            'K' => self.border("(?:)"),
            'p' | 'P' => {
                let property = self.reader.property(letter)?;
                self.push(&property);
            }
            'Q' => {
                let text = self.reader.up_to("\\E").unwrap_or_else(|| self.reader.all());
                text.chars().for_each(|character| self.character(character));
            }
            'E' => {}
            'g' | 'k' => self.named_reference(letter)?,
            '1'..='9' => self.numbered_reference(letter)?,
            'G' | 'X' | 'C' => return Err(format!("\\{letter} is not read")),
            letter => {
                let character = self.reader.escaped(letter)?;
                self.character(character);
            }
        }
        Ok(())
    }

    /// `\1`: a reference to a group, or from two digits on and without such a group a character.
    fn numbered_reference(&mut self, first: char) -> Result<(), String> {
        let digits = format!("{first}{}", self.reader.digits(10, 2));
        let number = digits.parse::<u32>().unwrap_or(0);
        if number < 10 || number <= self.captures {
            self.push(&format!("(?:\\{number})"));
            return Ok(());
        }
        let code = u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32);
        let character = code.ok_or_else(|| format!("\\{digits} refers to no group"))?;
        self.character(character);
        Ok(())
    }

    fn named_reference(&mut self, letter: char) -> Result<(), String> {
        let end = match self.reader.peek() {
            Some('{') => "}",
            Some('<') if letter == 'k' => ">",
            Some('\'') if letter == 'k' => "'",
            Some('<' | '\'') => return Err("calls of groups (\\g<…>) are not read".to_owned()),
            _ => "",
        };
        let name = if end.is_empty() {
            let sign = if self.reader.take("-") { "-" } else { "" };
            format!("{sign}{}", self.reader.digits(10, 3))
        } else {
            self.reader.next();
            self.reader.up_to(end).unwrap_or_default().to_owned()
        };
        let back = name.strip_prefix('-').and_then(|number| number.parse::<u32>().ok());
        let number =
            back.and_then(|back| (self.captures + 1).checked_sub(back)).or_else(|| name.parse().ok());
        match number {
            Some(number @ 1..) => self.push(&format!("(?:\\{number})")),
            _ if is_name(&name) => self.push(&format!("\\k<{name}>")),
            _ => return Err(format!("\\{letter} refers to no group")),
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), String> {
        let starts_at = self.out.len();
        let mut group = Group { starts_at, ..*self.group() };
        let beginning = if self.reader.take("?#") {
            return self.reader.up_to(")").map(drop).ok_or_else(|| "a comment is not closed".to_owned());
        } else if self.reader.take("*") {
            return Err("verbs (*…) are not read".to_owned());
        } else if self.reader.take("?P=") {
            let name = self.reader.up_to(")").filter(|name| is_name(name));
            self.push(&format!("\\k<{}>", name.ok_or("a reference names no group")?));
            return Ok(());
        } else if self.reader.take("?") {
            match self.kind(&mut group)? {
                Some(beginning) => beginning,
                // Flags for the rest of the group around.
                None => {
                    let around = self.group();
                    (around.multi_line, around.extended) = (group.multi_line, group.extended);
                    self.atom = None;
                    return Ok(());
                }
            }
        } else {
            self.captures += 1;
            "(".to_owned()
        };
        self.out.push_str(&beginning);
        self.groups.push(group);
        self.atom = None;
        Ok(())
    }

    /// What begins a group behind `(?`; nothing when it only sets flags, which is then written.
    fn kind(&mut self, group: &mut Group) -> Result<Option<String>, String> {
        for same in ["=", "!", "<=", "<!", ">", ":"] {
            if self.reader.take(same) {
                group.is_look |= same.contains(['=', '!']);
                return Ok(Some(format!("(?{same}")));
            }
        }
        let quote = if self.reader.take("P<") || self.reader.take("<") {
            Some(">")
        } else {
            self.reader.take("'").then_some("'")
        };
        if let Some(quote) = quote {
            let name =
                self.reader.up_to(quote).filter(|name| is_name(name)).ok_or("a group's name is no name")?;
            self.captures += 1;
            return Ok(Some(format!("(?P<{name}>")));
        }
        self.flags(group)
    }

    /// `(?i-m:` or `(?i-m)`.
    fn flags(&mut self, group: &mut Group) -> Result<Option<String>, String> {
        let (mut on, mut off, mut unset) = (String::new(), String::new(), false);
        let end = loop {
            match self.reader.next() {
                Some('-') if !unset => unset = true,
                Some('m') => group.multi_line = !unset,
                // Blanks and comments are left out as the expression is read.
                Some('x') => group.extended = !unset,
                Some(flag @ ('i' | 's' | 'U')) if unset => off.push(flag),
                Some(flag @ ('i' | 's' | 'U')) => on.push(flag),
                Some(end @ (':' | ')')) => break end,
                Some(other) => return Err(format!("(?{other} is not read")),
                None => return Err("a bracket is not closed".to_owned()),
            }
        };
        if group.multi_line {
            on.push('m')
        } else {
            off.push('m')
        }
        let minus = if off.is_empty() { "" } else { "-" };
        let written = format!("(?{on}{minus}{off}{end}");
        if end == ':' {
            return Ok(Some(written));
        }
        self.out.push_str(&written);
        Ok(None)
    }

    fn close(&mut self) -> Result<(), String> {
        if self.groups.len() < 2 {
            return Err("a bracket is closed that was not opened".to_owned());
        }
        let group = self.groups.pop();
        self.out.push(')');
        self.atom = group.map(|group| group.starts_at);
        Ok(())
    }
}

/// `{n}`, `{n,}`, `{,m}` or `{n,m}` behind its bracket; any other bracket is a character.
fn bounds(rest: &str) -> Option<String> {
    let inner = rest.split_once('}')?.0;
    let (least, most) = inner.split_once(',').map_or((inner, None), |(least, most)| (least, Some(most)));
    let [least, most] = [Some(least), most].map(|text| text.map(|text| text.trim_matches([' ', '\t'])));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (least, is_bare) = (least?, most.is_none_or(str::is_empty));
    if !is_number(least) || !most.is_none_or(is_number) || (least.is_empty() && is_bare) {
        return None;
    }
    let least = if least.is_empty() { "0" } else { least };
    Some(most.map_or_else(|| format!("{{{least}}}"), |most| format!("{{{least},{most}}}")))
}

fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    begins && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}
