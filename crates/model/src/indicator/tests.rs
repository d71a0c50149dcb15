//! Values as people write them.

use super::*;

fn read(text: &str) -> (Sort, String) {
    let read = Indicator::read(text).unwrap();
    (read.sort(), read.words().first().cloned().unwrap_or_default())
}

#[test]
fn values_are_what_they_were_before_somebody_made_them_harmless() {
    const SHA1: &str = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    for (text, sort, word) in [
        ("10.1.2.3", Sort::Address, "10.1.2.3"),
        (" 10[.]1[.]2[.]3 ", Sort::Address, "10.1.2.3"),
        ("10(.)1.2{.}3", Sort::Address, "10.1.2.3"),
        ("10[.1[.2[.3", Sort::Address, "10.1.2.3"),
        (r"10\.1\.2\.3", Sort::Address, "10.1.2.3"),
        ("10 dot 1 dot 2 dot 3", Sort::Address, "10.1.2.3"),
        ("10[dot]1[DOT]2(dot)3,", Sort::Address, "10.1.2.3"),
        ("10.1.2.3:4444", Sort::Address, "10.1.2.3"),
        ("[10.1.2.3]", Sort::Address, "10.1.2.3"),
        ("::ffff:10.1.2.3", Sort::Address, "10.1.2.3"),
        ("2001:DB8:0:0::1", Sort::Address, "2001:db8::1"),
        ("[2001:db8::1]:443", Sort::Address, "2001:db8::1"),
        ("2001[:]db8[:][:]1", Sort::Address, "2001:db8::1"),
        ("fe80::1%eth0", Sort::Address, "fe80::1"),
        ("10.1.2.3.", Sort::Address, "10.1.2.3"),
        ("10.1.2.0/24", Sort::Network, "10.1.2.0/24"),
        ("10[.]1.2.77/30", Sort::Network, "10.1.2.0/24"),
        ("10.1.0.0/15", Sort::Network, "10.0.0.0/16"),
        ("2001:db8::/48", Sort::Network, "2001:db8::/48"),
        ("example.com", Sort::Domain, "example.com"),
        ("Evil[.]Example[.]COM.", Sort::Domain, "evil.example.com"),
        ("*.example.com", Sort::Domain, "example.com"),
        ("www[.example[.com", Sort::Domain, "www.example.com"),
        ("www.example.]com", Sort::Domain, "www.example.com"),
        (r"evil\.example\.com", Sort::Domain, "evil.example.com"),
        ("evil。example。com", Sort::Domain, "evil.example.com"),
        ("e\u{200b}vil.example.com", Sort::Domain, "evil.example.com"),
        ("<evil.example.com>", Sort::Domain, "evil.example.com"),
        ("「evil.example.com」", Sort::Domain, "evil.example.com"),
        ("evil.example.com:8443", Sort::Domain, "evil.example.com"),
        ("例え.テスト", Sort::Domain, "例え.テスト"),
        ("hxxp://evil[.]example[.]com/a.php?x=1", Sort::Url, "evil.example.com"),
        ("hXXps[:]//evil.example[.]com", Sort::Url, "evil.example.com"),
        ("h**p://evil.example.com/", Sort::Url, "evil.example.com"),
        ("http[://]evil.example.com", Sort::Url, "evil.example.com"),
        ("hxxp[s]://user:pw@evil.example.com:8080/x", Sort::Url, "evil.example.com"),
        (r"http:\\10.1.2.3\x", Sort::Url, "10.1.2.3"),
        ("https://[2001:db8::1]:8443/x", Sort::Url, "2001:db8::1"),
        ("evil.example.com/x/y.exe", Sort::Url, "evil.example.com"),
        ("evil[.]example.com[/]x", Sort::Url, "evil.example.com"),
        ("10.1.2.3/x", Sort::Url, "10.1.2.3"),
        (SHA1, Sort::Hash, SHA1),
        ("SHA1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", Sort::Hash, SHA1),
        ("sha1: da39a3ee5e6b4b0d3255bfef95601890afd80709", Sort::Hash, SHA1),
        ("d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e", Sort::Hash, "d41d8cd98f00b204e9800998ecf8427e"),
        (r"AOBA\Sato", Sort::User, r"aoba\sato"),
        (r"aoba.example\sato", Sort::User, r"aoba.example\sato"),
        ("sato[at]aoba[.]example", Sort::User, "sato@aoba.example"),
        (r"C:\Users\sato\.ssh\Key", Sort::Path, r"c:\users\sato\.ssh\key"),
        ("c:/users/sato/x.exe", Sort::Path, r"c:\users\sato\x.exe"),
        (r"\\srv01\share\x", Sort::Path, r"\srv01\share\x"),
        ("/usr/bin/id", Sort::Path, r"\usr\bin\id"),
        ("\"C:\\a b\\c.exe\"", Sort::Path, r"c:\a b\c.exe"),
        ("powershell.exe", Sort::Text, "powershell.exe"),
        ("WS01", Sort::Text, "ws01"),
        ("{0F2A-11}", Sort::Text, "0f2a-11"),
        ("灯台", Sort::Text, "灯台"),
    ] {
        assert_eq!(read(text), (sort, word.to_owned()), "{text}");
    }
}

