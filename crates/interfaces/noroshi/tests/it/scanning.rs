//! Running a scan inside a test.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use detect::{Engine, RuleSet, Verdict};
use intake::{Detection, Intake, Settings, Stop, inputs};
use model::catalogue::Catalogue;
use model::event::Flaw;
use noroshi::ruleset;
use page::{Language, Words};
use sources::Limits;

/// Everything a scan found.
#[derive(Debug, Default)]
pub struct Scanned {
    pub verdicts: Vec<Verdict>,
    pub flaws: Vec<Flaw>,
    pub events: u64,
}

/// Rules of files and folders.
pub fn rules(paths: &[PathBuf]) -> RuleSet {
    ruleset::open(paths, &[], Words::new(Language::En)).expect("the rules open")
}

/// Scans files and folders on two threads.
pub fn scan(paths: &[PathBuf], engine: &Engine) -> Scanned {
    let settings = Settings { threads: 2, limits: Limits::default() };
    let files = inputs::find(paths).files;
    let mut all = Scanned::default();
    let (stop, bytes) = (Stop::default(), AtomicU64::new(0));
    let stage = Detection { engine, from: None, to: None };
    let scanning = Intake { stage: &stage, settings: &settings, stop: &stop, bytes: &bytes };
    intake::run(&files, scanning, &mut |found| {
        all.verdicts.extend(found.verdicts);
        all.flaws.extend(found.flaws);
        all.events += found.events;
        Ok(())
    })
    .expect("nothing is written, so nothing fails");
    all
}

/// An engine over a rule set.
pub fn engine(set: &RuleSet) -> Engine {
    Engine::new(set.clone(), Catalogue::bundled().expect("the bundled catalogue is valid"))
}

/// The folder of real data, or `None` with a printed reason; an error where data is required.
pub fn data(set: &str) -> Option<PathBuf> {
    let required =
        std::env::var("NOROSHI_REQUIRE").is_ok_and(|list| list.split(',').any(|word| word == "data"));
    let folder = std::env::var_os("NOROSHI_DATA").map(|folder| Path::new(&folder).join(set));
    match folder {
        Some(folder) if folder.is_dir() => Some(folder),
        folder => {
            assert!(
                !required,
                "data is required, but NOROSHI_DATA does not lead to the set {set}: {folder:?}"
            );
            println!("skipped: NOROSHI_DATA does not lead to the set {set}");
            None
        }
    }
}
