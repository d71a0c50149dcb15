//! The lake over folders of the disk.

mod tables;
