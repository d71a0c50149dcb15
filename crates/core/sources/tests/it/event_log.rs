//! Writes Windows event logs, with binary XML without templates. The fuzz targets begin with
//! its files, too.

/// Bytes of a chunk.
pub const CHUNK: usize = 65_536;

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
pub fn record(base: usize, id: u64, value: &str) -> Vec<u8> {
    let mut xml = Xml { base: base + 24, bytes: vec![0x0f, 1, 1, 0] };
    xml.open("Event", &[("xmlns", "http://schemas.microsoft.com/win/2004/08/events/event")]);
    xml.open("System", &[]);
    xml.element("Provider", &[("Name", "Lantern Service")], "");
    xml.element("EventID", &[("Qualifiers", "16384")], "5210");
    xml.element("TimeCreated", &[("SystemTime", "2026-03-02T08:00:01.1234567Z")], "");
    xml.element("EventRecordID", &[], &id.to_string());
    xml.element("Execution", &[("ProcessID", "600"), ("ThreadID", "604")], "");
    xml.element("Channel", &[], "Application");
    xml.element("Computer", &[], "ws01.example.org");
    xml.element("Security", &[("UserID", "S-1-5-18")], "");
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
pub fn chunk(ids: std::ops::Range<u64>) -> Vec<u8> {
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

/// Writes the header of a chunk whose records are in place.
pub fn header(chunk: &mut [u8], ids: std::ops::Range<u64>, last: usize, free: usize) {
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
pub fn seal(chunk: &mut [u8]) {
    let sum = crc(&[&chunk[..120], &chunk[128..512]].concat());
    chunk[124..128].copy_from_slice(&sum.to_le_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

/// A file of these chunks.
pub fn file(chunks: &[&[u8]]) -> Vec<u8> {
    let mut file = vec![0u8; 4_096];
    file[..8].copy_from_slice(b"ElfFile\0");
    chunks.iter().for_each(|chunk| file.extend_from_slice(chunk));
    file
}
