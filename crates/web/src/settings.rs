//! What the operator decides about the server, with values that suit most. Read from a file, the
//! environment and the command line by the binary; nothing is read here.

use crate::client::Network;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Everything about the server that may differ from house to house.
#[derive(Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    /// The address people and programs use, e.g. `https://service.example.org`; its path, if it
    /// has one, stands before `/api`. What a client's `Host` says is never believed.
    pub base_url: Option<String>,
    /// The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<Network>,
    /// TLS of its own; plain HTTP where not given.
    pub tls: Option<TlsFiles>,
    /// The program's version, as `/health` tells it.
    pub version: &'static str,
    pub limits: Limits,
    /// Bytes of memory the process holds, where the platform tells.
    pub resident_bytes: Option<fn() -> Option<u64>>,
}

/// Bounds on what one client, and all together, may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a JSON body.
    pub json_bytes: usize,
    /// Bytes of one attachment.
    pub attachment_bytes: u64,
    /// Nesting of a JSON body.
    pub json_depth: usize,
    /// Bytes of path and query together.
    pub url_bytes: usize,
    /// Bytes of all headers together.
    pub header_bytes: usize,
    pub headers: usize,
    pub connections: usize,
    /// How long a client may take to send its headers.
    pub header_time: Duration,
    /// How long a client may take to send a JSON body, and how long an answer may take.
    pub request_time: Duration,
    /// How long a client may take for a file, in either direction.
    pub transfer_time: Duration,
    /// How long running requests are waited for when the server stops.
    pub stop_time: Duration,
    /// Calls of the engine at the same time.
    pub workers: usize,
    /// Requests that wait for a worker; more are turned away.
    pub waiting: usize,
    /// Exports, uploads and downloads at the same time.
    pub transfers: usize,
    /// Clients that wait for changes at the same time.
    pub watchers: usize,
    /// Streams of events at the same time.
    pub streams: usize,
    /// Streams of events of one account: one for each browser.
    pub account_streams: usize,
    /// Requests a second of one account, in the long run; 0 = no limit.
    pub rate_limit: u32,
    /// Requests a second of one address, in the long run; 0 = no limit.
    pub address_rate_limit: u32,
    /// Records of one bulk request.
    pub bulk: usize,
}

/// Where certificate and key come from.
#[derive(Clone)]
pub struct TlsFiles {
    /// Reads them, as PEM. Called at the start, once a minute, and when the process is told to
    /// read its files again (SIGHUP); what is new is used for new connections.
    pub read: Arc<dyn Fn() -> std::io::Result<Pem> + Send + Sync>,
}

/// The texts of two PEM files.
#[derive(Clone, PartialEq, Eq)]
pub struct Pem {
    pub certificates: Vec<u8>,
    pub key: Vec<u8>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 8020)),
            base_url: None,
            trusted_proxies: Vec::new(),
            tls: None,
            version: env!("CARGO_PKG_VERSION"),
            limits: Limits::default(),
            resident_bytes: None,
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        const MIB: usize = 1 << 20;
        Limits {
            json_bytes: MIB,
            attachment_bytes: 25 * MIB as u64,
            json_depth: 64,
            // A filter of 8,192 bytes in Chinese, percent-encoded, and room for the rest.
            url_bytes: 32 * 1024,
            header_bytes: 64 * 1024,
            headers: 64,
            connections: 4096,
            header_time: Duration::from_secs(15),
            request_time: Duration::from_secs(30),
            transfer_time: Duration::from_secs(600),
            stop_time: Duration::from_secs(30),
            // Writers wait for the disk together, so there are more workers than processors.
            workers: 96,
            waiting: 1024,
            transfers: 8,
            watchers: 64,
            streams: 2048,
            account_streams: 12,
            rate_limit: 1000,
            address_rate_limit: 2000,
            bulk: 1000,
        }
    }
}

impl Settings {
    /// What stands before `/api` in an address: the declared base without its last slash, or
    /// nothing, which makes addresses relative to the server.
    pub fn base(&self) -> &str {
        self.base_url.as_deref().unwrap_or("").trim_end_matches('/')
    }

    /// Whether people reach the server by HTTPS as far as is declared.
    pub fn is_https(&self) -> bool {
        self.tls.is_some() || self.base().starts_with("https://")
    }
}
