//! Taking an import back: what it made is withdrawn, what it changed is put back, what it linked is
//! unlinked, by the commands and with the rights of whoever asks; but only where nobody has changed
//! it since. Each record is one act, told with what it came to, so that nothing is done twice.

use super::lines::{self, CREATED, LEFT, LINKED, MADE, RESTORED, WITHDRAWN};
use super::refused::Refused;
use crate::canonical;
use crate::command::Command;
use crate::perform::{Order, Written};
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use ledger::{Body, Field};
use model::definition::RecordType;
use model::{Key, Language, Name, Value};
use std::collections::BTreeSet;
use store::Unit;
use store::core::history::{self, Wanted};
use store::core::import_line::{self, ImportLine, Which};
use store::core::import_run::ImportRun;

/// Lines looked at together.
const PAGE: usize = 100;
/// How often a record is looked at again because somebody writes it just then.
const ROUNDS: usize = 5;

/// Goes on until all is taken back, or until `goes_on` says no: false then.
pub(super) fn take_back(
    session: &Session,
    run: &ImportRun,
    goes_on: &mut dyn FnMut() -> Result<bool>,
) -> Result<bool> {
    let mut tried = BTreeSet::new();
    loop {
        let database = session.engine.database();
        let open = import_line::page(database, &run.id, Which::Open, i64::MAX, PAGE)?;
        if open.is_empty() {
            return Ok(true);
        }
        for line in &open {
            if !goes_on()? {
                return Ok(false);
            }
            if tried.insert(line.record_key) {
                record(session, run, line.record_key)?;
            }
        }
        tried.clear();
    }
}

/// Takes back what the import did to one record.
fn record(session: &Session, run: &ImportRun, key: Key) -> Result<()> {
    for _ in 0..ROUNDS {
        let all = import_line::of_record(session.engine.database(), &run.id, key)?;
        let open: Vec<ImportLine> = all.into_iter().filter(|l| l.outcome.is_none()).collect();
        let Some(last) = open.last() else { return Ok(()) };
        let catalogue = session.engine.catalogue();
        let snapshot = session.engine.database().snapshot()?;
        let reader = session.reader(&snapshot, &catalogue);
        let definition = catalogue.record_type(&last.record_type);
        let found = match definition {
            Some(definition) => reader.record(definition, key)?.map(|r| (definition.clone(), r)),
            None => None,
        };
        let Some((definition, record)) = found.filter(|(_, r)| r.withdrawn_at.is_none()) else {
            let why = said("It was withdrawn meanwhile.", "该记录已被撤回。");
            return leave(session, &open, &why);
        };
        let this = Taken { session, run, open: &open, definition: &definition, record: &record };
        match this.take(&reader) {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(Error::Refused(refusal)) if is_final(&refusal) => {
                let (en, zh) = (refusal.text(Language::EN), refusal.text(Language::ZH));
                return leave(session, &open, &said(&en, &zh));
            }
            Err(error) => return Err(error),
        }
    }
    Err(Refusal::Busy.into())
}

/// Whether another time would be refused alike.
fn is_final(refusal: &Refusal) -> bool {
    use Refusal::{Busy, Full, NotNow, TooSlow, Unknown};
    !matches!(refusal, Busy | Full | NotNow | TooSlow | Unknown)
}

fn said(en: &str, zh: &str) -> Refused {
    Refused { row: 0, column: String::new(), en: en.into(), zh: zh.into() }
}

fn leave(session: &Session, open: &[ImportLine], why: &Refused) -> Result<()> {
    let mut unit = Unit::new();
    settle(&mut unit, open, LEFT, Some(why));
    Ok(session.engine.database().write(unit)?)
}

/// Of several entries of one record the last tells why.
fn settle(unit: &mut Unit, open: &[ImportLine], outcome: &str, why: Option<&Refused>) {
    let why = why.map(|why| why.to_json().to_string());
    for (place, line) in open.iter().rev().enumerate() {
        let why = why.as_deref().filter(|_| place == 0);
        match (outcome, place, why.is_some()) {
            // What was left alone is told once a record.
            (LEFT, 1.., _) => import_line::settle(unit, line, lines::KEPT, None),
            (RESTORED, 0, true) => import_line::settle(unit, line, LEFT, why),
            _ => import_line::settle(unit, line, outcome, why),
        }
    }
}

/// One record and what the import did to it.
struct Taken<'t> {
    session: &'t Session,
    run: &'t ImportRun,
    open: &'t [ImportLine],
    definition: &'t RecordType,
    record: &'t Record,
}

