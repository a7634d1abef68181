//! Values in SQL: what an expression yields for a record, as columns, subqueries or, where no
//! record is read, as the value itself.

use super::condition::{Truth, truth};
use super::known::{cell, cell_like, known};
use super::matrix::matrix_term;
use super::right::{Shown, shown};
use super::{Fragment, Ground, Unanswerable, arithmetic, field, reach};
use crate::layout::{IntegerKind, Shape, Stored};
use model::Value;
use model::definition::RecordType;
use model::expression::Node;

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
        Node::Field(name) => read(ground, name),
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

/// A field of the record itself, as an expression reads it: as it is shown, and a reference only
/// where the record it names may be read today, for so it is shown, too.
pub(crate) fn read(ground: &Ground, name: &str) -> Result<Term, Unanswerable> {
    let term = own(ground, name)?;
    let Term::One(scalar) = &term else { return Ok(term) };
    let Some(there) = reach::named_seen(ground, name, &scalar.sql)? else {
        return Ok(Term::Known(Value::Unset));
    };
    if there.always() {
        return Ok(term);
    }
    let guards: Vec<Truth> = scalar.guard.iter().cloned().map(Truth::open).collect();
    let guard = Truth::all([guards, vec![there]].concat()).sql;
    Ok(Term::One(Scalar { guard: Some(guard), ..scalar.clone() }))
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
