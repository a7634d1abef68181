//! Plans: the steps that bring the tables in step with the definitions, in words, and what stands
//! in the way.

use super::schema::{IndexShape, ViewShape};
use std::fmt;

/// What a sync would do. Print it before it is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// What the definitions no longer name: it stays, with all it holds, until an overlay says
    /// that it goes.
    pub kept: Vec<Loss>,
    /// Why the plan cannot be carried out. Nothing is done while there is any.
    pub refused: Vec<Refused>,
}

/// One step, in words and as it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub what: What,
    pub(crate) work: Work,
}

/// A step in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    MakeTable {
        table: String,
        columns: usize,
    },
    AddColumn {
        table: String,
        column: String,
        kind: &'static str,
    },
    /// The column holds nothing and gets another kind.
    ReplaceColumn {
        table: String,
        column: String,
        kind: &'static str,
    },
    DropColumn {
        table: String,
        column: String,
    },
    DropTable {
        table: String,
    },
    BuildIndex {
        table: String,
        index: String,
    },
    /// It holds something else by now: the order of choices, fields, a condition.
    RebuildIndex {
        table: String,
        index: String,
    },
    DropIndex {
        index: String,
    },
    MakeView {
        view: String,
    },
    DropView {
        view: String,
    },
}

/// Something that holds data and that the definitions do not name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    Table(String),
    Column { table: String, column: String },
}

/// A reason not to do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The column holds values, and the definitions want another kind.
    KindChanged { table: String, column: String, from: &'static str, to: &'static str },
    /// Two records hold the same value where none may.
    NotUnique { table: String, index: String },
    /// A record type has the name of a table of the program itself.
    NameTaken { table: String },
}

/// How a step is done. The first goes into one transaction with its like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Work {
    Tables { sql: Vec<String>, built: Vec<(String, Option<String>)> },
    Index { shape: IndexShape, rebuild: bool },
    DropIndex(String),
    View(ViewShape),
    DropView(String),
}

impl Plan {
    /// Nothing to do: tables and definitions are in step.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.refused.is_empty()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for refused in &self.refused {
            writeln!(out, "refused: {refused}")?;
        }
        for step in &self.steps {
            writeln!(out, "{}", step.what)?;
        }
        for kept in &self.kept {
            writeln!(out, "kept: {kept}, which the definitions no longer name")?;
        }
        Ok(())
    }
}

impl fmt::Display for What {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::MakeTable { table, columns } => {
                write!(out, "make table {table} with {columns} columns")
            }
            What::AddColumn { table, column, kind } => {
                write!(out, "add column {table}.{column}: {kind}")
            }
            What::ReplaceColumn { table, column, kind } => {
                write!(out, "make the empty column {table}.{column} anew: {kind}")
            }
            What::DropColumn { table, column } => {
                write!(out, "drop column {table}.{column} with all it holds")
            }
            What::DropTable { table } => write!(out, "drop table {table} with all it holds"),
            What::BuildIndex { table, index } => write!(out, "build index {index} on {table}"),
            What::RebuildIndex { table, index } => {
                write!(out, "build index {index} on {table} anew: its order changed")
            }
            What::DropIndex { index } => write!(out, "drop index {index}: nothing declares it"),
            What::MakeView { view } => write!(out, "make view {view}"),
            What::DropView { view } => write!(out, "drop view {view}: nothing declares it"),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loss::Table(table) => write!(out, "table {table}"),
            Loss::Column { table, column } => write!(out, "column {table}.{column}"),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::KindChanged { table, column, from, to } => {
                write!(out, "column {table}.{column} holds values as {from}, not {to}")
            }
            Refused::NotUnique { table, index } => {
                write!(out, "two records of {table} hold what index {index} allows once")
            }
            Refused::NameTaken { table } => {
                write!(out, "{table} is the name of a table of the program itself")
            }
        }
    }
}
