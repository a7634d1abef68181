//! One operation: parameters, body, answers.

use super::{GENERAL, body, figure, follow, security};
use crate::route::{Gives, Kind, Parameter, Route, Takes, Verb, Who};
use crate::routes::ROUTES;
use model::Language;
use model::definition::{RecordType, Transition};
use serde_json::{Map, Value as Json, json};

/// The operation of a route, for a record type and a transition where it has them.
pub fn operation(
    route: &Route,
    definition: Option<&RecordType>,
    transition: Option<&Transition>,
) -> Json {
    let name = definition.map(|definition| definition.name.as_str());
    let mut out = Map::new();
    out.insert("operationId".into(), json!(id_of(route, definition, transition)));
    out.insert("summary".into(), json!(summary(route, definition, transition)));
    out.insert("tags".into(), json!([name.unwrap_or(GENERAL)]));
    out.insert("parameters".into(), parameters(route, definition));
    if let Some(body) = body::request(route, definition, transition) {
        out.insert("requestBody".into(), body);
    }
    out.insert("responses".into(), responses(route, definition));
    if let Some(security) = security(route) {
        out.insert("security".into(), security);
    }
    Json::Object(out)
}

/// What programs made from the description call it: `transition-incident-resolve`.
pub fn id_of(
    route: &Route,
    definition: Option<&RecordType>,
    transition: Option<&Transition>,
) -> String {
    let name = definition.map(|definition| definition.name.as_str());
    let step = transition.map(|transition| transition.name.as_str());
    let parts: Vec<&str> = [Some(route.id), name, step].into_iter().flatten().collect();
    parts.join("-")
}

fn summary(
    route: &Route,
    definition: Option<&RecordType>,
    transition: Option<&Transition>,
) -> String {
    let label = match (transition, definition) {
        (Some(transition), _) => Some(&transition.label),
        (None, definition) => definition.map(|definition| &definition.label),
    };
    match label {
        None => route.says.to_string(),
        Some(label) => {
            let (en, zh) = (label.text(Language::EN), label.text(Language::ZH));
            format!("{} ({en}, {zh})", route.says)
        }
    }
}

fn parameters(route: &Route, definition: Option<&RecordType>) -> Json {
    let mut all: Vec<Json> = in_path(route, definition);
    all.extend(route.query.iter().map(|parameter| refer(route, parameter)));
    all.extend(in_header(route));
    Json::Array(all)
}

fn in_path(route: &Route, definition: Option<&RecordType>) -> Vec<Json> {
    let parts = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let own = parts.filter(|part| *part != "record_type" && *part != "transition");
    own.map(|part| {
        json!({
            "name": part,
            "in": "path",
            "required": true,
            "schema": path_schema(part, definition),
        })
    })
    .collect()
}

fn path_schema(part: &str, definition: Option<&RecordType>) -> Json {
    let names = |names: Vec<&str>| json!({ "type": "string", "enum": names });
    match (part, definition) {
        ("link", Some(of)) => names(of.links.keys().map(|name| name.as_str()).collect()),
        ("measure", Some(of)) => names(of.measures.keys().map(|name| name.as_str()).collect()),
        ("claim", Some(of)) => names(of.evidence.keys().map(|name| name.as_str()).collect()),
        ("sha256", _) => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
        ("id", _) => json!({ "type": "string", "pattern": "^[0-9a-f]{32}$" }),
        _ => json!({ "type": "string", "minLength": 1, "maxLength": 100 }),
    }
}

/// Parameters of routes that each record type has are described once.
fn refer(route: &Route, parameter: &Parameter) -> Json {
    match route.path.contains("{record_type}") {
        true => json!({ "$ref": format!("#/components/parameters/{}", parameter.name) }),
        false => in_query(parameter),
    }
}

/// The parameters that operations refer to.
pub fn shared_parameters() -> Json {
    let routes = ROUTES.iter().filter(|route| route.path.contains("{record_type}"));
    let all = routes.flat_map(|route| route.query);
    let all = all.map(|parameter| (parameter.name.to_string(), in_query(parameter)));
    Json::Object(all.collect())
}

