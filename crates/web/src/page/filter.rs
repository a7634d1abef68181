//! A condition added to the filter of a list: a field is chosen, then how it compares and with
//! what. The result is the expression it stands for, in the address of the list.

use super::field::Filled;
use super::{Page, html_answer};
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::problem::{Problem, Result};
use crate::route::Parameter;
use crate::show::mark::icon;
use axum::http::StatusCode;
use maud::{Markup, html};
use model::definition::{Field, FieldKind, RecordType};
use model::{Label, Name};
use std::sync::Arc;

const fn text(name: &'static str) -> Parameter {
    Parameter::text(name, 8192, "Part of a condition.")
}

/// What a new condition is made of, beside the list it is for.
pub const QUERY: &[Parameter] = &[
    text("view"),
    text("list"),
    text("where"),
    text("q"),
    text("sort"),
    text("columns"),
    text("as_of"),
    text("on"),
    text("op"),
    text("value"),
    text("at"),
    text("part"),
];

/// How a field compares: the word of the address, English, Chinese, whether it takes a value.
type Op = (&'static str, &'static str, &'static str, bool);

const IS: Op = ("is", "is", "为", true);
const IS_NOT: Op = ("is_not", "is not", "不为", true);
const IS_ME: Op = ("is_me", "is me", "为本人", false);
const IS_SET: Op = ("is_set", "is filled", "已填写", false);
const IS_UNSET: Op = ("is_unset", "is empty", "未填写", false);
const AT_LEAST: Op = ("at_least", "is at least", "不小于", true);
const AT_MOST: Op = ("at_most", "is at most", "不大于", true);
const WITHIN: Op = ("within", "within the last days", "最近天数内", true);
const BEFORE: Op = ("before", "before", "早于", true);
const AFTER: Op = ("after", "after", "晚于", true);
const YES: Op = ("yes", "is yes", "为是", false);
const NO: Op = ("no", "is no", "为否", false);

/// The comparisons that fit a kind of field.
fn ops(kind: &FieldKind) -> &'static [Op] {
    match kind {
        FieldKind::Choice(_) => &[IS, IS_NOT, IS_SET, IS_UNSET],
        FieldKind::YesNo => &[YES, NO],
        FieldKind::Reference { .. } => &[IS, IS_NOT, IS_ME, IS_SET, IS_UNSET],
        FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::Duration => {
            &[IS, AT_LEAST, AT_MOST, IS_SET, IS_UNSET]
        }
        FieldKind::Date | FieldKind::Datetime => &[WITHIN, BEFORE, AFTER, IS_SET, IS_UNSET],
        FieldKind::LocalText { .. } | FieldKind::Markdown { .. } => &[IS_SET, IS_UNSET],
        FieldKind::MultiChoice(_) | FieldKind::Money | FieldKind::Attachment { .. } => {
            &[IS_SET, IS_UNSET]
        }
        FieldKind::Text { .. } | FieldKind::Email | FieldKind::Url => {
            &[IS, IS_NOT, IS_SET, IS_UNSET]
        }
    }
}

/// The form of a condition while it is made; the list with it once it is whole.
pub fn add(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let definition = page.asked_type()?;
    if let Some(part) = call.query.text("part") {
        return page.rewritten(part);
    }
    let on = call.query.text("on").and_then(|name| page.filtered(&definition, name));
    let value = call.query.text("value").unwrap_or("");
    // While the field is being chosen the form is asked for again; only sending it adds.
    let header = |name: &str| call.headers.contains_key(name);
    let is_sent = !header("hx-request") || header("hx-boosted");
    if let Some(field) = on.as_ref().filter(|_| is_sent)
        && let Some(op) = ops(&field.kind).iter().find(|op| Some(op.0) == call.query.text("op"))
        && (!op.3 || !value.trim().is_empty())
    {
        let condition = condition(field, op.0, value);
        let whole = match call.query.text("where").filter(|text| !text.trim().is_empty()) {
            Some(filter) => joined(&page, filter, &condition)?,
            None => condition,
        };
        return Ok(page.go(&page.with(&[("where", &whole)]), None));
    }
    match header("hx-boosted") {
        true => Ok(page.go(&page.with(&[]), None)),
        false => Ok(html_answer(StatusCode::OK, page.condition_form(&definition, on.as_ref()))),
    }
}

