//! One act on many records, each in a unit of its own: what can be done is done, and what cannot is
//! told record by record. A rehearsal says beforehand what would be refused and writes nothing.

mod kept;

use crate::command::Command;
use crate::list::{Question, check_question};
use crate::perform::{Idempotency, Order, Written};
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::{Key, Name};
use store::select::{self, Place, Select};

/// How many records one bulk act may touch.
pub const MOST: usize = 1_000;

/// Which records.
#[derive(Debug, Clone)]
pub enum Chosen {
    /// By number or id.
    Named(Vec<String>),
    /// All that a filter finds.
    Where(String),
}

/// A record that was found, with its own type.
type Target = (Name, Key);

/// What is done with each.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'d> {
    pub command: &'d Command,
    /// Only say what would be refused.
    pub rehearse: bool,
    /// Makes a repetition answer what the first one did; a rehearsal needs none.
    pub idempotency: Option<&'d Idempotency>,
}

/// What happened to one record.
#[derive(Debug, Clone)]
pub struct Each {
    /// As named by the asker, or the number.
    pub record: String,
    pub result: std::result::Result<Option<Written>, Refusal>,
}

impl Session {
    /// Performs the command on each chosen record; with `rehearse` only says what would be refused.
    ///
    /// # Errors
    /// `BadQuestion`; `TooLarge` where more than [`MOST`] records are chosen; `KeyReused`. A fault
    /// ends it.
    pub fn bulk(&self, record_type: &str, chosen: &Chosen, deed: Deed) -> Result<Vec<Each>> {
        let choose = || self.chosen(record_type, chosen);
        let targets = match deed.idempotency.filter(|_| !deed.rehearse) {
            Some(asked) => self.chosen_once(asked, choose)?,
            None => choose()?,
        };
        let mut done = Vec::new();
        for (record, target) in targets {
            let result = match target {
                Ok((name, key)) => self.one(name, key, deed),
                Err(error) => Err(error),
            };
            let result = match result {
                Ok(written) => Ok(written),
                Err(Error::Refused(refusal)) => Err(*refusal),
                Err(fault) => return Err(fault),
            };
            done.push(Each { record, result });
        }
        Ok(done)
    }

    fn one(&self, record_type: Name, key: Key, deed: Deed) -> Result<Option<Written>> {
        let command = deed.command.clone();
        let idempotency = deed.idempotency.map(|asked| kept::of_one(asked, key));
        let order = Order { record_type, key: Some(key), command, base: None, idempotency };
        match deed.rehearse {
            true => self.rehearse(&order).map(|()| None),
            false => self.perform(&order).map(Some),
        }
    }

    fn chosen(&self, record_type: &str, chosen: &Chosen) -> Result<Vec<(String, Result<Target>)>> {
        match chosen {
            Chosen::Named(names) if names.len() > MOST => Err(too_many()),
            Chosen::Named(names) => {
                let found = names.iter().map(|name| {
                    let target = self.target(record_type, name);
                    (name.clone(), target.map(|(definition, key)| (definition.name.clone(), key)))
                });
                Ok(found.collect())
            }
            Chosen::Where(filter) => self.found(record_type, filter),
        }
    }

    fn found(&self, record_type: &str, filter: &str) -> Result<Vec<(String, Result<Target>)>> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, record_type)?;
        let question = Question {
            record_type: record_type.to_string(),
            filter: Some(filter.to_string()),
            columns: Some("number".to_string()),
            ..Question::default()
        };
        let mut checked = check_question(&catalogue, &definition, &question)?;
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        self.name_records(&reader, &definition, &mut checked.filters)?;
        let select = Select {
            record_type: &definition,
            filters: checked.filters.iter().map(|filter| &filter.node).collect(),
            sort: Vec::new(),
            columns: Vec::new(),
            as_of: None,
            withdrawn: false,
        };
        let context = reader.context(self.sight());
        let page = select::page(&snapshot, &context, &select, &Place::Start, MOST)?;
        if page.after.is_some() {
            return Err(too_many());
        }
        let named = |row: select::Record| {
            let real = catalogue.record_type(&row.record_type).unwrap_or(&definition);
            let number = crate::record::formatted(real, row.number);
            (number, Ok((row.record_type, row.key)))
        };
        Ok(page.rows.into_iter().map(named).collect())
    }
}

fn too_many() -> Error {
    Refusal::TooLarge { what: "selection".into(), limit: MOST.to_string() }.into()
}
