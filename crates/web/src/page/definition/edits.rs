//! From what was typed to the edit of an overlay, with each slip at its field.

use super::show::TypePage;
use crate::form::Form;
use crate::page::field::Wrong;
use model::definition::FieldKind;
use model::edit::{Both, Edit, Hindrance, Joins, NewField};
use model::grammar::{FIELD_TYPE_NAMES, field_type};
use model::{Label, Language, Name};

/// What can be changed by a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Field,
    Choice,
    Label,
    List,
    Rule,
}

pub(super) const WORDS: &[&str] = &["field", "choice", "label", "list", "rule"];

impl What {
    pub fn of(word: &str) -> Option<What> {
        let all = [What::Field, What::Choice, What::Label, What::List, What::Rule];
        WORDS.iter().zip(all).find(|(known, _)| **known == word).map(|(_, what)| what)
    }

    pub fn word(self) -> &'static str {
        WORDS[self as usize]
    }

    pub fn title(self, shown: &TypePage) -> &'static str {
        let (en, zh) = match self {
            What::Field => ("Add a field", "新增字段"),
            What::Choice => ("Add or rename a choice", "新增或重命名选项"),
            What::Label => ("Change a label", "修改标签"),
            What::List => ("Add a list", "新增列表"),
            What::Rule => ("Add a rule", "新增规则"),
        };
        shown.t(en, zh)
    }
}

/// Parts of a record type that have a label, with the key that holds it.
const LABELLED: &[(&str, &str)] = &[
    ("section", "label"),
    ("field", "label"),
    ("field", "help"),
    ("link", "label"),
    ("state", "label"),
    ("transition", "label"),
    ("rule", "message"),
    ("approval", "label"),
    ("clock", "label"),
    ("evidence", "label"),
    ("list", "label"),
    ("measure", "label"),
];

/// A form, read field by field.
struct Reading<'r> {
    shown: &'r TypePage<'r>,
    form: &'r Form,
    wrong: Wrong,
}

/// The edit that a form asks for.
pub(super) fn read(shown: &TypePage, what: What, form: &Form) -> Result<Edit, Wrong> {
    let mut reading = Reading { shown, form, wrong: Wrong::new() };
    let edit = match what {
        What::Field => reading.field(),
        What::Choice => Edit::Choice {
            field: reading.text("part"),
            choice: reading.name("name"),
            label: reading.both(),
        },
        What::Label => reading.label(),
        What::List => Edit::List {
            name: reading.name("name"),
            label: reading.both(),
            columns: reading.columns(),
            filter: reading.text("filter"),
            sort: reading.text("sort"),
        },
        What::Rule => reading.rule(),
    };
    if reading.wrong.is_empty() { Ok(edit) } else { Err(reading.wrong) }
}

impl Reading<'_> {
    fn text(&self, name: &str) -> String {
        self.form.text(name).unwrap_or("").trim().to_string()
    }

    fn slip(&mut self, name: &str, en: &str, zh: &str) {
        let said = self.shown.t(en, zh).to_string();
        self.wrong.push((name.to_string(), said));
    }

    fn filled(&mut self, name: &str) -> String {
        let text = self.text(name);
        if text.is_empty() {
            self.slip(name, "Fill this in.", "请填写此项。");
        }
        text
    }

    fn name(&mut self, name: &str) -> String {
        let text = self.filled(name);
        if !text.is_empty() && Name::new(&text).is_none() {
            self.slip(
                name,
                "A lower-case letter, then lower-case letters, digits and _, at most 48.",
                "以小写字母开头，只含小写字母、数字和下划线，最多 48 个字符。",
            );
        }
        text
    }

    fn both(&mut self) -> Both {
        Both { en: self.filled("en"), zh: self.filled("zh") }
    }

    fn field(&mut self) -> Edit {
        let name = self.name("name");
        let label = self.both();
        let kind = self.text("kind");
        if !FIELD_TYPE_NAMES.contains(&kind.as_str()) {
            self.slip("kind", "Choose a type.", "请选择类型。");
        }
        let takes = |key| field_type(&kind).is_some_and(|found| found.must.contains(&key));
        let choices = if takes("choices") { self.choices() } else { Vec::new() };
        let to = takes("to").then(|| self.filled("to"));
        let required = self.form.filled("required").is_some();
        let section = self.section();
        Edit::Field(NewField { name, kind, label, choices, to, required, section })
    }

    /// Lines of `name: English | Chinese`.
    fn choices(&mut self) -> Vec<(String, Both)> {
        let text = self.filled("choices");
        let mut choices = Vec::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let parts = line.split_once(':').and_then(|(name, labels)| {
                let (en, zh) = labels.split_once(['|', '｜'])?;
                Some((Name::new(name.trim())?, en.trim(), zh.trim()))
            });
            match parts.filter(|(_, en, zh)| !en.is_empty() && !zh.is_empty()) {
                Some((name, en, zh)) => {
                    choices.push((name.to_string(), Both { en: en.into(), zh: zh.into() }));
                }
                None => {
                    let line = index + 1;
                    self.slip(
                        "choices",
                        &format!("Line {line}: write it as low: Low | 低."),
                        &format!("第 {line} 行：请写成 low: Low | 低。"),
                    );
                    break;
                }
            }
        }
        choices
    }

    fn section(&mut self) -> Joins {
        let name = self.text("section");
        let known = self.shown.own_sections().into_iter().find(|section| *section.name == *name);
        match known {
            Some(section) => {
                let in_force = section.fields.iter().map(ToString::to_string).collect();
                Joins { name, in_force }
            }
            None => {
                self.slip("section", "Choose a section.", "请选择分组。");
                Joins { name, in_force: Vec::new() }
            }
        }
    }

    fn label(&mut self) -> Edit {
        let part = self.text("part");
        let found = self.shown.labelled().into_iter().find(|one| one.value() == part);
        if found.is_none() {
            self.slip("part", "Choose what is to be called otherwise.", "请选择要改名的部分。");
        }
        let (kind, name, key) =
            found.map_or_else(Default::default, |one| (one.kind, one.name, one.key));
        Edit::Label { kind, name, key, label: self.both() }
    }

    fn columns(&mut self) -> Vec<String> {
        let text = self.filled("columns");
        let names = text.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty());
        names.map(str::to_string).collect()
    }

    fn rule(&mut self) -> Edit {
        let name = self.name("name");
        let holds = self.filled("holds");
        let message = self.both();
        let always = self.form.filled("always").is_some();
        let known = &self.shown.definition.transitions;
        let chosen = self.form.all("transition").filter_map(|one| known.get(one));
        let transitions: Vec<Joins> = chosen
            .map(|one| Joins {
                name: one.name.to_string(),
                in_force: one.rules.iter().map(ToString::to_string).collect(),
            })
            .collect();
        if !always && transitions.is_empty() {
            self.slip(
                "always",
                "Say when it is checked: at every write, or by a transition.",
                "请选择检查时机：每次写入，或某个转换。",
            );
        }
        Edit::Rule { name, holds, message, always, transitions }
    }
}

