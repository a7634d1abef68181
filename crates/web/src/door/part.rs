//! What the pages of the door are made of: the page itself, fields with what is wrong with them,
//! and what follows when somebody is let in.

use super::cookie;
use crate::answer::Answer;
use crate::call::Call;
use crate::page::{Head, Page, document, html_answer, own_path, wordmark};
use crate::problem::{Place, Problem};
use crate::show::mark::icon;
use axum::http::{StatusCode, header};
use engine::access::{Entered, SESSION, Whence};
use maud::{Markup, html};

/// Where a call comes from, as the list of logins keeps it.
pub struct Origin {
    address: String,
    browser: String,
}

impl Origin {
    pub fn of(call: &Call) -> Origin {
        let browser = call.browser().to_string();
        Origin { address: call.client.address.to_string(), browser }
    }

    pub fn whence(&self) -> Whence<'_> {
        Whence { address: &self.address, browser: &self.browser }
    }
}

/// A page of the door: the wordmark, the form, theme and language below.
pub fn door(page: &Page, status: StatusCode, title: &str, here: &str, form: &Markup) -> Answer {
    let head = Head {
        title,
        language: page.language(),
        theme: page.call.kept.theme,
        csrf: "",
        prefix: page.prefix,
    };
    let body = html! {
        main {
            a.brand href=(page.to("/login")) { (wordmark()) }
            (form)
        }
        footer { (page.choices_at(here)) }
    };
    html_answer(status, document(&head, "door", &body))
}

/// On to where somebody wanted to go, with a session; or to the second step.
pub fn entered(page: &Page, entered: &Entered, to: &str) -> Answer {
    let secure = page.call.secure;
    match entered {
        Entered::In(text) => page
            .go(&page.to(own_path(to)), None)
            .header(header::SET_COOKIE, &cookie::session(text, SESSION / 1_000_000, secure))
            .header(header::SET_COOKIE, &cookie::half("", secure)),
        Entered::Half(text) => {
            let on = format!("/login/code?to={}", crate::percent::encode(own_path(to)));
            let answer = page.go(&page.to(&on), None);
            answer.header(header::SET_COOKIE, &cookie::half(text, secure))
        }
    }
}

/// What is wrong with a form: by field, and with the whole of it (an empty name).
#[derive(Default)]
pub struct FormErrors(Vec<(String, String)>);

impl FormErrors {
    /// Of a problem in the reader's language. Its own words come first where it has no fields.
    pub fn of(problem: &Problem, page: &Page) -> FormErrors {
        let language = page.language();
        let each = problem.slips.iter().map(|slip| {
            let (Place::Field(name) | Place::Parameter(name)) = &slip.place;
            (name.clone(), slip.said.text(language).to_string())
        });
        match problem.slips.is_empty() {
            true => FormErrors::whole(problem.said.text(language)),
            false => FormErrors(each.collect()),
        }
    }

    pub fn whole(said: &str) -> FormErrors {
        FormErrors(vec![(String::new(), said.to_string())])
    }

    pub fn field(name: &str, said: &str) -> FormErrors {
        FormErrors(vec![(name.to_string(), said.to_string())])
    }

    pub fn at(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, said)| said.as_str())
    }

    /// What is wrong with none of these fields, at the head of the form.
    pub fn notice(&self, fields: &[&str]) -> Markup {
        let others = || self.0.iter().filter(|(name, _)| !fields.contains(&name.as_str()));
        html! {
            @if others().next().is_some() {
                div.notice.is-bad role="alert" {
                    (icon("circle-alert"))
                    div { @for (_, said) in others() { p { (said) } } }
                }
            }
        }
    }
}

/// One line of text in a form of the door.
pub struct Line<'l> {
    pub name: &'l str,
    pub label: &'l str,
    pub value: &'l str,
    /// What a browser may fill in by itself.
    pub fills: &'l str,
    pub help: Option<&'l str>,
    pub first: bool,
}

pub fn line(line: &Line, wrong: &FormErrors) -> Markup {
    framed(line, wrong, |said, described| {
        html! {
            input.input id=(line.name) name=(line.name) value=(line.value) autocomplete=(line.fills)
                autocapitalize="none" spellcheck="false" required autofocus[line.first]
                maxlength="200" aria-invalid=[said.map(|_| "true")] aria-describedby=[described];
        }
    })
}

