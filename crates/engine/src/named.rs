//! Records that a filter names: `service == 'Mail'`, `caller == 'PER-000012'`,
//! `assigned_team.name == 'Team 01'`. The text is looked up once, with the rights of the asker, and
//! the filter compares the key, which an index can serve.

use crate::field::Names;
use crate::names::Cards;
use crate::reader::Reader;
use crate::refusal::{QuestionSlip, Refusal, Result};
use crate::session::Session;
use model::definition::{FieldKind, RecordType};
use model::expression::{Comparison, Expression, Node, Reads};
use model::{Name, Value};
use std::sync::Arc;

impl Session {
    /// Puts keys in the place of the names of records in filters.
    ///
    /// # Errors
    /// `BadQuestion` where a name fits several records. One that fits none finds nothing.
    /// `SearchIncomplete` where words are searched for while the index is made anew.
    pub(crate) fn name_records(
        &self,
        reader: &Reader,
        definition: &RecordType,
        filters: &mut [Expression],
    ) -> Result<()> {
        if filters.iter().any(searches) {
            self.engine.demand_whole_search(reader.snapshot)?;
        }
        let cards = Cards::new(self, reader);
        let finder = Finder { cards: &cards, reader, definition };
        for filter in filters {
            let node = finder.walk(&filter.node)?;
            filter.node = node;
        }
        Ok(())
    }
}

fn searches(filter: &Expression) -> bool {
    let mut reads = Reads::default();
    reads.add(filter);
    reads.search
}

struct Finder<'a> {
    cards: &'a Cards<'a>,
    reader: &'a Reader<'a>,
    definition: &'a RecordType,
}

impl Finder<'_> {
    fn walk(&self, node: &Node) -> Result<Node> {
        Ok(match node {
            Node::And(parts) => Node::And(self.all(parts)?),
            Node::Or(parts) => Node::Or(self.all(parts)?),
            Node::Not(inner) => Node::Not(Box::new(self.walk(inner)?)),
            Node::Compare(comparison, left, right) => self.compare(*comparison, left, right)?,
            Node::In(left, right) => {
                let (left, right) = self.sides(left, right)?;
                Node::In(left, right)
            }
            _ => node.clone(),
        })
    }

    fn all(&self, nodes: &[Node]) -> Result<Vec<Node>> {
        nodes.iter().map(|node| self.walk(node)).collect()
    }

    fn compare(&self, comparison: Comparison, left: &Node, right: &Node) -> Result<Node> {
        if let Some(narrow) = self.narrow(comparison, left, right)? {
            return Ok(narrow);
        }
        let (left, right) = self.sides(left, right)?;
        Ok(Node::Compare(comparison, left, right))
    }

    /// Both sides, each with keys where the other names records.
    fn sides(&self, left: &Node, right: &Node) -> Result<(Box<Node>, Box<Node>)> {
        let side = |of: &Node, other: &Node| match self.target(of) {
            Some(to) => self.keys(&to, other),
            None => Ok(other.clone()),
        };
        Ok((Box::new(side(right, left)?), Box::new(side(left, right)?)))
    }

    /// A unique field of a referenced record that equals a text is that one record, if the field
    /// is shown to the asker: so the comparison stays beside what an index can serve.
    fn narrow(&self, comparison: Comparison, left: &Node, right: &Node) -> Result<Option<Node>> {
        let (Comparison::Equal, Node::Step { reference, to, field }, Node::Value(value)) =
            (comparison, left, right)
        else {
            return Ok(None);
        };
        let target = self.reader.catalogue.record_type(to);
        let unique = |t: &&Arc<RecordType>| t.fields.get(field).is_some_and(|f| f.unique);
        let Some(target) = target.filter(unique) else { return Ok(None) };
        let found = self.reader.find(target, field, value, 2)?;
        self.cards.fetch(found.iter().copied())?;
        let seen = found.into_iter().filter(|key| self.cards.card(*key).is_some());
        let keys = seen.map(|key| Node::Value(Value::Reference(key))).collect();
        let own = Box::new(Node::Field(reference.clone()));
        let narrow = Node::In(own, Box::new(Node::List(keys)));
        let asked = Node::Compare(comparison, Box::new(left.clone()), Box::new(right.clone()));
        Ok(Some(Node::And(vec![narrow, asked])))
    }

    /// The record type of what the node yields, where that is records.
    fn target(&self, node: &Node) -> Option<Name> {
        let other =
            |of: &Name, field: &Name| self.reference(self.reader.catalogue.record_type(of)?, field);
        match node {
            Node::Field(field) => self.reference(self.definition, field),
            Node::Step { to, field, .. } => other(to, field),
            Node::LinkedField { end, field } => other(&end.other, field),
            Node::Linked(end) | Node::StepLink { end, .. } => Some(end.other.clone()),
            Node::LinkedLink { next, .. } => Some(next.other.clone()),
            _ => None,
        }
    }

    /// The record type that a reference field names.
    fn reference(&self, definition: &RecordType, field: &Name) -> Option<Name> {
        match definition.fields.get(field).map(|field| &field.kind) {
            Some(FieldKind::Reference { to }) => Some(to.clone()),
            Some(_) => None,
            None if ["created_by", "changed_by"].contains(&field.as_str()) => {
                self.reader.catalogue.binding("person").map(|binding| binding.record.clone())
            }
            None => None,
        }
    }

    fn keys(&self, to: &Name, node: &Node) -> Result<Node> {
        match node {
            Node::Value(Value::Text(text)) => self.key(to, text),
            Node::List(parts) => {
                let parts: Result<Vec<Node>> = parts.iter().map(|p| self.keys(to, p)).collect();
                Ok(Node::List(parts?))
            }
            other => Ok(other.clone()),
        }
    }

    fn key(&self, to: &Name, text: &str) -> Result<Node> {
        match self.cards.find(to, text) {
            Ok(Some(key)) => Ok(Node::Value(Value::Reference(key))),
            // No record has this key, so nothing equals it and everything differs from it.
            Ok(None) => Ok(Node::Value(Value::Reference(model::Key(-1)))),
            Err(slip) => {
                let (start, end) = (0, text.len());
                let message = format!("`{text}`: {}", slip.en);
                let slip = QuestionSlip { parameter: "where", start, end, message, hint: None };
                Err(Refusal::BadQuestion(vec![slip]).into())
            }
        }
    }
}