/// Both conditions; an `or` in the first keeps what it says by brackets.
fn joined(page: &Page, filter: &str, condition: &str) -> Result<String> {
    let parts = page.session().filter_parts(page.call.record_type(), filter)?;
    Ok(match parts.len() == 1 && filter.contains(" or ") {
        true => format!("({filter}) and {condition}"),
        false => format!("{filter} and {condition}"),
    })
}

/// Whether the first bracket closes at the very end.
fn is_bracketed(part: &str) -> bool {
    let mut depth = 0;
    let mut quoted = false;
    for (at, c) in part.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at > 0 && at + 1 == part.len() && c == ')';
        }
    }
    false
}

/// The condition as an expression.
fn condition(field: &Field, op: &str, value: &str) -> String {
    let name = &field.name;
    let quoted = format!("'{}'", value.trim().replace('\'', "''"));
    let bare = matches!(
        field.kind,
        FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::Duration
    );
    let plain =
        || value.chars().filter(|c| c.is_alphanumeric() || *c == '.' || *c == '-').collect();
    let literal: String = if bare { plain() } else { quoted };
    match op {
        "is" => format!("{name} == {literal}"),
        "is_not" => format!("{name} != {literal}"),
        "is_me" => format!("{name} == me"),
        "is_set" => format!("{name} is set"),
        "is_unset" => format!("not ({name} is set)"),
        "at_least" => format!("{name} >= {literal}"),
        "at_most" => format!("{name} <= {literal}"),
        "within" => {
            let days: String = value.chars().filter(char::is_ascii_digit).collect();
            format!("{name} >= now() - {}d", if days.is_empty() { "0" } else { &days })
        }
        "before" => format!("{name} < {literal}"),
        "after" => format!("{name} > {literal}"),
        "yes" => name.to_string(),
        _ => format!("not {name}"),
    }
}

