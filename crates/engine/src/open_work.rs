//! Open work of a person, and handing it over when somebody is away for long or leaves: every
//! record that is not closed and names them in a tracked field.

use crate::command::Command;
use crate::perform::{Order, Written};
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::definition::{Category, FieldKind, RecordType};
use model::expression::Node;
use model::{Key, Name, Value};
use std::sync::Arc;
use store::select::{self, Place, Select};
use store::sql::Sight;

/// One open assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    pub record_type: Name,
    pub key: Key,
    pub number: String,
    /// The field that names the person.
    pub field: Name,
}

/// How many assignments are read at once.
const MOST: usize = 1_000;

impl Session {
    /// The open assignments of a person that this person may see; at most a thousand a field.
    ///
    /// # Errors
    /// A failed read.
    pub fn open_work(&self, person: Key) -> Result<Vec<Assignment>> {
        self.open_work_with(person, self.sight())
    }

    fn open_work_with(&self, person: Key, sight: &dyn Sight) -> Result<Vec<Assignment>> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let mut found = Vec::new();
        for definition in catalogue.model.record_types.values() {
            for field in assignments(definition, catalogue.bound("person")) {
                let filter = open_and_theirs(definition, &field, person);
                let select = Select {
                    record_type: definition,
                    filters: vec![&filter],
                    sort: Vec::new(),
                    columns: Vec::new(),
                    as_of: None,
                    withdrawn: false,
                };
                let context = reader.context(sight);
                let page = select::page(&snapshot, &context, &select, &Place::Start, MOST)?;
                // A family is listed by its root; each type answers for its own records only.
                let own = page.rows.into_iter().filter(|row| row.record_type == definition.name);
                found.extend(own.map(|row| Assignment {
                    record_type: row.record_type,
                    key: row.key,
                    number: crate::record::formatted(definition, row.number),
                    field: field.clone(),
                }));
            }
        }
        Ok(found)
    }

    /// Gives each open assignment of one person to another, as edits of this person.
    ///
    /// # Errors
    /// A fault ends it; what was refused is answered with its record.
    pub fn hand_over(
        &self,
        from: Key,
        to: Key,
    ) -> Result<Vec<(Assignment, std::result::Result<Written, Refusal>)>> {
        let mut done = Vec::new();
        for work in self.open_work(from)? {
            let values = vec![(work.field.clone(), Value::Reference(to))];
            let order = Order {
                record_type: work.record_type.clone(),
                key: Some(work.key),
                command: Command::Edit { values },
                base: None,
                idempotency: None,
            };
            match self.perform(&order) {
                Ok(written) => done.push((work, Ok(written))),
                Err(Error::Refused(refusal)) => done.push((work, Err(*refusal))),
                Err(fault) => return Err(fault),
            }
        }
        Ok(done)
    }
}

/// The fields of a type that assign work to a person.
fn assignments(definition: &RecordType, person: Option<&Arc<RecordType>>) -> Vec<Name> {
    let Some(person) = person else { return Vec::new() };
    let tracked = definition.fields.values().filter(|field| field.tracked);
    let people = tracked.filter(|field| match &field.kind {
        FieldKind::Reference { to } => *to == person.name,
        _ => false,
    });
    people.map(|field| field.name.clone()).collect()
}

fn open_and_theirs(definition: &RecordType, field: &Name, person: Key) -> Node {
    let reference = Box::new(Node::Value(Value::Reference(person)));
    let own = |name: &Name| Box::new(Node::Field(name.clone()));
    let theirs = Node::Compare(model::expression::Comparison::Equal, own(field), reference);
    let over = [Category::Closed, Category::Cancelled, Category::Done];
    let open = definition.states.values().filter(|state| !over.contains(&state.category));
    let states: Vec<Node> = open.map(|state| Node::Value(Value::text(&state.name))).collect();
    match Name::new("state").filter(|_| !definition.states.is_empty()) {
        Some(state) => Node::And(vec![theirs, Node::In(own(&state), Box::new(Node::List(states)))]),
        None => theirs,
    }
}
