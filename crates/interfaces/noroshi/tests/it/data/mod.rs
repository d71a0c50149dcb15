//! Suites over real data; see CONTRIBUTING for where the data is expected.

mod agreement;
mod cases;
mod columns;
mod following;
mod lake;
mod regression;
mod second_opinion;
