//! Every reason why bytes could not be read.

model::reasons! {
    /// Why something in foreign bytes could not be read.
    pub enum Cause {
        FileEmpty = "file-empty": "the file is empty",
        FormatUnknown = "format-unknown": "the format is not recognised",
        SourceUnreadable { error: String } = "source-unreadable": "the source cannot be read: {error}",
        SourceEndsEarly { error: String } = "source-ends-early": "the source cannot be read further: {error}",
        FollowedFormat = "followed-format": "only text logs can be followed while they grow",
        NotUtf8 = "not-utf8": "bytes that are no UTF-8 were replaced",
        TimeImpossible = "time-impossible": "a time that no calendar has",
        MoreOfKind { count: u64, kind: String, clause: String } = "more-of-kind":
            "{count} more of this kind: {clause}",
        MoreKinds { count: u64 } = "more-kinds": "{count} flaws of further kinds",

        ArchiveTooDeep { levels: u32 } = "archive-too-deep":
            "archives are opened {levels} levels deep, and this is one more",
        ArchiveTooLarge { bytes: u64 } = "archive-too-large":
            "a zip archive of more than {bytes} bytes can only be read from a file of its own",
        ArchiveDirectory { error: String } = "archive-directory":
            "the directory of the archive cannot be read: {error}",
        ArchiveEndsEarly { error: String } = "archive-ends-early":
            "the archive cannot be read further: {error}",
        MemberUnreadable { error: String } = "member-unreadable": "{error}",
        MemberSparse = "member-sparse": "sparse files in archives are not read",

        LineTooLong = "line-too-long": "a line longer than the limit for one event",
        ObjectTooLong = "object-too-long": "a broken object is left out: an object longer than the limit for one event",
        ObjectCutOff = "object-cut-off": "the object is cut off by the end of the source",
        ObjectBroken { fault: String } = "object-broken": "a broken object is left out: {fault}",
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
        AuditNoMark = "audit-no-mark": "an audit record without a readable time and serial number",
        SyslogNoLine = "syslog-no-line": "this line is none of a system log",
        SyslogBehindFrame = "syslog-behind-frame": "something stands behind the last frame of a line",
        AccessNoLine = "access-no-line": "this line is none of an access log",
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
