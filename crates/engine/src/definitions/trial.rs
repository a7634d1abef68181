//! Trying definitions on the records there are, before they come into force: how many records each
//! stricter demand would find in breach. Whoever asks learns of the records they may read, as they
//! see them: a demand on a field that is hidden from them is not tried, or its counts would tell
//! what stands there.

use super::{Product, Unfit, load};
use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::record::formatted;
use crate::refusal::Error;
use crate::session::Session;
use model::definition::{Field, FieldKind, RecordType, RuleTest};
use model::expression::Node;
use model::{Language, Model, Name, Value};
use std::sync::Arc;
use store::core::definition::Files;
use store::select::{self, Count, Place, Select};

/// One demand that records do not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    pub record_type: Name,
    /// The field or rule, in words of both languages.
    pub demand: (String, String),
    /// What was found; none where it was not tried, since it reads what is hidden from whoever
    /// asks.
    pub breaches: Option<Breaches>,
}

/// Records that would be refused at their next edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaches {
    /// How many; "at least" where not counted to the end.
    pub records: usize,
    pub at_least: bool,
    /// The numbers of the first of them.
    pub first: Vec<String>,
}

/// How many are named of those a demand finds.
const NAMED: usize = 5;
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
        Session::system(self).try_model(&model)
    }
}

impl Session {
    /// Counts the records that a model would refuse at their next edit, of those that this person
    /// may read.
    pub(super) fn try_model(&self, model: &Model) -> Result<Vec<Trial>, Unfit> {
        let now = self.engine().catalogue();
        let mut found = Vec::new();
        for definition in model.record_types.values().filter(|d| !d.is_abstract) {
            let Some(old) = now.record_type(&definition.name) else { continue };
            let before = demands(old, old);
            for demand in demands(old, definition) {
                let is_new = !before.contains(&demand);
                found.extend(self.try_one(&now, old, demand, is_new)?);
            }
        }
        Ok(found)
    }

    /// Runs on the tables as they are, so it reads through the definitions in force.
    fn try_one(
        &self,
        now: &Catalogue,
        definition: &RecordType,
        (demand, node): Demand,
        is_new: bool,
    ) -> Result<Option<Trial>, Unfit> {
        let rights = self.rights_on(definition);
        let hidden = |field: &Name| rights.is_some_and(|rights| rights.may_hide(field));
        let (breaches, is_told) = match fields_of(&node).iter().any(hidden) {
            true => (None, is_new),
            false => {
                let found = self.breaches(now, definition, &node)?;
                let is_told = found.records > 0;
                (Some(found), is_told)
            }
        };
        let record_type = definition.name.clone();
        Ok(is_told.then_some(Trial { record_type, demand, breaches }))
    }

    fn breaches(
        &self,
        now: &Catalogue,
        definition: &RecordType,
        node: &Node,
    ) -> Result<Breaches, Unfit> {
        let snapshot = self.engine().database().snapshot()?;
        let reader = self.reader(&snapshot, now);
        let mine = reader.context(self.sight());
        let select = Select {
            record_type: definition,
            filters: vec![node],
            sort: Vec::new(),
            columns: Vec::new(),
            as_of: None,
            withdrawn: false,
        };
        let counted = select::count(&snapshot, &mine, &select, COUNTED);
        let (records, at_least) = match counted.map_err(Error::from)? {
            Count::Exactly(n) => (n, false),
            Count::AtLeast(n) => (n, true),
        };
        let page = select::page(&snapshot, &mine, &select, &Place::Start, NAMED);
        let rows = page.map_err(Error::from)?.rows;
        let named = |row: &select::Record| {
            let real = now.record_type(&row.record_type)?;
            Some(formatted(real, row.number)).filter(|number| !number.is_empty())
        };
        Ok(Breaches { records, at_least, first: rows.iter().filter_map(named).collect() })
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
