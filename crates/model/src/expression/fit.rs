//! Making kinds equal: a literal becomes what stands beside it, numbers get the same places. What
//! cannot be made equal is reported with what would help.

use super::check::{Checker, Place, Span, Typed};
use super::literal::{self, Bad};
use super::{Kind, Node, arithmetic, suggest};
use crate::definition::Choices;
use crate::label::Label;
use crate::value::Value;
use std::sync::Arc;

impl Checker<'_> {
    /// The part as the kind `target`, or a slip at its place.
    pub fn fit(&mut self, part: Typed, span: Span, target: &Kind) -> Option<Typed> {
        if let Some(places) = target.places().filter(|_| part.kind.places().is_some()) {
            return self.fit_number(part, span, places, target);
        }
        if part.is_text_literal()
            && let Node::Value(Value::Text(text)) = &part.node
            && let Some(fitted) = self.fit_text(text, span, target)
        {
            return fitted.and_then(|value| Typed::new(Node::Value(value), target.clone()));
        }
        if let (Node::List(parts), Kind::MultiChoice(choices)) = (&part.node, target) {
            return self.fit_choices(parts, span, choices);
        }
        if part.kind.agrees_with(target, self.scope) {
            self.note_use(&part, span, target);
            let kind = if part.kind == Kind::Any { target.clone() } else { part.kind };
            return Typed::new(part.node, kind);
        }
        self.mismatch(&part, span, target)
    }

    /// A parameter is used as what it is compared with.
    fn note_use(&mut self, part: &Typed, (start, end): Span, target: &Kind) {
        if matches!(part.node, Node::Parameter(_)) {
            let here = self.uses.iter_mut().find(|used| (used.start, used.end) == (start, end));
            here.into_iter().for_each(|used| used.kind = target.clone());
        }
    }

    /// Both sides as one kind, the literal following the other side.
    pub fn agree(&mut self, left: (Typed, Span), right: (Typed, Span)) -> Option<(Typed, Typed)> {
        let ((left, left_span), (right, right_span)) = (left, right);
        if let (Some(a), Some(b)) = (left.kind.places(), right.kind.places()) {
            let most = a.max(b);
            let kind =
                if left.kind == right.kind { left.kind.clone() } else { Kind::Decimal(most) };
            let left = self.fit_number(left, left_span, most, &kind)?;
            let right = self.fit_number(right, right_span, most, &kind)?;
            return Some((left, right));
        }
        let left_follows = left.is_text_literal() && right.kind != Kind::Text;
        if left_follows || left.kind == Kind::Any {
            let left = self.fit(left, left_span, &right.kind)?;
            return Some((left, right));
        }
        let right = self.fit(right, right_span, &left.kind)?;
        Some((left, right))
    }

    fn fit_number(&mut self, part: Typed, span: Span, to: u8, target: &Kind) -> Option<Typed> {
        let from = part.kind.places().unwrap_or(0);
        if part.kind == *target {
            return Some(part);
        }
        if from > to {
            let hint = format!("at most {to} decimal places");
            return self.slip(span, "expression-wrong-kind", "too many decimal places", hint);
        }
        let node = match part.node {
            Node::Value(value) => match arithmetic::widened(&value, to) {
                Value::Unset => return self.slip(span, "expression-bad-number", "too large", ""),
                value => Node::Value(value),
            },
            node => Node::Widen { node: Box::new(node), from, to },
        };
        Typed::new(node, target.clone())
    }

    /// A text as the target; `None` where the target is nothing a text is written for.
    fn fit_text(&mut self, text: &Arc<str>, span: Span, target: &Kind) -> Option<Option<Value>> {
        let value = match target {
            Kind::Choice(choices) => return Some(self.choice(text, span, choices)),
            Kind::Date => literal::date(text).map(Value::Date),
            Kind::Instant => literal::instant(text).map(Value::Instant),
            Kind::Money => literal::money(text).map(Value::Money),
            // A record by number, id or title: who runs the filter looks it up.
            Kind::Reference(_) if self.place == Place::Filter => Ok(Value::Text(text.clone())),
            _ => return None,
        };
        Some(value.map_err(|bad| self.bad(text, span, target, bad)).ok())
    }

    /// Reports a text that is not the date, instant or money it stands for.
    pub fn bad(&mut self, text: &str, span: Span, target: &Kind, (message, hint): Bad) {
        let id = match target {
            Kind::Money => "expression-bad-money",
            _ => "expression-bad-date",
        };
        self.slip::<()>(span, id, format!("`{text}`: {message}"), hint);
    }

    /// A name of the choices. A label written instead is answered with the name.
    pub fn choice(&mut self, text: &Arc<str>, span: Span, choices: &Choices) -> Option<Value> {
        if choices.0.contains_key(&**text) {
            return Some(Value::Text(text.clone()));
        }
        let labelled = |label: &Label| label.texts().any(|(_, shown)| shown == &**text);
        let by_label = choices.0.iter().find(|(_, label)| labelled(label));
        let hint = match by_label {
            Some((name, _)) => Some(format!("write the name: `'{name}'`")),
            None => suggest::hint(text, &choices.0.keys().map(|k| k.as_str()).collect::<Vec<_>>()),
        };
        let message = format!("unknown choice `{text}`");
        self.slip(span, "expression-unknown-choice", message, hint.unwrap_or_default())
    }

    /// A list written out as the value of a multi-choice, in rank order.
    fn fit_choices(&mut self, parts: &[Node], span: Span, choices: &Arc<Choices>) -> Option<Typed> {
        let mut written = Vec::new();
        for part in parts {
            let Node::Value(Value::Text(text)) = part else {
                let hint = "for example `['a', 'b']`";
                return self.slip(span, "expression-wrong-kind", "expected choices", hint);
            };
            self.choice(text, span, choices)?;
            written.push(text);
        }
        let names = choices.0.keys().filter(|name| written.iter().any(|w| name.as_str() == &***w));
        let names: Arc<[Arc<str>]> = names.map(|name| Arc::from(name.as_str())).collect();
        let value = if names.is_empty() { Value::Unset } else { Value::Texts(names) };
        Typed::new(Node::Value(value), Kind::MultiChoice(choices.clone()))
    }

    /// Reports that a kind is not the one that is needed.
    pub fn mismatch<T>(&mut self, part: &Typed, span: Span, target: &Kind) -> Option<T> {
        let message = format!("expected {}, found {}", target.describe(), part.kind.describe());
        let hint = remedy(part, target).unwrap_or_default();
        self.slip(span, "expression-wrong-kind", message, hint)
    }
}

