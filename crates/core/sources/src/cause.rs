//! Every reason why bytes could not be read.

use std::borrow::Cow;
use std::io;

use arrow_schema::ArrowError;

model::reasons! {
    /// Why something in foreign bytes could not be read.
    pub enum Cause {
        FileEmpty = "file-empty": "the file is empty",
        FormatUnknown { looks: Cow<'static, str> } = "format-unknown":
            "the format is not recognised; what stands here looks like {looks}",
        HeadForeign { looks: Cow<'static, str> } = "head-foreign":
            "what stands before the log is none of it and looks like {looks}",
        Zeros = "zeros": "zeros stand where a log should",
        SourceUnreadable { error: String } = "source-unreadable": "the source cannot be read: {error}",
        SourceEndsEarly { error: String } = "source-ends-early": "the source cannot be read further: {error}",
        FollowedFormat = "followed-format": "only text logs can be followed while they grow",
        NotUtf8 = "not-utf8": "bytes that are no UTF-8 were replaced",
        TimeUnreadable { text: String } = "time-unreadable": "a time that cannot be read: {text}",
        YearUncertain = "year-uncertain":
            "the order of the lines gives this one no year before its source was changed; it is of the last such year",
        MoreOfKind { count: u64, kind: String, clause: String } = "more-of-kind":
            "{count} more of this kind: {clause}",
        MoreKinds { count: u64 } = "more-kinds": "{count} flaws of further kinds",

        ArchiveTooDeep { levels: u32 } = "archive-too-deep":
            "archives are opened {levels} levels deep, and this is one more",
        ArchiveEndsEarly { error: String } = "archive-ends-early":
            "the archive cannot be read further: {error}",
        ArchiveSkipped { bytes: u64 } = "archive-skipped": "{bytes} bytes of the archive are nothing known",
        ArchiveSkippedMore { count: u64, bytes: u64 } = "archive-skipped-more":
            "{count} more stretches of the archive, of {bytes} bytes, are nothing known",
        ArchiveNoEnd = "archive-no-end": "the archive has no end mark and may be cut off",
        ArchiveSplit { part: u32 } = "archive-split": "the archive is part {part} of several",
        DirectoryMissing = "directory-missing":
            "the archive has no directory and may be cut off; its files are read by their headers",
        DirectoryDamaged { offset: u64 } = "directory-damaged":
            "the directory of the archive is damaged at byte {offset}; files that it does not list are read by their headers",
        DirectoryCount { listed: u64, stated: u64 } = "directory-count":
            "the directory of the archive lists {listed} files and should list {stated}",
        MembersReached { most: u64 } = "members-reached": "an archive is read up to {most} files, and this one holds more",
        MembersMisplaced { count: u64 } = "members-misplaced":
            "{count} more entries of the directory lead outside the archive or into bytes of other files",
        MemberOverlaps = "member-overlaps":
            "the entry of the directory leads into bytes of another file, which are read once",
        MemberMissing = "member-missing": "the directory lists the file, and the archive does not reach to it",
        MemberUnlisted = "member-unlisted": "the file stands in the archive and not in its directory",
        MemberOtherName { other: String } = "member-other-name": "the file's own header names it {other}",
        MemberHeaderDamaged = "member-header-damaged": "the file's header is damaged",
        MemberEncrypted = "member-encrypted": "the file is encrypted",
        MemberMethod { method: u32 } = "member-method":
            "the file is compressed by a method that is not read (number {method})",
        MemberOtherMethod { method: u32 } = "member-other-method":
            "the directory says that the file is compressed by method {method}, its own header says otherwise",
        MemberChecksum = "member-checksum": "the checksum in the archive is another one",
        MemberCutOff { missing: u64 } = "member-cut-off":
            "the last {missing} bytes of the file are missing: the archive ends or another file begins",
        MemberLink { target: String } = "member-link": "a link to {target} is no file",
        MemberHardLink { target: String } = "member-hard-link":
            "a second name of {target}, which is read under its first one",
        MemberDevice = "member-device": "a device is no file",
        MemberFifo = "member-fifo": "a FIFO is no file",
        MemberContinued = "member-continued": "the rest of a file that begins in another archive is not read",
        MemberSparse = "member-sparse": "sparse files in archives are not read",
        MemberNameTooLong = "member-name-too-long": "a name or list of attributes longer than a megabyte",
        MemberAttributes = "member-attributes": "the extended header before a file is damaged",

        CompressedCutOff { offset: u64 } = "compressed-cut-off":
            "the compressed data ends early, at its byte {offset}",
        CompressedDamaged { offset: u64, bytes: u64, error: String } = "compressed-damaged":
            "the compressed data is damaged at about its byte {offset}, and the {bytes} bytes behind it are not read: {error}",
        BehindCompressed { offset: u64, bytes: u64 } = "behind-compressed":
            "{bytes} bytes behind the compressed data, from its byte {offset} on, are nothing known",
        DictionaryTooLarge { offset: u64, bytes: u64 } = "dictionary-too-large":
            "the compressed data needs a dictionary larger than 64 MiB from its byte {offset} on, and {bytes} bytes are not read",
        Expansion { read: u64, given: u64 } = "expansion":
            "{read} bytes decompress to {given} and more, which is far more than logs do",
        TotalReached { bytes: u64 } = "total-reached":
            "the limit of {bytes} decompressed bytes for one source is reached",

        LineTooLong = "line-too-long": "a line longer than the limit for one event",
        ObjectTooLong = "object-too-long": "a broken object is left out: an object longer than the limit for one event",
        ObjectCutOff = "object-cut-off": "the object is cut off by the end of the source",
        ObjectBroken { fault: String } = "object-broken": "a broken object is left out: {fault}",
        EnvelopeRest = "envelope-rest": "objects behind the records of an envelope are not read",
        NoObject = "no-object": "what stands here is no JSON object",
        LineNoObject = "line-no-object": "this line is no JSON object",

        JsonCutOff = "json-cut-off": "the object is cut off",
        JsonTextCutOff = "json-text-cut-off": "the object is cut off inside a text",
        JsonTextOpen = "json-text-open": "a text without its closing quote",
        JsonNoValue = "json-no-value": "a value is missing",
        JsonBadValue = "json-bad-value": "a value that is no JSON",
        JsonNoName = "json-no-name": "a member name is missing",
        JsonNoColon = "json-no-colon": "a colon is missing",
        JsonNoComma = "json-no-comma": "a comma or a closing bracket is missing",
        JsonTooDeep = "json-too-deep": "objects nested deeper than 128 levels",
        JsonTooLarge = "json-too-large": "an object larger than 4 GB",
        TextNoObject { field: String } = "text-no-object":
            "the text in {field} should be an event, and is no sound JSON",
        WrappedTooDeep = "wrapped-too-deep": "more is wrapped in this object than is looked into; it is kept as it is",
        LineInside { log: String } = "line-inside":
            "a line of a {log} log that stands inside an object is kept as text, not read",
        ContainerPart = "container-part":
            "a part of a line that the container runtime has split; parts are not put together",
        JsonTooMany = "json-too-many": "an object with too many values",

        EvtxNoHeader = "evtx-no-header": "the file header is missing",
        EvtxHeaderDamaged = "evtx-header-damaged": "the file header is damaged",
        EvtxHeaderCutOff = "evtx-header-cut-off": "the file ends inside its header",
        EvtxNoChunk = "evtx-no-chunk": "these bytes are no chunk of an event log",
        EvtxNoChunkAtEnd = "evtx-no-chunk-at-end": "bytes behind the last chunk are no chunk of an event log",
        EvtxChunkCutOff = "evtx-chunk-cut-off": "the last chunk is cut off; what can be read of it is kept",
        EvtxChunkUnreadable { error: String } = "evtx-chunk-unreadable": "a chunk cannot be read: {error}",
        EvtxChecksum = "evtx-checksum": "a chunk's checksum is wrong; what can be read of it is kept",
        EvtxNames = "evtx-names": "a chunk's table of names is damaged",
        EvtxRecordUnreadable { error: String } = "evtx-record-unreadable": "a record cannot be read: {error}",

        AuditNoRecord = "audit-no-record": "this line is no audit record",
        AuditNoSerial = "audit-no-serial": "an audit record without a readable serial number",
        SyslogNoLine = "syslog-no-line": "this line is none of a system log",
        SyslogBehindFrame = "syslog-behind-frame": "something stands behind the last frame of a line",
        ZeekNoHeader = "zeek-no-header": "rows of a Zeek log without a header before them",
        ZeekHeader = "zeek-header": "this line of a Zeek header cannot be used",
        ZeekColumns = "zeek-columns": "a row with another number of columns than its header names",
        XmlNoEvent = "xml-no-event": "what stands here is no event of Windows",
        XmlCutOff = "xml-cut-off": "an event without its end",
        XmlBroken { fault: String } = "xml-broken": "a broken event is left out: {fault}",
        AccessNoLine = "access-no-line": "this line is none of an access log",

        NoColumns { error: String } = "no-columns": "the rows could not be put into columns: {error}",
        ColumnMissing { column: String } = "column-missing": "the column {column} of a sheet is missing",
        ColumnType { column: String, found: String } = "column-type":
            "the column {column} of a sheet is of the type {found}",
        ColumnMetadata { column: String, key: String } = "column-metadata":
            "the metadata of the column {column} of a sheet has no sound {key}",
        ColumnTwice { column: String } = "column-twice": "a sheet has two columns {column}",
        ColumnLarge { column: String } = "column-large":
            "the column {column} of a sheet holds more than 2 GB of text",
        ColumnNull { column: String } = "column-null": "a value of the column {column} of a sheet is null",
        ColumnLetter { column: String } = "column-letter":
            "a value of the column {column} of a sheet is of an unknown type",
    }
}

impl From<ArrowError> for Cause {
    fn from(error: ArrowError) -> Self {
        Self::NoColumns { error: error.to_string() }
    }
}

/// Most letters of foreign text in a reason.
const LETTERS: usize = 64;

impl std::error::Error for Cause {}

impl Cause {
    /// Why a source could not be read further.
    pub(crate) fn of(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(|error| Self::SourceEndsEarly { error: error.to_string() })
    }

    /// Why a source could not be opened.
    pub(crate) fn of_opening(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(|error| Self::SourceUnreadable { error: error.to_string() })
    }

    /// Why an archive could not be read further.
    pub(crate) fn of_archive(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(|error| Self::ArchiveEndsEarly { error: error.to_string() })
    }

    /// A time that cannot be read, as much of it as tells what it is.
    pub(crate) fn time_unreadable(text: &str) -> Self {
        let end = text.char_indices().nth(LETTERS).map(|(end, _)| end);
        let text = end.map_or_else(|| text.to_owned(), |end| format!("{}…", &text[..end]));
        Self::TimeUnreadable { text }
    }

    /// What flaws are counted by: each wrong value is the same kind of flaw.
    pub(crate) fn kind(&self) -> Self {
        match self {
            Self::TimeUnreadable { .. } => Self::TimeUnreadable { text: String::new() },
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_clauses_are_clauses() {
        let codes: HashSet<_> = Cause::CODES.iter().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), Cause::CODES.len());
        for (code, clause) in Cause::CODES {
            assert!(
                code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
            assert!(!clause.ends_with('.') && !clause.starts_with(char::is_uppercase), "{code}");
        }
    }
}
