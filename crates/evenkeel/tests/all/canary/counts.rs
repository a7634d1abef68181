//! Counts of filters that would tell hidden values by halving, against a count in memory of what
//! the person may read.

use super::memory::Eyes;
use super::plant::{Place, Plants, word};
use crate::world::MODEL;
use engine::{Count, Error, Question};
use model::definition::RecordType;
use model::expression::LinkEnd;
use model::{Key, Name, Value};
use std::sync::Arc;

/// Questions whose count is another than that in memory.
pub fn wrong(eyes: &Eyes, plants: &Plants) -> Vec<String> {
    let mut wrong = Vec::new();
    for definition in MODEL.record_types.values() {
        let readable = eyes.readable(&definition.name);
        for (filter, expected) in questions(eyes, definition, &readable, plants) {
            let counted = count(eyes, definition, &filter);
            if counted != expected {
                let name = &definition.name;
                wrong.push(format!("{name} where {filter}: {counted}, not {expected}"));
            }
        }
    }
    wrong
}

fn count(eyes: &Eyes, definition: &RecordType, filter: &str) -> usize {
    let record_type = definition.name.to_string();
    let filter = Some(filter.to_string());
    let question = Question { record_type, filter, ..Question::default() };
    match eyes.session.count(&question) {
        Ok(Count::Exactly(count)) => count,
        Err(Error::Refused(refusal)) => panic!("{question:?}: {refusal:?}"),
        other => panic!("{question:?}: {other:?}"),
    }
}

/// Filters, each with the number of readable records for which it holds.
fn questions(
    eyes: &Eyes,
    definition: &RecordType,
    readable: &[Key],
    plants: &Plants,
) -> Vec<(String, usize)> {
    let held = |holds: &dyn Fn(Key) -> bool| readable.iter().filter(|key| holds(**key)).count();
    let mut all = vec![("".to_string(), readable.len())];
    for field in definition.fields.keys() {
        // As it is shown: a reference to what may not be read is not set.
        let own = |key: Key| eyes.value(key, field).is_set();
        let is_set = held(&own);
        all.push((format!("{field} is set"), is_set));
        all.push((format!("not ({field} is set)"), readable.len() - is_set));
    }
    for (number, planted) in plants.tokens.iter().enumerate() {
        let Place::Field(field) = &planted.place else { continue };
        let plain = matches!(eyes.memory.rows[&planted.key].field(field), Value::Text(_));
        if plain && eyes.memory.rows[&planted.key].definition.name == definition.name {
            let own = usize::from(eyes.sees(planted.key, field));
            all.push((format!("{field} == '{}'", super::plant::token(number)), own));
            if own == 0 {
                all.push((format!("search('{}')", word(number)), 0));
            }
        }
    }
    for (reference, target) in references(definition) {
        for field in stepped(&target) {
            let step = |key: Key| match eyes.value(key, &reference) {
                Value::Reference(to) => eyes.value(to, &field).is_set(),
                _ => false,
            };
            all.push((format!("{reference}.{field} is set"), held(&step)));
        }
    }
    for link in definition.links.values() {
        let (from, other) = (link.declared_by.clone(), link.to.clone());
        let end = LinkEnd { from, link: link.name.clone(), inverse: false, other };
        let linked =
            |key: Key| eyes.memory.ends(&end, key).iter().filter(|far| eyes.counts(**far)).count();
        all.push((format!("count({}) > 0", link.name), held(&|key| linked(key) > 0)));
        all.push((format!("{} is set", link.name), held(&|key| linked(key) > 0)));
    }
    all
}

fn references(definition: &RecordType) -> Vec<(Name, Arc<RecordType>)> {
    let target = |field: &Name| {
        let to = Eyes::target(definition, field)?;
        Some((field.clone(), MODEL.record_type(&to)?.clone()))
    };
    definition.fields.keys().filter_map(target).collect()
}

/// The title and the fields of the last sections, which fewest are shown.
fn stepped(target: &RecordType) -> Vec<Name> {
    let last = target.sections.values().rev().take(2).flat_map(|s| s.fields.iter().take(3));
    let all = last.cloned().chain([target.title.clone()]);
    all.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
