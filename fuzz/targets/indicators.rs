//! Lists of indicators as people paste them.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Indicators.begin(), |bytes: &[u8]| Target::Indicators.run(bytes));
