//! Fields of the forms that change definitions.

use crate::page::Page;
use crate::page::field::Wrong;
use crate::show::mark::icon;
use maud::{Markup, html};

/// One field: what it is called, explained by, and holds.
pub(super) struct Input<'i> {
    pub name: &'i str,
    pub label: &'i str,
    pub help: &'i str,
    pub value: &'i str,
}

fn said<'w>(wrong: &'w Wrong, name: &str) -> Option<&'w str> {
    wrong.iter().find(|(known, _)| known == name).map(|(_, said)| said.as_str())
}

fn framed(input: &Input, wrong: &Wrong, inner: &Markup) -> Markup {
    let Input { name, label, help, .. } = input;
    html! {
        div.field {
            label for=(format!("f-{name}")) { (label) }
            (inner)
            @if let Some(said) = said(wrong, name) {
                p.error id=(format!("f-{name}-e")) { (icon("circle-alert")) span { (said) } }
            }
            @if !help.is_empty() { p.help id=(format!("f-{name}-h")) { (help) } }
        }
    }
}

fn described(input: &Input, wrong: &Wrong) -> Option<String> {
    let error = said(wrong, input.name).map(|_| format!("f-{}-e", input.name));
    let help = (!input.help.is_empty()).then(|| format!("f-{}-h", input.name));
    let all: Vec<String> = error.into_iter().chain(help).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// One line of text.
pub(super) fn line(input: &Input, wrong: &Wrong) -> Markup {
    framed(
        input,
        wrong,
        &html! {
            input.input id=(format!("f-{}", input.name)) name=(input.name) value=(input.value)
                autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="500"
                aria-invalid=[said(wrong, input.name).map(|_| "true")]
                aria-describedby=[described(input, wrong)];
        },
    )
}

/// Several lines of text.
pub(super) fn area(input: &Input, rows: usize, wrong: &Wrong) -> Markup {
    framed(
        input,
        wrong,
        &html! {
            textarea.area.mono id=(format!("f-{}", input.name)) name=(input.name) rows=(rows)
                spellcheck="false" autocapitalize="none"
                aria-invalid=[said(wrong, input.name).map(|_| "true")]
                aria-describedby=[described(input, wrong)] { "\n" (input.value) }
        },
    )
}

/// An expression, which is checked as it is typed where there are scripts.
pub(super) fn expression(input: &Input, wrong: &Wrong, checks: &str, checked: &Markup) -> Markup {
    let described =
        format!("{} checked-{}", described(input, wrong).unwrap_or_default(), input.name);
    framed(
        input,
        wrong,
        &html! {
            textarea.area.mono id=(format!("f-{}", input.name)) name=(input.name) rows="3"
                spellcheck="false" autocapitalize="none"
                hx-get=(checks) hx-trigger="input changed delay:300ms" hx-sync="this:replace"
                hx-target=(format!("#checked-{}", input.name)) hx-swap="innerHTML"
                aria-invalid=[said(wrong, input.name).map(|_| "true")]
                aria-describedby=(described.trim()) { "\n" (input.value) }
            div id=(format!("checked-{}", input.name)) aria-live="polite" { (checked) }
        },
    )
}

/// One of several.
pub(super) fn select(input: &Input, options: &[(String, String)], wrong: &Wrong) -> Markup {
    framed(
        input,
        wrong,
        &html! {
            span.suffix {
                select.select id=(format!("f-{}", input.name)) name=(input.name)
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
pub(super) fn tick(name: &str, value: &str, label: &str, is_set: bool) -> Markup {
    html! {
        label.yes {
            input.check type="checkbox" name=(name) value=(value) checked[is_set];
            span { (label) }
        }
    }
}

impl Page<'_> {
    /// The two texts of a label.
    pub(super) fn both(&self, en: &str, zh: &str, wrong: &Wrong) -> Markup {
        html! {
            div.form-row {
                (line(&Input { name: "en", label: self.t("English", "英文"), help: "", value: en },
                    wrong))
                (line(&Input { name: "zh", label: self.t("Chinese", "中文"), help: "", value: zh },
                    wrong))
            }
        }
    }
}
