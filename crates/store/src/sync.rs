//! Tables follow definitions: compares what a [`Model`] asks for with what the database has, says
//! the difference in words, and carries it out.
//!
//! Only ever adds. What the definitions no longer name stays until its loss is permitted by name;
//! a column of another kind is refused unless it is empty. One process at a time does it, under a
//! lease; a stop anywhere leaves a database that both the old and the new definitions can work on,
//! and a plan made afterwards holds the rest.

mod apply;
pub(crate) mod catalogue;
mod names;
mod plan;
pub(crate) mod schema;
mod step;
mod view;
mod wanted;

pub use apply::Watch;
pub use names::{Unique, link_view, unique_of, view};
pub use step::{Loss, Plan, Refused, Step, What};

pub(crate) use plan::TABLE;

use crate::core::lease::{self, Lease};
use crate::database::{Database, Dialect, Failure, Statement, Unit};
use model::Model;
use plan::Planner;
use schema::Schema;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use step::Work;

/// The lease's name.
const LEASE: &str = "sync";
/// How long it is held without being renewed, in microseconds: how long others wait for a process
/// that was killed. It is renewed while the work goes on, which may take minutes.
const HELD: i64 = 30 * 1_000_000;
const RENEWED: Duration = Duration::from_secs(10);

/// Tells the time in microseconds.
pub type Now<'a> = &'a (dyn Fn() -> i64 + Sync);

/// How a sync ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// The watcher stopped it; a new plan holds the rest.
    Stopped,
    /// Another process is at it.
    Busy,
}

/// What would be done to bring the tables in step with the model. `permitted` is what overlays
/// say may be dropped.
///
/// # Errors
/// [`Failure`].
pub fn plan(database: &Database, model: &Model, permitted: &[Loss]) -> Result<Plan, Failure> {
    let wanted = wanted::schema(model, database.dialect());
    let mut plan = plan_for(database, &wanted, permitted, true)?;
    let core = crate::core::schema();
    for table in &wanted.tables {
        if core.tables.iter().any(|taken| taken.name == table.name) || table.name == "search" {
            plan.refused.push(Refused::NameTaken { table: table.name.clone() });
        }
    }
    Ok(plan)
}

/// Carries out a plan that was made from the same model, where nobody else is at it. `holder` names
/// this process, `now` tells the time in microseconds.
///
/// # Errors
/// As [`apply_held`].
pub fn apply(
    database: &Database,
    plan: &Plan,
    holder: &str,
    now: Now,
    watch: Watch,
) -> Result<Outcome, Failure> {
    let applied = hold(database, holder, now, |lease| apply_held(database, plan, lease, watch))?;
    applied.unwrap_or(Ok(Outcome::Busy))
}

/// Does work that one process at a time may do: plans, changes tables, brings a version of the
/// definitions into force. The lease is renewed until the work ends. `None` where another has it.
///
/// # Errors
/// [`Failure`].
pub fn hold<T>(
    database: &Database,
    holder: &str,
    now: Now,
    work: impl FnOnce(&Lease) -> T,
) -> Result<Option<T>, Failure> {
    let begun = now();
    let Some(lease) = lease::acquire(database, LEASE, holder, begun, begun + HELD)? else {
        return Ok(None);
    };
    let (over, ended) = mpsc::channel::<()>();
    let held = &lease;
    let renew = move || {
        // A lease that was lost is found out by the units that check it.
        while ended.recv_timeout(RENEWED) == Err(RecvTimeoutError::Timeout) {
            let _ = held.renew(database, now() + HELD);
        }
    };
    let done = std::thread::scope(|scope| {
        scope.spawn(renew);
        // Dropped after the work, also where it panics: the thread ends then.
        let _over = over;
        work(held)
    });
    lease.release(database)?;
    Ok(Some(done))
}

/// Carries out a plan that was made under the lease, from the same model.
///
/// # Errors
/// [`Failure::Fault`] where the plan is refused, [`Failure::Conflict`] where the lease was lost.
pub fn apply_held(
    database: &Database,
    plan: &Plan,
    lease: &Lease,
    watch: Watch,
) -> Result<Outcome, Failure> {
    if let Some(refused) = plan.refused.first() {
        return Err(Failure::Fault(format!("the tables were not changed: {refused}")));
    }
    let outcome = match apply::apply(database, plan, lease, watch)? {
        ControlFlow::Continue(()) => Outcome::Done,
        ControlFlow::Break(()) => Outcome::Stopped,
    };
    database.optimize()?;
    Ok(outcome)
}

/// Makes the core tables and the full-text index, or what is missing of them; whether nothing had
/// to be left out because of what the tables hold.
pub(crate) fn prepare(database: &Database, core: &Schema) -> Result<bool, Failure> {
    let plan = plan_for(database, core, &[], false)?;
    let tables = plan.steps.iter().filter_map(|step| match &step.work {
        Work::Tables { sql, .. } => Some(sql),
        _ => None,
    });
    let mut unit = Unit::new();
    if database.dialect() == Dialect::Postgres {
        // Processes that start at once would trip over each other's tables.
        unit.push(Statement::new("SELECT pg_advisory_xact_lock(7305216481)", []));
    }
    let before = unit.statements.len();
    for sql in tables.flatten() {
        unit.push(Statement::new(sql.as_str(), []));
    }
    let search = crate::search::index::tables(database.dialect());
    let has_search = catalogue::read(database, database.dialect())?.tables.contains_key("search");
    if !has_search {
        search.iter().for_each(|sql| unit.push(Statement::new(*sql, [])));
    }
    if unit.statements.len() > before {
        database.write(unit)?;
    }
    for step in &plan.steps {
        if let Work::Index { shape, rebuild } = &step.work {
            if *rebuild {
                database.run_alone(&format!("DROP INDEX IF EXISTS \"{}\"", shape.name))?;
            }
            let beside = database.dialect() == Dialect::Postgres;
            database.run_alone(&shape.create(beside))?;
        }
    }
    Ok(plan.refused.is_empty())
}

/// Only the tables, without indexes: to be filled first.
pub(crate) fn make_tables(database: &Database, wanted: &Schema) -> Result<(), Failure> {
    let tables = wanted.tables.iter().map(|table| table.create(database.dialect()));
    let statements = tables.map(|sql| Statement::new(sql, [])).collect();
    database.write(Unit { statements })
}

/// A table of records as a backup describes it, unless it is a core table, which is there.
pub(crate) fn make_record_table(
    database: &Database,
    name: &str,
    columns: &[(String, schema::ColumnType)],
) -> Result<(), Failure> {
    if crate::core::schema().tables.iter().any(|table| table.name == name) {
        return Ok(());
    }
    let shape = wanted::record_table(name, columns.iter().cloned());
    let mut unit = Unit::new();
    unit.push(Statement::new(shape.create(database.dialect()), []));
    apply::note_table(&mut unit, name, Some(""));
    database.write(unit)
}

fn plan_for(
    database: &Database,
    wanted: &Schema,
    permitted: &[Loss],
    noted: bool,
) -> Result<Plan, Failure> {
    let dialect = database.dialect();
    let catalogue = catalogue::read(database, dialect)?;
    let planner = Planner { read: database, dialect, catalogue: &catalogue, permitted, noted };
    planner.plan(wanted)
}