impl Page<'_> {
    /// On to the list with one condition written otherwise; without it where nothing is left of it.
    fn rewritten(&self, part: &str) -> Result<Answer> {
        let query = &self.call.query;
        let place = query.text("at").and_then(|at| at.parse::<usize>().ok());
        let filter = query.text("where").unwrap_or("");
        let mut parts: Vec<String> = self
            .session()
            .filter_parts(self.call.record_type(), filter)?
            .into_iter()
            .map(|part| part.source)
            .collect();
        let place = place.filter(|place| *place < parts.len()).ok_or_else(Problem::missing)?;
        parts[place] = match part.contains(" or ") && !is_bracketed(part.trim()) {
            true => format!("({})", part.trim()),
            false => part.trim().to_string(),
        };
        parts.retain(|part| !part.is_empty());
        Ok(self.go(&self.with(&[("where", &parts.join(" and "))]), None))
    }

    /// A field, or the state, as something to filter by.
    fn filtered(&self, definition: &RecordType, name: &str) -> Option<Field> {
        if let Some(field) = definition.fields.get(name) {
            let seen = self.session().may_see_field(definition, name);
            return seen.then(|| field.clone());
        }
        let states = definition.states.values().map(|s| (s.name.clone(), s.label.clone()));
        let kind = match name {
            "state" if !definition.states.is_empty() => {
                FieldKind::Choice(Arc::new(model::definition::Choices(states.collect())))
            }
            "created_at" | "changed_at" => FieldKind::Datetime,
            _ => return None,
        };
        let name = Name::new(name)?;
        Some(Field::plain(name, Label::default(), kind, definition.name.clone()))
    }

    /// The way to a new condition, beside the tokens.
    pub(super) fn add_condition(&self, definition: &RecordType) -> Markup {
        html! {
            details.add-filter {
                summary.btn.btn-plain data-key="f" {
                    (icon("plus")) (self.t("Filter", "筛选")) " "
                    span.wide { (crate::show::mark::key("F")) }
                }
                (self.condition_form(definition, None))
            }
        }
    }

    fn condition_form(&self, definition: &RecordType, on: Option<&Field>) -> Markup {
        let path = self.to(&format!("/{}/filter", definition.name));
        let fields = definition
            .fields
            .values()
            .filter(|field| self.session().may_see_field(definition, &field.name));
        let built_in = ["state", "created_at", "changed_at"];
        let built_in =
            built_in.into_iter().filter(|name| self.filtered(definition, name).is_some());
        let chosen = |name: &str| on.is_some_and(|field| *field.name == *name);
        html! {
            form.over.condition method="get" action=(path) hx-boost="true" {
                (self.kept(""))
                span.suffix {
                    select.select name="on" aria-label=(self.t("Field", "字段")) hx-get=(path)
                        hx-target="closest form" hx-swap="outerHTML"
                        hx-include="closest form" {
                        option value="" { (self.t("Field", "字段")) }
                        @for name in built_in {
                            option value=(name) selected[chosen(name)] {
                                (self.column_label(definition, name))
                            }
                        }
                        @for field in fields {
                            option value=(field.name) selected[chosen(&field.name)] {
                                (field.label.text(self.language()))
                            }
                        }
                    }
                    span { (icon("chevron-down")) }
                }
                @if let Some(field) = on { (self.comparison(field)) }
                button.btn type="submit" { (self.t("Add", "添加")) }
            }
        }
    }

    fn comparison(&self, field: &Field) -> Markup {
        let takes = ops(&field.kind).iter().any(|op| op.3);
        // The input is that of the field itself, under the name of the parameter.
        let mut value = field.clone();
        value.name = Name::new("value").unwrap_or_else(|| field.name.clone());
        if matches!(field.kind, FieldKind::Date | FieldKind::Datetime) {
            value.kind = FieldKind::Text { max: 30 };
        }
        let nothing = Form::default();
        html! {
            span.suffix {
                select.select name="op" aria-label=(self.t("Comparison", "比较方式")) {
                    @for (name, en, zh, _) in ops(&field.kind) {
                        option value=(name) { (self.t(en, zh)) }
                    }
                }
                span { (icon("chevron-down")) }
            }
            @if takes { (self.bare_input(&value, &Filled::Typed(&nothing))) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> Field {
        let [name, of] = ["x", "thing"].map(|name| Name::new(name).unwrap());
        Field::plain(name, Label::default(), kind, of)
    }

    #[test]
    fn brackets_around_the_whole_are_told_from_brackets_of_parts() {
        for (part, whole) in [
            ("(a or b)", true),
            ("(a) or (b)", false),
            ("a or (b)", false),
            ("(a == ')' or b)", true),
            ("", false),
        ] {
            assert_eq!(is_bracketed(part), whole, "{part}");
        }
    }

    #[test]
    fn a_condition_becomes_the_expression_it_stands_for() {
        let text = field(FieldKind::Text { max: 10 });
        let number = field(FieldKind::Integer { min: None, max: None });
        let at = field(FieldKind::Datetime);
        for (field, op, value, written) in [
            (&text, "is", "it's", "x == 'it''s'"),
            (&text, "is_unset", "", "not (x is set)"),
            (&number, "at_least", "3 or true", "x >= 3ortrue"),
            (&at, "within", "14", "x >= now() - 14d"),
            (&at, "within", "a", "x >= now() - 0d"),
        ] {
            assert_eq!(condition(field, op, value), written);
        }
    }
}
