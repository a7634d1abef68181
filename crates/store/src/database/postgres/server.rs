//! The server a URL names, and how connections to it are made: time limits, TLS, settings.
//!
//! TLS: `sslmode=disable`, or `require`, `verify-ca`, `verify-full`, which here mean the same: the
//! certificate must be that of the host, signed by one of `sslrootcert` (a PEM file; the system's
//! where it is not given). Encryption to nobody in particular is not offered. Without `sslmode`
//! there is no TLS.

use super::connection::Connection;
use super::errors::{Trouble, describe, trouble};
use crate::database::failure::Failure;
use crate::database::options::Options;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A server that does not answer in this time is down.
const CONNECT: Duration = Duration::from_secs(3);
/// Where systems keep the certificates they trust.
const SYSTEM_ROOTS: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Write,
    /// Work without a limit of time.
    Long,
}

pub(crate) struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    read_limit: Duration,
    write_limit: Duration,
}

impl Server {
    pub(crate) fn new(url: &str, options: &Options) -> Result<Server, Failure> {
        let (url, mode, roots) = without_tls_parameters(url);
        let wrong = |why: String| Failure::Fault(format!("the URL of the database: {why}"));
        let mut config: Config = url.parse().map_err(|error| wrong(describe(&error)))?;
        let tls = match mode.as_deref() {
            None | Some("disable") => None,
            Some("require" | "verify-ca" | "verify-full") => Some(tls(roots.as_deref())?),
            Some(other) => return Err(wrong(format!("sslmode={other} is not known"))),
        };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        config
            .connect_timeout(CONNECT)
            .tcp_user_timeout(Duration::from_secs(20))
            .keepalives_idle(Duration::from_secs(20))
            .keepalives_interval(Duration::from_secs(5));
        if config.get_application_name().is_none() {
            config.application_name("evenkeel");
        }
        let (read_limit, write_limit) = (options.limit.time, options.end_within);
        Ok(Server { config, tls, read_limit, write_limit })
    }

    /// A new connection, ready for its purpose.
    pub(super) async fn connect(&self, purpose: Purpose) -> Result<Connection, Failure> {
        let connected = tokio::time::timeout(CONNECT + CONNECT, self.try_connect(purpose)).await;
        connected.map_err(|_| Failure::Unavailable("no answer from the server".into()))?
    }

    async fn try_connect(&self, purpose: Purpose) -> Result<Connection, Failure> {
        let connection = match &self.tls {
            Some(tls) => {
                let (client, line) = self.config.connect(tls.clone()).await.map_err(unreachable)?;
                Connection::over(client, line)
            }
            None => {
                let (client, line) = self.config.connect(NoTls).await.map_err(unreachable)?;
                Connection::over(client, line)
            }
        };
        let settings = self.settings(purpose);
        connection.client.batch_execute(&settings).await.map_err(unreachable)?;
        Ok(connection)
    }

    /// Asks the server to stop what the connection is at, and does not wait for an answer.
    pub(super) fn cancel(&self, connection: &Connection) {
        let token = connection.client.cancel_token();
        let tls = self.tls.clone();
        tokio::spawn(async move {
            let asked = async {
                match tls {
                    Some(tls) => token.cancel_query(tls).await,
                    None => token.cancel_query(NoTls).await,
                }
            };
            let _ = tokio::time::timeout(CONNECT, asked).await;
        });
    }

    /// A commit that was told as done must be on disk, whatever the server's default is.
    fn settings(&self, purpose: Purpose) -> String {
        let (statement, lock) = match purpose {
            Purpose::Read => (self.read_limit.as_millis(), 5_000),
            // Units in a group hold their locks for each other's time, and may cross with another
            // group: not worth waiting for, alone they get through. One alone says that it waits.
            Purpose::Write => (self.write_limit.as_millis(), 100),
            Purpose::Long => (0, 0),
        };
        format!(
            "SET statement_timeout = {statement}; SET lock_timeout = {lock}; \
             SET idle_in_transaction_session_timeout = 120000; SET jit = off; \
             SET timezone = 'UTC'; SET standard_conforming_strings = on; \
             SELECT set_config('synchronous_commit', 'on', false) \
             WHERE current_setting('synchronous_commit') = 'off'"
        )
    }
}

fn unreachable(error: tokio_postgres::Error) -> Failure {
    match trouble(&error) {
        Trouble::Failed(failure) if error.as_db_error().is_some() => failure,
        _ => Failure::Unavailable(describe(&error)),
    }
}

/// The URL without the parameters that the driver does not know, and those.
fn without_tls_parameters(url: &str) -> (String, Option<String>, Option<String>) {
    let Some((base, query)) = url.split_once('?') else { return (url.into(), None, None) };
    let (mut mode, mut roots, mut kept) = (None, None, Vec::new());
    for parameter in query.split('&') {
        match parameter.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value.to_string()),
            Some(("sslrootcert", value)) => roots = Some(value.replace("%2F", "/")),
            _ => kept.push(parameter),
        }
    }
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    (format!("{base}{query}"), mode, roots)
}

fn tls(roots: Option<&str>) -> Result<MakeRustlsConnect, Failure> {
    let wrong = |why: String| Failure::Fault(format!("TLS to the database: {why}"));
    let system = SYSTEM_ROOTS.into_iter().find(|path| Path::new(path).exists());
    let path = roots.or(system).ok_or_else(|| wrong("sslrootcert is needed".into()))?;
    let mut trusted = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(path)
        .map_err(|error| wrong(format!("{path}: {error}")))?
        .filter_map(Result::ok);
    if trusted.add_parsable_certificates(certificates).0 == 0 {
        return Err(wrong(format!("{path} holds no certificate")));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::without_tls_parameters;

    #[test]
    fn tls_parameters_are_taken_out() {
        let url = "postgresql://a@b/c?sslmode=verify-full&application_name=x&sslrootcert=/r.pem";
        let (rest, mode, roots) = without_tls_parameters(url);
        assert_eq!(rest, "postgresql://a@b/c?application_name=x");
        assert_eq!((mode.as_deref(), roots.as_deref()), (Some("verify-full"), Some("/r.pem")));
    }
}