/// A password: pasted or typed, shown where the person wants to see it.
pub fn secret(page: &Page, line: &Line, wrong: &FormErrors) -> Markup {
    framed(line, wrong, |said, described| {
        html! {
            div.reveal {
                input.input id=(line.name) name=(line.name) type="password"
                    autocomplete=(line.fills) required autofocus[line.first] maxlength="256"
                    aria-invalid=[said.map(|_| "true")] aria-describedby=[described];
                button.btn.btn-icon type="button" hidden data-reveal=(line.name)
                    aria-pressed="false" aria-label=(page.t("Show what is typed", "显示输入内容")) {
                    (icon("eye"))
                }
            }
        }
    })
}

/// One of several words.
pub fn choice(
    name: &str,
    label: &str,
    chosen: &str,
    options: &[(String, String)],
    wrong: &FormErrors,
) -> Markup {
    let line = Line { name, label, value: chosen, fills: "", help: None, first: false };
    framed(&line, wrong, |said, described| {
        html! {
            span.suffix {
                select.select id=(name) name=(name) aria-invalid=[said.map(|_| "true")]
                    aria-describedby=[described] {
                    @for (value, label) in options {
                        option value=(value) selected[value == chosen] { (label) }
                    }
                }
                span { (icon("chevron-down")) }
            }
        }
    })
}

/// A label, its input, what is wrong with it and what helps. The input is drawn from what is wrong
/// and from the ids of what describes it.
fn framed(
    line: &Line,
    wrong: &FormErrors,
    input: impl FnOnce(Option<&str>, Option<String>) -> Markup,
) -> Markup {
    let (name, said) = (line.name, wrong.at(line.name));
    html! {
        div.field {
            label for=(name) { (line.label) }
            (input(said, described(name, line.help, said)))
            @if let Some(said) = said {
                p.error id=(format!("{name}-e")) { (icon("circle-alert")) span { (said) } }
            }
            @if let Some(help) = line.help { p.help id=(format!("{name}-h")) { (help) } }
        }
    }
}

fn described(name: &str, help: Option<&str>, said: Option<&str>) -> Option<String> {
    let error = said.map(|_| format!("{name}-e"));
    let help = help.map(|_| format!("{name}-h"));
    let all: Vec<String> = error.into_iter().chain(help).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// Two new passwords that must be the same; the first says what is wanted.
pub fn new_password(page: &Page, wrong: &FormErrors, first: bool) -> Markup {
    let help = page.t(
        "At least 12 characters; a sentence is fine. No digits or signs are asked for.",
        "至少 12 个字符，可以是一句话；不要求数字或符号。",
    );
    html! {
        (secret(page, &Line {
            name: "password",
            label: page.t("New password", "新密码"),
            value: "",
            fills: "new-password",
            help: Some(help),
            first,
        }, wrong))
        (secret(page, &Line {
            name: "again",
            label: page.t("The same once more", "再次输入"),
            value: "",
            fills: "new-password",
            help: None,
            first: false,
        }, wrong))
    }
}

/// Whether the new password was typed twice alike.
pub fn demand_alike(page: &Page, form: &crate::form::Form) -> Result<String, FormErrors> {
    let (one, two) = (form.text("password").unwrap_or(""), form.text("again").unwrap_or(""));
    match one == two {
        true => Ok(one.to_string()),
        false => {
            let said = page.t("The two are not the same.", "两次输入不一致。");
            Err(FormErrors::field("again", said))
        }
    }
}

/// The languages that pages speak.
pub fn languages() -> Vec<(String, String)> {
    vec![("en".into(), "English".into()), ("zh".into(), "中文".into())]
}

/// The zones there are, from the data of the program.
pub fn zones(chosen: &str) -> Vec<(String, String)> {
    let mut names: Vec<String> = jiff::tz::TimeZoneDatabase::bundled()
        .available()
        .map(|name| name.to_string())
        .filter(|name| name.contains('/') && !name.starts_with("Etc/"))
        .collect();
    names.push("UTC".into());
    if !names.iter().any(|name| name == chosen) && !chosen.is_empty() {
        names.push(chosen.to_string());
    }
    names.sort();
    names.into_iter().map(|name| (name.clone(), name.replace('_', " "))).collect()
}