#[test]
fn what_is_nothing_to_look_for_says_why() {
    let long = "x".repeat(LONGEST + 1);
    for (text, why) in [
        ("", NotAnIndicator::Empty),
        (" \"\" ", NotAnIndicator::Empty),
        ("...", NotAnIndicator::Empty),
        ("http://", NotAnIndicator::Empty),
        ("a\tb", NotAnIndicator::Control),
        ("10.0.0.0/33", NotAnIndicator::Length),
        ("10.0.0.0/999", NotAnIndicator::Length),
        ("0.0.0.0/0", NotAnIndicator::Wide),
        ("2001:db8::/7", NotAnIndicator::Wide),
        (&long, NotAnIndicator::Long),
    ] {
        assert_eq!(Indicator::read(text), Err(why), "{text}");
    }
}

#[test]
fn a_network_means_the_addresses_in_it() {
    for (network, address, expected) in [
        ("10.1.2.0/24", "10.1.2.255", true),
        ("10.1.2.0/24", "10.1.3.0", false),
        ("10.1.2.4/30", "10.1.2.7", true),
        ("10.1.2.4/30", "10.1.2.8", false),
        ("10.0.0.0/9", "10.127.1.1", true),
        ("10.0.0.0/9", "10.128.1.1", false),
        ("10.1.2.3/32", "::ffff:10.1.2.3", true),
        ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false),
        ("2001:db8::1/128", "2001:db8::1", true),
        ("2001:db8::1/128", "2001:db8::2", false),
    ] {
        let indicator = Indicator::read(network).unwrap();
        assert_eq!(indicator.means(Holds::Address, address), expected, "{network} {address}");
        // What is meant has one of the words: else an index would hide it.
        let mut has_word = false;
        Holds::Address
            .words(address, &mut |word| has_word |= indicator.words().iter().any(|known| known == word));
        assert!(has_word || !expected, "{network} {address}");
    }
}

#[test]
fn a_value_of_a_list_is_that_value() {
    const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";
    for (observable, value, holds, stored, expected) in [
        (Observable::Url, "http://evil.example.com/a", Holds::Url, "HTTP://evil.example.com/a/", true),
        (Observable::Url, "http://evil.example.com/a", Holds::Url, "http://evil.example.com/b", false),
        (Observable::Url, "http://evil.example.com/a", Holds::Domain, "evil.example.com", false),
        (Observable::Url, "https://[2001:db8::1]:8443/x", Holds::Url, "https://[2001:db8::1]:8443/x", true),
        (Observable::Domain, "evil.example.com", Holds::Domain, "a.EVIL.example.com", true),
        (Observable::Address, "203.0.113.7", Holds::List, "type 5;203.0.113.7;", true),
        (Observable::Network, "203.0.113.0/25", Holds::Address, "203.0.113.7", true),
        (Observable::Network, "203.0.113.0/25", Holds::Address, "203.0.113.200", false),
        (Observable::Md5, MD5, Holds::Hash, "SHA1=AB,MD5=D41D8CD98F00B204E9800998ECF8427E", true),
        (Observable::Mail, "bad@evil.example.com", Holds::User, "Bad@evil.example.com", true),
        (Observable::File, "up.exe", Holds::Path, r"C:\Temp\Up.exe", true),
        (Observable::Path, r"c:\temp\up.exe", Holds::Path, r"C:\Temp\Up.exe", true),
        (Observable::Path, r"\\srv01\a\up.exe", Holds::Path, r"\\SRV01\a\up.exe", true),
    ] {
        let indicator = Indicator::exact(observable, value).unwrap();
        let mut has_word = false;
        holds.words(stored, &mut |word| has_word |= indicator.words().iter().any(|known| known == word));
        assert_eq!(has_word && indicator.means(holds, stored), expected, "{value} {stored}");
    }
}
