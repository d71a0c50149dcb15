//! Batches: runs of whole events of one source, cut where every reading of the same events cuts.
//!
//! A batch ends at the first end of an event after so many bytes, where the source ends, and where
//! a stored batch of the same beginning ended. So a source that was read before, under another
//! name, compressed or grown, gives the batches that are stored, and new ones for its tail alone.
//! Places are known by the hash over the bytes of all events before them ([`Mark`]); what stands
//! between events does not count, nor does whether the last line has an end.
//!
//! A last line without its end, the last event of a system log (the next line may go on with it), and
//! events of a Linux audit log to which records may still come are batches of their own: what is whole before them never depends on how they go on. When they
//! do, the new batch says which it replaces.

mod contents;
mod known;
mod prefix;

use std::sync::Arc;

pub use contents::Contents;
pub use known::{Known, Open, Stored};
pub use prefix::Mark;

use crate::segment::{Format, Segment};
use prefix::Prefix;

/// Bytes of events after which a batch ends with the next event.
pub const BATCH_BYTES: u64 = 4 << 20;

/// The segments of one batch.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its events, in order. What cannot be read of them is told when they are parsed.
    pub segments: Vec<Segment>,
    /// Where it begins.
    pub start: Mark,
    /// Where it ends.
    pub end: Mark,
    /// Whether the source ends here in the middle of something that may go on.
    pub open: Option<Open>,
    /// The same batch, if it is stored; then it need not be parsed.
    pub stored: Option<Stored>,
    /// Stored batches that ended in the middle of an event which is whole, or longer, in this one.
    pub replaces: Vec<Stored>,
}

/// Cuts segments of sources, in the order in which a reader gives them, into batches.
#[derive(Debug)]
pub struct Cutter {
    known: Arc<Known>,
    most: u64,
    /// Which source of the reader is being cut.
    source: Option<u64>,
    /// Header that the rows before stood under.
    columns: Vec<u8>,
    prefix: Prefix,
    start: Mark,
    segments: Vec<Segment>,
    /// The last event of a system log so far: the next line may go on with it.
    held: Option<Segment>,
    /// Where the next stored batch of the same beginning may end; the beginning it is looked up by.
    next: (u64, Option<u64>),
    /// Open batches that began where this one does.
    unfinished: Vec<Stored>,
    replaces: Vec<Stored>,
}

impl Cutter {
    /// Batches of at least `most` bytes of events ([`BATCH_BYTES`] unless a test knows better).
    #[must_use]
    pub fn new(known: Arc<Known>, most: u64) -> Self {
        let prefix = Prefix::default();
        let start = prefix.mark();
        let mut cutter = Self {
            known,
            most,
            source: None,
            columns: Vec::new(),
            prefix,
            start,
            segments: Vec::new(),
            held: None,
            next: (0, None),
            unfinished: Vec::new(),
            replaces: Vec::new(),
        };
        cutter.begin();
        cutter
    }

    /// Takes the next segment; gives the batches that are complete.
    #[must_use]
    pub fn push(&mut self, segment: Segment) -> Vec<Batch> {
        let mut batches = Vec::new();
        if self.source != Some(segment.source) {
            batches.extend(self.finish());
            self.source = Some(segment.source);
            self.columns.clear();
            self.prefix = Prefix::default();
            self.begin();
        }
        self.header(&segment);
        self.look();
        let mut segment = segment;
        let last = (segment.format == Format::Syslog).then(|| segment.part(segment.last_event(), 0));
        let whole = std::mem::replace(&mut self.held, last).into_iter().chain([segment]);
        whole.filter(|part| !part.is_over()).for_each(|part| self.cut(part, &mut batches));
        batches
    }

    /// Ends the batch here: the source is over, or what there is of it has waited long enough.
    #[must_use]
    pub fn finish(&mut self) -> Vec<Batch> {
        match self.held.take() {
            Some(last) => self.unended(last),
            None => self.close().into_iter().collect(),
        }
    }

    /// Ends the batch here, if it has begun.
    fn close(&mut self) -> Option<Batch> {
        (!self.segments.is_empty()).then(|| self.end(None))
    }

    /// Rows mean nothing without the header that they stand under.
    fn header(&mut self, segment: &Segment) {
        let columns = segment.columns.as_ref().map(|columns| columns.identity()).unwrap_or_default();
        if columns != self.columns {
            self.prefix.feed(&columns);
            self.columns = columns;
        }
    }

