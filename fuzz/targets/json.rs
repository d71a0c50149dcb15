//! JSON in all its layouts and shapes.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Json.begin(), |bytes: &[u8]| Target::Json.run(bytes));
