//! What every page and print of the platform shares: words, marks, components, styles.
//!
//! Knows HTML and the two languages; knows no activity, no store, no server. The report of a
//! scan and, later, the web console are built from these parts.
//!
//! - [`words`] – the texts of `locales/{ja,en}/*.ftl`, complete in both languages.
//! - [`foreign`] – text that came from outside (a log, a rule, a file name) made visible and
//!   harmless. Every such text on a page goes through it.
//! - [`wording`] – numbers, sizes, durations and instants in words.
//! - [`marks`] – TLP labels, severities and states: colour, shape and word together.
//! - [`parts`] – the page head, the four numbers, headed sections, charts with their table.
//! - [`document`] – the whole self-contained HTML file with its content security policy.
//!
//! Colours, measures and anatomy follow the visual reference; they stand in `style/*.css` as
//! custom properties and nowhere else.

pub mod document;
pub mod foreign;
mod hash;
pub mod marks;
pub mod parts;
pub mod wording;
pub mod words;

pub use document::Document;
pub use marks::{LevelWords, State, TlpWords};
pub use model::marking::Tlp;
pub use words::{Language, Value, Words};
