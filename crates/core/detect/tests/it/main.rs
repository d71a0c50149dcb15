//! What rules mean, shown on small events; and that the compiled scan never differs from the
//! linear one.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

mod agreement;
mod causes;
mod conditions;
mod correlation_bounds;
mod correlation_oracle;
mod correlation_saving;
mod correlations;
mod difference;
mod events;
mod fields;
mod filters;
mod loading;
mod reach;
mod stories;
mod storing;
mod systems;
mod values;
mod versions;
