//! Plus and minus: which kinds can be added, and what comes out. Constants are added here already.
//!
//! | left | | right | gives |
//! | --- | --- | --- | --- |
//! | number | `+ -` | number | a number with the larger number of places |
//! | instant | `+ -` | duration | instant |
//! | instant | `-` | instant | duration |
//! | date | `+ -` | whole days, written out | date |
//! | date | `-` | date | duration of whole days |
//! | duration | `+ -` | duration | duration |
//! | money | `+ -` | money | money, unset where the currencies differ; only in a value |

use super::arithmetic;
use super::check::{Checker, Place, Span, Typed};
use super::literal::DAY;
use super::tree::Term;
use super::{Kind, Node};
use crate::value::Value;

impl Checker<'_> {
    pub fn sum(
        &mut self,
        left: &Term<'_>,
        right: &Term<'_>,
        plus: bool,
        span: Span,
    ) -> Option<Typed> {
        let (left_span, right_span) = (left.span(), right.span());
        let (left, right) = (self.term(left, None), self.term(right, None));
        let (left, right) = (left?, right?);
        if left.is_unset() || right.is_unset() {
            let message = "a sum with what is not set is not set";
            return self.slip(span, "expression-wrong-kind", message, "");
        }
        let (left, left_span, right, right_span) = match (&left.kind, &right.kind) {
            // `15m + now()` is `now() + 15m`: the duration stands on the right in the tree.
            (Kind::Duration, Kind::Instant | Kind::Date) if plus => {
                (right, right_span, left, left_span)
            }
            _ => (left, left_span, right, right_span),
        };
        if right.kind == Kind::Duration || left.kind == Kind::Any || right.kind == Kind::Any {
            self.shift(left, right, plus, left_span, right_span)
        } else {
            self.like(left, right, plus, left_span, right_span)
        }
    }

    /// A sum with a duration, or with a parameter, of which the kind is not known.
    fn shift(
        &mut self,
        left: Typed,
        right: Typed,
        plus: bool,
        left_span: Span,
        right_span: Span,
    ) -> Option<Typed> {
        if left.kind == Kind::Date && right.kind == Kind::Duration {
            let whole = matches!(right.node, Node::Value(Value::Duration(d)) if d % DAY == 0);
            if !whole {
                let hint = "for example `3d` or `2w`";
                let message = "only whole days can be added to a date";
                return self.slip(right_span, "expression-wrong-kind", message, hint);
            }
        }
        if left.kind == Kind::Any || right.kind == Kind::Any {
            let known = if left.kind == Kind::Any { &right } else { &left };
            let span = if left.kind == Kind::Any { right_span } else { left_span };
            self.addable(known, span)?;
        } else if left.is_text_literal() {
            let hint = "write `datetime('2026-03-01T09:00:00Z')` or `date('2026-03-01')`";
            let message = "a duration cannot be added to a text";
            return self.slip(left_span, "expression-wrong-kind", message, hint);
        } else if !matches!(left.kind, Kind::Date | Kind::Instant | Kind::Duration) {
            return self.mismatch(&right, right_span, &left.kind);
        }
        let kind = left.kind.clone();
        self.joined(left, right, plus, kind, (left_span, right_span))
    }

    fn addable(&mut self, part: &Typed, span: Span) -> Option<()> {
        if part.kind.is_ordered() && !matches!(part.kind, Kind::Choice(_)) {
            return Some(());
        }
        let message = format!("{} cannot be added or subtracted", part.kind.describe());
        self.slip(span, "expression-wrong-kind", message, "")
    }

    /// A sum of two of a kind, or the difference of two points in time.
    fn like(
        &mut self,
        left: Typed,
        right: Typed,
        plus: bool,
        left_span: Span,
        right_span: Span,
    ) -> Option<Typed> {
        let (left, right) = self.agree((left, left_span), (right, right_span))?;
        let spans = (left_span, right_span);
        match left.kind.clone() {
            kind @ (Kind::Integer | Kind::Decimal(_) | Kind::Duration) => {
                self.joined(left, right, plus, kind, spans)
            }
            Kind::Instant | Kind::Date if !plus => {
                self.joined(left, right, plus, Kind::Duration, spans)
            }
            Kind::Instant | Kind::Date => {
                let hint = "only a duration can be added: `+ 15m`";
                let message = "two points in time cannot be added";
                self.slip(right_span, "expression-wrong-kind", message, hint)
            }
            Kind::Money if self.place == Place::Value => {
                self.joined(left, right, plus, Kind::Money, spans)
            }
            Kind::Money => {
                let hint = "add amounts in a `computed` field and compare that";
                self.slip(right_span, "expression-not-here", "money is not added here", hint)
            }
            kind => {
                let message = format!("{} cannot be added or subtracted", kind.describe());
                self.slip((left_span.0, right_span.1), "expression-wrong-kind", message, "")
            }
        }
    }

    fn joined(
        &mut self,
        left: Typed,
        right: Typed,
        plus: bool,
        kind: Kind,
        (left_span, right_span): (Span, Span),
    ) -> Option<Typed> {
        if let (Node::Value(a), Node::Value(b)) = (&left.node, &right.node) {
            let sum = if plus { arithmetic::add(a, b) } else { arithmetic::subtract(a, b) };
            if !sum.is_set() {
                let span = (left_span.0.min(right_span.0), left_span.1.max(right_span.1));
                return self.slip(span, "expression-bad-number", "the sum is too large", "");
            }
            return Typed::new(Node::Value(sum), kind);
        }
        let (left, right) = (Box::new(left.node), Box::new(right.node));
        Typed::new(if plus { Node::Add(left, right) } else { Node::Subtract(left, right) }, kind)
    }
}
