//! From text to a checked expression: each part is given a kind, each name is looked up, each
//! mistake is kept and the rest still checked. This file holds the walk and the rules of places;
//! paths, functions, sums, comparisons and literals are checked in files of their own.

use super::parse::parse;
use super::tree::{Term, What};
use super::{Expression, Kind, Node, Scope};
use crate::name::Name;
use crate::value::Value;

/// The longest expression in bytes.
pub const LENGTH: usize = 8192;

/// Where an expression stands, which decides what it may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A condition kept with a record or run on one: rules, clocks, evidence, `when`, `show`.
    Condition,
    /// A right: as a condition, and `me` may be used.
    Right,
    /// A filter of a list: as a right, and `search('...')`, `query.name` and a comparison of a
    /// text per language may be used.
    Filter,
    /// A value that is written into a field: `default`, `set`, `computed`. `me` may be used, and
    /// amounts of money may be added.
    Value,
}

/// A mistake inside the text of an expression; byte offsets into that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub start: usize,
    pub end: usize,
    /// A stable id, e.g. `expression-unknown-name`.
    pub id: &'static str,
    pub message: String,
    pub hint: Option<String>,
}

/// Parses and checks `text` as an expression over records of type `of`. With `expected` the result
/// must be of that kind (literals are made to fit: `'low'` as a choice, `1` as a decimal).
///
/// # Errors
/// Every mistake found, in the order of the text.
pub fn check(
    text: &str,
    of: &str,
    place: Place,
    expected: Option<&Kind>,
    scope: &dyn Scope,
) -> Result<Expression, Vec<Slip>> {
    if text.len() > LENGTH {
        let message = format!("longer than {LENGTH} bytes");
        let id = "expression-too-long";
        return Err(vec![Slip { start: 0, end: text.len(), id, message, hint: None }]);
    }
    let (term, slips) = parse(text);
    let mut checker = Checker { of, place, scope, slips, uses: Vec::new() };
    let typed = term.and_then(|term| checker.whole(&term, expected));
    let mut slips = checker.slips;
    slips.sort_by_key(|slip| (slip.start, slip.end));
    match typed {
        Some(typed) if slips.is_empty() => {
            Ok(Expression { source: text.into(), node: typed.node, kind: typed.kind })
        }
        _ => Err(slips),
    }
}

/// Where a parameter is used, and as what: its place in the text and the kind it is compared with
/// (`Any` where nothing tells).
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    pub start: usize,
    pub end: usize,
    pub name: Name,
    pub kind: Kind,
}

/// As [`check`], for the filter of a page: also where its parameters stand, in the order of the
/// text, so that values can take their places.
///
/// # Errors
/// As [`check`].
pub fn check_with_uses(
    text: &str,
    of: &str,
    scope: &dyn Scope,
) -> Result<(Expression, Vec<Use>), Vec<Slip>> {
    let expression = check(text, of, Place::Filter, Some(&Kind::YesNo), scope)?;
    let mut checker =
        Checker { of, place: Place::Filter, scope, slips: Vec::new(), uses: Vec::new() };
    if let (Some(term), _) = parse(text) {
        checker.whole(&term, Some(&Kind::YesNo));
    }
    let mut uses = checker.uses;
    uses.sort_by_key(|used| used.start);
    Ok((expression, uses))
}

/// A part that is understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub node: Node,
    pub kind: Kind,
}

impl Typed {
    pub fn new(node: Node, kind: Kind) -> Option<Typed> {
        Some(Typed { node, kind })
    }

    pub fn yes_no(node: Node) -> Option<Typed> {
        Typed::new(node, Kind::YesNo)
    }

    /// A text written out, which may still become a choice, a date, an instant or money.
    pub fn is_text_literal(&self) -> bool {
        self.kind == Kind::Text && matches!(self.node, Node::Value(_))
    }

    pub fn is_unset(&self) -> bool {
        self.node == Node::Value(Value::Unset)
    }
}

/// The bytes of a part.
pub(super) type Span = (usize, usize);

pub(super) struct Checker<'a> {
    pub of: &'a str,
    pub place: Place,
    pub scope: &'a dyn Scope,
    pub slips: Vec<Slip>,
    pub uses: Vec<Use>,
}

