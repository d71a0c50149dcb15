//! What archives hold, as it is: names and bytes, within the limits.

use std::io::{self, Cursor};

use proptest::prelude::*;
use sources::{Input, Limits, Reader};

use crate::archives::{gzip, tar, zip};

/// Names and contents of what could be read, and what could not; none where it is no archive.
fn members(bytes: &[u8], limits: &Limits) -> io::Result<Option<(Vec<(String, Vec<u8>)>, Vec<String>)>> {
    let (mut files, mut flaws) = (Vec::new(), Vec::new());
    let input = Input::Seekable(Box::new(Cursor::new(bytes.to_vec())));
    let is_archive = Reader::members(input, limits, &mut |member| {
        match member {
            Ok(member) => {
                let mut content = Vec::new();
                // What breaks off is known by its failure.
                match member.content.read_to_end(&mut content) {
                    Ok(_) => files.push((member.name.to_owned(), content)),
                    Err(error) => flaws.push(error.to_string()),
                }
            }
            Err(flaw) => flaws.push(flaw.reason.text),
        }
        Ok(())
    })?;
    Ok(is_archive.then_some((files, flaws)))
}

#[test]
fn members_come_as_they_were_put_in() {
    let files: [(&str, &[u8]); 3] =
        [("rules/", b""), ("rules/a.yml", b"title: a\n"), ("規則.yml", b"\0\xff")];
    let expected =
        vec![("rules/a.yml".to_owned(), b"title: a\n".to_vec()), ("規則.yml".to_owned(), b"\0\xff".to_vec())];
    for archive in [tar(&files), gzip(&tar(&files)), zip(&files)] {
        let (read, flaws) = members(&archive, &Limits::default()).expect("read").expect("an archive");
        assert_eq!((read, flaws.len()), (expected.clone(), 0));
    }
    for none in [&b"title: a\n"[..], b"", &gzip(b"title: a\n")] {
        assert_eq!(members(none, &Limits::default()).expect("read"), None);
    }
}

#[test]
fn limits_hold_and_are_told() {
    let long = vec![b'x'; 300_000];
    let files: [(&str, &[u8]); 3] = [("a", &long), ("b", &long), ("c", &long)];
    for archive in [zip(&files), gzip(&tar(&files))] {
        for limits in
            [Limits { members: 1, ..Limits::default() }, Limits { total_bytes: 350_000, ..Limits::default() }]
        {
            let (read, flaws) = members(&archive, &limits).expect("read").expect("an archive");
            let bytes: usize = read.iter().map(|(_, content)| content.len()).sum();
            assert!(bytes < 700_000 && !flaws.is_empty(), "{} {flaws:?}", read.len());
        }
    }
    let mut damaged = tar(&files[..2]);
    damaged[3] ^= 0xff;
    let read = members(&damaged, &Limits::default()).expect("read");
    // Its first header is how a tar archive is told.
    assert!(read.is_none_or(|(read, flaws)| read.len() == 1 && !flaws.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_damage_never_panics_and_never_makes_more(at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()) {
        let files: [(&str, &[u8]); 2] = [("a.yml", b"title: a\n"), ("b.yml", b"title: b\n")];
        for mut archive in [tar(&files), gzip(&tar(&files)), zip(&files)] {
            let at = at.index(archive.len());
            archive[at] = byte;
            archive.truncate(cut.index(archive.len()) + 1);
            if let Ok(Some((read, _))) = members(&archive, &Limits::default()) {
                prop_assert!(read.len() <= 2);
            }
        }
    }
}
