//! JSON written directly as bytes (RFC 8259); runs without anything to escape are copied whole.

/// Which bytes cannot stand as they are inside a JSON string.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 0x20 {
        table[at] = true;
        at += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

/// Appends `text` without its quotes, escaped.
pub fn escaped(target: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if SPECIAL[*byte as usize] {
            target.extend_from_slice(&bytes[from..at]);
            escape(target, *byte);
            from = at + 1;
        }
    }
    target.extend_from_slice(&bytes[from..]);
}

fn escape(target: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' | b'\\' => target.extend_from_slice(&[b'\\', byte]),
        b'\n' => target.extend_from_slice(b"\\n"),
        b'\r' => target.extend_from_slice(b"\\r"),
        b'\t' => target.extend_from_slice(b"\\t"),
        _ => {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            target.extend_from_slice(b"\\u00");
            target.extend_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
}

/// Appends `,"name":"text"` (`lead` is what stands before the name, such as a comma or a brace).
pub fn text(target: &mut Vec<u8>, lead: &str, name: &str, value: &str) {
    key(target, lead, name);
    target.push(b'"');
    escaped(target, value);
    target.push(b'"');
}

/// Appends `,"name":digits`.
pub fn number(target: &mut Vec<u8>, lead: &str, name: &str, digits: &str) {
    key(target, lead, name);
    target.extend_from_slice(digits.as_bytes());
}

fn key(target: &mut Vec<u8>, lead: &str, name: &str) {
    target.extend_from_slice(lead.as_bytes());
    target.push(b'"');
    target.extend_from_slice(name.as_bytes());
    target.extend_from_slice(b"\":");
}

/// Appends a number in decimal digits.
pub fn digits(target: &mut Vec<u8>, mut value: u64) {
    let mut buffer = [0u8; 20];
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    target.extend_from_slice(&buffer[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_serde_json_does() {
        for sample in ["", "plain", "C:\\Windows\\\"x\"", "改行\r\n\t\u{1}\u{1f}終", "%%1936"] {
            let mut own = vec![b'"'];
            escaped(&mut own, sample);
            own.push(b'"');
            assert_eq!(String::from_utf8(own).ok(), serde_json::to_string(sample).ok());
        }
    }
}
