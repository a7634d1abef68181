//! A small world for the tests of the server: a database of its own, four people with tokens, and a
//! client that needs no socket.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use engine::access::NewToken;
use engine::definitions::{self, Keeper, Product, Quiet};
use engine::sealer::Sealer;
use engine::{Command, Engine, Order, Session, Written};
use ledger::Signer;
use model::Name;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use tower::ServiceExt;
use web::Settings;

const FILES: &[(&str, &str)] = &[
    ("roles.toml", include_str!("../model/roles.toml")),
    ("office/engine.toml", include_str!("../model/engine.toml")),
    ("office/person.toml", include_str!("../model/person.toml")),
    ("office/account.toml", include_str!("../model/account.toml")),
    ("office/purchase.toml", include_str!("../model/purchase.toml")),
];

/// A clock that moves a millisecond at each look, and chance that repeats.
struct Still {
    now: AtomicI64,
    chance: AtomicU64,
}

impl engine::World for Still {
    fn now(&self) -> i64 {
        self.now.fetch_add(1000, Ordering::Relaxed)
    }

    fn random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let last = self.chance.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            *byte = (last >> 56) as u8 ^ (last >> 24) as u8;
        }
    }
}

/// Keeps definitions without a folder; counts the backups that were asked for.
#[derive(Default)]
pub struct House {
    requirements: BTreeSet<String>,
    pub keeps_files: AtomicBool,
    pub backups: AtomicU64,
}

impl Keeper for House {
    fn product(&self) -> Product<'_> {
        Product { files: FILES, requirements: &self.requirements, rules: &[] }
    }

    fn keeps_files(&self) -> bool {
        self.keeps_files.load(Ordering::Relaxed)
    }

    fn before(&self, _plan: &store::sync::Plan) -> engine::Result<()> {
        self.backups.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// 2026-03-01T09:00:00Z.
const START: i64 = 1_772_355_600_000_000;

pub struct World {
    still: Arc<Still>,
    pub engine: Engine,
    pub house: Arc<House>,
    pub router: Router,
    /// Of the clerk Anna, in English.
    pub anna: String,
    /// Of the manager Bo, in Chinese.
    pub bo: String,
    /// Of the clerk Carl.
    pub carl: String,
    /// Of the administrator Dora.
    pub dora: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl World {
    pub fn new() -> World {
        World::with(unlimited())
    }

    pub fn with(settings: Settings) -> World {
        World::over(store::testing::sqlite().database, settings)
    }

    pub fn over(database: store::Database, settings: Settings) -> World {
        let World { still, engine, house, .. } = World::empty(database, settings.clone());
        let person = |name, language, role| account(&engine, name, language, role);
        World {
            anna: person("Anna", "en", "clerk"),
            bo: person("Bo", "zh", "manager"),
            carl: person("Carl", "en", "clerk"),
            dora: person("Dora", "en", "administrator"),
            router: web::router(engine.clone(), settings),
            engine,
            house,
            still,
        }
    }

    /// A new house: nobody has an account.
    pub fn empty(database: store::Database, settings: Settings) -> World {
        let requirements = BTreeSet::from(["8.2.4-1".to_string()]);
        let product = Product { files: FILES, requirements: &requirements, rules: &[] };
        let still = Still { now: AtomicI64::new(START), chance: AtomicU64::new(1) };
        let still = Arc::new(still);
        let opened = definitions::open(database, still.clone(), &product, None, &mut Quiet);
        let engine = match opened {
            Ok(engine) => engine,
            Err(definitions::Unfit::Problems(problems)) => panic!("{problems}"),
            Err(other) => panic!("{other:?}"),
        };
        engine.seal_secrets_with([7; 32]);
        engine.verify_ledger_with(signer().verifying_key().clone());
        let house = Arc::new(House { requirements: requirements.clone(), ..House::default() });
        engine.keep_definitions_with(house.clone());
        let [anna, bo, carl, dora] = std::array::from_fn(|_| String::new());
        let router = web::router(engine.clone(), settings);
        World { still, engine, house, router, anna, bo, carl, dora }
    }

    /// Lets time pass, in seconds.
    pub fn pass(&self, seconds: i64) {
        self.still.now.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    pub fn now(&self) -> i64 {
        self.still.now.load(Ordering::Relaxed)
    }

    /// Sends a request and waits for the whole answer.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.call(token, "GET", path, Json::Null).await
    }

    /// A request with a JSON body; `null` for none.
    pub async fn call(&self, token: &str, method: &str, path: &str, body: Json) -> Answer {
        self.call_with(token, method, path, body, &[]).await
    }

    pub async fn call_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Json,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Json::Null => request.body(Body::empty()),
            body => request
                .header("content-type", "application/json")
                .body(Body::from(body.to_string())),
        };
        self.send(request.unwrap()).await
    }

    /// A purchase of Anna's; its number.
    pub async fn purchase(&self, summary: &str) -> String {
        let body = json!({ "summary": summary });
        let made = self.call(&self.anna, "POST", "/api/v1/purchase", body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["number"].as_str().unwrap().to_string()
    }

    /// Signs a checkpoint over what has its position.
    pub fn sign(&self) {
        engine::sealer::checkpoint(&self.engine, ORIGIN, &signer()).unwrap().unwrap();
    }

    /// Gives all entries of history their positions, which the feed follows.
    pub fn seal(&self) {
        Sealer::new(&self.engine, "test").round().unwrap();
    }
}

/// The name of the ledger.
const ORIGIN: &str = "house.example/ledger";

/// The key that signs its checkpoints.
fn signer() -> Signer {
    Signer::new(ORIGIN, &[9; 32]).unwrap()
}

/// No limits of rate: tests ask fast.
pub fn unlimited() -> Settings {
    let mut settings = Settings::default();
    settings.limits.rate_limit = 0;
    settings.limits.address_rate_limit = 0;
    settings
}

/// A person with an account that holds one role; a token of it.
pub fn account(engine: &Engine, name: &str, language: &str, role: &str) -> String {
    let person = make(engine, "person", &json!({ "name": name, "language": language }));
    let login = name.to_lowercase();
    let body = json!({ "login": login, "person": person.id, "roles": [role] });
    let account = make(engine, "account", &body).key;
    let token = NewToken { account, name: "test", scopes: &[], expires_at: None };
    engine.create_token(&token).unwrap()
}

pub fn make(engine: &Engine, record_type: &str, body: &Json) -> Written {
    let session = Session::system(engine);
    let input = session.input(record_type, body.as_object().unwrap()).unwrap();
    let order = Order {
        record_type: Name::new(record_type).unwrap(),
        key: None,
        command: Command::Create { values: input.values, links: input.links },
        base: None,
        idempotency: None,
    };
    session.perform(&order).unwrap()
}
