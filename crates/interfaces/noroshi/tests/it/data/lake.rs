//! The verdicts of a scan of the lake are those of the logs, over all real data and all rules.

use std::path::Path;

use intake::inputs;

use crate::again::{assert_same, verdicts};
use crate::commands::{noroshi, said};
use crate::scanning::data;

#[test]
fn the_lake_gives_the_verdicts_of_event_logs_and_otrf() {
    let (Some(sigma), Some(evtx), Some(otrf)) = (data("sigma"), data("evtx"), data("otrf")) else { return };
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules");
    let own = own.canonicalize().expect("the bundled rules");
    let folders = ["rules", "rules-emerging-threats", "rules-threat-hunting"];
    let sigma = folders.map(|folder| sigma.join("sigma").join(folder).display().to_string());
    let mut rules: Vec<&str> = sigma.iter().flat_map(|folder| ["--rules", folder]).collect();
    rules.extend(["--rules", own.to_str().expect("text")]);
    for (logs, least) in [(evtx, 1_500), (otrf, 5_000)] {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = temporary.path();
        let path = logs.to_str().expect("text");
        let logged = verdicts(folder, &[&[path], &rules[..]].concat());
        // Every third file first, the last before the first, then all: in other pieces than they were read.
        let files = inputs::find(std::slice::from_ref(&logs)).files;
        let some: Vec<String> =
            files.iter().rev().step_by(3).map(|file| file.path.display().to_string()).collect();
        let some: Vec<&str> = some.iter().map(String::as_str).collect();
        for paths in [&some[..], &[path]] {
            let output = noroshi(folder, &[&["ingest", "--home", "h"], paths].concat());
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        }
        let lake = verdicts(folder, &[&["--lake", "--home", "h"], &rules[..]].concat());
        println!("{path}: {} verdicts of the logs, {} of the lake", logged.all.len(), lake.all.len());
        assert!(logged.all.len() > least, "{}", logged.all.len());
        assert_same(&logged, &lake);
    }
}
