//! Segments to rows, one module a notation.

mod access;
mod accounts;
mod audit;
mod evtx;
mod json;
mod sockets;
mod syslog;

pub(crate) use access::parse as access;
pub(crate) use accounts::{sshd, sudo};
pub(crate) use audit::parse as audit;
pub(crate) use evtx::parse as evtx;
pub(crate) use json::parse as json;
pub(crate) use syslog::{log_of, parse as syslog};
