//! Definitions in words: labels for what an expression names.

use model::definition::{FieldKind, Model, RecordType};
use model::expression::words::Labels;
use model::expression::{Expression, LinkEnd};
use model::{Label, Language};

/// Labels in one language, over records of `of`.
struct Words<'a> {
    model: &'a Model,
    of: &'a RecordType,
    language: Language,
}

/// The expression as a phrase, e.g. "Kind is Standard".
pub fn of(model: &Model, of: &RecordType, expression: &Expression, language: Language) -> String {
    expression.in_words(language, &Words { model, of, language })
}

/// What people call a field, a link, or what every record has, in a language. What is none of these
/// is called by its own name.
pub fn column(definition: &RecordType, name: &str, language: Language) -> String {
    let field = definition.fields.get(name).map(|field| &field.label);
    let declared = field.or_else(|| definition.links.get(name).map(|link| &link.label));
    let label = declared.map(|label| label.text(language));
    label.unwrap_or_else(|| built_in(name, language)).to_string()
}

fn built_in(name: &str, language: Language) -> &str {
    let (en, zh) = match name {
        "number" => ("Number", "编号"),
        "state" => ("State", "状态"),
        "version" => ("Version", "版本"),
        "created_at" => ("Created", "创建时间"),
        "created_by" => ("Created by", "创建人"),
        "changed_at" => ("Changed", "更新时间"),
        "changed_by" => ("Changed by", "更新人"),
        "type" => ("Type", "类型"),
        other => return other,
    };
    if language == Language::ZH { zh } else { en }
}

impl Words<'_> {
    fn definition(&self, of: Option<&str>) -> &RecordType {
        of.and_then(|name| self.model.record_type(name)).map_or(self.of, |found| found)
    }

    fn text(&self, label: &Label) -> String {
        label.text(self.language).to_string()
    }
}

impl Labels for Words<'_> {
    fn field(&self, of: Option<&str>, name: &str) -> String {
        column(self.definition(of), name, self.language)
    }

    fn choice(&self, of: Option<&str>, field: &str, choice: &str) -> Option<String> {
        let definition = self.definition(of);
        if field == "state" {
            return definition.states.get(choice).map(|state| self.text(&state.label));
        }
        match &definition.fields.get(field)?.kind {
            FieldKind::Choice(choices) | FieldKind::MultiChoice(choices) => {
                choices.0.get(choice).map(|label| self.text(label))
            }
            _ => None,
        }
    }

    fn link(&self, end: &LinkEnd) -> String {
        let link = self.model.record_type(&end.from).and_then(|t| t.links.get(&end.link));
        let label = link.map(|link| if end.inverse { &link.inverse } else { &link.label });
        label.map_or_else(|| end.link.to_string(), |label| self.text(label))
    }

    fn role(&self, role: &str) -> String {
        self.model.roles.get(role).map_or_else(|| role.to_string(), |r| self.text(&r.label))
    }

    fn person(&self) -> Option<String> {
        self.model.bindings.purposes.get("person").map(|binding| binding.record.to_string())
    }
}
