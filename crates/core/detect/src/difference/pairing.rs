//! Which document of the old version is which of the new one.

use std::collections::HashMap;

use super::version::Document;

/// For each new document the number of the old one that it was.
pub(super) fn pair(old: &[Document<'_>], new: &[Document<'_>]) -> Vec<Option<usize>> {
    let (old_ids, new_ids) = (ids(old), ids(new));
    // An id of several documents tells none of them apart, neither here nor there.
    let is_own = |id: &str| {
        let is_one = |ids: &HashMap<&str, Vec<usize>>| ids.get(id).is_none_or(|numbers| numbers.len() == 1);
        is_one(&old_ids) && is_one(&new_ids)
    };
    let own_id = |document: &Document<'_>| document.id.as_deref().is_some_and(is_own);
    let by_id = |document: &Document<'_>| {
        let id = document.id.as_deref().filter(|id| is_own(id))?;
        old_ids.get(id)?.first().copied()
    };
    let mut pairs: Vec<Option<usize>> = new.iter().map(by_id).collect();
    let mut places: HashMap<(&str, usize), usize> = HashMap::new();
    let numbers = old.iter().enumerate();
    places.extend(numbers.map(|(number, document)| ((document.path, document.number), number)));
    for number in pairs.iter().flatten() {
        places.remove(&(old[*number].path, old[*number].number));
    }
    for (document, pair) in new.iter().zip(&mut pairs).filter(|(_, pair)| pair.is_none()) {
        let place = places.get(&(document.path, document.number));
        // Two ids of their own at one place are two rules.
        *pair = place.copied().filter(|number| !(own_id(document) && own_id(&old[*number])));
    }
    pairs
}

/// The numbers of documents by id.
fn ids<'a>(documents: &'a [Document<'_>]) -> HashMap<&'a str, Vec<usize>> {
    let mut ids: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, document) in documents.iter().enumerate() {
        if let Some(id) = &document.id {
            ids.entry(id).or_default().push(number);
        }
    }
    ids
}
