//! Performing a command: read the facts from one snapshot, decide in memory, write one unit. Where
//! somebody else wrote in between, the decision is made again on what stands now.

mod blank;
mod clocks;
mod finish;
mod notify;
mod repeat;
mod search;
mod stale;
mod turn;
mod votes;

pub(crate) use clocks::{QUEUE, REFRESH, state_of, write_calendars};
pub(crate) use finish::movement_value;
pub(crate) use search::{
    SPOKEN, Texts, comments, fields as search_fields, right_tokens, search_texts, type_token,
    with_comments,
};
pub(crate) use votes::{ballot, file_of};

use crate::catalogue::{Catalogue, Plan};
use crate::change::Change;
use crate::command::Command;
use crate::decide::{self, Ballot, Case, CastVote, RuleAnswer, RuleAnswers};
use crate::facts::Known;
use crate::look::Seen;
use crate::names::Cards;
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::{Error, Refusal, Result};
use crate::rights::Deed;
use crate::rule::{Answer, RuleCase};
use crate::session::Session;
use model::definition::{RecordType, Rule, RuleTest, Transition};
use model::expression::{LinkEnd, Reads};
use model::{Key, Name, Value};
use std::collections::HashMap;
use store::Unit;
use uuid::Uuid;

/// One command on one record of a type.
#[derive(Debug, Clone)]
pub struct Order {
    pub record_type: Name,
    /// The record; none for a creation.
    pub key: Option<Key>,
    pub command: Command,
    /// The version the person's edit was based on, where they say so.
    pub base: Option<i64>,
    /// Makes a repetition answer what the first one did.
    pub idempotency: Option<Idempotency>,
}

/// A client's key for one request, with a digest of what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    pub key: String,
    pub digest: [u8; 32],
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub key: Key,
    pub id: Uuid,
    pub record_type: Name,
    pub number: Option<i64>,
    pub version: i64,
    /// The entry of history; none where nothing had to change.
    pub entry: Option<i64>,
}

/// What a creation wrote, and the record as the one who made it sees it.
#[derive(Debug, Clone)]
pub struct Created {
    pub written: Written,
    /// None where they may not read it, and where the same request had made it before.
    pub seen: Option<Seen>,
}

impl Session {
    /// Performs one command.
    ///
    /// # Errors
    /// Any [`Refusal`]; nothing was written then, unless it is [`Refusal::Unknown`].
    pub fn perform(&self, order: &Order) -> Result<Written> {
        let written = self.perform_beside(order, &Unit::new())?;
        written.ok_or_else(|| Refusal::Busy.into())
    }

    /// Performs a creation and shows the record without reading it back: what was decided is what
    /// stands.
    ///
    /// # Errors
    /// As [`Session::perform`].
    pub fn create(&self, order: &Order) -> Result<Created> {
        let created = self.in_turn(order, &|_| Unit::new(), |job, change| job.seen(change))?;
        let (written, seen) = created.ok_or(Refusal::Busy)?;
        Ok(Created { written, seen: seen.flatten() })
    }

    /// Decides a command and writes nothing: what would be refused, if anything.
    ///
    /// # Errors
    /// As [`Session::perform`].
    pub fn rehearse(&self, order: &Order) -> Result<()> {
        self.decide(order, |_, _| Ok(()))
    }

    pub(super) fn decide<T>(
        &self,
        order: &Order,
        then: impl FnOnce(&Job, Change) -> Result<T>,
    ) -> Result<T> {
        self.demand_own_view()?;
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let definition = self.definition(&catalogue, &order.record_type)?;
        let job = Job::new(self, &reader, &definition);
        let change = match (order.key, &order.command) {
            (None, Command::Create { values, links }) => job.create(values, links)?,
            (Some(key), command) => job.act(order, key, command)?,
            (None, _) => return Err(Refusal::NotFound { what: definition.name.to_string() }.into()),
        };
        then(&job, change)
    }
}

/// One decision in the making.
pub(crate) struct Job<'a> {
    pub(crate) session: &'a Session,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) reader: &'a Reader<'a>,
    pub(crate) definition: &'a RecordType,
}

