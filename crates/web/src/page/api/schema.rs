//! Schemas in words, and an example of each.

use crate::page::Page;
use maud::{Markup, html};
use model::Name;
use model::definition::RecordType;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// How deep an example goes.
const DEPTH: usize = 4;

/// The schemas that are shown on the page, by name; others are shown on the page of what belongs
/// to no record type.
pub struct Schemas<'p> {
    pub page: &'p Page<'p>,
    pub of: Option<Arc<RecordType>>,
    pub all: &'p Json,
}

impl Schemas<'_> {
    fn t<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.page.t(en, zh)
    }

    /// All of them, each a section that others point at.
    pub fn shown(&self) -> Markup {
        html! {
            section.below aria-labelledby="forms" {
                div.sec { h2 #forms { (self.t("Forms", "数据结构")) } }
                @for (name, schema) in self.all.as_object().into_iter().flatten() {
                    section.below-s aria-labelledby=(format!("form-{name}")) {
                        h3 id=(format!("form-{name}")) { code { (name) } }
                        (self.members(name, schema))
                    }
                }
            }
        }
    }

    fn members(&self, form: &str, schema: &Json) -> Markup {
        let Some(members) = schema["properties"].as_object() else {
            return html! {
                p { (self.kind(schema)) }
                @if let Some(says) = schema["description"].as_str() {
                    p.second { (self.page.described(says)) }
                }
            };
        };
        // What is not read where it is sent back has no kind.
        let (taken, unread): (Vec<_>, Vec<_>) =
            members.iter().partition(|(_, schema)| !is_unread(schema));
        let unread: Vec<&str> = unread.into_iter().map(|(name, _)| name.as_str()).collect();
        // Answers always hold all of what they say; of what is sent, it matters.
        let is_sent = !unread.is_empty();
        html! {
            ul.members { @for (name, member) in taken {
                li {
                    code { (name) } " "
                    @if let Some(label) = self.label(form, name) { (label) " " }
                    span.second {
                        (self.kind(member))
                        @if is_sent && needs(schema, name) { (self.t(", needed", "，必填")) }
                    }
                    @if let Some(says) = member["description"].as_str() {
                        ". " (self.page.described(says))
                    }
                }
            } }
            @if is_sent {
                p.second {
                    (self.t(
                        "Taken as answers show them, and not read: ",
                        "可按响应原样带回，但不会读取：",
                    ))
                    (unread.join(self.t(", ", "、")))
                }
            }
        }
    }

    /// The label of a field, in a form of the record type.
    fn label(&self, form: &str, name: &str) -> Option<&str> {
        let of = self.of.as_deref().filter(|of| form.starts_with(of.name.as_str()))?;
        let field = of.fields.get(&Name::new(name)?)?;
        Some(field.label.text(self.page.language()))
    }

    /// What a value may be.
    pub fn kind(&self, schema: &Json) -> Markup {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return self.reference(name);
        }
        for either in ["anyOf", "oneOf"] {
            if let Some(all) = schema[either].as_array() {
                return self.either(all);
            }
        }
        if let Some(all) = schema["enum"].as_array() {
            return self.one_of(all);
        }
        if let Some(value) = schema.get("const") {
            return html! { code { (value) } };
        }
        match &schema["type"] {
            Json::Array(kinds) => {
                let of = |kind: &Json| {
                    let mut one = schema.clone();
                    one["type"] = kind.clone();
                    one
                };
                self.either(&kinds.iter().map(of).collect::<Vec<_>>())
            }
            Json::String(kind) => self.of_type(kind, schema),
            _ => html! { (self.t("anything", "任意值")) },
        }
    }

    fn reference(&self, name: &str) -> Markup {
        let here = self.all.get(name).is_some();
        let address = match here {
            true => format!("#form-{name}"),
            false => self.page.to(&format!("/api#form-{name}")),
        };
        html! { a href=(address) hx-boost="false" { code { (name) } } }
    }

    fn either(&self, all: &[Json]) -> Markup {
        html! { @for (place, one) in all.iter().enumerate() {
            @if place > 0 { (self.t(" or ", "或")) }
            (self.kind(one))
        } }
    }

    fn one_of(&self, all: &[Json]) -> Markup {
        // What clears a field: null, and what is empty.
        let clears = |value: &Json| match value {
            Json::Null => true,
            Json::String(text) => text.is_empty(),
            Json::Array(items) => items.is_empty(),
            Json::Object(members) => members.is_empty(),
            Json::Bool(_) | Json::Number(_) => false,
        };
        let (empty, named): (Vec<_>, Vec<_>) = all.iter().partition(|value| clears(value));
        let or = !empty.is_empty() && !named.is_empty();
        html! {
            @for (place, value) in named.iter().enumerate() {
                @if place > 0 { (self.t(", ", "、")) }
                code { (value.as_str().map_or_else(|| value.to_string(), str::to_string)) }
            }
            @if or { (self.t(" or ", "或")) }
            @if !empty.is_empty() { (self.t("nothing", "空")) }
        }
    }

    fn of_type(&self, kind: &str, schema: &Json) -> Markup {
        match kind {
            "array" => html! {
                (self.t("list of ", "列表，元素：")) (self.kind(&schema["items"]))
            },
            "object" => self.object(schema),
            "boolean" => html! { (self.t("yes or no", "是或否")) },
            "null" => html! { (self.t("nothing", "空")) },
            "integer" => self.bounded(self.t("whole number", "整数"), schema),
            "number" => self.bounded(self.t("number", "数字"), schema),
            _ => self.text(schema),
        }
    }

    fn object(&self, schema: &Json) -> Markup {
        match schema["properties"].as_object() {
            Some(members) => html! {
                (self.t("object with ", "对象，包含："))
                @for (place, (name, member)) in members.iter().enumerate() {
                    @if place > 0 { (self.t("; ", "；")) }
                    code { (name) } " " (self.kind(member))
                }
            },
            None => html! { (self.t("object", "对象")) },
        }
    }

    fn bounded(&self, kind: &str, schema: &Json) -> Markup {
        let number = |name: &str| schema.get(name).filter(|value| value.is_number());
        html! {
            (kind)
            @if let Some(min) = number("minimum") { (self.t(", from ", "，不小于 ")) (min) }
            @if let Some(max) = number("maximum") { (self.t(", to ", "，不大于 ")) (max) }
        }
    }

    fn text(&self, schema: &Json) -> Markup {
        let kind = match schema["format"].as_str() {
            Some("date-time") => self.t("instant", "时间"),
            Some("date") => self.t("day", "日期"),
            Some("uuid") => "id",
            Some("binary") => self.t("file", "文件"),
            _ => self.t("text", "文本"),
        };
        html! {
            (kind)
            @if let Some(most) = schema["maxLength"].as_u64() {
                (self.t(", at most ", "，最多 ")) (most) (self.t(" characters", " 个字符"))
            }
            @if let Some(pattern) = schema["pattern"].as_str() { " " code { (pattern) } }
        }
    }

    /// A body with what must be in it, to begin with; JSON, indented.
    pub fn example(&self, schema: &Json) -> String {
        serde_json::to_string_pretty(&self.value(schema, DEPTH)).unwrap_or_default()
    }

    fn value(&self, schema: &Json, depth: usize) -> Json {
        if depth == 0 {
            return Json::Null;
        }
        let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        if let Some(name) = named {
            // A record is named by a text; other forms that are not here are not sent.
            return self.all.get(name).map_or(json!(""), |found| self.value(found, depth - 1));
        }
        for either in ["anyOf", "oneOf"] {
            if let Some(first) = schema[either].as_array().and_then(|all| all.first()) {
                return self.value(first, depth);
            }
        }
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        match schema["type"].as_str() {
            Some("object") => Json::Object(self.needed(schema, depth)),
            Some("array") => json!([]),
            Some("boolean") => json!(false),
            Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(0)),
            _ => json!(""),
        }
    }

    fn needed(&self, schema: &Json, depth: usize) -> Map<String, Json> {
        let members = schema["properties"].as_object().into_iter().flatten();
        let needed = members.filter(|(name, _)| needs(schema, name));
        needed.map(|(name, member)| (name.clone(), self.value(member, depth - 1))).collect()
    }
}

fn needs(schema: &Json, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name))
}

/// Whether a member of a body is not read.
fn is_unread(schema: &Json) -> bool {
    let members = schema.as_object();
    members.is_some_and(|members| members.len() == 1 && members.contains_key("description"))
}
