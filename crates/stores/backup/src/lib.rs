//! Points in time to which a home can be put back.
