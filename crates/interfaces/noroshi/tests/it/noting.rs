//! Questions to the lake stand in the access log, without what may be a name.

use std::fs;

use model::time::Instant;

use crate::commands::{folder, noroshi, said};

#[test]
fn questions_are_noted_without_the_texts_in_them() {
    let folder = folder();
    let path = folder.path();
    for arguments in [
        &["ingest", "log.json"][..],
        &["query", "SELECT count(*) FROM events WHERE \"user.name\" = 'unmistakable'"],
        &["query", "SELECT $1 AS who", "--param", "unmistakable"],
        &["find", "unmistakable", "203.0.113.7"],
        &["tables"],
    ] {
        let output = noroshi(path, &[arguments, &["--home", "home"]].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    }
    let access = path.join("home/access");
    let now = Instant::from_nanoseconds(0);
    let (mut asked, view) = (Vec::new(), access::operator("local:0", now));
    let faults = access_log::read(&access, &view, now, &mut |entry| {
        assert_eq!(entry.viewer.as_str(), format!("local:{}", home::user()));
        asked.push(entry.what);
    });
    assert_eq!(faults.expect("read"), []);
    assert_eq!(
        asked,
        [
            "SELECT count(*) FROM events WHERE \"user.name\" = '…'",
            "SELECT $1 AS who",
            "2 values",
            "its tables"
        ]
    );
    // Where nobody can note who looks, nobody sees anything.
    fs::remove_dir_all(&access).expect("removed");
    fs::write(&access, "no folder").expect("written");
    let output = noroshi(path, &["tables", "--home", "home"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty() && said(&output).contains("could not be noted"), "{}", said(&output));
}
