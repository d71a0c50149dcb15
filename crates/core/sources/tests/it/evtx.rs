//! Windows event logs. The files are built here, with binary XML without templates.

use crate::support::{Read, read, read_with};

const CHUNK: usize = 65_536;

/// Binary XML of a record, whose first byte will stand at `base` in its chunk.
struct Xml {
    base: usize,
    bytes: Vec<u8>,
}

impl Xml {
    fn number(&mut self, value: usize) {
        self.bytes.extend(u32::try_from(value).unwrap().to_le_bytes());
    }

    fn units(&mut self, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.bytes.extend(u16::try_from(units.len()).unwrap().to_le_bytes());
        self.bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    }

    /// A name that stands where it is first used.
    fn name(&mut self, name: &str) {
        self.number(self.base + self.bytes.len() + 4);
        self.bytes.extend([0; 6]);
        self.units(name);
        self.bytes.extend([0; 2]);
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.bytes.push(if attributes.is_empty() { 0x01 } else { 0x41 });
        self.number(0);
        self.name(name);
        if !attributes.is_empty() {
            self.number(0);
        }
        for (at, (name, value)) in attributes.iter().enumerate() {
            self.bytes.push(if at + 1 < attributes.len() { 0x46 } else { 0x06 });
            self.name(name);
            self.bytes.extend([0x05, 0x01]);
            self.units(value);
        }
        self.bytes.push(0x02);
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.bytes.extend([0x05, 0x01]);
        self.units(text);
        self.close();
    }

    fn close(&mut self) {
        self.bytes.push(0x04);
    }
}

/// A record with this id and one named field.
fn record(base: usize, id: u64, value: &str) -> Vec<u8> {
    let mut xml = Xml { base: base + 24, bytes: vec![0x0f, 1, 1, 0] };
    xml.open("Event", &[("xmlns", "http://schemas.microsoft.com/win/2004/08/events/event")]);
    xml.open("System", &[]);
    xml.element("Provider", &[("Name", "Lantern Service")], "");
    xml.element("EventID", &[("Qualifiers", "16384")], "5210");
    xml.element("TimeCreated", &[("SystemTime", "2026-03-02T08:00:01.1234567Z")], "");
    xml.element("EventRecordID", &[], &id.to_string());
    xml.element("Channel", &[], "Application");
    xml.element("Computer", &[], "ws01.example.org");
    xml.close();
    xml.open("EventData", &[]);
    xml.element("Data", &[("Name", "Detail Text")], value);
    xml.close();
    xml.close();
    xml.bytes.push(0);
    let size = u32::try_from(xml.bytes.len() + 28).unwrap();
    let filetime: u64 = (1_772_438_401 + 11_644_473_600) * 10_000_000;
    let mut record = b"**\0\0".to_vec();
    record.extend(size.to_le_bytes());
    record.extend(id.to_le_bytes());
    record.extend(filetime.to_le_bytes());
    record.extend(&xml.bytes);
    record.extend(size.to_le_bytes());
    record
}

/// A chunk with records of these ids.
fn chunk(ids: std::ops::Range<u64>) -> Vec<u8> {
    let mut chunk = vec![0u8; 512];
    let mut last = 512;
    for id in ids.clone() {
        last = chunk.len();
        let record = record(chunk.len(), id, &format!("v{id}"));
        chunk.extend(record);
    }
    let free = chunk.len();
    chunk.resize(CHUNK, 0);
    header(&mut chunk, ids, last, free);
    chunk
}

fn header(chunk: &mut [u8], ids: std::ops::Range<u64>, last: usize, free: usize) {
    chunk[..8].copy_from_slice(b"ElfChnk\0");
    for (at, id) in [(8, ids.start), (16, ids.end - 1), (24, ids.start), (32, ids.end - 1)] {
        chunk[at..at + 8].copy_from_slice(&id.to_le_bytes());
    }
    let short = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    chunk[40..44].copy_from_slice(&short(128));
    chunk[44..48].copy_from_slice(&short(last));
    chunk[48..52].copy_from_slice(&short(free));
    let sum = crc(&chunk[512..free]);
    chunk[52..56].copy_from_slice(&sum.to_le_bytes());
    seal(chunk);
}

