//! JSON without a tree: brackets that are counted to find where objects end, and a flattener that
//! turns one object into a list of (dotted name, value as written).
//!
//! Both are lenient where exporters are careless (unknown escapes, control characters, a comma
//! before a closing brace) and strict where leniency would swallow the events that follow.

mod brackets;
mod bytes;
mod flat;
mod flatten;
mod number;
mod text;
mod value;
mod view;

pub(crate) use brackets::{Brackets, Step};
pub(crate) use bytes::as_texts;
pub(crate) use flat::{Field, Flat, Json};
pub(crate) use flatten::Stop;
pub(crate) use number::{Number, whole};
pub(crate) use text::{escape, has_object, is_blank, quote, skip_blanks};
pub(crate) use value::compact;
pub(crate) use view::camel;
