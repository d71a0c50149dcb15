//! Ways out: JSON lines, spreadsheet rows, a summary for programs, one for people, a page.

mod files;
mod notice;
mod page;
mod summary;
mod terminal;

pub use files::{CsvLines, JsonLines, create, write_whole};
pub use notice::Notice;
pub use page::{ScanFacts, report};
pub use summary::summary;
pub use terminal::{print_refusals, terminal};
