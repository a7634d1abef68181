//! Two values of one field side by side: as it stood and as it stands; mine and theirs.

use super::Whole;
use crate::page::Page;
use crate::problem::Result;
use crate::show::mark::state;
use engine::{Error, Linked, Sheet};
use maud::{Markup, html};
use model::definition::Field;
use serde_json::Value as Json;

impl Page<'_> {
    /// The record as it stands, for a page that shows it as it stood; none where it has gone.
    pub(super) fn since(
        &self,
        sheet: &Sheet,
        name: &str,
        as_of: Option<i64>,
    ) -> Result<Option<Sheet>> {
        if as_of.is_none() {
            return Ok(None);
        }
        match self.session().sheet(&sheet.definition.name, name, None) {
            Ok(now) => Ok(Some(now)),
            Err(Error::Refused(_)) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// What the field holds now, where that is something else.
    pub(super) fn differs(&self, whole: &Whole, field: &Field) -> Markup {
        let Some(since) = whole.since else { return html! {} };
        let name = field.name.as_str();
        let (then, now) = (&whole.sheet.seen.json[name], &since.seen.json[name]);
        if then == now || since.seen.hidden.contains(&field.name) {
            return html! {};
        }
        html! {
            div.since {
                span.tag.is-other { (self.t("now", "现为")) } " "
                @if now.is_null() { span.muted { (self.t("empty", "空")) } }
                @else { (self.out().value(&field.kind, now)) }
            }
        }
    }

    /// The state that the record is in now, where it is another.
    pub(super) fn state_since(&self, whole: &Whole) -> Markup {
        let Some(since) = whole.since else { return html! {} };
        let (then, now) = (&whole.sheet.seen.json["state"], &since.seen.json["state"]);
        html! {
            @if then != now && let Json::String(name) = now {
                span.line {
                    (self.t("Now: ", "现为：")) (state(&since.definition, name, self.language()))
                }
            }
        }
    }

    /// Whether the link to this record has ended since.
    pub(super) fn has_ended(&self, whole: &Whole, link: &Linked, id: &str) -> bool {
        let same = |other: &&Linked| {
            other.name == link.name
                && other.declared_by == link.declared_by
                && other.inverse == link.inverse
        };
        let holds = |other: &Linked| other.cards.iter().any(|card| card["id"].as_str() == Some(id));
        whole.since.is_some_and(|since| !since.links.iter().find(same).is_some_and(holds))
    }

    /// What somebody else wrote into the field meanwhile, with the choice between the two.
    pub(super) fn mine_or_theirs(&self, whole: &Whole, field: &Field) -> Markup {
        let stale = whole.back.stale.iter().find(|stale| stale.field == field.name);
        let Some(stale) = stale else { return html! {} };
        let (name, who) = (format!("take.{}", field.name), &stale.changed_by);
        html! {
            fieldset.both {
                legend { (self.t("Changed meanwhile by ", "期间修改者：")) (who) }
                label.pick {
                    input type="radio" name=(name) value="mine" checked;
                    span {
                        b { (self.t("Mine: ", "我的：")) }
                        (self.told_or_empty(field, &stale.mine))
                    }
                }
                label.pick {
                    input type="radio" name=(name) value="theirs";
                    span {
                        b { (self.t("Theirs: ", "对方的：")) }
                        (self.told_or_empty(field, &stale.theirs))
                    }
                }
            }
        }
    }

    fn told_or_empty(&self, field: &Field, json: &Json) -> Markup {
        match json {
            Json::Null => html! { span.muted { (self.t("empty", "空")) } },
            json => self.out().value(&field.kind, json),
        }
    }
}