/// What to write instead, where it can be told.
fn remedy(part: &Typed, target: &Kind) -> Option<String> {
    let literal = matches!(part.node, Node::Value(_));
    let several = "write `value in field` where the field holds several";
    let hint = match (&part.kind, target) {
        (Kind::Instant, Kind::Date) if part.node == Node::Now => "write `today()` beside a date",
        (Kind::Date, Kind::Instant) if part.node == Node::Today => {
            "write `now()` beside an instant"
        }
        (Kind::Instant, Kind::Date) | (Kind::Date, Kind::Instant) => {
            "a date has no time of day: a date compares with `today()`, an instant with `now()`"
        }
        (Kind::Integer | Kind::Decimal(_), Kind::Duration | Kind::Instant | Kind::Date) => {
            "give a unit: `15m`, `4h`, `3d`"
        }
        (Kind::Integer | Kind::Decimal(_), Kind::Money) => "name the currency: `'CNY 100.00'`",
        (Kind::Integer | Kind::Decimal(_), Kind::Text | Kind::Choice(_)) if literal => {
            "write it in quotes"
        }
        (Kind::Text, Kind::Integer | Kind::Decimal(_) | Kind::Duration) if literal => {
            "write it without quotes"
        }
        (Kind::Text, Kind::YesNo) if literal => "write `true` or `false`",
        (Kind::Text, Kind::Choice(_)) => "only a text in quotes can be a choice",
        (Kind::Text, Kind::Reference(_) | Kind::References(_)) => {
            "compare a field of the record: `reference.field == 'text'`"
        }
        (Kind::Choice(_), Kind::Choice(_)) => "the two have different choices",
        (Kind::References(_) | Kind::MultiChoice(_) | Kind::List(_), Kind::YesNo) => {
            "write `is set` after it"
        }
        (Kind::References(_) | Kind::MultiChoice(_) | Kind::List(_), _) => several,
        (_, Kind::References(_) | Kind::MultiChoice(_) | Kind::List(_)) => several,
        (_, Kind::YesNo) => "write a comparison, or `is set` after it",
        _ => return None,
    };
    Some(hint.to_string())
}
