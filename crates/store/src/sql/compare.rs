//! `==`, `!=` and order. For equality "not set" is a value; in an order it is false on either
//! side, and so are two amounts in different currencies.

use super::condition::Truth;
use super::known::cell_like;
use super::scalar::term;
use super::{Fragment, Ground, Scalar, Term, Unanswerable, reach};
use crate::codec::several_cell;
use model::Value;
use model::expression::{Comparison, Node};

pub(super) fn compare(
    ground: &Ground,
    comparison: Comparison,
    left: &Node,
    right: &Node,
) -> Result<Truth, Unanswerable> {
    if let Some(any) = counted(ground, comparison, left, right)? {
        return Ok(any);
    }
    let (left, right) = (term(ground, left)?, term(ground, right)?);
    Ok(match comparison {
        Comparison::Equal => equality(ground, left, right),
        Comparison::NotEqual => equality(ground, left, right).negated(),
        Comparison::Less => order(ground, left, right, "<"),
        Comparison::LessOrEqual => order(ground, left, right, "<="),
        Comparison::Greater => order(ground, left, right, ">"),
        Comparison::GreaterOrEqual => order(ground, left, right, ">="),
    })
}

/// `count(link) > 0` and the like need not count.
fn counted(
    ground: &Ground,
    comparison: Comparison,
    left: &Node,
    right: &Node,
) -> Result<Option<Truth>, Unanswerable> {
    let (Node::Count(end), Node::Value(Value::Integer(number))) = (left, right) else {
        return Ok(None);
    };
    let any = match (comparison, number) {
        (Comparison::Greater | Comparison::NotEqual, 0) | (Comparison::GreaterOrEqual, 1) => true,
        (Comparison::Equal | Comparison::LessOrEqual, 0) | (Comparison::Less, 1) => false,
        _ => return Ok(None),
    };
    let exists = reach::is_linked(ground, end)?;
    Ok(Some(if any { exists } else { exists.negated() }))
}

fn equality(ground: &Ground, left: Term, right: Term) -> Truth {
    match (left, right) {
        (Term::Known(Value::Unset), other) | (other, Term::Known(Value::Unset)) => {
            other.is_set().negated()
        }
        (known @ Term::Known(_), other) | (other, known @ Term::Known(_)) => {
            equal(ground, &other, &known)
        }
        (Term::One(a), Term::One(b)) if a.holds == b.holds => {
            let parts = [&a.masked(), &b.masked()];
            Truth::certain(Fragment::of("{} IS NOT DISTINCT FROM {}", &parts))
        }
        (left, right) => {
            let neither = vec![left.is_set().negated(), right.is_set().negated()];
            Truth::any(vec![equal(ground, &left, &right), Truth::all(neither)])
        }
    }
}

/// Whether both are set and equal. What is of different kinds never is.
pub(super) fn equal(ground: &Ground, left: &Term, right: &Term) -> Truth {
    match (left, right) {
        (Term::Known(a), Term::Known(b)) => Truth::constant(a.is_set() && a == b),
        (Term::Money { .. }, _) | (_, Term::Money { .. }) => money(ground, left, right, "="),
        (Term::Local { texts, guard }, other) | (other, Term::Local { texts, guard }) => {
            let same = |text| scalars(ground, &Term::One(plain_text(text)), other, "=");
            Truth::any(texts.iter().map(same).collect()).guarded(guard.clone())
        }
        (Term::Several { .. }, _) | (_, Term::Several { .. }) => several(ground, left, right),
        _ => scalars(ground, left, right, "="),
    }
}

/// Several choices equal the same choices, which are always stored in the same order.
fn several(ground: &Ground, left: &Term, right: &Term) -> Truth {
    let text = |term: &Term| match term {
        Term::Several { sql, guard } => Some((sql.clone(), guard.clone())),
        Term::Known(Value::Texts(names)) => Some((ground.bind(several_cell(names)), None)),
        _ => None,
    };
    let (Some((left, left_guard)), Some((right, right_guard))) = (text(left), text(right)) else {
        return Truth::constant(false);
    };
    let same = Truth::open(Fragment::of("{} = {}", &[&left, &right]));
    same.guarded(left_guard).guarded(right_guard)
}

fn plain_text(sql: &Fragment) -> Scalar {
    Scalar { sql: sql.clone(), guard: None, holds: super::scalar::Holds::Text }
}

fn order(ground: &Ground, left: Term, right: Term, sign: &str) -> Truth {
    match (&left, &right) {
        (Term::Money { .. }, _) | (_, Term::Money { .. }) => money(ground, &left, &right, sign),
        _ => scalars(ground, &left, &right, sign),
    }
}

/// The comparison of two cells, false or NULL where a side is unset.
fn scalars(ground: &Ground, left: &Term, right: &Term, sign: &str) -> Truth {
    let like = match (left, right) {
        (Term::One(one), _) | (_, Term::One(one)) => one.holds,
        _ => return Truth::constant(false),
    };
    let like = |term: &Term| term.clone().scalar_like(ground, like);
    let (Some(left), Some(right)) = (like(left), like(right)) else {
        return Truth::constant(false);
    };
    let sql = Fragment::of(&format!("{{}} {sign} {{}}"), &[&left.sql, &right.sql]);
    Truth::open(sql).guarded(left.guard).guarded(right.guard)
}

/// Minor units compare in one currency only.
fn money(ground: &Ground, left: &Term, right: &Term, sign: &str) -> Truth {
    let (Some(left), Some(right)) = (amount(ground, left), amount(ground, right)) else {
        return Truth::constant(false);
    };
    let sql = Fragment::of(
        &format!("({{}} {sign} {{}} AND {{}} = {{}})"),
        &[&left.0, &right.0, &left.1, &right.1],
    );
    Truth::open(sql).guarded(left.2).guarded(right.2)
}

type Amount = (Fragment, Fragment, Option<Fragment>);

fn amount(ground: &Ground, term: &Term) -> Option<Amount> {
    match term {
        Term::Money { minor, currency, guard } => {
            Some((minor.clone(), currency.clone(), guard.clone()))
        }
        Term::Known(Value::Money(money)) => {
            let currency = ground.bind(money.currency.as_str());
            Some((ground.bind(money.minor), currency, None))
        }
        _ => None,
    }
}

/// The cells of known values that hold what `like` holds: of those alone one can be equal to it.
pub(super) fn alike(values: &[Value], like: &Scalar) -> Vec<crate::cell::Cell> {
    values.iter().filter_map(|value| cell_like(value, like.holds)).collect()
}
