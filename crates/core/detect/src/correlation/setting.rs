//! A correlation and the bounds in which it runs.

use super::plan::Node;
use crate::bounds::Bounds;

/// A correlation and the bounds in which it runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) node: &'a Node,
    pub(super) bounds: &'a Bounds,
}
