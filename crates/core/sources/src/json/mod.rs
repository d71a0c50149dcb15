//! JSON without a tree: a scanner that finds where objects end, and a flattener that turns one
//! object into a list of (dotted name, value as written).
//!
//! Both are lenient where exporters are careless (unknown escapes, control characters, a comma
//! before a closing brace) and strict where leniency would swallow the events that follow.

mod bytes;
mod flat;
mod number;
mod scan;
mod text;
mod value;
mod view;

pub(crate) use bytes::as_texts;
pub(crate) use flat::{Field, Flat, Json, Stop};
pub(crate) use number::{Number, whole};
pub(crate) use scan::{Scanner, Step};
pub(crate) use text::{escape, has_object, is_blank, quote, skip_blanks};
pub(crate) use value::compact;
pub(crate) use view::camel;
