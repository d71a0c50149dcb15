//! The rules of the house, as tests over the workspace itself. Each module holds one checker,
//! a test that runs it over this repository, and tests that show on small made-up input that
//! it can fail.

mod command;
mod dependencies;
mod documents;
mod features;
mod floors;
mod fuzzing;
mod house;
mod manifests;
mod purity;
mod text;
mod tree;
mod units;
mod views;
