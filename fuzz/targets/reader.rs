//! Any bytes; the content decides what they are.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Reader.begin(), |bytes: &[u8]| Target::Reader.run(bytes));
