//! Opens sources: tells the format, unpacks, and gives segments and flaws one after another.

use std::collections::VecDeque;
use std::io::{self, Cursor, Read, SeekFrom};
use std::sync::Arc;

use model::event::Flaw;

use crate::archive::decode;
use crate::archive::meter::{Counted, Meter, Total};
use crate::archive::{Archive, Entry, Fault, Member, tar::Tar, zip};
use crate::beginning::{Beginning, Step};
use crate::cause::Cause;
use crate::feed::{Failed, Feed};
use crate::format::{self, Told};
use crate::frame::{Frames, Origin};
use crate::input::{ByteStream, Input};
use crate::limits::{Limits, Undated};
use crate::line::course::{Course, End};
use crate::segment::{Format, Piece};
use crate::text::Utf16;

/// Reads a source, and the sources inside it, from front to back.
///
/// Pieces of one source come in its order and never mix with those of another. Memory stays
/// bounded whatever the size of the source: by [`Limits::segment_bytes`], the longest event
/// ([`Limits::record_bytes`] at most), the audit window, and [`Limits::member_bytes`] for each
/// zip inside an archive.
pub struct Reader<'a> {
    layers: Vec<Layer<'a>>,
    ready: VecDeque<Piece>,
    limits: Arc<Limits>,
    total: Total,
    recognised: u64,
}

