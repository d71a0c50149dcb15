//! No store is read without a view: each public function by which a book can be opened or asked either takes
//! one, or stands here with the reason why it gives nothing of what is in there. That a view cannot be made
//! elsewhere than in `core/access` is a lint (`purity`), that a read without one does not compile are examples in
//! the documentation of the stores.

use anyhow::Result;

use crate::house::none;
use crate::tree::files;

/// A way into a book.
struct Door {
    /// Files whose paths begin so.
    files: &'static str,
    /// What it is a function of, as the line of its `impl` says; nothing for those that are of no type.
    of: &'static str,
    /// Functions that take no view, and why.
    without: &'static [(&'static str, &'static str)],
}

/// What brings a view in a signature; the last are values that hold it.
const VIEWS: [&str; 4] = ["Looking<", "&View", "&Asking<", "&Finding<"];

const DOORS: &[Door] = &[
    Door {
        files: "crates/stores/journal/src/",
        of: "impl Reader {",
        without: &[
            ("open", "reads nothing yet"),
            ("is_forgetting", "says whether something still goes, to who let it go"),
        ],
    },
    Door {
        files: "crates/stores/journal/src/",
        of: "impl Journal {",
        without: &[
            ("open", "reads nothing for anybody"),
            ("open_seeded", "as open"),
            ("act", "says whether it was done"),
            ("act_told", "as act"),
            ("act_together", "as act"),
            ("act_together_told", "as act"),
            ("forget_told", "as act"),
            ("name", "as act"),
            ("forget", "as act"),
            ("forget_again", "as act"),
            ("wake", "says how much was done"),
            ("rebuild", "says what was wrong, by names and numbers"),
            ("reader", "gives what takes a view"),
            ("job", "gives the job that the caller does"),
            ("open_job", "as job"),
            ("job_is_at", "says that it is noted"),
            ("job_ends", "says that it is noted"),
            ("due_effects", "gives what the courier carries out, and shows nobody"),
            ("next_effect", "says when"),
        ],
    },
    Door {
        files: "crates/stores/journal/src/survey.rs",
        of: "",
        without: &[("survey", "says what is wrong, by names and numbers")],
    },
    Door {
        files: "crates/stores/journal/src/copy.rs",
        of: "",
        without: &[("put_back", "puts a copy in place, and reads nothing for anybody")],
    },
    Door {
        files: "crates/stores/journal/src/",
        of: "impl Snapshot {",
        without: &[
            ("head", "was taken with a view of everything"),
            ("going", "as head"),
            ("rows", "as head"),
            ("forgotten", "as head"),
            ("copy", "as head"),
        ],
    },
    Door {
        files: "crates/stores/files/src/",
        of: "",
        without: &[
            ("hold", "says names and sizes, which say nothing, to whoever copies them all"),
            ("path", "says where something lies"),
        ],
    },
    Door {
        files: "crates/stores/files/src/files.rs",
        of: "impl<'a> Files<'a> {",
        without: &[("new", "reads nothing yet")],
    },
    Door {
        files: "crates/stores/access-log/src/read.rs",
        of: "",
        without: &[
            ("verify", "counts records, and tells of none"),
            ("verify_newest", "as verify"),
            ("files", "says names and lengths, for whoever copies it"),
        ],
    },
    Door {
        files: "crates/stores/observations/src/survey.rs",
        of: "",
        without: &[("survey", "counts records, and tells of none")],
    },
    Door {
        files: "crates/stores/lake/src/survey.rs",
        of: "",
        without: &[("survey", "says what is wrong with files, and nothing of their rows")],
    },
    Door { files: "crates/activities/register/src/organisations/queries.rs", of: "", without: &[] },
    Door { files: "crates/activities/register/src/people/queries.rs", of: "", without: &[] },
    Door { files: "crates/activities/watch/src/rulesets/queries.rs", of: "", without: &[] },
    Door { files: "crates/stores/verdicts/src/known.rs", of: "", without: &[] },
    Door { files: "crates/activities/watch/src/findings/queries.rs", of: "", without: &[] },
    Door { files: "crates/activities/watch/src/indicators/queries.rs", of: "", without: &[] },
    Door { files: "crates/activities/watch/src/benign/queries.rs", of: "", without: &[] },
    Door { files: "crates/activities/watch/src/hunts/queries.rs", of: "", without: &[] },
    Door { files: "crates/activities/watch/src/suppressions/queries.rs", of: "", without: &[] },
    Door {
        files: "crates/stores/lake/src/lake.rs",
        of: "impl Lake {",
        without: &[
            ("open", "reads nothing for anybody"),
            ("open_on", "as open"),
            ("pushing_down", "is about how, not what"),
            ("writer", "gives what adds"),
            ("existing_writer", "as writer"),
            ("heal", "says which logs were damaged, by table"),
        ],
    },
];

