//! What narrows a list: conditions as tokens, words, and the expression that they all stand for.

use super::{Asked, KEPT};
use crate::page::Page;
use crate::problem::Result;
use crate::show::mark::{icon, small};
use maud::{Markup, html};

impl Page<'_> {
    /// The filter: each condition as a token that can be taken off, words, and the expression that
    /// they all stand for.
    pub(super) fn filters(&self, asked: &Asked) -> Result<Markup> {
        let query = &self.call.query;
        let definition = &asked.definition;
        let declared = asked.list.as_ref().and_then(|list| list.filter.as_ref());
        let declared = declared.map_or("", |filter| &*filter.source);
        let fixed = self.session().filter_parts(&definition.name, declared)?;
        let filter = query.text("where").unwrap_or("");
        let parts = self.session().filter_parts(&definition.name, filter)?;
        let without = |place: usize| {
            let rest = parts.iter().enumerate().filter(|(at, _)| *at != place);
            rest.map(|(_, part)| part.source.as_str()).collect::<Vec<_>>().join(" and ")
        };
        let remove = self.t("Remove filter: ", "移除筛选：");
        Ok(html! {
            div.tools {
                @for part in &fixed {
                    span.token.is-fixed { (part.words.as_deref().unwrap_or(&part.source)) }
                }
                @for (place, part) in parts.iter().enumerate() {
                    @let said = part.words.as_deref().unwrap_or(&part.source);
                    span.token {
                        (self.condition_token(asked, place, &part.source, said))
                        a href=(self.with(&[("where", &without(place))]))
                            aria-label=(format!("{remove}{said}")) { (small("x")) }
                    }
                }
                (self.add_condition(definition))
                (self.words_form(asked))
            }
            (self.expression_form(asked, filter))
        })
    }

    /// A condition that opens to be written otherwise.
    fn condition_token(&self, asked: &Asked, place: usize, source: &str, said: &str) -> Markup {
        let path = self.to(&format!("/{}", asked.definition.name));
        let label = self.t("This condition", "此条件");
        html! {
            details.token-edit {
                summary.val { (said) }
                form.over.condition method="get" action=(format!("{path}/filter")) {
                    (self.kept(""))
                    input type="hidden" name="at" value=(place);
                    input.input.mono name="part" value=(source) aria-label=(label)
                        spellcheck="false" autocapitalize="none" autocomplete="off"
                        maxlength="8192" data-complete=(format!("{path}/complete"));
                    button.btn type="submit" { (self.t("Apply", "应用")) }
                }
            }
        }
    }

    /// What the forms of a list carry along, but for what they ask for themselves.
    pub(in crate::page) fn kept(&self, but: &str) -> Markup {
        html! {
            @for name in KEPT {
                @if name != but && let Some(value) = self.call.query.text(name) {
                    input type="hidden" name=(name) value=(value);
                }
            }
        }
    }

    fn words_form(&self, asked: &Asked) -> Markup {
        let path = self.to(&format!("/{}", asked.definition.name));
        html! {
            form.ask-words method="get" action=(path) role="search" {
                (self.kept("q"))
                (icon("search"))
                input.input name="q" type="search" maxlength="500"
                    value=(self.call.query.text("q").unwrap_or(""))
                    placeholder=(self.t("Words in these", "在列表中搜索"))
                    aria-label=(self.t("Words that the records hold", "记录中的词语"));
            }
        }
    }

    fn expression_form(&self, asked: &Asked, filter: &str) -> Markup {
        let path = self.to(&format!("/{}", asked.definition.name));
        html! {
            form.expr method="get" action=(path) {
                (self.kept("where"))
                label.muted.wide for="where" { (self.t("As expression", "表达式")) }
                input.mono #where name="where" value=(filter)
                    data-complete=(format!("{path}/complete")) spellcheck="false" maxlength="8192"
                    autocapitalize="none" autocomplete="off"
                    placeholder=(self.t("priority == 'high' and state == 'new'",
                        "priority == 'high' and state == 'new'"));
                button.btn.btn-plain type="submit" { (self.t("Apply", "应用")) }
            }
        }
    }
}
