//! An expression in the words of people: "Kind is Normal and Risk is one of Medium, High". Shown
//! where a rule is explained; never parsed back. How single values are written is in `show`.

use super::show;
use super::{Comparison, Expression, Kind, LinkEnd, Node};
use crate::definition::Period;
use crate::label::Language;
use crate::value::Value;

/// The labels of what an expression names, in one language. `of` is the record type, or `None`
/// for the type of the expression's own records; an unknown name is answered with itself.
pub trait Labels {
    fn field(&self, of: Option<&str>, field: &str) -> String;

    /// The label of a choice of a field; `None` where the field has no such choice.
    fn choice(&self, of: Option<&str>, field: &str, choice: &str) -> Option<String>;

    /// The label of a link as read from this end.
    fn link(&self, end: &LinkEnd) -> String;

    /// The label of a role.
    fn role(&self, role: &str) -> String;

    /// The record type of people, so that the parts of `me` have labels.
    fn person(&self) -> Option<String>;
}

impl Expression {
    /// The expression as a phrase in Chinese (`zh`) or English (any other language).
    ///
    /// | expression | en | zh |
    /// | --- | --- | --- |
    /// | `kind == 'normal'` | Kind is Normal | 变更类型 为 常规变更 |
    /// | `risk in ['medium', 'high']` | Risk is one of Medium, High | 风险 属于 中、高 |
    /// | `not outage or model is set` | Outage is not yes or Model is set | … |
    pub fn in_words(&self, language: Language, labels: &dyn Labels) -> String {
        let speaker = Speaker { chinese: language == Language::ZH, labels };
        if self.kind == Kind::YesNo {
            speaker.condition(&self.node)
        } else {
            speaker.operand(&self.node, None)
        }
    }
}

struct Speaker<'a> {
    chinese: bool,
    labels: &'a dyn Labels,
}

