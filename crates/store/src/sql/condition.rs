//! Conditions: true, or not. The entry of the compiler.
//!
//! SQL is three-valued, expressions are not: NULL counts as false. `AND` and `OR` keep that by
//! themselves, so that plain comparisons stay plain and indexes usable; only what is negated or
//! used as a value is closed with `IS TRUE`. [`Truth::certain`] says where even that is needless.

use super::reach::{self, Reach};
use super::{Fragment, Ground, Scalar, Term, Unanswerable, compare, known, member, scalar, search};
use model::expression::Node;

/// A condition in SQL.
#[derive(Debug, Clone)]
pub(crate) struct Truth {
    pub sql: Fragment,
    /// Never NULL.
    pub certain: bool,
}

/// What may stand after WHERE: true exactly where the expression holds for the record.
///
/// # Errors
/// Where the expression does not fit the definitions or cannot be said in SQL.
pub fn condition(ground: &Ground, node: &Node) -> Result<Fragment, Unanswerable> {
    truth(ground, node).map(|truth| truth.sql)
}

pub(crate) fn truth(ground: &Ground, node: &Node) -> Result<Truth, Unanswerable> {
    if let Some(value) = known::known(ground, node) {
        return Ok(Truth::constant(value.as_bool()));
    }
    match node {
        Node::And(parts) => Ok(Truth::all(truths(ground, parts)?)),
        Node::Or(parts) => Ok(Truth::any(truths(ground, parts)?)),
        Node::Not(part) => Ok(truth(ground, part)?.negated()),
        Node::IsSet(part) => is_set(ground, part),
        Node::Compare(comparison, left, right) => {
            compare::compare(ground, *comparison, left, right)
        }
        Node::In(left, right) => member::member(ground, left, right),
        Node::Search(words) => search::search(ground, words),
        node => Ok(holds(scalar::term(ground, node)?)),
    }
}

fn truths(ground: &Ground, parts: &[Node]) -> Result<Vec<Truth>, Unanswerable> {
    parts.iter().map(|part| truth(ground, part)).collect()
}

/// A value used as a condition: only true holds.
fn holds(term: Term) -> Truth {
    match term {
        Term::Known(value) => Truth::constant(value.as_bool()),
        Term::One(Scalar { sql, guard, .. }) => Truth::open(sql).guarded(guard),
        _ => Truth::constant(false),
    }
}

fn is_set(ground: &Ground, node: &Node) -> Result<Truth, Unanswerable> {
    match reach::reach(ground, node)? {
        Some(Reach::Nowhere) => Ok(Truth::constant(false)),
        Some(Reach::There(there)) => Ok(there.exists(there.value.is_set())),
        None => Ok(scalar::term(ground, node)?.is_set()),
    }
}

impl Truth {
    pub fn constant(yes: bool) -> Truth {
        Truth { sql: Fragment::raw(if yes { "TRUE" } else { "FALSE" }), certain: true }
    }

    /// May be NULL.
    pub fn open(sql: Fragment) -> Truth {
        Truth { sql, certain: false }
    }

    pub fn certain(sql: Fragment) -> Truth {
        Truth { sql, certain: true }
    }

    pub fn always(&self) -> bool {
        self.sql.is_raw("TRUE")
    }

    pub fn never(&self) -> bool {
        self.sql.is_raw("FALSE")
    }

    pub fn negated(self) -> Truth {
        if self.always() || self.never() {
            return Truth::constant(self.never());
        }
        let template = if self.certain { "(NOT ({}))" } else { "(({}) IS NOT TRUE)" };
        Truth::certain(Fragment::of(template, &[&self.sql]))
    }

    /// The condition as a value of its own: true or false.
    pub fn closed(self) -> Fragment {
        let template = if self.certain { "({})" } else { "(({}) IS TRUE)" };
        Fragment::of(template, &[&self.sql])
    }

    /// Both the guard, where there is one, and this.
    pub fn guarded(self, guard: Option<Fragment>) -> Truth {
        match guard {
            Some(guard) => Truth::all(vec![Truth::open(guard), self]),
            None => self,
        }
    }

    pub fn all(parts: Vec<Truth>) -> Truth {
        if parts.iter().any(Truth::never) {
            return Truth::constant(false);
        }
        Truth::joined(parts.into_iter().filter(|part| !part.always()).collect(), " AND ", true)
    }

    pub fn any(parts: Vec<Truth>) -> Truth {
        if parts.iter().any(Truth::always) {
            return Truth::constant(true);
        }
        Truth::joined(parts.into_iter().filter(|part| !part.never()).collect(), " OR ", false)
    }

    fn joined(mut parts: Vec<Truth>, word: &str, empty: bool) -> Truth {
        if parts.len() < 2 {
            return parts.pop().unwrap_or_else(|| Truth::constant(empty));
        }
        let certain = parts.iter().all(|part| part.certain);
        let texts: Vec<Fragment> = parts.into_iter().map(|part| part.sql).collect();
        Truth { sql: Fragment::of("({})", &[&Fragment::join(&texts, word)]), certain }
    }
}
