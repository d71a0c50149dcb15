//! Tar archives, read from front to back. Behind a damaged header reading goes on at the next whole
//! one; folders are passed over, and all else that is no file is told.

mod header;
mod stream;

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::entry::{Entry, Fault};
use crate::cause::Cause;
use crate::input::ByteStream;
use header::{BLOCK, Extended, Headed, has_content};
use stream::{Member, Stream};

pub(crate) use header::is_header;

/// Whether one of the blocks is a header: the first may be damaged.
pub(crate) fn begins(head: &[u8]) -> bool {
    head.chunks_exact(BLOCK).any(is_header)
}

/// Longest name, and longest list of extended attributes.
const LONGEST: u64 = 1 << 20;

pub(crate) struct Tar<'a> {
    stream: Arc<Mutex<Stream<'a>>>,
    walk: Walk,
}

/// How far the archive was read.
#[derive(Default)]
struct Walk {
    ready: VecDeque<Ready>,
    /// What was told of the next member.
    extended: Extended,
    skipped: Option<Skipped>,
    /// Whether the last blocks are those of zeros that end an archive.
    zeros: bool,
    ended: bool,
}

enum Ready {
    Fault(Fault),
    /// The member at which the stream stands.
    Member(String),
}

/// Blocks that are no headers.
struct Skipped {
    from: u64,
    to: u64,
    /// The member whose header should be there.
    name: Option<String>,
}

impl<'a> Tar<'a> {
    pub(crate) fn new(source: ByteStream<'a>) -> Self {
        Self { stream: Arc::new(Mutex::new(Stream::new(source))), walk: Walk::default() }
    }

    /// The next member or fault; what was not read of the member before is passed over.
    pub(crate) fn next(&mut self) -> Option<Entry<'a>> {
        loop {
            match self.walk.ready.pop_front() {
                Some(Ready::Fault(fault)) => return Some(Entry::Flaw(fault)),
                Some(Ready::Member(name)) => {
                    return Some(Entry::Member(name, Box::new(Member(self.stream.clone()))));
                }
                None if self.walk.ended => return None,
                None => {}
            }
            let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = self.walk.step(&mut stream) {
                self.walk.close_skipped();
                self.walk.fault(Fault::at(stream.offset, Cause::of_archive(error)));
                self.walk.ended = true;
            }
        }
    }
}

impl Walk {
    /// One block forward, or one member.
    fn step(&mut self, stream: &mut Stream<'_>) -> io::Result<()> {
        let missing = stream.pass_over()?;
        if missing > 0 {
            self.fault(Fault::at(stream.offset, Cause::MemberCutOff { missing }));
        }
        let at = stream.offset;
        let mut block = [0; BLOCK];
        let count = stream.read_up_to(&mut block)?;
        let is_zero = block.iter().all(|byte| *byte == 0);
        if count > 0 && is_zero {
            self.zeros = true;
        } else if count == BLOCK && is_header(&block) {
            self.zeros = false;
            self.close_skipped();
            if self.headed(stream, &block)?.is_none() {
                self.skip(at, at + BLOCK as u64);
            }
        } else if count > 0 {
            self.skip(at, at + count as u64);
        }
        if count < BLOCK {
            self.end(stream);
        }
        Ok(())
    }

    /// Reads what follows a header; nothing if the header says what cannot be.
    fn headed(&mut self, stream: &mut Stream<'_>, block: &[u8; BLOCK]) -> io::Result<Option<()>> {
        let at = stream.offset - BLOCK as u64;
        let Some(headed) = Headed::read(block) else { return Ok(None) };
        let is_extended = matches!(headed.kind, b'L' | b'K' | b'x' | b'X');
        let size =
            self.extended.size.filter(|_| !is_extended && has_content(headed.kind)).unwrap_or(headed.size);
        if stream.begin(size).is_none() {
            return Ok(None);
        }
        if is_extended {
            self.extend(stream, headed.kind)?;
            return Ok(Some(()));
        }
        if headed.kind == b'g' {
            return Ok(Some(()));
        }
        let mut continues = headed.continues;
        while continues {
            let mut map = [0; BLOCK];
            stream.read_up_to(&mut map)?;
            continues = map[504] != 0;
        }
        self.member(at, headed);
        Ok(Some(()))
    }

    /// Keeps what is said of the member to come.
    fn extend(&mut self, stream: &mut Stream<'_>, kind: u8) -> io::Result<()> {
        let at = stream.offset;
        if stream.left > LONGEST {
            self.fault(Fault::at(at, Cause::MemberNameTooLong));
            return Ok(());
        }
        let content = stream.content()?;
        match kind {
            b'L' => self.extended.name = Some(Extended::long(&content)),
            b'K' => self.extended.target = Some(Extended::long(&content)),
            _ => self.extended.read(&content),
        }
        if std::mem::take(&mut self.extended.is_damaged) {
            self.fault(Fault::at(at, Cause::MemberAttributes));
        }
        Ok(())
    }

    /// Gives the member whose headers were read.
    fn member(&mut self, at: u64, headed: Headed) {
        let extended = std::mem::take(&mut self.extended);
        let name = extended.name.unwrap_or(headed.name);
        let target = extended.target.unwrap_or(headed.target);
        let cause = match headed.kind {
            b'1' => Cause::MemberHardLink { target },
            b'2' => Cause::MemberLink { target },
            b'3' | b'4' => Cause::MemberDevice,
            b'6' => Cause::MemberFifo,
            b'M' => Cause::MemberContinued,
            b'S' => Cause::MemberSparse,
            // Folders, with or without a list of what they held, and the label of a volume.
            b'5' | b'D' | b'V' => return,
            _ if extended.is_sparse => Cause::MemberSparse,
            // How the oldest programs mark folders.
            _ if headed.size == 0 && name.ends_with('/') => return,
            _ => return self.ready.push_back(Ready::Member(name)),
        };
        self.fault(Fault::at(at, cause).of(name));
    }

    fn skip(&mut self, from: u64, to: u64) {
        self.zeros = false;
        match &mut self.skipped {
            Some(skipped) => skipped.to = to,
            // What was said of a member must not be taken for another one's.
            None => self.skipped = Some(Skipped { from, to, name: std::mem::take(&mut self.extended).name }),
        }
    }

    fn close_skipped(&mut self) {
        if let Some(Skipped { from, to, name }) = self.skipped.take() {
            let fault = Fault::skipped(from, to);
            self.fault(match name {
                Some(name) => fault.of(name),
                None => fault,
            });
        }
    }

    fn end(&mut self, stream: &Stream<'_>) {
        self.ended = true;
        self.close_skipped();
        if !self.zeros && !stream.broken {
            self.fault(Fault::at(stream.offset, Cause::ArchiveNoEnd));
        }
    }

    fn fault(&mut self, fault: Fault) {
        self.ready.push_back(Ready::Fault(fault));
    }
}
