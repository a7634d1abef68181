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

/// The label of a field, declared or built in, in a language.
pub fn field(definition: &RecordType, field: &str, language: Language) -> String {
    let declared = definition.fields.get(field).map(|f| f.label.text(language).to_string());
    declared.unwrap_or_else(|| built_in(field, language).to_string())
}

fn built_in(field: &str, language: Language) -> &str {
    let zh = language == Language::ZH;
    match field {
        "number" => {
            if zh {
                "编号"
            } else {
                "Number"
            }
        }
        "state" => {
            if zh {
                "状态"
            } else {
                "State"
            }
        }
        "version" => {
            if zh {
                "版本"
            } else {
                "Version"
            }
        }
        "created_at" => {
            if zh {
                "创建时间"
            } else {
                "Created"
            }
        }
        "created_by" => {
            if zh {
                "创建人"
            } else {
                "Created by"
            }
        }
        "changed_at" => {
            if zh {
                "更新时间"
            } else {
                "Changed"
            }
        }
        "changed_by" => {
            if zh {
                "更新人"
            } else {
                "Changed by"
            }
        }
        "type" => {
            if zh {
                "类型"
            } else {
                "Type"
            }
        }
        other => other,
    }
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
        field(self.definition(of), name, self.language)
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
