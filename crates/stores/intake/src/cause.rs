//! Every reason why inputs could not be taken in whole.

model::reasons! {
    /// Why an input, or a part of it, was not taken in.
    pub enum Cause {
        FileUnopened { error: String } = "file-unopened": "the file cannot be opened: {error}",
        LinkNotFollowed = "link-not-followed":
            "a link to a folder is followed only when it is named itself",
        PipeUnread = "pipe-unread": "a pipe in a folder is read only when it is named itself",
        SocketUnread = "socket-unread": "a socket cannot be read as a file",
        DeviceUnread = "device-unread": "a device in a folder is read only when it is named itself",
        BytesGone = "bytes-gone": "the file was gone, or cut off, before these bytes were read",
        CutOffUnread = "cut-off-unread":
            "the file was cut off or overwritten; what else was written here before that is not read",
        CopyUnread { path: String } = "copy-unread": "this is a copy of {path} and not read again",
        TooMuchGiven = "too-much-given":
            "the file is not read again, because too much of it would have to be told apart",
        BrokenOff { error: String } = "broken-off": "the scan broke off: {error}",
        ReaderFailed { panic: String } = "reader-failed":
            "the rest is not read, by a fault of this program: {panic}",
        PartUnreadable { error: String } = "part-unreadable": "these kept rows cannot be read: {error}",
        PartLost { panic: String } = "part-lost": "this is lost, by a fault of this program: {panic}",
        RegexExhausted { title: String, path: String, line: u64, values: u64 } = "regex-exhausted":
            "a regular expression of {title} ({path}:{line}) took all its steps on {values} values, which may match or not",
        SignalsUntimed { count: u64 } = "signals-untimed":
            "{count} matches of correlated rules have no event time and were left out",
        SignalsAhead { count: u64 } = "signals-ahead":
            "{count} matches of correlated rules are dated more than a day ahead and were left out",
        SignalsLate { count: u64 } = "signals-late":
            "{count} matches of correlated rules came later than the span of a correlation allows and may be missing there",
        GroupsCut { count: u64 } = "groups-cut":
            "{count} matches of correlated rules have so many values that only their first groups or combinations count",
        EventsCountDoubtful { count: u64 } = "events-count-doubtful":
            "{count} verdicts of correlations over correlations may count an event twice, because not all are known one by one",
        GroupsForgotten { count: u64 } = "groups-forgotten":
            "{count} groups of correlations were forgotten, because too many were open",
    }
}
