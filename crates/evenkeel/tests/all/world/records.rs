//! Records of a world by name: what it begins with, people and their accounts, and records with
//! their required fields filled.

use super::World;
use engine::{Command, Order, Session, Written};
use model::definition::{Field, FieldKind, RecordType};
use model::{Key, Name};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// A record that is called by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub record_type: Name,
    pub key: Key,
    pub id: Uuid,
}

/// Who has written down what a world begins with.
const SCRIBE: &str = "scribe";
/// The calendar that clocks name.
const CALENDAR: &str = "service_hours";

pub fn begin(system: &Session) {
    create(system, "person", json!({ "name": SCRIBE })).unwrap();
    let calendar = json!({
        "name": { "en": "Service hours", "zh": "服务时间" }, "code": CALENDAR,
        "zone": "Asia/Shanghai", "always_open": true,
    });
    create(system, "calendar", calendar).unwrap();
}

/// Creates a record from its JSON.
pub fn create(session: &Session, record_type: &str, json: Json) -> engine::Result<Written> {
    let Json::Object(object) = json else { panic!("no object") };
    let input = session.input(record_type, &object)?;
    let (values, links) = (input.values, input.links);
    let record_type = Name::new(record_type).unwrap();
    let command = Command::Create { values, links };
    session.perform(&Order { record_type, key: None, command, base: None, idempotency: None })
}

impl World {
    pub(super) fn know_what_is_there(&self) {
        for (record_type, name) in [("person", SCRIBE), ("calendar", CALENDAR)] {
            let field = if record_type == "calendar" { "code" } else { "name" };
            let question = engine::Question {
                record_type: record_type.into(),
                filter: Some(format!("{field} == '{name}'")),
                ..Default::default()
            };
            let listed = self.system().list(&question).unwrap();
            let id = listed.records[0]["id"].as_str().unwrap();
            let (_, key) = self.system().target(record_type, id).unwrap();
            self.call(name, record_type, key, id.parse().unwrap());
        }
    }

    fn call(&self, name: &str, record_type: &str, key: Key, id: Uuid) {
        let record_type = Name::new(record_type).unwrap();
        self.known.borrow_mut().insert(name.into(), Known { record_type, key, id });
    }

    /// The record of this name.
    pub fn known(&self, name: &str) -> Option<Known> {
        self.known.borrow().get(name).cloned()
    }

    /// A person with an account that holds these roles; staff.
    pub fn person(&self, name: &str, roles: &[&str]) {
        let system = self.system();
        let person = create(&system, "person", json!({ "name": name, "staff": true })).unwrap();
        let given: Vec<&&str> = roles.iter().filter(|role| !held_by_all(role)).collect();
        let account = json!({ "login": name, "person": person.id, "roles": given });
        let account =
            create(&system, "account", account).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        self.accounts.borrow_mut().insert(name.into(), account.key);
        self.call(name, "person", person.key, person.id);
    }

    /// A record with this title, its required fields filled.
    pub fn given(&self, record_type: &str, name: &str) -> Written {
        self.given_with(record_type, name, Map::new())
    }

    /// The same with these fields beside.
    pub fn given_with(&self, record_type: &str, name: &str, more: Map<String, Json>) -> Written {
        let definition = self.definition(record_type);
        let mut object = Map::new();
        for field in definition.fields.values() {
            if let Some(value) = self.filled(&definition, field, name) {
                object.insert(field.name.to_string(), value);
            }
        }
        object.extend(more);
        let made = create(&self.system(), record_type, Json::Object(object));
        let made = made.unwrap_or_else(|error| panic!("given {record_type} {name}: {error:?}"));
        self.call(name, record_type, made.key, made.id);
        made
    }

    /// The record of this number.
    pub fn numbered(&self, number: &str) -> Option<Known> {
        let system = self.system();
        let types = super::MODEL.record_types.values().filter(|t| t.name == *t.root());
        types.filter(|t| t.number.is_some()).find_map(|t| {
            let seen = system.read(&t.name, number, None).ok()?;
            let id = seen.json["id"].as_str()?.parse().ok()?;
            Some(Known { record_type: seen.record_type, key: seen.key, id })
        })
    }

    /// The name under which the record with this id is known.
    pub fn called(&self, id: &str) -> Option<String> {
        let id = id.parse::<Uuid>().ok()?;
        let known = self.known.borrow();
        known.iter().find(|(_, known)| known.id == id).map(|(name, _)| name.clone())
    }

    /// Edits a record as the system.
    pub fn edit(&self, known: &Known, json: Json) {
        let Json::Object(object) = json else { panic!("no object") };
        let system = self.system();
        let values = system.input(&known.record_type, &object).unwrap().values;
        self.act(known, Command::Edit { values });
    }

    /// Performs a command as the system.
    pub fn act(&self, known: &Known, command: Command) {
        let (record_type, key) = (known.record_type.clone(), Some(known.key));
        let order = Order { record_type, key, command, base: None, idempotency: None };
        self.system().perform(&order).unwrap();
    }

    pub fn definition(&self, record_type: &str) -> std::sync::Arc<RecordType> {
        let found = super::MODEL.record_type(record_type).cloned();
        found.unwrap_or_else(|| panic!("there is no {record_type}"))
    }

    /// What a field of a given record holds: its title, or anything where it is required.
    fn filled(&self, definition: &RecordType, field: &Field, name: &str) -> Option<Json> {
        if field.name == definition.title {
            return Some(match field.kind {
                FieldKind::LocalText { .. } => json!({ "en": name }),
                _ => json!(name),
            });
        }
        if (definition.name == "calendar") && (field.name == "always_open") {
            return Some(json!(true));
        }
        let open = field.required && field.computed.is_none() && !field.set_by_workflow;
        // The scribe is nobody: what is `me` by default is filled as if it had no default.
        let by_default = field.default.as_ref().is_some_and(|d| &*d.source != "me");
        if !open || by_default {
            return None;
        }
        Some(self.anything(field, name))
    }

    fn anything(&self, field: &Field, name: &str) -> Json {
        match &field.kind {
            FieldKind::Text { .. } if field.name == "zone" => json!("Asia/Shanghai"),
            FieldKind::Text { .. } | FieldKind::Markdown { .. } => json!(name),
            FieldKind::LocalText { .. } => json!({ "en": name }),
            FieldKind::Choice(choices) | FieldKind::MultiChoice(choices) => {
                json!(choices.0.keys().next().map(Name::as_str))
            }
            FieldKind::YesNo => json!(false),
            FieldKind::Integer { .. } => json!(1),
            FieldKind::Datetime => json!("2026-03-02T01:00:00Z"),
            FieldKind::Date => json!("2026-03-02"),
            FieldKind::Reference { to } if to == "person" => {
                json!(self.known(SCRIBE).map(|scribe| scribe.id))
            }
            other => panic!("{}: how is {other:?} filled?", field.name),
        }
    }
}

fn held_by_all(role: &str) -> bool {
    super::MODEL.roles.get(role).is_some_and(|role| role.everybody)
}
