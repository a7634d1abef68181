//! Writing what was decided. Where somebody else wrote in between, the decision is made again on
//! what stands now, until nobody is in the way.

use super::{Job, Order, Written};
use crate::change::Change;
use crate::command::Command;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use store::{Failure, Unit};

/// How often a decision is made again before a person is told that others are in the way.
const ATTEMPTS: usize = 12;

enum Attempt<T> {
    Done(Result<(Written, Option<T>)>),
    Lost,
    Again,
}

impl Session {
    /// The same with statements of the caller's in the same unit. None where these met other rows
    /// than they expected: nothing was written, and the caller has lost what they rest on.
    ///
    /// # Errors
    /// As [`Session::perform`].
    pub(crate) fn perform_beside(&self, order: &Order, beside: &Unit) -> Result<Option<Written>> {
        self.perform_told(order, &|_| beside.clone())
    }

    /// The same, where the caller's statements follow from what is written.
    ///
    /// # Errors
    /// As [`Session::perform`].
    pub(crate) fn perform_told(
        &self,
        order: &Order,
        beside: &dyn Fn(&Written) -> Unit,
    ) -> Result<Option<Written>> {
        let performed = self.in_turn(order, beside, |_, _| Ok(()))?;
        Ok(performed.map(|(written, _)| written))
    }

    /// Tries until nobody is in the way. What `look` finds in the change that is written is given
    /// back with it; none where it was written by the same request before.
    pub(super) fn in_turn<T>(
        &self,
        order: &Order,
        beside: &dyn Fn(&Written) -> Unit,
        look: impl Fn(&Job, &Change) -> Result<T>,
    ) -> Result<Option<(Written, Option<T>)>> {
        for _ in 0..ATTEMPTS {
            if let Some(done) = self.done_before(order)? {
                return Ok(Some((done, None)));
            }
            match self.attempt(order, beside, &look) {
                Attempt::Done(Err(Error::Refused(refusal))) => {
                    // Perhaps by what the same request, sent twice at once, did meanwhile.
                    let done = self.done_before(order)?.ok_or(Error::Refused(refusal))?;
                    return Ok(Some((done, None)));
                }
                Attempt::Done(result) => return result.map(Some),
                Attempt::Lost => return Ok(None),
                Attempt::Again => {}
            }
        }
        Err(Refusal::Busy.into())
    }

    fn attempt<T>(
        &self,
        order: &Order,
        beside: &dyn Fn(&Written) -> Unit,
        look: impl Fn(&Job, &Change) -> Result<T>,
    ) -> Attempt<T> {
        let decided = self.decide(order, |job, mut change| {
            let finished = job.finish(order, &mut change)?;
            Ok((finished, look(job, &change)?))
        });
        let ((mut unit, written), found) = match decided {
            Ok(decided) => decided,
            Err(error) => return Attempt::Done(Err(error)),
        };
        let own = unit.statements.len();
        unit.append(beside(&written));
        match self.engine.database().write(unit) {
            Ok(()) => {
                self.engine.wrote(&written);
                if matches!(order.command, Command::Delegate { .. }) {
                    // Whom it was delegated to may read the record from now on.
                    self.engine.actors().clear();
                }
                Attempt::Done(Ok((written, Some(found))))
            }
            Err(Failure::Conflict { statement }) if statement >= own => Attempt::Lost,
            Err(Failure::Conflict { .. }) => Attempt::Again,
            Err(Failure::Duplicate { index }) => self.duplicate(order, &index),
            Err(failure) => Attempt::Done(Err(failure.into())),
        }
    }

    /// A unique value was taken meanwhile: by a field, or by the same request sent twice.
    fn duplicate<T>(&self, order: &Order, index: &str) -> Attempt<T> {
        let catalogue = self.engine.catalogue();
        let unique = store::sync::unique_of(&catalogue.model, index);
        let fields: Vec<_> = unique
            .and_then(|unique| {
                let definition = catalogue.record_type(&order.record_type)?;
                let known = |name| definition.fields.get(name).cloned();
                Some(unique.fields.iter().filter_map(known).collect())
            })
            .unwrap_or_default();
        match fields.split_first() {
            Some((first, rest)) => {
                let (field, label) = (first.name.clone(), first.label.clone());
                let beside = rest.iter().map(|field| field.name.clone()).collect();
                Attempt::Done(Err(Refusal::Duplicate { field, label, beside }.into()))
            }
            // A number, a vote, a link or the answer to the same request sent twice: somebody was
            // faster, and the next decision sees it.
            None => Attempt::Again,
        }
    }
}
