//! What is to be looked for: values that were typed, and those of a file.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use model::indicator::{Indicator, NotAnIndicator};
use page::Words;
use page::foreign::visible;

use crate::Failure;
use crate::arguments::Find;

/// Most bytes of a file of values.
const FILE: u64 = 256 << 20;
/// Refused lines of a file that are told one by one.
const TOLD: usize = 20;

/// All values, each once. What of a file is none is told and passed over.
///
/// # Errors
/// When a value that was typed is none, the file cannot be read, or nothing is left.
pub fn read(arguments: &Find, words: Words) -> Result<Vec<Indicator>, Failure> {
    let mut values = Vec::new();
    for text in &arguments.values {
        let read = Indicator::read(text);
        values.push(read.map_err(|why| Failure { code: 2, text: refused(text, why, words) })?);
    }
    if let Some(path) = &arguments.file {
        let name = path.display().to_string();
        let failed = |error: io::Error| {
            let said = [("path", name.as_str().into()), ("reason", error.to_string().into())];
            Failure::usage(words, "cli-error-input", &said)
        };
        let input: Box<dyn Read> = if name == "-" {
            Box::new(io::stdin().lock())
        } else {
            Box::new(File::open(path).map_err(failed)?)
        };
        of_file(BufReader::new(input.take(FILE)), &name, (&mut values, words)).map_err(failed)?;
        if values.is_empty() {
            return Err(Failure::usage(words, "cli-find-error-none", &[("path", name.into())]));
        }
    }
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(value.value().to_owned()));
    Ok(values)
}

/// A value a line; empty ones, and those that begin with `#`, say nothing.
fn of_file(file: impl BufRead, name: &str, (values, words): (&mut Vec<Indicator>, Words)) -> io::Result<()> {
    let mut refusals = 0;
    for (number, line) in (1_u64..).zip(file.split(b'\n')) {
        let line = line?;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim().trim_start_matches('\u{feff}');
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match Indicator::read(text) {
            Ok(value) => values.push(value),
            Err(why) => {
                refusals += 1;
                if refusals <= TOLD {
                    let said = [
                        ("path", name.into()),
                        ("line", number.to_string().into()),
                        ("reason", refused(text, why, words).into()),
                    ];
                    eprintln!("{}", words.with("cli-find-line", &said));
                }
            }
        }
    }
    if refusals > TOLD {
        eprintln!("{}", words.with("cli-find-lines-more", &[("number", (refusals - TOLD).into())]));
    }
    Ok(())
}

/// Why a text is nothing to look for, in words.
fn refused(text: &str, why: NotAnIndicator, words: Words) -> String {
    let key = match why {
        NotAnIndicator::Empty => "cli-find-refused-empty",
        NotAnIndicator::Long => "cli-find-refused-long",
        NotAnIndicator::Control => "cli-find-refused-control",
        NotAnIndicator::Length => "cli-find-refused-length",
        NotAnIndicator::Wide => "cli-find-refused-wide",
    };
    let short: String = text.chars().take(60).collect();
    words.with(key, &[("value", visible(&short).into_owned().into())])
}
