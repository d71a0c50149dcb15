//! Loaded documents as bytes, so that a set need not be read from YAML each time it is used.
//!
//! The bytes are of this build alone; whoever keeps them must make them anew for another one.

use crate::load::Document;
use crate::rule::Refusal;

/// Loaded documents as bytes; none when they cannot be written down.
#[must_use]
pub fn pack(loaded: &[Result<Document, Refusal>]) -> Option<Vec<u8>> {
    postcard::to_stdvec(loaded).ok()
}

/// The documents behind bytes of [`pack`]; none when the bytes are not that.
#[must_use]
pub fn unpack(bytes: &[u8]) -> Option<Vec<Result<Document, Refusal>>> {
    let (loaded, rest) = postcard::take_from_bytes(bytes).ok()?;
    rest.is_empty().then_some(loaded)
}
