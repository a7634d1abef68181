//! Functions: what each takes and gives. Each is one arm here and one row in
//! `docs/expressions.md`.

use super::check::{Checker, Place, Span, Typed};
use super::literal;
use super::tree::{Term, What};
use super::{Kind, Node, suggest};
use crate::definition::Period;
use crate::name::Name;
use crate::value::Value;
use std::sync::Arc;

const FUNCTIONS: [&str; 11] = [
    "now",
    "today",
    "start_of_week",
    "start_of_month",
    "start_of_quarter",
    "start_of_year",
    "count",
    "matrix",
    "search",
    "date",
    "datetime",
];

/// The period whose first day a function gives.
fn period(function: &str) -> Option<Period> {
    Some(match function {
        "start_of_week" => Period::Week,
        "start_of_month" => Period::Month,
        "start_of_quarter" => Period::Quarter,
        "start_of_year" => Period::Year,
        _ => return None,
    })
}

impl Checker<'_> {
    pub fn call(&mut self, name: &str, arguments: &[Term<'_>], span: Span) -> Option<Typed> {
        match (name, arguments) {
            ("now", []) => Typed::new(Node::Now, Kind::Instant),
            ("today", []) => Typed::new(Node::Today, Kind::Date),
            (name, []) if period(name).is_some() => {
                Typed::new(Node::StartOf(period(name)?), Kind::Date)
            }
            ("count", [link]) => self.count(link),
            ("matrix", [matrix, row, column]) => self.matrix(matrix, row, column),
            ("search", [words]) => self.search(words, span),
            ("date", [text]) => self.point(text, &Kind::Date),
            ("datetime", [text]) => self.point(text, &Kind::Instant),
            _ => self.no_such_call(name, span),
        }
    }

    fn no_such_call(&mut self, name: &str, span: Span) -> Option<Typed> {
        let form = match name {
            _ if name == "now" || name == "today" || period(name).is_some() => {
                format!("write `{name}()`")
            }
            "count" => "write `count(link)`".to_string(),
            "matrix" => "write `matrix('name', row, column)`".to_string(),
            "search" => "write `search('words')`".to_string(),
            "date" => "write `date('2026-03-01')`".to_string(),
            "datetime" => "write `datetime('2026-03-01T09:00:00Z')`".to_string(),
            _ => {
                let hint = suggest::hint(name, &FUNCTIONS).unwrap_or_default();
                let message = format!("unknown function `{name}`");
                let span = (span.0, span.0 + name.len());
                return self.slip(span, "expression-unknown-function", message, hint);
            }
        };
        let message = format!("`{name}` does not take these arguments");
        self.slip(span, "expression-arguments", message, form)
    }

    fn count(&mut self, term: &Term<'_>) -> Option<Typed> {
        let What::Path(path) = term.what else {
            let hint = "write `count(link)`";
            return self.slip(term.span(), "expression-arguments", "only a link is counted", hint);
        };
        if let Some(end) = self.link_end(path) {
            return Typed::new(Node::Count(end), Kind::Integer);
        }
        // Resolving names it where it is unknown; what is known but no link is refused.
        self.path(path, term.span(), None)?;
        let hint = "links of the record itself, and links of others to it as `record_type.link`";
        let message = format!("`{path}` is not a link");
        self.slip(term.span(), "expression-arguments", message, hint)
    }

    fn matrix(&mut self, matrix: &Term<'_>, row: &Term<'_>, column: &Term<'_>) -> Option<Typed> {
        let name = self.text(matrix, "the name of a matrix");
        let (row_span, column_span) = (row.span(), column.span());
        let (row, column) = (self.term(row, None), self.term(column, None));
        let name = name?;
        let Some((rows, columns, cells)) = self.scope.matrix(self.of, &name) else {
            let message = format!("unknown matrix `{name}`");
            return self.slip(matrix.span(), "expression-unknown-matrix", message, "");
        };
        let row = self.fit(row?, row_span, &rows);
        let column = self.fit(column?, column_span, &columns);
        let (row, column) = (Box::new(row?.node), Box::new(column?.node));
        Typed::new(Node::Matrix { matrix: Name::new(&name)?, row, column }, cells)
    }

    fn search(&mut self, words: &Term<'_>, span: Span) -> Option<Typed> {
        let typed = self.term(words, None)?;
        if self.place != Place::Filter {
            let hint = "only the filter of a list can search";
            return self.slip(span, "expression-not-here", "`search` cannot be used here", hint);
        }
        let parameter = matches!(typed.node, Node::Parameter(_));
        if !parameter && !typed.is_text_literal() {
            let hint = "write `search('words')`";
            let message = "only words in quotes are searched for";
            return self.slip(words.span(), "expression-arguments", message, hint);
        }
        Typed::yes_no(Node::Search(Box::new(typed.node)))
    }

    /// `date('...')` and `datetime('...')`.
    fn point(&mut self, term: &Term<'_>, kind: &Kind) -> Option<Typed> {
        let text = self.text(term, "a text in quotes")?;
        let value = match kind {
            Kind::Date => literal::date(&text).map(Value::Date),
            _ => literal::instant(&text).map(Value::Instant),
        };
        match value {
            Ok(value) => Typed::new(Node::Value(value), kind.clone()),
            Err(bad) => {
                self.bad(&text, term.span(), kind, bad);
                None
            }
        }
    }

    fn text(&mut self, term: &Term<'_>, expected: &str) -> Option<Arc<str>> {
        match &term.what {
            What::Value(Value::Text(text)) => Some(text.clone()),
            What::Broken => None,
            _ => self.slip(term.span(), "expression-arguments", format!("expected {expected}"), ""),
        }
    }
}
