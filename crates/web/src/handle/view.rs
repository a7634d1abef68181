//! Views that people keep of a record type's lists.

use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::{Problem, Result};
use axum::http::StatusCode;
use engine::saved_view::{Audience, NewView, SavedView, Shown};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// For whom a view may be, as the interface says it.
pub const AUDIENCES: [&str; 3] = ["owner", "team", "everybody"];

pub fn list(call: &Call) -> Result<Answer> {
    let views = call.session.saved_views(call.record_type())?;
    Answer::json(&json!({ "views": views.iter().map(shown).collect::<Vec<_>>() }))
}

pub fn keep(call: &Call) -> Result<Answer> {
    let asked = Asked::of(call)?;
    let id = call.session.keep_view(call.record_type(), &asked.view())?;
    told(call, id, StatusCode::CREATED)
}

pub fn change(call: &Call) -> Result<Answer> {
    let (id, asked) = (id(call)?, Asked::of(call)?);
    call.session.change_view(call.record_type(), id, &asked.view())?;
    told(call, id, StatusCode::OK)
}

pub fn end(call: &Call) -> Result<Answer> {
    call.session.drop_view(call.record_type(), id(call)?)?;
    Ok(Answer::nothing())
}

fn id(call: &Call) -> Result<Uuid> {
    call.part("view").parse().map_err(|_| Problem::missing())
}

fn told(call: &Call, id: Uuid, status: StatusCode) -> Result<Answer> {
    let view = call.session.saved_view(call.record_type(), id)?;
    Ok(Answer::json(&shown(&view))?.status(status))
}

/// A view as a body asks for it.
struct Asked {
    name: String,
    shown: Shown,
    audience: Audience,
}

impl Asked {
    fn of(call: &Call) -> Result<Asked> {
        let mut members = Members::of(call.object()?);
        let name = members.text("name", 80);
        let name = members.required("name", name).unwrap_or_default();
        let sharing = Sharing::of(&mut members);
        let parts = members.object("shown").unwrap_or_default();
        members.end()?;
        let mut parts = Members::of(parts);
        let shown = Shown {
            list: parts.text("list", 64),
            filter: parts.text("where", 8192),
            search: parts.text("q", 500),
            sort: parts.text("sort", 500),
            columns: parts.text("columns", 4000),
        };
        parts.end()?;
        let audience = sharing.known(call)?.audience;
        Ok(Asked { name, shown, audience })
    }

    fn view(&self) -> NewView<'_> {
        NewView { name: &self.name, shown: self.shown.clone(), audience: self.audience }
    }
}

/// Whom a body says something is for.
pub struct Sharing {
    word: Option<String>,
    team: Option<String>,
    /// Only of one's own teams, once they are looked up.
    pub audience: Audience,
}

impl Sharing {
    /// Takes the members `audience` and `team`.
    pub fn of(members: &mut Members) -> Sharing {
        let word = members.text("audience", 20);
        let team = members.text("team", 100);
        if word.as_deref().is_some_and(|word| !AUDIENCES.contains(&word)) {
            members.slip(
                "audience",
                "Write owner, team or everybody.",
                "请填写 owner、team 或 everybody。",
            );
        }
        Sharing { word, team, audience: Audience::Owner }
    }

    /// The same with the team looked up.
    ///
    /// # Errors
    /// `invalid` for a team that is none of the asker's.
    pub fn known(mut self, call: &Call) -> Result<Sharing> {
        self.audience = match self.word.as_deref() {
            Some("team") => {
                let team = self.team.as_deref().unwrap_or("");
                Audience::Team(call.session.own_team(team)?)
            }
            Some("everybody") => Audience::Everybody,
            _ => Audience::Owner,
        };
        Ok(self)
    }
}

pub fn audience_word(audience: Audience) -> &'static str {
    match audience {
        Audience::Owner => "owner",
        Audience::Team(_) => "team",
        Audience::Everybody => "everybody",
    }
}

fn shown(view: &SavedView) -> Json {
    json!({
        "id": view.id,
        "name": view.name,
        "shown": view.shown.to_json(),
        "audience": audience_word(view.audience),
        "team": view.team,
        "mine": view.mine,
    })
}
