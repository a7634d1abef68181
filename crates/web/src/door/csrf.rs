//! That a request which writes was made by a page of ours, and not by another site in the same
//! browser: the browser says where it comes from, and the page carries a token that only it knows.

use crate::problem::{Problem, Result, Said};
use axum::http::{HeaderMap, StatusCode, header};
use sha2::{Digest, Sha256};

/// The field of a form, and the header of a script, that carry the token.
pub const FIELD: &str = "csrf";
pub const HEADER: &str = "x-csrf";

/// The token of a session: known to whoever can read its pages.
pub fn token(session: &str) -> String {
    let digest = Sha256::new().chain_update(b"csrf\n").chain_update(session).finalize();
    hex::encode(&digest[..16])
}

/// Refuses what another site has sent. Browsers say where a request comes from in
/// `Sec-Fetch-Site`, older ones in `Origin`; one that says neither is no browser of a person.
///
/// # Errors
/// `foreign-site`.
pub fn demand_own_site(headers: &HeaderMap) -> Result<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let own = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let host = text(header::HOST.as_str()).unwrap_or("");
            origin.split_once("://").is_some_and(|(_, rest)| rest == host)
        }
        (None, None) => false,
    };
    if own { Ok(()) } else { Err(foreign()) }
}

/// Refuses a request whose token is not that of its session.
///
/// # Errors
/// `foreign-site`.
pub fn demand_token(session: &str, given: Option<&str>) -> Result<()> {
    // Compared as digests: how long it takes tells nothing of where they part.
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    match given.is_some_and(|given| digest(given) == digest(&token(session))) {
        true => Ok(()),
        false => Err(foreign()),
    }
}

fn foreign() -> Box<Problem> {
    let said = Said::new(
        "This was not sent from a page of this system, or the page is old. Load it again.",
        "此请求并非来自本系统页面，或页面已过期，请重新加载页面。",
    );
    Box::new(Problem::new(StatusCode::FORBIDDEN, "foreign-site", said))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        demand_own_site(&headers).is_ok()
    }

    #[test]
    fn another_site_is_refused() {
        for (pairs, is_own) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://a.example"), ("host", "a.example")], true),
            (&[("origin", "https://b.example"), ("host", "a.example")], false),
            (&[("origin", "null"), ("host", "a.example")], false),
            (&[], false),
        ] {
            assert_eq!(own(pairs), is_own, "{pairs:?}");
        }
        assert!(demand_token("es_a", Some(&token("es_a"))).is_ok());
        assert!(demand_token("es_a", Some(&token("es_b"))).is_err());
        assert!(demand_token("es_a", None).is_err());
    }
}
