//! Taking back what was just done: the next page offers it for a few seconds, as a form that holds
//! all it needs.

use super::Page;
use super::choice::own_path;
use crate::answer::Answer;
use crate::call::Call;
use crate::door::cookie;
use crate::problem::{Problem, Result};
use crate::show::mark::key;
use axum::http::header;
use maud::{Markup, html};

/// What takes an act on a record back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo {
    /// The version that the edit wrote.
    Edit(i64),
    Link(String, String),
    Unlink(String, String),
    Watch,
    Unwatch,
}

impl Undo {
    /// The page of the record that the form is sent to, and its fields.
    fn form(&self) -> (&'static str, Vec<(&'static str, String)>) {
        let pair = |link: &String, to: &String| vec![("link", link.clone()), ("to", to.clone())];
        match self {
            Undo::Edit(version) => ("undo", vec![("version", version.to_string())]),
            Undo::Link(link, to) => ("link", pair(link, to)),
            Undo::Unlink(link, to) => ("unlink", pair(link, to)),
            Undo::Watch => ("watch", Vec::new()),
            Undo::Unwatch => ("unwatch", Vec::new()),
        }
    }

    /// As a browser keeps it: the address of the record, the page, the values.
    fn text(&self, record: &str) -> String {
        let (page, fields) = self.form();
        let values = fields.into_iter().map(|(_, value)| value);
        let all: Vec<String> =
            [record.into(), page.to_string()].into_iter().chain(values).collect();
        all.join(" ")
    }

    /// The address of a record and what takes the act on it back.
    fn parse(text: &str) -> Option<(&str, Undo)> {
        // What was linked may be named by words with blanks between.
        let parts: Vec<&str> = text.splitn(4, ' ').collect();
        let undo = match parts[..] {
            [_, "undo", version] => Undo::Edit(version.parse().ok()?),
            [_, "link", link, to] => Undo::Link(link.into(), to.into()),
            [_, "unlink", link, to] => Undo::Unlink(link.into(), to.into()),
            [_, "watch"] => Undo::Watch,
            [_, "unwatch"] => Undo::Unwatch,
            _ => return None,
        };
        let record = parts.first()?;
        (own_path(record) == *record).then_some((*record, undo))
    }
}

/// Puts an edit back.
pub fn edit(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let version = form.text("version").and_then(|text| text.parse().ok());
    let version = version.ok_or_else(Problem::missing)?;
    let (definition, _) = call.session.target(call.record_type(), call.record())?;
    call.session.undo_edit(&definition.name, call.record(), version)?;
    let address = page.record_address(&definition, call.record());
    Ok(page.go(&address, Some(page.t("Undone", "已撤销"))))
}

impl Page<'_> {
    /// The same answer; the next page offers to take back what was done to the record.
    pub(super) fn with_undo(&self, answer: Answer, record: &str, undo: Option<Undo>) -> Answer {
        match undo {
            Some(undo) => {
                let kept = cookie::undo(&undo.text(record), self.call.secure);
                answer.header(header::SET_COOKIE, &kept)
            }
            None => answer,
        }
    }

    /// The form within what is said.
    pub(super) fn undo(&self) -> Markup {
        let kept = self.call.kept.undo.as_deref().and_then(Undo::parse);
        let Some((record, undo)) = kept else { return html! {} };
        let (page, fields) = undo.form();
        html! {
            form method="post" action=(format!("{record}/{page}")) {
                input type="hidden" name="csrf" value=(self.csrf());
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                button.btn type="submit" data-key="z" {
                    (self.t("Undo", "撤销")) " " (key("Z"))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_and_nothing_else_is() {
        let to = || "Ada of the desk".to_string();
        for undo in [
            Undo::Edit(4),
            Undo::Link("causes".into(), to()),
            Undo::Unlink("causes".into(), to()),
            Undo::Watch,
            Undo::Unwatch,
        ] {
            let text = undo.text("/incident/INC-000001");
            assert_eq!(Undo::parse(&text), Some(("/incident/INC-000001", undo)));
        }
        for text in
            ["", "/a undo x", "//evil.example undo 4", "/a delete", "/a link b", "/a watch now"]
        {
            assert_eq!(Undo::parse(text), None, "{text}");
        }
    }
}
