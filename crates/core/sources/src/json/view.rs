//! The same object under other names, or a part of it: values stay where they are.

use super::flat::{Flat, Hollow, Leaf, short};

impl Flat {
    /// Takes over those fields, objects and arrays of `other` for which `rename` writes a name and
    /// says so. The values are still those of the text that `other` has read.
    pub(crate) fn take(&mut self, other: &Self, mut rename: impl FnMut(&str, &mut String) -> bool) {
        self.clear();
        self.texts.push_str(&other.texts);
        let mut hollow = other.hollow.iter().peekable();
        for number in 0..=other.leaves.len() {
            while let Some(next) = hollow.next_if(|next| next.before <= number) {
                if let Some(name) = self.rename(other.name(next.name), &mut rename) {
                    self.hollow.push(Hollow { name, before: self.leaves.len(), ..*next });
                }
            }
            let Some(leaf) = other.leaves.get(number) else { break };
            if let Some(name) = self.rename(other.name(leaf.name), &mut rename) {
                self.leaves.push(Leaf { name, ..*leaf });
            }
        }
        for &(name, span) in &other.containers {
            if let Some(name) = self.rename(other.name(name), &mut rename) {
                self.containers.push((name, span));
            }
        }
    }

    fn rename(
        &mut self,
        name: &str,
        rename: &mut impl FnMut(&str, &mut String) -> bool,
    ) -> Option<(u32, u32)> {
        let start = self.names.len();
        if rename(name, &mut self.names) {
            return Some((short(start), short(self.names.len())));
        }
        self.names.truncate(start);
        None
    }

    /// Bytes that it takes to go over all names and decoded values.
    pub(crate) fn bytes(&self) -> usize {
        self.names.len() + self.texts.len()
    }

    /// Names of all fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.leaves.iter().map(|leaf| leaf.name);
        names.chain(self.hollow.iter().map(|hollow| hollow.name)).map(|name| self.name(name))
    }
}

/// A name as programming interfaces spell it whose members begin small: `Status.ErrorCode` and
/// `status.error_code` are both `status.errorCode`, `IPAddress` is `ipAddress`.
pub(crate) fn camel(name: &str, out: &mut String) {
    for (number, segment) in name.split('.').enumerate() {
        if number > 0 {
            out.push('.');
        }
        let bytes = segment.as_bytes();
        let capitals = bytes.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
        // The last of several capitals begins the next word.
        let begins_word = capitals > 1 && bytes.get(capitals).is_some_and(u8::is_ascii_lowercase);
        let (start, rest) = segment.split_at(capitals - usize::from(begins_word));
        out.push_str(&start.to_ascii_lowercase());
        let mut letters = rest.chars().peekable();
        out.extend(letters.next());
        while let Some(letter) = letters.next() {
            match letters.peek() {
                Some(next) if letter == '_' && next.is_ascii_lowercase() => {
                    out.push(next.to_ascii_uppercase());
                    letters.next();
                }
                _ => out.push(letter),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_members_begin_small() {
        for (name, expected) in [
            ("Status.ErrorCode", "status.errorCode"),
            ("status.errorCode", "status.errorCode"),
            ("user_identity.session_context.mfa", "userIdentity.sessionContext.mfa"),
            ("IPAddress", "ipAddress"),
            ("Id", "id"),
            ("AppId", "appId"),
            ("@odata.Type", "@odata.type"),
            ("_source.Id_2", "_source.id_2"),
            ("A.ÄB.", "a.ÄB."),
            ("", ""),
        ] {
            let mut found = String::new();
            camel(name, &mut found);
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_part_under_other_names_has_the_same_values() {
        let text = r#"{"a":{"h":null,"k":"v\n","l":[1,2],"m":{"n":true},"e":[]},"z":0,"y":null}"#;
        let mut whole = Flat::with_containers();
        whole.read(text, 0, false).unwrap();
        let mut part = Flat::with_containers();
        part.take(&whole, |name, out| {
            name.strip_prefix("a.").is_some_and(|rest| {
                out.push_str(rest);
                true
            })
        });
        let found: Vec<_> = part.all(text).map(|(_, field)| (field.name, field.value.text)).collect();
        assert_eq!(found, [("h", ""), ("k", "v\n"), ("l", "1"), ("l", "2"), ("m.n", "true"), ("e", "")]);
        let containers: Vec<_> = part.containers().map(|(name, span)| (name, &text[span])).collect();
        assert_eq!(containers, [("l", "[1,2]"), ("m", r#"{"n":true}"#), ("e", "[]")]);
    }
}
