//! The labels of the finished model, for expressions shown to people.

use super::model_scope::PERSON;
use super::{Labels, LinkEnd};
use crate::definition::{FieldKind, Model, RecordType};
use crate::label::Language;

/// The labels for expressions over records of type `of`, in one language.
#[derive(Debug, Clone, Copy)]
pub struct ModelLabels<'m> {
    pub model: &'m Model,
    pub of: &'m str,
    pub language: Language,
}

/// Labels of the built-in fields, English and Chinese.
const BUILT_IN: [(&str, &str, &str); 8] = [
    ("number", "Number", "编号"),
    ("state", "State", "状态"),
    ("version", "Version", "版本"),
    ("created_at", "Created at", "创建时间"),
    ("created_by", "Created by", "创建人"),
    ("changed_at", "Changed at", "修改时间"),
    ("changed_by", "Changed by", "修改人"),
    ("type", "Type", "类型"),
];

impl ModelLabels<'_> {
    fn record_type(&self, of: Option<&str>) -> Option<&RecordType> {
        self.model.record_type(of.unwrap_or(self.of)).map(AsRef::as_ref)
    }

    fn built_in(&self, field: &str) -> Option<&'static str> {
        let (_, english, chinese) = BUILT_IN.iter().find(|(name, ..)| *name == field)?;
        Some(if self.language == Language::ZH { chinese } else { english })
    }
}

impl Labels for ModelLabels<'_> {
    fn field(&self, of: Option<&str>, field: &str) -> String {
        let declared = self.record_type(of).and_then(|of| {
            let field_label = of.fields.get(field).map(|field| &field.label);
            field_label.or_else(|| of.links.get(field).map(|link| &link.label))
        });
        let label = declared.map(|label| label.text(self.language));
        label.or_else(|| self.built_in(field)).unwrap_or(field).to_string()
    }

    fn choice(&self, of: Option<&str>, field: &str, choice: &str) -> Option<String> {
        let of = self.record_type(of)?;
        let label = match of.fields.get(field).map(|field| &field.kind) {
            Some(FieldKind::Choice(choices) | FieldKind::MultiChoice(choices)) => {
                choices.0.get(choice)
            }
            Some(_) => None,
            None if field == "state" => of.states.get(choice).map(|state| &state.label),
            None if field == "type" => self.model.record_type(choice).map(|t| &t.label),
            None => None,
        };
        label.map(|label| label.text(self.language).to_string())
    }

    fn link(&self, end: &LinkEnd) -> String {
        let link = self.record_type(Some(&end.from)).and_then(|from| from.links.get(&end.link));
        let label = link.map(|link| if end.inverse { &link.inverse } else { &link.label });
        label.map_or(end.link.as_str(), |label| label.text(self.language)).to_string()
    }

    fn role(&self, role: &str) -> String {
        let label = self.model.roles.get(role).map(|found| &found.label);
        label.map_or(role, |label| label.text(self.language)).to_string()
    }

    fn person(&self) -> Option<String> {
        self.model.bindings.purposes.get(PERSON).map(|binding| binding.record.to_string())
    }
}
