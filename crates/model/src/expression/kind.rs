//! What can be asked of a kind, and the kinds of fields. Which kinds go together in an operation
//! is decided where the operation is checked.

use super::{Kind, Scope};
use crate::definition::{Choices, FieldKind};
use crate::name::Name;
use std::sync::Arc;

impl Kind {
    /// Whether `<` means anything: choices by rank, the rest by size or time. Texts are not
    /// ordered in expressions, lists are (by a collation that a condition must not depend on).
    pub fn is_ordered(&self) -> bool {
        use Kind::{Any, Choice, Date, Decimal, Duration, Instant, Integer, Money};
        matches!(self, Any | Integer | Decimal(_) | Money | Choice(_) | Date | Instant | Duration)
    }

    /// Whether the kind holds several values at once.
    pub fn is_several(&self) -> bool {
        matches!(self, Kind::References(_) | Kind::MultiChoice(_) | Kind::List(_))
    }

    /// The decimal places of a number; none for other kinds.
    pub fn places(&self) -> Option<u8> {
        match self {
            Kind::Integer => Some(0),
            Kind::Decimal(places) => Some(*places),
            _ => None,
        }
    }

    /// For messages: "a date", "a record of `service`".
    pub fn describe(&self) -> String {
        let plain = match self {
            Kind::Any => "any value",
            Kind::YesNo => "yes or no",
            Kind::Integer => "a whole number",
            Kind::Decimal(_) => "a decimal number",
            Kind::Money => "an amount of money",
            Kind::Text => "a text",
            Kind::Choice(_) => "a choice",
            Kind::MultiChoice(_) => "several choices",
            Kind::LocalText => "a text per language",
            Kind::Date => "a date",
            Kind::Instant => "an instant",
            Kind::Duration => "a duration",
            Kind::Attachments => "attachments",
            Kind::Reference(to) => return format!("a record of `{to}`"),
            Kind::References(to) => return format!("records of `{to}`"),
            Kind::List(of) => return format!("a list ({})", of.describe()),
        };
        plain.to_string()
    }

    /// The kind of a built-in field ([`crate::definition::BUILT_IN`]); `None` where it is no such
    /// field, or where the record type has no states or no record type is bound as person.
    pub fn built_in(
        field: &str,
        states: Option<Arc<Choices>>,
        types: Arc<Choices>,
        person: Option<Name>,
    ) -> Option<Kind> {
        match field {
            "number" | "version" => Some(Kind::Integer),
            "state" => states.map(Kind::Choice),
            "created_at" | "changed_at" => Some(Kind::Instant),
            "created_by" | "changed_by" => person.map(Kind::Reference),
            "type" => Some(Kind::Choice(types)),
            _ => None,
        }
    }

    /// The names of the choices, in rank order; empty for other kinds.
    pub(super) fn choice_names(&self) -> Vec<&str> {
        match self {
            Kind::Choice(choices) | Kind::MultiChoice(choices) => {
                choices.0.keys().map(Name::as_str).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether values of both kinds can be equal without any change: the same kind, choices of
    /// the same names in the same order, or record types of which one extends the other.
    pub(super) fn agrees_with(&self, other: &Kind, scope: &dyn Scope) -> bool {
        let related = |a: &Name, b: &Name| scope.is_a(a, b) || scope.is_a(b, a);
        match (self, other) {
            (Kind::Any, _) | (_, Kind::Any) => true,
            (Kind::Choice(_), Kind::Choice(_)) | (Kind::MultiChoice(_), Kind::MultiChoice(_)) => {
                self.choice_names() == other.choice_names()
            }
            (Kind::Reference(a), Kind::Reference(b)) => related(a, b),
            (Kind::References(a), Kind::References(b)) => related(a, b),
            (Kind::List(a), Kind::List(b)) => a.agrees_with(b, scope),
            _ => self == other,
        }
    }
}

impl From<&FieldKind> for Kind {
    fn from(field: &FieldKind) -> Kind {
        match field {
            FieldKind::Text { .. }
            | FieldKind::Markdown { .. }
            | FieldKind::Email
            | FieldKind::Url => Kind::Text,
            FieldKind::LocalText { .. } => Kind::LocalText,
            FieldKind::Choice(choices) => Kind::Choice(choices.clone()),
            FieldKind::MultiChoice(choices) => Kind::MultiChoice(choices.clone()),
            FieldKind::YesNo => Kind::YesNo,
            FieldKind::Integer { .. } => Kind::Integer,
            FieldKind::Decimal { places, .. } => Kind::Decimal(*places),
            FieldKind::Money => Kind::Money,
            FieldKind::Date => Kind::Date,
            FieldKind::Datetime => Kind::Instant,
            FieldKind::Duration => Kind::Duration,
            FieldKind::Reference { to } => Kind::Reference(to.clone()),
            FieldKind::Attachment { .. } => Kind::Attachments,
        }
    }
}
