//! Comparisons and `in`: which kinds go together, and the simpler form that is kept of them. How
//! they are decided for a record is in `evaluate`.

use super::check::{Checker, Place, Span, Typed};
use super::tree::{Term, What};
use super::{Comparison, Kind, Node, suggest};
use crate::definition::Choices;
use crate::name::Name;
use crate::value::Value;
use std::sync::Arc;

impl Comparison {
    /// The comparison with its sides exchanged: `a < b` is `b > a`.
    pub fn mirrored(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            equality => equality,
        }
    }

    /// `==` or `!=`, for which "not set" is a value.
    pub fn is_equality(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::NotEqual)
    }

    /// Whether values in this order satisfy the comparison.
    pub fn accepts(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl Checker<'_> {
    pub fn compare(
        &mut self,
        comparison: Comparison,
        left: &Term<'_>,
        right: &Term<'_>,
    ) -> Option<Typed> {
        let (left_span, right_span) = (left.span(), right.span());
        let left = self.term(left, None);
        let right = self.term(right, left.as_ref().map(|left| &left.kind));
        let (left, right) = (left?, right?);
        if left.is_unset() || right.is_unset() {
            return self.compare_unset(comparison, left, right, (left_span.0, right_span.1));
        }
        if self.compares_local_text(comparison, &left, &right) {
            let (text, other) =
                if left.kind == Kind::LocalText { (left, right) } else { (right, left) };
            return pair(comparison, text.node, other.node);
        }
        if let Some(kind) =
            all_choices(&left.kind, &right.kind).filter(|_| comparison.is_equality())
        {
            let left = self.fit(left, left_span, &kind)?;
            let right = self.fit(right, right_span, &kind)?;
            return match left.is_unset() || right.is_unset() {
                true => self.compare_unset(comparison, left, right, (left_span.0, right_span.1)),
                false => pair(comparison, left.node, right.node),
            };
        }
        let left_stands = self.comparable(&left, left_span);
        let right_stands = self.comparable(&right, right_span);
        left_stands.and(right_stands)?;
        let (left, right) = self.agree((left, left_span), (right, right_span))?;
        if comparison.is_equality() {
            return equality(comparison, left.node, right.node);
        }
        self.ordered(comparison, left, right, (left_span.0, right_span.1))
    }

    fn compare_unset(
        &mut self,
        comparison: Comparison,
        left: Typed,
        right: Typed,
        span: Span,
    ) -> Option<Typed> {
        let is_set = Node::IsSet(Box::new(if right.is_unset() { left.node } else { right.node }));
        match comparison {
            Comparison::Equal => Typed::yes_no(Node::Not(Box::new(is_set))),
            Comparison::NotEqual => Typed::yes_no(is_set),
            _ => {
                let hint = "write `is set` or `is not set`";
                self.slip(span, "expression-no-order", "what is not set has no order", hint)
            }
        }
    }

    /// In a filter a text per language equals a text where its text of any language does.
    fn compares_local_text(&self, comparison: Comparison, left: &Typed, right: &Typed) -> bool {
        let text = |kind: &Kind| matches!(kind, Kind::Text | Kind::Any);
        let one = (left.kind == Kind::LocalText && text(&right.kind))
            || (right.kind == Kind::LocalText && text(&left.kind));
        one && comparison.is_equality() && self.place == Place::Filter
    }

    fn comparable(&mut self, part: &Typed, span: Span) -> Option<()> {
        let hint = match part.kind {
            Kind::LocalText => "its words depend on the reader: use `is set`, or compare a choice",
            Kind::Attachments => "use `is set`",
            Kind::References(_) | Kind::MultiChoice(_) | Kind::List(_) => {
                "it holds several: write `value in field`, or `is set`"
            }
            _ => return Some(()),
        };
        let message = format!("{} cannot be compared", part.kind.describe());
        self.slip(span, "expression-wrong-kind", message, hint)
    }

    fn ordered(
        &mut self,
        comparison: Comparison,
        left: Typed,
        right: Typed,
        span: Span,
    ) -> Option<Typed> {
        match (&left.kind, &right.kind) {
            (Kind::Choice(choices), _) | (_, Kind::Choice(choices)) => {
                let choices = choices.clone();
                Typed::yes_no(by_rank(comparison, left.node, right.node, &choices))
            }
            (kind, other) if kind.is_ordered() && other.is_ordered() => {
                pair(comparison, left.node, right.node)
            }
            (kind, _) => {
                let message = format!("{} has no order", kind.describe());
                self.slip(span, "expression-no-order", message, "use `==`, `!=` or `in`")
            }
        }
    }

    /// `left in right`.
    pub fn member(&mut self, left: &Term<'_>, right: &Term<'_>) -> Option<Typed> {
        let (left_span, right_span) = (left.span(), right.span());
        let spans = match &right.what {
            What::List(parts) => parts.iter().map(Term::span).collect(),
            _ => vec![right_span],
        };
        let left = self.term(left, None);
        let right = self.term(right, left.as_ref().map(|left| &left.kind));
        let (left, right) = (left?, right?);
        if left.is_unset() || left.kind.is_several() {
            let hint = "one value stands before `in`: `me in affects.owners`";
            let message = format!("{} cannot stand before `in`", described(&left));
            return self.slip(left_span, "expression-wrong-kind", message, hint);
        }
        self.comparable(&left, left_span)?;
        let inside = match &right.kind {
            Kind::List(kind) => (**kind).clone(),
            Kind::MultiChoice(choices) => Kind::Choice(choices.clone()),
            Kind::References(to) => Kind::Reference(to.clone()),
            Kind::Any if !right.is_unset() => Kind::Any,
            _ => {
                let hint = "a list, a link or a field of several choices stands after `in`";
                let message = format!("{} cannot stand after `in`", described(&right));
                return self.slip(right_span, "expression-wrong-kind", message, hint);
            }
        };
        self.role(&left, &right, left_span)?;
        match right.node {
            Node::List(parts) => self.among(left, left_span, parts, &spans, &inside),
            node => {
                let left = self.fit(left, left_span, &inside)?;
                Typed::yes_no(Node::In(Box::new(left.node), Box::new(node)))
            }
        }
    }

    /// `left in [...]`, each part of the list with its place in the text.
    fn among(
        &mut self,
        mut left: Typed,
        left_span: Span,
        parts: Vec<Node>,
        spans: &[Span],
        inside: &Kind,
    ) -> Option<Typed> {
        if parts.is_empty() {
            return Typed::yes_no(Node::Value(Value::YesNo(false)));
        }
        let count = parts.len();
        let mut nodes = Vec::new();
        for (node, span) in parts.into_iter().zip(spans) {
            let part = Typed { node, kind: inside.clone() };
            if let Some((fitted, part)) = self.agree((left.clone(), left_span), (part, *span)) {
                left = fitted;
                nodes.push(part.node);
            }
        }
        let complete = nodes.len() == count;
        let member = Node::In(Box::new(left.node), Box::new(Node::List(nodes)));
        complete.then(|| Typed { node: member, kind: Kind::YesNo })
    }

    /// A text before `in me.roles` is the name of a role.
    fn role(&mut self, left: &Typed, right: &Typed, span: Span) -> Option<()> {
        let Node::Value(Value::Text(text)) = &left.node else { return Some(()) };
        let roles = self.scope.roles();
        let of_roles = matches!(&right.node, Node::MyPart(part) if part == "roles");
        if !of_roles || roles.iter().any(|role| **role == **text) {
            return Some(());
        }
        let hint = suggest::hint(text, &roles).unwrap_or_default();
        self.slip(span, "expression-unknown-role", format!("unknown role `{text}`"), hint)
    }
}

