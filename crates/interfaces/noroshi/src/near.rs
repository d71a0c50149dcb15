//! Names that somebody may have meant.

/// Names given at most.
const MOST: usize = 3;

/// The names nearest to one that is not there, the nearest first. Upper and lower case count as equal;
/// a part that a name ends or begins with at a dot is near.
pub fn near<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    // What stands before the first dot may be a table.
    let parts = [Some(wanted.as_str()), wanted.split_once('.').map(|(_, rest)| rest)];
    let mut found: Vec<(usize, &str)> = Vec::new();
    for name in names {
        let lower = name.to_lowercase();
        let far = parts.iter().flatten().map(|part| distance_of(part, &lower)).min();
        found.extend(far.filter(|far| *far <= bound(&wanted)).map(|far| (far, name)));
    }
    found.sort();
    found.dedup();
    // Beside a name that differs in its case alone, the others are noise.
    if found.first().is_some_and(|(far, _)| *far == 0) {
        found.retain(|(far, _)| *far <= 1);
    }
    found.into_iter().map(|(_, name)| name).take(MOST).collect()
}

/// How far a near name may be away: a third of its letters, or two of a short one's.
fn bound(wanted: &str) -> usize {
    (wanted.chars().count() / 3).max(2)
}

fn distance_of(wanted: &str, name: &str) -> usize {
    let ends = |name: &str, part: &str| name.strip_suffix(part).is_some_and(|rest| rest.ends_with('.'));
    let begins = |name: &str, part: &str| name.strip_prefix(part).is_some_and(|rest| rest.starts_with('.'));
    if wanted == name {
        0
    } else if !wanted.is_empty() && (ends(name, wanted) || begins(name, wanted)) {
        1
    } else {
        distance(wanted, name)
    }
}

/// Characters to add, take away or change (Levenshtein 1966).
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (above, left) in one.chars().zip(1..) {
        let mut corner = row[0];
        row[0] = left;
        for (at, other) in two.iter().enumerate() {
            let changed = corner + usize::from(above != *other);
            corner = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        const NAMES: [&str; 6] =
            ["device.hostname", "user.name", "actor.user.name", "time", "process.pid", "raw.ScriptBlockText"];
        for (wanted, expected) in [
            ("device.hostnam", &["device.hostname"][..]),
            ("hostname", &["device.hostname"]),
            ("p.hostname", &["device.hostname"]),
            ("user.name", &["user.name", "actor.user.name"]),
            ("raw.scriptblocktext", &["raw.ScriptBlockText"]),
            ("tiem", &["time"]),
            ("lantern", &[]),
        ] {
            assert_eq!(near(wanted, NAMES.into_iter()), expected, "{wanted}");
        }
    }

    #[test]
    fn distances_are_those_of_the_textbook() {
        for (one, two, expected) in
            [("", "", 0), ("kitten", "sitting", 3), ("", "abc", 3), ("flaw", "lawn", 2), ("灯台", "灯", 1)]
        {
            assert_eq!(distance(one, two), expected, "{one} {two}");
            assert_eq!(distance(two, one), expected, "{two} {one}");
        }
    }
}
