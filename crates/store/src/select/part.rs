//! The conditions of a list taken apart at their `and`s: which fix a field to one value, which to
//! several, which are alternatives. That is what an index can be chosen by; the text of each
//! part is complete without it.

use super::{Select, fit};
use crate::cell::Cell;
use crate::codec::encode;
use crate::layout::Shape;
use crate::sql::order::rank_of;
use crate::sql::{self, Fragment, Ground, Right, Scalar, Term, Truth, Unanswerable};
use model::definition::RecordType;
use model::expression::{Comparison, Node};
use model::{Name, Value};
use std::rc::Rc;

/// One condition that must hold.
#[derive(Debug)]
pub(super) struct Part {
    pub truth: Truth,
    pub form: Form,
}

#[derive(Debug)]
pub(super) enum Form {
    Plain,
    /// A field equals a value.
    One(Name, Cell),
    /// A field equals one of several values.
    OneOf(Name, Vec<Cell>),
    /// At least one of these holds, each taken apart again.
    Any(Vec<Vec<Rc<Part>>>),
}

/// Everything that must hold for a record to be in the list: its type, not withdrawn, the
/// reader's right, the filters.
pub(super) fn parts(ground: &Ground, select: &Select) -> Result<Vec<Rc<Part>>, Unanswerable> {
    let mut parts = Vec::new();
    if ground.record_type.name != *ground.record_type.root() {
        parts.push(typed(ground, &ground.record_type.family));
    }
    if !select.withdrawn {
        let column = ground.column("withdrawn_at");
        let sql = Fragment::of("{} IS NULL", &[&column]);
        parts.push(Rc::new(Part { truth: Truth::certain(sql), form: Form::Plain }));
    }
    parts.extend(rights(ground)?);
    parts.extend(right_of_today(ground)?);
    for filter in &select.filters {
        parts.extend(taken_apart(ground, filter)?);
    }
    Ok(parts)
}

/// Whether records are of this type itself.
pub(super) fn is_concrete(ground: &Ground, name: &Name) -> bool {
    ground.type_named(name).is_ok_and(|record_type| !record_type.is_abstract)
}

fn typed(ground: &Ground, types: &[Name]) -> Rc<Part> {
    let cell = |name: &Name| Cell::from(name.as_str());
    let form = match (types, Name::new("type")) {
        ([one], Some(field)) => Form::One(field, cell(one)),
        (several, Some(field)) => Form::OneOf(field, several.iter().map(cell).collect()),
        _ => Form::Plain,
    };
    Rc::new(Part { truth: sql::is_of(ground, types), form })
}

fn rights(ground: &Ground) -> Result<Vec<Rc<Part>>, Unanswerable> {
    let groups = sql::read_rights(ground);
    if let [(types, right)] = groups.as_slice() {
        return right_parts(ground, types, right);
    }
    let mut alternatives = Vec::new();
    for (types, right) in groups.iter().filter(|(_, right)| *right != Right::Never) {
        let mut parts = vec![typed(ground, types)];
        parts.extend(right_parts(ground, types, right)?);
        alternatives.push(parts);
    }
    if alternatives.len() == 1 {
        return Ok(alternatives.remove(0));
    }
    Ok(vec![any(alternatives)])
}

/// The past is read under today's right, too: what is hidden by now is hidden in every list of it.
fn right_of_today(ground: &Ground) -> Result<Option<Rc<Part>>, Unanswerable> {
    let everything = sql::read_rights(ground).iter().all(|(_, right)| *right == Right::All);
    if ground.as_of.is_none() || everything {
        return Ok(None);
    }
    let today = Ground { as_of: None, ..ground.inner(ground.record_type) };
    let readable = sql::readable(&today)?;
    let (own, key) = (today.column("key"), ground.column("key"));
    let parts = [&sql::source(&today), &own, &key, &readable];
    let sql = Fragment::of("EXISTS (SELECT 1 FROM {} WHERE {} = {} AND ({}))", &parts);
    Ok(Some(Rc::new(Part { truth: Truth::certain(sql), form: Form::Plain })))
}

fn right_parts(
    ground: &Ground,
    types: &[Name],
    right: &Right,
) -> Result<Vec<Rc<Part>>, Unanswerable> {
    let of: &RecordType = match types.first() {
        Some(first) => ground.type_named(first)?,
        None => ground.record_type,
    };
    match right {
        Right::All => Ok(Vec::new()),
        Right::Never => Ok(vec![any(Vec::new())]),
        Right::Where(node) => taken_apart(&ground.whole().as_type(of), node),
    }
}

