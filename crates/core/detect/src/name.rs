//! Which known name somebody meant who wrote another one.

/// The known name that is most like a name; nothing where none is.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let written = name.to_lowercase();
    let likeness = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let distance = distance(&written, &candidate);
        match distance {
            // A letter in four may differ.
            _ if distance * 4 <= candidate.chars().count() => Some(distance),
            // Tools name a field by its place, too: `LogFileClearedChannel`.
            _ if candidate.len() >= SHORTEST && written.ends_with(&candidate) => Some(distance),
            _ => None,
        }
    };
    let known = known.filter_map(|candidate| Some((likeness(candidate)?, candidate)));
    known.min().map(|(_, candidate)| candidate)
}

/// Letters of a name that says something at the end of another.
const SHORTEST: usize = 5;

/// Letters to change, add or take away (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (number, letter) in left.chars().enumerate() {
        let mut diagonal = number;
        row[0] = number + 1;
        for (at, other) in right.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_prefixes_lead_to_the_name_meant() {
        let known = ["CommandLine", "ParentCommandLine", "Channel", "ErrorCode", "Image", "User"];
        for (name, expected) in [
            ("Commandline", Some("CommandLine")),
            ("ComandLine", Some("CommandLine")),
            ("Parent_CommandLine", Some("ParentCommandLine")),
            ("LogFileClearedChannel", Some("Channel")),
            ("RdsGtwErrorCode", Some("ErrorCode")),
            ("SubjectUser", None),
            ("Abacus", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected, "{name}");
        }
    }
}
