//! Rows in memory, for what measures matching alone.

use std::path::Path;
use std::sync::Arc;

use intake::inputs;
use model::catalogue::Catalogue;
use sources::{Builder, Input, Limits, Piece, Reader, Sheet, parse};

/// A week of the small nation: mostly ordinary days, as an operations centre has them.
pub fn of_week(seed: u64, catalogue: &Arc<Catalogue>) -> Vec<Sheet> {
    let plan = simulate::Plan::week(seed);
    let sources = plan.files().into_iter().map(|file| {
        let mut generator = simulate::Generator::new(&plan, &file);
        let mut bytes = Vec::new();
        while !generator.write(&mut bytes, 1 << 20).expect("memory takes all").done {}
        (file.path, Input::Seekable(Box::new(std::io::Cursor::new(bytes))))
    });
    sheets(sources, catalogue)
}

/// The events of the files in a folder.
pub fn of_folder(folder: &Path, catalogue: &Arc<Catalogue>) -> Vec<Sheet> {
    let sources = inputs::find(&[folder.to_owned()]).files.into_iter().filter_map(|file| {
        let input = std::fs::File::open(&file.path).ok()?;
        Some((file.shown, Input::Seekable(Box::new(input))))
    });
    sheets(sources, catalogue)
}

fn sheets<'a>(sources: impl Iterator<Item = (String, Input<'a>)>, catalogue: &Arc<Catalogue>) -> Vec<Sheet> {
    let mut builder = Builder::new(catalogue.clone());
    let mut sheets = Vec::new();
    for (name, input) in sources {
        for piece in Reader::open(&name, input, &Limits::default()) {
            if let Piece::Segment(segment) = piece {
                drop(parse(&segment, &mut builder));
            }
            if builder.bytes() > 8 << 20 {
                sheets.extend(builder.finish().expect("columns are well formed"));
            }
        }
    }
    sheets.extend(builder.finish().expect("columns are well formed"));
    sheets
}
