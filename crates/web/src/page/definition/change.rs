//! `/administration/definitions/TYPE/edit`: a field, choice, label, list or rule by a form. What
//! was typed becomes an edit of an overlay, which is looked at before anything is done.

use super::edits::{Labelled, WORDS, What, hindrance, read};
use super::overlay::{Proposal, demand_name, stands};
use super::review::{Review, slips};
use super::show::{Desk, TypePage};
use super::{HERE, overlay_name, scene, trail_below};
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::page::field::Wrong;
use crate::page::html_answer;
use crate::page::inputs::{Input, area, expression as expression_input, line, select, tick};
use crate::problem::{Problem, Result};
use crate::route::{Kind, Parameter};
use crate::show::mark::icon;
use axum::http::StatusCode;
use maud::{Markup, html};
use model::definition::FieldKind;
use model::expression::{Kind as Yields, Place, Slip, check};
use model::grammar::FIELD_TYPES;
use model::{Language, edit};

pub const QUERY: &[Parameter] = &[
    Parameter { name: "what", kind: Kind::OneOf(WORDS), says: "What is changed.", required: true },
    Parameter::text("part", 200, "The part that is changed."),
];

pub const EXPRESSION: &[Parameter] = &[
    Parameter::text("holds", 8192, "The condition of a rule."),
    Parameter::text("filter", 8192, "The filter of a list."),
];

/// The form.
pub fn form(call: &Call) -> Result<Answer> {
    let desk = Desk::of(call)?;
    let shown = desk.type_page();
    let what = What::of(call.query.text("what").unwrap_or("")).ok_or_else(Problem::missing)?;
    let part = call.query.text("part").unwrap_or("");
    let filled = shown.presets(what, part);
    Ok(shown.change_page(what, &filled, &Wrong::new(), &html! {}))
}

/// What was typed: the edit, shown as it would be, or the form again with what is wrong.
pub fn change(call: &Call) -> Result<Answer> {
    let desk = Desk::of(call)?;
    let (shown, page, standing) = (desk.type_page(), &desk.page, &desk.standing);
    let typed = call.form()?;
    let what = What::of(typed.text("what").unwrap_or("")).ok_or_else(Problem::missing)?;
    let again = |wrong: &Wrong, below: &Markup| {
        let answer = shown.change_page(what, &typed, wrong, below);
        Ok(answer.status(StatusCode::UNPROCESSABLE_ENTITY))
    };
    let mut wrong = shown.expression_slips(&typed);
    let asked = match read(&shown, what, &typed) {
        Ok(asked) => asked,
        Err(more) => {
            wrong.extend(more);
            return again(&wrong, &html! {});
        }
    };
    let name = typed.text("overlay").unwrap_or("").trim().to_string();
    if let Err(said) = demand_name(page, &name) {
        wrong.push(("overlay".into(), said));
    }
    if !wrong.is_empty() {
        return again(&wrong, &html! {});
    }
    let before = standing.overlays().get(&name).cloned().unwrap_or_default();
    let text = match edit::apply(&before, &shown.definition.name, &asked) {
        Ok(text) => text,
        Err(why) => {
            return again(&vec![("overlay".into(), hindrance(&shown, &name, &why))], &html! {});
        }
    };
    let proposal = Proposal { name, text, base: standing.version.number, note: String::new() };
    let review = Review::of(page, standing, &proposal)?;
    match review.draft.problems.is_some() {
        true => again(&Wrong::new(), &review.shown(page)),
        false => Ok(stands(page, standing, &proposal, Some(&review), &html! {})),
    }
}

/// An expression as far as it is typed: a part of the form's page.
pub fn expression(call: &Call) -> Result<Answer> {
    let desk = Desk::of(call)?;
    let shown = desk.type_page();
    let checked = ["holds", "filter"].iter().find_map(|name| {
        let text = call.query.text(name)?;
        Some(shown.checked(name, text))
    });
    Ok(html_answer(StatusCode::OK, checked.unwrap_or_default()))
}

/// Fields that hold an expression, and what may be said there.
fn place(name: &str) -> Place {
    if name == "filter" { Place::Filter } else { Place::Condition }
}

