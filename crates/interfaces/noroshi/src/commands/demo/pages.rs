//! The report of the demo's scan, a page in each language.

use std::path::{Path, PathBuf};

use intake::{Stop, inputs};
use page::{Language, Words};
use report::ScanReport;

use super::folder::Mark;
use crate::Failure;
use crate::output::{self, Destination, Evidence, Form, Outputs};

/// The report in one language, opened before the scan.
pub(super) struct Page {
    path: PathBuf,
    pub(super) language: Language,
    outputs: Outputs,
}

/// Opens the pages; whatever of the logs is there already must not be one of them.
pub(super) fn open(folder: &Path, stop: &Stop, words: Words) -> Result<Vec<Page>, Failure> {
    let logs = inputs::find(&[folder.join("logs")]).files;
    let open = |language: Language| {
        let path = folder.join(format!("report-{}.html", language.tag()));
        let destination = [Destination::of(&path, Form::Page, words)?];
        output::check(&destination, Evidence { inputs: &logs, rules: &[] }, false, words)?;
        Ok(Page { path, language, outputs: Outputs::open(&destination, false, stop, words)? })
    };
    Language::ALL.into_iter().map(open).collect()
}

/// The title of the pages.
pub(super) fn title(mark: &Mark, words: Words) -> String {
    words.get(&mark.key("cli-demo-title"))
}

impl Page {
    /// Writes the report and says where it is; whether it was written.
    pub(super) fn write(mut self, report: &ScanReport, words: Words) -> bool {
        self.outputs.whole(Form::Page, || report::html(report));
        let is_written = self.outputs.are_written();
        if is_written {
            let values = [("path", self.path.display().to_string().into())];
            println!("{}", words.with("cli-demo-report", &values));
        }
        is_written
    }
}