    fn cut(&mut self, mut segment: Segment, batches: &mut Vec<Batch>) {
        let open = segment.open;
        if open {
            batches.extend(self.close());
        }
        let mut events = segment.events();
        // What has been gone over and not been fed.
        let mut waiting = 0..0;
        // Where the last event was, were it not for its line's end.
        let mut begun = None;
        while let Some(event) = events.next(&segment) {
            let unended = segment.is_unended(&event);
            if event.start != waiting.end || unended {
                self.feed(&segment.bytes[waiting.clone()]);
                waiting = event.start..event.start;
            }
            if unended {
                let last = segment.part(event.start, 0);
                if !segment.is_over() {
                    self.segments.push(segment);
                }
                batches.extend(self.unended(last));
                return;
            }
            waiting.end = event.end;
            if !self.ends(self.prefix.end() + waiting.len() as u64) {
                continue;
            }
            begun = self.feed_to_end(&segment.bytes[waiting.clone()], open);
            waiting = event.end..event.end;
            let full = self.prefix.end() - self.start.end >= self.most;
            if full || self.known.between(&self.start, &self.prefix.mark()).1 {
                let rest = segment.part(event.end, events.given());
                self.segments.push(std::mem::replace(&mut segment, rest));
                batches.push(self.end(begun.map(Open::Events)));
                if segment.is_over() {
                    return;
                }
                (events, waiting) = (segment.events(), 0..0);
            }
            self.look();
        }
        if !waiting.is_empty() {
            begun = self.feed_to_end(&segment.bytes[waiting], open);
        }
        if !segment.is_over() {
            self.segments.push(segment);
        }
        if open && !self.segments.is_empty() {
            batches.push(self.end(begun.map(Open::Events)));
        }
    }

    /// Feeds bytes up to the end of an event; if that may go on, gives the place before its line's end.
    fn feed_to_end(&mut self, bytes: &[u8], open: bool) -> Option<Mark> {
        let Some(line) = bytes.strip_suffix(b"\n").filter(|_| open) else {
            self.feed(bytes);
            return open.then(|| self.prefix.mark());
        };
        self.feed(line);
        let begun = self.prefix.mark();
        self.feed(b"\n");
        Some(begun)
    }

    /// Makes the last line of a source a batch of its own; gives that and the one before.
    fn unended(&mut self, last: Segment) -> Vec<Batch> {
        let mut batches: Vec<Batch> = self.close().into_iter().collect();
        self.feed(last.bytes.strip_suffix(b"\n").unwrap_or(&last.bytes));
        let open = Open::Line(self.prefix.mark());
        self.feed(b"\n");
        self.segments.push(last);
        batches.push(self.end(Some(open)));
        batches
    }

    /// Feeds bytes, and notes what was open and goes on here.
    fn feed(&mut self, mut bytes: &[u8]) {
        loop {
            let places = self.unfinished.iter().filter_map(|stored| stored.open);
            let steps = places.filter_map(|open| open.mark().end.checked_sub(self.prefix.end()));
            let step = steps.filter(|step| *step > 0).min().and_then(|step| usize::try_from(step).ok());
            let Some(step) = step.filter(|step| *step <= bytes.len()) else {
                return self.prefix.feed(bytes);
            };
            self.prefix.feed(&bytes[..step]);
            bytes = &bytes[step..];
            let here = self.prefix.mark();
            let goes_on = |stored: &mut Stored| stored.open.is_some_and(|open| *open.mark() == here);
            self.replaces.extend(self.unfinished.extract_if(.., goes_on));
        }
    }

    /// Whether a batch may end when so many bytes of events have been read.
    fn ends(&mut self, end: u64) -> bool {
        let beginning = self.prefix.head() == 0;
        beginning || end - self.start.end >= self.most || self.next.1.is_some_and(|next| next <= end)
    }

    /// Looks where the next stored batch may end.
    fn look(&mut self) {
        let head = self.prefix.head();
        self.next = (head, self.known.next(head, self.prefix.end() + 1));
    }

    fn begin(&mut self) {
        self.start = self.prefix.mark();
        self.unfinished = self.known.open_from(&self.start);
        self.look();
    }

    fn end(&mut self, open: Option<Open>) -> Batch {
        let end = self.prefix.mark();
        let stored = self.known.between(&self.start, &end).0;
        let mut replaces = std::mem::take(&mut self.replaces);
        // Events have no common beginning; that of their source must do.
        let same = |one: &Stored| {
            matches!(one.open, Some(Open::Events(_))) && one.end.head == end.head && end.head != 0
        };
        replaces.extend(self.unfinished.drain(..).filter(same));
        replaces.retain(|one| one.end != end);
        let segments = std::mem::take(&mut self.segments);
        let batch = Batch { segments, start: self.start, end, open, stored, replaces };
        self.begin();
        batch
    }
}
