//! Values in SQL: what an expression yields for a record, as columns, subqueries or, where no
//! record is read, as the value itself.

use super::ask::Known;
use super::condition::{Truth, truth};
use super::right::{Shown, shown};
use super::{Fragment, Ground, Unanswerable, arithmetic, field, reach};
use crate::cell::Cell;
use crate::codec::several_cell;
use crate::layout::{IntegerKind, Shape, Stored};
use model::definition::RecordType;
use model::expression::{Expression, Kind, Node};
use model::{Name, Value};

/// What one cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    YesNo,
    Integer,
    /// with its places
    Decimal(u8),
    Text,
    Date,
    Instant,
    Duration,
    Reference,
}

/// A value of one cell; NULL where it is unset.
#[derive(Debug, Clone)]
pub struct Scalar {
    pub sql: Fragment,
    /// Where there is one, the value counts as unset unless this holds. Kept apart from the
    /// value, so that `column = value` stays readable to an index.
    pub guard: Option<Fragment>,
    pub holds: Holds,
}

/// A value in SQL.
#[derive(Debug, Clone)]
pub enum Term {
    /// No record is read.
    Known(Value),
    One(Scalar),
    Money {
        minor: Fragment,
        currency: Fragment,
        guard: Option<Fragment>,
    },
    /// `|a|b|`
    Several {
        sql: Fragment,
        guard: Option<Fragment>,
    },
    /// A text a language.
    Local {
        texts: Vec<Fragment>,
        guard: Option<Fragment>,
    },
    /// Known only whether it is set.
    Opaque {
        sql: Fragment,
        guard: Option<Fragment>,
    },
}

/// The value of an expression for the record.
///
/// # Errors
/// Where it is a set of linked records, or does not fit the definitions.
pub fn term(ground: &Ground, node: &Node) -> Result<Term, Unanswerable> {
    if let Some(value) = known(ground, node) {
        return Ok(Term::Known(value));
    }
    match node {
        Node::Field(name) => own(ground, name),
        Node::Step { reference, to, field } => reach::step(ground, reference, to, field),
        Node::Count(end) => reach::count(ground, end),
        Node::Widen { node, from, to } => {
            arithmetic::widen(term(ground, node)?, ground, *from, *to)
        }
        Node::Add(left, right) => {
            arithmetic::sum(ground, term(ground, left)?, term(ground, right)?, true)
        }
        Node::Subtract(left, right) => {
            arithmetic::sum(ground, term(ground, left)?, term(ground, right)?, false)
        }
        Node::Matrix { matrix, row, column } => matrix_term(ground, matrix, row, column),
        Node::And(_) | Node::Or(_) | Node::Not(_) | Node::IsSet(_) => yes_no(ground, node),
        Node::Compare(..) | Node::In(..) | Node::Search(_) => yes_no(ground, node),
        other => Err(Unanswerable(format!("{other:?} is not one value"))),
    }
}

fn yes_no(ground: &Ground, node: &Node) -> Result<Term, Unanswerable> {
    let sql = truth(ground, node)?.closed();
    Ok(Term::One(Scalar { sql, guard: None, holds: Holds::YesNo }))
}

/// The value of an expression that reads no record; `None` where it does.
pub(crate) fn known(ground: &Ground, node: &Node) -> Option<Value> {
    match node {
        Node::Value(value) => return Some(value.clone()),
        node if !reads_nothing(node) => return None,
        _ => {}
    }
    let facts = Known { asker: ground.context.asker, record_type: ground.record_type };
    let whole = Expression { source: "".into(), node: node.clone(), kind: Kind::Any };
    Some(whole.evaluate(&facts))
}

fn reads_nothing(node: &Node) -> bool {
    match node {
        Node::Value(_) | Node::Now | Node::Today | Node::Me => true,
        Node::MyPart(_) | Node::Parameter(_) => true,
        Node::Field(_) | Node::Step { .. } | Node::StepLink { .. } | Node::Linked(_) => false,
        Node::LinkedField { .. } | Node::LinkedLink { .. } => false,
        Node::Count(_) | Node::Search(_) => false,
        Node::IsSet(part) | Node::Not(part) | Node::Widen { node: part, .. } => reads_nothing(part),
        Node::Compare(_, left, right) | Node::In(left, right) => {
            reads_nothing(left) && reads_nothing(right)
        }
        Node::Add(left, right) | Node::Subtract(left, right) => {
            reads_nothing(left) && reads_nothing(right)
        }
        Node::List(parts) | Node::And(parts) | Node::Or(parts) => parts.iter().all(reads_nothing),
        Node::Matrix { row, column, .. } => reads_nothing(row) && reads_nothing(column),
    }
}

