//! Socket addresses as audit logs carry them: the bytes of a `sockaddr`, hexadecimal.

use std::net::{Ipv4Addr, Ipv6Addr};

/// What a socket address says, under the names that the audit library uses.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// `inet`, `inet6`, `local`, `netlink` or a number.
    pub family: String,
    /// Internet address.
    pub address: Option<String>,
    /// Port.
    pub port: Option<String>,
    /// Path of a local socket; an abstract one begins with `@`.
    pub path: Option<String>,
}

/// Decodes a `saddr` value whose digits have been turned into bytes.
pub(super) fn decode(bytes: &[u8]) -> Option<Address> {
    // The family is in the byte order of the machine; nearly all that log are little-endian, and
    // no family is above 255.
    let family = match bytes.get(..2)? {
        [low, 0] => *low,
        [0, high] => *high,
        _ => return None,
    };
    let port = || Some(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?).to_string());
    let mut address = Address { family: family.to_string(), address: None, port: None, path: None };
    match family {
        1 => {
            address.family = "local".to_owned();
            let path = bytes.get(2..)?;
            let (mark, path) = match path {
                [0, rest @ ..] if !rest.is_empty() => ("@", rest),
                path => ("", path),
            };
            let end = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
            address.path = Some(format!("{mark}{}", String::from_utf8_lossy(&path[..end])));
        }
        2 => {
            address.family = "inet".to_owned();
            let octets: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
            (address.address, address.port) = (Some(Ipv4Addr::from(octets).to_string()), port());
        }
        10 => {
            address.family = "inet6".to_owned();
            let octets: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
            (address.address, address.port) = (Some(Ipv6Addr::from(octets).to_string()), port());
        }
        16 => address.family = "netlink".to_owned(),
        _ => {}
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_common_families() {
        let address = decode(&[2, 0, 0, 53, 192, 0, 2, 30, 0, 0]).unwrap();
        assert_eq!((address.address.as_deref(), address.port.as_deref()), (Some("192.0.2.30"), Some("53")));
        let mut six = vec![10, 0, 1, 187, 0, 0, 0, 0];
        six.extend(Ipv6Addr::LOCALHOST.octets());
        assert_eq!(decode(&six).unwrap().address.as_deref(), Some("::1"));
        assert_eq!(decode(b"\x01\0/run/x\0\0").unwrap().path.as_deref(), Some("/run/x"));
        assert_eq!(decode(b"\x01\0\0abc").unwrap().path.as_deref(), Some("@abc"));
        assert_eq!(decode(b"\x02\0\0"), None);
        assert_eq!(decode(b""), None);
    }
}
