//! Builds zip archives byte by byte, and says where their files are.

use std::io::Write;

/// A file as it is to stand in an archive.
#[derive(Debug, Clone)]
pub struct Part {
    pub name: Vec<u8>,
    pub content: Vec<u8>,
    pub deflated: bool,
    /// Lengths and checksum stand behind the data: with a signature, or without.
    pub streamed: Option<bool>,
    pub extra: Vec<u8>,
    pub listed: bool,
}

/// An archive, and where each part begins and ends in it.
pub struct Built {
    pub bytes: Vec<u8>,
    pub places: Vec<std::ops::Range<usize>>,
    pub directory: usize,
}

impl Part {
    pub fn new(name: &[u8], content: &[u8]) -> Self {
        let (name, content) = (name.to_vec(), content.to_vec());
        Self { name, content, deflated: false, streamed: None, extra: Vec::new(), listed: true }
    }

    pub fn streamed(self, signed: bool) -> Self {
        Self { streamed: Some(signed), ..self }
    }

    fn packed(&self) -> Vec<u8> {
        if !self.deflated {
            return self.content.clone();
        }
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&self.content).unwrap();
        encoder.finish().unwrap()
    }

    /// Flags, method, time, checksum, lengths of data, name and extra field.
    fn facts(&self, packed: usize, hidden: bool) -> Vec<u8> {
        let mut facts = Vec::new();
        let (flags, method) =
            (if self.streamed.is_some() { 8u16 } else { 0 }, if self.deflated { 8u16 } else { 0 });
        for number in [flags, method, 0, 0x5c21] {
            facts.extend(number.to_le_bytes());
        }
        for number in self.sums(packed) {
            facts.extend(if hidden { [0; 4] } else { number.to_le_bytes() });
        }
        for length in [self.name.len(), self.extra.len()] {
            facts.extend((length as u16).to_le_bytes());
        }
        facts
    }

    pub fn sums(&self, packed: usize) -> [u32; 3] {
        let mut sum = flate2::Crc::new();
        sum.update(&self.content);
        [sum.sum(), packed as u32, self.content.len() as u32]
    }
}

pub fn build(parts: &[Part]) -> Built {
    let (mut bytes, mut directory, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        let (at, packed) = (bytes.len(), part.packed());
        bytes.extend([&b"PK\x03\x04\x14\0"[..], &part.facts(packed.len(), part.streamed.is_some())].concat());
        bytes.extend([&part.name[..], &part.extra, &packed].concat());
        if let Some(signed) = part.streamed {
            bytes.extend(if signed { &b"PK\x07\x08"[..] } else { b"" });
            part.sums(packed.len()).iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        }
        if part.listed {
            directory.extend([&b"PK\x01\x02\x14\x03\x14\0"[..], &part.facts(packed.len(), false)].concat());
            directory.extend([0; 10]);
            directory.extend([0, 0, 0, 0]);
            let length = directory.len();
            directory[length - 14..].copy_from_slice(&[0; 14]);
            directory.truncate(length - 4);
            directory.extend((at as u32).to_le_bytes());
            directory.extend([&part.name[..], &part.extra].concat());
        }
        places.push(at..bytes.len());
    }
    let listed = parts.iter().filter(|part| part.listed).count() as u16;
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend([listed.to_le_bytes(), listed.to_le_bytes()].concat());
    end.extend([(directory.len() as u32).to_le_bytes(), (bytes.len() as u32).to_le_bytes()].concat());
    end.extend([0, 0]);
    let at = bytes.len();
    Built { bytes: [bytes, directory, end].concat(), places, directory: at }
}
