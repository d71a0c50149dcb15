//! What the readers make of bytes, told through the public interface alone.

#![expect(
    clippy::unwrap_used,
    clippy::type_complexity,
    reason = "a test that cannot go on must fail, and tables are types of their own"
)]

mod archives;
mod audit;
mod batches;
mod counterparts;
mod data;
mod event_log;
mod evtx;
mod exports;
mod heads;
mod json;
mod layout;
mod live;
mod members;
mod parts;
mod random;
mod streams;
mod support;
mod systems;
mod tars;
mod text;
mod values;
mod windows;
mod wrapped;
mod xml;
mod years;
mod zeek;
mod zips;
