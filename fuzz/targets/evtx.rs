//! Windows event logs.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Evtx.begin(), |bytes: &[u8]| Target::Evtx.run(bytes));
