//! Rules, approvals, clocks, lists, measures and claims of a record type, in words.

use super::show::TypePage;
use crate::page::table::table;
use maud::{Markup, html};
use model::Language;
use model::definition::{
    Approval, Claim, Clock, Figure, List, Measure, Period, Rule, RuleTest, Target, Targets,
};
use model::expression::Expression;

impl TypePage<'_> {
    /// An expression: in words, and below as it is written.
    fn told(&self, expression: &Expression) -> Markup {
        html! {
            div { (self.phrase(expression)) }
            code.second { (expression.source) }
        }
    }

    /// A table of named things; the first head names it.
    fn table(&self, heads: &[&str], rows: &Markup) -> Markup {
        let label = format!("{}{}", self.t("Table: ", "表格："), heads[0]);
        let heads = html! { @for head in heads { th scope="col" { (head) } } };
        table(&label, "table", &heads, &html! { tbody { (rows) } })
    }

    pub fn rules(&self) -> Markup {
        let rules = &self.definition.rules;
        let heads = [
            self.t("Rule", "规则"),
            self.t("What must hold", "须满足"),
            self.t("What a person is told", "提示"),
            self.t("Checked", "检查时机"),
            self.t("Written in", "出处"),
        ];
        let rows = html! { @for rule in rules.values() { (self.rule(rule)) } };
        html! {
            section.below aria-labelledby="rules" {
                (self.sec("rules", self.t("Rules", "规则"), rules.len(),
                    Some(("rule", self.t("Add a rule", "新增规则")))))
                @if !rules.is_empty() { (self.table(&heads, &rows)) }
            }
        }
    }

    fn rule(&self, rule: &Rule) -> Markup {
        let by = self.definition.transitions.values();
        let by = by.filter(|one| one.rules.contains(&rule.name));
        let mut checked: Vec<&str> = by.map(|one| one.label.text(self.language())).collect();
        if rule.always {
            checked.insert(0, self.t("at every write", "每次写入"));
        }
        html! {
            tr id=(format!("rule-{}", rule.name)) {
                th scope="row" { code { (rule.name) } }
                td.wrap {
                    @match &rule.test {
                        RuleTest::Holds(expression) => (self.told(expression)),
                        RuleTest::Code => {
                            (self.t("decided by the program", "由程序判定"))
                        },
                    }
                }
                td.wrap { (rule.message.text(self.language())) }
                td.wrap.second { (checked.join(self.t(", ", "、"))) }
                td.second { (self.origin("rule", &rule.name)) }
            }
        }
    }

    pub fn approvals(&self) -> Markup {
        let approvals = &self.definition.approvals;
        if approvals.is_empty() {
            return html! {};
        }
        let heads = [
            self.t("Approval", "审批"),
            self.t("By", "角色"),
            self.t("Asked for", "条件"),
            self.t("How many", "人数"),
            self.t("Written in", "出处"),
        ];
        let rows = html! { @for approval in approvals.values() { (self.approval(approval)) } };
        html! {
            section.below aria-labelledby="approvals" {
                (self.sec("approvals", self.t("Approvals", "审批"), approvals.len(), None))
                (self.table(&heads, &rows))
            }
        }
    }

    fn approval(&self, approval: &Approval) -> Markup {
        html! {
            tr {
                th.wrap scope="row" {
                    code { (approval.name) }
                    div.second { (approval.label.text(self.language())) }
                }
                td.wrap { (self.page.roles(&approval.by)) }
                td.wrap { @match &approval.when {
                    Some(when) => (self.told(when)),
                    None => (self.t("always", "始终")),
                } }
                td.wrap.second {
                    (approval.quorum)
                    @if approval.not_self {
                        (self.t(", nobody for their own record", "，本人不得审批自己的记录"))
                    }
                }
                td.second { (self.origin("approval", &approval.name)) }
            }
        }
    }

    pub fn clocks(&self) -> Markup {
        let clocks = &self.definition.clocks;
        if clocks.is_empty() {
            return html! {};
        }
        let heads = [
            self.t("Clock", "时钟"),
            self.t("Starts", "开始"),
            self.t("Pauses", "暂停"),
            self.t("Stops", "停止"),
            self.t("Target", "目标"),
            self.t("Written in", "出处"),
        ];
        let rows = html! { @for clock in clocks.values() { (self.clock(clock)) } };
        html! {
            section.below aria-labelledby="clocks" {
                (self.sec("clocks", self.t("Clocks", "时钟"), clocks.len(), None))
                (self.table(&heads, &rows))
            }
        }
    }

    fn clock(&self, clock: &Clock) -> Markup {
        html! {
            tr {
                th.wrap scope="row" {
                    code { (clock.name) }
                    div.second { (clock.label.text(self.language())) }
                }
                td.wrap { (self.told(&clock.start)) }
                td.wrap { @if let Some(pause) = &clock.pause { (self.told(pause)) } }
                td.wrap { (self.told(&clock.stop)) }
                td.wrap {
                    @match &clock.target {
                        Targets::One(target) => (self.target(*target)),
                        Targets::By(field, all) => {
                            (self.named(field))
                            ul { @for (choice, target) in all {
                                li { code { (choice) } " " (self.target(*target)) }
                            } }
                        },
                    }
                    @if let Some(per_cent) = clock.warn_at {
                        div.second {
                            (self.t("warns at ", "预警 ")) (per_cent) (self.t(" %", "%"))
                        }
                    }
                    div.second { (self.t("calendar ", "日历 ")) code { (clock.calendar) } }
                }
                td.second { (self.origin("clock", &clock.name)) }
            }
        }
    }

    fn target(&self, target: Target) -> String {
        match target {
            Target::Elapsed(time) => self.page.watch.length(time),
            Target::ServiceDays(days) => format!("{days} {}", self.t("service days", "个服务日")),
        }
    }

    pub fn lists(&self) -> Markup {
        let lists = &self.definition.lists;
        let heads = [
            self.t("List", "列表"),
            self.t("Columns", "列"),
            self.t("Records shown", "显示的记录"),
            self.t("Order", "排序"),
            self.t("Written in", "出处"),
        ];
        let rows = html! { @for list in lists.values() { (self.list(list)) } };
        html! {
            section.below aria-labelledby="lists" {
                (self.sec("lists", self.t("Lists", "列表"), lists.len(),
                    Some(("list", self.t("Add a list", "新增列表")))))
                @if !lists.is_empty() { (self.table(&heads, &rows)) }
            }
        }
    }

    fn list(&self, list: &List) -> Markup {
        let label = list.label.as_ref().unwrap_or(&self.definition.plural);
        let columns: Vec<String> = list.columns.iter().map(|name| self.named(name)).collect();
        let sort = list.sort.iter().map(|sort| {
            let way = match sort.descending {
                true => self.t(" descending", " 降序"),
                false => self.t(" ascending", " 升序"),
            };
            format!("{}{way}", self.named(&sort.field))
        });
        html! {
            tr {
                th.wrap scope="row" {
                    code { (list.name) }
                    div.second { (label.text(self.language())) }
                }
                td.wrap { (columns.join(self.t(", ", "、"))) }
                td.wrap { @match &list.filter {
                    Some(filter) => (self.told(filter)),
                    None => (self.t("all", "全部")),
                } }
                td.wrap.second { (sort.collect::<Vec<_>>().join(self.t(", ", "、"))) }
                td.second { (self.origin("list", &list.name)) }
            }
        }
    }

    pub fn measures(&self) -> Markup {
        let measures = &self.definition.measures;
        if measures.is_empty() {
            return html! {};
        }
        let heads = [
            self.t("Measure", "度量"),
            self.t("Of which records", "统计范围"),
            self.t("Figure", "指标"),
            self.t("Per", "周期"),
            self.t("Written in", "出处"),
        ];
        let rows = html! { @for measure in measures.values() { (self.measure(measure)) } };
        html! {
            section.below aria-labelledby="measures" {
                (self.sec("measures", self.t("Measures", "度量"), measures.len(), None))
                (self.table(&heads, &rows))
            }
        }
    }

    fn measure(&self, measure: &Measure) -> Markup {
        let per = match measure.per {
            None => "",
            Some(Period::Day) => self.t("day", "日"),
            Some(Period::Week) => self.t("week", "周"),
            Some(Period::Month) => self.t("month", "月"),
            Some(Period::Quarter) => self.t("quarter", "季度"),
            Some(Period::Year) => self.t("year", "年"),
        };
        html! {
            tr {
                th.wrap scope="row" {
                    code { (measure.name) }
                    div.second { (measure.label.text(self.language())) }
                }
                td.wrap { (self.told(&measure.over)) }
                td.wrap { @match &measure.figure {
                    Figure::Count => (self.t("how many", "数量")),
                    Figure::Share(of) => { (self.t("share of: ", "占比：")) (self.told(of)) },
                    Figure::Value(of) => { (self.t("value of: ", "数值：")) (self.told(of)) },
                } }
                td.wrap.second {
                    (per)
                    @if let Some(by) = &measure.by {
                        (self.t(" by ", "，按")) (self.named(by))
                    }
                }
                td.second { (self.origin("measure", &measure.name)) }
            }
        }
    }

    pub fn evidence(&self) -> Markup {
        let claims = &self.definition.evidence;
        if claims.is_empty() {
            return html! {};
        }
        let heads = [
            self.t("Claim", "声明"),
            self.t("Requirement", "要求"),
            self.t("Of which records", "统计范围"),
            self.t("What is true of those that conform", "符合条件"),
            self.t("Written in", "出处"),
        ];
        let rows = html! { @for claim in claims.values() { (self.claim(claim)) } };
        html! {
            section.below aria-labelledby="evidence" {
                (self.sec("evidence", self.t("Evidence", "证据"), claims.len(), None))
                (self.table(&heads, &rows))
            }
        }
    }

    fn claim(&self, claim: &Claim) -> Markup {
        let zh = self.language() == Language::ZH;
        html! {
            tr {
                th.wrap scope="row" {
                    code { (claim.name) }
                    div.second { (claim.label.text(self.language())) }
                }
                td { @if zh { "条款 " } code { (claim.requirement) } }
                td.wrap { (self.told(&claim.over)) }
                td.wrap { (self.told(&claim.holds)) }
                td.second { (self.origin("evidence", &claim.name)) }
            }
        }
    }
}
