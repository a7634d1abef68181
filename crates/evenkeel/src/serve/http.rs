//! HTTP by `web`: its settings out of ours, the runtime it runs on, and its end.

use super::{memory, signals};
use crate::failure::{Failure, Result};
use crate::folder;
use crate::host::Host;
use crate::product::VERSION;
use crate::settings::Settings;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use web::{Limits, Network, Pem, Server, TlsFiles};

/// A server that has its address and is not yet answering.
pub struct Bound {
    server: Server,
    address: SocketAddr,
    base_url: Option<String>,
    https: bool,
}

/// Threads that wait for connections; what works is the engine, on threads of its own.
const WAITING_THREADS: usize = 2;

/// The runtime: few threads that wait, and as many that work as the settings allow.
///
/// # Errors
/// A fault where the system gives no threads.
pub fn runtime(settings: &Settings) -> Result<Runtime> {
    let limits = limits(settings);
    let blocking = limits.workers + limits.transfers + limits.watchers + 8;
    let built = Builder::new_multi_thread()
        .worker_threads(WAITING_THREADS)
        .max_blocking_threads(blocking)
        .thread_name("web")
        .enable_all()
        .build();
    built.map_err(|error| Failure::outside("the runtime", error))
}

/// Takes the address, and reads certificate and key.
///
/// # Errors
/// Refused where the address is taken or the certificate cannot be used.
pub fn bind(host: &Arc<Host>, runtime: &Runtime) -> Result<Bound> {
    let settings = of(&host.settings)?;
    let (listen, base_url, https) =
        (settings.listen, settings.base_url.clone(), settings.tls.is_some());
    let _inside = runtime.enter();
    let server = Server::bind(host.engine.clone(), settings);
    let server = server.map_err(|error| taken(listen, &error))?;
    let address = server.address().unwrap_or(listen);
    Ok(Bound { server, address, base_url, https })
}

fn of(settings: &Settings) -> Result<web::Settings> {
    let proxies = settings.list("trusted_proxies").into_iter();
    let proxies = proxies.map(|text| Network::parse(text).ok_or_else(|| no_network(text)));
    Ok(web::Settings {
        listen: settings.address("listen"),
        base_url: settings.some("base_url").map(str::to_string),
        trusted_proxies: proxies.collect::<Result<_>>()?,
        tls: tls(settings)?,
        version: VERSION,
        limits: limits(settings),
        resident_bytes: Some(memory::resident_bytes),
    })
}

fn limits(settings: &Settings) -> Limits {
    let small = |name: &str| u32::try_from(settings.number(name)).unwrap_or(u32::MAX);
    Limits {
        json_bytes: settings.size("limits.json_kib") * 1024,
        attachment_bytes: settings.number("limits.attachment_mib") << 20,
        connections: settings.size("limits.connections"),
        workers: settings.size("limits.workers"),
        request_time: settings.duration("limits.request_time"),
        stop_time: settings.duration("limits.stop_time"),
        rate_limit: small("limits.rate"),
        address_rate_limit: small("limits.address_rate"),
        ..Limits::default()
    }
}

fn tls(settings: &Settings) -> Result<Option<TlsFiles>> {
    match (settings.path("tls.certificate"), settings.path("tls.key")) {
        (Some(certificate), Some(key)) => {
            let read = move || read_pem(&certificate, &key);
            Ok(Some(TlsFiles { read: Arc::new(read) }))
        }
        (None, None) => Ok(None),
        _ => Err(Failure::refused(
            "bad-setting",
            "TLS takes both \"tls.certificate\" and \"tls.key\".",
            "TLS 需要同时设置“tls.certificate”和“tls.key”。",
        )),
    }
}

fn read_pem(certificate: &Path, key: &Path) -> std::io::Result<Pem> {
    Ok(Pem { certificates: folder::bytes(certificate)?, key: folder::bytes(key)? })
}

fn no_network(text: &str) -> Failure {
    Failure::refused(
        "bad-setting",
        format!("\"{text}\" in \"trusted_proxies\" is no network; write 10.0.0.0/8 or ::1."),
        format!("“trusted_proxies”中的“{text}”不是网段，应形如 10.0.0.0/8 或 ::1。"),
    )
}

fn taken(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::refused(
        "address",
        format!("The server cannot listen on {address}: {error}. Choose another with --listen."),
        format!("服务器无法监听 {address}：{error}。请用 --listen 另选地址。"),
    )
}

impl Bound {
    /// The address as people open it.
    pub fn url(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        let own = || format!("{scheme}://{}", self.address);
        self.base_url.clone().unwrap_or_else(own)
    }
}

/// Hears from now on that the process is to end.
///
/// # Errors
/// A fault where the system does not tell signals.
pub fn ends(runtime: &Runtime) -> Result<signals::Ends> {
    let failed = |error: std::io::Error| Failure::outside("signals", error);
    let _inside = runtime.enter();
    tokio::spawn(signals::outlive_terminals().map_err(failed)?);
    signals::Ends::new().map_err(failed)
}

/// Serves until told to stop, and waits for requests that run.
pub fn serve(server: Bound, ends: signals::Ends, runtime: Runtime) {
    runtime.block_on(server.server.run(ends.first()));
    // What still runs has had its time.
    runtime.shutdown_timeout(Duration::from_secs(1));
}
