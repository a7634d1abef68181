//! Templates that people keep of a record type's form.

use super::view::{Sharing, audience_word};
use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::{Problem, Result};
use axum::http::StatusCode;
use engine::form_template::{NewTemplate, Template};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

pub fn list(call: &Call) -> Result<Answer> {
    let templates = call.session.templates(call.record_type())?;
    Answer::json(&json!({ "templates": templates.iter().map(told).collect::<Vec<_>>() }))
}

pub fn keep(call: &Call) -> Result<Answer> {
    let asked = Asked::of(call)?;
    let id = call.session.keep_template(call.record_type(), &asked.template())?;
    one(call, id, StatusCode::CREATED)
}

pub fn show(call: &Call) -> Result<Answer> {
    one(call, id(call)?, StatusCode::OK)
}

pub fn change(call: &Call) -> Result<Answer> {
    let (id, asked) = (id(call)?, Asked::of(call)?);
    call.session.change_template(call.record_type(), id, &asked.template())?;
    one(call, id, StatusCode::OK)
}

pub fn end(call: &Call) -> Result<Answer> {
    call.session.drop_template(call.record_type(), id(call)?)?;
    Ok(Answer::nothing())
}

fn id(call: &Call) -> Result<Uuid> {
    call.part("template").parse().map_err(|_| Problem::missing())
}

fn one(call: &Call, id: Uuid, status: StatusCode) -> Result<Answer> {
    let template = call.session.template(call.record_type(), id)?;
    Ok(Answer::json(&told(&template))?.status(status))
}

/// A template as a body asks for it.
struct Asked {
    name: String,
    values: Option<Map<String, Json>>,
    sharing: Sharing,
}

impl Asked {
    fn of(call: &Call) -> Result<Asked> {
        let mut members = Members::of(call.object()?);
        let name = members.text("name", 80);
        let name = members.required("name", name).unwrap_or_default();
        let values = members.object("values");
        let sharing = Sharing::of(&mut members);
        members.end()?;
        Ok(Asked { name, values, sharing: sharing.known(call)? })
    }

    fn template(&self) -> NewTemplate<'_> {
        let (name, values) = (&*self.name, self.values.clone());
        NewTemplate { name, values, audience: self.sharing.audience }
    }
}

fn told(template: &Template) -> Json {
    json!({
        "id": template.id,
        "name": template.name,
        "values": template.values,
        "audience": audience_word(template.audience),
        "team": template.team,
        "mine": template.mine,
    })
}
