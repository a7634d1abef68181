//! A browser without a screen: it keeps cookies, follows no redirect, and sends forms as a page of
//! the server would.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::Request;
use ring::hmac;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;

pub struct Browser<'w> {
    world: &'w World,
    cookies: RefCell<BTreeMap<String, String>>,
    /// Headers sent with each request beside those of a browser.
    pub more: Vec<(&'static str, &'static str)>,
}

impl<'w> Browser<'w> {
    pub fn new(world: &'w World) -> Browser<'w> {
        Browser { world, cookies: RefCell::default(), more: vec![("host", "localhost:8020")] }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, String::new()).await
    }

    /// Sends a form with the token of the session.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.csrf();
        self.send_form(path, &[&[("csrf", &*token)], fields].concat()).await
    }

    /// Sends a form as it is.
    pub async fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        self.send("POST", path, pairs.collect::<Vec<_>>().join("&")).await
    }

    /// Signs in; panics where that does not lead in at once.
    pub async fn enter(&self, login: &str, password: &str) {
        let answer = self.log_in(login, password).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
    }

    pub async fn log_in(&self, login: &str, password: &str) -> Answer {
        self.post("/login", &[("login", login), ("password", password)]).await
    }

    /// Everything that it keeps.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.borrow().clone()
    }

    pub fn keep(&self, cookies: BTreeMap<String, String>) {
        *self.cookies.borrow_mut() = cookies;
    }

    pub fn session(&self) -> Option<String> {
        self.cookies.borrow().get("evenkeel").cloned()
    }

    fn csrf(&self) -> String {
        let session = self.session().unwrap_or_default();
        let digest = Sha256::new().chain_update(b"csrf\n").chain_update(session).finalize();
        hex::encode(&digest[..16])
    }

    async fn send(&self, method: &str, path: &str, body: String) -> Answer {
        let kept: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.more {
            request = request.header(*name, *value);
        }
        let request = request
            .header("cookie", kept.join("; "))
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = self.world.send(request.body(Body::from(body)).unwrap()).await;
        for line in answer.headers.get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match value {
                "" => self.cookies.borrow_mut().remove(name),
                value => self.cookies.borrow_mut().insert(name.into(), value.into()),
            };
        }
        answer
    }
}

pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What stands between two texts of a page.
pub fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
    rest.split_once(after).unwrap().0
}

/// The code that an app would show.
pub fn code(secret: &str, now: i64) -> String {
    let letters = secret.chars().filter(|c| !c.is_whitespace());
    let bits: Vec<u8> = letters
        .flat_map(|c| {
            let five = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap();
            (0..5).rev().map(move |bit| (five >> bit & 1) as u8)
        })
        .collect();
    let bytes = bits.chunks_exact(8).map(|eight| eight.iter().fold(0, |all, bit| all << 1 | bit));
    let bytes: Vec<u8> = bytes.collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = hmac::sign(&key, &(now / 30_000_000).to_be_bytes());
    let place = usize::from(tag.as_ref()[19] & 15);
    let four: [u8; 4] = tag.as_ref()[place..place + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}
