//! Plus, minus and more decimal places. A result out of range is unset, as in memory: SQLite
//! would go on with a floating number, PostgreSQL would stop the statement.

use super::scalar::{Holds, Scalar, Term};
use super::{Dialect, Fragment, Ground, Unanswerable};
use model::Value;

const DAY: i64 = 86_400_000_000;

pub(super) fn sum(
    ground: &Ground,
    left: Term,
    right: Term,
    plus: bool,
) -> Result<Term, Unanswerable> {
    if matches!((&left, &right), (Term::Known(Value::Unset), _) | (_, Term::Known(Value::Unset))) {
        return Ok(Term::Known(Value::Unset));
    }
    let right = match (&left, right) {
        (Term::One(Scalar { holds: Holds::Date, .. }), Term::Known(Value::Duration(micros))) => {
            Term::Known(days(micros))
        }
        (_, right) => right,
    };
    let unlike = || Unanswerable("a sum of values that cannot be added".to_string());
    let left = left.scalar(ground).ok_or_else(unlike)?;
    let right = right.scalar(ground).ok_or_else(unlike)?;
    let sign = if plus { '+' } else { '-' };
    let joined = joined(ground.context.dialect, &left.masked(), sign, &right.masked());
    let (sql, holds) = match (left.holds, right.holds) {
        (Holds::Date, Holds::Integer) => (date_range(&joined), Holds::Date),
        (Holds::Date, Holds::Date) if !plus => {
            let day = ground.bind(DAY);
            (self::joined(ground.context.dialect, &joined, '*', &day), Holds::Duration)
        }
        (Holds::Instant, Holds::Instant) if !plus => (joined, Holds::Duration),
        (Holds::Instant, Holds::Duration) => (joined, Holds::Instant),
        (a @ (Holds::Integer | Holds::Decimal(_) | Holds::Duration), b) if a == b => (joined, a),
        _ => return Err(unlike()),
    };
    Ok(Term::One(Scalar { sql, guard: None, holds }))
}

/// Whole days as a number beside a date; anything else cannot be added to one.
fn days(micros: i64) -> Value {
    if micros % DAY == 0 { Value::Integer(micros / DAY) } else { Value::Unset }
}

/// The number at more places.
pub(super) fn widen(term: Term, ground: &Ground, from: u8, to: u8) -> Result<Term, Unanswerable> {
    let factor = to.checked_sub(from).and_then(|more| 10_i64.checked_pow(u32::from(more)));
    let (Term::One(scalar), Some(factor)) = (term, factor) else {
        return Ok(Term::Known(Value::Unset));
    };
    let sql = joined(ground.context.dialect, &scalar.masked(), '*', &ground.bind(factor));
    Ok(Term::One(Scalar { sql, guard: None, holds: Holds::Decimal(to) }))
}

/// `left sign right`, NULL where it does not fit 64 bits. In a subquery, so that the operands are
/// written once.
fn joined(dialect: Dialect, left: &Fragment, sign: char, right: &Fragment) -> Fragment {
    let template = match dialect {
        Dialect::Sqlite => format!(
            "(SELECT CASE typeof(n) WHEN 'integer' THEN n END FROM (SELECT {{}} {sign} {{}} AS n))"
        ),
        Dialect::Postgres => format!(
            "(SELECT CASE WHEN n BETWEEN {} AND {} THEN n::bigint END \
             FROM (SELECT ({{}})::numeric {sign} ({{}})::numeric AS n) AS sum)",
            i64::MIN,
            i64::MAX
        ),
    };
    Fragment::of(&template, &[left, right])
}

fn date_range(sum: &Fragment) -> Fragment {
    let template = format!(
        "(SELECT CASE WHEN d BETWEEN {} AND {} THEN d END FROM (SELECT {{}} AS d) AS day)",
        i32::MIN,
        i32::MAX
    );
    Fragment::of(&template, &[sum])
}
