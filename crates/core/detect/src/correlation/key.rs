//! Several values as one: groups and combined values, in one piece of memory.

/// The values one behind the other, each behind its length, so that no value can pass for two.
pub(super) type Key = Box<[u8]>;

/// The combinations of the values of some fields.
pub(super) struct Combinations {
    /// Different ones, in the order of the values.
    pub(super) keys: Vec<Vec<u8>>,
    /// Whether there were more.
    pub(super) is_cut: bool,
}

/// Every combination of the values in some slots, `most` of them; none when a slot is empty.
pub(super) fn combine(slots: &[usize], values: &[Vec<Box<str>>], most: usize) -> Combinations {
    let mut keys = vec![Vec::new()];
    let mut is_cut = false;
    for slot in slots {
        let mut longer: Vec<Vec<u8>> = Vec::new();
        let values = values.get(*slot).map_or(&[][..], Vec::as_slice);
        'combining: for key in &keys {
            for value in values {
                let key = with(key, value);
                if longer.contains(&key) {
                    continue;
                }
                if longer.len() >= most {
                    is_cut = true;
                    break 'combining;
                }
                longer.push(key);
            }
        }
        keys = longer;
    }
    Combinations { is_cut: is_cut && !keys.is_empty(), keys }
}

fn with(key: &[u8], value: &str) -> Vec<u8> {
    let mut longer = Vec::with_capacity(key.len() + value.len() + 2);
    longer.extend_from_slice(key);
    // Seven bits of the length a byte; the eighth says that more follow.
    let mut length = value.len();
    loop {
        let low = u8::try_from(length & 0x7f).unwrap_or_default();
        length >>= 7;
        longer.push(if length > 0 { low | 0x80 } else { low });
        if length == 0 {
            break;
        }
    }
    longer.extend_from_slice(value.as_bytes());
    longer
}

/// The values of which a key is made.
pub(super) fn values(mut key: &[u8]) -> Vec<&str> {
    let mut values = Vec::new();
    while !key.is_empty() {
        let (mut length, mut shift) = (0usize, 0);
        while let Some((byte, rest)) = key.split_first() {
            key = rest;
            length |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (value, rest) = key.split_at(length.min(key.len()));
        values.push(std::str::from_utf8(value).unwrap_or_default());
        key = rest;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(values: &[&str]) -> Vec<Box<str>> {
        values.iter().map(|value| Box::from(*value)).collect()
    }

    fn combined(slots: &[&[&str]], most: usize) -> (Vec<String>, bool) {
        let values: Vec<Vec<Box<str>>> = slots.iter().map(|values| slot(values)).collect();
        let Combinations { keys, is_cut } = combine(&(0..slots.len()).collect::<Vec<_>>(), &values, most);
        (keys.iter().map(|key| super::values(key).join("|")).collect(), is_cut)
    }

    #[test]
    fn values_cannot_be_confused_whatever_they_hold() {
        let long = "x".repeat(300);
        for (one, other) in [(["a\u{1f}b", "c"], ["a", "b\u{1f}c"]), (["", "ab"], ["a", "b"])] {
            assert_ne!(with(&with(&[], one[0]), one[1]), with(&with(&[], other[0]), other[1]));
        }
        for pair in [["a", "b"], ["", ""], ["\0", "\u{7f}"], [&long, "b"], ["烽", &long]] {
            assert_eq!(values(&with(&with(&[], pair[0]), pair[1])), pair);
        }
    }

    #[test]
    fn a_cut_is_told_when_another_combination_would_have_come() {
        let all = combined(&[&["a", "b"], &["1", "2"]], 4);
        assert_eq!(all, (["a|1", "a|2", "b|1", "b|2"].map(str::to_owned).to_vec(), false));
        assert!(combined(&[&["a", "b"], &["1", "2"]], 3).1);
        assert_eq!(combined(&[&["a", "a", "a"]], 1), (vec!["a".to_owned()], false));
        assert_eq!(combined(&[&["a", "b"], &[]], 1), (vec![], false));
        assert_eq!(combined(&[], 1), (vec![String::new()], false));
    }
}
