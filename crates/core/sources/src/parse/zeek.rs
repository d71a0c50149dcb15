//! Segments of Zeek's own logs: a line is a row. Each takes the way of the JSON that Zeek writes of
//! the same row when it is told to, so that rules see no difference.

use std::fmt::Write;

use model::event::Place;

use crate::cause::Cause;
use crate::flaws::Flaws;
use crate::json::{Flat, escape};
use crate::line::zeek::{Column, Columns, Type, split, unescaped};
use crate::line::zeros;
use crate::segment::{Parsed, Segment};
use crate::shape::Shaper;
use crate::sheet::Builder;

pub(crate) fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    let source = builder.source(&segment.source_path);
    let mut shaper = Shaper::new(builder, source, &segment.zone, false);
    let mut flaws = Flaws::new(&segment.source_path);
    let (mut flat, mut text) = (Flat::with_containers(), String::new());
    let Some(columns) = segment.columns.as_deref() else { return Parsed::default() };
    let mut events = 0;
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', &segment.bytes).chain(std::iter::once(segment.bytes.len()));
    for (line, end) in (segment.first_line..).zip(ends) {
        let offset = segment.offset + start as u64;
        let bytes = &segment.bytes[start..end];
        start = end + 1;
        let zeros = zeros(bytes);
        if zeros > 0 {
            flaws.lost(offset, zeros, Cause::Zeros);
        }
        // The last value may be empty, and the one before a separator.
        let row = bytes[zeros..].strip_suffix(b"\r").unwrap_or(&bytes[zeros..]);
        if row.trim_ascii().is_empty() {
            continue;
        }
        if split(row, &columns.separator).count() != columns.fields.len() {
            flaws.lost(offset, bytes.len(), Cause::ZeekColumns);
            continue;
        }
        write_row(columns, row, &mut text);
        match flat.read(&text, 0, false) {
            Ok(_) => {
                let place = Place { ordinal: events + 1, line: Some(line), ..Place::default() };
                events += shaper.event(&flat, &text, place);
                shaper.flaws().for_each(|cause| flaws.push(offset, cause));
            }
            Err(_) => flaws.lost(offset, bytes.len(), Cause::ZeekColumns),
        }
    }
    Parsed { events, flaws: flaws.finish() }
}

/// The row as an object.
fn write_row(columns: &Columns, row: &[u8], out: &mut String) {
    out.clear();
    out.push('{');
    if !columns.path.is_empty() {
        out.push_str("\"_path\":");
        write_text(columns.path.as_bytes(), out);
    }
    for (column, value) in columns.fields.iter().zip(split(row, &columns.separator)) {
        if value == columns.unset {
            continue;
        }
        if out.len() > 1 {
            out.push(',');
        }
        write_text(column.name.as_bytes(), out);
        out.push(':');
        write_column(columns, column, value, out);
    }
    out.push('}');
}

fn write_column(columns: &Columns, column: &Column, value: &[u8], out: &mut String) {
    if !column.many {
        return write_value(column.type_of, if value == columns.empty { b"" } else { value }, out);
    }
    out.push('[');
    let parts = split(value, &columns.set_separator).filter(|_| value != columns.empty);
    for (number, part) in parts.enumerate() {
        if number > 0 {
            out.push(',');
        }
        match part {
            _ if part == columns.unset => out.push_str("null"),
            _ if part == columns.empty => out.push_str("\"\""),
            _ => write_value(column.type_of, part, out),
        }
    }
    out.push(']');
}

fn write_value(type_of: Type, value: &[u8], out: &mut String) {
    match (type_of, value) {
        (Type::Boolean, b"T") => out.push_str("true"),
        (Type::Boolean, b"F") => out.push_str("false"),
        (Type::Number, _) if is_number(value) => out.push_str(&String::from_utf8_lossy(value)),
        _ => write_text(&unescaped(value), out),
    }
}

/// Whether JSON would take it for a number.
fn is_number(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let (whole, fraction) = match memchr::memchr(b'.', digits) {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &b"0"[..]),
    };
    let all = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    all(whole) && all(fraction) && (whole.len() == 1 || whole[0] != b'0')
}

/// A text. Bytes that are no UTF-8 stay as Zeek escapes them.
fn write_text(bytes: &[u8], out: &mut String) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        escape(chunk.valid(), out);
        for byte in chunk.invalid() {
            let _ = write!(out, "\\\\x{byte:02x}");
        }
    }
    out.push('"');
}
