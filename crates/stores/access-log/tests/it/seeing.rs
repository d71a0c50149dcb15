//! The log is a book too: what a view shows of it.

use access_log::{AccessLog, AccessLogError, Durable, Entry, read};
use model::marking::Marking;
use model::view::{Label, Part, View};

use crate::support::{at, look, owners, place};

fn part(names: &[&str]) -> View {
    let label = |owner: &&str| Label {
        compartment: "own".to_owned(),
        owner: (*owner).to_owned(),
        marking: Marking::default(),
    };
    let part = Part { labels: names.iter().map(label).collect(), hidden: [].into() };
    access::person("sato", part, at(0))
}

#[test]
fn a_part_shows_who_looked_at_its_owners_and_no_other_owner() {
    let (_folder, path) = place();
    let log = AccessLog::open(&path).expect("opened");
    for (what, names) in
        [("a", &["aoba"][..]), ("b", &["misaki"]), ("c", &["aoba", "misaki", "minato"]), ("d", &[])]
    {
        let mut one = look(0, what);
        one.owners = owners(names);
        log.append(&one, Durable::No).expect("noted");
    }
    type Row<'a> = (&'a str, &'a [&'a str], Option<u64>);
    let whole = |what, owners| -> Row<'_> { (what, owners, Some(5)) };
    let all: &[Row<'_>] = &[
        whole("a", &["aoba"]),
        whole("b", &["misaki"]),
        whole("c", &["aoba", "minato", "misaki"]),
        whole("d", &[]),
    ];
    for (view, expected) in [
        (access::operator("root", at(0)), all),
        (part(&["aoba"]), &[whole("a", &["aoba"]), ("c", &["aoba"], None)]),
        (part(&["misaki", "aoba"]), &[all[0], all[1], ("c", &["aoba", "misaki"], None)]),
        (part(&["misaki", "aoba", "minato"]), &all[..3]),
        (part(&["nobody"]), &[]),
        (part(&[]), &[]),
    ] {
        let mut seen: Vec<Entry> = Vec::new();
        read(&path, &view, at(30), &mut |entry| seen.push(entry)).expect("read");
        let seen: Vec<_> = seen
            .into_iter()
            .map(|entry| (entry.what, entry.owners, entry.rows, entry.tlp.is_some()))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(what, names, rows)| ((*what).to_owned(), owners(names), *rows, rows.is_some()))
            .collect();
        assert_eq!(seen, expected, "{:?}", view.sight());
    }
}

#[test]
fn a_view_that_is_not_fresh_shows_nothing() {
    let (_folder, path) = place();
    let log = AccessLog::open(&path).expect("opened");
    log.append(&look(0, "q"), Durable::No).expect("noted");
    for (now, expected) in [(-1, false), (0, true), (60, true), (61, false)] {
        let mut seen = 0;
        let result = read(&path, &access::operator("root", at(0)), at(now), &mut |_| seen += 1);
        assert_eq!(seen, u32::from(expected), "{now}");
        assert_eq!(matches!(result, Err(AccessLogError::View(_))), !expected, "{now}");
    }
}
