//! Plain fields of forms, beside those that stand for the fields of a record: a line, an area, one
//! of several, each with what is wrong with it.

use crate::page::Page;
use crate::page::field::Wrong;
use crate::show::mark::icon;
use maud::{Markup, html};

/// One field: what it is called, explained by, and holds.
pub(in crate::page) struct Input<'i> {
    /// What sets it apart where a page has several forms with a field of this name.
    pub form: &'i str,
    pub name: &'i str,
    pub label: &'i str,
    pub help: &'i str,
    pub value: &'i str,
}

impl Input<'_> {
    fn id(&self) -> String {
        format!("f-{}{}", self.form, self.name)
    }
}

fn said<'w>(wrong: &'w Wrong, name: &str) -> Option<&'w str> {
    wrong.iter().find(|(known, _)| known == name).map(|(_, said)| said.as_str())
}

fn framed(input: &Input, wrong: &Wrong, inner: &Markup) -> Markup {
    let (Input { name, label, help, .. }, id) = (input, input.id());
    html! {
        div.field {
            label for=(id) { (label) }
            (inner)
            @if let Some(said) = said(wrong, name) {
                p.error id=(format!("{id}-e")) { (icon("circle-alert")) span { (said) } }
            }
            @if !help.is_empty() { p.help id=(format!("{id}-h")) { (help) } }
        }
    }
}

fn described(input: &Input, wrong: &Wrong) -> Option<String> {
    let error = said(wrong, input.name).map(|_| format!("{}-e", input.id()));
    let help = (!input.help.is_empty()).then(|| format!("{}-h", input.id()));
    let all: Vec<String> = error.into_iter().chain(help).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// One line of text.
pub(in crate::page) fn line(input: &Input, wrong: &Wrong) -> Markup {
    framed(
        input,
        wrong,
        &html! {
            input.input id=(input.id()) name=(input.name) value=(input.value)
                autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="500"
                aria-invalid=[said(wrong, input.name).map(|_| "true")]
                aria-describedby=[described(input, wrong)];
        },
    )
}

/// Several lines of text.
pub(in crate::page) fn area(input: &Input, rows: usize, wrong: &Wrong) -> Markup {
    framed(
        input,
        wrong,
        &html! {
            textarea.area.mono id=(input.id()) name=(input.name) rows=(rows)
                spellcheck="false" autocapitalize="none"
                aria-invalid=[said(wrong, input.name).map(|_| "true")]
                aria-describedby=[described(input, wrong)] { "\n" (input.value) }
        },
    )
}

/// An expression, which is checked as it is typed where there are scripts.
pub(in crate::page) fn expression(
    input: &Input,
    wrong: &Wrong,
    checks: &str,
    checked: &Markup,
) -> Markup {
    let described =
        format!("{} checked-{}", described(input, wrong).unwrap_or_default(), input.name);
    framed(
        input,
        wrong,
        &html! {
            textarea.area.mono id=(input.id()) name=(input.name) rows="3"
                spellcheck="false" autocapitalize="none" maxlength="8192"
                hx-get=(checks) hx-trigger="input changed delay:300ms" hx-sync="this:replace"
                hx-target=(format!("#checked-{}", input.name)) hx-swap="innerHTML"
                aria-invalid=[said(wrong, input.name).map(|_| "true")]
                aria-describedby=(described.trim()) { "\n" (input.value) }
            div id=(format!("checked-{}", input.name)) aria-live="polite" { (checked) }
        },
    )
}

/// One of several.
pub(in crate::page) fn select(
    input: &Input,
    options: &[(String, String)],
    wrong: &Wrong,
) -> Markup {
    framed(
        input,
        wrong,
        &html! {
            span.suffix {
                select.select id=(input.id()) name=(input.name)
                    aria-invalid=[said(wrong, input.name).map(|_| "true")]
                    aria-describedby=[described(input, wrong)] {
                    @for (value, label) in options {
                        option value=(value) selected[value == input.value] { (label) }
                    }
                }
                span { (icon("chevron-down")) }
            }
        },
    )
}

/// Yes or no.
pub(in crate::page) fn tick(name: &str, value: &str, label: &str, is_set: bool) -> Markup {
    html! {
        label.yes {
            input.check type="checkbox" name=(name) value=(value) checked[is_set];
            span { (label) }
        }
    }
}

impl Page<'_> {
    /// The two texts of a label.
    pub(in crate::page) fn both(&self, en: &str, zh: &str, wrong: &Wrong) -> Markup {
        html! {
            div.form-row {
                (line(&Input { form: "", name: "en", label: self.t("English", "英文"), help: "",
                    value: en }, wrong))
                (line(&Input { form: "", name: "zh", label: self.t("Chinese", "中文"), help: "",
                    value: zh }, wrong))
            }
        }
    }
}