impl Taken<'_> {
    /// False where somebody wrote the record in between: it is looked at again then.
    fn take(&self, reader: &Reader) -> Result<bool> {
        let is_made = self.open.iter().any(|line| [CREATED, MADE].contains(&&*line.kind));
        let last = self.open.iter().map(|line| line.version).max().unwrap_or(0);
        if !is_made {
            return self.restore(reader);
        }
        if self.record.version != last {
            leave(self.session, self.open, &self.changed()?)?;
            return Ok(true);
        }
        let file = self.run.file.as_deref().unwrap_or_default();
        let note = match self.session.language() == Language::ZH {
            true => format!("撤销导入：{file}"),
            false => format!("Import taken back: {file}"),
        };
        self.perform(Command::Withdraw { note: Some(note) }, Some((WITHDRAWN, None)))
    }

    /// Who has changed the record since, and when.
    fn changed(&self) -> Result<Refused> {
        let database = self.session.engine.database();
        let newest = history::of_record(database, self.record.key, true, Wanted::default(), 1)?;
        let by = newest.first().map(|entry| entry.actor.to_string()).unwrap_or_default();
        Ok(said(&format!("Changed since by {by}."), &format!("此后被{by}更改。")))
    }

    /// Puts back the fields that hold what the import wrote, and takes back its links.
    fn restore(&self, reader: &Reader) -> Result<bool> {
        let (values, others) = self.values()?;
        let mut orders = Vec::new();
        if !values.is_empty() {
            orders.push(Command::Edit { values });
        }
        for line in self.open.iter().filter(|line| *line.kind == *LINKED) {
            let named = line.link.as_deref().and_then(Name::new).zip(line.far_key);
            let Some((link, to)) = named else { continue };
            let Some(declared) = self.definition.links.get(&link) else { continue };
            let stored = format!("{}.{}", declared.declared_by, declared.name);
            let ends = reader.ends(&stored, &[self.record.key], false, None)?;
            if ends.contains(&(self.record.key, to)) {
                orders.push(Command::Unlink { link, to });
            }
        }
        let why = (!others.is_empty()).then(|| {
            let named = |language| {
                let labels =
                    others.iter().map(|name| crate::words::column(self.definition, name, language));
                labels.collect::<Vec<_>>().join(if language == Language::ZH { "、" } else { ", " })
            };
            let en = format!("Changed since: {}.", named(Language::EN));
            said(&en, &format!("此后被更改：{}。", named(Language::ZH)))
        });
        let Some(last) = orders.pop() else {
            match &why {
                Some(why) => leave(self.session, self.open, why)?,
                None => self.nothing()?,
            }
            return Ok(true);
        };
        for order in orders {
            if !self.perform(order, None)? {
                return Ok(false);
            }
        }
        self.perform(last, Some((RESTORED, why.as_ref())))
    }

    /// All is as it was before the import.
    fn nothing(&self) -> Result<()> {
        let mut unit = Unit::new();
        settle(&mut unit, self.open, RESTORED, None);
        Ok(self.session.engine.database().write(unit)?)
    }

    /// What the fields were that still hold what the import wrote, and those that hold something
    /// else by now.
    fn values(&self) -> Result<(Vec<(Name, Value)>, Vec<Name>)> {
        let keys: Vec<i64> = self.open.iter().map(|line| line.entry_key).collect();
        let mut entries = history::by_keys(self.session.engine.database(), &keys)?;
        entries.sort_by_key(|entry| (entry.version, entry.key));
        let mut told: Vec<(Name, Value, Value)> = Vec::new();
        for entry in &entries {
            let body = Body::from_bytes(&entry.body).map_err(|e| Error::Fault(e.to_string()))?;
            for one in body.fields() {
                let Field::Open { name, old, new, .. } = one else { continue };
                let Some(field) = self.definition.fields.get(name.as_str()) else { continue };
                if field.computed.is_some() || field.set_by_workflow {
                    continue;
                }
                let value = |bytes: &Option<Vec<u8>>| {
                    bytes.as_deref().and_then(canonical::value).unwrap_or_default()
                };
                match told.iter_mut().find(|(known, ..)| *known == field.name) {
                    Some((_, _, last)) => *last = value(new),
                    None => told.push((field.name.clone(), value(old), value(new))),
                }
            }
        }
        let (mut values, mut others) = (Vec::new(), Vec::new());
        for (name, old, new) in told {
            match self.record.field(&name) {
                now if now == new => values.push((name, old)),
                now if now == old => {}
                _ => others.push(name),
            }
        }
        Ok((values, others))
    }

    /// Performs one command on the record; with the last one goes what it came to. False where
    /// somebody wrote in between.
    fn perform(&self, command: Command, last: Option<(&str, Option<&Refused>)>) -> Result<bool> {
        let order = Order {
            record_type: self.definition.name.clone(),
            key: Some(self.record.key),
            command,
            base: Some(self.record.version),
            idempotency: None,
        };
        let beside = |written: &Written| {
            let mut unit = Unit::new();
            let Some((outcome, why)) = last else { return unit };
            settle(&mut unit, self.open, outcome, why);
            if outcome == WITHDRAWN && written.version != self.record.version + 1 {
                // Somebody has changed it just now: nothing is written.
                import_line::refuse(&mut unit, &self.run.id);
            }
            unit
        };
        Ok(self.session.perform_told(&order, &beside)?.is_some())
    }
}
