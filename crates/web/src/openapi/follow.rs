//! What can be done next with what an answer names (the links of OpenAPI).

use super::fits;
use super::operation::id_of;
use crate::route::{Gives, Route};
use crate::routes::ROUTES;
use model::definition::RecordType;
use serde_json::{Map, Value as Json, json};

/// From a new record to everything there is to do with it; from a new token to its end; from a
/// file in a list to its content.
pub fn links(route: &Route, definition: Option<&RecordType>) -> Map<String, Json> {
    match (route.gives, definition) {
        (Gives::NewRecord, Some(definition)) => on_record(definition),
        (Gives::NewTemplate, _) => {
            one("drop_template", json!({ "template": "$response.body#/id" }))
        }
        (Gives::NewImport, _) => one("forget_import", json!({ "import": "$response.body#/id" })),
        (Gives::NewView, _) => one("drop_view", json!({ "view": "$response.body#/id" })),
        (Gives::Token, _) => one("end_token", json!({ "id": "$response.body#/id" })),
        (Gives::Attachments, Some(definition)) => {
            let of = |id| ROUTES.iter().find(|route| route.id == id);
            let parameters = json!({
                "record": "$request.path.record",
                "sha256": "$response.body#/attachments/0/sha256",
            });
            let ids = ["download", "detach"].into_iter().filter_map(of);
            let ids = ids.map(|route| id_of(route, Some(definition), None));
            ids.flat_map(|id| one(&id, parameters.clone())).collect()
        }
        _ => Map::new(),
    }
}

fn on_record(definition: &RecordType) -> Map<String, Json> {
    let takes_no_more = |route: &&Route| {
        let path = route.path.replacen("{record_type}", "", 1).replacen("{record}", "", 1);
        route.path.contains("{record}") && !path.replace("{transition}", "").contains('{')
    };
    let parameters = json!({ "record": "$response.body#/id" });
    let mut out = Map::new();
    for route in ROUTES.iter().filter(takes_no_more).filter(|route| fits(route, definition)) {
        if !route.path.contains("{transition}") {
            out.extend(one(&id_of(route, Some(definition), None), parameters.clone()));
            continue;
        }
        let from_here = definition.transitions.values().filter(|transition| {
            definition.initial.as_ref().is_some_and(|state| transition.from.contains(state))
        });
        for transition in from_here {
            let id = id_of(route, Some(definition), Some(transition));
            out.extend(one(&id, parameters.clone()));
        }
    }
    out
}

fn one(id: &str, parameters: Json) -> Map<String, Json> {
    let link = json!({ "operationId": id, "parameters": parameters });
    std::iter::once((id.to_string(), link)).collect()
}
