//! The bytes of a source, wherever they come from.

use std::io::{Read, Seek};

/// Bytes on their way.
pub(crate) type ByteStream<'a> = Box<dyn Read + Send + 'a>;

/// A source that can be sought in.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// The bytes of a source.
pub enum Input<'a> {
    /// A file, or bytes in memory.
    Seekable(Box<dyn ReadSeek + Send + 'a>),
    /// A pipe or a connection.
    Stream(Box<dyn Read + Send + 'a>),
    /// A text log that still grows: an error of the kind `WouldBlock` says that there is no more
    /// for now.
    Live(Box<dyn Read + Send + 'a>),
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Seekable(_) => "Seekable",
            Self::Stream(_) => "Stream",
            Self::Live(_) => "Live",
        })
    }
}
