//! What is kept stays, once, whatever happens on the way.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod damage;
mod growing;
mod keeping;
mod payload;
mod seeing;
mod support;
