//! Objects that are no Windows events: tells by names and a few values which system wrote them,
//! and adds the fields that rules expect and that the object only implies.
//!
//! What the source merely calls otherwise than rules do is no matter of this module: the
//! catalogue lists those names. Here stands what needs a look at values.

mod cloud;
pub(super) mod extra;
mod journal;
pub(super) mod mark;
mod microsoft;
mod network;
pub(super) mod object;
mod ocsf;

use extra::Extra;
use object::{Object, Parts};

use crate::json::as_texts;
use crate::sheet::Scalar;

/// Which system wrote the object, where that can be told.
pub(super) fn tell<'a>(object: &Object<'a, '_>) -> Option<Parts<'a>> {
    journal::tell(object)
        .or_else(|| ocsf::tell(object))
        .or_else(|| network::tell(object))
        .or_else(|| cloud::tell_aws(object))
        .or_else(|| microsoft::tell(object))
        .or_else(|| cloud::tell(object))
}

/// The object with texts for its arrays of bytes, as the journal has them, and whether all were
/// UTF-8; none when it has none.
pub(super) fn texts_of_bytes(object: &Object<'_, '_>) -> Option<(String, bool)> {
    let has_number = || object.flat.fields(object.text).any(|field| field.value.scalar == Scalar::Integer);
    // All values of the journal are texts.
    if journal::fits(object) && has_number() { as_texts(object.flat.source(object.text)) } else { None }
}

/// Adds what the event only implies. `prefix`: what stands before every name.
pub(super) fn complete(extra: &mut Extra<'_, '_>, (product, log, _): Parts<'_>) {
    match (product, log) {
        (_, ocsf::LOG) => ocsf::complete(extra),
        ("zeek", "http") => network::complete_zeek(extra),
        ("suricata", "http") => network::complete_suricata(extra),
        ("aws", _) => cloud::complete_aws(extra),
        ("azure", log) => microsoft::complete_azure(extra, log),
        ("m365", _) => microsoft::complete_m365(extra),
        ("gcp", _) => cloud::complete_google(extra),
        ("linux", log) => journal::complete(extra, log),
        _ => {}
    }
}
