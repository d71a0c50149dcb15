//! The register: what may be said of organisations and people, and how it is written.

mod golden;
mod saying;
