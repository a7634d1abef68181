//! When an expression over `now()` or `today()` can change its answer although no record changes.
//! What is kept (claims, counts, clocks) sets a timer for these moments instead of asking again
//! and again; so such an expression may use the time only as a field plus or minus a constant.

use super::literal::DAY;
use super::{Comparison, Expression, Node, Slip};
use crate::name::Name;
use crate::value::Value;

/// A moment at which the truth of an expression can change; none where the field is unset.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// The instant held by the own field plus `offset` microseconds: from that microsecond on the
    /// answer may differ.
    At { field: Name, offset: i64 },
    /// The first instant of a day, in the time zone that `today()` is taken in: the date held by
    /// the own field plus `days`.
    StartOf { field: Name, days: i32 },
}

impl Expression {
    /// All moments at which the answer can change by itself, sorted, without repeats; empty where
    /// neither `now()` nor `today()` is used.
    ///
    /// | expression | moments |
    /// | --- | --- |
    /// | `now() >= due - 15m` | at `due` - 15 minutes |
    /// | `now() > due` | at `due` + 1 microsecond, the first instant at which it is true |
    /// | `now() - created_at < 4h` | at `created_at` + 4 hours |
    /// | `today() > review_on + 30d` | start of the day `review_on` + 31 days |
    ///
    /// # Errors
    /// A slip over the whole text where the time is used in another form than a comparison with
    /// an own field plus or minus a constant.
    pub fn moments(&self) -> Result<Vec<Moment>, Slip> {
        let mut found = Vec::new();
        if collect(&self.node, &mut found).is_none() {
            return Err(Slip {
                start: 0,
                end: self.source.len(),
                id: "expression-time-not-kept",
                message: "the moment at which this changes cannot be told in advance".to_string(),
                hint: Some("compare `now()` with a field plus or minus a duration".to_string()),
            });
        }
        found.sort();
        found.dedup();
        Ok(found)
    }
}

/// Adds the moments of the node; `None` where the time is used in another form.
fn collect(node: &Node, found: &mut Vec<Moment>) -> Option<()> {
    match node {
        Node::Now | Node::Today | Node::StartOf(_) => None,
        Node::Compare(comparison, left, right) if uses_time(left) || uses_time(right) => {
            found.extend(of_comparison(*comparison, left, right)?);
            Some(())
        }
        _ => parts(node).into_iter().try_for_each(|part| collect(part, found)),
    }
}

fn uses_time(node: &Node) -> bool {
    matches!(node, Node::Now | Node::Today | Node::StartOf(_))
        || parts(node).into_iter().any(uses_time)
}

fn parts(node: &Node) -> Vec<&Node> {
    match node {
        Node::List(parts) | Node::And(parts) | Node::Or(parts) => parts.iter().collect(),
        Node::IsSet(part) | Node::Search(part) | Node::Not(part) => vec![part],
        Node::Widen { node, .. } => vec![node],
        Node::Compare(_, a, b) | Node::In(a, b) | Node::Add(a, b) | Node::Subtract(a, b) => {
            vec![a, b]
        }
        Node::Matrix { row, column, .. } => vec![row, column],
        _ => Vec::new(),
    }
}

/// `left - right` as a sum: how often the time and each field are in it, and a constant.
#[derive(Default)]
struct Sum {
    now: i32,
    today: i32,
    fields: Vec<(Name, i32)>,
    micros: i64,
}

fn of_comparison(comparison: Comparison, left: &Node, right: &Node) -> Option<Vec<Moment>> {
    let mut sum = Sum::default();
    sum.add(left, 1)?;
    sum.add(right, -1)?;
    let [(field, sign)] = sum.fields.as_slice() else { return None };
    // Solved for the time: `now comparison field + offset`.
    let time = sum.now + sum.today;
    let (comparison, offset) = match (time, sign) {
        (1, -1) => (comparison, sum.micros.checked_neg()?),
        (-1, 1) => (comparison.mirrored(), sum.micros),
        _ => return None,
    };
    match (sum.now, sum.today) {
        (_, 0) => at(comparison, field, offset),
        (0, _) => start_of(comparison, field, offset),
        _ => None,
    }
}

impl Sum {
    fn add(&mut self, node: &Node, sign: i32) -> Option<()> {
        match node {
            Node::Now => self.now += sign,
            Node::Today => self.today += sign,
            Node::Field(name) => self.fields.push((name.clone(), sign)),
            Node::Value(Value::Duration(micros)) => {
                let part = micros.checked_mul(sign.into())?;
                self.micros = self.micros.checked_add(part)?;
            }
            Node::Add(a, b) => {
                self.add(a, sign)?;
                self.add(b, sign)?;
            }
            Node::Subtract(a, b) => {
                self.add(a, sign)?;
                self.add(b, -sign)?;
            }
            _ => return None,
        }
        Some(())
    }
}

fn at(comparison: Comparison, field: &Name, offset: i64) -> Option<Vec<Moment>> {
    let after = offset.checked_add(1)?;
    let offsets = match comparison {
        Comparison::Less | Comparison::GreaterOrEqual => vec![offset],
        Comparison::LessOrEqual | Comparison::Greater => vec![after],
        Comparison::Equal | Comparison::NotEqual => vec![offset, after],
    };
    Some(offsets.into_iter().map(|offset| Moment::At { field: field.clone(), offset }).collect())
}

/// `today() - reviewed_on < 36h` has a constant that is no whole number of days.
fn start_of(comparison: Comparison, field: &Name, offset: i64) -> Option<Vec<Moment>> {
    let reached = offset.div_euclid(DAY) + i64::from(offset.rem_euclid(DAY) > 0);
    let passed = offset.div_euclid(DAY) + 1;
    let days = match comparison {
        Comparison::Less | Comparison::GreaterOrEqual => vec![reached],
        Comparison::LessOrEqual | Comparison::Greater => vec![passed],
        Comparison::Equal | Comparison::NotEqual => vec![reached, passed],
    };
    let moment =
        |days: i64| Some(Moment::StartOf { field: field.clone(), days: i32::try_from(days).ok()? });
    days.into_iter().map(moment).collect()
}
