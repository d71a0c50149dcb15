//! Linux audit logs.
#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(init: Target::Auditd.begin(), |bytes: &[u8]| Target::Auditd.run(bytes));
