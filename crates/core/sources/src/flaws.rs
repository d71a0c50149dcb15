//! What could not be read of a segment, as a list that does not grow with the damage.

use std::sync::Arc;

use model::event::Flaw;
use rustc_hash::FxHashMap;

use crate::cause::Cause;

/// Flaws of the same reason told one by one; further ones are counted.
const TOLD: u64 = 20;
/// Different reasons told in one segment.
const REASONS: usize = 200;

/// Collects flaws so that a file of nothing but damage does not become a list as long as itself.
#[derive(Debug)]
pub(crate) struct Flaws {
    source_path: Arc<str>,
    list: Vec<Flaw>,
    seen: FxHashMap<Cause, Seen>,
    beyond: Seen,
}

/// How often a reason came, and where the first one that is not told stands.
#[derive(Debug, Default)]
struct Seen {
    count: u64,
    untold: u64,
    /// Bytes lost by those that are not told.
    bytes: u64,
    /// The first of its kind in words.
    clause: String,
}

impl Flaws {
    pub(crate) fn new(source_path: &Arc<str>) -> Self {
        Self {
            source_path: source_path.clone(),
            list: Vec::new(),
            seen: FxHashMap::default(),
            beyond: Seen::default(),
        }
    }

    /// Something that costs no bytes, or nobody knows which.
    pub(crate) fn push(&mut self, offset: u64, cause: Cause) {
        self.add(offset, None, cause);
    }

    /// Bytes that are lost: that many from `offset` on.
    pub(crate) fn lost(&mut self, offset: u64, length: usize, cause: Cause) {
        self.add(offset, Some(length as u64), cause);
    }

    fn add(&mut self, offset: u64, length: Option<u64>, cause: Cause) {
        let kind = cause.kind();
        if !self.seen.contains_key(&kind) && self.seen.len() < REASONS {
            self.seen.insert(kind.clone(), Seen { clause: cause.to_string(), ..Seen::default() });
        }
        let (seen, told) = match self.seen.get_mut(&kind) {
            Some(seen) => (seen, TOLD),
            None => (&mut self.beyond, 0),
        };
        seen.count += 1;
        if seen.count <= told {
            self.list.push(Flaw { length, ..Flaw::new(self.source_path.clone(), offset, cause) });
            return;
        }
        if seen.count == told + 1 {
            seen.untold = offset;
        }
        seen.bytes += length.unwrap_or(0);
    }

    /// All flaws by offset, with one line for each reason that came more often than it is told.
    pub(crate) fn finish(mut self) -> Vec<Flaw> {
        let path = self.source_path.clone();
        let more = |seen: &Seen, cause: Cause| Flaw {
            length: (seen.bytes > 0).then_some(seen.bytes),
            ..Flaw::new(path.clone(), seen.untold, cause)
        };
        for (cause, seen) in self.seen {
            if let Some(count @ 1..) = seen.count.checked_sub(TOLD) {
                let (kind, clause) = (cause.code().to_owned(), seen.clause.clone());
                self.list.push(more(&seen, Cause::MoreOfKind { count, kind, clause }));
            }
        }
        if self.beyond.count > 0 {
            self.list.push(more(&self.beyond, Cause::MoreKinds { count: self.beyond.count }));
        }
        self.list.sort_by_key(|flaw| flaw.offset);
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_flaws_of_one_kind_become_a_count() {
        let mut flaws = Flaws::new(&"a.json".into());
        (0..50).for_each(|offset| flaws.lost(offset, 3, Cause::LineNoObject));
        flaws.push(7, Cause::NotUtf8);
        let list = flaws.finish();
        assert_eq!(list.len(), 22);
        assert_eq!(list[21].reason.text, "30 more of this kind: this line is no JSON object");
        assert_eq!((list[21].offset, list[21].length), (20, Some(90)));
    }
}
