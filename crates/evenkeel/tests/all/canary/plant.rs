//! The canaries: records of many types, in states and relations that hide them or parts of them
//! from some, each text of which holds a token that stands nowhere else.

use crate::world::{Known, World};
use engine::attachments::Upload;
use engine::{Command, Session};
use model::definition::{Field, FieldKind};
use model::{Key, Name};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Where a token stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Field(Name),
    /// What everybody sees who reads the record.
    Record,
    /// What only those see who read its internal notes.
    Internal,
}

#[derive(Debug, Clone)]
pub struct Planted {
    pub key: Key,
    pub place: Place,
    /// The hash of the content that holds it, for the content of a file.
    pub file: Option<String>,
}

/// What was planted; the number of a token is its place in `tokens`.
#[derive(Default)]
pub struct Plants {
    pub tokens: Vec<Planted>,
    pub records: Vec<Known>,
    /// When everything stood as it was planted, before anything was hidden.
    pub before_hiding: i64,
}

const CHINESE: char = '龘';
const FIRST: u32 = 0x4e00;

/// A word that stands nowhere else.
pub fn word(number: usize) -> String {
    format!("zq{number:05}q")
}

/// The same in Chinese: no label begins with this character.
pub fn chinese(number: usize) -> String {
    let own = char::from_u32(FIRST + number as u32).unwrap();
    format!("{CHINESE}{own}")
}

pub fn token(number: usize) -> String {
    format!("{} {}", word(number), chinese(number))
}

/// The numbers of the tokens in a text.
pub fn found(text: &str) -> BTreeSet<usize> {
    let words = text.match_indices("zq").filter_map(|(at, _)| {
        let digits = text.get(at + 2..at + 7)?;
        digits.parse().ok().filter(|_| text[at + 7..].starts_with('q'))
    });
    let own = |(at, _): (usize, &str)| text[at + CHINESE.len_utf8()..].chars().next();
    let number = |own: char| (own as u32).checked_sub(FIRST).map(|number| number as usize);
    let chinese = text.match_indices(CHINESE).filter_map(own).filter_map(number);
    // The character alone, as a snippet may cut it, is followed by anything.
    words.chain(chinese.filter(|number| *number < 10_000)).collect()
}

impl Plants {
    fn new_token(&mut self, key: Key, place: Place, file: Option<String>) -> String {
        self.tokens.push(Planted { key, place, file });
        token(self.tokens.len() - 1)
    }

    /// A record with a token in each of its texts, and these fields.
    pub fn record(&mut self, world: &World, record_type: &str, more: Json) -> Known {
        let definition = world.definition(record_type);
        let first = self.tokens.len();
        let mut object = Map::new();
        for field in definition.fields.values().filter(|field| is_free_text(field)) {
            let text = self.new_token(Key(0), Place::Field(field.name.clone()), None);
            let text = match field.kind {
                FieldKind::LocalText { .. } => json!({ "en": text, "zh": text }),
                _ => json!(text),
            };
            object.insert(field.name.to_string(), text);
        }
        object.extend(more.as_object().cloned().unwrap_or_default());
        let name = format!("canary {}", self.records.len());
        let made = world.given_with(record_type, &name, object);
        self.tokens[first..].iter_mut().for_each(|planted| planted.key = made.key);
        let known = world.known(&name).unwrap();
        self.records.push(known.clone());
        known
    }

    /// Comments and files, for all and internal.
    pub fn spoken_of(&mut self, world: &World, known: &Known) {
        for (internal, place) in [(false, Place::Record), (true, Place::Internal)] {
            let text = self.new_token(known.key, place.clone(), None);
            world.act(known, Command::Comment { text, internal });
            let name = self.new_token(known.key, place.clone(), None) + ".txt";
            let content = self.new_token(known.key, place, None);
            attach(&world.system(), known, &name, &content, internal);
            let files = world.system().attachments(&known.record_type, &known.id.to_string());
            let files = files.unwrap();
            let sha256 = files.last().and_then(|file| file["sha256"].as_str()).unwrap();
            self.tokens.last_mut().unwrap().file = Some(sha256.to_string());
        }
    }
}

