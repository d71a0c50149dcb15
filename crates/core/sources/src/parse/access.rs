//! Access log segments: a line is a request.
//!
//! Fields have the names that Sigma takes over from the W3C's log format. Of the request's target
//! `c-uri` is the whole, `cs-uri-stem` what stands before the first question mark, `c-uri-query`
//! what stands behind it. `cs-uri-query` holds both the query and the whole target: the taxonomy
//! means the query, but nearly all published rules look there for the path, too.

use model::event::{Kind, Place};

use super::line::zeroless;
use crate::cause::Cause;
use crate::flaws::Flaws;
use crate::line::access::{Request, entry, request};
use crate::line::clock::Clock;
use crate::segment::{Parsed, Segment};
use crate::sheet::{Builder, Scalar, Value};

pub(crate) fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    let source = builder.source(&segment.source_path);
    // The notation is Apache's, whoever wrote the file.
    let kind = Kind::new("apache", "access", None);
    let mut clock = Clock::new(&segment.zone, segment.undated, &segment.years);
    let mut flaws = Flaws::new(&segment.source_path);
    let mut events = 0;
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', &segment.bytes).chain(std::iter::once(segment.bytes.len()));
    for (line, end) in (segment.first_line..).zip(ends) {
        let (at, offset) = (start, segment.offset + start as u64);
        let bytes = zeroless(&segment.bytes[start..end], offset, &mut flaws);
        start = end + 1;
        if bytes.is_empty() {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            flaws.push(offset, Cause::NotUtf8);
        }
        let Some(entry) = entry(&text) else {
            flaws.lost(offset, start - 1 - at, Cause::AccessNoLine);
            continue;
        };
        events += 1;
        let time = entry.stamp.and_then(|stamp| clock.tell(&stamp).instant());
        if time.is_none() {
            flaws.push(offset, Cause::time_unreadable(entry.time));
        }
        builder.begin(source, &kind, &Place { ordinal: events, line: Some(line), time, ..Place::default() });
        fields(&entry, builder);
    }
    Parsed { events, flaws: flaws.finish() }
}

fn fields(entry: &Request<'_>, builder: &mut Builder) {
    let mut field = |name: &str, text: &str, scalar| {
        if !text.is_empty() {
            builder.field(name, Value { text, scalar });
        }
    };
    field("cs-host", entry.server, Scalar::Text);
    field("s-port", entry.server_port, Scalar::Integer);
    field("c-ip", entry.client, Scalar::Text);
    field("ident", entry.identity, Scalar::Text);
    field("cs-username", entry.user, Scalar::Text);
    let parts = request(&entry.request);
    match parts {
        Some((method, target, version)) => {
            field("cs-method", method, Scalar::Text);
            field("c-uri", target, Scalar::Text);
            field("cs-version", version, Scalar::Text);
        }
        None => field("request", &entry.request, Scalar::Text),
    }
    field("sc-status", entry.status, Scalar::Integer);
    field("sc-bytes", entry.bytes, Scalar::Integer);
    field("cs-referer", &entry.referer, Scalar::Text);
    field("cs-user-agent", &entry.agent, Scalar::Text);
    field("more", entry.more, Scalar::Text);
    let Some((_, target, _)) = parts else { return };
    let (stem, query) = target.split_once('?').unwrap_or((target, ""));
    builder.derived("cs-uri-stem", Value::text(stem));
    if !query.is_empty() {
        builder.derived("c-uri-query", Value::text(query));
        builder.derived("cs-uri-query", Value::text(query));
    }
    builder.derived("cs-uri-query", Value::text(target));
}
