//! Compressed sources and archives, one inside the other.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Archives.begin(), |bytes: &[u8]| Target::Archives.run(bytes));
