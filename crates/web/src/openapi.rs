//! The description of the interface (OpenAPI 3.1), made from the definitions in force: an address
//! for each record type and each of its transitions, with the fields they take and show.

mod body;
mod figure;
mod follow;
mod operation;
mod part;
mod record;

use crate::route::{Route, Who};
use crate::routes::ROUTES;
use crate::settings::Settings;
use model::Model;
use model::definition::RecordType;
use operation::operation;
use serde_json::{Map, Value as Json, json};

/// The tag of what belongs to no record type; a capital, because record types have none.
const GENERAL: &str = "General";

/// The part of the document that is about one record type, or about what belongs to none: `paths`
/// and `schemas`.
pub fn about(model: &Model, definition: Option<&RecordType>) -> Json {
    let mut paths = Map::new();
    for route in ROUTES {
        match (route.path.contains("{record_type}"), definition) {
            (false, None) => put(&mut paths, route.path, route, operation(route, None, None)),
            (true, Some(definition)) => put_all(&mut paths, route, definition),
            _ => {}
        }
    }
    let schemas = definition.map_or_else(part::schemas, |of| own_schemas(of, model));
    json!({ "paths": paths, "schemas": schemas })
}

/// What is told of a problem, by its status.
pub fn problems() -> Json {
    part::responses()
}

/// The parameters that operations refer to, by name.
pub fn shared_parameters() -> Json {
    operation::shared_parameters()
}

fn own_schemas(definition: &RecordType, model: &Model) -> Map<String, Json> {
    let mut out = record::schemas(definition, model);
    out.extend(body::steps(definition));
    out
}

/// The whole document.
pub fn document(model: &Model, settings: &Settings) -> Json {
    let mut paths = Map::new();
    for route in ROUTES {
        match route.path.contains("{record_type}") {
            false => put(&mut paths, route.path, route, operation(route, None, None)),
            true => {
                for definition in model.record_types.values() {
                    put_all(&mut paths, route, definition);
                }
            }
        }
    }
    let mut schemas = part::schemas();
    for definition in model.record_types.values() {
        schemas.extend(own_schemas(definition, model));
    }
    let base = settings.base();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Evenkeel",
            "version": settings.version,
            "summary": "Service management from definitions",
            "description": "How values are written stands in docs/json.md, how conditions are \
                            written in docs/expressions.md, how to begin in docs/how-to/api.md.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": if base.is_empty() { "/" } else { base } }],
        "security": [{ "token": [] }],
        "tags": tags(model),
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas,
            "parameters": operation::shared_parameters(),
            "responses": part::responses(),
        },
    })
}

fn tags(model: &Model) -> Json {
    let types = model.record_types.values().map(|definition| {
        let name = definition.name.as_str();
        json!({ "name": name, "description": definition.label.text(model::Language::EN) })
    });
    let general = json!({ "name": GENERAL, "description": "Who asks, what there is" });
    std::iter::once(general).chain(types).collect()
}

/// One route for one record type; for transitions, one for each.
fn put_all(paths: &mut Map<String, Json>, route: &Route, definition: &RecordType) {
    if !fits(route, definition) {
        return;
    }
    let path = route.path.replace("{record_type}", &definition.name);
    if !path.contains("{transition}") {
        let made = operation(route, Some(definition), None);
        put(paths, &path, route, made);
        return;
    }
    for transition in definition.transitions.values() {
        let path = path.replace("{transition}", &transition.name);
        put(paths, &path, route, operation(route, Some(definition), Some(transition)));
    }
}

/// Whether records of the type can have what the route is about.
fn fits(route: &Route, definition: &RecordType) -> bool {
    let has = |part: &str| route.path.contains(part);
    let links = !has("/link/") || !definition.links.is_empty();
    let approvals = !["/approve", "/reject", "/delegate"].iter().any(|part| has(part))
        || !definition.approvals.is_empty();
    let measures = !has("/measures/") || !definition.measures.is_empty();
    let evidence = !has("/evidence/") || !definition.evidence.is_empty();
    let made = !definition.is_abstract || route.id != "create";
    links && approvals && measures && evidence && made
}

fn put(paths: &mut Map<String, Json>, path: &str, route: &Route, operation: Json) {
    let item = paths.entry(path).or_insert_with(|| json!({}));
    if let Json::Object(item) = item {
        item.insert(route.verb.as_str().to_ascii_lowercase(), operation);
    }
}

/// What anybody may call needs no token.
fn security(route: &Route) -> Option<Json> {
    match route.who {
        Who::Anybody => Some(json!([])),
        Who::Operator => Some(json!([{}, { "token": [] }])),
        Who::Guest | Who::Reader | Who::Writer => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record type may be called anything that is a name; `problem` and `change` are.
    #[test]
    fn shared_schemas_are_never_called_like_a_record_type() {
        for name in part::schemas().keys() {
            assert_eq!(model::Name::new(name), None, "{name}");
        }
    }
}
