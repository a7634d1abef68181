//! The server itself: a listening socket, a task for each connection, an orderly end. Connections
//! are bounded in number, and each in what it may send and how slowly.

use crate::app::App;
use crate::client::Peer;
use crate::router;
use crate::settings::Settings;
use crate::tls::Tls;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use engine::Engine;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

/// A server that listens and is ready to run.
pub struct Server {
    listener: TcpListener,
    app: Arc<App>,
    tls: Option<Arc<Tls>>,
}

/// Connections the system keeps waiting until they are taken.
const BACKLOG: u32 = 4096;

impl Server {
    /// Binds the address, and reads certificate and key.
    ///
    /// # Errors
    /// Where the address is taken, or the certificate cannot be used.
    pub fn bind(engine: Engine, settings: Settings) -> io::Result<Server> {
        let socket = match settings.listen {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(settings.listen)?;
        let listener = socket.listen(BACKLOG)?;
        let tls = settings.tls.clone().map(Tls::new).transpose()?;
        Ok(Server { listener, app: Arc::new(App::new(engine, settings)), tls })
    }

    /// Where it listens; the port that was found where 0 was asked for.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` is done; then takes no new connections, ends those that wait for
    /// changes, and waits for requests that run, for as long as the settings say.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Server { listener, app, tls } = self;
        let connections = Connections::new(app.clone(), tls.clone());
        let follow = tls.map(|tls| tokio::spawn(tls.follow()));
        let upkeep = tokio::spawn(upkeep(app.clone()));
        tokio::select! {
            () = connections.accept(&listener) => {}
            () = stop => {}
        }
        drop(listener);
        app.stopping.send_replace(true);
        let ended = async {
            connections.graceful.shutdown().await;
            app.calls.drain().await;
            app.transfers.drain().await;
        };
        if tokio::time::timeout(app.settings.limits.stop_time, ended).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
        upkeep.abort();
        follow.inspect(tokio::task::JoinHandle::abort);
    }
}

async fn upkeep(app: Arc<App>) {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        app.metrics.tidy();
    }
}

/// What each connection is served with.
struct Connections {
    app: Arc<App>,
    tls: Option<Arc<Tls>>,
    router: Router,
    builder: Builder<TokioExecutor>,
    graceful: GracefulShutdown,
    places: Arc<Semaphore>,
}

impl Connections {
    fn new(app: Arc<App>, tls: Option<Arc<Tls>>) -> Connections {
        Connections {
            places: Arc::new(Semaphore::new(app.settings.limits.connections)),
            router: router::of(app.clone()),
            builder: builder(&app.settings),
            graceful: GracefulShutdown::new(),
            app,
            tls,
        }
    }

    /// Takes connections for ever. Beyond their number new ones wait in the system's queue.
    async fn accept(&self, listener: &TcpListener) {
        loop {
            let Ok(place) = self.places.clone().acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, address)) => self.begin(stream, address, place),
                Err(error) => {
                    // Out of file descriptors, most likely: some will be given back.
                    tracing::warn!(%error, "a connection was not taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn begin(&self, stream: TcpStream, address: SocketAddr, place: OwnedSemaphorePermit) {
        // Answers are written whole; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let peer = Peer { address, tls: self.tls.is_some() };
        let service = self.router.clone().map_request(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            request
        });
        let one = One {
            builder: self.builder.clone(),
            service: TowerToHyperService::new(service),
            watcher: self.graceful.watcher(),
        };
        let tls = self.tls.as_ref().map(|tls| tls.acceptor());
        let patience = self.app.settings.limits.header_time;
        tokio::spawn(async move {
            match tls {
                None => one.serve(stream).await,
                Some(tls) => match tokio::time::timeout(patience, tls.accept(stream)).await {
                    Ok(Ok(stream)) => one.serve(stream).await,
                    Ok(Err(error)) => tracing::debug!(%error, %address, "no TLS"),
                    Err(_) => tracing::debug!(%address, "TLS took too long"),
                },
            }
            drop(place);
        });
    }
}

/// One connection about to be served.
struct One<S> {
    builder: Builder<TokioExecutor>,
    service: TowerToHyperService<S>,
    watcher: Watcher,
}

impl<S> One<S>
where
    S: tower::Service<Request<Incoming>, Response = axum::response::Response> + Clone,
    S: Send + 'static,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    S::Future: Send + 'static,
{
    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let connection = self.builder.serve_connection(TokioIo::new(stream), self.service);
        if let Err(error) = self.watcher.watch(connection.into_owned()).await {
            // Clients leave in the midst of things, and some send what is no HTTP.
            tracing::debug!(error = %error, "a connection ended");
        }
    }
}

fn builder(settings: &Settings) -> Builder<TokioExecutor> {
    let limits = &settings.limits;
    let header_bytes = u32::try_from(limits.header_bytes).unwrap_or(u32::MAX);
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_headers(limits.headers)
        // Room for the address and the headers, and for reading bodies in large pieces.
        .max_buf_size(limits.url_bytes + limits.header_bytes + 16 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(header_bytes)
        .max_concurrent_streams(128)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(15));
    builder
}