impl Speaker<'_> {
    fn say<'t>(&self, english: &'t str, chinese: &'t str) -> &'t str {
        if self.chinese { chinese } else { english }
    }

    fn is_condition(&self, node: &Node) -> bool {
        matches!(
            node,
            Node::And(_)
                | Node::Or(_)
                | Node::Not(_)
                | Node::Compare(..)
                | Node::In(..)
                | Node::IsSet(_)
                | Node::Search(_)
                | Node::Value(Value::YesNo(_))
        )
    }

    fn condition(&self, node: &Node) -> String {
        match node {
            Node::And(parts) => self.joined(parts, self.say(" and ", " 且 ")),
            Node::Or(parts) => self.joined(parts, self.say(" or ", " 或 ")),
            Node::Not(part) => self.denied(part),
            Node::Compare(comparison, a, b) => self.comparison(*comparison, a, b),
            Node::In(a, b) => self.member(a, b, false),
            Node::IsSet(part) => {
                format!("{} {}", self.operand(part, None), self.say("is set", "已填写"))
            }
            Node::Search(words) => {
                let words = self.operand(words, None);
                format!("{} {words}", self.say("contains the words", "包含字词"))
            }
            Node::Value(Value::YesNo(true)) => self.say("always", "始终").to_string(),
            Node::Value(Value::YesNo(false)) => self.say("never", "从不").to_string(),
            field => {
                let yes = self.say("is yes", "为 是");
                format!("{} {yes}", self.operand(field, None))
            }
        }
    }

    fn joined(&self, parts: &[Node], with: &str) -> String {
        let phrases: Vec<String> = parts.iter().map(|part| self.inner(part)).collect();
        phrases.join(with)
    }

    /// A condition inside another: in brackets where it is itself joined, so that nobody has to
    /// know which of `and` and `or` binds first.
    fn inner(&self, node: &Node) -> String {
        match node {
            Node::And(_) | Node::Or(_) => self.in_brackets(&self.condition(node)),
            _ => self.condition(node),
        }
    }

    fn in_brackets(&self, phrase: &str) -> String {
        if self.chinese { format!("（{phrase}）") } else { format!("({phrase})") }
    }

    fn denied(&self, node: &Node) -> String {
        match node {
            Node::IsSet(part) => {
                format!("{} {}", self.operand(part, None), self.say("is not set", "未填写"))
            }
            Node::In(a, b) => self.member(a, b, true),
            field if !self.is_condition(field) => {
                let not_yes = self.say("is not yes", "不为 是");
                format!("{} {not_yes}", self.operand(field, None))
            }
            other => {
                let phrase = self.in_brackets(&self.condition(other));
                format!("{}{phrase}", self.say("not ", "并非"))
            }
        }
    }

    fn comparison(&self, comparison: Comparison, a: &Node, b: &Node) -> String {
        let word = match comparison {
            Comparison::Equal => self.say("is", "为"),
            Comparison::NotEqual => self.say("is not", "不为"),
            Comparison::Less => "<",
            Comparison::LessOrEqual => "≤",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => "≥",
        };
        format!("{} {word} {}", self.operand(a, Some(b)), self.operand(b, Some(a)))
    }

    fn member(&self, a: &Node, b: &Node, denied: bool) -> String {
        let said = |yes: [&'static str; 2], no: [&'static str; 2]| {
            let [english, chinese] = if denied { no } else { yes };
            self.say(english, chinese)
        };
        match b {
            Node::List(parts) => {
                let left = self.operand(a, parts.first());
                let shown: Vec<String> = parts.iter().map(|p| self.operand(p, Some(a))).collect();
                let word = match parts.len() {
                    1 => said(["is", "为"], ["is not", "不为"]),
                    _ => said(["is one of", "属于"], ["is none of", "不属于"]),
                };
                format!("{left} {word} {}", shown.join(self.say(", ", "、")))
            }
            Node::MyPart(_) | Node::Parameter(_) => {
                let word = said(["is one of", "属于"], ["is none of", "不属于"]);
                format!("{} {word} {}", self.operand(a, Some(b)), self.operand(b, None))
            }
            _ => {
                let word = said(["include", "包含"], ["do not include", "不包含"]);
                format!("{} {word} {}", self.operand(b, None), self.operand(a, Some(b)))
            }
        }
    }

    /// A value or what yields one; `beside` tells whose choice a text is.
    fn operand(&self, node: &Node, beside: Option<&Node>) -> String {
        match node {
            Node::Value(value) => self.value(value, beside),
            Node::Now => self.say("now", "现在").to_string(),
            Node::Today => self.say("today", "今天").to_string(),
            Node::StartOf(period) => self.start_of(*period).to_string(),
            Node::Me => self.say("me", "我").to_string(),
            Node::MyPart(part) if part == "roles" => self.say("my roles", "我的角色").to_string(),
            Node::MyPart(part) => {
                let label = self.labels.field(self.labels.person().as_deref(), part);
                format!("{}{label}", self.say("my ", "我的"))
            }
            Node::Field(field) => self.labels.field(None, field),
            Node::Parameter(name) => name.to_string(),
            Node::Widen { node, .. } => self.operand(node, beside),
            Node::Add(a, b) => self.sum(a, "+", b),
            Node::Subtract(a, b) => self.sum(a, "−", b),
            Node::List(parts) => {
                let shown: Vec<String> = parts.iter().map(|p| self.operand(p, beside)).collect();
                shown.join(self.say(", ", "、"))
            }
            Node::Matrix { matrix, row, column } => self.matrix(matrix, row, column),
            _ if self.is_condition(node) => self.in_brackets(&self.condition(node)),
            _ => self.step(node),
        }
    }

    fn start_of(&self, period: Period) -> &'static str {
        match period {
            Period::Day => self.say("today", "今天"),
            Period::Week => self.say("the start of this week", "本周开始"),
            Period::Month => self.say("the start of this month", "本月开始"),
            Period::Quarter => self.say("the start of this quarter", "本季度开始"),
            Period::Year => self.say("the start of this year", "本年开始"),
        }
    }

    fn step(&self, node: &Node) -> String {
        let link = |end: &LinkEnd| self.labels.link(end);
        match node {
            Node::Step { reference, to, field } => {
                self.of(self.labels.field(Some(to), field), self.labels.field(None, reference))
            }
            Node::StepLink { reference, end } => {
                self.of(link(end), self.labels.field(None, reference))
            }
            Node::LinkedField { end, field } => {
                self.of(self.labels.field(Some(&end.other), field), link(end))
            }
            Node::LinkedLink { end, next } => self.of(link(next), link(end)),
            Node::Linked(end) => link(end),
            Node::Count(end) => {
                let label = link(end);
                if self.chinese {
                    format!("{label}的数量")
                } else {
                    format!("number of {label}")
                }
            }
            _ => String::new(),
        }
    }

    fn of(&self, part: String, whole: String) -> String {
        if self.chinese { format!("{whole}的{part}") } else { format!("{part} of {whole}") }
    }

    fn sum(&self, a: &Node, sign: &str, b: &Node) -> String {
        let right = self.operand(b, None);
        let nested = matches!(b, Node::Add(..) | Node::Subtract(..));
        let right = if nested { self.in_brackets(&right) } else { right };
        format!("{} {sign} {right}", self.operand(a, None))
    }

    fn matrix(&self, matrix: &str, row: &Node, column: &Node) -> String {
        let label = self.labels.field(None, matrix);
        let (row, column) = (self.operand(row, None), self.operand(column, None));
        if self.chinese {
            format!("{label}（按{row}、{column}）")
        } else {
            format!("{label} by {row} and {column}")
        }
    }

    fn value(&self, value: &Value, beside: Option<&Node>) -> String {
        match value {
            Value::Text(text) => self.choice(text, beside).unwrap_or_else(|| format!("“{text}”")),
            Value::Texts(texts) => {
                let shown = texts.iter().map(|t| self.choice(t, beside).unwrap_or(t.to_string()));
                shown.collect::<Vec<_>>().join(self.say(", ", "、"))
            }
            Value::YesNo(true) => self.say("yes", "是").to_string(),
            Value::YesNo(false) => self.say("no", "否").to_string(),
            Value::Unset => self.say("not set", "未填写").to_string(),
            Value::Duration(micros) => show::duration(*micros, self.chinese),
            other => show::plain(other),
        }
    }

    /// The label of a choice, told by what it stands beside.
    fn choice(&self, text: &str, beside: Option<&Node>) -> Option<String> {
        match beside? {
            Node::Field(field) => self.labels.choice(None, field, text),
            Node::Step { to, field, .. } => self.labels.choice(Some(to), field, text),
            Node::LinkedField { end, field } => self.labels.choice(Some(&end.other), field, text),
            Node::Matrix { matrix, .. } => self.labels.choice(None, matrix, text),
            Node::MyPart(part) if part == "roles" => Some(self.labels.role(text)),
            Node::MyPart(part) => self.labels.choice(self.labels.person().as_deref(), part, text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{labels, shared};
    use super::super::{Place, check};
    use super::*;

    /// A text, and its phrase in English and Chinese.
    const PHRASES: &[(&str, &str, &str)] = &[
        (
            "kind == 'normal' and risk in ['medium', 'high']",
            "Kind is Normal and Risk is one of Medium, High",
            "变更类型 为 常规变更 且 风险 属于 中、高",
        ),
        (
            "kind == 'normal' and (risk == 'low' or major_impact)",
            "Kind is Normal and (Risk is Low or Major impact is yes)",
            "变更类型 为 常规变更 且 （风险 为 低 或 重大影响 为 是）",
        ),
        ("not major_impact", "Major impact is not yes", "重大影响 不为 是"),
        ("model is not set", "Change model is not set", "变更模型 未填写"),
        ("affects is set", "Affects is set", "影响的配置项 已填写"),
        (
            "kind not in ['normal', 'standard']",
            "Kind is none of Normal, Standard",
            "变更类型 不属于 常规变更、标准变更",
        ),
        ("requester == me", "Requested by is me", "申请人 为 我"),
        ("me in affects.owners", "Owners of Affects include me", "影响的配置项的负责人 包含 我"),
        (
            "'live' in affects.state",
            "State of Affects include Live",
            "影响的配置项的状态 包含 运行中",
        ),
        ("service in me.services", "Service is one of my Services", "服务 属于 我的服务"),
        ("'auditor' in me.roles", "Auditor is one of my roles", "审计员 属于 我的角色"),
        ("service.owner == me", "Owner of Service is me", "服务的负责人 为 我"),
        (
            "now() >= planned_start - 1d4h",
            "now ≥ Planned start − 1 day 4 hours",
            "现在 ≥ 计划开始 − 1 天 4 小时",
        ),
        ("count(incident.caused_by) > 0", "number of Incidents > 0", "引发的事件的数量 > 0"),
        ("cost < 'CNY 100.00'", "Estimated cost < CNY 100.00", "预估成本 < CNY 100.00"),
        ("due_date == '2026-03-01'", "Due is 2026-03-01", "截止日期 为 2026-03-01"),
        ("summary == '支付'", "Summary is “支付”", "摘要 为 “支付”"),
        ("not (effort > 3)", "not (Effort > 3)", "并非（工作量 > 3）"),
        ("search('支付')", "contains the words “支付”", "包含字词 “支付”"),
        ("true", "always", "始终"),
        ("false", "never", "从不"),
        ("major_impact", "Major impact is yes", "重大影响 为 是"),
        ("effort + 1", "Effort + 1", "工作量 + 1"),
        (
            "matrix('risk', impact, likelihood) == 'low'",
            "Risk by Impact and Likelihood is Low",
            "风险（按影响度、失败可能性） 为 低",
        ),
    ];

    #[test]
    fn conditions_read_as_phrases_in_both_languages() {
        let model = shared();
        for &(text, english, chinese) in PHRASES {
            let expression = match check(text, "change", Place::Filter, None, model) {
                Ok(expression) => expression,
                Err(slips) => panic!("{text}: {slips:?}"),
            };
            assert_eq!(expression.in_words(Language::EN, &labels(model, Language::EN)), english);
            assert_eq!(expression.in_words(Language::ZH, &labels(model, Language::ZH)), chinese);
        }
    }
}