/// A part whose label can be changed.
pub(super) struct Labelled {
    pub kind: String,
    pub name: String,
    pub key: String,
    pub label: Label,
}

impl Labelled {
    /// As an address and a form name it: `field.summary.label`.
    pub fn value(&self) -> String {
        format!("{}.{}.{}", self.kind, self.name, self.key)
    }

    pub fn text(&self, language: Language) -> &str {
        self.label.text(language)
    }
}

impl TypePage<'_> {
    /// Whether the record type says something of a part itself: only that can an overlay over it
    /// change.
    pub fn is_own(&self, kind: &str, name: &str) -> bool {
        !self.standing.places.at(&self.definition.name, kind, name).is_empty()
    }

    pub fn own_sections(&self) -> Vec<&model::definition::Section> {
        let all = self.definition.sections.values();
        all.filter(|section| self.is_own("section", &section.name)).collect()
    }

    /// The fields with choices of their own.
    pub fn own_choice_fields(&self) -> Vec<&model::definition::Field> {
        let has =
            |kind: &FieldKind| matches!(kind, FieldKind::Choice(_) | FieldKind::MultiChoice(_));
        let all = self.definition.fields.values();
        all.filter(|field| has(&field.kind) && self.is_own("field", &field.name)).collect()
    }

    /// Everything of its own that people read.
    pub fn labelled(&self) -> Vec<Labelled> {
        let definition = self.definition;
        let mut all = Vec::new();
        let record = [("label", &definition.label), ("plural", &definition.plural)];
        for (key, label) in record {
            let (kind, name, key) = ("record".into(), String::new(), key.into());
            all.push(Labelled { kind, name, key, label: label.clone() });
        }
        for (kind, key) in LABELLED {
            for (name, label) in self.labels(kind, key) {
                if self.is_own(kind, &name) {
                    let (kind, key) = ((*kind).into(), (*key).into());
                    all.push(Labelled { kind, name: name.to_string(), key, label });
                }
            }
        }
        all
    }

    fn labels(&self, kind: &str, key: &str) -> Vec<(Name, Label)> {
        let of = self.definition;
        macro_rules! each {
            ($parts:expr, $label:ident) => {
                $parts.values().map(|one| (one.name.clone(), one.$label.clone())).collect()
            };
        }
        match (kind, key) {
            ("section", _) => each!(of.sections, label),
            ("field", "label") => each!(of.fields, label),
            ("field", _) => {
                let helped = of.fields.values();
                helped.filter_map(|one| Some((one.name.clone(), one.help.clone()?))).collect()
            }
            ("link", _) => each!(of.links, label),
            ("state", _) => each!(of.states, label),
            ("transition", _) => each!(of.transitions, label),
            ("rule", _) => each!(of.rules, message),
            ("approval", _) => each!(of.approvals, label),
            ("clock", _) => each!(of.clocks, label),
            ("evidence", _) => each!(of.evidence, label),
            ("list", _) => {
                let lists = of.lists.values();
                lists.filter_map(|one| Some((one.name.clone(), one.label.clone()?))).collect()
            }
            ("measure", _) => each!(of.measures, label),
            _ => Vec::new(),
        }
    }
}

/// Why an overlay's text was not changed, and the way out.
pub(super) fn hindrance(shown: &TypePage, overlay: &str, why: &Hindrance) -> String {
    let zh = shown.language() == Language::ZH;
    match (why, zh) {
        (Hindrance::NotToml, false) => format!("{overlay} is no TOML; mend its text first."),
        (Hindrance::NotToml, true) => format!("{overlay} 不是有效的 TOML，请先修改其文本。"),
        (Hindrance::Extends(other), false) => {
            format!("{overlay} extends “{other}”; name another file.")
        }
        (Hindrance::Extends(other), true) => {
            format!("{overlay} 叠加在“{other}”上，请使用其他文件名。")
        }
        (Hindrance::InTheWay(key), false) => {
            format!("“{key}” stands in the way in {overlay}; change its text instead.")
        }
        (Hindrance::InTheWay(key), true) => {
            format!("{overlay} 中的“{key}”妨碍修改，请直接编辑文本。")
        }
    }
}
