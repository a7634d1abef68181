//! States and transitions: the picture, and the table that says the same.

use super::show::TypePage;
use crate::page::table::table;
use crate::picture::{Stand, States, Way, states};
use maud::{Markup, html};
use model::Name;
use model::definition::{Note, RecordType, Transition};

impl TypePage<'_> {
    pub fn steps(&self) -> Markup {
        if self.definition.states.is_empty() {
            return html! {};
        }
        html! {
            section.below-s aria-labelledby="steps" {
                h2.vh #steps { (self.t("States", "状态")) }
                (states(&self.picture()))
                p.help {
                    (self.t(
                        "Drawn from the definition. Broken lines are ways under a condition.",
                        "根据定义绘制。虚线表示仅在满足条件时可用。",
                    ))
                }
            }
            section.below aria-labelledby="transitions" {
                (self.sec("transitions", self.t("Transitions", "转换"),
                    self.definition.transitions.len(), None))
                (table(self.t("Table of transitions", "转换表"), "table", &html! {
                    th scope="col" { (self.t("Name", "名称")) }
                    th scope="col" { (self.t("From, to", "从，到")) }
                    th scope="col" { (self.t("By", "角色")) }
                    th scope="col" { (self.t("Needs", "必填")) }
                    th scope="col" { (self.t("Rules that must hold", "须满足的规则")) }
                    th scope="col" { (self.t("Approvals", "审批")) }
                    th scope="col" { (self.t("Written in", "出处")) }
                }, &html! {
                    tbody {
                        @for transition in self.definition.transitions.values() {
                            (self.transition(transition))
                        }
                    }
                }))
            }
        }
    }

    fn picture(&self) -> States {
        let definition = self.definition;
        let label = definition.label.text(self.language());
        // The first state stands first, whatever the order of the file.
        let mut order: Vec<&Name> = definition.states.keys().collect();
        order.sort_by_key(|name| definition.initial.as_ref() != Some(name));
        let place = |name: &Name| order.iter().position(|one| *one == name).unwrap_or(0);
        let stands = order.iter().filter_map(|name| {
            let state = definition.states.get(*name)?;
            Some(Stand {
                label: state.label.text(self.language()).to_string(),
                category: state.category.as_str(),
                is_end: !leaves(definition, name),
            })
        });
        let ways = definition.transitions.values().map(|transition| Way {
            label: transition.label.text(self.language()).to_string(),
            from: transition.from.iter().map(place).collect(),
            to: place(&transition.to),
            is_partial: transition.when.is_some(),
        });
        States {
            name: match self.language() == model::Language::ZH {
                true => format!("{label}的状态与转换，与下方转换表内容一致"),
                false => format!(
                    "States and transitions of {label}; the table of transitions says the same"
                ),
            },
            stands: stands.collect(),
            ways: ways.collect(),
        }
    }

    fn state_label<'n>(&'n self, name: &'n Name) -> &'n str {
        let state = self.definition.states.get(name);
        state.map_or(name.as_str(), |state| state.label.text(self.language()))
    }

    fn transition(&self, transition: &Transition) -> Markup {
        let between = self.t(", ", "、");
        let from: Vec<&str> = transition.from.iter().map(|name| self.state_label(name)).collect();
        let needs: Vec<String> = transition.needs.iter().map(|name| self.named(name)).collect();
        let rules: Vec<&str> = transition.rules.iter().map(Name::as_str).collect();
        let approvals = transition.approve.iter().filter_map(|name| {
            Some(self.definition.approvals.get(name)?.label.text(self.language()))
        });
        html! {
            tr {
                th.wrap scope="row" {
                    code { (transition.name) }
                    div.second { (transition.label.text(self.language())) }
                }
                td.wrap {
                    (from.join(between)) " → " (self.state_label(&transition.to))
                    @if let Some(when) = &transition.when {
                        div.second { (self.t("where ", "条件：")) (self.phrase(when)) }
                    }
                }
                td.wrap.second { (self.by(transition)) }
                td.wrap.second {
                    (needs.join(between))
                    @if transition.note == Note::Required {
                        @if !needs.is_empty() { (between) }
                        (self.t("a note", "备注"))
                    }
                }
                td.wrap.second { @for (index, rule) in rules.iter().enumerate() {
                    @if index > 0 { (between) }
                    a href=(format!("#rule-{rule}")) { code { (rule) } }
                } }
                td.wrap.second { (approvals.collect::<Vec<_>>().join(between)) }
                td.second { (self.origin("transition", &transition.name)) }
            }
        }
    }

    fn by(&self, transition: &Transition) -> Markup {
        html! {
            (self.page.roles(&transition.by))
            @if let Some(after) = transition.after {
                @if !transition.by.is_empty() { (self.t("; ", "；")) }
                (self.t("the system after ", "系统自动，经过 ")) (self.page.watch.length(after))
            }
        }
    }

    /// The label of a field or link.
    pub fn named(&self, name: &Name) -> String {
        engine::column_label(self.definition, name, self.language())
    }
}

/// Whether any way leads out of a state.
fn leaves(definition: &RecordType, state: &Name) -> bool {
    definition.transitions.values().any(|one| one.from.contains(state) && one.to != *state)
}
