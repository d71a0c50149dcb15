//! Segments to rows, one module a notation.

mod audit;
mod evtx;
mod json;
mod sockets;

pub(crate) use audit::parse as audit;
pub(crate) use evtx::parse as evtx;
pub(crate) use json::parse as json;
