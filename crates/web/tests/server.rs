//! The server on a real socket: connections, limits before any route, TLS, an orderly end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod world;

use rustls::pki_types::{CertificateDer, ServerName};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use web::{Pem, Server, Settings, TlsFiles};
use world::{World, unlimited};

/// A server that runs until it is told to stop.
struct Running {
    world: World,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

fn start(mut settings: Settings) -> Running {
    settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let world = World::with(settings.clone());
    let server = Server::bind(world.engine.clone(), settings).unwrap();
    let address = server.address().unwrap();
    let (stop, told) = oneshot::channel::<()>();
    let ended = tokio::spawn(server.run(async { drop(told.await) }));
    Running { world, address, stop, ended }
}

/// Sends bytes and reads until the server closes.
async fn send(address: SocketAddr, bytes: &[u8]) -> String {
    exchange(TcpStream::connect(address).await.unwrap(), bytes).await
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> String {
    // The server may close before it has read all.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(20), read).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn malformed_requests_are_refused_without_harm() {
    let running = start(unlimited());
    let many: String = (0..200).map(|number| format!("x-{number}: 1\r\n")).collect();
    let long = "a".repeat(200_000);
    let closing = "host: a\r\nconnection: close\r\n";
    let post = "POST /api/v1/x HTTP/1.1\r\nhost: a\r\n";
    let longer = "a".repeat(50_000);
    for (request, status) in [
        (format!("GET /health HTTP/1.1\r\n{closing}\r\n"), "200"),
        ("GET /health HTTP/1.0\r\n\r\n".into(), "200"),
        ("nonsense\r\n\r\n".into(), "400"),
        ("GET /health HTTP/1.1\r\nhost a\r\n\r\n".into(), "400"),
        (format!("GET /health HTTP/1.1\r\nhost: a\r\n{many}\r\n"), "431"),
        (format!("GET /health HTTP/1.1\r\nhost: a\r\nx: {long}\r\n\r\n"), "431"),
        (format!("GET /{long} HTTP/1.1\r\nhost: a\r\n\r\n"), "431"),
        (format!("GET /{longer} HTTP/1.1\r\n{closing}\r\n"), "414"),
        (format!("{post}content-length: 5\r\ncontent-length: 6\r\n\r\n"), "400"),
        (format!("{post}transfer-encoding: chunked\r\nconnection: close\r\n\r\nzz\r\n"), "401"),
        (format!("CONNECT a:1 HTTP/1.1\r\n{closing}\r\n"), "4"),
        (format!("OPTIONS * HTTP/1.1\r\n{closing}\r\n"), "4"),
    ] {
        let answer = send(running.address, request.as_bytes()).await;
        let first = answer.lines().next().unwrap_or("nothing").to_string();
        let fits = first.split(' ').nth(1).is_some_and(|code| code.starts_with(status));
        let shown: String = request.chars().take(60).collect();
        assert!(fits, "{shown:?}: {first}");
    }
    assert!(send(running.address, HEALTH).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn slow_clients_are_given_up() {
    let mut settings = unlimited();
    settings.limits.header_time = Duration::from_millis(300);
    settings.limits.request_time = Duration::from_millis(300);
    let running = start(settings);
    let slow = send(running.address, b"GET /health HTTP/1.1\r\nhost: a\r\n").await;
    assert!(slow.is_empty() || slow.starts_with("HTTP/1.1 408"), "{slow}");
    let head = format!(
        "POST /api/v1/purchase HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 50\r\n\r\n{{",
        running.world.anna
    );
    let slow = send(running.address, head.as_bytes()).await;
    assert!(slow.starts_with("HTTP/1.1 408"), "{slow}");
}

#[tokio::test]
async fn the_server_ends_in_order() {
    let running = start(unlimited());
    let waiting = format!(
        "GET /api/v1/changes?wait=25&after=ffff HTTP/1.1\r\nhost: a\r\n\
         authorization: Bearer {}\r\n\r\n",
        running.world.bo
    );
    let waiting = tokio::spawn(async move { send(running.address, waiting.as_bytes()).await });
    tokio::task::yield_now().await;
    assert!(send(running.address, HEALTH).await.contains("\"status\":\"ok\""));
    running.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), running.ended).await.unwrap().unwrap();
    let answer = waiting.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(TcpStream::connect(running.address).await.is_err());
}

const ONE: (&[u8], &[u8]) = (include_bytes!("tls/one.pem"), include_bytes!("tls/one.key.pem"));
const TWO: (&[u8], &[u8]) = (include_bytes!("tls/two.pem"), include_bytes!("tls/two.key.pem"));

fn pem((certificates, key): (&[u8], &[u8])) -> Pem {
    Pem { certificates: certificates.to_vec(), key: key.to_vec() }
}

async fn secure(address: SocketAddr, trusted: &[u8], protocol: &[u8]) -> std::io::Result<String> {
    let mut roots = rustls::RootCertStore::empty();
    let mut trusted = trusted;
    for certificate in rustls_pemfile::certs(&mut trusted) {
        let certificate: CertificateDer = certificate.unwrap();
        roots.add(certificate).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let stream = connector.connect(name, stream).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol));
    Ok(exchange(stream, if protocol == b"h2" { b"" } else { HEALTH }).await)
}

#[tokio::test]
async fn tls_is_spoken_and_certificates_are_replaced() {
    let current = Arc::new(Mutex::new(pem(ONE)));
    let read = current.clone();
    let mut settings = unlimited();
    settings.limits.header_time = Duration::from_millis(300);
    settings.tls = Some(TlsFiles { read: Arc::new(move || Ok(read.lock().unwrap().clone())) });
    let running = start(settings);
    let answer = secure(running.address, ONE.0, b"http/1.1").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let hsts = "strict-transport-security: max-age=31536000; includeSubDomains";
    assert!(answer.contains(hsts), "{answer}");
    assert!(secure(running.address, TWO.0, b"http/1.1").await.is_err());
    *current.lock().unwrap() = pem(TWO);
    hang_up();
    let mut tries = 0;
    while secure(running.address, TWO.0, b"http/1.1").await.is_err() {
        tries += 1;
        assert!(tries < 200, "the new certificate is not used");
        tokio::task::yield_now().await;
    }
    // A file that cannot be used leaves the last good one in place.
    *current.lock().unwrap() = Pem { certificates: b"nonsense".to_vec(), key: Vec::new() };
    hang_up();
    assert!(secure(running.address, TWO.0, b"http/1.1").await.is_ok());
}

/// What an operator does with `kill -HUP`.
fn hang_up() {
    let own = std::process::id().to_string();
    let sent = std::process::Command::new("kill").args(["-HUP", &own]).status().unwrap();
    assert!(sent.success());
}
