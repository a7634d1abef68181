//! Rights as the definition grants them: a row for each role, a column for each act and each
//! transition. A dot is a right, a ring one under a condition; the conditions stand below in words.

use super::show::TypePage;
use crate::page::table::table;
use maud::{Markup, html};
use model::Name;
use model::definition::{Permission, Transition};
use model::expression::Expression;

impl TypePage<'_> {
    pub fn rights(&self) -> Markup {
        let roles = self.roles_named();
        let transitions = || self.definition.transitions.values();
        let acts = [
            self.t("Read", "读取"),
            self.t("Create", "新建"),
            self.t("Edit", "编辑"),
            self.t("Withdraw", "撤回"),
            self.t("Internal notes", "内部备注"),
        ];
        html! {
            section.below aria-labelledby="rights" {
                (self.sec("rights", self.t("Rights", "权限"), roles.len(), None))
                (table(self.t("Rights by role", "各角色权限"), "table rights", &html! {
                    th scope="col" { (self.t("Role", "角色")) }
                    @for act in acts { th scope="col" { (act) } }
                    @for transition in transitions() {
                        th scope="col" { (transition.label.text(self.language())) }
                    }
                }, &html! {
                    tbody { @for role in &roles { (self.role_row(role)) } }
                }))
                p.key.below-s {
                    span { span.dot {} (self.t("right", "有权")) }
                    span { span.dot.ring {} (self.t("under a condition", "有条件")) }
                    span { span.nil { "–" } (self.t("no right", "无权")) }
                }
                (self.conditions(&roles))
            }
        }
    }

    /// Every role that a permission or a transition names.
    fn roles_named(&self) -> Vec<&Name> {
        let granted = self.definition.permissions.keys();
        let moving = self.definition.transitions.values().flat_map(|one| &one.by);
        let mut roles: Vec<&Name> = Vec::new();
        for role in granted.chain(moving) {
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        roles
    }

    fn role_row(&self, role: &Name) -> Markup {
        let permission = self.definition.permissions.get(role);
        let scope = self.definition.role_scopes.get(role);
        let cells: [fn(&Permission) -> Option<&Expression>; 5] = [
            |one| one.read.as_ref(),
            |one| one.create.as_ref(),
            |one| one.write.as_ref(),
            |one| one.withdraw.as_ref(),
            |one| one.internal.as_ref(),
        ];
        html! {
            tr {
                th scope="row" { (self.page.role_links([role])) }
                @for of in cells {
                    @let granted = permission.and_then(of);
                    td { (self.mark(granted.map(|one| scope.is_none() && one.is_always_true()))) }
                }
                @for transition in self.definition.transitions.values() {
                    @let granted = moves(transition, role);
                    td { (self.mark(granted.map(|whole| whole && scope.is_none()))) }
                }
            }
        }
    }

    /// `Some(true)`: a right; `Some(false)`: one under a condition.
    fn mark(&self, granted: Option<bool>) -> Markup {
        match granted {
            Some(true) => html! { span.dot {} span.vh { (self.t("yes", "有")) } },
            Some(false) => html! {
                span.dot.ring {} span.vh { (self.t("under a condition", "有条件")) }
            },
            None => html! { span.nil aria-hidden="true" { "–" } span.vh { (self.t("no", "无")) } },
        }
    }

    fn conditions(&self, roles: &[&Name]) -> Markup {
        let mut lines: Vec<(String, &Expression)> = Vec::new();
        let colon = self.t(": ", "：");
        for role in roles {
            let label = self.page.roles([*role]);
            if let Some(scope) = self.definition.role_scopes.get(*role) {
                lines.push((format!("{label}{colon}{}", self.t("counts where", "适用于")), scope));
            }
            let Some(permission) = self.definition.permissions.get(*role) else { continue };
            let acts = [
                (self.t("reads where", "可读取"), &permission.read),
                (self.t("creates where", "可新建"), &permission.create),
                (self.t("edits where", "可编辑"), &permission.write),
                (self.t("withdraws where", "可撤回"), &permission.withdraw),
                (self.t("internal notes where", "可用内部备注"), &permission.internal),
            ];
            for (act, expression) in acts {
                if let Some(expression) = expression.as_ref().filter(|one| !one.is_always_true()) {
                    lines.push((format!("{label}{colon}{act}"), expression));
                }
            }
        }
        html! {
            @if !lines.is_empty() {
                ul.rows.below-s { @for (says, expression) in lines {
                    li {
                        (says) " " (self.phrase(expression)) " "
                        code.second { (expression.source) }
                    }
                } }
            }
        }
    }
}

/// Whether a role takes a step: whole, or where something holds.
fn moves(transition: &Transition, role: &Name) -> Option<bool> {
    transition.by.contains(role).then_some(transition.when.is_none())
}
