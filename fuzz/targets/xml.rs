//! Windows events in XML.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Xml.begin(), |bytes: &[u8]| Target::Xml.run(bytes));
