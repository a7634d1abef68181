//! Compares what is wanted with what is there. Additive: nothing is dropped that holds data unless
//! it was permitted by name; nothing here writes.

use super::catalogue::{Catalogue, Column};
use super::schema::{ColumnShape, ColumnType, IndexShape, Schema, TableShape, ViewShape};
use super::step::{Loss, Plan, Refused, Step, What, Work};
use crate::database::unit::quoted;
use crate::database::{Dialect, Failure, Read};

/// Kinds in the table `built`.
pub(crate) const TABLE: &str = "table";
pub(super) const INDEX: &str = "index";
pub(super) const VIEW: &str = "view";

/// Makes one plan.
pub(super) struct Planner<'a> {
    pub(super) read: &'a dyn Read,
    pub(super) dialect: Dialect,
    pub(super) catalogue: &'a Catalogue,
    /// What may be dropped.
    pub(super) permitted: &'a [Loss],
    /// Whether what is made is noted in `built`, by which it is compared next time. Core tables
    /// are not: what they are called says what they are.
    pub(super) noted: bool,
}

impl Planner<'_> {
    pub(super) fn plan(&self, wanted: &Schema) -> Result<Plan, Failure> {
        let mut plan = Plan::default();
        for table in &wanted.tables {
            self.table(table, wanted, &mut plan)?;
        }
        if self.noted {
            self.tables_left(wanted, &mut plan);
        }
        for index in &wanted.indexes {
            let touched = plan.steps.iter().any(|step| touches_index(step, index));
            self.index(index, touched, &mut plan)?;
        }
        if self.noted {
            self.obsolete_indexes(wanted, &mut plan);
            self.views(wanted, &mut plan);
        }
        Ok(plan)
    }

    fn table(&self, table: &TableShape, wanted: &Schema, plan: &mut Plan) -> Result<(), Failure> {
        let Some(columns) = self.catalogue.tables.get(&table.name) else {
            plan.steps.push(self.make_table(table, wanted));
            return Ok(());
        };
        for column in &table.columns {
            match columns.iter().find(|found| found.name == column.name) {
                None => plan.steps.push(self.add_column(&table.name, column)),
                Some(found) if found.kind == Some(place_is_integer(column)) => {}
                Some(found) => self.other_kind(table, column, found, plan)?,
            }
        }
        for found in columns.iter().filter(|found| table.column(&found.name).is_none()) {
            let loss = Loss::Column { table: table.name.clone(), column: found.name.clone() };
            if self.permitted.contains(&loss) {
                let (table, column) = (table.name.clone(), found.name.clone());
                let sql = vec![drop_column(&table, &column)];
                plan.steps.push(tables(What::DropColumn { table, column }, sql));
            } else {
                plan.kept.push(loss);
            }
        }
        Ok(())
    }

    /// A new table is empty: its indexes cost nothing and come with it.
    fn make_table(&self, table: &TableShape, wanted: &Schema) -> Step {
        let mut sql = vec![table.create(self.dialect)];
        let mut built = vec![(table.name.clone(), Some(String::new()))];
        for index in wanted.indexes.iter().filter(|index| index.table == table.name) {
            sql.push(index.create(false));
            built.push((index.name.clone(), Some(index.text())));
        }
        let what = What::MakeTable { table: table.name.clone(), columns: table.columns.len() };
        let built = if self.noted { built } else { Vec::new() };
        Step { what, work: Work::Tables { sql, built } }
    }

    fn add_column(&self, table: &str, column: &ColumnShape) -> Step {
        let sql = vec![self.add_column_text(table, column)];
        let (table, name) = (table.to_string(), column.name.clone());
        tables(What::AddColumn { table, column: name, kind: column.kind.word() }, sql)
    }

    fn add_column_text(&self, table: &str, column: &ColumnShape) -> String {
        // Rows that are there have no value for it.
        let column = ColumnShape { required: false, ..column.clone() };
        let absent = match self.dialect {
            Dialect::Sqlite => "",
            Dialect::Postgres => "IF NOT EXISTS ",
        };
        let text = column.text(self.dialect);
        format!("ALTER TABLE {} ADD COLUMN {absent}{text}", quoted(table))
    }

    fn other_kind(
        &self,
        table: &TableShape,
        column: &ColumnShape,
        found: &Column,
        plan: &mut Plan,
    ) -> Result<(), Failure> {
        let (name, to) = (column.name.clone(), column.kind.word());
        let (table, column_name) = (table.name.clone(), quoted(&name));
        let any =
            format!("SELECT 1 FROM {} WHERE {column_name} IS NOT NULL LIMIT 1", quoted(&table));
        if self.read.rows(&any, &[])?.is_empty() {
            let sql = vec![drop_column(&table, &name), self.add_column_text(&table, column)];
            plan.steps.push(tables(What::ReplaceColumn { table, column: name, kind: to }, sql));
        } else {
            let from = found.kind.map_or("something else", |kind| kind.word());
            plan.refused.push(Refused::KindChanged { table, column: name, from, to });
        }
        Ok(())
    }

    fn tables_left(&self, wanted: &Schema, plan: &mut Plan) {
        for name in self.catalogue.built_of(TABLE) {
            let is_wanted = wanted.tables.iter().any(|table| table.name == name);
            if is_wanted || !self.catalogue.tables.contains_key(name) {
                continue;
            }
            let loss = Loss::Table(name.to_string());
            if self.permitted.contains(&loss) {
                let sql = vec![format!("DROP TABLE IF EXISTS {}", quoted(name))];
                let built = vec![(name.to_string(), None)];
                let what = What::DropTable { table: name.to_string() };
                plan.steps.push(Step { what, work: Work::Tables { sql, built } });
            } else {
                plan.kept.push(loss);
            }
        }
    }

    /// `touched`: a column of it is made anew, so that it has to be, too.
    fn index(&self, index: &IndexShape, touched: bool, plan: &mut Plan) -> Result<(), Failure> {
        if !self.catalogue.tables.contains_key(&index.table) {
            return Ok(());
        }
        let there = self.catalogue.indexes.get(&index.name).copied();
        let same =
            !self.noted || self.catalogue.built_text(&index.name) == Some(index.text().as_str());
        let rebuild = there.is_some();
        if there == Some(true) && same && !touched {
            return Ok(());
        }
        if index.unique && self.has_duplicates(index)? {
            let (table, index) = (index.table.clone(), index.name.clone());
            plan.refused.push(Refused::NotUnique { table, index });
            return Ok(());
        }
        let (table, name) = (index.table.clone(), index.name.clone());
        let what = if rebuild {
            What::RebuildIndex { table, index: name }
        } else {
            What::BuildIndex { table, index: name }
        };
        plan.steps.push(Step { what, work: Work::Index { shape: index.clone(), rebuild } });
        Ok(())
    }

    fn has_duplicates(&self, index: &IndexShape) -> Result<bool, Failure> {
        let known = self.catalogue.tables.get(&index.table);
        let column = |over: &String| over.trim_matches('"').to_string();
        let there = |name: String| known.is_some_and(|all| all.iter().any(|c| c.name == name));
        if !index.over.iter().map(column).all(there) {
            // Over a column that is yet to come, which holds nothing.
            return Ok(false);
        }
        let over = index.over.join(", ");
        let set: Vec<String> =
            index.over.iter().map(|over| format!("{over} IS NOT NULL")).collect();
        let only = index.only.as_deref().map(|only| format!(" AND {only}")).unwrap_or_default();
        let sql = format!(
            "SELECT 1 FROM {} WHERE {}{only} GROUP BY {over} HAVING count(*) > 1 LIMIT 1",
            quoted(&index.table),
            set.join(" AND ")
        );
        Ok(!self.read.rows(&sql, &[])?.is_empty())
    }

    fn obsolete_indexes(&self, wanted: &Schema, plan: &mut Plan) {
        for name in self.catalogue.built_of(INDEX) {
            if !wanted.indexes.iter().any(|index| index.name == name) {
                let what = What::DropIndex { index: name.to_string() };
                plan.steps.push(Step { what, work: Work::DropIndex(name.to_string()) });
            }
        }
    }

    fn views(&self, wanted: &Schema, plan: &mut Plan) {
        for name in self.catalogue.built_of(VIEW) {
            if !wanted.views.iter().any(|view| view.name == name) {
                let what = What::DropView { view: name.to_string() };
                plan.steps.push(Step { what, work: Work::DropView(name.to_string()) });
            }
        }
        for view in &wanted.views {
            let touched = plan.steps.iter().any(|step| touches_view(step, view));
            let same = self.catalogue.built_text(&view.name) == Some(view.query.as_str());
            if !same || touched || !self.catalogue.views.contains(&view.name) {
                let what = What::MakeView { view: view.name.clone() };
                plan.steps.push(Step { what, work: Work::View(view.clone()) });
            }
        }
    }
}

/// A column can only be dropped when nothing is made of it.
fn dropped(step: &Step) -> Option<(&str, &str)> {
    match &step.what {
        What::ReplaceColumn { table, column, .. } | What::DropColumn { table, column } => {
            Some((table, column))
        }
        _ => None,
    }
}

fn touches_index(step: &Step, index: &IndexShape) -> bool {
    dropped(step).is_some_and(|(table, column)| {
        index.table == table && index.text().contains(&quoted(column))
    })
}

fn touches_view(step: &Step, view: &ViewShape) -> bool {
    dropped(step)
        .is_some_and(|(table, _)| view.query.contains(&format!(" FROM {} t ", quoted(table))))
}

fn place_is_integer(column: &ColumnShape) -> ColumnType {
    match column.kind {
        ColumnType::Place => ColumnType::Integer,
        kind => kind,
    }
}

fn tables(what: What, sql: Vec<String>) -> Step {
    Step { what, work: Work::Tables { sql, built: Vec::new() } }
}

fn drop_column(table: &str, column: &str) -> String {
    format!("ALTER TABLE {} DROP COLUMN {}", quoted(table), quoted(column))
}
