//! TLS of the running program, and a certificate that is renewed without a restart.

use super::program::{Place, Server};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

const ONE: [&str; 2] = [
    include_str!("../../../../web/tests/tls/one.pem"),
    include_str!("../../../../web/tests/tls/one.key.pem"),
];
const TWO: [&str; 2] = [
    include_str!("../../../../web/tests/tls/two.pem"),
    include_str!("../../../../web/tests/tls/two.key.pem"),
];

/// The status of `/health`, for somebody who trusts this certificate alone.
fn health(server: &Server, trusted: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.unwrap().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(&server.address)?);
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_string())
}

fn put(place: &Place, files: [&str; 2]) {
    // The key first: a certificate without its key is not taken.
    place.write("data/tls.key", files[1]);
    place.write("data/tls.pem", files[0]);
}

#[test]
fn a_renewed_certificate_is_taken_on_a_hangup() {
    let place = Place::new();
    put(&place, ONE);
    place.write("data/evenkeel.toml", "[tls]\ncertificate = 'tls.pem'\nkey = 'tls.key'\n");
    let server = place.serve(&[]);
    assert!(server.said.contains("https://"), "{}", server.said);
    assert_eq!(health(&server, ONE[0]).unwrap(), "HTTP/1.1 200 OK");
    assert!(health(&server, TWO[0]).is_err(), "it is another's");
    put(&place, TWO);
    server.signal("-HUP");
    let renewed = (0..10_000).any(|_| health(&server, TWO[0]).is_ok());
    assert!(renewed && health(&server, ONE[0]).is_err());
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "a hangup does not end it: {log}");
}
