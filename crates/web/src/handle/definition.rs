//! Record types as the asker may see them: what a program needs to draw a form or a list, labels in
//! every language.

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::{Problem, Result};
use crate::refused::label;
use model::Label;
use model::definition::{Field, FieldKind, Note, Period, RecordType};
use serde_json::{Value as Json, json};

pub fn list(call: &Call) -> Result<Answer> {
    let catalogue = call.session.engine().catalogue();
    let all = catalogue.model.record_types.values();
    let seen = all.filter(|definition| call.session.may_see_type(&definition.name));
    let types: Vec<Json> = seen.map(|definition| Json::Object(head(definition))).collect();
    Answer::json(&json!({ "record_types": types }))
}

pub fn read(call: &Call) -> Result<Answer> {
    let catalogue = call.session.engine().catalogue();
    let found = catalogue.record_type(call.part("name"));
    let seen = found.filter(|definition| call.session.may_see_type(&definition.name));
    let definition = seen.ok_or_else(Problem::missing)?;
    let mut out = head(definition);
    let fields = definition.fields.values();
    let fields = fields.filter(|field| call.session.may_see_field(definition, &field.name));
    out.insert("sections".into(), sections(call, definition));
    out.insert("fields".into(), fields.map(field).collect());
    out.insert("links".into(), links(call, definition));
    out.insert("states".into(), states(definition));
    out.insert("transitions".into(), transitions(definition));
    out.insert("approvals".into(), approvals(definition));
    out.insert("clocks".into(), named(definition.clocks.values().map(|c| (&*c.name, &c.label))));
    out.insert("lists".into(), lists(definition));
    out.insert("measures".into(), measures(definition));
    let claims = definition.evidence.values().map(|claim| (&*claim.name, &claim.label));
    out.insert("evidence".into(), named(claims));
    Answer::json(&out)
}

fn head(definition: &RecordType) -> serde_json::Map<String, Json> {
    let extends = definition.lineage.iter().skip(1).map(|name| name.as_str());
    let head = json!({
        "name": definition.name.as_str(),
        "label": label(&definition.label),
        "plural": label(&definition.plural),
        "help": definition.help.as_ref().map(label),
        "process": definition.process.as_str(),
        "extends": extends.collect::<Vec<_>>(),
        "abstract": definition.is_abstract,
        "title": definition.title.as_str(),
    });
    match head {
        Json::Object(members) => members,
        _ => serde_json::Map::new(),
    }
}

fn named<'a>(all: impl Iterator<Item = (&'a str, &'a Label)>) -> Json {
    all.map(|(name, text)| json!({ "name": name, "label": label(text) })).collect()
}

fn sections(call: &Call, definition: &RecordType) -> Json {
    let sections = definition.sections.values().map(|section| {
        let fields = section.fields.iter();
        let seen = fields.filter(|field| call.session.may_see_field(definition, field));
        json!({
            "name": section.name.as_str(),
            "label": label(&section.label),
            "fields": seen.map(|field| field.as_str()).collect::<Vec<_>>(),
        })
    });
    sections.collect()
}

fn field(field: &Field) -> Json {
    json!({
        "name": field.name.as_str(),
        "label": label(&field.label),
        "help": field.help.as_ref().map(label),
        "kind": kind(&field.kind),
        "choices": choices(&field.kind),
        "to": match &field.kind {
            FieldKind::Reference { to } => Some(to.as_str()),
            _ => None,
        },
        "required": field.required,
        "unique": field.unique,
        "computed": field.computed.is_some(),
        "default": field.default.is_some(),
        "set_by_workflow": field.set_by_workflow,
        "searched": field.searched,
        "personal": field.personal,
    })
}

/// The name of a kind, as definitions and docs/json.md write it.
fn kind(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { .. } => "text",
        FieldKind::LocalText { .. } => "local_text",
        FieldKind::Markdown { .. } => "markdown",
        FieldKind::Choice(_) => "choice",
        FieldKind::MultiChoice(_) => "multi_choice",
        FieldKind::YesNo => "yes_no",
        FieldKind::Integer { .. } => "integer",
        FieldKind::Decimal { .. } => "decimal",
        FieldKind::Money => "money",
        FieldKind::Date => "date",
        FieldKind::Datetime => "datetime",
        FieldKind::Duration => "duration",
        FieldKind::Reference { .. } => "reference",
        FieldKind::Attachment { .. } => "attachment",
        FieldKind::Email => "email",
        FieldKind::Url => "url",
    }
}

fn choices(kind: &FieldKind) -> Json {
    match kind {
        FieldKind::Choice(choices) | FieldKind::MultiChoice(choices) => {
            named(choices.0.iter().map(|(name, label)| (name.as_str(), label)))
        }
        _ => Json::Null,
    }
}

fn links(call: &Call, definition: &RecordType) -> Json {
    let seen = definition.links.values().filter(|link| call.session.may_see_type(&link.to));
    seen.map(|link| {
        json!({
            "name": link.name.as_str(),
            "label": label(&link.label),
            "inverse": label(&link.inverse),
            "to": link.to.as_str(),
            "many": link.many,
        })
    })
    .collect()
}

fn states(definition: &RecordType) -> Json {
    let states = definition.states.values().map(|state| {
        let editable = state.editable.iter().map(|section| section.as_str());
        json!({
            "name": state.name.as_str(),
            "label": label(&state.label),
            "category": state.category.as_str(),
            "initial": definition.initial.as_ref() == Some(&state.name),
            "editable": editable.collect::<Vec<_>>(),
        })
    });
    states.collect()
}

fn transitions(definition: &RecordType) -> Json {
    let names = |all: &[model::Name]| all.iter().map(|name| json!(name.as_str())).collect::<Json>();
    let transitions = definition.transitions.values().map(|transition| {
        json!({
            "name": transition.name.as_str(),
            "label": label(&transition.label),
            "from": names(&transition.from),
            "to": transition.to.as_str(),
            "by": names(&transition.by),
            "needs": names(&transition.needs),
            "approve": names(&transition.approve),
            "note_required": transition.note == Note::Required,
        })
    });
    transitions.collect()
}

fn approvals(definition: &RecordType) -> Json {
    let approvals = definition.approvals.values().map(|approval| {
        let by: Vec<&str> = approval.by.iter().map(|role| role.as_str()).collect();
        json!({
            "name": approval.name.as_str(),
            "label": label(&approval.label),
            "by": by,
            "quorum": approval.quorum,
            "not_self": approval.not_self,
        })
    });
    approvals.collect()
}

fn lists(definition: &RecordType) -> Json {
    let lists = definition.lists.values().map(|list| {
        let sort = list
            .sort
            .iter()
            .map(|sort| format!("{}{}", if sort.descending { "-" } else { "" }, sort.field));
        json!({
            "name": list.name.as_str(),
            "label": label(list.label.as_ref().unwrap_or(&definition.plural)),
            "columns": list.columns.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
            "where": list.filter.as_ref().map(|filter| filter.source.as_ref()),
            "sort": sort.collect::<Vec<_>>().join(","),
        })
    });
    lists.collect()
}

fn measures(definition: &RecordType) -> Json {
    let measures = definition.measures.values().map(|measure| {
        let per = measure.per.map(|per| match per {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        });
        json!({
            "name": measure.name.as_str(),
            "label": label(&measure.label),
            "per": per,
            "by": measure.by.as_ref().map(|field| field.as_str()),
        })
    });
    measures.collect()
}