fn in_query(parameter: &Parameter) -> Json {
    let schema = match &parameter.kind {
        Kind::Text { max } => json!({ "type": "string", "maxLength": max }),
        Kind::Number { min, max } => {
            json!({ "type": "integer", "minimum": min, "maximum": max })
        }
        Kind::YesNo => json!({ "type": "boolean" }),
        Kind::Instant => json!({ "type": "string", "format": "date-time" }),
        Kind::OneOf(names) => json!({ "type": "string", "enum": names }),
    };
    json!({
        "name": parameter.name,
        "in": "query",
        "description": parameter.says,
        "required": parameter.required,
        "schema": schema,
    })
}

fn in_header(route: &Route) -> Vec<Json> {
    let header = |name: &str, says: &str, schema: Json| {
        let place = "header";
        json!({ "name": name, "in": place, "description": says, "schema": schema })
    };
    let mut all = Vec::new();
    let on_record = route.path.starts_with("/api/v1/{record_type}");
    // A view or template is no record: to keep it twice is refused by its name.
    let of_names = ["/{record_type}/views", "/{record_type}/templates"];
    let is_named = of_names.iter().any(|path| route.path.contains(path));
    if route.writes() && on_record && !is_named {
        let schema = json!({ "type": "string", "pattern": "^[!-~]{1,200}$" });
        let says = "Makes a repetition answer what the first request did.";
        all.push(header("Idempotency-Key", says, schema));
    }
    if matches!(route.id, "edit" | "transition") {
        let schema = json!({
            "type": "string",
            "pattern": "^(W/)?\"v[1-9][0-9]{0,8}(-[0-9a-f]{8})?\"$|^\\*$",
        });
        let says = "The ETag of the version that the change is based on.";
        all.push(header("If-Match", says, schema));
    }
    all
}

fn responses(route: &Route, definition: Option<&RecordType>) -> Json {
    let mut out = Map::new();
    out.insert(route.good().to_string(), good(route, definition));
    if route.id == "read" {
        let headers = json!({ "ETag": { "schema": { "type": "string" } } });
        let unchanged = json!({ "description": "As the client has it", "headers": headers });
        out.insert("304".into(), unchanged);
    }
    for status in statuses(route) {
        let reference = json!({ "$ref": format!("#/components/responses/{status}") });
        out.insert(status.to_string(), reference);
    }
    Json::Object(out)
}

fn good(route: &Route, definition: Option<&RecordType>) -> Json {
    let mut out = Map::new();
    out.insert("description".into(), json!(route.says));
    let mut headers = Map::new();
    let text = json!({ "schema": { "type": "string" } });
    if matches!(route.gives, Gives::Record | Gives::NewRecord) && route.verb != Verb::Delete {
        headers.insert("ETag".into(), text.clone());
    }
    if route.gives == Gives::NewRecord {
        headers.insert("Location".into(), text);
    }
    if !headers.is_empty() {
        out.insert("headers".into(), Json::Object(headers));
    }
    if let Some(content) = figure::content(route.gives, definition) {
        out.insert("content".into(), content);
    }
    let links = follow::links(route, definition);
    if !links.is_empty() {
        out.insert("links".into(), Json::Object(links));
    }
    Json::Object(out)
}

/// The problems a route may answer.
fn statuses(route: &Route) -> Vec<u16> {
    let mut all = vec![400, 414, 429, 431, 500, 503];
    if route.who != Who::Anybody {
        all.extend([401, 403]);
    }
    if route.path.contains('{') {
        all.push(404);
    }
    if route.path.contains("{record}") {
        all.push(410);
    }
    if !matches!(route.gives, Gives::Nothing | Gives::Content | Gives::Table) {
        all.push(406);
    }
    if route.takes != Takes::Nothing {
        all.extend([408, 413, 415, 422]);
    }
    if route.writes() {
        all.extend([409, 412, 422, 507]);
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What operations refer to by its name must be one thing.
    #[test]
    fn parameters_of_one_name_are_one() {
        let shared = shared_parameters();
        let routes = ROUTES.iter().filter(|route| route.path.contains("{record_type}"));
        for parameter in routes.flat_map(|route| route.query) {
            assert_eq!(in_query(parameter), shared[parameter.name], "{}", parameter.name);
        }
    }
}