/// Sets the checksum of a chunk header.
fn seal(chunk: &mut [u8]) {
    let sum = crc(&[&chunk[..120], &chunk[128..512]].concat());
    chunk[124..128].copy_from_slice(&sum.to_le_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

fn file(chunks: &[&[u8]]) -> Vec<u8> {
    let mut file = vec![0u8; 4_096];
    file[..8].copy_from_slice(b"ElfFile\0");
    chunks.iter().for_each(|chunk| file.extend_from_slice(chunk));
    file
}

fn ids(read: &Read) -> Vec<u64> {
    read.rows.iter().map(|row| row.record_id.unwrap()).collect()
}

#[test]
fn records_become_rows() {
    let all = read(&file(&[&chunk(1..4), &chunk(4..6)]));
    assert_eq!((ids(&all), all.reasons()), (vec![1, 2, 3, 4, 5], vec![]));
    let row = &all.rows[3];
    assert_eq!((row.kind.as_str(), row.ordinal, row.line), ("windows/Application:5210", 4, None));
    assert_eq!(row.time.as_deref(), Some("2026-03-02T08:00:01.1234567Z"));
    assert_eq!(
        (row.get("DetailText"), row.get("Provider_Name"), row.get("Qualifiers")),
        ("v4", "Lantern Service", "16384")
    );
    let many: Vec<Vec<u8>> = (0..40).map(|n| chunk(n * 3 + 1..n * 3 + 4)).collect();
    let bytes = file(&many.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let cut = read_with(&bytes, &sources::Limits { segment_bytes: 1, ..sources::Limits::default() });
    assert_eq!((cut.segments, cut.rows.len()), (40, 120));
    assert_eq!(cut.rows, read(&bytes).rows);
}

#[test]
fn a_damaged_chunk_costs_itself() {
    let mut header = chunk(1..4);
    header[..512].fill(0xa5);
    let all = read(&file(&[&header, &chunk(4..6)]));
    assert_eq!((ids(&all), all.flaws.len(), all.flaws[0].offset), (vec![4, 5], 1, 4_096));
    let all = read(&file(&[&chunk(1..2), &vec![0; CHUNK], &chunk(2..3)]));
    assert_eq!((ids(&all), all.reasons()), (vec![1, 2], vec![]), "unused space");
    let mut names = chunk(1..4);
    names[128..384].fill(0xff);
    let all = read(&file(&[&names]));
    assert_eq!(ids(&all), [1, 2, 3], "the table of names");
    let mut content = chunk(1..4);
    content[700] ^= 1;
    let all = read(&file(&[&content]));
    assert!(ids(&all).len() >= 2);
    assert!(all.reasons().iter().any(|reason| reason.contains("checksum")));
}

#[test]
fn a_damaged_record_costs_itself() {
    let length = record(512, 1, "v1").len();
    for size in [0u32, 3, 0xa6a6_a6a6, 70_000] {
        let mut bytes = chunk(1..5);
        bytes[512 + length + 4..512 + length + 8].copy_from_slice(&size.to_le_bytes());
        let all = read(&file(&[&bytes, &chunk(5..6)]));
        assert_eq!(ids(&all), [1, 3, 4, 5], "size {size}");
        assert!(!all.flaws.is_empty());
    }
    let mut bytes = chunk(1..4);
    bytes[512 + length + 24..512 + length + 60].fill(0xff);
    assert_eq!(ids(&read(&file(&[&bytes]))), [1, 3], "content");
}

#[test]
fn counters_of_the_header_are_not_believed() {
    let good = chunk(1..4);
    let free = u32::from_le_bytes(good[48..52].try_into().unwrap()) as usize;
    let last = u32::from_le_bytes(good[44..48].try_into().unwrap()) as usize;
    for (claimed, last, free) in
        [(1..10, last, free + 6_144), (1..2, 512, 512), (1..2, 512, last), (1..4, 0, 65_536), (7..8, 0, 0)]
    {
        let mut bytes = good.clone();
        header(&mut bytes, claimed, last, free.max(512));
        bytes[48..52].copy_from_slice(&u32::try_from(free).unwrap().to_le_bytes());
        seal(&mut bytes);
        assert_eq!(ids(&read(&file(&[&bytes]))), [1, 2, 3], "{last} {free}");
        bytes[124] ^= 1;
        assert_eq!(ids(&read(&file(&[&bytes]))), [1, 2, 3], "{last} {free}, and the checksum is wrong");
    }
}

#[test]
fn records_of_a_former_life_are_no_events() {
    let mut bytes = chunk(8..20);
    let fresh = chunk(101..103);
    let free = u32::from_le_bytes(fresh[48..52].try_into().unwrap()) as usize;
    bytes[..free].copy_from_slice(&fresh[..free]);
    assert_eq!(ids(&read(&file(&[&bytes]))), [101, 102]);
}

#[test]
fn ends_of_files() {
    let junk = [&file(&[&chunk(1..3)])[..], &[b'x'; 3_000], b"**\0\0", &[7; 100]].concat();
    let all = read(&junk);
    assert_eq!((ids(&all), all.flaws.len()), (vec![1, 2], 1));
    let bytes = file(&[&chunk(1..3), &chunk(3..6)]);
    let cut = read(&bytes[..4_096 + CHUNK + 1_500]);
    assert_eq!(ids(&cut)[..3], [1, 2, 3]);
    assert!(cut.reasons().iter().any(|reason| reason.contains("cut off")));
    assert_eq!(ids(&read(&bytes[4_096..])), [1, 2, 3, 4, 5], "no file header");
    let mut shifted = bytes[..4_096 + CHUNK].to_vec();
    shifted.extend([9; 1_000]);
    shifted.extend(&bytes[4_096 + CHUNK..]);
    assert_eq!(ids(&read(&shifted)), [1, 2, 3, 4, 5], "chunks that have shifted");
    assert_eq!(read(b"ElfFile\0").rows.len(), 0);
    assert_eq!(read(&bytes[..4_096]).rows.len(), 0);
}

/// A file to do damage to.
pub fn sample() -> Vec<u8> {
    file(&[&chunk(1..6), &chunk(6..8)])
}
