//! A browser of one person, without a screen: it keeps cookies, goes on only when told to, and
//! sends forms as a page of the server would.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::Request;
use ring::hmac;
use std::cell::RefCell;
use std::collections::BTreeMap;

pub const PASSWORD: &str = "correct horse battery staple 42";

/// The token of a page, in its head.
const TOKEN: &str = "<meta name=\"csrf\" content=\"";

pub struct Browser<'w> {
    world: &'w World,
    pub cookies: RefCell<BTreeMap<String, String>>,
    /// The token that the last page carried.
    csrf: RefCell<String>,
    /// Headers sent with each request beside those of a browser.
    pub more: Vec<(&'static str, &'static str)>,
}

impl<'w> Browser<'w> {
    pub fn new(world: &'w World) -> Browser<'w> {
        Browser {
            world,
            cookies: RefCell::default(),
            csrf: RefCell::default(),
            more: vec![("host", "localhost:8020")],
        }
    }

    /// A browser in which this person is in.
    pub async fn of(world: &'w World, login: &str) -> Browser<'w> {
        let account = world.engine.account_of(login).unwrap().unwrap();
        world.engine.set_password(account, login, PASSWORD).unwrap();
        let browser = Browser::new(world);
        browser.enter(login, PASSWORD).await;
        browser
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a page of ours would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_as(path, fields, &self.csrf(), &[("sec-fetch-site", "same-origin")]).await
    }

    /// Sends a form as any page might, with this token and these headers.
    pub async fn post_as(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        csrf: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let all = [("csrf", csrf)].into_iter().chain(fields.iter().copied());
        let pairs: Vec<String> =
            all.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let mut request = self.request("POST", path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(pairs.join("&"))).unwrap()).await
    }

    /// Sends a form with a file as a page of ours would.
    pub async fn bring(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, &[u8]),
    ) -> Answer {
        self.bring_as(path, fields, (name, bytes), &self.csrf()).await
    }

    /// The same with this token.
    pub async fn bring_as(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, &[u8]),
        csrf: &str,
    ) -> Answer {
        let mut body = Vec::new();
        for (field, value) in [("csrf", csrf)].iter().chain(fields) {
            let part = format!(
                "--edge\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = self.request("POST", path).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "multipart/form-data; boundary=edge");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends JSON as a script of ours would, with the token of its page or without.
    pub async fn send_json(&self, method: &str, path: &str, body: &str, ours: bool) -> Answer {
        let request = self.request(method, path).header("content-type", "application/json");
        let request = request.header("sec-fetch-site", "same-origin");
        let request = match ours {
            true => request.header("x-csrf", self.csrf()),
            false => request,
        };
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// The page that an answer leads on to.
    pub async fn follow(&self, answer: &Answer) -> Answer {
        assert_eq!(answer.status, 303, "{}", answer.text());
        self.get(answer.header("location")).await
    }

    /// Signs in, on to the first page; panics where that does not lead in at once.
    pub async fn enter(&self, login: &str, password: &str) {
        let answer = self.log_in(login, password).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
        self.get("/").await;
    }

    pub async fn log_in(&self, login: &str, password: &str) -> Answer {
        self.post("/login", &[("login", login), ("password", password)]).await
    }

    pub fn session(&self) -> Option<String> {
        self.cookies.borrow().get("evenkeel").cloned()
    }

    pub fn csrf(&self) -> String {
        self.csrf.borrow().clone()
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies = self.cookies.borrow();
        let cookies: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36");
        for (name, value) in &self.more {
            request = request.header(*name, *value);
        }
        match cookies.is_empty() {
            true => request,
            false => request.header("cookie", cookies.join("; ")),
        }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.world.send(request).await;
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            match value.is_empty() || line.contains("Max-Age=0") {
                true => self.cookies.borrow_mut().remove(name),
                false => self.cookies.borrow_mut().insert(name.into(), value.into()),
            };
        }
        if let Some((_, rest)) = answer.text().split_once(TOKEN) {
            *self.csrf.borrow_mut() = rest.split('"').next().unwrap().to_string();
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
