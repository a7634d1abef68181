//! Carries a plan out. Tables and columns in one transaction; then each index on its own, in
//! PostgreSQL without blocking writers; views last. Each step can be done again, and a plan made
//! after a stop holds what is left.

use super::plan::{INDEX, TABLE, VIEW};
use super::schema::{IndexShape, ViewShape};
use super::step::{Plan, Step, What, Work};
use crate::core::lease::Lease;
use crate::database::unit::quoted;
use crate::database::{Database, Dialect, Failure, Statement, Unit};
use std::ops::ControlFlow;

/// Told of each step before it is done; may stop there.
pub type Watch<'a> = &'a mut dyn FnMut(&Step) -> ControlFlow<()>;

/// Does all steps, each only while the lease is held. `Break` where the watcher stopped it.
pub(super) fn apply(
    database: &Database,
    plan: &Plan,
    lease: &Lease,
    watch: Watch,
) -> Result<ControlFlow<()>, Failure> {
    let is_tables = |step: &&Step| matches!(step.work, Work::Tables { .. });
    let mut unit = held(lease);
    begin(database, plan, &mut unit);
    for step in plan.steps.iter().filter(is_tables) {
        if watch(step).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        if let Work::Tables { sql, built } = &step.work {
            sql.iter().for_each(|sql| unit.push(Statement::new(sql.as_str(), [])));
            built.iter().for_each(|(name, text)| note_table(&mut unit, name, text.as_deref()));
        }
    }
    if plan.steps.iter().any(|step| is_tables(&step)) {
        database.write(unit)?;
    }
    for step in plan.steps.iter().filter(|step| !is_tables(step)) {
        if watch(step).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        match &step.work {
            Work::Tables { .. } => {}
            Work::Index { shape, rebuild } => {
                database.write(held(lease))?;
                index(database, shape, *rebuild)?;
            }
            Work::DropIndex(name) => drop_index(database, name)?,
            Work::View(shape) => database.write(view(shape))?,
            Work::DropView(name) => database.write(drop_view(name))?,
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// A unit that is a conflict where another has the lease by now.
fn held(lease: &Lease) -> Unit {
    let mut unit = Unit::new();
    lease.check(&mut unit);
    unit
}

/// What goes before the tables: in PostgreSQL a wait for a lock that does not last, since all
/// others would queue behind it; and what would hold on to a column that is dropped.
fn begin(database: &Database, plan: &Plan, unit: &mut Unit) {
    if database.dialect() == Dialect::Postgres {
        unit.push(Statement::new("SET LOCAL lock_timeout = '5s'", []));
    }
    let drops = |step: &Step| {
        matches!(
            step.what,
            What::DropColumn { .. } | What::ReplaceColumn { .. } | What::DropTable { .. }
        )
    };
    if plan.steps.iter().any(drops) {
        // Views and indexes are made again at their step of this plan or of the next.
        for step in &plan.steps {
            match &step.work {
                Work::View(ViewShape { name, .. }) | Work::DropView(name) => {
                    let sql = format!("DROP VIEW IF EXISTS {}", quoted(name));
                    unit.push(Statement::new(sql, []));
                }
                Work::DropIndex(name) | Work::Index { shape: IndexShape { name, .. }, .. } => {
                    let sql = format!("DROP INDEX IF EXISTS {}", quoted(name));
                    unit.push(Statement::new(sql, []));
                }
                Work::Tables { .. } => {}
            }
        }
    }
}

pub(super) fn note_table(unit: &mut Unit, name: &str, text: Option<&str>) {
    match text {
        Some("") => note(unit, TABLE, name, ""),
        Some(text) => note(unit, INDEX, name, text),
        None => forget(unit, name),
    }
}

fn note(unit: &mut Unit, kind: &str, name: &str, text: &str) {
    let values = [("kind", kind.into()), ("text", text.into())];
    unit.put("built", &[("name", name.into())], &values);
}

fn forget(unit: &mut Unit, name: &str) {
    unit.delete_where("built", &[("name", name.into())], None);
}

fn index(database: &Database, shape: &IndexShape, rebuild: bool) -> Result<(), Failure> {
    match database.dialect() {
        Dialect::Sqlite => {
            let mut unit = Unit::new();
            if rebuild {
                let sql = format!("DROP INDEX IF EXISTS {}", quoted(&shape.name));
                unit.push(Statement::new(sql, []));
            }
            unit.push(Statement::new(shape.create(false), []));
            note(&mut unit, INDEX, &shape.name, &shape.text());
            database.write_however_long(unit)
        }
        Dialect::Postgres => index_beside(database, shape),
    }
}

/// Builds the index under another name while everybody goes on writing, then changes over.
fn index_beside(database: &Database, shape: &IndexShape) -> Result<(), Failure> {
    let new = IndexShape { name: format!("{}__new", shape.name), ..shape.clone() };
    // Left by one that was stopped.
    database.run_alone(&format!("DROP INDEX CONCURRENTLY IF EXISTS {}", quoted(&new.name)))?;
    database.run_alone(&new.create(true))?;
    let mut unit = Unit::new();
    unit.push(Statement::new("SET LOCAL lock_timeout = '5s'", []));
    unit.push(Statement::new(format!("DROP INDEX IF EXISTS {}", quoted(&shape.name)), []));
    let rename = format!("ALTER INDEX {} RENAME TO {}", quoted(&new.name), quoted(&shape.name));
    unit.push(Statement::new(rename, []));
    note(&mut unit, INDEX, &shape.name, &shape.text());
    database.write(unit)
}

fn drop_index(database: &Database, name: &str) -> Result<(), Failure> {
    if database.dialect() == Dialect::Postgres {
        database.run_alone(&format!("DROP INDEX CONCURRENTLY IF EXISTS {}", quoted(name)))?;
    }
    let mut unit = Unit::new();
    unit.push(Statement::new(format!("DROP INDEX IF EXISTS {}", quoted(name)), []));
    forget(&mut unit, name);
    database.write(unit)
}

fn view(shape: &ViewShape) -> Unit {
    let mut unit = drop_view(&shape.name);
    let sql = format!("CREATE VIEW {} AS {}", quoted(&shape.name), shape.query);
    unit.push(Statement::new(sql, []));
    note(&mut unit, VIEW, &shape.name, &shape.query);
    unit
}

fn drop_view(name: &str) -> Unit {
    let mut unit = Unit::new();
    unit.push(Statement::new(format!("DROP VIEW IF EXISTS {}", quoted(name)), []));
    forget(&mut unit, name);
    unit
}
