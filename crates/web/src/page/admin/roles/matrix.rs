//! Roles by record types. Letters stand for rights, as the key below says; one in a dashed frame
//! holds under a condition, which the page of the role says in words.

use super::granted::{ACTS, Granted};
use crate::page::Page;
use maud::{Markup, html};
use model::definition::{RecordType, Role};
use std::sync::Arc;

impl Page<'_> {
    pub(super) fn rights_matrix(&self, roles: &[&Role]) -> Markup {
        let types: Vec<&Arc<RecordType>> = self.catalogue.model.record_types.values().collect();
        html! {
            section.below aria-labelledby="matrix" {
                div.sec {
                    h2 #matrix { (self.t("Rights by role and record type", "按角色与记录类型的权限")) }
                    span.count { (roles.len()) " × " (types.len()) }
                }
                div.scroll-x.both-ways tabindex="0" role="region"
                    aria-label=(self.t("Table of rights", "权限表")) {
                    table.table.matrix {
                        thead { tr {
                            th scope="col" { (self.t("Role", "角色")) }
                            @for one in &types { th scope="col" {
                                a href=(self.definition_address(one, "rights")) {
                                    (one.label.text(self.language()))
                                }
                            } }
                        } }
                        tbody { @for role in roles { (self.matrix_row(role, &types)) } }
                    }
                }
                (self.matrix_key())
            }
        }
    }

    fn matrix_row(&self, role: &Role, types: &[&Arc<RecordType>]) -> Markup {
        html! {
            tr {
                th scope="row" {
                    a href=(self.role_address(&role.name)) {
                        (role.label.text(self.language()))
                    }
                }
                @for one in types {
                    @match Granted::of(one, &role.name) {
                        Some(granted) => td { (self.matrix_cell(&granted)) },
                        None => td.none { span.nil aria-hidden="true" { "–" }
                            span.vh { (self.t("nothing", "无")) } },
                    }
                }
            }
        }
    }

    /// A cell: letters, the way to the same in words; on a narrow page the record type before it.
    fn matrix_cell(&self, granted: &Granted) -> Markup {
        let address =
            format!("{}#type-{}", self.role_address(granted.role), granted.definition.name);
        html! {
            a.right-cell href=(address) {
                span.of-type { (granted.definition.label.text(self.language())) " " }
                span.vh { (self.granted_words(granted)) }
                span.rights-line aria-hidden="true" {
                    @for (act, says) in granted.acts() {
                        span.right .is-if[!granted.is_whole(says)] {
                            (self.t(act.letter.0, act.letter.1))
                        }
                    }
                    @if !granted.steps.is_empty() {
                        span.right.is-steps { "→" (granted.steps.len()) }
                    }
                    @if !granted.approvals.is_empty() {
                        span.right.is-steps { "✓" (granted.approvals.len()) }
                    }
                }
            }
        }
    }

    /// The letters of a cell as a sentence.
    fn granted_words(&self, granted: &Granted) -> String {
        let mut said: Vec<String> = Vec::new();
        for (act, says) in granted.acts() {
            let word = self.t(act.word.0, act.word.1);
            said.push(match granted.is_whole(says) {
                true => word.to_string(),
                false => format!("{word} {}", self.t("under a condition", "（有条件）")),
            });
        }
        if !granted.steps.is_empty() {
            said.push(format!("{} {}", self.t("steps:", "转换："), granted.steps.len()));
        }
        if !granted.approvals.is_empty() {
            said.push(format!("{} {}", self.t("approvals:", "审批："), granted.approvals.len()));
        }
        said.join(self.t(", ", "、"))
    }

    fn matrix_key(&self) -> Markup {
        html! {
            p.key.below-s {
                @for act in &ACTS {
                    span {
                        span.right { (self.t(act.letter.0, act.letter.1)) } " "
                        (self.t(act.word.0, act.word.1))
                    }
                }
                span { span.right.is-steps { "→" } " " (self.t("steps", "转换数")) }
                span { span.right.is-steps { "✓" } " " (self.t("approvals", "审批数")) }
                span { span.right.is-if { (self.t("R", "读")) } " "
                    (self.t("under a condition", "有条件")) }
            }
        }
    }
}