impl TypePage<'_> {
    fn slips_of(&self, name: &str, text: &str) -> Vec<Slip> {
        let model = &self.page.catalogue.model;
        let of = &self.definition.name;
        check(text, of, place(name), Some(&Yields::YesNo), model).err().unwrap_or_default()
    }

    /// What is wrong with an expression, or what it says in words.
    fn checked(&self, name: &str, text: &str) -> Markup {
        if text.trim().is_empty() {
            return html! {};
        }
        let model = &self.page.catalogue.model;
        match check(text, &self.definition.name, place(name), Some(&Yields::YesNo), model) {
            Ok(expression) => html! {
                p.help { (icon("check")) " " (self.phrase(&expression)) }
            },
            Err(found) => slips(self.page, text, &found),
        }
    }

    /// That the expressions of a form are wrong; where, stands below each.
    fn expression_slips(&self, typed: &Form) -> Wrong {
        let wrong = ["holds", "filter"].into_iter().filter(|name| {
            typed.filled(name).is_some_and(|text| !self.slips_of(name, text.trim()).is_empty())
        });
        let said = self.t("The expression cannot be read.", "表达式有误。");
        wrong.map(|name| (name.to_string(), said.to_string())).collect()
    }

    /// What a form holds when it is opened.
    fn presets(&self, what: What, part: &str) -> Form {
        let mut all = vec![("part".to_string(), part.to_string())];
        let mut put = |name: &str, text: &str| all.push((name.to_string(), text.to_string()));
        let names = self.standing.places.overlays(&self.definition.name);
        let own = format!("{}.toml", self.definition.name);
        put("overlay", names.last().map_or(own.as_str(), |path| overlay_name(path)));
        if what == What::Rule {
            put("always", "true");
        }
        if let Some(found) = self.labelled().iter().find(|one| one.value() == part) {
            put("en", found.text(Language::EN));
            put("zh", found.text(Language::ZH));
        }
        if let Some(list) = self.definition.lists.get("default").filter(|_| what == What::List) {
            let columns: Vec<&str> = list.columns.iter().map(|name| name.as_str()).collect();
            put("columns", &columns.join(", "));
        }
        Form::of(all)
    }

    fn change_page(&self, what: What, typed: &Form, wrong: &Wrong, below: &Markup) -> Answer {
        let title = what.title(self);
        let label = self.definition.label.text(self.language());
        let text = |name: &str| typed.text(name).unwrap_or("");
        let needs_part = match what {
            What::Choice => !self.own_choice_fields().iter().any(|f| *f.name == *text("part")),
            What::Label => !self.labelled().iter().any(|one| one.value() == text("part")),
            _ => false,
        };
        let body = html! {
            div.page-head { div {
                p.second { (label) " " code { (self.definition.name) } }
                h1 { (title) }
                p {
                    (self.t(
                        "Nothing happens yet: what you type becomes a change of an overlay, which \
                         you see and confirm on the next page.",
                        "此时不会作任何更改：所填内容会成为叠加文件的修改，在下一页查看并确认。",
                    ))
                }
            } }
            (below)
            @if self.standing.keeps_files { (super::in_files(self.page)) }
            @else if needs_part { (self.choose_part(what)) }
            @else { (self.change_form(what, typed, wrong)) }
        };
        scene(self.page, title, trail_below(self.page, self.definition, title), body)
    }

    fn address(&self) -> String {
        self.page.to(&format!("{HERE}/{}/edit", self.definition.name))
    }

    /// First what is changed, then how.
    fn choose_part(&self, what: What) -> Markup {
        let options: Vec<(String, String)> = match what {
            What::Choice => {
                let fields = self.own_choice_fields().into_iter();
                let label =
                    |f: &model::definition::Field| f.label.text(self.language()).to_string();
                fields.map(|field| (field.name.to_string(), label(field))).collect()
            }
            _ => self.labelled().iter().map(|one| (one.value(), self.part_said(one))).collect(),
        };
        html! {
            @if options.is_empty() {
                p { (self.t("There is nothing of its own to change.", "没有可修改的内容。")) }
            } @else {
                form.form method="get" action=(self.address()) {
                    input type="hidden" name="what" value=(what.word());
                    (select(&Input { form: "",
                        name: "part",
                        label: self.t("What", "修改对象"),
                        help: "",
                        value: "",
                    }, &options, &Wrong::new()))
                    div.btns {
                        button.btn.btn-solid type="submit" { (self.t("Next", "下一步")) }
                    }
                }
            }
        }
    }

    fn part_said(&self, one: &Labelled) -> String {
        let kind = match (one.kind.as_str(), one.key.as_str()) {
            ("record", "plural") => self.t("Record type, plural", "记录类型（复数）"),
            ("record", _) => self.t("Record type", "记录类型"),
            ("section", _) => self.t("Section", "分组"),
            ("field", "help") => self.t("Help of field", "字段说明"),
            ("field", _) => self.t("Field", "字段"),
            ("link", _) => self.t("Link", "链接"),
            ("state", _) => self.t("State", "状态"),
            ("transition", _) => self.t("Transition", "转换"),
            ("rule", _) => self.t("Message of rule", "规则提示"),
            ("approval", _) => self.t("Approval", "审批"),
            ("clock", _) => self.t("Clock", "时钟"),
            ("evidence", _) => self.t("Claim", "声明"),
            ("list", _) => self.t("List", "列表"),
            _ => self.t("Measure", "度量"),
        };
        format!("{kind}{}{}", self.t(": ", "："), one.text(self.language()))
    }

    fn change_form(&self, what: What, typed: &Form, wrong: &Wrong) -> Markup {
        let fields = match what {
            What::Field => self.field_form(typed, wrong),
            What::Choice => self.choice_form(typed, wrong),
            What::Label => self.label_form(typed, wrong),
            What::List => self.list_form(typed, wrong),
            What::Rule => self.rule_form(typed, wrong),
        };
        let known: Vec<&str> = self.standing.places.overlays(&self.definition.name);
        let known: Vec<&str> = known.into_iter().map(overlay_name).collect();
        let help = match known.is_empty() {
            true => self.t("A new file.", "新文件。").to_string(),
            false => {
                format!("{}{}", self.t("There are ", "现有："), known.join(self.t(", ", "、")))
            }
        };
        html! {
            form.form method="post" action=(self.address()) {
                input type="hidden" name="csrf" value=(self.page.csrf());
                input type="hidden" name="what" value=(what.word());
                (fields)
                (line(&Input { form: "",
                    name: "overlay",
                    label: self.t("Overlay that it is written in", "写入的叠加文件"),
                    help: &help,
                    value: typed.text("overlay").unwrap_or(""),
                }, wrong))
                div.btns {
                    button.btn.btn-solid type="submit" {
                        (self.t("See what it does", "查看效果"))
                    }
                    a.btn.btn-plain
                        href=(self.page.to(&format!("{HERE}/{}", self.definition.name))) {
                        (self.t("Cancel", "取消"))
                    }
                }
            }
        }
    }

    fn name_line(&self, typed: &Form, wrong: &Wrong, example: &str) -> Markup {
        let help = format!(
            "{}{example}",
            self.t(
                "Lower-case letters, digits and _. Programs use it: ",
                "小写字母、数字和下划线，供程序使用，例如 "
            )
        );
        line(
            &Input {
                form: "",
                name: "name",
                label: self.t("Name", "名称"),
                help: &help,
                value: typed.text("name").unwrap_or(""),
            },
            wrong,
        )
    }

    fn labels_typed(&self, typed: &Form, wrong: &Wrong) -> Markup {
        let text = |name: &str| typed.text(name).unwrap_or("");
        self.page.both(text("en"), text("zh"), wrong)
    }

    fn field_form(&self, typed: &Form, wrong: &Wrong) -> Markup {
        let text = |name: &str| typed.text(name).unwrap_or("");
        let kinds: Vec<(String, String)> = FIELD_TYPES
            .iter()
            .map(|kind| (kind.name.to_string(), self.kind_said(kind.name).to_string()))
            .collect();
        let sections: Vec<(String, String)> = self
            .own_sections()
            .iter()
            .map(|s| (s.name.to_string(), s.label.text(self.language()).to_string()))
            .collect();
        let nothing = (String::new(), "–".to_string());
        let types = self.page.catalogue.model.record_types.values();
        let types = types.map(|t| (t.name.to_string(), t.label.text(self.language()).to_string()));
        let types: Vec<(String, String)> = [nothing].into_iter().chain(types).collect();
        html! {
            (self.name_line(typed, wrong, "branch_code"))
            (self.labels_typed(typed, wrong))
            (select(&Input { form: "", name: "kind", label: self.t("Type", "类型"), help: "",
                value: text("kind") }, &kinds, wrong))
            (area(&Input { form: "",
                name: "choices",
                label: self.t("Choices, where the type has some", "选项（仅选择类型）"),
                help: self.t("A line each: low: Low | 低", "每行一个：low: Low | 低"),
                value: text("choices"),
            }, 4, wrong))
            (select(&Input { form: "",
                name: "to",
                label: self.t("Record type, where it refers to one", "引用的记录类型（仅引用类型）"),
                help: "",
                value: text("to"),
            }, &types, wrong))
            (select(&Input { form: "",
                name: "section",
                label: self.t("Section", "分组"),
                help: self.t("It decides who sees the field, and when it is edited.",
                    "分组决定谁可见以及何时可编辑。"),
                value: text("section"),
            }, &sections, wrong))
            (tick("required", "true", self.t("Must always be filled", "始终必填"),
                !text("required").is_empty()))
        }
    }

    fn kind_said(&self, name: &str) -> &'static str {
        let (en, zh) = match name {
            "text" => ("Text of one line", "单行文本"),
            "local_text" => ("Text in each language", "多语言文本"),
            "markdown" => ("Long text", "长文本"),
            "choice" => ("One of several choices", "单选"),
            "multi_choice" => ("Some of several choices", "多选"),
            "yes_no" => ("Yes or no", "是或否"),
            "integer" => ("Whole number", "整数"),
            "decimal" => ("Number with places", "小数"),
            "money" => ("Money", "金额"),
            "date" => ("Day", "日期"),
            "datetime" => ("Day and time", "日期时间"),
            "duration" => ("Length of time", "时长"),
            "reference" => ("A record", "引用记录"),
            "person" => ("A person", "人员"),
            "attachment" => ("A file", "文件"),
            "email" => ("E-mail address", "电子邮箱"),
            _ => ("Web address", "网址"),
        };
        self.t(en, zh)
    }

    fn choice_form(&self, typed: &Form, wrong: &Wrong) -> Markup {
        let part = typed.text("part").unwrap_or("");
        let field = self.definition.fields.get(part);
        let choices = field.map(|field| &field.kind);
        html! {
            input type="hidden" name="part" value=(part);
            @if let Some(field) = field {
                p { (field.label.text(self.language())) " " code { (part) } }
            }
            @if let Some(FieldKind::Choice(all) | FieldKind::MultiChoice(all)) = choices {
                p.help {
                    (self.t("There are: ", "现有："))
                    @for (index, (name, label)) in all.0.iter().enumerate() {
                        @if index > 0 { (self.t(", ", "、")) }
                        code { (name) } " " (label.text(self.language()))
                    }
                    (self.t(". The name of one of them gives it another label.",
                        "。填写已有名称即修改其标签。"))
                }
            }
            (self.name_line(typed, wrong, "remote"))
            (self.labels_typed(typed, wrong))
        }
    }

    fn label_form(&self, typed: &Form, wrong: &Wrong) -> Markup {
        let part = typed.text("part").unwrap_or("");
        let found = self.labelled().into_iter().find(|one| one.value() == part);
        html! {
            input type="hidden" name="part" value=(part);
            @if let Some(found) = found { p { (self.part_said(&found)) " " code { (part) } } }
            (self.labels_typed(typed, wrong))
        }
    }

    fn list_form(&self, typed: &Form, wrong: &Wrong) -> Markup {
        let text = |name: &str| typed.text(name).unwrap_or("");
        let fields: Vec<&str> = self.definition.fields.keys().map(|name| name.as_str()).collect();
        let help = format!(
            "{}{}",
            self.t("Fields: number, state, ", "字段：number、state、"),
            fields.join(self.t(", ", "、"))
        );
        html! {
            (self.name_line(typed, wrong, "branches"))
            (self.labels_typed(typed, wrong))
            (line(&Input { form: "", name: "columns",
                label: self.t("Columns, in their order", "列（按顺序）"),
                help: &help, value: text("columns") }, wrong))
            (self.expression_field("filter", self.t("Only records where", "仅显示满足条件的记录"),
                typed, wrong))
            (line(&Input { form: "", name: "sort", label: self.t("Order", "排序"),
                help: self.t("Fields between commas; - before one for descending: -number",
                    "字段以逗号分隔，前加 - 表示降序：-number"),
                value: text("sort") }, wrong))
        }
    }

    fn rule_form(&self, typed: &Form, wrong: &Wrong) -> Markup {
        let own = self.definition.transitions.values();
        let own = own.filter(|one| self.is_own("transition", &one.name));
        let said = wrong.iter().find(|(name, _)| name == "always");
        html! {
            (self.name_line(typed, wrong, "branch_is_known"))
            (self.expression_field("holds", self.t("What must hold", "须满足"), typed, wrong))
            p.label { (self.t("What a person is told where it does not hold", "不满足时的提示")) }
            (self.labels_typed(typed, wrong))
            fieldset.field {
                legend { (self.t("Checked", "检查时机")) }
                div.ticks {
                (tick("always", "true", self.t("at every write", "每次写入"),
                    typed.filled("always").is_some()))
                @for one in own {
                    (tick("transition", &one.name, one.label.text(self.language()),
                        typed.all("transition").any(|chosen| chosen == one.name.as_str())))
                }
                }
                @if let Some((_, said)) = said {
                    p.error { (icon("circle-alert")) span { (said) } }
                }
            }
        }
    }

    fn expression_field(&self, name: &str, label: &str, typed: &Form, wrong: &Wrong) -> Markup {
        let value = typed.text(name).unwrap_or("");
        let checks = self.page.to(&format!("{HERE}/{}/expression", self.definition.name));
        let help = self.t(
            "An expression, e.g. kind == 'normal' and risk is set",
            "表达式，例如 kind == 'normal' and risk is set",
        );
        let checked = self.checked(name, value.trim());
        expression_input(&Input { form: "", name, label, help, value }, wrong, &checks, &checked)
    }
}
