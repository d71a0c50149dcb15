//! Whatever the bytes, reading ends without a panic.

use std::io::Write;

use proptest::prelude::*;
use sources::Limits;

use crate::support::{read, read_with};

/// Beginnings by which formats are told, so that chance gets past them.
const BEGINNINGS: [&[u8]; 16] = [
    b"",
    b"{\"a\":",
    b"[{\"a\":1},",
    b"{\"Records\":[{",
    b"\xff\xfe",
    b"\xef\xbb\xbf{\"",
    b"type=EXECVE msg=audit(1.000:1): ",
    b"ElfFile\0",
    b"\x1f\x8b\x08\0\0\0\0\0\0\0",
    b"\x28\xb5\x2f\xfd",
    b"PK\x03\x04",
    b"ElfChnk\0",
    b"#separator \\x09\n#fields\ta\tb\n",
    b"<Event><System>",
    b"Mar  2 08:00:01 h sshd[1]: ",
    b"::1 - - [10/Oct/2000:13:55:36 -0700] \"",
];

proptest! {
    #[test]
    fn random_bytes(beginning in prop::sample::select(&BEGINNINGS[..]), rest in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let bytes = [beginning, &rest].concat();
        let _ = read(&bytes);
    }

    #[test]
    fn random_json(beginning in prop::sample::select(&BEGINNINGS[..]), rest in "[\\[\\]{}\",:\\\\ \\n0-9a-eu]{0,400}", segment_bytes in 1usize..200) {
        let text = [beginning, rest.as_bytes()].concat();
        let _ = read_with(&text, &Limits { segment_bytes, record_bytes: 150, ..Limits::default() });
    }

    #[test]
    fn random_audit_lines(rest in "[a-f\\[\\]{}\"'=:(), \\n\\x1d0-9A-F]{0,400}", segment_bytes in 1usize..200) {
        let text = format!("type=EXECVE msg=audit(1.000:1): {rest}\ntype=EXECVE msg=audit(1.000:1): {rest}");
        let _ = read_with(text.as_bytes(), &Limits { segment_bytes, record_bytes: 150, ..Limits::default() });
    }

    #[test]
    fn damaged_event_logs(damage in prop::collection::vec((0usize..6_000, any::<u8>()), 1..20), cut in any::<prop::sample::Index>()) {
        let mut bytes = crate::evtx::sample();
        for (at, value) in damage {
            // The first chunk's header and records.
            bytes[4_096 + at] = value;
        }
        let _ = read(&bytes);
        let _ = read(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn damaged_archives(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in ["a", "b"] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(b"{\"n\":1}\n").unwrap();
        }
        let zip = zip.finish().unwrap().into_inner();
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(zip.len() as u64);
        tar.append_data(&mut header, "z.zip", &zip[..]).unwrap();
        for mut bytes in [zip, tar.into_inner().unwrap()] {
            for (at, value) in &damage {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            let _ = read(&bytes);
        }
    }
}
