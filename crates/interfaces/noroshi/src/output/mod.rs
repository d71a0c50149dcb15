//! Ways out: JSON lines, spreadsheet rows, a summary for programs, one for people, a page; answers to
//! questions.

mod answer;
mod csv_cell;
mod destination;
mod form;
mod notice;
mod outputs;
mod page;
mod sink;
mod summary;
mod table;
mod terminal;
mod verdicts;

pub use answer::{AnswerForm, AnswerOutput};
pub use destination::{Destination, Evidence, Way, check};
pub use form::Form;
pub use notice::Notice;
pub use outputs::Outputs;
pub use page::{ScanFacts, report};
pub use summary::summary;
pub use table::{Table, Width};
pub use terminal::{flaws, pad, print_refusals, terminal};
