//! Trying definitions on the records there are, before they come into force: how many records each
//! stricter demand would find in breach.

use super::{Product, Unfit, load};
use crate::engine::Engine;
use model::definition::{Field, FieldKind, RecordType, RuleTest};
use model::expression::Node;
use model::{Language, Model, Name, Value};
use std::sync::Arc;
use store::core::definition::Files;
use store::select::{self, Count, Select};
use store::sql::{Asker, Context, WHOLE};

/// One demand that records do not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    pub record_type: Name,
    /// The field or rule, in words of both languages.
    pub demand: (String, String),
    /// Records that would be refused at their next edit; "at least" where not counted to the end.
    pub records: usize,
    pub at_least: bool,
}

const COUNTED: usize = 100_000;

impl Engine {
    /// Counts the records that these definitions would refuse at their next edit.
    ///
    /// # Errors
    /// Problems of the files; a failed read.
    pub fn try_definitions(
        &self,
        product: &Product,
        overlays: &Files,
    ) -> Result<Vec<Trial>, Unfit> {
        let model = load(product, overlays).map_err(Unfit::Problems)?;
        let now = self.catalogue();
        let mut found = Vec::new();
        for definition in model.record_types.values().filter(|d| !d.is_abstract) {
            let Some(old) = now.record_type(&definition.name) else { continue };
            for (demand, node) in demands(old, definition) {
                if let Some(trial) = self.try_one(&now.model, old, (demand, node))? {
                    found.push(trial);
                }
            }
        }
        Ok(found)
    }

    /// Runs on the tables as they are, so it reads through the definitions in force.
    fn try_one(
        &self,
        model: &Model,
        definition: &RecordType,
        (demand, node): ((String, String), Node),
    ) -> Result<Option<Trial>, Unfit> {
        let snapshot = self.database().snapshot()?;
        let asker = Asker::system(self.now());
        let dialect = self.database().dialect();
        let context = Context { model, dialect, asker: &asker, sight: WHOLE };
        let select = Select {
            record_type: definition,
            filters: vec![&node],
            sort: Vec::new(),
            columns: Vec::new(),
            as_of: None,
            withdrawn: false,
        };
        let counted = select::count(&snapshot, &context, &select, COUNTED);
        let (records, at_least) = match counted.map_err(crate::Error::from)? {
            Count::Exactly(0) => return Ok(None),
            Count::Exactly(n) => (n, false),
            Count::AtLeast(n) => (n, true),
        };
        Ok(Some(Trial { record_type: definition.name.clone(), demand, records, at_least }))
    }
}

type Demand = ((String, String), Node);

/// The demands of the new definition, as what a record in breach of them is found by in the old.
fn demands(old: &RecordType, new: &RecordType) -> Vec<Demand> {
    let fields = new.fields.values().flat_map(|field| field_demands(old, field));
    let known = |node: &Node| fields_of(node).iter().all(|name| is_known(old, name));
    let rules = new.rules.values().filter(|rule| rule.always).filter_map(|rule| {
        let RuleTest::Holds(holds) = &rule.test else { return None };
        let message = |language| rule.message.text(language).to_string();
        let texts = (message(Language::EN), message(Language::ZH));
        known(&holds.node).then(|| (texts, Node::Not(Box::new(holds.node.clone()))))
    });
    fields.chain(rules).collect()
}

fn field_demands(old: &RecordType, field: &Field) -> Vec<Demand> {
    let own = || Box::new(Node::Field(field.name.clone()));
    let label = |language| field.label.text(language).to_string();
    let (en, zh) = (label(Language::EN), label(Language::ZH));
    let mut out = Vec::new();
    let is_new = !old.fields.contains_key(&field.name);
    if field.required && field.default.is_none() && field.computed.is_none() {
        let missing = match is_new {
            true => Node::Value(Value::YesNo(true)),
            false => Node::Not(Box::new(Node::IsSet(own()))),
        };
        out.push(((format!("{en} must be filled"), format!("{zh}必填")), missing));
    }
    if let (false, FieldKind::Choice(choices)) = (is_new, &field.kind) {
        let all = choices.0.keys().map(|name| Node::Value(Value::Text(Arc::from(name.as_str()))));
        let among = Node::In(own(), Box::new(Node::List(all.collect())));
        let outside = Node::And(vec![Node::IsSet(own()), Node::Not(Box::new(among))]);
        out.push((
            (format!("{en} has a choice that is gone"), format!("{zh}的选项已删除")),
            outside,
        ));
    }
    out
}

fn is_known(old: &RecordType, name: &Name) -> bool {
    old.fields.contains_key(name) || model::definition::BUILT_IN.contains(&name.as_str())
}

/// The own fields a condition reads.
fn fields_of(node: &Node) -> Vec<Name> {
    let expression = model::Expression {
        source: "".into(),
        node: node.clone(),
        kind: model::expression::Kind::YesNo,
    };
    let reads = expression.reads();
    reads.fields.into_iter().collect()
}
