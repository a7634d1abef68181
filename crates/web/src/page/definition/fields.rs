//! Fields of a record type: what they are called, hold, demand, and who sees and edits them.

use super::show::TypePage;
use crate::page::table::table;
use maud::{Markup, html};
use model::definition::{Choices, Field, FieldKind, Permission, Section};
use model::{Language, Name};

impl TypePage<'_> {
    pub fn fields(&self) -> Markup {
        let fields = &self.definition.fields;
        html! {
            section.below aria-labelledby="fields" {
                (self.sec("fields", self.t("Fields", "字段"), fields.len(),
                    Some(("field", self.t("Add a field", "新增字段")))))
                (table(self.t("Table of fields", "字段表"), "table", &html! {
                    th scope="col" { (self.t("Name", "名称")) }
                    th scope="col" { (self.t("English", "英文")) }
                    th scope="col" { (self.t("Chinese", "中文")) }
                    th scope="col" { (self.t("Type", "类型")) }
                    th scope="col" { (self.t("Required", "必填")) }
                    th scope="col" { (self.t("Default", "默认值")) }
                    th scope="col" { (self.t("Section", "分组")) }
                    th scope="col" { (self.t("Written in", "出处")) }
                }, &html! {
                    tbody { @for field in fields.values() { (self.field_row(field)) } }
                }))
                (self.choices())
            }
            (self.sections())
        }
    }

    /// Sections, which decide who sees their fields and when they are edited.
    fn sections(&self) -> Markup {
        let sections = &self.definition.sections;
        html! {
            section.below aria-labelledby="sections" {
                (self.sec("sections", self.t("Sections", "分组"), sections.len(), None))
                (table(self.t("Table of sections", "分组表"), "table", &html! {
                    th scope="col" { (self.t("Name", "名称")) }
                    th.num scope="col" { (self.t("Fields", "字段")) }
                    th scope="col" { (self.t("Seen by", "可见角色")) }
                    th scope="col" { (self.t("Edited in", "可编辑状态")) }
                    th scope="col" { (self.t("Written in", "出处")) }
                }, &html! {
                    tbody { @for section in sections.values() { tr {
                        th.wrap scope="row" {
                            code { (section.name) }
                            div.second { (section.label.text(self.language())) }
                        }
                        td.num { (section.fields.len()) }
                        td.wrap.second { (self.seen_by(section)) }
                        td.wrap.second { (self.edited_in(section)) }
                        td.second { (self.origin("section", &section.name)) }
                    } } }
                }))
            }
        }
    }

    fn field_row(&self, field: &Field) -> Markup {
        let section = self.definition.section_of(&field.name);
        html! {
            tr {
                th scope="row" { code { (field.name) } }
                td { (field.label.text(Language::EN)) }
                td lang="zh-Hans" { (field.label.text(Language::ZH)) }
                td.wrap.second { (self.kind(field)) }
                td.wrap.second { (self.required(field)) }
                td.wrap.second { @if let Some(default) = &field.default {
                    (self.phrase(default))
                } }
                td.second { @if let Some(section) = section {
                    (section.label.text(self.language()))
                } }
                td.second { (self.origin("field", &field.name)) }
            }
        }
    }

    /// What a field holds, in words.
    fn kind(&self, field: &Field) -> Markup {
        let zh = self.language() == Language::ZH;
        let most = |max: usize| {
            if zh { format!("，最多 {max} 字") } else { format!(", at most {max}") }
        };
        let said = match &field.kind {
            FieldKind::Text { max } => format!("{}{}", self.t("text", "文本"), most(*max)),
            FieldKind::LocalText { max } => {
                format!("{}{}", self.t("text in each language", "多语言文本"), most(*max))
            }
            FieldKind::Markdown { max } => {
                format!("{}{}", self.t("long text", "长文本"), most(*max))
            }
            FieldKind::Choice(all) => self.count_of(all, "choice of ", "单选，共 "),
            FieldKind::MultiChoice(all) => self.count_of(all, "some of ", "多选，共 "),
            FieldKind::YesNo => self.t("yes or no", "是或否").into(),
            FieldKind::Integer { min, max } => self.number("whole number", "整数", *min, *max),
            FieldKind::Decimal { places, .. } => match zh {
                true => format!("小数，{places} 位"),
                false => format!("number with {places} places"),
            },
            FieldKind::Money => self.t("money", "金额").into(),
            FieldKind::Date => self.t("day", "日期").into(),
            FieldKind::Datetime => self.t("day and time", "日期时间").into(),
            FieldKind::Duration => self.t("length of time", "时长").into(),
            FieldKind::Reference { to } => return self.reference(field, to),
            FieldKind::Attachment { many: false } => self.t("a file", "文件").into(),
            FieldKind::Attachment { many: true } => self.t("files", "多个文件").into(),
            FieldKind::Email => self.t("e-mail address", "电子邮箱").into(),
            FieldKind::Url => self.t("web address", "网址").into(),
        };
        html! { (said) (self.marks(field)) }
    }

    fn count_of(&self, choices: &Choices, en: &str, zh: &str) -> String {
        let unit = self.t("", " 项");
        format!("{}{}{unit}", self.t(en, zh), choices.0.len())
    }

    fn number(&self, en: &str, zh: &str, min: Option<i64>, max: Option<i64>) -> String {
        let comma = self.t(", ", "，");
        let range = match (min, max) {
            (Some(min), Some(max)) => format!("{comma}{min} – {max}"),
            (Some(min), None) => format!("{comma}≥ {min}"),
            (None, Some(max)) => format!("{comma}≤ {max}"),
            (None, None) => String::new(),
        };
        format!("{}{range}", self.t(en, zh))
    }

    fn reference(&self, field: &Field, to: &Name) -> Markup {
        let label = self.page.catalogue.record_type(to);
        let label = label.map_or(to.as_str(), |found| found.label.text(self.language()));
        html! {
            (self.t("one record: ", "一条记录："))
            a href=(self.page.to(&format!("{}/{to}", super::HERE))) { (label) }
            (self.marks(field))
        }
    }

    /// What else is said of a field.
    fn marks(&self, field: &Field) -> String {
        let marks = [
            (field.computed.is_some(), self.t("computed", "自动计算")),
            (field.set_by_workflow, self.t("set by transitions", "由转换设置")),
            (field.unique, self.t("unique", "唯一")),
            (field.personal, self.t("personal data", "个人数据")),
        ];
        let said: Vec<&str> = marks.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
        match said.is_empty() {
            true => String::new(),
            false => format!("{}{}", self.t(", ", "，"), said.join(self.t(", ", "，"))),
        }
    }

    /// Always, or by which transitions.
    fn required(&self, field: &Field) -> String {
        if field.required {
            return self.t("always", "始终").into();
        }
        let by = self.definition.transitions.values();
        let by = by.filter(|one| one.needs.contains(&field.name));
        let by: Vec<&str> = by.map(|one| one.label.text(self.language())).collect();
        by.join(self.t(", ", "、"))
    }

    /// All who read the type, or those roles that are shown the section.
    fn seen_by(&self, section: &Section) -> String {
        let readers = || self.definition.permissions.iter().filter(|(_, one)| one.read.is_some());
        let sees =
            |one: &Permission| one.see.as_ref().is_none_or(|all| all.contains(&section.name));
        match readers().all(|(_, one)| sees(one)) {
            true => self.t("all who read it", "所有可读角色").into(),
            false => self.page.roles(readers().filter(|(_, one)| sees(one)).map(|(role, _)| role)),
        }
    }

    fn edited_in(&self, section: &Section) -> String {
        let states = &self.definition.states;
        let open = states.values().filter(|state| state.editable.contains(&section.name));
        let open: Vec<&str> = open.map(|state| state.label.text(self.language())).collect();
        match (open.len() == states.len(), open.is_empty()) {
            (true, _) => self.t("always", "始终").into(),
            (_, true) => self.t("never", "不可编辑").into(),
            _ => open.join(self.t(", ", "、")),
        }
    }

    /// The choices of each field that has some.
    fn choices(&self) -> Markup {
        let with = self.definition.fields.values().filter_map(|field| match &field.kind {
            FieldKind::Choice(all) | FieldKind::MultiChoice(all) => Some((field, all)),
            _ => None,
        });
        html! {
            @for (field, all) in with {
                details.fold-sec.below-s {
                    summary {
                        (crate::show::mark::icon("chevron-right"))
                        h3 {
                            (self.t("Choices of ", "选项："))
                            (field.label.text(self.language()))
                        }
                        span.count { (all.0.len()) }
                    }
                    table.table {
                        thead { tr {
                            th scope="col" { (self.t("Name", "名称")) }
                            th scope="col" { (self.t("English", "英文")) }
                            th scope="col" { (self.t("Chinese", "中文")) }
                        } }
                        tbody { @for (name, label) in &all.0 { tr {
                            th scope="row" { code { (name) } }
                            td { (label.text(Language::EN)) }
                            td lang="zh-Hans" { (label.text(Language::ZH)) }
                        } } }
                    }
                    @if !self.standing.keeps_files {
                        p.btns.below-s { a.btn href=(self.page.to(&format!(
                            "{}/{}/edit?what=choice&part={}", super::HERE, self.definition.name,
                            field.name))) {
                            (crate::show::mark::icon("plus"))
                            (self.t("Add or rename a choice", "新增或重命名选项"))
                        } }
                    }
                }
            }
        }
    }
}
