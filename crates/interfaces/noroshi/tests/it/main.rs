//! The program as its users meet it, and the data-driven suites.

mod data;
mod scanning;