impl Checker<'_> {
    fn whole(&mut self, term: &Term<'_>, expected: Option<&Kind>) -> Option<Typed> {
        let typed = self.term(term, expected)?;
        match expected {
            Some(kind) => {
                let fitted = self.fit(typed, term.span(), kind)?;
                self.assignable(fitted, term.span(), kind)
            }
            None if matches!(typed.kind, Kind::List(_)) => {
                let hint = "a list stands to the right of `in`";
                self.slip(term.span(), "expression-wrong-kind", "a list is not a value", hint)
            }
            None => Some(typed),
        }
    }

    /// A reference may be compared with one to a wider or narrower type, but a field of servers
    /// does not take every configuration item.
    fn assignable(&mut self, fitted: Typed, span: Span, expected: &Kind) -> Option<Typed> {
        match (&fitted.kind, expected) {
            (Kind::Reference(found), Kind::Reference(to)) if !self.scope.is_a(found, to) => {
                self.mismatch(&fitted, span, expected)
            }
            _ => Some(fitted),
        }
    }

    /// The term with its kind; `None` where a mistake has been reported. `beside` is the kind of
    /// what it is compared with or given to, for hints only.
    pub fn term(&mut self, term: &Term<'_>, beside: Option<&Kind>) -> Option<Typed> {
        let span = term.span();
        match &term.what {
            What::Broken => None,
            What::Value(value) => Typed::new(Node::Value(value.clone()), kind_of_literal(value)),
            What::Me => self.me(span),
            What::Path(path) => self.path(path, span, beside),
            What::Call(name, arguments) => self.call(name, arguments, span),
            What::List(parts) => self.list(parts, beside),
            What::IsSet(part) => {
                let part = self.term(part, None)?;
                Typed::yes_no(Node::IsSet(Box::new(part.node)))
            }
            What::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            What::In(left, right) => self.member(left, right),
            What::Add(left, right) => self.sum(left, right, true, span),
            What::Subtract(left, right) => self.sum(left, right, false, span),
            What::Not(part) => {
                let part = self.condition(part)?;
                Typed::yes_no(Node::Not(Box::new(part)))
            }
            What::And(parts) => self.conditions(parts, Node::And),
            What::Or(parts) => self.conditions(parts, Node::Or),
        }
    }

    fn conditions(&mut self, parts: &[Term<'_>], node: fn(Vec<Node>) -> Node) -> Option<Typed> {
        let checked: Vec<_> = parts.iter().map(|part| self.condition(part)).collect();
        Typed::yes_no(node(checked.into_iter().collect::<Option<_>>()?))
    }

    fn condition(&mut self, term: &Term<'_>) -> Option<Node> {
        let typed = self.term(term, Some(&Kind::YesNo))?;
        self.fit(typed, term.span(), &Kind::YesNo).map(|typed| typed.node)
    }

    /// A list written out; its parts agree in kind, or are literals still to be fitted.
    fn list(&mut self, parts: &[Term<'_>], beside: Option<&Kind>) -> Option<Typed> {
        let checked: Vec<_> = parts.iter().map(|part| self.term(part, beside)).collect();
        let mut typed: Vec<Typed> = checked.into_iter().collect::<Option<_>>()?;
        if let Some(at) = typed.iter().position(Typed::is_unset) {
            let hint = "`in` never holds for what is not set; add `or x is not set`";
            let message = "`unset` cannot stand in a list";
            return self.slip(parts[at].span(), "expression-wrong-kind", message, hint);
        }
        let kind = kind_of_list(&typed);
        let fitted: Vec<_> = typed
            .drain(..)
            .zip(parts)
            .map(|(part, term)| self.fit(part, term.span(), &kind))
            .collect();
        let nodes: Option<Vec<Node>> = fitted.into_iter().map(|p| p.map(|p| p.node)).collect();
        Typed::new(Node::List(nodes?), Kind::List(Box::new(kind)))
    }

    fn me(&mut self, span: Span) -> Option<Typed> {
        let person = self.asker(span)?;
        Typed::new(Node::Me, Kind::Reference(person))
    }

    /// The record type of the person who asks, where somebody asks at all.
    pub fn asker(&mut self, span: Span) -> Option<Name> {
        if self.place == Place::Condition {
            let hint = "rules, clocks and evidence give the same answer to everybody";
            return self.slip(span, "expression-not-here", "`me` cannot be used here", hint);
        }
        let person = self.scope.person();
        if person.is_none() {
            let hint = "bind the purpose `person` to a record type";
            self.slip::<()>(
                span,
                "expression-no-person",
                "there is no record type of people",
                hint,
            );
        }
        person
    }

    /// Reports a mistake; an empty hint is none.
    pub fn slip<T>(
        &mut self,
        (start, end): Span,
        id: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Option<T> {
        let hint = Some(hint.into()).filter(|hint| !hint.is_empty());
        self.slips.push(Slip { start, end, id, message: message.into(), hint });
        None
    }
}

/// The kind all parts are brought to: numbers to the most places, texts to what is no text.
fn kind_of_list(parts: &[Typed]) -> Kind {
    let most = parts.iter().filter_map(|part| part.kind.places()).max();
    match parts.iter().find(|part| !part.is_text_literal()).or(parts.first()) {
        Some(lead) => match (lead.kind.places(), most) {
            (Some(_), Some(most)) if most > 0 => Kind::Decimal(most),
            _ => lead.kind.clone(),
        },
        None => Kind::Any,
    }
}

fn kind_of_literal(value: &Value) -> Kind {
    match value {
        Value::YesNo(_) => Kind::YesNo,
        Value::Integer(_) => Kind::Integer,
        Value::Decimal(decimal) => Kind::Decimal(decimal.places),
        Value::Text(_) => Kind::Text,
        Value::Duration(_) => Kind::Duration,
        _ => Kind::Any,
    }
}
