//! Names and paths: from `service.owner` to the field, link or parameter it means. Only one step
//! over a reference or a link, so that what a record depends on can be followed back.

use super::check::{Checker, Place, Span, Typed, Use};
use super::{Kind, LinkEnd, Node, suggest};
use crate::name::Name;
use crate::value::Value;

const ONE_STEP: &str = "only one step over a reference or link is possible";

impl Checker<'_> {
    /// The part of the text a path means. `beside` only serves hints: a choice written without
    /// quotes.
    pub fn path(&mut self, path: &str, span: Span, beside: Option<&Kind>) -> Option<Typed> {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["me", part] => self.my_part(part, span),
            ["me", ..] => self.slip(span, "expression-too-many-steps", ONE_STEP, ""),
            ["query", parameter] => self.parameter(parameter, span),
            [name] => self.own(name).or_else(|| self.unknown(name, span, beside)),
            [head, part] => self.two(head, part, span),
            [head, link, part] => self.three(head, link, part, span),
            _ => self.slip(span, "expression-too-many-steps", ONE_STEP, ""),
        }
    }

    /// A link of the record, own or inverse, as `count` takes it.
    pub fn link_end(&self, path: &str) -> Option<LinkEnd> {
        match path.split_once('.') {
            None => self.scope.link(self.of, path),
            Some((from, link)) => self.scope.inverse(self.of, from, link),
        }
    }

    fn own(&self, name: &str) -> Option<Typed> {
        if let Some(kind) = self.scope.field(self.of, name) {
            return Typed::new(Node::Field(Name::new(name)?), kind);
        }
        let end = self.scope.link(self.of, name)?;
        let kind = Kind::References(end.other.clone());
        Typed::new(Node::Linked(end), kind)
    }

    fn my_part(&mut self, part: &str, span: Span) -> Option<Typed> {
        let person = self.asker(span)?;
        if part == "roles" {
            return Typed::new(Node::MyPart(Name::new(part)?), Kind::List(Box::new(Kind::Text)));
        }
        let link = || self.scope.link(&person, part).map(|end| Kind::References(end.other));
        match (self.scope.field(&person, part).or_else(link), Name::new(part)) {
            (Some(kind), Some(name)) => Typed::new(Node::MyPart(name), kind),
            _ => self.unknown_part(&person, part, span, &["roles"]),
        }
    }

    fn parameter(&mut self, parameter: &str, span: Span) -> Option<Typed> {
        if self.place != Place::Filter {
            let hint = "a parameter belongs to the query of a page";
            let message = "`query` cannot be used here";
            return self.slip(span, "expression-not-here", message, hint);
        }
        match Name::new(parameter) {
            Some(name) => {
                let (start, end) = span;
                self.uses.retain(|used| used.start != start);
                self.uses.push(Use { start, end, name: name.clone(), kind: Kind::Any });
                Typed::new(Node::Parameter(name), Kind::Any)
            }
            None => {
                let message = format!("`{parameter}` is not a name");
                self.slip(span, "expression-unknown-name", message, "use a-z, 0-9 and _")
            }
        }
    }

    /// `reference.part`, `link.part` or `record_type.link`.
    fn two(&mut self, head: &str, part: &str, span: Span) -> Option<Typed> {
        let own = self.own(head);
        let over = match &own {
            Some(Typed { node: Node::Field(name), kind: Kind::Reference(to) }) => {
                self.over_reference(name.clone(), to, part)
            }
            Some(Typed { node: Node::Linked(end), .. }) => self.over_link(end, part),
            _ => None,
        };
        if over.is_some() {
            return over;
        }
        if let Some(end) = self.scope.inverse(self.of, head, part) {
            let kind = Kind::References(end.other.clone());
            return Typed::new(Node::Linked(end), kind);
        }
        match own.map(|own| own.kind) {
            Some(Kind::Reference(to) | Kind::References(to)) => {
                self.unknown_part(&to, part, span, &[])
            }
            // A field of a definition that is itself being complained about.
            Some(Kind::Any) => Typed::new(Node::Value(Value::Unset), Kind::Any),
            Some(_) => {
                let message = format!("`{head}` is neither a reference nor a link");
                self.slip(span, "expression-wrong-kind", message, "it has no parts")
            }
            None => self.unknown(head, (span.0, span.0 + head.len()), None),
        }
    }

    /// `record_type.link.part`: a step over an inverse link.
    fn three(&mut self, head: &str, link: &str, part: &str, span: Span) -> Option<Typed> {
        let Some(end) = self.scope.inverse(self.of, head, link) else {
            return self.slip(span, "expression-too-many-steps", ONE_STEP, "");
        };
        let over = self.over_link(&end, part);
        over.or_else(|| self.unknown_part(&end.other, part, span, &[]))
    }

    fn over_reference(&self, reference: Name, to: &Name, part: &str) -> Option<Typed> {
        if let Some(kind) = self.scope.field(to, part) {
            let field = Name::new(part)?;
            return Typed::new(Node::Step { reference, to: to.clone(), field }, kind);
        }
        let end = self.scope.link(to, part)?;
        let kind = Kind::References(end.other.clone());
        Typed::new(Node::StepLink { reference, end }, kind)
    }

    fn over_link(&self, end: &LinkEnd, part: &str) -> Option<Typed> {
        if let Some(kind) = self.scope.field(&end.other, part) {
            let node = Node::LinkedField { end: end.clone(), field: Name::new(part)? };
            return match kind {
                Kind::Reference(to) => Typed::new(node, Kind::References(to)),
                kind => Typed::new(node, Kind::List(Box::new(kind))),
            };
        }
        let next = self.scope.link(&end.other, part)?;
        let kind = Kind::References(next.other.clone());
        Typed::new(Node::LinkedLink { end: end.clone(), next }, kind)
    }

    fn unknown_part<T>(
        &mut self,
        of: &str,
        part: &str,
        (start, end): Span,
        also: &[&str],
    ) -> Option<T> {
        let mut known = self.scope.names(of);
        known.extend(also.iter().map(ToString::to_string));
        let hint = suggest::hint(part, &known).unwrap_or_default();
        let message = format!("`{of}` has no field or link `{part}`");
        // Only the last part is wrong: the span starts at its first byte.
        let start = start.max(end.saturating_sub(part.len()));
        self.slip((start, end), "expression-unknown-name", message, hint)
    }

    fn unknown<T>(&mut self, name: &str, span: Span, beside: Option<&Kind>) -> Option<T> {
        let choices = beside.map(Kind::choice_names).unwrap_or_default();
        let hint = if choices.contains(&name) {
            format!("a choice is in quotes: `'{name}'`")
        } else {
            suggest::hint(name, &self.scope.names(self.of)).unwrap_or_default()
        };
        let message = format!("unknown field or link `{name}`");
        self.slip(span, "expression-unknown-name", message, hint)
    }
}
