//! Logs of Zeek as it writes them by itself: a header that names the columns, then a row a line.
//!
//! See "Zeek Log Formats" in the manual of Zeek. What the header says is valid until the next one.

/// The columns of the rows behind a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    pub separator: Vec<u8>,
    pub set_separator: Vec<u8>,
    /// What stands for an empty text or set.
    pub empty: Vec<u8>,
    /// What stands for a value that is not there.
    pub unset: Vec<u8>,
    /// The log: `conn`, `dns` …
    pub path: String,
    pub fields: Vec<Column>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub name: String,
    /// Of the value, or of each value in a set or vector.
    pub type_of: Type,
    /// Whether it holds a set or vector.
    pub many: bool,
}

/// How a value is written where types are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Number,
    Boolean,
}

/// Most columns of a log.
const COLUMNS: usize = 4_096;
/// Words with which a line of a header begins.
const WORDS: [&[u8]; 9] = [
    b"separator",
    b"set_separator",
    b"empty_field",
    b"unset_field",
    b"path",
    b"fields",
    b"types",
    b"open",
    b"close",
];

/// Whether a header begins with this line.
pub(crate) fn is_header(line: &[u8]) -> bool {
    line.starts_with(b"#separator \\x") || line.starts_with(b"#fields\t")
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            separator: b"\t".to_vec(),
            set_separator: b",".to_vec(),
            empty: b"(empty)".to_vec(),
            unset: b"-".to_vec(),
            path: String::new(),
            fields: Vec::new(),
        }
    }
}

impl Columns {
    /// Bytes that two headers share only where rows under them mean the same.
    pub(crate) fn identity(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut part = |part: &[u8]| {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        };
        for text in [&self.separator, &self.set_separator, &self.empty, &self.unset] {
            part(text);
        }
        part(self.path.as_bytes());
        for Column { name, type_of, many } in &self.fields {
            part(name.as_bytes());
            part(&[*type_of as u8, u8::from(*many)]);
        }
        bytes
    }

    /// Reads a line of a header, and says whether it is one.
    pub(crate) fn read(&mut self, line: &[u8]) -> bool {
        let Some(line) = line.strip_prefix(b"#") else { return false };
        if let Some(separator) = line.strip_prefix(b"separator ") {
            let separator = unescaped(separator);
            *self = Self { separator, ..Self::default() };
            return !self.separator.is_empty();
        }
        let (word, rest) = cut(line, &self.separator).unwrap_or((line, b""));
        let text = |bytes: &[u8]| String::from_utf8_lossy(&unescaped(bytes)).into_owned();
        match word {
            b"set_separator" => self.set_separator = unescaped(rest),
            b"empty_field" => self.empty = rest.to_vec(),
            b"unset_field" => self.unset = rest.to_vec(),
            b"path" => self.path = text(rest),
            b"fields" => {
                let column = |name| Column { name: text(name), type_of: Type::Text, many: false };
                self.fields = split(rest, &self.separator).take(COLUMNS + 1).map(column).collect();
                if self.fields.len() > COLUMNS {
                    self.fields.clear();
                    return false;
                }
            }
            b"types" => {
                let types = split(rest, &self.separator).take(COLUMNS + 1);
                let types: Vec<_> = types.map(type_of).collect();
                if types.len() != self.fields.len() {
                    return false;
                }
                for (column, (type_of, many)) in self.fields.iter_mut().zip(types) {
                    (column.type_of, column.many) = (type_of, many);
                }
            }
            _ => return WORDS.contains(&word),
        }
        true
    }
}

/// `set[addr]`, `count`
fn type_of(name: &[u8]) -> (Type, bool) {
    let inner =
        [&b"set["[..], b"vector[", b"table[", b"list["].iter().find_map(|outer| name.strip_prefix(*outer));
    let name_of_one = inner.and_then(|inner| inner.strip_suffix(b"]")).unwrap_or(name);
    let type_of = match name_of_one {
        b"time" | b"interval" | b"double" | b"count" | b"int" | b"port" => Type::Number,
        b"bool" => Type::Boolean,
        _ => Type::Text,
    };
    (type_of, inner.is_some())
}

/// The parts of a line between separators.
pub(crate) fn split<'l>(line: &'l [u8], separator: &'l [u8]) -> impl Iterator<Item = &'l [u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, behind) = cut(text, separator).map_or((text, None), |(part, behind)| (part, Some(behind)));
        rest = behind;
        Some(part)
    })
}

fn cut<'l>(text: &'l [u8], separator: &[u8]) -> Option<(&'l [u8], &'l [u8])> {
    let at = match separator {
        [] => return None,
        [byte] => memchr::memchr(*byte, text)?,
        _ => memchr::memmem::find(text, separator)?,
    };
    Some((&text[..at], &text[at + separator.len()..]))
}

/// The bytes behind `\x2c` and `\\`.
pub(crate) fn unescaped(text: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match (byte, behind) {
            (b'\\', [b'x', high, low, after @ ..]) => match (digit(high), digit(low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(byte),
            },
            (b'\\', [b'\\', after @ ..]) => {
                out.push(byte);
                rest = after;
            }
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_escapes() {
        let mut columns = Columns::default();
        for line in [
            "#separator \\x09",
            "#set_separator\t,",
            "#empty_field\t(empty)",
            "#unset_field\t-",
            "#path\tconn",
            "#open\t2026-03-02-08-00-00",
            "#fields\tts\tid.orig_p\ttunnel_parents",
            "#types\ttime\tport\tset[string]",
        ] {
            assert!(columns.read(line.as_bytes()), "{line}");
        }
        let field = |name: &str, type_of, many| Column { name: name.to_owned(), type_of, many };
        assert_eq!(columns.path, "conn");
        assert_eq!(
            columns.fields,
            [
                field("ts", Type::Number, false),
                field("id.orig_p", Type::Number, false),
                field("tunnel_parents", Type::Text, true)
            ]
        );
        assert!(!columns.read(b"#types\ttime"), "too few");
        assert!(!columns.read(b"# a remark"));
        assert!(columns.read(b"#separator |") && columns.fields.is_empty());
        assert_eq!(unescaped(b"a\\x09b\\\\x09\\xzz\\x4"), b"a\tb\\x09\\xzz\\x4");
        assert_eq!(split(b"a||b||", b"||").collect::<Vec<_>>(), [&b"a"[..], b"b", b""]);
    }
}
