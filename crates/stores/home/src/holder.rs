//! Who writes in a home, for whoever only looks: no file is made and none is changed.

use std::fs::File;
use std::io::{self, Read};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::folder::{Home, LOCK_FILE};

/// Who writes in a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// Nobody does.
    Nobody {
        /// The number of the process that did last, when it ended without giving the home back.
        last: Option<String>,
    },
    /// A process does.
    Process {
        /// Its number.
        number: String,
    },
}

impl Home {
    /// Who writes here at this moment. It may be over when this returns.
    ///
    /// # Errors
    /// When the lock file cannot be read.
    pub fn holder(&self) -> io::Result<Holder> {
        let mut file = match File::open(self.path().join(LOCK_FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Holder::Nobody { last: None });
            }
            opened => opened?,
        };
        // Who gives the home back leaves no number, so that the lock need not be tried.
        let Some(number) = said(&mut file) else { return Ok(Holder::Nobody { last: None }) };
        // Had for a moment where nobody holds it: who takes the home tries more than once.
        let is_held = match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => false,
            Err(Errno::WOULDBLOCK) => true,
            Err(error) => return Err(error.into()),
        };
        Ok(if is_held { Holder::Process { number } } else { Holder::Nobody { last: Some(number) } })
    }
}

/// The number of a process that a lock file says, if it says one.
pub(crate) fn said(file: &mut File) -> Option<String> {
    let mut number = String::new();
    let told = file.take(20).read_to_string(&mut number).is_ok();
    let is_number = told && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(number)
}
