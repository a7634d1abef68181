//! What a page tells the script that keeps it fresh: where the feed of changes ended before the
//! page was drawn, and which changes concern it.

use super::Page;
use crate::asset;
use crate::shell::UNATTENDED;
use maud::{Markup, html};
use model::Name;
use std::collections::BTreeSet;

/// What a page shows, as far as a change of it is worth drawing the page anew.
#[derive(Default)]
pub struct Followed {
    /// Public ids.
    records: Vec<String>,
    types: BTreeSet<Name>,
}

impl Page<'_> {
    /// The page shows these records, by their public ids.
    pub(super) fn follow_records(&self, ids: impl IntoIterator<Item = String>) {
        self.followed.borrow_mut().records.extend(ids);
    }

    /// The page shows records of these types and of those that extend them.
    pub(super) fn follow_types<'n>(&self, names: impl IntoIterator<Item = &'n Name>) {
        let asked: BTreeSet<&Name> = names.into_iter().collect();
        let all = self.catalogue.model.record_types.values();
        let of = all.filter(|found| found.lineage.iter().any(|name| asked.contains(name)));
        let mut followed = self.followed.borrow_mut();
        followed.types.extend(of.map(|found| found.name.clone()));
    }

    /// Whether the page asks by itself, not a person by it.
    pub(super) fn is_unattended(&self) -> bool {
        self.call.headers.contains_key(UNATTENDED)
    }

    /// What the script reads, and where it says what has changed.
    pub(super) fn live(&self) -> Markup {
        let followed = self.followed.borrow();
        let is_past = self.call.query.text("as_of").is_some();
        let from = self.position.filter(|_| !is_past).map(|position| position.to_string());
        let records = Some(followed.records.join(" ")).filter(|ids| !ids.is_empty());
        let types: Vec<&str> = followed.types.iter().map(Name::as_str).collect();
        let types = Some(types.join(" ")).filter(|types| !types.is_empty());
        html! {
            div #live data-from=[from] data-records=[records] data-types=[types]
                data-who=(self.csrf()) data-worker=(asset::url("live-worker.js"))
                data-stream=(self.to("/live"))
                data-updated=(self.t("Updated", "已更新"))
                data-changed=(self.t("Records changed: {n}", "{n} 条记录有变更"))
                data-show=(self.t("Show", "查看")) data-look=(self.t("Look", "查看动态")) {
                p.vh #live-said role="status" {}
                div.live-bar #live-bar hidden {
                    span role="status" {} button.btn type="button" {}
                }
            }
        }
    }
}
