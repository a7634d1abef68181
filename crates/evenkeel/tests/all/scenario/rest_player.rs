//! Plays steps over HTTP, each person with an API token of their own. What nobody in particular
//! looks at (whole histories, the past, clocks) has no token, and is looked at in the engine.

use super::engine_player::EnginePlayer;
use super::outcome;
use super::player::{Created, Player, Sight, Told, Voted};
use crate::world::{Known, MODEL, Server, World, encoded};
use serde_json::{Map, Value as Json, json};
use std::cell::RefCell;
use std::collections::HashMap;

pub struct RestPlayer<'w> {
    world: &'w World,
    server: Server,
    tokens: RefCell<HashMap<String, String>>,
    nobody: EnginePlayer<'w>,
}

impl<'w> RestPlayer<'w> {
    pub fn new(world: &'w World) -> RestPlayer<'w> {
        let (server, tokens) = (Server::of(world), RefCell::default());
        RestPlayer { world, server, tokens, nobody: EnginePlayer(world) }
    }

    fn token(&self, who: &str) -> String {
        let mut tokens = self.tokens.borrow_mut();
        let new = || self.server.token(&self.world.session(who));
        tokens.entry(who.to_string()).or_insert_with(new).clone()
    }

    /// What is answered; `null` where there is no body.
    fn ask(&self, who: &str, request: (&str, &str), body: Option<Json>) -> Told<Json> {
        let (method, address) = request;
        let answer = self.server.ask(&self.token(who), method, address, body.as_ref());
        let json = match answer.body.is_empty() {
            true => Json::Null,
            false => serde_json::from_slice(&answer.body).unwrap(),
        };
        match answer.status {
            200..300 => Ok(json),
            status => {
                let media_type = answer.headers["content-type"].to_str().unwrap();
                assert_eq!(media_type, "application/problem+json", "{method} {address}");
                assert_eq!(json["status"], status, "{method} {address}");
                Err(outcome::problem(&json))
            }
        }
    }

    fn get(&self, who: &str, address: &str) -> Told<Json> {
        self.ask(who, ("GET", address), None)
    }

    fn post(&self, who: &str, record: &Known, what: &str, body: Json) -> Told<Json> {
        self.ask(who, ("POST", &format!("{}/{what}", address(record))), Some(body))
    }
}

fn address(record: &Known) -> String {
    format!("/api/v1/{}/{}", record.record_type, record.id)
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(object) => object,
        other => panic!("no object: {other}"),
    }
}

