//! The program's server without a socket: requests by somebody's token, answers with their body.

use super::World;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use engine::access::NewToken;
use engine::{Engine, Session};
use serde_json::Value as Json;
use tower::ServiceExt;

pub struct Server {
    runtime: tokio::runtime::Runtime,
    router: Router,
    engine: Engine,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Server {
    pub fn of(world: &World) -> Server {
        let mut settings = web::Settings::default();
        settings.limits.rate_limit = 0;
        settings.limits.address_rate_limit = 0;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let router = {
            let _within = runtime.enter();
            web::router(world.engine.clone(), settings)
        };
        Server { runtime, router, engine: world.engine.clone() }
    }

    /// A token of whoever has this session, for all that they may do.
    pub fn token(&self, session: &Session) -> String {
        let account = session.actor().account.unwrap();
        let new = NewToken { account, name: "test", scopes: &[], expires_at: None };
        self.engine.create_token(&new).unwrap()
    }

    pub fn get(&self, token: &str, address: &str) -> Answer {
        self.ask(token, "GET", address, None)
    }

    pub fn ask(&self, token: &str, method: &str, address: &str, body: Option<&Json>) -> Answer {
        let request = Request::builder().method(method).uri(address);
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = match body {
            Some(json) => {
                let request = request.header("content-type", "application/json");
                request.body(Body::from(json.to_string()))
            }
            None => request.body(Body::empty()),
        };
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.into() }
        })
    }
}

impl Answer {
    /// Headers and body: a name of a file stands in a header.
    pub fn text(&self) -> String {
        format!("{:?}\n{}", self.headers, String::from_utf8_lossy(&self.body))
    }
}

/// A text as it may stand in an address, whatever it holds.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
