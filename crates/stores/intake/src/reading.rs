//! Reading files one after the other, piece by piece.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use model::event::Flaw;
use model::panic::caught;
use sources::{Limits, Piece, Reader};

use crate::cause::Cause;
use crate::inputs::InputFile;
use crate::open::{Opened, dated, open};
use crate::pipeline::{Settings, Totals};
use crate::stop::Stop;

/// How long what a stream gave before the user stopped may take to be read.
const RUNNING_OUT: Duration = Duration::from_millis(300);

/// How files are read, and until when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub settings: &'a Settings,
    pub stop: &'a Stop,
    /// Bytes read so far.
    pub bytes: &'a AtomicU64,
}

/// Takes what is read; each says whether it wants more.
pub(crate) trait Take {
    /// The next piece.
    fn piece(&mut self, piece: Piece) -> bool;

    /// A file has been read; `whole` if there is no more of it as far as can be told, not if the user
    /// stopped it.
    fn end(&mut self, whole: bool) -> bool {
        let _ = whole;
        true
    }
}

impl Reading<'_> {
    /// Hands on the pieces of all files.
    pub(crate) fn all(self, files: &[InputFile], take: &mut dyn Take) -> Totals {
        let mut totals = Totals::default();
        for file in files {
            if self.stop.asked() {
                break;
            }
            let taken = match open(file, self.bytes, self.stop) {
                Ok(Some(opened)) => {
                    totals.opened += 1;
                    let limits = dated(&self.settings.limits, file);
                    self.one(&file.shown, opened, &limits, &mut Taking { take, totals: &mut totals })
                }
                Ok(None) => false,
                Err(error) => {
                    let cause = Cause::FileUnopened { error: error.to_string() };
                    take.piece(Piece::Flaw(Flaw::new(file.shown.as_str(), 0, cause)))
                }
            };
            if !taken {
                break;
            }
        }
        totals.stopped = self.stop.asked();
        totals
    }

    /// Hands on the pieces of one file; says whether anybody still takes them.
    fn one(self, shown: &str, opened: Opened<'_>, limits: &Limits, taking: &mut Taking<'_>) -> bool {
        let Opened { input, is_stream } = opened;
        let mut reader = match caught(|| Reader::open(shown, input, limits)) {
            Ok(reader) => reader,
            Err(panic) => return taking.take.piece(Piece::Flaw(broken(shown, &panic))),
        };
        let mut last_source: Option<Arc<str>> = None;
        let mut patience = Patience::new(self.stop, if is_stream { RUNNING_OUT } else { Duration::ZERO });
        let taken = loop {
            let piece = caught(|| reader.next());
            if patience.is_over() {
                break false;
            }
            let piece = match piece {
                Ok(Some(piece)) => piece,
                Ok(None) => break true,
                Err(panic) => break taking.take.piece(Piece::Flaw(broken(shown, &panic))),
            };
            if let Piece::Segment(segment) = &piece
                && last_source.as_ref() != Some(&segment.source_path)
            {
                taking.totals.sources += 1;
                last_source = Some(segment.source_path.clone());
            }
            if !taking.take.piece(piece) {
                break false;
            }
        };
        taking.totals.recognised += reader.recognised();
        // A stream that the user stopped is over all the same: what it gave cannot be read again.
        taking.take.end(taken || is_stream) && taken
    }
}

/// Where what is read goes.
struct Taking<'a> {
    take: &'a mut dyn Take,
    totals: &'a mut Totals,
}

/// How long reading may go on once the user wants to stop.
struct Patience<'a> {
    stop: &'a Stop,
    length: Duration,
    since: Option<Instant>,
}

impl<'a> Patience<'a> {
    fn new(stop: &'a Stop, length: Duration) -> Self {
        Self { stop, length, since: None }
    }

    fn is_over(&mut self) -> bool {
        self.stop.asked() && self.since.get_or_insert_with(Instant::now).elapsed() >= self.length
    }
}

fn broken(shown: &str, panic: &str) -> Flaw {
    Flaw::new(shown, 0, Cause::ReaderFailed { panic: panic.to_owned() })
}
