//! A record that is made from the page of another one and linked to it at once.

use super::Page;
use super::edit::{Target, perform};
use crate::problem::{Problem, Result};
use engine::{Command, Error};
use maud::{Markup, html};
use model::definition::RecordType;
use model::{Key, Language, Name};

/// What a form of a new record carries of it; no field is called so.
pub(super) const FIELD: &str = "made.for";

/// The record for which another is made.
pub(super) struct Origin {
    of: Target,
    /// Its own link that will lead to the new record.
    link: Name,
    label: String,
    /// Its number or id, as the address named it.
    name: String,
    /// As it was given: the form hands it on.
    given: String,
}

/// What the address of a form says for a link of a record: `purchase/replaces/PUR-000001`.
pub(super) fn given(record_type: &str, link: &str, name: &str) -> String {
    format!("{record_type}/{link}/{name}")
}

impl Origin {
    /// Reads what [`given`] wrote; none where nothing is written.
    ///
    /// # Errors
    /// `not-found` for a record that may not be read, and for a link that it does not have or that
    /// leads to no record of the new type.
    pub fn read(page: &Page, made: &RecordType, given: Option<&str>) -> Result<Option<Origin>> {
        let Some(given) = given.filter(|given| !given.is_empty()) else { return Ok(None) };
        let mut parts = given.splitn(3, '/');
        let mut part = || parts.next().ok_or_else(Problem::missing);
        let (record_type, link, name) = (part()?, part()?, part()?);
        let (definition, key) = page.session().target(record_type, name)?;
        let found = definition.links.get(link).filter(|link| made.is_a(&link.to));
        let found = found.ok_or_else(Problem::missing)?;
        Ok(Some(Origin {
            link: found.name.clone(),
            label: found.label.text(page.language()).to_string(),
            name: name.to_string(),
            given: given.to_string(),
            of: Target { definition, key },
        }))
    }

    /// Links the new record; answers what is to be said of both, also where the link is refused:
    /// the record has been made by then.
    ///
    /// # Errors
    /// A fault.
    pub fn link(&self, page: &Page, made: &str, key: Key) -> Result<String> {
        let command = Command::Link { link: self.link.clone(), to: key };
        let (name, label, zh) = (&self.name, &self.label, page.language() == Language::ZH);
        match perform(page.call, &self.of, command, None) {
            Ok(_) if zh => Ok(format!("已创建 {made}，并关联到 {name}（{label}）")),
            Ok(_) => Ok(format!("{made} is created and linked to {name} ({label})")),
            Err(Error::Refused(refusal)) => {
                let why = refusal.text(page.language());
                Ok(match zh {
                    true => format!(
                        "已创建 {made}，但未能关联到 {name}（{label}）：{why}\
                         排除原因后，请在 {name} 的页面上添加关联。"
                    ),
                    false => format!(
                        "{made} is created, but not linked to {name} ({label}): {why} \
                         When that is mended, link it on the page of {name}."
                    ),
                })
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// What the form says of it, and hands on.
    pub fn shown(&self, page: &Page) -> Markup {
        html! {
            input type="hidden" name=(FIELD) value=(self.given);
            p.help {
                (page.t("It will be linked to ", "创建后将关联到 "))
                a href=(page.record_address(&self.of.definition, &self.name)) { (self.name) }
                (page.t(" (", "（")) (self.label) (page.t(").", "）。"))
            }
        }
    }
}