impl Player for RestPlayer<'_> {
    fn create(&self, who: &str, of: &str, fields: Map<String, Json>) -> Told<Created> {
        let request = ("POST", &*format!("/api/v1/{of}"));
        let made = self.ask(who, request, Some(Json::Object(fields)))?;
        let text = |json: &Json| json.as_str().map(str::to_string);
        let record_type = MODEL.record_type(made["type"].as_str().unwrap()).unwrap().name.clone();
        let id = text(&made["id"]).unwrap();
        let key = self.world.system().target(&record_type, &id).unwrap().1;
        let known = Known { record_type, key, id: id.parse().unwrap() };
        // Whoever creates a record need not see it.
        let state = text(&Json::Object(self.read(None, &known, None)?.json)["state"]);
        Ok(Created { known, number: text(&made["number"]).unwrap_or_default(), state })
    }

    fn edit(&self, who: &str, record: &Known, fields: Map<String, Json>) -> Told<()> {
        self.ask(who, ("PATCH", &address(record)), Some(Json::Object(fields))).map(drop)
    }

    fn transition(
        &self,
        who: &str,
        record: &Known,
        name: &str,
        mut fields: Map<String, Json>,
        note: Option<String>,
    ) -> Told<()> {
        fields.extend(note.map(|note| ("note".into(), json!(note))));
        let what = format!("transition/{name}");
        self.post(who, record, &what, Json::Object(fields)).map(drop)
    }

    fn link(&self, who: &str, record: &Known, link: &str, to: &Known, begin: bool) -> Told<()> {
        if begin {
            return self
                .post(who, record, &format!("link/{link}"), json!({ "to": to.id }))
                .map(drop);
        }
        let address = format!("{}/link/{link}/{}", address(record), to.id);
        self.ask(who, ("DELETE", &address), None).map(drop)
    }

    fn comment(&self, who: &str, record: &Known, text: &str, internal: bool) -> Told<()> {
        let body = json!({ "text": text, "internal": internal });
        self.post(who, record, "comments", body).map(drop)
    }

    fn approve(&self, who: &str, record: &Known) -> Told<Voted> {
        self.post(who, record, "approve", json!({}))?;
        let past = self.get(who, &format!("{}/history?limit=1", address(record)))?;
        let changes = past["entries"][0]["changes"].as_array().unwrap();
        let told = changes.iter().find(|change| change["field"] == "approval").unwrap();
        let moves = self.get(who, &format!("{}/transitions", address(record)))?;
        let moves = moves["transitions"].as_array().unwrap();
        let mut standings = moves.iter().flat_map(|one| one["approvals"].as_array().unwrap());
        let found = standings.find(|standing| standing["approval"] == told["new"]);
        let count = |name: &str| found.map_or(0, |found| found[name].as_u64().unwrap());
        let [granted, quorum] =
            ["granted", "quorum"].map(|name| u32::try_from(count(name)).unwrap());
        Ok(Voted { approval: told["new"].as_str().unwrap().to_string(), granted, quorum })
    }

    fn withdraw(&self, who: &str, record: &Known) -> Told<()> {
        self.post(who, record, "withdraw", json!({})).map(drop)
    }

    fn count(&self, who: &str, of: &str, filter: Option<&str>) -> Told<usize> {
        let mut address = format!("/api/v1/{of}?limit=1&count=true");
        if let Some(filter) = filter {
            address.push_str(&format!("&where={}", encoded(filter)));
        }
        let total = self.get(who, &address)?["total"].as_u64().unwrap();
        Ok(usize::try_from(total).unwrap())
    }

    fn search(&self, who: &str, words: &str) -> Told<Vec<String>> {
        let address = format!("/api/v1/search?limit=100&q={}", encoded(words));
        let found = self.get(who, &address)?;
        let hits = found["records"].as_array().unwrap();
        Ok(hits.iter().rev().map(super::shown::card).collect())
    }

    fn read(&self, who: Option<&str>, record: &Known, as_of: Option<i64>) -> Told<Sight> {
        let Some(who) = who else { return self.nobody.read(None, record, as_of) };
        let mut address = address(record);
        if let Some(at) = as_of {
            let at = jiff::Timestamp::from_microsecond(at).unwrap();
            address.push_str(&format!("?as_of={at}"));
        }
        let json = object(self.get(who, &address)?);
        let hidden = json["hidden"].as_array().unwrap().iter();
        let hidden = hidden.map(|name| name.as_str().unwrap().to_string()).collect();
        Ok(Sight { json, hidden })
    }

    /// A list of those whose link holds this record.
    fn leading_here(&self, who: &str, record: &Known, from: &str, link: &str) -> Told<Vec<Json>> {
        self.get(who, &address(record))?;
        let filter = encoded(&format!("'{}' in {link}", record.id));
        let list = self
            .get(who, &format!("/api/v1/{from}?where={filter}&columns=number&sort=created_at"))?;
        Ok(list["records"].as_array().unwrap().clone())
    }

    fn history(&self, who: Option<&str>, record: &Known) -> Told<usize> {
        let Some(who) = who else { return self.nobody.history(None, record) };
        let past = self.get(who, &format!("{}/history?limit=500", address(record)))?;
        Ok(past["entries"].as_array().unwrap().len())
    }

    fn clock(&self, record: &Known, name: &str) -> Option<Json> {
        self.nobody.clock(record, name)
    }
}