fn attach(session: &Session, known: &Known, name: &str, content: &str, internal: bool) {
    let mut content = content.as_bytes();
    let upload = Upload {
        name,
        media_type: "text/plain",
        internal,
        content: &mut content,
        most: 1 << 20,
        idempotency: None,
    };
    session.attach(&known.record_type, &known.id.to_string(), upload).unwrap();
}

/// Texts that may be anything; a time zone and hours may not.
fn is_free_text(field: &Field) -> bool {
    let max = match field.kind {
        FieldKind::Text { max } | FieldKind::LocalText { max } | FieldKind::Markdown { max } => max,
        _ => 0,
    };
    let open = field.computed.is_none() && !field.set_by_workflow;
    open && max >= 20 && !field.name.ends_with("zone")
}

/// Everything that is planted in a world with the people of [`super::people`].
pub fn plant(world: &World) -> Plants {
    let mut plants = Plants::default();
    let id = |known: &Known| json!(known.id);
    let who = |name: &str| json!(world.known(name).unwrap().id);
    let desk = world.given("team", "desk").id;
    let member = world.known("tom").unwrap();
    let teams =
        Command::Link { link: Name::new("teams").unwrap(), to: world.known("desk").unwrap().key };
    world.act(&member, teams);

    let home = plants.record(world, "organization", json!({}));
    let place = plants.record(world, "location", json!({}));
    let stranger = plants.record(world, "person", json!({ "staff": false }));
    let colleague =
        plants.record(world, "person", json!({ "staff": true, "manager": who("lena") }));
    let draft = plants.record(world, "service", json!({ "owner": who("otto") }));
    let live = plants.record(world, "service", json!({}));
    world.system().bring("service", live.key, "live").unwrap();
    let server = plants.record(world, "server", json!({}));
    let secret = plants.record(world, "problem", json!({ "confidential": true }));
    let problem = plants.record(world, "problem", json!({ "service": id(&draft) }));
    let change = plants.record(world, "change", json!({ "requester": who("rita") }));
    let hidden_change = plants.record(world, "change", json!({ "confidential": true }));

    let base = |more: Json| {
        let mut all = json!({
            "caller": who("rita"), "opened_by": who("ivy"), "service": id(&draft),
            "supplier": id(&home), "location": id(&place), "escalated_to": id(&stranger),
        });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let open = plants.record(world, "incident", base(json!({ "assigned_team": desk })));
    let confidential = base(json!({ "confidential": true, "assignee": who("otto") }));
    let confidential = plants.record(world, "incident", confidential);
    let others = json!({ "caller": id(&colleague), "service": id(&live), "assigned_team": desk });
    let others = plants.record(world, "incident", others);
    let later = plants.record(world, "incident", base(json!({ "assigned_team": desk })));
    let gone = plants.record(world, "incident", base(json!({})));
    let all = [&open, &confidential, &others, &later, &gone, &secret, &problem, &change, &draft];
    for known in all {
        plants.spoken_of(world, known);
    }
    for (from, link, to) in [
        (&open, "problem", &secret),
        (&others, "problem", &problem),
        (&open, "parent", &confidential),
        (&open, "duplicate_of", &later),
        (&others, "duplicate_of", &gone),
        (&confidential, "configuration_items", &server),
        (&open, "change_requested", &hidden_change),
        (&others, "change_requested", &change),
    ] {
        world.act(from, Command::Link { link: Name::new(link).unwrap(), to: to.key });
    }
    world.go_on(world.engine.now() + 3_600_000_000);
    plants.before_hiding = world.engine.now();
    world.go_on(world.engine.now() + 3_600_000_000);
    world.edit(&later, json!({ "confidential": true }));
    world.act(&gone, Command::Withdraw { note: Some("no longer".into()) });
    // So long that claims about open records fail.
    world.go_on(world.engine.now() + 96 * 3_600_000_000);
    plants
}
