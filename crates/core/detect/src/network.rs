//! Networks in CIDR notation.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// A network in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    bits: u128,
    mask: u128,
    is_v4: bool,
}

impl Network {
    /// Reads `address/length`; a bare address is a network of one. Host bits are ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let (bits, is_v4) = address_bits(address)?;
        let width = if is_v4 { 32 } else { 128 };
        let length = length.unwrap_or(width);
        if length > width {
            return None;
        }
        let mask = if length == 0 { 0 } else { u128::MAX << (width - length) };
        let mask = if is_v4 { mask & 0xffff_ffff } else { mask };
        Some(Self { bits: bits & mask, mask, is_v4 })
    }

    /// Whether the text is an address of this network. IPv4 networks hold no mapped IPv6
    /// addresses: `::ffff:192.0.2.1` is asked for as `::ffff:192.0.2.0/120`.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        address_bits(text.trim())
            .is_some_and(|(bits, is_v4)| is_v4 == self.is_v4 && bits & self.mask == self.bits)
    }
}

fn address_bits(text: &str) -> Option<(u128, bool)> {
    let text = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text);
    let text = text.split_once('%').map_or(text, |(address, _scope)| address);
    match text.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => Some((u128::from(u32::from(address)), true)),
        IpAddr::V6(address) => Some((u128::from(address), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_their_addresses() {
        for (network, address, expected) in [
            ("192.0.2.0/24", "192.0.2.255", true),
            ("192.0.2.0/24", "192.0.3.0", false),
            ("192.0.2.77/24", "192.0.2.1", true),
            ("0.0.0.0/0", "203.0.113.77", true),
            ("0.0.0.0/0", "::1", false),
            ("2001:db8::/32", "2001:DB8:0:1::7", true),
            ("fe80::/10", "fe80::1%eth0", true),
            ("::ffff:198.51.100.0/120", "::ffff:c633:6407", true),
            ("198.51.100.0/24", "::ffff:198.51.100.7", false),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.0/24", "host", false),
        ] {
            assert_eq!(Network::parse(network).unwrap().contains(address), expected, "{network} {address}");
        }
        assert_eq!(Network::parse("192.0.2.0/33"), None);
        assert_eq!(Network::parse("lan/8"), None);
    }
}
