//! TLS of its own: TLS 1.2 and 1.3 by rustls, HTTP/2 and HTTP/1.1 by ALPN, certificate and key read
//! again while the server runs, so that a renewed certificate needs no restart.

use crate::settings::{Pem, TlsFiles};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio_rustls::TlsAcceptor;

/// The configuration in use, which may be replaced at any time.
pub struct Tls {
    files: TlsFiles,
    current: RwLock<(Pem, Arc<ServerConfig>)>,
}

const READ_AGAIN: Duration = Duration::from_secs(60);

impl Tls {
    /// # Errors
    /// Where the files cannot be read, or are no certificate and key that belong together.
    pub fn new(files: TlsFiles) -> io::Result<Arc<Tls>> {
        let pem = (files.read)()?;
        let config = config(&pem)?;
        Ok(Arc::new(Tls { files, current: RwLock::new((pem, config)) }))
    }

    /// For the next connection.
    pub fn acceptor(&self) -> TlsAcceptor {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(current.1.clone())
    }

    /// Reads the files again, once a minute and when told to; goes on with what it has where they
    /// cannot be used.
    pub async fn follow(self: Arc<Tls>) {
        let mut told = told();
        loop {
            tokio::select! {
                () = tokio::time::sleep(READ_AGAIN) => {}
                () = told.next() => {}
            }
            let tls = self.clone();
            let read = tokio::task::spawn_blocking(move || tls.read_again()).await;
            match read {
                Ok(Ok(false)) => {}
                Ok(Ok(true)) => tracing::info!("certificate and key were replaced"),
                Ok(Err(error)) => tracing::warn!(%error, "certificate or key cannot be used"),
                Err(error) => tracing::error!(%error, "reading the certificate failed"),
            }
        }
    }

    /// Whether there was anything new.
    fn read_again(&self) -> io::Result<bool> {
        let pem = (self.files.read)()?;
        if self.current.read().unwrap_or_else(PoisonError::into_inner).0 == pem {
            return Ok(false);
        }
        let config = config(&pem)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = (pem, config);
        Ok(true)
    }
}

/// The signal by which operators tell programs to read their files again.
struct Told {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
fn told() -> Told {
    use tokio::signal::unix::{SignalKind, signal};
    Told { signal: signal(SignalKind::hangup()).ok() }
}

#[cfg(not(unix))]
fn told() -> Told {
    Told {}
}

impl Told {
    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}

fn config(pem: &Pem) -> io::Result<Arc<ServerConfig>> {
    let certificates: Vec<CertificateDer<'static>> =
        rustls_pemfile::certs(&mut &*pem.certificates).collect::<io::Result<_>>()?;
    let key: Option<PrivateKeyDer<'static>> = rustls_pemfile::private_key(&mut &*pem.key)?;
    let wrong = |text: String| io::Error::new(io::ErrorKind::InvalidData, text);
    let key = key.ok_or_else(|| wrong("the key file holds no private key".into()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| wrong(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| wrong(error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
