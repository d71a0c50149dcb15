//! Segments to rows, one module a notation.

mod access;
mod audit;
pub(crate) mod evtx;
mod json;
mod line;
mod sockets;
mod syslog;
mod xml;
mod zeek;

use crate::segment::{Format, Parsed, Segment};
use crate::sheet::Builder;

/// Reads a segment into rows. Safe to call for many segments at once, each with its own builder.
#[must_use]
pub fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    match segment.format {
        Format::Evtx => evtx::parse(segment, builder),
        Format::Json => json::parse(segment, builder),
        Format::Audit => audit::parse(segment, builder),
        Format::Syslog => syslog::parse(segment, builder),
        Format::Access => access::parse(segment, builder),
        Format::Zeek => zeek::parse(segment, builder),
        Format::Xml => xml::parse(segment, builder),
    }
}
