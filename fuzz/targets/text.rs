//! Logs of lines: system logs and access logs.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Text.begin(), |bytes: &[u8]| Target::Text.run(bytes));