enum Layer<'a> {
    Beginning(Inside, Box<Beginning<'a>>),
    Frames(Frames<'a>),
    Archive(Inside, Box<Archive<'a>>),
}

/// Where an archive stands.
#[derive(Clone)]
struct Inside {
    path: Arc<str>,
    /// Archives around its members, itself included.
    depth: u32,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("layers", &self.layers.len())
            .field("limits", &self.limits)
            .finish()
    }
}

impl<'a> Reader<'a> {
    /// Opens a source under the name that its rows and flaws are to carry.
    #[must_use]
    pub fn open(source_path: &str, input: Input<'a>, limits: &Limits) -> Self {
        let mut reader = Self::of_limits(limits);
        let input = reader.counted(input);
        reader.enter(Inside { path: source_path.into(), depth: 0 }, input);
        reader
    }

    /// Logs whose format was told so far, also those in which no event was found. An archive is none.
    #[must_use]
    pub fn recognised(&self) -> u64 {
        self.recognised
    }

    /// What a source holds that is compressed as one; `None` when it is not.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn unpacked(mut input: Input<'a>, limits: &Limits) -> io::Result<Option<Box<dyn Read + Send + 'a>>> {
        let first = FirstBytes::of(&mut input)?;
        let told = format::tell(&first.bytes);
        if !matches!(told, Told::Compressed(_)) {
            return Ok(None);
        }
        let limits = Arc::new(limits.clone());
        decoded(told, stream(input, first)?, Meter { total: &Total::default(), limits: &limits }).map(Some)
    }

    /// Gives what an archive holds, compressed as a whole or not, member by member, within the limits: name and
    /// content, or what cannot be read. `false` when it is no archive.
    ///
    /// # Errors
    /// When it cannot be read, or whoever receives fails.
    pub fn members(
        input: Input<'a>,
        limits: &Limits,
        receive: &mut dyn FnMut(Result<Member<'_>, Flaw>) -> io::Result<()>,
    ) -> io::Result<bool> {
        let mut reader = Self::of_limits(limits);
        let mut input = reader.counted(input);
        let (mut archive, inside) = loop {
            let first = FirstBytes::of(&mut input)?;
            let inside = Inside { path: "".into(), depth: 0 };
            match format::tell(&first.bytes) {
                Told::Compressed(codec) => {
                    input = Input::Stream(decode::open(codec, stream(input, first)?, reader.meter()));
                }
                Told::Tar => break (Archive::tar(Tar::new(stream(input, first)?), limits.members), inside),
                Told::Zip => {
                    Self::zip(&mut reader, inside, input, first)?;
                    match reader.layers.pop() {
                        Some(Layer::Archive(inside, archive)) => break (*archive, inside),
                        _ => return Ok(false),
                    }
                }
                _ => return Ok(false),
            }
        };
        while let Some(entry) = archive.next() {
            match entry {
                Entry::Member(name, mut content) => {
                    receive(Ok(Member { name: &name, content: &mut *content }))?;
                }
                Entry::Flaw(fault) => {
                    reader.fault(&inside, fault);
                    while let Some(Piece::Flaw(flaw)) = reader.ready.pop_front() {
                        receive(Err(flaw))?;
                    }
                }
            }
        }
        Ok(true)
    }

    fn of_limits(limits: &Limits) -> Self {
        let limits = Arc::new(limits.clone());
        Self { layers: Vec::new(), ready: VecDeque::new(), limits, total: Total::default(), recognised: 0 }
    }

    /// Counts what is read, by which it is told what a small file swells to.
    fn counted(&self, input: Input<'a>) -> Input<'a> {
        match input {
            Input::Seekable(mut source) => {
                // Who cannot tell its length cannot be read either, and that is told then.
                self.total.set_length(source.seek(SeekFrom::End(0)).unwrap_or(u64::MAX));
                Input::Seekable(Box::new(Counted::new(source, &self.total)))
            }
            Input::Stream(source) => Input::Stream(Box::new(Counted::new(source, &self.total))),
            Input::Live(source) => Input::Live(source),
        }
    }

    /// Opens what stands at `inside`, whatever it is.
    fn enter(&mut self, inside: Inside, input: Input<'a>) {
        let path = inside.path.clone();
        if let Err(error) = self.try_enter(inside, input) {
            self.flaw(&path, 0, Cause::of_opening(error));
        }
    }

    fn try_enter(&mut self, inside: Inside, mut input: Input<'a>) -> io::Result<()> {
        let Inside { path, mut depth } = inside;
        // A tar directly inside a compression counts with it as one archive.
        let mut compressed = false;
        loop {
            if let Input::Live(source) = input {
                self.begin(Inside { path, depth }, Feed::new(source), true);
                return Ok(());
            }
            let mut first = FirstBytes::of(&mut input)?;
            let told = match format::tell(&first.bytes) {
                Told::Unknown if first.hides_zip(&mut input)? => Told::Zip,
                told => told,
            };
            let packed = match told {
                Told::Compressed(_) | Told::Zip => true,
                Told::Tar => !compressed,
                _ => false,
            };
            if packed && depth >= self.limits.depth {
                self.flaw(&path, 0, Cause::ArchiveTooDeep { levels: self.limits.depth });
                return Ok(());
            }
            depth += u32::from(packed);
            let inside = Inside { path: path.clone(), depth };
            match told {
                Told::Tar => {
                    let archive = Archive::tar(Tar::new(stream(input, first)?), self.limits.members);
                    self.layers.push(Layer::Archive(inside, Box::new(archive)));
                }
                Told::Zip => self.zip(inside, input, first)?,
                Told::Compressed(_) | Told::Utf16 { .. } => {
                    input = Input::Stream(decoded(told, stream(input, first)?, self.meter())?);
                    compressed |= packed;
                    continue;
                }
                Told::Empty => self.flaw(&path, 0, Cause::FileEmpty),
                _ => self.begin(inside, feed(input, first)?, false),
            }
            return Ok(());
        }
    }

    /// Looks for the beginning of the log that a source is, or holds behind something else.
    fn begin(&mut self, inside: Inside, feed: Feed<'a>, live: bool) {
        let beginning = Beginning::new(inside.path.clone(), feed, live);
        self.layers.push(Layer::Beginning(inside, Box::new(beginning)));
    }

    /// Reads what has been found behind the beginning.
    fn begun(&mut self, inside: Inside, told: Told, beginning: Beginning<'a>) {
        let Beginning { mut feed, source_path, line, live, .. } = beginning;
        let format = match told {
            Told::Evtx if !live => Format::Evtx,
            Told::Json => Format::Json,
            Told::Audit => Format::Audit,
            Told::Syslog => Format::Syslog,
            Told::Access => Format::Access,
            Told::Zeek => Format::Zeek,
            Told::Xml => Format::Xml,
            Told::Empty => return self.flaw(&source_path, 0, Cause::FileEmpty),
            Told::Unknown => {
                let failure = feed.failure();
                return failure.into_iter().for_each(|cause| self.flaw(&source_path, feed.end(), cause));
            }
            _ if live => return self.flaw(&source_path, feed.offset, Cause::FollowedFormat),
            _ => return self.enter(inside, Input::Stream(feed.into_source())),
        };
        self.recognised += 1;
        let end = if format == Format::Syslog { self.end(&mut feed, live) } else { None };
        let (limits, ready, source) = (self.limits.clone(), VecDeque::new(), self.recognised);
        let origin = Origin { feed, source_path, source, limits, end, ready, line, zeros: None };
        self.layers.push(Layer::Frames(Frames::new(format, origin)));
    }

    /// What the end of a system log tells of its years: a file is gone over once more for it.
    fn end(&self, feed: &mut Feed<'a>, live: bool) -> Option<End> {
        match self.limits.undated {
            Undated::Unknown if live => None,
            Undated::Unknown | Undated::Year(_) => Some(End::default()),
            Undated::Before(_) => {
                let mut course = Course::default();
                feed.ahead(&mut |source| course.through(source)).then(|| course.end())
            }
        }
    }

    fn zip(&mut self, inside: Inside, input: Input<'a>, first: FirstBytes) -> io::Result<()> {
        let bytes = match input {
            Input::Seekable(source) => zip::Bytes::of_file(source),
            rest => zip::Bytes::of_stream(stream(rest, first)?, self.limits.member_bytes),
        };
        let zip = zip::Zip::new(bytes, self.meter())?;
        self.layers.push(Layer::Archive(inside, Box::new(Archive::zip(zip, self.limits.members))));
        Ok(())
    }

    fn meter(&self) -> Meter<'_> {
        Meter { total: &self.total, limits: &self.limits }
    }

    /// A flaw of an archive or of its member.
    fn fault(&mut self, inside: &Inside, Fault { name, offset, length, cause }: Fault) {
        let path = name.map_or(inside.path.clone(), |name| format!("{}!{name}", inside.path).into());
        self.ready.push_back(Piece::Flaw(Flaw { length, ..Flaw::new(path, offset, cause) }));
    }

    fn flaw(&mut self, path: &Arc<str>, offset: u64, cause: Cause) {
        self.ready.push_back(Piece::Flaw(Flaw::new(path.clone(), offset, cause)));
    }
}

impl Iterator for Reader<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(piece);
            }
            if let Some(Layer::Beginning(inside, beginning)) = self.layers.last_mut() {
                let (inside, step) = (inside.clone(), beginning.step(&mut self.ready));
                match (step, self.layers.pop()) {
                    (Step::Told(told), Some(Layer::Beginning(_, beginning))) => {
                        self.begun(inside, told, *beginning)
                    }
                    (_, waiting) => {
                        self.layers.extend(waiting);
                        return Some(self.ready.pop_front().unwrap_or(Piece::Idle));
                    }
                }
                continue;
            }
            let (inside, entry) = match self.layers.last_mut()? {
                Layer::Beginning(..) => (None, None),
                Layer::Frames(frames) => match frames.next() {
                    Some(piece) => return Some(piece),
                    None => (None, None),
                },
                Layer::Archive(inside, archive) => (Some(inside.clone()), archive.next()),
            };
            match (inside, entry) {
                (Some(inside), Some(Entry::Member(name, content))) => {
                    let path = format!("{}!{name}", inside.path).into();
                    self.enter(Inside { path, ..inside }, Input::Stream(content));
                }
                (Some(inside), Some(Entry::Flaw(fault))) => self.fault(&inside, fault),
                _ => {
                    self.layers.pop();
                }
            }
        }
    }
}

