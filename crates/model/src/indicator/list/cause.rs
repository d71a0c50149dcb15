//! Why something on a list is no indicator, by code.

crate::reasons! {
    /// Why something that looks like an indicator is none.
    pub enum Cause {
        Unclear = "unclear": "it was made harmless, and yet is nothing that can be looked for",
        Cut = "cut": "its end is left out",
        Comment = "comment": "the line is a comment",
        Long = "long": "it is longer than any value",
        Version = "version": "it is the version of a program",
        LeadingZero = "leading-zero": "a number in it begins with 0, which some read as octal",
        Octet { number: String } = "octet": "{number} is greater than 255",
        AddressMalformed = "address-malformed": "it is no address of IPv6",
        Range = "range": "it is a range of addresses and no network",
        NetworkLength = "network-length": "a network has 0 to 32 bits, or 0 to 128 in IPv6",
        NetworkWide = "network-wide": "a network shorter than 8 bits is nearly everything",
        Port { number: String } = "port": "there is no port {number}",
        HashLength { digits: u64 } = "hash-length": "no hash that is looked for has {digits} digits",
        HashKind { kind: String } = "hash-kind": "a hash of the kind {kind} is not looked for",
        NameMalformed = "name-malformed": "it is no name that the DNS can hold",
        TopUnknown { top: String } = "top-unknown": ".{top} is no top-level domain that is known here",
        HostShort = "host-short": "its host is a short name, which means another machine elsewhere",
        Unsure = "unsure": "it may be a file, a product or a domain",
        SpokenDot = "spoken-dot": "the word dot in it may be meant as a word",
        NameInText = "name-in-text": "where a name in Japanese begins and ends cannot be told inside of a text",
        Scheme { scheme: String } = "scheme": "addresses with {scheme} are not looked for",
        UrlWithMail = "url-with-mail": "the URL holds somebody's mail address",
        MailMalformed = "mail-malformed": "it is no mail address",
        PathOfPerson = "path-of-person": "the path names somebody's own folder",
        PathVariable = "path-variable": "the path has a variable in it, which logs do not have",
        Registry = "registry": "keys of the registry are not looked for",
        Account = "account": "names of accounts are not kept as indicators",
        Mac = "mac": "hardware addresses are not looked for",
        Identifier = "identifier": "it is an id that somebody gave",
        Weakness = "weakness": "it names a weakness, and nothing that can be observed",
        Asn = "asn": "numbers of networks' operators are not looked for",
    }
}
