//! Over all real data and all rules, the compiled scan finds what the linear one finds.

use std::sync::Arc;

use detect::{Engine, Scratch};
use intake::inputs;
use sources::{Builder, Input, Limits, Piece, Reader, Sheet, parse};

use crate::scanning::{data, engine, rules};

/// Gives the sheets of all files below a folder, some thousand events at a time.
pub fn sheets(folder: &std::path::Path, engine: &Engine, each: &mut dyn FnMut(&Sheet)) -> u64 {
    let mut builder = Builder::new(engine.catalogue().clone());
    let mut events = 0;
    for file in inputs::find(&[folder.to_owned()]).files {
        let input = std::fs::File::open(&file.path).expect("the file opens");
        for piece in Reader::open(&file.shown, Input::Seekable(Box::new(input)), &Limits::default()) {
            let Piece::Segment(segment) = piece else { continue };
            events += parse(&segment, &mut builder).events;
            if builder.events() > 8_000 {
                builder.finish().expect("columns are well formed").iter().for_each(&mut *each);
            }
        }
    }
    builder.finish().expect("columns are well formed").iter().for_each(each);
    events
}

#[test]
fn compiled_and_linear_scan_agree_on_real_data() {
    let (Some(sigma), Some(evtx), Some(otrf)) = (data("sigma"), data("evtx"), data("otrf")) else { return };
    let folders = ["rules", "rules-emerging-threats", "rules-threat-hunting"];
    let set = rules(&folders.map(|folder| sigma.join("sigma").join(folder)));
    assert!(set.rules.len() > 3_700, "{} rules load", set.rules.len());
    let engine = Arc::new(engine(&set));
    let mut scratch = Scratch::default();
    for folder in [evtx, sigma.join("sigma/regression_data"), otrf] {
        let mut hits = 0;
        let events = sheets(&folder, &engine, &mut |sheet| {
            let compiled = engine.hits(sheet, &mut scratch);
            assert_eq!(compiled, engine.scan_linear(sheet), "{} in {}", sheet.kind, folder.display());
            hits += compiled.expect("columns are those of a sheet").len();
        });
        println!("{}: {events} events, {hits} hits, the same both ways", folder.display());
        assert!(hits > 100);
    }
}
