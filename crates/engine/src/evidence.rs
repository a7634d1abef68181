//! Claims: of the records a claim is about, for how many it holds, and which fail, as one reader
//! may see them.

use crate::list::{Listed, Question};
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use model::expression::{Expression, Kind, Node};
use store::select::{self, Grouping, Select};

/// How a claim stands.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub label: String,
    /// The requirement of the standard that it answers.
    pub requirement: String,
    /// The records it is about, and those of them for which it holds.
    pub population: i64,
    pub holding: i64,
    /// A page of the records that fail.
    pub failing: Listed,
}

impl Claimed {
    pub fn failing_count(&self) -> i64 {
        self.population - self.holding
    }
}

impl Session {
    /// How a claim stands. `page` says which columns, order and page of the failing records are
    /// wanted; its record type is that of the claim, and its filter narrows the page alone.
    ///
    /// # Errors
    /// `NotFound` for an unknown record type or claim; as [`Session::list`].
    pub fn claim(&self, name: &str, page: &Question) -> Result<Claimed> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, &page.record_type)?;
        let missing = || Refusal::NotFound { what: name.to_string() };
        let claim = definition.evidence.get(name).ok_or_else(missing)?;
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let select = Select {
            record_type: &definition,
            filters: vec![&claim.over.node],
            sort: Vec::new(),
            columns: Vec::new(),
            as_of: None,
            withdrawn: false,
        };
        let context = reader.context(self.sight());
        let (grouping, holds) = (Grouping::default(), Some(&claim.holds.node));
        let tallies = select::aggregate(&snapshot, &context, &select, &grouping, holds)?;
        let failing = Expression {
            source: format!("not ({})", claim.holds.source).into(),
            node: Node::Not(Box::new(claim.holds.node.clone())),
            kind: Kind::YesNo,
        };
        Ok(Claimed {
            label: claim.label.text(self.language()).to_string(),
            requirement: claim.requirement.clone(),
            population: tallies.iter().map(|tally| tally.records).sum(),
            holding: tallies.iter().map(|tally| tally.holding).sum(),
            failing: self.list_where(page, vec![claim.over.clone(), failing])?,
        })
    }
}