/// What a compressed or transcoded source holds.
fn decoded<'a>(told: Told, mut source: ByteStream<'a>, meter: Meter<'_>) -> io::Result<ByteStream<'a>> {
    match told {
        Told::Compressed(codec) => Ok(decode::open(codec, source, meter)),
        Told::Utf16 { big_endian } => {
            source.read_exact(&mut [0; 2])?;
            Ok(Box::new(Utf16::new(source, big_endian)))
        }
        _ => Ok(source),
    }
}

/// The first bytes of a source. Of a stream they are then no longer in it.
struct FirstBytes {
    bytes: Vec<u8>,
    /// Why there are no more, if that is not the end.
    failure: Option<io::Error>,
}

impl FirstBytes {
    fn of(input: &mut Input<'_>) -> io::Result<Self> {
        let mut bytes = Vec::new();
        let read = match input {
            Input::Seekable(source) => {
                source.seek(SeekFrom::Start(0))?;
                source.take(format::HEAD as u64).read_to_end(&mut bytes)
            }
            Input::Stream(source) | Input::Live(source) => {
                source.take(format::HEAD as u64).read_to_end(&mut bytes)
            }
        };
        match read {
            Err(error) if bytes.is_empty() => Err(error),
            read => Ok(Self { bytes, failure: read.err() }),
        }
    }

    /// Whether a zip archive stands behind other bytes, such as a program that unpacks it.
    fn hides_zip(&mut self, input: &mut Input<'_>) -> io::Result<bool> {
        if let Input::Stream(source) = input
            && self.failure.is_none()
        {
            let more = zip::PREFIX.saturating_sub(self.bytes.len() as u64);
            self.failure = source.take(more).read_to_end(&mut self.bytes).err();
        }
        zip::Zip::is_behind(&match input {
            Input::Seekable(source) => zip::Bytes::of_file(Box::new(source)),
            Input::Stream(_) => zip::Bytes::of_file(Box::new(Cursor::new(&self.bytes[..]))),
            Input::Live(_) => return Ok(false),
        })
    }
}

/// The source from its first byte on, as a file where it is one.
fn feed<'a>(input: Input<'a>, first: FirstBytes) -> io::Result<Feed<'a>> {
    Ok(match input {
        Input::Seekable(mut source) if first.failure.is_none() => {
            source.seek(SeekFrom::Start(0))?;
            Feed::of_file(source)
        }
        rest => Feed::new(stream(rest, first)?),
    })
}

/// The source from its first byte on.
fn stream<'a>(input: Input<'a>, first: FirstBytes) -> io::Result<ByteStream<'a>> {
    Ok(match (input, first.failure) {
        (Input::Seekable(mut source), None) => {
            source.seek(SeekFrom::Start(0))?;
            Box::new(source)
        }
        (Input::Stream(source) | Input::Live(source), None) => {
            Box::new(Cursor::new(first.bytes).chain(source))
        }
        (_, failure) => Box::new(Cursor::new(first.bytes).chain(Failed(failure))),
    })
}
