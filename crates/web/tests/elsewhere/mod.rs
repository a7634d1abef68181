//! Another house: a provider of OpenID Connect that signs its own tokens, and a directory. It says
//! what a test wants it to say, and checks what a provider has to check.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

pub mod stage;

use crate::visitor::between;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::Engine;
use engine::access::{Ask, Directory, Entry, Outside, Policy, Provider, Reply, Whom};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING as ES256, EcdsaKeyPair, KeyPair};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const ISSUER: &str = "https://id.example";
const CLIENT: &str = "desk-client";
const SECRET: &str = "a/secret with: signs";

#[derive(Clone)]
pub struct Elsewhere(Arc<Inner>);

struct Inner {
    engine: Engine,
    keys: EcdsaKeyPair,
    other: EcdsaKeyPair,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    codes: BTreeMap<String, (String, Said)>,
    last: Option<Said>,
    people: Vec<(Entry, String)>,
    silent: bool,
    asked: usize,
    empty_passwords: usize,
}

/// What the provider says of somebody, and what is wrong with it.
#[derive(Clone)]
pub struct Said {
    pub login: String,
    pub subject: String,
    pub groups: Vec<String>,
    pub header: Json,
    pub signature_broken: bool,
    pub other_key: bool,
    /// In the place of what was asked for.
    pub challenge: Option<String>,
    /// In the place of the whole answer.
    pub tokens: Json,
    pub userinfo: Option<Json>,
    pub claims: Map<String, Json>,
    pub shifts: Vec<(&'static str, i64)>,
}

impl Said {
    pub fn of(login: &str, groups: &[&str]) -> Said {
        Said {
            login: login.to_string(),
            subject: format!("subject of {login}"),
            groups: groups.iter().map(ToString::to_string).collect(),
            header: json!({ "alg": "ES256", "kid": "one" }),
            signature_broken: false,
            other_key: false,
            challenge: None,
            tokens: Json::Null,
            userinfo: None,
            claims: Map::new(),
            shifts: Vec::new(),
        }
    }

    /// Another value of a claim; `null` for none.
    pub fn put(&mut self, name: &str, value: Json) {
        self.claims.insert(name.to_string(), value);
    }

    /// A claim that lies so many seconds from now.
    pub fn later(&mut self, name: &'static str, seconds: i64) {
        self.shifts.push((name, seconds));
    }
}

impl Elsewhere {
    pub fn new(engine: Engine) -> Elsewhere {
        let (keys, other, state) = (key(), key(), Mutex::default());
        Elsewhere(Arc::new(Inner { engine, keys, other, state }))
    }

    pub fn provider(&self, policy: Policy) -> Provider {
        let mut provider = Provider::new(policy, ISSUER, CLIENT, Arc::new(self.clone()));
        provider.client_secret = Some(SECRET.into());
        provider
    }

    /// Somebody was sent here and has shown who they are; the code that they go back with.
    pub fn code(&self, address: &str, said: Said) -> String {
        assert!(address.starts_with("https://id.example/authorize?"), "{address}");
        for part in [
            "response_type=code",
            "client_id=desk-client",
            "redirect_uri=http%3A%2F%2Flocalhost%3A8020%2Flogin%2Fwith%2Foffice%2Fback",
            "scope=openid%20profile%20email",
            "code_challenge_method=S256",
        ] {
            assert!(address.contains(part), "{part} in {address}");
        }
        let address = format!("{address}&");
        let mut said = said;
        let nonce = between(&address, "&nonce=", "&").to_string();
        said.claims.entry("nonce").or_insert(json!(nonce));
        let challenge = between(&address, "&code_challenge=", "&").to_string();
        let challenge = said.challenge.clone().unwrap_or(challenge);
        let mut state = self.0.state.lock().unwrap();
        let code = format!("code-{}", state.codes.len());
        state.codes.insert(code.clone(), (challenge, said));
        code
    }

    pub fn silent(&self, silent: bool) {
        self.0.state.lock().unwrap().silent = silent;
    }

    pub fn asked(&self) -> usize {
        self.0.state.lock().unwrap().asked
    }

    pub fn empty_passwords(&self) -> usize {
        self.0.state.lock().unwrap().empty_passwords
    }

    /// Somebody in the directory.
    pub fn person(&self, login: &str, password: &str, groups: &[&str]) {
        let entry = Entry {
            subject: format!("uuid of {login}"),
            login: login.to_string(),
            name: Some("Nina".into()),
            email: None,
            groups: groups.iter().map(ToString::to_string).collect(),
        };
        self.0.state.lock().unwrap().people.push((entry, password.into()));
    }

    /// Changes the entry of somebody in the directory.
    pub fn change(&self, login: &str, change: impl Fn(&mut Entry)) {
        let mut state = self.0.state.lock().unwrap();
        let of_them = state.people.iter_mut().filter(|(entry, _)| entry.login == login);
        of_them.for_each(|(entry, _)| change(entry));
    }

