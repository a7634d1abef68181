//! Who the asker is.

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::refused;
use engine::access::ADMIN;
use serde_json::{Value as Json, json};

pub fn me(call: &Call) -> Result<Answer> {
    let actor = call.session.actor();
    let catalogue = call.session.engine().catalogue();
    let roles = actor.roles.iter().map(|name| {
        let role = catalogue.model.roles.get(name);
        json!({ "name": name.as_str(), "label": role.map(|role| refused::label(&role.label)) })
    });
    let scopes: Vec<String> = match &actor.scopes {
        Some(scopes) => scopes.iter().cloned().collect(),
        // What administers is said in so many words, or not given.
        None => {
            let all = engine::access::SCOPES.iter();
            all.filter(|scope| **scope != ADMIN).map(|scope| scope.to_string()).collect()
        }
    };
    Answer::json(&json!({
        "login": actor.login,
        "name": actor.name,
        "person": actor.person_id,
        "roles": roles.collect::<Vec<Json>>(),
        "language": actor.language.as_str(),
        "time_zone": actor.zone.iana_name().unwrap_or("UTC"),
        "scopes": scopes,
        "stands_in_for": actor.stands_in_for.iter().map(|one| &one.name).collect::<Vec<_>>(),
    }))
}
