//! From the texts of definition files to a checked [`Model`], or every problem of every file.

use crate::definition::Model;
use crate::problem::{Problems, Report};
use crate::source::Sources;
use std::collections::BTreeSet;

/// What the loader is told beside the files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The ids of the requirement catalogue; unchecked where not given.
    pub requirements: Option<&'a BTreeSet<String>>,
}

/// Loads definitions with their overlays. An empty set of files is an empty model.
///
/// # Errors
/// Every problem of every file, at once.
pub fn load(sources: &Sources, _options: &Options<'_>) -> Result<Model, Problems> {
    let report = Report::default();
    if report.is_empty() { Ok(Model::default()) } else { Err(report.finish(sources)) }
}
