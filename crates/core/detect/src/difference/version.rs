//! Two versions of a set of files as documents, those of unchanged files only counted.

use std::collections::BTreeMap;

use model::level::Level;
use model::panic::caught;
use yaml_serde::Value;

use super::Entry;
use crate::cause::Cause;
use crate::load;
use crate::merged::{self, Merged};
use crate::operand::Placeholders;
use crate::rule::Refusal;
use crate::yaml;

/// The documents of two versions, by path and number.
#[derive(Default)]
pub(super) struct Versions<'a> {
    pub(super) old: Vec<Document<'a>>,
    pub(super) new: Vec<Document<'a>>,
    /// Documents of files that are the same.
    pub(super) unchanged: usize,
}

/// A document of a file.
pub(super) struct Document<'a> {
    pub(super) path: &'a str,
    /// Its number in the file, from 0.
    pub(super) number: usize,
    /// `id` in lower case, when it is a UUID.
    pub(super) id: Option<String>,
    content: Content<'a>,
}

enum Content<'a> {
    Document(Merged<'a>),
    /// A file that cannot be cut into documents is one.
    Unread {
        bytes: &'a [u8],
        reason: Cause,
    },
}

/// Reads the files that are not the same in both.
pub(super) fn read<'a>(old: &'a [(String, Vec<u8>)], new: &'a [(String, Vec<u8>)]) -> Versions<'a> {
    // Whoever gives a path twice means both files.
    let mut files: BTreeMap<&str, [Vec<&[u8]>; 2]> = BTreeMap::new();
    for (version, given) in [old, new].into_iter().enumerate() {
        for (path, bytes) in given {
            files.entry(path).or_default()[version].push(bytes);
        }
    }
    let mut versions = Versions::default();
    for (path, [old, new]) in files {
        if old == new {
            versions.unchanged += old.into_iter().map(count).sum::<usize>();
        } else {
            add(&mut versions.old, path, &old);
            add(&mut versions.new, path, &new);
        }
    }
    versions
}

fn add<'a>(documents: &mut Vec<Document<'a>>, path: &'a str, files: &[&'a [u8]]) {
    let contents = files.iter().flat_map(|bytes| contents(bytes)).enumerate();
    documents.extend(contents.map(|(number, content)| Document {
        path,
        number,
        id: content.word("id").filter(|id| load::is_uuid(id)).map(|id| id.to_ascii_lowercase()),
        content,
    }));
}

fn contents(bytes: &[u8]) -> Vec<Content<'_>> {
    let unread = |reason| vec![Content::Unread { bytes, reason }];
    match std::str::from_utf8(bytes) {
        Ok(text) => caught(|| merged::documents(text).map(Content::Document).collect())
            .unwrap_or_else(|panic| unread(Cause::ProgramFault { panic })),
        Err(_) => unread(Cause::FileNotText),
    }
}

/// How many documents a file has.
fn count(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) if yaml::documents(text).iter().all(|document| is_plain(document.text)) => {
            yaml::documents(text).len()
        }
        _ => contents(bytes).len(),
    }
}

/// Whether a text is, at a glance, a document of its own: a map or no YAML, and without an `action`.
fn is_plain(text: &str) -> bool {
    // All that a reader of YAML may take for the end of a line.
    let mut lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    let is_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let is_key = |line: &str| {
        let key = line.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        line.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && key.strip_prefix(':').is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    // The keys of such a map begin their lines. One that is not spelled out could be any.
    let is_spelled = |line: &str| {
        line.is_empty()
            || line.starts_with([' ', '\t', '#', '-'])
            || line.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !line.starts_with("action")
    };
    lines.clone().find(is_content).is_some_and(is_key) && lines.all(is_spelled)
}

impl Document<'_> {
    /// What is told of it.
    pub(super) fn entry(&self) -> Entry {
        let word = |key| self.content.word(key);
        Entry {
            rule_id: word("id"),
            title: word("title"),
            level: word("level").and_then(|word| Level::parse(&word)),
            status: word("status"),
            path: self.path.to_owned(),
        }
    }

    /// What it says, when it is YAML.
    pub(super) fn value(&self) -> Option<&Value> {
        match &self.content {
            Content::Document(merged) => merged.value.as_ref().ok(),
            Content::Unread { .. } => None,
        }
    }

    /// Its own bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Document(merged) => merged.text.text.as_bytes(),
            Content::Unread { bytes, .. } => bytes,
        }
    }

    /// Why it cannot be loaded; none when it can.
    pub(super) fn refusal(&self, placeholders: &Placeholders) -> Option<Refusal> {
        let whole = |reason| {
            Some(Refusal { rule_id: None, title: None, path: self.path.to_owned(), line: 1, reason })
        };
        match &self.content {
            Content::Document(merged) => {
                match caught(|| load::document(merged, self.path, placeholders).err()) {
                    Ok(refusal) => refusal.map(|refusal| *refusal),
                    Err(panic) => whole(Cause::ProgramFault { panic }),
                }
            }
            Content::Unread { reason, .. } => whole(reason.clone()),
        }
    }
}

impl Content<'_> {
    fn word(&self, key: &str) -> Option<String> {
        match self {
            Self::Document(merged) => merged.word(key),
            Self::Unread { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A glance must count what reading counts, or see that it cannot.
    #[test]
    fn what_is_counted_at_a_glance_is_what_is_read() {
        for (text, plain) in [
            ("title: a\nid: b\n", true),
            ("# why\n\ntitle: a\ntags:\n- b\n", true),
            ("title:\n  a\r\nid: b\r\n", true),
            ("title: [\n", true),
            ("title: a\n'action': global\n", false),
            ("title: a\naction: global\n", false),
            ("title: a\n\"\\x61ction\": global\n", false),
            ("title: a\r\"\\x61ction\": global\r", false),
            ("title: a\n? !!str action\n: global\n", false),
            ("{action: global}\n", false),
            (" title: a\n 'action': global\n", false),
            ("~\n", false),
            ("null # title: a\n", false),
            ("null: a\n", true),
        ] {
            assert_eq!(is_plain(text), plain, "{text:?}");
            if plain {
                assert_eq!(merged::documents(text).count(), 1, "{text:?}");
            }
            for file in [text.to_owned(), format!("{text}---\n{text}")] {
                assert_eq!(count(file.as_bytes()), merged::documents(&file).count(), "{file:?}");
            }
        }
        assert_eq!(count(b"title: \xff"), 1);
    }
}