    fn tokens(&self, ask: &Ask) -> Option<Json> {
        let form = ask.form.as_ref()?;
        let field = |name: &str| form.iter().find(|(known, _)| *known == name).map(|(_, v)| *v);
        // RFC 6749, section 2.3.1: both halves as in a form.
        let basic = format!("{CLIENT}:{}", "a%2Fsecret%20with%3A%20signs");
        let basic = base64::engine::general_purpose::STANDARD.encode(basic);
        assert_eq!(ask.authorization.as_deref(), Some(&*format!("Basic {basic}")));
        assert_eq!(field("grant_type"), Some("authorization_code"));
        assert_eq!(field("redirect_uri"), Some("http://localhost:8020/login/with/office/back"));
        let mut state = self.0.state.lock().unwrap();
        let (challenge, said) = state.codes.remove(field("code")?)?;
        state.last = Some(said.clone());
        let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")?));
        if shown != challenge {
            return None;
        }
        Some(match &said.tokens {
            Json::Null => json!({ "access_token": "a", "id_token": self.id_token(&said) }),
            tokens => tokens.clone(),
        })
    }

    fn id_token(&self, said: &Said) -> String {
        let now = self.0.engine.now() / 1_000_000;
        let mut claims = json!({
            "iss": ISSUER, "aud": CLIENT, "sub": said.subject, "exp": now + 300, "iat": now,
            "preferred_username": said.login, "name": "Nina from elsewhere", "locale": "zh-CN",
            "groups": said.groups,
        });
        let object = claims.as_object_mut().unwrap();
        object.extend(said.claims.clone());
        object.extend(said.shifts.iter().map(|(name, by)| (name.to_string(), json!(now + by))));
        object.retain(|_, value| !value.is_null());
        let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
        let body = format!("{}.{}", part(&said.header), part(&claims));
        let keys = if said.other_key { &self.0.other } else { &self.0.keys };
        let mut signature = match said.header["alg"].as_str() {
            Some("none") => Vec::new(),
            Some("HS256") => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.keys.public_key().as_ref());
                hmac::sign(&key, body.as_bytes()).as_ref().to_vec()
            }
            _ => keys.sign(&SystemRandom::new(), body.as_bytes()).unwrap().as_ref().to_vec(),
        };
        if said.signature_broken {
            signature[9] ^= 1;
        }
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn keys(&self) -> Json {
        let point = |key: &EcdsaKeyPair| {
            let point = key.public_key().as_ref()[1..].to_vec();
            let (x, y) = point.split_at(32);
            (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y))
        };
        let (x, y) = point(&self.0.keys);
        let key = |kid: &str, usage: &str| {
            let (kty, crv) = ("EC", "P-256");
            json!({ "kty": kty, "crv": crv, "kid": kid, "use": usage, "x": x, "y": y })
        };
        let unknown = json!({ "kty": "new", "kid": "three" });
        json!({ "keys": [unknown, key("one", "sig"), key("two", "enc")] })
    }
}

impl Outside for Elsewhere {
    fn ask(&self, ask: &Ask) -> Result<Reply, String> {
        {
            let mut state = self.0.state.lock().unwrap();
            state.asked += 1;
            if state.silent {
                return Err("silent".into());
            }
        }
        let at = |path: &str| format!("{ISSUER}/{path}");
        let told = match ask.url.strip_prefix("https://id.example/") {
            Some(".well-known/openid-configuration") => Some(json!({
                "issuer": ISSUER, "authorization_endpoint": at("authorize"),
                "token_endpoint": at("token"), "jwks_uri": at("keys"),
                "userinfo_endpoint": at("userinfo"),
                "authorization_response_iss_parameter_supported": true,
            })),
            Some("keys") => Some(self.keys()),
            Some("userinfo") => {
                assert_eq!(ask.authorization.as_deref(), Some("Bearer a"));
                self.0.state.lock().unwrap().last.as_ref().unwrap().userinfo.clone()
            }
            Some("token") => self.tokens(ask),
            _ => panic!("nothing is at {}", ask.url),
        };
        Ok(match told {
            Some(told) => Reply { status: 200, body: told.to_string().into_bytes() },
            None => Reply { status: 400, body: b"{\"error\":\"invalid_grant\"}".to_vec() },
        })
    }
}

impl Directory for Elsewhere {
    fn check(&self, whom: Whom, password: &str) -> Result<Option<Entry>, String> {
        let mut state = self.0.state.lock().unwrap();
        state.asked += 1;
        state.empty_passwords += usize::from(password.is_empty());
        if state.silent {
            return Err("silent".into());
        }
        // Capitals do not matter in a login, as in directories, and it is found by its subject too.
        let is_meant = |entry: &Entry| match whom {
            Whom::Login(login) => {
                let known = entry.subject.trim_start_matches("uuid of ");
                entry.login.eq_ignore_ascii_case(login) || known == login
            }
            Whom::Subject(subject) => entry.subject == subject,
        };
        let found = state.people.iter().find(|(entry, _)| is_meant(entry));
        let found = found.filter(|(_, known)| known == password);
        Ok(found.map(|(entry, _)| entry.clone()))
    }

    fn login_attribute(&self) -> &str {
        "uid"
    }
}

fn key() -> EcdsaKeyPair {
    let chance = SystemRandom::new();
    let made = EcdsaKeyPair::generate_pkcs8(&ES256, &chance).unwrap();
    EcdsaKeyPair::from_pkcs8(&ES256, made.as_ref(), &chance).unwrap()
}