fn any(alternatives: Vec<Vec<Rc<Part>>>) -> Rc<Part> {
    let all = |parts: &Vec<Rc<Part>>| Truth::all(parts.iter().map(|p| p.truth.clone()).collect());
    let truth = Truth::any(alternatives.iter().map(all).collect());
    Rc::new(Part { truth, form: Form::Any(alternatives) })
}

fn taken_apart(ground: &Ground, node: &Node) -> Result<Vec<Rc<Part>>, Unanswerable> {
    if let Node::And(nodes) = node {
        let mut parts = Vec::new();
        for node in nodes {
            parts.extend(taken_apart(ground, node)?);
        }
        return Ok(parts);
    }
    if let Node::Or(nodes) = node {
        let alternatives = nodes.iter().map(|node| taken_apart(ground, node));
        let any = any(alternatives.collect::<Result<_, _>>()?);
        return Ok(if any.truth.always() { Vec::new() } else { vec![any] });
    }
    let truth = sql::truth(ground, node)?;
    if truth.always() {
        return Ok(Vec::new());
    }
    let form = form(ground, node);
    let truth = match &form {
        Form::One(field, cell) => equals(ground, field, std::slice::from_ref(cell), truth),
        Form::OneOf(field, cells) => equals(ground, field, cells, truth),
        _ => truth,
    };
    Ok(vec![Rc::new(Part { truth, form })])
}

/// A field that is one of the cells. Where an index has a choice, it has it by rank, and the
/// database must be asked for the rank. `plain` says the same, within the reader's right to the
/// field.
pub(super) fn equals(ground: &Ground, field: &Name, cells: &[Cell], plain: Truth) -> Truth {
    let stored = sql::stored(ground.record_type, field).map(|stored| stored.shape);
    let (Some(Shape::Choice(choices)), true) = (stored, fit::has(ground, field)) else {
        return plain;
    };
    let rank = |cell: &Cell| i64::try_from(choices.0.get_index_of(cell.text()?)?).ok();
    let Some(ranks) = cells.iter().map(rank).collect::<Option<Vec<i64>>>() else { return plain };
    let ranks: Vec<Fragment> = ranks.into_iter().map(|rank| ground.bind(rank)).collect();
    let rank = rank_of(&ground.column(field), &choices);
    let ranked = match ranks.as_slice() {
        [one] => Fragment::of("{} = {}", &[&rank, one]),
        several => Fragment::of("{} IN ({})", &[&rank, &Fragment::join(several, ", ")]),
    };
    let ranked = Truth::open(ranked);
    if is_guarded(ground, field) { Truth::all(vec![plain, ranked]) } else { ranked }
}

/// Whether the reader sees the field, or the record it names, on some records only.
pub(super) fn is_guarded(ground: &Ground, field: &Name) -> bool {
    !matches!(sql::read(ground, field), Ok(Term::One(Scalar { guard: None, .. })))
}

fn form(ground: &Ground, node: &Node) -> Form {
    match node {
        Node::Field(field) => fixed(ground, field, vec![Value::YesNo(true)]),
        Node::Compare(Comparison::Equal, left, right) => match (&**left, &**right) {
            (Node::Field(field), other) | (other, Node::Field(field)) => {
                let value = sql::known(ground, other);
                value.map_or(Form::Plain, |value| fixed(ground, field, vec![value]))
            }
            _ => Form::Plain,
        },
        Node::In(left, right) => match &**left {
            Node::Field(field) => {
                values(ground, right).map_or(Form::Plain, |values| fixed(ground, field, values))
            }
            _ => Form::Plain,
        },
        _ => Form::Plain,
    }
}

/// The values a known list holds; `None` where a record is read for them.
fn values(ground: &Ground, node: &Node) -> Option<Vec<Value>> {
    match node {
        Node::List(nodes) => nodes.iter().map(|node| sql::known(ground, node)).collect(),
        node => sql::known(ground, node).map(sql::members),
    }
}

fn fixed(ground: &Ground, field: &Name, values: Vec<Value>) -> Form {
    let Some(stored) = sql::stored(ground.record_type, field) else { return Form::Plain };
    let mut cells: Vec<Cell> = Vec::new();
    for value in values.iter().filter(|value| value.is_set()) {
        match encode(&stored, value).as_deref() {
            Ok([cell]) if !cells.contains(cell) => cells.push(cell.clone()),
            Ok([_]) => {}
            _ => return Form::Plain,
        }
    }
    match cells.len() {
        0 => Form::Plain,
        1 => Form::One(field.clone(), cells.remove(0)),
        _ => Form::OneOf(field.clone(), cells),
    }
}
