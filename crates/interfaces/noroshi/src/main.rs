//! The program `noroshi`; everything it does is in the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    noroshi::run(std::env::args_os().collect())
}
