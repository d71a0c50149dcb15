//! What rules mean, shown on small events; and that the compiled scan never differs from the
//! linear one.

mod agreement;
mod conditions;
mod events;
mod fields;
mod loading;
mod values;
