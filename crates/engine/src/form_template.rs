//! Templates of forms: values of a new record that people keep under a name. A template fills a
//! form and gives no right: whoever chooses one gets of it what they may set themselves.

use crate::refusal::{Act, Refusal, Result};
use crate::session::Session;
use crate::shelf::{Audience, Found, ToKeep};
use model::definition::{Field, FieldKind, RecordType};
use serde_json::{Map, Value as Json};
use store::core::kept::Shelf;
use uuid::Uuid;

const SHELF: Shelf = Shelf::Templates;

/// A template as it is asked to be kept; values as a body of a new record has them.
#[derive(Debug, Clone)]
pub struct NewTemplate<'t> {
    pub name: &'t str,
    /// None fills nothing, and leaves what a template fills that is there.
    pub values: Option<Map<String, Json>>,
    pub audience: Audience,
}

/// A template as one person finds it.
#[derive(Debug, Clone)]
pub struct Template {
    pub id: Uuid,
    pub name: String,
    pub audience: Audience,
    /// The team it is for, where the reader may see that.
    pub team: Option<Json>,
    /// Whether the reader may change it and take it away.
    pub mine: bool,
    /// Of what was kept, what this person may set and what still fits.
    pub values: Map<String, Json>,
}

impl Session {
    /// The templates of a record type that this person keeps or is shown, by name.
    ///
    /// # Errors
    /// `NotFound` for a record type that is unknown, hidden, or of which they create no record.
    pub fn templates(&self, record_type: &str) -> Result<Vec<Template>> {
        let definition = self.created_type(record_type)?;
        let found = self.shelved(SHELF, record_type)?;
        Ok(found.into_iter().map(|one| self.as_template(&definition, one)).collect())
    }

    fn as_template(&self, definition: &RecordType, one: Found) -> Template {
        let values = serde_json::from_str(&one.body).unwrap_or_default();
        Template {
            id: one.id,
            name: one.name,
            audience: one.audience,
            team: one.team,
            mine: one.mine,
            values: self.settable(definition, values),
        }
    }

    /// One template.
    ///
    /// # Errors
    /// `NotFound`, also for one that this person does not find.
    pub fn template(&self, record_type: &str, id: Uuid) -> Result<Template> {
        let definition = self.created_type(record_type)?;
        let mut found = self.as_template(&definition, self.shelved_one(SHELF, record_type, id)?);
        found.values = self.fitting(record_type, found.values);
        Ok(found)
    }

    /// Keeps a template; its id.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for values that a new record could not have, a name that is empty or
    /// taken, a team of others, too many templates; `NotAllowed` to share with everybody without
    /// administering.
    pub fn keep_template(&self, record_type: &str, new: &NewTemplate) -> Result<Uuid> {
        let to_keep = self.checked_template(record_type, new)?;
        self.shelve(SHELF, record_type, to_keep)
    }

    /// Writes one's own template anew.
    ///
    /// # Errors
    /// As [`Session::keep_template`].
    pub fn change_template(&self, record_type: &str, id: Uuid, new: &NewTemplate) -> Result<()> {
        let to_keep = self.checked_template(record_type, new)?;
        self.reshelve(SHELF, record_type, id, to_keep)
    }

    /// Takes one's own template away.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for the template of another.
    pub fn drop_template(&self, record_type: &str, id: Uuid) -> Result<()> {
        self.created_type(record_type)?;
        self.unshelve(SHELF, record_type, id)
    }

    fn created_type(&self, record_type: &str) -> Result<std::sync::Arc<RecordType>> {
        let definition = self.seen_type(&self.engine.catalogue(), record_type)?;
        match self.may_create_type(&definition.name) && !definition.is_abstract {
            true => Ok(definition),
            false => Err(Refusal::NotFound { what: record_type.to_string() }.into()),
        }
    }

    fn checked_template<'t>(&self, record_type: &str, new: &NewTemplate<'t>) -> Result<ToKeep<'t>> {
        let definition = self.created_type(record_type)?;
        let Some(values) = &new.values else {
            return Ok(ToKeep { name: new.name, body: None, audience: new.audience });
        };
        self.input(record_type, values)?;
        let kept = self.settable(&definition, values.clone());
        // What is unknown has been refused with the values.
        let left_out = values.keys().filter(|name| !kept.contains_key(*name));
        if let Some(field) = left_out.filter_map(|name| definition.fields.get(&**name)).next() {
            return Err(match is_filled(field) {
                true => Refusal::NotAllowed { act: Act::Create }.into(),
                false => {
                    let (en, zh) = ("Nobody fills this in a form.", "此字段不在表单中填写。");
                    Refusal::field(&field.name, en, zh).into()
                }
            });
        }
        let body = Some(Json::Object(kept).to_string());
        Ok(ToKeep { name: new.name, body, audience: new.audience })
    }

    /// The values of fields that people fill and this person is shown.
    fn settable(&self, definition: &RecordType, values: Map<String, Json>) -> Map<String, Json> {
        let may = |name: &str| {
            let field = definition.fields.get(name);
            field.is_some_and(is_filled) && self.may_see_field(definition, name)
        };
        values.into_iter().filter(|(name, _)| may(name)).collect()
    }

    /// The values that a new record could still have: a choice may be gone since, a record hidden.
    fn fitting(&self, record_type: &str, values: Map<String, Json>) -> Map<String, Json> {
        if self.input(record_type, &values).is_ok() {
            return values;
        }
        let fits = |name: &String, value: &Json| {
            let alone = Map::from_iter([(name.clone(), value.clone())]);
            self.input(record_type, &alone).is_ok()
        };
        values.into_iter().filter(|(name, value)| fits(name, value)).collect()
    }
}

/// Whether people fill the field in a form: neither computed nor set by the workflow, and no file.
fn is_filled(field: &Field) -> bool {
    let is_file = matches!(field.kind, FieldKind::Attachment { .. });
    field.computed.is_none() && !field.set_by_workflow && !is_file
}
