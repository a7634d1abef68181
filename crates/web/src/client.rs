//! Who is at the other end of a connection, and through which hops. Headers that proxies set are
//! read only where the proxy is one of those declared.

use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The two ends of a connection, put into each of its requests.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    pub address: SocketAddr,
    /// Whether the connection itself is encrypted.
    pub tls: bool,
}

/// Who asked, as far as can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    pub address: IpAddr,
    pub https: bool,
    /// On the same machine, with no proxy between.
    pub local: bool,
}

/// A range of addresses, as in `10.0.0.0/8` or `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// | text | network |
    /// | --- | --- |
    /// | `10.1.0.0/16`, `127.0.0.1`, `fd00::/8` | itself |
    /// | `10.0.0.0/33`, `proxy.example.org` | none |
    pub fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address.parse().ok()?, prefix.parse().ok()?),
            None => {
                let address: IpAddr = text.parse().ok()?;
                (address, bits(&address))
            }
        };
        (prefix <= bits(&address)).then_some(Network { address, prefix })
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let address = plain(address);
        if address.is_ipv4() != self.address.is_ipv4() {
            return false;
        }
        let host_bits = bits(&address) - self.prefix;
        let number = |address: IpAddr| match address {
            IpAddr::V4(v4) => u128::from(u32::from(v4)),
            IpAddr::V6(v6) => u128::from(v6),
        };
        number(address).checked_shr(host_bits) == number(self.address).checked_shr(host_bits)
    }
}

fn bits(address: &IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// An IPv4 address that came in as an IPv6 one is the IPv4 one.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// The client of a request. Of several forwarded addresses the last one that is no trusted proxy
/// counts: those before it were written by whoever sent the request.
pub fn client(peer: Option<&Peer>, headers: &HeaderMap, trusted: &[Network]) -> Client {
    let Some(peer) = peer else {
        // No connection: a call within the process.
        return Client { address: IpAddr::V6(Ipv6Addr::LOCALHOST), https: false, local: true };
    };
    let near = plain(peer.address.ip());
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(near) {
        return Client { address: near, https: peer.tls, local: near.is_loopback() };
    }
    let hops = forwarded(headers, "x-forwarded-for");
    let far = hops.iter().rev().filter_map(|hop| address(hop)).find(|hop| !is_trusted(*hop));
    let proto = forwarded(headers, "x-forwarded-proto");
    let https = proto.last().map_or(peer.tls, |proto| proto.eq_ignore_ascii_case("https"));
    let local = near.is_loopback() && hops.is_empty();
    Client { address: far.unwrap_or(near), https, local }
}

fn forwarded(headers: &HeaderMap, name: &str) -> Vec<String> {
    let all = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(',')).map(|part| part.trim().to_string()).collect()
}

/// An address with or without a port and brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_matches(|c| c == '[' || c == ']');
    let parsed = bare.parse().ok();
    parsed.or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip())).map(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_hold_their_addresses() {
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.200.1.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("::/0", "fd00::1", true),
            ("fd00::/8", "fe80::1", false),
        ] {
            let parsed = Network::parse(network).unwrap();
            assert_eq!(parsed.contains(address.parse().unwrap()), inside, "{network} {address}");
        }
        for bad in ["10.0.0.0/33", "proxy.example.org", "", "/8"] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn forwarded_addresses_are_believed_only_from_trusted_hops() {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        for (peer, header, client_address) in [
            ("9.9.9.9:1", "1.2.3.4", "9.9.9.9"),
            ("10.0.0.1:1", "1.2.3.4", "1.2.3.4"),
            ("10.0.0.1:1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
            ("10.0.0.1:1", "nonsense", "10.0.0.1"),
            ("10.0.0.1:1", "[2001:db8::1]:443", "2001:db8::1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", header.parse().unwrap());
            let peer = Peer { address: peer.parse().unwrap(), tls: false };
            let found = client(Some(&peer), &headers, &trusted);
            assert_eq!(found.address.to_string(), client_address, "{header}");
        }
    }
}
