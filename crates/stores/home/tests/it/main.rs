//! Homes on real folders.

mod homes;
