//! What every request passes first and every answer last: the address is read strictly, the client
//! named and counted, a number given; on the way out the headers that protect browsers, the log
//! line, the figures.

use crate::app::App;
use crate::client::{self, Client, Peer};
use crate::language;
use crate::metrics::InFlight;
use crate::percent;
use crate::problem::{Problem, Result, Said};
use crate::respond::{self, Asked, Told};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use engine::refusal::Refusal;
use model::Language;
use std::sync::Arc;
use tokio::time::Instant;
use tracing::Instrument;

/// Around all routes.
pub async fn front(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let _counted = InFlight::new();
    let settings = &app.settings;
    let peer = request.extensions().get::<Peer>();
    let client = client::client(peer, request.headers(), &settings.trusted_proxies);
    let language = language::asked(request.headers());
    let asked = Asked { id: app.next_id(), client, language };
    let (method, path) = (request.method().clone(), request.uri().path().to_string());
    let span = tracing::info_span!("http", request = &*asked.id, method = method.as_str());
    let mut response = match admit(&app, &request, client) {
        Ok(()) => {
            request.extensions_mut().insert(asked.clone());
            next.run(request).instrument(span).await
        }
        Err(problem) => respond::problem(&problem, language.unwrap_or(Language::EN), &asked.id),
    };
    let told = response.extensions_mut().remove::<Told>().unwrap_or_default();
    let secure = client.https || (settings.is_https() && peer_is_proxy(&client));
    protect(response.headers_mut(), secure, &asked.id);
    let (route, took) = (told.route.unwrap_or("none"), start.elapsed());
    let status = response.status().as_u16();
    app.metrics.answered(name_of(&method), route, status, took);
    tracing::info!(
        target: "access",
        request = &*asked.id,
        method = name_of(&method),
        route,
        path = shortened(&path),
        status,
        micros = took.as_micros() as u64,
        code = told.code,
        login = told.login.as_deref(),
        address = %client.address,
    );
    response
}

/// Where the declared address is https, whatever came through a proxy did too.
fn peer_is_proxy(client: &Client) -> bool {
    !client.local
}

/// Refuses what no route should have to think about.
fn admit(app: &App, request: &Request, client: Client) -> Result<()> {
    let within = app.addresses.take(client.address, Instant::now());
    within.map_err(|retry_after_seconds| Refusal::TooMany { retry_after_seconds })?;
    demand_short(request.uri(), app.settings.limits.url_bytes)?;
    demand_few(request.headers(), app.settings.limits.header_bytes)?;
    percent::decode(request.uri().path(), false).map_err(|_| {
        Problem::malformed(
            "The path of the address is not percent-encoded UTF-8 without control characters.",
            "地址路径应为百分号编码的 UTF-8，且不含控制字符。",
        )
    })?;
    Ok(())
}

fn demand_short(uri: &Uri, most: usize) -> Result<()> {
    let length = uri.path_and_query().map_or(0, |both| both.as_str().len());
    if length <= most {
        return Ok(());
    }
    let said = Said::new(
        format!("The address has {length} bytes; at most {most} are allowed."),
        format!("地址有 {length} 字节，最多 {most} 字节。"),
    );
    Err(Box::new(Problem::new(StatusCode::URI_TOO_LONG, "url-too-long", said)))
}

fn demand_few(headers: &HeaderMap, most: usize) -> Result<()> {
    let bytes: usize = headers.iter().map(|(name, v)| name.as_str().len() + v.len()).sum();
    if bytes <= most {
        return Ok(());
    }
    let said = Said::new("The headers are too large.", "请求头过大。");
    let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    Err(Box::new(Problem::new(status, "headers-too-large", said)))
}

/// Headers of every answer; what a handler has set itself stays.
fn protect(headers: &mut HeaderMap, secure: bool, id: &str) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "accept-language, authorization"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
    headers.extend(
        HeaderValue::from_str(id).ok().map(|id| (HeaderName::from_static("x-request-id"), id)),
    );
}

/// A method as a label: those nobody should use are one.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        _ => "other",
    }
}

/// What stands before the text of a one-time link.
const LINK: &str = "/enter/";

/// A path as the log keeps it: not too long, and without what opens a door.
fn shortened(path: &str) -> &str {
    let path = path.find(LINK).and_then(|at| path.get(..at + LINK.len())).unwrap_or(path);
    path.char_indices().nth(200).and_then(|(end, _)| path.get(..end)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn no_link_is_logged() {
        assert_eq!(shortened("/enter/abcdef"), "/enter/");
        assert_eq!(shortened("/below/enter/abcdef"), "/below/enter/");
        assert_eq!(shortened("/incident/INC-000001"), "/incident/INC-000001");
    }
}