/// A field of the record itself, as far as it is shown.
pub(crate) fn own(ground: &Ground, name: &str) -> Result<Term, Unanswerable> {
    let Some(stored) = field::stored(ground.record_type, name) else {
        return Err(no_field(ground.record_type, name));
    };
    Ok(match shown(ground, name)? {
        Shown::Never => Term::Known(Value::Unset),
        Shown::Always => columns(&stored, None, |column| ground.column(column)),
        Shown::Where(guard) => columns(&stored, Some(guard), |column| ground.column(column)),
    })
}

pub(super) fn no_field(record_type: &RecordType, field: &str) -> Unanswerable {
    Unanswerable(format!("`{}` has no field `{field}`", record_type.name))
}

/// A stored field as a term, with `column` giving the SQL of each of its columns.
pub(super) fn columns(
    stored: &Stored,
    guard: Option<Fragment>,
    column: impl Fn(&str) -> Fragment,
) -> Term {
    let mut columns = stored.columns.iter().map(|(name, _)| column(name));
    let first = columns.next().unwrap_or_default();
    match &stored.shape {
        Shape::Money => {
            Term::Money { minor: first, currency: columns.next().unwrap_or_default(), guard }
        }
        Shape::MultiChoice(_) => Term::Several { sql: first, guard },
        Shape::LocalText(_) => {
            Term::Local { texts: std::iter::once(first).chain(columns).collect(), guard }
        }
        Shape::Attachments => Term::Opaque { sql: first, guard },
        shape => Term::One(Scalar { sql: first, guard, holds: holds(shape) }),
    }
}

fn holds(shape: &Shape) -> Holds {
    match shape {
        Shape::YesNo => Holds::YesNo,
        Shape::Decimal(places) => Holds::Decimal(*places),
        Shape::Integer(IntegerKind::Integer) => Holds::Integer,
        Shape::Integer(IntegerKind::Date) => Holds::Date,
        Shape::Integer(IntegerKind::Instant) => Holds::Instant,
        Shape::Integer(IntegerKind::Duration) => Holds::Duration,
        Shape::Integer(IntegerKind::Reference) => Holds::Reference,
        _ => Holds::Text,
    }
}

/// The cell of a known value where one that holds `like` is compared with it; `None` where none
/// can be equal. Numbers compare by size, whatever their places.
pub(super) fn cell_like(value: &Value, like: Holds) -> Option<Cell> {
    let (found, holds) = cell(value)?;
    if holds == like {
        return Some(found);
    }
    let (from, to) = (places(holds)?, places(like)?);
    let units = found.integer()?;
    let factor = 10_i64.checked_pow(u32::from(from.abs_diff(to)))?;
    let fitted = if to >= from {
        units.checked_mul(factor)?
    } else {
        (units % factor == 0).then_some(units / factor)?
    };
    Some(Cell::Integer(fitted))
}

fn places(holds: Holds) -> Option<u8> {
    match holds {
        Holds::Integer => Some(0),
        Holds::Decimal(places) => Some(places),
        _ => None,
    }
}

/// The cell of a value and what it holds; `None` for values of several cells and unset ones.
pub(super) fn cell(value: &Value) -> Option<(Cell, Holds)> {
    Some(match value {
        Value::YesNo(yes) => (Cell::Bool(*yes), Holds::YesNo),
        Value::Integer(number) => (Cell::Integer(*number), Holds::Integer),
        Value::Decimal(d) => (Cell::Integer(d.units), Holds::Decimal(d.places)),
        Value::Text(text) => (Cell::Text(text.clone()), Holds::Text),
        Value::Texts(names) => (several_cell(names), Holds::Text),
        Value::Date(days) => (Cell::Integer(i64::from(*days)), Holds::Date),
        Value::Instant(at) => (Cell::Integer(*at), Holds::Instant),
        Value::Duration(micros) => (Cell::Integer(*micros), Holds::Duration),
        Value::Reference(key) => (Cell::Integer(key.0), Holds::Reference),
        _ => return None,
    })
}

