//! The finished model as a scope, for expressions that people type while the program runs:
//! filters of lists, queries of pages. Definitions are checked against definitions in the making,
//! by the loader's own scope.

use super::{Kind, LinkEnd, Node, Scope};
use crate::definition::{BUILT_IN, Choices, Inverse, Matrix, Model, RecordType};
use crate::label::Label;
use crate::name::Name;
use std::sync::Arc;

/// The purpose that binds the record type of people.
const PERSON: &str = "person";

impl Scope for Model {
    fn field(&self, of: &str, field: &str) -> Option<Kind> {
        let of = self.record_type(of)?;
        if let Some(declared) = of.fields.get(field) {
            return Some(Kind::from(&declared.kind));
        }
        let known = field != "number" || of.number.is_some();
        known.then(|| Kind::built_in(field, states(of), types(self, of), self.person()))?
    }

    fn link(&self, of: &str, link: &str) -> Option<LinkEnd> {
        let link = self.record_type(of)?.links.get(link)?;
        let (from, other) = (link.declared_by.clone(), link.to.clone());
        Some(LinkEnd { from, link: link.name.clone(), inverse: false, other })
    }

    fn inverse(&self, of: &str, from: &str, link: &str) -> Option<LinkEnd> {
        let named = |inverse: &&Inverse| inverse.link == link && inverse.from == from;
        let inverse = self.record_type(of)?.inverses.iter().find(named)?;
        let (from, link) = (inverse.from.clone(), inverse.link.clone());
        Some(LinkEnd { other: from.clone(), from, link, inverse: true })
    }

    fn names(&self, of: &str) -> Vec<String> {
        let Some(of) = self.record_type(of) else { return Vec::new() };
        let built_in = BUILT_IN.iter().filter(|name| self.field(&of.name, name).is_some());
        let names = of.fields.keys().chain(of.links.keys()).map(Name::as_str);
        names.chain(built_in.copied()).map(str::to_string).collect()
    }

    fn matrix(&self, of: &str, matrix: &str) -> Option<(Kind, Kind, Kind)> {
        let record_type = self.record_type(of)?;
        let matrix = record_type.matrices.get(matrix)?;
        let field = |name: &str| record_type.fields.get(name).map(|field| Kind::from(&field.kind));
        let cells = field(computed_from(record_type, matrix)?)?;
        Some((field(&matrix.rows)?, field(&matrix.columns)?, cells))
    }

    fn is_a(&self, record_type: &str, ancestor: &str) -> bool {
        record_type == ancestor || self.record_type(record_type).is_some_and(|t| t.is_a(ancestor))
    }

    fn person(&self) -> Option<Name> {
        self.bindings.purposes.get(PERSON).map(|binding| binding.record.clone())
    }

    fn roles(&self) -> Vec<String> {
        self.roles.keys().map(Name::to_string).collect()
    }
}

/// The field that a matrix fills: the one of its name, else the one that is computed from it.
fn computed_from<'m>(of: &'m RecordType, matrix: &'m Matrix) -> Option<&'m str> {
    if of.fields.contains_key(&matrix.name) {
        return Some(&matrix.name);
    }
    let computed = of.fields.values().find(|field| {
        let node = field.computed.as_ref().map(|computed| &computed.node);
        matches!(node, Some(Node::Matrix { matrix: name, .. }) if *name == matrix.name)
    });
    computed.map(|field| field.name.as_str())
}

fn states(of: &RecordType) -> Option<Arc<Choices>> {
    let labels = of.states.iter().map(|(name, state)| (name.clone(), state.label.clone()));
    (!of.states.is_empty()).then(|| Arc::new(Choices(labels.collect())))
}

/// The record types a record of this list can have.
fn types(model: &Model, of: &RecordType) -> Arc<Choices> {
    let concrete = of.family.iter().filter_map(|name| model.record_type(name));
    let labels = concrete.filter(|t| !t.is_abstract).map(|t| (t.name.clone(), t.label.clone()));
    Arc::new(Choices(labels.collect::<indexmap::IndexMap<Name, Label>>()))
}