/// The kind of a comparison of all choices at once: `roles == ['auditor']`.
fn all_choices(left: &Kind, right: &Kind) -> Option<Kind> {
    match (left, right) {
        (Kind::MultiChoice(_), Kind::MultiChoice(_) | Kind::List(_)) => Some(left.clone()),
        (Kind::List(_), Kind::MultiChoice(_)) => Some(right.clone()),
        _ => None,
    }
}

fn described(part: &Typed) -> String {
    if part.is_unset() { "`unset`".to_string() } else { part.kind.describe() }
}

fn pair(comparison: Comparison, left: Node, right: Node) -> Option<Typed> {
    Typed::yes_no(Node::Compare(comparison, Box::new(left), Box::new(right)))
}

/// An equality beside `me` is kept as `in`, which is false where a side is not set: otherwise a
/// record without a team would be open to everybody without a team, and a record without a
/// requester to whoever asks without being a person.
fn equality(comparison: Comparison, left: Node, right: Node) -> Option<Typed> {
    let of_me = |node: &Node| matches!(node, Node::Me | Node::MyPart(_));
    let (field, mine) = match (of_me(&left), of_me(&right)) {
        (false, false) => return pair(comparison, left, right),
        (true, false) => (right, left),
        _ => (left, right),
    };
    let member = Node::In(Box::new(field), Box::new(Node::List(vec![mine])));
    let negated = comparison == Comparison::NotEqual;
    Typed::yes_no(if negated { Node::Not(Box::new(member)) } else { member })
}

/// An order of choices as membership: indexes stay usable and nobody below needs the ranks.
fn by_rank(comparison: Comparison, left: Node, right: Node, choices: &Choices) -> Node {
    if let Some(than) = rank(&right, choices) {
        return accepted(left, comparison, than, choices).unwrap_or(NEVER);
    }
    if let Some(than) = rank(&left, choices) {
        return accepted(right, comparison.mirrored(), than, choices).unwrap_or(NEVER);
    }
    let case = |(than, name): (usize, &Name)| {
        let is_it = (Box::new(right.clone()), Box::new(literal(name)));
        let is_it = Node::Compare(Comparison::Equal, is_it.0, is_it.1);
        Some(Node::And(vec![is_it, accepted(left.clone(), comparison, than, choices)?]))
    };
    Node::Or(choices.0.keys().enumerate().filter_map(case).collect())
}

const NEVER: Node = Node::Value(Value::YesNo(false));

/// The rank of a choice that is written out.
fn rank(node: &Node, choices: &Choices) -> Option<usize> {
    match node {
        Node::Value(Value::Text(text)) => choices.0.get_index_of(&**text),
        _ => None,
    }
}

/// Membership in the choices that compare so with the one of rank `than`; `None` where none does.
fn accepted(of: Node, comparison: Comparison, than: usize, choices: &Choices) -> Option<Node> {
    let ranked = choices.0.keys().enumerate();
    let names = ranked.filter(|(rank, _)| comparison.accepts(rank.cmp(&than)));
    let names: Vec<Node> = names.map(|(_, name)| literal(name)).collect();
    (!names.is_empty()).then(|| Node::In(Box::new(of), Box::new(Node::List(names))))
}

fn literal(name: &str) -> Node {
    Node::Value(Value::Text(Arc::from(name)))
}
