//! `evenkeel check`: reads the product's definitions with overlays and says what is wrong, without
//! touching any record.

use crate::console::Console;
use crate::failure::{Result, text};
use crate::folder;
use crate::host::unfit;
use crate::product::product;
use clap::Args;
use engine::definitions::{Unfit, load};
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Check {
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Does it.
///
/// # Errors
/// Refused with every problem of every file, as the loader shows them.
pub fn run(asked: &Check, console: &mut dyn Console) -> Result<()> {
    let overlays = folder::overlays(&asked.paths)?;
    let model = load(&product(), &overlays).map_err(|p| unfit(Unfit::Problems(p)))?;
    let (types, laid) = (model.record_types.len(), overlays.len());
    let json = json!({ "problems": [], "record_types": types, "overlays": laid });
    console.answer(
        &json,
        &text(
            format!("{types} record types and {laid} overlays: no problem"),
            format!("{types} 个记录类型、{laid} 个叠加文件：没有问题"),
        ),
    )
}
