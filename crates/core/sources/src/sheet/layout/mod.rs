//! Which columns a sheet has: written and read here and nowhere else.
//!
//! One row an event. Reference columns, then fields:
//!
//! | column | type | what |
//! |---|---|---|
//! | `source_path` | text | file as given, `archive!member` inside archives |
//! | `ordinal` | u64 | number of the event in its source, from 1 |
//! | `line`, `record_id`, `audit_serial` | u64, may be null | further ways to point at the event |
//! | `time` | timestamp, ns, UTC, may be null | event time |
//! | catalogue names (`process.file.path` …) | values | fields the catalogue knows for this kind |
//! | `raw` | struct of values | all other fields, by the names the event gives them |
//!
//! A field that repeats inside an event is a list of values. A *grouped* sheet (Linux audit) holds
//! events of several records: one column `records`, a list of structs, has the fields of each
//! record, since the same name (`a0`) means different things in different records.
//!
//! **Values** keep the spelling of their source. The metadata of their column says the source's own
//! name (`name`). Where all values of a column are of one JSON type and one origin, they are texts,
//! and the metadata says which (`type`; `derived`, if the reader computed them from another field).
//! Where not, they are structs of `text` and `type`, a letter: that of the JSON type, as a capital if
//! the value is derived. So the type of a value is data and stays with it when rows are chosen,
//! sorted, joined or packed in another way. Equal texts of different types are different values.
//! An absent field is null in its column; one that holds `null`, `[]` or `{}` is there, with the
//! empty text and its type.
//!
//! Texts and structs are written as the values of dictionaries, each distinct one once. Read are
//! dictionaries with any keys and plain columns, of short, long and view texts. What is none of
//! this is an error: a field that is passed over is a verdict that is missing.

pub(super) mod names;
mod packing;
pub(super) mod read;
pub(super) mod write;
