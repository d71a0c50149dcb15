//! Writes sample reports in both languages into a folder: `cargo run -p report --example
//! sample -- FOLDER`. For looking at, and for checks in a browser.

mod scan;

use std::path::PathBuf;

use report::{Language, Level, html};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    for language in Language::ALL {
        let tag = language.tag();
        std::fs::write(folder.join(format!("busy-{tag}.html")), html(&scan::busy(language)))?;
        std::fs::write(folder.join(format!("quiet-{tag}.html")), html(&scan::quiet(language)))?;
        let mut mild = scan::busy(language);
        mild.verdicts.retain(|verdict| verdict.level < Level::High);
        mild.verdicts_total = 4_812;
        mild.truth = None;
        scan::summarise(&mut mild);
        std::fs::write(folder.join(format!("mild-{tag}.html")), html(&mild))?;
    }
    Ok(())
}