impl<'a> Job<'a> {
    pub(crate) fn new(
        session: &'a Session,
        reader: &'a Reader<'a>,
        definition: &'a RecordType,
    ) -> Job<'a> {
        Job { session, catalogue: reader.catalogue, reader, definition }
    }

    pub(crate) fn case<'c>(&'c self, known: &'c Known) -> Case<'c> {
        Case {
            model: &self.catalogue.model,
            definition: self.definition,
            actor: &self.session.actor,
            rights: self.session.rights_on(self.definition),
            now: self.session.now,
            today: self.session.today(),
            known,
        }
    }

    pub(crate) fn plan(&self) -> &Plan {
        self.catalogue.plan(self.definition)
    }

    /// Facts around a draft: what rights and every write read, and what is asked for beside.
    pub(crate) fn known(
        &self,
        draft: &Record,
        beside: &[&Reads],
        ends: &HashMap<LinkEnd, Vec<Key>>,
    ) -> Result<Known> {
        let rights = self.session.rights_on(self.definition).map(|rights| &rights.reads);
        let mut known = Known::default();
        for reads in [&self.plan().always].into_iter().chain(rights).chain(beside.iter().copied()) {
            self.reader.learn(&mut known, self.definition, draft, reads, ends)?;
        }
        Ok(known)
    }

    fn create(&self, values: &[(Name, Value)], links: &[(Name, Vec<Key>)]) -> Result<Change> {
        let ends = self.new_ends(links);
        let blank = self.blank()?;
        let nothing = self.known(&blank, &[], &ends)?;
        let mut draft = decide::draft(&self.case(&nothing), blank, values)?;
        self.substitute(None, &mut draft)?;
        let known = self.known(&draft, &[], &ends)?;
        let rules = self.standing_rules();
        let (answers, guards) = self.ask_rules(rules, (None, &draft), links)?;
        let names = self.names_of(links.iter().flat_map(|(_, keys)| keys).copied())?;
        let (case, given) = (self.case(&known), (values, links));
        let mut change = decide::create(&case, draft, &known, given, &answers, &names)?;
        change.guards = guards;
        Ok(change)
    }

    /// The new record as the one who makes it will read it.
    fn seen(&self, change: &Change) -> Result<Option<Seen>> {
        let (session, record) = (self.session, &change.after);
        let ends = self.ends_after(change);
        let known = self.known(record, &[], &ends)?;
        if !session.may(Deed::Read, self.definition, record, &known) {
            return Ok(None);
        }
        let links = ends.into_iter().map(|(end, mut far)| {
            far.sort_unstable();
            (end.link, far)
        });
        session.seen(self.reader, self.definition, record, &known, &links.collect()).map(Some)
    }

    fn new_ends(&self, links: &[(Name, Vec<Key>)]) -> HashMap<LinkEnd, Vec<Key>> {
        let end = |name: &Name| {
            let link = self.definition.links.get(name)?;
            let (from, other) = (link.declared_by.clone(), link.to.clone());
            Some(LinkEnd { from, link: link.name.clone(), inverse: false, other })
        };
        links.iter().filter_map(|(name, keys)| Some((end(name)?, keys.clone()))).collect()
    }

    fn act(&self, order: &Order, key: Key, command: &Command) -> Result<Change> {
        let (record, _) = self.session.open(self.reader, self.definition, key)?;
        let before: &Record = &record;
        self.refuse_stale(order, before)?;
        let known = self.known(before, &[&self.plan().approvals], &HashMap::new())?;
        let case = self.case(&known);
        match command {
            Command::Create { .. } => Err(Error::Fault("a creation names no record".into())),
            Command::Edit { values } => self.edit(&case, before, values),
            Command::Transition { name, values, note } => {
                self.transition(&case, before, name, values, note.as_deref())
            }
            Command::Link { link, to } => {
                let linked = self.far_ends(before, link)?;
                let names = self.names_of([*to])?;
                let change = decide::link(&case, before, (link, *to), &linked, &names)?;
                self.hold_standing_rules(before, change, link, linked)
            }
            Command::Unlink { link, to } => {
                let linked = self.far_ends(before, link)?;
                let names = self.names_of([*to])?;
                let change = decide::unlink(&case, before, (link, *to), &linked, &names)?;
                self.hold_standing_rules(before, change, link, linked)
            }
            Command::Comment { text, internal } => decide::comment(&case, before, text, *internal),
            Command::Attach { file, internal } => decide::attach(&case, before, file, *internal),
            Command::Detach { sha256 } => {
                decide::detach(&case, before, sha256, &self.files(before)?)
            }
            Command::Vote { approval, approve, note } => {
                let (approval, note) = (approval.as_ref(), note.as_deref());
                let cast = CastVote { approval, approve: *approve, note };
                decide::vote(&case, before, &self.ballot(before)?, &cast)
            }
            Command::Delegate { approval, to } => {
                decide::delegate(&case, before, &self.ballot(before)?, approval.as_ref(), *to)
            }
            Command::Watch { person } => {
                decide::watch(&case, before, *person, true, &self.watchers(before)?)
            }
            Command::Unwatch { person } => {
                decide::watch(&case, before, *person, false, &self.watchers(before)?)
            }
            Command::Withdraw { note } => {
                decide::withdraw(&case, before, note.as_deref(), &self.links_around(before)?)
            }
        }
    }

    fn edit(&self, case: &Case, before: &Record, values: &[(Name, Value)]) -> Result<Change> {
        let mut draft = decide::edit_draft(case, before, values)?;
        self.substitute(Some(before), &mut draft)?;
        let known = self.known(&draft, &[], &HashMap::new())?;
        let rules = self.standing_rules();
        let (answers, guards) = self.ask_rules(rules, (Some(before), &draft), &[])?;
        let mut change = decide::edit(case, before, draft, &known, &answers)?;
        change.guards = guards;
        Ok(change)
    }

    fn transition(
        &self,
        case: &Case,
        before: &Record,
        name: &Name,
        values: &[(Name, Value)],
        note: Option<&str>,
    ) -> Result<Change> {
        let transition = decide::open(case, before, name)?;
        let mut draft = decide::transition_draft(case, before, transition, values)?;
        self.substitute(Some(before), &mut draft)?;
        let reads = self.plan().transitions.get(&transition.name);
        let reads: Vec<&Reads> = reads.into_iter().collect();
        let known = self.known(&draft, &reads, &HashMap::new())?;
        let rules = self.rules_of(transition);
        let (answers, guards) = self.ask_rules(rules, (Some(before), &draft), &[])?;
        let ballot = match transition.approve.is_empty() {
            true => Ballot::default(),
            false => self.ballot_for(before, &draft)?,
        };
        let asked = (transition, note);
        let mut change = decide::transition(case, before, draft, &known, asked, &answers, &ballot)?;
        change.guards = guards;
        Ok(change)
    }

    /// The rules that always hold are asked about the links as they would stand, too.
    fn hold_standing_rules(
        &self,
        before: &Record,
        mut change: Change,
        link: &Name,
        mut linked: Vec<Key>,
    ) -> Result<Change> {
        for each in &change.links {
            linked.retain(|key| *key != each.to);
            linked.extend(each.begins.then_some(each.to));
        }
        let links = [(link.clone(), linked)];
        let known = self.known(before, &[], &self.new_ends(&links))?;
        let rules = self.standing_rules();
        let (answers, guards) = self.ask_rules(rules, (Some(before), before), &links)?;
        decide::demand_standing_rules(&self.case(&known), before, &known, &answers)?;
        change.guards = guards;
        // Two who set a link with one far end at the same time must not both add theirs.
        let single = self.definition.links.get(link).filter(|link| !link.many);
        let name = |link: &model::definition::Link| {
            format!("link:{}.{}:{}", link.declared_by, link.name, before.key.0)
        };
        change.guards.extend(single.map(name));
        Ok(change)
    }

    pub(crate) fn standing_rules(&self) -> Vec<&Rule> {
        self.definition.rules.values().filter(|rule| rule.always).collect()
    }

    /// The rules of a transition and those that always hold.
    pub(crate) fn rules_of(&self, transition: &Transition) -> Vec<&Rule> {
        let named = transition.rules.iter().filter_map(|name| self.definition.rules.get(name));
        named.chain(self.standing_rules()).collect()
    }

    /// Asks the rules written in Rust about a draft, and collects what must not be promised twice.
    /// `links` are those that the command sets, as they would stand.
    pub(crate) fn ask_rules(
        &self,
        rules: Vec<&Rule>,
        (before, draft): (Option<&Record>, &Record),
        links: &[(Name, Vec<Key>)],
    ) -> Result<(RuleAnswers, Vec<String>)> {
        let (mut answers, mut guards) = (RuleAnswers::new(), Vec::new());
        for rule in rules {
            if !matches!(rule.test, RuleTest::Code) {
                continue;
            }
            let Some(code) = self.session.engine.rule(&self.definition.lineage, &rule.name) else {
                let message = format!("no function for rule {}", rule.name);
                return Err(Error::Fault(message));
            };
            let case = RuleCase {
                record: draft,
                before,
                definition: self.definition,
                now: self.session.now,
                links,
                reader: self.reader,
            };
            guards.extend((code.guards)(&case)?);
            let answer = match (code.test)(&case)? {
                Answer::Holds => RuleAnswer::Holds,
                Answer::Broken { by } => RuleAnswer::Broken { by: self.name_of(by)? },
            };
            answers.insert(rule.name.clone(), answer);
        }
        guards.sort();
        guards.dedup();
        Ok((answers, guards))
    }

    /// The cards of these records, as far as this person may read them.
    fn names_of(&self, keys: impl IntoIterator<Item = Key>) -> Result<Cards<'_>> {
        let cards = Cards::new(self.session, self.reader);
        cards.fetch(keys)?;
        Ok(cards)
    }

    /// How a record in the way is named to this person; not at all where they may not read it.
    fn name_of(&self, key: Option<Key>) -> Result<Option<String>> {
        use crate::field::Names;
        let Some(key) = key else { return Ok(None) };
        let cards = self.names_of([key])?;
        Ok(cards.card(key).map(|card| match card.number.is_empty() {
            true => card.title,
            false => card.number,
        }))
    }

    fn far_ends(&self, before: &Record, link: &Name) -> Result<Vec<Key>> {
        let ends = self.new_ends(&[(link.clone(), Vec::new())]);
        match ends.into_keys().next() {
            Some(end) => self.reader.linked(&end, &[before.key]),
            None => Ok(Vec::new()),
        }
    }
}

pub(crate) fn merge(reads: &mut Reads, more: &Reads) {
    reads.fields.extend(more.fields.iter().cloned());
    reads.steps.extend(more.steps.iter().cloned());
    reads.step_links.extend(more.step_links.iter().cloned());
    reads.links.extend(more.links.iter().cloned());
    reads.counts.extend(more.counts.iter().cloned());
    reads.linked_fields.extend(more.linked_fields.iter().cloned());
    reads.linked_links.extend(more.linked_links.iter().cloned());
    reads.my_parts.extend(more.my_parts.iter().cloned());
}
