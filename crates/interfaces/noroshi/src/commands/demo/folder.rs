//! The demo's folder: whose it is, and what is in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use home::UserFolder;
use page::Words;
use serde::{Deserialize, Serialize};
use simulate::Plan;

use crate::Failure;
use crate::arguments::Demo;

/// Marks a folder as the demo's own and says what is in it.
const MARK: &str = "noroshi-demo.json";
/// Of the year's desks so many send logs, unless something else is asked for.
const YEAR_SCALE: f64 = 0.1;

/// How much of the nation's life there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Span {
    /// The fiscal year 2026, as far as the demo's clock.
    Year,
    /// A week in June, with all stories moved into it.
    Week,
}

/// What the folder holds: made anew when any of it differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Mark {
    version: String,
    seed: u64,
    scale: f64,
    span: Span,
}

impl Mark {
    /// What the arguments ask for.
    pub(super) fn wanted(arguments: &Demo) -> Self {
        let (span, scale) = if arguments.week { (Span::Week, 1.0) } else { (Span::Year, YEAR_SCALE) };
        let scale = arguments.scale.unwrap_or(scale);
        Self { version: env!("CARGO_PKG_VERSION").to_owned(), seed: arguments.seed, scale, span }
    }

    /// The plan of which this is the mark.
    pub(super) fn plan(&self) -> Plan {
        let plan = match self.span {
            Span::Year => Plan::demo_year(self.seed),
            Span::Week => Plan::week(self.seed),
        };
        Plan { scale: self.scale, ..plan }
    }

    /// A key of words, as it is for this span.
    pub(super) fn key(&self, key: &str) -> String {
        let span = match self.span {
            Span::Year => "year",
            Span::Week => "week",
        };
        format!("{key}-{span}")
    }

    /// Says that the folder is complete; `None` that it is not.
    pub(super) fn write(mark: Option<&Self>, folder: &Path) -> io::Result<()> {
        let text = mark.map_or_else(|| Ok("{}".to_owned()), serde_json::to_string)?;
        fs::write(folder.join(MARK), text + "\n")
    }
}

/// The folder that is meant.
pub(super) fn place(arguments: &Demo, words: Words) -> Result<PathBuf, Failure> {
    if let Some(home) = &arguments.home {
        return Ok(home.clone());
    }
    let data = UserFolder::Data.find(&|name| std::env::var_os(name));
    data.map(|data| data.join("noroshi-demo"))
        .ok_or_else(|| Failure::usage(words, "cli-error-demo-folder", &[]))
}

/// Makes the folder the demo's, and gives the mark of what is already complete in it.
pub(super) fn claim(folder: &Path, words: Words) -> Result<Option<Mark>, Failure> {
    let shown = folder.display().to_string();
    let fail = |error: io::Error| Failure::output(words, &shown, &error);
    fs::create_dir_all(folder).map_err(fail)?;
    match fs::read_to_string(folder.join(MARK)) {
        Ok(text) => Ok(serde_json::from_str(&text).ok()),
        Err(_) if fs::read_dir(folder).map_err(fail)?.next().is_none() => {
            Mark::write(None, folder).map_err(fail)?;
            Ok(None)
        }
        Err(_) => Err(Failure::usage(words, "cli-error-demo-home", &[("path", shown.clone().into())])),
    }
}
