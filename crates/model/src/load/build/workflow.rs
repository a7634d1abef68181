//! States, transitions, rules and approvals.

use super::Builder;
use crate::definition::{Approval, Category, Named, Note, Rule, RuleTest, State, Transition};
use crate::expression::{Expression, Place};
use crate::grammar::Names;
use crate::load::draft::label;
use crate::load::duration;
use crate::name::Name;
use crate::tree::Entry;

impl Builder<'_, '_> {
    pub(super) fn state(&mut self, entry: &Entry, name: Name) -> Option<State> {
        let editable = self.names("state", entry, "editable");
        let category = category(entry.text("category")?)?;
        Some(State { name, label: self.label(entry), category, editable })
    }

    pub(super) fn transition(&mut self, entry: &Entry, name: Name) -> Option<Transition> {
        let from = self.names("transition", entry, "from");
        let to = self.name("transition", entry, "to");
        let by = self.names("transition", entry, "by");
        let when = self.condition("transition", entry, "when");
        let needs = self.names("transition", entry, "needs");
        let rules = self.names("transition", entry, "rules");
        let approve = self.names("transition", entry, "approve");
        let set = self.set(entry);
        self.somebody_performs(entry);
        Some(Transition {
            name,
            label: self.label(entry),
            from,
            to: to?,
            by,
            when,
            needs,
            rules,
            approve,
            set,
            note: if entry.text("note") == Some("required") {
                Note::Required
            } else {
                Note::Optional
            },
            after: entry.text("after").and_then(duration::elapsed),
        })
    }

    /// A transition is performed by people, or by the system after a time.
    fn somebody_performs(&mut self, entry: &Entry) {
        let nobody = entry.node.get("by").is_none_or(|by| by.node.items().is_empty());
        if nobody && entry.node.get("after").is_none() {
            let owner = format!("transition `{}`", entry.key);
            self.report.missing_key(entry.key_span, &owner, "by", "[\"change_manager\"]");
        }
    }

    /// What a transition writes into fields.
    fn set(&mut self, entry: &Entry) -> Named<Expression> {
        let mut found = Named::new();
        let Some(set) = entry.node.get("set") else { return found };
        for line in set.node.entries() {
            let Some(field) = self.known(Names::Field, &line.key, line.key_span) else { continue };
            let expected = self.draft.kind(self.name_of_type(), &line.key);
            if self.is_computed(&line.key) {
                self.report.field_is_set_twice(line.key_span, &line.key);
            }
            if let Some(value) = self.check(&line.node, Place::Value, expected.as_ref()) {
                found.insert(field, value);
            }
        }
        found
    }

    fn is_computed(&self, field: &str) -> bool {
        let fields = self.draft.all(self.name_of_type(), "field");
        let found = fields.iter().find(|(_, entry)| entry.key == field);
        found.is_some_and(|(_, entry)| entry.node.get("computed").is_some())
    }

    pub(super) fn rule(&mut self, entry: &Entry, name: Name) -> Option<Rule> {
        let holds = self.condition("rule", entry, "holds");
        let code = entry.is("code");
        if entry.node.get("holds").is_some() == code {
            self.report.rule_shape(entry.key_span, &entry.key);
        }
        let test = if code { RuleTest::Code } else { RuleTest::Holds(holds?) };
        let message = label(entry.node.get("message"));
        Some(Rule { name, message, test, always: entry.is("always") })
    }

    pub(super) fn approval(&mut self, entry: &Entry, name: Name) -> Option<Approval> {
        let quorum = entry.node.get("quorum").and_then(|quorum| quorum.node.as_integer());
        Some(Approval {
            name,
            label: self.label(entry),
            when: self.condition("approval", entry, "when"),
            by: self.names("approval", entry, "by"),
            quorum: quorum.and_then(|quorum| u32::try_from(quorum).ok()).unwrap_or(1),
            not_self: entry.is("not_self"),
        })
    }
}

fn category(text: &str) -> Option<Category> {
    Some(match text {
        "new" => Category::New,
        "active" => Category::Active,
        "waiting" => Category::Waiting,
        "done" => Category::Done,
        "closed" => Category::Closed,
        "cancelled" => Category::Cancelled,
        _ => return None,
    })
}
