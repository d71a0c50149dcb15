//! Rule files, from text to verdicts.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Rules.begin(), |bytes: &[u8]| Target::Rules.run(bytes));
