//! What holds of every list: nothing makes it fail, nothing that looks like an indicator is lost, and a value
//! is the same again when it was made harmless.

use proptest::prelude::*;

use super::*;
use crate::indicator::defanged;

/// Signs that mean something here, more often than others.
const SIGNS: &str =
    r#"[a-fA-F0-9.:/\\@\[\](){}<>"'`|,;=%_*#?&! \t。．、：「」…\-a-z例え日テスト\u{200b}\u{ff0e}é\n]{0,60}"#;

/// What people write before a value, and so that it cannot mean anything else.
fn label(observable: Observable) -> &'static str {
    match observable {
        Observable::Address | Observable::Network => "IP: ",
        Observable::Domain => "domain: ",
        Observable::Url => "URL: ",
        Observable::Md5 => "MD5: ",
        Observable::Sha1 => "SHA1: ",
        Observable::Sha256 => "SHA256: ",
        Observable::Sha512 => "SHA512: ",
        Observable::Imphash => "imphash: ",
        Observable::Ja3 => "JA3: ",
        Observable::Mail => "From: ",
        Observable::File => "file: ",
        Observable::Path => "path: ",
    }
}

/// A value of some kind, in the one spelling.
fn values() -> impl Strategy<Value = (Observable, String)> {
    let hex = |digits: usize| prop::collection::vec(prop::sample::select(&b"0123456789abcdef"[..]), digits);
    let hash = |observable, digits| {
        hex(digits).prop_map(move |hash| (observable, hash.into_iter().map(char::from).collect::<String>()))
    };
    let domain = || {
        "([a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\\.){1,4}(com|net|jp|ru|xn--p1ai|onion)"
            .prop_filter("sound", |name| !name.contains("--"))
    };
    let path =
        || "(/[A-Za-z0-9._~!$&'()*+=-]{0,8}[A-Za-z0-9/]){0,4}(\\?[a-z]{1,5}=[A-Za-z0-9%]{0,8}[a-z0-9])?";
    prop_oneof![
        any::<u32>().prop_map(|address| (Observable::Address, std::net::Ipv4Addr::from(address).to_string())),
        any::<u128>().prop_map(|address| {
            let address = std::net::IpAddr::from(std::net::Ipv6Addr::from(address)).to_canonical();
            (Observable::Address, address.to_string())
        }),
        (any::<u32>(), 8_u8..32).prop_map(|(address, length)| {
            let first = crate::holds::first(std::net::Ipv4Addr::from(address).into(), length);
            (Observable::Network, format!("{first}/{length}"))
        }),
        domain().prop_map(|name| (Observable::Domain, name)),
        (prop::sample::select(&["http", "https"][..]), domain(), path()).prop_map(|(scheme, host, path)| {
            let path = if path.starts_with('/') { path } else { format!("/{path}") };
            (Observable::Url, format!("{scheme}://{host}{path}"))
        }),
        hash(Observable::Md5, 32),
        hash(Observable::Sha1, 40),
        hash(Observable::Sha256, 64),
        hash(Observable::Sha512, 128),
        hash(Observable::Imphash, 32),
        hash(Observable::Ja3, 32),
        ("[a-z0-9]{1,8}([.+_-][a-z0-9]{1,5})?", domain())
            .prop_map(|(name, domain)| (Observable::Mail, format!("{name}@{domain}"))),
        "[a-z0-9][a-z0-9_-]{0,8}\\.(exe|dll|pdf|md|zip)".prop_map(|name| (Observable::File, name)),
        "c:(\\\\[a-z0-9_.-]{0,6}[a-z0-9]){1,4}\\.exe".prop_map(|path| (Observable::Path, path)),
    ]
}

/// The dots of a value, as somebody makes it harmless.
fn harmless(value: &str, how: usize) -> String {
    let dot =
        ["[.]", "(.)", "{.}", "[dot]", "(DOT)", " [.] ", "．", "。", "[.", ".]", "\\.", "\u{200b}."][how];
    value.replace('.', dot)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in prop_oneof![SIGNS.boxed(), any::<String>().boxed()]) {
        let list = read(&text);
        let lines: Vec<&str> = text.lines().collect();
        let places = list.taken.iter().map(|one| (one.place, &one.text));
        for (place, part) in places.chain(list.refused.iter().map(|one| (one.place, &one.text))) {
            let line = lines[usize::try_from(place.line).unwrap() - 1];
            let rest: String = line.chars().skip(place.column as usize - 1).collect();
            prop_assert!(!part.is_empty() && rest.starts_with(part.as_str()), "{place:?} {part:?} in {line:?}");
        }
        // What is taken is taken again, and is the same.
        for Taken { observable, value, .. } in &list.taken {
            let again = read(&format!("{}{}", label(*observable), defanged(*observable, value)));
            let told: Vec<_> = again.taken.iter().map(|one| (one.observable, one.value.as_str())).collect();
            prop_assert_eq!(told, vec![(*observable, value.as_str())], "{:?} of {:?}", again.refused, text);
        }
    }

    #[test]
    fn a_value_is_what_it_was_before_somebody_made_it_harmless(
        (observable, value) in values(), how in 0..12_usize, place in 0..4_usize,
    ) {
        let written = match observable {
            Observable::Domain | Observable::Mail => harmless(&value, how),
            Observable::Address | Observable::Network if !value.contains(':') => harmless(&value, how),
            _ => defanged(observable, &value),
        };
        let written = match place {
            0 => format!("{}{written}", label(observable)),
            1 => format!("\"{}\",{}{written},x", "a", label(observable)),
            2 => format!("> - {}{written}", label(observable)),
            _ => format!("それは{}{written}、でした。", label(observable)),
        };
        let list = read(&written);
        let told: Vec<_> = list.taken.iter().map(|one| (one.observable, one.value.as_str())).collect();
        prop_assert_eq!(told, vec![(observable, value.as_str())], "{} {:?}", written, list.refused);
        prop_assert_eq!(list.refused, vec![]);
    }

    #[test]
    fn what_looks_like_an_indicator_is_never_lost(
        word in prop_oneof![
            "[0-9]{1,4}(\\.[0-9]{1,4}){3}",
            "[a-z]{2,8}://[!-~]{1,20}",
            "[a-z0-9]{1,8}\\[\\.\\][a-z0-9]{1,8}",
            "[a-z]{1,5}@[a-z]{1,5}\\.(com|zzz)",
            "[0-9][0-9a-f]{22,140}[a-f]",
            "[a-z]{1,5}\\.[a-z]{1,5}\\.(exe|com|zzz)",
            "CVE-20[0-9]{2}-[0-9]{4,6}",
            "C:\\\\[a-z]{1,6}",
        ],
        around in prop::sample::select(&[("", ""), ("see ", " there"), ("(", ")"), ("a,", ",b"), ("それは", "です")][..]),
    ) {
        let list = read(&format!("{}{word}{}", around.0, around.1));
        prop_assert!(list.taken.len() + list.refused.len() > 0, "{list:?}");
    }
}