/// The public functions of a text, by name and whole signature.
fn functions<'a>(text: &'a str, of: &str) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    // As `cargo fmt` writes them: what is of no type begins a line, what is of one stands in its block.
    let (begin, blocks): (&str, Vec<&str>) = if of.is_empty() {
        ("\npub fn ", vec![text])
    } else {
        let behind = text.split(of).skip(1);
        ("\n    pub fn ", behind.map(|block| block.split("\n}\n").next().unwrap_or(block)).collect())
    };
    for block in blocks {
        for signature in block.split(begin).skip(1) {
            let signature = signature.split(" {\n").next().unwrap_or(signature);
            let name = signature.split(['(', '<']).next().unwrap_or(signature);
            found.push((name, signature));
        }
    }
    found
}

/// Functions of a door that take no view and have no reason, and reasons of functions that are not there.
fn faults(door: &Door, texts: &[(&str, &str)]) -> Vec<String> {
    let (mut faults, mut there) = (Vec::new(), Vec::new());
    for (path, text) in texts {
        for (name, signature) in functions(text, door.of) {
            there.push(name);
            let is_known = door.without.iter().any(|(known, _)| *known == name);
            let has_view = VIEWS.iter().any(|view| signature.contains(view));
            if !has_view && !is_known {
                faults.push(format!("{path}: {name} takes no view"));
            }
        }
    }
    if there.is_empty() {
        faults.push(format!("{}: there is nothing of {:?} any more", door.files, door.of));
    }
    let gone = door.without.iter().filter(|(name, _)| !there.contains(name));
    faults.extend(gone.map(|(name, _)| format!("{}: there is no {name} any more", door.files)));
    faults
}

#[test]
fn no_store_is_read_without_a_view() -> Result<()> {
    let mut found = Vec::new();
    for door in DOORS {
        let texts = files()?.iter().filter(|file| file.path.starts_with(door.files));
        let texts = texts.filter(|file| file.path.ends_with(".rs"));
        let texts: Vec<(&str, &str)> =
            texts.filter_map(|file| Some((file.path.as_str(), file.text.as_deref()?))).collect();
        found.extend(faults(door, &texts));
    }
    // What is taken for a view because it holds one does so.
    for (path, holds) in [
        ("crates/stores/lake/src/ask/mod.rs", "pub struct Asking<'a> {"),
        ("crates/stores/lake/src/find/mod.rs", "pub struct Finding<'a> {"),
    ] {
        let file = files()?.iter().find(|file| file.path == path).and_then(|file| file.text.as_deref());
        let body = file.and_then(|text| text.split(holds).nth(1)).and_then(|text| text.split("\n}").next());
        if !body.is_some_and(|body| body.contains("pub who: Looking<'a>,")) {
            found.push(format!("{path}: {holds} holds no view"));
        }
    }
    none(
        &found,
        "A public function that reads a book takes a `Looking`, or xtask/tests/it/views.rs says why not.",
    );
    Ok(())
}

#[test]
fn a_function_without_a_view_is_found() {
    let text = "\npub fn all(\n    reader: &Reader,\n) -> Vec<Row> {\n    1\n}\n\nimpl Reader {\n    /// Words.\n    \
                pub fn seen<K: Kind>(\n        &self,\n        who: Looking<'_>,\n    ) -> u64 {\n        1\n    }\n\n    \
                pub fn rows(&self) -> u64 {\n        2\n    }\n\n    pub fn open(path: &Path) -> Self {\n        \
                3\n    }\n}\n\nimpl Other {\n    pub fn none(&self) -> u64 {\n        4\n    }\n}\n";
    let names = |of| functions(text, of).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names("impl Reader {"), ["seen", "rows", "open"]);
    assert_eq!(names(""), ["all"]);
    let door = |of, without| Door { files: "a", of, without };
    let found = |of, without| faults(&door(of, without), &[("a", text)]);
    assert_eq!(found("impl Reader {", &[("open", "opens")]), ["a: rows takes no view"]);
    assert_eq!(found("", &[("all", "for all"), ("past", "went")]), ["a: there is no past any more"]);
    assert_eq!(found("impl Nothing {", &[]).len(), 1);
}
