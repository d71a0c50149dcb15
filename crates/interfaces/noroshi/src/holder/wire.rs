//! How requests and answers go through the socket.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | length of the header, big-endian |
//! | n | header, JSON |
//! | n | bytes, as many as the header of a request says |
//!
//! A client says [`Hello`] first, and is answered with one. Then each request has one answer.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::request::Request;
use crate::Failure;

/// The version of what goes through the socket.
pub const PROTOCOL: u32 = 1;

/// The longest header.
const LONGEST_HEADER: u32 = 16 << 20;
/// The most bytes behind a request.
pub const MOST_BYTES: u64 = 1 << 30;
/// How much room is made for bytes before they come.
const ROOM: u64 = 1 << 20;

/// Who a side is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The version that it speaks.
    pub protocol: u32,
    /// The language of its user.
    pub language: String,
    /// What its user is called.
    pub name: Option<String>,
    /// Its process.
    pub process: u32,
    /// What a holder does: the command.
    #[serde(default)]
    pub command: String,
}

/// A request, and how many bytes come behind it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    /// What is asked.
    pub request: Request,
    /// Bytes behind it.
    pub bytes: u64,
}

/// What a request is answered with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// What was asked for.
    Done(serde_json::Value),
    /// Why it was not done, in the language of the user.
    Failed {
        /// Exit code.
        code: u8,
        /// Two sentences.
        text: String,
    },
    /// It was not begun: the holder goes.
    Going,
}

impl From<Result<serde_json::Value, Failure>> for Reply {
    fn from(done: Result<serde_json::Value, Failure>) -> Self {
        match done {
            Ok(value) => Self::Done(value),
            Err(Failure { code, text }) => Self::Failed { code, text },
        }
    }
}

/// Writes a header.
///
/// # Errors
/// When it cannot be written.
pub fn write(out: &mut dyn Write, header: &impl Serialize) -> io::Result<()> {
    let bytes = serde_json::to_vec(header)?;
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= LONGEST_HEADER);
    let length =
        length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the header is too long"))?;
    out.write_all(&[&length.to_be_bytes(), bytes.as_slice()].concat())
}

/// Reads a header; none where the other side has ended before it.
///
/// # Errors
/// When it is none, or breaks off.
pub fn read<T: DeserializeOwned>(from: &mut dyn Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read(&mut length)? {
        0 => return Ok(None),
        some => from.read_exact(&mut length[some..])?,
    }
    let length = u32::from_be_bytes(length);
    if length > LONGEST_HEADER {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the header is too long"));
    }
    Ok(Some(serde_json::from_slice(&bytes(from, length.into())?)?))
}

/// Reads so many bytes. Room is made as they come: who says that there are many must send them.
///
/// # Errors
/// When there are fewer.
pub fn bytes(from: &mut dyn Read, number: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(number.min(ROOM)).unwrap_or_default());
    if from.take(number).read_to_end(&mut bytes)? as u64 == number {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_out_as_they_went_in_and_cut_ones_are_told() {
        let hello =
            Hello { protocol: 1, language: "ja".to_owned(), name: None, process: 7, command: String::new() };
        let mut out = Vec::new();
        write(&mut out, &hello).unwrap();
        write(&mut out, &Asked { request: Request::Settle, bytes: 3 }).unwrap();
        out.extend(b"abc");
        let mut rest = out.as_slice();
        assert_eq!(read::<Hello>(&mut rest).unwrap(), Some(hello));
        let asked: Asked = read(&mut rest).unwrap().unwrap();
        assert_eq!(bytes(&mut rest, asked.bytes).unwrap(), b"abc");
        assert!(read::<Hello>(&mut rest).unwrap().is_none());
        for cut in 1..out.len() - 3 {
            let mut rest = &out[..cut];
            let both = read::<Hello>(&mut rest).and_then(|_| read::<Asked>(&mut rest));
            // Between the two it has ended, which is no fault.
            assert!(both.as_ref().is_err() || both.is_ok_and(|asked| asked.is_none()), "{cut}");
        }
    }

    #[test]
    fn what_is_no_header_is_refused_before_room_is_made_for_it() {
        for garbage in
            [&b"\xff\xff\xff\xff"[..], b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x02[]", b"\0\0\0\x05hello"]
        {
            assert!(read::<Hello>(&mut &garbage[..]).is_err());
        }
        assert!(bytes(&mut &b"few"[..], u64::MAX).is_err());
    }
}
