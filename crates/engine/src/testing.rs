//! For tests (feature `testing`): records brought to a state without asking for what is on the way
//! there. Every step is written like any other, so that clocks run and history tells of it.

use crate::change::Change;
use crate::decide;
use crate::perform::Job;
use crate::record::Record;
use crate::refusal::{Error, Result};
use crate::session::Session;
use model::definition::{RecordType, Transition};
use model::expression::{Facts, Reads};
use model::{Key, Name};
use std::collections::{HashMap, VecDeque};

impl Session {
    /// Performs the fewest transitions that lead to the state, in this person's name: what they set
    /// is set, what they are offered for counts; rights, needs, rules and approvals do not.
    ///
    /// # Errors
    /// A fault where no way leads there.
    pub fn bring(&self, record_type: &str, key: Key, state: &str) -> Result<()> {
        while self.bring_on(record_type, key, state)? {}
        Ok(())
    }

    /// One step; whether there was one to make.
    fn bring_on(&self, record_type: &str, key: Key, state: &str) -> Result<bool> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let definition = self.definition(&catalogue, record_type)?;
        let lost = || Error::Fault(format!("no way leads to {state} of {record_type}"));
        let record = reader.record(&definition, key)?.ok_or_else(lost)?;
        if record.state.as_deref() == Some(state) {
            return Ok(false);
        }
        let job = Job::new(self, &reader, &definition);
        let mut change = job.toward(&record, state)?.ok_or_else(lost)?;
        let (unit, written) = job.unit_of(&mut change)?;
        self.engine.database().write(unit)?;
        self.engine.wrote(&written);
        Ok(true)
    }
}

impl Job<'_> {
    fn toward(&self, record: &Record, state: &str) -> Result<Option<Change>> {
        let reads: Vec<&Reads> = self.plan().transitions.values().collect();
        let known = self.known(record, &reads, &HashMap::new())?;
        let case = self.case(&known);
        let step = first_step(self.definition, record, state, &case.view(record, &known));
        let change =
            |transition| decide::carry_out(&case, record, record.clone(), &known, transition);
        Ok(step.map(change))
    }
}

/// The first of the fewest transitions to the state.
fn first_step<'d>(
    definition: &'d RecordType,
    record: &Record,
    state: &str,
    facts: &dyn Facts,
) -> Option<&'d Transition> {
    let mut reached: HashMap<Name, &Transition> = HashMap::new();
    let mut open = VecDeque::from([(record.state.clone()?, None)]);
    while let Some((at, first)) = open.pop_front() {
        let offered = |t: &&Transition| t.when.as_ref().is_none_or(|when| when.holds(facts));
        let leaving = definition.transitions.values().filter(|t| t.from.contains(&at));
        for transition in leaving.filter(offered) {
            if reached.contains_key(&transition.to) {
                continue;
            }
            let first = first.unwrap_or(transition);
            reached.insert(transition.to.clone(), first);
            open.push_back((transition.to.clone(), Some(first)));
        }
    }
    reached.get(state).copied()
}
