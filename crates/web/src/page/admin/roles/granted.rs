//! What one role is granted on one record type, and how that is said.

use crate::page::Page;
use maud::{Markup, html};
use model::Name;
use model::definition::{Approval, Permission, RecordType, Transition};
use model::expression::Expression;

/// What a role is granted on records of a type; only where it is anything.
pub struct Granted<'d> {
    pub definition: &'d RecordType,
    pub role: &'d Name,
    /// The records on which the role counts; none = all.
    pub scope: Option<&'d Expression>,
    pub permission: Option<&'d Permission>,
    pub steps: Vec<&'d Transition>,
    pub approvals: Vec<&'d Approval>,
}

/// An act that a permission grants: the letter of the matrix and the word, in both languages.
pub struct Act {
    pub letter: (&'static str, &'static str),
    pub word: (&'static str, &'static str),
    of: fn(&Permission) -> Option<&Expression>,
}

/// The acts in the order in which they are shown.
pub const ACTS: [Act; 5] = [
    Act { letter: ("R", "读"), word: ("Read", "读取"), of: |one| one.read.as_ref() },
    Act { letter: ("C", "建"), word: ("Create", "新建"), of: |one| one.create.as_ref() },
    Act { letter: ("E", "改"), word: ("Edit", "编辑"), of: |one| one.write.as_ref() },
    Act { letter: ("W", "撤"), word: ("Withdraw", "撤回"), of: |one| one.withdraw.as_ref() },
    Act {
        letter: ("N", "注"),
        word: ("Internal notes", "内部备注"),
        of: |one| one.internal.as_ref(),
    },
];

impl<'d> Granted<'d> {
    pub fn of(definition: &'d RecordType, role: &'d Name) -> Option<Granted<'d>> {
        let steps = definition.transitions.values().filter(|step| step.by.contains(role));
        let approvals = definition.approvals.values().filter(|one| one.by.contains(role));
        let granted = Granted {
            definition,
            role,
            scope: definition.role_scopes.get(role),
            permission: definition.permissions.get(role),
            steps: steps.collect(),
            approvals: approvals.collect(),
        };
        let is_any = !granted.acts().is_empty()
            || !granted.steps.is_empty()
            || !granted.approvals.is_empty();
        is_any.then_some(granted)
    }

    /// The acts that are granted, each with where it holds.
    pub fn acts(&self) -> Vec<(&'static Act, &'d Expression)> {
        let Some(permission) = self.permission else { return Vec::new() };
        ACTS.iter().filter_map(|act| Some((act, (act.of)(permission)?))).collect()
    }

    /// Whether a right that says this holds on all records.
    pub fn is_whole(&self, says: &Expression) -> bool {
        self.scope.is_none() && says.is_always_true()
    }
}

impl Page<'_> {
    /// Everything that is granted, in words.
    pub(super) fn granted(&self, granted: &Granted) -> Markup {
        let when = |says: &Expression| {
            engine::in_words(&self.catalogue.model, granted.definition, says, self.language())
        };
        let sees = granted.permission.and_then(|permission| permission.see.as_ref());
        html! {
            ul.granted {
                @if let Some(scope) = granted.scope {
                    li.second {
                        (self.t("On records where: ", "仅限满足以下条件的记录：")) (when(scope))
                    }
                }
                @for (act, says) in granted.acts() {
                    li {
                        (self.t(act.word.0, act.word.1))
                        @if !says.is_always_true() {
                            (self.t(", where: ", "，条件：")) (when(says))
                        }
                    }
                }
                @if let Some(sections) = sees {
                    li {
                        (self.t("Shown only: ", "仅可见分区："))
                        (self.section_labels(granted.definition, sections))
                    }
                }
                @for step in &granted.steps {
                    li {
                        (self.t("Step: ", "转换：")) (step.label.text(self.language()))
                        @if let Some(says) = &step.when {
                            (self.t(", where: ", "，条件：")) (when(says))
                        }
                    }
                }
                @for approval in &granted.approvals {
                    li {
                        (self.t("Approval: ", "审批：")) (approval.label.text(self.language()))
                        @if let Some(says) = &approval.when {
                            (self.t(", where: ", "，条件：")) (when(says))
                        }
                    }
                }
            }
        }
    }

    fn section_labels(&self, definition: &RecordType, sections: &[Name]) -> String {
        let known = sections.iter().filter_map(|name| definition.sections.get(name));
        let labels: Vec<&str> = known.map(|one| one.label.text(self.language())).collect();
        labels.join(self.t(", ", "、"))
    }
}