impl Scalar {
    /// NULL where it is unset or not shown.
    pub fn masked(&self) -> Fragment {
        match &self.guard {
            Some(guard) => Fragment::of("CASE WHEN {} THEN {} END", &[guard, &self.sql]),
            None => self.sql.clone(),
        }
    }
}

impl Term {
    pub(super) fn is_set(&self) -> Truth {
        let set = |sql: &Fragment, guard: &Option<Fragment>| {
            Truth::certain(Fragment::of("{} IS NOT NULL", &[sql])).guarded(guard.clone())
        };
        match self {
            Term::Known(value) => Truth::constant(value.is_set()),
            Term::One(Scalar { sql, guard, .. }) => set(sql, guard),
            Term::Money { minor, guard, .. } => set(minor, guard),
            Term::Several { sql, guard } | Term::Opaque { sql, guard } => set(sql, guard),
            Term::Local { texts, guard } => {
                let any = texts.iter().map(|text| set(text, &None)).collect();
                Truth::any(any).guarded(guard.clone())
            }
        }
    }

    /// As one cell to compare with one that holds `like`; `None` where they cannot be compared.
    pub(super) fn scalar_like(self, ground: &Ground, like: Holds) -> Option<Scalar> {
        match self {
            Term::One(scalar) => (scalar.holds == like).then_some(scalar),
            Term::Known(value) => {
                let sql = ground.bind(cell_like(&value, like)?);
                Some(Scalar { sql, guard: None, holds: like })
            }
            _ => None,
        }
    }

    /// As one cell, a known value bound; `None` where it takes more than one cell or is unset.
    pub(super) fn scalar(self, ground: &Ground) -> Option<Scalar> {
        match self {
            Term::One(scalar) => Some(scalar),
            Term::Known(value) => {
                let (cell, holds) = cell(&value)?;
                Some(Scalar { sql: ground.bind(cell), guard: None, holds })
            }
            _ => None,
        }
    }
}

/// The name in the cell of a matrix.
pub(super) fn matrix_cell<'a>(
    record_type: &'a RecordType,
    matrix: &str,
    row: &str,
    column: &str,
) -> Option<&'a Name> {
    let matrix = record_type.matrices.get(matrix)?;
    let at = |field: &str, choice: &str| {
        choices(record_type, field)?.iter().position(|name| name == choice)
    };
    matrix.cells.get(at(&matrix.rows, row)?)?.get(at(&matrix.columns, column)?)
}

fn choices(record_type: &RecordType, field: &str) -> Option<Vec<Name>> {
    match field::stored(record_type, field)?.shape {
        Shape::Choice(choices) => Some(choices.0.keys().cloned().collect()),
        _ => None,
    }
}

fn matrix_term(
    ground: &Ground,
    matrix: &Name,
    row: &Node,
    column: &Node,
) -> Result<Term, Unanswerable> {
    let part = |node| term(ground, node).map(|term| term.scalar(ground));
    let (Some(row), Some(column)) = (part(row)?, part(column)?) else {
        return Ok(Term::Known(Value::Unset));
    };
    let of = ground.record_type;
    let found = of.matrices.get(matrix);
    let (Some(declared), Some(rows), Some(columns)) = (
        found,
        found.and_then(|m| choices(of, &m.rows)),
        found.and_then(|m| choices(of, &m.columns)),
    ) else {
        return Err(Unanswerable(format!("`{}` has no matrix `{matrix}`", of.name)));
    };
    let mut sql = Fragment::of("CASE {}", &[&row.masked()]);
    for (name, cells) in rows.iter().zip(&declared.cells) {
        sql.push(&Fragment::of(&format!(" WHEN '{name}' THEN CASE {{}}"), &[&column.masked()]));
        for (name, cell) in columns.iter().zip(cells) {
            sql.push_text(&format!(" WHEN '{name}' THEN '{cell}'"));
        }
        sql.push_text(" END");
    }
    sql.push_text(" END");
    Ok(Term::One(Scalar { sql, guard: None, holds: Holds::Text }))
}
