//! What the readers make of bytes, told through the public interface alone.

mod archives;
mod audit;
mod evtx;
mod json;
mod random;
mod support;
mod windows;
